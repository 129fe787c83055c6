"""`fix plan`, `fix apply`, `fix undo`, `fix resume`, `fix pause`, `fix continue`, `fix stop`, `fix leave`, `fix discard`."""

from __future__ import annotations

import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from checks import people
from checks.commands.common import (
    Config,
    TableOrJson,
    known,
    open_store,
    person,
    settle_first,
    stopping_gently,
)
from checks.commands.fix_output import (
    class_counts,
    end,
    fix_as_json,
    fixes_as_json,
    plan_as_json,
    show_fixes,
    show_not_planned,
    show_plan,
    show_steps,
)
from checks.commands.fix_values import photos_for, values_of
from checks.errors import PlanUnusable, UsageError
from checks.fixes import (
    CLASSES,
    FIXES,
    ONBOARDING,
    Klass,
    Plan,
    apply_plan,
    ask_worker,
    discard,
    fix_for,
    leave_as_is,
    load_plan,
    make_plan,
    plan_undo,
    resume,
)
from checks.output import Format, ShownProgress, as_json, complain, counted, stdout
from checks.rules import CHECKS
from checks.settings import Settings, load_settings
from checks.store import Store
from checks.store.journal import STALE

app = typer.Typer(
    help="Plan repairs, apply them, see what was done.", no_args_is_help=True, add_completion=False
)

Check = Annotated[str | None, typer.Option("--check", help="The check whose findings are to be fixed.")]
Keys = Annotated[list[str] | None, typer.Option("--key", help="Only this key (repeatable).")]
All = Annotated[bool, typer.Option("--all", help="Every open finding of the check.")]
Source = Annotated[str | None, typer.Option("--source", help="Only of this source.")]
Options = Annotated[
    list[str] | None,
    typer.Option("--option", help="name=value, what the fix needs from a person (repeatable)."),
]
Values = Annotated[
    Path | None,
    typer.Option(
        "--values",
        exists=True,
        dir_okay=False,
        help="CSV with a column key and one for each option: a value for every key.",
    ),
]
Photos = Annotated[
    list[Path] | None,
    typer.Option(
        "--photo",
        exists=True,
        help="A picture named by article number or EAN, or a folder of them (repeatable).",
    ),
]
Classes = Annotated[
    list[str] | None,
    typer.Option("--class", help="Begin these: safe, confirm, irreversible (repeatable)."),
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


@app.command("plan")
def plan(
    config: Config = None,
    check: Check = None,
    key: Keys = None,
    all: All = False,
    source: Source = None,
    option: Options = None,
    values: Values = None,
    photo: Photos = None,
    format: TableOrJson = Format.table,
) -> None:
    """Read what is there and freeze what would be done. Changes nothing."""
    settings = load_settings(config)
    store = open_store(settings)
    _begin(settings, store, "plan fixes")
    asked = _Asked(check, key, all, source, option, values, photo)
    made = _make(settings, store, asked)
    _print_plan(made, format)
    if not made.items:
        raise typer.Exit(4)  # nothing could be planned; the reasons are in the plan


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
    values: Values = None,
    photo: Photos = None,
    classes: Classes = None,
    yes: Yes = False,
    format: TableOrJson = Format.table,
) -> None:
    """Apply a plan: journal first, then the call, then read back. Exit code 4 if any of it failed.

    Of a plan for --all only the safe ones are begun, and the others counted; --class takes them too. Ctrl+C stops after
    the one under way; the rest stays planned and is done when the plan is applied again.
    """
    settings = load_settings(config)
    store = open_store(settings)
    if plan_id is not None and (check or key or all):
        raise UsageError("Give a plan, or --check with --key or --all; not both.")
    _begin(settings, store, "apply fixes")
    asked = _Asked(check, key, all, source, option, values, photo)
    chosen = load_plan(store, plan_id) if plan_id else _make(settings, store, asked)
    _apply(settings, store, chosen, _classes(chosen, classes), yes, format)


@app.command("undo")
def undo(
    ids: Annotated[list[str], typer.Argument(metavar="ID", help="Fixes that were done, or a plan of them.")],
    config: Config = None,
    plan_only: Annotated[bool, typer.Option("--plan-only", help="Plan it, change nothing.")] = False,
    yes: Yes = False,
    format: TableOrJson = Format.table,
) -> None:
    """Undo fixes: planned, journalled and read back like any other. What cannot be undone is said, with the reason."""
    settings = load_settings(config)
    store = open_store(settings)
    fixes = [fix_id for one in ids for fix_id in _fixes_meant(store, one)]
    with ShownProgress() as progress:
        made = plan_undo(store, settings, fixes, by=person(settings), progress=progress)
    if plan_only:
        _print_plan(made, format)
    else:
        _apply(settings, store, made, CLASSES, yes, format)


def _fixes_meant(store: Store, id: str) -> list[str]:
    """The fix of that id; of a plan, those that were done."""
    if store.journal.fix(id) is not None:
        return [id]
    if store.journal.plan(id) is None:
        raise PlanUnusable(f"There is no fix or plan {id}. `keurmeester fix list` shows what there is.")
    done = [row["id"] for row in store.journal.fixes(plan_id=id, state="done")]
    if not done:
        raise PlanUnusable(f"Of plan {id} nothing is done: there is nothing to undo.")
    return done


def _apply(
    settings: Settings, store: Store, chosen: Plan, classes: Sequence[Klass], yes: bool, format: Format
) -> None:
    """Asks, carries out, shows what came of it; ends with the exit code."""
    before = [row["state"] for row in store.journal.fixes(plan_id=chosen.id)]
    if not chosen.items:
        reasons = "; ".join(f"{key}: {reason}" for key, reason in chosen.not_planned[:5])
        raise PlanUnusable(f"Plan {chosen.id} holds nothing that can be applied. {reasons}")
    if not yes and not _all_done(before):
        _ask(chosen, classes)
    _say_who_is_at_work(store, chosen)
    with ShownProgress() as progress, stopping_gently(progress):
        apply_plan(store, settings, chosen.id, by=person(settings), classes=classes, progress=progress)
    done = fixes_as_json(store, plan_id=chosen.id)
    if format is Format.json:
        as_json(done)
    else:
        show_fixes(done)
        show_not_planned(chosen)
    if _all_done(before):
        complain(f"Plan {chosen.id} was done already: nothing was sent.")
    elif count := before.count("done"):
        complain(f"{count:,} of {len(before):,} were done already: nothing was sent for these.")
    end(chosen, done, classes)


@app.command("resume")
def resume_fixes(
    id: Annotated[str | None, typer.Argument(metavar="[ID]", help="Only this fix.")] = None,
    config: Config = None,
    format: TableOrJson = Format.table,
) -> None:
    """Go on with every fix that was begun and not finished, by this or another process."""
    settings = load_settings(config)
    store = open_store(settings)
    with ShownProgress() as progress, stopping_gently(progress):
        rows = resume(store, settings, by=person(settings), fix_id=id, progress=progress)
    if id is not None and not rows:
        raise PlanUnusable(f"Fix {id} is not unfinished. `keurmeester fix list` shows what there is.")
    steps = store.journal.steps_of([row["id"] for row in rows])
    done = [fix_as_json(row, steps[row["id"]]) for row in rows]
    if format is Format.json:
        as_json(done)
    else:
        show_fixes(done)
    end(None, done, CLASSES)


@app.command("pause")
def pause(config: Config = None, source: Source = None) -> None:
    """Let the worker of a source pause after the fix it is at, in whichever process it runs."""
    _ask_workers(config, source, "pause", "pauses after the one it is at")


@app.command("continue")
def go_on(config: Config = None, source: Source = None) -> None:
    """Let a worker that pauses go on."""
    _ask_workers(config, source, "go", "goes on")


@app.command("stop")
def stop(config: Config = None, source: Source = None) -> None:
    """Let the worker of a source stop after the fix it is at; the rest stays planned."""
    _ask_workers(config, source, "stop", "stops after the one it is at")


def _ask_workers(config: Path | None, source: str | None, wish: str, words: str) -> None:
    settings = load_settings(config)
    store = open_store(settings)
    names = [settings.source(source).name] if source else [one.name for one in settings.sources]
    asked = [name for name in names if ask_worker(store, settings, name, wish, by=person(settings))]
    for name in asked:
        stdout.print(f"{name}: the worker {words}.", markup=False)
    if not asked:
        complain("Nobody is at work" + (f" on {source}." if source else "."))


@app.command("discard")
def discard_plan(
    plan_id: Annotated[str, typer.Argument(metavar="PLAN", help="A plan of which nothing was begun.")],
    config: Config = None,
) -> None:
    """Take a plan away that will not be applied."""
    settings = load_settings(config)
    discard(open_store(settings), settings, plan_id, by=person(settings))
    stdout.print(f"Plan {plan_id} is gone.", markup=False)


@app.command("leave")
def leave(
    id: Annotated[str, typer.Argument(metavar="ID", help="A fix that needs attention.")],
    because: Annotated[str, typer.Option("--because", help="What you found, and did by hand.")],
    config: Config = None,
) -> None:
    """Leave a fix that needs attention as it is: you have looked and put it right by hand. It ends as failed."""
    settings = load_settings(config)
    store = open_store(settings)
    if not because.strip():
        raise UsageError("--because: say in a few words what you found, and did by hand.")
    row = store.journal.fix(id)
    if row is None:
        raise PlanUnusable(f"There is no fix {id}. `keurmeester fix list` shows what there is.")
    if not leave_as_is(store, settings, id, by=person(settings), because=because.strip()):
        raise PlanUnusable(
            f"Fix {id} of {row['key']} is {row['state']}: only one that needs attention can be left."
        )
    stdout.print(f"{row['fix']} {row['key']}: left as it is.", markup=False)


@app.command("list")
def list_fixes(
    config: Config = None,
    plan_id: Annotated[str | None, typer.Option("--plan", help="Only of this plan.")] = None,
    state: Annotated[str | None, typer.Option("--state", help="Only in this state.")] = None,
    check: Annotated[str | None, typer.Option("--check", help="Only of this check.")] = None,
    key: Annotated[str | None, typer.Option("--key", help="Only of this key.")] = None,
    by: Annotated[str | None, typer.Option("--by", help="Only what this person had done.")] = None,
    format: TableOrJson = Format.table,
) -> None:
    """What was planned and done, newest first."""
    states = ("planned", "running", "done", "failed", "undone", "needs_attention")
    known("state", [state] if state else None, states)
    known("check", [check] if check else None, (*CHECKS, ONBOARDING))
    found = fixes_as_json(open_store(load_settings(config)), plan_id=plan_id, state=state, key=key)
    fixes = [one for one in found if check in (None, one["check"]) and by in (None, one["by"])]
    if format is Format.json:
        as_json(fixes)
    else:
        show_fixes(fixes)


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
        _print_plan(load_plan(store, id), format)
        return
    document = fix_as_json(fix, store.journal.steps(id))
    if format is Format.json:
        as_json(document)
    else:
        show_steps(document)


def _begin(settings: Settings, store: Store, doing: str) -> None:
    """Who may not is told at once; what an earlier program left unfinished is settled before anything new."""
    people.require(settings, person(settings), "fixer", doing)
    settle_first(settings, store)


def _say_who_is_at_work(store: Store, chosen: Plan) -> None:
    """Where another worker has the source, this one waits for its turn; without a word that looks like hanging."""
    worker = store.workers.of(chosen.source)
    if worker is None or datetime.now(UTC) - worker["heartbeat_at"] > STALE:
        return
    paused = worker["state"] == "paused" or worker["wish"] == "pause"
    how = (
        "has paused a repair there; `keurmeester fix continue` lets it go on"
        if paused
        else "has a repair under way there"
    )
    complain(f"{chosen.source}: waiting for its turn: {worker['by']} {how}, `keurmeester fix stop` ends it.")


def _all_done(states: Collection[str]) -> bool:
    return bool(states) and set(states) == {"done"}


@dataclass(frozen=True)
class _Asked:
    """What the options of `plan` and `apply` name."""

    check: str | None
    keys: list[str] | None
    all: bool
    source: str | None
    options: list[str] | None
    values: Path | None
    photos: list[Path] | None


def _make(settings: Settings, store: Store, asked: _Asked) -> Plan:
    check = asked.check
    if check is None:
        raise UsageError("Name the check with --check, and the products with --key or --all.")
    if check == ONBOARDING:
        fix_for(check)  # says where those plans come from
    known("check", [check], CHECKS)
    if CHECKS[check].fix not in FIXES:
        fixable = ", ".join(one.id for one in CHECKS.values() if one.fix in FIXES)
        raise UsageError(f"--check {check}: there is no fix for it. Fixable: {fixable}.")
    if bool(asked.keys) == asked.all:
        raise UsageError("Say which findings: --key KEY (repeatable), or --all.")
    by = person(settings)
    people.require(settings, by, "fixer", "plan fixes")
    each = values_of(asked.values) if asked.values is not None else {}
    if asked.photos:
        source = settings.source(asked.source) if asked.source else None
        each |= photos_for(store, check, asked.photos, source.name if source else None)
    options = dict(_pair(text) for text in asked.options or ())
    with ShownProgress() as progress:
        return make_plan(
            store,
            settings,
            check,
            keys=asked.keys,
            source=asked.source,
            by=by,
            options=options,
            each=each,
            progress=progress,
        )


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise UsageError(f"--option {text!r}: expected name=value.")
    return name, value


def _classes(plan: Plan, given: list[str] | None) -> Sequence[Klass]:
    """Those named; else what the plan begins by itself."""
    if not given:
        return plan.classes
    known("class", given, CLASSES)
    return [klass for klass in CLASSES if klass in given]


def _ask(chosen: Plan, classes: Sequence[Klass]) -> None:
    show_plan(chosen)
    if not sys.stdin.isatty():
        raise UsageError("Nobody is here to confirm: add --yes to apply it.")
    begun = [item for item in chosen.items if item.klass in classes]
    fix = FIXES[chosen.fix]
    if "irreversible" in {item.klass for item in begun}:
        complain(f"{class_counts(begun)}. What is irreversible cannot be undone.")
    doing = "Undo" if chosen.kind == "undo" else "Apply"
    typer.confirm(f"{doing} this to {counted(len(begun), fix.thing)}?", abort=True, err=True)


def _print_plan(plan: Plan, format: Format) -> None:
    if format is Format.json:
        as_json(plan_as_json(plan))
    else:
        show_plan(plan)
