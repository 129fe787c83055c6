"""Values of a frame as short text, and what differs between two rows, field by field.

A list of parts (texts, order lines, supplier codes) is taken apart: what changed in one of them is a field of its own,
named after the part, e.g. `texts nld description`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import polars as pl

#: A text longer than this is cut: a change is to be seen, not to be read in full.
_LONGEST = 300

#: What a row is called: the first of these that its frame has and that says something.
_NAMES = ("name", "photo_name", "path", "client_name", "full_order_number", "municipality")

Row = Mapping[str, Any]
#: A field's name, its text before and after; None where there was nothing.
Difference = tuple[str, str | None, str | None]


def readable(value: Any) -> str | None:
    """A value as one short line; None stays None."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4f}".rstrip("0").rstrip(".")
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    if isinstance(value, dict):
        return " · ".join(text for part in value.values() if (text := readable(part)))
    if isinstance(value, list):
        return ", ".join(readable(part) or "nothing" for part in value) or "none"
    text = " ".join(str(value).split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def name_of(row: Row) -> str | None:
    """What a row is called, for people; None where it has no name."""
    return next((readable(row[name]) for name in _NAMES if row.get(name)), None)


def differences(schema: Mapping[str, Any], before: Row, after: Row) -> Iterator[Difference]:
    """What differs between two rows of a frame, in the order of its columns."""
    for name, dtype in schema.items():
        old, new = before[name], after[name]
        if _same(old, new):
            continue
        if old and new and _has_parts(dtype):
            yield from _by_part(name, old, new)
        else:
            yield name, readable(old), readable(new)


def _same(old: Any, new: Any) -> bool:
    # NaN, which no API sends but arithmetic makes, is itself
    return bool(old == new or (old != old and new != new))


def _has_parts(dtype: Any) -> bool:
    return isinstance(dtype, pl.List) and isinstance(dtype.inner, pl.Struct)


def _by_part(name: str, old: list[Any], new: list[Any]) -> Iterator[Difference]:
    before, after = _parts(old), _parts(new)
    told = False
    for part in dict.fromkeys((*before, *after)):
        one, other = before.get(part), after.get(part)
        if one == other:
            continue
        told = True
        if one is None or other is None:
            yield f"{name} {part}", _rest(one), _rest(other)
            continue
        for field in dict.fromkeys((*one, *other)):
            if one.get(field) != other.get(field):
                yield f"{name} {part} {field}", readable(one.get(field)), readable(other.get(field))
    if not told:
        yield f"{name} in another order", readable(old), readable(new)


def _parts(values: list[Any]) -> dict[str, dict[str, Any]]:
    """The parts of a list under the first field of each, which names it; a name that comes again gets a number."""
    named: dict[str, dict[str, Any]] = {}
    for value in values:
        first = readable(next(iter((value or {}).values()), None)) or "nothing"
        name, number = first, 1
        while name in named:
            number += 1
            name = f"{first} ({number})"
        named[name] = dict(value or {})
    return named


def _rest(part: Mapping[str, Any] | None) -> str | None:
    """A whole part without the field that names it."""
    if part is None:
        return None
    return readable(dict(list(part.items())[1:])) or "there"
