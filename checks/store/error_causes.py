"""Which open findings explain the rows of a problem: they are about the very things that its rows name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import polars as pl
import sqlalchemy as sa

from checks.findings import OPEN_STATUSES
from checks.store import bulk, tables
from checks.store.engine import reading
from checks.store.error_state import fingerprints, groups, lead_to, on_server, rows, things

_findings = tables.findings

#: Rows older than this say little of today.
RECENT = timedelta(days=30)

CAUSES = pl.Schema(
    [
        ("group_id", pl.String()),
        ("check", pl.String()),
        ("findings", pl.Int64()),
        ("keys", pl.List(pl.String())),
        ("rows", pl.Int64()),
        ("total", pl.Int64()),
    ]
)

#: Which part of a finding's key is which kind of thing, by what the finding is about.
_PARTS = {
    "product": ("product",),
    "client": ("client",),
    "order": ("order",),
    "client-product": ("product", "client"),
    "order-list-item": ("client", "product"),
}


class ErrorCauses:
    """Findings beside failures."""

    engine: sa.Engine

    def causes(self, ids: str | Iterable[str], now: datetime | None = None) -> pl.DataFrame:
        """CAUSES: of each group and check, the open findings of the same source about things that its rows name.

        `rows` of the group's `total` rows of the last 30 days that name anything are about such a thing; `keys` are the
        findings'. What explains most comes first.
        """
        with reading(self.engine) as connection:
            live = sorted(set(lead_to(connection, ids).values()))
            moment = now or datetime.now(UTC)
            named = named_by(connection, live, moment)
            query = sa.select(_findings).where(_findings.c.status.in_(OPEN_STATUSES))
            found = about(bulk.frame(connection, query))
        total = named.group_by("group_id").agg(total=pl.col("row_id").n_unique())
        hits = named.join(found, on=["source", "kind", "thing"])
        told = hits.group_by("group_id", "check").agg(
            findings=pl.col("id").n_unique(),
            keys=pl.col("key").unique().sort(),
            rows=pl.col("row_id").n_unique(),
        )
        told = told.join(total, on="group_id").select(CAUSES.names()).cast(CAUSES)
        return told.sort("group_id", "rows", "check", descending=[False, True, False])


def named_by(connection: sa.Connection, ids: Iterable[str], now: datetime) -> pl.DataFrame:
    """group_id, source, row_id, kind, thing of the recent rows of groups that name anything."""
    wanted = list(ids)
    sources = connection.execute(
        sa.select(groups.c.source).where(bulk.among(connection, groups.c.id, wanted)).distinct()
    ).scalars()
    parts = []
    for source in list(sources):
        since = on_server(connection, source, now) - RECENT
        query = (
            sa.select(
                fingerprints.c.group_id,
                rows.c.source,
                rows.c.row_id,
                things.c.kind,
                things.c.key.label("thing"),
            )
            .join(rows, rows.c.fingerprint == fingerprints.c.fingerprint)
            .join(things, sa.and_(things.c.source == rows.c.source, things.c.row_id == rows.c.row_id))
            .where(
                bulk.among(connection, fingerprints.c.group_id, wanted),
                rows.c.source == source,
                rows.c.at >= since,
            )
        )
        parts.append(bulk.frame(connection, query))
    schema = dict.fromkeys(("group_id", "source", "row_id", "kind", "thing"), pl.String)
    return pl.concat([pl.DataFrame(schema=schema), *parts])


def about(findings: pl.DataFrame) -> pl.DataFrame:
    """Findings once for each thing they are about: with `kind` and `thing`.

    One about a product is also about the EAN that is its value or, in a list by EAN, its key.
    """
    parts = []
    for entity, kinds in _PARTS.items():
        own = findings.filter(pl.col("entity") == entity)
        pieces = pl.col("key").str.split("|") if len(kinds) > 1 else pl.concat_list("key")
        for place, kind in enumerate(kinds):
            thing = pieces.list.get(place, null_on_oob=True).str.strip_chars()
            parts.append(own.with_columns(kind=pl.lit(kind), thing=thing))
    products = findings.filter(pl.col("entity") == "product")
    for column in ("key", "value"):
        thing = pl.col(column).str.strip_chars()
        parts.append(
            products.with_columns(kind=pl.lit("ean"), thing=thing).filter(thing.str.contains(r"^\d{6,14}$"))
        )
    return pl.concat(parts).drop_nulls("thing").unique(["id", "kind", "thing"])
