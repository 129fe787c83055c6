"""text-missing: which active own products have no name in a language the shop must have?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from checks.settings import CheckSettings

Findings = Callable[..., list[dict[str, Any]]]
Make = Callable[..., Any]

CHECK = "text-missing"
NLD, FRA = {"language": "nld", "name": "Garnalen"}, {"language": "fra", "name": "Crevettes"}


def missing(findings: Findings, product: Make, texts: Any, **options: Any) -> list[str]:
    found = findings(CHECK, products=[product(texts=texts)], **options)
    return [one["field"] for one in found]


def test_the_finding(findings: Findings, product: Make) -> None:
    (one,) = findings(CHECK, products=[product(texts=[NLD])])
    assert (one["key"], one["field"], one["value"]) == ("A1", "fra", None)
    assert (one["severity"], one["fix"]) == ("warning", "edit-product")
    assert one["message"] == "Grijze garnalen has no name in French (fra)."


@pytest.mark.parametrize("texts", [None, [], [None], [{"language": None, "name": "Garnalen"}]])
def test_no_texts_at_all(findings: Findings, product: Make, texts: Any) -> None:
    assert missing(findings, product, texts) == ["nld", "fra"]


@pytest.mark.parametrize("name", [None, "", "  \t"])
def test_an_empty_name_is_none(findings: Findings, product: Make, name: str | None) -> None:
    assert missing(findings, product, [NLD, FRA | {"name": name}]) == ["fra"]


def test_a_description_is_no_name(findings: Findings, product: Make) -> None:
    assert missing(findings, product, [NLD, {"language": "fra", "description": "Fraîches"}]) == ["fra"]


def test_one_good_text_is_enough_whatever_else_there_is(findings: Findings, product: Make) -> None:
    assert missing(findings, product, [NLD, FRA | {"name": ""}, None, FRA, FRA]) == []


@pytest.mark.parametrize("language", ["FRA", " fra", "Fra "])
def test_how_the_shop_writes_a_language(findings: Findings, product: Make, language: str) -> None:
    assert missing(findings, product, [NLD, FRA | {"language": language}]) == []


@pytest.mark.parametrize("language", ["fr", "fr-BE", "français", "fra1"])
def test_another_code_is_another_language(findings: Findings, product: Make, language: str) -> None:
    assert missing(findings, product, [NLD, FRA | {"language": language}]) == ["fra"]


@pytest.mark.parametrize(
    ("languages", "expected"),
    [([], []), (["nld"], []), (["deu", "nld", "eng"], ["deu", "eng"]), (["lux", "lux"], ["lux"])],
)
def test_the_settings_say_which_languages(
    findings: Findings, product: Make, languages: list[str], expected: list[str]
) -> None:
    settings = CheckSettings(languages=languages)
    assert missing(findings, product, [NLD, FRA], settings=settings) == expected


def test_a_language_without_a_name_of_ours(findings: Findings) -> None:
    (one,) = findings(CHECK, settings=CheckSettings(languages=["lux"]))
    assert one["message"] == "Grijze garnalen has no name in lux."


@pytest.mark.parametrize("active", [False, None])
def test_what_nobody_sees_needs_no_text(findings: Findings, product: Make, active: bool | None) -> None:
    assert findings(CHECK, products=[product(texts=None, active=active)]) == []


def test_no_products_are_fine(findings: Findings) -> None:
    assert findings(CHECK, products=[]) == []


def test_a_product_without_any_name(findings: Findings, product: Make) -> None:
    found = findings(CHECK, products=[product(name=None, texts=[])])
    assert found[0]["message"] == "This product has no name in Dutch (nld)."
