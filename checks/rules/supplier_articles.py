"""IB's articles: what becomes of them, whether IB knows our number for them, their codes and pictures.

article-discontinued, article-phasing-out, article-unmatched, article-unknown-availability, article-invalid-ean and
article-missing-image. Prices and what waits for approval have files of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

import polars as pl

from checks.frames import Frames
from checks.gtin import gtin_number, has_code
from checks.rules.check import Check, Context, Question
from checks.rules.identifiers import diagnosis
from checks.rules.matching import MATCHING_NEEDS, sold_articles

MATCH = pl.col("match_code")
NAME = pl.coalesce("name", "article_code", "article_key")
#: What can still be ordered; of what is gone nothing more is asked.
FOR_SALE = pl.col("standing").is_in(["current", "phasing_out"])

_GUIDE = "IB bulk API: GET /companies/:machineName/articles"

#: What the checks of IB's articles have in common.
of_ib = partial(Check, entity="article", needs_rows=("catalogue",), fix=None, area="suppliers", system="ib")


def _sold(standing: str, words: str) -> Callable[[Context], Iterable[Question]]:
    """Asks of articles of that standing whether we sell them; `words`: what becomes of them, with IB's code for it.

    Sold is what a shop has as an active article, known as the settings of the source say. Where there is no shop, IB's word
    counts: its matchCode says that it is ours.
    """

    def ask(context: Context) -> Iterator[Question]:
        asked, wrong = pl.col("standing") == standing, sold_articles(context)
        told = pl.format(f"{{}} {words}, and you sell it as {{}}.", NAME, pl.col("ours").list.join(", "))
        if "assortment" not in context.frames.collected:
            asked, wrong = asked & has_code(MATCH), lambda rows: rows
            told = pl.format(f"{{}} {words}. It is our article {{}}.", NAME, MATCH)
        yield Question("catalogue", wrong, told, value=pl.col("availability"), asked=asked)

    return ask


def _unknown_assortment(frames: Frames) -> str | None:
    """Why nobody can tell what the shops sell; None where there is no shop at all."""
    if "assortment" not in frames.collected:
        return None
    return frames.why_missing("assortment", MATCHING_NEEDS["assortment"])


ARTICLE_DISCONTINUED = of_ib(
    id="article-discontinued",
    title="Discontinued at the supplier",
    why="You sell it and the supplier no longer delivers it: what is ordered stays open.",
    severity="error",
    needs={"catalogue": ("article_key", "match_code", "standing")},
    guide=f"{_GUIDE} (availability 92E, matchCode)",
    advice="Find another supplier for it, or take it out of the assortment once your stock is sold.",
    ask=_sold("discontinued", "is discontinued (92E)"),
    doubt=_unknown_assortment,
)

ARTICLE_PHASING_OUT = of_ib(
    id="article-phasing-out",
    title="Phasing out at the supplier",
    why="You sell it, and the supplier is about to stop with it and may deliver less than is ordered.",
    severity="warning",
    needs={"catalogue": ("article_key", "match_code", "standing")},
    guide=f"{_GUIDE} (availability 91E, matchCode)",
    advice="Order what you still need and look for a successor: there is time.",
    ask=_sold("phasing_out", "is leaving the supplier's assortment (91E)"),
    doubt=_unknown_assortment,
)


def _article_unmatched(context: Context) -> Iterator[Question]:
    yield Question(
        frame="catalogue",
        asked=pl.col("standing").ne_missing("discontinued"),
        wrong=~has_code(MATCH),
        message=pl.format("{} has no article number of ours at IB (no matchCode).", NAME),
    )


ARTICLE_UNMATCHED = of_ib(
    id="article-unmatched",
    title="Article without our number",
    why="Where IB does not know our number for an article, only its EAN can tell that it is one of ours.",
    severity="info",
    needs={"catalogue": ("article_key", "match_code", "standing")},
    guide=f"{_GUIDE} (matchCode)",
    advice="Give IB your article number for what you sell; the rest may stay as it is.",
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


ARTICLE_UNKNOWN_AVAILABILITY = of_ib(
    id="article-unknown-availability",
    title="Unknown availability",
    why="Whether it can still be ordered is not known: a code that IB's documentation does not have, or none.",
    severity="warning",
    needs={"catalogue": ("article_key", "availability", "standing")},
    guide=f"{_GUIDE} (availability)",
    advice="Ask the supplier or IB what the code means before you rely on the article.",
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


ARTICLE_INVALID_EAN = of_ib(
    id="article-invalid-ean",
    title="Invalid EAN at the supplier",
    why="A code that is not a GTIN matches no article of ours, and a scan of the packaging finds nothing.",
    severity="error",
    needs={"catalogue": ("article_key", "units")},
    guide=f"{_GUIDE} (units, eanCode)",
    advice="Tell the supplier: the code is theirs. Take it from the packaging until they have corrected it.",
    ask=_article_invalid_ean,
)


def _article_missing_image(context: Context) -> Iterator[Question]:
    yield Question(
        frame="catalogue",
        asked=FOR_SALE,
        wrong=pl.col("images").list.len().fill_null(0) == 0,
        message=pl.format("{} has no image at the supplier.", NAME),
    )


ARTICLE_MISSING_IMAGE = of_ib(
    id="article-missing-image",
    title="Supplier article without image",
    why="Where the supplier has no image there is none to take over: the product in the shop stays without a photo.",
    severity="warning",
    needs={"catalogue": ("article_key", "images", "standing")},
    guide=f"{_GUIDE} (images)",
    advice="Ask the supplier for an image, or take a photo yourself.",
    ask=_article_missing_image,
)
