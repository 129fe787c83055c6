"""The page Findings: filters in the URL, selection, export, the panel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from checks.store import Store
from dashboard.parts.finding_table import as_csv

Open = Callable[..., Any]


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ({"check": "missing-photo"}, ["A104", "A105"]),
        ({"check": ["missing-photo", "restricted-ean"]}, ["A104", "A105", "A111"]),
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


def test_what_a_stale_link_names_besides_is_left_out(full: Store, open_page: Open) -> None:
    assert len(open_page("findings", check="no-such-check").rows()) == 17


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
        "Missing photo: Honing is active and has no photo." in link
        for link in open_page("findings", finding=ident).links
    )


def test_a_link_to_one_finding_opens_it(full: Store, open_page: Open) -> None:
    ident = full.findings(check="order-unprocessed", severity="error")["id"][0]
    words = open_page("findings", finding=ident).words
    assert "**The order**" in words
    assert "Bistro Zon" in open_page("findings", finding=ident).app.table[0].value.to_string()


def test_export_takes_the_selection_else_the_filter(full: Store, open_page: Open) -> None:
    screen = open_page("findings", check=["missing-photo", "invalid-reference"])
    assert screen.app.download_button(key="export").label == "Export 4 as CSV"
    assert screen.tick(0, 2).run().app.download_button(key="export").label == "Export 2 selected"


def test_the_exported_file_has_the_contracts_names(full: Store, open_page: Open) -> None:
    from dashboard.parts.shaping import named, product_names

    text = as_csv(named(full.findings(check="invalid-ean"), product_names({}))).decode("utf-8-sig")
    header, row = text.splitlines()
    assert header.startswith("id,check,severity,source,entity,key,name,field,value,message,status,first_seen")
    assert ',invalid-ean,error,webshop,product,A110,,,"5,40E+12",' in row


def test_a_selection_follows_its_finding_when_the_list_changes(full: Store, open_page: Open) -> None:
    screen = open_page("findings", severity="warning")
    place = [row["key"] for row in screen.rows()].index("A105")
    screen.tick(place)
    del screen.app.query_params["severity"]
    screen.run()
    (ticked,) = screen.app.session_state["grid"]["selection"]["rows"]
    assert screen.rows()[ticked]["key"] == "A105"
