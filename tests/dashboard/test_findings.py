"""The page Findings: filters in the URL, selection, export, the panel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from checks.store import Store

Open = Callable[..., Any]


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ({"check": "missing-photo"}, ["A105", "A104"]),
        ({"check": ["missing-photo", "restricted-ean"]}, ["A105", "A104", "A111"]),
        ({"check": "missing-photo", "sort": "newest"}, ["A105", "A104"]),
        ({"brand": "Weg"}, ["A106", "A107"]),
        ({"category": "Confituur", "severity": "warning"}, ["A105", "A104"]),
        ({"category": "Beleg", "check": "category-not-leaf"}, ["A109"]),
        ({"severity": "info"}, ["A111"]),
        ({"text": "VIJGEN"}, ["A105"]),
        ({"text": "77777 a106"}, ["A106"]),
        ({"check": "duplicate-ean", "text": "oud"}, ["A113"]),
        ({"status": "new"}, ["2"]),
    ],
)
def test_the_url_reproduces_the_view(
    full: Store, open_page: Open, query: dict[str, Any], keys: list[str]
) -> None:
    assert [row["key"] for row in open_page("findings", **query).rows()] == keys


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"check": "no-such-check"}, "Here is no check no-such-check."),
        ({"severity": ["error", "fatal"]}, "Here is no severity fatal."),
        ({"brand": "Nobody", "age": "aeons"}, "Here is no age aeons; brand Nobody."),
        ({"sort": "colour"}, "Here is no order of sorting colour."),
    ],
)
def test_a_stale_link_is_told(full: Store, open_page: Open, query: dict[str, Any], said: str) -> None:
    screen = open_page("findings", **query)
    assert said in screen.words
    assert screen.rows(), "the list is there all the same"
    assert said not in screen.click("strays-out").words
    assert screen.app.query_params.get("severity") in (None, "error")


def test_a_brand_without_findings_is_no_stale_link(full: Store, open_page: Open) -> None:
    screen = open_page("findings", brand="Devos", check="invalid-reference")
    assert "Here is no brand" not in screen.words
    assert "No finding matches these filters." in screen.words


@pytest.mark.parametrize(("age", "count"), [("day", 1), ("week", 17), ("over-week", 0)])
def test_findings_by_age(full: Store, open_page: Open, age: str, count: int) -> None:
    screen = open_page("findings", age=age)
    assert len(screen.rows()) == count if count else "No finding matches" in screen.words


def test_findings_rank_by_severity_and_then_by_what_they_touch(full: Store, open_page: Open) -> None:
    rows = open_page("findings").rows()
    assert rows[0]["key"] == "A106"
    assert (rows[0]["turnover"], rows[0]["orders"], rows[0]["clients"]) == (990.0, 1, 1)
    weights = [
        (["✕ Error", "▲ Warning", "● Info"].index(row["severity"][0]), -row["turnover"]) for row in rows
    ]
    assert weights == sorted(weights)


def test_a_list_of_several_kinds_says_what_is_an_order(full: Store, open_page: Open) -> None:
    keys = [row["key"] for row in open_page("findings").rows()]
    assert "Order 1" in keys
    assert "A104" in keys


def test_the_panel_says_what_a_finding_touches(full: Store, open_page: Open) -> None:
    words = open_page("findings", finding=full.findings(key="A106")["id"][0]).words
    assert "In 1 order of the last 30 days, € 990; 1 client has a price of their own for it" in words


def test_the_panel_leads_to_the_page_of_the_thing(full: Store, open_page: Open) -> None:
    product = open_page("findings", finding=full.findings(key="A106")["id"][0])
    assert "**All about this product**" in product.links
    order = open_page("findings", finding=full.findings(check="order-unprocessed")["id"][0])
    assert "**All about this order**" in order.links


def test_the_panel_is_put_away(full: Store, open_page: Open) -> None:
    screen = open_page("findings", text="A106").tick(0).click("panel-close")
    assert "finding" not in screen.app.query_params
    assert "**Why it matters**" not in screen.words


def test_a_filter_writes_itself_into_the_url(full: Store, open_page: Open) -> None:
    screen = open_page("findings")
    screen.app.multiselect(key="filter-check").set_value(["invalid-ean"])
    screen.run()
    assert screen.app.query_params["check"] == "invalid-ean"
    assert [row["key"] for row in screen.rows()] == ["A110"]
    screen.click("clear")
    assert "check" not in screen.app.query_params
    assert len(screen.rows()) == 17


def test_fixed_findings_are_shown_on_request(
    full: Store, open_page: Open, check_shop: Callable[..., str], shop: Callable[..., Any]
) -> None:
    check_shop(brands=shop()["brands"].vstack(shop()["brands"].with_columns(id=pl.lit(77777, pl.Int64))))
    rows = open_page("findings", status="fixed").rows()
    assert {row["key"] for row in rows} == {"A106", "A107"}
    assert {row["status"] for row in rows} == {"✓ Fixed"}


def test_no_match_differs_from_all_is_well(full: Store, open_page: Open) -> None:
    assert "No finding matches these filters." in open_page("findings", text="nothing like it").words


def test_a_check_that_could_not_run_says_so(
    store: Store, check_shop: Callable[..., str], open_page: Open
) -> None:
    check_shop(missing=["photos"])
    assert (
        "Missing photo could not run in the last health check"
        in open_page("findings", check="missing-photo").words
    )


def test_one_ticked_row_opens_the_panel(full: Store, open_page: Open) -> None:
    screen = open_page("findings", text="A106").tick(0)
    assert "Brand 77777 (Weg) is not in the lookup table." in screen.words
    assert "**Why it matters**" in screen.words
    assert "Found for the first time" in screen.words
    table = screen.app.table[0].value
    guilty = [name for name in table.index if name.startswith(":red[")]
    assert guilty == [":red[:material/error: **Brand**]"], "exactly the guilty field is marked"
    assert "**By entry**" in screen.links


def test_the_panel_goes_when_the_filter_leaves_its_finding_out(full: Store, open_page: Open) -> None:
    ident = full.findings(key="A106")["id"][0]
    assert "**Why it matters**" in open_page("findings", finding=ident).words
    assert "**Why it matters**" not in open_page("findings", finding=ident, text="no such thing").words


def test_the_panel_names_what_else_is_wrong_with_the_product(
    store: Store, check_shop: Callable[..., str], shop: Callable[..., Any], open_page: Open
) -> None:
    check_shop(photos=shop()["photos"].clear())
    ident = store.findings(check="invalid-ean")["id"][0]
    assert any(
        "Missing photo: Honing is active and has no photo." in button.label
        for button in open_page("findings", finding=ident).app.button
    )


def test_a_link_to_one_finding_opens_it(full: Store, open_page: Open) -> None:
    ident = full.findings(check="order-unprocessed", severity="error")["id"][0]
    words = open_page("findings", finding=ident).words
    assert "**The order**" in words
    assert "Bistro Zon" in open_page("findings", finding=ident).app.table[0].value.to_string()


def exports(screen: Any) -> str:
    """What the button of the export says."""
    return str(screen.app.get_by_key("export").proto.popover.label)


def test_export_takes_the_selection_else_the_filter(full: Store, open_page: Open) -> None:
    screen = open_page("findings", check=["missing-photo", "invalid-reference"])
    assert exports(screen) == "Export 4"
    assert exports(screen.tick(0, 2).run()) == "Export 2 selected"
    assert [screen.app.download_button(key=f"export-{kind}").label for kind in ("xlsx", "csv", "json")] == [
        "Excel",
        "CSV",
        "JSON",
    ]


def test_a_selection_follows_its_finding_when_the_list_changes(full: Store, open_page: Open) -> None:
    screen = open_page("findings", severity="warning")
    place = [row["key"] for row in screen.rows()].index("A105")
    screen.tick(place)
    del screen.app.query_params["severity"]
    screen.run()
    (ticked,) = screen.app.session_state["grid-1"]["selection"]["rows"]
    assert screen.rows()[ticked]["key"] == "A105"
