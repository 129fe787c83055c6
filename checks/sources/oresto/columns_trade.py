"""Orders, clients and their people, prices: rows of the wire as columns of the frames. See `columns`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl
import pyarrow

from checks.sources.oresto.columns import Sources, date, frame_of, moment, structs
from checks.sources.oresto.wire_trade import (
    Client,
    ClientLocation,
    ClientPrice,
    Numbered,
    Order,
    OrderClient,
    OrderLine,
    Representative,
    User,
)
from checks.sources.rows import Shape

_OF_ORDER: Sources = {
    "order_number": ("OrderNumber",),
    "full_order_number": ("FullOrderNumber",),
    "client_number": ("Client.ClientNumber",),
    "client_name": ("Client.Name",),
    "ordered_at": ("OrderDateUtc", "OrderDate"),
    "delivery_date": ("DeliveryDate",),
    "pickup_date": ("PickupDate",),
    "is_pickup": ("IsPickupOrder",),
    "processed_at": ("ProcessedDateUtc", "ProcessedDate"),
    "lines": ("Products",),
    "total": ("Products.TotalPrice",),
    "order_lines": (
        "Products.WholesalerArticleNumber",
        "Products.Quantity",
        "Products.Price",
        "Products.TotalPrice",
    ),
}

#: Frame -> its columns -> the wire fields each is made of, as `columns.SOURCES_OF`.
SOURCES_OF: dict[str, Sources] = {
    "orders": _OF_ORDER,
    "processed_orders": _OF_ORDER,
    "clients": {
        "client_number": ("ClientNumber",),
        "name": ("Name",),
        "active": ("Active",),
        "segment_id": ("Segment.Id",),
        "segment": ("Segment.Name",),
        "representative": ("Representative.Email",),
        "has_promos": ("HasPromos",),
        "postal_code": ("Location.PostalCode",),
        "municipality": ("Location.Municipality",),
        "country_code": ("Location.CountryCode",),
    },
    "client_locations": {
        "location_id": ("Id",),
        "client_number": ("ClientNumber",),
        "postal_code": ("PostalCode",),
        "municipality": ("Municipality",),
        "country_code": ("CountryCode",),
    },
    "users": {
        "email": ("Email",),
        "client_number": ("Client.ClientNumber",),
        "active": ("Active",),
        "language": ("LanguageCode",),
    },
    "representatives": {
        "email": ("Email",),
        "active": ("Active",),
        "client_numbers": ("Clients.ClientNumber",),
    },
    "client_prices": {
        "article_number": ("WholesalerArticleNumber",),
        "client_number": ("ClientNumber",),
        "ean": ("EanCode",),
        "sales_price": ("SalesPriceList",),
        "promo_price": ("SalesPriceListPromo",),
        "exclusive": ("IsExlusive",),
    },
}


def orders(frame: str, rows: Sequence[Order], shape: Shape) -> pl.DataFrame:
    """`orders` or `processed_orders`, from GET Clients/GetClientOrders (guide 10).

    Delivery and pickup dates carry no zone. An order without a list of lines has neither a number of lines
    nor a total.
    """
    columns = {
        "order_number": [row.order_number for row in rows],
        "full_order_number": [row.full_order_number for row in rows],
        "client_number": _numbers(row.client for row in rows),
        "client_name": [row.client.name if row.client else None for row in rows],
        "ordered_at": moment(rows, "order_date", shape),
        "delivery_date": date(rows, "delivery_date", shape),
        "pickup_date": date(rows, "pickup_date", shape),
        "is_pickup": [row.is_pickup_order for row in rows],
        "processed_at": moment(rows, "processed_date", shape),
        "lines": [None if row.products is None else len(row.products) for row in rows],
        "total": [_total(row.products) for row in rows],
        "order_lines": structs(
            [row.products or () for row in rows],
            {
                "article_number": lambda line: line.wholesaler_article_number,
                "unit": lambda line: line.unit_sales_price_abbreviation,
                "quantity": lambda line: line.quantity,
                "price": lambda line: line.price,
                "total": lambda line: line.total_price,
            },
            pyarrow.string(),
            pyarrow.string(),
            pyarrow.float64(),
        ),
    }
    return frame_of(frame, columns)


def clients(rows: Sequence[Client], shape: Shape) -> pl.DataFrame:
    """`clients`, from GET Clients (guide 8.2)."""
    columns = {
        "client_number": [row.client_number for row in rows],
        "name": [row.name for row in rows],
        "active": [row.active for row in rows],
        "segment_id": [row.segment.id if row.segment else None for row in rows],
        "segment": [row.segment.name if row.segment else None for row in rows],
        "representative": [row.representative.email if row.representative else None for row in rows],
        "has_promos": [row.has_promos for row in rows],
        "postal_code": [row.location.postal_code if row.location else None for row in rows],
        "municipality": [row.location.municipality if row.location else None for row in rows],
        "country_code": [row.location.country_code if row.location else None for row in rows],
    }
    return frame_of("clients", columns)


def client_locations(rows: Sequence[ClientLocation], shape: Shape) -> pl.DataFrame:
    """`client_locations`, from GET ClientLocations (guide 8.3)."""
    columns = {
        "location_id": [row.id for row in rows],
        "client_number": [row.client_number for row in rows],
        "postal_code": [row.postal_code for row in rows],
        "municipality": [row.municipality for row in rows],
        "country_code": [row.country_code for row in rows],
    }
    return frame_of("client_locations", columns)


def users(rows: Sequence[User], shape: Shape) -> pl.DataFrame:
    """`users`, from GET Users (guide 8.12)."""
    columns = {
        "email": [row.email for row in rows],
        "client_number": _numbers(row.client for row in rows),
        "active": [row.active for row in rows],
        "language": [row.language_code for row in rows],
    }
    return frame_of("users", columns)


def representatives(rows: Sequence[Representative], shape: Shape) -> pl.DataFrame:
    """`representatives` with the numbers of their clients, from GET Representatives."""
    columns = {
        "email": [row.email for row in rows],
        "active": [row.active for row in rows],
        "client_numbers": [
            [number for number in _numbers(row.clients or ()) if number is not None] for row in rows
        ],
    }
    return frame_of("representatives", columns)


def client_prices(rows: Sequence[ClientPrice], shape: Shape) -> pl.DataFrame:
    """`client_prices`, from GET ClientProducts (guide 9)."""
    columns = {
        "article_number": [row.wholesaler_article_number for row in rows],
        "client_number": [row.client_number for row in rows],
        "ean": [row.ean_code for row in rows],
        "sales_price": [row.sales_price_list for row in rows],
        "promo_price": [row.sales_price_list_promo for row in rows],
        "exclusive": [row.is_exlusive for row in rows],
    }
    return frame_of("client_prices", columns)


def _numbers(clients: Iterable[Numbered | OrderClient | None]) -> list[str | None]:
    return [client.client_number if client else None for client in clients]


def _total(lines: Sequence[OrderLine] | None) -> float | None:
    """The sum of the lines' totals; None where there are lines and none has one."""
    if lines is None:
        return None
    given = [line.total_price for line in lines if line.total_price is not None]
    return round(sum(given), 2) if given or not lines else None
