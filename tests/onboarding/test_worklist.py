"""What has to be done with each article of a file."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from checks.findings import FOUND
from checks.frames import FRAMES
from checks.onboarding.matching.match import Matches
from checks.onboarding.references.mapping import References, map_references
from checks.onboarding.shapes import DOUBTED, MATCHED, PROBLEMS, SUGGESTED
from checks.onboarding.worklist import Worklist, make_worklist
from tests.onboarding.articles_made import articles

CENTRAL = pl.DataFrame(
    [
        {"product_id": 100, "ean": "5412345000013", "name": "Appelsap", "is_package": False},
        {
            "product_id": 200,
            "ean": None,
            "name": "Kaas",
            "is_package": True,
            "suppliers": [{"supplier_id": 7, "article_code": "Z9"}, {"supplier_id": 9, "article_code": "X1"}],
        },
        {"product_id": 300, "ean": None, "name": "Zonder", "is_package": False, "suppliers": []},
    ],
    schema=FRAMES["central_products"].schema,
)


def table(name: str, *rows: tuple[Any, str]) -> pl.DataFrame:
    schema = FRAMES[name].schema
    key = "abbreviation" if "abbreviation" in schema else "id"
    return pl.DataFrame([{key: one, "name": text} for one, text in rows], schema=schema)


TABLES = {
    "brands": table("brands", (3, "Bocage")),
    "categories": table("categories", (30, "Sappen")),
    "storage_conditions": table("storage_conditions", (1, "Droog")),
    "content_types": table("content_types", ("L", "liter")),
    "unit_sales_prices": table("unit_sales_prices", ("ST", "stuk")),
    "multiplier_types": table("multiplier_types", ("KG", "kilogram")),
    "producers": table("producers", (5, "Bocage")),
    "suppliers": table("suppliers", (9, "Frigo")),
}


def matches(
    data: pl.DataFrame,
    matched: list[dict[str, Any]] | None = None,
    suggested: list[dict[str, Any]] | None = None,
    doubted: list[dict[str, Any]] | None = None,
) -> Matches:
    return Matches(
        pl.DataFrame(matched or [], schema=MATCHED),
        pl.DataFrame(suggested or [], schema=SUGGESTED),
        pl.DataFrame(doubted or [], schema=DOUBTED),
        data.select("article_number"),
        CENTRAL.select("product_id", "ean", "name"),
    )


def mapped(data: pl.DataFrame) -> References:
    return map_references(data, TABLES)


def worklist(data: pl.DataFrame, found: Matches | None = None, **options: Any) -> Worklist:
    return make_worklist(data, found or matches(data), mapped(data), CENTRAL, **options)


def action(made: Worklist, number: str = "A1") -> tuple[str, list[str]]:
    row = made.table.filter(pl.col("article_number") == number).row(0, named=True)
    return row["action"], row["reasons"]


def by_gtin(product_id: int = 100, ean: str | None = "5412345000013") -> dict[str, Any]:
    return {
        "article_number": "A1",
        "stage": "gtin",
        "code": ean,
        "product_id": product_id,
        "central_ean": ean,
        "central_name": "Appelsap",
        "score": 1.0,
    }


def suggestion(score: float) -> dict[str, Any]:
    return {
        "article_number": "A1",
        "rank": 1,
        "score": score,
        "product_id": 100,
        "central_ean": "5412345000013",
        "central_name": "Appelsap",
        "why": "same brand",
    }


def finding(check: str) -> pl.DataFrame:
    row = {"check": check, "severity": "error", "key": "A1", "message": f"{check}!"}
    return pl.DataFrame([row], schema=FOUND)


def test_what_is_not_central_and_lacks_nothing_is_created() -> None:
    made = worklist(articles({}))
    assert action(made) == ("create", [])
    assert list(made.creates) == ["A1"]
    assert made.creates["A1"]["BrandId"] == 3
    assert made.left == {}


def test_what_matches_by_gtin_is_linked_by_it() -> None:
    data = articles({"brand": "Nobody knows it"})  # a link needs no brand
    made = worklist(data, matches(data, [by_gtin()]))
    assert action(made) == ("link", [])
    assert made.links["A1"]["EanCode"] == "5412345000013"
    assert made.creates == {}


def test_what_matches_by_a_suppliers_code_is_linked_by_that_code() -> None:
    data = articles({"ean": None})
    match = {**by_gtin(200, None), "stage": "supplier-code", "code": "X1", "supplier_id": 9}
    made = worklist(data, matches(data, [match]))
    assert made.links["A1"]["Supplier"] == {"Id": 9, "ArticleCode": "X1", "IsPackageProduct": True}


def test_a_confirmed_product_without_an_ean_is_linked_by_any_code_it_has() -> None:
    data = articles({"ean": None})
    match = {**by_gtin(200, None), "stage": "confirmed", "code": None}
    assert worklist(data, matches(data, [match])).links["A1"]["Supplier"]["ArticleCode"] == "Z9"


def test_a_central_product_that_has_no_code_at_all_cannot_be_linked() -> None:
    data = articles({})
    made = worklist(data, matches(data, [{**by_gtin(300, None), "stage": "confirmed"}]))
    assert action(made) == (
        "lacks",
        [
            "Its central product has no EAN and no supplier's code of its own to link by: link it in the shop itself."
        ],
    )


def test_of_two_central_products_with_one_ean_the_chosen_one_is_linked_by_a_code_that_only_it_has() -> None:
    """The shop is told by a code which product is meant: one that two have could lead to the other."""
    twin = {
        "product_id": 400,
        "ean": "5412345000013",
        "name": "Zalmkroketten",
        "suppliers": [{"supplier_id": 9, "article_code": "T4"}],
    }
    central = pl.concat([CENTRAL, pl.DataFrame([twin], schema=CENTRAL.schema)])
    data = articles({})

    def confirmed(product: int) -> Worklist:
        found = matches(data, [{**by_gtin(product), "stage": "confirmed"}])
        return make_worklist(data, found, mapped(data), central)

    assert confirmed(400).links["A1"]["Supplier"]["ArticleCode"] == "T4"
    assert confirmed(400).products == {"A1": 400}
    assert action(confirmed(100))[0] == "lacks"  # the other has no code but the one that both have


def test_a_name_without_an_id_has_to_be_mapped_first() -> None:
    made = worklist(articles({"brand": "Bokkage", "storage_condition": None}))
    assert action(made) == (
        "lacks",
        [
            "Its brand 'Bokkage' is not mapped to the shop's table yet.",
            "It has no storage condition: fill it in, or choose one for all articles without.",
        ],
    )


def test_a_likely_suggestion_has_to_be_decided_first() -> None:
    data = articles({"ean": None})
    made = worklist(data, matches(data, suggested=[suggestion(0.87)]))
    assert action(made) == ("decide", ["Perhaps Appelsap (87%: same brand). Accept it, or none."])
    assert made.left.keys() == {"A1"}


def test_two_halves_of_a_chance_have_to_be_decided_too() -> None:
    """Equal products share the score."""
    data = articles({"ean": None})
    halves = [suggestion(0.4975), {**suggestion(0.4975), "rank": 2, "product_id": 200, "central_ean": None}]
    made = worklist(data, matches(data, suggested=halves))
    assert action(made) == (
        "decide",
        ["Perhaps Appelsap (50%: same brand), or one of 1 more. Accept it, or none."],
    )


def test_an_optional_name_without_an_id_holds_an_own_product_back_until_it_is_decided() -> None:
    data = articles({"producer": "Onbekend", "ean": None})
    made = worklist(data)
    assert action(made) == (
        "lacks",
        ["Its producer 'Onbekend' is not mapped to the shop's table yet: choose one, or none."],
    )
    decided = mapped(data).choose("producer", "Onbekend", "none")
    assert action(make_worklist(data, matches(data), decided, CENTRAL))[0] == "create"


def test_a_multiplier_without_its_type_is_no_content() -> None:
    assert "has no type" in action(worklist(articles({"multiplier_amount": 6.0})))[1][0]


def test_an_unlikely_one_does_not_stand_in_the_way() -> None:
    data = articles({"ean": None})
    found = matches(data, suggested=[suggestion(0.3)])
    assert action(worklist(data, found))[0] == "create"
    assert action(worklist(data, found, decide_from=0.2))[0] == "decide"


def test_a_value_that_could_not_be_read_holds_an_article_back() -> None:
    """Not sent as if nothing stood there: an article with status U is not simply active."""
    problem = {"key": "A1", "field": "active", "kind": "unreadable", "message": "'U' is neither yes nor no."}
    problems = pl.DataFrame([problem], schema=PROBLEMS)
    data = articles({})
    assert action(worklist(data, problems=problems)) == ("lacks", ["'U' is neither yes nor no."])
    assert action(worklist(data, matches(data, [by_gtin()]), problems=problems))[0] == "lacks"
    assert action(worklist(data, problems=problems, send_despite=["unreadable"]))[0] == "create"


def test_a_promotion_that_is_none_holds_an_article_back() -> None:
    found = finding("promo-invalid").with_columns(severity=pl.lit("warning"))
    assert action(worklist(articles({}), findings=found))[0] == "lacks"


def test_what_a_person_says_is_not_the_product_of_its_code_is_created_without_that_code() -> None:
    data = articles({})
    doubt = {"article_number": "A1", "code": "5412345000013", "product_id": 100, "reason": "another thing"}
    refused = matches(data, suggested=[suggestion(0.1)], doubted=[doubt]).confirm({"A1": None})
    made = worklist(data, refused)
    assert action(made) == (
        "create",
        ["Without its EAN 5412345000013: you said that it is another product's."],
    )
    assert "EanCode" not in made.creates["A1"]


def test_a_doubted_code_is_decided_however_low_its_score() -> None:
    data = articles({})
    doubt = {"article_number": "A1", "code": "5412345000013", "product_id": 100, "reason": "another thing"}
    found = matches(data, suggested=[suggestion(0.1)], doubted=[doubt])
    # a person is asked about the code, not to believe in one chance of ten
    said = "Its code leads to Appelsap, but: same brand. Accept it, or say none."
    assert action(worklist(data, found)) == ("decide", [said])
    assert action(worklist(data, found.confirm({"A1": None})))[0] == "create"
    assert action(worklist(data, found.confirm({"A1": 100})))[0] == "link"


def test_an_error_is_mended_first_unless_a_person_lets_it_through() -> None:
    data = articles({})
    found = finding("price-missing")
    assert action(worklist(data, findings=found)) == ("lacks", ["price-missing!"])
    assert action(worklist(data, findings=found, send_despite=["price-missing"]))[0] == "create"


def test_an_ean_that_is_none_is_left_out_where_a_person_lets_the_article_through() -> None:
    data, found = articles({"ean": "8,71E+12"}), finding("invalid-ean")
    assert action(worklist(data, findings=found))[0] == "lacks"
    made = worklist(data, findings=found, send_despite=["invalid-ean"])
    assert "EanCode" not in made.creates["A1"]


@pytest.mark.parametrize(("check", "wanted"), [("invalid-ean", "link"), ("price-missing", "lacks")])
def test_of_a_link_only_what_it_takes_along_counts(check: str, wanted: str) -> None:
    data = articles({})
    assert action(worklist(data, matches(data, [by_gtin()]), findings=finding(check)))[0] == wanted


def test_what_the_shop_has_is_left_alone() -> None:
    made = worklist(articles({}), there=["A1"])
    assert action(made) == ("there", ["The shop has this article number already."])
    assert made.links == made.creates == {}


def test_the_summary_counts_every_article_once() -> None:
    data = articles({}, {"article_number": "A2", "brand": "Bokkage"})
    made = worklist(data)
    assert dict(made.summary().select("action", "articles").iter_rows()) == {
        "link": 0,
        "create": 1,
        "decide": 0,
        "lacks": 1,
        "there": 0,
    }
    assert repr(made) == "Worklist of 2 articles: 0 link, 1 create, 0 decide, 1 lacks, 0 there"
