"""What a person chose for a product, as fields of the PUT Products body.

A reference is set where it is wrong, and only there: a choice for all products of a plan leaves a brand that is fine as
it is. Everything else is set where it was given. `none` takes away what need not be there. Since PUT replaces the whole
product, all that is wrong with one has to be put right at once: every option is taken by both fixes that use PUT.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from checks.fixes.inputs import NONE
from checks.fixes.references import References
from checks.gtin import diagnose
from checks.sources.oresto.bodies import Body

#: Option -> field of the body, its lookup table, and whether a product may go without it.
REFERENCES: dict[str, tuple[str, str, bool]] = {
    "brand": ("BrandId", "brands", False),
    "category": ("CategoryId", "categories", False),
    "storage_condition": ("StorageConditionId", "storage_conditions", False),
    "content_type": ("ContentType", "content_types", False),
    "unit_sales_price": ("UnitSalesPrice", "unit_sales_prices", False),
    "producer": ("ProducerId", "producers", True),
    "supplier": ("Supplier", "suppliers", True),
    "multiplier_type": ("MultiplierAbbreviation", "multiplier_types", True),
}
NAME = "name_"
OTHERS = ("ean", NAME, "multiplier_amount", "units")
OPTIONS = (*REFERENCES, *OTHERS)

#: For `ean`: what the diagnosis of the code says, also where that is only probable.
DIAGNOSED = "diagnosed"

_LONGEST_NAME = 250


class Unfit(ValueError):
    """A choice that cannot be taken, as a sentence."""


@dataclass(frozen=True)
class Chosen:
    """`fields` of the body (None takes one away), and what ids among them mean, by field."""

    fields: Body
    words: Mapping[str, str]


def chosen(
    options: Mapping[str, str], own: Mapping[str, Any], body: Body, wrong: set[str], references: References
) -> Chosen:
    """The fields to set.

    Args:
        own: the product as GET shows it; `body`: what PUT would leave it as.
        wrong: the references that are wrong, by option: those of the findings and those the shop would refuse.

    Raises Unfit for a value that cannot be.
    """
    fields: Body = {}
    words: dict[str, str] = {}
    for name, value in options.items():
        given = value.strip()
        if name in REFERENCES:
            if name in wrong:
                field, _, _ = REFERENCES[name]
                fields[field] = _reference(name, given, body, references)
                if (label := references.name(REFERENCES[name][1], given)) is not None:
                    words[field] = f"{label} ({given})"
        elif name.startswith(NAME):
            fields["Localizations"] = _with_name(
                fields.get("Localizations") or body.get("Localizations") or [], name.removeprefix(NAME), given
            )
        else:
            fields.update(_other(name, given, own))
    return Chosen(fields, words)


def _reference(name: str, given: str, body: Body, references: References) -> Any:
    field, table, optional = REFERENCES[name]
    if given == NONE:
        if not optional:
            raise Unfit(f"A product must have a {_spoken(name)}: choose one.")
        return None
    key = _key(table, given, references)
    if key is None:
        raise Unfit(f"{_spoken(name).capitalize()} {given} is not in the lookup table: choose one that is.")
    if table == "categories" and key in references.parents:
        raise Unfit(
            f"Category {given} has subcategories, and only an end node may hold products: choose one below it."
        )
    if field == "Supplier":
        supplier = body.get("Supplier") or {}
        if not supplier.get("ArticleCode"):
            raise Unfit(
                "A supplier needs the article code it has there, and the product has none: take it away (none)."
            )
        return {"Id": key, "ArticleCode": supplier["ArticleCode"]}
    return key


def _key(table: str, given: str, references: References) -> int | str | None:
    """The entry's own key: a number, or an abbreviation as the table writes it."""
    for key in (int(given) if given.isascii() and given.isdigit() else given, given):
        if references.knows(table, key):
            return key
    folded = {str(key).strip().lower(): key for key in references.keys[table]}
    return folded.get(given.lower())


def _with_name(texts: list[Body], language: str, name: str) -> list[Body]:
    if len(language) != 3:
        raise Unfit(f"{language!r} is no language: three letters, as in {NAME}fra.")
    if not name or len(name) > _LONGEST_NAME:
        raise Unfit(f"A name has 1 to {_LONGEST_NAME} characters; this one has {len(name)}.")
    there = any(text.get("LanguageCode") == language for text in texts)
    changed = [{**text, "Name": name} if text.get("LanguageCode") == language else text for text in texts]
    return changed if there else [*changed, {"LanguageCode": language, "Name": name}]


def _other(name: str, given: str, own: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    if name == "ean":
        yield "EanCode", _ean(given, own)
    elif name == "multiplier_amount":
        yield "MultiplierAmount", None if given == NONE else amount(given, "A multiplier amount")
    elif name == "units":
        units = amount(given, "A number of units")
        if units != int(units) or units <= 1:
            raise Unfit(f"A carton holds a whole number of units above 1, not {given}.")
        yield "AmountOfUnitProduct", int(units)


def _ean(given: str, own: Mapping[str, Any]) -> str | None:
    if given == NONE:
        return None
    if given == DIAGNOSED:
        found = diagnose(str(own.get("EanCode") or ""))
        if found.gtin is None:
            raise Unfit(f"{found.text} Which code it must have been cannot be told: give it (option ean).")
        return found.gtin
    found = diagnose(given)
    if found.reason != "valid":
        raise Unfit(f"{found.text} Give a valid one.")
    return given


def amount(given: str, what: str) -> float:
    """A number above nought as people write it, with a point or a comma. Raises Unfit."""
    try:
        number = float(given.replace(" ", "").replace(",", "."))
    except ValueError:
        raise Unfit(f"{what} is a number, not {given!r}.") from None
    if not 0 < number < 1e14:
        raise Unfit(f"{what} is above 0, not {given}.")
    return number


def _spoken(name: str) -> str:
    return name.replace("_", " ")
