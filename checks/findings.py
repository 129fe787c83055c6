"""What a finding is, its fingerprint, and how one run compares with the last.

A finding is one thing wrong with one entity. Its `id` depends on check, source, key and field only, so it is the same
tomorrow. All functions here are pure: frames in, frames out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, tzinfo
from typing import Literal, NamedTuple

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

_MOMENT = pl.Datetime("us", "UTC")
_GRAVITY = pl.Enum(SEVERITIES)

#: Decisions that hold, as `compare` reads them. `kind`: accepted | snoozed; `value` and `severity`: what was accepted.
DECISIONS = pl.Schema(
    [
        ("finding_id", pl.String()),
        ("kind", pl.String()),
        ("value", pl.String()),
        ("severity", pl.String()),
        ("until", _MOMENT),
    ]
)

#: Decisions that a run ended. `why`: value-changed | graver | date-passed.
ENDED = pl.Schema({"finding_id": pl.String, "why": pl.String})


class Seen(NamedTuple):
    """What somebody saw of a finding when they decided about it."""

    value: str | None
    severity: str


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
    """What a run changes in the store.

    Attributes:
        findings: rows of `KEPT` to create or replace.
        events: rows of `EVENTS` to add.
        ended: rows of `ENDED`, the decisions that hold no longer.
    """

    findings: pl.DataFrame
    events: pl.DataFrame
    ended: pl.DataFrame = field(default_factory=ENDED.to_frame)


def compare(
    known: pl.DataFrame,
    found: pl.DataFrame,
    judged: Collection[tuple[str, str]],
    now: datetime,
    repaired: Collection[str] = (),
    held: Collection[str] = (),
    decisions: pl.DataFrame | None = None,
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
        decisions: `DECISIONS`, those that hold, at most one a finding.

    A finding never seen is *new*; seen at the last run too is *ongoing*; back after it was fixed is *regressed*; open
    or set aside but gone now is *fixed*. Severity, value and message follow the newest sight of it.

    While a decision holds, a finding that is found is *accepted* or *snoozed*, also when it had been fixed between. An
    acceptance holds for the value it was given for, as long as it gets no graver, and both hold until their date, which passes for a check that
    could not run too. One that ends brings its finding back as *regressed*, with an event `reopened` that says why.
    """
    found = identify(found).filter(~pl.col("id").is_in(list(repaired)))
    pairs = pl.DataFrame(sorted(judged), schema={"check": pl.String, "source": pl.String}, orient="row")
    moment = pl.lit(now, dtype=_MOMENT)
    before = _with_decisions(known, decisions, now)
    seen = _seen(found.join(pairs, on=["check", "source"], how="semi", maintain_order="left"), before, moment)
    alive = before.filter(pl.col("was") != "fixed")
    gone = (
        alive.filter(~pl.col("id").is_in(list(held)))
        .join(pairs, on=["check", "source"], how="semi", maintain_order="left")
        .join(found, on="id", how="anti", maintain_order="left")
        .with_columns(status=pl.lit("fixed"), fixed_at=moment)
    )
    # Not judged now, and fixed ones: time passes for them all the same.
    rest = before.filter("passed").join(
        pl.concat([seen.select("id"), gone.select("id")]), on="id", how="anti"
    )
    back = rest.filter(pl.col("was").is_in(SET_ASIDE)).with_columns(status=pl.lit("regressed"))
    events = pl.concat(
        [
            _events_of(seen),
            gone.select(
                finding_id="id", event=pl.lit("fixed"), detail=pl.lit("No longer found by the check.")
            ),
            back.select(finding_id="id", event=pl.lit("reopened"), detail="date_passed"),
        ]
    )
    ended = pl.concat(
        [
            seen.filter(pl.col("ends").is_not_null()).select(finding_id="id", why="ends"),
            *(
                part.filter("passed").select(finding_id="id", why=pl.lit("date-passed"))
                for part in (gone, rest)
            ),
        ]
    )
    changed = pl.concat([part.select(KEPT.names()) for part in (seen, gone, back)]).cast(KEPT)
    return Comparison(changed, events.cast(EVENTS), ended.cast(ENDED))


def with_tallies(results: Iterable[CheckResult], comparison: Comparison) -> list[CheckResult]:
    """The results with `accepted` and `affected`, counted from what the run's findings became.

    An entity with several findings counts once, by the gravest; one that is snoozed counts, an accepted one does not.
    """
    found = comparison.findings.filter(pl.col("status") != "fixed")
    accepted = pl.col("status") == "accepted"
    pair = ["check", "source"]
    counts = {
        (check, source): number
        for check, source, number in found.filter(accepted).group_by(pair).len().iter_rows()
    }
    worst = (
        found.filter(~accepted)
        .group_by(*pair, "key")
        .agg(pl.col("severity").cast(_GRAVITY).min())  # the first of SEVERITIES is the gravest
        .group_by(*pair, "severity")
        .len()
    )
    affected: dict[tuple[str, str], dict[str, int]] = {}
    for check, source, severity, number in worst.iter_rows():
        affected.setdefault((check, source), dict.fromkeys(SEVERITIES, 0))[severity] = number
    return [
        one
        if one.status == "could_not_run"
        else replace(
            one,
            accepted=counts.get((one.check, one.source), 0),
            affected=affected.get((one.check, one.source), dict.fromkeys(SEVERITIES, 0)),
        )
        for one in results
    ]


def end_of_day(day: date, zone: tzinfo | None = None) -> datetime:
    """The last moment of a day, aware: what people mean by *until* that day. Without a zone, on this machine's clock."""
    last = datetime.combine(day, time.max)
    return last.astimezone() if zone is None else last.replace(tzinfo=zone)


def day_in_words(moment: datetime) -> str:
    """`24 Nov 2026` on this machine's clock; with the time where it is not the end of that day."""
    local = moment.astimezone()
    day = f"{local.day} {local:%b %Y}"
    return day if (local.hour, local.minute) == (23, 59) else f"{day} {local:%H:%M}"


def _with_decisions(known: pl.DataFrame, decisions: pl.DataFrame | None, now: datetime) -> pl.DataFrame:
    """`known` with `was` and `old_value`, and of the decision that holds for it: `kind`, `for_value`, `for_severity`,
    whether its date has `passed`, and that in words as `date_passed`."""
    given = DECISIONS.to_frame() if decisions is None else decisions.select(DECISIONS.names())
    days = {until: day_in_words(until) for until in given["until"].unique() if until is not None}
    words = pl.DataFrame(
        {"until": list(days), "day": list(days.values())}, schema={"until": _MOMENT, "day": pl.String}
    )
    holding = given.join(words, on="until", how="left").select(
        "kind",
        id="finding_id",
        for_value="value",
        for_severity="severity",
        passed=(pl.col("until") <= now).fill_null(False),
        date_passed=pl.format("{} until {}", "kind", "day"),
    )
    return (
        known.with_columns(was="status", old_value="value")
        .join(holding, on="id", how="left", maintain_order="left")
        .with_columns(pl.col("passed").fill_null(False))
    )


def _seen(found: pl.DataFrame, before: pl.DataFrame, moment: pl.Expr) -> pl.DataFrame:
    """What was found, as `KEPT` with what it was, the status it gets, and why its decision `ends` (null: it does not)."""
    was, kind = pl.col("was"), pl.col("kind")
    life = before.select(
        "id", "was", "old_value", "first_seen", "kind", "for_value", "for_severity", "passed", "date_passed"
    )
    # the first of SEVERITIES is the gravest
    graver = pl.col("severity").cast(_GRAVITY) < pl.col("for_severity").cast(_GRAVITY)
    return (
        found.join(life, on="id", how="left", maintain_order="left")
        .with_columns(
            ends=pl.when((kind == "accepted") & pl.col("value").ne_missing(pl.col("for_value")))
            .then(pl.lit("value-changed"))
            .when((kind == "accepted") & graver)
            .then(pl.lit("graver"))
            .when("passed")
            .then(pl.lit("date-passed"))
        )
        .with_columns(
            status=pl.when(kind.is_not_null() & pl.col("ends").is_null())
            .then(kind)
            .when(was.is_null())
            .then(pl.lit("new"))
            .when(was.is_in(["fixed", *SET_ASIDE]))
            .then(pl.lit("regressed"))
            .otherwise(pl.lit("ongoing")),
            first_seen=pl.coalesce("first_seen", moment),
            last_seen=moment,
            fixed_at=pl.lit(None, dtype=_MOMENT),
        )
    )


def _events_of(seen: pl.DataFrame) -> pl.DataFrame:
    """The events of what was found: a new status, and a value that changed while the status stayed."""
    status, was, ends = pl.col("status"), pl.col("was"), pl.col("ends")
    old, new, for_value = (pl.col(name).fill_null("nothing") for name in ("old_value", "value", "for_value"))
    other = ends.is_in(["value-changed", "graver"]).fill_null(False)
    reopened = (status == "regressed") & (was.is_in(SET_ASIDE) | other)
    stayed = (status == "ongoing") | (status == was)
    return (
        seen.with_columns(
            event=pl.when(reopened)
            .then(pl.lit("reopened"))
            .when(~stayed.fill_null(False))
            .then(status)
            .when(pl.col("value").ne_missing(pl.col("old_value")))
            .then(pl.lit("changed")),
        )
        .filter(pl.col("event").is_not_null())
        .select(
            "event",
            finding_id="id",
            detail=pl.when(pl.col("event") == "changed")
            .then(pl.format("{} became {}", old, new))
            .when((pl.col("event") == "reopened") & (ends == "value-changed"))
            .then(pl.format("accepted for {}, now {}", for_value, new))
            .when((pl.col("event") == "reopened") & (ends == "graver"))
            .then(pl.format("accepted with severity {}, now {}", "for_severity", "severity"))
            .when(pl.col("event") == "reopened")
            .then(pl.coalesce("date_passed", pl.lit("no decision holds for it any more")))
            .when(pl.col("event") == "accepted")
            .then(pl.lit("Found again, with the value it was accepted for."))
            .when(pl.col("event") == "snoozed")
            .then(pl.lit("Found again, before its date."))
            .otherwise("message"),
        )
        .select(EVENTS.names())
    )
