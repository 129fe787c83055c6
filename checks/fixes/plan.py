"""Makes plans: frozen keys, per key the requests, what they cost, and all that is needed to put it back.

Planning reads the live shop (lists once for the whole plan, single products several at once) and changes nothing outside
the store. Undoing is planned like anything else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from checks import people
from checks.errors import PlanUnusable, UsageError
from checks.fixes import planning
from checks.fixes.apply import findings_of
from checks.fixes.catalogue import FIXES, fix_for
from checks.fixes.model import Fix, NotPlanned, Plan, Task
from checks.fixes.planning import About
from checks.fixes.undo import Undo, why_not
from checks.people import Person
from checks.progress import Progress
from checks.settings import Settings
from checks.store import Store


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
    blocked = planning.blocked(store, fix, settings_of_source.name)
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
    results = planning.results(store, fix, settings_of_source, tasks, progress or Progress())
    about = About(check, "all" if wanted is None or safe_only else "keys", by.name, options or {})
    return planning.keep(store, fix, settings_of_source, about, tasks, results, [*missing, *waiting])


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
    blocked = planning.blocked(store, None, source.name)
    waiting = [NotPlanned(key, blocked[key]) for key in newest if key in blocked]
    tasks = [
        Task(key, tuple({"id": finding} for finding in findings_of(row)))
        for key, row in newest.items()
        if key not in blocked
    ]
    results = planning.results(store, undo, source, tasks, progress or Progress(), newest)
    about = About(
        rows[0]["check"], "keys", by.name, {}, "undo", {key: row["id"] for key, row in newest.items()}
    )
    return planning.keep(store, undo, source, about, tasks, results, [*left, *waiting])


def undo_refusal(store: Store, row: Mapping[str, Any]) -> str | None:
    """Why a fix of the journal cannot be undone, from what is known without asking the shop; None when it may be tried."""
    full = store.journal.fix(row["id"])
    return "It is not in the journal any more." if full is None else why_not(full, _known(full["fix"]))


_NEWER_FIRST = "A newer repair of it is undone first: plan this one again after that."
_NO_FINDING = "There is no open finding for it: fixed already, or not there at the last health check. Run one to look anew."


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
