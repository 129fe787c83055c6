"""The charts of explore.ipynb about several runs: findings over time, and what lies between two of them."""

from __future__ import annotations

import altair as alt
import polars as pl

from checks.findings import SEVERITIES
from checks.workbench.explaining import (
    BLUE,
    INK,
    MOST,
    RED,
    SEVERITY_COLOURS,
    WIDTH,
    Answer,
    amounts,
    explained,
    height,
    most_of,
    names,
    numbers,
    passing_words,
    shown,
    tip,
)
from checks.workbench.words import Words, counted, moment


@passing_words
def findings_per_run(rows: pl.DataFrame, note: str | None = None) -> Answer:
    """Of `questions.findings_per_run`."""
    runs = (
        rows.group_by("run_id", "started_at")
        .agg(pl.col("findings").sum(), pl.col("could_not_run").first())
        .sort("started_at")
    )
    if runs.is_empty():
        return Words("No health check has finished yet: run one first, `kr.health_check()`.")
    now = runs.row(-1, named=True)
    statement = f"{counted(now['findings'], 'finding')} at the newest health check"
    if runs.height == 1:
        statement += "; there was only one so far, so nothing can be said about where it goes."
    else:
        more = now["findings"] - runs["findings"][-2]
        moved = "as many as" if more == 0 else f"{abs(more):,} {'more' if more > 0 else 'fewer'} than"
        statement += f", {moved} at the one before."
    labels = {at: moment(at) for at in runs["started_at"]}
    told = rows.with_columns(
        run=pl.col("started_at").replace_strict(labels, return_dtype=pl.String),
        place=pl.col("severity").replace_strict({one: at for at, one in enumerate(SEVERITIES)}),
    )
    # two runs of one minute are two runs
    order = told["run_id"].unique(maintain_order=True).to_list()
    shown_as = dict(told.select("run_id", "run").unique().iter_rows())
    x = alt.X(
        "run_id:N",
        sort=order,
        title="Health check",
        scale=alt.Scale(domain=order),
        axis=alt.Axis(labelExpr=f"{shown_as!r}[datum.value]", labelAngle=-35, labelOverlap=True, ticks=False),
    )
    chart = (
        alt.Chart(told)
        .mark_bar()
        .encode(
            x=x,
            y=alt.Y("findings:Q", title="Findings", axis=alt.Axis(format=",d", tickMinStep=1)),
            color=alt.Color(
                "severity:N",
                title="Severity",
                scale=alt.Scale(domain=list(SEVERITY_COLOURS), range=list(SEVERITY_COLOURS.values())),
            ),
            order=alt.Order("place:Q"),
            tooltip=[
                tip("run", "Health check"),
                tip("severity", "Severity"),
                tip("findings", "Findings", ",d"),
                tip("could_not_run", "Checks that could not run", ",d"),
            ],
        )
        .properties(width=max(120, min(WIDTH, 48 * len(order))), height=260)
    )
    blind = runs.filter(pl.col("could_not_run") > 0).height
    how = "A column is a health check, the oldest left. Findings that were accepted do not count."
    if blind:
        how += f" In {counted(blind, 'run')} some checks could not run: a low column there may only mean that less was looked at."
    return explained(chart, statement, how, rows, note)


@passing_words
def appeared_and_went(rows: pl.DataFrame, note: str | None = None) -> Answer:
    """Of `questions.appeared_and_went`."""
    if rows.is_empty():
        return Words("Between these two health checks no finding appeared and none went.")
    new, gone = int(rows["appeared"].sum()), int(rows["went"].sum())
    top = rows.head(MOST)
    long = (
        top.with_columns(went=-pl.col("went"))
        .unpivot(["appeared", "went"], index=["check", "title"], variable_name="what", value_name="signed")
        .with_columns(findings=pl.col("signed").abs())
    )
    most = most_of(long["findings"])
    y = names(top, "title")
    bars = (
        alt.Chart(long)
        .mark_bar()
        .encode(
            x=alt.X(
                "signed:Q",
                title="← went   |   appeared →  (findings)",
                scale=alt.Scale(domain=[-most, most], nice=False),
                axis=alt.Axis(labelExpr="abs(datum.value)", tickMinStep=1, tickCount=7, labelOverlap=True),
            ),
            y=y,
            color=alt.Color(
                "what:N", title=None, scale=alt.Scale(domain=["appeared", "went"], range=[RED, BLUE])
            ),
            tooltip=[tip("title", "Check"), tip("what", "What"), tip("findings", "Findings", ",d")],
        )
    )
    number = alt.Text("findings:Q", format=",d")
    there = alt.Chart(long).encode(x="signed:Q", y=y, text=number)
    sides = [
        there.transform_filter("datum.signed > 0").mark_text(align="left", dx=4, color=INK, fontSize=11),
        there.transform_filter("datum.signed < 0").mark_text(align="right", dx=-4, color=INK, fontSize=11),
    ]
    chart = alt.layer(bars, *sides).properties(width=WIDTH, height=height(top.height))
    how = (
        "Each line is a check: to the right (orange) what appeared between the two health checks, to the left (blue) what went, "
        "repaired or set aside." + shown(rows.height, "checks")
    )
    return explained(chart, f"{counted(new, 'finding')} appeared, {gone:,} went.", how, rows, note)


@passing_words
def changed_fields(rows: pl.DataFrame, note: str | None = None) -> Answer:
    """Of `questions.changed_fields`."""
    if rows.is_empty():
        return Words("Between these two health checks nothing changed in these rows.")
    top, first = rows.head(MOST), rows.row(0, named=True)
    x, y = amounts("rows", "Products", float(first["rows"])), names(top, "field")
    tooltip = [tip("field", "Field"), tip("rows", "Products", ",d"), tip("example", "For example")]
    bars = alt.Chart(top).mark_bar(color=BLUE).encode(x=x, y=y, tooltip=tooltip)
    chart = alt.layer(bars, numbers(top, x, y, "rows")).properties(width=WIDTH, height=height(top.height))
    how = (
        "A bar is a field, its length the products in which it has another value; (added) and (removed) are whole "
        "products. A field that changed in very many at once is usually an export that was changed."
        + shown(rows.height, "fields")
    )
    statement = f"{counted(rows.height, 'kind of change', 'kinds of change')}; most often: {first['field']}, {first['rows']:,}."
    return explained(chart, statement, how, rows, note)
