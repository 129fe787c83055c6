"""The shapes of EasyFlor's JSON: what of a debtor is read (easyflor-api, section 3).

A debtor comes with the people behind it: birth dates, passwords, salts. The structs do not name these, so they end here:
of contacts their number is kept, and how many of their users may order.
"""

from __future__ import annotations

from typing import Any

import msgspec

from checks.sources.answers import AnswerHasErrors
from checks.sources.easyflor.dialect import error_code, reasons
from checks.structs import ready


class User(msgspec.Struct, rename="pascal"):
    can_order: bool | None = None


class Contact(msgspec.Struct, rename="pascal"):
    users: list[User] | None = None


class OrderDay(msgspec.Struct, rename="pascal"):
    id: str | None = None
    name: str | None = None
    day: int | None = None
    max_default_order_time: str | None = None


class Debtor(msgspec.Struct, rename="pascal"):
    """One of GET debtor. `contacts` is unset where the answer does not speak of them, None where it has none."""

    id: int | None = None
    parent_id: int | None = None
    code: str | None = None
    parent_debtor_code: str | None = None
    administration: str | None = None
    name: str | None = None
    second_name: str | None = None
    category: str | None = None
    country: str | None = None
    currency: str | None = None
    currency_iso_code: str | None = msgspec.field(default=None, name="CurrencyISOCode")
    language: str | None = None
    block: bool | None = None
    pays_vat: bool | None = msgspec.field(default=None, name="PaysVAT")
    created_on: str | None = None
    to_invoice: list[str] | None = None
    order_day_names: list[str] | None = None
    order_days: list[OrderDay] | None = None
    contacts: list[Contact] | msgspec.UnsetType | None = msgspec.UNSET
    numbers: Any = None  # of both no source states the shape
    addresses: Any = None


#: Documented, and needed by no frame: seeing them is no drift.
EXTRAS: dict[type[msgspec.Struct], frozenset[str]] = {
    Debtor: frozenset(
        {
            "TransporterCode",
            "TransporterName",
            "TransportRegion",
            "Employees",
            "Locations",
            "InvoiceCreditTemplate",
            "InvoiceDebetTemplate",
            "InvoiceCSVTemplate",
            "InvoiceEventsTodo",
            "Price",
            "PriceUseMarkupCategories",
            "PriceUseOriginalPrice",
            "MarkupCategories",
            "DistributionPackagingVATRate",
            "DistributionTrolleyVATRate",
            "DistributionSellingLocation",
            "Config",
            "MailAddresses",
        }
    )
}


def payload(body: bytes | bytearray) -> msgspec.Raw:
    """The list of an answer; one object, as an answer about one debtor may be, as a list of one.

    Raises AnswerHasErrors for an error object, ValueError or msgspec.DecodeError for what is neither.
    """
    raw = msgspec.json.decode(body, type=msgspec.Raw)
    text = bytes(memoryview(raw)).lstrip()
    if text.startswith(b"["):
        return raw
    if not text.startswith(b"{"):
        raise ValueError("a list of debtors was expected")
    answer = msgspec.json.decode(text)
    if error_code(answer) is not None:
        raise AnswerHasErrors(tuple(reasons(answer)))
    if "Id" not in answer:
        raise ValueError("an object that is no debtor")
    return msgspec.Raw(b"[" + text + b"]")


ready(__name__)
