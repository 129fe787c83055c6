"""Addresses for mails and files: what goes in comes out at the other end, and the pages link to the same places."""

from __future__ import annotations

from pathlib import PurePosixPath
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.addresses import entity_address, finding_address, page_address
from dashboard.parts.links import entity_page

BASE = "https://keurmeester.example.be/shop"
ENTITIES = ("product", "client", "user", "order", "client-product", "order-list-item", "frame")


def test_pages_and_findings() -> None:
    assert page_address(BASE, "overview") == f"{BASE}/"
    assert page_address(BASE, "findings", check="missing-photo") == f"{BASE}/findings?check=missing-photo"
    assert page_address(BASE + "/", "runs", before="R1", after=None) == f"{BASE}/runs?before=R1"
    assert page_address(BASE, "findings", status=["new", "fixed"]).endswith("?status=new&status=fixed")
    assert finding_address(BASE, "ab12") == f"{BASE}/findings?finding=ab12"


def test_two_part_keys_lead_to_one_of_them() -> None:
    assert entity_address(BASE, "client-product", "s", "A|1|C7") == f"{BASE}/product?source=s&article=A%7C1"
    assert entity_address(BASE, "order-list-item", "s", "C7|A|1") == f"{BASE}/clients?source=s&client=C7"
    assert entity_address(BASE, "weather", "s", "rain") is None


@given(st.text(st.characters(codec="utf-8"), min_size=1))
def test_any_article_number_survives(key: str) -> None:
    address = urlsplit(entity_address(BASE, "product", "webshop", key) or "")
    assert address.fragment == ""
    assert address.path == "/shop/product"
    assert parse_qs(address.query) == {"source": ["webshop"], "article": [key]}


@pytest.mark.parametrize("entity", ENTITIES)
@pytest.mark.parametrize("key", ["A #1/2&3?", "A|C", "jan@café.example", "|", "x"])
def test_the_pages_link_to_the_same_place(entity: str, key: str) -> None:
    page, params = entity_page(entity, "webshop", key) or ("", {})
    name = PurePosixPath(page).stem
    assert entity_address(BASE, entity, "webshop", key) == page_address(BASE, name, **params)
