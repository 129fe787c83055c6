"""`notebooks`: the notebooks in a folder of a person's own, opened in JupyterLab on the same settings."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from checks.commands.common import Config
from checks.commands.placing import place, tell
from checks.commands.processes import available, ended, ending_on_terminate, running
from checks.errors import UsageError
from checks.output import complain
from checks.settings import FILE_NAME, load_settings

FOLDER = Path("keurmeester-notebooks")
_FIRST = "onboarding.ipynb"  # opened, where it is there
_PREFIX = "KEURMEESTER_"

#: In a wheel they are part of the package; in a checkout they stand beside it.
_PACKAGE = Path(__file__).resolve().parent.parent
_PLACES = (_PACKAGE / "_notebooks", _PACKAGE.parent / "notebooks")


def notebooks(
    folder: Annotated[Path, typer.Argument(help="Where your copies go.")] = FOLDER,
    config: Config = None,
    port: Annotated[int, typer.Option("--port", help="JupyterLab's port.")] = 8888,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open a browser.")] = False,
    copy_only: Annotated[bool, typer.Option("--copy-only", help="Copy the notebooks and stop.")] = False,
    practise: Annotated[
        bool, typer.Option("--practise", help="With an empty shop of its own, and files to fill it with.")
    ] = False,
) -> None:
    """Copy the notebooks to a folder of yours and open them in JupyterLab, on the same settings."""
    if practise and (config is not None or copy_only):
        raise UsageError(
            "--practise makes its own settings and starts its own shop: leave --config and --copy-only out."
        )
    if not copy_only:
        _check_jupyter()
    settings = None if practise or copy_only else _settings(config)
    _copy(folder)
    if copy_only:
        return
    with ending_on_terminate(), ExitStack() as around:
        try:
            chosen = settings or around.enter_context(_practising(folder))
            code = _serve(folder, chosen, port, browser=not no_browser, alone=practise)
        except KeyboardInterrupt:
            complain("Stopped.")
            code = 0
    raise typer.Exit(code)


def _practising(folder: Path) -> AbstractContextManager[Path]:
    from checks.commands.practising import practising  # brings servers, of which all others need none

    return practising(folder)


def _settings(config: Path | None) -> Path:
    """The settings file, absolute, as the other commands find it, and read once: what is wrong with it is told here."""
    if config is None and not os.environ.get(f"{_PREFIX}CONFIG") and not Path(FILE_NAME).is_file():
        raise UsageError(
            f"There is no {FILE_NAME} here, and the notebooks need to know which shop they are about. Name one with "
            "--config, write one as the README shows, or add --practise: it starts an empty shop to practise with."
        )
    file = load_settings(config).file
    assert file is not None
    return file


def _check_jupyter() -> None:
    if find_spec("jupyterlab") is None or find_spec("ipykernel") is None:
        raise UsageError(
            "JupyterLab is not installed here: install keurmeester[notebooks] (in a clone: "
            "`python3 -m checks.bootstrap notebooks`), or copy the notebooks with --copy-only."
        )


def _copy(folder: Path) -> None:
    source = next((folder for folder in _PLACES if folder.is_dir()), None)
    if source is None:
        raise UsageError("The notebooks are not part of this installation: install keurmeester anew.")
    if folder.resolve() == source:
        raise UsageError(f"{folder} is where the notebooks come from. Name a folder of your own.")
    files = {file.name: file.read_bytes() for file in sorted(source.glob("*.ipynb"))}
    told = place(folder, files)
    for sentence in told:
        tell(sentence)
    if not told:
        tell(f"The notebooks in {folder} are the newest.")


def _serve(folder: Path, config: Path, port: int, *, browser: bool, alone: bool) -> int:
    """JupyterLab until it ends or is stopped; its exit code. `alone`: no setting comes from this environment.

    Jupyter makes its own token, and says on stderr where it is to be opened with it.
    """
    port = available("127.0.0.1", port, "JupyterLab")
    kept = {
        name: value for name, value in os.environ.items() if not (alone and name.upper().startswith(_PREFIX))
    }
    environment = {**kept, f"{_PREFIX}CONFIG": str(config), "JUPYTER_PREFER_ENV_PATH": "1"}
    command = [sys.executable, "-m", "jupyterlab", *_options(folder, port, browser)]
    with running(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as server:
        tell(f"JupyterLab starts in {folder}, on the settings {config} (stop with Ctrl+C).")
        return ended(server)


def _options(folder: Path, port: int, browser: bool) -> Iterator[str]:
    options = {
        "ServerApp.root_dir": str(folder.resolve()),
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": str(port),
        "ServerApp.open_browser": str(browser),
        "ServerApp.answer_yes": "True",  # Ctrl+C ends it, and asks nothing
        "Application.log_level": "ERROR",
        # it talks to this machine alone: no news, no versions, no catalogue of extensions
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        "LabApp.news_url": "None",
        "LabApp.extension_manager": "readonly",
    }
    if (folder / _FIRST).is_file():
        options["LabApp.default_url"] = f"/lab/tree/{_FIRST}"
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options["ServerApp.allow_root"] = "True"  # whoever calls this as root means it
    for name, value in options.items():
        yield f"--{name}={value}"
