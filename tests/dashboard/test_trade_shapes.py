"""What stands between trade and the screen: pure functions."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from checks.frames import FRAMES
from dashboard.parts.client_rows import by_representative, next_dates, with_wrong
from dashboard.parts.lookup_entries import chosen, entries, is_unused, pointed_at, users_of
from dashboard.parts.price_faults import fault, guilty_fields, spread, spread_words
from dashboard.parts.waiting_orders import lines_of, summary, to_the_right, waiting

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
NO_CHIPS = pl.DataFrame(
    schema={"id": pl.String, "wrong": pl.List(pl.String), "checks": pl.List(pl.String), "rank": pl.UInt8}
)


def frame(name: str, *rows: dict[str, Any]) -> pl.DataFrame:
    columns = FRAMES[name].columns
    return pl.DataFrame(
        [{column: row.get(column) for column in columns} for row in rows], schema=FRAMES[name].schema
    )


def test_a_pick_up_is_due_on_its_own_day_and_late_the_day_after() -> None:
    order = {
        "order_number": 1,
        "is_pickup": True,
        "delivery_date": date(2026, 11, 30),
        "pickup_date": date(2026, 11, 20),
        "total": 12.5,
    }
    rows = waiting(frame("orders", order, {"order_number": 2, "processed_at": NOW}), NO_CHIPS)
    assert (rows["id"].to_list(), rows["due"][0]) == (["1"], date(2026, 11, 20))
    assert summary(rows, date(2026, 11, 20)).late == 0
    assert summary(rows, date(2026, 11, 21)).late == 1


def test_no_order_waits_since_never() -> None:
    told = summary(waiting(frame("orders"), NO_CHIPS), date(2026, 11, 21))
    assert (told.orders, told.oldest, told.total) == (0, None, 0.0)


def test_only_what_a_check_found_is_marked_in_a_line() -> None:
    order = {
        "order_lines": [{"article_number": "X", "unit": "ST", "quantity": 3.0, "price": 0.1, "total": 0.3}]
    }
    articles = pl.DataFrame({"article_number": ["A"], "name": ["Appel"]})
    (sound,) = lines_of(order, articles, [])
    (unknown,) = lines_of(order, articles, ["order-unknown-article", "order-total-mismatch"])
    assert (sound.unknown, sound.off) == (False, False)
    assert (unknown.unknown, unknown.off) == (True, False), "a cent of rounding is no fault"


def test_amounts_end_below_each_other() -> None:
    assert to_the_right(["€ 1.00", "€ 10.00"]) == ["\u2007€ 1.00", "€ 10.00"]
    assert to_the_right([]) == []


def test_delivery_days_start_today() -> None:
    days = [date(2026, 11, day) for day in (20, 21, 25)]
    rows = frame("delivery_dates", *({"location_id": 1, "client_number": "K1", "date": day} for day in days))
    assert next_dates(rows, "K1", date(2026, 11, 21)) == {1: days[1:]}
    assert next_dates(None, "K1", date(2026, 11, 21)) == {}


def clients(*rows: dict[str, Any]) -> pl.DataFrame:
    """Client rows of which nothing is wrong."""
    data = pl.DataFrame(
        [{"client_number": None, "representative": None, "turnover": 0.0, **row} for row in rows],
        schema={"client_number": pl.String, "representative": pl.String, "turnover": pl.Float64},
    )
    return with_wrong(data, NO_CHIPS.rename({"id": "client_number"}))


def test_a_representative_has_the_clients_that_either_side_names() -> None:
    rows = clients(
        {"client_number": "K1", "representative": "an", "turnover": 5.0},
        {"client_number": "K2", "turnover": 7.0},
    )
    people = frame("representatives", {"email": "an", "active": True, "client_numbers": ["K1", "K2", "K9"]})
    (row,) = by_representative(people, rows).to_dicts()
    assert (row["clients"], row["turnover"], row["unknown"]) == (2, 12.0, 1)
    (told,) = by_representative(None, rows).to_dicts()
    assert (told["email"], told["clients"], told["active"]) == ("an", 1, None)


@pytest.mark.parametrize(
    ("check", "row", "words", "guilty"),
    [
        ("price-missing", {"sales_price": 0.0}, "Price is 0", {"sales_price"}),
        ("promo-invalid", {"sales_price": 5.0, "promo_price": 5.0}, "Not below list price", {"promo_price"}),
        (
            "promo-invalid",
            {
                "sales_price": 5.0,
                "promo_price": 4.0,
                "promo_from": NOW + timedelta(days=9),
                "promo_until": NOW + timedelta(days=2),
            },
            "Ends before it starts",
            {"promo_from", "promo_until"},
        ),
        (
            "promo-invalid",
            {"sales_price": 5.0, "promo_price": 4.0, "promo_until": NOW - timedelta(days=2)},
            "Ended",
            {"promo_until"},
        ),
        ("multiplier-invalid", {"multiplier_type": "KG"}, "No amount", {"multiplier_amount"}),
        ("package-mismatch", {"amount_of_units": 1}, "Carton of 1", {"amount_of_units"}),
    ],
)
def test_the_fault_in_words_and_its_fields(
    check: str, row: dict[str, Any], words: str, guilty: set[str]
) -> None:
    product = frame("products", row).with_columns(misses=pl.lit([], dtype=pl.List(pl.String)))
    assert product.select(fault(check, NOW)).item() == words
    assert guilty_fields(check, product.row(0, named=True), NOW) == guilty


@pytest.mark.parametrize(
    ("name", "message", "said"),
    [
        ("Kaas (6+)", "Kaas (6+) costs 1.00 euro.", "Costs 1.00 euro."),
        ("Kaas", "Kaasmes costs 1.00 euro.", "Kaasmes costs 1.00 euro."),
        (None, "This product costs 1.00 euro.", "This product costs 1.00 euro."),
        ("Kaas", "Below the gross price.", "Below the gross price."),
    ],
)
def test_a_sentence_beside_the_name_does_not_begin_with_it(name: str | None, message: str, said: str) -> None:
    row = pl.DataFrame({"name": [name], "message": [message]}, {"name": pl.String, "message": pl.String})
    assert row.select(fault("price-below-cost", NOW)).item() == said


def test_the_spread_of_client_prices_in_a_sentence() -> None:
    prices = frame("client_prices", *({"sales_price": price} for price in (4.0, 5.0, 5.0, 6.0)))
    told = spread(prices, 5.0)
    assert told is not None
    assert (told.below, told.same, told.above) == (1, 2, 1)
    assert spread_words(told, 5.0).endswith("Against the list price of € 5.00: 1 below, 2 at, 1 above it.")
    assert spread_words(told, None).endswith("There is no list price beside it.")
    assert spread(prices.clear(), 5.0) is None


CATEGORIES = frame(
    "categories",
    {"id": 1, "name": "Beleg"},
    {"id": 11, "name": "Confituur", "parent_id": 1},
    {"id": 12, "name": "Choco", "parent_id": 1},
    {"id": 7, "name": "Ring", "parent_id": 8},
    {"id": 8, "name": "Rond", "parent_id": 7},
)


def of_table(table: str, data: pl.DataFrame, **frames: pl.DataFrame | None) -> pl.DataFrame:
    return entries(table, {table: data, **frames})


def test_categories_stand_as_a_tree_under_the_shop_s_own_chains() -> None:
    chains = frame("category_chains", {"id": 11, "path": "Zoet | Beleg | Confituur"})
    rows = of_table("categories", CATEGORIES, category_chains=chains)
    paths = dict(rows.select("id", "path").iter_rows())
    assert (paths["11"], paths["12"]) == ("Zoet > Beleg > Confituur", "Beleg > Choco")
    assert dict(rows.select("id", "children").iter_rows())["1"] == 2
    assert paths["7"] == "Rond > Ring", "a ring of categories ends"


def test_unused_is_what_nothing_points_at_and_nothing_hangs_below() -> None:
    products = frame("products", {"article_number": "A", "category_ids": [11, 11]})
    rows = of_table("categories", CATEGORIES, products=products)
    assert dict(rows.select("id", "own").iter_rows())["11"] == 1, "a product counts once"
    assert rows.filter(is_unused())["id"].to_list() == ["12"]
    unknown = of_table("categories", CATEGORIES)
    assert unknown.filter(is_unused()).is_empty(), "without products nobody can tell"


def test_abbreviations_are_compared_as_the_checks_compare_them() -> None:
    table = frame("content_types", {"abbreviation": "KG", "name": "kilogram"})
    products = frame("products", *({"article_number": n, "content_type": n} for n in ("kg ", "Kg", "doos")))
    rows = of_table("content_types", table, products=products)
    assert rows.select("id", "there", "own").rows() == [("doos", False, 1), ("KG", True, 2)]
    assert users_of("content_types", "KG", products, 1)[0] == 2


def test_an_entry_that_is_gone_keeps_the_name_products_give_it() -> None:
    products = frame(
        "products",
        {"article_number": "A", "brand_id": 5, "brand": "Weg"},
        {"article_number": "B", "brand_id": 5, "brand": "Weg"},
    )
    central = frame("central_products", {"product_id": 1, "brand_id": 6, "brand": "Elders"})
    rows = of_table("brands", frame("brands"), products=products, central_products=central)
    assert rows.select("id", "name", "there", "own").rows() == [("5", "Weg", False, 2)], (
        "not what only central has"
    )
    assert chosen(rows, show="gone", text="weg").height == 1


def test_suppliers_are_pointed_at_from_within_a_list() -> None:
    codes = [{"supplier_id": 3, "article_code": "a"}, {"supplier_id": 3, "article_code": "b"}]
    products = frame("products", {"article_number": "A", "suppliers": codes}, {"article_number": "B"})
    assert pointed_at("suppliers", products)["article_number"].to_list() == ["A"]
