"""The charts of explore.ipynb: one for each of `checks.workbench.questions`, with the answer as its title."""

from __future__ import annotations

import altair as alt
import polars as pl

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
from checks.workbench.questions import AGES
from checks.workbench.words import Words, counted

#: Percent above the list price where the picture ends: one slip of a comma must not press all others flat.
_FARTHEST = 100

_AGE_COLOURS = dict(zip([name for name, _ in AGES], (SKY, BLUE, PURPLE, RED), strict=True))


@passing_words
def missing_photos(rows: pl.DataFrame, note: str | None = None) -> Answer:
    """Of `questions.missing_photos`."""
    if rows.is_empty():
        return Words("Every active own product has a photo.")
    worst, top = rows.row(0, named=True), rows.head(MOST)
    statement = (
        f"{counted(int(rows['lacking'].sum()), 'active own product')} without a photo; most of one brand: "
        f"{worst['brand']}, {worst['lacking']:,} of {worst['products']:,}."
    )
    how = (
        "A bar is a brand, its length the active own products without a photo. Ask the supplier of the longest bars for "
        "pictures first." + shown(rows.height, "brands")
    )
    x = amounts("lacking", "Products without a photo", float(worst["lacking"]))
    y = names(top, "brand")
    bars = (
        alt.Chart(top)
        .mark_bar(color=BLUE)
        .encode(
            x=x,
            y=y,
            tooltip=[
                tip("brand", "Brand"),
                tip("lacking", "Without a photo", ",d"),
                tip("products", "Active own products", ",d"),
                tip("share", "Share without", ".0%"),
            ],
        )
    )
    chart = alt.layer(bars, numbers(top, x, y, "lacking")).properties(width=WIDTH, height=height(top.height))
    return explained(chart, statement, how, rows, note)


@passing_words
def ages(rows: pl.DataFrame, note: str | None = None) -> Answer:
    """Of `questions.ages`."""
    if rows.is_empty():
        return Words("No finding is open: there is nothing that could be old.")
    kept = rows["check"].unique(maintain_order=True).head(MOST)
    top = rows.filter(pl.col("check").is_in(kept))
    oldest = rows.sort("oldest", descending=True, maintain_order=True).row(0, named=True)
    total, days = int(rows["findings"].sum()), int(oldest["oldest"])
    old = (
        "none of them older than a day"
        if days == 0
        else f"the oldest for {counted(days, 'day')}: {oldest['title']}"
    )
    how = (
        "A bar is a check, its length the open findings, its colour how long they have been known. Orange ones waited "
        "longer than a month: repair them, or accept them with a reason."
        + shown(rows["check"].n_unique(), "checks")
    )
    y = names(top, "title")
    bars = (
        alt.Chart(top)
        .mark_bar(stroke=GREY, strokeWidth=0.5)
        .encode(
            x=amounts("findings", "Open findings", most_of(top["all"])),
            y=y,
            color=alt.Color(
                "age:N",
                title="Known for",
                sort=list(_AGE_COLOURS),
                scale=alt.Scale(domain=list(_AGE_COLOURS), range=list(_AGE_COLOURS.values())),
            ),
            order=alt.Order("place:Q"),
            tooltip=[
                tip("title", "Check"),
                tip("age", "Known for"),
                tip("findings", "Findings", ",d"),
                tip("oldest", "Oldest, days", ",d"),
            ],
        )
        .transform_calculate(place=f"indexof({[name for name, _ in AGES]}, datum.age)")
    )
    ends = top.unique("check", keep="first", maintain_order=True)
    chart = alt.layer(bars, numbers(ends, alt.X("all:Q"), y, "all")).properties(
        width=WIDTH, height=height(ends.height)
    )
    verb = "is" if total == 1 else "are"
    return explained(chart, f"{counted(total, 'finding')} {verb} open, {old}.", how, rows, note)


@passing_words
def wrong_categories(rows: pl.DataFrame, note: str | None = None) -> Answer:
    """Of `questions.wrong_categories`."""
    if rows.is_empty():
        return Words("No own product has an open finding: no category goes wrong.")
    worst, top = rows.row(0, named=True), rows.head(MOST)
    statement = (
        f"{counted(rows.height, 'category', 'categories')} with faults; most in {worst['category']}: "
        f"{worst['wrong']:,} of {counted(worst['products'], 'own product')}."
    )
    how = (
        "The whole bar is a category's own products, the orange part those with an open finding. Hardly any grey: look at how "
        "that category is sent, not at its products one by one." + shown(rows.height, "categories")
    )
    base = alt.Chart(top).encode(
        y=names(top, "category"),
        tooltip=[
            tip("category", "Category"),
            tip("wrong", "With a finding", ",d"),
            tip("products", "Own products", ",d"),
            tip("share", "Share", ".0%"),
            tip("findings", "Findings", ",d"),
            tip("most", "Most often"),
        ],
    )
    most = most_of(top["products"])
    layers = [
        base.mark_bar(color=GREY, opacity=0.45).encode(x=amounts("products", "Own products", most)),
        base.mark_bar(color=RED).encode(x=amounts("wrong", "Own products", most)),
    ]
    chart = alt.layer(*layers).properties(width=WIDTH, height=height(top.height))
    return explained(chart, statement, how, rows, note)


@passing_words
def own_and_linked(rows: pl.DataFrame, note: str | None = None) -> Answer:
    """Of `questions.own_and_linked`."""
    if rows.is_empty():
        return Words("The shop has no products yet, own or linked: the onboarding notebook fills it.")
    totals = {kind: int(rows[kind].sum()) for kind in ("linked", "could", "own")}
    everything = sum(totals.values())
    statement = (
        f"{totals['linked'] / everything:.0%} of the assortment is linked; {counted(totals['could'], 'own product')} more "
        "could be."
    )
    how = (
        "A bar is a main category. Blue is linked: the central database keeps texts and photos. Orange is own and central by "
        "now: the fix link-central turns it into links. Grey is own, and nothing central is known of it."
        + shown(rows.height, "categories")
    )
    colours = {"linked": BLUE, "could be linked": RED, "own": GREY}
    top = rows.head(MOST)
    long = (
        top.rename({"could": "could be linked"})
        .unpivot(list(colours), index=["category", "share"], variable_name="kind", value_name="products")
        .with_columns(place=pl.col("kind").replace_strict({kind: at for at, kind in enumerate(colours)}))
    )
    most = float(top.select(pl.sum_horizontal("linked", "could", "own").max()).item())
    chart = (
        alt.Chart(long)
        .mark_bar()
        .encode(
            x=amounts("products", "Products", most),
            y=names(top, "category"),
            color=alt.Color(
                "kind:N",
                title=None,
                sort=list(colours),
                scale=alt.Scale(domain=list(colours), range=list(colours.values())),
            ),
            order=alt.Order("place:Q"),
            tooltip=[
                tip("category", "Category"),
                tip("kind", "Which are"),
                tip("products", "Products", ",d"),
                tip("share", "Linked of all", ".0%"),
            ],
        )
        .properties(width=WIDTH, height=height(top.height))
    )
    return explained(chart, statement, how, rows, note)


@passing_words
def price_spread(rows: pl.DataFrame, note: str | None = None) -> Answer:
    """Of `questions.price_spread`."""
    if rows.is_empty():
        return Words(
            "No client has a price of its own for an article with a list price: all pay the list price."
        )
    widest, top = rows.row(0, named=True), rows.head(MOST)
    above = int(rows["above"].sum())
    far = most_of(top["high"]) > _FARTHEST
    paying = (
        "nobody pays more than the list price"
        if not above
        else (f"{counted(above, 'client price')} above the list price")
    )
    statement = (
        f"{counted(rows.height, 'client')} with prices of their own; {paying}. Widest: {widest['client_number']}, from "
        f"{widest['low']:+.0f}% to {widest['high']:+.0f}%."
    )
    how = (
        "A bar holds the middle eight of ten prices of a client, the stroke the one in the middle, against the list price "
        "(0%). Right of 0 are prices above list; a bar much wider than the others is worth a look in the table below."
        + (f" Bars that reach the right edge go on beyond +{_FARTHEST}%." if far else "")
        + shown(rows.height, "clients")
    )
    axis = alt.Axis(format="+.0f", labelExpr="datum.value == 0 ? '0%' : datum.label + '%'")
    base = alt.Chart(top).encode(
        y=names(top, "client_number", "Client"),
        tooltip=[
            tip("client_number", "Client"),
            tip("prices", "Prices of its own", ",d"),
            tip("middle", "In the middle, %", "+.1f"),
            tip("low", "Lowest tenth, %", "+.1f"),
            tip("high", "Highest tenth, %", "+.1f"),
            tip("least", "Lowest, %", "+.1f"),
            tip("most", "Highest, %", "+.1f"),
            tip("above", "Above the list price", ",d"),
        ],
    )
    scale = alt.Scale(zero=True, domainMax=_FARTHEST) if far else alt.Scale(zero=True)
    x = alt.X("low:Q", title="Against the list price", axis=axis, scale=scale)
    zero = alt.Chart(pl.DataFrame({"zero": [0.0]})).mark_rule(color=INK, strokeDash=[4, 3]).encode(x="zero:Q")
    layers = [
        base.mark_bar(color=BLUE, clip=True).encode(x=x, x2="high:Q"),
        base.mark_tick(color=SKY, thickness=3, clip=True).encode(x="middle:Q"),
        zero,
    ]
    chart = alt.layer(*layers).properties(width=WIDTH, height=height(top.height))
    return explained(chart, statement, how, rows, note)
