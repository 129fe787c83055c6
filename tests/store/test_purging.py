"""The rows that retention takes away, on both databases; what is kept and why is in tests/test_retention.py."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa

from checks.store import FixRecord, PlanRecord, Store, tables
from checks.store.engine import writing
from checks.store.purging import OldRows, delete_rows, hold_for_purge, old_rows

Run = Callable[..., str]


def test_runs_findings_and_pictures_go_by_their_ids(store: Store, run: Run, now: datetime) -> None:
    first, second, third = run("A", "B"), run("B"), run("B")
    picture = store.journal.put_blob(b"picture")
    with store.engine.begin() as connection:
        connection.execute(sa.update(tables.findings).values(entity="user"))
        long_ago = now - timedelta(days=500)
        connection.execute(
            sa.update(tables.runs).where(tables.runs.c.id != third).values(started_at=long_ago)
        )
    [a] = store.findings(key="A", status="all")["id"]
    fix = FixRecord("fix-A", "A", None, "safe", a, {"photos": [{"sha256": picture}]}, [], ())
    plan = PlanRecord("plan", "link-central", "x", "webshop", now, "Els", None, {}, [], (fix,))
    store.journal.add_plan(plan)
    assert store.journal.claim("fix-A", "worker", "Els", now)
    store.journal.finish("fix-A", "needs_attention", "Hm.", now)

    def looked_up() -> OldRows:
        later = now + timedelta(days=1)
        with store.engine.connect() as connection:
            return old_rows(connection, later - timedelta(days=400), later, ("users",))

    both = sorted((first, second))
    assert looked_up() == OldRows(both, [], 0, [])  # the fix is not over
    store.journal.finish("fix-A", "done", "Linked.", now - timedelta(days=450))
    old = looked_up()
    assert old == OldRows(both, [a], 2, [picture])
    with writing(store.engine) as connection:
        hold_for_purge(connection)
        delete_rows(connection, old, "Els", now)
    assert store.runs()["id"].to_list() == [third]
    assert store.findings(status="all")["key"].to_list() == ["B"]
    assert looked_up() == OldRows([], [], 0, [])
