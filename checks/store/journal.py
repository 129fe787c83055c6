"""Plans, their fixes and the journal of every step: written before the call it speaks of."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from checks.store import bulk, tables
from checks.store.engine import reading, writing

_plans, _fixes, _steps, _blobs = tables.plans, tables.fixes, tables.fix_steps, tables.fix_blobs

#: A fix whose worker gave no sign for so long may be taken over.
STALE = timedelta(seconds=60)


@dataclass(frozen=True)
class StepRecord:
    """One step of a fix. `kind`: do | compensate | read-back."""

    kind: str
    title: str
    request: dict[str, Any]
    compensation: list[dict[str, Any]]


@dataclass(frozen=True)
class FixRecord:
    """One key of a plan.

    Attributes:
        finding_ids: the findings that it closes; `finding_id` is the first of them.
        before: everything that was read about the key.
        consequences, lost: sentences: what it means, and what undoing it cannot restore.
        undo: how it is undone, or why it cannot be.
        undoes: the fix that this one undoes.
    """

    id: str
    key: str
    title: str | None
    klass: str
    finding_id: str | None
    before: dict[str, Any]
    consequences: list[str]
    steps: tuple[StepRecord, ...]
    finding_ids: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    undo: str | None = None
    undoes: str | None = None


@dataclass(frozen=True)
class PlanRecord:
    """A frozen plan, as it is written once and never changed. `kind`: do | undo; `scope`: keys (those named) | all."""

    id: str
    fix: str
    check: str
    source: str
    created_at: datetime
    created_by: str
    run_id: str | None
    options: dict[str, Any]
    not_planned: list[dict[str, Any]]
    fixes: tuple[FixRecord, ...]
    kind: str = "do"
    scope: str = "keys"


class Journal:
    """Reads and writes plans, fixes and steps. May be used from any thread."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine

    def add_plan(self, record: PlanRecord) -> None:
        """Writes a plan with its fixes and their steps, all in state `planned`, in one transaction."""
        plan = {name: value for name, value in vars(record).items() if name != "fixes"}
        fixes = [
            {
                "id": fix.id,
                "plan_id": record.id,
                "position": position,
                "finding_id": fix.finding_id,
                "key": fix.key,
                "title": fix.title,
                "klass": fix.klass,
                "state": "planned",
                "before": fix.before,
                "consequences": fix.consequences,
                "finding_ids": list(fix.finding_ids),
                "lost": list(fix.lost),
                "undo": fix.undo,
                "undoes": fix.undoes,
            }
            for position, fix in enumerate(record.fixes)
        ]
        steps = [
            {"fix_id": fix.id, "number": number, "state": "planned", **asdict(step)}
            for fix in record.fixes
            for number, step in enumerate(fix.steps, start=1)
        ]
        with writing(self.engine) as connection:
            connection.execute(sa.insert(_plans).values(**plan))
            if fixes:
                connection.execute(sa.insert(_fixes), fixes)
            if steps:
                connection.execute(sa.insert(_steps), steps)

    def plan(self, plan_id: str) -> dict[str, Any] | None:
        """One plan's row."""
        return self._one(sa.select(_plans).where(_plans.c.id == plan_id))

    def plans(self, limit: int = 50) -> list[dict[str, Any]]:
        """The newest plans first."""
        return self._all(sa.select(_plans).order_by(_plans.c.created_at.desc()).limit(limit))

    def fixes(
        self,
        plan_id: str | None = None,
        state: str | Collection[str] | None = None,
        limit: int | None = None,
        source: str | None = None,
        key: str | None = None,
        ids: Collection[str] | None = None,
    ) -> list[dict[str, Any]]:
        """Fixes with check, fix, kind and source of their plan: of one plan in its order, else the newest first.

        `before` may be large and stands only in `fix()`.
        """
        query = self._fixes_query(with_before=False)
        if plan_id is not None:
            query = query.where(_fixes.c.plan_id == plan_id).order_by(_fixes.c.position)
        else:
            query = query.order_by(_plans.c.created_at.desc(), _fixes.c.position)
        if (states := bulk.as_list(state)) is not None:
            query = query.where(_fixes.c.state.in_(states))
        if source is not None:
            query = query.where(_plans.c.source == source)
        if key is not None:
            query = query.where(_fixes.c.key == key)
        if ids is not None:
            with reading(self.engine) as connection:
                chosen = query.where(bulk.among(connection, _fixes.c.id, ids))
                return [dict(row) for row in connection.execute(chosen).mappings()]
        return self._all(query if limit is None else query.limit(limit))

    def fix(self, fix_id: str) -> dict[str, Any] | None:
        """One fix, with `before`."""
        return self._one(self._fixes_query(with_before=True).where(_fixes.c.id == fix_id))

    def steps(self, fix_id: str) -> list[dict[str, Any]]:
        """The steps of one fix, in order."""
        return self.steps_of([fix_id])[fix_id]

    def steps_of(self, fix_ids: Collection[str]) -> dict[str, list[dict[str, Any]]]:
        """The steps of many fixes."""
        found: dict[str, list[dict[str, Any]]] = {fix_id: [] for fix_id in fix_ids}
        with reading(self.engine) as connection:
            query = sa.select(_steps).where(bulk.among(connection, _steps.c.fix_id, found))
            for step in connection.execute(query.order_by(_steps.c.fix_id, _steps.c.number)).mappings():
                found[step["fix_id"]].append(dict(step))
        return found

    def claim(
        self,
        fix_id: str,
        worker: str,
        by: str,
        now: datetime,
        *,
        stale_after: timedelta = STALE,
        gone: Collection[str] = (),
    ) -> bool:
        """Takes a fix that nobody holds: planned, needing attention, or left by a dead worker. False: it is taken.

        `gone`: workers that are known to be dead, however lately they gave a sign. One key of a source is fixed by one fix at a time: none is taken while a living worker has another one of it, and
        none is begun while another one of it is unfinished.
        """
        stale = now - stale_after

        def dead(fixes: sa.FromClause) -> sa.ColumnElement[bool]:
            left = sa.or_(fixes.c.heartbeat_at < stale, fixes.c.worker.in_(list(gone)))
            return sa.and_(fixes.c.state == "running", left)

        free = sa.or_(_fixes.c.state.in_(("planned", "needs_attention")), dead(_fixes))
        other, its_plan = _fixes.alias("other"), _plans.alias("its_plan")
        in_the_way = sa.or_(
            sa.and_(other.c.state == "running", ~dead(other)),
            # two that are unfinished already must not wait for each other
            sa.and_(other.c.state.in_(("running", "needs_attention")), _fixes.c.state == "planned"),
        )
        its_source = sa.select(_plans.c.source).where(_plans.c.id == _fixes.c.plan_id).scalar_subquery()
        blocked = sa.exists().where(
            other.c.key == _fixes.c.key,
            other.c.id != _fixes.c.id,
            its_plan.c.id == other.c.plan_id,
            its_plan.c.source == its_source.correlate(_fixes),
            in_the_way,
        )
        taking = (
            sa.update(_fixes)
            .where(_fixes.c.id == fix_id, free, ~blocked)
            .values(
                state="running",
                worker=worker,
                by=by,
                heartbeat_at=now,
                started_at=sa.func.coalesce(_fixes.c.started_at, sa.bindparam("now", now, tables.Moment)),
                finished_at=None,
            )
        )
        key = sa.select(_fixes.c.key).where(_fixes.c.id == fix_id).scalar_subquery()
        with writing(self.engine) as connection:
            # PostgreSQL lets two updates of different rows pass each other: all fixes of the key are locked first
            connection.execute(
                sa.select(_fixes.c.id).where(_fixes.c.key == key).order_by(_fixes.c.id).with_for_update()
            ).all()
            return connection.execute(taking).rowcount == 1

    def heartbeat(self, fix_id: str, worker: str, now: datetime) -> bool:
        """Says that the worker lives; False when another one took the fix over."""
        held = sa.and_(_fixes.c.id == fix_id, _fixes.c.worker == worker, _fixes.c.state == "running")
        return self._touched(sa.update(_fixes).where(held).values(heartbeat_at=now))

    def finish(
        self, fix_id: str, state: str, message: str | None, now: datetime, worker: str | None = None
    ) -> bool:
        """Ends a fix. `planned` gives it back untouched. With `worker`: only while that one still holds it.

        One that undoes another, when it is done, makes that one `undone` in the same moment.
        """
        query = sa.update(_fixes).where(_fixes.c.id == fix_id)
        if worker is not None:
            query = query.where(_fixes.c.worker == worker, _fixes.c.state == "running")
        values: dict[str, Any] = {"state": state, "message": message, "finished_at": now}
        if state == "planned":
            values = {**values, "finished_at": None, "started_at": None, "worker": None, "heartbeat_at": None}
        with writing(self.engine) as connection:
            if connection.execute(query.values(**values)).rowcount != 1:
                return False
            if state == "done":
                undone = sa.select(_fixes.c.undoes).where(_fixes.c.id == fix_id).scalar_subquery()
                connection.execute(sa.update(_fixes).where(_fixes.c.id == undone).values(state="undone"))
            return True

    def leave(self, fix_id: str, message: str, by: str, now: datetime) -> bool:
        """A fix that needs attention ends as `failed`, in one write; False when it did not need any."""
        left = sa.and_(_fixes.c.id == fix_id, _fixes.c.state == "needs_attention")
        values = {"state": "failed", "message": message, "by": by, "finished_at": now}
        return self._touched(sa.update(_fixes).where(left).values(**values))

    def states(self, plan_id: str) -> dict[str, int]:
        """How many fixes of a plan are in which state: what a page asks every second."""
        query = sa.select(_fixes.c.state, sa.func.count()).where(_fixes.c.plan_id == plan_id)
        with reading(self.engine) as connection:
            return {row[0]: row[1] for row in connection.execute(query.group_by(_fixes.c.state))}

    def stop(self, plan_id: str, now: datetime) -> None:
        """A person stopped the plan: meant for every worker that was at it, or waited to be, at that moment."""
        self._touched(sa.update(_plans).where(_plans.c.id == plan_id).values(stopped_at=now))

    def discard(self, plan_id: str) -> bool:
        """Takes a plan away of which nothing was begun; False when there is none, or something was."""
        begun = sa.exists().where(_fixes.c.plan_id == _plans.c.id, _fixes.c.state != "planned")
        return self._touched(sa.delete(_plans).where(_plans.c.id == plan_id, ~begun))

    def note(self, fix_ids: Collection[str], message: str | None) -> None:
        """Says of fixes that are still planned why they were not begun; None takes an older reason back."""
        with writing(self.engine) as connection:
            waiting = sa.and_(bulk.among(connection, _fixes.c.id, fix_ids), _fixes.c.state == "planned")
            connection.execute(sa.update(_fixes).where(waiting).values(message=message))

    def add_step(
        self,
        fix_id: str,
        number: int,
        kind: str,
        title: str,
        request: dict[str, Any],
        compensation: list[dict[str, Any]],
        state: str,
        at: datetime | None = None,
        by: str | None = None,
    ) -> None:
        """Adds a step that the plan did not foresee, e.g. of putting back."""
        with writing(self.engine) as connection:
            connection.execute(
                sa.insert(_steps).values(
                    fix_id=fix_id,
                    number=number,
                    kind=kind,
                    title=title,
                    request=request,
                    compensation=compensation,
                    state=state,
                    at=at,
                    by=by,
                )
            )

    def update_step(
        self,
        fix_id: str,
        number: int,
        state: str,
        answer: str | None,
        at: datetime,
        by: str | None = None,
    ) -> None:
        """A step's new state; an `answer` or `by` of None leaves what stands there."""
        given = {"answer": answer, "by": by}
        values = {"state": state, "at": at} | {name: one for name, one in given.items() if one is not None}
        with writing(self.engine) as connection:
            connection.execute(
                sa.update(_steps).where(_steps.c.fix_id == fix_id, _steps.c.number == number).values(**values)
            )

    def put_blob(self, data: bytes) -> str:
        """Keeps bytes under their SHA-256 and returns it; the same bytes twice are kept once."""
        sha256 = hashlib.sha256(data).hexdigest()
        insert = postgresql.insert if self.engine.dialect.name == "postgresql" else sqlite.insert
        with writing(self.engine) as connection:
            kept = insert(_blobs).values(sha256=sha256, data=data, at=datetime.now(UTC))
            # one that is there may have been given long ago: it counts from now on
            again = kept.on_conflict_do_update(index_elements=["sha256"], set_={"at": kept.excluded.at})
            connection.execute(again)
        return sha256

    def blob(self, sha256: str) -> bytes:
        """The bytes kept under that name; KeyError when there are none."""
        found = self._one(sa.select(_blobs.c.data).where(_blobs.c.sha256 == sha256))
        if found is None:
            raise KeyError(sha256)
        return bytes(found["data"])

    def _fixes_query(self, *, with_before: bool) -> sa.Select[Any]:
        columns = [column for column in _fixes.c if with_before or column.name != "before"]
        joined = sa.select(*columns, _plans.c.check, _plans.c.fix, _plans.c.source, _plans.c.kind)
        return joined.join(_plans, _plans.c.id == _fixes.c.plan_id)

    def _touched(self, query: sa.Update | sa.Delete) -> bool:
        with writing(self.engine) as connection:
            return connection.execute(query).rowcount == 1

    def _one(self, query: sa.Select[Any]) -> dict[str, Any] | None:
        with reading(self.engine) as connection:
            row = connection.execute(query).mappings().first()
        return None if row is None else dict(row)

    def _all(self, query: sa.Select[Any]) -> list[dict[str, Any]]:
        with reading(self.engine) as connection:
            return [dict(row) for row in connection.execute(query).mappings()]
