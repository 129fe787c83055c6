"""Dates as the API reads and writes them: Belgian time with offset beside its UTC twin, seven decimals."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

BELGIUM = ZoneInfo("Europe/Brussels")
UNSET = "0001-01-01T00:00:00"
_DAY_ONLY = re.compile(r"^(\d{4}-\d{2}-\d{2})(Z|[+-]\d{2}:\d{2})?$")
_OLD_FORM = re.compile(r"^(\d{2})/(\d{2})/(\d{4})$")


def parse_moment(text: str) -> datetime:
    """Reads ISO 8601 with or without offset, or `dd/MM/yyyy`; without offset it is Belgian time.

    Raises ValueError when it is no date, or outside 1753-01-01 .. 9999-12-31.
    """
    text = text.strip()
    old = _OLD_FORM.match(text)
    day = _DAY_ONLY.match(text)
    if old:
        text = f"{old[3]}-{old[2]}-{old[1]}T00:00:00"
    elif day:
        text = f"{day[1]}T00:00:00{day[2] or ''}"
    moment = datetime.fromisoformat(text)
    if moment.year < 1753:
        raise ValueError(f"{text} is before 1753-01-01")
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=BELGIUM)
    return moment.astimezone(UTC)


def day_of(text: str) -> str:
    """The day of a date without zone, as written: `2026-01-05`, with or without an hour, or `05/01/2026`.

    Raises ValueError when it is none, or has a zone.
    """
    old = _OLD_FORM.match(text.strip())
    moment = datetime.fromisoformat(f"{old[3]}-{old[2]}-{old[1]}" if old else text.strip())
    if moment.tzinfo is not None or moment.year < 1753:
        raise ValueError(f"{text} is no day without a zone")
    return moment.date().isoformat()


@lru_cache(maxsize=16_384)
def twins(moment: datetime) -> tuple[str, str]:
    """The moment in Belgian time and in UTC, as the API writes them."""
    local = moment.astimezone(BELGIUM)
    offset = local.strftime("%z")
    return (
        f"{local:%Y-%m-%dT%H:%M:%S}.{local.microsecond:06d}0{offset[:3]}:{offset[3:]}",
        f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond:06d}0Z",
    )


def belgian_day(moment: datetime) -> str:
    """The day it is in Belgium, as `2026-01-05`."""
    return moment.astimezone(BELGIUM).date().isoformat()


def day_start(moment: datetime, days: int = 0) -> datetime:
    """Midnight in Belgium of the moment's day, `days` later, in UTC."""
    local = moment.astimezone(BELGIUM) + timedelta(days=days)
    return local.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
