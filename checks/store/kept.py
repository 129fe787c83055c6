"""Questions to the findings, and the one way a fix closes one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import polars as pl
import sqlalchemy as sa

from checks.findings import KEPT, OPEN_STATUSES
from checks.store import bulk, tables
from checks.store.engine import writing

_findings, _events = tables.findings, tables.finding_events
_Filter = str | Iterable[str] | None


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

        `text` is looked for, whatever its case, in key, value and message.
        """
        query = sa.select(_findings)
        wanted = OPEN_STATUSES if status is None else status
        filters = {"check": check, "severity": severity, "source": source, "key": key, "id": ids}
        if wanted != "all":
            filters["status"] = wanted
        for name, given in filters.items():
            if (values := bulk.as_list(given)) is not None:
                query = query.where(_findings.c[name].in_(values))
        if text:
            like = f"%{text.replace('%', '/%').replace('_', '/_')}%"
            places = (_findings.c.key, _findings.c.value, _findings.c.message)
            query = query.where(sa.or_(*(place.ilike(like, escape="/") for place in places)))
        query = query.order_by(
            _findings.c.first_seen.desc(), _findings.c.check, _findings.c.key, _findings.c.field
        )
        with self.engine.connect() as connection:
            return bulk.frame(connection, query, KEPT).select(KEPT.names())

    def counts(self) -> pl.DataFrame:
        """Open findings by source, check, severity and status: column `findings`, and `oldest` first seen."""
        groups = (_findings.c.source, _findings.c.check, _findings.c.severity, _findings.c.status)
        query = (
            sa.select(
                *groups,
                sa.func.count().label("findings"),
                sa.func.min(_findings.c.first_seen).label("oldest"),
            )
            .where(_findings.c.status.in_(OPEN_STATUSES))
            .group_by(*groups)
        )
        with self.engine.connect() as connection:
            return bulk.frame(connection, query)

    def events(self, finding_id: str) -> pl.DataFrame:
        """The life of one finding, oldest first."""
        query = sa.select(_events).where(_events.c.finding_id == finding_id).order_by(_events.c.number)
        with self.engine.connect() as connection:
            return bulk.frame(connection, query)

    def fixed_since(self, days: int = 7) -> pl.DataFrame:
        """Findings that were fixed in the last days: check, by (None: by itself), and how many."""
        since = datetime.now(UTC) - timedelta(days=days)
        query = (
            sa.select(_findings.c.check, _events.c.by, sa.func.count().label("findings"))
            .join(_findings, _findings.c.id == _events.c.finding_id)
            .where(_events.c.event == "fixed", _events.c.at >= since)
            .group_by(_findings.c.check, _events.c.by)
        )
        with self.engine.connect() as connection:
            return bulk.frame(connection, query)

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

        One that does not exist is left alone; one that is fixed already is not fixed again.
        """
        moment = now or datetime.now(UTC)
        with writing(self.engine) as connection:
            was = connection.execute(
                sa.select(_findings.c.status).where(_findings.c.id == finding_id)
            ).scalar()
            if was is None or (status == "fixed" and was == "fixed"):
                return
            if status is not None:
                fixed_at = moment if status == "fixed" else None
                connection.execute(
                    sa.update(_findings)
                    .where(_findings.c.id == finding_id)
                    .values(status=status, fixed_at=fixed_at)
                )
            connection.execute(
                sa.insert(_events).values(
                    finding_id=finding_id, at=moment, event=event, detail=detail, by=by, run_id=run_id
                )
            )
