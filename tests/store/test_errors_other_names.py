"""The settings name the log's fields otherwise than before: every row still counts once, where it belongs now."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import polars as pl
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st

from checks.errors import UsageError
from checks.health import run_health_check
from checks.sandbox import Sandbox
from checks.sandbox.oresto.desk import ROUTES
from checks.settings import Settings
from checks.settings_sources import ErrorLogFields, OrestoFields, OrestoSource
from checks.sources.oresto.error_rows import error_rows
from checks.sources.rows import Shape
from checks.store import Store, tables
from tests.store.error_logs import BRAND, NOW, SOURCE, TAKEN, happened, later, log, only, states

Wire = dict[str, Any]
TIMEOUT = "Timeout expired."

#: How the shop names them, of which the defaults know none but the rest.
THEIRS = {
    "log_id": "LogNr",
    "at_utc": "MomentUtc",
    "at": "Moment",
    "method": "Verb",
    "url": "Address",
    "status_code": "Code",
    "message": "Text",
    "errors": "Texts",
    "model_errors": "ModelTexts",
    "body": "Sent",
}
RIGHT = ErrorLogFields(**THEIRS)
DEFAULT = ErrorLogFields()


def theirs(number: int, message: str = BRAND, *, hours: float = 1, **more: Any) -> Wire:
    """A row as the shop writes it."""
    moment = NOW - timedelta(hours=hours)
    usual = {
        "LogNr": number,
        "MomentUtc": moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "Moment": (moment + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%S.%f"),
        "Verb": "PUT",
        "Address": "/api/Products",
        "Code": 400,
        "Text": message,
        "Sent": f'{{"WholesalerArticleNumber":"A{number}"}}',
    }
    return usual | more


class Shop:
    """What a store makes of the same log, read by one mapping after another."""

    def __init__(self, store: Store) -> None:
        self.store, self.runs, self.fields = store, 0, RIGHT

    def read(
        self, fields: ErrorLogFields, *rows: Wire, mode: str = "full", hours: float | None = None
    ) -> pl.DataFrame:
        data = error_rows(list(rows), fields, Shape())
        self.runs += 1
        at = later(hours=self.runs if hours is None else hours)
        found = log(at=at, mode=mode)
        object.__setattr__(found, "data", data)
        renamed, self.fields = fields != self.fields, fields
        return self.store.errors.absorb(
            SOURCE, found, at, f"run-{self.runs}", fields=fields, renamed=renamed and self.runs > 1
        )

    def counted(self) -> list[int]:
        """The rows of each problem, the fewest first, which all three that count agree on."""
        groups = self.store.errors.groups(state="all")
        total = int(groups["rows"].sum())
        assert self.store.errors.rows_total() == total
        assert self.store.errors.counts(groups["id"])["rows"].sum() == total
        kept = self.store.errors.rows(limit=1000).group_by("group_id").len()
        some = groups.filter(pl.col("rows") > 0)
        assert sorted(kept.iter_rows()) == sorted(some.select("id", "rows").iter_rows())
        return groups["rows"].sort().to_list()

    def ident(self, text: str) -> str:
        return str(self.store.errors.groups(state="all", text=text)["id"][0])


@pytest.fixture
def shop(store: Store) -> Shop:
    return Shop(store)


LOG = [
    *(theirs(one, hours=one) for one in range(1, 5)),
    *(theirs(one, TAKEN, hours=one) for one in range(5, 8)),
    *(theirs(one, TIMEOUT, hours=one) for one in range(8, 10)),
]


class TestCorrected:
    """First read by the usual names, then by those of the shop."""

    def test_every_row_counts_once_in_problems_that_can_be_read(self, shop: Shop) -> None:
        shop.read(DEFAULT, *LOG)
        assert sum(shop.counted()) == 9
        unread = only(shop.store)["id"]
        shop.read(RIGHT, *LOG)
        assert shop.counted() == [2, 3, 4]
        assert shop.store.errors.rows()["log_id"].null_count() == 0
        assert shop.store.errors.rows()["dated"].all()
        # what could not be read is shown no more, and its id leads on
        group = shop.store.errors.group(unread)
        assert group is not None
        assert "Brand" in group["title"]
        assert "other field names" in " ".join(shop.store.errors.events(unread)["detail"])

    def test_what_rows_name_follows(self, shop: Shop) -> None:
        shop.read(DEFAULT, *LOG)
        shop.read(RIGHT, *LOG)
        named = shop.store.errors.things(shop.ident("brand"))
        assert sorted(named["key"]) == ["A1", "A2", "A3", "A4"]
        assert shop.store.errors.group(shop.ident("brand"))["products"] == 4  # type: ignore[index]

    def test_who_looks_after_it_looks_after_what_it_became(self, shop: Shop) -> None:
        shop.read(RIGHT, *LOG[:1])
        readable = only(shop.store)["id"]
        shop.read(DEFAULT, *LOG[1:4])
        (unread,) = set(shop.store.errors.groups(state="all")["id"]) - {readable}
        shop.store.errors.assign(unread, "carl", "ann", now=NOW)
        shop.read(RIGHT, *LOG[:4])
        assert (only(shop.store)["assignee"], only(shop.store)["rows"]) == ("carl", 4)
        assert shop.store.errors.group(readable)["id"] == only(shop.store)["id"]  # type: ignore[index]

    def test_one_problem_keeps_its_id_its_state_and_its_history(self, shop: Shop) -> None:
        shop.read(DEFAULT, *LOG[:4])
        ident = only(shop.store)["id"]
        shop.store.errors.assign(ident, "ann", "ann", now=later(hours=2))
        shop.store.errors.ignore(ident, "ann", for_ever=True, reason="known", now=later(hours=2))
        shop.read(RIGHT, *LOG[:4], hours=3)
        group = only(shop.store)
        assert (group["id"], group["state"], group["assignee"], group["rows"]) == (ident, "ignored", "ann", 4)
        assert "Brand" in group["title"]
        assert happened(shop.store, ident)[-1] == "regrouped"

    def test_what_was_resolved_is_not_reopened(self, shop: Shop) -> None:
        shop.read(DEFAULT, *LOG)
        shop.store.errors.resolve(only(shop.store)["id"], "ann", now=later(hours=2))
        shop.read(RIGHT, *LOG, hours=3)
        assert states(shop.store) == ["resolved"] * 3

    def test_what_comes_later_does_reopen(self, shop: Shop) -> None:
        shop.read(DEFAULT, *LOG)
        shop.store.errors.resolve(only(shop.store)["id"], "ann", now=later(hours=2))
        shop.read(RIGHT, *LOG, theirs(99, hours=-2.5), hours=3)
        assert sorted(states(shop.store)) == ["regressed", "resolved", "resolved"]

    def test_what_could_not_be_read_was_not_ignored_for_what_it_says(self, shop: Shop) -> None:
        shop.read(DEFAULT, *LOG)
        shop.store.errors.ignore(
            only(shop.store)["id"], "ann", for_ever=True, reason="noise", now=later(hours=2)
        )
        shop.read(RIGHT, *LOG, hours=3)
        assert "ignored" not in states(shop.store)

    def test_rows_that_are_the_same_do_not_end_that_a_problem_is_ignored(self, shop: Shop) -> None:
        shop.read(RIGHT.model_copy(update={"log_id": "Id"}), *LOG[:4])
        ident = only(shop.store)["id"]
        shop.store.errors.ignore(ident, "ann", more=2, now=later(hours=2))
        shop.read(RIGHT, *LOG[:4], hours=3)
        assert (only(shop.store)["state"], only(shop.store)["rows"]) == ("ignored", 4)
        shop.read(RIGHT, *LOG[:4], theirs(98), hours=4)
        assert states(shop.store) == ["ignored"]
        shop.read(RIGHT, *LOG[:4], theirs(98), theirs(99), hours=5)
        assert states(shop.store) == ["ongoing"]

    def test_rows_that_were_counted_twice_before_are_found_too(self, shop: Shop) -> None:
        shop.read(DEFAULT, *LOG)
        shop.read(RIGHT, *LOG, mode="changes")
        assert sum(shop.counted()) == 18
        shop.read(RIGHT, *LOG)
        assert shop.counted() == [2, 3, 4]

    def test_wrong_again_and_right_again(self, shop: Shop) -> None:
        for fields in (DEFAULT, RIGHT, DEFAULT, RIGHT, DEFAULT, RIGHT):
            shop.read(fields, *LOG)
        assert shop.counted() == [2, 3, 4]

    def test_what_cannot_be_read_anew_is_a_problem_of_its_own(self, shop: Shop) -> None:
        for fields in (RIGHT, DEFAULT, RIGHT):
            shop.read(fields, *LOG[:4])
        assert shop.counted() == [4]
        readable = only(shop.store)["id"]
        shop.read(DEFAULT, theirs(99))
        assert shop.counted() == [1, 4]
        assert shop.store.errors.group(readable)["rows"] == 4  # type: ignore[index]

    def test_rows_that_nobody_reads_any_more_stay(self, shop: Shop) -> None:
        shop.read(DEFAULT, *LOG)
        shop.read(RIGHT, *LOG[:2])
        assert shop.counted() == [2, 7]

    def test_what_people_split_off_by_a_text_stays_split(self, shop: Shop) -> None:
        shop.read(DEFAULT, *LOG)
        ident = shop.store.errors.split_by_text(only(shop.store)["id"], "timeout", "ann", now=NOW)
        shop.read(RIGHT, *LOG)
        assert shop.counted() == [2, 3, 4]
        assert shop.store.errors.group(ident)["rows"] == 2  # type: ignore[index]

    def test_the_same_once_more_changes_nothing(self, shop: Shop) -> None:
        shop.read(DEFAULT, *LOG)
        shop.read(RIGHT, *LOG)
        before = shop.store.errors.groups(state="all").drop("expected", "last_day")
        told = [happened(shop.store, ident) for ident in before["id"]]
        shop.read(RIGHT, *LOG)
        assert shop.store.errors.groups(state="all").drop("expected", "last_day").equals(before)
        assert [happened(shop.store, ident) for ident in before["id"]] == told


#: A mapping that was in force before: other names for some fields.
FORMER = {
    "no number": {"log_id": "Id"},
    "no moment": {"at_utc": "DateUtc", "at": "Date"},
    "no UTC": {"at_utc": "DateUtc"},
    "one taken for the other": {"at_utc": "Moment", "at": "MomentUtc"},
    "Belgian time taken for UTC": {"at_utc": "Moment", "at": "Date"},
    "no words": {"message": "Message"},
    "no address": {"url": "Url", "method": "HttpMethod"},
    "no status": {"status_code": "StatusCode"},
    "no body": {"body": "RequestBody"},
    "nothing": dict.fromkeys(THEIRS, "Odd"),
}


@pytest.mark.parametrize("former", FORMER.values(), ids=list(FORMER))
def test_whichever_name_was_wrong(shop: Shop, former: dict[str, str]) -> None:
    shop.read(RIGHT.model_copy(update=former), *LOG)
    shop.read(RIGHT, *LOG)
    assert shop.counted() == [2, 3, 4]
    found = shop.store.errors.rows()
    assert sorted(found["log_id"].to_list()) == [str(one) for one in range(1, 10)]
    assert found["at"].max() == NOW - timedelta(hours=1)
    assert found["body"].null_count() == 0


NO_METHOD = RIGHT.model_copy(update={"method": "HttpMethod"})


class TestWhatPeopleDidStays:
    """Readable problems that another name makes other problems of."""

    def test_an_open_one_does_not_vanish_in_an_ignored_one(self, shop: Shop) -> None:
        other = RIGHT.model_copy(update={"method": "Verb"})
        rows = [theirs(one, Verb="PUT" if one < 6 else "POST") for one in range(1, 9)]
        shop.read(other, *rows)
        most, fewer = shop.store.errors.groups(state="all").sort("rows", descending=True)["id"]
        shop.store.errors.ignore(most, "ann", for_ever=True, reason="known", now=NOW)
        shop.store.errors.assign(fewer, "bob", "ann", now=NOW)
        shop.read(NO_METHOD, *rows)
        group = only(shop.store)
        assert (group["rows"], group["state"], group["assignee"]) == (8, "new", "bob")

    def test_split_stays_split(self, shop: Shop) -> None:
        rows = [theirs(one, url=f"/api/Products?job={'night' if one < 3 else 'day'}") for one in range(1, 6)]
        shop.read(NO_METHOD, *rows)
        part = shop.store.errors.split_by_text(only(shop.store)["id"], "job=night", "ann", now=NOW)
        shop.store.errors.ignore(part, "ann", for_ever=True, reason="known", now=NOW)
        shop.read(RIGHT, *rows)
        found = dict(shop.store.errors.groups(state="all").select("rows", "state").iter_rows())
        assert found == {2: "ignored", 3: "new"}
        shop.read(RIGHT, *rows, theirs(9, url="/api/Products?job=night"))
        assert shop.counted() == [3, 3], "also what comes"

    def test_merged_stays_merged(self, shop: Shop) -> None:
        shop.read(NO_METHOD, *LOG)
        brand, taken = shop.ident("brand"), shop.ident("already")
        shop.store.errors.merge(taken, brand, "ann", now=NOW)
        shop.store.errors.ignore(brand, "ann", for_ever=True, reason="known", now=NOW)
        shop.store.errors.assign(brand, "bob", "ann", now=NOW)
        shop.read(RIGHT, *LOG)
        assert shop.counted() == [2, 7]
        group = shop.store.errors.group(brand)
        assert group is not None
        assert (group["rows"], group["state"], group["assignee"]) == (7, "ignored", "bob")

    def test_a_row_that_is_too_old_to_be_read_again_stays_with_the_others(self, shop: Shop) -> None:
        shop.read(NO_METHOD, *LOG[:4])
        ident = only(shop.store)["id"]
        shop.store.errors.ignore(ident, "ann", for_ever=True, reason="known", now=NOW)
        shop.read(RIGHT, *LOG[:3])
        assert (only(shop.store)["id"], only(shop.store)["state"], only(shop.store)["rows"]) == (
            ident,
            "ignored",
            4,
        )


@pytest.mark.parametrize("apart", [5, 1, 2.5])
def test_an_emptied_log_whose_jobs_fail_on_the_hour_loses_nothing(shop: Shop, apart: float) -> None:
    shop.read(RIGHT, *(theirs(one, hours=12 - one) for one in range(4)))
    shop.store.errors.resolve(only(shop.store)["id"], "ann", now=later(hours=-8.5))
    shop.read(RIGHT, *(theirs(one, hours=12 - one - apart) for one in range(4)))
    assert shop.counted() == [8]


def test_rows_without_a_number_by_either_mapping(shop: Shop) -> None:
    rows = [{name: value for name, value in one.items() if name != "LogNr"} for one in LOG]
    shop.read(DEFAULT, *rows)
    shop.read(RIGHT, *rows)
    assert shop.counted() == [2, 3, 4]


def test_a_log_that_numbers_anew_and_says_the_same_loses_nothing(shop: Shop) -> None:
    """Row 1 of the emptied log says what the former row 1 said, some hours and minutes later."""
    shop.read(RIGHT, *(theirs(one, hours=9 + one) for one in range(3)))
    shop.read(RIGHT, *(theirs(one, hours=2.3 + one) for one in range(3)))
    assert shop.counted() == [6]


def test_everyday_readings_look_for_nothing(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.read(DEFAULT, *LOG)

    def never(*_: Any) -> None:
        raise AssertionError

    monkeypatch.setattr("checks.store.error_absorb.same_rows", never)
    shop.read(DEFAULT, *LOG, theirs(77), mode="changes")
    assert sum(shop.counted()) == 10


def test_all_or_nothing(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.read(DEFAULT, *LOG)
    before = shop.store.errors.rows()

    def fails(*_: Any) -> None:
        raise RuntimeError("cut off")

    monkeypatch.setattr("checks.store.error_absorb.judge_groups", fails)
    with pytest.raises(RuntimeError, match="cut off"):
        shop.read(RIGHT, *LOG)
    assert shop.store.errors.rows().equals(before)
    assert sum(shop.counted()) == 9


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
@trying(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from([*FORMER.values(), {}]),
            st.integers(1, 9),
            st.sampled_from(["", "merge", "split", "split by text", "undo", "resolve"]),
            st.integers(0, 99),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_whatever_the_names_were_and_people_did_every_row_counts_once(
    store: Store, steps: list[tuple[dict[str, str], int, str, int]]
) -> None:
    empty(store)
    shop = Shop(store)
    for former, count, done, pick in steps:
        shop.read(RIGHT.model_copy(update=former), *LOG[:count])
        assert sum(shop.counted()) >= count, "nothing is lost"
        with suppress(UsageError):  # not everything can be done to everything
            people_do(store, done, pick)
        shop.counted()
    shop.read(RIGHT, *LOG)
    assert sum(shop.counted()) == 9
    assert sorted(store.errors.rows()["log_id"].to_list()) == [str(one) for one in range(1, 10)]


def people_do(store: Store, what: str, pick: int) -> None:
    ids = store.errors.groups(state="all")["id"].sort().to_list()
    one, other = ids[pick % len(ids)], ids[pick % 7 % len(ids)]
    match what:
        case "merge":
            store.errors.merge(one, other, "ann", now=NOW)
        case "split":
            store.errors.split(one, store.errors.members(one)["fingerprint"][0], "ann", now=NOW)
        case "split by text":
            store.errors.split_by_text(one, "brand", "ann", now=NOW)
        case "undo":
            store.errors.undo(max(store.errors.events(one)["number"]), "ann", now=NOW)
        case "resolve":
            store.errors.resolve(one, "ann", now=NOW)


def empty(store: Store) -> None:
    with store.engine.begin() as connection:
        for table in tables.metadata.sorted_tables:
            if table.name.startswith("error_"):
                connection.execute(sa.delete(table))


@pytest.fixture
def renamed() -> Iterator[None]:
    """The sandbox names the fields of its log as THEIRS does."""
    path = ("GET", "errorlogs")
    usual, names = ROUTES[path], {getattr(DEFAULT, ours): name for ours, name in THEIRS.items()}

    def answer(desk: Any, call: Any) -> Any:
        reply = usual(desk, call)
        rows = list(reply.payload["ErrorLogs"])
        reply.payload["ErrorLogs"] = [
            {names.get(name, name): value for name, value in one.items()} for one in rows
        ]
        return reply

    ROUTES[path] = answer
    yield
    ROUTES[path] = usual


@pytest.mark.usefixtures("renamed")
def test_health_checks_before_and_after_the_settings_are_corrected(
    make_sandbox: Callable[..., Sandbox], make_settings: Callable[..., Settings], store: Store
) -> None:
    sandbox = make_sandbox(size=100)
    settings = make_settings(sandbox)
    planted = len(sandbox.shop.error_logs)
    run_health_check(settings, store, started_by="test", now=sandbox.now())
    groups = store.errors.groups(state="all")
    assert groups["rows"].sum() == planted
    unreadable = groups.height
    source: OrestoSource = settings.sources[0].model_copy(update={"fields": OrestoFields(error_log=RIGHT)})
    corrected = settings.model_copy(update={"sources": [source]})
    for _ in range(2):
        sandbox.advance(hours=1)
        run_health_check(corrected, store, started_by="test", now=sandbox.now())
        groups = store.errors.groups(state="all")
        assert groups["rows"].sum() == planted == store.errors.rows_total()
        assert store.errors.counts(groups["id"])["rows"].sum() == planted
        assert groups["rows"].min() > 0
        assert groups.height > unreadable
    assert store.errors.rows(limit=1000)["raw"].null_count() == planted
