"""Odd answers of IB as columns: what cannot be read is told, and never looks like "no value"."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import polars as pl
import pytest

from checks.sources.ib.paging import Decoded, Gathered, decode_articles
from checks.sources.ib.prices import any_in_force, with_prices
from checks.sources.ib.system import TRUST
from checks.sources.rows import Shape
from checks.sources.trust import keyed

DAY = date(2026, 11, 20)
PIECE = {
    "unitLabel": "1 st",
    "eanCode": "5400000000003",
    "unitAmount": 1,
    "packageName": "st",
    "unitName": "st",
    "orderable": True,
}
BOX = {**PIECE, "unitLabel": "12 st", "eanCode": "15400000000000", "unitAmount": 12, "packageName": "doos"}
GROSS = {
    "price": 12.5,
    "priceUnitQuantity": 1,
    "priceUnitDescription": "st",
    "startDate": "2026-01-01",
    "endDate": None,
    "moq": None,
    "type": "gross",
    "label": "Brutoprijs",
    "companySpecific": False,
    "active": True,
}
ARTICLE: dict[str, Any] = {
    "id": "a1",
    "articleId": "T-7",
    "matchCode": None,
    "description": "Test panel",
    "availability": "85E",
    "modified": "2025-01-15",
    "units": [PIECE, BOX],
    "images": [],
    "prices": [GROSS],
}


def decoded(*articles: Any) -> Decoded:
    return decode_articles("acme")(msgspec.Raw(json.dumps(articles).encode()))


def one(**changed: Any) -> dict[str, Any]:
    data, _ = decoded({**ARTICLE, **changed})
    return with_prices(data, DAY).row(0, named=True)


def unusable(articles: list[Any]) -> dict[str, str]:
    data, shape = decoded(*articles)
    once, keyless = keyed("ib", "catalogue", data, shape.empty)
    return TRUST.judge("catalogue", once, shape, keyless, incremental=False)[1]


def ten(**changed: Any) -> list[dict[str, Any]]:
    fields = {name: value for name, value in {**ARTICLE, **changed}.items() if value != "gone"}
    return [{**fields, "id": f"a{number}"} for number in range(10)]


@pytest.mark.parametrize(
    ("code", "standing"),
    [
        ("85E", "current"),
        ("91E", "phasing_out"),
        ("92E", "discontinued"),
        ("1X", "unknown"),
        (" 85E ", "current"),
        ("", "unknown"),
        (None, None),
    ],
)
def test_availability(code: str | None, standing: str | None) -> None:
    assert one(availability=code)["standing"] == standing


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2025-01-15", datetime(2025, 1, 14, 23, tzinfo=UTC)),
        ("2025-07-15T10:00:00", datetime(2025, 7, 15, 8, tzinfo=UTC)),
        ("2025-07-15T10:00:00+00:00", datetime(2025, 7, 15, 10, tzinfo=UTC)),
        ("2025-07-15T10:00:00Z", datetime(2025, 7, 15, 10, tzinfo=UTC)),
    ],
)
def test_moments_with_and_without_zone(text: str, moment: datetime) -> None:
    assert one(modified=text)["modified"] == moment


@pytest.mark.parametrize(
    ("maker", "brand"),
    [({"name": "Duinhof"}, "Duinhof"), ({"id": 3}, None), (None, None), ("Duinhof", "Duinhof"), (7, None)],
)
def test_a_manufacturer_may_be_anything(maker: Any, brand: str | None) -> None:
    assert one(manufacturer=maker)["brand"] == brand


@pytest.mark.parametrize(
    ("units", "ean"),
    [
        ([PIECE, BOX], "5400000000003"),
        ([BOX, PIECE], "5400000000003"),
        ([{**PIECE, "orderable": False}, BOX], "5400000000003"),
        ([{**PIECE, "eanCode": " "}, BOX], "15400000000000"),
        ([], None),
        (None, None),
    ],
)
def test_the_ean_is_that_of_the_smallest_unit(units: Any, ean: str | None) -> None:
    assert one(units=units)["ean"] == ean


@pytest.mark.parametrize(
    ("changed", "gross"),
    [
        ({}, 12.5),
        ({"priceUnitQuantity": 5}, 2.5),
        ({"priceUnitQuantity": None}, None),
        ({"priceUnitDescription": "doos"}, None),
        ({"companySpecific": True}, None),
        ({"endDate": "2026-11-19"}, None),
        ({"endDate": "2026-11-20"}, 12.5),
        ({"startDate": "2026-11-21"}, None),
        ({"active": False}, 12.5),  # its dates decide
        ({"active": False, "startDate": None}, None),
        ({"type": "x1", "label": "Bruto prijs"}, 12.5),
        ({"type": "nett", "label": "Netto"}, None),
    ],
)
def test_the_gross_price_of_a_piece_today(changed: dict[str, Any], gross: float | None) -> None:
    assert one(prices=[{**GROSS, **changed}])["gross_price"] == gross


def test_the_price_for_the_smallest_quantity_counts() -> None:
    more = {**GROSS, "price": 10, "moq": 100}
    advised = {**GROSS, "price": 20, "type": "advies", "label": "Adviesprijs bruto"}
    found = one(prices=[more, GROSS, advised])
    assert (found["gross_price"], found["recommended_price"]) == (12.5, 20)


def test_no_price_is_none_in_force() -> None:
    data, _ = decoded({**ARTICLE, "prices": None}, ARTICLE)
    assert data.select(any_in_force(DAY)).to_series().to_list() == [False, True]


@pytest.mark.parametrize(
    ("changed", "column", "told"),
    [
        ({"matchCode": "gone"}, "match_code", "matchCode is in none"),
        ({"availability": "gone"}, "standing", "availability is in none"),
        ({"availability": "gone"}, "availability", "availability is in none"),
        ({"units": [{"ean": "5400000000003"}]}, "ean", "units.eanCode is in none"),
        ({"units": [{"ean": "5400000000003"}]}, "units", "is in none"),
        ({"images": "none"}, "images", "images could not be read in 10 row"),
        ({"modified": "yesterday"}, "modified", "'yesterday' is not a moment"),
        ({"prices": [{**GROSS, "endDate": "soon"}]}, "prices", "'soon' is not a date"),
    ],
)
def test_what_is_gone_or_unreadable_is_not_judged(changed: dict[str, Any], column: str, told: str) -> None:
    assert told in unusable(ten(**changed)).get(column, "it may be judged")


def test_a_sound_page_may_be_judged_and_a_row_without_id_may_not() -> None:
    assert not {"ean", "units", "prices", "standing", "match_code"} & set(unusable(ten()))
    assert "9 of 10" not in str(unusable(ten()))
    assert "1 of 11 rows" in next(iter(unusable([*ten(), {**ARTICLE, "id": None}]).values()))


@pytest.mark.parametrize("body", [b"null", b"{}", b'"items"', b"[1]"])
def test_what_is_no_list_of_articles_is_unreadable(body: bytes) -> None:
    with pytest.raises((ValueError, msgspec.DecodeError)):
        decode_articles("acme")(msgspec.Raw(body))


def test_frames_are_laid_together_in_their_order() -> None:
    gathered = Gathered(pl.DataFrame(schema={"n": pl.Int64}))
    for number in range(3_000):
        gathered.add(pl.DataFrame({"n": [number]}))
    assert sum(len(level) for level in gathered._levels) < 100
    assert gathered.all()["n"].to_list() == list(range(3_000))


def test_a_page_without_rows_has_the_frames_columns() -> None:
    data, shape = decoded()
    assert data.is_empty()
    assert shape == Shape()
