"""One product's page: reached by its address alone, all its data, what is wrong, what it touches, its history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from checks.frames import FRAMES
from checks.store import Store
from dashboard.parts.product_facts import central_twin, find, matching, order_rows, price_rows

NOW = datetime.now(UTC)

Open = Callable[..., Any]


def frame(name: str, *rows: dict[str, Any]) -> pl.DataFrame:
    columns = FRAMES[name].columns
    return pl.DataFrame([{column: row.get(column) for column in columns} for row in rows], schema=columns)


def line(article: str, total: float, quantity: float = 1.0) -> dict[str, Any]:
    return {"article_number": article, "unit": "ST", "quantity": quantity, "price": total, "total": total}


def order(number: int, age: float, *lines: dict[str, Any]) -> dict[str, Any]:
    return {
        "order_number": number,
        "full_order_number": f"WEB-{number}",
        "client_number": "K1",
        "client_name": "Bistro Zon",
        "ordered_at": NOW - timedelta(days=age),
        "lines": len(lines),
        "total": sum(one["total"] for one in lines),
        "order_lines": list(lines),
    }


class TestFacts:
    def test_an_article_is_own_linked_or_gone(self) -> None:
        own, linked = (
            frame("products", {"article_number": "A"}),
            frame("linked_products", {"article_number": "L"}),
        )
        assert [find(one, own, linked).kind for one in ("A", "L", "X")] == ["own", "linked", "gone"]
        assert find("A", None, None).kind == "gone"

    def test_its_orders_wait_on_top_and_count_once(self) -> None:
        waiting = frame("orders", order(1, 5, line("A", 4.0)), order(2, 1, line("B", 9.0)))
        done = frame(
            "processed_orders", order(3, 2, line("A", 1.0), line("A", 2.0)), order(1, 5, line("A", 4.0))
        )

        rows = order_rows("A", waiting, done)

        assert rows.select("order_number", "processed", "total").rows() == [
            (3, True, 1.0),
            (3, True, 2.0),
            (1, True, 4.0),
        ]

    def test_without_order_frames_there_are_no_rows(self) -> None:
        assert order_rows("A", None, None).is_empty()
        assert order_rows("A", frame("orders"), None).is_empty()

    def test_client_prices_stand_beside_the_list_price(self) -> None:
        prices = frame(
            "client_prices",
            {"article_number": "A", "client_number": "K2", "sales_price": 11.0},
            {"article_number": "A", "client_number": "K1", "sales_price": 9.0},
            {"article_number": "B", "client_number": "K1", "sales_price": 1.0},
        )
        rows = price_rows("A", prices, frame("clients", {"client_number": "K1", "name": "Zon"}), 10.0)
        assert [(row[0], row[1], round(row[4], 3)) for row in rows.rows()] == [
            ("K1", "Zon", -0.1),
            ("K2", None, 0.1),
        ]
        assert price_rows("A", prices, None, None)["difference"].null_count() == 2

    def test_its_central_twin_has_the_same_gtin_in_whatever_form(self) -> None:
        central = frame(
            "central_products",
            {"product_id": 1, "ean": "05400000000003", "name": "Twin"},
            {"product_id": 2, "ean": "5400000000010"},
        )
        assert (central_twin({"ean": "5400000000003"}, central) or {})["name"] == "Twin"
        assert central_twin({"ean": "5400000000027"}, central) is None
        assert central_twin({"ean": None}, central) is None
        assert central_twin({"ean": "5,40E+12"}, central) is None

    def test_a_search_finds_every_word_anywhere(self) -> None:
        own = frame("products", {"article_number": "A1", "name": "Rode biet", "brand": "Devos", "ean": "54"})
        assert matching("devos ROOD".replace("ROOD", "rode"), own, None, 5)["article_number"].to_list() == [
            "A1"
        ]
        assert matching("devos wit", own, None, 5).is_empty()


def test_the_address_alone_opens_it(full: Store, open_page: Open) -> None:
    screen = open_page("product", source="webshop", article="A104")
    assert screen.app.title[0].value == "Pruimenconfituur"
    assert "**1 finding** open" in screen.words
    assert any("Missing photo" in link for link in screen.links)


def test_an_article_number_may_hold_any_sign(full: Store, open_page: Open) -> None:
    assert open_page("product", source="webshop", article="A#114").app.title[0].value == "Appelmoes"


def test_one_that_is_not_there_says_so_and_keeps_its_history(full: Store, open_page: Open) -> None:
    screen = open_page("product", source="webshop", article="NOPE")
    assert "Not in the newest data" in screen.words


def test_a_product_that_went_still_shows_what_was_wrong(
    full: Store, check_shop: Callable[..., str], shop: Callable[[], dict[str, pl.DataFrame]], open_page: Open
) -> None:
    check_shop(products=shop()["products"].filter(pl.col("article_number") != "A104"))
    screen = open_page("product", source="webshop", article="A104")
    assert "Not in the newest data" in screen.words
    assert "Missing photo" in "".join(screen.links)


def test_its_orders_and_client_prices(store: Store, check_shop: Callable[..., str], open_page: Open) -> None:
    check_shop(
        orders=frame("orders"),
        processed_orders=frame(
            "processed_orders", order(7, 3, line("A104", 12.5)), order(8, 2, line("A1", 1.0))
        ),
        client_prices=frame(
            "client_prices", {"article_number": "A104", "client_number": "K1", "sales_price": 4.0}
        ),
    )
    screen = open_page("product", source="webshop", article="A104")
    assert "in **1 order** of the last 30 days, € 12.50" in screen.words
    assert "1 client has a price of their own" in screen.words


def test_without_an_article_it_asks_for_one(full: Store, open_page: Open) -> None:
    screen = open_page("product", text="confituur vijgen")
    assert any("A105" in button.label for button in screen.app.button)


def test_what_was_not_collected_is_said(
    store: Store, check_shop: Callable[..., str], open_page: Open
) -> None:
    check_shop(missing=["client_prices"])
    words = open_page("product", source="webshop", article="A104").words
    assert "Client prices were not collected." in words


@pytest.mark.parametrize("article", ["A104", "A100", "L1", "A110"])
def test_history_is_told_from_the_first_finding_on(full: Store, open_page: Open, article: str) -> None:
    assert "History" in open_page("product", source="webshop", article=article).words
