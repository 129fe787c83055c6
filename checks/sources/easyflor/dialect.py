"""How EasyFlor says no: `{"error": "<code>", "message": "<text>"}` (easyflor-api, section 1).

Which HTTP status goes with which code is not documented: the body's `error` decides, also in an answer that says 200.
"""

from __future__ import annotations

from typing import Any

from checks.settings_sources import EasyFlorSource
from checks.sources.answers import Dialect
from checks.sources.easyflor.opening import next_moment

CLOSED = "ApiOpeningHoursException"

#: What is asked for is not there.
ABSENT = ("ArgumentNotFound", "DocumentNotFound")


def error_code(answer: Any) -> str | None:
    """The code of an error object; None for any other JSON value."""
    code = answer.get("error") if isinstance(answer, dict) else None
    return code if isinstance(code, str) and code else None


def reasons(answer: Any) -> list[str]:
    """`DocumentNotFound: There is no such debtor.`, the only sentence of an error object."""
    code = error_code(answer)
    if code is None:
        return []
    message = answer.get("message")
    return [f"{code}: {message}" if isinstance(message, str) and message.strip() else code]


def is_closed(answer: Any) -> bool:
    return error_code(answer) == CLOSED


def dialect_of(source: EasyFlorSource) -> Dialect:
    return Dialect(reasons, is_closed, lambda now: next_moment(source, now), _CREDENTIALS)


#: A login names a customer's database, and its refusal (401) does not say which of the three is wrong.
_CREDENTIALS = (
    "Check login, password and database of this source: it is refused alike whichever of them is wrong."
)
