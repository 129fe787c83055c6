"""Parts that people split off a problem by a text: rows that have the text count under a fingerprint of their own."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

import polars as pl
import sqlalchemy as sa

from checks.store.error_state import fingerprints
from checks.store.error_text import contains


class Split(NamedTuple):
    """Rows of the fingerprint `parent` that have the text `contains` are `child` instead."""

    parent: str
    contains: str
    child: str


def child_of(parent: str, text: str) -> str:
    """The fingerprint of that part, the same whenever it is made."""
    return hashlib.blake2b(f"{parent}\x1f{text.strip().lower()}".encode(), digest_size=10).hexdigest()


def splits(connection: sa.Connection) -> list[Split]:
    """All of them, the oldest first: a part may have been split again."""
    table = fingerprints.c
    query = (
        sa.select(table.parent, table.contains, table.fingerprint)
        .where(table.contains.is_not(None))
        .order_by(table.split_at, table.fingerprint)
    )
    return [Split(*row) for row in connection.execute(query)]


def apply(rows: pl.DataFrame, made: list[Split]) -> pl.DataFrame:
    """Rows, as kept, with the fingerprint that they have after all splits."""
    present = set(rows["fingerprint"].unique())
    for split in made:
        if split.parent in present:
            is_part = (pl.col("fingerprint") == split.parent) & contains(split.contains)
            rows = rows.with_columns(
                fingerprint=pl.when(is_part).then(pl.lit(split.child)).otherwise("fingerprint")
            )
            present.add(split.child)
    return rows
