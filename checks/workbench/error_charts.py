"""The charts of error_logs.ipynb: problems day by day, what they are about, before and after a repair."""

from __future__ import annotations

import altair as alt
import polars as pl

from checks.workbench.error_questions import OTHERS
from checks.workbench.explaining import (
    BLUE,
    GREY,
    INK,
    MOST,
    PURPLE,
    RED,
    SKY,
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
from checks.workbench.words import Words, counted

_KINDS = {"product": BLUE, "client": RED, "order": PURPLE, "EAN": SKY}
_READ = {"collected": "read", "partly": "read in part", "missing": "not read"}
_NOT_READ = "Hatched days were not read: nobody knows whether it failed then."


@passing_words
def by_day(rows: pl.DataFrame) -> Answer:
    """Of `error_questions.by_day`."""
    if rows.is_empty() or not rows["rows"].sum():
        return Words("Nothing failed on these days.")
    total, days = int(rows["rows"].sum()), rows["day"].n_unique()
    totals = rows.group_by("label", maintain_order=True).agg(pl.col("rows").sum())
    alone = totals.filter(pl.col("label") != OTHERS)
    worst = alone.row(0, named=True)
    statement = f"{counted(total, 'failed request')} in {counted(days, 'day')}; most often: {worst['label']} ({worst['rows']:,})."
    missing = rows["state"].eq("missing").any()
    how = (
        "A line is a problem, a column a day; the number is how many requests failed so, and the stronger the colour, the more. A line "
        "that begins on the right is new; one that ends has stopped." + (f" {_NOT_READ}" if missing else "")
    )
    told = _labelled(rows)
    x = _days(told)
    y = names(told, "label")
    most = most_of(told["rows"])
    tooltip = [
        tip("label", "Problem"),
        tip("day_name", "Day"),
        tip("rows", "Rows", ",d"),
        tip("read", "The log"),
    ]
    some = told.filter(pl.col("rows") > 0)
    layers = [
        alt.Chart(told.filter(pl.col("state") == "missing"))
        .mark_rect(color=GREY, opacity=0.18, stroke=GREY, strokeDash=[2, 2])
        .encode(x=x, y=y, tooltip=tooltip),
        alt.Chart(some)
        .mark_rect(color=BLUE, cornerRadius=2)
        .encode(
            x=x,
            y=y,
            opacity=alt.Opacity("rows:Q", legend=None, scale=alt.Scale(domain=[0, most], range=[0.2, 1])),
            tooltip=tooltip,
        ),
        alt.Chart(some).mark_text(color=INK, fontSize=10).encode(x=x, y=y, text="rows:Q", tooltip=tooltip),
    ]
    chart = alt.layer(*layers).properties(width=max(WIDTH, 22 * days), height=height(totals.height))
    return explained(chart, statement, how, rows)


@passing_words
def culprits(rows: pl.DataFrame) -> Answer:
    """Of `error_questions.culprits`."""
    if rows.is_empty():
        return Words("No row of the log that is kept names a product, a client or an order.")
    worst, top = rows.row(0, named=True), rows.head(MOST)
    known = rows["checks"].count()
    statement = (
        f"{counted(rows.height, 'product, client or order is', 'products, clients and orders are')} named in the log; most "
        f"often {worst['kind']} {worst['key']}: {counted(worst['rows'], 'row')}."
    )
    how = (
        f"A bar is one thing that failed requests name. {known:,} of all have an open finding too: repair those first, and "
        "the failures end with them. Touch a bar to see which." + shown(rows.height, "things")
    )
    told = top.with_columns(pl.col("kind").replace({"ean": "EAN"})).with_columns(
        thing=pl.format("{} {}", "kind", "key")
    )
    kinds = [kind for kind in _KINDS if kind in told["kind"]]
    x, y = amounts("rows", "Failed requests", float(worst["rows"])), names(told, "thing")
    bars = (
        alt.Chart(told)
        .mark_bar()
        .encode(
            x=x,
            y=y,
            color=alt.Color(
                "kind:N",
                title=None,
                sort=kinds,
                scale=alt.Scale(domain=kinds, range=[_KINDS[kind] for kind in kinds]),
            ),
            tooltip=[
                tip("thing", "What"),
                tip("rows", "Rows", ",d"),
                tip("what", "Most often"),
                tip("problems", "Different problems", ",d"),
                tip("checks", "Open findings"),
            ],
        )
    )
    chart = alt.layer(bars, numbers(told, x, y, "rows")).properties(width=WIDTH, height=height(top.height))
    return explained(chart, statement, how, rows)


@passing_words
def around(rows: pl.DataFrame, repairs: pl.DataFrame | Words, repair: int = 0) -> Answer:
    """Of `ErrorLook.around`: rows a day before and after one of the `repairs`."""
    if isinstance(repairs, Words):
        return repairs
    of = repairs.row(repair, named=True)
    statement = (
        f"{of['problem']}: {counted(of['before'], 'row')} in the 7 days before the repair. {of['said']}"
    )
    missing = rows["state"].eq("missing").any()
    how = (
        f"A column is a day, its height the failed requests: blue before, orange after the repair ({of['how'].rstrip('.')}). "
        "The dashed line is its day." + (f" {_NOT_READ}" if missing else "")
    )
    told = _labelled(rows)
    x = _days(told)
    most = max(1, most_of(told.group_by("day").agg(pl.col("rows").sum())["rows"]))
    tooltip = [
        tip("day_name", "Day"),
        tip("part", "The repair"),
        tip("rows", "Rows", ",d"),
        tip("read", "The log"),
    ]
    local = of["repaired"].astimezone().date()
    mark = told.filter(pl.col("day") == local).head(1).with_columns(word=pl.lit("repaired"))
    tall = 200
    layers = [
        alt.Chart(told.filter(pl.col("state") == "missing", pl.col("part") == "before"))
        .mark_bar(color=GREY, opacity=0.18, stroke=GREY, strokeDash=[2, 2])
        .encode(x=x, y=alt.value(0), y2=alt.value(tall), tooltip=tooltip),
        alt.Chart(told)
        .mark_bar()
        .encode(
            x=x,
            y=alt.Y(
                "rows:Q",
                title="Failed requests",
                scale=alt.Scale(domain=[0, most * 1.2], nice=False),
                axis=alt.Axis(format=",d", tickMinStep=1, tickCount=min(int(most), 6)),
            ),
            color=alt.Color(
                "part:N", title=None, scale=alt.Scale(domain=["before", "after"], range=[BLUE, RED])
            ),
            tooltip=tooltip,
        ),
        alt.Chart(mark).mark_rule(color=INK, strokeDash=[4, 3]).encode(x=x),
        alt.Chart(mark).mark_text(color=INK, align="right", dx=-4).encode(x=x, y=alt.value(8), text="word:N"),
    ]
    return explained(alt.layer(*layers).properties(width=WIDTH, height=tall), statement, how, rows)


def _labelled(rows: pl.DataFrame) -> pl.DataFrame:
    name = pl.col("day").dt.strftime("%d %b").str.strip_prefix("0")
    read = pl.col("state").replace_strict(_READ, default="", return_dtype=pl.String)
    return rows.with_columns(day_name=name, read=read)


def _days(told: pl.DataFrame) -> alt.X:
    order = told.sort("day")["day_name"].unique(maintain_order=True).to_list()
    named = [label for place, label in enumerate(reversed(order)) if place % 7 == 0]
    return alt.X(
        "day_name:N",
        sort=order,
        title=None,
        scale=alt.Scale(domain=order, paddingInner=0.08),
        axis=alt.Axis(values=named, labelAngle=0, ticks=False, labelOverlap=True),
    )
