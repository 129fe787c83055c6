"""EasyFlor's own kinds of values: TimeSpan and LanguageValue (easyflor-api, section 1)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time
from functools import lru_cache
from typing import Any, NamedTuple

_SPAN = re.compile(
    r"(?:(?P<sign>-?)(?P<days>[0-9]{1,2})\.)?(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})"
)


class TimeSpan(NamedTuple):
    """A day shift and a clock time: (-1, 13:50:01) is the day before, at 13:50:01. It is not a signed duration."""

    day_shift: int
    clock: time


@lru_cache(maxsize=4096)
def time_span(text: str) -> TimeSpan | None:
    """The TimeSpan written as `((-)dd.)HH:mm:ss`, the days in one or two digits; None for any other text."""
    found = _SPAN.fullmatch(text.strip())
    if found is None:
        return None
    try:
        clock = time(int(found["hour"]), int(found["minute"]), int(found["second"]))
    except ValueError:  # 25:00:00
        return None
    days = int(found["days"] or 0)
    return TimeSpan(-days if found["sign"] else days, clock)


def language_value(value: Any, *languages: str) -> str | None:
    """The text of a LanguageValue (`{"nl": "...", "fr": "..."}`) in the first of `languages` (ISO 639-1) that has one.

    None where it has none of them, and for anything that is no such object.
    """
    if not isinstance(value, Mapping):
        return None
    texts = (value.get(language) for language in languages)
    return next((text for text in texts if isinstance(text, str) and text.strip()), None)
