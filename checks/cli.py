"""The `keurmeester` command: its parts put together, and the one place where errors become exit codes.

0 done; 1 done, and findings at or above `--fail-on` are open (`doctor`: something is wrong); 2 wrong usage or
configuration; 3 a source could not be collected in full; 4 a fix failed or needs attention; 130 stopped. What a program
reads goes to stdout, everything else to stderr.
"""

from __future__ import annotations

import logging
import os
import sys
import warnings
from typing import Annotated, NoReturn

import typer

from checks import __version__
from checks.commands import daily, doctor, fixes, serving
from checks.errors import FixError, KeurmeesterError, SourceError, Stopped
from checks.output import complain, stdout

_STOPPED = 130

app = typer.Typer(
    name="keurmeester",
    help="Data quality of your web shop: collect, check, show, fix, prove.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("demo")(serving.demo)
app.command("run")(daily.run)
app.command("findings")(daily.findings)
app.add_typer(fixes.app, name="fix")
app.command("serve")(serving.serve)
app.command("sandbox")(serving.sandbox)
app.command("doctor")(doctor.doctor)
app.command("bench")(daily.bench_checks)


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
            complain("Stopped. What was finished before is kept; nothing else was changed.")
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
        stdout.print(f"keurmeester {__version__}")
        raise typer.Exit


def _end(message: str, code: int) -> NoReturn:
    complain(message)
    sys.exit(code)


def _show_warning(message: Warning | str, *_: object, **__: object) -> None:
    complain(str(message))
