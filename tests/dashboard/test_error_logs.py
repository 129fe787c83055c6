"""The page Error logs: the answer, the list, what is decided about exactly the ticked ones, and all about one problem."""

from __future__ import annotations

import getpass
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from checks.store import Store
from checks.store.error_moving import merge_rows
from checks.store.error_state import held
from checks.store.errors import Errors
from tests.dashboard.screen import APP
from tests.dashboard.shop import NOW, error_log, failing, health_check
from tests.dashboard.test_signing_in import ANN, TEAM, claims, ran

Open = Callable[..., Any]

GRID = "error-grid"
TAKEN = "Product with WholesalerArticleNumber {} already exists."


def taken(article: str, days: float) -> dict[str, Any]:
    """A failure of another kind, so many days ago."""
    return failing(
        article,
        TAKEN.format(article),
        at=NOW - timedelta(days=days),
        method="POST",
        url="/api/LinkProducts",
        field=None,
        body={"WholesalerArticleNumber": article, "ClientNumber": "K1"},
    )


ROWS = (
    *(
        failing(article, at=NOW - timedelta(hours=hours))
        for article in ("A106", "A107")
        for hours in (1, 5, 9)
    ),
    failing("A100", at=NOW - timedelta(hours=3)),
    *(taken(f"A10{number}", 20 - number) for number in range(4)),
    failing(
        "A101",
        "Execution Timeout Expired.",
        at=NOW - timedelta(days=25),
        method="GET",
        url="/api/CentralProducts?Page=2",
        status=500,
        field=None,
        body={},
    ),
)


@pytest.fixture
def failed(filled: Callable[..., Store]) -> Store:
    """A store whose error log has a new problem and two known ones."""
    return filled("failed", lambda store: health_check(store, error_logs=error_log(*ROWS)))


def ident(store: Store, words: str) -> str:
    """The id of the problem whose title has these words."""
    groups = store.errors.groups(state="all").filter(pl.col("title").str.contains(words, literal=True))
    assert groups.height == 1, groups["title"].to_list()
    return str(groups["id"][0])


def state(store: Store, words: str) -> str:
    group = store.errors.group(ident(store, words))
    assert group is not None
    return str(group["state"])


BRAND, LINK, CENTRAL = "PUT Products", "POST LinkProducts", "GET CentralProducts"


class TestTheList:
    def test_the_answer_comes_first_and_the_gravest_row_on_top(self, failed: Store, open_page: Open) -> None:
        screen = open_page("error_logs")
        assert "**1 problem needs a look**: 1 is new; 2 known ones go on." in screen.words
        rows = screen.rows()
        assert [row["title"].split(":")[0] for row in rows] == [BRAND, LINK, CENTRAL]
        first = rows[0]
        assert (first["state"], first["last_day"], first["rows"], first["products"]) == ("✦ New", 7, 7, 3)
        assert list(first["spark"])[-1] + list(first["spark"])[-2] == 7

    @pytest.mark.parametrize(
        ("query", "titles"),
        [
            ({"state": ["ongoing", "new"], "text": "linkproducts"}, [LINK]),
            ({"state": "resolved"}, [CENTRAL]),
        ],
    )
    def test_the_url_reproduces_the_view(
        self, failed: Store, open_page: Open, query: dict[str, Any], titles: list[str]
    ) -> None:
        failed.errors.resolve([ident(failed, CENTRAL)], "els")
        rows = open_page("error_logs", **query).rows()
        assert [row["title"].split(":")[0] for row in rows] == titles

    def test_filters_that_leave_nothing_say_so(self, failed: Store, open_page: Open) -> None:
        screen = open_page("error_logs", text="no such words")
        assert "No problem matches these filters." in screen.words
        assert len(screen.click("clear-all").rows()) == 3


class TestEmpty:
    def test_a_log_without_a_row_is_all_well(self, full: Store, open_page: Open) -> None:
        assert "No error at all 0 rows in the last 30 days, read" in open_page("error_logs").words

    def test_a_log_that_could_not_be_read_is_not_all_well(
        self, store: Store, check_shop: Callable[..., str], open_page: Open
    ) -> None:
        check_shop(missing=["error_logs"])
        words = open_page("error_logs").words
        assert "The error log of webshop could not be read webshop: GET did not answer in 30 s." in words
        assert "No error at all" not in words
        assert any("The error log could not be read" in link for link in open_page("overview").links)


class TestDeciding:
    def test_exactly_the_ticked_ones_are_resolved_and_it_can_be_undone(
        self, failed: Store, open_page: Open
    ) -> None:
        screen = open_page("error_logs")
        assert screen.app.button(key="error-resolve").disabled, "nothing is ticked"
        screen.tick(0, 2, grid=GRID)
        assert screen.app.button(key="error-resolve").label == "Resolve 2"
        screen.click("error-resolve")
        assert "2 problems resolved." in screen.words
        assert [state(failed, one) for one in (BRAND, LINK, CENTRAL)] == ["resolved", "ongoing", "resolved"]
        screen.click("error-undo")
        assert [state(failed, one) for one in (BRAND, LINK, CENTRAL)] == ["new", "ongoing", "ongoing"]

    def test_what_changed_since_it_was_shown_is_left_alone(self, failed: Store, open_page: Open) -> None:
        screen = open_page("error_logs").tick(1, 2, grid=GRID)
        failed.errors.ignore([ident(failed, LINK)], "els", escalating=True)
        screen.click("error-resolve")
        assert "1 problem resolved. 1 changed meanwhile and was left alone." in screen.words
        assert state(failed, LINK) == "ignored"

    def test_undo_takes_back_what_this_click_did_and_nothing_else(
        self, failed: Store, open_page: Open, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        real = Errors.resolve

        def meanwhile(errors: Errors, ids: Any, by: str, **asked: Any) -> int:
            failed.errors.assign(ids, "els", "els")
            return real(errors, ids, by, **asked)

        screen = open_page("error_logs").tick(0, grid=GRID)
        monkeypatch.setattr(Errors, "resolve", meanwhile)
        screen.click("error-resolve").click("error-undo")
        group = failed.errors.group(ident(failed, BRAND))
        assert group is not None
        assert (group["state"], group["assignee"]) == ("new", "els")

    def test_what_changed_since_is_not_merged(self, failed: Store, open_page: Open) -> None:
        screen = open_page("error_logs").tick(0, 1, 2, grid=GRID).click("error-merge")
        failed.errors.resolve(ident(failed, CENTRAL), "els")
        screen.click("error-deciding-go")
        assert "1 problem merged into" in screen.words
        assert "1 changed meanwhile and was left alone." in screen.words
        assert state(failed, CENTRAL) == "resolved"

    def test_nothing_is_merged_into_what_changed_since(self, failed: Store, open_page: Open) -> None:
        screen = open_page("error_logs").tick(0, 1, grid=GRID).click("error-merge")
        failed.errors.resolve(ident(failed, BRAND), "els")
        screen.click("error-deciding-go")
        assert "changed meanwhile: look at it once more" in screen.words
        assert failed.errors.groups(state="all").height == 3

    def test_ignoring_for_ever_needs_a_reason(self, failed: Store, open_page: Open) -> None:
        screen = open_page("error_logs").tick(1, grid=GRID).click("error-ignore")
        screen.app.radio(key="error-ignore-way").set_value("for_ever")
        screen.run().click("error-deciding-go")
        assert "Say why" in screen.words
        assert state(failed, LINK) == "ongoing"
        screen.app.text_area(key="error-reason").set_value("A test of the supplier")
        screen.click("error-deciding-go")
        assert "1 problem ignored for ever." in screen.words
        assert state(failed, LINK) == "ignored"

    def test_ignoring_for_a_while(self, failed: Store, open_page: Open) -> None:
        screen = open_page("error_logs").tick(1, grid=GRID).click("error-ignore")
        screen.app.radio(key="error-ignore-way").set_value("more")
        screen.run().click("error-deciding-go")
        assert "1 problem ignored until 100 more rows." in screen.words
        assert "Ignored until 100 more rows." in open_page("error_logs", group=ident(failed, LINK)).words

    def test_assigning(self, failed: Store, open_page: Open) -> None:
        screen = open_page("error_logs").tick(0, grid=GRID).click("error-assign")
        screen.click("error-deciding-go")
        assert f"1 problem assigned to {getpass.getuser()}." in screen.words
        assert screen.rows()[0]["assignee"] == getpass.getuser()
        assert len(open_page("error_logs", who=getpass.getuser()).rows()) == 1

    def test_one_that_was_assigned_so_already_is_not_said_to_have_changed(
        self, failed: Store, open_page: Open
    ) -> None:
        failed.errors.assign([ident(failed, BRAND)], getpass.getuser(), "els")
        screen = open_page("error_logs").tick(0, 1, grid=GRID).click("error-assign")
        screen.click("error-deciding-go")
        assert f"1 problem assigned to {getpass.getuser()}. 1 was so already." in screen.words
        assert "changed meanwhile" not in screen.words

    def test_merging_names_the_count_and_can_be_undone(self, failed: Store, open_page: Open) -> None:
        screen = open_page("error_logs").tick(1, grid=GRID)
        assert screen.app.button(key="error-merge").disabled, "one alone"
        screen.tick(1, 2, grid=GRID).click("error-merge")
        assert "The rows of the other problem count there from now on" in screen.words
        screen.click("error-deciding-go")
        assert "1 problem merged into" in screen.words
        assert failed.errors.groups().height == 2
        screen.click("error-undo")
        assert failed.errors.groups().height == 3

    def test_a_viewer_sees_why_not(self, failed: Store, config: Path) -> None:
        config.write_text(config.read_text(encoding="utf-8") + TEAM, encoding="utf-8")
        app = AppTest.from_file(str(APP), default_timeout=60)
        app.user = claims(ANN)
        app.run()
        app.switch_page("app_pages/error_logs.py")
        app.query_params["group"] = ident(failed, BRAND)
        ran(app)
        keys = ("error-resolve", "error-ignore", "error-assign", "error-comment-go", "error-undo-last")
        assert all(app.button(key=key).disabled for key in keys if any(b.key == key for b in app.button))
        said = " ".join(str(one.value) for one in app.caption).replace("\\", "")
        assert "ann@shop.be may look, not decide about API errors" in said
        app.button(key="error-resolve").proto.disabled = False  # a forged message to the server
        app.button(key="error-resolve").click()
        ran(app)
        assert state(failed, BRAND) == "new"


class TestOneProblem:
    def test_its_cause_is_named_with_the_way_to_repair_exactly_those(
        self, failed: Store, open_page: Open
    ) -> None:
        screen = open_page("error_logs", group=ident(failed, BRAND))
        assert "**6 of these 7 failures come** from products flagged" in screen.words
        assert "(invalid-reference): fix those." in screen.words
        assert any(
            button.key and button.key.startswith("error-fix-") and "2 products" in button.label
            for button in screen.app.button
        )
        link = next(one for one in screen.app.page_link if one.label == "See 2 findings")
        for part in ("check=invalid-reference", "key=A106", "key=A107"):
            assert part in link.proto.query_string

    def test_the_link_leads_to_exactly_these_findings(self, failed: Store, open_page: Open) -> None:
        screen = open_page("findings", check="invalid-reference", key=["A107"])
        assert [row["key"] for row in screen.rows()] == ["A107"]
        assert len(screen.click("filter-key").rows()) == 2

    def test_it_says_what_it_is_and_what_its_rows_name(self, failed: Store, open_page: Open) -> None:
        screen = open_page("error_logs", group=ident(failed, BRAND))
        for said in ("**What it is**", "**What usually helps**", "of the integration guide", "3 products"):
            assert said in screen.words
        assert "**A106** Sinaasmarmelade :gray[3 rows]" in screen.links
        assert "7 rows in the last 24 hours" in screen.words
        tables = [str(table.value) for table in screen.app.table]
        assert any("Wholesaler article number" in table and "A10" in table for table in tables)
        assert not any('{"' in table for table in (*tables, screen.words)), "fields and values, never JSON"

    def test_a_comment_stays_with_who_said_it(self, failed: Store, open_page: Open) -> None:
        group = ident(failed, BRAND)
        screen = open_page("error_logs", group=group)
        screen.app.text_area(key="error-comment").set_value("Brand file comes on Monday.")
        screen.click("error-comment-go")
        assert "**Comment**: Brand file comes on Monday, by" in screen.words
        assert failed.errors.events(group)["event"].to_list().count("comment") == 1

    def test_the_last_change_is_undone_from_the_history(self, failed: Store, open_page: Open) -> None:
        group = ident(failed, LINK)
        failed.errors.resolve([group], "els")
        screen = open_page("error_logs", group=group)
        assert "by els" in screen.words
        screen.click("error-undo-last")
        assert state(failed, LINK) == "ongoing"

    @pytest.mark.parametrize(
        ("closed", "to", "what"),
        [(True, None, "its state"), (False, "els", "who looks after it"), (True, "els", "its state and who")],
    )
    def test_of_what_regrouping_did_only_that_is_offered_and_undone_which_can_be(
        self, failed: Store, open_page: Open, closed: bool, to: str | None, what: str
    ) -> None:
        link, central = ident(failed, LINK), ident(failed, CENTRAL)
        if closed:
            failed.errors.resolve([central], "els", now=NOW)
        failed.errors.assign([link], to, "els", now=NOW)
        with failed.engine.begin() as connection:
            one, other = held(connection, [central, link])
            merge_rows(
                connection, [other], one, NOW, None, "regrouped", " The masks changed, and they are one."
            )
        screen = open_page("error_logs", group=central)
        assert f"Undo: grouped anew (only {what}" in screen.app.button(key="error-undo-last").label
        screen.click("error-undo-last")
        group = failed.errors.group(link)
        assert group is not None
        assert (group["id"], group["rows"], group["assignee"]) == (central, 5, None)
        assert group["state"] == ("resolved" if closed else "ongoing")
        assert f"(put back: {what}" in screen.words
        assert not re.search(r"~~[^~]*counts as this problem now", screen.words), "they still are one"

    def test_a_part_that_is_split_off_once_more_is_put_back(self, failed: Store, open_page: Open) -> None:
        link, central = ident(failed, LINK), ident(failed, CENTRAL)
        failed.errors.merge([central], link, "els")
        failed.errors.split(link, [central], "els")
        failed.errors.merge([central], link, "els")
        screen = open_page("error_logs", group=link)
        screen.app.multiselect(key=f"error-parts-{link}").set_value([central])
        screen.run().click("error-split")
        assert failed.errors.groups().height == 3
        screen.click("error-undo")
        assert failed.errors.groups().height == 2, "only this split, not the one before it"

    def test_rows_with_a_word_are_split_off(self, failed: Store, open_page: Open) -> None:
        screen = open_page("error_logs", group=ident(failed, LINK))
        screen.app.text_input(key="error-contains").set_value("A103")
        screen.click("error-split-text")
        assert "split off" in screen.words
        counts = failed.errors.groups().filter(pl.col("title").str.contains(LINK))["rows"]
        assert sorted(counts) == [1, 3]

    def test_a_merged_problem_leads_to_the_one_it_went_into(self, failed: Store, open_page: Open) -> None:
        link, central = ident(failed, LINK), ident(failed, CENTRAL)
        failed.errors.merge([central], link, "els")
        words = open_page("error_logs", group=central).words
        assert "The problem of the link was merged into this one." in words
        assert "There is no problem with the id in this link" in open_page("error_logs", group="0" * 20).words

    def test_the_beginning_of_an_id_is_enough(self, failed: Store, open_page: Open) -> None:
        screen = open_page("error_logs", group=ident(failed, BRAND)[:8])
        assert screen.app.text_area(key="error-comment").value == ""
        assert "There is no problem" not in screen.words


class TestRows:
    def test_every_row_is_found_by_its_text(self, failed: Store, open_page: Open) -> None:
        screen = open_page("error_logs", view="rows", text="A103")
        assert [row["about"] for row in screen.rows()] == ["A103"]
        assert len(open_page("error_logs", view="rows").rows()) == len(ROWS)

    def test_a_row_that_fits_no_field_is_kept_and_explained(
        self, store: Store, check_shop: Callable[..., str], open_page: Open
    ) -> None:
        bare = dict.fromkeys(("method", "url", "status_code", "message", "body"))
        odd = {**failing(), **bare, "model_errors": [], "raw": '{"Wanneer": "gisteren", "Wat": "mislukt"}'}
        check_shop(error_logs=error_log(odd, failing("A107")))
        screen = open_page("error_logs", view="rows", unmapped="yes")
        assert len(screen.rows()) == 1
        assert "`sources.fields.error_log`" in screen.words
        full = screen.tick(0, grid="error-rows")
        assert any("mislukt" in str(table.value) for table in full.app.table)

    def test_days_that_nobody_read_are_gaps(
        self, store: Store, check_shop: Callable[..., str], open_page: Open
    ) -> None:
        check_shop(error_logs=error_log(failing()), log_days=9)
        assert "not read: what failed then, nobody knows" in open_page("error_logs", view="rows").words


class TestElsewhere:
    def test_a_product_and_a_client_say_in_how_many_failed_requests_they_are(
        self, failed: Store, open_page: Open
    ) -> None:
        assert "In **3 failed requests** (1 problem)" in open_page("product", article="A106").words
        assert "In **4 failed requests** (1 problem)" in open_page("clients", client="K1").words

    def test_its_finding_has_a_title_and_leads_here(self, failed: Store, open_page: Open) -> None:
        screen = open_page("findings", check="error-new")
        assert screen.rows()[0]["key"].startswith(BRAND)
        finding = failed.findings(check="error-new")["id"][0]
        opened = open_page("findings", check="error-new", finding=finding)
        assert "**Triage**" in opened.links
        assert "**All about this problem**" in opened.links
        assert ident(failed, BRAND) not in opened.words

    def test_the_overview_names_what_wants_a_look(self, failed: Store, open_page: Open) -> None:
        links = open_page("overview").links
        assert "**1 problem needs a look**: 1 is new; 2 known ones go on." in links
        assert any("7 rows in 24 h" in link for link in links)
