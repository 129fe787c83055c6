"""The page Fixes and the page of one fix: what runs, what a person has to look at, history, every step in words."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from checks.fixes import Pace, apply_plan, make_plan
from checks.people import Person
from checks.sandbox import Sandbox
from checks.sandbox.oresto.photo_bytes import draw_photo
from checks.settings import load_settings
from checks.store import FixRecord, PlanRecord, StepRecord, Store
from dashboard.parts import fix_words

Open = Callable[..., Any]
APP = Path(__file__).resolve().parents[2] / "dashboard" / "app.py"
NOW = datetime.now(UTC)
CHECK = "own-became-central"
ANN = Person("an", "admin", "local")
QUICK = Pace(reads=2, first_wait=0.01, longest_wait=0.02, longest_busy=0.02)


def step(method: str, path: str, body: Any = None, undo: Sequence[dict[str, Any]] = ()) -> StepRecord:
    request = {"method": method, "path": path, "params": {}, "body": body, "line": f"{method} /{path}"}
    return StepRecord("do", f"{method} it", request, list(undo))


def plan_of(
    store: Store,
    keys: Sequence[str],
    plan_id: str = "plan1",
    *,
    by: str = "an",
    check: str = CHECK,
    fix: str = "link-central",
    at: datetime = NOW,
    steps: tuple[StepRecord, ...] = (),
    **more: Any,
) -> str:
    """A plan in the journal, of which nothing was begun."""
    kind = more.pop("kind", "do")
    records = tuple(
        FixRecord(
            f"{plan_id}-{key}",
            key,
            f"Product {key}",
            more.get("klass", "safe"),
            None,
            more.get("before", {"own": {"Active": True, "SalesPriceList": 4.95}, "photos": []}),
            ["Goes: its own photo."],
            steps,
            undo=more.get("undo"),
            undoes=more.get("undoes"),
        )
        for key in keys
    )
    store.journal.add_plan(
        PlanRecord(plan_id, fix, check, "webshop", at, by, None, {}, [], records, kind=kind)
    )
    return plan_id


def ended(
    store: Store, fix_id: str, state: str, message: str = "So it ended.", by: str = "an", at: datetime = NOW
) -> None:
    store.journal.claim(fix_id, "worker", by, at)
    store.journal.finish(fix_id, state, message, at)


@pytest.fixture
def repaired(full: Store) -> Store:
    """A journal with one fix that failed after it had begun."""
    plan_of(full, ["A100"], steps=(step("DELETE", "Products"),))
    ended(full, "plan1-A100", "failed", "Nothing was changed: 409 Conflict.")
    full.journal.update_step("plan1-A100", 1, "failed", "409 Conflict: it is in an open order.", NOW, "an")
    return full


def labels(screen: Any) -> list[str]:
    return [expander.label.replace("\\", "") for expander in screen.app.expander]


def progress(screen: Any) -> list[str]:
    return [str(bar.proto.text).replace("\\", "") for bar in screen.app.get("progress")]


class TestHistory:
    def test_nothing_yet_says_how_a_repair_begins(self, full: Store, open_page: Open) -> None:
        assert "**No repair was planned yet.**" in open_page("fixes").words

    def test_a_fix_is_told_step_by_step(self, repaired: Store, open_page: Open) -> None:
        screen = open_page("fixes")
        assert "**1** failed." in screen.words
        assert any(label.startswith("**DELETE it** :red[Refused]") for label in labels(screen))
        assert screen.app.code[0].value == "DELETE /Products"
        assert "Answer: 409 Conflict: it is in an open order." in screen.words

    @pytest.mark.parametrize(
        ("query", "keys"),
        [
            ({}, {"A100", "A101", "B1"}),
            ({"state": "failed"}, {"A100"}),
            ({"state": ["failed", "done"]}, {"A100", "B1"}),
            ({"text": "409 conflict"}, {"A100"}),
            ({"text": "product b1"}, {"B1"}),
            ({"text": "50%"}, set()),
            ({"by": "els"}, {"B1"}),
            ({"by": "an"}, {"A100", "A101"}),
            ({"check": "invalid-reference"}, {"B1"}),
            ({"plan": "plan2"}, {"B1"}),
            ({"by": "els", "state": "failed"}, set()),
        ],
    )
    def test_it_is_filtered_by_person_product_and_outcome(
        self, repaired: Store, open_page: Open, query: dict[str, Any], keys: set[str]
    ) -> None:
        plan_of(repaired, ["A101"], "plan3")
        plan_of(repaired, ["B1"], "plan2", by="els", check="invalid-reference", fix="set-reference")
        ended(repaired, "plan2-B1", "done", "Set and read back.", "els")
        screen = open_page("fixes", **query)
        rows = screen.rows() if screen.app.dataframe else []
        assert {row["key"] for row in rows} == keys
        assert ("No repair matches these filters." in screen.words) == (not keys)

    def test_what_was_touched_last_stands_first(self, repaired: Store, open_page: Open) -> None:
        plan_of(repaired, ["B1", "B2"], "plan2", at=NOW - timedelta(days=2))
        ended(repaired, "plan2-B2", "done", at=NOW + timedelta(minutes=1))
        assert [row["key"] for row in open_page("fixes").rows()] == ["B2", "A100", "B1"]

    def test_an_undo_is_called_one(self, repaired: Store, open_page: Open) -> None:
        plan_of(repaired, ["B1"], "plan2", kind="undo")
        row = next(row for row in open_page("fixes").rows() if row["key"] == "B1")
        assert row["does"].startswith("Undo: ")

    def test_of_very_many_the_newest_are_listed(self, full: Store, open_page: Open) -> None:
        plan_of(full, [f"N{n}" for n in range(20_000)])
        screen = open_page("fixes")
        began = time.perf_counter()
        screen.run()
        took = time.perf_counter() - began
        assert len(screen.rows()) == 2000
        assert "The 2,000 of 20,000 repairs that were touched last" in screen.words
        assert took < 5, "a page does not read them all"
        assert [row["key"] for row in open_page("fixes", text="N19999").rows()] == ["N19999"]


class TestRunning:
    @pytest.fixture
    def at_work(self, full: Store) -> Store:
        """Somebody elsewhere carries out a plan of three."""
        plan_of(full, ["A100", "A101", "A103"])
        now = datetime.now(UTC)
        full.workers.take("webshop", "elsewhere:1:x", "plan1", "els@shop.be", 3, now)
        full.journal.claim("plan1-A100", "elsewhere:1:x", "els@shop.be", now)
        full.journal.finish("plan1-A100", "done", "Linked.", now)
        full.workers.beat("webshop", "elsewhere:1:x", now, done=1)
        return full

    def wish(self, store: Store) -> str:
        row = store.workers.of("webshop")
        assert row is not None
        return str(row["wish"])

    def test_it_stands_on_top_whoever_started_it(self, at_work: Store, open_page: Open) -> None:
        screen = open_page("fixes")
        assert "**Link 3 products** in webshop, by els@shop.be" in screen.words
        screen.click("running-webshop-pause")
        assert self.wish(at_work) == "pause"
        screen.click("running-webshop-continue")
        assert self.wish(at_work) == "go"
        screen.click("running-webshop-stop")
        assert self.wish(at_work) == "stop"
        assert screen.app.button(key="running-webshop-pause").disabled, "a stop is not taken back"

    def test_the_plan_in_the_address_shows_it_too(self, at_work: Store, open_page: Open) -> None:
        screen = open_page("became_central", plan="plan1")
        screen.click("apply-pause")
        assert self.wish(at_work) == "pause"
        assert "els@shop.be has webshop repaired just now (1 of 3)" in screen.words, "one at a time"
        assert screen.app.button(key="link-selected").disabled

    def test_when_it_is_done_the_page_says_so(self, at_work: Store, open_page: Open) -> None:
        screen = open_page("fixes", plan="plan1")
        for key in ("A101", "A103"):
            ended(at_work, f"plan1-{key}", "done")
        at_work.workers.leave("webshop", "elsewhere:1:x")
        screen.until(lambda screen: "3 of 3 linked, read back and closed" in screen.words)

    def test_a_second_one_waits_for_its_turn_and_can_be_stopped(
        self, at_work: Store, open_page: Open
    ) -> None:
        plan_of(at_work, ["A115"], "plan2")
        screen = open_page("fixes").click("review-plan2").click("dialog-confirm")
        screen.until(lambda screen: screen.has("apply-stop"))
        assert any("Waiting for its turn: els@shop.be has 1 of 3" in text for text in progress(screen))
        screen.click("apply-stop")
        screen.until(lambda screen: screen.has("plan-aside"))
        assert at_work.journal.states("plan2") == {"planned": 1}

    def test_a_dead_worker_is_nobody(self, full: Store, open_page: Open) -> None:
        plan_of(full, ["A100"])
        full.workers.take("webshop", "elsewhere:1:x", "plan1", "els", 3, NOW - timedelta(minutes=2))
        screen = open_page("fixes")
        assert "by els" not in screen.words
        assert not screen.has("running-webshop-pause")


class TestPlansPutAside:
    def test_it_is_reviewed_or_discarded(self, full: Store, open_page: Open) -> None:
        plan_of(full, ["A100"], steps=(step("DELETE", "Products"),))
        plan_of(full, ["A101"], "plan2")
        screen = open_page("fixes")
        assert "2 plans wait for somebody to decide" in labels(screen)
        screen.click("discard-plan2")
        assert full.journal.plan("plan2") is None
        screen.click("review-plan1")
        assert screen.app.button(key="dialog-confirm").label == "Link 1 product"
        assert screen.app.query_params["plan"] == "plan1"

    def test_one_that_was_begun_is_not_among_them(self, repaired: Store, open_page: Open) -> None:
        assert not open_page("fixes").has("review-plan1")


class TestClasses:
    @pytest.fixture
    def mixed(self, full: Store) -> Store:
        for klass, key in (("safe", "A100"), ("confirm", "A101"), ("irreversible", "A103")):
            plan_of(full, [key], f"plan-{klass}", klass=klass, undo="Cannot be undone: so it is.")
        return full

    def test_what_cannot_be_undone_takes_a_tick(self, mixed: Store, open_page: Open) -> None:
        screen = open_page("fixes").click("review-plan-irreversible")
        assert screen.app.button(key="dialog-confirm").disabled
        assert "Nothing is taken yet" in screen.words
        screen.app.checkbox(key="take-irreversible-plan-irreversible").check()
        assert screen.run().app.button(key="dialog-confirm").label == "Link 1 product"
        assert not screen.app.button(key="dialog-confirm").disabled

    def test_what_needs_a_look_is_taken_when_it_was_named(self, mixed: Store, open_page: Open) -> None:
        screen = open_page("fixes").click("review-plan-confirm")
        assert screen.app.checkbox(key="take-confirm-plan-confirm").value
        assert not screen.app.button(key="dialog-confirm").disabled


def test_all_takes_only_what_is_safe_and_offers_the_rest(
    checked: Store, sandbox: Sandbox, open_page: Open
) -> None:
    settings = load_settings()
    plan = make_plan(checked, settings, CHECK, keys=None, by=ANN)
    safe, look = plan.count("safe"), plan.count("confirm")
    assert safe, "the sandbox plants them"
    assert look, "and those with something that cannot be put back"
    screen = open_page("fixes").click(f"review-{plan.id}")
    assert screen.app.button(key="dialog-confirm").label == f"Link {safe} products"
    assert not screen.app.checkbox(key=f"take-confirm-{plan.id}").value
    screen.click("dialog-confirm")
    screen.until(lambda screen: f"{safe} of {safe} linked, read back and closed" in screen.words)
    assert screen.app.button(key="plan-review").label == f"Review the other {look}"
    assert checked.journal.states(plan.id) == {"done": safe, "planned": look}

    screen.click("plan-review")
    screen.app.checkbox(key=f"take-confirm-{plan.id}").check()
    assert screen.run().app.button(key="dialog-confirm").label == fix_words.verb_and_count(
        "link-central", look
    )
    screen.click("dialog-confirm")
    screen.until(lambda screen: checked.journal.states(plan.id) == {"done": safe + look})


def plan_id(store: Store, fix_id: str) -> str:
    row = store.journal.fix(fix_id)
    assert row is not None
    return str(row["plan_id"])


class TestAttention:
    @pytest.fixture
    def stuck(self, checked: Store, sandbox: Sandbox) -> str:
        """A product that could neither be linked nor put back."""
        settings = load_settings()
        plan = make_plan(checked, settings, CHECK, keys=None, by=ANN)
        plan = make_plan(checked, settings, CHECK, keys=[plan.items[0].key], by=ANN)
        sandbox.faults.add("POST LinkProducts", "errors-200")
        sandbox.faults.add("POST Products", "errors-200")
        (row,) = apply_plan(checked, settings, plan.id, by=ANN, pace=QUICK)
        assert row["state"] == "needs_attention"
        return str(row["id"])

    def test_both_states_are_shown(self, checked: Store, stuck: str, open_page: Open) -> None:
        for screen in (open_page("fixes"), open_page("fix", fix=stuck)):
            assert ":gray[Before the repair]  \nAn own product with" in screen.words
            assert ":gray[As last seen]  \nNeither an own nor a linked product." in screen.words

    def test_resume_completes_it_or_puts_it_back(
        self, checked: Store, sandbox: Sandbox, stuck: str, open_page: Open
    ) -> None:
        sandbox.faults.clear()
        screen = open_page("fixes").click(f"unfinished-{stuck}-resume")
        screen.until(
            lambda screen: set(checked.journal.states(plan_id(checked, stuck))) <= {"done", "failed"}
        )
        screen.until(lambda screen: "attention" not in screen.words)
        row = checked.journal.fix(stuck)
        assert row is not None
        state = sandbox.dump()
        assert row["key"] in {**state["own"], **state["linked"]}, "it is there again"

    def test_put_right_by_hand_takes_a_reason(self, checked: Store, stuck: str, open_page: Open) -> None:
        screen = open_page("fix", fix=stuck)
        screen.click("fix-leave")
        assert "Say in a few words what you found" in screen.words
        screen.app.text_area(key="fix-reason").input("Linked it in the shop itself.")
        screen.click("fix-leave")
        row = checked.journal.fix(stuck)
        assert row is not None
        assert row["state"] == "failed"
        assert "Linked it in the shop itself." in row["message"]
        assert "Linked it in the shop itself." in screen.words


class TestOneFix:
    def test_fields_are_told_in_words(self, full: Store, open_page: Open) -> None:
        old = {"WholesalerArticleNumber": "A106", "BrandId": 77777, "SalesPriceList": 4.95}
        undo = {"method": "PUT", "path": "Products", "params": {}, "body": old, "line": "PUT /Products"}
        steps = (step("PUT", "Products", {**old, "BrandId": 1}, [undo]),)
        plan_of(full, ["A106"], fix="set-reference", check="invalid-reference", steps=steps)
        ended(full, "plan1-A106", "done", "Set.")
        screen = open_page("fix", fix="plan1-A106")
        (row,) = screen.app.table[0].value.to_dict("records")
        assert list(row.values()) == [
            ":gray[Brand]",
            "77777, which the table does not have",
            ":orange-background[Devos \\(1\\)]",
        ]
        assert "Sent along as they are, for the shop replaces the whole: article number, list price." in (
            screen.words
        )
        assert "Undone by `PUT /Products`" in screen.words
        assert "{" not in screen.words, "no raw JSON"

    def test_pictures_are_thumbnails(self, full: Store, open_page: Open) -> None:
        sha256 = full.journal.put_blob(draw_photo("front"))
        body = {"WholesalerArticleNumber": "A104", "Photo": f"sha256:{sha256}", "PhotoName": "front.jpg"}
        plan_of(full, ["A104"], fix="upload-photo", steps=(step("POST", "ProductPhotos", body),))
        screen = open_page("fix", fix="plan1-A104")
        assert len(screen.app.get("image")) == 1
        assert sha256 not in screen.words

    def test_what_cannot_be_undone_says_so_honestly(self, full: Store, open_page: Open) -> None:
        why = "Cannot be undone: the shop has no way to make an order wait again."
        plan_of(
            full,
            ["1"],
            fix="process-order",
            check="order-unprocessed",
            klass="irreversible",
            undo=why,
            before={"order": {"OrderNumber": 1}, "ClientNumber": "K1"},
        )
        ended(full, "plan1-1", "done")
        screen = open_page("fix", fix="plan1-1")
        assert screen.app.button(key="fix-undo").disabled
        assert screen.words.count(why) == 2, "under the button, and as the plan said"

    def test_it_leads_to_all_that_it_belongs_to(self, repaired: Store, open_page: Open) -> None:
        plan_of(repaired, ["A100"], "plan2", kind="undo", undoes="plan1-A100")
        ended(repaired, "plan2-A100", "failed")
        links = open_page("fix", fix="plan1-A100").links
        assert links[-3:] == ["All about this product", "The plan it belongs to", "To undo it: failed"]
        assert "The repair that it undoes" in open_page("fix", fix="plan2-A100").links

    def test_a_wrong_link_says_so(self, full: Store, open_page: Open) -> None:
        assert "**This repair is not in the journal.**" in open_page("fix", fix="nothing").words
        assert "**This repair is not in the journal.**" in open_page("fix").words

    def test_while_it_is_carried_out_the_page_follows(self, repaired: Store, open_page: Open) -> None:
        plan_of(repaired, ["B1"], "plan2")
        repaired.journal.claim("plan2-B1", "elsewhere:1:x", "els", datetime.now(UTC))
        screen = open_page("fix", fix="plan2-B1")
        assert "It is being carried out" in screen.words
        repaired.journal.finish("plan2-B1", "done", "Linked and read back.", datetime.now(UTC))
        assert "Linked and read back." in screen.run().words


def test_a_viewer_sees_everything_and_reads_why_not(repaired: Store, config: Path) -> None:
    config.write_text(
        config.read_text(encoding="utf-8")
        + '\n[team]\nsign_in = true\n[team.people]\n"ann@shop.be" = "viewer"\n',
        encoding="utf-8",
    )
    plan_of(repaired, ["A101"], "plan2")
    ended(repaired, "plan2-A101", "done")
    plan_of(repaired, ["A103"], "plan3")
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.user = {"is_logged_in": True, "email": "ann@shop.be", "sub": "ann", "iat": int(time.time())}
    app.run()
    app.switch_page("app_pages/fixes.py")
    app.query_params["fix"] = "plan2-A101"
    app.run()
    assert not app.exception
    assert len(app.dataframe[0].value) == 3
    assert app.button(key="panel-undo").disabled
    assert app.button(key="discard-plan3").disabled
    said = " ".join(str(caption.value) for caption in app.caption).replace("\\", "")
    assert "ann@shop.be may look, not fix: that takes the role fixer." in said
    app.button(key="review-plan3").click()
    app.run()
    assert app.button(key="dialog-confirm").disabled
