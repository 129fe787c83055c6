"""Applies a plan: one key after the other, each claimed first, so that two processes never do the same one.

Whatever was left unfinished (a killed program, a server that went away) is carried on by applying the plan again, by
`resume`, or by itself at the next start (`settle`). Stopping takes effect after the key under way; Ctrl+C cuts that one
off, and it can be carried on at once.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from typing import Any

from checks import people
from checks.errors import KeurmeesterError, PlanUnusable, Stopped
from checks.fixes.catalogue import FIXES
from checks.fixes.engine import Ending, Undertaking
from checks.fixes.leave import Leave
from checks.fixes.model import CLASSES, Fix, Klass
from checks.fixes.outcomes import PACE, ClaimLost, Pace
from checks.fixes.shop import Shop
from checks.fixes.trail import Trail, cut_off, now
from checks.fixes.undo import Undo
from checks.fixes.worker import Failures, Turn, are_gone
from checks.heartbeat import Heartbeat
from checks.people import Person
from checks.progress import Progress
from checks.settings import Settings
from checks.settings_sources import OrestoSource
from checks.store import Store

Row = dict[str, Any]

_log = logging.getLogger(__name__)

#: States that applying may still change.
UNFINISHED = ("planned", "needs_attention", "running")
BEGUN = ("running", "needs_attention")


def apply_plan(
    store: Store,
    settings: Settings,
    plan_id: str,
    *,
    by: Person,
    classes: Collection[Klass] | None = None,
    progress: Progress | None = None,
    pace: Pace = PACE,
) -> list[Row]:
    """Carries out every fix of the plan that is not finished; the rows of the journal afterwards, in the plan's order.

    `classes`: only those are begun; None: all of a plan whose keys a person named, the safe ones of a plan for all.
    Keys that fail do not stop the others, until more than `pace.failing_share` of them failed. After some keys in a row
    that could not even be read, the rest stays `planned` too, with a message. Where another worker is at work on the
    source, it waits for it.

    Raises:
        NotAllowed: this person may not.
        PlanUnusable: there is no such plan.
        ReadOnlySource: the settings forbid writing to its source.
        SettingsError: the source of the plan is not in the settings any more.
        KeyboardInterrupt: as it came; the key under way was given back first, with what is known of its state.
    """
    people.require(settings, by, "fixer", "apply fixes")
    plan = store.journal.plan(plan_id)
    if plan is None:
        raise PlanUnusable(f"There is no plan {plan_id}. `keurmeester fix list` shows what there is.")
    chosen = default_classes(plan) if classes is None else classes
    _carry_out(store, settings, plan, UNFINISHED, by.name, progress or Progress(), pace, chosen, by)
    return store.journal.fixes(plan_id=plan_id)


def default_classes(plan: Row) -> Sequence[Klass]:
    """What is begun of a plan unless a person says otherwise: *all* means all that is safe."""
    return ("safe",) if plan["scope"] == "all" and plan["kind"] == "do" else CLASSES


def resume(
    store: Store,
    settings: Settings,
    *,
    by: Person,
    fix_id: str | None = None,
    progress: Progress | None = None,
    pace: Pace = PACE,
) -> list[Row]:
    """Carries on all fixes, of any plan, that were begun and not finished (or the one of `fix_id`); their rows afterwards.

    Begins none anew. Raises NotAllowed when this person may not.
    """
    people.require(settings, by, "fixer", "go on with fixes")
    begun = [row for row in store.journal.fixes(state=BEGUN) if fix_id in (None, row["id"])]
    return _carry_on(store, settings, begun, by, progress or Progress(), pace)


def settle(
    store: Store, settings: Settings, *, progress: Progress | None = None, pace: Pace = PACE
) -> list[Row]:
    """What every start does by itself: fixes that a killed program left in the middle are completed or put back.

    Asks nobody: who began them was allowed to, and they go on in that name. What is not certain becomes *needs
    attention*. Sources that cannot be written to are left alone. Gives the rows afterwards.
    """
    known = {source.name for source in settings.sources if not source.read_only}
    running = [row for row in store.journal.fixes(state="running") if row["source"] in known]
    gone = set(are_gone(row["worker"] for row in running))
    stale = now() - pace.stale_after
    dead = [row for row in running if row["worker"] in gone or row["heartbeat_at"] < stale]
    return _carry_on(store, settings, dead, None, progress or Progress(), pace)


def leave_as_is(store: Store, settings: Settings, fix_id: str, *, by: Person, because: str) -> bool:
    """A person has looked at a fix that needs attention and put it right by hand: it ends as `failed`, with their words.

    False when it did not need attention. Everything saved stays in the journal. Raises NotAllowed.
    """
    people.require(settings, by, "fixer", "settle fixes by hand")
    row = store.journal.fix(fix_id)
    if row is None:
        return False
    said = f"Left as it is by {by.name}: {because} Before that: {row['message']}"
    ending = Ending("failed", said, "fix-failed")
    # one write: killed in the middle, it must not be carried on
    if not store.journal.leave(fix_id, said, by.name, now()):
        return False
    _tell_findings(store, row, ending, by.name)
    return True


def discard(store: Store, settings: Settings, plan_id: str, *, by: Person) -> None:
    """Takes a plan away of which nothing was begun. Raises NotAllowed; PlanUnusable when there is no such plan."""
    people.require(settings, by, "fixer", "discard plans")
    if not store.journal.discard(plan_id):
        raise PlanUnusable(
            f"Plan {plan_id} cannot be discarded: there is none of that id, or some of it was begun. "
            "`keurmeester fix list` shows what there is."
        )


def ask_worker(store: Store, settings: Settings, source: str, wish: str, *, by: Person) -> bool:
    """Asks the worker of a source to `pause`, `go` on or `stop`, in whichever process it is; False when there is none."""
    people.require(settings, by, "fixer", f"{wish} repairs")
    worker = store.workers.of(source)
    if wish == "stop" and worker is not None:
        # first the plan: others that wait for their turn with it must not go on in this worker's place
        store.journal.stop(worker["plan_id"], now())
    return store.workers.wish(source, wish, by.name)


def _carry_on(
    store: Store,
    settings: Settings,
    begun: Sequence[Row],
    by: Person | None,
    progress: Progress,
    pace: Pace,
) -> list[Row]:
    """Goes on with these fixes, each in the name of `by`, or of who began it."""
    wanted = {row["id"] for row in begun}
    troubles: list[KeurmeesterError] = []
    for plan_id, name in sorted({(row["plan_id"], _name(by) or row["by"] or "unknown") for row in begun}):
        plan = store.journal.plan(plan_id)
        if plan is None:
            continue
        try:
            _carry_out(store, settings, plan, BEGUN, name, progress, pace, CLASSES, by, wanted)
        except KeurmeesterError as trouble:
            troubles.append(trouble)  # one source that may not be written to is no reason to leave the others
    if troubles:
        raise troubles[0]
    return store.journal.fixes(ids=wanted) if wanted else []


def _name(by: Person | None) -> str | None:
    return None if by is None else by.name


def _carry_out(
    store: Store,
    settings: Settings,
    plan: Row,
    states: Sequence[str],
    by: str,
    progress: Progress,
    pace: Pace,
    classes: Collection[Klass],
    person: Person | None,
    only: Collection[str] | None = None,
) -> None:
    source = settings.shop(plan["source"])
    leave = Leave(settings, source.name, person)
    leave.demand()
    fix = fix_of(plan, source)

    def todo() -> list[Row]:
        rows = store.journal.fixes(plan_id=plan["id"], state=states)
        chosen = [row for row in rows if row["klass"] in classes or row["state"] != "planned"]
        return [row for row in chosen if only is None or row["id"] in only]

    if not todo():
        return
    with Turn(store, source.name, plan["id"], by, len(todo()), progress, pace) as turn:
        # anew: while it waited, the worker before it may have done them all
        rows = todo() if turn.is_mine else []
        store.journal.note([row["id"] for row in rows if row["message"]], None)
        done = 0
        try:
            with Shop(source, store.journal.blob) as shop:
                done = _work_through(store, fix, shop, rows, turn, leave, by, progress, pace)
        finally:  # what was done before somebody stopped it counts too
            _tell_problems(store, plan, rows, by)
        progress.step(source.name, fix.title, done, len(rows), "done")


def _work_through(
    store: Store,
    fix: Fix,
    shop: Shop,
    rows: Sequence[Row],
    turn: Turn,
    leave: Leave,
    by: str,
    progress: Progress,
    pace: Pace,
) -> int:
    """One after the other; how many were worked through."""
    unreached, failures, name = 0, Failures(pace), shop.source.name
    for position, row in enumerate(rows):
        progress.step(name, fix.title, position, len(rows))
        if not turn.goes_on(position):
            return position
        if (why := leave.refusal()) is not None:
            store.journal.note([row["id"] for row in rows[position:]], f"Not begun: {why}")
            return position
        ending = _one(store, fix, shop, row, turn.worker, by, pace)
        unreached = unreached + 1 if ending is not None and ending.unreached else 0
        if ending is not None:
            failures.count(ending.is_failure)
        stop = None
        if unreached >= pace.unreachable_in_a_row:
            stop = f"Not begun: {name} could not be read for {unreached} in a row."
        elif failures.are_too_many:
            stop = f"Not begun: it stopped by itself, because {failures.text}."
        if stop is not None:
            store.journal.note([row["id"] for row in rows[position + 1 :]], stop)
            return position + 1
    return len(rows)


def fix_of(plan: Row, source: OrestoSource) -> Fix:
    """The fix of a plan's row, or what undoes it. Raises PlanUnusable when this program does not have it."""
    fix = FIXES.get(plan["fix"])
    if fix is None:
        raise PlanUnusable(
            f"Plan {plan['id']} needs the fix {plan['fix']}, which this program does not have."
        )
    return Undo(fix, source) if plan["kind"] == "undo" else fix


def _one(store: Store, fix: Fix, shop: Shop, row: Row, worker: str, by: str, pace: Pace) -> Ending | None:
    """One fix; None when another worker has it."""
    undertaking: Undertaking | None = None
    try:
        gone = are_gone([row["worker"]])
        if not store.journal.claim(row["id"], worker, by, now(), stale_after=pace.stale_after, gone=gone):
            _say_who_has_it(store, shop.source, row)
            return None
        full = store.journal.fix(row["id"])
        if full is None:  # purged at this very moment
            return None
        if (ending := _undone_already(store, full)) is not None:
            Trail(store, row["id"], by).close(ending.state)
            store.journal.finish(row["id"], ending.state, ending.message, now(), worker)
            return ending
        trail = Trail(store, row["id"], by)

        def beat() -> bool:
            return store.journal.heartbeat(row["id"], worker, now())

        undertaking = Undertaking(fix, row["key"], full["before"], shop, trail, pace, beat)
        for finding in findings_of(row):
            store.set_finding(finding, None, "fix-started", f"{fix.title}, plan {row['plan_id']}", by)
        with Heartbeat(beat, pace.beat, row["id"]):
            ending = undertaking.go()
            if not beat():
                return None
            _tell_findings(store, row, ending, by)
            store.journal.finish(row["id"], ending.state, ending.message, now(), worker)
        return ending
    except ClaimLost:
        return None
    except (KeyboardInterrupt, Stopped):
        _give_back(store, row, undertaking, worker, by)
        raise
    except (
        Exception
    ):  # a defect of ours: it is told by whoever called, but must not leave the fix held for ever
        _give_back(store, row, undertaking, worker, by)
        raise


def _give_back(store: Store, row: Row, undertaking: Undertaking | None, worker: str, by: str) -> None:
    """Lets go of a fix that a person cut off, so that it can be carried on at once."""
    if undertaking is not None:
        ending = undertaking.interrupted()
    else:
        untouched = row["state"] == "planned"
        ending = Ending("planned" if untouched else "needs_attention", "Interrupted before it was looked at.")
    cut_off(store, row["id"], "skipped" if ending.state == "planned" else "unknown")
    if store.journal.finish(row["id"], ending.state, ending.message, now(), worker):
        _tell_findings(store, row, ending, by)


def _undone_already(store: Store, row: Row) -> Ending | None:
    """The fix that this one was to undo is not as it was when the undo was planned."""
    undoes = store.journal.fix(row["undoes"]) if row["undoes"] else None
    if row["undoes"] is None or (undoes is not None and undoes["state"] == "done"):
        return None
    state = "gone from the journal" if undoes is None else undoes["state"].replace("_", " ")
    return Ending("failed", f"Nothing was changed: the fix that was to be undone is {state}.")


def _say_who_has_it(store: Store, source: OrestoSource, row: Row) -> None:
    """Another fix of the same product that is under way or unfinished goes first."""
    others = store.journal.fixes(state=("running", "needs_attention"), source=source.name)
    other = next((one for one in others if one["key"] == row["key"] and one["id"] != row["id"]), None)
    if other is not None:
        reason = f"Not begun: plan {other['plan_id']} has not finished with this product."
        store.journal.note([row["id"]], reason)


def findings_of(row: Row) -> list[str]:
    """The findings that a fix closes."""
    one = [row["finding_id"]] if row["finding_id"] is not None else []
    return row["finding_ids"] or one


def _tell_findings(store: Store, row: Row, ending: Ending, by: str) -> None:
    if ending.event is not None:
        for finding in findings_of(row):
            store.set_finding(finding, ending.status, ending.event, ending.message, by)


def _tell_problems(store: Store, plan: Row, rows: Sequence[Row], by: str) -> None:
    """Problems of the error log that come from what was repaired move with it, once for all that was done.

    The repair itself stands whatever becomes of that.
    """
    done = store.journal.fixes(ids=[row["id"] for row in rows], state="done") if rows else []
    closed = sorted({finding for row in done for finding in findings_of(row)})
    if not closed:
        return
    tell = store.errors.after_undo if plan["kind"] == "undo" else store.errors.after_fix
    try:
        tell(plan["source"], closed, by, now())
    except KeurmeesterError as error:
        _log.warning(
            "%s: plan %s was carried out, but the problems of the error log that it solves keep their state: %s "
            "Resolve them on the page Error logs.",
            plan["source"],
            plan["id"],
            error,
        )
