"""Makes plans: frozen keys, per key the requests, what they cost, and all that is needed to put it back.

Planning reads the live shop (lists once for the whole plan, single products several at once) and changes nothing outside
the store. Undoing is planned like anything else.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Literal

from checks import people
from checks.errors import CredentialsRefused, PlanUnusable, SourceError, Unreachable, UsageError
from checks.fixes.apply import BEGUN, findings_of
from checks.fixes.catalogue import FIXES, fix_for
from checks.fixes.model import Fix, NotPlanned, Plan, Planned, Task
from checks.fixes.plan_records import fix_record, plan_of
from checks.fixes.shop import Shop
from checks.fixes.trail import now
from checks.fixes.undo import Undo, why_not
from checks.people import Person
from checks.progress import Progress
from checks.settings import Settings
from checks.settings_sources import OrestoSource
from checks.store import PlanRecord, Store

Result = Planned | NotPlanned


def make_plan(
    store: Store,
    settings: Settings,
    check: str,
    *,
    keys: Collection[str] | None,
    source: str | None = None,
    by: Person,
    options: Mapping[str, str] | None = None,
    each: Mapping[str, Mapping[str, str]] | None = None,
    progress: Progress | None = None,
    safe_only: bool = False,
) -> Plan:
    """Plans the fix of `check` for its open findings, all or those of `keys`, and keeps the plan.

    Args:
        options: what the fix needs from a person, by the names of its inputs, for all keys.
        each: the same for single keys, by key; it goes before `options`.
        safe_only: of `keys` too only what is safe is begun unless a person says otherwise, as where they said all.

    Raises:
        NotAllowed: this person may not.
        UsageError: the check has no fix; an option it does not know; the findings are of several sources.
        PlanUnusable: there is no open finding to plan for.
        SettingsError: no such source. SourceError: the shop cannot be read. Stopped: a person asked to stop.
    """
    people.require(settings, by, "fixer", "plan fixes")
    fix = fix_for(check)
    for given in (options or {}, *(each or {}).values()):
        fix.check_options(given)
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
    settings_of_source = settings.shop(sources[0])
    findings = _by_key(found.iter_rows(named=True))
    chosen = sorted(findings) if wanted is None else [key for key in wanted if key in findings]
    missing = [NotPlanned(key, _NO_FINDING) for key in wanted or () if key not in findings]
    blocked = _blocked(store, fix, settings_of_source.name)
    waiting = [NotPlanned(key, blocked[key]) for key in chosen if key in blocked]
    related = _related(store, fix, check, settings_of_source.name, chosen)
    tasks = [
        Task(
            key,
            tuple(findings[key]),
            tuple(related.get(key, ())),
            {**(options or {}), **(each or {}).get(key, {})},
            tuple(settings.checks.languages),
        )
        for key in chosen
        if key not in blocked
    ]
    results = _results(store, fix, settings_of_source, tasks, progress or Progress())
    about = _About(check, "all" if wanted is None or safe_only else "keys", by.name, options or {})
    return _keep(store, fix, settings_of_source, about, tasks, results, [*missing, *waiting])


def plan_undo(
    store: Store,
    settings: Settings,
    fix_ids: Collection[str],
    *,
    by: Person,
    progress: Progress | None = None,
) -> Plan:
    """Plans to undo fixes that were done: a plan like any other, applied by `apply_plan`.

    All must be of one fix and one source. Of two on one key only the newer is undone first.

    Raises:
        NotAllowed: this person may not. PlanUnusable: none of them is in the journal.
        UsageError: they are of several fixes or sources. SourceError: the shop cannot be read.
    """
    people.require(settings, by, "fixer", "undo fixes")
    rows = [row for fix_id in dict.fromkeys(fix_ids) if (row := store.journal.fix(fix_id)) is not None]
    if not rows:
        raise PlanUnusable(
            f"There is no fix {', '.join(fix_ids)}. `keurmeester fix list` shows what there is."
        )
    kinds = sorted({(row["fix"], row["source"]) for row in rows})
    if len(kinds) > 1:
        named = ", ".join(f"{fix} in {source}" for fix, source in kinds)
        raise UsageError(f"These are of several kinds ({named}): undo one kind at a time.")
    source = settings.shop(rows[0]["source"])
    undo = Undo(_known(rows[0]["fix"]), source)
    newest: dict[str, dict[str, Any]] = {}
    left = []
    for row in sorted(
        rows, key=lambda row: (row["finished_at"] is not None, row["finished_at"]), reverse=True
    ):
        if row["key"] in newest:
            left.append(NotPlanned(row["key"], _NEWER_FIRST))
        else:
            newest[row["key"]] = row
    blocked = _blocked(store, None, source.name)
    waiting = [NotPlanned(key, blocked[key]) for key in newest if key in blocked]
    tasks = [
        Task(key, tuple({"id": finding} for finding in findings_of(row)))
        for key, row in newest.items()
        if key not in blocked
    ]
    results = _results(store, undo, source, tasks, progress or Progress(), newest)
    about = _About(
        rows[0]["check"], "keys", by.name, {}, "undo", {key: row["id"] for key, row in newest.items()}
    )
    return _keep(store, undo, source, about, tasks, results, [*left, *waiting])


def undo_refusal(store: Store, row: Mapping[str, Any]) -> str | None:
    """Why a fix of the journal cannot be undone, from what is known without asking the shop; None when it may be tried."""
    full = store.journal.fix(row["id"])
    return "It is not in the journal any more." if full is None else why_not(full, _known(full["fix"]))


_NEWER_FIRST = "A newer repair of it is undone first: plan this one again after that."
_NO_FINDING = "There is no open finding for it: fixed already, or not there at the last health check. Run one to look anew."
_UNFINISHED = "Plan {} has not finished with it: apply that plan again first."
_READ_ONLY = (
    "The settings say read_only = true for {}: this plan can be looked at, applying it will be refused."
)


@dataclass(frozen=True)
class _About:
    """What a plan is about, beside its keys."""

    check: str
    scope: Literal["keys", "all"]
    by: str
    options: Mapping[str, str]
    kind: Literal["do", "undo"] = "do"
    undoes: Mapping[str, str] = field(default_factory=dict)  # key -> the fix that is undone


def _keep(
    store: Store,
    fix: Fix,
    source: OrestoSource,
    about: _About,
    tasks: Sequence[Task],
    results: Sequence[Result],
    left: Sequence[NotPlanned],
) -> Plan:
    """Writes the plan into the journal."""
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


def _known(fix_id: str) -> Fix:
    if fix_id not in FIXES:
        raise PlanUnusable(f"This program does not have the fix {fix_id}.")
    return FIXES[fix_id]


def _by_key(rows: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["key"], []).append(row)
    return found


def _related(
    store: Store, fix: Fix, check: str, source: str, keys: Collection[str]
) -> dict[str, list[dict[str, Any]]]:
    """Open findings on the same keys that the fix may repair along."""
    found: dict[str, list[dict[str, Any]]] = {}
    for other in fix.checks:
        if other != check:
            for key, rows in _by_key(
                store.findings(check=other, source=source).iter_rows(named=True)
            ).items():
                found.setdefault(key, []).extend(rows)
    return {key: found[key] for key in keys if key in found}


def _blocked(store: Store, fix: Fix | None, source: str) -> dict[str, str]:
    """Keys that may not be planned for what the store knows of them, with the reason."""
    blocked: dict[str, str] = {}
    for check, reason in fix.not_with.items() if fix is not None else ():
        blocked |= dict.fromkeys(store.findings(check=check, source=source)["key"], reason)
    begun = store.journal.fixes(state=BEGUN, source=source)
    return blocked | {row["key"]: _UNFINISHED.format(row["plan_id"]) for row in begun}


def _results(
    store: Store,
    fix: Fix,
    source: OrestoSource,
    tasks: Sequence[Task],
    progress: Progress,
    survey: Any = None,
) -> list[Result]:
    with Shop(source, store.journal.blob, progress) as shop:
        return fix.settle(_plan_all(store, fix, shop, tasks, progress, survey))


def _plan_all(
    store: Store, fix: Fix, shop: Shop, tasks: Sequence[Task], progress: Progress, survey: Any
) -> list[Result]:
    if survey is None:
        survey = fix.survey(shop, tasks) if tasks else None
    results: list[Result] = []
    pool = ThreadPoolExecutor(shop.source.max_connections)
    try:
        for result in pool.map(lambda task: _plan_one(fix, shop, survey, task), tasks):
            progress.check_stop()
            if isinstance(result, Planned):
                for picture in result.pictures:
                    store.journal.put_blob(picture)
            results.append(result)
            progress.step(shop.source.name, f"Plan: {fix.title}", len(results), len(tasks))
    finally:
        pool.shutdown(cancel_futures=True)
    return results


def _plan_one(fix: Fix, shop: Shop, survey: Any, task: Task) -> Result:
    try:
        return fix.plan(shop, survey, task)
    except (Unreachable, CredentialsRefused):
        raise  # the others would fare no better
    except SourceError as error:
        return NotPlanned(task.key, f"It could not be read ({error}) Plan it again later.")
