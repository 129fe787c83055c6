"""What is wrong with the body of something new, before it is sent: fields that lack, are unknown, or cannot be what they say.

The shop is asked nothing here: ids, codes and numbers are judged by the kinds of creation against the live lists. Fields
and limits are those of the help pages (oresto-api, sections 3, 4 and 10) and of oresto-assumptions after their cuts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any, Literal

import polars as pl

from checks.settings import is_email
from checks.sources.moments import BELGIUM, moments

Kind = Literal["flag", "whole", "number", "text", "email", "moment", "object", "list"]


@dataclass(frozen=True)
class Field:
    """One field of a body.

    Attributes:
        low, high: of numbers, both included.
        longest, exact: of texts, in characters.
        parts: of an object, or of each item of a list.
    """

    kind: Kind
    required: bool = False
    low: float = 0.0
    high: float = 0.0
    longest: int = 0
    exact: int = 0
    parts: Mapping[str, Field] | None = None


Fields = Mapping[str, Field]


def _must(field: Field) -> Field:
    return replace(field, required=True)


_FLAG, _WHOLE, _MOMENT = Field("flag"), Field("whole", low=-(2**31), high=2**31 - 1), Field("moment")
_PRICE = Field("number", high=1e16)
_LANGUAGE = Field("text", required=True, exact=3)


def _text(longest: int = 0) -> Field:
    return Field("text", longest=longest)


_SALES: Fields = {
    "Active": _must(_FLAG),
    "OnOrder": _must(_FLAG),
    "OrderQuantity": Field("number", high=1e15),
    "PromoValidFrom": _MOMENT,
    "PromoValidFromUtc": _MOMENT,
    "PromoValidUntil": _MOMENT,
    "PromoValidUntilUtc": _MOMENT,
    "SalesPriceList": _PRICE,
    "SalesPriceListPromo": _PRICE,
    "TemporarilyUnavailable": _FLAG,
    "UnitSalesPrice": _must(_text(25)),
    "WholesalerArticleNumber": _must(_text(50)),
    "WholesalerProductLocalizations": Field(
        "list", parts={"LanguageCode": _LANGUAGE, "PromoDescription": _text(500), "Information": _text(500)}
    ),
}
_SUPPLIER: Fields = {"Id": _must(_WHOLE), "ArticleCode": _must(_text(50))}

#: POST Products (guide, chapter 3.6).
PRODUCT: Fields = {
    **_SALES,
    "BrandId": _must(_WHOLE),
    "CategoryId": _must(_WHOLE),
    "ContentType": _must(_text(25)),
    "EanCode": _text(250),
    "Localizations": Field(
        "list", parts={"LanguageCode": _LANGUAGE, "Name": _text(250), "Description": _text()}
    ),
    "MultiplierAbbreviation": _text(25),
    "MultiplierAmount": Field("number", low=0.0001, high=1e14),
    "ProducerId": _WHOLE,
    "StorageConditionId": _must(_WHOLE),
    "Supplier": Field("object", parts=_SUPPLIER),
    "TotalContent": Field("number", high=1e16),
    "VatPercentage": Field("whole", high=100),
}

#: POST LinkProducts (guide, chapter 3.5). Which of EanCode and Supplier is there is judged by create-link.
LINK: Fields = {
    **_SALES,
    "EanCode": _text(250),
    "Supplier": Field("object", parts={**_SUPPLIER, "IsPackageProduct": _must(_FLAG)}),
}

_ADDRESS: Fields = {
    "CountryCode": Field("text", exact=2),
    "ExtraAddressLine": _text(150),
    "Municipality": _text(50),
    "PostalCode": _text(20),
    "Province": _text(50),
    "StreetName": _text(150),
    "StreetNumber": _text(20),
}
_CLIENT_NUMBER, _EMAIL = _must(_text(50)), Field("email", required=True, longest=100)

#: POST Clients (guide, chapter 3.1).
CLIENT: Fields = {
    "Active": _must(_FLAG),
    "ClientNumber": _CLIENT_NUMBER,
    "Email": _EMAIL,
    "HasPromos": _must(_FLAG),
    "Location": Field("object", required=True, parts=_ADDRESS),
    "MayViewPromoLabels": _must(_FLAG),
    "Name": _must(_text(50)),
    "OrdersMayBeDeliveredToClient": _must(_FLAG),
    "PhoneNumber": _text(100),
    "Remarks": _text(),
    "SegmentId": _WHOLE,
}

#: POST Users (guide, chapter 3.1). No password: it is made when the user is sent, and kept nowhere. No picture either.
USER: Fields = {
    "Active": _must(_FLAG),
    "ClientNumber": _CLIENT_NUMBER,
    "Email": _EMAIL,
    "Fax": _text(50),
    "Firstname": _text(50),
    "LanguageCode": _LANGUAGE,
    "Lastname": _text(50),
    "MayViewPrices": _FLAG,
    "Telephone": _text(50),
}

#: POST ClientLocations (guide, chapter 3.3).
LOCATION: Fields = {
    **_ADDRESS,
    "ClientNumber": _CLIENT_NUMBER,
    "Company": _text(50),
    "Municipality": _must(_text(50)),
    "PhoneNumber": _text(100),
    "PostalCode": _must(_text(20)),
    "Remark": _text(500),
    "StreetName": _must(_text(150)),
}


def wrong(body: object, fields: Fields) -> list[str]:
    """Everything that is wrong with a body, as parts of a sentence that name the field, never its value; empty when nothing is.

    A field that is null, or an empty text, is taken for absent.
    """
    return list(_wrong(body, fields, ""))


def _wrong(body: object, fields: Fields, under: str) -> Iterator[str]:
    if not isinstance(body, Mapping):
        yield f"{under.rstrip(' ') or 'the body'} is no object of fields"
        return
    lacking = [name for name, field in fields.items() if field.required and _is_absent(body.get(name))]
    if lacking:
        yield f"it has no {', '.join(f'{under}{name}' for name in lacking)}"
    for name, value in body.items():
        field = fields.get(str(name))
        if field is None:
            yield f"{under}{name} is no field that the shop takes here"
        elif not _is_absent(value):
            yield from _of_field(value, field, f"{under}{name}")


def _is_absent(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _of_field(value: Any, field: Field, name: str) -> Iterator[str]:
    if field.kind == "object":
        yield from _wrong(value, field.parts or {}, f"{name} ")
    elif field.kind == "list":
        if not isinstance(value, list):
            yield f"{name} is no list"
            return
        for place, item in enumerate(value, start=1):
            yield from _wrong(item, field.parts or {}, f"{name} {place} ")
    elif (said := _of_value(value, field)) is not None:
        yield f"{name} {said}"


def _of_value(value: Any, field: Field) -> str | None:
    if field.kind == "flag":
        return None if isinstance(value, bool) else "is neither true nor false"
    if field.kind in ("whole", "number"):
        return _of_number(value, field)
    if not isinstance(value, str):
        return "is no text"
    if field.kind == "moment":
        return None if _is_moment(value) else "is no date"
    if field.kind == "email" and not is_email(value.strip()):
        return "is no e-mail address"
    if field.exact and len(value) != field.exact:
        return f"must have {field.exact} characters, not {len(value)}"
    if field.longest and len(value) > field.longest:
        return f"may have {field.longest} characters, and has {len(value)}"
    return None


def _of_number(value: Any, field: Field) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        return "is no number"
    if field.kind == "whole" and not isinstance(value, int):
        return "is no whole number"
    if not field.low <= value <= field.high:
        return f"must be between {field.low:g} and {field.high:g}"
    return None


def _is_moment(text: str) -> bool:
    """Is it a moment that the shop takes, 1753 to 9999?"""
    found = moments(pl.Series([text], dtype=pl.String), BELGIUM).item()
    return found is not None and found.year >= 1753
