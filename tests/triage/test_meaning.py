"""What problems mean: each kind has plain words, a chapter, and checks that exist."""

from __future__ import annotations

import pytest

from checks.rules import CHECKS
from checks.triage import meaning
from checks.triage.templates import TEMPLATES


@pytest.mark.parametrize(
    ("rule", "field", "said", "title", "check"),
    [
        ("RequiredAttribute", "BrandId", "The BrandId field is required.", "BrandId is required", "missing-reference"),
        ("NotEmptyValidator", "SalesPriceList", "", "SalesPriceList is required", "price-missing"),
        ("unknown-reference", "BrandId", "Brand with id ‹number› does not exist.", "Brand that does not exist", "invalid-reference"),
        ("unknown-reference", "Category", "Category with id ‹number› does not exist.", "Category that does not exist", "invalid-reference"),
        ("unknown-reference", "ClientNumber", "Client with number ‹value› does not exist.", "A client that does not exist", "client-product-unknown-client"),
        ("unknown-reference", "WholesalerArticleNumber", "Product with WholesalerArticleNumber ‹article› does not exist.", "An article that does not exist", "client-product-unknown-article"),
        ("duplicate-article", None, "Product with WholesalerArticleNumber ‹article› already exists.", "An article number that is taken", "own-and-linked"),
        ("invalid-ean", "EanCode", "The field EanCode must be a valid EAN code.", "EanCode is no EAN", "invalid-ean"),
        ("forbidden-character", "WholesalerArticleNumber", "", "A forbidden character", "forbidden-characters"),
        ("not-an-end-node", None, "Category ‹number› is not an end node.", "A category with subcategories", "category-not-leaf"),
        ("StringLengthAttribute", "Localizations[].Name", "", "Localizations[].Name is too long or too short", "text-missing"),
        ("RangeAttribute", "SalesPriceListPromo", "", "SalesPriceListPromo is out of range", "promo-invalid"),
        ("ModelState_AttemptedValueIsInvalid", "EanCode", "", "EanCode has the wrong form", "invalid-ean"),
        ("EmailAddressAttribute", "Email", "", "Email is no e-mail address", None),
        ("ModelBinding_MissingRequestBodyRequiredMember", None, "", "A request without a body", None),
        ("UnexpectedJsonEnd", None, "", "JSON that was cut off", None),
    ],
)  # fmt: skip
def test_rules(rule: str, field: str | None, said: str, title: str, check: str | None) -> None:
    told = meaning("PUT", "Products", "400", rule, field, f"PUT Products: {said}")
    assert told.title == title
    assert (told.checks[0] if told.checks else None) == check


@pytest.mark.parametrize(
    ("kind", "said", "title"),
    [
        ("401", "Authorization has been denied.", "Login refused"),
        ("404", "Order ‹order› of client ‹value› does not exist.", "An order that does not exist"),
        ("404", "Nothing here.", "Not found"),
        ("405", "No.", "A call that does not exist"),
        ("409", "No.", "A conflict"),
        ("415", "No.", "A form the shop does not read"),
        ("429", "Slow down.", "Too many requests"),
        ("500", "Execution Timeout Expired after ‹number› ms.", "The shop took too long"),
        (
            "System.Data.SqlClient.SqlException",
            "Transaction was deadlocked.",
            "Two requests in each other's way",
        ),
        ("System.NullReferenceException", "Object reference not set.", "The shop failed"),
        ("500", "Request ‹GUID› failed.", "The shop failed"),
        ("400", "L'article ‹article› n'existe pas dans l'assortiment.", "An article that does not exist"),
        ("400", "Het artikel ‹article› bestaat niet in het assortiment.", "An article that does not exist"),
        ("404", "No central product has EAN ‹GTIN›.", "An EAN that is not central"),
        ("400", "The text ‹value› holds a character that is not allowed.", "A forbidden character"),
        ("400", "Client with number ‹value› already exists.", "Client that exists already"),
        ("400", "The moon is full.", "A refused request"),
    ],
)
def test_what_no_rule_tells(kind: str, said: str, title: str) -> None:
    assert meaning("PUT", "Products", kind, None, None, f"PUT Products: {said}").title == title


def test_the_route_is_not_what_was_said() -> None:
    told = meaning(
        "POST",
        "ClientProducts",
        "400",
        "unknown-reference",
        "Brand",
        "POST ClientProducts: Brand with id 3 does not exist.",
    )
    assert told.title == "Brand that does not exist"


def test_a_batch_that_was_refused_in_part() -> None:
    told = meaning("POST", "ClientProducts/Multiple", "400", None, None, "POST ClientProducts/Multiple: No.")
    assert told.title == "Rows of a batch that were refused"
    assert told.guide == "Chapter 9.1: ClientProducts"


def test_rows_of_which_nothing_is_known() -> None:
    told = meaning(
        None, "", "unknown", None, None, "A request: no message, status or exception that the settings know"
    )
    assert told.title == "Rows that nobody understands yet"


@pytest.mark.parametrize(
    ("route", "field", "guide"),
    [
        ("Products", "BrandId", "Chapter 6.1: Products; chapter 4.2: Brands"),
        ("ProductPhotos/‹id›", None, "Chapter 6.7: ProductPhotos"),
        ("Clients/OrderListItems", None, "Chapter 8.15: Clients/OrderListItems"),
        ("Clients/ProcessClientOrders", None, "Chapter 10.2: ClientOrders/ProcessOrders"),
        ("Brands", None, "Chapter 4.2: Brands"),
        ("ErrorLogs", None, "Chapter 11: ErrorLogs"),
        ("Elsewhere", None, "Chapter 1.2: the API"),
    ],
)
def test_chapters(route: str, field: str | None, guide: str) -> None:
    assert meaning("GET", route, "400", None, field, f"GET {route}: No.").guide == guide


@pytest.mark.parametrize("rule", sorted({one.rule for one in TEMPLATES} | {"none of ours"}))
@pytest.mark.parametrize(
    "field", [None, "BrandId", "clientProducts[].ClientNumber", "EanCode", "SalesPriceList"]
)
def test_every_rule_has_words_and_checks_that_exist(rule: str, field: str | None) -> None:
    told = meaning("PUT", "Products", "400", rule, field, "PUT Products: No.")
    assert all(text and "{" not in text for text in (told.title, told.what, told.usually, told.guide))
    assert set(told.checks) <= set(CHECKS)
