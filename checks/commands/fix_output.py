"""Fixes and plans on the screen and as JSON, and the exit code of what came of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

import typer

from checks.fixes import CLASSES, FIXES, Klass, Plan, PlanItem
from checks.health import iso
from checks.output import complain, counted, stderr, stdout, table
from checks.sources.request import Request
from checks.store import Store


def plan_as_json(plan: Plan) -> dict[str, Any]:
    return {
        "id": plan.id,
        "kind": plan.kind,
        "fix": plan.fix,
        "check": plan.check,
        "source": plan.source,
        "scope": plan.scope,
        "created_at": iso(plan.created_at),
        "by": plan.created_by,
        "classes": {klass: plan.count(klass) for klass in CLASSES},
        "items": [
            {
                "id": item.fix_id,
                "key": item.key,
                "title": item.title,
                "class": item.klass,
                "requests": [request.line for request in item.requests],
                "consequences": list(item.consequences),
                "lost": list(item.lost),
                "undo": item.undo,
                "compensation": [request.line for request in item.compensation],
            }
            for item in plan.items
        ],
        "not_planned": [{"key": key, "reason": reason} for key, reason in plan.not_planned],
        "notes": list(plan.notes),
    }


def class_counts(items: Collection[PlanItem]) -> str:
    """`12 safe, 3 confirm`."""
    counts = Counter(item.klass for item in items)
    return ", ".join(f"{counts[klass]:,} {klass}" for klass in CLASSES if counts[klass]) or "nothing"


def show_plan(plan: Plan) -> None:
    rows = [(item.key, item.title, item.klass, " ".join(item.consequences), item.undo) for item in plan.items]
    what = f"undo {plan.fix}" if plan.kind == "undo" else plan.fix
    things = counted(len(plan.items), FIXES[plan.fix].thing)
    table(
        f"Plan {plan.id}: {what}, {things}: {class_counts(plan.items)}",
        ("key", "name", "class", "what happens", "how it is undone"),
        rows,
    )
    show_not_planned(plan)
    for note in plan.notes:
        complain(note)
    if plan.items:
        stderr.print(f"Apply it with: keurmeester fix apply {plan.id}", markup=False)


def show_not_planned(plan: Plan) -> None:
    if plan.not_planned:
        complain(f"{len(plan.not_planned):,} not planned:")
        table("", ("key", "why not"), plan.not_planned)


def fixes_as_json(
    store: Store, plan_id: str | None = None, state: str | None = None, key: str | None = None
) -> list[dict[str, Any]]:
    fixes = store.journal.fixes(plan_id=plan_id, state=state, key=key)
    steps = store.journal.steps_of([fix["id"] for fix in fixes])
    return [fix_as_json(fix, steps[fix["id"]]) for fix in fixes]


def fix_as_json(fix: dict[str, Any], steps: list[dict[str, Any]]) -> dict[str, Any]:
    names = ("id", "kind", "check", "fix", "source", "key", "title", "state", "message", "by", "undo")
    return {
        **{name: fix[name] for name in names},
        "class": fix["klass"],
        "plan": fix["plan_id"],
        "undoes": fix["undoes"],
        "steps": [
            {
                "title": step["title"],
                "kind": step["kind"],
                "request": Request.from_json(step["request"]).line if step["request"].get("method") else None,
                "state": step["state"],
                "at": iso(step["at"]),
                "answer": step["answer"],
                "by": step["by"],
            }
            for step in steps
        ],
        "started_at": iso(fix["started_at"]),
        "finished_at": iso(fix["finished_at"]),
    }


def show_fixes(fixes: list[dict[str, Any]]) -> None:
    rows = [
        (
            f["id"],
            f["plan"],
            f"undo {f['fix']}" if f["kind"] == "undo" else f["fix"],
            f["key"],
            f["state"],
            f["by"],
            f["finished_at"],
            f["message"],
        )
        for f in fixes
    ]
    columns = ("id", "plan", "fix", "key", "state", "by", "finished", "message")
    table(counted(len(fixes), "fix", "fixes"), columns, rows)


def show_steps(document: dict[str, Any]) -> None:
    """One fix, step by step."""
    what = f"undo {document['fix']}" if document["kind"] == "undo" else document["fix"]
    stdout.print(f"{what} {document['key']}: {document['state']}", markup=False)
    for text in (document["message"], document["undo"]):
        if text:
            stdout.print(text, markup=False)
    rows = [
        (step["at"], step["state"], step["title"], step["request"], step["answer"])
        for step in document["steps"]
    ]
    table("Steps", ("at", "state", "step", "request", "answer"), rows)


def end(plan: Plan | None, done: list[dict[str, Any]], classes: Sequence[Klass]) -> None:
    """4 where a fix failed, needs attention or is another worker's; 3 where some were not begun that should have been."""
    states = [one["state"] for one in done]
    waiting = [one for one in done if one["state"] == "planned" and one["class"] in classes]
    if running := states.count("running"):
        complain(
            f"{running:,} being carried out by another process. `keurmeester fix list` shows how they end."
        )
    elif waiting:
        said = (waiting[0]["message"] or "stopped before.").removeprefix("Not begun: ")
        complain(f"{len(waiting):,} not begun: {said} Apply the plan again later.")
    _offer(plan, done, classes)
    if running or "failed" in states or "needs_attention" in states:
        raise typer.Exit(4)
    if waiting:
        raise typer.Exit(3)


def _offer(plan: Plan | None, done: list[dict[str, Any]], classes: Sequence[Klass]) -> None:
    """The ones that were left because they are not safe, and how they are taken."""
    left = Counter(one["class"] for one in done if one["state"] == "planned" and one["class"] not in classes)
    if plan is not None and left:
        named = ", ".join(f"{left[klass]:,} {klass}" for klass in CLASSES if left[klass])
        options = " ".join(f"--class {klass}" for klass in CLASSES if left[klass])
        complain(
            f"Left for you to look at: {named}. `keurmeester fix show {plan.id}` tells what they mean; "
            f"`keurmeester fix apply {plan.id} {options}` takes them."
        )
