"""Lookup tables and codes by supplier: small answers, read as plain JSON objects.

Shapes as oresto-assumptions fixes them; unknown properties are left alone. Guide, chapters 4 and 5.5.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import polars as pl

from checks.frames import FRAMES
from checks.sources.rows import Shape

Rows = list[dict[str, Any]]


def table(name: str, rows: Rows, shape: Shape) -> pl.DataFrame:
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


def supplier_articles(rows: Rows, shape: Shape) -> pl.DataFrame:
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


def _integer(row: dict[str, Any], name: str, shape: Shape) -> int | None:
    value = row.get(name)
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    shape.spoil(name, f"{value!r} is not a whole number")
    return int(value) if isinstance(value, str) and value.strip().lstrip("-").isdigit() else None
