"""Whether a central product that has an article's code can be the article: a code may be somebody else's.

A mistyped, copied or badly repaired code hits another product, and then name, brand and content say so. Measured on real
products with damaged names (6,000 pairs a kind): of codes taken from any other product 99.9 % are caught, from one beside it in
the list (same maker, other flavour) 98 %, of the same brand 97 %; of right codes 1.6 % are doubted for nothing. In 38
whole files, with 3,796 codes of other products planted in them, 2 of 36,228 matches were wrong.

So a match by a code is not proof: what is left are codes of another product of the same brand, with nearly the same name and no
other content ("Lay's Chips Paysannes" with the code of Lay's "Chips paysanne nature"). Nothing in the file speaks against it.
Looking for a better product for every match, with half the margin, doubted 1.4 % more of 1,656 matches in two files, and did not
doubt the wrong one among them.
"""

from __future__ import annotations

import polars as pl

from checks.onboarding.matching.candidates import Index, candidates, shared_of
from checks.onboarding.matching.names import Described
from checks.onboarding.matching.scores import evidence
from checks.progress import Progress

#: Evidence below which name, brand and content contradict; brand and content that are both the same outweigh a name, which
#: may be in another language.
_CONTRADICTS = -6.0
#: The same where article and central product have different EANs: suppliers give their codes to a new product, too.
_CONTRADICTS_BY_EAN = -2.0
#: Evidence up to which it is asked whether another product fits better, by so much, and well enough.
_CLEAR = 1.0
_BETTER = 2.0
_WELL_ENOUGH = -3.0


def contradicted(
    hits: pl.DataFrame, own: Described, central: Described, words: Index, progress: Progress
) -> pl.DataFrame:
    """What speaks against products that have an article's code.

    Args:
        hits: item, product, other_ean (Boolean: the two have different EANs), one row an item.

    Returns:
        `hits` with what `evidence` adds, contradicts (Boolean) and rival (position of a central product that fits far better;
        null: none), in their order. Where one of the two has no name, nothing contradicts, but a rival may be there.
    """
    known = evidence(shared_of(words, hits), own, central)
    named = known["item"].is_in(own.names["item"].implode()) & known["product"].is_in(
        central.names["item"].implode()
    )
    agrees = ((pl.col("brand") == "same") & pl.col("content").is_in(["same", "in all"])).fill_null(False)
    least = pl.when("other_ean").then(_CONTRADICTS_BY_EAN).otherwise(_CONTRADICTS)
    judged = known.with_columns(contradicts=(pl.col("evidence") < least) & ~agrees & named)
    unsure = judged.filter((pl.col("evidence") < _CLEAR) & ~pl.col("contradicts"))
    rivals = _rivals(unsure, judged, own, central, words, progress)
    return judged.join(rivals, on="item", how="left", maintain_order="left")


def _rivals(
    unsure: pl.DataFrame,
    known: pl.DataFrame,
    own: Described,
    central: Described,
    words: Index,
    progress: Progress,
) -> pl.DataFrame:
    """item and rival: the product that fits best, where it does so far better and is nobody's by its code."""
    taken = known.filter(pl.col("evidence") >= _CLEAR).select("product")
    mine = unsure.select("item", "product", code_evidence="evidence")
    found = [pl.DataFrame(schema={"item": pl.UInt32, "rival": pl.UInt32, "evidence": pl.Float64})]
    for pairs in candidates(words, unsure["item"]):
        progress.check_stop()
        free = pairs.join(taken, on="product", how="anti").join(mine, on=["item", "product"], how="anti")
        better = (
            evidence(free, own, central)
            .join(mine.select("item", "code_evidence"), on="item")
            .filter(
                pl.col("evidence") > _WELL_ENOUGH,
                pl.col("evidence") > pl.col("code_evidence") + _BETTER,
            )
        )
        found.append(better.select("item", rival="product", evidence="evidence"))
    return (
        pl.concat(found)
        .sort("item", "evidence", "rival", descending=[False, True, False])
        .unique("item", keep="first", maintain_order=True)
        .select("item", "rival")
    )
