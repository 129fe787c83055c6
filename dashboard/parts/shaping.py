"""Findings made ready for the eye: pure functions, frames in, frames out."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import polars as pl

from checks.findings import OPEN_STATUSES, SEVERITIES
from checks.rules import CHECKS
from dashboard.parts.words import field_title

#: Columns of `named`: KEPT with `title` of the check, `name` of the thing and `place`, its order of weight.
_RANK = {severity: rank for rank, severity in enumerate(SEVERITIES)}
_ORDER = {check: place for place, check in enumerate(CHECKS)}


def check_title(check: str) -> str:
    """The check's title; the id of one that this version does not know."""
    return CHECKS[check].title if check in CHECKS else check


def named(kept: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """`KEPT` with titles and product names, the gravest first.

    Args:
        kept: schema `findings.KEPT`.
        names: columns source, key, name: what products are called.
    """
    titles = {check: check_title(check) for check in kept["check"].unique()}
    fields = {field: field_title(field) for field in kept["field"].drop_nulls().unique()}
    return (
        kept.join(names, on=["source", "key"], how="left", maintain_order="left")
        .with_columns(
            title=pl.col("check").replace_strict(titles, default=None, return_dtype=pl.String),
            field_title=pl.col("field").replace_strict(fields, default=None, return_dtype=pl.String),
            _rank=pl.col("severity").replace_strict(_RANK, default=9, return_dtype=pl.UInt8),
            _order=pl.col("check").replace_strict(_ORDER, default=99, return_dtype=pl.UInt8),
        )
        .sort("_rank", "_order", "first_seen", "key", descending=[False, False, True, False])
        .drop("_rank", "_order")
    )


def chosen(
    findings: pl.DataFrame,
    *,
    checks: Collection[str] = (),
    severities: Collection[str] = (),
    statuses: Collection[str] = (),
    sources: Collection[str] = (),
    text: str = "",
) -> pl.DataFrame:
    """The findings that the filters leave; an empty filter leaves all. `text` is looked for in key, name, value and message."""
    wanted = [
        pl.col(column).is_in(list(values))
        for column, values in (
            ("check", checks),
            ("severity", severities),
            ("status", statuses),
            ("source", sources),
        )
        if values
    ]
    for word in text.lower().split():
        places = [
            pl.col(column).str.to_lowercase().str.contains(word, literal=True).fill_null(False)
            for column in ("key", "name", "value", "message")
        ]
        wanted.append(pl.any_horizontal(places))
    return findings.filter(wanted) if wanted else findings


def is_open() -> pl.Expr:
    return pl.col("status").is_in(list(OPEN_STATUSES))


def counted(findings: pl.DataFrame) -> pl.DataFrame:
    """Open findings by check, gravest and most first: check, title, severity, count, new, oldest.

    `severity` is the gravest of the check's open findings, `new` counts those of the last run (new or come back).
    """
    return (
        findings.filter(is_open())
        .with_columns(_rank=pl.col("severity").replace_strict(_RANK, default=9, return_dtype=pl.UInt8))
        .group_by("check", "title")
        .agg(
            rank=pl.col("_rank").min(),
            count=pl.len(),
            errors=(pl.col("severity") == "error").sum(),
            new=pl.col("status").is_in(["new", "regressed"]).sum(),
            oldest=pl.col("first_seen").min(),
        )
        .sort("rank", "count", "check", descending=[False, True, False])
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


def by_check_and_severity(findings: pl.DataFrame) -> pl.DataFrame:
    """For the chart: check, title, severity, count of open findings."""
    return (
        findings.filter(is_open())
        .group_by("check", "title", "severity")
        .agg(count=pl.len())
        .sort("check", "severity")
    )


def newest(findings: pl.DataFrame, judged: Collection[str]) -> pl.DataFrame:
    """Open findings that the last run found for the first time or again; of the checks that it could judge."""
    fresh = pl.col("status").is_in(["new", "regressed"])
    return findings.filter(fresh & pl.col("check").is_in(list(judged)))


def open_errors(findings: pl.DataFrame) -> dict[str, int]:
    """Open errors by check."""
    return dict(
        findings.filter(is_open() & (pl.col("severity") == "error"))
        .group_by("check")
        .agg(pl.len())
        .iter_rows()
    )


def product_names(frames: Mapping[str, pl.DataFrame | None]) -> pl.DataFrame:
    """source, key, name of own products, from the products frame of each source."""
    parts = [
        data.select(source=pl.lit(source), key="article_number", name="name")
        for source, data in frames.items()
        if data is not None
    ]
    schema = {"source": pl.String, "key": pl.String, "name": pl.String}
    return pl.concat([pl.DataFrame(schema=schema), *parts]).unique(["source", "key"], keep="first")
