"""The direction of the arrows: who may import whom, and that names on screen lead to code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.rules import CHECKS

ROOT = Path(__file__).resolve().parent.parent
HTTPX_AT = {"checks/sources/http/exchange.py"}
#: From the bottom up: a room may import those before it.
ROOMS = (
    [
        "errors",
        "settings_sources",
        "settings",
        "people",
        "progress",
        "frame_spec",
        "frames_beside",
        "frames",
        "findings",
        "gtin",
        "folding",
        "addresses",
    ],
    ["matching"],
    ["sources"],
    ["rules", "triage"],
    ["score", "impact", "meeting"],
    ["store"],
    ["suggest"],
    ["history", "retention"],
    ["fixes"],
    ["onboarding"],
    ["supplier_photos", "deferral"],
    ["health"],
    ["doctor", "export", "digest"],
    ["jobs"],
    ["workbench"],
    ["sandbox", "bench", "output"],
    ["commands"],
    ["cli"],
)
ABOVE = {
    room: {other for rooms in ROOMS[level + 1 :] for other in rooms}
    for level, rooms in enumerate(ROOMS)
    for room in rooms
}


def modules(folder: str) -> Iterator[tuple[str, set[str]]]:
    """Each file with the modules it imports, at whatever depth of the code."""
    for file in sorted((ROOT / folder).rglob("*.py")):
        found: set[str] = set()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {name.name for name in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
        yield file.relative_to(ROOT).as_posix(), found


def uses(imported: set[str], package: str) -> bool:
    return any(name == package or name.startswith(f"{package}.") for name in imported)


def test_one_module_imports_httpx() -> None:
    users = {
        file
        for folder in ("checks", "dashboard")
        for file, imported in modules(folder)
        if uses(imported, "httpx")
    }
    assert users == HTTPX_AT


def test_nothing_under_checks_knows_a_screen() -> None:
    for file, imported in modules("checks"):
        assert not uses(imported, "streamlit"), file
        assert not uses(imported, "dashboard"), file


def test_no_page_asks_the_network_or_builds_polars_logic() -> None:
    for file, imported in modules("dashboard/app_pages"):
        for package in ("httpx", "polars", "checks.sources", "sqlalchemy", "requests", "urllib"):
            assert not uses(imported, package), f"{file} imports {package}"


def test_inside_checks_imports_point_one_way() -> None:
    for file, imported in modules("checks"):
        room = file.removeprefix("checks/").split("/")[0].removesuffix(".py")
        for above in ABOVE.get(room, ()):
            assert not uses(imported, f"checks.{above}"), f"{file} imports {above}"


@pytest.mark.parametrize("check", sorted(CHECKS))
def test_every_check_has_a_test_and_a_page_anchor(check: str) -> None:
    tests = [file for file in (ROOT / "tests").rglob("test_*.py") if file != Path(__file__)]
    assert any(f'"{check}"' in file.read_text(encoding="utf-8") for file in tests), "no test names it"
    from dashboard.parts.anchors import ANCHORS

    assert check in ANCHORS


@pytest.mark.parametrize("check", sorted(CHECKS))
def test_every_check_is_documented(check: str) -> None:
    assert check in (ROOT / "README.md").read_text(encoding="utf-8")
    assert CHECKS[check].why
    assert CHECKS[check].advice
