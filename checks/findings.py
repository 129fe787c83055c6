"""What a finding is, its fingerprint, and how one run compares with the last.

A finding is one thing wrong with one entity. Its `id` depends on check, source, key and field only, so it is the same
tomorrow. All functions here are pure: frames in, frames out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import polars as pl

Severity = Literal["error", "warning", "info"]
CheckStatus = Literal["passed", "failed", "could_not_run"]

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
OPEN_STATUSES = ("new", "ongoing", "regressed")
#: Still found, and set aside by a person: accepted for a reason, or snoozed until a day.
SET_ASIDE = ("accepted", "snoozed")
STATUSES = (*OPEN_STATUSES, *SET_ASIDE, "fixed")

#: What the rules give: one row per thing wrong. `value` is the guilty value as text, `message` a sentence for people.
FOUND = pl.Schema(
    {
        "check": pl.String,
        "severity": pl.String,
        "source": pl.String,
        "entity": pl.String,
        "key": pl.String,
        "field": pl.String,
        "value": pl.String,
        "message": pl.String,
        "fix": pl.String,
    }
)

#: What the store keeps: `FOUND` with the fingerprint and its life over the runs.
KEPT = pl.Schema(
    [
        ("id", pl.String()),
        *FOUND.items(),
        ("status", pl.String()),
        ("first_seen", pl.Datetime("us", "UTC")),
        ("last_seen", pl.Datetime("us", "UTC")),
        ("fixed_at", pl.Datetime("us", "UTC")),
    ]
)

EVENTS = pl.Schema({"finding_id": pl.String, "event": pl.String, "detail": pl.String})


@dataclass(frozen=True)
class CheckResult:
    """How one check went on one source."""

    check: str
    source: str
    status: CheckStatus
    findings: int = 0
    seconds: float = 0.0
    message: str | None = None
    entities: int | None = None  # how many it judged; None when it could not run
    #: Of these findings, how many a person accepted, and the entities with any other by their gravest severity.
    #: Known only to the store, at the end of a run.
    accepted: int = 0
    affected: Mapping[str, int] | None = None


def fingerprint(check: str, source: str, key: str, field: str | None) -> str:
    """The finding's stable id: 20 hexadecimal digits of the four parts that identify it."""
    text = "\x1f".join((check, source, key, field or ""))
    return hashlib.blake2b(text.encode(), digest_size=10).hexdigest()


def identify(found: pl.DataFrame) -> pl.DataFrame:
    """`FOUND` with its `id` in front; a thing found twice by one check counts once."""
    ids = [
        fingerprint(check, source, key, field)
        for check, source, key, field in found.select("check", "source", "key", "field").iter_rows()
    ]
    numbered = found.select(pl.Series("id", ids, dtype=pl.String), *FOUND.names())
    return numbered.unique("id", keep="first", maintain_order=True)


@dataclass(frozen=True)
class Comparison:
    """What a run changes in the store: rows of `KEPT` to create or replace, rows of `EVENTS` to add."""

    findings: pl.DataFrame
    events: pl.DataFrame


def compare(
    known: pl.DataFrame,
    found: pl.DataFrame,
    judged: Collection[tuple[str, str]],
    now: datetime,
    repaired: Collection[str] = (),
    held: Collection[str] = (),
) -> Comparison:
    """Compares the findings of this run with what the store knows.

    Args:
        known: `KEPT`, every finding of the store, open or fixed.
        found: `FOUND`, what this run's checks found.
        judged: the (check, source) pairs that passed or failed. A pair that could not run is not among them, and its
            findings stay exactly as they were: neither seen again nor fixed.
        now: the moment of the run, aware.
        repaired: ids of findings that a fix closed while this run was busy. What the run saw of them is older than
            the repair, so it is left aside; the next run judges it.
        held: ids of findings on entities with an unfinished fix. Such a product may be in no list at all just now:
            that it is not found any more does not make it fixed.

    A finding never seen is *new*; seen at the last run too is *ongoing*; back after it was fixed is *regressed*; open
    but gone now is *fixed*. Severity, value and message follow the newest sight of it.
    """
    found = identify(found).filter(~pl.col("id").is_in(list(repaired)))
    pairs = pl.DataFrame(sorted(judged), schema={"check": pl.String, "source": pl.String}, orient="row")
    moment = pl.lit(now, dtype=pl.Datetime("us", "UTC"))
    before = known.select(
        "id", pl.col("status").alias("was"), "first_seen", pl.col("value").alias("old_value")
    )
    seen = (
        found.join(pairs, on=["check", "source"], how="semi", maintain_order="left")
        .join(before, on="id", how="left", maintain_order="left")
        .with_columns(
            status=pl.when(pl.col("was").is_null())
            .then(pl.lit("new"))
            .when(pl.col("was") == "fixed")
            .then(pl.lit("regressed"))
            .otherwise(pl.lit("ongoing")),
            first_seen=pl.coalesce("first_seen", moment),
            last_seen=moment,
            fixed_at=pl.lit(None, dtype=pl.Datetime("us", "UTC")),
        )
    )
    gone = (
        known.filter(pl.col("status").is_in(OPEN_STATUSES) & ~pl.col("id").is_in(list(held)))
        .join(pairs, on=["check", "source"], how="semi", maintain_order="left")
        .join(found, on="id", how="anti", maintain_order="left")
        .with_columns(status=pl.lit("fixed"), fixed_at=moment)
    )
    moved = seen.filter((pl.col("status") == "ongoing") & pl.col("value").ne_missing(pl.col("old_value")))
    events = pl.concat(
        [
            seen.filter(pl.col("status") != "ongoing").select(
                finding_id="id", event="status", detail=pl.col("message")
            ),
            moved.select(
                finding_id="id",
                event=pl.lit("changed"),
                detail=pl.format(
                    "{} became {}",
                    pl.col("old_value").fill_null("nothing"),
                    pl.col("value").fill_null("nothing"),
                ),
            ),
            gone.select(
                finding_id="id", event=pl.lit("fixed"), detail=pl.lit("No longer found by the check.")
            ),
        ],
        how="vertical",
    )
    return Comparison(pl.concat([seen.select(KEPT.names()), gone.select(KEPT.names())]).cast(KEPT), events)
