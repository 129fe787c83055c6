"""What all ways to a plan share: planning every key at once, what blocks one, and writing the plan into the journal."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Literal

from checks.errors import CredentialsRefused, SourceError, Unreachable
from checks.fixes.apply import BEGUN
from checks.fixes.model import Fix, NotPlanned, Plan, Planned, Task
from checks.fixes.plan_records import fix_record, plan_of
from checks.fixes.shop import Shop
from checks.fixes.trail import now
from checks.progress import Progress
from checks.settings_sources import OrestoSource
from checks.store import PlanRecord, Store

Result = Planned | NotPlanned

_UNFINISHED = "Plan {} has not finished with it: apply that plan again first."
_READ_ONLY = (
    "The settings say read_only = true for {}: this plan can be looked at, applying it will be refused."
)


@dataclass(frozen=True)
class About:
    """What a plan is about, beside its keys. `undoes`: key -> the fix that is undone."""

    check: str
    scope: Literal["keys", "all"]
    by: str
    options: Mapping[str, str]
    kind: Literal["do", "undo"] = "do"
    undoes: Mapping[str, str] = field(default_factory=dict)


def keep(
    store: Store,
    fix: Fix,
    source: OrestoSource,
    about: About,
    tasks: Sequence[Task],
    results: Sequence[Result],
    left: Sequence[NotPlanned],
) -> Plan:
    """Writes the plan into the journal. `left`: keys that were never asked about."""
    not_planned = [*left, *(one for one in results if isinstance(one, NotPlanned))]
    latest = store.latest_run()
    by_key = {task.key: task for task in tasks}
    record = PlanRecord(
        id=uuid.uuid4().hex,
        fix=fix.id,
        check=about.check,
        source=source.name,
        created_at=now(),
        created_by=about.by,
        run_id=None if latest is None else latest["id"],
        options=dict(about.options),
        not_planned=[{"key": one.key, "reason": one.reason} for one in not_planned],
        fixes=tuple(
            fix_record(fix, source, one, by_key[one.key], about.undoes.get(one.key))
            for one in results
            if isinstance(one, Planned)
        ),
        kind=about.kind,
        scope=about.scope,
    )
    store.journal.add_plan(record)
    notes = (_READ_ONLY.format(source.name),) if source.read_only else ()
    return plan_of(record, notes)


def blocked(store: Store, fix: Fix | None, source: str) -> dict[str, str]:
    """Keys that may not be planned for what the store knows of them, with the reason."""
    found: dict[str, str] = {}
    for check, reason in fix.not_with.items() if fix is not None else ():
        found |= dict.fromkeys(store.findings(check=check, source=source)["key"], reason)
    begun = store.journal.fixes(state=BEGUN, source=source)
    return found | {row["key"]: _UNFINISHED.format(row["plan_id"]) for row in begun}


def results(
    store: Store,
    fix: Fix,
    source: OrestoSource,
    tasks: Sequence[Task],
    progress: Progress,
    survey: Any = None,
) -> list[Result]:
    """What planning each task gives, in their order. `survey`: where it need not be read."""
    with Shop(source, store.journal.blob, progress) as shop:
        return fix.settle(_plan_all(store, fix, shop, tasks, progress, survey))


def _plan_all(
    store: Store, fix: Fix, shop: Shop, tasks: Sequence[Task], progress: Progress, survey: Any
) -> list[Result]:
    if survey is None:
        survey = fix.survey(shop, tasks) if tasks else None
    found: list[Result] = []
    pool = ThreadPoolExecutor(shop.source.max_connections)
    try:
        for result in pool.map(lambda task: _plan_one(fix, shop, survey, task), tasks):
            progress.check_stop()
            if isinstance(result, Planned):
                for picture in result.pictures:
                    store.journal.put_blob(picture)
            found.append(result)
            progress.step(shop.source.name, f"Plan: {fix.title}", len(found), len(tasks))
    finally:
        pool.shutdown(cancel_futures=True)
    return found


def _plan_one(fix: Fix, shop: Shop, survey: Any, task: Task) -> Result:
    try:
        return fix.plan(shop, survey, task)
    except (Unreachable, CredentialsRefused):
        raise  # the others would fare no better
    except SourceError as error:
        said = fix.told({}, f"It could not be read ({error})")
        return NotPlanned(task.key, f"{said} Plan it again later.")
