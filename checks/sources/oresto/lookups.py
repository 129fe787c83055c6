"""Lookup tables, codes by supplier and error logs: small answers, read as plain JSON objects.

Shapes as oresto-assumptions fixes them; unknown properties are left alone. Guide, chapters 4, 5.5 and 11.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import polars as pl

from checks.frames import FRAMES
from checks.settings import ErrorLogFields
from checks.sources.oresto import wire
from checks.sources.oresto.moments import BELGIUM, moments

Rows = list[dict[str, Any]]


def table(name: str, rows: Rows, shape: wire.Shape) -> pl.DataFrame:
    """A lookup table by Id or by Abbreviation. Categories may come flat with ParentId or as nested children."""
    flat = list(_flattened(rows)) if name == "categories" else rows
    schema = FRAMES[name].schema
    known = {"Id", "Abbreviation", "Name", "Localizations", "ParentId", "VatNumber", "VatCountryCode"}
    for row in rows:
        shape.sampled += 1
        shape.seen.update(row.keys())
    columns: dict[str, list[Any]] = {column: [] for column in schema}
    for row in flat:
        names = [
            {"language": text.get("LanguageCode"), "name": text.get("Name") or text.get("Description")}
            for text in row.get("Localizations") or ()
        ]
        values = {
            "id": _integer(row, "Id", shape) if "id" in schema else None,
            "abbreviation": row.get("Abbreviation"),
            "name": row.get("Name") or _dutch(names) or row.get("Abbreviation"),
            "names": names,
            "parent_id": _integer(row, "ParentId", shape) if "parent_id" in schema else None,
            "vat_number": row.get("VatNumber"),
        }
        for column, cells in columns.items():
            cells.append(values[column])
    shape.seen = type(shape.seen)({field: times for field, times in shape.seen.items() if field not in known})
    return pl.DataFrame(columns, schema=schema)


def supplier_articles(rows: Rows, shape: wire.Shape) -> pl.DataFrame:
    """GET CentralProducts/GetArticlecodesBySupplier: `{Id, Name, ArticleCodes: [..]}` a supplier, one row a code."""
    schema = FRAMES["supplier_articles"].schema
    if rows and not any("ArticleCodes" in row for row in rows):
        raise ValueError(f"no supplier has ArticleCodes, only {', '.join(sorted(rows[0]))}")
    data = [
        (_integer(row, "Id", shape), row.get("Name"), str(code))
        for row in rows
        for code in row.get("ArticleCodes") or ()
        if code is not None
    ]
    return pl.DataFrame(data, schema=schema, orient="row")


def error_logs(rows: Rows, fields: ErrorLogFields, shape: wire.Shape) -> pl.DataFrame:
    """GET ErrorLogs: names by the settings' mapping. Request bodies are not kept: they may hold personal data."""
    data = {
        "log_id": [_text(row.get(fields.log_id)) for row in rows],
        "method": [_text(row.get(fields.method)) for row in rows],
        "url": [_text(row.get(fields.url)) for row in rows],
        "status_code": [_integer(row, fields.status_code, shape) for row in rows],
        "message": [_said(row, fields) for row in rows],
    }
    utc = moments(pl.Series([_text(row.get(fields.at_utc)) for row in rows], dtype=pl.String), "UTC")
    local = moments(pl.Series([_text(row.get(fields.at)) for row in rows], dtype=pl.String), BELGIUM)
    frame = pl.DataFrame(
        data, schema_overrides={k: v for k, v in FRAMES["error_logs"].columns.items() if k in data}
    )
    return frame.with_columns(at=pl.coalesce(utc, local)).select(FRAMES["error_logs"].schema.names())


def _said(row: dict[str, Any], fields: ErrorLogFields) -> str | None:
    """The message, or the first error there is."""
    if message := _text(row.get(fields.message)):
        return message
    for name in ("Errors", "ModelStateErrors"):
        for error in row.get(name) or ():
            return _text(error.get("Message")) if isinstance(error, dict) else _text(error)
    return _text(row.get("Exception"))


def _flattened(rows: Iterable[Any], parent: int | None = None) -> Iterator[dict[str, Any]]:
    """Nested categories as flat rows: children are any list of objects with an Id, whatever the property's name."""
    for row in rows:
        own = {"ParentId": parent, **row} if parent is not None else row
        yield own
        for value in row.values():
            if (
                isinstance(value, list)
                and value
                and all(isinstance(one, dict) and "Id" in one for one in value)
            ):
                yield from _flattened(value, row.get("Id"))


def _dutch(names: list[dict[str, Any]]) -> str | None:
    given = [name for name in names if name["name"]]
    return next((n["name"] for n in given if n["language"] == "nld"), given[0]["name"] if given else None)


def _integer(row: dict[str, Any], name: str, shape: wire.Shape) -> int | None:
    value = row.get(name)
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    shape.spoil(name, f"{value!r} is not a whole number")
    return int(value) if isinstance(value, str) and value.strip().lstrip("-").isdigit() else None


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
