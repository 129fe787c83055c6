"""Every page in every state of the store: no exception, the answer first, empty states that say what was checked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from checks.rules import CHECKS
from checks.store import Store
from dashboard.parts.anchors import ANCHORS
from dashboard.parts.navigation import errors_by_page

Open = Callable[..., Any]

PAGES = (
    "overview",
    "findings",
    "error_logs",
    "orders",
    "became_central",
    "photos",
    "references",
    "prices",
    "lookup_tables",
    "clients",
    "fixes",
    "runs",
    "data",
)


@pytest.mark.parametrize("page", PAGES)
def test_before_the_first_run_nothing_is_known_and_run_now_is_offered(
    store: Store, open_page: Open, page: str
) -> None:
    screen = open_page(page)
    assert "nothing collected yet" in screen.words
    if page != "fixes":
        assert "Not checked yet" in screen.words
        assert screen.app.button(key="run-first").label == "Run now"


@pytest.mark.parametrize(
    ("page", "answer"),
    [
        ("overview", "/ 100"),
        (
            "findings",
            "**17** open over 16 products: **13** errors (the red number in the menu), **3** warnings, **1** for your",
        ),
        ("became_central", "**3 own products** are now in the central database: **1** safe to link"),
        ("photos", "**2 active products** without a photo of 16"),
        (
            "references",
            "**4 products** in **3 groups** by the entry they point at. Most of all: Brand 77777 (Weg)",
        ),
        ("fixes", "**No repair was planned yet.**"),
        ("data", "in **28 frames**, collected"),
    ],
)
def test_the_answer_comes_first(full: Store, open_page: Open, page: str, answer: str) -> None:
    screen = open_page(page)
    assert answer in screen.words
    assert "collected" in screen.app.caption[0].value, "the top line tells the age of the data"


@pytest.mark.parametrize("page", PAGES)
def test_a_partial_run_says_what_is_missing_and_what_could_not_be_judged(
    partial: Store, open_page: Open, page: str
) -> None:
    words = open_page(page).words
    assert "The last health check was partial: Product photos could not be collected" in words
    assert "1 check could not be judged and kept the findings of the run before: Missing photo." in words


def test_a_first_run_that_was_partial_speaks_of_no_run_before_it(
    store: Store, check_shop: Callable[..., str], open_page: Open
) -> None:
    check_shop(missing=["photos", "brands", "central_eans", "clients"])
    for page in ("overview", "photos", "references", "became_central", "clients"):
        words = open_page(page).words
        assert "from the run before" not in words, page
        assert "could not be judged and have none from a run before: " in words, page
    assert "No health check could judge it before, so nothing is listed here." in open_page("photos").words
    assert "These checks have judged nothing yet: this was the first health check." in open_page().words


def test_photos_tell_not_judged_from_all_is_well(partial: Store, open_page: Open) -> None:
    words = open_page("photos").words
    assert "could not be judged in the last health check" in words
    assert "What is listed here is from the run before." in words
    assert "All is well" not in words


@pytest.mark.parametrize(
    ("page", "well"),
    [
        ("photos", "All is well: 16 active products checked"),
        ("became_central", "All is well: 16 own products compared with the central database"),
        ("references", "All is well: every reference of 16 products looked up"),
        ("findings", "**Nothing is open**: 16 products checked"),
        ("overview", "Nothing open: 16 products checked, all sound."),
    ],
)
def test_empty_states_say_what_was_checked(
    store: Store, sound_shop: Callable[[], Any], open_page: Open, page: str, well: str
) -> None:
    sound_shop()
    assert well in open_page(page).words


@pytest.mark.parametrize("page", ["overview", "findings"])
def test_without_settings_the_page_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, open_page: Open, page: str
) -> None:
    monkeypatch.delenv("KEURMEESTER_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)
    screen = open_page("overview")
    assert "The settings need a look" in screen.words
    assert "keurmeester demo" in screen.words
    assert screen.app.button(key="try-again")


def test_a_store_that_cannot_be_opened_is_told_in_words(config: Path, open_page: Open) -> None:
    (config.parent / "keurmeester.db").write_bytes(
        b"this is no database, however long it may look to SQLite" * 40
    )
    words = open_page().words
    assert "This page could not be shown" in words
    assert "keurmeester.db" in words


def test_a_newer_run_that_came_to_nothing_is_told(full: Store, open_page: Open) -> None:
    run = full.begin_run("full", "cron")
    full.fail_run(run, "failed", "webshop: GET Products: no connection.")
    words = open_page("findings").words
    assert "by cron came to nothing" in words
    assert "What you see is from the run before." in words


def test_beside_the_names_stand_the_open_errors() -> None:
    errors = {"own-became-central": 3, "invalid-reference": 2, "category-not-leaf": 1, "invalid-ean": 7}
    counts = errors_by_page(errors)
    assert {page: count for page, count in counts.items() if count} == {
        "findings": 13,
        "became_central": 3,
        "references": 3,
    }


@pytest.mark.parametrize("check", sorted(CHECKS))
def test_every_check_has_its_anchor_on_its_page(full: Store, open_page: Open, check: str) -> None:
    anchor = ANCHORS[check]
    screen = open_page(anchor.page.removeprefix("app_pages/").removesuffix(".py"))
    headings = [*screen.app.title, *screen.app.header, *screen.app.subheader]
    assert [heading.anchor for heading in headings].count(check) == 1
