"""The frames around the products of the measured shop: clients and their people, prices, order lists, orders."""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl

from checks.frames import FRAMES

_NOWHERE = "NOWHERE"
_LINES = 5  # an order
_LISTED = 20  # articles on a client's order list
_N = pl.col("n")


def make_trade(products: int, now: datetime, faults: bool) -> dict[str, pl.DataFrame]:
    """Frames for a shop with so many own products: at a million 200,000 client prices, 4,000 orders, 2,000 clients.

    Where there are to be faults, each kind is in one row of twenty to forty: 8 % of the client prices have one.
    """
    clients, orders = max(40, products // 500), max(40, products // 250)
    made = {
        **_people(clients, faults),
        "client_prices": _prices(max(40, products // 5), products, clients, faults),
        "order_lists": _order_lists(clients, products, faults),
        "orders": _orders(orders, products, clients, now, faults),
        **_of_the_run(faults),
    }
    return {name: shaped(name, data) for name, data in made.items()}


def shaped(name: str, data: pl.DataFrame) -> pl.DataFrame:
    """The frame `name` with its full schema, null where `data` has no such column."""
    schema = FRAMES[name].schema
    return data.select(
        (pl.col(column) if column in data.columns else pl.lit(None)).cast(dtype).alias(column)
        for column, dtype in schema.items()
    )


def _rows(count: int) -> pl.DataFrame:
    return pl.select(n=pl.int_range(count))


def _one_in(rate: int, place: int, faults: bool) -> pl.Expr:
    return (_N % rate == place) & faults


def _people(count: int, faults: bool) -> dict[str, pl.DataFrame]:
    client = pl.format("C{}", _N)
    rows = _rows(count)
    unknown = pl.when(_one_in(20, 1, faults)).then(pl.lit(_NOWHERE)).otherwise(client)
    return {
        "clients": rows.select(
            client_number=client,
            active=_N % 20 != 19,
            segment_id=pl.when(_one_in(20, 3, faults)).then(99).otherwise(_N % 5 + 1),
        ),
        "client_locations": rows.filter(~_one_in(20, 5, faults)).select(location_id=_N, client_number=client),
        "users": rows.select(email=pl.format("u{}@klant.example", _N), client_number=unknown, active=True),
    }


def _prices(count: int, products: int, clients: int, faults: bool) -> pl.DataFrame:
    article = pl.format("A{}", _N * 7 % products)
    listed = list_price(_N * 7 % products)
    return _rows(count).select(
        article_number=pl.when(_one_in(40, 1, faults)).then(pl.format("NOWHERE{}", _N)).otherwise(article),
        client_number=pl.when(_one_in(40, 3, faults))
        .then(pl.lit(_NOWHERE))
        .otherwise(pl.format("C{}", _N // 3 % clients)),
        sales_price=pl.when(_one_in(40, 5, faults)).then(listed).otherwise(listed * 0.9),
        exclusive=False,
    )


def list_price(n: pl.Expr) -> pl.Expr:
    """The list price of own product `n`, in euro."""
    return (n % 5_000 + 100) / 100


def _order_lists(clients: int, products: int, faults: bool) -> pl.DataFrame:
    article = pl.format("A{}", _N * 13 % products)
    return _rows(clients * _LISTED).select(
        client_number=pl.format("C{}", _N // _LISTED),
        article_number=pl.when(_one_in(30, 7, faults)).then(pl.format("NOWHERE{}", _N)).otherwise(article),
    )


def _orders(count: int, products: int, clients: int, now: datetime, faults: bool) -> pl.DataFrame:
    def line(place: int) -> pl.Expr:
        number = (_N * _LINES + place) * 11 % products
        quantity, price = (_N % 4 + 1).cast(pl.Float64), list_price(number)
        first = place == 0
        return pl.struct(
            article_number=pl.when(_one_in(20, 1, faults and first))
            .then(pl.lit(_NOWHERE))
            .otherwise(pl.format("A{}", number)),
            unit=pl.lit("KG"),
            quantity=quantity,
            price=price,
            total=quantity * price + pl.when(_one_in(20, 3, faults and first)).then(1.5).otherwise(0.0),
        )

    age = _N * 37 % 100  # hours: a quarter of them is fresh
    day = (now + timedelta(days=3)).date()
    return _rows(count).select(
        order_number=_N,
        client_number=pl.when(_one_in(20, 5, faults))
        .then(pl.lit(_NOWHERE))
        .otherwise(pl.format("C{}", _N % clients)),
        ordered_at=pl.lit(now) - pl.duration(hours=age),
        delivery_date=pl.when(_one_in(20, 7, faults)).then(day - timedelta(days=9)).otherwise(day),
        is_pickup=False,
        lines=pl.lit(_LINES),
        total=pl.lit(99.5),
        order_lines=pl.concat_list(line(place) for place in range(_LINES)),
    )


def _of_the_run(faults: bool) -> dict[str, pl.DataFrame]:
    names = list(FRAMES)
    collection = pl.DataFrame({"frame": names, "title": names, "status": "ok", "rows": 100})
    expected = pl.when((pl.col("frame") == "photos") & faults).then(103).otherwise(100)
    drift = {"frame": ["photos"], "title": ["photos"], "field": ["Colour"], "kind": ["new"]}
    return {
        "collection": collection.with_columns(expected=expected),
        "field_drift": pl.DataFrame(drift).head(1 if faults else 0),
    }
