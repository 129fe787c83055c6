"""One debtor in words: its fields, and which of them a finding is about. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

from dashboard.parts.details import Part
from dashboard.parts.words import plural, shown

#: Which field a finding without `field` is about.
_GUILTY = {
    "debtor-unknown-parent": "parent",
    "debtor-cycle": "parent",
    "debtor-duplicate": "code",
    "debtor-without-contact": "contacts",
    "debtor-invalid-currency": "currency",
    "debtor-invalid-country": "country",
    "debtor-invalid-language": "language",
    "debtor-order-day-invalid": "order_days",
    "debtor-without-client": "code",
}

#: Fields of findings that stand under another name here.
_FIELDS = {
    "parent_id": "parent",
    "parent_code": "parent",
    "currency_old": "currency",
    "order_day": "order_days",
}


def guilty_field(finding: Mapping[str, Any]) -> str | None:
    """The field of the debtor that the finding is about."""
    return finding["field"] or _GUILTY.get(finding["check"])


def debtor_parts(
    debtor: Mapping[str, Any], zone: tzinfo | None = None, guilty: str | None = None
) -> list[Part]:
    """The fields of a debtor that people look at, without the empty ones that nobody asked about.

    Args:
        debtor: a row of `debtors`.
        guilty: the field that is marked, as a finding names it.
    """
    currency = shown(debtor["currency"])
    if debtor["currency_old"] and debtor["currency_old"] != debtor["currency"]:
        currency += f" (in the old field {debtor['currency_old']})"
    fields = [
        ("code", "Code", shown(debtor["code"])),
        ("debtor_id", "Debtor id", str(debtor["debtor_id"])),
        ("administration", "Administration", shown(debtor["administration"])),
        ("name", "Name", shown(debtor["name"])),
        ("second_name", "Second name", shown(debtor["second_name"])),
        ("place", "Place", shown(debtor["place"])),
        ("country", "Country", shown(debtor["country"])),
        ("language", "Language", shown(debtor["language"])),
        ("currency", "Currency", currency),
        ("category", "Category", shown(debtor["category"])),
        ("vat_number", "VAT number", shown(debtor["vat_number"])),
        ("pays_vat", "Pays VAT", shown(debtor["pays_vat"])),
        ("contacts", "Contacts", _count(debtor["contacts"], "person", "persons")),
        ("users", "May order in the shop", _count(debtor["users"], "person", "persons")),
        ("parent", "Parent", shown(debtor["parent_code"] or debtor["parent_id"])),
        ("to_invoice", "Invoiced for", shown(debtor["to_invoice"])),
        ("order_days", "Order days", _count(len(debtor["order_days"] or []), "day", "days")),
        ("created", "Created", shown(debtor["created"], zone)),
    ]
    own_list = {
        "parent",
        "to_invoice",
        "order_days",
        "debtor_id",
        "second_name",
    }  # told below, or only where asked about
    wrong = _FIELDS.get(guilty or "", guilty)
    return [
        Part(name, title, text, name == wrong)
        for name, title, text in fields
        if name == wrong or (text != "–" and name not in own_list)
    ]


def _count(count: int | None, one: str, many: str) -> str:
    return "–" if count is None else "none" if count == 0 else plural(count, one, many)
