"""The rows of the error log themselves: searched, counted, shown."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import polars as pl
import sqlalchemy as sa

from checks.frame_spec import STRINGS
from checks.frames import MODEL_ERRORS
from checks.store import bulk
from checks.store.engine import reading
from checks.store.error_state import fingerprints, lead_to, rows, things
from checks.store.error_text import as_frame, contains_in_store

#: Columns of `rows`: those of the table, and `group_id`; `errors` and `model_errors` as lists.
ROWS = pl.Schema(
    [
        ("source", pl.String()),
        ("row_id", pl.String()),
        ("fingerprint", pl.String()),
        ("at", pl.Datetime("us", "UTC")),
        ("dated", pl.Boolean()),
        ("seen_at", pl.Datetime("us", "UTC")),
        ("log_id", pl.String()),
        ("method", pl.String()),
        ("url", pl.String()),
        ("status_code", pl.Int64()),
        ("message", pl.String()),
        ("exception", pl.String()),
        ("errors", STRINGS),
        ("model_errors", MODEL_ERRORS),
        ("body", pl.String()),
        ("raw", pl.String()),
        ("group_id", pl.String()),
    ]
)


class ErrorRows:
    """Rows that are kept; of older ones only counts are."""

    engine: sa.Engine

    def rows(
        self,
        *,
        ids: str | Iterable[str] | None = None,
        source: str | None = None,
        text: str | None = None,
        thing: tuple[str, str] | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        unmapped: bool = False,
        limit: int = 200,
    ) -> pl.DataFrame:
        """ROWS, the newest first.

        Args:
            ids: of groups.
            text: looked for in all that a row says, whatever its case.
            thing: kind and key of what they name.
            since, until: by the server's clock; the end is not included.
            unmapped: only rows with fields that the mapping of the settings does not know.
        """
        with reading(self.engine) as connection:
            asked = _asked(connection, ids, source, text, thing, since, until, unmapped)
            query = (
                sa.select(*rows.c, fingerprints.c.group_id)
                .join(fingerprints, fingerprints.c.fingerprint == rows.c.fingerprint)
                .where(*asked)
                .order_by(rows.c.at.desc(), rows.c.row_id)
                .limit(limit)
            )
            return as_frame(bulk.frame(connection, query)).select(ROWS.names()).cast(ROWS)

    def rows_total(
        self,
        *,
        ids: str | Iterable[str] | None = None,
        source: str | None = None,
        text: str | None = None,
        thing: tuple[str, str] | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        unmapped: bool = False,
    ) -> int:
        """How many rows `rows` would find without a limit."""
        with reading(self.engine) as connection:
            asked = _asked(connection, ids, source, text, thing, since, until, unmapped)
            return connection.execute(sa.select(sa.func.count()).select_from(rows).where(*asked)).scalar_one()


def _asked(
    connection: sa.Connection,
    ids: str | Iterable[str] | None,
    source: str | None,
    text: str | None,
    thing: tuple[str, str] | None,
    since: datetime | None,
    until: datetime | None,
    unmapped: bool,
) -> list[sa.ColumnElement[bool]]:
    asked: list[Any] = []
    if ids is not None:
        live = set(lead_to(connection, ids).values())
        own = sa.select(fingerprints.c.fingerprint).where(
            bulk.among(connection, fingerprints.c.group_id, live)
        )
        asked.append(rows.c.fingerprint.in_(own))
    if source is not None:
        asked.append(rows.c.source == source)
    if thing is not None:
        kind, key = thing
        about = sa.select(things.c.source, things.c.row_id).where(things.c.kind == kind, things.c.key == key)
        asked.append(sa.tuple_(rows.c.source, rows.c.row_id).in_(about))
    if since is not None:
        asked.append(rows.c.at >= since)
    if until is not None:
        asked.append(rows.c.at < until)
    if unmapped:
        asked.append(rows.c.raw.is_not(None))
    if text and text.strip():
        asked.append(contains_in_store(connection, text))
    return asked
