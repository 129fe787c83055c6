"""The Overview: the sentence with its cause, the areas, what is new, what touches most, what waits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from checks.score import Score, ScorePart
from checks.store import Store
from dashboard.parts.overview_cards import sentence
from dashboard.parts.shaping import counted

Open = Callable[..., Any]

NOW = datetime.now(UTC)


def score(value: int | None, **lost: tuple[float, int]) -> Score:
    parts = [
        ScorePart(check.replace("_", "-"), check.replace("_", " "), "products", 2, 100, count, points)
        for check, (points, count) in lost.items()
    ]
    return Score(value, tuple(sorted(parts, key=lambda part: -part.lost)), ())


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        (
            score(82, missing_photo=(18.0, 20)),
            None,
            "82 / 100. missing photo costs most: 20 of 100 products.",
        ),
        (
            score(82, missing_photo=(4.0, 20), invalid_ean=(14.0, 9)),
            score(85, missing_photo=(1.0, 6), invalid_ean=(14.0, 9)),
            "82 / 100, 3 below the run before: 14 more with Missing photo.",
        ),
        (
            score(85, missing_photo=(1.0, 6)),
            score(82, missing_photo=(4.0, 20)),
            "85 / 100, 3 above the run before: 14 fewer with Missing photo.",
        ),
        (
            score(82, missing_photo=(18.0, 20)),
            score(82, missing_photo=(18.0, 20)),
            "82 / 100, as in the run before. missing photo costs most: 20 of 100 products.",
        ),
        (
            score(82, invalid_ean=(18.0, 20)),
            score(0, missing_photo=(50.0, 20), invalid_ean=(50.0, 9)),
            "82 / 100, not comparable with the run before: it judged other checks.",
        ),
        (score(100), None, "100 / 100: nothing found that weighs."),
        (score(None), None, "No check could be judged in the last run, so there is no score."),
    ],
)
def test_the_sentence_names_the_cause_of_a_change(now: Score, before: Score | None, said: str) -> None:
    assert sentence(now, before) == said


def test_every_area_has_its_score_and_leads_to_its_findings(full: Store, open_page: Open) -> None:
    screen = open_page()
    titles = [metric.label for metric in screen.app.metric]
    assert titles == ["Health score", "Products", "Prices", "Clients", "Orders", "Connection"]
    assert "15 findings" in screen.links


def test_the_lines_need_three_runs(full: Store, check_shop: Callable[..., str], open_page: Open) -> None:
    assert not any(metric.proto.chart_data for metric in open_page().app.metric)
    check_shop()
    assert all(len(metric.proto.chart_data) == 3 for metric in open_page().app.metric)


def test_new_ones_are_named_by_what_they_touch_most(
    full: Store, check_shop: Callable[..., str], shop: Callable[..., Any], open_page: Open
) -> None:
    check_shop(photos=shop()["photos"].clear())
    links = open_page().links
    at = links.index(":orange[:material/warning:] **14** Missing photo")
    assert links[at + 2 : at + 5] == [
        ":small[Sinaasmarmelade :gray[€ 990]]",
        ":small[Perenmoes :gray[€ 15]]",
        ":small[Appelmoes]",
    ]


def test_what_a_person_reopened_is_no_news_of_the_run(
    full: Store, check_shop: Callable[..., str], open_page: Open
) -> None:
    ids = full.findings(check="missing-photo")["id"]
    full.accept(ids, "Never needed", "an")
    check_shop()
    full.reopen(ids, "an")
    links = open_page().links
    assert links.count(":orange[:material/warning:] **2** Missing photo") == 1, "only under Needs attention"


def test_what_needs_attention_is_sorted_by_what_it_touches(full: Store, open_page: Open) -> None:
    errors = [link for link in open_page().links if link.startswith(":red[:material/error:] **")]
    titles = [link.split("** ")[1] for link in errors if "errors" not in link]
    assert titles[0] == "Invalid reference", "its products were ordered for most"


def test_the_first_thing_to_do_says_what_it_gives_back(full: Store, open_page: Open) -> None:
    screen = open_page()
    assert "What would raise it most" in [element.value for element in screen.app.subheader]
    assert any("Unprocessed order" in link and link.startswith(":green[**+") for link in screen.links)


def test_orders_wait(full: Store, open_page: Open) -> None:
    screen = open_page()
    assert ":material/receipt_long: **3 orders wait**" in screen.links
    assert "The oldest was ordered 3 days ago." in screen.words


def test_what_is_set_aside_is_counted(full: Store, open_page: Open) -> None:
    ids = full.findings(check="missing-photo")["id"]
    full.accept(ids[:1], "Never needed", "an")
    full.snooze(ids[1:], NOW + timedelta(days=3), "an")
    screen = open_page()
    assert ":material/thumb_up: **1** accepted" in screen.links
    assert ":material/snooze: **1** snoozed" in screen.links
    assert "1 comes back within 7 days." in screen.words


def test_orders_that_were_never_collected_are_said_so(
    store: Store, check_shop: Callable[..., str], open_page: Open
) -> None:
    check_shop(missing=["orders"])
    assert "Orders of webshop were never collected." in open_page().words


def test_turnover_of_a_thing_counts_once() -> None:
    rows = pl.DataFrame(
        {
            "check": ["c", "c", "c"],
            "title": ["C"] * 3,
            "source": ["w"] * 3,
            "subject": ["product A", "product A", "product B"],
            "severity": ["error"] * 3,
            "status": ["new"] * 3,
            "first_seen": [NOW] * 3,
            "turnover": [10.0, 10.0, 5.0],
        }
    )
    assert counted(rows)["turnover"].to_list() == [15.0]
