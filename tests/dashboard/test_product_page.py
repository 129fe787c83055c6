"""One product's page: reached by its address alone, all its data, what is wrong, what it touches, its history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import polars as pl
import pytest
from PIL import Image

from checks.fixes import apply_plan, make_plan
from checks.fixes.kinds.upload_photo import as_option
from checks.fixes.photo_files import prepare
from checks.frames import FRAMES
from checks.health import run_health_check
from checks.people import Person
from checks.sandbox import Sandbox
from checks.settings import load_settings
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


def facts(screen: Any) -> str:
    return str(screen.app.table[0].value.to_dict())


def test_a_photo_that_a_repair_added_is_told_before_the_next_run_shows_it(
    sandbox: Sandbox, checked: Store, open_page: Open
) -> None:
    settings, by = load_settings(), Person("els", "admin", "local")
    key = next(one for one in checked.findings(check="missing-photo")["key"] if one.isalnum())
    picture = BytesIO()
    Image.new("RGB", (300, 300), "red").save(picture, "JPEG")
    photo = as_option(checked, [(prepare("a.jpg", picture.getvalue()), None)])  # type: ignore[list-item]
    before = open_page("product", source="webshop", article=key)
    assert "It has no photo." in before.words
    assert "[**none**]" in facts(before)
    assert "What stands here is from before" not in before.words

    plan = make_plan(checked, settings, "missing-photo", keys=[key], by=by, each={key: photo})
    assert [row["state"] for row in apply_plan(checked, settings, plan.id, by=by)] == ["done"]

    after = open_page("product", source="webshop", article=key)
    assert "A repair added a photo since; it can be shown here after the next health check." in after.words
    assert "none at the last health check, and a repair added one since" in facts(after)
    assert "What stands here is from before: the next health check reads it anew." in after.words
    assert any("**Upload a photo** :gray[done" in link for link in after.links)

    run_health_check(settings, checked, started_by="night")
    later = open_page("product", source="webshop", article=key)
    assert "A repair added a photo" not in later.words
    assert "What stands here is from before" not in later.words
    assert "1 photo" in later.words
