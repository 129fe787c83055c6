"""Questions to the findings, and the one way a fix closes one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import sqlalchemy as sa

from checks.errors import UsageError
from checks.findings import KEPT, OPEN_STATUSES, SET_ASIDE
from checks.store import bulk, tables
from checks.store.engine import lock, reading, writing

_findings, _events, _runs = tables.findings, tables.finding_events, tables.runs
_decisions = tables.decisions
_Filter = str | Iterable[str] | None

#: Events that open a finding, and all that give it another status.
_OPENS = ("new", "regressed", "reopened")
_STATUS_EVENTS = (*_OPENS, *SET_ASIDE, "fixed")


class KeptFindings:
    """Findings and their events."""

    engine: sa.Engine

    def findings(
        self,
        check: _Filter = None,
        status: _Filter = None,
        severity: _Filter = None,
        source: _Filter = None,
        text: str | None = None,
        key: _Filter = None,
        ids: _Filter = None,
    ) -> pl.DataFrame:
        """Findings as `findings.KEPT`, newest first; open ones unless `status` says otherwise ("all" for all).

        Each filter is one value or several. `text` is looked for, whatever its case, in key, value and message.
        """
        wanted = OPEN_STATUSES if status is None else status
        filters = {"check": check, "severity": severity, "source": source, "key": key, "id": ids}
        if wanted != "all":
            filters["status"] = wanted
        query = sa.select(*(_findings.c[name] for name in KEPT))
        with reading(self.engine) as connection:
            for name, given in filters.items():
                if (values := bulk.as_list(given)) is not None:
                    query = query.where(bulk.among(connection, _findings.c[name], values))
            data = bulk.frame(connection, query, KEPT)
        if text:
            # Here and not in SQL: of upper and lower case, SQLite knows only A to Z.
            places = pl.col("key", "value", "message").str.to_lowercase()
            data = data.filter(pl.any_horizontal(places.str.contains(text.lower(), literal=True)))
        newest_first = [True, False, False, False]
        return data.sort("first_seen", "check", "key", "field", descending=newest_first, nulls_last=False)

    def counts(self) -> pl.DataFrame:
        """Open findings by source, check, severity and status: column `findings`, and `oldest` first seen."""
        groups = (_findings.c.source, _findings.c.check, _findings.c.severity, _findings.c.status)
        return self._grouped(
            sa.select(
                *groups,
                sa.func.count().label("findings"),
                sa.func.min(_findings.c.first_seen).label("oldest"),
            )
            .where(_findings.c.status.in_(OPEN_STATUSES))
            .group_by(*groups)
        )

    def new_in(self, run_id: str) -> pl.DataFrame:
        """What a run found for the first time or again: source, check, severity, event, findings.

        `event` is new, or for what is back: regressed (it was fixed) or reopened (a person had set it aside). Its news
        stays its news: also of findings that were fixed or set aside since. What people reopen is no news of a run.
        """
        groups = (_findings.c.source, _findings.c.check, _findings.c.severity, _events.c.event)
        # Its events bear the moment it finished, and that is where the index is.
        at = sa.select(_runs.c.finished_at).where(_runs.c.id == run_id).scalar_subquery()
        return self._grouped(
            sa.select(*groups, sa.func.count().label("findings"))
            .join(_findings, _findings.c.id == _events.c.finding_id)
            .where(_events.c.event.in_(_OPENS), _events.c.at == at, _events.c.run_id == run_id)
            .group_by(*groups)
        )

    def fixed_since(self, days: int = 7) -> pl.DataFrame:
        """Findings that were fixed in the last days: check, by (None: a run found it right), and how many."""
        since = datetime.now(UTC) - timedelta(days=days)
        groups = (_findings.c.check, _events.c.by)
        return self._grouped(
            sa.select(*groups, sa.func.count(_findings.c.id.distinct()).label("findings"))
            .join(_findings, _findings.c.id == _events.c.finding_id)
            .where(_events.c.event == "fixed", _events.c.at >= since)
            .group_by(*groups)
        )

    def events(self, finding_id: str) -> pl.DataFrame:
        """The life of one finding, oldest first."""
        with reading(self.engine) as connection:
            lived = sa.select(_events).where(_events.c.finding_id == finding_id)
            return bulk.frame(connection, lived).sort("number")

    def events_of(self, ids: str | Iterable[str]) -> pl.DataFrame:
        """The life of several findings, oldest first: number, finding_id, at, event, detail, run_id, by."""
        with reading(self.engine) as connection:
            about = bulk.among(connection, _events.c.finding_id, bulk.as_list(ids) or [])
            return bulk.frame(connection, sa.select(_events).where(about)).sort("number")

    def open_at(self, run_id: str) -> pl.DataFrame:
        """`findings.KEPT`, as known today, of what was open (not fixed, not set aside) when that run had ended.

        Sorted by check, key and field; all that is open now for a run that has not ended. Findings that were purged
        since are not in it. Raises UsageError for an unknown run.
        """
        with reading(self.engine) as connection:
            run = connection.execute(sa.select(_runs).where(_runs.c.id == run_id)).mappings().first()
            if run is None:
                raise UsageError(
                    f"There is no run {run_id!r} in the store. The Runs page shows those there are."
                )
            # The last thing that changed its status by then: the others (a comment, a fix that failed) do not count.
            decisive: sa.ColumnElement[bool] = _events.c.event.in_(_STATUS_EVENTS)
            if run["finished_at"] is not None:
                decisive = sa.and_(decisive, _events.c.at <= sa.literal(run["finished_at"], tables.Moment))
            last = (
                sa.select(sa.func.max(_events.c.number).label("number"))
                .where(decisive)
                .group_by(_events.c.finding_id)
                .subquery()
            )
            then = (
                sa.select(*(_findings.c[name] for name in KEPT))
                .join(_events, _events.c.finding_id == _findings.c.id)
                .join(last, last.c.number == _events.c.number)
                .where(_events.c.event.in_(_OPENS))
            )
            return bulk.frame(connection, then, KEPT).sort("check", "key", "field")

    def revision(self) -> int:
        """Grows with every event in the life of any finding, of whichever process: for caches of what findings say."""
        with reading(self.engine) as connection:
            return connection.execute(sa.select(sa.func.max(_events.c.number))).scalar() or 0

    def set_finding(
        self,
        finding_id: str,
        status: str | None,
        event: str,
        detail: str | None,
        by: str | None,
        run_id: str | None = None,
        now: datetime | None = None,
    ) -> None:
        """Adds an event to a finding and, unless `status` is None, gives it that status.

        One that does not exist is left alone; one that is fixed already is not fixed again. A decision about it holds
        on: what is given an open status becomes accepted or snoozed again, as it was before the fix.
        """
        moment = now or datetime.now(UTC)
        with writing(self.engine) as connection:
            lock(connection, _findings)
            of_it = _findings.c.id == finding_id
            was = connection.execute(sa.select(_findings.c.status).where(of_it).with_for_update()).scalar()
            if was is None or (status == "fixed" and was == "fixed"):
                return
            if status in OPEN_STATUSES:
                status = _decided(connection, finding_id) or status
            if status is not None:
                fixed_at = moment if status == "fixed" else None
                connection.execute(sa.update(_findings).where(of_it).values(status=status, fixed_at=fixed_at))
            connection.execute(
                sa.insert(_events).values(
                    finding_id=finding_id, at=moment, event=event, detail=detail, by=by, run_id=run_id
                )
            )

    def _grouped(self, query: sa.Select[Any]) -> pl.DataFrame:
        with reading(self.engine) as connection:
            data = bulk.frame(connection, query)
        return data.sort(pl.exclude("findings", "oldest"))  # databases group in any order


def _decided(connection: sa.Connection, finding_id: str) -> str | None:
    """The kind of the decision that holds for a finding."""
    about = sa.and_(_decisions.c.finding_id == finding_id, _decisions.c.ended_at.is_(None))
    return connection.execute(sa.select(_decisions.c.kind).where(about)).scalar()
