"""Opening hours: before 05:00 and from 18:00 UTC on, whatever the clocks of people say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from checks.frames import Collected
from checks.sandbox.easyflor.server import EasyFlorSandbox
from checks.settings_sources import EasyFlorSource
from checks.sources.easyflor.opening import closed, is_open, next_moment

Make = Callable[..., EasyFlorSandbox]
Collect = Callable[..., Collected]

SOURCE = EasyFlorSource.model_validate(
    {
        "system": "easyflor",
        "name": "erp",
        "base_url": "https://api.example.eu/api",
        "login": "demo",
        "password": "x-y-z",
        "database": "D",
    }
)
BRUSSELS = ZoneInfo("Europe/Brussels")
SPRING, AUTUMN = datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)
DAYS = [
    SPRING - timedelta(days=1),
    SPRING,
    AUTUMN - timedelta(days=1),
    AUTUMN,
    datetime(2026, 7, 1, tzinfo=UTC),
]


def at(day: datetime, clock: str) -> datetime:
    return datetime.combine(day.date(), time.fromisoformat(clock), UTC)


@pytest.mark.parametrize("day", DAYS, ids=lambda day: f"{day:%m-%d}")
@pytest.mark.parametrize(
    ("clock", "is_it"),
    [
        ("00:00:00", True),
        ("04:59:59.999999", True),
        ("05:00:00", False),
        ("12:00:00", False),
        ("17:59:59.999999", False),
        ("18:00:00", True),
        ("23:59:59", True),
    ],
)
def test_it_is_open_by_utc_on_any_day(day: datetime, clock: str, is_it: bool) -> None:
    moment = at(day, clock)
    assert is_open(moment, SOURCE) is is_it
    assert is_open(moment.astimezone(BRUSSELS), SOURCE) is is_it


@pytest.mark.parametrize("day", DAYS, ids=lambda day: f"{day:%m-%d}")
def test_it_opens_at_the_same_moment_of_every_day_in_utc(day: datetime) -> None:
    assert next_moment(SOURCE, at(day, "05:00:00")) == at(day, "18:00:00")
    assert next_moment(SOURCE, at(day, "17:59:59.999999").astimezone(BRUSSELS)) == at(day, "18:00:00")


def test_who_is_refused_while_it_is_open_waits_for_the_next_opening() -> None:
    day = datetime(2026, 7, 1, tzinfo=UTC)
    assert next_moment(SOURCE, at(day, "03:00:00")) == at(day, "18:00:00")
    assert next_moment(SOURCE, at(day, "18:00:00")) == at(day + timedelta(days=1), "18:00:00")


@pytest.mark.parametrize(
    ("day", "there"),
    [
        (SPRING - timedelta(days=1), "19:00"),
        (SPRING, "20:00"),
        (AUTUMN - timedelta(days=1), "20:00"),
        (AUTUMN, "19:00"),
    ],
)
def test_the_news_says_when_in_utc_and_on_the_clocks_here(day: datetime, there: str) -> None:
    error = closed(SOURCE, "GET debtor", next_moment(SOURCE, at(day, "12:00:00")))
    assert error.until == at(day, "18:00:00")
    assert str(error) == (
        "erp: GET debtor: EasyFlor does not give this in its office hours, 05:00 to 18:00 UTC. It can be asked again "
        f"from {day:%Y-%m-%d} 18:00 UTC on, {there} in Belgium and the Netherlands."
    )


def test_hours_that_run_over_midnight() -> None:
    nightly = SOURCE.model_copy(update={"closed_from_utc": time(22), "closed_until_utc": time(4)})
    day = datetime(2026, 7, 1, tzinfo=UTC)
    told = {
        clock: is_open(at(day, clock), nightly) for clock in ("21:59:59", "22:00:00", "03:59:59", "04:00:00")
    }
    assert list(told.values()) == [True, False, False, True]
    assert next_moment(nightly, at(day, "23:00:00")) == at(day + timedelta(days=1), "04:00:00")


@pytest.mark.parametrize("day", [SPRING, AUTUMN], ids=["spring", "autumn"])
def test_a_limited_frame_is_not_asked_for_in_closed_hours(
    make_erp: Make, collected: Collect, day: datetime
) -> None:
    hour = [at(day, "04:59:58")]
    erp = make_erp(clock=lambda: hour[0], limited_routes=("debtor",))
    assert collected(erp, limited=["debtors"]).status == "ok"
    for clock in ("05:00:00", "12:00:00", "17:59:59"):
        hour[0] = at(day, clock)
        erp.log.clear()
        one = collected(erp, limited=["debtors"], now=hour[0])
        assert (one.status, one.data, erp.log) == ("deferred", None, [])
        assert f"from {day:%Y-%m-%d} 18:00 UTC on" in (one.message or "")
    hour[0] = at(day, "18:00:00")
    one = collected(erp, limited=["debtors"])
    assert one.status == "ok"
    assert one.rows == len(erp.api.books.rows)


@pytest.mark.parametrize("status", [400, 500, 200])
def test_the_servers_own_word_defers_whatever_the_settings_say(
    make_erp: Make, collected: Collect, status: int
) -> None:
    noon = at(AUTUMN, "12:00:00")
    erp = make_erp(clock=lambda: noon, limited_routes=("debtor",), error_status=status)
    one = collected(erp)
    assert (one.status, one.data) == ("deferred", None)
    assert "from 2026-10-25 18:00 UTC on, 19:00 in Belgium" in (one.message or "")
    assert [line[1] for line in erp.log] == ["authorizationtoken", "debtor"], (
        "it is not asked again and again"
    )


def test_a_run_that_crosses_the_boundary_is_deferred_by_the_server(
    make_erp: Make, collected: Collect
) -> None:
    erp = make_erp(clock=lambda: at(AUTUMN, "05:00:00"), limited_routes=("debtor",))
    one = collected(erp, limited=["debtors"], now=at(AUTUMN, "04:59:59"))
    assert one.status == "deferred"
    assert erp.log, "by its own clock the run was in time"


def test_what_is_not_limited_comes_at_noon(make_erp: Make, collected: Collect) -> None:
    assert collected(make_erp(clock=lambda: at(AUTUMN, "12:00:00"))).status == "ok"
