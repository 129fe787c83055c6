"""Findings that explain failures, and what a fix of them means for the problem."""

from __future__ import annotations

import json
from datetime import datetime

import polars as pl
import pytest

from checks.findings import FOUND, CheckResult, fingerprint
from checks.store import Store
from tests.store.error_logs import BRAND, NOW, SOURCE, TAKEN, happened, later, only, read, row

CHECK = "invalid-reference"


def finding(check: str, entity: str, key: str, value: str | None = None) -> tuple[str | None, ...]:
    return (check, "error", SOURCE, entity, key, None, value, f"{key} is wrong.", None)


def find(store: Store, *found: tuple[str | None, ...], at: datetime = NOW) -> None:
    """A run that finds these and nothing else."""
    checks = sorted({str(one[0]) for one in found} | {CHECK})
    results = [CheckResult(check, SOURCE, "failed", 1, entities=9) for check in checks]
    data = pl.DataFrame(found, schema=FOUND, orient="row")
    store.finish_run(store.begin_run("full", "test"), "complete", "full", None, [], results, data, at)


def products(*keys: str) -> list[tuple[str | None, ...]]:
    return [finding(CHECK, "product", key) for key in keys]


def ident(key: str, check: str = CHECK) -> str:
    return fingerprint(check, SOURCE, key, None)


def close(store: Store, *keys: str, at: datetime, by: str | None = "ann") -> list[str]:
    """A fix of these products ends; the groups that it moved."""
    for key in keys:
        store.set_finding(ident(key), "fixed", "fixed", "Read back.", by, now=at)
    return store.errors.after_fix(SOURCE, [ident(key) for key in keys], "ann", at)


class TestCauses:
    def test_most_of_these_failures_come_from_flagged_products(self, store: Store) -> None:
        read(store, row(1), row(2), row(3), row(4, body=None))
        find(store, *products("A1", "A2", "A9"))
        (cause,) = store.errors.causes(only(store)["id"], now=NOW).to_dicts()
        assert (cause["check"], cause["findings"], cause["keys"]) == (CHECK, 2, ["A1", "A2"])
        assert (cause["rows"], cause["total"]) == (2, 3)

    @pytest.mark.parametrize(
        ("found", "body"),
        [
            (finding("client-without-user", "client", "K1"), {"ClientNumber": "K1"}),
            (finding("order-unprocessed", "order", "1001"), {"OrderNumbers": [1001]}),
            (finding("invalid-ean", "product", "A9", "5400000000012"), {"EanCode": "5400000000012"}),
            (finding("client-product-same-price", "client-product", "A7|K1"), {"ClientNumber": "K1"}),
            (
                finding("order-list-unknown-article", "order-list-item", "K7|A9"),
                {"WholesalerArticleNumber": "A9"},
            ),
        ],
        ids=lambda one: str(one[0]) if isinstance(one, tuple) else "",
    )
    def test_whatever_kind_of_thing_it_is(
        self, store: Store, found: tuple[str | None, ...], body: dict[str, object]
    ) -> None:
        read(store, row(1, "Something else.", body=json.dumps(body)))
        find(store, found)
        assert store.errors.causes(only(store)["id"], now=NOW)["check"].to_list() == [found[0]]

    def test_rows_of_long_ago_explain_nothing_today(self, store: Store) -> None:
        read(store, row(1, hours=24 * 31), row(2))
        find(store, *products("A1"))
        assert store.errors.causes(only(store)["id"], now=NOW).is_empty()


class TestAfterAFix:
    def test_fixed_then_confirmed_by_a_day_without(self, store: Store) -> None:
        read(store, row(1), row(2))
        find(store, *products("A1", "A2"))
        group = only(store)["id"]
        assert close(store, "A1", "A2", at=later(hours=1)) == [group]
        assert "2 findings of invalid-reference" in store.errors.events(group)["detail"].to_list()[-1]
        read(store, at=later(hours=20))
        assert only(store)["state"] == "fixed_unconfirmed"
        read(store, at=later(hours=26))
        assert happened(store) == ["new", "fixed", "resolved"]

    def test_a_day_that_was_not_collected_confirms_nothing(self, store: Store) -> None:
        read(store, row(1))
        find(store, *products("A1"))
        close(store, "A1", at=later(hours=1))
        read(store, at=later(days=3), since=later(days=2))
        assert only(store)["state"] == "fixed_unconfirmed"

    def test_a_row_after_the_fix_brings_it_back(self, store: Store) -> None:
        read(store, row(1))
        find(store, *products("A1"))
        close(store, "A1", at=later(hours=1))
        read(store, row(2, hours=-3), at=later(hours=4))
        assert happened(store) == ["new", "fixed", "regressed"]

    def test_one_product_that_is_still_wrong_keeps_it_open(self, store: Store) -> None:
        read(store, row(1), row(2))
        find(store, *products("A1", "A2"))
        assert close(store, "A1", at=later(hours=1)) == []
        assert close(store, "A2", at=later(hours=2)) == [only(store)["id"]]

    def test_it_must_explain_at_least_half(self, store: Store) -> None:
        read(store, row(1), row(2), row(3))
        find(store, *products("A1"))
        assert close(store, "A1", at=later(hours=1)) == []

    def test_what_was_repaired_before_the_newest_row_was_not_its_cause(self, store: Store) -> None:
        find(store, *products("A1"))
        store.set_finding(ident("A1"), "fixed", "fixed", "Read back.", "ann", now=later(hours=-9))
        read(store, row(1))
        assert store.errors.after_fix(SOURCE, [ident("A1")], "ann", later(hours=1)) == []

    def test_what_people_closed_is_left_alone(self, store: Store) -> None:
        read(store, row(1))
        find(store, *products("A1"))
        store.errors.resolve(only(store)["id"], "bob", now=NOW)
        assert close(store, "A1", at=later(hours=1)) == []

    def test_undone_it_is_open_again(self, store: Store) -> None:
        read(store, row(1), row(2, TAKEN, body='{"WholesalerArticleNumber": "A2"}'))
        find(store, *products("A1"))
        moved = close(store, "A1", at=later(hours=1))
        assert len(moved) == 1, "the other problem is about another product"
        store.set_finding(ident("A1"), "regressed", "undone", "Undone.", "ann", now=later(hours=2))
        assert store.errors.after_undo(SOURCE, [ident("A1")], "ann", later(hours=2)) == moved
        assert happened(store, moved[0]) == ["new", "fixed", "fix-undone"]

    def test_undoing_another_fix_changes_nothing(self, store: Store) -> None:
        read(store, row(1, BRAND))
        find(store, *products("A1"), finding("missing-photo", "product", "A1"))
        close(store, "A1", at=later(hours=1))
        other = ident("A1", "missing-photo")
        assert store.errors.after_undo(SOURCE, [other], "ann", later(hours=2)) == []
        assert only(store)["state"] == "fixed_unconfirmed"

    def test_two_checks_explain_it_together_and_undoing_either_brings_it_back(self, store: Store) -> None:
        read(store, *(row(number) for number in range(1, 11)))
        photos = [finding("missing-photo", "product", f"A{number}") for number in range(4, 8)]
        find(store, *products("A1", "A2", "A3"), *photos)
        group = only(store)["id"]
        assert close(store, "A1", "A2", "A3", at=later(hours=1)) == [], "three of ten rows"
        others = [ident(f"A{number}", "missing-photo") for number in range(4, 8)]
        for one in others[:-1]:
            store.set_finding(one, "fixed", "fixed", "Read back.", "ann", now=later(hours=2))
        assert store.errors.after_fix(SOURCE, others[:-1], "ann", later(hours=2)) == [], "one is open still"
        store.set_finding(others[-1], "fixed", "fixed", "Read back.", "bob", now=later(hours=3))
        assert store.errors.after_fix(SOURCE, others[-1:], "bob", later(hours=3)) == [group]
        said = store.errors.events(group)["detail"].to_list()[-1]
        assert "4 findings of missing-photo and 3 findings of invalid-reference" in said
        store.set_finding(ident("A2"), "regressed", "undone", "Undone.", "ann", now=later(hours=4))
        assert store.errors.after_undo(SOURCE, [ident("A2")], "ann", later(hours=4)) == [group]

    def test_what_could_not_be_told_then_is_told_by_the_next_run(self, store: Store) -> None:
        read(store, row(1))
        find(store, *products("A1"))
        store.set_finding(ident("A1"), "fixed", "fixed", "Read back.", "ann", now=later(hours=1))
        assert store.errors.after_late_rows(SOURCE, later(hours=2)) == [only(store)["id"]]
        assert store.errors.events(only(store)["id"])["by"].to_list()[-1] == "ann"
        assert store.errors.after_late_rows(SOURCE, later(hours=3)) == [], "once"

    def test_rows_of_before_the_fix_that_come_in_late_are_fixed_already(self, store: Store) -> None:
        find(store, *products("A1"))
        store.set_finding(ident("A1"), "fixed", "fixed", "Read back.", "ann", now=later(hours=1))
        read(store, row(1), at=later(hours=2))
        assert store.errors.after_late_rows(SOURCE, later(hours=2)) == [only(store)["id"]]

    def test_what_a_person_reopened_since_stays_open(self, store: Store) -> None:
        read(store, row(1))
        find(store, *products("A1"))
        (group,) = close(store, "A1", at=later(hours=1))
        store.errors.reopen(group, "bob", now=later(hours=2))
        assert store.errors.after_late_rows(SOURCE, later(hours=3)) == []
        assert only(store)["state"] == "ongoing"

    def test_what_an_undone_fix_reopened_stays_open(self, store: Store) -> None:
        read(store, row(1), row(2))
        photos = [finding("missing-photo", "product", f"A{number}") for number in (1, 2)]
        find(store, *products("A1", "A2"), *photos)
        close(store, "A1", "A2", at=later(hours=1))
        others = [ident(f"A{number}", "missing-photo") for number in (1, 2)]
        for one in others:
            store.set_finding(one, "fixed", "fixed", "Read back.", "ann", now=later(hours=2))
        store.set_finding(ident("A1"), "regressed", "undone", "Undone.", "ann", now=later(hours=3))
        store.errors.after_undo(SOURCE, [ident("A1")], "ann", later(hours=3))
        assert only(store)["state"] == "ongoing"
        assert store.errors.after_late_rows(SOURCE, later(hours=4)) == []

    def test_a_finding_that_a_run_closed_is_no_fix_though_one_closed_it_before(self, store: Store) -> None:
        find(store, *products("A1", "A2", "A3"), at=later(days=-9))
        store.set_finding(ident("A1"), "fixed", "fixed", "Read back.", "ann", now=later(days=-8))
        find(store, *products("A1", "A2", "A3"), at=later(days=-7))
        read(store, row(1), row(2), row(3), row(4))
        find(store, *products("A2", "A3"), at=later(hours=1))  # A1 was put right by somebody elsewhere
        store.set_finding(ident("A2"), "fixed", "fixed", "Read back.", "ann", now=later(hours=2))
        assert store.errors.after_fix(SOURCE, [ident("A2")], "ann", later(hours=2)) == []

    def test_what_a_run_closed_by_itself_moves_nothing(self, store: Store) -> None:
        read(store, row(1))
        find(store, *products("A1"))
        find(store, at=later(hours=1))
        assert store.errors.after_late_rows(SOURCE, later(hours=2)) == []
