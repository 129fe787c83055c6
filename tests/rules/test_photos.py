"""missing-photo: which active own products have no picture?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Findings = Callable[..., list[dict[str, Any]]]
Make = Callable[..., Any]


def test_no_photo(findings: Findings) -> None:
    (one,) = findings("missing-photo", photos=[])
    assert (one["key"], one["severity"], one["fix"]) == ("A1", "warning", "upload-photo")
    assert one["message"] == "Grijze garnalen is active and has no photo."


def test_a_photo_of_another_article_does_not_help(findings: Findings) -> None:
    assert len(findings("missing-photo", photos=[{"photo_id": 1, "article_number": "a1"}])) == 1


def test_one_photo_is_enough_and_two_do_no_harm(findings: Findings) -> None:
    assert findings("missing-photo") == []
    assert findings("missing-photo", photos=[{"photo_id": n, "article_number": "A1"} for n in (1, 2)]) == []


@pytest.mark.parametrize("active", [False, None])
def test_what_nobody_sees_needs_no_photo(findings: Findings, product: Make, active: bool | None) -> None:
    assert findings("missing-photo", products=[product(active=active)], photos=[]) == []


def test_a_product_without_a_name(findings: Findings, product: Make) -> None:
    (one,) = findings("missing-photo", products=[product(name=None)], photos=[])
    assert one["message"] == "This product is active and has no photo."
