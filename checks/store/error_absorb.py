"""Takes in what was read of a log: each row once, what it counts for, and what that means for the states of problems.

Everything dear (fingerprints, what rows name) is done before the transaction begins, and only for rows that the store
has not; within it the same question is put once more, since another process may have been quicker.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import polars as pl
import sqlalchemy as sa

from checks import triage
from checks.frame_spec import UTC
from checks.frames import FRAMES, Collected
from checks.settings_sources import ErrorLogFields
from checks.store import bulk
from checks.store.engine import lock, reading, writing
from checks.store.error_counting import count_products
from checks.store.error_days import covered
from checks.store.error_judging import judge_groups, write_columns
from checks.store.error_known import SAME, same_rows
from checks.store.error_purging import purged_before, purged_undated
from checks.store.error_regroup import regroup
from checks.store.error_replacing import replace_rows
from checks.store.error_splits import apply, child_of, splits
from checks.store.error_state import counts, event, fingerprints, groups, on_server, reads, rows, tell, things
from checks.store.error_text import as_kept
from checks.triage.states import OPEN, born

_MADE_OF = ("method", "route", "kind", "rule", "field")


@dataclass(frozen=True)
class _Log:
    """What was read: rows as kept with their fingerprint, what they name, and the title and parts of each fingerprint."""

    rows: pl.DataFrame
    things: pl.DataFrame
    titled: pl.DataFrame


class ErrorAbsorb:
    """The way in."""

    engine: sa.Engine

    def absorb(
        self,
        source: str,
        collected: Collected,
        now: datetime,
        run_id: str,
        *,
        fields: ErrorLogFields | None = None,
        renamed: bool = False,
    ) -> pl.DataFrame:
        """Takes in a frame `error_logs`; gives all open groups of the source as FRAMES["error_groups"].

        Args:
            collected: rows in any order, also such as are known already: each counts once, whatever frame it comes in.
            now: the moment of the run, aware.
            fields: by which a log that was read whole was read. What is kept of the same rows by other names is replaced.
            renamed: were they others at the last reading?

        Rows without a moment count at the one at which the server was read. Raises ValueError when the log did not
        come in.
        """
        if collected.data is None:
            raise ValueError("an error log that did not come in cannot be taken in")
        with reading(self.engine) as connection:
            read_at = collected.read_at or now
            until = collected.server_at or on_server(connection, source, read_at)
            data = collected.data.unique("row_id", keep="first")
            same = SAME.to_frame()
            if fields is not None and collected.mode == "full":  # names that changed have the log read whole
                same = same_rows(connection, source, data, fields, renamed)
            fresh = _unknown(connection, source, data, but=same["to"])
        log = _prepared(source, fresh, until)
        with writing(self.engine) as connection:
            lock(connection, groups)
            regroup(connection, now)
            since = min(collected.since or until, until)
            moment = max([until, *(end for _, end in covered(connection, source))])
            moved = replace_rows(connection, source, same, log.rows, log.things, moment, now, run_id)
            new = _taken_in(connection, source, log, moment, now, run_id)
            _note_reading(connection, source, run_id, read_at, since, until, new.height)
            judge_groups(connection, source, pl.concat([new, moved]), moment, now, run_id)
            return standing(connection, source, OPEN)

    def standing(self, source: str) -> pl.DataFrame:
        """All groups of a source as FRAMES["error_groups"], closed and ignored ones too."""
        with reading(self.engine) as connection:
            return standing(connection, source)


def standing(connection: sa.Connection, source: str, states: tuple[str, ...] | None = None) -> pl.DataFrame:
    """The groups of a source as FRAMES["error_groups"], by their id."""
    schema = FRAMES["error_groups"].schema
    columns = [groups.c.id.label("group_id"), *(groups.c[name] for name in schema if name != "group_id")]
    query = sa.select(*columns).where(groups.c.source == source, groups.c.merged_into.is_(None))
    if states is not None:
        query = query.where(groups.c.state.in_(states))
    return bulk.frame(connection, query, schema).sort("group_id")


def _unknown(
    connection: sa.Connection, source: str, data: pl.DataFrame, but: Iterable[str] = ()
) -> pl.DataFrame:
    """The rows that the store does not have, and those that are to replace one."""
    query = sa.select(rows.c.row_id).where(
        rows.c.source == source, bulk.among(connection, rows.c.row_id, data["row_id"])
    )
    known = set(connection.execute(query).scalars()).difference(but)
    return data.filter(~pl.col("row_id").is_in(list(known)))


def _prepared(source: str, fresh: pl.DataFrame, read: datetime) -> _Log:
    told = triage.fingerprinted(source, fresh)
    parts = told.group_by("fingerprint").agg(
        pl.col("method").str.to_uppercase().min(), *(pl.col(name).min() for name in _MADE_OF[1:])
    )
    kept = as_kept(
        told.select(*FRAMES["error_logs"].columns, "fingerprint").with_columns(
            dated=pl.col("at").is_not_null(), at=pl.col("at").fill_null(pl.lit(read, dtype=UTC))
        )
    )
    return _Log(kept, triage.things(fresh), parts.join(triage.titles(told), on="fingerprint"))


def _taken_in(
    connection: sa.Connection, source: str, log: _Log, moment: datetime, now: datetime, run_id: str
) -> pl.DataFrame:
    """Writes rows, what they name and what they count for; gives row_id, at, group_id of those that are new."""
    new = _unknown(connection, source, log.rows)
    if (purged := purged_before(connection)) is not None:
        # too old to be kept, and counted when it was read then
        spans = covered(connection, source)
        counted = pl.any_horizontal(
            pl.lit(False), *((pl.col("at") >= since) & (pl.col("at") <= until) for since, until in spans)
        )
        new = new.filter((pl.col("at") >= purged) | ~counted)
        new = new.filter(~pl.col("row_id").is_in(list(purged_undated(connection, source))))
    new = apply(new, splits(connection)).sort("row_id")  # in the order of the index: far faster
    group_of = _group_of(connection, source, new, log.titled, moment, now, run_id)
    bulk.insert(connection, rows, new.with_columns(source=pl.lit(source), seen_at=pl.lit(now, dtype=UTC)))
    about = log.things.join(new.select("row_id"), on="row_id", how="semi")
    bulk.insert(connection, things, about.with_columns(source=pl.lit(source)))
    count_products(connection, sorted(set(group_of.values())))
    hours = new.group_by("fingerprint", hour=pl.col("at").dt.truncate("1h")).agg(rows=pl.len())
    bulk.upsert(connection, counts, hours, ("fingerprint", "hour"), adding=True)
    return new.select(
        "row_id", "at", group_id=pl.col("fingerprint").replace_strict(group_of, return_dtype=pl.String)
    )


def _group_of(
    connection: sa.Connection,
    source: str,
    new: pl.DataFrame,
    titled: pl.DataFrame,
    moment: datetime,
    now: datetime,
    run_id: str,
) -> dict[str, str]:
    """fingerprint -> group of all new rows; makes what is new, and counts the rows in the groups."""
    seen = new.group_by("fingerprint").agg(pl.len(), first=pl.col("at").min(), last=pl.col("at").max())
    known = bulk.frame(
        connection,
        sa.select(fingerprints.c.fingerprint, fingerprints.c.group_id).where(
            bulk.among(connection, fingerprints.c.fingerprint, seen["fingerprint"])
        ),
    )
    group_of: dict[str, str] = dict(known.iter_rows())
    begun = seen.join(known, on="fingerprint", how="anti").join(titled, on="fingerprint").sort("fingerprint")
    made, mapped, told = [], [], []
    for row in begun.iter_rows(named=True):
        mark = row["fingerprint"]
        ident = group_of[mark] = _free(connection, mark)
        state, happened = born(row["first"], moment, row["len"])
        made.append(
            {
                "id": ident,
                "source": source,
                "title": row["title"],
                **{name: row[name] for name in _MADE_OF},
                "state": state.state,
                "state_at": state.state_at,
                "rows": 0,
                "first_seen": row["first"],
                "last_seen": row["last"],
            }
        )
        mapped.append(
            {"fingerprint": mark, "group_id": ident, "title": row["title"], "masks": triage.MASKS_VERSION}
        )
        told.append(event(ident, now, happened, run_id=run_id))
    if made:
        connection.execute(sa.insert(groups), made)
        connection.execute(sa.insert(fingerprints), mapped)
        tell(connection, told)
    of_group = (
        seen.with_columns(id=pl.col("fingerprint").replace_strict(group_of, return_dtype=pl.String))
        .group_by("id")
        .agg(pl.col("len").sum(), pl.col("first").min(), pl.col("last").max())
    )
    _count(connection, of_group)
    return group_of


def _free(connection: sa.Connection, mark: str) -> str:
    """An id for the group of a fingerprint: the fingerprint, where no group has that.

    A group keeps its id when its rows get another fingerprint: what has that one anew is another problem.
    """
    while connection.execute(sa.select(groups.c.id).where(groups.c.id == mark)).first() is not None:
        mark = child_of(mark, "another")
    return mark


def _count(connection: sa.Connection, of_group: pl.DataFrame) -> None:
    known = {
        row["id"]: row
        for row in connection.execute(
            sa.select(groups).where(bulk.among(connection, groups.c.id, of_group["id"]))
        ).mappings()
    }
    changed = [
        {
            "ident": ident,
            "rows": known[ident]["rows"] + count,
            "first_seen": min(known[ident]["first_seen"], first),
            "last_seen": max(known[ident]["last_seen"], last),
        }
        for ident, count, first, last in of_group.iter_rows()
    ]
    write_columns(connection, changed)


def _note_reading(
    connection: sa.Connection,
    source: str,
    run_id: str,
    read_at: datetime,
    since: datetime,
    until: datetime,
    new: int,
) -> None:
    of_run = sa.and_(reads.c.source == source, reads.c.run_id == run_id)
    before = connection.execute(sa.select(reads).where(of_run)).mappings().first()
    if before is None:
        values = {"source": source, "run_id": run_id, "read_at": read_at, "since": since, "until": until}
        connection.execute(sa.insert(reads).values(**values, rows=new))
        return
    connection.execute(
        sa.update(reads)
        .where(of_run)
        .values(
            since=min(since, before["since"]), until=max(until, before["until"]), rows=before["rows"] + new
        )
    )
