"""Runs: the list of health checks, and what changed between two of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from checks.store import Store

NOW = datetime.now(UTC)

Open = Callable[..., Any]
Shop = Callable[[], dict[str, pl.DataFrame]]


def test_before_the_first_run_it_offers_one(store: Store, open_page: Open) -> None:
    assert "There was no health check yet." in open_page("runs").words


def test_one_run_has_nothing_to_be_compared_with(check_shop: Callable[..., str], open_page: Open) -> None:
    check_shop()
    assert "something to compare after the second health check" in open_page("runs").words


def test_how_many_there_were_and_how_the_last_one_went(partial: Store, open_page: Open) -> None:
    words = open_page("runs").words
    assert "**2 health checks**" in words
    assert "the last one was **partial**" in words


def test_the_last_two_are_compared_unless_others_are_named(
    check_shop: Callable[..., str], shop: Shop, open_page: Open
) -> None:
    products, orders = shop()["products"], shop()["orders"].clear()  # orders grow late with time alone
    check_shop(orders=orders, at=NOW - timedelta(days=2))
    cheaper = products.with_columns(
        sales_price=pl.when(pl.col("article_number") == "A115").then(1.0).otherwise("sales_price")
    ).filter(pl.col("article_number") != "A104")
    check_shop(products=cheaper, orders=orders, at=NOW - timedelta(days=1))

    screen = open_page("runs")

    assert "**0 findings** appeared, **1** went" in screen.words
    changes = [
        row for table in screen.app.dataframe for row in table.value.to_dict("records") if "before" in row
    ]
    assert {(row["kind"], row["key"]) for row in changes} == {("~ changed", "A115"), ("- gone", "A104")}


def test_the_url_names_the_two(check_shop: Callable[..., str], shop: Shop, open_page: Open) -> None:
    orders = shop()["orders"].clear()
    runs = [
        check_shop(orders=orders, at=NOW - timedelta(days=3)),
        check_shop(orders=orders, at=NOW - timedelta(days=2), photos=shop()["photos"].head(10)),
        check_shop(orders=orders, at=NOW - timedelta(days=1)),
    ]
    words = open_page("runs", before=runs[0], after=runs[2]).words
    assert "**0 findings** appeared, **0** went" in words
    assert "no data changed" in words


def test_a_frame_that_was_not_collected_is_not_everything_gone(partial: Store, open_page: Open) -> None:
    words = open_page("runs").words
    assert "Product photos" in words
    assert "row of data changed in 1 frame" not in words
