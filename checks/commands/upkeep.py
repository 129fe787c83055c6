"""`accept`, `snooze`, `reopen`, `comment`: what people decide about findings; and `purge`, what goes by its age."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated

import polars as pl
import typer

from checks.commands.common import Config, TableOrJson, known, open_store, person
from checks.errors import UsageError
from checks.findings import OPEN_STATUSES, SET_ASIDE, day_in_words, end_of_day
from checks.output import Format, as_json, complain, counted, size, stderr, stdout, table
from checks.people import require
from checks.retention import WORDS
from checks.retention import purge as purge_now
from checks.rules import CHECKS
from checks.settings import load_settings
from checks.store import Store

_ALIVE = (*OPEN_STATUSES, *SET_ASIDE)
_MOST_NAMED = 10
_SHORTEST = 4  # characters of an id: with fewer, a slip of the finger would name another finding

Ids = Annotated[
    list[str] | None,
    typer.Argument(metavar="[ID]...", help="Findings, by their id or the beginning of it."),
]
Check = Annotated[list[str] | None, typer.Option("--check", help="Those of this check (repeatable).")]
Keys = Annotated[list[str] | None, typer.Option("--key", help="Those on this key (repeatable).")]
Source = Annotated[list[str] | None, typer.Option("--source", help="Only of this source (repeatable).")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
Until = Annotated[
    str | None, typer.Option("--until", help="YYYY-MM-DD: until the end of that day on this machine.")
]


def accept(
    ids: Ids = None,
    config: Config = None,
    reason: Annotated[str, typer.Option("--reason", help="Why it is right as it is.")] = "",
    until: Until = None,
    check: Check = None,
    key: Keys = None,
    source: Source = None,
    yes: Yes = False,
) -> None:
    """Accept findings: they count as sound until the value changes, the date passes or somebody reopens them."""
    if not reason.strip():
        raise UsageError("Say why with --reason: whoever looks at it next year wants to know.")
    _decide(
        config,
        ids,
        (check, key, source),
        OPEN_STATUSES,
        "accepted",
        lambda store, chosen, who: store.accept(chosen, reason, who, _day(until)),
        yes,
    )


def snooze(
    ids: Ids = None,
    config: Config = None,
    until: Until = None,
    reason: Annotated[str | None, typer.Option("--reason", help="What you wait for.")] = None,
    check: Check = None,
    key: Keys = None,
    source: Source = None,
    yes: Yes = False,
) -> None:
    """Set findings aside until a day, whatever their value becomes."""
    day = _day(until)
    if day is None:
        raise UsageError("Say until when with --until YYYY-MM-DD.")
    _decide(
        config,
        ids,
        (check, key, source),
        OPEN_STATUSES,
        "snoozed",
        lambda store, chosen, who: store.snooze(chosen, day, who, reason),
        yes,
    )


def reopen(
    ids: Ids = None,
    config: Config = None,
    reason: Annotated[str | None, typer.Option("--reason", help="Why it is not right after all.")] = None,
    check: Check = None,
    key: Keys = None,
    source: Source = None,
    yes: Yes = False,
) -> None:
    """Take back that findings were accepted or snoozed."""
    _decide(
        config,
        ids,
        (check, key, source),
        SET_ASIDE,
        "reopened",
        lambda store, chosen, who: store.reopen(chosen, who, reason),
        yes,
    )


def comment(
    ids: Ids = None,
    config: Config = None,
    text: Annotated[str, typer.Option("--text", help="What you want to say.")] = "",
    check: Check = None,
    key: Keys = None,
    source: Source = None,
    yes: Yes = False,
) -> None:
    """Add a remark to findings. Changes nothing else."""
    if not text.strip():
        raise UsageError("Say it with --text.")
    _decide(
        config,
        ids,
        (check, key, source),
        _ALIVE,
        "commented on",
        lambda store, chosen, who: store.comment(chosen, text, who),
        yes,
    )


def purge(
    config: Config = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    format: TableOrJson = Format.table,
) -> None:
    """Apply retention now: what is older than retention_days goes, personal data after personal_retention_days.

    Nothing does it by itself: put it beside the daily run, e.g. in cron.
    """
    settings = load_settings(config)
    who = person(settings)
    if not dry_run:
        require(settings, who, "admin", "purge")
    with open_store(settings) as store:
        purged = purge_now(store, settings.store, who.name, dry_run=dry_run)
    for path in purged.left_alone:
        complain(f"Left alone: {path}.")
    if format is Format.json:
        as_json(purged.as_json())
        return
    terms = f"older than {day_in_words(purged.before)}; personal data, than {day_in_words(purged.personal_before)}"
    if purged.nothing:
        stdout.print(f"Nothing is {terms}.", markup=False)
        return
    rows = [
        (WORDS[what], tally.count, size(tally.bytes) if tally.bytes else "")
        for what, tally in purged.tallies.items()
        if tally.count
    ]
    table(
        f"{'Would go' if dry_run else 'Gone'}: {terms}",
        ("what", "how many", "freed"),
        rows,
        right=("how many", "freed"),
    )


def _decide(
    config: Config,
    ids: list[str] | None,
    choice: tuple[list[str] | None, list[str] | None, list[str] | None],
    statuses: tuple[str, ...],
    done: str,
    act: Callable[[Store, list[str], str], int],
    yes: bool,
) -> None:
    check, key, source = choice
    settings = load_settings(config)
    known("check", check, CHECKS)
    known("source", source, [one.name for one in settings.sources])
    if ids and (check or key or source):
        raise UsageError("Give ids, or --check and --key; not both.")
    if not (ids or check or key):
        raise UsageError("Give the ids of findings, or choose them with --check and --key.")
    who = person(settings)
    require(settings, who, "fixer", "decide about findings")
    with open_store(settings) as store:
        if ids:
            chosen = _by_id(store, ids)
        else:
            found = store.findings(check=check, key=key, source=source, status=statuses)
            if found.is_empty():
                raise UsageError(
                    "No finding fits --check, --key and --source that can be "
                    f"{done}: `keurmeester findings --status all` shows those there are."
                )
            chosen = found["id"].to_list()
            if not key and len(chosen) > 1 and not yes:
                _ask(found, done)
        before = max(store.events_of(chosen)["number"], default=0)
        count = act(store, chosen, who.name)
        named = _touched(store, chosen, before)
    stdout.print(f"{counted(count, 'finding')} {done}{': ' if count else '.'}", markup=False, end="")
    stdout.print(f"{_named(named)}." if count else "", markup=False, soft_wrap=True)
    if count < len(chosen):
        complain(f"{len(chosen) - count:,} left as they are: fixed, or nothing to take back.")


def _ask(found: pl.DataFrame, done: str) -> None:
    """A whole check at once may be a slip: a person says yes, a script --yes."""
    stderr.print(f"{counted(found.height, 'finding')}: {_named(found)}.", markup=False, soft_wrap=True)
    if not sys.stdin.isatty():
        raise UsageError("Nobody is here to confirm that many: add --yes, or choose some with --key.")
    typer.confirm(f"Shall all {found.height:,} be {done}?", abort=True, err=True)


def _touched(store: Store, chosen: list[str], before: int) -> pl.DataFrame:
    """Those of the chosen findings that something happened to just now."""
    events = store.events_of(chosen).filter(pl.col("number") > before)
    return store.findings(ids=events["finding_id"].unique().to_list(), status="all")


def _named(findings: pl.DataFrame) -> str:
    """`missing-photo A1, missing-photo A2 and 5 more`."""
    few = [" ".join(row) for row in findings.select("check", "key").head(_MOST_NAMED).iter_rows()]
    more = f" and {findings.height - _MOST_NAMED:,} more" if findings.height > _MOST_NAMED else ""
    return f"{', '.join(few)}{more}"


def _by_id(store: Store, given: list[str]) -> list[str]:
    """Full ids. Raises UsageError where a beginning fits none, or more than one."""
    every = store.findings(status="all").select("id", "check", "key")
    chosen = []
    for prefix in given:
        fitting = every.filter(pl.col("id").str.starts_with(prefix.lower()))
        if len(prefix) < _SHORTEST or fitting.is_empty():
            raise UsageError(
                f"There is no finding {prefix!r}: give its id, or the first {_SHORTEST} or more characters of it. "
                "`keurmeester findings` shows them."
            )
        if fitting.height > 1:
            few = ", ".join(f"{row[0]} ({row[1]} {row[2]})" for row in fitting.head(3).iter_rows())
            raise UsageError(f"{prefix!r} fits {fitting.height:,} findings: {few}. Give more of the id.")
        chosen.append(fitting["id"][0])
    return list(dict.fromkeys(chosen))


def _day(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return end_of_day(date.fromisoformat(text))
    except ValueError:
        raise UsageError(f"--until {text!r}: expected a day as YYYY-MM-DD, e.g. 2026-12-24.") from None
