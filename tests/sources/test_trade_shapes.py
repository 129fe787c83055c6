"""Orders, clients, people and prices as they may come over the wire: what is missing, null or of another type."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import msgspec
import polars as pl
import pytest

from checks.frames import FRAMES, Drift
from checks.sources.oresto import columns_trade, wire
from checks.sources.oresto.trust import KINDS, TRUST
from checks.sources.rows import Shape, decode_rows
from checks.sources.trust import keyed

Rows = list[dict[str, Any] | None]

TO_FRAME: dict[str, Callable[[list[Any], Shape], pl.DataFrame]] = {
    "orders": lambda rows, shape: columns_trade.orders("orders", rows, shape),
    "clients": columns_trade.clients,
    "client_locations": columns_trade.client_locations,
    "users": columns_trade.users,
    "representatives": columns_trade.representatives,
    "client_prices": columns_trade.client_prices,
}

LINE = {
    "WholesalerArticleNumber": "A1",
    "UnitSalesPriceAbbreviation": "KG",
    "Quantity": 2.0,
    "Price": 9.95,
    "TotalPrice": 19.9,
}
ONE: dict[str, dict[str, Any]] = {
    "orders": {
        "OrderNumber": 1001,
        "FullOrderNumber": "WEB-1001",
        "Client": {"ClientNumber": "C1", "Name": "De Zwaan"},
        "OrderDate": "2026-01-05T10:00:00+01:00",
        "OrderDateUtc": "2026-01-05T09:00:00Z",
        "DeliveryDate": "2026-01-07T00:00:00",
        "PickupDate": None,
        "IsPickupOrder": False,
        "ProcessedDate": None,
        "ProcessedDateUtc": None,
        "Remark": "Bel aan de achterdeur",
        "FreeSample": [],
        "DeliveryAddress": {"StreetName": "Kaai"},
        "PickupAddress": None,
        "Products": [LINE],
    },
    "clients": {
        "ClientNumber": "C1",
        "Name": "De Zwaan",
        "Email": "a@b.example",
        "Active": True,
        "HasPromos": True,
        "MayViewPromoLabels": True,
        "OrdersMayBeDeliveredToClient": True,
        "PhoneNumber": "059 00 00 00",
        "Remarks": "Betaalt laat",
        "Segment": {"Id": 3, "Name": "Horeca"},
        "Representative": {"Email": "r@b.example", "Lastname": "Peeters"},
        "Location": {"PostalCode": "8400", "Municipality": "Oostende", "CountryCode": "BE"},
    },
    "client_locations": {
        "Id": 5001,
        "ClientNumber": "C1",
        "PostalCode": "8400",
        "Municipality": "Oostende",
        "CountryCode": "BE",
        "StreetName": "Kaai",
        "StreetNumber": "1",
        "Remark": "Achterdeur",
    },
    "users": {
        "Email": "u@b.example",
        "Client": {"ClientNumber": "C1"},
        "Active": True,
        "LanguageCode": "nld",
        "Firstname": "An",
        "Lastname": "Peeters",
        "Telephone": "0470",
        "Fax": None,
        "MayViewPrices": None,
    },
    "representatives": {
        "Email": "r@b.example",
        "Active": True,
        "Clients": [{"ClientNumber": "C1"}, {"ClientNumber": "C2"}],
        "Image": "QEA=",
        "Lastname": "Peeters",
    },
    "client_prices": {
        "WholesalerArticleNumber": "A1",
        "ClientNumber": "C1",
        "EanCode": "5400000000003",
        "SalesPriceList": 9.5,
        "SalesPriceListPromo": None,
        "IsExlusive": False,
    },
}
FRAMES_READ = sorted(ONE)


def read(frame: str, rows: Rows) -> tuple[pl.DataFrame, tuple[Drift, ...], dict[str, str]]:
    """The frame of these rows, what drifted, and what may not be judged."""
    body = json.dumps({"Result": rows, "Errors": []}).encode()
    found, shape = decode_rows(wire.payload(body), KINDS[frame])
    data, keyless = keyed("webshop", frame, TO_FRAME[frame](found, shape), shape.empty)
    return data, *TRUST.judge(frame, data, shape, keyless, incremental=False)


def ten(frame: str, **changed: Any) -> Rows:
    """Ten rows with these fields changed."""
    keys: dict[str, Callable[[int], dict[str, Any]]] = {
        "orders": lambda n: {"OrderNumber": n},
        "clients": lambda n: {"ClientNumber": f"C{n}"},
        "client_locations": lambda n: {"Id": n},
        "users": lambda n: {"Email": f"{n}@b.example"},
        "representatives": lambda n: {"Email": f"{n}@b.example"},
        "client_prices": lambda n: {"WholesalerArticleNumber": f"A{n}"},
    }
    return [{**ONE[frame], **keys[frame](number), **changed} for number in range(1, 11)]


def without(rows: Rows, field: str) -> Rows:
    return [{name: value for name, value in (row or {}).items() if name != field} for row in rows]


@pytest.mark.parametrize("frame", FRAMES_READ)
def test_a_documented_row_is_read_whole_and_is_no_drift(frame: str) -> None:
    data, drift, unusable = read(frame, ten(frame))
    assert data.schema == FRAMES[frame].schema
    assert data.height == 10
    assert drift == ()
    assert unusable == {}


def test_personal_data_that_no_check_needs_is_not_in_any_frame() -> None:
    kept = "\n".join(read(frame, ten(frame))[0].write_json() for frame in FRAMES_READ)
    for secret in ("Peeters", "059 00", "0470", "Betaalt laat", "Bel aan", "Achterdeur", "Kaai", "QEA="):
        assert secret not in kept


@pytest.mark.parametrize("frame", FRAMES_READ)
def test_a_null_list_is_not_an_empty_one(frame: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        decode_rows(wire.payload(b'{"Result": null, "Errors": []}'), KINDS[frame])


@pytest.mark.parametrize("frame", FRAMES_READ)
def test_a_row_of_nulls_has_no_key_and_spoils_the_frame(frame: str) -> None:
    data, _, unusable = read(frame, [*ten(frame), dict.fromkeys(ONE[frame])])
    assert data.height == 10
    assert set(unusable) == set(FRAMES[frame].columns)


@pytest.mark.parametrize(
    ("frame", "field", "spoilt"),
    [
        ("clients", "Active", {"active"}),
        ("clients", "Segment", {"segment_id", "segment"}),
        ("clients", "Location", {"postal_code", "municipality", "country_code"}),
        ("users", "Client", {"client_number"}),
        ("representatives", "Clients", {"client_numbers"}),
        ("client_locations", "ClientNumber", {"client_number"}),
        ("client_prices", "SalesPriceList", {"sales_price"}),
        ("client_prices", "IsExlusive", {"exclusive"}),
        ("orders", "Client", {"client_number", "client_name"}),
        ("orders", "Products", {"lines", "total", "order_lines"}),
        ("orders", "OrderDateUtc", set()),  # the Belgian twin is left
    ],
)
def test_a_field_that_is_gone_is_not_judged(frame: str, field: str, spoilt: set[str]) -> None:
    data, _, unusable = read(frame, without(ten(frame), field))
    assert data.height == 10
    assert set(unusable) == spoilt


@pytest.mark.parametrize(
    ("frame", "changed", "spoilt"),
    [
        ("clients", {"Segment": {"Id": "three", "Name": "Horeca"}}, {"segment_id", "segment"}),
        ("client_locations", {"ClientNumber": 4711}, {"client_number"}),
        ("users", {"Client": {"ClientNumber": 4711}}, {"client_number"}),
        ("orders", {"Client": {"ClientNumber": 4711, "Name": "De Zwaan"}}, {"client_number", "client_name"}),
        ("orders", {"Products": [{**LINE, "Quantity": "two"}]}, {"lines", "total", "order_lines"}),
        ("orders", {"DeliveryDate": "soon"}, {"delivery_date"}),
    ],
)
def test_a_field_of_another_type_is_not_judged(frame: str, changed: dict[str, Any], spoilt: set[str]) -> None:
    data, drift, unusable = read(frame, ten(frame, **changed))
    assert data.height == 10
    assert {one.kind for one in drift} == {"retyped"}
    assert set(unusable) == spoilt


def test_clients_whose_numbers_are_whole_numbers_are_not_judged_at_all() -> None:
    data, drift, unusable = read("clients", ten("clients", ClientNumber=4711))
    assert data.is_empty()
    assert [(one.field, one.kind) for one in drift] == [("ClientNumber", "retyped")]
    assert set(unusable.values()) == {"10 of 10 rows have no client_number."}


@pytest.mark.parametrize("quantity", ["Quantity", "Price", "TotalPrice", "WholesalerArticleNumber"])
def test_a_part_of_every_line_that_is_gone_spoils_the_lines(quantity: str) -> None:
    line = {name: value for name, value in LINE.items() if name != quantity}
    _, _, unusable = read("orders", ten("orders", Products=[line]))
    assert "order_lines" in unusable


def test_nulls_inside_are_values_that_are_not_there() -> None:
    data, _, unusable = read(
        "orders", [*ten("orders"), {**ONE["orders"], "Client": None, "Products": [dict.fromkeys(LINE)]}]
    )
    order = data.row(by_predicate=pl.col("order_number") == 1001, named=True)
    assert (order["client_number"], order["lines"], order["total"]) == (None, 1, None)
    assert order["order_lines"] == [dict.fromkeys(("article_number", "unit", "quantity", "price", "total"))]
    assert unusable == {}


def test_an_unknown_field_is_told_once() -> None:
    _, drift, _ = read("users", ten("users", Password="secret"))
    assert [(one.field, one.kind) for one in drift] == [("Password", "new")]
    assert "secret" not in drift[0].detail


@pytest.mark.parametrize(
    ("frame", "rows"), [("clients", 2_500), ("client_prices", 50_000), ("orders", 4_000)]
)
def test_a_wholesalers_list_is_read_in_no_time(frame: str, rows: int) -> None:
    keys = {"clients": "ClientNumber", "client_prices": "WholesalerArticleNumber"}
    more = {"Products": [LINE] * 5} if frame == "orders" else {}
    body = json.dumps(
        [
            {**ONE[frame], **more, keys.get(frame, "OrderNumber"): str(n) if frame in keys else n}
            for n in range(rows)
        ]
    ).encode()
    started = time.process_time()
    found, shape = decode_rows(wire.payload(body), KINDS[frame])
    data, _ = keyed("webshop", frame, TO_FRAME[frame](found, shape))
    assert data.height == rows
    assert time.process_time() - started < 2  # a tenth of a second; a busy machine is no defect
