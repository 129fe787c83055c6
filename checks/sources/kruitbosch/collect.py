"""Collects the catalogue and its groups. There is no paging and no date of change: each run reads all (section 3).

Which products come depends on the flags that are sent: the one that settings can change is among the system's marks, so
that no two runs with others are compared as if they were the same population.
"""

from __future__ import annotations

import msgspec
import polars as pl

from checks.errors import CredentialsRefused, NotFound
from checks.settings_sources import KruitboschSource
from checks.sources.kruitbosch import columns
from checks.sources.kruitbosch.client import KruitboschClient, ProductsQuery
from checks.sources.kruitbosch.wire import MAY_BE_ABSENT, Group, Product, StockAndPrice
from checks.sources.rows import Shape, decode_rows
from checks.sources.task import Task, fitting

#: To be raised when a collector reads the same answer differently.
READER_VERSION = "1"


def query_of(source: KruitboschSource) -> ProductsQuery:
    """What a run asks: blocked ones too, and inactive ones unless the settings say otherwise."""
    return ProductsQuery(
        exclude_blocked=False,
        include_additional_images=True,
        include_in_active=source.include_inactive,
    )


def catalogue(task: Task[KruitboschClient]) -> pl.DataFrame:
    """The frame `catalogue`: products, with stocks and prices where this login may see them."""
    client, query = task.client, query_of(task.client.source)

    def decode(raw: msgspec.Raw) -> tuple[pl.DataFrame, Shape]:
        rows, shape = decode_rows(raw, Product)
        if shape.sampled:
            shape.seen.update(MAY_BE_ABSENT)
        with fitting():
            return columns.catalogue(rows, shape, client.source.image_url), shape

    products, shape = client.products(query, decode)
    task.shape.add(shape)
    task.show(products.height)
    codes = products["article_key"].drop_nulls()  # rows without a code are told of where frames are keyed
    twice = len(codes) - codes.n_unique()
    if twice:
        task.messages.append(f"{twice:,} products came more than once; the last sight of each counts.")
    known = _stocks(task)
    return products if known is None else columns.with_stocks(products, known)


def _stocks(task: Task[KruitboschClient]) -> pl.DataFrame | None:
    """What StocksAndPrices tells; None, and said so, where this login's roles do not let it ask (section 2)."""

    def decode(raw: msgspec.Raw) -> tuple[pl.DataFrame, Shape]:
        rows, shape = decode_rows(raw, StockAndPrice)
        with fitting():
            return columns.stocks(rows, shape), shape

    try:
        found, shape = task.client.stocks_and_prices(decode)
    except (CredentialsRefused, NotFound) as error:
        if isinstance(error, CredentialsRefused) and error.status == 401:
            raise
        reason = f"This login may not read stocks and prices ({error.happened.rstrip('.')})."
        task.messages.append(reason)
        task.unusable.update(dict.fromkeys(columns.OF_STOCKS, reason))
        return None
    for name, example in shape.examples.items():
        task.messages.append(f"StocksAndPrices: {name} could not be read in some rows, first: {example}.")
    return found


def groups(task: Task[KruitboschClient]) -> pl.DataFrame:
    """The frame `catalogue_groups`."""

    def decode(raw: msgspec.Raw) -> tuple[pl.DataFrame, Shape]:
        rows, shape = decode_rows(raw, Group)
        with fitting():
            return columns.groups(rows), shape

    found, shape = task.client.groups(decode)
    task.shape.empty += shape.empty
    return found
