"""Other masks group the kept rows anew, and nobody's work is lost by it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import polars as pl
import pytest
import sqlalchemy as sa
from hypothesis import settings as trying
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from checks import triage
from checks.errors import UsageError
from checks.store import Store, tables
from tests.store.error_logs import NOW, SOURCE, happened, later, log, read, row

_counts, _rows = tables.error_counts, tables.error_rows
_fingerprints, _groups = tables.error_fingerprints, tables.error_groups


class Masks:
    """Masks that tell rows apart by so many first words of their message; 0: not at all."""

    def __init__(self, words: int) -> None:
        self.words = words
        self.version = f"words-{words}"

    def fingerprinted(self, source: str, rows: pl.DataFrame) -> pl.DataFrame:
        text = pl.col("message").str.split(" ").list.head(self.words).list.join(" ")
        digest = [
            hashlib.blake2b(f"{source}|{one}".encode(), digest_size=10).hexdigest()
            for one in rows.select(text).to_series()
        ]
        nothing = pl.lit(None, pl.String)
        return rows.with_columns(
            fingerprint=pl.Series(digest, dtype=pl.String),
            route=pl.lit("Products"),
            kind=pl.lit("400"),
            rule=nothing,
            field=nothing,
            text=text,
        )

    @staticmethod
    def titles(rows: pl.DataFrame) -> pl.DataFrame:
        return rows.group_by("fingerprint").agg(title=pl.col("text").min()).sort("fingerprint")

    def use(self, patch: pytest.MonkeyPatch) -> None:
        patch.setattr(triage, "MASKS_VERSION", self.version)
        patch.setattr(triage, "fingerprinted", self.fingerprinted)
        patch.setattr(triage, "titles", self.titles)


@pytest.fixture
def masks(monkeypatch: pytest.MonkeyPatch, store: Store) -> Any:
    """`masks(2)`: from now on rows are told apart by two words; the store is grouped anew."""

    def use(words: int) -> int:
        Masks(words).use(monkeypatch)
        return store.errors.regroup_if_needed(NOW)

    return use


def by_title(store: Store) -> dict[str, dict[str, Any]]:
    return {one["title"]: one for one in store.errors.groups(state="all").to_dicts()}


def test_only_the_name_changed_keeps_id_state_and_history(store: Store, masks: Any) -> None:
    masks(2)
    read(store, row(1, "a b"), row(2, "c d"))
    ident = by_title(store)["a b"]["id"]
    store.errors.resolve(ident, "ann", now=NOW)
    before = store.errors.groups(state="all").drop("title")
    assert masks(1) == 2
    assert store.errors.groups(state="all").drop("title").equals(before)
    assert happened(store, ident) == ["new", "resolved"]
    assert store.errors.regroup_if_needed() == 0


def test_several_become_one_the_oldest_keeps_its_id(store: Store, masks: Any) -> None:
    masks(2)
    read(store, row(1, "a b", hours=3), row(2, "a c", hours=9), row(3, "d e"))
    oldest, other = by_title(store)["a c"]["id"], by_title(store)["a b"]["id"]
    masks(1)
    assert {one["id"]: one["rows"] for one in by_title(store).values()} == {
        oldest: 2,
        by_title(store)["d"]["id"]: 1,
    }
    assert happened(store, oldest) == ["new", "regrouped"]
    found = store.errors.group(other)
    assert found is not None
    assert found["id"] == oldest


def test_the_state_and_the_name_that_came_of_it_can_be_put_back(store: Store, masks: Any) -> None:
    masks(2)
    read(store, row(1, "a b", hours=3), row(2, "a c", hours=9))
    oldest, other = by_title(store)["a c"]["id"], by_title(store)["a b"]["id"]
    store.errors.resolve(oldest, "ann", now=NOW)
    store.errors.assign(other, "carl", "ann", now=NOW)
    masks(1)
    (one,) = store.errors.groups(state="all").to_dicts()
    assert (one["id"], one["state"], one["assignee"]) == (oldest, "new", "carl")
    store.errors.undo(int(store.errors.events(oldest)["number"].to_list()[-1]), "ann", now=NOW)
    (one,) = store.errors.groups(state="all").to_dicts()
    assert (one["state"], one["assignee"], one["rows"]) == ("resolved", None, 2), "what counts as it stays"
    assert "put back" in store.errors.events(oldest)["detail"].to_list()[-1]


def test_one_becomes_several_in_the_same_state(store: Store, masks: Any) -> None:
    masks(1)
    read(store, row(1, "a b"), row(2, "a b"), row(3, "a c"))
    ident = by_title(store)["a"]["id"]
    store.errors.ignore(ident, "ann", for_ever=True, reason="known", now=NOW)
    store.errors.assign(ident, "carl", "ann", now=NOW)
    masks(2)
    most, fewer = by_title(store)["a b"], by_title(store)["a c"]
    assert (most["id"], most["rows"], fewer["rows"]) == (ident, 2, 1)
    assert (fewer["state"], fewer["ignored"], fewer["assignee"]) == ("ignored", "for_ever", "carl")
    assert happened(store, fewer["id"]) == ["regrouped"]


def test_what_people_merged_stays_together(store: Store, masks: Any) -> None:
    masks(1)
    read(store, row(1, "a b"), row(2, "c d"), row(3, "e f"))
    known = by_title(store)
    store.errors.merge(known["c"]["id"], known["a"]["id"], "ann", now=NOW)
    masks(2)
    assert sorted(one["rows"] for one in by_title(store).values()) == [1, 2]
    assert store.errors.members(known["a"]["id"])["title"].sort().to_list() == ["a b", "c d"]


def test_what_people_split_by_a_text_stays_apart(store: Store, masks: Any) -> None:
    masks(1)
    read(store, row(1, "a b x"), row(2, "a b y"), row(3, "a c y"), row(4, "a b z"))
    ident = by_title(store)["a"]["id"]
    part = store.errors.split_by_text(ident, "y", "ann", now=NOW)
    masks(0)
    assert dict(store.errors.groups().select("id", "rows").iter_rows()) == {ident: 2, part: 2}
    read(store, row(5, "q y"), row(6, "q r"), at=later(hours=1))
    assert dict(store.errors.groups().select("id", "rows").iter_rows()) == {ident: 3, part: 3}


def test_counts_of_rows_that_are_gone_stay_with_their_problem(store: Store, masks: Any) -> None:
    masks(2)
    read(store, row(1, "a b", hours=30), row(2, "a c"))
    ident = by_title(store)["a b"]["id"]
    with store.engine.begin() as connection:
        connection.execute(sa.delete(_rows).where(_rows.c.row_id == "r1"))
    masks(1)
    assert store.errors.groups(ids=ident)["rows"].to_list() == [1]
    assert store.errors.counts(store.errors.groups()["id"])["rows"].sum() == 2


def test_a_run_regroups_before_it_takes_in(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    Masks(2).use(monkeypatch)
    read(store, row(1, "a b"), row(2, "a c"))
    Masks(1).use(monkeypatch)
    read(store, row(3, "a d"), at=later(hours=1))
    assert store.errors.groups()["rows"].to_list() == [3]


def test_what_has_the_fingerprint_that_a_group_began_with_is_another_problem(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The group keeps its id under other masks; that id is then no fingerprint of its own rows any more."""
    Masks(1).use(monkeypatch)
    read(store, row(1, "a b"))
    [first] = store.errors.groups(state="all")["id"]
    Masks(2).use(monkeypatch)
    read(store, row(1, "a b"), at=later(hours=1))
    for hours in (2, 3):
        read(store, row(2, "a"), at=later(hours=hours))  # alone it is what all of the first were before
    found = {one["title"]: one for one in store.errors.groups(state="all").to_dicts()}
    assert {title: one["rows"] for title, one in found.items()} == {"a b": 1, "a": 1}
    assert found["a b"]["id"] == first


WORDS = st.sampled_from("ab")
POOL = st.tuples(WORDS, WORDS, WORDS).map(" ".join)
PICK = st.integers(0, 10**6)


class Regrouping(RuleBasedStateMachine):
    """Whatever is read, merged, split, undone and grouped anew: every row counts, once, in one problem that is shown."""

    store: Store
    patch: pytest.MonkeyPatch

    @initialize()
    def begin(self) -> None:
        with self.store.engine.begin() as connection:
            for table in tables.metadata.sorted_tables:
                if table.name.startswith("error_"):
                    connection.execute(sa.delete(table))
        Masks(2).use(self.patch)
        self.read_rows: set[int] = set()
        self.runs = 0

    def waiting(self) -> dict[str, int]:
        """How many more rows each problem waits for that is ignored until so many have come."""
        left = sa.select(_groups.c.id, _groups.c.ignored_after - _groups.c.rows).where(
            _groups.c.ignored == "more", _groups.c.merged_into.is_(None)
        )
        with self.store.engine.connect() as connection:
            return {row[0]: row[1] for row in connection.execute(left)}

    @contextmanager
    def waiting_as_before(self, *but: str) -> Iterator[None]:
        """Rows that only move are none that anybody waits for."""
        before = self.waiting()
        yield
        after = self.waiting()
        assert {one: after[one] for one in before if one in after and one not in but} == {
            one: left for one, left in before.items() if one in after and one not in but
        }

    def pick(self, number: int) -> str:
        ids = self.store.errors.groups(state="all")["id"].sort().to_list()
        return str(ids[number % len(ids)])

    @rule(
        batch=st.lists(st.integers(0, 40), min_size=1, max_size=8),
        text=st.lists(POOL, min_size=41, max_size=41),
    )
    def absorb(self, batch: list[int], text: list[str]) -> None:
        self.runs += 1
        rows = [row(one, text[one], hours=one) for one in batch]
        before, waiting = self.shown(), self.waiting()
        self.store.errors.absorb(SOURCE, log(*rows), NOW, f"run-{self.runs}")
        self.read_rows |= set(batch)
        after = self.shown()
        for ident, left in self.waiting().items():
            assert left == waiting[ident] - (after[ident] - before[ident]) > 0

    def shown(self) -> dict[str, int]:
        return dict(self.store.errors.groups(state="all").select("id", "rows").iter_rows())

    @precondition(lambda self: self.read_rows)
    @rule(one=PICK, more=st.integers(1, 9))
    def ignore(self, one: int, more: int) -> None:
        ident = self.pick(one)
        with self.waiting_as_before(ident):
            self.store.errors.ignore(ident, "ann", more=more, now=NOW)
        assert self.waiting()[ident] == more

    @precondition(lambda self: self.read_rows)
    @rule(one=PICK)
    def reopen_and_think_better_of_it(self, one: int) -> None:
        ident = self.pick(one)
        with self.waiting_as_before():
            self.store.errors.reopen(ident, "ann", now=NOW)
            if self.store.errors.events(ident)["event"].to_list()[-1] == "reopened":
                self.store.errors.undo(
                    int(self.store.errors.events(ident)["number"].to_list()[-1]), "ann", now=NOW
                )

    @precondition(lambda self: self.read_rows)
    @rule(words=st.integers(0, 3))
    def other_masks(self, words: int) -> None:
        Masks(words).use(self.patch)
        with self.waiting_as_before():
            self.store.errors.regroup_if_needed(NOW)

    @precondition(lambda self: self.read_rows)
    @rule(one=PICK, into=PICK)
    def merge(self, one: int, into: int) -> None:
        with self.waiting_as_before():
            self.store.errors.merge(self.pick(one), self.pick(into), "ann", now=NOW)

    @precondition(lambda self: self.read_rows)
    @rule(one=PICK, part=PICK)
    def split(self, one: int, part: int) -> None:
        ident = self.pick(one)
        parts = self.store.errors.members(ident)["fingerprint"].to_list()
        if len(parts) > 1:
            with self.waiting_as_before():
                self.store.errors.split(ident, parts[part % len(parts)], "ann", now=NOW)

    @precondition(lambda self: self.read_rows)
    @rule(one=PICK, text=st.sampled_from(["a a", "b a", "b b"]))
    def split_by_text(self, one: int, text: str) -> None:
        with self.waiting_as_before(), suppress(UsageError):  # no row has the text, or every one
            self.store.errors.split_by_text(self.pick(one), text, "ann", now=NOW)

    @precondition(lambda self: self.read_rows)
    @rule(one=PICK)
    def undo(self, one: int) -> None:
        ident = self.pick(one)
        events = self.store.errors.events(ident).filter(
            pl.col("before").is_not_null() & pl.col("undone_at").is_null()
        )
        if events.height:
            before = json.loads(events["before"].to_list()[-1])
            but = [ident] if "state" in before else []
            with self.waiting_as_before(*but), suppress(UsageError):  # its parts count elsewhere by now
                self.store.errors.undo(int(events["number"].to_list()[-1]), "ann", now=NOW)
                if (
                    "state" in before and "moved" not in before
                ):  # it comes back at the total that it waited for
                    left = before["ignored_after"] and before["ignored_after"] - self.shown()[ident]
                    assert self.waiting().get(ident) == left

    @invariant()
    def every_row_counts_once(self) -> None:
        groups = self.store.errors.groups(state="all")
        expected = len(getattr(self, "read_rows", ()))
        assert groups["rows"].sum() == expected
        if not expected:
            return
        assert self.store.errors.counts(groups["id"])["rows"].sum() == expected
        in_rows = self.store.errors.rows(limit=1000).group_by("group_id").len()
        assert sorted(in_rows.iter_rows()) == sorted(
            groups.filter(pl.col("rows") > 0).select("id", "rows").iter_rows()
        )


def test_whatever_happens_every_row_counts_once(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("regrouping")
    with Store.open(f"sqlite:///{folder / 'keurmeester.db'}", folder / "snapshots") as store:
        machine = type("Regrouping", (Regrouping,), {"store": store, "patch": monkeypatch})
        machine.TestCase.settings = trying(max_examples=12, stateful_step_count=14, deadline=None)
        machine.TestCase("runTest").runTest()
