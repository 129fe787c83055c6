"""Lists that are asked client by client: all of them once, then some a day, each in its turn."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.frames import Collected
from checks.progress import Progress
from checks.sandbox import Sandbox
from checks.settings import Settings
from checks.settings_sources import OrestoSource
from checks.sources.oresto.client import OrestoClient
from checks.sources.oresto.collect_one_by_one import day_number, due
from checks.sources.task import Known
from tests.collected import collect

TODAY = datetime(2026, 11, 24, 6, tzinfo=UTC)
FRAMES_READ = ("clients", "client_locations", "order_lists", "delivery_dates")

numbers = st.sets(st.text("C0123456789", min_size=1, max_size=6), max_size=60)


class TestDue:
    """Who is asked on which day."""

    @given(numbers, st.integers(1, 12), st.integers(700_000, 800_000))
    def test_each_has_its_turn_once_in_a_round(self, known: set[str], most: int, day: int) -> None:
        round_ = [due(known, known, most, day + later) for later in range(math.ceil(len(known) / most))]
        assert set().union(*round_) == known
        assert sum(map(len, round_)) == len(known)

    @given(numbers, st.integers(1, 12), st.integers(700_000, 800_000))
    def test_no_day_asks_more_than_it_may(self, known: set[str], most: int, day: int) -> None:
        assert len(due(known, known, most, day)) <= most

    @given(numbers, numbers, st.integers(1, 12))
    def test_who_is_new_is_always_asked_and_who_is_gone_never(
        self, now: set[str], before: set[str], most: int
    ) -> None:
        asked = due(now, before, most, 739_000)
        assert now - before <= asked <= now

    def test_the_same_day_asks_the_same(self) -> None:
        clients = {f"C{number}" for number in range(50)}
        assert due(clients, clients, 7, 739_000) == due(clients, clients, 7, 739_000)

    def test_a_client_more_every_day_keeps_nobody_waiting_for_ever(self) -> None:
        clients, asked = {f"C{number}" for number in range(200)}, set()
        for day in range(60):
            asked |= due(clients, clients, 10, 739_000 + day)
            clients.add(f"C{1_000 + day}")
        assert {f"C{number}" for number in range(200)} <= asked


class Past:
    """What the run before left."""

    def __init__(self, frames: Mapping[str, Collected], now: datetime) -> None:
        self.known = {name: Known(one.data, "before", now, now) for name, one in frames.items()}

    def together(self, frames: tuple[str, ...]) -> dict[str, Known] | None:
        return {name: self.known[name] for name in frames} if set(frames) <= set(self.known) else None


def run(
    source: OrestoSource,
    now: datetime = TODAY,
    before: Mapping[str, Collected] | None = None,
    names: tuple[str, ...] = FRAMES_READ,
) -> dict[str, Collected]:
    with OrestoClient(source) as client:
        past = Past(before or {}, now)
        found = collect(client, names=names, past=past, now=now, progress=Progress())
        return {one.frame: one for one in found}


class TestOverDays:
    """Six requests a night: a round takes as many nights as there are six clients."""

    @pytest.fixture
    def sandbox(self, make_sandbox: Callable[..., Sandbox]) -> Sandbox:
        return make_sandbox(size=100)

    @pytest.fixture
    def source(self, sandbox: Sandbox, make_settings: Callable[..., Settings]) -> OrestoSource:
        return make_settings(sandbox, per_client_requests=6).sources[0]

    def test_a_first_run_asks_for_all(self, sandbox: Sandbox, source: OrestoSource) -> None:
        first = run(source)
        assert first["order_lists"].mode == "full"
        assert first["order_lists"].requests == len(sandbox.shop.trade.clients)

    def test_what_changes_is_seen_within_a_round(self, sandbox: Sandbox, source: OrestoSource) -> None:
        found, trade = run(source), sandbox.shop.trade
        for client in trade.clients:
            trade.order_lists[client] = [f"NEW-{client}"]
        for night in range(1, 1 + math.ceil(len(trade.clients) / 6)):
            found = run(source, TODAY + timedelta(days=night), found)
            assert found["order_lists"].mode == "changes"
            assert found["order_lists"].requests <= 6
            assert found["delivery_dates"].requests <= 6
        articles = dict(found["order_lists"].data.iter_rows())
        assert articles == {client: f"NEW-{client}" for client in trade.clients}

    def test_on_an_unchanged_shop_nothing_changes(self, sandbox: Sandbox, source: OrestoSource) -> None:
        first = run(source)
        second = run(source, TODAY + timedelta(days=1), first)
        for name in FRAMES_READ:
            before, after = (one[name].data.sort(one[name].data.columns) for one in (first, second))
            assert after.equals(before), name

    def test_a_new_client_is_asked_at_once(self, sandbox: Sandbox, source: OrestoSource) -> None:
        trade = sandbox.shop.trade
        newcomer = trade.clients.pop("C10005")
        first = run(source)
        assert "C10005" not in set(first["order_lists"].data["client_number"])
        trade.clients["C10005"] = newcomer
        second = run(source, TODAY + timedelta(days=1), first)
        assert "C10005" in set(second["order_lists"].data["client_number"])
        assert second["order_lists"].requests <= 7

    def test_who_is_gone_is_dropped_at_once(self, sandbox: Sandbox, source: OrestoSource) -> None:
        first, trade = run(source), sandbox.shop.trade
        del trade.clients["C10005"]
        for id_ in [id_ for id_, row in trade.locations.items() if row.client_number == "C10005"]:
            del trade.locations[id_]
        second = run(source, TODAY + timedelta(days=1), first)
        assert "C10005" not in set(second["order_lists"].data["client_number"])
        assert set(second["delivery_dates"].data["location_id"]) == set(trade.locations)

    def test_an_address_that_went_to_another_client_takes_its_dates_along(
        self, sandbox: Sandbox, source: OrestoSource
    ) -> None:
        first, trade = run(source), sandbox.shop.trade
        for row in trade.locations.values():
            row.client_number = "C10001"
        second = run(source, TODAY + timedelta(days=1), first)
        assert set(second["delivery_dates"].data["client_number"]) == {"C10001"}

    def test_without_last_runs_clients_all_are_asked(self, sandbox: Sandbox, source: OrestoSource) -> None:
        first = run(source)
        second = run(source, TODAY + timedelta(days=1), {"order_lists": first["order_lists"]})
        assert second["order_lists"].mode == "full"
        assert second["order_lists"].requests == len(sandbox.shop.trade.clients)

    def test_nobody_is_asked_where_clients_cannot_be_trusted(
        self, sandbox: Sandbox, source: OrestoSource
    ) -> None:
        sandbox.shop.trade.clients["C10005"].number = None  # type: ignore[assignment]  # as a broken server would
        found = run(source)["order_lists"]
        assert found.status == "failed"
        assert "rows have no client_number" in (found.message or "")
        assert found.requests == 0


class TestBesideTheProductsOfToday:
    """One request a night; but a kept list that names what is no product now is not judged: it is asked again."""

    NAMES = ("products", "linked_products", "clients", "order_lists")
    TOMORROW = TODAY + timedelta(days=1)

    @pytest.fixture
    def sandbox(self, make_sandbox: Callable[..., Sandbox]) -> Sandbox:
        return make_sandbox(size=100)

    @pytest.fixture
    def source(self, sandbox: Sandbox, make_settings: Callable[..., Settings]) -> OrestoSource:
        return make_settings(sandbox, per_client_requests=1).sources[0]

    def waiting(self, sandbox: Sandbox) -> list[str]:
        """Clients whose turn it is not tomorrow."""
        clients = list(sandbox.shop.trade.clients)
        return sorted(set(clients) - due(clients, clients, 1, day_number(self.TOMORROW)))

    def test_an_item_that_was_repaired_is_seen_the_next_night(
        self, sandbox: Sandbox, source: OrestoSource
    ) -> None:
        lists, client = sandbox.shop.trade.order_lists, self.waiting(sandbox)[0]
        sound = min(sandbox.shop.own)
        lists[client] = ["NO-PRODUCT"]
        first = run(source, names=self.NAMES)
        lists[client] = [sound]
        second = run(source, self.TOMORROW, first, self.NAMES)["order_lists"]
        assert second.mode == "changes"
        assert second.data.filter(client_number=client)["article_number"].to_list() == [sound]

    def test_an_article_that_was_deleted_leaves_all_lists_at_once(
        self, sandbox: Sandbox, source: OrestoSource
    ) -> None:
        lists, article, other = sandbox.shop.trade.order_lists, min(sandbox.shop.own), max(sandbox.shop.own)
        lists.update({client: [other] for client in sandbox.shop.trade.clients})
        waiting = self.waiting(sandbox)[:5]
        lists.update({client: [f" {article} ", other] for client in waiting})  # padded, as some servers do
        first = run(source, names=self.NAMES)
        sandbox.remove(article)
        lists.update({client: [other] for client in waiting})
        second = run(source, self.TOMORROW, first, self.NAMES)["order_lists"]
        assert set(second.data["article_number"]) == {other}
        assert set(second.data["client_number"]) == set(sandbox.shop.trade.clients)
        assert second.requests == 1 + len(waiting)

    def test_what_stays_wrong_does_not_make_a_night_endless(
        self, sandbox: Sandbox, source: OrestoSource
    ) -> None:
        for client in sandbox.shop.trade.clients:
            sandbox.shop.trade.order_lists[client] = ["NO-PRODUCT"]
        second = run(source, self.TOMORROW, run(source, names=self.NAMES), self.NAMES)["order_lists"]
        assert second.requests <= 11
        assert "that are known only from before and may have changed" in (second.message or "")

    def test_it_says_how_many_lists_are_older(self, sandbox: Sandbox, source: OrestoSource) -> None:
        lists, clients = sandbox.shop.trade.order_lists, sandbox.shop.trade.clients
        lists.update({client: [min(sandbox.shop.own)] for client in clients})
        first = run(source, names=self.NAMES)
        told = run(source, self.TOMORROW, first, self.NAMES)["order_lists"].message or ""
        assert f"1 of {len(clients)} were asked; what is known of the others is older" in told

    def test_without_products_only_those_are_asked_whose_turn_it_is(
        self, sandbox: Sandbox, source: OrestoSource
    ) -> None:
        sandbox.shop.trade.order_lists[self.waiting(sandbox)[0]] = ["NO-PRODUCT"]
        first = run(source, names=self.NAMES)
        sandbox.faults.add("GET LinkProducts*", "html-200")
        second = run(source, self.TOMORROW, first, self.NAMES)
        assert second["linked_products"].status == "failed"
        assert second["order_lists"].requests == 1
