"""Collects clients, their addresses, users, representatives and prices (guide, chapters 8 and 9): each one list.

No paging and no filter is described for them: they are read whole, in one request.
"""

from __future__ import annotations

import polars as pl

from checks.errors import NotFound, RequestRejected, SourceError
from checks.sources.oresto import columns_trade as columns
from checks.sources.oresto import wire_trade
from checks.sources.oresto.collect_one_by_one import Asked, one_by_one
from checks.sources.oresto.collecting import Task
from checks.sources.oresto.whole import whole
from checks.sources.rows import Shape, decode_rows
from checks.sources.task import fitting

#: Frame -> its path.
PATHS = {
    "clients": "Clients",
    "client_locations": "ClientLocations",
    "users": "Users",
    "representatives": "Representatives",
    "client_prices": "ClientProducts",
}


def clients(task: Task) -> pl.DataFrame:
    return whole(task, PATHS[task.frame], {}, wire_trade.Client, columns.clients)


def users(task: Task) -> pl.DataFrame:
    return whole(task, PATHS[task.frame], {}, wire_trade.User, columns.users)


def representatives(task: Task) -> pl.DataFrame:
    return whole(task, PATHS[task.frame], {}, wire_trade.Representative, columns.representatives)


def client_prices(task: Task) -> pl.DataFrame:
    return whole(task, PATHS[task.frame], {}, wire_trade.ClientPrice, columns.client_prices)


def client_locations(task: Task) -> pl.DataFrame:
    """Those of all clients at once, where the server gives them so; else client by client.

    The guide says "depends on client" and no more: a server may insist on a ClientNumber, or give nothing without one.
    """
    try:
        found = whole(task, PATHS[task.frame], {}, wire_trade.ClientLocation, columns.client_locations)
    except SourceError as error:
        if not asks_for_a_client(error):
            raise
    else:
        if found.height or task.needs("clients").is_empty():
            return found
    task.messages.append("Read client by client: the server does not give all addresses at once.")
    return one_by_one(task, "clients", ("client_number",), _locations_of)


def asks_for_a_client(error: SourceError) -> bool:
    """Is this a refusal of the question for all clients, and not some trouble of the server's own?"""
    if isinstance(error, RequestRejected) and error.passing:
        return any("client" in reason.lower() for reason in error.reasons)
    return isinstance(error, RequestRejected | NotFound)


def _locations_of(task: Task, client: Asked) -> tuple[pl.DataFrame, Shape]:
    number = client["client_number"]
    return task.client.read(
        PATHS["client_locations"],
        {"ClientNumber": number},
        lambda raw: _of_client(number, *decode_rows(raw, wire_trade.ClientLocation)),
    )


def _of_client(
    number: str, rows: list[wire_trade.ClientLocation], shape: Shape
) -> tuple[pl.DataFrame, Shape]:
    """A row need not repeat the client it was asked for."""
    with fitting():
        found = columns.client_locations(rows, shape)
    return found.with_columns(pl.col("client_number").fill_null(number)), shape
