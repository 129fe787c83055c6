"""order-list-unknown-article: which order lists promise what the shop does not have?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Findings = Callable[..., list[dict[str, Any]]]
Make = Callable[..., Any]

CHECK = "order-list-unknown-article"


def item(article: str, client: str = "C1") -> dict[str, Any]:
    return {"client_number": client, "article_number": article}


def test_an_article_that_is_nowhere(findings: Findings) -> None:
    (one,) = findings(CHECK, order_lists=[item("A1"), item("VV9")])
    assert (one["entity"], one["key"], one["value"]) == ("order-list-item", "C1|VV9", "VV9")
    assert (one["severity"], one["fix"]) == ("error", "delete-order-list-item")
    assert one["message"] == "Article VV9 is neither an own nor a linked product."


def test_each_list_is_told(findings: Findings) -> None:
    found = findings(CHECK, order_lists=[item("VV9", "C1"), item("VV9", "C2")])
    assert [one["key"] for one in found] == ["C1|VV9", "C2|VV9"]


def test_own_linked_and_inactive_products_are_known(findings: Findings, product: Make) -> None:
    linked = [product(article_number="L1", active=False)]
    assert findings(CHECK, order_lists=[item("A1"), item("L1")], linked_products=linked) == []


def test_spaces_around_a_number_do_not_count_and_case_does(findings: Findings) -> None:
    found = findings(CHECK, order_lists=[item("A1 "), item("a1"), item("A 1")])
    assert [one["value"] for one in found] == ["a1", "A 1"]


def test_no_lists_no_faults(findings: Findings) -> None:
    assert findings(CHECK, order_lists=[]) == []
