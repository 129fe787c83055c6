"""Who carries out fixes on a source: one worker at a time, across all processes and machines that share the store.

A worker takes the source's row, says every few seconds that it is alive, and hears there what people wish of it: go on,
pause, stop. A row that gave no sign for `STALE` is of a dead worker and may be taken.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from checks.store import tables
from checks.store.engine import reading, writing
from checks.store.journal import STALE

_workers = tables.fix_workers


class Workers:
    """The workers there are. May be used from any thread."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine

    def take(
        self,
        source: str,
        worker: str,
        plan_id: str,
        by: str,
        total: int,
        now: datetime,
        *,
        stale_after: timedelta = STALE,
        gone: Collection[str] = (),
    ) -> bool:
        """Becomes the worker of a source; False when a living one is at work. `gone`: workers known to be dead."""
        values = {
            "source": source,
            "worker": worker,
            "plan_id": plan_id,
            "by": by,
            "state": "running",
            "wish": "go",
            "wish_by": None,
            "done": 0,
            "total": total,
            "started_at": now,
            "heartbeat_at": now,
        }
        dialect = postgresql if self.engine.dialect.name == "postgresql" else sqlite
        dead = sa.or_(
            _workers.c.heartbeat_at < now - stale_after,
            _workers.c.worker == worker,
            _workers.c.worker.in_(list(gone)),
        )
        taking = dialect.insert(_workers).values(**values)
        taking = taking.on_conflict_do_update(index_elements=["source"], set_=values, where=dead)
        with writing(self.engine) as connection:
            # not by counting: PostgreSQL's driver does not say how many rows an INSERT touched
            return bool(connection.scalar(taking.returning(_workers.c.worker)) == worker)

    def beat(self, source: str, worker: str, now: datetime, **values: Any) -> str | None:
        """Says that the worker lives (and `done=`, `state=`); the wish it should follow, None when it lost the source."""
        held = sa.and_(_workers.c.source == source, _workers.c.worker == worker)
        with writing(self.engine) as connection:
            connection.execute(sa.update(_workers).where(held).values(heartbeat_at=now, **values))
            return connection.execute(sa.select(_workers.c.wish).where(held)).scalar()

    def leave(self, source: str, worker: str) -> None:
        """The worker is done with the source."""
        held = sa.and_(_workers.c.source == source, _workers.c.worker == worker)
        with writing(self.engine) as connection:
            connection.execute(sa.delete(_workers).where(held))

    def wish(self, source: str, wish: str, by: str, now: datetime | None = None) -> bool:
        """Asks the worker of a source to go on, pause or stop; False when none is alive. A stop is not taken back."""
        alive = _workers.c.heartbeat_at >= (now or datetime.now(UTC)) - STALE
        asked = sa.and_(_workers.c.source == source, alive)
        if wish != "stop":  # a second stop is as good as the first
            asked = sa.and_(asked, _workers.c.wish != "stop")
        with writing(self.engine) as connection:
            query = sa.update(_workers).where(asked).values(wish=wish, wish_by=by)
            return connection.execute(query).rowcount == 1

    def of(self, source: str) -> dict[str, Any] | None:
        """The worker of a source, alive or dead; None when there is none."""
        return next((row for row in self.all() if row["source"] == source), None)

    def all(self) -> list[dict[str, Any]]:
        with reading(self.engine) as connection:
            query = sa.select(_workers).order_by(_workers.c.source)
            return [dict(row) for row in connection.execute(query).mappings()]
