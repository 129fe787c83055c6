"""What matches an own article with a central product, what only suggests it, and what a person makes of that."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from checks.errors import Stopped, UsageError
from checks.frames import FRAMES
from checks.onboarding.matching.content import compared, content, shown
from checks.onboarding.matching.match import Matches, match_articles
from checks.onboarding.matching.names import name_words
from checks.onboarding.matching.words import meanings
from checks.onboarding.shapes import ARTICLES, DOUBTED, MATCHED, SUGGESTED
from checks.progress import Progress, State

SOUP, COLA, COLA_BOX, MAYO, WAFER = (
    "5410000000019",
    "5410000000026",
    "15410000000023",
    "5410000000040",
    "5410000000057",
)

#: supplier id -> name
LISTED = {3: "Groothandel Noord NV", 8: "Dranken Zuid"}


def frame(schema: pl.Schema, rows: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame([dict.fromkeys(schema) | row for row in rows], schema=schema)


def articles(*rows: dict[str, Any]) -> pl.DataFrame:
    return frame(
        ARTICLES,
        [{"row": place + 2, "article_number": f"A{place + 1}", **row} for place, row in enumerate(rows)],
    )


def central(*rows: dict[str, Any]) -> pl.DataFrame:
    numbered = [{"product_id": place + 1, "is_package": False, **row} for place, row in enumerate(rows)]
    for row in numbered:
        if "fra" in row:
            texts = {"nld": row["name"], "fra": row.pop("fra")}
            row["texts"] = [
                {"language": code, "name": name, "description": None} for code, name in texts.items()
            ]
        if "code" in row:
            supplier, code = row.pop("code")
            row["suppliers"] = [{"supplier_id": supplier, "article_code": code}]
    return frame(FRAMES["central_products"].schema, numbered)


LIST = central(
    {"ean": SOUP, "name": "Tomatensoep met balletjes", "fra": "Soupe aux tomates et boulettes", "brand": "Kokstad", "total_content": 500.0, "content_type": "G", "code": (3, "TS-10")},
    {"ean": COLA, "name": "Cola", "fra": "Cola", "brand": "Bruis", "total_content": 33.0, "content_type": "CL", "package_ean": COLA_BOX},
    {"ean": COLA_BOX, "name": "Cola 24 x 33 cl", "fra": "Cola 24 x 33 cl", "brand": "Bruis", "total_content": 7.92, "content_type": "L", "is_package": True, "unit_ean": COLA},
    {"ean": MAYO, "name": "Mayonaise", "fra": "Mayonnaise", "brand": "Devos", "total_content": 1.0, "content_type": "KG"},
    {"ean": WAFER, "name": "Luikse wafels met suiker", "fra": "Gaufres de Liège au sucre", "brand": "Bosmolens", "total_content": 400.0, "content_type": "G", "code": (8, "0042")},
)  # fmt: skip
CODES = frame(
    FRAMES["supplier_articles"].schema,
    [
        {"supplier_id": 3, "supplier": LISTED[3], "article_code": "TS-10"},
        {"supplier_id": 8, "supplier": LISTED[8], "article_code": "0042"},
        {"supplier_id": 8, "supplier": LISTED[8], "article_code": "0777"},
    ],
)


def match(*rows: dict[str, Any], products: pl.DataFrame = LIST, **others: Any) -> Matches:
    return match_articles(articles(*rows), products, **others)


def pairs(found: Matches) -> list[tuple[str, str, int]]:
    return found.matched.select("article_number", "stage", "product_id").rows()


def doubt(found: Matches) -> str:
    """The one reason there is; and the product it is about stands first among the suggestions, with it."""
    assert found.matched.is_empty()
    ((number, product, reason),) = found.doubted.select("article_number", "product_id", "reason").rows()
    if product is not None and product in found.central["product_id"]:
        first = found.suggested.row(0, named=True)
        assert (first["article_number"], first["rank"]) == (number, 1)
        assert (first["product_id"], first["why"]) == (product, reason)
    return str(reason)


class TestByEan:
    def test_the_same_code_however_it_is_written(self) -> None:
        found = match(
            {"name": "TOMATENSOEP BALLETJES", "ean": "0" + SOUP}, {"name": "Cola blik", "ean": f" {COLA} "}
        )
        assert pairs(found) == [("A1", "gtin", 1), ("A2", "gtin", 2)]
        row = found.matched.row(0, named=True)
        assert row["code"] == "0" + SOUP
        assert (row["central_ean"], row["central_name"]) == (SOUP, "Tomatensoep met balletjes")
        assert row["score"] == 1.0
        assert found.suggested.is_empty()

    def test_a_carton_is_the_carton_not_the_piece(self) -> None:
        assert pairs(match({"name": "Cola 24x33cl", "ean": COLA_BOX})) == [("A1", "gtin", 3)]

    @pytest.mark.parametrize(
        "sold",
        [
            {"unit_sales_price": "DOOS"},
            {"unit_sales_price": "Colli"},
            {"unit_sales_price": "per karton"},
            {"unit_sales_price": "CE"},
            {"multiplier_type": "carton"},
        ],
    )
    def test_a_pieces_code_on_a_box_is_a_doubt(self, sold: dict[str, Any]) -> None:
        box = {"name": "Cola", "brand": "Bruis", "ean": COLA, "amount_of_units": 24}
        assert doubt(match(box | sold)) == (
            f"Sold by the box, and the code {COLA} is that of the piece: Cola has a carton around it with a code of its own."
        )

    @pytest.mark.parametrize(
        "sold",
        [
            {"unit_sales_price": "ST", "amount_of_units": 24},
            {"unit_sales_price": "stuk", "multiplier_type": "doos", "amount_of_units": 24},
            {"unit_sales_price": "DOOS", "amount_of_units": 1},
            {"unit_sales_price": "DOOS"},
            {"amount_of_units": 24},
        ],
    )
    def test_a_piece_that_is_packed_in_boxes_matches(self, sold: dict[str, Any]) -> None:
        assert pairs(match({"name": "Cola", "ean": COLA} | sold)) == [("A1", "gtin", 2)]

    def test_a_box_without_a_carton_in_the_list_matches(self) -> None:
        mayo = {"name": "Mayonaise", "ean": MAYO, "unit_sales_price": "doos", "amount_of_units": 6}
        box = {"name": "Cola 24x33cl", "ean": COLA_BOX, "unit_sales_price": "doos", "amount_of_units": 24}
        assert pairs(match(mayo, box)) == [("A1", "gtin", 4), ("A2", "gtin", 3)]

    def test_an_in_store_number_never_matches(self) -> None:
        shop = central({"ean": "2000000000015", "name": "Mayonaise"})
        assert "in-store number" in doubt(match({"name": "Mayonaise", "ean": "2000000000015"}, products=shop))

    def test_a_code_of_two_central_products(self) -> None:
        twice = central({"ean": MAYO, "name": "Mayonaise"}, {"ean": "0" + MAYO, "name": "Mayonaise"})
        found = match({"name": "Mayonaise", "ean": MAYO}, products=twice)
        assert found.matched.is_empty()
        assert found.doubted["product_id"].to_list() == [1, 2]
        assert set(found.doubted["reason"]) == {f"EAN {MAYO} is that of 2 central products."}
        assert found.suggested["product_id"].to_list() == [1, 2]

    def test_two_articles_with_one_code(self) -> None:
        found = match({"name": "Mayonaise", "ean": MAYO}, {"name": "Mayonaise", "ean": "0" + MAYO})
        assert found.matched.is_empty()
        assert found.doubted["article_number"].to_list() == ["A1", "A2"]
        assert "stands at 2 articles of the file (A1, A2)" in found.doubted["reason"][0]

    def test_a_product_that_another_of_our_articles_is_linked_to(self) -> None:
        linked = LIST.with_columns(article_numbers=pl.when(pl.col("ean") == MAYO).then(pl.lit(["B7"])))
        assert doubt(match({"name": "Mayonaise", "ean": MAYO}, products=linked)).endswith(
            "linked already, as B7."
        )

    def test_a_product_that_this_very_article_is_linked_to(self) -> None:
        linked = LIST.with_columns(article_numbers=pl.when(pl.col("ean") == MAYO).then(pl.lit(["B7", "A1"])))
        assert pairs(match({"name": "Mayonaise", "ean": MAYO}, products=linked)) == [("A1", "gtin", 4)]

    @pytest.mark.parametrize(
        ("article", "says"),
        [
            ({"ean": COLA_BOX}, "carton around this central product"),
            ({"unit_ean": COLA}, "piece inside the article"),
            ({"carton_ean": COLA}, "carton around the article"),
        ],
    )
    def test_only_the_code_of_the_piece_or_the_carton(self, article: dict[str, Any], says: str) -> None:
        without_box = LIST.filter(pl.col("ean") != COLA_BOX)
        assert says in doubt(match({"name": "Cola Bruis", **article}, products=without_box))

    def test_a_code_of_the_piece_inside_a_carton(self) -> None:
        without_piece = LIST.filter(pl.col("ean") != COLA)
        assert "piece inside this central product" in doubt(
            match({"name": "Cola", "ean": COLA}, products=without_piece)
        )

    def test_a_deleted_product(self) -> None:
        gone = frame(
            FRAMES["deleted_central_products"].schema,
            [{"product_id": 9, "ean": "5410000000095", "name": "Oude kaas"}],
        )
        found = match({"name": "Oude kaas", "ean": "5410000000095"}, deleted=gone)
        assert doubt(found) == "The central product with EAN 5410000000095 (Oude kaas) was deleted."
        assert found.doubted["product_id"].to_list() == [9]

    def test_a_code_that_only_the_list_of_codes_has(self) -> None:
        eans = pl.DataFrame({"ean": ["5410000000095"]})
        found = match({"name": "Oude kaas", "ean": "5410000000095"}, central_eans=eans)
        assert "stands in the central EAN list" in doubt(found)
        assert found.doubted["product_id"].to_list() == [None]

    def test_an_unreadable_code_finds_nothing(self) -> None:
        found = match(
            {"name": "Mayonaise", "ean": "5,41E+12"},
            {"name": "Mayonaise", "ean": "5410000000045"},
            {"name": "x"},
        )
        assert found.matched.is_empty()
        assert found.doubted.is_empty()


class TestSomebodyElsesCode:
    def test_name_brand_and_content_contradict(self) -> None:
        article = {
            "name": "Hamburgers 80 g",
            "brand": "Slagerij Peeters",
            "ean": MAYO,
            "total_content": 80.0,
            "content_type": "g",
        }
        reason = doubt(match(article))
        assert reason.startswith("The code is that of Mayonaise: name ")
        assert reason.endswith("% alike, of another brand, with another content.")

    def test_another_name_with_the_same_brand_and_content_is_a_translation(self) -> None:
        dutch = central(
            {
                "ean": SOUP,
                "name": "Kippenbouillon",
                "brand": "Kokstad",
                "total_content": 500.0,
                "content_type": "G",
            }
        )
        article = {"name": "Fond de volaille 500 g", "brand": "KOKSTAD", "ean": SOUP}
        assert pairs(match(article, products=dutch)) == [("A1", "gtin", 1)]

    def test_any_language_of_the_central_texts_will_do(self) -> None:
        assert pairs(match({"name": "GAUFRES LIEGE SUCRE", "ean": WAFER})) == [("A1", "gtin", 5)]

    def test_another_product_fits_far_better(self) -> None:
        crisps = central(
            {"ean": SOUP, "name": "Chips paprika", "brand": "Krok"},
            {"ean": COLA, "name": "Chips zout", "brand": "Krok"},
        )
        reason = doubt(match({"name": "CHIPS ZOUT", "brand": "Krok", "ean": SOUP}, products=crisps))
        assert reason == f"Chips zout (EAN {COLA}) fits far better than this one, which has the code."

    def test_without_a_name_nothing_contradicts(self) -> None:
        assert pairs(match({"ean": MAYO})) == [("A1", "gtin", 4)]


class TestBySupplier:
    def test_the_suppliers_own_code(self) -> None:
        article = {"name": "Tomatensoep", "supplier": "GROOTHANDEL NOORD", "supplier_code": " ts-10 "}
        found = match(article, supplier_codes=CODES)
        assert pairs(found) == [("A1", "supplier-code", 1)]
        assert found.matched.select("code", "supplier_id").row(0) == ("ts-10", 3)

    def test_names_that_a_person_mapped(self) -> None:
        article = {"name": "Tomatensoep", "supplier": "Noord (oud)", "supplier_code": "TS-10"}
        assert pairs(match(article, supplier_codes=CODES)) == []
        assert pairs(match(article, suppliers={"Noord (oud)": 3})) == [("A1", "supplier-code", 1)]

    def test_the_same_code_of_another_supplier_is_another_code(self) -> None:
        article = {"name": "Tomatensoep", "supplier": LISTED[8], "supplier_code": "TS-10"}
        assert pairs(match(article, supplier_codes=CODES)) == []

    def test_an_ean_that_found_something_goes_before_it(self) -> None:
        article = {"name": "Mayonaise", "ean": MAYO, "supplier": LISTED[3], "supplier_code": "TS-10"}
        assert pairs(match(article, supplier_codes=CODES)) == [("A1", "gtin", 4)]

    def test_an_in_store_number_does_not_stand_in_its_way(self) -> None:
        shop = pl.concat([LIST, central({"product_id": 70, "ean": "2000000000015", "name": "Kaas"})])
        article = {
            "name": "Tomatensoep",
            "ean": "2000000000015",
            "supplier": LISTED[3],
            "supplier_code": "TS-10",
        }
        found = match(article, products=shop, supplier_codes=CODES)
        assert pairs(found) == [("A1", "supplier-code", 1)]
        assert found.doubted.is_empty()

    def test_a_piece_and_its_carton_share_a_code(self) -> None:
        both = central(
            {"ean": COLA, "name": "Cola", "code": (8, "55")},
            {"ean": COLA_BOX, "name": "Cola, doos van 24", "code": (8, "55"), "is_package": True},
        )
        article = {"name": "Cola", "supplier": "Dranken Zuid", "supplier_code": "55"}
        found = match(article, products=both, suppliers={"Dranken Zuid": 8})
        assert found.matched.is_empty()
        assert set(found.doubted["reason"]) == {"Article code 55 is that of 2 central products."}

    def test_zeros_in_front_are_a_doubt(self) -> None:
        article = {"name": "Luikse wafels", "supplier": LISTED[8], "supplier_code": "42"}
        assert "zeros in front differ" in doubt(match(article, supplier_codes=CODES))

    def test_another_article_has_its_ean(self) -> None:
        by_code = {"name": "Tomatensoep", "supplier": LISTED[3], "supplier_code": "TS-10"}
        found = match({"name": "Tomatensoep", "ean": SOUP}, by_code, supplier_codes=CODES)
        assert pairs(found) == [("A1", "gtin", 1)]
        assert found.doubted.select("article_number", "reason").rows() == [
            ("A2", "Article A1 has the EAN of this central product.")
        ]

    def test_a_code_given_to_a_new_product(self) -> None:
        article = {"name": "Vissoep", "ean": "5410000000996", "supplier": LISTED[3], "supplier_code": "TS-10"}
        assert doubt(match(article, supplier_codes=CODES)).startswith("The code is that of Tomatensoep")

    def test_a_code_that_no_central_product_has(self) -> None:
        article = {"name": "Limonade", "supplier": LISTED[8], "supplier_code": "0777"}
        assert "stands in the supplier's central list" in doubt(match(article, supplier_codes=CODES))


class TestSuggestions:
    @pytest.mark.parametrize(
        ("article", "product"),
        [
            ({"name": "BALLETJES IN TOMATENSOEP"}, 1),
            ({"name": "Tom.soep m/balletjes", "brand": "Kokstad"}, 1),
            ({"name": "SOUPE TOMATES BOULETTES 0,5KG"}, 1),
            ({"name": "Tomatensoep met baleltjes"}, 1),
            ({"name": "BRUIS COLA 0.33L"}, 2),
            ({"name": "COLA BRUIS 24X33CL"}, 3),
            ({"name": "Devos mayo 1000gr"}, 4),
            ({"name": "LUIKSE WAFELS MET SUIK", "total_content": 0.4, "content_type": "kilo"}, 5),
        ],
    )
    def test_as_article_files_write_them(self, article: dict[str, Any], product: int) -> None:
        found = match(article)
        assert found.matched.is_empty()
        assert found.suggested.row(0, named=True)["product_id"] == product

    def test_they_say_why(self) -> None:
        first = match(
            {
                "name": "SOEP TOMATEN BALLETJES",
                "brand": "kokstad",
                "total_content": 0.5,
                "content_type": "KG",
            }
        ).suggested.row(0, named=True)
        assert first["why"] == "same brand, name 85 % alike, same content"
        assert first["central_brand"] == "Kokstad"
        assert first["central_content"] == "500 g"
        assert 0.5 < first["score"] < 1

    def test_another_content_lowers_the_score(self) -> None:
        def score(amount: float) -> float:
            article = {"name": "Mayonaise", "brand": "Devos", "total_content": amount, "content_type": "KG"}
            return float(match(article).suggested["score"][0])

        assert score(1.0) > 0.9
        assert score(5.0) < 0.5 * score(1.0)

    def test_products_that_fit_equally_share_the_chance(self) -> None:
        three = central(*({"ean": None, "name": "Mayonaise", "brand": brand} for brand in ("A", "B", "C")))
        found = match({"name": "Mayonaise"}, products=three).suggested
        assert found["score"].n_unique() == 1
        assert found["score"].sum() < 1
        assert set(found["why"]) == {"name 100 % alike, 2 others fit as well"}

    def test_as_many_as_asked_and_ranked(self) -> None:
        ten = central(*({"name": f"Mayonaise {kind}"} for kind in "abcdefghij"))
        found = match({"name": "Mayonaise c"}, products=ten, most=3).suggested
        assert found["rank"].to_list() == [1, 2, 3]
        assert found["central_name"][0] == "Mayonaise c"
        with pytest.raises(UsageError, match="at least one"):
            match({"name": "x"}, most=0)

    def test_what_is_matched_is_offered_to_nobody_else(self) -> None:
        found = match({"name": "Mayonaise", "ean": MAYO}, {"name": "Mayonaise"})
        assert pairs(found) == [("A1", "gtin", 4)]
        assert 4 not in found.suggested["product_id"]


class TestNothing:
    def test_without_articles_or_products(self) -> None:
        for found in (
            match(),
            match({"name": "Mayonaise", "ean": MAYO}, products=LIST.clear()),
            match(products=LIST.clear()),
        ):
            assert found.matched.schema == MATCHED
            assert found.suggested.schema == SUGGESTED
            assert found.doubted.schema == DOUBTED
            assert found.matched.is_empty()
            assert found.suggested.is_empty()

    def test_rows_without_number_and_numbers_that_come_twice(self) -> None:
        found = match(
            {"name": "x", "article_number": None, "ean": SOUP},
            {"ean": MAYO, "name": "Mayonaise", "article_number": "B"},
            {"ean": COLA, "article_number": "B"},
        )
        assert pairs(found) == [("B", "gtin", 4)]
        assert found.articles["article_number"].to_list() == ["B"]


class TestConfirm:
    FOUND = match(
        {"name": "Mayonaise", "ean": MAYO}, {"name": "Cola Bruis"}, {"name": "Cola"}, {"name": "Tomatensoep"}
    )

    def test_a_suggestion_is_taken(self) -> None:
        sure = self.FOUND.confirm({"A2": 2})
        row = sure.matched.filter(article_number="A2").row(0, named=True)
        assert (row["stage"], row["product_id"], row["code"]) == ("confirmed", 2, COLA)
        score = self.FOUND.suggested.filter(article_number="A2", product_id=2)["score"][0]
        assert row["score"] == score
        assert sure.suggested.filter(article_number="A2").is_empty()
        assert self.FOUND.matched.height == 1

    def test_what_is_taken_is_withdrawn_from_the_others(self) -> None:
        before = self.FOUND.suggested.filter(article_number="A3")
        after = self.FOUND.confirm({"A2": 2}).suggested.filter(article_number="A3")
        assert 2 in before["product_id"]
        assert 2 not in after["product_id"]
        assert after["rank"].to_list() == list(range(1, after.height + 1))

    def test_none_of_these(self) -> None:
        sure = self.FOUND.confirm({"A4": None, "A1": None})
        assert set(sure.suggested["article_number"]) == {"A2", "A3"}
        assert sure.matched.is_empty()
        assert sure.refused == {"A1", "A4"}
        again = sure.confirm({"A4": 1})
        assert again.refused == {"A1"}

    def test_a_doubted_article(self) -> None:
        found = match({"name": "Hamburgers", "ean": MAYO})
        assert found.confirm({"A1": 4}).doubted.is_empty()
        assert found.confirm({"A1": None}).doubted.is_empty()

    def test_a_product_that_is_matched_already(self) -> None:
        with pytest.raises(
            UsageError, match=r"central product 4 \(Mayonaise\) is that of article A1 already"
        ):
            self.FOUND.confirm({"A2": 4})
        with pytest.raises(UsageError, match="A2 already"):
            self.FOUND.confirm({"A2": 2, "A3": 2})

    def test_both_at_once(self) -> None:
        sure = self.FOUND.confirm({"A2": 4, "A1": None})
        assert pairs(sure) == [("A2", "confirmed", 4)]

    def test_what_is_not_there(self) -> None:
        with pytest.raises(UsageError, match="no article A99"):
            self.FOUND.confirm({"A99": 2})
        with pytest.raises(UsageError, match="no central product 99"):
            self.FOUND.confirm({"A2": 99})

    def test_the_summary_counts_every_article_once(self) -> None:
        found = match(
            {"name": "Mayonaise", "ean": MAYO},
            {"name": "Cola"},
            {"name": "Hamburgers", "ean": SOUP},
            {"name": "qqqqq"},
            {"name": "Luikse wafels"},
        )
        counted = dict(found.confirm({"A2": 2, "A5": None}).summary().select("stage", "articles").rows())
        assert counted == {
            "gtin": 1,
            "supplier-code": 0,
            "confirmed": 1,
            "doubted": 1,
            "suggested": 0,
            "none of these": 1,
            "nothing found": 1,
        }
        assert found.summary()["share"].sum() == pytest.approx(1)


class TestContent:
    def told(
        self, name: str, amount: float | None = None, unit: str | None = None, pieces: int | None = None
    ) -> pl.DataFrame:
        one = pl.DataFrame(
            {"name": [name], "amount": [amount], "unit": [unit], "pieces": [pieces]},
            schema={"name": pl.String, "amount": pl.Float64, "unit": pl.String, "pieces": pl.Int64},
        )
        return one.select(
            content=content(*(pl.col(column) for column in ("name", "amount", "unit", "pieces")))
        )

    @pytest.mark.parametrize(
        ("name", "people_write"),
        [
            ("Cola 6 x 33 cl", "6 x 330 ml"),
            ("COLA 33CLX24", "24 x 330 ml"),
            ("Cola 24/33cl", "24 x 330 ml"),
            ("Bier 4x6x33cl", "24 x 330 ml"),
            ("Melk 1L", "1 l"),
            ("Frieten 2,5kg", "2.5 kg"),
            ("Kaas 35% 500GR.", "500 g"),
            ("Eieren 30 st", "30 st"),
            ("Chips 3D", None),
            ("Choco 70%", None),
        ],
    )
    def test_in_a_name(self, name: str, people_write: str | None) -> None:
        assert self.told(name).select(shown("content")).item() == people_write

    def test_in_columns(self) -> None:
        assert self.told("Melk", 0.5, "KG").select(shown("content")).item() == "500 g"
        assert self.told("Cola 6 x 33 cl", 33, "cl").select(shown("content")).item() == "6 x 330 ml"
        assert self.told("Cola 6 x 33 cl", 198, "cl").select(shown("content")).item() == "6 x 330 ml"
        assert self.told("Cola 33 cl", 24, "ST").select(shown("content")).item() == "24 x 330 ml"
        assert self.told("Cola", 7.92, "L", 24).select(shown("content")).item() == "24 x 330 ml"

    @pytest.mark.parametrize(
        ("one", "two", "said"),
        [
            ("500 g", "0,5 kg", "same"),
            ("6 x 33 cl", "33CLX6", "same"),
            ("6 x 33 cl", "1,98 l", "in all"),
            ("33 cl", "0.33L", "same"),
            ("6 x 33 cl", "33 cl", "pack"),
            ("6 x 33 cl", "24 x 33 cl", "pack"),
            ("450 g", "500 g", "near"),
            ("500 g", "1 kg", "other"),
            ("1 kg", "1 l", "near"),
            ("500 g", "6 st", None),
            ("", "500 g", None),
        ],
    )
    def test_compared(self, one: str, two: str, said: str | None) -> None:
        both = self.told(one).select(ours="content").hstack(self.told(two).select(theirs="content"))
        assert both.select(compared("ours", "theirs")).item() == said


def test_words_of_a_name_are_read_without_its_content() -> None:
    written = pl.DataFrame({"name": ["CHOC.MELK 70% 6x33CL z/s", "Crème d'été m/ham 500g", "Water"]})
    assert written.select(name_words(pl.col("name"))).to_series().to_list() == [
        "choc melk 70 zonder suiker",
        "creme d ete met ham",
        "water",
    ]


def test_words_that_are_cut_abbreviated_or_mistyped() -> None:
    known = ["chocolade", "melk", "wafel", "kropkaak", "zonder", "mosterd"]
    terms = pl.DataFrame(
        {"term": known, "products": [5] * 6}, schema={"term": pl.String, "products": pl.UInt32}
    )
    found = meanings(pl.Series(["choc", "wafels", "krpkk", "mosetrd", "melk", "qqq"]), terms)
    best = dict(found.select("word", "term").rows())
    assert best == {
        "choc": "chocolade",
        "wafels": "wafel",
        "krpkk": "kropkaak",
        "mosetrd": "mosterd",
        "melk": "melk",
    }
    assert found.filter(word="melk")["likeness"].to_list() == [1.0]


def test_matching_tells_how_far_it_is_and_can_be_stopped() -> None:
    class Told(Progress):
        def __init__(self) -> None:
            super().__init__()
            self.steps: list[tuple[str, State]] = []

        def step(
            self, source: str, step: str, done: int, total: int | None = None, state: State = "running"
        ) -> None:
            self.steps.append((step, state))

    told = Told()
    match({"name": "Cola"}, progress=told)
    assert [step for step, state in told.steps if state == "done"] == ["names", "codes", "suggestions"]
    told.stop()
    with pytest.raises(Stopped):
        match({"name": "Cola"}, progress=told)
