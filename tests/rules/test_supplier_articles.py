"""IB's articles: article-discontinued and the others, each alone, and all of them against what was planted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from checks.frames import FRAMES, Collected, Frames
from checks.rules import CHECKS, Judged, run_checks
from checks.sandbox.ib import IbSandbox
from checks.settings import CheckSettings
from checks.settings_sources import MatchSettings
from checks.sources.ib.collect_catalogue import day_of
from tests.rules.conftest import NOW
from tests.sources.ib.ground import collect

OF_IB = [check for check, one in CHECKS.items() if one.system == "ib"]
TODAY = day_of(NOW)
PRICE = {
    "kind": "gross",
    "label": "Brutoprijs",
    "amount": 2.0,
    "quantity": 1.0,
    "unit": "st",
    "valid_from": TODAY - timedelta(days=9),
    "valid_until": TODAY + timedelta(days=9),
    "active": True,
}
ARTICLE = {
    "article_key": "acme|1",
    "company": "acme",
    "article_code": "T1",
    "match_code": "A1",
    "name": "Tomaten",
    "standing": "current",
    "availability": "85E",
    "ean": "5400000000003",
    "units": [{"label": "1 st", "ean": "5400000000003"}, {"label": "12 st", "ean": "15400000000000"}],
    "images": [{"name": "1.jpg"}],
    "prices": [PRICE],
}
WAITING = {"article_key": "acme|1", "company": "acme", "name": "Tomaten", "kind": "changed", "changes": []}
OURS = {"shop": "webshop", "article_number": "A1", "name": "Tomaten", "active": True, "gtins": []}
SAME_EAN = {**OURS, "article_number": "B2", "gtins": ["05400000000003"]}


def frames(
    *articles: dict[str, Any],
    waiting: tuple[dict[str, Any], ...] = (),
    ours: tuple[dict[str, Any], ...] | None = None,
) -> Frames:
    rows: dict[str, Any] = {"catalogue": articles or (ARTICLE,), "catalogue_waiting": waiting}
    if ours is not None:
        rows["assortment"] = ours
    return Frames.of(
        "ib", **{name: pl.DataFrame(list(given), FRAMES[name].schema) for name, given in rows.items()}
    )


def judged(check: str, given: Frames) -> Judged:
    match = MatchSettings(article_number="match_code")
    return run_checks(given, CheckSettings(), NOW, only=[check], system="ib", match=match)


def found(check: str, given: Frames) -> list[dict[str, Any]]:
    one = judged(check, given)
    assert [result.message for result in one.results] == [None]
    return one.found.to_dicts()


def with_one(**changed: Any) -> Frames:
    return frames({**ARTICLE, **changed})


def price(**changed: Any) -> dict[str, Any]:
    return {**PRICE, **changed}


@pytest.mark.parametrize("check", OF_IB)
def test_a_sound_article_passes_every_check(check: str) -> None:
    assert found(check, frames()) == []


@pytest.mark.parametrize("check", OF_IB)
def test_a_frame_that_is_missing_or_not_to_be_trusted_is_never_judged(check: str) -> None:
    needs = CHECKS[check].needs
    for frame, columns in needs.items():
        whole = frames()
        rest = {name: one for name, one in whole.collected.items() if name != frame}
        for lacking in (
            Collected("ib", frame, "failed", message="HTTP 500"),
            replace(whole.collected[frame], unusable={columns[-1]: "it is gone."}),
        ):
            one = judged(check, Frames("ib", {**rest, frame: lacking}))
            assert [result.status for result in one.results] == ["could_not_run"]
            assert one.found.is_empty()


@pytest.mark.parametrize("check", [one for one in OF_IB if one != "article-unmoderated"])
def test_an_empty_catalogue_proves_nothing(check: str) -> None:
    empty = Frames.of("ib", catalogue=FRAMES["catalogue"].empty())
    assert [result.status for result in judged(check, empty).results] == ["could_not_run"]


@pytest.mark.parametrize(
    ("check", "standing", "severity", "told"),
    [
        ("article-discontinued", "discontinued", "error", "Tomaten is discontinued (92E)"),
        (
            "article-phasing-out",
            "phasing_out",
            "warning",
            "Tomaten is leaving the supplier's assortment (91E)",
        ),
    ],
)
def test_what_goes_is_told_of_what_the_shop_sells(
    check: str, standing: str, severity: str, told: str
) -> None:
    gone = {**ARTICLE, "standing": standing, "availability": "9xE"}
    (one,) = found(check, frames(gone, ours=(OURS,)))
    assert (one["key"], one["severity"], one["value"]) == ("acme|1", severity, "9xE")
    assert one["message"] == f"{told}, and you sell it as A1."
    by_ean = {**gone, "match_code": None}
    assert [row["message"] for row in found(check, frames(by_ean, ours=(SAME_EAN,)))] == [
        f"{told}, and you sell it as B2."
    ], "the same articles as the page counts: by whatever way they are known to be ours"
    for not_sold in ({**OURS, "active": False}, {**OURS, "article_number": "B2"}):
        assert found(check, frames(gone, ours=(not_sold,))) == []
    assert found(check, frames(ARTICLE, ours=(OURS,))) == []


@pytest.mark.parametrize("check", ["article-discontinued", "article-phasing-out"])
def test_without_a_shop_what_has_our_number_counts_as_ours(check: str) -> None:
    gone = {**ARTICLE, "standing": check.removeprefix("article-").replace("-", "_")}
    (one,) = found(check, frames(gone))
    assert one["message"].endswith(". It is our article A1.")
    assert found(check, frames({**gone, "match_code": " "})) == []


@pytest.mark.parametrize("check", ["article-discontinued", "article-phasing-out"])
def test_an_assortment_that_is_not_known_is_no_answer(check: str) -> None:
    known = frames(ours=(OURS,))
    for lacking in (
        Collected("ib", "assortment", "failed", message="webshop: Products could not be collected."),
        replace(known.collected["assortment"], unusable={"gtins": "the shop sends no EAN any more."}),
    ):
        one = judged(check, Frames("ib", {**known.collected, "assortment": lacking}))
        assert [result.status for result in one.results] == ["could_not_run"]


@pytest.mark.parametrize("code", [None, "", "  "])
def test_article_unmatched(code: str | None) -> None:
    (one,) = found("article-unmatched", with_one(match_code=code))
    assert one["severity"] == "info"
    assert len(found("article-unmatched", with_one(match_code=code, standing=None))) == 1
    assert found("article-unmatched", with_one(match_code=code, standing="discontinued")) == []


def test_article_invalid_ean() -> None:
    wrong = [
        {"label": "1 st", "ean": "5400000000004"},
        {"label": None, "ean": "doos"},
        {"label": "x", "ean": None},
    ]
    one, other = found("article-invalid-ean", with_one(units=wrong))
    assert (one["field"], one["value"]) == ("1 st", "5400000000004")
    assert "Tomaten, unit 1 st: EAN 5400000000004 has a wrong check digit" in one["message"]
    assert (other["field"], other["value"]) == ("unit 2", "doos")
    assert found("article-invalid-ean", with_one(units=[])) == []


def test_units_that_are_called_alike_are_told_apart() -> None:
    wrong = [
        {"label": "Stuk", "ean": "5400000000003"},
        {"label": "Stuk", "ean": "123"},
        {"label": "Doos", "ean": "456"},
        {"label": " Stuk ", "ean": "789"},
        {"label": " ", "ean": "12"},
        {"label": None, "ean": "34"},
    ]
    one = found("article-invalid-ean", with_one(units=wrong))
    assert {row["field"]: row["value"] for row in one} == {
        "Stuk (2)": "123",
        "Doos": "456",
        "Stuk (3)": "789",
        "unit 5": "12",
        "unit 6": "34",
    }


def test_article_missing_image() -> None:
    assert len(found("article-missing-image", with_one(images=[]))) == 1
    assert found("article-missing-image", with_one(images=[], standing="discontinued")) == []


@pytest.mark.parametrize(
    ("prices", "wrong"),
    [
        ([], True),
        (None, True),
        ([price(valid_until=TODAY - timedelta(days=1))], True),
        ([price(valid_from=TODAY + timedelta(days=1))], True),
        ([price(valid_until=TODAY)], False),
        ([price(valid_from=TODAY)], False),
        ([price(active=False)], False),
        ([price(valid_from=None, valid_until=None, active=False)], True),
        ([price(valid_from=None, valid_until=None, active=None)], False),
    ],
)
def test_article_no_active_price(prices: Any, wrong: bool) -> None:
    assert (found("article-no-active-price", with_one(prices=prices)) != []) is wrong
    assert found("article-no-active-price", with_one(prices=prices, standing="discontinued")) == []


def test_article_price_expired() -> None:
    ended = {"valid_until": date(2026, 11, 1), "active": False}
    (one,) = found(
        "article-price-expired", with_one(prices=[PRICE, price(kind="advies", label="Advies", **ended)])
    )
    assert one["message"] == "Tomaten: Advies ended on 2026-11-01."
    (one,) = found("article-price-expired", with_one(prices=[PRICE, price(**{**ended, "active": True})]))
    assert one["message"] == "Tomaten: a Brutoprijs that ended is called active."
    assert found("article-price-expired", with_one(prices=[PRICE, price(**ended)])) == []


@pytest.mark.parametrize(
    ("code", "standing", "told"),
    [
        ("77X", "unknown", "availability 77X, which is none of"),
        ("", "unknown", "no availability"),
        (None, None, "no availability"),
    ],
)
def test_article_unknown_availability(code: str | None, standing: str | None, told: str) -> None:
    (one,) = found("article-unknown-availability", with_one(standing=standing, availability=code))
    assert told in one["message"]


def test_article_unmoderated() -> None:
    changes = [{"field": f"field {number}", "before": "a", "after": "b"} for number in range(6)]
    waiting = (
        {**WAITING, "changes": changes},
        {**WAITING, "article_key": "acme|2", "kind": "new"},
        {**WAITING, "article_key": "acme|3"},
    )
    changed, new, nothing = found("article-unmoderated", frames(waiting=waiting))
    assert "field 3 and 2 more" in changed["message"]
    assert "there is no approved form" in new["message"]
    assert "in nothing that is compared" in nothing["message"]


@pytest.fixture(scope="module", params=[(1, 120), (2, 120), (3, 400)], ids=str)
def truly(request: pytest.FixtureRequest) -> Iterator[tuple[Judged, dict[str, set[tuple[str, str | None]]]]]:
    """All checks over what was really collected, and what was planted."""
    seed, size = request.param
    with IbSandbox(seed=seed, size=size) as sandbox:
        given = Frames("ib", collect(sandbox))  # type: ignore[arg-type]
        yield run_checks(given, CheckSettings(), sandbox.now(), only=OF_IB, system="ib"), sandbox.truth()


@pytest.mark.parametrize("check", OF_IB)
def test_a_check_finds_exactly_what_was_planted(
    truly: tuple[Judged, dict[str, set[tuple[str, str | None]]]], check: str
) -> None:
    judged, truth = truly
    assert truth.get(check), "something must be planted, or nothing is proved"
    assert set(judged.found.filter(check=check).select("key", "field").iter_rows()) == truth[check]
