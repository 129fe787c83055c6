"""invalid-reference, missing-reference and category-not-leaf: do references lead somewhere?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from checks.rules import run_checks
from checks.rules.references import REFERENCES
from checks.settings import CheckSettings

Findings = Callable[..., list[dict[str, Any]]]
Make = Callable[..., Any]

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "field", "value"),
    [
        ({"brand_id": 77777, "brand": "Weg"}, "brand", "77777"),
        ({"category_ids": [11, 99]}, "category", "99"),
        ({"category_ids": [98, 99]}, "category", "98, 99"),
        ({"storage_condition_id": 9}, "storage_condition", "9"),
        ({"producer_id": 9, "producer": "Oud"}, "producer", "9"),
        ({"suppliers": [{"supplier_id": 9, "article_code": "S1"}]}, "supplier", "9"),
        ({"content_type": "ZAK"}, "content_type", "ZAK"),
        ({"unit_sales_price": "BAK"}, "unit_sales_price", "BAK"),
        ({"multiplier_type": "DOOS"}, "multiplier_type", "DOOS"),
    ],
)
def test_an_entry_that_is_not_there(
    findings: Findings, product: Make, changes: dict[str, Any], field: str, value: str
) -> None:
    (one,) = findings("invalid-reference", products=[product(**changes)])
    assert (one["key"], one["field"], one["value"], one["fix"]) == ("A1", field, value, "set-reference")
    assert value in one["message"]


def test_the_name_it_had_is_told(findings: Findings, product: Make) -> None:
    (one,) = findings("invalid-reference", products=[product(brand_id=77777, brand="Weg")])
    assert one["message"] == "Brand 77777 (Weg) is not in the lookup table."


def test_several_wrong_references_are_several_findings(findings: Findings, product: Make) -> None:
    wrong = product(brand_id=9, storage_condition_id=9, content_type="ZAK")
    fields = [one["field"] for one in findings("invalid-reference", products=[wrong])]
    assert fields == ["brand", "storage_condition", "content_type"]


@pytest.mark.parametrize("text", ["kg", "Kg", " KG "])
def test_abbreviations_are_compared_without_case_and_outer_spaces(
    findings: Findings, product: Make, text: str
) -> None:
    own = product(content_type=text, unit_sales_price=text, multiplier_type=text)
    assert findings("invalid-reference", products=[own]) == []


def test_nothing_is_not_invalid(findings: Findings, product: Make) -> None:
    nothing = dict.fromkeys(("brand_id", "category_ids", "storage_condition_id", "producer_id", "suppliers"))
    texts = dict.fromkeys(("content_type", "unit_sales_price", "multiplier_type"), "")
    several: list[dict[str, Any]] = [{}, {"category_ids": [], "suppliers": []}, {"category_ids": [None]}]
    for lists in several:
        assert findings("invalid-reference", products=[product(**nothing | texts | lists)]) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"brand_id": None}, "brand"),
        ({"category_ids": None}, "category"),
        ({"category_ids": []}, "category"),
        ({"category_ids": [None]}, "category"),
        ({"storage_condition_id": None}, "storage_condition"),
        ({"content_type": None}, "content_type"),
        ({"content_type": ""}, "content_type"),
        ({"unit_sales_price": " "}, "unit_sales_price"),
    ],
)
def test_a_required_reference_is_empty(
    findings: Findings, product: Make, changes: dict[str, Any], field: str
) -> None:
    (one,) = findings("missing-reference", products=[product(**changes)])
    assert (one["key"], one["field"], one["value"]) == ("A1", field, None)
    assert one["message"].endswith("is empty and required.")


def test_producer_supplier_and_multiplier_may_be_empty(findings: Findings, product: Make) -> None:
    own = product(producer_id=None, suppliers=None, multiplier_type=None)
    assert findings("missing-reference", products=[own]) == []


def test_the_required_ones() -> None:
    required = [reference.field for reference in REFERENCES if reference.required]
    assert required == ["brand", "category", "storage_condition", "content_type", "unit_sales_price"]


@pytest.mark.parametrize("table", sorted({reference.table for reference in REFERENCES}))
def test_an_empty_lookup_table_is_not_believed(shop: Make, table: str) -> None:
    judged = run_checks(shop(**{table: []}), CheckSettings(), NOW, only=["invalid-reference"])
    (result,) = judged.results
    assert result.status == "could_not_run"
    assert table in (result.message or "")
    assert judged.found.is_empty()


def test_category_with_subcategories(findings: Findings, product: Make) -> None:
    (one,) = findings("category-not-leaf", products=[product(category_ids=[11, 1])])
    assert (one["key"], one["field"], one["value"]) == ("A1", None, "1")
    assert one["message"] == "Category 1 (Vis) has 1 subcategories; products may only hang on an end node."


def test_end_nodes_unknown_categories_and_none_at_all(findings: Findings, product: Make) -> None:
    for categories in ([11], [99], [], [None], None):
        assert findings("category-not-leaf", products=[product(category_ids=categories)]) == []


def test_a_parent_that_is_not_in_the_table_itself(findings: Findings, product: Make) -> None:
    categories = [{"id": 11, "name": "Garnalen", "parent_id": 5}]
    (one,) = findings("category-not-leaf", products=[product(category_ids=[5])], categories=categories)
    assert "Category 5 (no name)" in one["message"]


def test_an_empty_category_table_is_not_believed(shop: Make) -> None:
    (result,) = run_checks(shop(categories=[]), CheckSettings(), NOW, only=["category-not-leaf"]).results
    assert result.status == "could_not_run"
