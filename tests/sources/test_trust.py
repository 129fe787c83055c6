"""What was renamed, left out or retyped never looks like "no value": its columns are not to be judged."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from checks.sources.oresto import columns, wire
from checks.sources.oresto.trust import keyed, trust

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
    rows, shape = wire.decode_rows(wire.payload(body), wire.AssortmentProduct)
    data, keyless = keyed("webshop", "products", columns.assortment("products", rows, shape), shape.empty)
    return trust("products", data, shape, keyless, incremental=False)[1]


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
