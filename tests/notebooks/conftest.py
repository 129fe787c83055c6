"""Notebooks run from top to bottom in a real kernel, as Jupyter runs them; what they found is fetched as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import run_sync
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

NOTEBOOKS = Path(__file__).resolve().parent.parent.parent / "notebooks"

#: Seconds that one cell may take, however busy the machine is.
CELL_SECONDS = 240

#: Begins the output that holds the wanted values.
_MARK = "wanted by the test: "
#: Tags the cells before and after a notebook.
_OWN = "of-the-test"

Execute = Callable[..., dict[str, Any]]

#: What comes before a notebook: nothing of the one before is left, and `connect()` finds the settings as the command does.
_BEFORE = """
import os
if "kr" in globals():
    kr.close()
get_ipython().run_line_magic("reset", "-f")
import os
os.chdir({folder!r})
os.environ["KEURMEESTER_CONFIG"] = {settings!r}
"""

#: What comes after: each wanted expression as JSON. A chart as what it says, a frame as its rows.
_AFTER = """
import json as _json
from datetime import date as _date
import polars as _pl

def _plain(value):
    if isinstance(value, _pl.DataFrame):
        return value.to_dicts()
    if isinstance(value, _pl.Series):
        return value.to_list()
    if hasattr(value, "statement"):
        return {{"statement": value.statement, "how": value.how, "rows": value.rows.to_dicts()}}
    if isinstance(value, _date):
        return value.isoformat()
    if isinstance(value, (set, frozenset)):
        return sorted(value, key=repr)
    raise TypeError(f"{{type(value).__name__}} is not JSON: choose another expression")

print({mark!r} + _json.dumps({{{values}}}, default=_plain))
"""


class Kernels:
    """One kernel for all notebooks of the session: starting one, and importing Polars there, takes seconds.

    Its manager is an asynchronous one: with the other, nbclient waits for output and never sees that time is over.
    """

    def __init__(self, log: Path) -> None:
        self._log = log
        self._manager: AsyncKernelManager | None = None

    def manager(self) -> AsyncKernelManager:
        if self._manager is None or not run_sync(self._manager.is_alive)():
            self._manager = AsyncKernelManager(kernel_name="python3")
            with self._log.open("ab") as log:
                run_sync(self._manager.start_kernel)(stderr=log)
        return self._manager

    def end(self) -> str:
        """Ends the kernel; gives what it said last outside the cells."""
        if self._manager is not None and self._manager.has_kernel:
            run_sync(self._manager.shutdown_kernel)(now=True)
        self._manager = None
        return self._log.read_text(errors="replace")[-4_000:] if self._log.is_file() else ""


@pytest.fixture(scope="session")
def kernels(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernels]:
    started = Kernels(tmp_path_factory.mktemp("kernel") / "stderr.log")
    yield started
    started.end()


@pytest.fixture(scope="session")
def execute(kernels: Kernels) -> Execute:
    """Runs a notebook on a store: `execute("explore", settings_file, {"photos": "photos"}, run=None)`.

    Args (of what it gives):
        notebook: its name in `notebooks/`, or a file.
        settings: the keurmeester.toml that it finds.
        wanted: what to give back: name -> expression, evaluated behind the last cell. Frames become lists of rows,
            moments ISO text, charts their `statement`, `how` and `rows`.
        seconds: that one cell may take.
        keep: a file to write the executed notebook to.
        parameters: replace the values of the cell tagged `parameters`; each must be set there already.

    A cell that fails, takes too long or writes to stderr (a warning) fails the test, with its source and what it said.
    """

    def run(
        notebook: str | Path,
        settings: Path,
        wanted: Mapping[str, str] | None = None,
        *,
        seconds: float = CELL_SECONDS,
        keep: Path | None = None,
        **parameters: Any,
    ) -> dict[str, Any]:
        file = notebook if isinstance(notebook, Path) else NOTEBOOKS / f"{notebook}.ipynb"
        book = nbformat.read(file, as_version=4)
        _set_parameters(book, parameters, file.name)
        before = _BEFORE.format(folder=str(settings.parent), settings=str(settings))
        values = ", ".join(f"{name!r}: ({expression})" for name, expression in (wanted or {}).items())
        book.cells.insert(0, _own_cell(before))
        book.cells.append(_own_cell(_AFTER.format(mark=_MARK, values=values)))
        _run(book, kernels, file.name, seconds)
        if keep is not None:
            book.cells = book.cells[1:-1]
            nbformat.write(book, keep)
            return {}
        [said] = [text for text in _streams(book.cells[-1], "stdout") if text.startswith(_MARK)]
        found: dict[str, Any] = json.loads(said.removeprefix(_MARK))
        return found

    return run


def _set_parameters(book: Any, parameters: Mapping[str, Any], name: str) -> None:
    if not parameters:
        return
    cells = [cell for cell in book.cells if "parameters" in cell.metadata.get("tags", ())]
    assert len(cells) == 1, f"{name}: one cell must be tagged parameters, {len(cells)} are"
    source = cells[0].source
    for parameter, value in parameters.items():
        source, changed = re.subn(
            rf"^{parameter} = .*$", lambda _, p=parameter, v=value: f"{p} = {v!r}", source, flags=re.M
        )
        assert changed == 1, f"{name}: its cell of parameters does not set {parameter}:\n{cells[0].source}"
    cells[0].source = source


def _own_cell(source: str) -> Any:
    return nbformat.v4.new_code_cell(source, metadata={"tags": [_OWN]})


def _run(book: Any, kernels: Kernels, name: str, seconds: float) -> None:
    def limit(cell: Any) -> float:
        return CELL_SECONDS if _OWN in cell.metadata.get("tags", ()) else seconds

    client = NotebookClient(book, km=kernels.manager(), timeout_func=limit)
    with client.setup_kernel(cleanup_kc=False):  # the kernel is the session's, the way to it ours
        try:
            for number, cell in enumerate(book.cells):
                _run_cell(client, cell, number, kernels, name, seconds)
        finally:
            client.kc.stop_channels()


def _run_cell(
    client: NotebookClient, cell: Any, number: int, kernels: Kernels, name: str, seconds: float
) -> None:
    where = f"{name}, cell {number} ({cell.get('id', '')})"
    try:
        client.execute_cell(cell, number)
    except CellTimeoutError:
        kernels.end()
        pytest.fail(f"{where} took more than {seconds:g} seconds:\n{cell.source}", pytrace=False)
    except DeadKernelError:
        pytest.fail(f"{where} ended the kernel:\n{cell.source}\n{kernels.end()}", pytrace=False)
    except CellExecutionError as error:
        told = re.sub(r"\x1b\[[0-9;]*m", "", str(error))
        pytest.fail(f"{where} failed:\n{told}", pytrace=False)
    if warned := "".join(_streams(cell, "stderr")):
        pytest.fail(f"{where} warned:\n{warned}\n{cell.source}", pytrace=False)


def _streams(cell: Any, name: str) -> list[str]:
    outputs = cell.get("outputs", ())
    return [str(one.text) for one in outputs if one.output_type == "stream" and one.name == name]
