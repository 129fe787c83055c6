"""What is known of an article or a central product before they are compared: its names, brand and content, in one form.

Both sides become two frames. `sides`: one row an item with its `item` (UInt32, position), brand and content. `names`: one row
a name in any language, without what tells the content, as words a space apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from checks.folding import folded, plain
from checks.onboarding.matching.content import content, without_content

#: What stands for "no brand" where a program wants one.
_NO_BRAND = (
    "diverse", "divers", "div", "diverse merken", "merkloos", "no name", "noname", "geen", "geen merk", "aucun", "aucune",
    "sans marque", "onbekend", "inconnu", "unknown", "nvt", "overige", "andere", "autre", "autres", "huismerk", "algemeen",
)  # fmt: skip

#: What programs write with a slash.
_SLASHED = {
    r"\bz/s(?:\b|$)": "zonder suiker ",
    r"\bz/z(?:\b|$)": "zonder zout ",
    r"\bs/s(?:\b|$)": "sans sucres ",
    r"\bz/": "zonder ",
    r"\bm/": "met ",
    r"\bs/": "sans ",
    r"\ba/": "avec ",
    r"\bv/": "van ",
}


@dataclass(frozen=True)
class Described:
    """One side of the comparison.

    Attributes:
        sides: item (UInt32), brand (folded; null: none told), brands (every one that is told), content, said (the words of all
            its names, a space around each).
        names: item, name (words without content), bare (without the brand, unless that is all), full (bare behind the brand).
    """

    sides: pl.DataFrame
    names: pl.DataFrame


def described(items: pl.DataFrame, pieces: str | None = None) -> Described:
    """Describes rows with name, texts, brand, total_content, content_type; `item` is their position.

    Args:
        pieces: the column with the number of pieces inside, where contents in pieces may need it.
    """
    rows = (
        items.with_row_index("item")
        .with_columns(written=_written())
        .with_columns(said=pl.col("written").list.drop_nulls().list.join(" ; "))
    )
    rows = (
        rows.join(_brands(rows), on="brand", how="left", maintain_order="left")
        .with_columns(brand=pl.col("brands").list.first())
        .with_columns(pl.col("brands").fill_null([]))
    )
    names = _names(rows)
    said = names.group_by("item").agg(said=pl.format(" {} ", pl.col("name").str.join(" ")))
    sides = rows.select(
        "item",
        "brand",
        "brands",
        content=content(
            pl.col("said"),
            pl.col("total_content"),
            pl.col("content_type"),
            None if pieces is None else pl.col(pieces),
        ),
    ).join(said, on="item", how="left", maintain_order="left")
    return Described(sides, names)


def _names(rows: pl.DataFrame) -> pl.DataFrame:
    each = (
        rows.select("item", "brand", "brands", name="written")
        .explode("name", empty_as_null=True)
        .with_columns(name=name_words(pl.col("name")))
        .filter(pl.col("name") != "")
        .unique(["item", "name"], maintain_order=True)
    )
    of_brands = pl.col("brands").list.join(" ").str.split(" ")
    rest = pl.col("name").str.split(" ").list.set_difference(of_brands).list.join(" ")
    bare = pl.when(rest == "").then("name").otherwise(rest)
    return each.with_columns(bare=bare).select(
        "item", "name", "bare", full=pl.concat_str("brand", "bare", separator=" ", ignore_nulls=True)
    )


def name_words(name: pl.Expr) -> pl.Expr:
    """The words of a name in plain letters, without content: `CHOC.MELK 70% 6x33CL z/s` is `choc melk 70 zonder suiker`."""
    text = without_content(name)
    for written, words in _SLASHED.items():
        text = text.str.replace_all(written, words)
    return plain(text.str.replace_all(r"(\p{L})(\d)", "$1 $2").str.replace_all(r"(\d)(\p{L})", "$1 $2"))


def _written() -> pl.Expr:
    """Its names in every language, as a list."""
    return pl.concat_list("name", pl.col("texts").list.eval(pl.element().struct.field("name")).fill_null([]))


def _brands(rows: pl.DataFrame) -> pl.DataFrame:
    """brand as written, each once, and brands: the folded names in it (`Lotus, Côte d'Or` are two)."""
    words = folded(pl.col("brands"))
    return (
        rows.select("brand")
        .drop_nulls()
        .unique(maintain_order=True)
        .with_columns(brands=pl.col("brand").str.split(","))
        .explode("brands")
        .with_columns(brands=words)
        .filter((pl.col("brands") != "") & ~pl.col("brands").is_in(_NO_BRAND))
        .group_by("brand", maintain_order=True)
        .agg(pl.col("brands").unique(maintain_order=True))
    )
