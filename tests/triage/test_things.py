"""What a row is about: products, EANs, clients and orders, wherever it names them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from checks.triage import things
from checks.triage.things import THINGS

MakeRows = Callable[..., pl.DataFrame]


@pytest.mark.parametrize(
    ("row", "found"),
    [
        # the query of the URL
        ({"url": "/api/LinkProducts?EanCode=5410000000002&WholesalerArticleNumber=VV%2012"}, {("ean", "5410000000002"), ("product", "VV 12")}),
        ({"url": "/api/ClientLocations/7?clientnumber=K1"}, {("client", "K1")}),
        ({"url": "/api/Products?ArticleNumberX=1&Name=x"}, set()),
        # the body, however deep
        ({"body": '{"WholesalerArticleNumber": "A1", "BrandId": 3}'}, {("product", "A1")}),
        ({"body": '{"Client":{"ClientNumber":" K1 "},"OrderNumbers":[1,"SO-2"]}'}, {("client", "K1"), ("order", "1"), ("order", "SO-2")}),
        ({"body": '[{"EanCode":"5410000000002"},{"EanCode":"5410000000002"},{"EanCode":null}]'}, {("ean", "5410000000002")}),
        ({"body": r'{"WholesalerArticleNumber":"A\u00e9\"1\\2"}'}, {("product", 'Aé"1\\2')}),
        ({"body": '{"WholesalerArticleNumber":"A1","Name":"…'}, {("product", "A1")}),  # cut off
        ({"body": '{"ClientNumber":"***","OrderNumber":""}'}, set()),
        ({"body": "no JSON at all"}, set()),
        # what was said
        ("Product with WholesalerArticleNumber VV12 already exists.", {("product", "VV12")}),
        ("L'article 'MELK VOL' n'existe pas.", {("product", "MELK VOL")}),
        ("Het artikel VV12 bestaat niet.", {("product", "VV12")}),
        ("Order 123 of client K12 does not exist.", {("order", "123"), ("client", "K12")}),
        ("Klant met nummer 12 is onbekend.", {("client", "12")}),
        ("No central product has EAN 5410000000002.", {("ean", "5410000000002")}),
        ("No central product has EAN 5410000000003.", set()),  # its check digit is wrong: any number
        ("Client is unknown. Order is gone.", set()),
        ("Brand with id 4 does not exist.", set()),
        ({"model_errors": [{"field": "x", "message": "Client with number K5 does not exist."}]}, {("client", "K5")}),
        ({"errors": ["Order 7 is gone.", "Order 8 is gone."]}, {("order", "7"), ("order", "8")}),
    ],
)  # fmt: skip
def test_what_is_named(make_rows: MakeRows, row: str | dict[str, Any], found: set[tuple[str, str]]) -> None:
    told = things(make_rows(row))
    assert set(told.select("kind", "key").iter_rows()) == found
    assert told.height == len(found)


def test_each_row_has_its_own(make_rows: MakeRows) -> None:
    told = things(make_rows("Order 7 is gone.", "Nothing.", "Order 8 is gone."))
    assert told.rows() == [("r0", "order", "7"), ("r2", "order", "8")]


def test_a_long_list_is_about_the_list(make_rows: MakeRows) -> None:
    body = '{"OrderNumbers":[' + ",".join(map(str, range(1_000))) + "]}"
    assert things(make_rows({"body": body})).height == 200


def test_no_rows(make_rows: MakeRows) -> None:
    told = things(make_rows("x").clear())
    assert told.schema == THINGS
    assert told.is_empty()
