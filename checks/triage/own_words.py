"""Article numbers without a digit (`MELK`): a value like any other, but only the row itself tells that it is one."""

from __future__ import annotations

import re

import polars as pl

from checks.frames import FRAMES
from checks.triage import masks
from checks.triage.things import things

# Only letters, where an article number stands: in the body, or in the query of the URL.
IN_BODY = r'rticleNumber"\s*:\s*"[^"\d]+"'
IN_QUERY = r"rticleNumber=(?:[^&\d%]|%[0-9A-Fa-f]{2})+(?:&|$)"


# only what stands in URL and body counts here, not what the message says
_SILENT = (
    pl.lit(None, pl.String).alias("message"),
    *(pl.lit(None, FRAMES["error_logs"].schema[name]).alias(name) for name in ("errors", "model_errors")),
)


def own_words(rows: pl.DataFrame, told: pl.DataFrame, wanted: pl.Series) -> pl.DataFrame:
    """The rows that say such a number which they name elsewhere: row (position), key, text and bones with it masked.

    Args:
        rows: FRAMES["error_logs"].
        told: key, text, bones of the same rows.
        wanted: which of the rows to look at.
    """
    of_words = pl.any_horizontal(
        pl.col("body").str.contains(IN_BODY), pl.col("url").str.contains(IN_QUERY)
    ).fill_null(False)
    # what a row needs of itself, so that equal ids of several rows do no harm
    candidates = (
        rows.lazy()
        .select("url", "body", *_SILENT)
        .with_row_index("row")
        .filter(wanted)
        .filter(of_words)
        .with_columns(row_id=pl.col("row").cast(pl.String))
        .collect()
    )
    named = (
        things(candidates)
        .filter(
            pl.col("kind") == "product",
            ~pl.col("key").str.contains(r"\d"),
            pl.col("key").str.len_chars() > 1,
        )
        .select(pl.col("row_id").cast(pl.UInt32).alias("row"), own="key")
    )
    hits = (
        named.join(told.with_row_index("row"), on="row")
        .filter(pl.col("text").str.contains(pl.col("own"), literal=True))
        # the longest first: MELK VOL before MELK
        .sort("row", pl.col("own").str.len_chars(), "own", descending=[False, True, False])
    )
    texts: dict[int, str] = {}
    for row, own, text in hits.select("row", "own", "text").iter_rows():
        texts[row] = re.sub(rf"(?<!\w){re.escape(own)}(?!\w)", "‹article›", texts.get(row, text))
    changed = pl.DataFrame(
        {"row": list(texts), "text": list(texts.values())}, schema={"row": pl.UInt32, "text": pl.String}
    )
    keys = told.select("key").with_row_index("row")
    return changed.join(keys, on="row", maintain_order="left").with_columns(
        bones=masks.skeleton(pl.col("text"))
    )
