"""The entries of the lookup tables with all that they are called, and own names as they are compared with them."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from checks.folding import folded
from checks.frames import FRAMES
from checks.rules.references import Reference
from checks.suggest.entries import entries_of

#: One entry: `value` is its id or abbreviation, `label` what people see, `shown` both, as a workbook writes it;
#: `names` all that it is called, `paths` a category with all above it, in each language.
ENTRIES = pl.Schema(
    {
        "entry": pl.UInt32(),
        "value": pl.String(),
        "label": pl.String(),
        "shown": pl.String(),
        "names": pl.List(pl.String),
        "paths": pl.List(pl.String),
    }
)

#: What an entry is called, as names are compared: `whole` of names and full paths, not of the ends of a path.
_FORMS = pl.Schema({"entry": pl.UInt32(), "form": pl.String(), "whole": pl.Boolean()})

_BETWEEN = " > "


def entries_for(reference: Reference, tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame | None:
    """`ENTRIES` of the reference's table, of categories only end nodes; None where there is no table."""
    entries = entries_of(reference, tables)
    if entries is None:
        return None
    if reference.table == "categories":
        entries = _with_paths(entries, tables["categories"])
    else:
        entries = entries.with_columns(paths=pl.lit([], pl.List(pl.String)))
    label = pl.col("label")
    if reference.shape == "abbreviation":  # `stuk (ST)` need not say so twice
        label = label.str.strip_suffix(pl.format(" ({})", "value"))
    in_a_line = label.str.replace_all(r"[\s\p{Cc}]+", " ").str.strip_chars()
    return entries.with_columns(names="texts", shown=pl.format("{} [{}]", in_a_line, "value")).select(
        pl.col(name).cast(dtype) for name, dtype in ENTRIES.items()
    )


def forms_of(entries: pl.DataFrame) -> pl.DataFrame:
    """entry, form and whole (Boolean) of `ENTRIES`, each form of an entry once."""
    paths = entries.select("entry", path="paths").explode("path").drop_nulls()
    names = pl.concat([entries.select("entry", form="names").explode("form"), paths.rename({"path": "form"})])
    levels = paths.select("entry", levels=pl.col("path").str.split(_BETWEEN))
    deepest: int = levels.select(pl.col("levels").list.len().max().fill_null(0)).item()
    ends = [
        levels.filter(pl.col("levels").list.len() > length).select(
            "entry", form=pl.col("levels").list.tail(length).list.join(_BETWEEN), whole=False
        )
        for length in range(2, deepest)
    ]
    return (
        pl.concat([names.with_columns(whole=True), *ends])
        .drop_nulls()
        .with_columns(form=comparable(pl.col("form")))
        .filter(pl.col("form") != "")
        .sort("whole", "entry", descending=[True, False], maintain_order=True)
        .unique(["entry", "form"], keep="first", maintain_order=True)
        .select(_FORMS.names())
    )


def comparable(text: pl.Expr) -> pl.Expr:
    """`folded`, or as written where nothing would be left, as of `%`."""
    core = folded(text)
    return pl.when(core == "").then(text.str.strip_chars().str.to_lowercase()).otherwise(core)


def unspaced(form: pl.Expr) -> pl.Expr:
    """The form without spaces, save between two numbers: `7 up` is `7up`, but `1 23` is not `12 3`."""
    return form.str.replace_all(r"(\p{N}) (\p{N})", "$1_$2").str.replace_all(" ", "")


def table_title(reference: Reference) -> str:
    """What people call the table: `Unit sales prices`."""
    return FRAMES[reference.table].title


def _with_paths(entries: pl.DataFrame, categories: pl.DataFrame) -> pl.DataFrame:
    """Adds paths: the chain of names in each language; where a category has no name in it, its usual one."""
    names = categories.select("id", "name", "names").unique("id", keep="first", maintain_order=True)
    spoken = names.explode("names").select(
        "id", language=pl.col("names").struct.field("language"), said=pl.col("names").struct.field("name")
    )
    languages = spoken.select("language").drop_nulls().unique().sort("language")
    chain = pl.concat_list(pl.col("above").list.reverse(), pl.col("value").cast(pl.Int64))
    levels = entries.select("entry", id=chain).explode("id").with_row_index("place")
    paths = (
        levels.join(languages, how="cross")
        .join(spoken.drop_nulls(), on=["id", "language"], how="left")
        .join(names.select("id", "name"), on="id", how="left")
        .sort("place")
        .group_by("entry", "language", maintain_order=True)
        .agg(path=pl.coalesce("said", "name", pl.col("id").cast(pl.String)).str.join(_BETWEEN))
        .group_by("entry")
        .agg(said=pl.col("path").unique(maintain_order=True))
    )
    return (
        entries.join(paths, on="entry", how="left", maintain_order="left")
        .with_columns(
            paths=pl.concat_list("label", pl.col("said").fill_null([])).list.unique(maintain_order=True)
        )
        .drop("said")
    )
