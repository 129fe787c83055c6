"""`fix plan`, `fix apply`, `fix resume`, `fix leave`, `fix list`, `fix show`."""

from __future__ import annotations

import sys
from collections.abc import Collection
from typing import Annotated, Any

import typer

from checks.commands.common import (
    Config,
    TableOrJson,
    known,
    open_store,
    stopping_gently,
    whoami,
)
from checks.errors import PlanUnusable, UsageError
from checks.fixes import FIXES, Plan, apply_plan, leave_as_is, load_plan, make_plan, resume
from checks.health import iso
from checks.output import Format, ShownProgress, as_json, complain, counted, stderr, stdout, table
from checks.rules import CHECKS
from checks.settings import Settings, load_settings
from checks.sources.http import Request
from checks.store import Store

app = typer.Typer(
    help="Plan repairs, apply them, see what was done.", no_args_is_help=True, add_completion=False
)

Check = Annotated[str | None, typer.Option("--check", help="The check whose findings are to be fixed.")]
Keys = Annotated[list[str] | None, typer.Option("--key", help="Only this key (repeatable).")]
All = Annotated[bool, typer.Option("--all", help="Every open finding of the check.")]
Source = Annotated[str | None, typer.Option("--source", help="Only of this source.")]
Options = Annotated[
    list[str] | None, typer.Option("--option", help="name=value, what the fix needs from a person.")
]


@app.command("plan")
def plan(
    config: Config = None,
    check: Check = None,
    key: Keys = None,
    all: All = False,
    source: Source = None,
    option: Options = None,
    format: TableOrJson = Format.table,
) -> None:
    """Read what is there and freeze what would be done. Changes nothing."""
    settings = load_settings(config)
    made = _make(settings, open_store(settings), check, key, all, source, option)
    if format is Format.json:
        as_json(_plan_as_json(made))
    else:
        _show_plan(made)


@app.command("apply")
def apply(
    plan_id: Annotated[
        str | None, typer.Argument(metavar="[PLAN]", help="A plan that was made before.")
    ] = None,
    config: Config = None,
    check: Check = None,
    key: Keys = None,
    all: All = False,
    source: Source = None,
    option: Options = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    format: TableOrJson = Format.table,
) -> None:
    """Apply a plan: journal first, then the call, then read back. Exit code 4 if any product failed.

    Ctrl+C stops after the product under way; the rest stays planned and is done when the plan is applied again.
    """
    settings = load_settings(config)
    store = open_store(settings)
    if plan_id is not None and (check or key or all):
        raise UsageError("Give a plan, or --check with --key or --all; not both.")
    chosen = load_plan(store, plan_id) if plan_id else _make(settings, store, check, key, all, source, option)
    before = [row["state"] for row in store.journal.fixes(plan_id=chosen.id)]
    if not yes and not _all_done(before):
        _ask(chosen)
    if not chosen.items:
        reasons = "; ".join(f"{key}: {reason}" for key, reason in chosen.not_planned[:5])
        raise PlanUnusable(f"Plan {chosen.id} holds nothing that can be applied. {reasons}")
    with ShownProgress() as progress, stopping_gently(progress):
        apply_plan(store, settings, chosen.id, by=whoami(), progress=progress)
    done = _fixes_as_json(store, plan_id=chosen.id)
    if format is Format.json:
        as_json(done)
    else:
        _show_fixes(done)
        _show_not_planned(chosen)
    if _all_done(before):
        complain(f"Plan {chosen.id} was done already: nothing was sent.")
    elif count := before.count("done"):
        complain(f"{count:,} of {len(before):,} were done already: nothing was sent for these.")
    _end(done)


@app.command("resume")
def resume_fixes(config: Config = None, format: TableOrJson = Format.table) -> None:
    """Go on with every fix that was begun and not finished, by this or another process."""
    settings = load_settings(config)
    store = open_store(settings)
    with ShownProgress() as progress, stopping_gently(progress):
        rows = resume(store, settings, by=whoami(), progress=progress)
    steps = store.journal.steps_of([row["id"] for row in rows])
    done = [_fix_as_json(row, steps[row["id"]]) for row in rows]
    if format is Format.json:
        as_json(done)
    else:
        _show_fixes(done)
    _end(done)


@app.command("leave")
def leave(
    id: Annotated[str, typer.Argument(metavar="ID", help="A fix that needs attention.")],
    because: Annotated[str, typer.Option("--because", help="What you found, and did by hand.")],
    config: Config = None,
) -> None:
    """Leave a fix that needs attention as it is: you have looked and put it right by hand. It ends as failed."""
    store = open_store(load_settings(config))
    if not because.strip():
        raise UsageError("--because: say in a few words what you found, and did by hand.")
    row = store.journal.fix(id)
    if row is None:
        raise PlanUnusable(f"There is no fix {id}. `keurmeester fix list` shows what there is.")
    if not leave_as_is(store, id, by=whoami(), because=because.strip()):
        raise PlanUnusable(
            f"Fix {id} of {row['key']} is {row['state']}: only one that needs attention can be left."
        )
    stdout.print(f"{row['fix']} {row['key']}: left as it is.", markup=False)


@app.command("list")
def list_fixes(
    config: Config = None,
    plan_id: Annotated[str | None, typer.Option("--plan", help="Only of this plan.")] = None,
    state: Annotated[str | None, typer.Option("--state", help="Only in this state.")] = None,
    format: TableOrJson = Format.table,
) -> None:
    """What was planned and done, newest first."""
    states = ("planned", "running", "done", "failed", "undone", "needs_attention")
    known("state", [state] if state else None, states)
    fixes = _fixes_as_json(open_store(load_settings(config)), plan_id=plan_id, state=state)
    if format is Format.json:
        as_json(fixes)
    else:
        _show_fixes(fixes)


@app.command("show")
def show(
    id: Annotated[str, typer.Argument(metavar="ID", help="A fix, or a plan.")],
    config: Config = None,
    format: TableOrJson = Format.table,
) -> None:
    """One fix, step by step; or one plan."""
    store = open_store(load_settings(config))
    fix = store.journal.fix(id)
    if fix is None:
        shown = load_plan(store, id)
        if format is Format.json:
            as_json(_plan_as_json(shown))
        else:
            _show_plan(shown)
        return
    document = _fix_as_json(fix, store.journal.steps(id))
    if format is Format.json:
        as_json(document)
        return
    stdout.print(f"{document['fix']} {document['key']}: {document['state']}", markup=False)
    if document["message"]:
        stdout.print(document["message"], markup=False)
    rows = [
        (step["at"], step["state"], step["title"], step["request"], step["answer"])
        for step in document["steps"]
    ]
    table("Steps", ("at", "state", "step", "request", "answer"), rows)


def _all_done(states: Collection[str]) -> bool:
    return bool(states) and set(states) == {"done"}


def _make(
    settings: Settings,
    store: Store,
    check: str | None,
    keys: list[str] | None,
    all_keys: bool,
    source: str | None,
    option: list[str] | None,
) -> Plan:
    if check is None:
        raise UsageError("Name the check with --check, and the products with --key or --all.")
    known("check", [check], CHECKS)
    if CHECKS[check].fix not in FIXES:
        fixable = ", ".join(one.id for one in CHECKS.values() if one.fix in FIXES)
        raise UsageError(f"--check {check}: there is no fix for it yet. Fixable: {fixable}.")
    if bool(keys) == all_keys:
        raise UsageError("Say which findings: --key KEY (repeatable), or --all.")
    options = dict(_pair(text) for text in option or ())
    with ShownProgress() as progress:
        return make_plan(
            store, settings, check, keys=keys, source=source, by=whoami(), options=options, progress=progress
        )


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise UsageError(f"--option {text!r}: expected name=value.")
    return name, value


def _ask(chosen: Plan) -> None:
    _show_plan(chosen)
    if not sys.stdin.isatty():
        raise UsageError("Nobody is here to confirm: add --yes to apply it.")
    typer.confirm(f"Apply this to {counted(len(chosen.items), 'product')}?", abort=True, err=True)


def _plan_as_json(plan: Plan) -> dict[str, Any]:
    return {
        "id": plan.id,
        "fix": plan.fix,
        "check": plan.check,
        "source": plan.source,
        "created_at": iso(plan.created_at),
        "by": plan.created_by,
        "items": [
            {
                "key": item.key,
                "title": item.title,
                "class": item.klass,
                "requests": [request.line for request in item.requests],
                "consequences": list(item.consequences),
            }
            for item in plan.items
        ],
        "not_planned": [{"key": key, "reason": reason} for key, reason in plan.not_planned],
    }


def _show_plan(plan: Plan) -> None:
    rows = [(item.key, item.title, item.klass, " ".join(item.consequences)) for item in plan.items]
    table(
        f"Plan {plan.id}: {plan.fix}, {counted(len(plan.items), 'product')}",
        ("key", "name", "class", "what happens"),
        rows,
    )
    _show_not_planned(plan)
    stderr.print(f"Apply it with: keurmeester fix apply {plan.id}", markup=False)


def _show_not_planned(plan: Plan) -> None:
    if plan.not_planned:
        complain(f"{len(plan.not_planned):,} not planned:")
        table("", ("key", "why not"), plan.not_planned)


def _fixes_as_json(
    store: Store, plan_id: str | None = None, state: str | None = None
) -> list[dict[str, Any]]:
    fixes = store.journal.fixes(plan_id=plan_id, state=state)
    steps = store.journal.steps_of([fix["id"] for fix in fixes])
    return [_fix_as_json(fix, steps[fix["id"]]) for fix in fixes]


def _fix_as_json(fix: dict[str, Any], steps: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        **{name: fix[name] for name in ("id", "check", "fix", "source", "key", "state", "message", "by")},
        "plan": fix["plan_id"],
        "steps": [
            {
                "title": step["title"],
                "kind": step["kind"],
                "request": Request.from_json(step["request"]).line if step["request"].get("method") else None,
                "state": step["state"],
                "at": iso(step["at"]),
                "answer": step["answer"],
            }
            for step in steps
        ],
        "started_at": iso(fix["started_at"]),
        "finished_at": iso(fix["finished_at"]),
    }


def _end(done: list[dict[str, Any]]) -> None:
    """4 where a fix failed, needs attention or is another worker's; 3 where some were not begun."""
    states = [one["state"] for one in done]
    waiting = [one for one in done if one["state"] == "planned"]
    if running := states.count("running"):
        complain(
            f"{running:,} being carried out by another process. `keurmeester fix list` shows how they end."
        )
    elif waiting:
        said = (waiting[0]["message"] or "stopped before.").removeprefix("Not begun: ")
        complain(f"{len(waiting):,} not begun: {said} Apply the plan again later.")
    if running or "failed" in states or "needs_attention" in states:
        raise typer.Exit(4)
    if waiting:
        raise typer.Exit(3)


def _show_fixes(fixes: list[dict[str, Any]]) -> None:
    rows = [(f["id"], f["plan"], f["key"], f["state"], f["finished_at"], f["message"]) for f in fixes]
    table(counted(len(fixes), "fix", "fixes"), ("id", "plan", "key", "state", "finished", "message"), rows)
