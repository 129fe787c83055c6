"""How a notebook that goes wrong fails its test: with the cell, its source and what it said."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from tests.notebooks.conftest import Execute


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """Never read: these notebooks connect to nothing."""
    return tmp_path / "keurmeester.toml"


def book(folder: Path, *cells: str) -> Path:
    """A notebook whose first cell sets `number = 1` as a parameter."""
    made = nbformat.v4.new_notebook()
    first = nbformat.v4.new_code_cell("number = 1  # how many", metadata={"tags": ["parameters"]})
    made.cells = [first, *(nbformat.v4.new_code_cell(cell) for cell in cells)]
    file = folder / "small.ipynb"
    nbformat.write(made, file)
    return file


def test_parameters_are_replaced_and_values_come_back(
    execute: Execute, tmp_path: Path, settings: Path
) -> None:
    file = book(tmp_path, "import polars as pl\nframe = pl.DataFrame({'a': [number]})")
    wanted = {"frame": "frame", "twice": "number * 2", "where": "os.environ['KEURMEESTER_CONFIG']"}
    found = execute(file, settings, wanted | {"where": "__import__('os').getcwd()"}, number=21)
    assert found == {"frame": [{"a": 21}], "twice": 42, "where": str(tmp_path)}
    assert execute(file, settings, {"number": "number"}) == {"number": 1}


def test_nothing_is_left_of_the_notebook_before(execute: Execute, tmp_path: Path, settings: Path) -> None:
    execute(book(tmp_path, "left = 1"), settings)
    assert execute(book(tmp_path), settings, {"there": "'left' in globals()"}) == {"there": False}


def test_a_cell_that_fails_is_told_with_its_source(execute: Execute, tmp_path: Path, settings: Path) -> None:
    with pytest.raises(pytest.fail.Exception) as told:
        execute(book(tmp_path, "shares = 1\nshares / 0"), settings)
    assert "small.ipynb, cell 2" in str(told.value)
    assert "shares / 0" in str(told.value)
    assert "ZeroDivisionError: division by zero" in str(told.value)
    assert "\x1b[" not in str(told.value)


def test_a_warning_fails_too(execute: Execute, tmp_path: Path, settings: Path) -> None:
    with pytest.raises(pytest.fail.Exception, match=r"(?s)warned:.*old thing"):
        execute(book(tmp_path, "import warnings\nwarnings.warn('old thing')"), settings)


def test_a_cell_that_hangs_is_given_up(execute: Execute, tmp_path: Path, settings: Path) -> None:
    with pytest.raises(pytest.fail.Exception, match=r"(?s)took more than 2 seconds.*sleep\(60\)"):
        execute(book(tmp_path, "import time\ntime.sleep(60)"), settings, seconds=2)
    assert execute(book(tmp_path), settings, {"number": "number"}) == {"number": 1}


def test_a_kernel_that_ends_is_told(execute: Execute, tmp_path: Path, settings: Path) -> None:
    with pytest.raises(pytest.fail.Exception, match="ended the kernel"):
        execute(book(tmp_path, "import os\nos._exit(3)"), settings)
    assert execute(book(tmp_path), settings, {"number": "number"}) == {"number": 1}


def test_a_parameter_that_no_cell_sets_is_refused(execute: Execute, tmp_path: Path, settings: Path) -> None:
    with pytest.raises(AssertionError, match="does not set amount"):
        execute(book(tmp_path), settings, amount=2)
