"""From what GET shows to what POST takes, and the writes themselves. Every assumption is one named place here.

A GET product nests its references (`Brand {Id, Name}`), a POST body has ids (`BrandId`); the names after the cut of the
help pages are those of oresto-assumptions. `product_body` is also how two states of a product are compared: what POST
cannot carry is in `uncarried`, what only the server sets is in `READ_ONLY`.

Values without content (null, empty text, the unset date 0001-01-01) are left out of a body.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import polars as pl

from checks.sources.moments import BELGIUM, moments
from checks.sources.request import Request

Json = Mapping[str, Any]
Body = dict[str, Any]

#: Set by the server alone: a new product has other ones, and that is no loss.
READ_ONLY = frozenset({"Id", "LastModified", "LastModifiedUtc"})

#: What POST Products insists on (fact sheet 3; oresto-assumptions: rest of POST Products).
REQUIRED = (
    "Active",
    "BrandId",
    "CategoryId",
    "ContentType",
    "OnOrder",
    "StorageConditionId",
    "UnitSalesPrice",
)

#: What POST LinkProducts insists on, beside the code.
REQUIRED_TO_LINK = ("Active", "OnOrder", "UnitSalesPrice")

#: GET fields that go into `product_body` whole.
_CARRIED = frozenset(
    {
        "Active",
        "Brand",
        "ContentType",
        "EanCode",
        "Localizations",
        "MultiplierAmount",
        "MultiplierContentType",
        "OnOrder",
        "OrderQuantity",
        "Producer",
        "PromoValidFrom",
        "PromoValidFromUtc",
        "PromoValidUntil",
        "PromoValidUntilUtc",
        "SalesPriceList",
        "SalesPriceListPromo",
        "StorageCondition",
        "TemporarilyUnavailable",
        "TotalContent",
        "UnitSalesPrice",
        "VatPercentage",
        "WholesalerArticleNumber",
    }
)

#: GET fields that go into it as far as POST has room.
_PARTLY = frozenset({"Categories", "Suppliers", "WholesalerProductLocalizations"})

#: GET fields that show other products: the codes of the units inside and the cartons around.
OF_OTHERS = frozenset({"PackageProducts", "UnitProducts"})

_UNSET = "0001-01-01"

_NOTE_FIELDS = ("LanguageCode", "PromoDescription", "Information")
_PHOTO_FIELDS = ("PhotoId", "WholesalerArticleNumber", "PhotoName", "LanguageCode", "PhotoUrl")
_CLIENT_PRICE_FIELDS = (
    "WholesalerArticleNumber",
    "EanCode",
    "ClientNumber",
    "SalesPriceList",
    "SalesPriceListPromo",
    "IsExlusive",
)


def sales_fields(product: Json) -> Body:
    """How the wholesaler sells a product, own or linked: the part that both POST bodies share (chapters 3 and 4)."""
    return filled(
        {
            "Active": product.get("Active"),
            "OnOrder": product.get("OnOrder"),
            "OrderQuantity": product.get("OrderQuantity"),
            "PromoValidFromUtc": _moment(product, "PromoValidFrom"),
            "PromoValidUntilUtc": _moment(product, "PromoValidUntil"),
            "SalesPriceList": product.get("SalesPriceList"),
            "SalesPriceListPromo": product.get("SalesPriceListPromo"),
            "TemporarilyUnavailable": product.get("TemporarilyUnavailable"),
            "UnitSalesPrice": _of(product, "UnitSalesPrice", "Abbreviation"),
            "WholesalerArticleNumber": product.get("WholesalerArticleNumber"),
            "WholesalerProductLocalizations": _notes(product),
        }
    )


def product_body(own: Json) -> Body:
    """The POST Products body that makes this own product again (chapter 3). A product in several categories gets the first."""
    categories = own.get("Categories") or [{}]
    return filled(
        {
            **sales_fields(own),
            "BrandId": _of(own, "Brand", "Id"),
            "CategoryId": categories[0].get("Id"),
            "ContentType": _of(own, "ContentType", "Abbreviation"),
            "EanCode": own.get("EanCode"),
            "Localizations": [filled(text) for text in own.get("Localizations") or []],
            "MultiplierAbbreviation": _of(own, "MultiplierContentType", "Abbreviation"),
            "MultiplierAmount": own.get("MultiplierAmount") or None,  # POST takes 0.0001 and up
            "ProducerId": _of(own, "Producer", "Id"),
            "StorageConditionId": _of(own, "StorageCondition", "Id"),
            "Supplier": supplier_of(own),
            "TotalContent": own.get("TotalContent"),
            "VatPercentage": own.get("VatPercentage"),
        }
    )


def new_body(given: Json) -> Body:
    """A given body of POST Products or LinkProducts, written as `product_body` writes what GET shows: the two can be compared."""
    dates = {name: given.get(name) for name in given if name.startswith("PromoValid")}
    texts = [filled(text) for text in given.get("Localizations") or []]
    codes = {
        name: given[name].strip()
        for name in ("EanCode", "UnitSalesPrice")
        if isinstance(given.get(name), str)
    }
    return filled(
        {
            **{name: value for name, value in given.items() if name not in dates},
            **codes,
            "PromoValidFromUtc": _moment(dates, "PromoValidFrom"),
            "PromoValidUntilUtc": _moment(dates, "PromoValidUntil"),
            "Localizations": texts,
            "WholesalerProductLocalizations": _notes(given),
        }
    )


def replacement_body(own: Json) -> Body:
    """The PUT Products body that leaves this own product as it is: that of POST, and whatever else GET shows.

    PUT is a full replacement (oresto-assumptions), so a field that no page documents is sent back as it came; a server
    that does not know it in a body overlooks it, as ASP.NET does.
    """
    others = {
        name: value
        for name, value in own.items()
        if value is not None and name not in _CARRIED | _PARTLY | READ_ONLY
    }
    whole: Body = {name: own[name] for name in ("Categories", "Suppliers") if name in uncarried(own)}
    said = {
        "Localizations": [dict(text) for text in own.get("Localizations") or []],
        "WholesalerProductLocalizations": _whole_notes(own),
    }
    return {**others, **whole, **product_body(own), **filled(said)}


def sales_body(product: Json) -> Body:
    """The PUT Products/Sales body that leaves an own or linked product as it is sold (chapters 6 and 7).

    It has no Utc twins: the moments go into the Belgian fields with their own offset, which is always sent. The sales
    texts go whole, as in `replacement_body`: what no page documents of them would be taken away.
    """
    sales = sales_fields(product)
    kept = {
        name: sales.get(name)
        for name in (
            "OnOrder",
            "SalesPriceList",
            "SalesPriceListPromo",
            "WholesalerArticleNumber",
        )
    }
    kept["WholesalerProductLocalizations"] = _whole_notes(product)
    moments = {name: sales.get(f"{name}Utc") for name in ("PromoValidFrom", "PromoValidUntil")}
    return filled({**kept, **moments})


def is_processed(order: Json) -> bool:
    """Was this order of GetClientOrders ticked off? An unset date may look like 0001-01-01 (fact sheet 1)."""
    moments = (order.get("ProcessedDateUtc"), order.get("ProcessedDate"))
    return any(moment and not str(moment).startswith(_UNSET) for moment in moments)


def supplier_of(own: Json) -> Body | None:
    """`{Id, ArticleCode}` of an own product's supplier; it has at most one (fact sheet 7), and POST wants both parts."""
    for supplier in (own.get("Suppliers") or [])[:1]:
        if supplier.get("Id") is not None and supplier.get("ArticleCode"):
            return {"Id": supplier["Id"], "ArticleCode": supplier["ArticleCode"]}
    return None


def link_body(own: Json, code: Json) -> Body:
    """The POST LinkProducts body that sells a central product as this own one was sold (chapter 4).

    `code` is `{"EanCode": ...}` of the central product, or `{"Supplier": {Id, ArticleCode, IsPackageProduct}}`.
    """
    return {**code, **sales_fields(own)}


def photo_body(photo: Json, sha256: str) -> Body:
    """POST ProductPhotos (chapter 6), with the picture named by its SHA-256: the bytes are filled in when it is sent."""
    return filled(
        {
            "WholesalerArticleNumber": photo.get("WholesalerArticleNumber"),
            "LanguageCode": photo.get("LanguageCode"),
            "Photo": f"sha256:{sha256}",
            "PhotoName": photo.get("PhotoName"),
        }
    )


def client_price_body(row: Json) -> Body:
    """POST ClientProducts (chapter 11)."""
    prices = {name: row.get(name) for name in ("SalesPriceList", "SalesPriceListPromo")}
    keys = {name: row.get(name) for name in ("WholesalerArticleNumber", "ClientNumber")}
    return filled({**keys, **prices, "IsExlusive": bool(row.get("IsExlusive"))})


def uncarried(own: Json) -> Body:
    """What this own product has and POST Products has no place for, by the name of the GET field; empty for most."""
    lost = {
        name: value
        for name, value in own.items()
        if name not in _CARRIED | _PARTLY | READ_ONLY and not means_nothing(name, value)
    }
    if len(own.get("Categories") or []) > 1:
        lost["Categories"] = own["Categories"]
    suppliers = own.get("Suppliers") or []
    if len(suppliers) > 1 or (suppliers and supplier_of(own) is None):
        lost["Suppliers"] = suppliers
    if any(_extra(note, _NOTE_FIELDS) for note in own.get("WholesalerProductLocalizations") or []):
        lost["WholesalerProductLocalizations"] = own["WholesalerProductLocalizations"]
    for name in ("PromoValidFrom", "PromoValidUntil"):
        if own.get(name) and _moment(own, name) is None and not str(own[name]).startswith(_UNSET):
            lost[name] = own[name]
    return lost


def uncarried_of_photo(photo: Json) -> Body:
    """What a photo has and POST ProductPhotos has no place for."""
    return _extra(photo, _PHOTO_FIELDS)


def uncarried_of_client_price(row: Json) -> Body:
    """What a client price has and POST ClientProducts has no place for."""
    return _extra(row, _CLIENT_PRICE_FIELDS)


def create_own(body: Body) -> Request:
    return Request("POST", "Products", {}, body)


def delete_own(article_number: str) -> Request:
    return Request("DELETE", "Products", {"WholesalerArticleNumber": article_number})


def replace_own(body: Body) -> Request:
    return Request("PUT", "Products", {}, body)


def change_sales(body: Body) -> Request:
    """Takes own and linked products alike (fact sheet 3)."""
    return Request("PUT", "Products/Sales", {}, body)


def create_linked(body: Body) -> Request:
    return Request("POST", "LinkProducts", {}, body)


def delete_linked(path: str, article_number: str) -> Request:
    """`path` is the source's `delete_linked_path`: the guide prints Products, no page proves it (fact sheet 12)."""
    return Request("DELETE", path, {"WholesalerArticleNumber": article_number})


def add_photo(body: Body) -> Request:
    return Request("POST", "ProductPhotos", {}, body)


def delete_photo(article_number: str, photo_id: int) -> Request:
    return Request(
        "DELETE", "ProductPhotos", {"WholesalerArticleNumber": article_number, "PhotoId": str(photo_id)}
    )


def set_client_prices(bodies: Iterable[Body]) -> Request:
    """Adds or replaces: sending it twice does no harm. What is not named in the errors was saved (fact sheet 2)."""
    return Request("POST", "ClientProducts/Multiple/AddOrUpdate", {}, {"ClientProducts": list(bodies)})


def add_client_price(body: Body) -> Request:
    return Request("POST", "ClientProducts", {}, body)


def delete_client_price(article_number: str, client_number: str) -> Request:
    return Request(
        "DELETE", "ClientProducts", {"WholesalerArticleNumber": article_number, "ClientNumber": client_number}
    )


def add_order_list_item(client_number: str, article_number: str) -> Request:
    """POST adds to the list; PUT would replace it (fact sheet 10)."""
    body = {"ClientNumber": client_number, "WholesalerArticleNumbers": [article_number]}
    return Request("POST", "Clients/OrderListItems", {}, body)


def delete_order_list_item(client_number: str, article_number: str) -> Request:
    params = {"ClientNumber": client_number, "WholesalerArticleNumber": article_number}
    return Request("DELETE", "Clients/OrderListItems", params)


def process_orders(client_number: str, order_numbers: Iterable[int]) -> Request:
    """Orders of one client. Without numbers a server may take all of that client's, so they are always sent."""
    body = {"ClientNumber": client_number, "OrderNumbers": list(order_numbers)}
    return Request("PUT", "ClientOrders/ProcessOrders", {}, body)


def _notes(product: Json) -> list[Body]:
    """Promo texts and remarks per language; one that says nothing would be refused (fact sheet 4)."""
    given = product.get("WholesalerProductLocalizations") or []
    notes = [filled({name: note.get(name) for name in _NOTE_FIELDS}) for note in given]
    return [note for note in notes if len(note) > 1]


def _whole_notes(product: Json) -> list[Body]:
    """The same with whatever else GET shows of them."""
    notes = [filled(note) for note in product.get("WholesalerProductLocalizations") or []]
    return [note for note in notes if len(note) > 1]


def _moment(product: Json, name: str) -> str | None:
    """The moment as UTC text. The Utc twin is the surer one; the other is Belgian time when it has no offset.

    Only the twin is sent: "if not provided UTC will be used" (fact sheet 1, dates).
    """
    for field, zone in ((f"{name}Utc", "UTC"), (name, BELGIUM)):
        text = product.get(field)
        moment = _in_utc(text, zone) if isinstance(text, str) else None
        if moment is not None:
            return moment
    return None


@lru_cache(maxsize=4_096)
def _in_utc(text: str, zone: str) -> str | None:
    """The moment of a text; the same ones are compared over and over."""
    moment = moments(pl.Series([text], dtype=pl.String), zone).item()
    return None if moment is None else str(moment.isoformat().replace("+00:00", "Z"))


def _of(product: Json, name: str, part: str) -> Any:
    inner = product.get(name)
    return inner.get(part) if isinstance(inner, Mapping) else None


def filled(values: Mapping[str, Any]) -> Body:
    """Without the values that have no content."""
    return {name: value for name, value in values.items() if not _is_empty(value)}


def _is_empty(value: Any) -> bool:
    return value is None or value in ("", [], {})


def means_nothing(name: str, value: Any) -> bool:
    """Would a new product have this too? No, nought and nothing; one unit inside is what every single product has."""
    return _is_empty(value) or value in (False, 0) or (name == "AmountOfUnitProduct" and value == 1)


def is_by_itself(name: str, value: Any) -> bool:
    """Does a new product have this without anybody sending it? An order quantity of 1 is the default (fact sheet 3)."""
    return means_nothing(name, value) or (name == "OrderQuantity" and value == 1)


def _extra(values: Json, known: Iterable[str]) -> Body:
    return {
        name: value
        for name, value in values.items()
        if name not in set(known) and not means_nothing(name, value)
    }
