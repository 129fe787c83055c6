"""The `keurmeester` command: its parts put together, and the one place where errors become exit codes.

0 done; 1 done, and findings at or above `--fail-on` are open (`doctor`: something is wrong); 2 wrong usage or
configuration; 3 a source could not be collected in full, or a digest not be sent; 4 a fix failed or needs attention;
130 stopped. What a program reads goes to stdout, everything else to stderr.

A command's module is imported when it is called: `--help` need not wait for data frames and databases.
"""

from __future__ import annotations

import logging
import os
import sys
import warnings
from importlib import import_module
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

from checks import __version__
from checks.errors import FixError, KeurmeesterError, SourceError, Stopped

_STOPPED = 130

#: Name -> where it is, and what `--help` says of it: the first line of its docstring.
COMMANDS = {
    "demo": (
        "serving:demo",
        "Start stand-ins of all four systems with faults in their data, check them, open the dashboard.",
    ),
    "run": ("daily:run", "The daily health check: collect, check, compare with the last run, store."),
    "findings": ("daily:findings", "List stored findings; open ones unless --status says otherwise."),
    "accept": (
        "upkeep:accept",
        "Accept findings: they count as sound until the value changes, the date passes or somebody reopens them.",
    ),
    "snooze": ("upkeep:snooze", "Set findings aside until a day, whatever their value becomes."),
    "reopen": ("upkeep:reopen", "Take back that findings were accepted or snoozed."),
    "comment": ("upkeep:comment", "Add a remark to findings. Changes nothing else."),
    "fix": ("fixes:app", "Plan repairs, apply them, see what was done."),
    "errors": ("errors:app", "Problems in the error log: list them, read them, decide about them."),
    "digest": (
        "digest:digest",
        "Tell what is new since the last run: print it, or send it by mail, Teams or Slack.",
    ),
    "serve": (
        "serving:serve",
        "The dashboard on an existing configuration; on 127.0.0.1 unless told otherwise.",
    ),
    "notebooks": (
        "notebooks:notebooks",
        "Copy the notebooks to a folder of yours and open them in JupyterLab, on the same settings.",
    ),
    "sandbox": (
        "serving:sandbox",
        "Only the stand-in APIs of all four systems; prints a ready keurmeester.toml.",
    ),
    "doctor": (
        "doctor:doctor",
        "Per source: reachable, credentials, clock, permissions, schema drift; store and disk. 1 if anything is wrong.",
    ),
    "purge": (
        "upkeep:purge",
        "Apply retention now: what is older than retention_days goes, personal data after personal_retention_days.",
    ),
    "bench": (
        "daily:bench_checks",
        "Time the check pass (or the grouping of errors) beside the same in raw Polars; or reading a large catalogue, or matching a large file.",
    ),
}


class _Commands(TyperGroup):
    """The commands of COMMANDS: known by name and one line, imported when one of them is called."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and args[0] in COMMANDS:
            self.commands[args[0]] = load(args[0])
        return super().resolve_command(ctx, args)


app = typer.Typer(
    name="keurmeester",
    cls=_Commands,
    help="Data quality of your web shop: collect, check, show, fix, prove.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for _name, (_, _told) in COMMANDS.items():
    app.command(_name, help=_told)(lambda: None)


def load(name: str) -> Any:
    """The command of that name, with its module."""
    module, _, attribute = COMMANDS[name][0].partition(":")
    found = getattr(import_module(f"checks.commands.{module}"), attribute)
    if not isinstance(found, typer.Typer):
        alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
        alone.command(name)(found)
        found = alone
    command = typer.main.get_command(found)
    command.name = name
    return command


def main() -> NoReturn:
    """Runs the command; what is raised on purpose becomes one line on stderr and its exit code."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(message)s")
    logging.getLogger("stamina").setLevel(logging.ERROR)  # a retry that helped is no news
    warnings.showwarning = _show_warning
    try:
        app()
    except Stopped as stopped:
        _end(str(stopped), _STOPPED)
    except SourceError as error:
        _end(str(error), 3)
    except FixError as error:
        _end(str(error), 4)
    except KeurmeesterError as error:
        _end(str(error), 2)
    except SystemExit as end:
        if end.code == _STOPPED:  # Typer's word for Ctrl+C
            _complain("Stopped. What was finished before is kept; nothing else was changed.")
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(_STOPPED)  # threads that still wait for a server must not keep a person waiting
        raise
    sys.exit(0)


@app.callback(invoke_without_command=True)
def _root(
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False,
) -> None:
    if version:
        sys.stdout.write(f"keurmeester {__version__}\n")
        raise typer.Exit


def _end(message: str, code: int) -> NoReturn:
    _complain(message)
    sys.exit(code)


def _show_warning(message: Warning | str, *_: object, **__: object) -> None:
    _complain(str(message))


def _complain(message: str) -> None:
    from checks.output import complain

    complain(message)
