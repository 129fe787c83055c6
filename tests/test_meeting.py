"""Where the systems meet: which article of a supplier is which of the shop's, and what a source that did not answer means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
import pytest

from checks.frames import FRAMES, Collected
from checks.gtin import check_digit
from checks.matching import assortment_of, pairs
from checks.meeting import meet
from checks.settings import Settings
from checks.settings_sources import MatchSettings

PIECE, CARTON, OTHER, IN_STORE = "5400000000003", "15400000000000", "8710000000008", "2000000000008"
Row = dict[str, Any]
Found = Mapping[str, Mapping[str, Collected]]


def frame(name: str, rows: list[Row]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=FRAMES[name].schema, orient="row")


def product(number: str = "A1", **more: Any) -> Row:
    return {"article_number": number, "active": True, "name": "Grijze garnalen", "ean": PIECE, **more}


def article(key: str = "1", **more: Any) -> Row:
    usual = {"article_code": f"code-{key}", "name": "Garnalen", "standing": "current", "ean": PIECE}
    return {"article_key": key, **usual, "gross_price": 5.0, **more}


def source(system: str, name: str, **more: Any) -> Row:
    return {
        "system": system,
        "name": name,
        "base_url": "https://x.example/api",
        "login": "a",
        "password": "b",
        **more,
    }


SHOP, KRUITBOSCH = source("oresto", "shop"), source("kruitbosch", "kruitbosch")
IB = source("ib", "ib", companies=["one"])
ERP = source("easyflor", "erp", database="x")


def settings(*sources: Row) -> Settings:
    return Settings.model_validate({"sources": list(sources)})


def ok(source: str, name: str, rows: list[Row], **more: Any) -> Collected:
    return Collected(source, name, "ok", frame(name, rows), **more)


def shop(
    products: list[Row] | None = None, linked: list[Row] | None = None, name: str = "shop", **unusable: str
) -> dict[str, Collected]:
    own = [product()] if products is None else products
    return {
        "products": ok(name, "products", own, unusable=unusable),
        "linked_products": ok(name, "linked_products", linked or []),
    }


def catalogue(*rows: Row, name: str = "kruitbosch", **more: Any) -> dict[str, Collected]:
    return {"catalogue": ok(name, "catalogue", list(rows), **more)}


def no_past(source: str, frame: str) -> pl.DataFrame | None:
    return None


def rows_of(one: Collected) -> list[Row]:
    assert one.data is not None, one.message
    assert dict(one.data.schema) == dict(FRAMES[one.frame].schema)
    return one.data.to_dicts()


def matched(ours: list[Row], theirs: list[Row], **match: Any) -> set[tuple[str, str, str]]:
    """(article number, article key, by) of what is found."""
    way = MatchSettings(**match)
    sold = assortment_of("shop", frame("products", ours), frame("linked_products", []), way.supplier_id)
    found = pairs(sold.lazy(), frame("catalogue", theirs).lazy(), way).collect()
    return set(found.select("article_number", "article_key", "by").iter_rows())


def test_the_same_ean() -> None:
    assert matched([product()], [article(), article("2", ean=OTHER)]) == {("A1", "1", "gtin")}


@pytest.mark.parametrize("written", ["05400000000003", " 5400000000003 "])
def test_codes_are_compared_as_gtin_14(written: str) -> None:
    assert matched([product()], [article(ean=written)]) == {("A1", "1", "gtin")}


def test_a_upc_is_the_ean_with_a_zero_in_front() -> None:
    body = "03600029145"
    upc = (body + check_digit(body)).removeprefix("0").zfill(12)
    assert matched([product(ean=upc)], [article(ean=f"0{upc}")]) == {("A1", "1", "gtin")}


def test_a_carton_of_either_side() -> None:
    unit = {"label": "doos", "ean": CARTON}
    for ours in (product(ean=CARTON), product(ean=None, package_eans=[CARTON])):
        assert matched([ours], [article(ean=None, units=[unit])]) == {("A1", "1", "gtin")}
    assert matched([product(ean=OTHER, unit_eans=[PIECE])], [article()]) == {("A1", "1", "gtin")}


@pytest.mark.parametrize("code", ["5400000000004", "0000000000000", IN_STORE, "", None])
def test_codes_that_mean_nothing_elsewhere_match_nothing(code: str | None) -> None:
    assert matched([product(ean=code)], [article(ean=code)]) == set()


def test_the_article_number_in_the_column_of_the_settings() -> None:
    ours, theirs = [product(" A1 ", ean=None)], [article(match_code="A1 "), article("2", article_code="A1")]
    assert matched(ours, theirs, article_number="match_code") == {(" A1 ", "1", "article_number")}
    assert matched(ours, theirs, article_number="article_code") == {(" A1 ", "2", "article_number")}
    assert matched(ours, theirs) == set()


def test_empty_numbers_match_nothing() -> None:
    assert matched([product(" ", ean=None)], [article(match_code=" ")], article_number="match_code") == set()


def test_the_article_codes_that_the_shop_notes_of_its_suppliers() -> None:
    noted = [
        {"supplier_id": 7, "article_code": "code-1"},
        {"supplier_id": 8, "article_code": "code-2"},
        {"supplier_id": 7, "article_code": None},
    ]
    ours, theirs = [product(ean=None, suppliers=noted)], [article("1"), article("2")]
    assert matched(ours, theirs, supplier_id=7) == {("A1", "1", "supplier_code")}
    assert matched(ours, theirs) == set()


def test_found_in_several_ways_it_is_one_match_by_the_surest() -> None:
    ours = [product(suppliers=[{"supplier_id": 7, "article_code": "code-1"}])]
    theirs = [article(match_code="A1")]
    every = {"article_number": "match_code", "supplier_id": 7}
    assert matched(ours, theirs, **every) == {("A1", "1", "gtin")}
    assert matched(ours, theirs, gtin=False, **every) == {("A1", "1", "article_number")}


def test_the_assortment_of_all_shops_is_every_suppliers() -> None:
    sources = settings(SHOP, source("oresto", "second"), KRUITBOSCH, IB)
    both: Found = {
        "shop": shop([product(active=False)], [product("L1", ean="12")]),
        "second": shop(name="second"),
    }
    met = meet(sources, both, no_past)
    assert set(met["kruitbosch"]) == set(met["ib"]) == {"assortment"}
    told = [
        (row["shop"], row["article_number"], row["active"], row["linked"], row["gtins"])
        for row in rows_of(met["ib"]["assortment"])
    ]
    assert told == [
        ("shop", "A1", False, False, ["05400000000003"]),
        ("shop", "L1", True, True, []),
        ("second", "A1", True, False, ["05400000000003"]),
    ]


def test_what_is_an_own_and_a_linked_product_is_one_article() -> None:
    found: Found = {"shop": shop([product(active=False, ean=None)], [product(name="Garnaal")])}
    (row,) = rows_of(meet(settings(SHOP, IB), found, no_past)["ib"]["assortment"])
    assert (row["name"], row["active"], row["linked"], row["ean"]) == ("Grijze garnalen", True, False, PIECE)


def test_matches_of_a_shop_at_all_its_suppliers() -> None:
    found: Found = {
        "shop": shop(),
        "kruitbosch": catalogue(article(images=[{"name": "none"}, {"name": "a.jpg", "url": "https://x/a"}])),
        "ib": catalogue(article("one|9", standing="discontinued"), name="ib"),
    }
    rows = rows_of(meet(settings(SHOP, KRUITBOSCH, IB), found, no_past)["shop"]["supplier_matches"])
    assert [(row["supplier"], row["article_key"], row["standing"], row["image_url"]) for row in rows] == [
        ("kruitbosch", "1", "current", "https://x/a"),
        ("ib", "one|9", "discontinued", None),
    ]
    assert (rows[0]["image_name"], rows[0]["gross_price"], rows[0]["article_code"]) == (
        "a.jpg",
        5.0,
        "code-1",
    )


def test_the_price_of_another_quantity_is_no_price_of_a_piece() -> None:
    found: Found = {
        "shop": shop([product(package_eans=[CARTON])]),
        "kruitbosch": catalogue(article(ean=CARTON)),
    }
    (row,) = rows_of(meet(settings(SHOP, KRUITBOSCH), found, no_past)["shop"]["supplier_matches"])
    assert (row["by"], row["gross_price"]) == ("gtin", None)


def test_without_a_supplier_or_an_erp_there_is_nothing_to_meet() -> None:
    assert meet(settings(SHOP), {"shop": shop()}, no_past) == {"shop": {}}
    assert meet(settings(KRUITBOSCH), {"kruitbosch": catalogue()}, no_past) == {"kruitbosch": {}}


def test_a_source_that_was_not_asked_counts_as_it_was_last_seen() -> None:
    past = {("kruitbosch", "catalogue"): frame("catalogue", [article()])}
    met = meet(settings(SHOP, KRUITBOSCH), {"shop": shop()}, lambda *which: past.get(which))
    assert len(rows_of(met["shop"]["supplier_matches"])) == 1


def test_one_that_was_never_collected_says_so() -> None:
    one = meet(settings(SHOP, KRUITBOSCH), {"shop": shop()}, no_past)["shop"]["supplier_matches"]
    assert (one.status, one.data) == ("failed", None)
    assert one.message == (
        "kruitbosch: Supplier articles was not asked for in this run, and was never collected before. "
        "Run a health check of kruitbosch."
    )


def test_one_supplier_that_did_not_answer_fails_the_matches_whatever_was_there_before() -> None:
    broken = Collected("ib", "catalogue", "failed", message="the server answered 503.")
    found: Found = {"shop": shop(), "kruitbosch": catalogue(article()), "ib": {"catalogue": broken}}
    met = meet(settings(SHOP, KRUITBOSCH, IB), found, lambda *which: frame("catalogue", [article()]))
    one = met["shop"]["supplier_matches"]
    assert (one.status, one.data) == ("failed", None)
    assert one.message == "ib: Supplier articles could not be collected: the server answered 503."
    assert met["kruitbosch"]["assortment"].status == "ok"


def test_a_shop_that_did_not_answer_fails_the_assortment_of_every_supplier() -> None:
    broken = Collected("shop", "linked_products", "failed", message="no answer.")
    found: Found = {"shop": shop() | {"linked_products": broken}, "kruitbosch": catalogue(article())}
    met = meet(settings(SHOP, KRUITBOSCH), found, no_past)
    for one in (met["kruitbosch"]["assortment"], met["shop"]["supplier_matches"]):
        assert (one.status, one.message) == (
            "failed",
            "shop: Linked products could not be collected: no answer.",
        )


def test_what_cannot_be_judged_in_a_part_cannot_be_judged_in_what_is_made_of_it() -> None:
    found: Found = {
        "shop": shop(ean="EanCode came in no row."),
        "kruitbosch": catalogue(article(), unusable={"images": "Image came in no row."}),
    }
    met = meet(settings(SHOP, KRUITBOSCH), found, no_past)
    why = "shop, Own products: EanCode came in no row."
    assert met["kruitbosch"]["assortment"].unusable == {"gtins": why, "ean": why, "article_number": why}
    no_image = "kruitbosch, Supplier articles: Image came in no row."
    assert met["shop"]["supplier_matches"].unusable == {
        "image_url": no_image,
        "image_name": no_image,
        "article_number": why,
        "article_key": why,
        "by": why,
    }


def test_a_code_that_is_not_compared_may_be_gone() -> None:
    found: Found = {"shop": shop(), "kruitbosch": catalogue(article(), unusable={"match_code": "gone"})}
    met = meet(settings(SHOP, KRUITBOSCH), found, no_past)
    for one in (met["shop"]["supplier_matches"], met["kruitbosch"]["assortment"]):
        assert (one.status, one.unusable) == ("ok", {})


def test_debtors_by_the_number_of_the_settings() -> None:
    debtor = {"debtor_id": 7, "code": " C1 ", "name": "Klant", "blocked": True}
    found: Found = {"shop": shop(), "erp": {"debtors": ok("erp", "debtors", [debtor])}}
    for number, expected in (("code", "C1"), ("debtor_id", "7")):
        met = meet(settings(SHOP, {**ERP, "client_number": number}), found, no_past)
        assert rows_of(met["shop"]["erp_debtors"]) == [
            {**debtor, "erp": "erp", "client_number": expected, "elsewhere": False},
        ]
        assert met["erp"] == {}


def test_a_deferred_source_counts_as_it_was_last_seen() -> None:
    closed = Collected("erp", "debtors", "deferred", message="closed until 18:00 UTC.")
    found: Found = {"shop": shop(), "erp": {"debtors": closed}}
    past = frame("debtors", [{"debtor_id": 7, "code": "C1"}])
    met = meet(settings(SHOP, ERP), found, lambda *which: past)
    assert len(rows_of(met["shop"]["erp_debtors"])) == 1
    one = meet(settings(SHOP, ERP), found, no_past)["shop"]["erp_debtors"]
    assert one.message == "erp: Debtors could not be collected yet: closed until 18:00 UTC."


def test_a_code_of_the_debtors_that_cannot_be_judged() -> None:
    debtors = ok("erp", "debtors", [{"debtor_id": 7}], unusable={"code": "Code came in no row."})
    met = meet(settings(SHOP, ERP), {"shop": shop(), "erp": {"debtors": debtors}}, no_past)
    assert set(met["shop"]["erp_debtors"].unusable) == {"code", "client_number"}
