"""Findings made ready for the eye: pure functions, frames in, frames out."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

import polars as pl

from checks.findings import OPEN_STATUSES, SEVERITIES
from checks.impact import by_impact
from checks.rules import CHECKS

_RANK = {severity: rank for rank, severity in enumerate(SEVERITIES)}
_ORDER = {check: place for place, check in enumerate(CHECKS)}

#: What people can sort findings by, in words; the first is how they come.
SORTINGS = {
    "impact": "What they touch",
    "newest": "Newest first",
    "oldest": "Oldest first",
    "check": "By check",
}

#: Ages that people filter by, in words: id -> (words, at least so old, at most so old).
AGES: dict[str, tuple[str, timedelta | None, timedelta | None]] = {
    "day": ("Last 24 hours", None, timedelta(days=1)),
    "week": ("Last 7 days", None, timedelta(days=7)),
    "over-week": ("Over a week old", timedelta(days=7), None),
    "over-month": ("Over 30 days old", timedelta(days=30), None),
    "over-quarter": ("Over 90 days old", timedelta(days=90), None),
}


def check_title(check: str) -> str:
    """The check's title; the id of one that this version does not know."""
    return CHECKS[check].title if check in CHECKS else check


def ordered(findings: pl.DataFrame, by: str = "impact") -> pl.DataFrame:
    """Findings with their impact, in one of SORTINGS. As they come: the gravest first, then what touches most."""
    rank = pl.col("severity").replace_strict(_RANK, default=9, return_dtype=pl.UInt8)
    if by == "newest":
        return findings.sort(-pl.col("first_seen").to_physical(), *by_impact())
    if by == "oldest":
        return findings.sort(pl.col("first_seen"), *by_impact())
    if by == "check":
        place = pl.col("check").replace_strict(_ORDER, default=99, return_dtype=pl.UInt8)
        return findings.sort(rank, place, *by_impact())
    return findings.sort(by_impact())


def chosen(
    findings: pl.DataFrame,
    *,
    checks: Collection[str] = (),
    severities: Collection[str] = (),
    statuses: Collection[str] = (),
    sources: Collection[str] = (),
    brands: Collection[str] = (),
    categories: Collection[str] = (),
    age: str = "",
    now: datetime | None = None,
    text: str = "",
    keys: Collection[str] = (),
) -> pl.DataFrame:
    """The findings that the filters leave; an empty filter leaves all.

    Args:
        categories: names; a finding counts when its product hangs anywhere under one of them.
        age: one of AGES, counted back from `now`.
        text: words that are looked for in key, code, name, value and message.
    """
    wanted = [
        pl.col(column).is_in(list(values))
        for column, values in (
            ("check", checks),
            ("severity", severities),
            ("status", statuses),
            ("source", sources),
            ("brand_name", brands),
            ("key", keys),
        )
        if values
    ]
    if categories:
        under = pl.col("category_names").list.set_intersection(list(categories)).list.len() > 0
        wanted.append(under.fill_null(False))
    if age and now is not None:
        _, least, most = AGES[age]
        if least is not None:
            wanted.append(pl.col("first_seen") < now - least)
        if most is not None:
            wanted.append(pl.col("first_seen") >= now - most)
    for word in text.lower().split():
        places = [
            pl.col(column).str.to_lowercase().str.contains(word, literal=True).fill_null(False)
            for column in ("key", "called", "name", "value", "message")
            if column in findings.columns
        ]
        wanted.append(pl.any_horizontal(places))
    return findings.filter(wanted) if wanted else findings


def is_open() -> pl.Expr:
    return pl.col("status").is_in(list(OPEN_STATUSES))


def counted(findings: pl.DataFrame) -> pl.DataFrame:
    """Open findings by check, the gravest and those that touch most first.

    Returns:
        check, title, severity (the gravest of the check's open findings), count, errors, new (of the last run: new or
        come back), oldest, turnover (euro of the things touched, each once; null where nobody knows).
    """
    opened = findings.filter(is_open()).with_columns(
        _rank=pl.col("severity").replace_strict(_RANK, default=9, return_dtype=pl.UInt8),
        # Several findings of one check on one thing touch its turnover once.
        _turnover=pl.when(pl.struct("check", "source", "subject").is_first_distinct()).then("turnover"),
    )
    return (
        opened.group_by("check", "title")
        .agg(
            rank=pl.col("_rank").min(),
            count=pl.len(),
            errors=(pl.col("severity") == "error").sum(),
            new=pl.col("status").is_in(["new", "regressed"]).sum(),
            oldest=pl.col("first_seen").min(),
            turnover=pl.when(pl.col("_turnover").count() > 0).then(pl.col("_turnover").sum()),
        )
        .sort("rank", "turnover", "count", "check", descending=[False, True, True, False], nulls_last=True)
        .with_columns(
            severity=pl.col("rank").replace_strict(
                dict(enumerate(SEVERITIES)), default="info", return_dtype=pl.String
            )
        )
        .drop("rank")
    )


def tally(findings: pl.DataFrame) -> pl.DataFrame:
    """Findings of any state by check, most first: check, title, severity (the gravest), count."""
    return (
        findings.with_columns(
            _rank=pl.col("severity").replace_strict(_RANK, default=9, return_dtype=pl.UInt8)
        )
        .sort("_rank")
        .group_by("check", "title", maintain_order=True)
        .agg(severity=pl.col("severity").first(), count=pl.len())
        .sort("count", descending=True, maintain_order=True)
    )


def by_severity(findings: pl.DataFrame) -> dict[str, int]:
    """Open findings by severity, every severity named."""
    counts = dict(findings.filter(is_open()).group_by("severity").agg(pl.len()).iter_rows())
    return {severity: counts.get(severity, 0) for severity in SEVERITIES}


def newest(findings: pl.DataFrame, judged: Collection[str]) -> pl.DataFrame:
    """Open findings that the last run found for the first time or again; of the checks that it could judge."""
    fresh = pl.col("status").is_in(["new", "regressed"])
    return findings.filter(fresh & pl.col("check").is_in(list(judged)))


def touching_most(findings: pl.DataFrame, most: int = 3) -> pl.DataFrame:
    """The examples to name: of each thing one, those that touch most turnover first."""
    once = findings.unique(["source", "subject"], keep="first", maintain_order=True)
    return once.sort("turnover", "orders", "key", descending=[True, True, False], nulls_last=True).head(most)


def open_errors(findings: pl.DataFrame) -> dict[str, int]:
    """Open errors by check."""
    return dict(
        findings.filter(is_open() & (pl.col("severity") == "error"))
        .group_by("check")
        .agg(pl.len())
        .iter_rows()
    )
