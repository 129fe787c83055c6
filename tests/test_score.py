"""The health score: what is sound, weighed; and what would raise it most."""

from __future__ import annotations

import json
from typing import Any

import polars as pl

from checks.score import Score, score


def result(check: str, entities: int | None, affected: dict[str, int] | None, **more: Any) -> dict[str, Any]:
    count = sum((affected or {}).values())
    return {
        "check": check,
        "status": "could_not_run" if entities is None else "failed" if count else "passed",
        "findings": more.pop("findings", count),
        "entities": entities,
        "accepted": more.pop("accepted", 0),
        "affected": None if affected is None else json.dumps(affected),
    }


def scored(*rows: dict[str, Any], **options: Any) -> Score:
    return score(pl.DataFrame(list(rows), infer_schema_length=None), **options)


def test_all_sound_is_a_hundred() -> None:
    assert scored(result("invalid-ean", 100, {}), result("missing-photo", 50, {})).value == 100


def test_the_share_of_sound_entities_weighs_by_severity() -> None:
    # a warning counts four tenths: half of the products without a photo cost 20 points
    both = scored(result("invalid-ean", 100, {"error": 10}), result("missing-photo", 100, {"warning": 50}))
    assert both.value == 70
    assert [(part.check, round(part.lost, 2)) for part in both.parts] == [
        ("missing-photo", 20.0),
        ("invalid-ean", 10.0),
    ]


def test_the_shop_is_the_mean_of_its_areas() -> None:
    found = scored(result("invalid-ean", 10, {"error": 4}), result("order-unknown-client", 10, {}))
    assert found.value == 80
    assert found.parts[0].lost == 20.0


def test_more_checks_do_not_make_a_shop_look_better() -> None:
    few = scored(result("invalid-ean", 10, {"error": 2}))
    many = scored(result("invalid-ean", 10, {"error": 2}), result("duplicate-ean", 10, {}))
    assert few.value == many.value == 80


def test_information_costs_nothing() -> None:
    assert scored(result("restricted-ean", 10, {"info": 10}), result("invalid-ean", 10, {})).value == 100


def test_what_a_person_accepted_is_sound() -> None:
    accepted = scored(result("invalid-ean", 10, {"error": 0}, findings=4, accepted=4))
    assert accepted.value == 100
    assert "4 accepted deviations count as sound" in accepted.sentence


def test_a_check_weighs_as_much_as_its_gravest_finding() -> None:
    late = scored(result("order-unprocessed", 10, {"warning": 1, "error": 1}), result("invalid-ean", 10, {}))
    (orders, _) = late.parts
    assert orders.weight == 1.0
    assert round(orders.lost, 2) == 7.0  # 14 points of its area, one of two


def test_a_run_from_before_severities_were_counted_still_has_its_score() -> None:
    old = pl.DataFrame({"check": ["missing-photo"], "status": ["failed"], "findings": [5], "entities": [10]})
    assert score(old).value == 80


def test_what_could_not_run_is_left_out_and_named() -> None:
    found = scored(result("invalid-ean", None, None), result("missing-photo", 10, {"warning": 5}))
    assert (found.value, found.not_judged) == (80, ("invalid-ean",))
    assert "1 could not run" in found.sentence
    assert scored(result("invalid-ean", None, None)).value is None


def test_where_most_could_not_run_there_is_no_score() -> None:
    blind = [result(check, None, None) for check in ("invalid-ean", "duplicate-ean", "order-unprocessed")]
    found = scored(*blind, result("missing-photo", 10, {}), result("order-unknown-client", 10, {}))
    assert found.value is None
    assert "too few for a score" in found.sentence


def test_an_area_that_nobody_looked_at_is_no_part_of_the_score() -> None:
    blind = [result(check, None, None) for check in ("invalid-ean", "duplicate-ean")]
    orders = [result(check, 10, {"error": 1}) for check in ("order-unknown-client", "order-unknown-article")]
    found = scored(*blind, result("linked-central-deleted", 10, {}), *orders)
    assert found.value == 80
    assert scored(*blind, result("linked-central-deleted", 10, {}), areas=["products"]).value is None


def test_one_area_alone() -> None:
    rows = (result("invalid-ean", 10, {"error": 5}), result("order-unprocessed", 10, {}))
    assert scored(*rows, areas=["orders"]).value == 100
    assert scored(*rows, areas=["products"]).value == 50


def test_what_would_raise_it_most_comes_first() -> None:
    found = scored(
        result("missing-photo", 100, {"warning": 30}),
        result("invalid-ean", 100, {"error": 20}),
        result("duplicate-ean", 100, {}),
    )
    assert [part.check for part in found.raise_most] == ["invalid-ean", "missing-photo"]


def test_an_area_has_no_more_than_its_points_to_lose() -> None:
    both = scored(result("invalid-ean", 2, {"error": 9}), result("duplicate-ean", 2, {"error": 2}))
    assert both.value == 0
    assert sum(part.lost for part in both.parts) == 100
