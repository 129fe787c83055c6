"""What Jupyter shows of frames, runs, plans and judgements."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape

import polars as pl
import pytest

from checks.findings import FOUND
from checks.sandbox import Sandbox
from checks.workbench import Workbench, connect
from checks.workbench.display import frame_html, judged_html, plan_html, run_html


@pytest.fixture(scope="module")
def kr(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    with Sandbox(size=100) as sandbox:
        found = connect(sandbox.write_settings(tmp_path_factory.mktemp("kr") / "keurmeester.toml"))
        found.health_check()
        yield found
        found.close()


def text(html: str) -> str:
    """What a person reads of it."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def finding(**values: str) -> dict[str, str]:
    return {"check": "missing-photo", "severity": "warning", "key": "A1", "message": "no photo", **values}


def test_findings_are_counted_by_check_the_gravest_first() -> None:
    rows = [
        finding(),
        finding(key="A2"),
        finding(check="price-missing", severity="error", message="no price"),
    ]
    shown = text(frame_html(pl.DataFrame(rows, schema=FOUND)))
    assert "3 findings" in shown
    assert shown.index("Price missing ● error 1") < shown.index("Missing photo ▲ warning 2")


def test_a_long_list_is_cut_and_says_so() -> None:
    rows = [finding(key=f"A{number}") for number in range(30)]
    assert "... and 5 more findings" in text(frame_html(pl.DataFrame(rows, schema=FOUND)))


def test_no_findings_are_told_in_words() -> None:
    assert frame_html(FOUND.to_frame()) == "<p>No findings.</p>"


def test_what_came_from_outside_is_no_html() -> None:
    html = frame_html(pl.DataFrame([finding(message="<script>alert(1)</script>")], schema=FOUND))
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_any_other_frame_shows_its_values_whole() -> None:
    frame = pl.DataFrame(
        {
            "ean": ["05412345000013"],
            "price": [72.7],
            "share": [0.0214],
            "at": [datetime(2026, 11, 29, 8, 5, tzinfo=UTC)],
            "active": [True],
            "names": [["a", "b"]],
            "none": [None],
        }
    )
    shown = text(frame_html(frame))
    assert "05412345000013 72.7 0.0214 2026-11-29 08:05 yes a, b" in shown
    assert "1 row." in shown


def test_a_long_frame_says_how_long() -> None:
    assert "1,000 rows, the first 25 of them shown" in text(frame_html(pl.DataFrame({"n": range(1000)})))


def test_a_doctor_answers_in_signs_and_words(kr: Workbench) -> None:
    shown = text(frame_html(kr.doctor()))
    assert "✓ ok webshop credentials Login demo was accepted." in shown
    assert "? could not ask webshop may write" in shown


def test_a_judgement_says_what_could_not_run_and_why(kr: Workbench) -> None:
    judged = kr.check(kr.collect("products"), "missing-photo", "invalid-ean")
    shown = text(judged_html(judged))
    assert "? could not run Missing photo Product photos was not collected." in shown
    assert "● failed Invalid EAN" in shown


def test_a_run_says_its_verdict(kr: Workbench) -> None:
    shown = text(run_html(kr.health_check()))
    assert "Health check ✓ complete" in shown
    assert "could not run" not in shown


def test_a_plan_shows_its_first_requests_word_for_word_and_what_it_leaves(kr: Workbench) -> None:
    plan = kr.plan("own-became-central")
    shown = text(plan_html(plan))
    assert f"{len(plan.items)} planned" in shown
    assert "Nothing is sent yet" in shown
    assert f"DELETE Products?WholesalerArticleNumber={plan.items[0].key}" in shown
    assert '"SalesPriceList"' in shown
    for key, reason in plan.not_planned:
        assert key in shown
        assert reason[:40] in shown


def test_what_was_collected_and_what_not(kr: Workbench) -> None:
    shown = text(kr.collect("brands", "suppliers")._repr_html_())
    assert "2 of 2 lists of webshop" in shown
    assert "Brands brands" in shown
