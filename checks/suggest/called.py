"""What names say: the one that products still carry of an entry that is gone, and an entry's name in a product's name."""

from __future__ import annotations

import polars as pl

from checks.folding import folded, plain
from checks.rules.references import Reference
from checks.suggest.naming import alike
from checks.suggest.reading import AnyFrames, read

#: So many different old names are compared, the commonest.
_NAMES = 20

_LIKE_AT_ALL = 75  # per cent; names below it are other names
_SHORT = 4  # letters; shorter texts are like each other by chance


def by_old_name(
    reference: Reference, asked: pl.DataFrame, entries: pl.DataFrame, frames: AnyFrames
) -> pl.DataFrame:
    """How far the entry's name is the one that the products carry.

    Returns columns entry, same (share of the products whose old name it is), named (0..1, the same for similar names) and
    why_named.
    """
    texts = (
        entries.select("entry", text="texts")
        .explode("text")
        .drop_nulls()
        .with_columns(folded(pl.col("text")))
        .unique(maintain_order=True)
    )
    said = (
        _old_names(reference, asked, entries, frames)
        .with_columns(old=folded(pl.col("said")))
        .filter(pl.col("old") != "")
        .group_by("old")
        .agg(pl.col("said").mode().sort().first(), share=pl.len() / max(asked.height, 1))
        .sort("share", "old", descending=[True, False])
        .head(_NAMES)
    )
    length = pl.min_horizontal(pl.col("old").str.len_chars(), pl.col("text").str.len_chars())
    percent = pl.col("percent")
    similar = pl.when(percent == 100).then(1.0).otherwise((percent - 65) / 35 * 0.95)
    thing = "text" if reference.shape == "abbreviation" else "name"
    return (
        alike(said["old"].to_list(), texts["text"].to_list())
        .join(said.with_row_index("name"), on="name")
        .join(texts.rename({"entry": "of"}).with_row_index("entry"), on="entry")
        .filter((percent == 100) | ((percent >= _LIKE_AT_ALL) & (length >= _SHORT)))
        .sort("percent", descending=True)
        .unique(["of", "name"], keep="first", maintain_order=True)
        .group_by(entry="of")
        .agg(
            same=pl.col("share").filter(percent == 100).sum(),
            named=(similar * pl.col("share")).sum(),
            best=pl.col("said").sort_by(similar * pl.col("share"), descending=True).first(),
            percent=percent.sort_by(similar * pl.col("share"), descending=True).first(),
        )
        .with_columns(
            why_named=pl.when(percent == 100)
            .then(pl.format("same {} as the entry that is gone ({})", pl.lit(thing), "best"))
            .otherwise(
                pl.format(
                    "similar {} to the entry that is gone ({}): {} %",
                    pl.lit(thing),
                    "best",
                    percent.floor().cast(pl.Int64).cast(pl.String),
                )
            )
        )
        .select("entry", "same", "named", "why_named")
    )


def _old_names(
    reference: Reference, asked: pl.DataFrame, entries: pl.DataFrame, frames: AnyFrames
) -> pl.DataFrame:
    """`said`: what each product calls an entry that the table does not have."""
    known = entries.select(use="key")
    if reference.shape == "abbreviation":
        column = pl.col(reference.column).cast(pl.String)
        return (
            asked.select(said=column, use=column.str.strip_chars().str.to_lowercase())
            .join(known, on="use", how="anti")
            .drop_nulls("said")
            .select("said")
        )
    if reference.named is not None:
        gone = asked.join(known, left_on=reference.column, right_on="use", how="anti")
        return gone.select(said=pl.col(reference.named).cast(pl.String)).drop_nulls()
    listed = (
        read(frames, "supplier_articles", ("supplier_id", "supplier"))
        if reference.shape == "suppliers"
        else None
    )
    if listed is None or asked.is_empty():
        return pl.DataFrame(schema={"said": pl.String})
    gone = asked.select(use="suppliers").explode("use").select(pl.col("use").struct.field("supplier_id"))
    names = listed.drop_nulls().unique("supplier_id", keep="first")
    return (
        gone.drop_nulls()
        .join(known, left_on="supplier_id", right_on="use", how="anti")
        .join(names, on="supplier_id")
        .select(said="supplier")
    )


def by_product_name(reference: Reference, asked: pl.DataFrame, entries: pl.DataFrame) -> pl.DataFrame:
    """How far the entry's name stands in the products' own names: entry, mentioned (0..1), why_mentioned.

    A brand's whole name counts; of a category's, words or the beginnings of words (`Boerenfrieten` hangs under `Frieten`).
    """
    schema = {"entry": pl.UInt32, "mentioned": pl.Float64, "why_mentioned": pl.String}
    if reference.field not in ("brand", "producer", "category") or asked.is_empty():
        return pl.DataFrame(schema=schema)
    called = pl.concat_list(
        "name", pl.col("texts").list.eval(pl.element().struct.field("name")).fill_null([])
    )
    names = asked.select("row", name=pl.format(" {} ", plain(called.list.drop_nulls().list.join(" "))))
    texts = entries.select("entry", text="texts").explode("text").drop_nulls()
    if reference.field == "category":
        words = texts.select("entry", "text", part=plain(pl.col("text")).str.split(" ")).explode("part")
        parts = words.filter(pl.col("part").str.len_chars() >= 4).with_columns(
            pl.col("part").str.replace(r"^(.{4,}?)(en|es|s|e|x)$", "$1")
        )
    else:
        parts = texts.select("entry", "text", part=pl.format(" {} ", folded(pl.col("text"))))
        parts = parts.filter(pl.col("part").str.len_chars() >= _SHORT + 2)
    parts = parts.unique()
    if parts.is_empty():
        return pl.DataFrame(schema=schema)
    whole = parts.group_by("entry", "text").agg(whole=pl.len())
    patterns = parts["part"].unique().to_list()
    return (
        names.select("row", part=pl.col("name").str.extract_many(patterns, overlapping=True).list.unique())
        .explode("part")
        .drop_nulls()
        .join(parts, on="part")
        .group_by("row", "entry", "text")
        .agg(found=pl.len(), letters=pl.col("part").str.len_chars().sum())
        .join(whole, on=["entry", "text"])
        .with_columns(
            mentioned=pl.lit(0.3) * pl.col("found") / pl.col("whole")
            if reference.field == "category"
            else (pl.col("letters") / 20).clip(0.3, 0.7)
        )
        .group_by("row", "entry")
        .agg(pl.col("mentioned").max())
        .group_by("entry")
        .agg(pl.col("mentioned").sum() / asked.height)
        .with_columns(
            why_mentioned=pl.lit(
                "its name stands in the product's name"
                if asked.height == 1
                else "its name stands in products' names"
            )
        )
        .select(schema.keys())
    )
