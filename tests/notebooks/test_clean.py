"""What is committed of a notebook: cells without outputs, valid, of no machine in particular."""

from __future__ import annotations

import json
import re
from pathlib import Path

import nbformat
import pytest

from tests.notebooks.conftest import NOTEBOOKS

FILES = sorted(NOTEBOOKS.glob("*.ipynb"))


def test_there_are_notebooks() -> None:
    assert {"error_logs.ipynb", "explore.ipynb"} <= {file.name for file in FILES}


@pytest.fixture(params=FILES, ids=lambda file: file.stem)
def file(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


def test_it_is_a_valid_notebook(file: Path) -> None:
    book = json.loads(file.read_text(encoding="utf-8"))
    nbformat.validate(book)
    assert (book["nbformat"], book["nbformat_minor"]) == (4, 5)
    ids = [cell["id"] for cell in book["cells"]]
    assert len(ids) == len(set(ids))


def test_nothing_of_a_run_is_kept(file: Path) -> None:
    for cell in json.loads(file.read_text(encoding="utf-8"))["cells"]:
        assert set(cell["metadata"]) <= {"tags"}, cell["id"]
        if cell["cell_type"] == "code":
            assert (cell["outputs"], cell["execution_count"]) == ([], None), cell["id"]


def test_it_knows_no_machine(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    metadata = json.loads(text)["metadata"]
    assert metadata == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    told = re.findall(r"(?:/(?:home|work|tmp|root|Users|usr|opt|mnt|var)/\S*|[A-Za-z]:\\\\\S*)", text)
    assert told == []


def test_one_cell_holds_what_is_to_be_changed(file: Path) -> None:
    cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
    tagged = [cell for cell in cells if "parameters" in cell["metadata"].get("tags", ())]
    assert len(tagged) == 1
    first_code = next(cell for cell in cells if cell["cell_type"] == "code")
    assert tagged[0] is first_code
    assert cells[0]["cell_type"] == "markdown"
    assert cells[0]["source"][0].startswith("# ")
