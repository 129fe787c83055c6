"""Done when: grouping equals the planted truth, in three languages, in any order and in any batch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from datetime import UTC, datetime
from math import log2
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.sandbox.oresto.error_stream import error_stream
from checks.sandbox.oresto.routes_errors import wire_row
from checks.settings_sources import ErrorLogFields
from checks.sources.oresto.error_rows import error_rows
from checks.sources.rows import Shape
from checks.triage import fingerprinted, titles

END = datetime(2026, 11, 25, 6, tzinfo=UTC)


def planted(templates: Path, count: int, seed: int) -> pl.DataFrame:
    """Rows as a collection brings them, and `problem`: the one that was planted."""
    rows, truth = error_stream(templates, count, seed, END)
    frame = error_rows([wire_row(row) for row in rows], ErrorLogFields(), Shape())
    return frame.with_columns(problem=pl.Series([repr(truth[row.id]) for row in rows]))


@pytest.fixture(scope="module")
def some(shared_data: Path) -> pl.DataFrame:
    return planted(shared_data / "validation_message_templates.csv", 600, 3)


def entropy(labels: Sequence[Hashable]) -> float:
    return -sum(n / len(labels) * log2(n / len(labels)) for n in Counter(labels).values())


def unexplained(labels: Sequence[Hashable], given: Sequence[Hashable]) -> float:
    """H(labels | given): what one still does not know of `labels` when `given` is known."""
    return entropy(list(zip(labels, given, strict=True))) - entropy(given)


def homogeneity(truth: Sequence[Hashable], found: Sequence[Hashable]) -> float:
    """1 when each group holds rows of one problem only (Rosenberg and Hirschberg 2007)."""
    return 1 - unexplained(truth, found) / entropy(truth)


def completeness(truth: Sequence[Hashable], found: Sequence[Hashable]) -> float:
    """1 when all rows of a problem are in one group."""
    return 1 - unexplained(found, truth) / entropy(found)


def test_the_measures_tell_what_is_wrong() -> None:
    truth = ["a", "a", "b", "b"]
    assert homogeneity(truth, [1, 1, 2, 2]) == completeness(truth, [1, 1, 2, 2]) == 1
    assert homogeneity(truth, [1, 2, 3, 4]) == 1
    assert completeness(truth, [1, 2, 3, 4]) == 0.5
    assert homogeneity(truth, [1, 2, 1, 2]) == 0


@pytest.mark.parametrize("seed", [1, 2])
def test_groups_are_the_planted_problems(shared_data: Path, seed: int) -> None:
    rows = planted(shared_data / "validation_message_templates.csv", 4_000, seed)
    found = fingerprinted("main", rows)
    pairs = found.select("problem", "fingerprint").unique()
    assert pairs.height == found["problem"].n_unique() == found["fingerprint"].n_unique() > 150
    truth, groups = found["problem"].to_list(), found["fingerprint"].to_list()
    assert homogeneity(truth, groups) == pytest.approx(1, abs=1e-12)
    assert completeness(truth, groups) == pytest.approx(1, abs=1e-12)


@settings(max_examples=10)
@given(data=st.data())
def test_whatever_the_order_and_the_batches(some: pl.DataFrame, data: st.DataObject) -> None:
    whole = fingerprinted("main", some)
    shuffled = some.sample(fraction=1, shuffle=True, seed=data.draw(st.integers(0, 10**6)))
    cuts = sorted(data.draw(st.sets(st.integers(1, some.height - 1), max_size=6)))
    batches = [shuffled[start:end] for start, end in zip([0, *cuts], [*cuts, some.height], strict=True)]
    parts = pl.concat([fingerprinted("main", batch) for batch in batches])
    kept = ["row_id", "fingerprint", "route", "kind", "rule", "field", "text"]
    assert parts.select(kept).sort("row_id").equals(whole.select(kept).sort("row_id"))
    assert titles(parts).equals(titles(whole))


@settings(max_examples=12)
@given(data=st.data())
def test_one_row_alone_is_the_same_problem(some: pl.DataFrame, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, some.height - 1))
    assert (
        fingerprinted("main", some[place])["fingerprint"][0]
        == fingerprinted("main", some)["fingerprint"][place]
    )


def test_another_source_has_problems_of_its_own(some: pl.DataFrame) -> None:
    here, there = (set(fingerprinted(source, some)["fingerprint"]) for source in ("main", "other"))
    assert len(here) == len(there)
    assert not here & there


def test_ids_do_not_change_by_accident(some: pl.DataFrame) -> None:
    """An id is kept in stores: one that changes is a change of the masks, which regroups the history."""
    row = some.clear(1).with_columns(
        method=pl.lit("PUT"),
        url=pl.lit("/api/Products"),
        status_code=400,
        message=pl.lit("Order 12 is gone."),
    )
    assert fingerprinted("main", row)["fingerprint"].to_list() == ["2bea2c22eeabc0d2aa4f"]


def test_no_rows(some: pl.DataFrame) -> None:
    nothing = fingerprinted("main", some.clear())
    assert nothing.is_empty()
    assert titles(nothing).is_empty()
