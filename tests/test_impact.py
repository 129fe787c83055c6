"""What findings touch: orders, turnover and clients behind them, and the order that follows from it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from checks.findings import KEPT
from checks.frames import FRAMES
from checks.impact import by_impact, client_impact, impact, with_impact

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)


def orders(*rows: tuple[int, str, float, list[tuple[str, float]]], name: str = "orders") -> pl.DataFrame:
    """Number, client, age in days, lines of article and total."""
    data: list[dict[str, Any]] = [
        {
            "order_number": number,
            "client_number": client,
            "ordered_at": NOW - timedelta(days=age),
            "total": sum(total for _, total in lines),
            "order_lines": [
                {"article_number": article, "unit": "ST", "quantity": 1.0, "price": total, "total": total}
                for article, total in lines
            ],
        }
        for number, client, age, lines in rows
    ]
    return pl.DataFrame(data, schema_overrides=FRAMES[name].columns).select(
        pl.col(column) if data and column in data[0] else pl.lit(None, dtype).alias(column)
        for column, dtype in FRAMES[name].columns.items()
    )


def prices(*rows: tuple[str, str]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["article_number", "client_number"], orient="row")


def finding(check: str, entity: str, key: str, severity: str = "warning") -> dict[str, Any]:
    return {"id": f"{check}{key}", "check": check, "severity": severity, "entity": entity, "key": key}


def kept(*rows: dict[str, Any]) -> pl.DataFrame:
    empty = pl.DataFrame(schema=KEPT)
    return pl.concat([empty, pl.DataFrame(list(rows)).with_columns(source=pl.lit("webshop"))], how="diagonal")


class Frames:
    """Snapshots of one run."""

    def __init__(self, **frames: pl.DataFrame) -> None:
        self.frames = frames

    def frame(self, source: str, name: str) -> pl.DataFrame | None:
        return self.frames.get(name)


def test_a_products_orders_turnover_and_clients() -> None:
    waiting = orders((1, "C1", 1, [("A", 10.0), ("A", 5.0), ("B", 2.0)]))
    done = orders((2, "C2", 3, [("A", 1.5)]), name="processed_orders")

    found = impact(waiting, done, prices(("A", "C1"), ("A", "C2"), ("C", "C1")), NOW)

    assert found.rows() == [("A", 2, 16.5, 2), ("B", 1, 2.0, 0), ("C", 0, 0.0, 1)]


def test_orders_older_than_the_days_do_not_count() -> None:
    done = orders((1, "C1", 29.9, [("A", 1.0)]), (2, "C1", 30.1, [("A", 100.0)]), name="processed_orders")
    assert impact(None, done, None, NOW).rows() == [("A", 1, 1.0, 0)]


def test_an_order_in_both_lists_counts_once() -> None:
    waiting, done = orders((1, "C1", 1, [("A", 4.0)])), orders((1, "C1", 1, [("A", 4.0)]))
    assert impact(waiting, done, None, NOW).rows() == [("A", 1, 4.0, 0)]
    assert client_impact(waiting, done, NOW).rows() == [("C1", 1, 4.0)]


def test_lines_without_article_or_total_do_no_harm() -> None:
    odd = orders((1, "C1", 1, [("A", 4.0)])).with_columns(
        order_lines=pl.Series(
            [[{"article_number": None, "total": 9.0}, {"article_number": "A", "total": None}]],
            dtype=FRAMES["orders"].columns["order_lines"],
        )
    )
    assert impact(odd, None, None, NOW).rows() == [("A", 1, None, 0)]
    assert impact(None, None, None, NOW).is_empty()


def without_totals(found: pl.DataFrame) -> pl.DataFrame:
    """The same orders, of which no line has a total any more."""
    lines = pl.element().struct.with_fields(total=pl.lit(None, pl.Float64))
    return found.with_columns(pl.col("order_lines").list.eval(lines), total=pl.lit(None, pl.Float64))


def test_turnover_is_not_nothing_where_no_line_has_a_total() -> None:
    odd = without_totals(orders((1, "C1", 1, [("A", 4.0), ("B", 1.0)])))
    sound = orders((2, "C2", 1, [("B", 2.0)]), name="processed_orders")
    assert impact(odd, sound, prices(("C", "C1")), NOW).rows() == [
        ("B", 2, 2.0, 0),
        ("C", 0, 0.0, 1),
        ("A", 1, None, 0),
    ]
    assert client_impact(odd, sound, NOW).rows() == [("C2", 1, 2.0), ("C1", 1, None)]


def test_findings_without_known_turnover_stand_last_and_say_so() -> None:
    store = Frames(orders=without_totals(orders((7, "C1", 1, [("A", 10.0)]))))
    found = kept(
        finding("missing-photo", "product", "A"),
        finding("missing-photo", "product", "Z"),
        finding("client-without-user", "client", "C1"),
        finding("order-unprocessed", "order", "7"),
    )
    weighed = with_impact(found, store, NOW)
    assert weighed.select("orders", "turnover").rows() == [(1, None), (0, 0.0), (1, None), (1, None)]
    assert weighed.sort(by_impact())["key"][0] == "Z"


def test_findings_get_what_their_entity_touches() -> None:
    store = Frames(
        orders=orders((7, "C1", 1, [("A", 10.0)])),
        processed_orders=orders((8, "C2", 2, [("A", 5.0), ("B", 1.0)]), name="processed_orders"),
        client_prices=prices(("A", "C9")),
        users=pl.DataFrame({"email": ["x@y.example"], "client_number": ["C2"]}),
    )
    found = kept(
        finding("missing-photo", "product", "A"),
        finding("missing-photo", "product", "Z"),
        finding("client-product-same-price", "client-product", "A|C1"),
        finding("order-list-unknown-article", "order-list-item", "C1|B"),
        finding("client-without-user", "client", "C1"),
        finding("user-unknown-client", "user", "x@y.example"),
        finding("order-unprocessed", "order", "7"),
        finding("schema-drift", "frame", "products"),
    )

    weighed = with_impact(found, store, NOW)

    assert weighed["key"].to_list() == found["key"].to_list()
    assert weighed.select("orders", "turnover", "clients").rows() == [
        (2, 15.0, 1),
        (0, 0.0, 0),
        (2, 15.0, 1),
        (1, 1.0, 0),
        (1, 10.0, None),
        (1, 6.0, None),
        (1, 10.0, None),
        (None, None, None),
    ]


def test_without_orders_it_is_not_known_what_a_product_touches() -> None:
    weighed = with_impact(kept(finding("missing-photo", "product", "A")), Frames(), NOW)
    assert weighed.select("orders", "turnover", "clients").row(0) == (None, None, None)


def test_no_findings_have_the_columns_too() -> None:
    assert {"orders", "turnover", "clients"} <= set(
        with_impact(pl.DataFrame(schema=KEPT), Frames(), NOW).columns
    )


def test_the_best_seller_stands_above_what_nobody_orders_and_errors_above_all() -> None:
    store = Frames(orders=orders((1, "C1", 1, [("BEST", 900.0), ("SOME", 3.0)])))
    found = kept(
        finding("missing-photo", "product", "NONE"),
        finding("missing-photo", "product", "SOME"),
        finding("missing-photo", "product", "BEST"),
        finding("invalid-ean", "product", "ZZZ", "error"),
    )
    assert with_impact(found, store, NOW).sort(by_impact())["key"].to_list() == [
        "ZZZ",
        "BEST",
        "SOME",
        "NONE",
    ]
