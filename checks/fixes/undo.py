"""Undo: a fix that was done, gone through backward. The same plan, journal, engine and dialog as any other fix.

What was the way back of the fix is the way forward of its undo, and the other way round: an undo that the shop refuses
leaves the shop as the fix had made it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from checks.fixes.model import Before, Fix, Goal, Live, NotPlanned, Planned, Task
from checks.fixes.shop import Shop
from checks.settings_sources import OrestoSource
from checks.store.clientless import REMOVED

_FORGOTTEN = "Cannot be undone any more: the retention has taken client numbers out of what was saved. Put it right by hand."
_NO_PICTURE = "Cannot be undone any more: a picture that would have to be put back is not kept any longer."
_MOVED = "it changed since it was {}: {} Look at it; what is there now is not undone."
_STATES = {
    "undone": "It is undone already.",
    "planned": "It was never begun: there is nothing to undo.",
    "running": "It is being carried out just now.",
    "failed": "It changed nothing, or was put back: there is nothing to undo.",
    "needs_attention": "It is not finished: `keurmeester fix resume` goes on with it, or puts it back.",
}


class Undo(Fix):
    """Undoes what `fix` did. Its `before` is that of the fix, with what may have changed since and is no obstacle."""

    verb = "Undo"
    button = "Undo {}"
    past = "undone"
    closing = ("regressed", "undone", "undo-failed", "undo-failed")

    def __init__(self, fix: Fix, source: OrestoSource) -> None:
        self._fix = fix
        self._source = source
        self.id = fix.id
        self.title = f"Undo: {fix.title}"
        self.thing = fix.thing
        self.checks = fix.checks
        self.needs = fix.needs

    def plan(self, shop: Shop, survey: Any, task: Task) -> Planned | NotPlanned:
        """`survey`: the journal's row by key, with its `before`."""
        row: Mapping[str, Any] = survey[task.key]
        before: Before = row["before"]
        reason = why_not(row, self._fix) or _not_kept(shop, before)
        if reason is not None:
            return NotPlanned(task.key, reason)
        live = shop.look(task.key, self.first_needs(before, shop.source), before, 0.0)
        before = self._fix.as_it_is(before, live)
        if (moved := self.refusal(before, live, started=False)) is not None:
            return NotPlanned(task.key, moved[0].upper() + moved[1:])
        if (why := self._fix.no_way_back(shop, before)) is not None:
            return NotPlanned(task.key, why)
        if (harm := self._harm(shop, task.key, before)) is not None:
            return NotPlanned(task.key, harm)
        lost = tuple(row["lost"])
        return Planned(
            key=task.key,
            title=row["title"],
            klass=row["klass"],
            before=before,
            consequences=(row["undo"] or "It is put back as it was.",),
            lost=lost,
            undo="The repair can be planned again." if self._fix.checks else "It can be created again.",
            repairs=tuple(finding["id"] for finding in task.findings),
        )

    def _harm(self, shop: Shop, key: str, before: Before) -> str | None:
        """What undoing would take along that somebody did after the repair."""
        for goal in self.forward(before, shop.source):
            if goal.careful:
                live = shop.look(key, (*goal.needs, *goal.careful), before, 0.0)
                if goal.look(live).todo and (harm := goal.harm(live, at_once=False)) is not None:
                    return harm
        return None

    def first_needs(self, before: Before, source: OrestoSource) -> tuple[str, ...]:
        needs = (need for goal in self._fix.forward(before, source) for need in goal.needs)
        return tuple(dict.fromkeys(needs))

    def refusal(self, before: Before, live: Live, started: bool) -> str | None:
        if started:
            return None
        for goal in self._fix.forward(before, self._source):
            if (moved := goal.moved(live)) is not None:
                return _MOVED.format(self._fix.once, moved if moved.endswith(".") else f"{moved}.")
        return None

    def forward(self, before: Before, source: OrestoSource) -> tuple[Goal, ...]:
        return self._fix.back(before, source)

    def back(self, before: Before, source: OrestoSource) -> tuple[Goal, ...]:
        return self._fix.forward(before, source)

    def done_text(self, before: Before) -> str:
        lost = self._fix.lost_text(before)
        return f"Undone: {self._fix.was_text(before)}{f' Not restored: {lost}.' if lost else ''} Read back."

    def was_text(self, before: Before) -> str:
        return self._fix.done_text(before)

    def is_text(self, live: Live) -> str:
        return self._fix.is_text(live)

    def told(self, before: Before, text: str) -> str:
        return self._fix.told(before, text)


def why_not(row: Mapping[str, Any], fix: Fix) -> str | None:
    """Why a fix of the journal (with its `before`) cannot be undone, as a sentence; None when it may be planned."""
    if row["kind"] == "undo":
        return "It is an undo itself: plan the repair again instead."
    if row["state"] != "done":
        return _STATES.get(row["state"], "It was not done.")
    if _holds_removed(row["before"]):
        return _FORGOTTEN
    return fix.not_undoable(row["before"])


def _not_kept(shop: Shop, before: Before) -> str | None:
    return None if all(map(shop.has_picture, pictures_of(before))) else _NO_PICTURE


def pictures_of(before: Before) -> Iterator[str]:
    """The SHA-256 of every picture that putting back would send."""
    yield from (photo["sha256"] for photo in before.get("photos") or () if photo.get("sha256"))


def _holds_removed(saved: Any) -> bool:
    if isinstance(saved, Mapping):
        return any(map(_holds_removed, saved.values()))
    if isinstance(saved, list):
        return any(map(_holds_removed, saved))
    return isinstance(saved, str) and REMOVED in saved
