"""The buttons of repairs on every page: each plans exactly what stood there, and says why where it cannot."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from checks.fixes import FIXES
from checks.rules import CHECKS
from checks.store import Store
from dashboard.parts import repairs
from dashboard.parts.anchors import ANCHORS

APP = Path(__file__).resolve().parents[2] / "dashboard" / "app.py"

Open = Callable[..., Any]

LINK = "repair-own-became-central-webshop"


def labels(screen: Any) -> dict[str, str]:
    return {button.key: button.label for button in screen.app.button}


class TestFindings:
    def test_the_selection_is_what_is_planned(self, full: Store, open_page: Open, asked: list[Any]) -> None:
        screen = open_page("findings", check="own-became-central").tick(0, 2)
        keys = [screen.rows()[place]["key"] for place in (0, 2)]
        assert screen.app.button(key=LINK).label == "Link 2 products"
        screen.click(LINK)
        assert [(one.check, one.keys, one.source) for one in asked] == [
            ("own-became-central", keys, "webshop")
        ]

    def test_several_checks_have_a_button_each(self, full: Store, open_page: Open) -> None:
        screen = open_page("findings", check=["own-became-central", "invalid-reference"], sort="check")
        screen.tick(*range(5))
        assert labels(screen)[LINK] == "Link 3 products"
        assert labels(screen)["repair-invalid-reference-webshop"] == "Set it on 2 products"

    def test_one_finding_says_what_its_repair_does(self, full: Store, open_page: Open) -> None:
        screen = open_page("findings", text="A100", check="own-became-central").tick(0)
        assert labels(screen)[LINK] == "Link 1 product"
        assert "**What the repair does** Each own product is deleted" in screen.words

    def test_a_check_without_a_repair_says_so(self, full: Store, open_page: Open) -> None:
        screen = open_page("findings", check="restricted-ean").tick(0)
        assert "In-store EAN: there is no repair from here" in screen.words

    def test_photos_are_given_on_the_page_of_the_product(self, full: Store, open_page: Open) -> None:
        screen = open_page("findings", check="missing-photo").tick(0)
        assert "**Upload photos of 1 product**" in screen.links

    def test_what_was_set_aside_has_to_be_reopened_first(self, full: Store, open_page: Open) -> None:
        idents = full.findings(check="own-became-central")["id"].to_list()
        full.accept(idents[:1], "Agreed.", "an")
        one = open_page("findings", check="own-became-central", status="accepted").tick(0)
        assert LINK not in labels(one)
        assert "It was set aside: reopen it first to repair it from here." in one.words
        both = open_page("findings", check="own-became-central", status=["new", "ongoing", "accepted"])
        both.tick(0, 1, 2)
        assert labels(both)[LINK] == "Link 2 products"
        assert "1 finding of these was set aside: reopen first what is to be repaired." in both.words

    def test_a_finding_that_is_closed_meanwhile_leaves_the_selection(
        self, full: Store, open_page: Open, asked: list[Any]
    ) -> None:
        screen = open_page("findings", check="own-became-central").tick(0, 1)
        gone, stays = (screen.rows()[place]["key"] for place in (0, 1))
        ident = full.findings(check="own-became-central", key=gone)["id"][0]
        full.set_finding(ident, "fixed", "fixed", "Linked.", "els")
        assert labels(screen.run())[LINK] == "Link 1 product"
        screen.click(LINK)
        assert [one.keys for one in asked] == [[stays]]

    def test_all_of_one_check_are_planned_as_they_stand_there(
        self, full: Store, open_page: Open, asked: list[Any]
    ) -> None:
        screen = open_page("findings", check="own-became-central")
        shown = sorted(row["key"] for row in screen.rows())
        assert labels(screen)["fix-all"] == "Link all 3"
        screen.click("fix-all")
        (one,) = asked
        assert (one.check, sorted(one.keys), one.source, one.safe_only) == (
            "own-became-central",
            shown,
            "webshop",
            True,
        )

    @pytest.mark.parametrize(
        "query",
        [
            {"check": "own-became-central", "brand": "Devos"},  # all that is shown is not all there is
            {"check": ["own-became-central", "missing-photo"]},
            {"check": "invalid-reference"},  # something has to be chosen
            {"check": "order-unprocessed"},  # nothing takes it back
        ],
    )
    def test_otherwise_there_is_no_button_for_all(
        self, full: Store, open_page: Open, query: dict[str, Any]
    ) -> None:
        assert "fix-all" not in labels(open_page("findings", **query))


class TestOverview:
    def test_what_needs_no_choice_is_planned_from_there(
        self, full: Store, open_page: Open, asked: list[Any]
    ) -> None:
        screen = open_page()
        assert labels(screen)["fix-own-became-central"] == "Link 3"
        screen.click("fix-own-became-central")
        assert [(one.check, one.keys, one.source) for one in asked] == [
            ("own-became-central", None, "webshop")
        ]

    def test_the_others_lead_to_where_it_is_done(self, full: Store, open_page: Open) -> None:
        links = open_page().links
        assert {"Upload photos", "Set references", "Mark processed", "Set codes"} <= set(links)

    def test_what_takes_nothing_back_has_no_button_in_a_list(self) -> None:
        at_once = {check for check in CHECKS if repairs.at_once(check)}
        assert at_once == {"own-became-central", "own-and-linked", "client-product-same-price"}


class TestReferences:
    def test_one_choice_is_set_on_all_of_the_group(
        self, full: Store, open_page: Open, asked: list[Any]
    ) -> None:
        screen = open_page("references", group="invalid-reference~webshop~brand~77777")
        assert screen.app.radio[0].label == "Brand to set"
        screen.app.radio[0].set_value("1")
        assert labels(screen.run())["set-reference"] == "Set it on 2 products"
        screen.click("set-reference")
        (one,) = asked
        assert (one.check, sorted(one.keys), one.options) == (
            "invalid-reference",
            ["A106", "A107"],
            {"brand": "1"},
        )

    def test_ticked_products_are_set_alone(self, full: Store, open_page: Open, asked: list[Any]) -> None:
        screen = open_page("references", group="invalid-reference~webshop~brand~77777")
        screen.app.radio[0].set_value("1")
        screen.tick(1, grid="group-products")
        key = screen.rows(1)[1]["key"]
        screen.click("set-reference")
        assert [one.keys for one in asked] == [[key]]

    def test_what_else_these_products_lack_is_not_asked_for(
        self, store: Store, check_shop: Callable[..., str], shop: Callable[..., Any], open_page: Open
    ) -> None:
        other = pl.when(pl.col("article_number") == "A106").then(99).otherwise("storage_condition_id")
        check_shop(products=shop()["products"].with_columns(storage_condition_id=other))
        for field, title in (
            ("brand~77777", "Brand to set"),
            ("storage_condition~99", "Storage condition to set"),
        ):
            screen = open_page("references", group=f"invalid-reference~webshop~{field}")
            assert [radio.label for radio in screen.app.radio] == [title]

    def test_a_table_that_came_back_empty_offers_nothing(
        self, full: Store, check_shop: Callable[..., str], shop: Callable[..., Any], open_page: Open
    ) -> None:
        check_shop(brands=shop()["brands"].clear())
        screen = open_page("references", group="invalid-reference~webshop~brand~77777")
        assert "What it can be set to is not known" in screen.words
        assert "set-reference" not in labels(screen)

    def test_products_that_have_none_are_not_one_group(
        self, store: Store, check_shop: Callable[..., str], shop: Callable[..., Any], open_page: Open
    ) -> None:
        none = pl.when(pl.col("article_number").is_in(["A112", "A115"])).then(None).otherwise("brand_id")
        check_shop(products=shop()["products"].with_columns(brand_id=none))
        screen = open_page("references", group="missing-reference~webshop~brand~")
        assert screen.app.radio[0].value is None, "nothing is chosen for both by itself"
        assert screen.app.button(key="set-reference").disabled
        assert "Choose an entry first." in screen.words
        assert "Each of these may lack another one" in screen.words
        assert labels(screen.tick(0, grid="group-products"))["set-reference"] == "Set it on 1 product"


class TestProduct:
    def test_its_findings_have_their_buttons(self, full: Store, open_page: Open) -> None:
        screen = open_page("product", article="A106", source="webshop")
        assert labels(screen)["product-invalid-reference-webshop"] == "Set it on 1 product"

    def test_its_photos_are_dropped_there(self, full: Store, open_page: Open) -> None:
        screen = open_page("product", article="A105", source="webshop")
        assert [one.label for one in screen.app.file_uploader] == ["Drop photos of this product here"]

    def test_a_sound_product_has_no_button(self, full: Store, open_page: Open) -> None:
        screen = open_page("product", article="A115", source="webshop")
        assert not [key for key in labels(screen) if key and key.startswith("product-")]


class TestWhyNot:
    """Each page with an action, with something ticked: the button that would start it."""

    PAGES = (
        ("overview", {}, None, "fix-own-became-central"),
        ("findings", {"check": "own-became-central"}, "grid", LINK),
        ("findings", {"check": "own-became-central"}, None, "fix-all"),
        ("references", {"group": "invalid-reference~webshop~brand~77777"}, None, "set-reference"),
        ("orders", {}, "orders-grid", "mark-order-unprocessed"),
        ("product", {"article": "A106", "source": "webshop"}, None, "product-invalid-reference-webshop"),
    )

    @pytest.mark.parametrize(("page", "query", "grid", "key"), PAGES)
    def test_a_read_only_shop_says_how_to_unblock(
        self,
        full: Store,
        config: Path,
        open_page: Open,
        page: str,
        query: dict[str, str],
        grid: str | None,
        key: str,
    ) -> None:
        config.write_text(config.read_text(encoding="utf-8") + "read_only = true\n", encoding="utf-8")
        screen = open_page(page, **query)
        if grid:
            screen.tick(0, grid=grid)
        assert screen.app.button(key=key).disabled
        assert "read_only" in screen.words

    @pytest.mark.parametrize(("page", "query", "grid", "key"), PAGES)
    def test_a_viewer_reads_whom_to_ask_and_starts_nothing(
        self,
        full: Store,
        config: Path,
        asked: list[Any],
        page: str,
        query: dict[str, str],
        grid: str | None,
        key: str,
    ) -> None:
        team = '\n[team]\nsign_in = true\n\n[team.people]\n"ann@shop.be" = "viewer"\n'
        config.write_text(config.read_text(encoding="utf-8") + team, encoding="utf-8")
        app = AppTest.from_file(str(APP), default_timeout=60)
        app.user = {"is_logged_in": True, "email": "ann@shop.be", "sub": "ann"}
        app.run()
        if page != "overview":
            app.switch_page(f"app_pages/{page}.py")
        for name, value in query.items():
            app.query_params[name] = value
        if grid:
            app.session_state[grid] = {"selection": {"rows": [0], "columns": [], "cells": []}}
        app.run()
        button = app.button(key=key)
        assert button.disabled
        said = "\n".join(str(one.value) for one in app.caption).replace("\\", "")
        assert '"ann@shop.be" = "fixer" under [team.people]' in said

        button.proto.disabled = False  # a browser does not, a forged message to the server does
        button.click()
        app.run()
        assert not app.exception, app.exception[0].message
        assert asked == []


def test_every_repair_is_told_and_has_its_page() -> None:
    for fix in FIXES.values():
        for check in fix.checks:
            assert repairs.meaning(check), check
            assert check in ANCHORS
            assert repairs.label(check, 3).count("3") == 1
