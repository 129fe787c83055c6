"""The error log: every row once, by days and by pages, whatever the server makes of either."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from checks.frames import FRAMES, Collected
from checks.progress import Progress
from checks.sandbox import Sandbox
from checks.sandbox.oresto.desk import ROUTES
from checks.sandbox.oresto.moments import belgian_day
from checks.sandbox.oresto.replies import Refusal
from checks.settings import load_settings
from checks.settings_sources import OrestoSource
from checks.sources import collecting
from checks.sources.oresto.client import OrestoClient
from checks.sources.task import Doubt, Known
from tests.collected import collect

Handler = Callable[[Any, Any], Any]
PATH = ("GET", "errorlogs")


class Past:
    """What the reading before left."""

    def __init__(self, before: Collected | None) -> None:
        self.before = before

    def together(self, frames: tuple[str, ...]) -> dict[str, Known] | None:
        if self.before is None or self.before.data is None:
            return None
        return {frames[0]: Known(self.before.data, "before", self.before.read_at, self.before.full_at)}

    def last_read(self, frame: str) -> datetime | None:
        return None if self.before is None else self.before.read_at


class InDoubt(Past):
    """... and is not built upon."""

    def together(self, frames: tuple[str, ...]) -> Any:
        return Doubt("it was last read whole long ago.")


def read(
    sandbox: Sandbox,
    source: OrestoSource,
    before: Collected | None = None,
    past: Callable[[Collected | None], Any] = Past,
) -> Collected:
    """One reading at the sandbox's moment, on what `before` left."""
    with OrestoClient(source) as client:
        found = collect(
            client, names=("error_logs",), past=past(before), now=sandbox.now(), progress=Progress()
        )
        return next(iter(found))


def ids(found: Collected) -> list[str]:
    assert found.data is not None, found.message
    return sorted(found.data["log_id"], key=str)


def failed(sandbox: Sandbox, times: int, message: str = "No.", ago: timedelta = timedelta()) -> None:
    """Rows on top of the log."""
    for _ in range(times):
        sandbox.shop.log_error("PUT", "/api/Products", 400, None, [message], [])
        sandbox.shop.error_logs[-1].at -= ago


def asked(sandbox: Sandbox, name: str) -> list[str]:
    """The days or pages that were asked."""
    return [params[name] for _, path, params, _ in sandbox.log if path == "ErrorLogs" and name in params]


@pytest.fixture(scope="module")
def _running() -> Iterator[Sandbox]:
    with Sandbox(size=100, seed=7) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(_running: Sandbox) -> Sandbox:
    _running.reset()
    return _running


@pytest.fixture
def source(sandbox: Sandbox, tmp_path: Any) -> OrestoSource:
    return load_settings(sandbox.write_settings(tmp_path / "keurmeester.toml")).sources[0]


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Handler, Any, Any], Any]], None]:
    """Makes GET ErrorLogs answer otherwise: `answer(lambda usual, desk, call: ...)`."""
    usual = ROUTES[PATH]

    def use(other: Callable[[Handler, Any, Any], Any]) -> None:
        monkeypatch.setitem(ROUTES, PATH, lambda desk, call: other(usual, desk, call))

    return use


def without_days(usual: Handler, desk: Any, call: Any) -> Any:
    if call.has("Date"):
        raise Refusal(400, ["There is no Date here."])
    return usual(desk, call)


def cut_days(usual: Handler, desk: Any, call: Any) -> Any:
    reply = usual(desk, call)
    if call.has("Date"):
        reply.payload["ErrorLogs"] = list(reply.payload["ErrorLogs"])[:50]
    return reply


class TestFirstReading:
    def test_every_row_is_there_with_all_it_says(self, sandbox: Sandbox, source: OrestoSource) -> None:
        found = read(sandbox, source)
        assert found.mode == "full"
        assert ids(found) == sorted(str(row.id) for row in sandbox.shop.error_logs)
        assert found.data is not None
        assert found.data.schema == FRAMES["error_logs"].schema
        assert found.data["raw"].null_count() == found.rows

    def test_it_says_from_when_until_when_the_log_is_known(
        self, sandbox: Sandbox, source: OrestoSource
    ) -> None:
        sandbox.advance(days=-3)  # the server's clock, not this machine's
        found = read(sandbox, source)
        assert found.server_at is not None
        assert abs(found.server_at - sandbox.now()) < timedelta(minutes=5)
        assert found.since == found.server_at - timedelta(days=30)

    def test_thirty_days_are_read_and_no_more(self, sandbox: Sandbox, source: OrestoSource) -> None:
        sandbox.advance(days=25)
        found = read(sandbox, source)
        assert 0 < found.rows < len(sandbox.shop.error_logs)
        assert found.data is not None
        assert found.data["at"].min() >= sandbox.now() - timedelta(days=30, minutes=5)

    def test_a_server_without_days_is_read_by_pages(
        self, sandbox: Sandbox, source: OrestoSource, answer: Any
    ) -> None:
        answer(without_days)
        found = read(sandbox, source)
        assert set(ids(found)) >= {str(number) for number in range(1, 181)}
        assert len(asked(sandbox, "Date")) == 1

    def test_a_server_without_pages_is_read_by_days(
        self, sandbox: Sandbox, source: OrestoSource, answer: Any
    ) -> None:
        def without_pages(usual: Handler, desk: Any, call: Any) -> Any:
            if call.has("Page"):
                raise Refusal(404, ["There are no pages here."])
            return usual(desk, call)

        answer(without_pages)
        assert set(ids(read(sandbox, source))) >= {str(number) for number in range(1, 181)}

    def test_a_server_that_knows_neither_form_gives_no_frame(
        self, sandbox: Sandbox, source: OrestoSource, answer: Any
    ) -> None:
        def neither(usual: Handler, desk: Any, call: Any) -> Any:
            raise Refusal(404, ["No such thing."])

        answer(neither)
        assert read(sandbox, source).status == "failed"

    def test_a_day_that_fails_gives_no_frame(
        self, sandbox: Sandbox, source: OrestoSource, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sandbox.faults.add("GET ErrorLogs", "html-200", match=belgian_day(sandbox.now() - timedelta(days=3)))
        found = read(sandbox, source)
        assert found.status == "failed"
        assert "a web page instead of data" in (found.message or "")

    def test_days_that_are_cut_off_are_completed_from_the_pages(
        self, sandbox: Sandbox, source: OrestoSource, answer: Any
    ) -> None:
        failed(sandbox, 120, ago=timedelta(days=1))
        answer(cut_days)
        assert len(ids(read(sandbox, source))) == 300

    def test_a_log_longer_than_the_pages_is_cut_and_says_so(
        self, sandbox: Sandbox, source: OrestoSource, answer: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("checks.sources.oresto.collect_errors._MOST_PAGES", 2)
        answer(without_days)
        found = read(sandbox, source)
        assert found.data is not None
        assert "Only the newest 100 rows were read" in (found.message or "")
        assert found.since == found.data["at"].min()

    def test_no_row_with_a_number_names_the_setting(self, sandbox: Sandbox, source: OrestoSource) -> None:
        fields = source.fields.model_copy(
            update={"error_log": source.fields.error_log.model_copy(update={"log_id": "Number"})}
        )
        found = read(sandbox, source.model_copy(update={"fields": fields}))
        assert found.rows == len(sandbox.shop.error_logs)
        assert found.data is not None
        assert found.data["raw"].null_count() == 0
        assert "sources.fields.error_log.log_id" in (found.message or "")


class TestNextReading:
    def test_nothing_new_costs_two_pages_and_the_days_since(
        self, sandbox: Sandbox, source: OrestoSource
    ) -> None:
        first = read(sandbox, source)
        sandbox.log.clear()
        second = read(sandbox, source, first)
        assert second.mode == "changes"
        assert len(asked(sandbox, "Page")) == 2
        assert len(asked(sandbox, "Date")) <= 2
        assert second.data is not None
        assert first.data is not None
        assert second.data.sort("row_id").equals(first.data.sort("row_id"))

    def test_it_covers_from_before_the_end_of_the_last_one(
        self, sandbox: Sandbox, source: OrestoSource
    ) -> None:
        first = read(sandbox, source)
        sandbox.advance(days=2)
        second = read(sandbox, source, first)
        assert first.server_at is not None
        assert second.since is not None
        assert first.server_at - timedelta(days=2) < second.since <= first.server_at

    @pytest.mark.parametrize("habit", [None, without_days, cut_days])
    def test_new_rows_are_added(
        self, sandbox: Sandbox, source: OrestoSource, answer: Any, habit: Any
    ) -> None:
        if habit is not None:
            answer(habit)
        first = read(sandbox, source)
        failed(sandbox, 170)
        wanted = {str(row.id) for row in sandbox.shop.error_logs}
        assert set(ids(read(sandbox, source, first))) >= wanted

    @pytest.mark.parametrize("days", [True, False])
    def test_a_page_that_repeats_because_others_came_on_top_is_not_the_end(
        self, sandbox: Sandbox, source: OrestoSource, answer: Any, days: bool
    ) -> None:
        first = read(sandbox, source)
        failed(sandbox, 170, "Not seen yet.")
        came = iter(range(3))

        def fifty_more_after_each_page(usual: Handler, desk: Any, call: Any) -> Any:
            reply = usual(desk, call) if days else without_days(usual, desk, call)
            reply.payload["ErrorLogs"] = list(reply.payload["ErrorLogs"])
            if call.has("Page") and next(came, None) is not None:
                failed(sandbox, 50, "While reading.")
            return reply

        answer(fifty_more_after_each_page)
        found = read(sandbox, source, first).data
        assert found is not None
        assert found.filter(message="Not seen yet.").height == 170

    @pytest.mark.parametrize("which", ["first", "last"])
    def test_a_server_that_gives_the_same_page_for_ever_comes_to_an_end(
        self, sandbox: Sandbox, source: OrestoSource, answer: Any, which: str
    ) -> None:
        def same(usual: Handler, desk: Any, call: Any) -> Any:
            if call.has("Page"):
                page = "1" if which == "first" else str(min(call.integer("Page"), 4))
                call.params["Page"] = call._lower["page"] = page
            return usual(desk, call)

        answer(same)
        first = read(sandbox, source)
        assert first.rows == 180
        sandbox.log.clear()
        assert read(sandbox, source, first).rows == 180
        assert len(asked(sandbox, "Page")) <= 4

    def test_a_log_that_numbers_its_rows_anew_is_read(self, sandbox: Sandbox, source: OrestoSource) -> None:
        first = read(sandbox, source)
        sandbox.shop.error_logs.clear()
        failed(sandbox, 1, "Quite another error.")
        second = read(sandbox, source, first).data
        assert second is not None
        assert "Quite another error." in set(second["message"])

    def test_rows_of_more_than_thirty_days_go(self, sandbox: Sandbox, source: OrestoSource) -> None:
        first = read(sandbox, source)
        sandbox.advance(days=25)
        second = read(sandbox, source, first)
        assert 0 < second.rows < first.rows
        assert second.data is not None
        assert second.data["at"].min() >= sandbox.now() - timedelta(days=30, minutes=5)

    def test_this_machines_clock_does_not_matter(self, sandbox: Sandbox, source: OrestoSource) -> None:
        """It is ten days ahead of the server's at both readings."""
        ahead = timedelta(days=10)

        def at_our_time(before: Collected | None) -> Collected:
            with OrestoClient(source) as client:
                now = datetime.now(UTC) + ahead
                names = ("error_logs",)
                return next(
                    iter(collect(client, names=names, past=Past(before), now=now, progress=Progress()))
                )

        first = at_our_time(None)
        failed(sandbox, 3, "In between.")
        second = at_our_time(first)
        assert second.data is not None
        assert second.rows == 183
        assert second.since is not None
        assert second.since < datetime.now(UTC)

    def test_a_log_that_is_read_late_in_a_run_puts_no_clock_forward(
        self, source: OrestoSource, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The run began an hour ago by its stopwatch: the two clocks still say the same."""
        with OrestoClient(source) as client:
            run = collecting.Run(collecting.NoPast(), ("error_logs",), begun=time.monotonic() - 3600)
            monkeypatch.setattr("checks.sources.collecting.Run", lambda *_: run)
            now = datetime.now(UTC) - timedelta(hours=1)
            [found] = collect(client, names=("error_logs",), now=now, progress=Progress())
        assert found.server_at is not None
        assert found.read_at is not None
        assert abs(found.server_at - found.read_at) < timedelta(seconds=60)


class TestAfterASilence:
    """Nothing was read for more than the 30 days that a snapshot holds."""

    @pytest.mark.parametrize("past", [Past, InDoubt])
    def test_what_came_since_the_last_reading_comes_in(
        self, sandbox: Sandbox, source: OrestoSource, past: Any
    ) -> None:
        first = read(sandbox, source)
        sandbox.advance(days=45)
        failed(sandbox, 3, "While nobody looked.", ago=timedelta(days=44))
        second = read(sandbox, source, first, past)
        assert second.data is not None
        assert second.data["message"].to_list().count("While nobody looked.") == 3
        assert second.data["at"].min() >= sandbox.now() - timedelta(days=45, hours=2)
        assert second.since is not None
        assert second.since <= sandbox.now() - timedelta(days=45)

    def test_the_next_frame_is_of_thirty_days_again(self, sandbox: Sandbox, source: OrestoSource) -> None:
        first = read(sandbox, source)
        sandbox.advance(days=45)
        failed(sandbox, 3, "While nobody looked.", ago=timedelta(days=44))
        second = read(sandbox, source, first, InDoubt)
        sandbox.advance(hours=1)
        failed(sandbox, 1, "Today.")
        third = read(sandbox, source, second)
        assert third.data is not None
        assert third.data["message"].to_list() == ["Today."]

    def test_ninety_days_are_the_most(self, sandbox: Sandbox, source: OrestoSource) -> None:
        first = read(sandbox, source)
        sandbox.advance(days=120)
        failed(sandbox, 1, "Long ago.", ago=timedelta(days=91))
        failed(sandbox, 1, "Not so long ago.", ago=timedelta(days=89))
        second = read(sandbox, source, first, InDoubt)
        assert second.data is not None
        assert second.data["message"].to_list() == ["Not so long ago."]

    def test_a_doubt_soon_after_reads_thirty_days(self, sandbox: Sandbox, source: OrestoSource) -> None:
        first = read(sandbox, source)
        assert ids(read(sandbox, source, first, InDoubt)) == ids(first)
