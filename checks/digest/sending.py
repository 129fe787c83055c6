"""Sends a digest to the addresses of the settings, through Apprise.

An address holds passwords and tokens. Nothing of it is ever shown but its scheme and, where that is a real host name and
no token, its host; what Apprise says of a failure is cut clean of all the rest.
"""

from __future__ import annotations

import logging
import os
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from pydantic import SecretStr

from checks.digest.model import News
from checks.digest.words import as_text, in_brief, one_line
from checks.errors import SettingsError
from checks.settings import Settings

TIMEOUT = 60.0  # seconds for one address
_LONGEST_CHAT = 3_000  # characters that are still read in a chat


@dataclass(frozen=True)
class Delivery:
    """What became of one address. `to` is fit to be shown; `reason` says why it was not sent."""

    to: str
    sent: bool
    reason: str | None = None


@dataclass(frozen=True)
class Sent:
    """What became of all of them."""

    deliveries: tuple[Delivery, ...]

    @property
    def complete(self) -> bool:
        return all(one.sent for one in self.deliveries)


def addresses(settings: Settings, to: Sequence[str] = ()) -> list[SecretStr]:
    """Where a digest goes: `to`, else `digest.to` and the variable that `digest.to_env` names.

    Raises SettingsError when there is none, saying what to set.
    """
    if to:
        return [SecretStr(one) for one in to]
    found = list(settings.digest.to)
    if name := settings.digest.to_env:
        given = os.environ.get(name, "").split()
        if not given:
            raise SettingsError(
                f"digest.to_env: the environment variable {name} is not set. Set it to the addresses, parted by "
                "spaces, like mailtos://login:password@smtp.example.be?to=you@example.be"
            )
        found += [SecretStr(one) for one in given]
    if not found:
        raise SettingsError(
            "There is nobody to send the digest to: name the addresses in the variable that digest.to_env names, in "
            "digest.to, or with --to. Mail: mailtos://login:password@smtp.example.be?to=you@example.be; Teams: "
            "workflows://...; Slack: slack://... (as Apprise writes them)."
        )
    return found


def deliver(news: News, subject: str, html: str, to: Sequence[SecretStr]) -> Sent:
    """Sends one digest to each address: HTML where the service takes it, else text, in a chat a short one."""
    return Sent(tuple(_deliver(news, subject, html, one.get_secret_value().strip()) for one in to))


def _deliver(news: News, subject: str, html: str, address: str) -> Delivery:
    import apprise  # only who sends needs its hundred services

    scheme = _scheme(address)
    if (why_not := _unusable(address)) is not None:
        return Delivery(scheme, False, why_not)
    asset = apprise.AppriseAsset(
        app_id="Keurmeester", app_desc="Keurmeester", app_url=news.url, async_mode=False
    )
    with _in_silence():
        service = apprise.Apprise.instantiate(address, asset=asset)
        if not isinstance(service, apprise.NotifyBase):
            return Delivery(scheme, False, _not_understood(scheme))
        host = service.host if "host" in service.template_tokens and isinstance(service.host, str) else ""
        label = f"{scheme}{host}"
        if service.resolve_format(apprise.NotifyFormat.HTML) == apprise.NotifyFormat.HTML and len(html) <= (
            max(service.body_maxlen, _MAIL if scheme.startswith("mailto") else 0)
        ):
            body, form = html, apprise.NotifyFormat.HTML
        else:
            body, form = (
                _short_enough(news, min(service.body_maxlen, _LONGEST_CHAT)),
                apprise.NotifyFormat.TEXT,
            )
        box = apprise.Apprise(asset=asset)
        box.add(service)
        result = box.notify(
            body=body, title=subject, body_format=form, timeout=TIMEOUT, log_level=logging.DEBUG
        )
    if result:
        return Delivery(label, True)
    return Delivery(label, False, _reason(result, _secrets(address)))


_MAIL = 10_000_000  # a mail has no length of its own; Apprise's number is for what it cannot know


def _short_enough(news: News, most: int) -> str:
    text = as_text(news)
    return text if len(text) <= most else in_brief(news, most)


def _scheme(address: str) -> str:
    found = re.match(r"[a-z][a-z0-9+.-]{0,20}://", address.lower())
    return found[0] if found else "an address without scheme://"


def _unusable(address: str) -> str | None:
    """What is wrong with how the address is written; Apprise would take a part of the password for the host."""
    authority = re.split(r"[/?#]", address.partition("://")[2], maxsplit=1)[0]
    if authority.count("@") > 1:
        return "it has more than one @ before the host. In a login or password, write @ as %40, / as %2F, # as %23."
    return None


def _not_understood(scheme: str) -> str:
    if scheme == "msteams://":
        return "Microsoft has ended these. Make a workflow in Teams and give its address as workflows://..."
    return (
        "Apprise does not understand it. Mail reads mailtos://login:password@smtp.example.be?to=you@example.be; in a "
        "login or password, write @ as %40, / as %2F, # as %23."
    )


@contextmanager
def _in_silence() -> Iterator[None]:
    """Apprise logs addresses and answers: its words are read from the result instead. It imports what Python drops."""
    logger = logging.getLogger("apprise")
    before, level, handler = logger.propagate, logger.level, logging.NullHandler()
    logger.propagate = False
    logger.setLevel(logging.DEBUG)  # the cause of a failure is said on that level only
    logger.addHandler(handler)  # without any, Python would write warnings to stderr itself
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            yield
    finally:
        logger.propagate = before
        logger.setLevel(level)
        logger.removeHandler(handler)


def _reason(result: Any, secrets: Sequence[str]) -> str:
    """Why, in Apprise's words without what is secret. The cause stands in lines that it shows to nobody."""
    if result.status.name == "TIMEOUT":
        return f"no answer within {TIMEOUT:.0f} seconds."
    causes, warnings = [], []
    for entry in result.logs():
        if "Exception" in entry.message and entry.level == "DEBUG":
            causes.append(entry.message.partition("Exception: ")[2] or entry.message)
        elif entry.level in ("WARNING", "ERROR", "CRITICAL"):
            warnings.append(entry.message.rstrip("."))
    words = ": ".join([*warnings[-1:], *causes[-1:]]) or "no reason given"
    for secret in secrets:
        words = words.replace(secret, "***")
    return one_line(words, 300)


def _secrets(address: str) -> list[str]:
    """Every part of an address that might be secret, as written and decoded; the longest first.

    All but scheme, host and port: the values of its parameters, its login and password, each part of its path.
    """
    rest = address.partition("://")[2]
    login, _, place = rest.rpartition("@") if "@" in re.split(r"[/?]", rest)[0] else ("", "", rest)
    _, *path = re.split(r"[/?&#]", place)
    parts = [*login.split(":"), *path, *(value for _, _, value in (part.partition("=") for part in path))]
    found = {form for part in parts for form in (part, unquote(part)) if len(form) >= 3}
    return sorted(found, key=len, reverse=True)
