"""The journal of one fix while it is carried out: a row stands before its call is made, with what undoes it.

The rows that the plan wrote are used for the first sending of each call; a repetition, a read-back and every call of a
put-back get rows of their own. What a killed program left as `sent` is *unknown* from then on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, Literal

from checks.fixes.model import Call
from checks.sources.request import Request
from checks.store import Store

StepKind = Literal["do", "compensate", "read-back"]


def as_step(request: Request) -> dict[str, Any]:
    """A request as the journal keeps it, with its line for people. Pictures are named by their SHA-256 already."""
    return {**request.as_json(), "line": request.line}


def now() -> datetime:
    return datetime.now(UTC)


def cut_off(store: Store, fix_id: str, state: str) -> None:
    """A person cut the fix off, perhaps between a call and its row: what stands there as sent is `state` from now on."""
    for step in store.journal.steps(fix_id):
        if step["state"] == "sent":
            said = "It was interrupted before the answer was written down."
            store.journal.update_step(fix_id, step["number"], state, said, now())


class Trail:
    """Writes and reads the steps of one fix. `by`: who has them sent."""

    def __init__(self, store: Store, fix_id: str, by: str) -> None:
        self._journal = store.journal
        self._fix_id = fix_id
        self._by = by
        self._steps: list[dict[str, Any]] = [dict(step) for step in self._journal.steps(fix_id)]
        for step in self._steps:
            if step["state"] == "sent":
                self._write(step, "unknown", "The program ended before the answer was written down.")

    @property
    def started(self) -> bool:
        """Was a call sent, or may it have been?"""
        return any(
            step["kind"] != "read-back" and step["state"] not in ("planned", "skipped")
            for step in self._steps
        )

    def may_have_changed(self, request: Request | None = None) -> bool:
        """May any call (or this one) have been carried out? Not where each was refused, or never left."""
        wanted = None if request is None else as_step(request)
        return any(
            step["kind"] != "read-back"
            and step["state"] in ("sent", "done", "unknown")
            and wanted in (None, step["request"])
            for step in self._steps
        )

    @property
    def turned_back(self) -> bool:
        """Had putting back begun? Then it goes on, also after a crash."""
        return any(step["kind"] == "compensate" for step in self._steps)

    @property
    def under_way(self) -> str | None:
        """The call that was made and whose answer did not come yet."""
        return next((str(step["title"]) for step in self._steps if step["state"] == "sent"), None)

    @property
    def why_back(self) -> str:
        """What made an earlier attempt turn back: the last step forward that did not succeed."""
        for step in reversed(self._steps):
            if step["kind"] == "do" and step["state"] in ("failed", "unknown"):
                return f"{step['title']}: {step['answer']}"
        return "an earlier attempt did not succeed"

    def sent(self, kind: StepKind, call: Call, compensation: Sequence[Request]) -> dict[str, Any]:
        """Writes down that `call` is about to be made."""
        request = as_step(call.request)
        for step in self._steps:
            if step["state"] == "planned" and step["kind"] == kind and step["request"] == request:
                self._write(step, "sent", None)
                return step
        repeated = sum(step["kind"] == kind and step["request"] == request for step in self._steps)
        title = f"{call.title} (attempt {repeated + 1})" if repeated else call.title
        return self._add(kind, title, request, compensation, "sent")

    def ended(self, step: dict[str, Any], state: str, answer: str) -> None:
        self._write(step, state, answer)

    def read_back(self, title: str, needs: Iterable[str], wrong: str | None, remarks: Iterable[str]) -> None:
        """Writes down what the shop showed at the end, `wrong` being what is not as it should be."""
        step = self._add("read-back", title, as_step(Request("GET", ",".join(sorted(needs)))), (), "sent")
        self._write(
            step, "failed" if wrong else "done", wrong or " ".join(("It is as it should be.", *remarks))
        )

    def close(self, state: str) -> None:
        """At the end: what the plan meant to send and nobody had to."""
        for step in self._steps:
            if step["state"] == "planned":
                said = "Not needed: it was so already." if state == "done" else "Not sent."
                self._write(step, "skipped", said)

    def _add(
        self, kind: StepKind, title: str, request: dict[str, Any], compensation: Sequence[Request], state: str
    ) -> dict[str, Any]:
        undo = [as_step(one) for one in compensation]
        number = max((step["number"] for step in self._steps), default=0) + 1
        self._journal.add_step(self._fix_id, number, kind, title, request, undo, state, now(), self._by)
        step = {
            "number": number,
            "kind": kind,
            "title": title,
            "request": request,
            "compensation": undo,
            "state": state,
            "answer": None,
        }
        self._steps.append(step)
        return step

    def _write(self, step: dict[str, Any], state: str, answer: str | None) -> None:
        step["state"] = state
        step["answer"] = answer if answer is not None else step.get("answer")
        by = self._by if state == "sent" else None
        self._journal.update_step(self._fix_id, step["number"], state, answer, now(), by)
