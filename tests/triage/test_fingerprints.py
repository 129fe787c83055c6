"""Which rows are one problem: an example for each case that is not obvious."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from checks.triage import MASKS_VERSION, fingerprinted

MakeRows = Callable[..., pl.DataFrame]
Problems = Callable[..., int]


def model(*errors: tuple[str, str], **columns: Any) -> dict[str, Any]:
    """A row with model errors: key and message each."""
    return {"model_errors": [{"field": key, "message": text} for key, text in errors], **columns}


@pytest.mark.parametrize(
    "told",
    [
        ["Product with WholesalerArticleNumber VV12 already exists.", "Product with WholesalerArticleNumber 7 already exists."],
        ["Order 12345670 is gone.", "Order 12345671 is gone.", "Order SO-3 is gone."],  # the first is a GTIN by chance
        ["Articles A1, A2 and A3 are gone.", "Articles B1 and B2 are gone.", "Articles C1, C2 and C3 are gone."][::2],
        ["Products A1, A2 are gone.", "Products A1 are gone.", "Products A1; A2; A3 are gone."],
        ["L'article 'X' n'existe pas.", "L'article 'd'Arc' n'existe pas.", "L'article 'l'été à la crème' n'existe pas."],
        ["Op 's avonds 'kaas' gezocht.", "Op 's avonds 'melk' gezocht."],
        ["The code «A» is used.", "The code «B C» is used."],
        ["The code “A” is used.", "The code “B C” is used."],
        ["Photo of VV<12 is gone.", "Photo of VV:13 is gone.", "Photo of VV\\14 is gone.", "Photo of 15 is gone."],
        ["Sent to ***@klant.example.", "Sent to ***@horeca.example."],
        ["Failed at 0xdeadbeef.", "Failed at 0x7f3a."],
        ["Request 0a1b2c3d-0000-4000-8000-00000000abcd failed.", "Request deadbeef-0000-4000-8000-00000000abcd failed."],
        ["Not on 2026-11-25.", "Not on 25/11/2026 10:30.", "Not on 2026-11-25T10:30:07.123+01:00."],
        ["Timeout after 30 s.\r\n   at A.B() in C:\\a.cs:line 12", "Timeout after 31 s.\r\n   at Q.R() in D:\\q.cs:line 7"],
        ["  Brand  is\tgone. ", "Brand is gone."],
        ["BRAND is gone.", "brand is gone."],
        ["<h1>Gone</h1>", "<html><body class='x'><h2>Gone</h2></body></html>"],
        ['{"Message":"Gone: 12"}', '{"Code":3,"Message":"Gone: 13","Trace":"y"}', "Gone: 4"],
    ],
)  # fmt: skip
def test_one_problem(problems: Problems, told: list[str]) -> None:
    assert problems(*told) == 1


@pytest.mark.parametrize(
    "told",
    [
        ["Brand with id 4 does not exist.", "Category with id 4 does not exist."],
        ["L'article n'existe pas.", "L'auteur n'existe pas."],
        ["The file could not be read.", "The file could not be written."],
        ["", "Gone."],
        [{"message": "Gone.", "status_code": 404}, {"message": "Gone.", "status_code": 410}],
        [{"message": "Gone.", "method": "PUT"}, {"message": "Gone.", "method": "POST"}],
        [{"message": "Gone.", "url": "/api/Products"}, {"message": "Gone.", "url": "/api/Brands"}],
        [model(("BrandId", "No.")), model(("CategoryId", "No."))],
        [model(("BrandId", "The BrandId field is required.")), model(("BrandId", "The field BrandId is invalid."))],
    ],
)  # fmt: skip
def test_several_problems(problems: Problems, told: list[Any]) -> None:
    assert problems(*told) == len(told)


def test_a_rule_is_one_problem_in_whatever_language(make_rows: MakeRows) -> None:
    told = fingerprinted(
        "main",
        make_rows(
            "'Name' must not be empty.",
            "'Name' mag niet leeg zijn.",
            "'Name' ne doit pas être vide.",
            model(("product.Name", "'Naam van het artikel' mag niet leeg zijn.")),
        ),
    )
    assert told["fingerprint"].n_unique() == 1
    assert set(told["rule"]) == {"NotEmptyValidator"}
    assert set(told["field"]) == {"Name"}


def test_a_field_is_one_by_its_key_or_its_name(problems: Problems) -> None:
    text = "The Ean Code field is required."
    assert (
        problems(text, model(("product.EanCode", text)), model(("EanCode", text)), model(("$.eanCode", text)))
        == 1
    )


def test_positions_in_lists_do_not_matter(problems: Problems) -> None:
    assert problems(*(model((f"clientProducts[{n}].Prices[{n}].Net", "No.")) for n in (0, 7, 1234))) == 1
    assert problems(*(f"The Prices[{n}].Net field is required." for n in (0, 7, 1234))) == 1


def test_a_row_with_several_errors_belongs_to_the_least(problems: Problems, make_rows: MakeRows) -> None:
    brand, ean = ("product.BrandId", "The BrandId field is required."), ("product.EanCode", "Bad code 12.")
    assert problems(model(brand, ean), model(ean, brand), model(brand)) == 1
    told = fingerprinted("main", make_rows(model(ean, brand)))
    assert told.select("field", "rule", "text").row(0) == ("BrandId", "RequiredAttribute", brand[1])


def test_an_error_that_says_nothing_gives_way(problems: Problems) -> None:
    listed = {"errors": ["One or more validation errors occurred.", "Brand with id 3 does not exist."]}
    assert problems(listed, "Brand with id 4 does not exist.") == 1


def test_an_exception_says_more_than_an_error_has_occurred(problems: Problems) -> None:
    one, other = (
        {
            "message": "An error has occurred.",
            "status_code": 500,
            "exception": f"System.{name}Exception: {name}!",
        }
        for name in ("Timeout", "NullReference")
    )
    assert problems(one, other) == 2


def test_a_kind_of_exception_where_there_is_no_status(make_rows: MakeRows) -> None:
    row = {
        "status_code": None,
        "message": "Deadlock.",
        "exception": "System.Data.SqlClient.SqlException: Deadlock.",
    }
    told = fingerprinted("main", make_rows(row, {"status_code": None, "message": "Deadlock."}))
    assert told["kind"].to_list() == ["System.Data.SqlClient.SqlException", "unknown"]


def test_an_article_number_without_digits_that_the_row_names(problems: Problems) -> None:
    of_body = {"message": "Product MELK is gone.", "body": '{"WholesalerArticleNumber": "MELK"}'}
    of_query = {
        "message": "Product KAAS VOL is gone.",
        "url": "/api/Products?WholesalerArticleNumber=KAAS%20VOL",
    }
    assert problems(of_body, of_query, "Product VV12 is gone.") == 1
    assert problems("Product MELK is gone.", "Product KAAS is gone.") == 2


def test_a_value_never_becomes_a_field(problems: Problems) -> None:
    assert problems("Product 123 with id 5 does not exist.", "Product 456 with id 5 does not exist.") == 1


@pytest.mark.parametrize(
    ("url", "route"),
    [
        ("/api/LinkProducts?EanCode=5400000000003", "LinkProducts"),
        ("https://shop2.example.be/api/Clients/OrderListItems?x=1", "Clients/OrderListItems"),
        ("/api/ClientLocations/4711?ClientNumber=K1", "ClientLocations/‹id›"),
        ("api/Products/", "Products"),
        ("/API/Products", "Products"),
        ("/api", ""),
        (None, ""),
    ],
)
def test_routes(make_rows: MakeRows, url: str | None, route: str) -> None:
    assert fingerprinted("main", make_rows({"url": url}))["route"].to_list() == [route]


def test_routes_are_compared_without_case(problems: Problems) -> None:
    assert problems({"url": "/api/Products"}, {"url": "/API/products?x=1"}) == 1


def test_rows_that_say_nothing_are_kept(make_rows: MakeRows) -> None:
    nothing = dict.fromkeys(("method", "url", "status_code", "errors", "model_errors"))
    told = fingerprinted("main", make_rows({**nothing, "raw": '{"a":1}'}, {**nothing, "raw": '{"b":2}'}))
    assert told["fingerprint"].n_unique() == 1
    assert told["kind"].to_list() == ["unknown", "unknown"]


def test_columns_that_are_there_already_are_made_anew(make_rows: MakeRows) -> None:
    once = fingerprinted("main", make_rows("Order 1 is gone.", "Brand is gone."))
    assert fingerprinted("main", once).equals(once)


def test_the_version_of_the_masks_is_short() -> None:
    assert len(MASKS_VERSION) == 20
