"""The set-up runs before anything is installed: it and what it imports use the standard library alone."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

from checks.bootstrap import STARTS

ROOT = Path(__file__).resolve().parent.parent


def test_it_needs_nothing_installed() -> None:
    code = "import sys; sys.path.insert(0, '.'); import checks.bootstrap; print(sorted(m for m in sys.modules if '.' not in m))"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "polars" not in done.stdout


def test_it_says_how_it_is_used() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "checks.bootstrap"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "demo|notebooks|test" in done.stderr


def test_each_start_needs_an_extra_that_the_project_has() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = {extra for extra in STARTS.values() if extra}
    assert needed <= set(project["optional-dependencies"])
