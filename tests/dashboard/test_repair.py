"""Select, plan, decide, apply, see it closed: through the callbacks of the page, against a real sandbox."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from checks.fixes import make_plan
from checks.people import Person
from checks.sandbox import Sandbox
from checks.settings import load_settings
from checks.store import Store

Open = Callable[..., Any]
CHECK = "own-became-central"


def planned(screen: Any, *rows: int) -> Any:
    """Ticks rows, presses *Link*, and waits for the dialog."""
    screen.tick(*rows)
    screen.click("link-selected")
    return screen.until(lambda screen: screen.has("dialog-confirm"))


def test_link_three_products(checked: Store, sandbox: Sandbox, open_page: Open) -> None:
    screen = open_page("became_central")
    keys = [row["key"] for row in screen.rows()][:3]
    before = sandbox.dump()

    screen = planned(screen, 0, 1, 2)
    assert screen.app.button(key="dialog-confirm").label == "Link 3 products"
    assert "Each own product is deleted" in screen.words
    assert sandbox.dump() == before, "planning changes nothing"

    screen.click("dialog-confirm")
    screen.until(lambda screen: "3 of 3 linked, read back and closed" in screen.words)
    assert [toast.value for toast in screen.app.toast][-1:] == [
        "3 of 3 linked. How it went stands at the top of the page."
    ]
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
    assert again.click("plan-review").has("dialog-confirm"), "the link to the plan finds it again"


def test_what_no_button_can_fix_says_why(checked: Store, open_page: Open) -> None:
    by_hand = open_page("became_central", show="hand")
    assert not by_hand.has("link-selected"), "no button where nothing can be linked"
    carton = next(row["key"] for row in by_hand.rows() if row["matched"] == "EAN of its carton")
    screen = open_page("became_central", show="all", text=carton).tick(0)
    assert screen.app.button(key="link-selected").disabled
    assert "Only the code of its carton is central" in screen.words
    assert "Compare the two by hand" in screen.words, "the step that helps"


def test_products_left_to_a_person_are_named_with_the_reason(
    checked: Store, sandbox: Sandbox, open_page: Open
) -> None:
    screen = open_page("became_central")
    gone = screen.rows()[1]["key"]
    sandbox.remove(gone)
    screen = planned(screen, 0, 1)
    assert screen.app.button(key="dialog-confirm").label == "Link 1 product"
    assert "1 is left to you" in [expander.label for expander in screen.app.expander]
    assert f"- **{gone}** " in screen.words


def test_nothing_to_plan_leaves_nothing_to_confirm(checked: Store, sandbox: Sandbox, open_page: Open) -> None:
    screen = open_page("became_central")
    sandbox.remove(screen.rows()[0]["key"])
    screen.tick(0)
    screen.click("link-selected")
    screen.until(lambda screen: screen.has("dialog-cancel"))
    assert not screen.has("dialog-confirm")
    assert "plan" not in screen.click("dialog-cancel").app.query_params


def test_what_failed_says_why_and_leads_to_its_steps(
    checked: Store, sandbox: Sandbox, open_page: Open
) -> None:
    screen = planned(open_page("became_central"), 0, 1)
    sandbox.faults.add("POST LinkProducts", "errors-200", match=screen.rows()[0]["key"])
    screen.click("dialog-confirm")
    screen.until(lambda screen: "1 of 2 linked" in screen.words)
    (link,) = [link for link in screen.links if "Put back as it was" in link]
    failed = next(fix for fix in checked.journal.fixes() if fix["state"] == "failed")
    assert failed["key"] in link

    fix = open_page("fix", fix=failed["id"])
    assert "**Step by step**" in fix.words
    assert "POST /LinkProducts" in [code.value for code in fix.app.code]
    assert any("Refused" in expander.label for expander in fix.app.expander)


def test_it_stops_by_itself_and_goes_on_when_a_person_says_so(
    checked: Store, sandbox: Sandbox, open_page: Open
) -> None:
    screen = open_page("became_central")
    rows = range(len(screen.rows()))
    sandbox.faults.add("POST LinkProducts", "errors-200")
    screen = planned(screen, *rows)
    screen.click("dialog-confirm")
    screen.until(lambda screen: "it stopped by itself, because 5 of 5 failed" in screen.words)
    left = len(rows) - 5
    assert screen.app.button(key="plan-go-on").label == f"Link the other {left} products"
    sandbox.faults.clear()
    screen.click("plan-go-on")
    screen.until(lambda screen: f"{left} of {len(rows)} linked" in screen.words)
    assert not screen.has("plan-go-on")


def test_what_was_linked_is_undone_with_the_same_dialog(
    checked: Store, sandbox: Sandbox, open_page: Open
) -> None:
    before = sandbox.dump()
    screen = planned(open_page("became_central"), 0, 1)
    keys = {fix["key"] for fix in checked.journal.fixes()}
    screen.click("dialog-confirm")
    screen.until(lambda screen: screen.has("plan-undo"))
    assert screen.app.button(key="plan-undo").label == "Undo 2 products"
    screen.click("plan-undo")
    screen.until(lambda screen: screen.has("dialog-confirm"))
    assert screen.app.button(key="dialog-confirm").label == "Undo 2 products"
    assert keys <= set(sandbox.dump()["linked"]), "planning to undo changes nothing"
    screen.click("dialog-confirm")
    screen.until(lambda screen: "2 of 2 undone and read back; what was wrong is open again" in screen.words)
    assert not screen.has("plan-undo"), "an undo is not undone: the repair is planned again"
    after = sandbox.dump()
    assert after["own"] == before["own"]
    assert after["linked"] == before["linked"]
    assert len(checked.findings(check=CHECK, key=list(keys))) == 2, "its findings are open again"


def test_link_all_safe_takes_exactly_what_is_shown(checked: Store, open_page: Open, asked: list[Any]) -> None:
    screen = open_page("became_central")
    word = screen.rows()[0]["key"]
    assert screen.app.button(key="link-all-safe").label == f"Link all {len(screen.rows())} safe"
    shown = sorted(row["key"] for row in screen.rows())
    screen.click("link-all-safe")
    assert [(sorted(one.keys), one.safe_only) for one in asked] == [(shown, True)]
    assert not open_page("became_central", text=word).has("link-all-safe"), "one product needs no such button"


def test_run_now_from_an_empty_store(sandbox: Sandbox, open_page: Open) -> None:
    screen = open_page()
    screen.click("run-first")
    screen.until(lambda screen: "/ 100" in screen.words)
    assert "Needs attention" in screen.words
    assert "This was the first health check: everything it found is new." in screen.words


def test_a_run_that_cannot_start_says_why(
    sandbox: Sandbox, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEURMEESTER_SOURCES__0__PASSWORD_ENV", "NOT_SET_ANYWHERE")
    screen = open_page()
    screen.click("run-first")
    screen.until(lambda screen: "The health check did not finish" in screen.words)
    assert "NOT_SET_ANYWHERE" in screen.words
    assert "The health check did not finish" not in screen.click("run-ended-close").words


def test_a_run_can_be_stopped(sandbox: Sandbox, open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEURMEESTER_SOURCES__0__TIMEOUT_SECONDS", "2")
    sandbox.faults.add("GET Products", "hang")
    screen = open_page()
    screen.click("run-first")
    screen.until(lambda screen: screen.has("run-stop"))
    assert screen.app.button(key="run-stop").label == "Stop"
    screen.click("run-stop")
    screen.until(lambda screen: "The health check was stopped" in screen.words, 60)


def test_what_many_fields_become_is_read_before_it_is_sent(checked: Store, open_page: Open) -> None:
    """What was chosen for several at once is said in the dialog, and not in several places to be opened."""
    keys = checked.findings(check="promo-invalid")["key"].to_list()
    assert len(keys) > 1
    ann = Person("ann", "admin", "local")
    plan = make_plan(checked, load_settings(), "promo-invalid", keys=keys, by=ann, options={"promo": "none"})
    assert len(plan.items) > 1, plan.not_planned
    screen = open_page("became_central", plan=plan.id).click("plan-review")
    told = screen.words.partition("**What changes**")[2]
    changes = {sentence.replace("\\", "") for item in plan.items for sentence in item.consequences}
    assert any(sentence in told for sentence in changes), changes


def test_what_is_not_taken_is_not_said_to_change(checked: Store, open_page: Open) -> None:
    """Of a plan for all only what is safe is taken, until somebody ticks the rest."""
    ann = Person("ann", "admin", "local")
    plan = make_plan(checked, load_settings(), "promo-invalid", keys=None, by=ann, options={"promo": "none"})
    safe = {one for item in plan.items if item.klass == "safe" for one in item.consequences}
    other = {one for item in plan.items if item.klass != "safe" for one in item.consequences} - safe
    assert safe
    assert other
    screen = open_page("fixes", plan=plan.id).click("plan-review")
    (told,) = [one.value.replace("\\", "") for one in screen.app.markdown if "**What changes**" in one.value]
    assert any(one in told for one in safe)
    assert not any(one in told for one in other)
