"""Bodies and replies in XML and form fields."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest

Body = dict[str, Any]
Sentences = Callable[[httpx.Response], list[str]]
NAMESPACE = "http://schemas.datacontract.org/2004/07/Oresto.API.Models.POST.Products"


def as_xml(body: Body, names: list[str], inner: str = "") -> str:
    rows = "".join(
        f"<{name}>{str(body[name]).lower() if isinstance(body[name], bool) else body[name]}</{name}>"
        for name in names
    )
    return f'<Product xmlns="{NAMESPACE}">{rows}{inner}</Product>'


@pytest.fixture
def post_xml(api: httpx.Client) -> Callable[[str], httpx.Response]:
    return lambda text: api.post("Products", content=text, headers={"content-type": "application/xml"})


def test_alphabetical_xml_makes_a_product(
    api: httpx.Client, good_body: Body, post_xml: Callable[[str], httpx.Response]
) -> None:
    assert post_xml(as_xml(good_body, sorted(good_body))).status_code == 200
    assert (
        api.get(
            "Products/GetByWholesalerArticleNumber", params={"WholesalerArticleNumber": "NEW1"}
        ).status_code
        == 200
    )


def test_xml_out_of_order_is_dropped(
    good_body: Body, post_xml: Callable[[str], httpx.Response], sentences: Sentences
) -> None:
    answer = post_xml(as_xml(good_body, sorted(good_body, reverse=True)))
    assert answer.status_code == 400
    assert sentences(answer) == ["Request body cannot be null"]


def test_order_counts_inside_lists_too(
    good_body: Body, post_xml: Callable[[str], httpx.Response], sentences: Sentences
) -> None:
    names = [name for name in sorted(good_body) if name < "Localizations"]
    text = "<Localizations><Product.Localization><Name>Kaas</Name><LanguageCode>nld</LanguageCode></Product.Localization></Localizations>"
    assert sentences(post_xml(as_xml(good_body, names, text))) == ["Request body cannot be null"]


def test_xml_lists_and_escapes_are_read(
    api: httpx.Client, good_body: Body, post_xml: Callable[[str], httpx.Response]
) -> None:
    before = [name for name in sorted(good_body) if name < "Localizations"]
    after = [name for name in sorted(good_body) if name > "Localizations"]
    text = "<Localizations><a><LanguageCode>nld</LanguageCode><Name>Kaas &amp; ham</Name></a></Localizations>"
    rest = as_xml(good_body, after).split(">", 1)[1].removesuffix("</Product>")
    assert post_xml(as_xml(good_body, before, text + rest)).status_code == 200
    shown = api.get(
        "Products/GetByWholesalerArticleNumber", params={"WholesalerArticleNumber": "NEW1"}
    ).json()["Product"]
    assert [text["Name"] for text in shown["Localizations"]] == ["Kaas & ham"]


def test_an_entity_bomb_is_dropped(post_xml: Callable[[str], httpx.Response], sentences: Sentences) -> None:
    bomb = '<!DOCTYPE a [<!ENTITY b "boom">]><Product><Active>&b;</Active></Product>'
    assert sentences(post_xml(bomb)) == ["Request body cannot be null"]


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '"text"'])
def test_a_body_that_is_no_object_is_dropped(api: httpx.Client, sentences: Sentences, body: str) -> None:
    answer = api.post("Products", content=body, headers={"content-type": "application/json"})
    assert sentences(answer) == ["Request body cannot be null"]


def test_another_media_type_gets_415(api: httpx.Client) -> None:
    assert api.post("Products", content="a", headers={"content-type": "text/csv"}).status_code == 415


def test_form_fields_make_a_product(api: httpx.Client, good_body: Body) -> None:
    fields = {**good_body, "Active": "true", "OnOrder": "false", "Localizations[0].LanguageCode": "fra"}
    fields |= {"Localizations[0].Name": "Fromage", "Supplier.Id": "41", "Supplier.ArticleCode": "X1"}
    assert api.post("Products", data=fields).status_code == 200
    shown = api.get(
        "Products/GetByWholesalerArticleNumber", params={"WholesalerArticleNumber": "NEW1"}
    ).json()["Product"]
    assert (shown["Localizations"][0]["Name"], shown["Suppliers"][0]["ArticleCode"]) == ("Fromage", "X1")


def test_replies_come_as_xml_when_asked_for(reader: httpx.Client) -> None:
    answer = reader.get("Brands", headers={"accept": "application/xml"})
    root = ElementTree.fromstring(answer.content)
    names = [child.tag.rpartition("}")[2] for child in root]
    assert answer.headers["content-type"].startswith("application/xml")
    assert names == ["Brands", "Errors", "RequestInformation"]
    assert len(root[0]) == len(reader.get("Brands").json()["Brands"])
