"""Rules about Kruitbosch's catalogue, one thing wrong at a time."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from checks.findings import CheckResult
from checks.frames import FRAMES, Frames
from checks.rules import CHECKS, run_checks
from checks.settings import CheckSettings
from tests.rules.conftest import NOW

IDS = [check.id for check in CHECKS.values() if check.id.startswith("supplier-")]

ARTICLE: dict[str, Any] = {
    "article_key": "K1",
    "article_code": "K1",
    "name": "Rijst",
    "standing": "current",
    "ean": "5400000000003",
    "units": [],
    "images": [{"name": "a.jpg"}],
    "gross_price": 5.0,
    "recommended_price": 8.0,
}
OURS: dict[str, Any] = {
    "shop": "webshop",
    "article_number": "A1",
    "active": True,
    "linked": False,
    "gtins": ["05400000000003"],
}


def frame(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Rows of a frame; what is not given is null."""
    schema = FRAMES[name].schema
    return pl.DataFrame([{column: row.get(column) for column in schema} for row in rows], schema=schema)


def judged(
    rows: list[dict[str, Any]], ours: list[dict[str, Any]] | None = None
) -> tuple[pl.DataFrame, dict[str, CheckResult]]:
    frames = Frames.of(
        "kb",
        catalogue=frame("catalogue", rows),
        assortment=frame("assortment", [OURS] if ours is None else ours),
    )
    found = run_checks(frames, CheckSettings(), NOW, system="kruitbosch", beside={"shop"})
    return found.found, {result.check: result for result in found.results}


def found(
    check: str, *rows: dict[str, Any], ours: list[dict[str, Any]] | None = None
) -> list[tuple[str, str]]:
    data, results = judged([{**ARTICLE, **row} for row in rows], ours)
    assert results[check].status != "could_not_run", results[check].message
    return sorted(data.filter(pl.col("check") == check).select("key", "message").iter_rows())


@pytest.mark.parametrize("check", IDS)
def test_a_sound_article_passes(check: str) -> None:
    assert found(check, {}) == []


@pytest.mark.parametrize("check", IDS)
@pytest.mark.parametrize("frame_name", ["catalogue", "assortment"])
def test_a_missing_frame_cannot_be_judged(check: str, frame_name: str) -> None:
    frames = Frames.of("kb", catalogue=frame("catalogue", [ARTICLE]), assortment=frame("assortment", [OURS]))
    del frames.collected[frame_name]
    results = {
        one.check: one
        for one in run_checks(frames, CheckSettings(), NOW, system="kruitbosch", beside={"shop"}).results
    }
    needed = frame_name in CHECKS[check].needs
    assert (results[check].status == "could_not_run") == needed


def test_without_a_shop_nothing_is_asked_about_one() -> None:
    frames = Frames.of("kb", catalogue=frame("catalogue", [ARTICLE]))
    asked = {one.check for one in run_checks(frames, CheckSettings(), NOW, system="kruitbosch").results}
    assert not asked & {"supplier-blocked", "supplier-inactive", "supplier-new"}
    assert "supplier-invalid-ean" in asked


def test_supplier_invalid_ean() -> None:
    check = "supplier-invalid-ean"
    [(key, message)] = found(check, {"ean": "5400000000004"})
    assert key == "K1"
    assert "wrong check digit" in message.lower() or "check digit" in message
    [(_, told)] = found(check, {"ean": "123456789", "ean_written": "123456789"})
    assert "no zeros put back" in told
    assert found(check, {"ean": None}) == []
    assert found(check, {"ean": "5400000000004", "standing": "inactive"}) == []


def test_supplier_duplicate_ean() -> None:
    check = "supplier-duplicate-ean"
    # one as GTIN-12, the other as GTIN-13: the same GTIN-14
    twice = found(
        check, {"ean": "012345678905"}, {"article_key": "K2", "article_code": "K2", "ean": "0012345678905"}
    )
    assert [key for key, _ in twice] == ["K1", "K2"]
    assert "on 2 articles of this supplier: K1, K2" in twice[0][1]
    other = {"article_key": "K2", "article_code": "K2", "standing": "blocked"}
    assert found(check, {}, other) == []


def test_supplier_missing_image() -> None:
    check = "supplier-missing-image"
    for images in ([], None):
        assert found(check, {"images": images}) == [("K1", "K1 (Rijst) has no image.")]
    assert found(check, {"images": [], "standing": "blocked"}) == []


def test_supplier_price_missing() -> None:
    check = "supplier-price-missing"
    assert found(check, {"gross_price": None}) == [("K1", "K1 (Rijst) has no gross price.")]
    assert found(check, {"gross_price": 0.0})[0][1] == "K1 (Rijst) has a gross price of 0.0."
    assert "below the gross price" in found(check, {"recommended_price": 4.0})[0][1]
    assert found(check, {"recommended_price": None}) == []
    assert found(check, {"recommended_price": 5.0}) == []


@pytest.mark.parametrize(
    ("check", "standing"), [("supplier-blocked", "blocked"), ("supplier-inactive", "inactive")]
)
def test_supplier_blocked_and_inactive(check: str, standing: str) -> None:
    [(key, message)] = found(check, {"standing": standing})
    assert key == "K1"
    assert message == f"K1 (Rijst) is {standing} at the supplier, and you sell it as A1."
    assert found(check, {"standing": standing}, ours=[{**OURS, "active": False}]) == []
    assert found(check, {"standing": standing}, ours=[{**OURS, "gtins": ["05400000000010"]}]) == []


def test_supplier_new() -> None:
    check = "supplier-new"
    [(key, message)] = found(check, {}, ours=[])
    assert (key, message) == ("K1", "K1 (Rijst) is in the catalogue and not in your assortment.")
    # sold no more is known all the same
    assert found(check, {}, ours=[{**OURS, "active": False}]) == []
    assert found(check, {"standing": "inactive"}, ours=[]) == []


def test_every_one_is_named_here() -> None:
    assert set(IDS) == {
        "supplier-invalid-ean",
        "supplier-duplicate-ean",
        "supplier-missing-image",
        "supplier-price-missing",
        "supplier-blocked",
        "supplier-inactive",
        "supplier-new",
    }
