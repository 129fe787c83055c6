"""Comparing a run with the store, against a plain model that does it finding by finding over many runs."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from checks.findings import FOUND, KEPT, compare, fingerprint

START = datetime(2026, 11, 20, 6, tzinfo=UTC)
PAIRS = [("missing-photo", "webshop"), ("missing-photo", "other"), ("invalid-ean", "webshop")]

#: What identifies a finding: check, source, key, field.
Thing = tuple[str, str, str, str | None]


@dataclass(frozen=True)
class Life:
    status: str
    value: str | None
    first_seen: datetime
    last_seen: datetime
    fixed_at: datetime | None = None


@dataclass(frozen=True)
class Night:
    """One run: what it found, in order, which pairs could not run, and what a fix closed while it was busy."""

    found: list[tuple[Thing, str | None]]
    could_not_run: set[tuple[str, str]] = field(default_factory=set)
    repaired: set[Thing] = field(default_factory=set)


THINGS = st.builds(
    lambda pair, key, name: (*pair, key, name),
    st.sampled_from(PAIRS),
    st.sampled_from(["A", "B"]),
    st.sampled_from([None, "nld"]),
)
NIGHTS = st.builds(
    Night,
    st.lists(
        st.tuples(THINGS, st.sampled_from([None, "", "1", "2"])), max_size=8
    ),  # a thing may be found twice
    st.sets(st.sampled_from(PAIRS)),
    st.sets(THINGS, max_size=3),
)


def as_found(found: list[tuple[Thing, str | None]]) -> pl.DataFrame:
    rows = [
        (check, "warning", source, "product", key, name, value, f"Value {value}.", None)
        for (check, source, key, name), value in found
    ]
    return pl.DataFrame(rows, schema=FOUND, orient="row")


def expected(
    known: dict[Thing, Life], night: Night, now: datetime
) -> tuple[dict[Thing, Life], list[tuple[str, str]]]:
    """What the store should hold after the night, and its events: (id, event)."""
    after, events = dict(known), []
    seen: dict[Thing, str | None] = {}
    for thing, value in night.found:
        seen.setdefault(thing, value)
    for thing in {*known, *seen}:
        if thing[:2] in night.could_not_run or thing in night.repaired:
            continue
        was = known.get(thing)
        if thing not in seen:
            if was is not None and was.status != "fixed":
                after[thing] = replace(was, status="fixed", fixed_at=now)
                events.append((fingerprint(*thing), "fixed"))
            continue
        if was is None:
            after[thing] = Life("new", seen[thing], now, now)
            events.append((fingerprint(*thing), "new"))
        elif was.status == "fixed":
            after[thing] = Life("regressed", seen[thing], was.first_seen, now)
            events.append((fingerprint(*thing), "regressed"))
        else:
            after[thing] = Life("ongoing", seen[thing], was.first_seen, now)
            if was.value != seen[thing]:
                events.append((fingerprint(*thing), "changed"))
    return after, sorted(events)


def lives(kept: pl.DataFrame) -> dict[Thing, Life]:
    return {
        (row["check"], row["source"], row["key"], row["field"]): Life(
            row["status"], row["value"], row["first_seen"], row["last_seen"], row["fixed_at"]
        )
        for row in kept.iter_rows(named=True)
    }


@given(st.lists(NIGHTS, max_size=6))
def test_a_finding_lives_as_the_plain_model_says(nights: list[Night]) -> None:
    kept, model = KEPT.to_frame(), dict[Thing, Life]()
    for number, night in enumerate(nights):
        now = START + timedelta(days=number)
        repaired = {thing for thing in night.repaired if thing in model}
        ids = [fingerprint(*thing) for thing in repaired]
        closed = {"status": pl.lit("fixed"), "fixed_at": pl.lit(now - timedelta(minutes=1), KEPT["fixed_at"])}
        kept = kept.with_columns(
            pl.when(pl.col("id").is_in(ids)).then(new).otherwise(name).alias(name)
            for name, new in closed.items()
        )
        model |= {
            thing: replace(model[thing], status="fixed", fixed_at=now - timedelta(minutes=1))
            for thing in repaired
        }
        judged = set(PAIRS) - night.could_not_run

        comparison = compare(kept, as_found(night.found), judged, now, ids)

        model, events = expected(model, replace(night, repaired=repaired), now)
        assert comparison.findings.schema == KEPT
        assert comparison.findings["id"].is_unique().all()
        kept = pl.concat([kept.join(comparison.findings, on="id", how="anti"), comparison.findings])
        assert lives(kept) == model
        assert sorted(comparison.events.select("finding_id", "event").rows()) == events


@given(NIGHTS)
def test_the_same_night_again_brings_no_news(night: Night) -> None:
    judged = set(PAIRS) - night.could_not_run
    first = compare(KEPT.to_frame(), as_found(night.found), judged, START)
    second = compare(first.findings, as_found(night.found), judged, START + timedelta(days=1))
    assert second.events.is_empty()
    assert set(second.findings["status"]) <= {"ongoing"}
    assert sorted(second.findings["id"]) == sorted(first.findings["id"])


def test_severity_and_message_follow_the_newest_sight() -> None:
    thing: Thing = ("missing-photo", "webshop", "A", None)
    first = compare(KEPT.to_frame(), as_found([(thing, "1")]), {thing[:2]}, START)
    worse = as_found([(thing, "2")]).with_columns(severity=pl.lit("error"), fix=pl.lit("upload-photo"))
    second = compare(first.findings, worse, {thing[:2]}, START + timedelta(days=1))
    assert second.findings.select("severity", "value", "message", "fix").rows() == [
        ("error", "2", "Value 2.", "upload-photo")
    ]
