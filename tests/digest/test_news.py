"""What the digest says of a run: what is new, back, fixed, decided, and what could not be judged."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import polars as pl
import pytest

from checks.digest import digest, news_of
from checks.digest.news import _touches
from checks.digest.words import in_brief, one_line
from checks.errors import UsageError
from checks.findings import FOUND, CheckResult
from checks.frames import FRAMES, Collected
from checks.settings import Settings
from checks.store import Store
from tests.digest.conftest import DAY1, DAY2, URL, Found


def test_what_is_back_and_what_was_decided(settings: Settings, store: Store, run: Callable[..., str]) -> None:
    error: Found = ("invalid-ean", "error", "A1")
    other: Found = ("invalid-ean", "error", "A2")
    run(DAY1, error, other)
    run(DAY1 + timedelta(hours=1), other)
    snoozed = store.findings(key="A2")["id"]
    store.snooze(snoozed, DAY1 + timedelta(hours=12), "An", "later", now=DAY1 + timedelta(hours=2))
    run(DAY2, error, other)
    news = news_of(settings, store)
    (check,) = news.checks
    assert (check.new, check.back, news.new["error"], news.back) == (0, 2, 2, 2)
    (group,) = news.ended
    (ended,) = group.examples
    assert (ended.kind, ended.by, ended.finding.key, ended.why) == ("snoozed", "An", "A2", "its date passed")
    assert "Invalid EAN: 2 came back" in digest(settings, store).text


def test_decisions_that_ended_are_told_by_check_and_those_a_person_withdrew_are_not(
    settings: Settings, store: Store, run: Callable[..., str]
) -> None:
    errors: list[Found] = [("invalid-ean", "error", f"A{number}") for number in range(9)]
    run(DAY1, *errors)
    every = store.findings()["id"].to_list()
    store.snooze(every, DAY1 + timedelta(hours=12), "An", now=DAY1 + timedelta(hours=1))
    store.reopen(every[:2], "An", now=DAY1 + timedelta(hours=2))
    run(DAY2, *errors)
    told = digest(settings, store)
    (group,) = told.news.ended
    assert (group.title, group.count, len(group.examples)) == ("Invalid EAN", 7, 3)
    assert "Invalid EAN: 7\n" in told.text
    assert "withdrawn" not in told.text + told.html


def test_orders_past_their_delivery_day_are_told_when_nothing_is_new(
    settings: Settings, store: Store, run: Callable[..., str]
) -> None:
    run(DAY1)
    waiting = {"ordered_at": DAY1, "delivery_date": DAY1.date()}
    orders = [
        {**waiting, "order_number": 1, "total": 1200.5},
        {**waiting, "order_number": 2, "total": 34.5},
        {**waiting, "order_number": 3, "total": 9.0, "delivery_date": DAY2.date()},
        {**waiting, "order_number": 4, "total": 9.0, "processed_at": DAY1},
    ]
    run(DAY2, orders=orders)
    told = digest(settings, store)
    assert "Nothing new since" in told.text
    words = "3 orders wait, the oldest for 24 hours. 2 orders are past the delivery day, worth €1,235.00."
    assert words in told.text
    assert words in told.html
    assert words.partition(". ")[2][:-1] in in_brief(told.news, 3000)


def test_a_problem_of_the_error_log_is_told_by_its_title_and_leads_to_its_page(
    settings: Settings, store: Store
) -> None:
    row = dict.fromkeys(FRAMES["error_logs"].schema)
    row |= {"row_id": "1", "log_id": "1", "at": DAY1, "method": "PUT", "url": "/api/Products"}
    row |= {
        "status_code": 400,
        "message": "Brand with id 7 does not exist.",
        "errors": [],
        "model_errors": [],
    }
    log = Collected(
        "webshop",
        "error_logs",
        "ok",
        pl.DataFrame([row], schema=FRAMES["error_logs"].schema),
        since=DAY1 - timedelta(days=1),
        server_at=DAY1,
        read_at=DAY1,
    )
    run_id = store.begin_run("full", "test")
    store.errors.absorb("webshop", log, DAY1, run_id)
    [(group, title)] = store.errors.groups().select("id", "title").iter_rows()
    message = f"{title} (1 row)"
    rows = [("error-new", "warning", "webshop", "error-group", group, None, "x", message, "triage")]
    results = [CheckResult("error-new", "webshop", "failed", 1, entities=1)]
    store.finish_run(
        run_id, "complete", "full", None, [], results, pl.DataFrame(rows, FOUND, orient="row"), DAY1
    )
    text = digest(settings, store).text
    assert f"- {title.rstrip('.')}: 1 row" in text
    assert f"{URL}/error_logs?source=webshop&group={group}" in text


def test_the_first_health_check(settings: Settings, store: Store, run: Callable[..., str]) -> None:
    run(DAY1, ("invalid-ean", "error", "A1"))
    assert "This is the first health check: 1 error." in digest(settings, store).text


def test_nothing_new_is_said_and_old_errors_are_not_forgotten(
    settings: Settings, store: Store, run: Callable[..., str]
) -> None:
    run(DAY1, ("invalid-ean", "error", "A1"))
    run(DAY1 + timedelta(days=34), ("invalid-ean", "error", "A1"))
    told = digest(settings, store)
    assert told.subject == "webshop: 99/100, nothing new"
    assert "34 days: Invalid EAN: A1: A1 is wrong." in told.text
    assert not told.news.anything


def test_what_could_not_be_judged_is_loud(settings: Settings, store: Store, run: Callable[..., str]) -> None:
    run(DAY1)
    run(DAY2, lost=("invalid-ean", "duplicate-ean"))
    told = digest(settings, store)
    assert told.subject == "webshop: no score, nothing new, not everything could be checked"
    assert "! Duplicate EAN, Invalid EAN: Own products could not be collected.\n" in told.text
    assert "! Unprocessed orders: no answer within 30 s" in told.text
    assert "Could not run: Duplicate EAN, Invalid EAN." in told.html
    assert told.news.score is None, "one check of three says nothing of the shop"
    assert "No score: 2 of 3 checks could not run." in told.text
    assert told.text.index("COULD NOT RUN") < told.text.index("Health check of")


def test_scores_of_different_checks_are_not_compared(
    settings: Settings, store: Store, run: Callable[..., str]
) -> None:
    run(DAY1, ("invalid-ean", "error", "A1"))
    run(DAY2, lost=("invalid-ean",))
    news = news_of(settings, store)
    assert (news.score, news.score_before) == (100, None)


def test_a_run_that_failed_is_the_news(settings: Settings, store: Store, run: Callable[..., str]) -> None:
    run(DAY1, ("invalid-ean", "error", "A1"))
    store.fail_run(store.begin_run("full", "test"), "failed", "webshop: no connection <b>")
    told = digest(settings, store)
    assert told.subject == "webshop: the health check failed"
    assert "1 finding of before stay as they were." in told.text
    assert "webshop: no connection &lt;b&gt;" in told.html


def test_an_older_run_can_be_told_and_a_wrong_one_cannot(
    settings: Settings, store: Store, run: Callable[..., str]
) -> None:
    with pytest.raises(UsageError, match="no health check yet"):
        digest(settings, store)
    first = run(DAY1, ("invalid-ean", "error", "A1"))
    run(DAY2, ("invalid-ean", "error", "A1"))
    assert digest(settings, store, first).subject == "webshop: 99/100, 1 new error"
    with pytest.raises(UsageError, match="there is no such run"):
        digest(settings, store, "nowhere")
    busy = store.begin_run("full", "test")
    with pytest.raises(UsageError, match="has not ended"):
        digest(settings, store, busy)


def test_disabled_checks_are_no_news(settings: Settings, store: Store, run: Callable[..., str]) -> None:
    run(DAY1, ("invalid-ean", "error", "A1"), ("missing-photo", "warning", "A2"))
    quiet = settings.model_copy(
        update={"checks": settings.checks.model_copy(update={"disabled": ["invalid-ean"]})}
    )
    assert digest(quiet, store).subject.endswith("1 new warning")


def test_impact_names_the_days_that_were_counted() -> None:
    row = {"entity": "product", "source": "webshop", "orders": 2, "turnover": 10.0, "clients": 0}
    assert _touches(row, {"webshop": 14}) == "2 orders, €10 in 14 days"
    assert _touches(row, {"webshop": 90}) == "2 orders, €10 in 30 days"


def test_texts_from_the_shop_stay_on_their_line() -> None:
    assert one_line("Kaas\r\nBcc: x\x1b[31m \u202egpj.\u200b") == "Kaas Bcc: x [31m gpj."
    assert one_line("x" * 300).endswith("x…")
