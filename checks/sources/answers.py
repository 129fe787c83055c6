"""How a system says what went wrong: the sentences in its error bodies, and whether it is only closed for now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any


class AnswerHasErrors(ValueError):
    """A 2xx answer that tells of errors all the same, e.g. Oresto's `Errors` that are not empty."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


class LoginRefused(AnswerHasErrors):
    """A login that was refused with HTTP 200: its error code says so, and asking again would not help."""


#: Codes of error objects that mean it; which a system has is often not documented.
_REFUSALS = frozenset(
    (
        "unauthorized",
        "notauthorized",
        "unauthenticated",
        "notauthenticated",
        "forbidden",
        "authenticationexception",
        "unauthorizedaccessexception",
        "invalidcredentials",
    )
)


def no_login(code: str | None, reasons: Sequence[str]) -> AnswerHasErrors:
    """The error of an answer to a login that is an error object: refused by its code, or trouble that may pass."""
    refused = code is not None and "".join(filter(str.isalpha, code)).lower() in _REFUSALS
    return (LoginRefused if refused else AnswerHasErrors)(tuple(reasons))


@dataclass(frozen=True)
class Dialect:
    """One system's way to say no.

    Attributes:
        reasons: the sentences of a decoded error body, whatever JSON value that is.
        deferral: does this error body say that it is closed for now?
        when_open: for a moment (aware), when it opens again (aware).
        credentials: what to look at when it refuses the login.
    """

    reasons: Callable[[Any], list[str]]
    deferral: Callable[[Any], bool] = lambda answer: False
    when_open: Callable[[datetime], datetime] | None = None
    credentials: str = "Check login and password of this source."


def oresto_reasons(answer: Any) -> list[str]:
    """The sentences in `Errors` and `ModelStateErrors` of a reply wrapper (oresto-api, section 2)."""
    if not isinstance(answer, dict):
        return []
    reasons = [str(text) for text in answer.get("Errors") or []]
    for error in answer.get("ModelStateErrors") or []:
        if isinstance(error, dict):  # a batch call has Key1 and Key2 instead of Key
            keys = [str(error[key]) for key in ("Key", "Key1", "Key2") if error.get(key)]
            text = error.get("Message") or error.get("Exception") or "refused"
            reasons.append(f"{' '.join(keys)}: {text}" if keys else str(text))
        else:
            reasons.append(str(error))
    return reasons


ORESTO = Dialect(oresto_reasons)
