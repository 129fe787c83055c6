"""Entries of lookup tables, where each is used, and those that products still point at though they are gone. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from checks.frames import FRAMES
from checks.rules.references import REFERENCES, Reference

#: Which reference of a product points into which table; client segments are pointed at by clients.
OF_TABLE = {reference.table: reference for reference in REFERENCES}

#: By entry: `key` (id or abbreviation as text), `name`, `own`, `linked`, `central` products (or `clients`) that use it;
#: null where they were not collected. `there` is False of one that is pointed at and not in the table. Of categories
#: `path` from the top, `depth` (0 at the top) and `children`.
_COLUMNS: dict[str, Any] = {
    "id": pl.String,
    "name": pl.String,
    "names": pl.List(pl.Struct({"language": pl.String, "name": pl.String})),
    "there": pl.Boolean,
    "own": pl.Int64,
    "linked": pl.Int64,
    "central": pl.Int64,
    "clients": pl.Int64,
    "parent": pl.String,
    "path": pl.String,
    "depth": pl.Int64,
    "children": pl.Int64,
}
ENTRIES = pl.Schema(_COLUMNS)

_PRODUCTS = {"own": "products", "linked": "linked_products", "central": "central_products"}
_BETWEEN = " > "


def key_of(table: str) -> str:
    """The column that names an entry: id or abbreviation."""
    return FRAMES[table].key[0]


def folded(table: str, text: pl.Expr) -> pl.Expr:
    """Entries as they are compared: abbreviations without case and outer spaces, as the checks do."""
    return text.str.strip_chars().str.to_lowercase() if key_of(table) == "abbreviation" else text


def pointed_at(table: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of products (or clients) once per entry they point at: `rows` with `_entry`, folded text."""
    if table == "client_segments":
        return rows.with_columns(_entry=pl.col("segment_id").cast(pl.String)).drop_nulls("_entry")
    reference = OF_TABLE[table]
    column = pl.col(reference.column)
    if reference.shape in ("ids", "suppliers"):
        ids = (
            column if reference.shape == "ids" else column.list.eval(pl.element().struct.field("supplier_id"))
        )
        return (
            rows.with_columns(_entry=ids.list.unique())
            .explode("_entry", empty_as_null=False, keep_nulls=False)
            .with_columns(pl.col("_entry").cast(pl.String))
            .drop_nulls("_entry")
        )
    entry = folded(table, column.cast(pl.String))
    return rows.with_columns(_entry=entry).filter(pl.col("_entry").is_not_null() & (pl.col("_entry") != ""))


def entries(table: str, frames: Mapping[str, pl.DataFrame | None]) -> pl.DataFrame:
    """Every entry of one table as ENTRIES: the gone ones first, then by name; categories as a tree.

    Args:
        frames: by name: the table, products, linked_products, central_products, clients, category_chains.
    """
    data = frames[table]
    assert data is not None
    key = key_of(table)
    rows = data.select(
        "name",
        "names",
        id=pl.col(key).cast(pl.String),
        parent=pl.col("parent_id").cast(pl.String) if table == "categories" else pl.lit(None, pl.String),
        there=pl.lit(True),
    ).unique("id", keep="first", maintain_order=True)
    rows = rows.with_columns(_entry=folded(table, pl.col("id")))
    gone: dict[str, str | None] = {}
    for count, name in _users(table).items():
        frame = frames.get(name)
        if frame is None:
            rows = rows.with_columns(pl.lit(None, pl.Int64).alias(count))
            continue
        used, named = _used(table, frame, count)
        rows = rows.join(used, on="_entry", how="left", maintain_order="left").with_columns(
            pl.col(count).fill_null(0)
        )
        if (
            count != "central"
        ):  # what only the central database points at is not the wholesaler's to put right
            lost = used.join(rows, on="_entry", how="anti").join(named, on="_entry", how="left")
            gone |= {
                entry: gone.get(entry) or told for entry, told in lost.select("_entry", "told").iter_rows()
            }
    rows = _with_gone(table, rows, gone, frames)
    tree = _tree(data, frames.get("category_chains")) if table == "categories" else None
    if tree is not None:
        rows = rows.join(tree, on="id", how="left", maintain_order="left")
    rows = rows.with_columns(
        pl.lit(None, dtype).alias(name) for name, dtype in ENTRIES.items() if name not in rows.columns
    )
    order = pl.coalesce("path", "name", "id").str.to_lowercase()
    return rows.sort("there", order, "id").select(pl.col(name).cast(dtype) for name, dtype in ENTRIES.items())


def _users(table: str) -> dict[str, str]:
    return {"clients": "clients"} if table == "client_segments" else _PRODUCTS


def _used(table: str, frame: pl.DataFrame, count: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """`_entry` with how many use it; and with what those that use it call it."""
    reference = OF_TABLE.get(table)
    called = (
        "segment"
        if table == "client_segments"
        else reference.named
        if isinstance(reference, Reference)
        else None
    )
    column = "segment_id" if reference is None else reference.column
    narrow = frame.select(column, *([called] if called else []))
    pointing = pointed_at(table, narrow)
    used = pointing.group_by("_entry").agg(pl.len().cast(pl.Int64).alias(count))
    told = pl.col(called).drop_nulls().mode().sort().first() if called else pl.lit(None, pl.String)
    return used, pointing.group_by("_entry").agg(told=told)


def _with_gone(
    table: str,
    rows: pl.DataFrame,
    gone: Mapping[str, str | None],
    frames: Mapping[str, pl.DataFrame | None],
) -> pl.DataFrame:
    if not gone:
        return rows.drop("_entry")
    lost = pl.DataFrame(
        {"_entry": list(gone), "name": list(gone.values())}, schema={"_entry": pl.String, "name": pl.String}
    ).with_columns(id=pl.col("_entry"), there=pl.lit(False))
    for count, name in _users(table).items():
        frame = frames.get(name)
        if frame is not None:
            used, _ = _used(table, frame, count)
            lost = lost.join(used, on="_entry", how="left", maintain_order="left").with_columns(
                pl.col(count).fill_null(0)
            )
    return pl.concat([rows, lost], how="diagonal").drop("_entry")


def _tree(categories: pl.DataFrame, chains: pl.DataFrame | None) -> pl.DataFrame:
    """id, path, depth, children of categories; the path is the shop's own chain where it gives one."""
    parents: dict[int, int | None] = dict(categories.select("id", "parent_id").iter_rows())
    names: dict[int, str | None] = dict(categories.select("id", "name").iter_rows())
    given: dict[int, str | None] = {} if chains is None else dict(chains.select("id", "path").iter_rows())
    paths, depths = [], []
    for ident in parents:
        above, at = [ident], parents[ident]
        while at is not None and at in parents and at not in above:  # a ring ends where it began
            above.append(at)
            at = parents[at]
        own = _BETWEEN.join(names[one] or str(one) for one in reversed(above))
        told = given.get(ident)
        paths.append(_BETWEEN.join(part.strip() for part in told.split("|")) if told else own)
        depths.append(len(above) - 1)
    children = (
        categories.drop_nulls("parent_id")
        .group_by(id=pl.col("parent_id").cast(pl.String))
        .agg(children=pl.len().cast(pl.Int64))
    )
    return (
        pl.DataFrame(
            {"id": [str(one) for one in parents], "path": paths, "depth": depths},
            schema={"id": pl.String, "path": pl.String, "depth": pl.Int64},
        )
        .join(children, on="id", how="left", maintain_order="left")
        .with_columns(pl.col("children").fill_null(0))
    )


def is_unused() -> pl.Expr:
    """Over ENTRIES: in the table, nothing points at it, and nothing hangs below it. Null counts are not none."""
    counts = [pl.col(name) for name in ("own", "linked", "central", "clients", "children")]
    used = pl.any_horizontal(count > 0 for count in counts).fill_null(False)
    known = pl.any_horizontal(pl.col(name).is_not_null() for name in ("own", "clients"))
    return pl.col("there") & known & ~used


def chosen(rows: pl.DataFrame, *, show: str = "all", text: str = "") -> pl.DataFrame:
    """What the filters leave of ENTRIES. `show` is all, mine (used by own products), unused or gone."""
    wanted: list[pl.Expr] = []
    if show == "mine":
        wanted.append((pl.col("own").fill_null(0) > 0) | (pl.col("clients").fill_null(0) > 0))
    if show == "unused":
        wanted.append(is_unused())
    if show == "gone":
        wanted.append(~pl.col("there"))
    every_name = (
        pl.col("names").list.eval(pl.element().struct.field("name")).list.join(" ", ignore_nulls=True)
    )
    for word in text.lower().split():
        places = [pl.col("id"), pl.col("name"), pl.col("path"), every_name]
        wanted.append(
            pl.any_horizontal(
                place.str.to_lowercase().str.contains(word, literal=True).fill_null(False) for place in places
            )
        )
    return rows.filter(wanted) if wanted else rows


def by_language(rows: pl.DataFrame, languages: Sequence[str]) -> list[pl.Expr]:
    """For each language a column with the entry's name in it."""
    return [
        pl.col("names")
        .list.eval(
            pl.element()
            .filter(pl.element().struct.field("language").str.to_lowercase() == code)
            .struct.field("name")
        )
        .list.first()
        .alias(code)
        for code in languages
        if rows.height
    ]


def users_of(table: str, entry: str, rows: pl.DataFrame, most: int) -> tuple[int, pl.DataFrame]:
    """How many products (or clients) point at the entry, and the first `most` of them."""
    wanted = pl.select(folded(table, pl.lit(entry))).item()
    found = pointed_at(table, rows).filter(pl.col("_entry") == wanted).drop("_entry")
    return found.height, found.head(most)


def languages_in(rows: pl.DataFrame, most: int = 4) -> tuple[str, ...]:
    """The languages that entries have names in, the commonest first."""
    found: pl.DataFrame = (
        rows.select(code=pl.col("names").list.eval(pl.element().struct.field("language").str.to_lowercase()))
        .explode("code", empty_as_null=False, keep_nulls=False)
        .drop_nulls()
        .group_by("code")
        .agg(count=pl.len())
        .sort("count", "code", descending=[True, False])
    )
    codes: list[Any] = found["code"].head(most).to_list()
    return tuple(str(code) for code in codes)
