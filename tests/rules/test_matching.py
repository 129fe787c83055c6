"""matched_articles: which articles of a supplier does the shop sell?"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest

from checks.frames import FRAMES, Collected, Frames
from checks.meeting import meet
from checks.rules import run_checks
from checks.rules.check import Context
from checks.rules.matching import matched_articles
from checks.rules.run import Judged
from checks.settings import CheckSettings, Settings
from checks.settings_sources import MatchSettings

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
PIECE = "5400000000003"
OURS = {"shop": "shop", "article_number": "A1", "active": True, "gtins": [f"0{PIECE}"]}
THEIRS = {"article_key": "1", "article_code": "K1", "match_code": "A1", "ean": PIECE}


def matched(
    ours: list[dict[str, Any]], theirs: list[dict[str, Any]], **match: Any
) -> list[tuple[str, str, str, bool | None]]:
    data = {
        name: pl.DataFrame(rows, schema=FRAMES[name].schema, orient="row")
        for name, rows in (("assortment", ours), ("catalogue", theirs))
    }
    context = Context(Frames.of("ib", **data), CheckSettings(), NOW, MatchSettings(**match))
    found = matched_articles(context).collect()
    assert found.columns == ["article_key", "shop", "article_number", "active"]
    return sorted(found.iter_rows())


def test_by_gtin() -> None:
    assert matched([OURS], [THEIRS, THEIRS | {"article_key": "2", "ean": None}]) == [
        ("1", "shop", "A1", True)
    ]


@pytest.mark.parametrize("active", [True, False, None])
def test_whether_it_is_active(active: bool | None) -> None:
    assert matched([OURS | {"active": active}], [THEIRS]) == [("1", "shop", "A1", active)]


def test_by_article_number_where_the_settings_say_so() -> None:
    theirs = [THEIRS | {"ean": None}]
    assert matched([OURS], theirs) == []
    assert matched([OURS], theirs, article_number="match_code") == [("1", "shop", "A1", True)]
    assert matched([OURS], [THEIRS], gtin=False) == []


def test_found_in_two_ways_it_stands_there_once() -> None:
    assert len(matched([OURS], [THEIRS], article_number="match_code")) == 1


def test_each_shop_that_sells_it() -> None:
    second = OURS | {"shop": "second", "active": False}
    assert matched([OURS, second], [THEIRS]) == [("1", "second", "A1", False), ("1", "shop", "A1", True)]


def test_nothing_on_one_side() -> None:
    assert matched([], [THEIRS]) == []
    assert matched([OURS], []) == []


ASKING = ("supplier-blocked", "supplier-inactive", "supplier-new")
NOTED = {
    "article_number": "A1",
    "active": True,
    "suppliers": [{"supplier_id": 65, "article_code": "K1"}, {"supplier_id": 66, "article_code": "K2"}],
}


def judged(
    match: dict[str, Any], *, standing: str = "current", spoilt: str | None = None, of: str = "catalogue"
) -> Judged:
    """The checks that ask which articles are ours, of supplier articles K1 and K2, by a real meeting with the shop."""
    login = {"base_url": "https://x.example/api", "login": "a", "password": "b"}
    sources = [
        {"system": "oresto", "name": "shop", **login},
        {"system": "kruitbosch", "name": "kruitbosch", "match": match, **login},
    ]
    articles = [{"article_key": code, "article_code": code, "standing": standing} for code in ("K1", "K2")]
    rows: dict[str, tuple[str, list[dict[str, Any]]]] = {
        "products": ("shop", [NOTED]),
        "linked_products": ("shop", []),
        "catalogue": ("kruitbosch", articles),
    }
    found: dict[str, dict[str, Collected]] = {"shop": {}, "kruitbosch": {}}
    for name, (source, given) in rows.items():
        unusable = {spoilt: "gone."} if spoilt and of == name else {}
        data = pl.DataFrame(given, schema=FRAMES[name].schema, orient="row")
        found[source][name] = Collected(source, name, "ok", data, unusable=unusable)
    settings = Settings.model_validate({"sources": sources})
    met = meet(settings, found, lambda source, frame: None)["kruitbosch"]
    return run_checks(
        Frames("kruitbosch", {**found["kruitbosch"], **met}),
        CheckSettings(),
        NOW,
        only=ASKING,
        system="kruitbosch",
        beside={"shop"},
        match=MatchSettings(**match),
    )


def keys(one: Judged, check: str) -> list[str]:
    return one.found.filter(pl.col("check") == check)["key"].to_list()


@pytest.mark.parametrize(("supplier_id", "sold", "other"), [(65, "K1", "K2"), (66, "K2", "K1")])
def test_the_supplier_codes_of_the_shop_count_for_the_suppliers_own_checks(
    supplier_id: int, sold: str, other: str
) -> None:
    match = {"supplier_id": supplier_id}
    assert keys(judged(match, standing="blocked"), "supplier-blocked") == [sold]
    assert keys(judged(match, standing="inactive"), "supplier-inactive") == [sold]
    assert keys(judged(match), "supplier-new") == [other]
    assert keys(judged({}), "supplier-new") == ["K1", "K2"]


@pytest.mark.parametrize(
    ("match", "spoilt", "of", "why"),
    [
        ({"article_number": "article_code"}, "article_code", "catalogue", "kruitbosch, Supplier articles"),
        ({"article_number": "match_code"}, "match_code", "catalogue", "kruitbosch, Supplier articles"),
        ({"supplier_id": 65}, "article_code", "catalogue", "kruitbosch, Supplier articles"),
        ({"supplier_id": 65}, "suppliers", "products", "shop, Own products"),
    ],
)
def test_without_the_column_that_they_match_by_they_cannot_run(
    match: dict[str, Any], spoilt: str, of: str, why: str
) -> None:
    one = judged(match, spoilt=spoilt, of=of)
    assert {(each.status, each.message) for each in one.results} == {
        ("could_not_run", f"The shop's assortment: {why}: gone.")
    }
    assert len(one.results) == len(ASKING)
    assert {each.status for each in judged({}, spoilt=spoilt, of=of).results} <= {"passed", "failed"}
