"""Orders, Clients, Prices and texts, Lookup tables: the answer, the filters, what the URL opens, what could not be known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from checks.frames import FRAMES, TEXTS
from checks.store import Store
from dashboard.parts.waiting_orders import OF_WAITING, to_mark
from tests.dashboard.shop import health_check

Open = Callable[..., Any]

PAGES = ("orders", "clients", "prices", "lookup_tables")
NOW = datetime.now(UTC)
TODAY = NOW.date()

#: Every frame that the small shop of the other pages does not have.
_TRADE: dict[str, list[dict[str, Any]]] = {
    "client_segments": [{"id": 1, "name": "Horeca"}, {"id": 2, "name": "Zorg"}],
    "clients": [
        {
            "client_number": "K1",
            "name": "Bistro Zon",
            "active": True,
            "segment_id": 1,
            "representative": "an@shop.be",
        },
        {"client_number": "K2", "name": "Café Maan", "active": True, "segment_id": 1, "municipality": "Gent"},
        {"client_number": "K3", "name": "Rusthuis Ster", "active": True, "segment_id": 9},
    ],
    "client_locations": [
        {"location_id": n, "client_number": f"K{n}", "municipality": "Gent"} for n in (1, 3)
    ],
    "delivery_dates": [
        {"location_id": 1, "client_number": "K1", "date": TODAY - timedelta(days=3)},
        {"location_id": 1, "client_number": "K1", "date": TODAY + timedelta(days=3)},
    ],
    "users": [
        {"email": "jan@zon.be", "client_number": "K1", "active": True, "language": "nld"},
        {"email": "els@ster.be", "client_number": "K3", "active": True, "language": "fra"},
        {"email": "weg@weg.be", "client_number": "K9", "active": True},
    ],
    "representatives": [{"email": "an@shop.be", "active": True, "client_numbers": ["K1", "K2", "K8"]}],
    "client_prices": [
        {"article_number": "A115", "client_number": "K1", "sales_price": 4.95},
        {"article_number": "A115", "client_number": "K2", "sales_price": 4.25},
        {"article_number": "A115", "client_number": "K3", "sales_price": 4.5},
        {"article_number": "WEG", "client_number": "K1", "sales_price": 2.0},
        {"article_number": "A112", "client_number": "K7", "sales_price": 2.0},
    ],
    "order_lists": [
        {"client_number": "K2", "article_number": "A115"},
        {"client_number": "K2", "article_number": "WEG"},
    ],
    "processed_orders": [],
    "category_chains": [{"id": 11, "path": "Beleg | Confituur"}],
}


def line(article: str, quantity: float, price: float, total: float) -> dict[str, Any]:
    return {"article_number": article, "unit": "ST", "quantity": quantity, "price": price, "total": total}


def order(number: int, days: float, **more: Any) -> dict[str, Any]:
    lines = more.pop("order_lines", [line("A115", 2.0, 5.0, 10.0)])
    return {
        "order_number": number,
        "full_order_number": f"2026-{number}",
        "client_number": "K1",
        "client_name": "Bistro Zon",
        "ordered_at": NOW - timedelta(days=days),
        "delivery_date": TODAY + timedelta(days=2),
        "is_pickup": False,
        "lines": len(lines),
        "total": sum(one["total"] for one in lines),
        "order_lines": lines,
        **more,
    }


_ORDERS = [
    order(1, 5, delivery_date=TODAY - timedelta(days=2)),
    order(2, 2, order_lines=[line("WEG", 1.0, 3.0, 3.0), line("A115", 2.0, 5.0, 11.5)]),
    order(3, 0.1, client_number="K6", client_name="Verdwenen"),
    order(4, 0.05),
]


def frame(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    columns = FRAMES[name].columns
    return pl.DataFrame(
        [{column: row.get(column) for column in columns} for row in rows], schema=FRAMES[name].schema
    )


@pytest.fixture
def trade_frames(shop: Callable[[], dict[str, pl.DataFrame]]) -> dict[str, pl.DataFrame]:
    """The small shop with its trade: every fault of these pages once or twice."""
    products = shop()["products"].with_columns(
        sales_price=pl.when(pl.col("article_number") == "A112").then(None).otherwise("sales_price"),
        promo_price=pl.when(pl.col("article_number") == "A113").then(9.0).otherwise("promo_price"),
        multiplier_amount=pl.when(pl.col("article_number") == "A110")
        .then(5.0)
        .otherwise("multiplier_amount"),
        is_package=pl.col("article_number") == "A111",
        texts=pl.when(pl.col("article_number") == "A115")
        .then(pl.lit([{"language": "nld", "name": "Perenmoes", "description": None}], dtype=TEXTS))
        .otherwise("texts"),
    )
    return {
        **{name: frame(name, rows) for name, rows in _TRADE.items()},
        "products": products,
        "orders": frame("orders", _ORDERS),
    }


@pytest.fixture
def traded(filled: Callable[..., Store], trade_frames: dict[str, pl.DataFrame]) -> Store:
    return filled("traded", lambda store: health_check(store, **trade_frames))


@pytest.mark.parametrize("page", PAGES)
def test_before_the_first_run_a_run_is_offered(store: Store, open_page: Open, page: str) -> None:
    assert open_page(page).app.button(key="run-first").label == "Run now"


@pytest.mark.parametrize(
    ("page", "answer"),
    [
        (
            "orders",
            "**4 orders** wait, the oldest **5 days**; **1** has a delivery or pick-up date that is past",
        ),
        ("orders", "**€ 44.50** in all."),
        ("clients", "**2** of 3 active clients cannot buy as they should: **1** without a user"),
        ("clients", "**1 user** points at a client that does not exist"),
        ("prices", "**1** cannot be sold for lack of a price"),
        ("lookup_tables", "**1 entry**, **1** used by your own products"),
        ("lookup_tables", "**1** that the table no longer has is still pointed at"),
        ("lookup_tables", "the guide asks to read it once a day at most"),
    ],
)
def test_the_answer_comes_first(traded: Store, open_page: Open, page: str, answer: str) -> None:
    assert answer in open_page(page).words


@pytest.mark.parametrize(
    ("page", "frames", "said"),
    [
        ("orders", ["orders"], "Which orders wait is not known"),
        ("clients", ["clients"], "Who the clients are is not known"),
        ("prices", ["client_prices"], "could not run in the last health check"),
        ("lookup_tables", ["brands"], "What brands there are is not known"),
    ],
)
def test_what_was_not_collected_never_looks_like_all_is_well(
    store: Store,
    check_shop: Callable[..., str],
    trade_frames: dict[str, pl.DataFrame],
    open_page: Open,
    page: str,
    frames: list[str],
    said: str,
) -> None:
    check_shop(missing=frames, **trade_frames)
    words = open_page(page).words
    assert said in words
    assert "GET did not answer in 30 s." in words
    assert "All is well" not in words


def test_no_order_that_waits_says_when_it_looked(
    store: Store, check_shop: Callable[..., str], trade_frames: dict[str, pl.DataFrame], open_page: Open
) -> None:
    check_shop(**{**trade_frames, "orders": trade_frames["orders"].clear()})
    assert "All is well: no order waits; looked at" in open_page("orders").words


def test_orders_tell_all_that_is_wrong_in_each(traded: Store, open_page: Open) -> None:
    rows = {row["id"]: list(row["wrong"]) for row in open_page("orders").rows()}
    assert sorted(rows["1"]) == ["✕ Late", "✕ Too old"]
    assert rows["2"] == ["✕ No such article", "▲ Too old", "▲ Wrong sum"], "the gravest first"
    assert rows["3"] == ["✕ No such client"]
    assert rows["4"] == []


@pytest.mark.parametrize(
    ("query", "orders"),
    [
        ({"show": "late"}, ["1"]),
        ({"show": "wrong"}, ["1", "2", "3"]),
        ({"check": "order-total-mismatch"}, ["2"]),
        ({"text": "verdwenen"}, ["3"]),
        ({"sort": "total"}, ["2", "1", "3", "4"]),
    ],
)
def test_orders_are_filtered_by_the_url(
    traded: Store, open_page: Open, query: dict[str, str], orders: list[str]
) -> None:
    assert [row["id"] for row in open_page("orders", **query).rows()] == orders


def test_an_order_opens_with_the_wrong_cells_marked(traded: Store, open_page: Open) -> None:
    screen = open_page("orders", order="2")
    lines = screen.app.table[1].value
    first, second = lines.to_dict("records")
    assert first["Article"] == ":red-background[**WEG**] :red[not an article of the shop]"
    assert second["Article"].startswith("[A115](product?source=webshop&article=A115)")
    assert second["Total"] == ":orange-background[**€\u00a011.50**] :orange[≠ €\u00a010.00]"
    assert "**Bistro Zon** :gray[K1]" in screen.links
    assert "Found for the first time" in screen.words
    assert "tick it and mark it processed above the list" in screen.words


def test_ticking_a_row_puts_the_order_into_the_url(traded: Store, open_page: Open) -> None:
    screen = open_page("orders").tick(0, grid="orders-grid")
    assert "#### Order 2026-1" in screen.words
    assert screen.app.query_params["order"] == "1"


def test_an_order_that_no_longer_waits_is_told_so(traded: Store, open_page: Open) -> None:
    assert "It is not among the waiting orders" in open_page("orders", order="77").words


def test_clients_tell_who_cannot_buy_and_why(traded: Store, open_page: Open) -> None:
    rows = {row["client_number"]: row for row in open_page("clients").rows()}
    assert list(rows["K3"]["wrong"]) == ["✕ Segment"]
    assert sorted(rows["K2"]["wrong"]) == ["▲ No address", "▲ No user", "✕ Order list"]
    assert (list(rows["K1"]["wrong"]), rows["K1"]["users"], rows["K1"]["orders"]) == ([], 1, 3)


@pytest.mark.parametrize(
    ("query", "clients"),
    [
        ({"check": "client-without-user"}, ["K2"]),
        ({"show": "wrong"}, ["K2", "K3"]),
        ({"text": "gent"}, ["K2"]),
        ({"sort": "turnover"}, ["K1", "K2", "K3"]),
    ],
)
def test_clients_are_filtered_by_the_url(
    traded: Store, open_page: Open, query: dict[str, str], clients: list[str]
) -> None:
    assert [row["client_number"] for row in open_page("clients", **query).rows()] == clients


def test_a_client_opens_with_all_that_hangs_on_it(traded: Store, open_page: Open) -> None:
    screen = open_page("clients", client="K1")
    users, addresses = (table.value.to_dict("records") for table in screen.app.table[1:3])
    assert [row["E-mail"].replace("\\", "") for row in users] == ["jan@zon.be"]
    assert addresses[0]["Next delivery days"] == (TODAY + timedelta(days=3)).strftime("%a %d %b")
    assert {row["article"].rpartition("#")[2]: row["state"] for row in screen.rows(1)} == {
        "WEG": "✕ Unknown article",
        "A115": "● Same as list",
    }
    assert any("2026-1" in link and "waits" in link for link in screen.links)


def test_a_client_s_order_list_marks_what_the_shop_does_not_have(traded: Store, open_page: Open) -> None:
    rows = open_page("clients", client="K2").rows(1)
    assert (rows[0]["article"].rpartition("#")[2], rows[0]["state"]) == (
        "WEG",
        "✕ Unknown article",
    )


def test_of_a_client_that_the_shop_does_not_have_nobody_says_it_is_sound(
    traded: Store, open_page: Open
) -> None:
    words = open_page("clients", client="K404").words
    assert "The shop does not have it" in words
    assert "Nothing is wrong" not in words


def test_a_user_in_the_url_opens_its_client(traded: Store, open_page: Open) -> None:
    assert "#### Bistro Zon" in open_page("clients", user="jan@zon.be").words


def test_a_user_who_points_nowhere_is_listed(traded: Store, open_page: Open) -> None:
    screen = open_page("clients", user="weg@weg.be")
    assert [(row["email"], row["client_number"]) for row in screen.rows()] == [("weg@weg.be", "K9")]
    assert "#### weg@weg.be" in screen.words


def test_representatives_stand_with_their_clients(traded: Store, open_page: Open) -> None:
    screen = open_page("clients", view="representatives", representative="an@shop.be")
    assert [(row["email"], row["clients"], row["wrong"]) for row in screen.rows()] == [("an@shop.be", 2, 1)]
    assert "Also named for K8, which the shop does not have." in screen.words
    client = screen.click("client-of-K2")
    assert "#### Café Maan" in client.words
    assert dict(client.app.query_params) == {"source": "webshop", "client": "K2"}


@pytest.mark.parametrize(
    ("check", "row"),
    [
        ("price-missing", {"article_number": "A112", "fault": "No price"}),
        ("promo-invalid", {"article_number": "A113", "fault": "Not below list price", "promo_price": 9.0}),
        ("multiplier-invalid", {"article_number": "A110", "fault": "No unit", "multiplier_amount": 5.0}),
        ("package-mismatch", {"article_number": "A111", "fault": "No unit count"}),
        ("client-product-unknown-article", {"article_number": "WEG", "client": "Bistro Zon"}),
        ("client-product-unknown-client", {"article_number": "A112", "client_number": "K7"}),
        ("client-product-same-price", {"article_number": "A115", "client_number": "K1", "list_price": 4.95}),
    ],
)
def test_each_check_of_prices_names_the_guilty_field(
    traded: Store, open_page: Open, check: str, row: dict[str, Any]
) -> None:
    found = open_page("prices", check=check).rows()
    assert len(found) == 1
    assert {name: found[0][name] for name in row} == row


def test_texts_tell_the_languages_that_are_there_and_those_that_miss(traded: Store, open_page: Open) -> None:
    (row,) = open_page("prices", check="text-missing", text="A115").rows()
    assert (list(row["has"]), row["fault"]) == (["Dutch"], "No French")


def test_a_price_row_opens_with_what_clients_pay(traded: Store, open_page: Open) -> None:
    ident = traded.findings(check="client-product-same-price")["id"][0]
    screen = open_page("prices", check="client-product-same-price", open=ident)
    assert "3 clients have prices of their own: € 4.25 to € 4.95, half of them at most € 4.50" in screen.words
    assert "Against the list price of € 4.95: 2 below, 1 at it." in screen.words
    assert len(screen.app.get("vega_lite_chart")) == 1


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"table": "brands"}, ["✕ Weg", "Devos"]),
        ({"table": "brands", "show": "gone"}, ["✕ Weg"]),
        ({"table": "producers", "show": "unused"}, ["Devos NV"]),
        ({"table": "categories"}, ["Beleg", "\u2003Confituur"]),
        ({"table": "categories", "text": "beleg conf"}, ["Confituur"]),
        ({"table": "client_segments", "show": "unused"}, ["Zorg"]),
    ],
)
def test_lookup_tables_are_browsed_and_searched(
    traded: Store, open_page: Open, query: dict[str, str], names: list[str]
) -> None:
    assert [row["name"] for row in open_page("lookup_tables", **query).rows()] == names


def test_an_entry_opens_to_the_products_that_use_it(traded: Store, open_page: Open) -> None:
    screen = open_page("lookup_tables", table="brands", entry="77777")
    assert "Gone from the table" in screen.words
    assert [row["link"] for row in screen.rows(1)] == [
        f"product?source=webshop&article={article}#{article}" for article in ("A106", "A107")
    ]
    assert any("**2** Invalid reference" in link for link in screen.links)


def test_an_unknown_segment_opens_to_its_clients(traded: Store, open_page: Open) -> None:
    screen = open_page("lookup_tables", table="client_segments", entry="9")
    assert [row["name"] for row in screen.rows(1)] == ["Rusthuis Ster"]


def labels(screen: Any) -> dict[str, str]:
    return {button.key: button.label for button in screen.app.button}


class TestRepairs:
    """What is planned is exactly what was ticked."""

    def test_ticked_orders_are_marked_processed(
        self, traded: Store, open_page: Open, asked: list[Any]
    ) -> None:
        screen = open_page("orders").tick(0, 1, grid="orders-grid")
        assert labels(screen)["mark-order-unprocessed"] == "Mark 2 orders processed"
        assert "Cannot be undone: the shop has no way to make an order wait again." in screen.words
        assert "#### 2 orders ticked" in screen.words
        screen.click("mark-order-unprocessed")
        assert [(one.check, one.keys) for one in asked] == [("order-unprocessed", ["1", "2"])]

    def test_an_order_that_no_check_complains_of_is_left_alone(
        self, traded: Store, open_page: Open, asked: list[Any]
    ) -> None:
        screen = open_page("orders").tick(0, 3, grid="orders-grid")
        assert labels(screen)["mark-order-unprocessed"] == "Mark 1 order processed"
        assert "1 ticked order waits not too long and is not late, so left alone" in screen.words
        alone = open_page("orders").tick(3, grid="orders-grid")
        assert alone.app.button(key="mark-none").disabled
        assert "so left alone" in alone.words

    def test_late_and_old_orders_are_two_plans_where_no_check_has_both(self) -> None:
        rows = pl.DataFrame(
            {
                "id": ["1", "2", "3", "4"],
                "checks": [["order-unprocessed"], ["order-delivery-passed"], ["order-total-mismatch"], []],
            }
        )
        assert to_mark(rows) == ({"order-unprocessed": ["1"], "order-delivery-passed": ["2"]}, ["3", "4"])
        both = pl.DataFrame({"id": ["1", "2"], "checks": [list(OF_WAITING), ["order-delivery-passed"]]})
        assert to_mark(both) == ({"order-delivery-passed": ["1", "2"]}, [])

    def test_an_order_marked_processed_waits_no_more(self, traded: Store, open_page: Open) -> None:
        screen = open_page("orders").tick(0, 1, grid="orders-grid")
        for finding in traded.findings(key="1")["id"]:
            traded.set_finding(finding, "fixed", "fixed", "Marked processed.", "els")
        assert [row["id"] for row in screen.run().rows()] == ["2", "3", "4"]
        assert labels(screen)["mark-order-unprocessed"] == "Mark 1 order processed", "it left the selection"
        assert "It is not among the waiting orders" in open_page("orders", order="1").words

    @pytest.mark.parametrize(
        ("check", "keys", "label"),
        [
            ("client-product-same-price", ["A115|K1"], "Delete 1 client price"),
            ("client-product-unknown-client", ["A112|K7"], "Delete 1 client price"),
        ],
    )
    def test_ticked_client_prices_are_deleted(
        self,
        traded: Store,
        open_page: Open,
        asked: list[Any],
        check: str,
        keys: list[str],
        label: str,
    ) -> None:
        screen = open_page("prices", check=check).tick(0, grid=f"prices-grid-{check}")
        assert labels(screen)[f"fix-{check}"] == label
        assert ("Cannot be undone" in screen.words) == (check != "client-product-same-price")
        screen.click(f"fix-{check}")
        assert [(one.check, one.keys) for one in asked] == [(check, keys)]

    def test_what_has_to_be_chosen_is_asked_for_the_ticked_products(
        self, traded: Store, open_page: Open, asked: list[Any]
    ) -> None:
        screen = open_page("prices", check="price-missing").tick(0, grid="prices-grid-price-missing")
        screen.click("fix-price-missing")
        assert not asked
        assert [field.label for field in screen.app.number_input] == ["List price"]
        screen.app.number_input[0].set_value(4.5)
        screen.run().click("form-go")
        assert [(one.keys, one.each) for one in asked] == [(["A112"], {"A112": {"price": "4.5"}})]

    def test_what_points_nowhere_leaves_the_order_lists_of_ticked_clients(
        self, traded: Store, open_page: Open, asked: list[Any]
    ) -> None:
        key = "client-order-list-unknown-article-webshop"
        screen = open_page("clients", client="K2")
        assert labels(screen)[key] == "Take off 1 order list item"
        assert "Cannot be undone: the shop takes no article on a list that it does not have." in screen.words
        screen.click(key)
        assert [(one.check, one.keys) for one in asked] == [("order-list-unknown-article", ["K2|WEG"])]

        several = open_page("clients", sort="number").tick(0, 1, grid="clients-grid")
        assert "#### 2 clients ticked" in several.words
        assert labels(several)["clients-client-product-unknown-article-webshop"] == "Delete 1 client price"
        assert labels(several)["clients-order-list-unknown-article-webshop"] == "Take off 1 order list item"
