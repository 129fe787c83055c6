"""Questions to the error log: when, what, who, and whether a repair helped. Frames in, frames out; no store, no clock."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta, tzinfo

import polars as pl

from checks.store.error_causes import about
from checks.triage import meaning
from checks.triage.states import OPEN, STATES
from checks.workbench.questions import titled
from checks.workbench.words import Prose, counted, cut

#: Problems with a line of their own in `by_day`; the others are one line together.
MOST_PROBLEMS = 12
OTHERS = "all others"

#: Days before a repair that are shown and counted.
BEFORE = timedelta(days=7)

_UTC = pl.Datetime("us", "UTC")

#: What `verdict` says: unknown (not read since), on (it goes on), quiet (not a day yet), stopped.
VERDICTS = ("unknown", "on", "quiet", "stopped")


def explained_groups(groups: pl.DataFrame) -> pl.DataFrame:
    """`store.errors.groups()` with what people want of it: `what` (in a few words), `usually` (what helps), `guide`, `label`.

    `label` is `what` with the beginning of the message where two problems are called the same; it names one group.
    """
    told = [
        meaning(row["method"], row["route"], row["kind"], row["rule"], row["field"], row["title"])
        for row in groups.iter_rows(named=True)  # some hundreds at most
    ]
    texts = {
        "what": [one.title for one in told],
        "usually": [one.usually for one in told],
        "guide": [one.guide for one in told],
    }
    words = pl.DataFrame(texts, schema=dict.fromkeys(texts, pl.String))
    both = pl.concat([groups, words], how="horizontal")
    often, labels, taken = Counter(texts["what"]), dict[str, str](), set[str]()
    for ident, what, title in both.select("id", "what", "title").iter_rows():
        label = what if often[what] == 1 else f"{what}: {cut(title, 44)}"
        labels[ident] = f"{label} ({ident[:6]})" if label in taken else label
        taken.add(label)
    return both.with_columns(label=pl.col("id").replace_strict(labels, default="", return_dtype=pl.String))


def what_helps(groups: pl.DataFrame) -> pl.DataFrame:
    """The open problems with what usually helps: state, what, rows, last_day, products, last_seen, usually, guide, title, id.

    `groups`: of `explained_groups`. The gravest state first, in it what had most rows in the last day.
    """
    gravity = pl.col("state").cast(pl.Enum(STATES))
    return (
        groups.filter(pl.col("state").is_in(OPEN))
        .sort(gravity, "last_day", "rows", "id", descending=[False, True, True, False])
        .select(
            "state", "what", "rows", "last_day", "products", "last_seen", "usually", "guide", "title", "id"
        )
    )


def advice(helps: pl.DataFrame, most: int = 12) -> Prose:
    """The first of `what_helps` as text to read: what it is, how often, what to do, where the guide says so."""
    told = [
        f"**{row['what']}** ({row['state']}; {counted(row['rows'], 'row')}, {row['last_day']:,} in the last day; "
        f"`{row['id'][:8]}`)\n\n{row['usually']} *{row['guide']}.*"
        for row in helps.head(most).iter_rows(named=True)
    ]
    if helps.is_empty():
        return Prose("No problem is open.")
    if helps.height > most:
        told.append(f"And {helps.height - most:,} more: `log.what_helps` has them all.")
    return Prose("\n\n".join(told))


def by_day(
    groups: pl.DataFrame, counts: pl.DataFrame, days: pl.DataFrame, zone: tzinfo | None = None
) -> pl.DataFrame:
    """Rows a day of each problem: label, day, rows, state; every problem has all days. Most rows first, others last.

    Args:
        groups: of `explained_groups`.
        counts: group_id, hour (UTC), rows, of the same days.
        days: day and state (collected, partly, missing), as `store.errors.days` gives them.
        zone: of the days; this machine's for None.
    """
    hours = counts["hour"].unique().to_list()
    local = {hour: hour.astimezone(zone).date() for hour in hours}
    found = counts.with_columns(
        day=pl.col("hour").replace_strict(local, default=None, return_dtype=pl.Date)
    ).join(groups.select(group_id="id", label="label"), on="group_id")
    totals = found.group_by("label").agg(pl.col("rows").sum()).sort("rows", "label", descending=[True, False])
    kept = totals["label"].head(MOST_PROBLEMS).to_list()
    order = [*kept, *([OTHERS] if totals.height > len(kept) else [])]
    named = found.with_columns(
        label=pl.when(pl.col("label").is_in(kept)).then("label").otherwise(pl.lit(OTHERS))
    )
    summed = named.group_by("label", "day").agg(pl.col("rows").sum().cast(pl.Int64))
    return (
        pl.DataFrame({"label": order}, schema={"label": pl.String})
        .join(days.select("day", "state"), how="cross", maintain_order="left_right")
        .join(summed, on=["label", "day"], how="left", maintain_order="left")
        .with_columns(pl.col("rows").fill_null(0))
        .select("label", "day", "rows", "state")
    )


def culprits(things: pl.DataFrame, groups: pl.DataFrame, findings: pl.DataFrame) -> pl.DataFrame:
    """Which products, clients, orders and codes fail: kind, key, rows, problems, what, checks, last_at; most rows first.

    Args:
        things: as `store.errors.things` gives them; `groups`: of `explained_groups`.
        findings: open ones (`findings.KEPT`): `checks` are the titles of those about the very thing, null where there
            are none.

    `what` is the problem with most of its rows, `problems` how many different ones.
    """
    found = things.join(groups.select(group_id="id", what="label"), on="group_id")
    by_rows = found.sort("rows", "what", descending=[True, False])
    known = about(findings).group_by("kind", key="thing").agg(checks=titled().unique().sort().str.join(", "))
    return (
        by_rows.group_by("kind", "key", maintain_order=True)
        .agg(
            pl.col("rows").sum().cast(pl.Int64),
            problems=pl.col("group_id").n_unique().cast(pl.Int64),
            what=pl.col("what").first(),
            last_at=pl.col("last_at").max(),
        )
        .join(known, on=["kind", "key"], how="left")
        .select("kind", "key", "rows", "problems", "what", "checks", "last_at")
        .sort("rows", "kind", "key", descending=[True, False, False])
    )


def around(
    counts: pl.DataFrame, at: datetime, of_that_hour: int, days: pl.DataFrame, zone: tzinfo | None = None
) -> pl.DataFrame:
    """Rows a day of one problem before and after a repair: day, part (before, after), rows, state.

    Args:
        counts: hour (UTC) and rows of that problem.
        at: the moment of the repair, aware, by the clock that the rows have.
        of_that_hour: how many rows of the hour it was done in came after it.
        days: day and state of the days to show.
    """
    parts = _parts(counts, at, of_that_hour)
    hours = parts["hour"].unique().to_list()
    local = {hour: hour.astimezone(zone).date() for hour in hours}
    summed = (
        parts.with_columns(day=pl.col("hour").replace_strict(local, default=None, return_dtype=pl.Date))
        .group_by("day", "part")
        .agg(pl.col("rows").sum().cast(pl.Int64))
    )
    return (
        days.select("day", "state")
        .join(pl.DataFrame({"part": ["before", "after"]}), how="cross", maintain_order="left_right")
        .join(summed, on=["day", "part"], how="left", maintain_order="left")
        .with_columns(pl.col("rows").fill_null(0))
        .select("day", "part", "rows", "state")
    )


def before_and_after(counts: pl.DataFrame, at: datetime, of_that_hour: int) -> tuple[int, int]:
    """How many rows in the seven days before a repair, and how many since. Arguments as those of `around`."""
    parts = _parts(counts, at, of_that_hour)
    since = pl.lit(at - BEFORE).cast(_UTC)
    before = parts.filter(pl.col("part") == "before", pl.col("hour") >= since)["rows"].sum()
    return int(before), int(parts.filter(pl.col("part") == "after")["rows"].sum())


def verdict(after: int, at: datetime, known_until: datetime | None) -> tuple[str, str]:
    """Did it stop? One of VERDICTS, and a sentence. `known_until`: until when the log is known without a gap since `at`."""
    if after:
        return "on", f"It goes on: {counted(after, 'row')} since the repair."
    if known_until is None or known_until <= at:
        return "unknown", "The log has not been read since the repair: run a health check, then look again."
    read = known_until - at
    if read < timedelta(days=1):
        hours = int(read.total_seconds() // 3600)
        told = counted(hours, "hour") if hours else "less than an hour"
        return (
            "quiet",
            f"No row since the repair, but only {told} of the log after it has been read: wait for a whole day.",
        )
    return (
        "stopped",
        f"It stopped: not one row in the {counted(read.days, 'day')} since, all of which were read.",
    )


def span(until: date, days: int) -> tuple[date, date]:
    """The first and the last of so many days that end with `until`."""
    return until - timedelta(days=days - 1), until


def _parts(counts: pl.DataFrame, at: datetime, of_that_hour: int) -> pl.DataFrame:
    """hour, part, rows; the hour of the repair stands in both."""
    hour = pl.lit(at).cast(_UTC).dt.truncate("1h")
    told = counts.select("hour", pl.col("rows").cast(pl.Int64))
    there = told.filter(pl.col("hour") == hour)
    later = pl.lit(of_that_hour, dtype=pl.Int64)
    return pl.concat(
        [
            told.filter(pl.col("hour") < hour).with_columns(part=pl.lit("before")),
            there.with_columns(rows=(pl.col("rows") - later).clip(0), part=pl.lit("before")),
            there.with_columns(rows=pl.min_horizontal("rows", later), part=pl.lit("after")),
            told.filter(pl.col("hour") > hour).with_columns(part=pl.lit("after")),
        ]
    )
