"""Makes and loads plans: frozen keys, per key the requests, what they cost, and all that is needed to put it back.

Planning reads the live shop (lists once for the whole plan, single products several at once) and changes nothing outside
the store.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from checks.errors import CredentialsRefused, PlanUnusable, SourceError, Unreachable, UsageError
from checks.fixes.catalogue import fix_for
from checks.fixes.model import Fix, NotPlanned, Plan, PlanItem, Planned
from checks.fixes.shop import Shop
from checks.fixes.trail import as_step, now
from checks.progress import Progress
from checks.settings import OrestoSource, Settings
from checks.sources.http import Request
from checks.store import FixRecord, PlanRecord, StepRecord, Store

Result = Planned | NotPlanned


def make_plan(
    store: Store,
    settings: Settings,
    check: str,
    *,
    keys: Collection[str] | None,
    source: str | None = None,
    by: str,
    options: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> Plan:
    """Plans the fix of `check` for its open findings, all or those of `keys`, and keeps the plan.

    Raises:
        UsageError: the check has no fix; an option it does not know; the findings are of several sources.
        PlanUnusable: there is no open finding to plan for.
        SettingsError: no such source. SourceError: the shop cannot be read. Stopped: a person asked to stop.
    """
    fix = fix_for(check)
    unknown = sorted(set(options or {}) - set(fix.options))
    if unknown:
        raise UsageError(
            f"{fix.id} has no option {unknown[0]!r}. Its options: {', '.join(fix.options) or 'none'}."
        )
    wanted = None if keys is None else list(dict.fromkeys(keys))
    found = store.findings(check=check, source=source, key=wanted)
    if found.is_empty():
        which = "" if wanted is None else f" for {', '.join(wanted[:5])}"
        raise PlanUnusable(
            f"There is no open finding of {check}{which}: nothing to plan. A health check looks anew."
        )
    sources = found["source"].unique().sort().to_list()
    if len(sources) > 1:
        raise UsageError(f"There are findings of {check} in {', '.join(sources)}: name one source.")
    settings_of_source = settings.source(sources[0])
    findings = dict(zip(found["key"], found["id"], strict=True))
    chosen = sorted(findings) if wanted is None else [key for key in wanted if key in findings]
    missing = [NotPlanned(key, _NO_FINDING) for key in wanted or () if key not in findings]
    blocked = _blocked(store, fix, settings_of_source.name)
    waiting = [NotPlanned(key, blocked[key]) for key in chosen if key in blocked]
    free = [key for key in chosen if key not in blocked]

    with Shop(settings_of_source, store.journal.blob, progress) as shop:
        results = fix.settle(_plan_all(store, fix, shop, free, progress or Progress()))
    not_planned = [*missing, *waiting, *(one for one in results if isinstance(one, NotPlanned))]
    latest = store.latest_run()
    record = PlanRecord(
        id=uuid.uuid4().hex,
        fix=fix.id,
        check=check,
        source=settings_of_source.name,
        created_at=now(),
        created_by=by,
        run_id=None if latest is None else latest["id"],
        options=dict(options or {}),
        not_planned=[{"key": one.key, "reason": one.reason} for one in not_planned],
        fixes=tuple(
            _record(fix, settings_of_source, one, findings[one.key])
            for one in results
            if isinstance(one, Planned)
        ),
    )
    store.journal.add_plan(record)
    notes = (_READ_ONLY.format(settings_of_source.name),) if settings_of_source.read_only else ()
    return _plan(vars(record), [_row(one) for one in record.fixes], notes)


def load_plan(store: Store, plan_id: str) -> Plan:
    """A kept plan. Raises PlanUnusable when there is none of that id."""
    row = store.journal.plan(plan_id)
    if row is None:
        raise PlanUnusable(f"There is no plan {plan_id}. `keurmeester fix list` shows what there is.")
    fixes = store.journal.fixes(plan_id=plan_id)
    steps = store.journal.steps_of([fix["id"] for fix in fixes])
    return _plan(row, [{**fix, "steps": steps[fix["id"]]} for fix in fixes])


_NO_FINDING = "There is no open finding for it: fixed already, or not there at the last health check. Run one to look anew."
_UNFINISHED = "Plan {} has not finished with it: apply that plan again first."
_READ_ONLY = (
    "The settings say read_only = true for {}: this plan can be looked at, applying it will be refused."
)


def _blocked(store: Store, fix: Fix, source: str) -> dict[str, str]:
    """Keys that may not be planned for what the store knows of them, with the reason."""
    blocked: dict[str, str] = {}
    for check, reason in fix.not_with.items():
        blocked |= dict.fromkeys(store.findings(check=check, source=source)["key"], reason)
    begun = store.journal.fixes(state=("running", "needs_attention"), source=source)
    return blocked | {row["key"]: _UNFINISHED.format(row["plan_id"]) for row in begun}


def _plan_all(store: Store, fix: Fix, shop: Shop, keys: list[str], progress: Progress) -> list[Result]:
    survey = fix.survey(shop, keys) if keys else None
    results: list[Result] = []
    pool = ThreadPoolExecutor(shop.source.max_connections)
    try:
        for result in pool.map(lambda key: _plan_one(fix, shop, survey, key), keys):
            progress.check_stop()
            if isinstance(result, Planned):
                for picture in result.pictures:
                    store.journal.put_blob(picture)
            results.append(result)
            progress.step(shop.source.name, f"Plan: {fix.title}", len(results), len(keys))
    finally:
        pool.shutdown(cancel_futures=True)
    return results


def _plan_one(fix: Fix, shop: Shop, survey: Any, key: str) -> Result:
    try:
        return fix.plan(shop, survey, key)
    except (Unreachable, CredentialsRefused):
        raise  # the others would fare no better
    except SourceError as error:
        return NotPlanned(key, f"It could not be read ({error}) Plan it again later.")


def _record(fix: Fix, source: OrestoSource, planned: Planned, finding_id: str) -> FixRecord:
    steps = tuple(
        StepRecord("do", call.title, as_step(call.request), [as_step(one) for one in goal.compensation])
        for goal in fix.forward(planned.before, source)
        for call in goal.calls()
    )
    return FixRecord(
        id=uuid.uuid4().hex,
        key=planned.key,
        title=planned.title,
        klass=planned.klass,
        finding_id=finding_id,
        before=planned.before,
        consequences=list(planned.consequences),
        steps=steps,
    )


def _row(record: FixRecord) -> dict[str, Any]:
    return {**vars(record), "steps": [vars(step) for step in record.steps]}


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
            )
            for fix in fixes
        ),
        not_planned=tuple((one["key"], one["reason"]) for one in row["not_planned"]),
        created_at=row["created_at"],
        created_by=row["created_by"],
        notes=notes,
    )


def _requests(steps: Iterable[Mapping[str, Any]]) -> tuple[Request, ...]:
    """What the plan sends: the steps forward, without the repetitions that applying may have added."""
    found: list[Request] = []
    for step in steps:
        request = Request.from_json(step["request"])
        if step["kind"] == "do" and request not in found:
            found.append(request)
    return tuple(found)
