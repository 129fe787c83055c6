"""Applies a plan: one product after the other, each claimed first, so that two processes never do the same one.

Whatever was left unfinished (a killed program, a server that went away) is carried on by applying the plan again, or by
`resume`. Stopping takes effect after the product under way; Ctrl+C cuts that one off, and it can be carried on at once.
"""

from __future__ import annotations

import os
import socket
import threading
import uuid
from collections.abc import Sequence
from types import TracebackType
from typing import Any

from checks.errors import PlanUnusable, ReadOnlySource, Stopped, StoreError
from checks.fixes.catalogue import FIXES
from checks.fixes.engine import Ending, Undertaking
from checks.fixes.model import Fix
from checks.fixes.outcomes import PACE, ClaimLost, Pace
from checks.fixes.shop import Shop
from checks.fixes.trail import Trail, now
from checks.progress import Progress
from checks.settings import OrestoSource, Settings
from checks.store import Store

Row = dict[str, Any]

#: States that applying may still change.
UNFINISHED = ("planned", "needs_attention", "running")


def apply_plan(
    store: Store,
    settings: Settings,
    plan_id: str,
    *,
    by: str,
    progress: Progress | None = None,
    pace: Pace = PACE,
) -> list[Row]:
    """Carries out every fix of the plan that is not finished; the rows of the journal afterwards, in the plan's order.

    Products that fail do not stop the others. After some products in a row that could not even be read, the rest
    stays `planned`, with a message.

    Raises:
        PlanUnusable: there is no such plan.
        ReadOnlySource: the settings forbid writing to its source.
        SettingsError: the source of the plan is not in the settings any more.
        KeyboardInterrupt: as it came; the product under way was given back first, with what is known of its state.
    """
    plan = store.journal.plan(plan_id)
    if plan is None:
        raise PlanUnusable(f"There is no plan {plan_id}. `keurmeester fix list` shows what there is.")
    _carry_out(store, settings, plan, UNFINISHED, by, progress or Progress(), pace)
    return store.journal.fixes(plan_id=plan_id)


def resume(
    store: Store,
    settings: Settings,
    *,
    by: str,
    progress: Progress | None = None,
    pace: Pace = PACE,
) -> list[Row]:
    """Carries on all fixes, of any plan, that were begun and not finished; their rows afterwards. Begins none anew."""
    begun = store.journal.fixes(state=("running", "needs_attention"))
    for plan_id in sorted({row["plan_id"] for row in begun}):
        plan = store.journal.plan(plan_id)
        if plan is not None:
            _carry_out(
                store, settings, plan, ("running", "needs_attention"), by, progress or Progress(), pace
            )
    found = (store.journal.fix(row["id"]) for row in begun)
    return [{name: row[name] for name in row if name != "before"} for row in found if row is not None]


def leave_as_is(store: Store, fix_id: str, *, by: str, because: str) -> bool:
    """A person has looked at a fix that needs attention and put it right by hand: it ends as `failed`, with their words.

    False when it did not need attention. Everything saved stays in the journal.
    """
    row = store.journal.fix(fix_id)
    worker = _worker()
    if row is None or row["state"] != "needs_attention" or not store.journal.claim(fix_id, worker, by, now()):
        return False
    ending = Ending("failed", f"Left as it is by {by}: {because} Before that: {row['message']}", "fix-failed")
    _tell_finding(store, row["finding_id"], ending, by)
    return store.journal.finish(fix_id, ending.state, ending.message, now(), worker)


def _worker() -> str:
    return f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


def _carry_out(
    store: Store,
    settings: Settings,
    plan: Row,
    states: Sequence[str],
    by: str,
    progress: Progress,
    pace: Pace,
) -> None:
    source = settings.source(plan["source"])
    if source.read_only:
        raise ReadOnlySource(
            f"{source.name}: the plan is not applied: the settings say read_only = true for this source. "
            "Set it to false to let fixes write."
        )
    fix = FIXES.get(plan["fix"])
    if fix is None:
        raise PlanUnusable(
            f"Plan {plan['id']} needs the fix {plan['fix']}, which this program does not have."
        )
    rows = store.journal.fixes(plan_id=plan["id"], state=states)
    worker = _worker()
    unreached = 0
    with Shop(source, store.journal.blob) as shop:
        for position, row in enumerate(rows):
            progress.step(source.name, fix.title, position, len(rows))
            if progress.stopping:
                break
            ending = _one(store, fix, shop, row, worker, by, pace)
            unreached = unreached + 1 if ending is not None and ending.unreached else 0
            if unreached >= pace.unreachable_in_a_row:
                rest = [row["id"] for row in rows[position + 1 :]]
                store.journal.note(
                    rest, f"Not begun: {source.name} could not be read for {unreached} products in a row."
                )
                break
        else:
            position = len(rows)
    progress.step(source.name, fix.title, position, len(rows), "done")


def _one(store: Store, fix: Fix, shop: Shop, row: Row, worker: str, by: str, pace: Pace) -> Ending | None:
    """One fix; None when another worker has it."""
    undertaking: Undertaking | None = None
    try:
        if not store.journal.claim(row["id"], worker, by, now(), stale_after=pace.stale_after):
            _say_who_has_it(store, shop.source, row)
            return None
        full = store.journal.fix(row["id"])
        if full is None:  # purged at this very moment
            return None
        trail = Trail(store, row["id"])
        heartbeat = _Heartbeat(store, row["id"], worker, pace.beat)
        undertaking = Undertaking(fix, row["key"], full["before"], shop, trail, pace, heartbeat.beat)
        if row["finding_id"] is not None:
            begun = f"{fix.title}, plan {row['plan_id']}"
            store.set_finding(row["finding_id"], None, "fix-started", begun, by)
        with heartbeat:
            ending = undertaking.go()
            if not heartbeat.beat():
                return None
            _tell_finding(store, row["finding_id"], ending, by)
            store.journal.finish(row["id"], ending.state, ending.message, now(), worker)
        return ending
    except ClaimLost:
        return None
    except (KeyboardInterrupt, Stopped):
        _give_back(store, row, undertaking, worker, by)
        raise


def _give_back(store: Store, row: Row, undertaking: Undertaking | None, worker: str, by: str) -> None:
    """Lets go of a fix that a person cut off, so that it can be carried on at once."""
    if undertaking is not None:
        ending = undertaking.interrupted()
    else:
        untouched = row["state"] == "planned"
        ending = Ending("planned" if untouched else "needs_attention", "Interrupted before it was looked at.")
    if store.journal.finish(row["id"], ending.state, ending.message, now(), worker):
        _tell_finding(store, row["finding_id"], ending, by)


def _say_who_has_it(store: Store, source: OrestoSource, row: Row) -> None:
    """Another fix of the same product that is under way or unfinished goes first."""
    others = store.journal.fixes(state=("running", "needs_attention"), source=source.name)
    other = next((one for one in others if one["key"] == row["key"] and one["id"] != row["id"]), None)
    if other is not None:
        reason = f"Not begun: plan {other['plan_id']} has not finished with this product."
        store.journal.note([row["id"]], reason)


def _tell_finding(store: Store, finding_id: str | None, ending: Ending, by: str) -> None:
    if finding_id is not None and ending.event is not None:
        status = "fixed" if ending.state == "done" else None
        store.set_finding(finding_id, status, ending.event, ending.message, by)


class _Heartbeat:
    """Says every few seconds that a fix is alive: a call may take longer than a dead worker is waited for."""

    def __init__(self, store: Store, fix_id: str, worker: str, seconds: float) -> None:
        self._store = store
        self._fix_id = fix_id
        self._worker = worker
        self._seconds = seconds
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"heartbeat-{fix_id[:8]}", daemon=True)

    def beat(self) -> bool:
        """Says so now; False when another worker has taken the fix over."""
        return self._store.journal.heartbeat(self._fix_id, self._worker, now())

    def __enter__(self) -> _Heartbeat:
        self._thread.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.wait(self._seconds):
            try:
                self.beat()
            except (
                StoreError
            ):  # a busy store may be free at the next beat; the calls themselves check before they go
                continue
