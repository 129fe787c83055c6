"""Running the checks: passed, failed or could not run, and one check's trouble stays its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest

import checks.rules.run
from checks.errors import UsageError
from checks.findings import FOUND, CheckResult
from checks.frames import FRAMES, Collected, Frames
from checks.rules import CHECKS, Check, Context, Question, run_checks
from checks.rules.run import is_asked, judge
from checks.settings import CheckSettings

Make = Callable[..., Any]

#: What is asked of a shop that has nothing beside it.
OF_A_SHOP = [check.id for check in CHECKS.values() if is_asked(check, "oresto", ())]

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
SETTINGS = CheckSettings()


def status(results: list[CheckResult], check: str) -> str:
    (one,) = [result.status for result in results if result.check == check]
    return one


def test_all_is_well(shop: Make) -> None:
    judged = run_checks(shop(), SETTINGS, NOW)
    assert [(result.check, result.status) for result in judged.results] == [
        (check, "passed") for check in OF_A_SHOP
    ]
    assert judged.found.schema == FOUND
    assert judged.found.is_empty()


def test_found_has_exactly_the_schema_of_findings(shop: Make, product: Make) -> None:
    judged = run_checks(
        shop(products=[product(ean="x", brand_id=9), product(article_number="A/2")]), SETTINGS, NOW
    )
    assert judged.found.schema == FOUND
    needed = judged.found.select("check", "severity", "source", "entity", "key", "message")
    assert needed.null_count().sum_horizontal().item() == 0


def test_results_count_findings_and_entities(shop: Make, product: Make) -> None:
    own = [
        product(ean="x"),
        product(article_number="A2", ean=None),
        product(article_number="A3", active=False),
    ]
    results = {result.check: result for result in run_checks(shop(products=own), SETTINGS, NOW).results}
    assert (results["invalid-ean"].findings, results["invalid-ean"].entities) == (1, 2)
    assert (results["missing-photo"].findings, results["missing-photo"].entities) == (1, 2)
    assert (results["own-became-central"].findings, results["own-became-central"].entities) == (0, 3)
    assert all(result.seconds > 0 for result in results.values())


def test_findings_come_in_the_order_of_the_catalogue(shop: Make, product: Make) -> None:
    own = [product(article_number=f"A/{n}", ean="x", brand_id=None) for n in range(3)]
    found = run_checks(shop(products=own, photos=[]), SETTINGS, NOW).found
    order = found["check"].unique(maintain_order=True).to_list()
    assert order == [check for check in CHECKS if check in order]
    assert found.filter(check="invalid-ean")["key"].to_list() == ["A/0", "A/1", "A/2"]


def test_frames_without_rows_pass(shop: Make) -> None:
    judged = run_checks(shop(products=[], photos=[]), SETTINGS, NOW, only=["invalid-ean", "missing-photo"])
    assert {result.status for result in judged.results} == {"passed"}
    assert {result.entities for result in judged.results} == {0}


GROUPS = [
    (check.id, (names,) if isinstance(names, str) else names)
    for check in map(CHECKS.__getitem__, OF_A_SHOP)
    for names in check.needs_rows
]


@pytest.mark.parametrize(("check", "empty"), GROUPS)
def test_frames_that_are_never_empty(shop: Make, check: str, empty: tuple[str, ...]) -> None:
    judged = run_checks(shop(**{name: [] for name in empty}), SETTINGS, NOW, only=[check])
    assert status(judged.results, check) == "could_not_run"
    assert all(name in (judged.results[0].message or "") for name in empty)
    assert judged.found.is_empty()


@pytest.mark.parametrize("check", [check for check, names in GROUPS if len(names) > 1])
@pytest.mark.parametrize("one", ["products", "linked_products"])
def test_a_shop_may_have_only_own_or_only_linked_products(
    shop: Make, product: Make, check: str, one: str
) -> None:
    other = {"products", "linked_products"} - {one}
    frames = shop(**{one: [product()], **{name: [] for name in other}})
    assert status(run_checks(frames, SETTINGS, NOW, only=[check]).results, check) == "passed"


JUDGED = [
    (check.id, frame, column)
    for check in map(CHECKS.__getitem__, OF_A_SHOP)
    for frame in check.needs
    for column in check.needs[frame]
]


@pytest.mark.parametrize(("check", "frame", "column"), JUDGED)
def test_every_column_that_is_judged_must_be_usable_and_there(
    shop: Make, check: str, frame: str, column: str
) -> None:
    for changed in ({"unusable": {column: f"{column} was in no row."}}, {"data": shop()[frame].drop(column)}):
        frames = shop()
        frames.collected[frame] = replace(frames.collected[frame], **changed)
        (result,) = run_checks(frames, SETTINGS, NOW, only=[check]).results
        assert result.status == "could_not_run"
        assert column in (result.message or "")


@pytest.mark.parametrize("check", OF_A_SHOP)
def test_the_columns_a_check_names_are_all_it_judges(shop: Make, check: str) -> None:
    """It needs no other column to come to a verdict, but for those that its sentences show."""
    shown = {"title", "message", "name", "supplier"}
    frames = shop()
    for name, columns in CHECKS[check].needs.items():
        kept = [column for column in frames[name].columns if column in columns or column in shown]
        frames.collected[name] = replace(frames.collected[name], data=frames[name].select(kept))
    (result,) = run_checks(frames, SETTINGS, NOW, only=[check]).results
    assert result.status == "passed"


def test_what_else_makes_a_check_unfit(shop: Make) -> None:
    doubtful = replace(own_check("bad"), doubt=lambda frames: "Nobody believes this.")
    broken = replace(own_check("worse"), doubt=lambda frames: str(frames["products"]["no_such_column"]))
    judged = judge([doubtful, broken, own_check("good")], shop(), SETTINGS, NOW, None, "oresto")
    assert [result.status for result in judged.results] == ["could_not_run", "could_not_run", "failed"]
    assert judged.results[0].message == "Nobody believes this."


def test_disabled_checks_give_no_result(shop: Make) -> None:
    results = run_checks(shop(photos=[]), CheckSettings(disabled=["missing-photo"]), NOW).results
    assert "missing-photo" not in {result.check for result in results}
    assert len(results) == len(OF_A_SHOP) - 1


def test_only_some_checks(shop: Make) -> None:
    results = run_checks(shop(), SETTINGS, NOW, only=["duplicate-ean", "missing-photo"]).results
    assert [result.check for result in results] == ["missing-photo", "duplicate-ean"]


def test_a_check_that_does_not_exist(shop: Make) -> None:
    with pytest.raises(UsageError, match="mising-photo"):
        run_checks(shop(), SETTINGS, NOW, only=["mising-photo"])


def test_another_kind_of_source_has_none_of_these(shop: Make) -> None:
    results = run_checks(shop(), SETTINGS, NOW, system="easyflor").results
    of_the_shop = {check.id for check in CHECKS.values() if check.systems == ("oresto",)}
    assert not of_the_shop & {result.check for result in results}


NEEDED = [(check, frame) for check in OF_A_SHOP for frame in CHECKS[check].needs]


@pytest.mark.parametrize(("check", "frame"), NEEDED)
def test_a_missing_frame(shop: Make, check: str, frame: str) -> None:
    frames = shop()
    del frames.collected[frame]
    judged = run_checks(frames, SETTINGS, NOW)
    for result in judged.results:
        if frame in CHECKS[result.check].needs:
            assert (result.status, result.entities) == ("could_not_run", None)
            assert result.message == f"{FRAMES[frame].title} was not collected."
        else:
            assert result.status == "passed"


def test_a_frame_that_failed_says_why(shop: Make) -> None:
    frames = shop()
    frames.collected["photos"] = Collected("shop", "photos", "failed", message="500 on page 3")
    (result,) = run_checks(frames, SETTINGS, NOW, only=["missing-photo"]).results
    assert result.message == "Product photos could not be collected: 500 on page 3"


def test_an_unusable_column_stops_only_the_checks_that_judge_it(shop: Make, product: Make) -> None:
    frames = shop(products=[product(brand_id=None)], photos=[])
    unusable = {"brand_id": "BrandId was in no row."}
    frames.collected["products"] = replace(frames.collected["products"], unusable=unusable)
    judged = run_checks(frames, SETTINGS, NOW)
    assert status(judged.results, "missing-reference") == "could_not_run"
    assert status(judged.results, "invalid-reference") == "could_not_run"
    assert judged.found["check"].to_list() == ["missing-photo"]


def test_a_column_that_is_not_there(shop: Make) -> None:
    frames = shop()
    narrow = frames["products"].drop("category_ids")
    frames.collected["products"] = replace(frames.collected["products"], data=narrow)
    (result,) = run_checks(frames, SETTINGS, NOW, only=["category-not-leaf"]).results
    assert result.message == "Frame products has no column category_ids."


def own_check(name: str, **question: Any) -> Check:
    """A check of one question about products."""
    usual: dict[str, Any] = {"frame": "products", "wrong": pl.lit(True), "message": pl.lit("Wrong.")}
    asked = Question(**usual | question)
    return replace(CHECKS["missing-photo"], id=name, needs={"products": ()}, ask=lambda context: [asked])


@pytest.mark.parametrize(
    "question",
    [
        {"wrong": pl.col("no_such_column")},
        {"wrong": pl.col("name") > 3},
        {"wrong": pl.col("brand_id")},
        {"wrong": pl.col("name").cast(pl.Int64) > 0},
        {"wrong": lambda rows: rows.filter(pl.col("no_such_column"))},
        {"wrong": lambda rows: rows.filter(pl.col("name").cast(pl.Int64) > 0)},
        {"message": pl.col("no_such_column")},
        {"value": pl.col("name").str.to_datetime("%Y")},
        {"asked": pl.col("no_such_column")},
    ],
)
def test_a_check_that_raises_could_not_run_and_the_others_go_on(shop: Make, question: dict[str, Any]) -> None:
    judged = judge(
        [own_check("good"), own_check("bad", **question), own_check("fine", wrong=pl.lit(False))],
        shop(),
        SETTINGS,
        NOW,
        None,
        "oresto",
    )
    assert [result.status for result in judged.results] == ["failed", "could_not_run", "passed"]
    assert (judged.results[1].message or "").startswith("The check itself went wrong: ")
    assert "\n" not in (judged.results[1].message or "")
    assert judged.found["check"].to_list() == ["good"]


def test_a_check_that_cannot_even_ask(shop: Make) -> None:
    def ask(context: Context) -> Iterator[Question]:
        known = context.frames["brands"].get_column("no_such_column")
        yield Question("products", wrong=pl.col("brand_id").is_in(known), message=pl.lit("Wrong."))

    bad = replace(CHECKS["missing-photo"], id="bad", ask=ask)
    judged = judge([bad, own_check("good")], shop(), SETTINGS, NOW, None, "oresto")
    assert [result.status for result in judged.results] == ["could_not_run", "failed"]


def test_a_pandera_check_that_raises_could_not_run(shop: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    judge_one = checks.rules.run._is_fine

    def broken(data: Any) -> pl.LazyFrame:
        if data.key.startswith("bad/"):
            raise RuntimeError("out of order")
        return judge_one(data)

    monkeypatch.setattr(checks.rules.run, "_is_fine", broken)
    judged = judge([own_check("good"), own_check("bad")], shop(), SETTINGS, NOW, None, "oresto")
    assert [result.status for result in judged.results] == ["failed", "could_not_run"]
    assert "out of order" in (judged.results[1].message or "")
    assert judged.found["check"].to_list() == ["good"]


def test_a_message_with_a_hole_does_not_hide_the_finding(shop: Make) -> None:
    judged = judge([own_check("bad", message=pl.col("producer"))], shop(), SETTINGS, NOW, None, "oresto")
    assert judged.found["message"].to_list() == ["Missing photo"]


def test_a_key_of_several_columns(shop: Make) -> None:
    articles = [{"supplier_id": 7, "article_code": "X"}]
    check = replace(
        own_check("bad", frame="supplier_articles"),
        needs={"supplier_articles": ("supplier_id", "article_code")},
    )
    judged = judge([check], shop(supplier_articles=articles), SETTINGS, NOW, None, "oresto")
    assert judged.found["key"].to_list() == ["7|X"]


def test_positions_lead_back_to_the_right_keys(shop: Make, product: Make) -> None:
    """Every third product is wrong, over many rows, by an expression and by a search."""
    own = [product(article_number=f"A{n}", ean="x" if n % 3 == 0 else None) for n in range(10_000)]
    photos = [{"photo_id": n, "article_number": f"A{n}"} for n in range(10_000) if n % 3]
    found = run_checks(shop(products=own, photos=photos), SETTINGS, NOW).found
    expected = [f"A{n}" for n in range(0, 10_000, 3)]
    for check in ("invalid-ean", "missing-photo"):
        assert found.filter(check=check)["key"].to_list() == expected


def test_frames_straight_from_data() -> None:
    """In a notebook: two frames and one check."""
    frames = Frames.of(
        "notebook",
        products=pl.DataFrame({"article_number": ["A1", "A2"], "active": [True, True], "name": ["x", "y"]}),
        photos=pl.DataFrame({"article_number": ["A2"]}),
    )
    found = run_checks(frames, SETTINGS, NOW, only=["missing-photo"]).found
    assert found["key"].to_list() == ["A1"]
