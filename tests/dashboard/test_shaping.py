"""What stands between the store and the screen: pure functions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from checks.findings import KEPT
from checks.frames import FRAMES
from dashboard.parts.assortment import Assortment
from dashboard.parts.comparison import compared
from dashboard.parts.data_view import as_csv, drift_words, readable
from dashboard.parts.run_control import how_far
from dashboard.parts.words import ago, clock, number, percent, plain, plural, seconds, shown

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
EAN = "5400000000003"


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=59), "59 min ago"),
        (timedelta(hours=3), "3 h ago"),
        (timedelta(hours=23), "23 h ago"),
        (timedelta(hours=47), "1 day ago"),
        (timedelta(hours=48), "2 days ago"),
        (timedelta(days=40), "40 days ago"),
    ],
)
def test_age_in_words(passed: timedelta, words: str) -> None:
    assert ago(NOW - passed, NOW) == words


def test_numbers_and_moments_in_words() -> None:
    assert (number(1204), number(None), number(2.5, 1)) == ("1,204", "–", "2.5")
    assert (plural(1, "product"), plural(1204, "product")) == ("1 product", "1,204 products")
    assert (percent(1.0), percent(0.9999), percent(0.5)) == ("100 %", "99.9 %", "50 %")
    assert (seconds(0.42), seconds(42), seconds(125)) == ("0.4 s", "42 s", "2 min 5 s")
    assert (clock(NOW, NOW, UTC), clock(NOW - timedelta(days=1), NOW, UTC)) == ("08:00", "20 Nov, 08:00")
    assert (shown(None), shown(True), shown(1234.5), shown(["a", "b"])) == ("–", "yes", "1,234.5", "a, b")


def test_text_from_outside_cannot_become_markup() -> None:
    assert plain("**bold** [link](http://x) :red[no] $1$ <b>") == (
        r"\*\*bold\*\* \[link\]\(http\://x\) \:red\[no\] \$1\$ \<b\>"
    )


def test_how_far_a_run_is() -> None:
    steps = [
        {"source": "w", "step": "products", "done": 500, "total": 1000, "state": "running"},
        {"source": "w", "step": "brands", "done": 9, "total": 9, "state": "done"},
        {"source": "w", "step": "photos", "done": 0, "total": None, "state": "waiting"},
    ]
    assert how_far(steps) == (0.5, "1 of 3 parts, Own products")
    assert how_far([]) == (0.0, "starting")


def product(frame: str, **fields: Any) -> pl.DataFrame:
    row = {
        "article_number": "A1",
        "product_id": 1,
        "ean": EAN,
        "name": "Confituur aardbei",
        "brand": "Devos",
        "total_content": 0.5,
        "content_type": "KG",
        "category_ids": [1],
        **fields,
    }
    return pl.DataFrame(
        [{name: row.get(name) for name in FRAMES[frame].columns}], schema=FRAMES[frame].schema
    )


def finding(
    message: str = f"Its own EAN {EAN} is in the central EAN list.", value: str = EAN, key: str = "A1"
) -> pl.DataFrame:
    row = {
        "id": "f",
        "check": "own-became-central",
        "key": key,
        "value": value,
        "message": message,
        "status": "new",
    }
    return pl.DataFrame([{name: row.get(name) for name in KEPT}], schema=KEPT)


@pytest.mark.parametrize(
    ("central", "verdict", "differs"),
    [
        ({}, "safe", []),
        ({"name": "AARDBEI-confituur", "total_content": 500.0, "content_type": "g"}, "safe", []),
        ({"ean": "05400000000003"}, "safe", []),
        ({"brand": "Zwan"}, "safe", ["brand"]),
        ({"name": "Peren op siroop"}, "look", ["name"]),
        ({"total_content": 0.9}, "look", ["content"]),
        ({"content_type": "L"}, "look", ["content"]),
        ({"name": None}, "look", []),
    ],
)
def test_safe_to_link_is_same_name_and_content(
    central: dict[str, Any], verdict: str, differs: list[str]
) -> None:
    shop = Assortment(product("products"), central=product("central_products", product_id=9, **central))
    row = compared(finding(), shop).row(0, named=True)
    assert (row["verdict"], row["differs"]) == (verdict, differs)


def test_a_central_product_that_was_not_collected_is_to_look_at() -> None:
    row = compared(finding(), Assortment(product("products"))).row(0, named=True)
    assert (row["verdict"], row["central_name"], row["photos"]) == ("look", None, None)
    assert "was not collected" in row["reason"]


def test_a_linked_one_already_there_is_left_to_a_person() -> None:
    central, linked = product("central_products"), product("linked_products", article_number="L7")
    row = compared(finding(), Assortment(product("products"), linked, central)).row(0, named=True)
    assert (row["verdict"], row["reason"]) == (
        "hand",
        "The central product is linked already, as article L7: keep that one.",
    )


def test_an_article_number_the_api_refuses_is_left_to_a_person() -> None:
    shop = Assortment(product("products", article_number="A/1"), central=product("central_products"))
    assert compared(finding(key="A/1"), shop)["verdict"].to_list() == ["hand"]


def test_a_match_by_supplier_finds_its_central_product() -> None:
    code = [{"supplier_id": 3, "article_code": "S-1"}]
    shop = Assortment(
        product("products", ean=None, suppliers=code),
        central=product("central_products", product_id=9, suppliers=code),
    )
    message = "It has no EAN, but article code S-1 of supplier 3 (Aldi) is a central product's."
    row = compared(finding(message, "S-1"), shop).row(0, named=True)
    assert (row["matched"], row["product_id"], row["verdict"]) == ("supplier", 9, "safe")


def test_drift_in_words() -> None:
    drift = [
        {"field": "Colour", "kind": "new", "detail": "String"},
        {"field": "Brand", "kind": "gone", "detail": ""},
    ]
    assert drift_words(drift, {"brand": "absent from every row"}) == (
        "Colour: new field; Brand: field is gone; brand cannot be judged: absent from every row"
    )


def test_a_frame_as_csv_holds_no_formula() -> None:
    data = pl.DataFrame(
        {"=name": ["=1+1", "Kaas;@x", None], "tags": [["+a"], [], None], "price": [-1.5, 2.0, None]}
    )
    assert as_csv(readable(data)).decode("utf-8-sig").splitlines() == [
        "'=name,tags,price",
        "'=1+1,'+a,-1.5",
        'Kaas;\'@x,"",2.0',
        ",,",
    ]


def test_lists_and_structs_become_text() -> None:
    data = product("products", unit_eans=["1", "2"], suppliers=[{"supplier_id": 3, "article_code": "S-1"}])
    row = readable(data).row(0, named=True)
    assert (row["unit_eans"], row["suppliers"], row["category_ids"]) == ("1, 2", "3 S-1", "1")
