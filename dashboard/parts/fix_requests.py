"""A request as people read it: its line, its fields in words, what of them changes, its picture as a thumbnail."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl
import streamlit as st

from checks.fixes.compare import Difference, differences
from dashboard.parts import loading
from dashboard.parts.place import Place
from dashboard.parts.words import number, plain, plural

Request = Mapping[str, Any]

#: A field of a body, as `compare` names it -> the table where its number has a name.
_NAMED = {
    "brand": "brands",
    "category": "categories",
    "producer": "producers",
    "storage condition": "storage_conditions",
    "supplier Id": "suppliers",
}
_PICTURE = "sha256:"
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
_LONGEST = 160


@dataclass(frozen=True)
class Field:
    """One field of a body. `was` is None where what was there before is not known, or is nothing."""

    name: str
    was: str | None
    now: str
    changes: bool


def line(request: Request | None) -> str:
    """`DELETE /Products?WholesalerArticleNumber=A100`; empty for what was no request."""
    return str((request or {}).get("line") or "")


def fields(request: Request, compensation: Sequence[Request] = ()) -> list[Field]:
    """What a body says, field by field. A replacement (PUT) is compared with what would put it back. Pure."""
    body = request.get("body")
    if not isinstance(body, Mapping):
        rows = body if isinstance(body, list) else []
        body = {"": [row for row in rows if isinstance(row, Mapping)]}
    body = {name: value for name, value in body.items() if not _is_picture(value)}
    before = _before(request, compensation)
    changed = {} if before is None else {one.field: one for one in differences(before, body)}
    said = {one.field: Field(_name(one.field), None, _value(one.now), False) for one in _all(body)}
    for name, one in changed.items():
        said[name] = Field(_name(name), _value(one.was), _value(one.now), True)
    return sorted(said.values(), key=lambda one: not one.changes)


def _all(body: Mapping[str, Any]) -> list[Difference]:
    return differences({}, dict(body))


def _before(request: Request, compensation: Sequence[Request]) -> dict[str, Any] | None:
    """The body that replaces the same thing by what it was; None when there is none."""
    if request.get("method") != "PUT":
        return None
    for one in compensation:
        if one.get("method") == "PUT" and one.get("path") == request.get("path"):
            body = one.get("body")
            return dict(body) if isinstance(body, Mapping) else None
    return None


def pictures(request: Request) -> list[str]:
    """SHA-256 of the pictures that a body carries."""
    body = request.get("body")
    values = body.values() if isinstance(body, Mapping) else ()
    return [str(value).removeprefix(_PICTURE) for value in values if _is_picture(value)]


def show(place: Place, source: str, request: Request, compensation: Sequence[Request] = ()) -> None:
    """Draws the line and the body."""
    said = line(request)
    if said:
        st.code(said, language=None, wrap_lines=True)
    thumbnails(place, pictures(request))
    found = fields(request, compensation)
    if not found:
        return
    changed, same = [one for one in found if one.changes], [one for one in found if not one.changes]
    if changed:
        st.table(
            [
                {
                    "Field": f":gray[{plain(one.name)}]",
                    "Was": plain(_named(place, source, one.name, one.was)),
                    "Becomes": f":orange-background[{plain(_named(place, source, one.name, one.now))}]",
                }
                for one in changed
            ],
            border="horizontal",
            hide_index=True,
            alt="Fields that change",
        )
        if same:
            names = ", ".join(_within(one.name) for one in same)
            st.caption(f"Sent along as they are, for the shop replaces the whole: {plain(names)}.")
        return
    _table(place, source, same)


def table(place: Place, source: str, values: Mapping[str, Any]) -> None:
    """Draws whatever has fields: a product as it was read, a price."""
    _table(place, source, fields({"body": values}))


def _table(place: Place, source: str, found: Sequence[Field]) -> None:
    st.table(
        {f":gray[{plain(one.name)}]": plain(_named(place, source, one.name, one.now)) for one in found},
        border="horizontal",
        alt="Fields",
    )


def thumbnails(place: Place, hashes: Iterable[str]) -> None:
    """Pictures kept beside the journal."""
    kept, missing = [], 0
    for sha256 in hashes:
        try:
            kept.append(place.store.journal.blob(sha256))
        except KeyError:
            missing += 1
    if kept:
        with st.container(horizontal=True, gap="small"):
            for data in kept:
                st.image(data, width=96)
    if missing:
        st.caption(f"{plural(missing, 'picture')} not kept any longer.")


def _named(place: Place, source: str, field: str, value: str | None) -> str:
    """An id with the name that the lookup table gives it: `Lotus (12)`."""
    table = _NAMED.get(_within(field))
    if value is None or table is None or not value.isdigit():
        return value or "nothing"
    entries = loading.frame(place, source, table)
    if entries is None:
        return value
    found = entries.filter(pl.col("id") == int(value))
    return f"{found['name'][0]} ({value})" if found.height else f"{value}, which the table does not have"


def _is_picture(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(_PICTURE)


def _name(field: str) -> str:
    """`article number` for `WholesalerArticleNumber`, with a capital."""
    said = field.strip() or "value"
    said = said.replace("WholesalerArticleNumber", "article number")
    said = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", said)
    return said[:1].upper() + said[1:]


def _within(name: str) -> str:
    """The name within a sentence: `list price`, but `EAN`."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def _value(value: Any) -> str:
    if value is None or value == "":
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return number(value, 0 if float(value).is_integer() else 2) if value > 99_999_999 else f"{value:g}"
    text = str(value)
    if _MOMENT.match(text):
        text = _moment(text)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _moment(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    zone = " UTC" if moment.tzinfo is not None and not moment.utcoffset() else ""
    return f"{moment:%d/%m/%Y %H:%M}{zone}"
