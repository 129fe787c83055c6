"""Wordings of validation errors: each of the collected ones is recognised, with whatever values."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.triage.templates import TEMPLATES, recognised

#: Which placeholder of the file is the field, where it is not the first.
_FIELD = {"ModelState_AttemptedValueIsInvalid": "{1}", "EnumValidator": "{PropertyName}"}
_NO_FIELD = (
    "ModelState_NonPropertyAttemptedValueIsInvalid",
    "HtmlGeneration_ValueIsInvalid",
    "FailedToReadRequestForm",
)

fields = st.sampled_from(
    ["EanCode", "Ean Code", "Prices[3].Net", "Address2", "Numéro d'article", "Prijs (netto)"]
)
values = st.one_of(
    st.sampled_from(
        ["'", "l'été", "d'Arc'", "12", "8,71E+12", "a, b", "{0}", "The x field is required.", "“x”", ""]
    ),
    st.text(st.characters(exclude_categories=("C", "Z")), max_size=30),
)


def known(text: str) -> tuple[str | None, str | None]:
    """Rule and field of a text."""
    found = recognised(pl.Series([text], dtype=pl.String))
    return found.select("rule", "named").row(0) if found.height else (None, None)


@pytest.fixture(scope="module")
def wordings(shared_data: Path) -> list[dict[str, str]]:
    with (shared_data / "validation_message_templates.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@given(data=st.data())
def test_every_wording_of_the_file_is_recognised(wordings: list[dict[str, str]], data: st.DataObject) -> None:
    wording = data.draw(st.sampled_from(wordings))
    rule, text = wording["rule"], wording["template"]
    first = "{PropertyName}" if "{PropertyName}" in text else "{0}"
    place = None if rule in _NO_FIELD else _FIELD.get(rule, first)
    field = data.draw(fields)
    said = re.sub(r"\{\w+\}", lambda one: field if one[0] == place else data.draw(values), text)
    expected = field if place is not None and place in text else None
    assert known(said.strip()) == (rule, expected)


def test_the_table_holds_no_wording_more_than_once() -> None:
    assert len({one.text for one in TEMPLATES}) == len(TEMPLATES)


@pytest.mark.parametrize(
    ("text", "rule", "field"),
    [
        ("Brand with id 4711 does not exist.", "unknown-reference", "Brand"),
        ("Merk met id 4711 bestaat niet.", "unknown-reference", "Merk"),
        ("La marque avec l'id 4711 n'existe pas.", "unknown-reference", "La marque"),
        ("Client with number K12 does not exist.", "unknown-reference", "Client"),
        ("Product with WholesalerArticleNumber A'B already exists.", "duplicate-article", None),
        ("The field EanCode must be a valid EAN code.", "invalid-ean", "EanCode"),
        ("Request body cannot be null", "ModelBinding_MissingRequestBodyRequiredMember", None),
        ("The field Price must be between 1 and 5.", "RangeAttribute", "Price"),
        ("The field Price must be between 1 exclusive and 5.", "RangeAttribute_MinExclusive", "Price"),
        ("'Price' doit être entre 1 et 5 (exclusif). Vous avez saisi 7.", "ExclusiveBetweenValidator", "Price"),
        ("'Naam' doit être d’une longueur de 3 caractères. 4 caractères ont été saisis.", "ExactLengthValidator", "Naam"),
        ("The  Name\nfield is required. ", "RequiredAttribute", "Name"),
    ],
)  # fmt: skip
def test_wordings_of_the_shop_and_close_neighbours(text: str, rule: str, field: str | None) -> None:
    assert known(text) == (rule, field)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The brand is gone.",
        "Product 12 with id 5 does not exist.",
        "12 is not valid.",
        "field is required",
    ],
)
def test_what_is_no_wording_of_a_rule(text: str) -> None:
    assert known(text) == (None, None)


def test_nothing_asked() -> None:
    assert recognised(pl.Series([], dtype=pl.String)).is_empty()
