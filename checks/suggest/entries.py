"""The entries of one lookup table that products may be given, with all that they are called."""

from __future__ import annotations

import polars as pl

from checks.frames import FRAMES
from checks.rules.references import REFERENCES, Reference
from checks.suggest.reading import AnyFrames, read

BY_FIELD = {reference.field: reference for reference in REFERENCES}

_BETWEEN = " > "

#: `entry` numbers them; `key` is what products hold (id, or abbreviation as the checks compare it), `value` what a fix sends;
#: `texts` all that it is called; `above` the ids of the categories above a category, nearest first.
ENTRIES = ("entry", "key", "value", "label", "texts", "above")


def entries_of(reference: Reference, frames: AnyFrames) -> pl.DataFrame | None:
    """ENTRIES of the reference's table, of categories only end nodes; None where there is no table."""
    table = read(frames, reference.table, FRAMES[reference.table].schema.names())
    if table is None:
        return None
    key = pl.col(reference.key)
    spoken = pl.concat_list(
        pl.col("name"), pl.col("names").list.eval(pl.element().struct.field("name")).fill_null([])
    )
    table = table.drop_nulls(reference.key).unique(reference.key, keep="first", maintain_order=True)
    if reference.table == "categories":
        table = table.join(_chains(table), on="id", how="inner", maintain_order="left")
    else:
        named = pl.coalesce("name", key.cast(pl.String))
        if reference.shape == "abbreviation":
            same = named.str.to_lowercase() == key.str.to_lowercase()
            named = pl.when(same).then(key).otherwise(pl.format("{} ({})", named, key))
        table = table.with_columns(label=named, above=pl.lit(None, pl.List(pl.Int64)))
    if reference.shape == "abbreviation":
        spoken = pl.concat_list(key, spoken)
        key = key.str.strip_chars().str.to_lowercase()
    return (
        table.with_columns(
            key=key,
            value=pl.col(reference.key).cast(pl.String),
            texts=spoken.list.drop_nulls().list.unique(maintain_order=True),
        )
        .with_row_index("entry")
        .select(ENTRIES)
    )


def branches(frames: AnyFrames) -> pl.DataFrame | None:
    """`id` of each category that stands below another, and the id `above` it; None where that is not known."""
    table = read(frames, "categories", ("id", "parent_id"))
    return None if table is None else table.drop_nulls().select("id", above="parent_id").unique("id")


def _chains(categories: pl.DataFrame) -> pl.DataFrame:
    """id, label and above of end nodes. A ring of parents ends where it began."""
    parents: dict[int, int | None] = dict(categories.select("id", "parent_id").iter_rows())
    names: dict[int, str] = dict(
        categories.select("id", pl.coalesce("name", pl.col("id").cast(pl.String))).iter_rows()
    )
    above: dict[int, list[int]] = {}
    for ident in parents.keys() - set(parents.values()):
        chain, at = [ident], parents[ident]
        while at is not None and at in parents and at not in chain:
            chain.append(at)
            at = parents[at]
        above[ident] = chain[1:]
    labels = [
        _BETWEEN.join(names[one] for one in (*reversed(chain), ident)) for ident, chain in above.items()
    ]
    return pl.DataFrame(
        {"id": list(above), "label": labels, "above": list(above.values())},
        schema={"id": pl.Int64, "label": pl.String, "above": pl.List(pl.Int64)},
    )
