"""`errors list`, `show`, `rows`, and what people decide: `resolve`, `ignore`, `reopen`, `assign`, `comment`, `merge`, `split`,
`undo`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Any

import polars as pl
import typer

from checks.commands.common import Config, TableOrJson, formats, known, open_store, person
from checks.commands.errors_output import (
    as_csv,
    group_as_json,
    row_as_json,
    show_group,
    show_groups,
    show_rows,
    whole,
)
from checks.errors import UsageError
from checks.findings import end_of_day
from checks.output import Format, as_bytes, as_json, complain, counted, stderr, stdout
from checks.people import Person, require
from checks.settings import Settings, load_settings
from checks.store import Store
from checks.triage.states import OPEN, STATES

app = typer.Typer(
    help="Problems in the error log: list them, read them, decide about them.",
    no_args_is_help=True,
    add_completion=False,
)

_SHORTEST = 4  # characters of an id: with fewer, a slip of the finger would name another problem
_MOST_NAMED = 5
_DOING = "decide about API errors"

Id = Annotated[str, typer.Argument(metavar="ID", help="A problem, by its id or the beginning of it.")]
Ids = Annotated[
    list[str], typer.Argument(metavar="ID...", help="Problems, by their id or the beginning of it.")
]
Reason = Annotated[str | None, typer.Option("--reason", help="Why; it stays in the history.")]
Sources = Annotated[list[str] | None, typer.Option("--source", help="Only of this source (repeatable).")]
Text = Annotated[str | None, typer.Option("--text", help="Only with these words.")]
Output = Annotated[Path | None, typer.Option("--output", help="Write csv or json here.")]
Lists = Annotated[Format, formats(Format.table, Format.json, Format.csv)]


@app.command("list")
def list_groups(
    config: Config = None,
    state: Annotated[
        list[str] | None, typer.Option("--state", help=f"{', '.join(STATES)}, open or all (repeatable).")
    ] = None,
    source: Sources = None,
    text: Text = None,
    format: Lists = Format.table,
    output: Output = None,
) -> None:
    """The problems, the gravest first; open ones unless --state says otherwise."""
    known("state", state, (*STATES, "open", "all"))
    settings, store = _opened(config, source, format, output)
    every = [one for given in state or ["open"] for one in (OPEN if given == "open" else (given,))]
    wanted: Any = "all" if "all" in every else every
    groups = store.errors.groups(state=wanted, text=text)
    if source:
        groups = groups.filter(pl.col("source").is_in(source))
    if format is Format.table:
        show_groups(groups, datetime.now(UTC))
        return
    url = settings.dashboard.url
    told = [group_as_json(row, url) for row in groups.iter_rows(named=True)]
    _write(told, format, output, "problem")


@app.command("show")
def show(id: Id, config: Config = None, format: TableOrJson = Format.table) -> None:
    """All about one problem: what it is, what usually helps, what it touches, its findings, rows and history."""
    settings = load_settings(config)
    store = open_store(settings)
    document = whole(store, _one(store, id), settings.dashboard.url)
    if format is Format.json:
        as_json(document)
    else:
        show_group(document)


@app.command("rows")
def rows(
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="Only of these problems.")
    ] = None,
    config: Config = None,
    source: Annotated[str | None, typer.Option("--source", help="Only of this source.")] = None,
    text: Text = None,
    day: Annotated[str | None, typer.Option("--day", help="YYYY-MM-DD: only of that day.")] = None,
    unmapped: Annotated[
        bool, typer.Option("--unmapped", help="Only rows that fit no field of the settings' mapping.")
    ] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many, the newest.")] = 50,
    format: Lists = Format.table,
    output: Output = None,
) -> None:
    """The rows of the error log as they were collected, the newest first; personal fields are masked."""
    _, store = _opened(config, [source] if source else None, format, output)
    since, end = (None, None) if day is None else _of_day(_day(day))
    asked: dict[str, Any] = {
        "ids": [_one(store, one) for one in ids] if ids else None,
        "source": source,
        "text": text,
        "since": since,
        "until": end,
        "unmapped": unmapped,
    }
    found = store.errors.rows(**asked, limit=limit)
    if format is Format.table:
        show_rows(found)
    else:
        _write([row_as_json(row) for row in found.iter_rows(named=True)], format, output, "row")
    if (total := store.errors.rows_total(**asked)) > found.height:
        complain(f"The newest {found.height:,} of {total:,} are shown; --limit gives more.")


@app.command("resolve")
def resolve(ids: Ids, config: Config = None, reason: Reason = None) -> None:
    """They are over: a newer row brings one back as regressed, an older one never does."""
    _decide(config, ids, "resolved", lambda errors, chosen, by: errors.resolve(chosen, by, reason=reason))


@app.command("ignore")
def ignore(
    ids: Ids,
    config: Config = None,
    until: Annotated[
        str | None, typer.Option("--until", help="YYYY-MM-DD: until the end of that day on this machine.")
    ] = None,
    more: Annotated[
        int | None, typer.Option("--more", min=1, max=10**9, help="Until so many rows more.")
    ] = None,
    until_escalating: Annotated[
        bool, typer.Option("--until-escalating", help="Until it fails far more than usual.")
    ] = False,
    forever: Annotated[bool, typer.Option("--forever", help="For ever; needs --reason.")] = False,
    reason: Reason = None,
) -> None:
    """Out of the list until a day, until so many more rows, until it escalates, or for ever with a reason."""
    if sum((until is not None, more is not None, until_escalating, forever)) != 1:
        raise UsageError("Say for how long: one of --until DATE, --more N, --until-escalating, --forever.")
    if forever and not (reason or "").strip():
        raise UsageError("Say why with --reason: what is ignored for ever never comes back by itself.")
    end = None if until is None else end_of_day(_day(until, "--until")).astimezone(UTC)
    _decide(
        config,
        ids,
        "ignored",
        lambda errors, chosen, by: errors.ignore(
            chosen, by, until=end, more=more, escalating=until_escalating, for_ever=forever, reason=reason
        ),
    )


@app.command("reopen")
def reopen(ids: Ids, config: Config = None, reason: Reason = None) -> None:
    """They stand in the list again."""
    _decide(config, ids, "reopened", lambda errors, chosen, by: errors.reopen(chosen, by, reason=reason))


@app.command("assign")
def assign(
    ids: Ids,
    config: Config = None,
    to: Annotated[str | None, typer.Option("--to", help="Who looks after them.")] = None,
    nobody: Annotated[bool, typer.Option("--nobody", help="Nobody any more.")] = False,
) -> None:
    """Say who looks after them."""
    if (to is None or not to.strip()) is not nobody:
        raise UsageError("Say to whom: --to NAME, or --nobody.")
    name = None if nobody else str(to).strip()
    done = f"assigned to {name or 'nobody'}"
    _decide(config, ids, done, lambda errors, chosen, by: errors.assign(chosen, name, by))


@app.command("comment")
def comment(
    ids: Ids,
    config: Config = None,
    text: Annotated[str, typer.Option("--text", help="What you want to say.")] = "",
) -> None:
    """Add a remark. Changes nothing else."""
    if not text.strip():
        raise UsageError("Say it with --text.")

    def said(errors: Any, chosen: list[str], by: str) -> int:
        errors.comment(chosen, text, by)
        return len(chosen)

    _decide(config, ids, "commented on", said)


@app.command("merge")
def merge(
    ids: Ids,
    config: Config = None,
    into: Annotated[str, typer.Option("--into", metavar="ID", help="The problem they become.")] = "",
) -> None:
    """Make several problems one, for good: rows that come later count there too."""
    if not into:
        raise UsageError("Say into which problem with --into ID.")
    _, store, who = _begun(config)
    target = _one(store, into)
    others = [one for one in dict.fromkeys(_one(store, given) for given in ids) if one != target]
    if not others:
        raise UsageError("A problem cannot be merged into itself: name another one.")
    count = store.errors.merge(others, target, who.name)
    stdout.print(
        f"{counted(count, 'problem')} merged into {_title(store, target)}.",
        markup=False,
        soft_wrap=True,
    )


@app.command("split")
def split(
    id: Id,
    config: Config = None,
    part: Annotated[
        list[str] | None,
        typer.Option("--part", help="A part of it, as `errors show` lists them (repeatable)."),
    ] = None,
    contains: Annotated[
        str | None, typer.Option("--contains", help="Split off the rows that contain this text.")
    ] = None,
) -> None:
    """Make a part of a problem one of its own, for good."""
    if bool(part) == bool((contains or "").strip()):
        raise UsageError("Say what to split off: --part FINGERPRINT, or --contains TEXT.")
    _, store, who = _begun(config)
    group = _one(store, id)
    if part:
        fingerprints = [_part(store, group, one) for one in part]
        made = store.errors.split(group, fingerprints, who.name)
    else:
        made = store.errors.split_by_text(group, str(contains).strip(), who.name)
    stdout.print(f"Split off as {made}: {_title(store, made)}.", markup=False, soft_wrap=True)


@app.command("undo")
def undo(ids: Ids, config: Config = None) -> None:
    """Take back the last change of each, also one that a run made."""
    _, store, who = _begun(config)
    numbers, told = [], []
    for one in dict.fromkeys(_one(store, given) for given in ids):
        events = store.errors.events(one)
        alive = events.filter(pl.col("before").is_not_null() & pl.col("undone_at").is_null())
        if alive.is_empty():
            raise UsageError(
                f"Nothing has changed on {one} that could be undone. What was split off goes back with "
                "`keurmeester errors undo` of the part that was split off."
            )
        newest = alive.sort("number").row(-1, named=True)
        numbers.append(int(newest["number"]))
        told.append(f"  {one[:8]}: {newest['detail']}")
    count = store.errors.undo(numbers, who.name)
    stdout.print("\n".join([f"{counted(count, 'change')} undone:", *told]), markup=False, soft_wrap=True)


def _opened(
    config: Path | None, source: list[str] | None, format: Format, output: Path | None
) -> tuple[Settings, Store]:
    settings = load_settings(config)
    known("source", source, [one.name for one in settings.sources])
    if output is not None and format is Format.table:
        raise UsageError("--output goes with --format csv or json.")
    store = open_store(settings)
    run = store.latest_run()
    if run is None:
        complain("There was no health check yet: `keurmeester run` does one.")
    else:
        _complain_of_unread(store, run["id"], source)
    return settings, store


def _complain_of_unread(store: Store, run_id: str, source: list[str] | None) -> None:
    """A log that could not be read is no log without errors."""
    for row in store.collected(run_id).iter_rows(named=True):
        if (
            row["frame"] == "error_logs"
            and row["status"] == "failed"
            and row["source"] in (source or [row["source"]])
        ):
            complain(
                f"The error log of {row['source']} could not be read in the last health check: what is listed is of before. "
                f"{row['message'] or ''}".strip()
            )


def _begun(config: Path | None) -> tuple[Settings, Store, Person]:
    """For what changes something: who is at work must be allowed to."""
    settings = load_settings(config)
    who = person(settings)
    require(settings, who, "fixer", _DOING)
    return settings, open_store(settings), who


def _decide(
    config: Path | None, ids: list[str], done: str, act: Callable[[Any, list[str], str], int]
) -> None:
    _, store, who = _begun(config)
    chosen = list(dict.fromkeys(_one(store, one) for one in ids))
    count = act(store.errors, chosen, who.name)
    few = "; ".join(_title(store, one) for one in chosen[:_MOST_NAMED])
    more = f" and {len(chosen) - _MOST_NAMED:,} more" if len(chosen) > _MOST_NAMED else ""
    named = f": {few}{more}" if count == len(chosen) else ""
    stdout.print(f"{counted(count, 'problem')} {done}{named}.", markup=False, soft_wrap=True)
    if count < len(chosen):
        left = len(chosen) - count
        stay = "1 stays as it is: it is" if left == 1 else f"{left:,} stay as they are: they are"
        complain(f"{stay} so already, or changed meanwhile.")


def _one(store: Store, given: str) -> str:
    """The id that begins like this; of one that was merged, where it went. Raises UsageError where none or several do."""
    ids = store.errors.groups(state="all").select("id", "title")
    fitting = ids.filter(pl.col("id").str.starts_with(given.lower()))
    if len(given) >= _SHORTEST and fitting.height == 1:
        return str(fitting["id"][0])
    if len(given) >= _SHORTEST and fitting.height > 1:
        few = ", ".join(f"{ident} ({title})" for ident, title in fitting.head(3).iter_rows())
        raise UsageError(f"{given!r} fits {fitting.height:,} problems: {few}. Give more of the id.")
    if len(given) >= _SHORTEST and (merged := store.errors.group(given.lower())) is not None:
        return str(merged["id"])
    raise UsageError(
        f"There is no problem {given!r}: give its id, or the first {_SHORTEST} or more characters of it. "
        "`keurmeester errors list --state all` shows them."
    )


def _part(store: Store, group: str, given: str) -> str:
    parts = store.errors.members(group)["fingerprint"]
    fitting = [one for one in parts if one.startswith(given.lower())]
    if len(given) < _SHORTEST or len(fitting) != 1:
        raise UsageError(
            f"{given!r} is no part of it, or fits several: `keurmeester errors show {group[:8]}` lists its parts."
        )
    return str(fitting[0])


def _title(store: Store, ident: str) -> str:
    group = store.errors.group(ident)
    return ident if group is None else f"{ident[:8]} {group['title'].rstrip('.')}"


def _day(text: str, option: str = "--day") -> date:
    try:
        found = date.fromisoformat(text)
        end_of_day(found).astimezone(UTC)  # the first and last days there are have no moment in every zone
        return found
    except (ValueError, OverflowError):
        raise UsageError(f"{option} {text!r}: expected a day as YYYY-MM-DD, e.g. 2026-12-24.") from None


def _of_day(day: date) -> tuple[datetime, datetime]:
    """From when to when that day is on this machine; one with a change of clocks is not 24 hours long."""
    try:
        return datetime.combine(day, time()).astimezone(), datetime.combine(
            day + timedelta(days=1), time()
        ).astimezone()
    except (ValueError, OverflowError):
        raise UsageError(f"--day {day}: no log has such a day.") from None


def _write(told: list[dict[str, Any]], format: Format, output: Path | None, what: str) -> None:
    if format is Format.json:
        as_json(told, output)
    else:
        as_bytes(as_csv(told), output)
    if output is not None:
        stderr.print(f"{counted(len(told), what)} written to {output}.", markup=False)
