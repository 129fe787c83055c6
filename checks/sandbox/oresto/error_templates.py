"""What the stream of failing requests is made of: calls, fields, message templates from a file, and failures of our own."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Call:
    """A request of the wholesaler's system; `parameter` is what the keys of its model errors start with."""

    method: str
    url: str
    route: str
    parameter: str
    has_body: bool = True


CALLS = (
    Call("PUT", "/api/Products", "Products", "product"),
    Call("POST", "/api/Products", "Products", "product"),
    Call("PUT", "/api/Products/Sales", "Products/Sales", "salesProduct"),
    Call("POST", "/api/LinkProducts?EanCode={gtin}", "LinkProducts", "product"),
    Call("DELETE", "/api/LinkProducts?WholesalerArticleNumber={article}", "LinkProducts", "product", False),
    Call("POST", "/api/ProductPhotos", "ProductPhotos", "productPhoto"),
    Call("DELETE", "/api/ProductPhotos/{number}", "ProductPhotos/*", "productPhoto", False),
    Call(
        "POST",
        "/api/ClientProducts/Multiple/AddOrUpdate",
        "ClientProducts/Multiple/AddOrUpdate",
        "clientProducts",
    ),
    Call("PUT", "/api/Clients", "Clients", "client"),
    Call("POST", "/api/Users", "Users", "user"),
    Call(
        "GET", "/api/Clients/OrderListItems?ClientNumber={client}", "Clients/OrderListItems", "client", False
    ),
    Call("PUT", "/api/Clients/ProcessClientOrders", "Clients/ProcessClientOrders", "ordersToProcess"),
)

#: `#` is a position in a list; what is part of something else is never told by its last word alone.
FIELDS = (
    "EanCode",
    "BrandId",
    "CategoryId",
    "ContentType",
    "SalesPriceList",
    "StorageConditionId",
    "UnitSalesPrice",
    "VatPercentage",
    "PromoValidFrom",
    "TotalContent",
    "OrderQuantity",
    "WholesalerArticleNumber",
    "LanguageCode",
    "Supplier.ArticleCode",
    "Localizations[#].Name",
    "ClientProducts[#].ClientNumber",
)

#: Of these rules `{0}` is a value or a text, and the field is another placeholder or not told at all.
_VALUE_FIRST = {
    "ModelState_AttemptedValueIsInvalid": "{1}",
    "ModelState_NonPropertyAttemptedValueIsInvalid": None,
    "HtmlGeneration_ValueIsInvalid": None,
    "FailedToReadRequestForm": None,
}


@dataclass(frozen=True)
class Template:
    """A validation message; `text` has `{field}`, `{other field}` and kinds of values in braces."""

    rule: str
    language: str
    text: str

    @property
    def names_field(self) -> bool:
        return "{field}" in self.text

    @property
    def is_title(self) -> bool:
        """Says of the whole request that it failed, and is of no field."""
        return "_Title" in self.rule or self.rule in ("UnexpectedJsonEnd", "FailedToReadRequestForm")


def read_templates(file: Path) -> list[Template]:
    with file.open(encoding="utf-8", newline="") as opened:
        return [
            Template(row["rule"], row["lang"], _with_kinds(row["rule"], row["template"]))
            for row in csv.DictReader(opened)
        ]


def statuses(rule: str) -> int:
    """The status that goes with a rule: `ApiConventions_Title_404` is that of a 404."""
    last = rule.rpartition("_")[2]
    return int(last) if last.isdecimal() else 400


def _with_kinds(rule: str, text: str) -> str:
    """The placeholders of the file by what goes into them."""
    field = _VALUE_FIRST.get(rule, "{0}")
    kinds = {"{PropertyName}": "{field}", "{PropertyValue}": "{text}", "{ComparisonValue}": "{compared}"}
    if field is not None:
        kinds[field] = "{field}"
    if rule == "CompareAttribute":
        kinds["{1}"] = "{other field}"
    elif rule == "RegexAttribute":
        kinds["{1}"] = "{pattern}"
    elif rule == "FileExtensionsAttribute":
        kinds["{1}"] = "{extensions}"
    elif rule == "FailedToReadRequestForm":
        kinds["{0}"] = "Form value count limit {number} exceeded."
    elif rule in _VALUE_FIRST:
        kinds["{0}"] = "{attempted}"
    for placeholder, kind in kinds.items():
        text = text.replace(placeholder, kind)
    for name in (
        *("{1}", "{2}", "{MinLength}", "{MaxLength}", "{TotalLength}", "{From}", "{To}", "{Value}"),
        *("{expectedPrecision}", "{expectedScale}", "{digits}", "{actualScale}"),
    ):
        text = text.replace(name, "{number}")
    return text


@dataclass(frozen=True)
class Failure:
    """What goes wrong besides validation. `status` None: the row names only the exception."""

    name: str
    status: int | None
    text: str
    exception: str | None = None


_SQL = "System.Data.SqlClient.SqlException"
FAILURES = (
    Failure("brand-unknown", 400, "Brand with id {id} does not exist."),
    Failure("category-unknown", 400, "Category with id {id} does not exist."),
    Failure("client-unknown", 400, "Client with number {client} does not exist."),
    Failure("article-taken", 400, "Product with WholesalerArticleNumber {article} already exists."),
    Failure("articles-missing", 400, "Products {articles} are not in the assortment."),
    Failure("ean-not-central", 404, "No central product has EAN {gtin}."),
    Failure("order-gone", 404, "Order {order} of client {client} does not exist."),
    Failure("user-taken", 409, "A user with e-mail address {email} already exists."),
    Failure("character", 400, "The text '{text}' holds a character that is not allowed."),
    Failure("delivery-day", 400, "Delivery on {moment} is not possible for client {client}."),
    Failure("artikel-onbekend", 400, "Het artikel {article} bestaat niet in het assortiment."),
    Failure("article-inconnu", 400, "L'article {article} n'existe pas dans l'assortiment."),
    Failure("photo-unreadable", 400, "Photo '{text}' of {article} could not be read."),
    Failure("time-out", 500, "Execution Timeout Expired after {number} ms at {moment}.", _SQL),
    Failure("deadlock", None, "Transaction (Process ID {id}) was deadlocked on lock resources.", _SQL),
    Failure(
        "null-reference",
        None,
        "Object reference not set to an instance of an object.",
        "System.NullReferenceException",
    ),
    Failure("unexpected", 500, "Request {guid} failed unexpectedly."),
    Failure("throttled", 429, "Too many requests: try again in {number} seconds."),
)
