"""Select, plan, decide, apply, see it closed: through the callbacks of the page, against a real sandbox."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from checks.health import run_health_check
from checks.sandbox import Sandbox
from checks.settings import load_settings
from checks.store import Store

Open = Callable[..., Any]
CHECK = "own-became-central"


@pytest.fixture
def sandbox(make_sandbox: Callable[..., Sandbox], tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    sandbox = make_sandbox(size=300)
    file = tmp_path / "keurmeester.toml"
    file.touch(mode=0o600)
    file.write_text(sandbox.settings_toml(), encoding="utf-8")
    monkeypatch.setenv("KEURMEESTER_CONFIG", str(file))
    return sandbox


@pytest.fixture
def checked(sandbox: Sandbox, make_store: Callable[..., Store]) -> Store:
    settings = load_settings()
    store = make_store(settings)
    run_health_check(settings, store, started_by="night")
    return store


def until(screen: Any, ready: Callable[[Any], bool], seconds: float = 30) -> Any:
    """Runs the page again, as its timer does in a browser, until `ready`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if ready(screen.run()):
            return screen
    pytest.fail(f"still not there after {seconds} s:\n{screen.words}")


def has_button(key: str) -> Callable[[Any], bool]:
    return lambda screen: any(button.key == key for button in screen.app.button)


def planned(screen: Any, *rows: int) -> Any:
    """Ticks rows, presses *Link*, and waits for the dialog."""
    screen.tick(*rows)
    screen.click("link-selected")
    return until(screen, has_button("dialog-confirm"))


def test_link_three_products(checked: Store, sandbox: Sandbox, open_page: Open) -> None:
    screen = open_page("became_central")
    keys = [row["key"] for row in screen.rows()][:3]
    before = sandbox.dump()

    screen = planned(screen, 0, 1, 2)
    assert screen.app.button(key="dialog-confirm").label == "Link 3 products"
    assert "Each own product is deleted" in screen.words
    assert sandbox.dump() == before, "planning changes nothing"

    screen.click("dialog-confirm")
    until(screen, lambda screen: "3 of 3 linked, read back and closed" in screen.words)
    assert set(keys) <= set(sandbox.dump()["linked"])
    assert not set(keys) & {row["key"] for row in screen.rows()}, "what is closed leaves the list"
    assert checked.findings(check=CHECK, key=keys).is_empty()

    screen.click("plan-close")
    assert "plan" not in screen.app.query_params
    assert "3 of 3" not in screen.words


def test_the_button_says_its_count_and_why_it_is_disabled(checked: Store, open_page: Open) -> None:
    screen = open_page("became_central")
    assert screen.app.button(key="link-selected").disabled
    assert "Tick one or more rows first." in screen.words
    screen.tick(0)
    assert screen.app.button(key="link-selected").label == "Link 1 product"
    assert not screen.app.button(key="link-selected").disabled


def test_a_read_only_source_says_how_to_unblock(
    checked: Store, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEURMEESTER_SOURCES__0__READ_ONLY", "true")
    screen = open_page("became_central").tick(0)
    assert screen.app.button(key="link-selected").disabled
    assert "read_only = true" in screen.words


def test_a_closed_dialog_leaves_the_plan_for_review(
    checked: Store, sandbox: Sandbox, open_page: Open
) -> None:
    screen = planned(open_page("became_central"), 0)
    plan = screen.app.query_params["plan"]
    screen.click("dialog-cancel")
    assert "A plan for 1 product is ready; nothing has been changed." in screen.words
    again = open_page("became_central", plan=plan)
    assert has_button("dialog-confirm")(again.click("plan-review")), "the link to the plan finds it again"


def test_products_left_to_a_person_are_named_with_the_reason(checked: Store, open_page: Open) -> None:
    by_hand = open_page("became_central", show="hand")
    assert not has_button("link-selected")(by_hand), "no button where nothing can be linked"
    screen = open_page("became_central", show="all", text=by_hand.rows()[0]["key"])
    screen.tick(0)
    screen.click("link-selected")
    until(screen, has_button("dialog-cancel"))
    assert any("is left to you" in expander.label for expander in screen.app.expander)
    assert not has_button("dialog-confirm")(screen), "there is nothing to confirm"


def test_what_failed_says_why_and_leads_to_its_steps(
    checked: Store, sandbox: Sandbox, open_page: Open
) -> None:
    screen = planned(open_page("became_central"), 0, 1)
    sandbox.faults.add("POST LinkProducts", "errors-200", match=screen.rows()[0]["key"])
    screen.click("dialog-confirm")
    until(screen, lambda screen: "1 of 2 linked" in screen.words, 60)
    (link,) = [link for link in screen.links if "Put back as it was" in link or "Nothing was changed" in link]
    failed = next(fix for fix in checked.journal.fixes() if fix["state"] == "failed")
    assert failed["key"] in link

    fixes = open_page("fixes", fix=failed["id"])
    assert "**Step by step**" in fixes.words
    assert any("POST /LinkProducts" in code.value for code in fixes.app.code)
    assert "Refused" in fixes.words


def test_link_all_safe_takes_exactly_what_is_shown(checked: Store, open_page: Open) -> None:
    screen = open_page("became_central")
    word = screen.rows()[0]["key"]
    assert screen.app.button(key="link-all-safe").label == f"Link all {len(screen.rows())} safe"
    assert not has_button("link-all-safe")(open_page("became_central", text=word)), (
        "one product needs no such button"
    )


def test_run_now_from_an_empty_store(sandbox: Sandbox, open_page: Open) -> None:
    screen = open_page()
    screen.click("run-first")
    until(screen, lambda screen: "/ 100" in screen.words)
    assert "Needs attention" in screen.words
    assert "This was the first health check: everything it found is new." in screen.words


def test_a_run_that_cannot_start_says_why(
    sandbox: Sandbox, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEURMEESTER_SOURCES__0__PASSWORD_ENV", "NOT_SET_ANYWHERE")
    screen = open_page()
    screen.click("run-first")
    until(screen, lambda screen: "The health check did not finish" in screen.words)
    assert "NOT_SET_ANYWHERE" in screen.words
    assert "The health check did not finish" not in screen.click("run-ended-close").words


def test_a_run_can_be_stopped(sandbox: Sandbox, open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEURMEESTER_SOURCES__0__TIMEOUT_SECONDS", "2")
    sandbox.faults.add("GET Products", "hang")
    screen = open_page()
    screen.click("run-first")
    until(screen, has_button("run-stop"))
    assert screen.app.button(key="run-stop").label == "Stop"
    screen.click("run-stop")
    until(screen, lambda screen: "The health check was stopped" in screen.words, 60)
