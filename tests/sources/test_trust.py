"""What was renamed, left out or retyped never looks like "no value": its columns are not to be judged."""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec
import pytest

from checks.sources.easyflor.columns import debtors
from checks.sources.easyflor.system import TRUST as OF_THE_ERP
from checks.sources.easyflor.wire import Debtor
from checks.sources.ib.paging import decode_articles
from checks.sources.ib.system import TRUST as OF_IB
from checks.sources.oresto import columns, wire
from checks.sources.oresto.trust import TRUST
from checks.sources.rows import decode_rows
from checks.sources.trust import keyed

PRODUCT: dict[str, Any] = {
    "WholesalerArticleNumber": "A1",
    "Active": True,
    "EanCode": "5400000000003",
    "Brand": {"Id": 1, "Name": "Noordzee"},
    "Suppliers": [{"Id": 4, "ArticleCode": "S-1"}],
    "Categories": [{"Id": 7}],
}


def judged(products: list[Any]) -> dict[str, str]:
    """Unusable columns of these own products, with the reason."""
    body = json.dumps({"Products": products}).encode()
    rows, shape = decode_rows(wire.payload(body), wire.AssortmentProduct)
    data, keyless = keyed("webshop", "products", columns.assortment("products", rows, shape), shape.empty)
    return TRUST.judge("products", data, shape, keyless, incremental=False)[1]


def products(**changed: Any) -> list[dict[str, Any]]:
    """Ten products, with these fields changed; None takes a field out."""
    fields = {name: value for name, value in {**PRODUCT, **changed}.items() if value is not None}
    return [{**fields, "WholesalerArticleNumber": f"A{number}"} for number in range(10)]


def test_what_is_there_may_be_judged() -> None:
    unusable = judged(products())
    assert not {"article_number", "active", "ean", "brand_id", "brand", "suppliers", "category_ids"} & set(
        unusable
    )


@pytest.mark.parametrize(
    ("changed", "column", "told"),
    [
        ({"EanCode": None}, "ean", "EanCode is in none"),
        ({"Brand": {"BrandId": 1, "Name": "Noordzee"}}, "brand_id", r"Brand\.Id is in none"),
        ({"Suppliers": [{"SupplierId": 4, "ArticleCode": "S-1"}]}, "suppliers", r"Suppliers\.Id is in none"),
        ({"Categories": [{"CategoryId": 7}]}, "category_ids", r"Categories\.Id is in none"),
        ({"Brand": {"Id": "one", "Name": "Noordzee"}}, "brand_id", "could not be read in 10 row"),
    ],
)
def test_what_is_gone_or_retyped_is_not_judged(changed: dict[str, Any], column: str, told: str) -> None:
    assert re.search(told, judged(products(**changed)).get(column, "it may be judged"))


def test_rows_without_a_key_make_the_whole_frame_unusable() -> None:
    half = [
        {**product, "WholesalerArticleNumber": None} if n % 2 else product
        for n, product in enumerate(products())
    ]
    unusable = judged(half)
    assert set(unusable.values()) == {"5 of 10 rows have no article_number."}
    assert "ean" in unusable


def test_a_null_row_counts_as_one_without_a_key() -> None:
    assert set(judged([None, *products()]).values()) == {"1 of 11 rows have no article_number."}


def test_a_field_that_only_some_rows_have_is_there() -> None:
    some = [*products(), *({**product, "TotalContent": 1.5} for product in products()[:1])]
    assert "total_content" not in judged(some)


DEBTOR: dict[str, Any] = {
    "Id": 1,
    "Code": "D1",
    "Contacts": [{"Users": [{"CanOrder": True}]}],
    "OrderDayNames": ["Monday"],
    "OrderDays": [{"Id": "1", "Name": "Monday", "Day": 1, "MaxDefaultOrderTime": "12:00:00"}],
}


def judged_debtors(**changed: Any) -> dict[str, str]:
    """Unusable columns of ten debtors with these fields changed; None takes a field out."""
    fields = {name: value for name, value in {**DEBTOR, **changed}.items() if value is not None}
    body = json.dumps([{**fields, "Id": number} for number in range(10)]).encode()
    rows, shape = decode_rows(msgspec.Raw(body), Debtor)
    data, keyless = keyed("erp", "debtors", debtors(rows, shape), shape.empty)
    return OF_THE_ERP.judge("debtors", data, shape, keyless, incremental=False)[1]


@pytest.mark.parametrize(
    ("changed", "column", "told"),
    [
        ({"Contacts": [{"Name": "x"}]}, "users", r"Contacts\.Users is in none"),
        ({"Contacts": None}, "users", "Contacts is in none"),
        ({"Contacts": None}, "contacts", "Contacts is in none"),
        ({"OrderDays": None}, "order_days", "OrderDays is in none"),
        ({"OrderDays": [{"Id": "1"}]}, "order_days", r"OrderDays\.Name is in none"),
    ],
)
def test_what_is_counted_of_a_field_that_is_gone_is_not_judged(
    changed: dict[str, Any], column: str, told: str
) -> None:
    assert not {"users", "contacts", "order_days"} & set(judged_debtors())
    assert re.search(told, judged_debtors(**changed).get(column, "it may be judged"))


def test_a_standing_that_is_made_of_nothing_is_not_judged() -> None:
    """The column has a word of its own for a code that nobody knows: that must not pass for a value."""
    body = json.dumps([{"id": f"a{number}", "description": "Tomaten"} for number in range(10)]).encode()
    data, shape = decode_articles("acme")(msgspec.Raw(body))
    drift, unusable = OF_IB.judge("catalogue", data, shape, None, incremental=False)
    assert ("availability", "gone") in {(one.field, one.kind) for one in drift}
    assert {"standing", "availability"} <= set(unusable)
