"""IB's articles: what becomes of them, whether IB knows our number for them, their codes and pictures.

article-discontinued, article-phasing-out, article-unmatched, article-unknown-availability, article-invalid-ean and
article-missing-image. Prices and what waits for approval have files of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import polars as pl

from checks.gtin import gtin_number, has_code
from checks.rules.check import Check, Context, Question, trimmed
from checks.rules.identifiers import diagnosis

MATCH = pl.col("match_code")
NAME = pl.coalesce("name", "article_code", "article_key")
#: What can still be ordered; of what is gone nothing more is asked.
FOR_SALE = pl.col("standing").is_in(["current", "phasing_out"])

_GUIDE = "IB bulk API: GET /companies/:machineName/articles"


def _matched_and(standing: str, message: str) -> Callable[[Context], Iterable[Question]]:
    """Asks of articles with a matchCode whether they are of that standing; `message`: placeholders for name and ours."""

    def ask(context: Context) -> Iterator[Question]:
        yield Question(
            frame="catalogue",
            asked=has_code(MATCH),
            wrong=lambda rows: _with_ours(context, rows.filter(standing=standing)),
            value=pl.col("availability"),
            message=pl.format(message, NAME, _ours()),
        )

    return ask


def _with_ours(context: Context, rows: pl.LazyFrame) -> pl.LazyFrame:
    """Adds `in_shop`: does the shop have the article number? Null where its assortment is not known."""
    collected = context.frames.collected.get("assortment")
    if collected is None or collected.data is None or "article_number" in collected.unusable:
        return rows.with_columns(in_shop=pl.lit(None, pl.Boolean))
    ours = collected.data.lazy().select(number=trimmed("article_number")).drop_nulls().unique()
    known = ours.with_columns(in_shop=pl.lit(True))
    found = rows.join(known, left_on=trimmed("match_code"), right_on="number", how="left")
    return found.with_columns(pl.col("in_shop").fill_null(False))


def _ours() -> pl.Expr:
    in_shop = pl.col("in_shop")
    return (
        pl.when(in_shop)
        .then(pl.format("article {} of the shop", MATCH))
        .when(in_shop.not_())
        .then(pl.format("our article {}, which the shop does not have", MATCH))
        .otherwise(pl.format("our article {}", MATCH))
    )


ARTICLE_DISCONTINUED = Check(
    id="article-discontinued",
    title="Discontinued at the supplier",
    why="The supplier knows it under one of our article numbers and no longer delivers it: what is ordered stays open.",
    severity="error",
    entity="article",
    needs={"catalogue": ("article_key", "match_code", "standing")},
    needs_rows=("catalogue",),
    fix=None,
    area="suppliers",
    guide=f"{_GUIDE} (availability 92E, matchCode)",
    advice="Find another supplier for it, or take it out of the assortment once your stock is sold.",
    system="ib",
    ask=_matched_and("discontinued", "{} is discontinued (92E). It is {}."),
)

ARTICLE_PHASING_OUT = Check(
    id="article-phasing-out",
    title="Phasing out at the supplier",
    why="The supplier is about to stop with it and may deliver less than is ordered: there is time to find another.",
    severity="warning",
    entity="article",
    needs={"catalogue": ("article_key", "match_code", "standing")},
    needs_rows=("catalogue",),
    fix=None,
    area="suppliers",
    guide=f"{_GUIDE} (availability 91E, matchCode)",
    advice="Order what you still need and look for a successor.",
    system="ib",
    ask=_matched_and("phasing_out", "{} is leaving the supplier's assortment (91E). It is {}."),
)


def _article_unmatched(context: Context) -> Iterator[Question]:
    yield Question(
        frame="catalogue",
        asked=pl.col("standing").ne_missing("discontinued"),
        wrong=~has_code(MATCH),
        message=pl.format("{} has no article number of ours at IB (no matchCode).", NAME),
    )


ARTICLE_UNMATCHED = Check(
    id="article-unmatched",
    title="Article without our number",
    why="Where IB does not know our number for an article, only its EAN can tell that it is one of ours.",
    severity="info",
    entity="article",
    needs={"catalogue": ("article_key", "match_code", "standing")},
    needs_rows=("catalogue",),
    fix=None,
    area="suppliers",
    guide=f"{_GUIDE} (matchCode)",
    advice="Give IB your article number for what you sell; the rest may stay as it is.",
    system="ib",
    ask=_article_unmatched,
)


def _article_unknown_availability(context: Context) -> Iterator[Question]:
    code = pl.col("availability")
    yield Question(
        frame="catalogue",
        wrong=~(pl.col("standing") != "unknown").fill_null(False),
        value=code,
        message=pl.when(has_code(code))
        .then(pl.format("{} has availability {}, which is none of 85E, 91E and 92E.", NAME, code))
        .otherwise(pl.format("{} has no availability.", NAME)),
    )


ARTICLE_UNKNOWN_AVAILABILITY = Check(
    id="article-unknown-availability",
    title="Unknown availability",
    why="Whether it can still be ordered is not known: a code that IB's documentation does not have, or none.",
    severity="warning",
    entity="article",
    needs={"catalogue": ("article_key", "availability", "standing")},
    needs_rows=("catalogue",),
    fix=None,
    area="suppliers",
    guide=f"{_GUIDE} (availability)",
    advice="Ask the supplier or IB what the code means before you rely on the article.",
    system="ib",
    ask=_article_unknown_availability,
)


def _article_invalid_ean(context: Context) -> Iterator[Question]:
    """One question for each place in the list of units: an article may have several wrong codes."""
    most = context.frames["catalogue"].get_column("units").list.len().max()
    for place in range(most if isinstance(most, int) else 0):
        unit = pl.col("units").list.get(place, null_on_oob=True)
        code = unit.struct.field("ean")
        label = _unit_label(place)
        yield Question(
            frame="catalogue",
            field=label,
            asked=has_code(code),
            wrong=gtin_number(code).is_null(),
            value=code,
            message=pl.format("{}, unit {}: {}", NAME, label, diagnosis(code)),
        )


def _unit_label(place: int) -> pl.Expr:
    """What the unit is called, as no other of its article: the second "Stuk" is "Stuk (2)", one without a label "unit 3"."""
    labels = (
        pl.col("units")
        .list.head(place + 1)
        .list.eval(pl.element().struct.field("label").str.strip_chars().replace("", None))
    )
    label = labels.list.get(place, null_on_oob=True)
    times = labels.list.eval((pl.element() == pl.element().last()).sum()).list.first()
    return (
        pl.when(label.is_null())
        .then(pl.lit(f"unit {place + 1}"))
        .when(times > 1)
        .then(pl.format("{} ({})", label, times))
        .otherwise(label)
    )


ARTICLE_INVALID_EAN = Check(
    id="article-invalid-ean",
    title="Invalid EAN at the supplier",
    why="A code that is not a GTIN matches no article of ours, and a scan of the packaging finds nothing.",
    severity="error",
    entity="article",
    needs={"catalogue": ("article_key", "units")},
    needs_rows=("catalogue",),
    fix=None,
    area="suppliers",
    guide=f"{_GUIDE} (units, eanCode)",
    advice="Tell the supplier: the code is theirs. Take it from the packaging until they have corrected it.",
    system="ib",
    ask=_article_invalid_ean,
)


def _article_missing_image(context: Context) -> Iterator[Question]:
    yield Question(
        frame="catalogue",
        asked=FOR_SALE,
        wrong=pl.col("images").list.len().fill_null(0) == 0,
        message=pl.format("{} has no image at the supplier.", NAME),
    )


ARTICLE_MISSING_IMAGE = Check(
    id="article-missing-image",
    title="Supplier article without image",
    why="Where the supplier has no image there is none to take over: the product in the shop stays without a photo.",
    severity="warning",
    entity="article",
    needs={"catalogue": ("article_key", "images", "standing")},
    needs_rows=("catalogue",),
    fix=None,
    area="suppliers",
    guide=f"{_GUIDE} (images)",
    advice="Ask the supplier for an image, or take a photo yourself.",
    system="ib",
    ask=_article_missing_image,
)
