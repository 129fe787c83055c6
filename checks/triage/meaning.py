"""What a problem is in plain words, what usually helps, where the guide says so, and which findings may be its cause."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeVar

from checks.triage import explained
from checks.triage.explained import Kind

T = TypeVar("T")


@dataclass(frozen=True)
class Meaning:
    """For people. `checks`: ids of checks whose findings explain such failures, the likeliest first."""

    title: str
    what: str
    usually: str
    guide: str
    checks: tuple[str, ...] = ()


_BY_RULE: dict[str, Kind] = {
    **dict.fromkeys(
        (
            "RequiredAttribute",
            "NotEmptyValidator",
            "NotNullValidator",
            "ModelBinding_MissingBindRequiredMember",
            "KeyValuePair_BothKeyAndValueMustBePresent",
        ),
        explained.REQUIRED,
    ),
    **dict.fromkeys(
        (
            "StringLengthAttribute",
            "StringLengthAttribute_min",
            "MaxLengthAttribute",
            "MinLengthAttribute",
            "LengthValidator",
            "ExactLengthValidator",
            "MinimumLengthValidator",
            "MaximumLengthValidator",
        ),
        explained.LENGTH,
    ),
    **dict.fromkeys(
        (
            "RangeAttribute",
            "RangeAttribute_MinExclusive",
            "GreaterThanValidator",
            "GreaterThanOrEqualValidator",
            "LessThanValidator",
            "LessThanOrEqualValidator",
            "InclusiveBetweenValidator",
            "ExclusiveBetweenValidator",
            "ScalePrecisionValidator",
        ),
        explained.RANGE,
    ),
    **dict.fromkeys(
        (
            "RegexAttribute",
            "RegularExpressionValidator",
            "UrlAttribute",
            "PhoneAttribute",
            "FileExtensionsAttribute",
            "ModelState_AttemptedValueIsInvalid",
            "ModelState_NonPropertyAttemptedValueIsInvalid",
            "ModelState_UnknownValueIsInvalid",
            "HtmlGeneration_ValueIsInvalid",
            "HtmlGeneration_ValueMustBeNumber",
        ),
        explained.FORMAT,
    ),
    **dict.fromkeys(("EmailAddressAttribute", "EmailValidator"), explained.EMAIL),
    "ModelBinding_MissingRequestBodyRequiredMember": explained.EMPTY_BODY,
    "UnexpectedJsonEnd": explained.CUT,
    "FailedToReadRequestForm": explained.CUT,
    "unknown-reference": explained.REFERENCE,
    "duplicate-article": explained.DUPLICATE,
    "invalid-ean": explained.EAN,
    "forbidden-character": explained.CHARACTER,
    "not-an-end-node": explained.LEAF,
    "ApiConventions_Title_401": explained.WHO,
    "ApiConventions_Title_403": explained.WHO,
    "ApiConventions_Title_404": explained.NOT_FOUND,
    "ApiConventions_Title_409": explained.CONFLICT,
    "ApiConventions_Title_415": explained.MEDIA,
    "ApiConventions_Title_500": explained.SERVER,
}

_BY_STATUS: dict[str, Kind] = {
    "401": explained.WHO,
    "403": explained.WHO,
    "404": explained.NOT_FOUND,
    "405": explained.METHOD,
    "406": explained.MEDIA,
    "408": explained.TIME_OUT,
    "409": explained.CONFLICT,
    "415": explained.MEDIA,
    "429": explained.BUSY,
    "503": explained.BUSY,
    "504": explained.TIME_OUT,
}

_GONE = r"does not exist|do not exist|unknown|not found|not in the assortment|bestaa[nt]+ niet|onbekend|niet gevonden|n'existen?t? pas|inconnue?s?|introuvable|no such"
_TAKEN = r"already exists|in use already|bestaat al|in gebruik|existe déjà|déjà utilisé|duplicate|unique (?:key|index)"
#: Where no rule says it: words of the message (small letters), the first that fit.
_BY_WORDS: tuple[tuple[str, Kind], ...] = (
    (r"time-?out|timed out|délai|te lang", explained.TIME_OUT),
    (r"deadlock", explained.DEADLOCK),
    (
        r"forbidden character|character that is not allowed|illegal character|verboden teken|caractère interdit",
        explained.CHARACTER,
    ),
    (r"end node|subcategor|eindnode|nœud final|leaf", explained.LEAF),
    (rf"(?:product|article|artikel|produit)\b(?!.*client).*(?:{_TAKEN})", explained.DUPLICATE),
    (_TAKEN, explained.TAKEN),
    (r"no central product|geen centraal product|aucun produit central", explained.NO_CENTRAL),
    (rf"(?:order|bestelling|commande)\b.*(?:{_GONE}|processed|is gone)", explained.ORDER),
    (rf"(?:^|[^a-z])(?:client|klant)(?:number|nummer)?\b.*(?:{_GONE})", explained.CLIENT),
    (
        rf"(?:products?|producten|produits?|articles?|artikel(?:en)?|wholesalerarticlenumber)\b.*(?:{_GONE})|(?:{_GONE}).*of product",
        explained.ARTICLE,
    ),
    (_GONE, explained.REFERENCE),
    (r"valid ean|geldige ean|code ean", explained.EAN),
    (r"e-?mail.*(?:valid|geldig|valide)", explained.EMAIL),
    (r"body cannot be null|non-empty request body|empty body|no body", explained.EMPTY_BODY),
    (r"end when reading json|unexpected end|unterminated|unexpected character|json", explained.CUT),
    (r"too many requests|try again in", explained.BUSY),
    (r"unauthori[sz]ed|login|password|forbidden$", explained.WHO),
    (r"required|verplicht|obligatoire|mag niet leeg|ne doit pas être vide", explained.REQUIRED),
    (r"maximum length|minimum length|too long|te lang|trop long", explained.LENGTH),
    (r"must be between|out of range|must be greater|must be less", explained.RANGE),
    (r"is not valid|is invalid|could not be (?:read|converted)", explained.FORMAT),
)
#: Which kind of entry an unknown reference is to, by field or by what the message names.
_REFERENCES: tuple[tuple[str, Kind], ...] = (
    (r"client", explained.CLIENT),
    (r"ordernumber|^order", explained.ORDER),
    (r"articlenumber|product|article|artikel", explained.ARTICLE),
)

_TABLE_FIELDS = r"brand|merk|producer|supplier|categor|storage|contenttype|unitsalesprice|multiplier"
#: Field (small letters, in a regular expression) -> checks whose findings explain what goes wrong with it.
_CHECKS_OF_FIELD: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"categor", ("invalid-reference", "category-not-leaf", "missing-reference")),
    (r"segment", ("client-unknown-segment",)),
    (r"multiplier", ("multiplier-invalid", "invalid-reference")),
    (_TABLE_FIELDS, ("invalid-reference", "missing-reference")),
    (r"ean(?:code)?s?$|gtin", ("invalid-ean", "duplicate-ean")),
    (r"promo", ("promo-invalid",)),
    (r"price", ("price-missing", "promo-invalid")),
    (r"amountofunit|ispackage", ("package-mismatch",)),
    (r"photo", ("missing-photo",)),
    (r"locali[sz]ation|description|language|^name", ("text-missing",)),
    (r"clientnumber", explained.CLIENT.checks),
    (r"articlenumber", ("forbidden-characters", *explained.ARTICLE.checks)),
    (r"deliverydate", ("order-delivery-passed",)),
)

#: Part of a route or name of a field (small letters) -> chapter of the guide; the first that fits.
_CHAPTERS: tuple[tuple[str, str], ...] = (
    (r"productphotos", "Chapter 6.7: ProductPhotos"),
    (r"linkproducts", "Chapter 7.1: LinkProducts"),
    (r"centralproducts", "Chapter 5: CentralProducts"),
    (r"clientproducts", "Chapter 9.1: ClientProducts"),
    (r"processclientorders|processorders", "Chapter 10.2: ClientOrders/ProcessOrders"),
    (r"clientorders|getclientorders", "Chapter 10.1: Clients/GetClientOrders"),
    (r"orderlistitems", "Chapter 8.15: Clients/OrderListItems"),
    (r"clientlocations/?.*deliverydates", "Chapter 8.4: delivery dates"),
    (r"clientlocations", "Chapter 8.3: ClientLocations"),
    (r"clientsegments", "Chapter 8.1: ClientSegments"),
    (r"representatives", "Chapter 8.9: Representatives"),
    (r"clients", "Chapter 8.2: Clients"),
    (r"users", "Chapter 8.12: Users"),
    (r"products", "Chapter 6.1: Products"),
    (r"errorlogs", "Chapter 11: ErrorLogs"),
)
_TABLES: tuple[tuple[str, str], ...] = (
    (r"categor", "chapter 4.1: Categories"),
    (r"brand|merk|marque", "chapter 4.2: Brands"),
    (r"storage", "chapter 4.3: StorageConditions"),
    (r"contenttype", "chapter 4.4: ContentTypes"),
    (r"unitsalesprice", "chapter 4.5: UnitSalesPrices"),
    (r"multiplier", "chapter 4.6: MultiplierTypes"),
    (r"producer", "chapter 4.7: Producers"),
    (r"supplier", "chapter 4.8: Suppliers"),
    (r"segment", "chapter 8.1: ClientSegments"),
)


def meaning(
    method: str | None, route: str | None, kind: str | None, rule: str | None, field: str | None, title: str
) -> Meaning:
    """The meaning of a group by the columns it has in the store. Never fails: what is not known is said to be so."""
    said = title.partition(": ")[2] or title
    of = _kind_of(route or "", kind or "", rule, field, said)
    named = field or _named_in(said)
    # `Brand that does not exist`, not `BrandId`
    shown = (_named_in(said) if of in (explained.REFERENCE, explained.TAKEN) else None) or named
    return Meaning(*of.about(shown), guide=_chapter(route or "", named, of), checks=_checks(of, named))


def _kind_of(route: str, kind: str, rule: str | None, field: str | None, said: str) -> Kind:
    if rule == "unknown-reference":
        return _reference(said, field)
    if rule in _BY_RULE:
        return _BY_RULE[rule]
    words = said.lower()
    if kind in ("401", "403"):
        return explained.WHO
    for pattern, of in _BY_WORDS:
        if re.search(pattern, words):
            return of
    if kind in _BY_STATUS:
        return _BY_STATUS[kind]
    if kind.startswith("5") or "Exception" in kind:
        return explained.SERVER
    if kind == "unknown" and not route:
        return explained.UNKNOWN
    if "multiple" in route.lower():
        return explained.BATCH
    return explained.VALIDATION if rule or field else explained.ELSE


def _reference(said: str, field: str | None) -> Kind:
    """What the message names counts more than the field that holds it: a client product may name an unknown client."""
    for name in (_named_in(said), field):
        small = (name or "").lower()
        for pattern, of in _REFERENCES:
            if re.search(pattern, small):
                return of
        if name:
            break
    return explained.REFERENCE


def _checks(of: Kind, field: str | None) -> tuple[str, ...]:
    of_field = _first(_CHECKS_OF_FIELD, re.sub(r"\W", "", field or "").lower()) or ()
    if of is explained.REFERENCE and of_field:
        return (
            "invalid-reference",
            *(one for one in of_field if one not in ("invalid-reference", "missing-reference")),
        )
    if of is explained.REQUIRED and "missing-reference" in of_field:
        return ("missing-reference", *(one for one in of_field if one != "missing-reference"))
    return of.checks or of_field


def _chapter(route: str, field: str | None, of: Kind) -> str:
    first = _first(_CHAPTERS, route.lower()) or _first(_TABLES, route.lower())
    table = (
        _first(_TABLES, re.sub(r"\W", "", field or "").lower())
        if of not in (explained.LEAF,)
        else _TABLES[0][1]
    )
    chapters = [one for one in (first, table) if one is not None]
    if not chapters:
        return "Chapter 1.2: the API"
    told = "; ".join(dict.fromkeys(chapters))
    return told[0].upper() + told[1:]


def _first(known: tuple[tuple[str, T], ...], name: str) -> T | None:
    return next((value for pattern, value in known if name and re.search(pattern, name)), None)


def _named_in(said: str) -> str | None:
    """`Brand` of "Brand with id ‹number› does not exist." """
    found = re.match(r"(?:(?:The|De|Het|La|Le) )?([A-Za-zéè]+) (?:with|met|avec) ", said)
    return found[1] if found else None
