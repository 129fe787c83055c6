"""From what was planned to the journal's rows, and from those to a plan as people see it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from checks.errors import PlanUnusable
from checks.fixes.model import Fix, Plan, PlanItem, Planned, Task
from checks.fixes.trail import as_step
from checks.settings_sources import OrestoSource
from checks.sources.request import Request
from checks.store import FixRecord, PlanRecord, StepRecord, Store


def load_plan(store: Store, plan_id: str) -> Plan:
    """A kept plan. Raises PlanUnusable when there is none of that id."""
    row = store.journal.plan(plan_id)
    if row is None:
        raise PlanUnusable(f"There is no plan {plan_id}. `keurmeester fix list` shows what there is.")
    fixes = store.journal.fixes(plan_id=plan_id)
    steps = store.journal.steps_of([fix["id"] for fix in fixes])
    return _plan(row, [{**fix, "steps": steps[fix["id"]]} for fix in fixes])


def plan_of(record: PlanRecord, notes: tuple[str, ...] = ()) -> Plan:
    """A plan that was just written."""
    fixes = ({**vars(fix), "steps": [vars(step) for step in fix.steps]} for fix in record.fixes)
    return _plan(vars(record), fixes, notes)


def fix_record(fix: Fix, source: OrestoSource, planned: Planned, task: Task, undoes: str | None) -> FixRecord:
    """One key of a plan as the journal keeps it."""
    steps = tuple(
        StepRecord("do", call.title, as_step(call.request), [as_step(one) for one in goal.compensation])
        for goal in fix.forward(planned.before, source)
        for call in goal.calls()
    )
    findings = (
        tuple(finding["id"] for finding in task.findings) if planned.repairs is None else planned.repairs
    )
    return FixRecord(
        id=uuid.uuid4().hex,
        key=planned.key,
        title=planned.title,
        klass=planned.klass,
        finding_id=findings[0] if findings else None,
        before=planned.before,
        consequences=list(planned.consequences),
        steps=steps,
        finding_ids=findings,
        lost=planned.lost,
        undo=planned.undo or None,
        undoes=undoes,
    )


def _plan(row: Mapping[str, Any], fixes: Iterable[Mapping[str, Any]], notes: tuple[str, ...] = ()) -> Plan:
    return Plan(
        id=row["id"],
        fix=row["fix"],
        check=row["check"],
        source=row["source"],
        items=tuple(
            PlanItem(
                key=fix["key"],
                title=fix["title"],
                klass=fix["klass"],
                requests=_requests(fix["steps"]),
                consequences=tuple(fix["consequences"]),
                finding_id=fix["finding_id"],
                fix_id=fix["id"],
                lost=tuple(fix["lost"]),
                undo=fix["undo"],
                compensation=_compensation(fix["steps"]),
            )
            for fix in fixes
        ),
        not_planned=tuple((one["key"], one["reason"]) for one in row["not_planned"]),
        created_at=row["created_at"],
        created_by=row["created_by"],
        notes=notes,
        kind=row["kind"],
        scope=row["scope"],
    )


def _requests(steps: Iterable[Mapping[str, Any]]) -> tuple[Request, ...]:
    """What the plan sends: the steps forward, without the repetitions that applying may have added."""
    found: list[Request] = []
    for step in steps:
        request = Request.from_json(step["request"])
        if step["kind"] == "do" and request not in found:
            found.append(request)
    return tuple(found)


def _compensation(steps: Iterable[Mapping[str, Any]]) -> tuple[Request, ...]:
    """What undoes it, the last step first."""
    found: list[Request] = []
    for step in reversed([step for step in steps if step["kind"] == "do"]):
        undo = [Request.from_json(one) for one in step["compensation"]]
        found += [one for one in undo if one not in found]
    return tuple(found)
