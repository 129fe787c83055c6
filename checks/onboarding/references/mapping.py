"""Which entries of the shop's lookup tables the names of an own file stand for (guide, chapters 2 and 3)."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping

import polars as pl

from checks.errors import UsageError
from checks.onboarding.references.alike import FLOOR, nearest
from checks.onboarding.references.decided import References, written_in
from checks.onboarding.references.entries import comparable, entries_for, forms_of, table_title
from checks.onboarding.references.exact import same
from checks.onboarding.shapes import REFERENCES
from checks.progress import Progress
from checks.rules.references import Reference
from checks.suggest.entries import BY_FIELD

__all__ = ["OF_LINKS", "References", "digest", "fingerprint", "map_references"]

#: What a link to a central product says itself; all else it takes from the central product (chapter 4).
OF_LINKS = "unit_sales_price"

_MOST = 5
_CHOICE = pl.Struct({"value": pl.String, "label": pl.String, "score": pl.Float64})
_FEW = 50  # entries of a short table: there the beginning of a word says enough to be suggested
_ABOVE = r"^.*[>/\\|;»]"  # all but the last level of a category, as files part them
_LAST_LEVEL = 0.95  # of the score, where only the last level of a written category is like an entry


def map_references(
    articles: pl.DataFrame,
    tables: Mapping[str, pl.DataFrame],
    *,
    known: References | None = None,
    linked: Collection[str] = (),
    progress: Progress | None = None,
) -> References:
    """Looks up every name of a file in the shop's tables.

    Exact is what is the same but for case, accents, punctuation, spaces and legal forms, in any language; a category by
    its path, the end of its path or its name; a unit also by its common synonyms. What two entries could be is suggested
    to a person, and so is what is only like an entry.

    Args:
        articles: `ARTICLES`.
        tables: the frames brands, producers, categories, suppliers, storage_conditions, content_types, unit_sales_prices
            and multiplier_types, as collected.
        known: earlier decisions: what was confirmed then and is in the table still is confirmed now.
        linked: article numbers that are going to be links: only their unit sales price is asked for.
        progress: may stop it.

    Raises:
        UsageError: a table is missing that the articles need.
    """
    found, entries_by_field = [pl.DataFrame(schema=REFERENCES)], {}
    own = articles.filter(~pl.col("article_number").is_in(list(linked)))
    for field, reference in BY_FIELD.items():
        names = _names(articles if field == OF_LINKS else own, reference)
        entries = entries_for(reference, tables)
        if entries is None and not names.is_empty():
            raise UsageError(
                f"The table {table_title(reference)} is missing, and {names['articles'].sum():,} articles need it. "
                f"Collect the frame {reference.table} first."
            )
        if entries is not None:
            entries_by_field[field] = entries
        if entries is not None and not names.is_empty():
            found.append(_mapped(reference, names, entries, progress))
    references = References(pl.concat(found), entries_by_field, fingerprint(articles))
    return references if known is None else _with_known(references, known)


def fingerprint(articles: pl.DataFrame) -> str:
    """Of a file: its articles and what it calls their references. Another export of the same data has the same."""
    told = articles.select("article_number", "ean", "name", *BY_FIELD).sort(pl.all())
    return digest(told)


def digest(frame: pl.DataFrame) -> str:
    """A fingerprint of what a frame of texts holds, the same on every machine."""
    return hashlib.sha256(frame.write_csv().encode()).hexdigest()[:20]


def _names(articles: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    """written and articles: each name once; the row without a name only where own products need one."""
    names = articles.select(written=written_in(reference.field)).group_by("written").agg(articles=pl.len())
    if not reference.required:
        names = names.drop_nulls("written")
    return names.sort("articles", "written", descending=[True, False]).with_row_index("name")


def _mapped(
    reference: Reference, names: pl.DataFrame, entries: pl.DataFrame, progress: Progress | None
) -> pl.DataFrame:
    """`REFERENCES` of one field."""
    forms = forms_of(entries)
    asked = names.drop_nulls("written").select("name", text="written", form=comparable(pl.col("written")))
    hits = same(reference.field, asked, forms)
    exact = hits.filter(pl.len().over("name") == 1)
    rest = asked.join(exact, on="name", how="anti").sort("name")
    choices = (
        pl.concat([hits.with_columns(score=pl.lit(1.0)), _alike(reference, rest, forms, progress)])
        .group_by("name", "entry")
        .agg(pl.col("score").max())
        .join(entries, on="entry")
        .sort(
            "name",
            "score",
            pl.col("label").str.to_lowercase(),
            "entry",
            descending=[False, True, False, False],
        )
        .group_by("name", maintain_order=True)
        .agg(choices=pl.struct("value", "label", "score").head(_MOST))
    )
    certain = exact.join(entries, on="entry").select("name", chosen="value", chosen_name="label")
    status = (
        pl.when(pl.col("chosen").is_not_null())
        .then(pl.lit("exact"))
        .when(pl.col("choices").list.len() > 0)
        .then(pl.lit("suggested"))
        .otherwise(pl.lit("unknown"))
    )
    return (
        names.join(certain, on="name", how="left", maintain_order="left")
        .join(choices, on="name", how="left", maintain_order="left")
        .with_columns(
            field=pl.lit(reference.field),
            articles=pl.col("articles").cast(pl.Int64),
            choices=pl.col("choices").fill_null(pl.lit([], pl.List(_CHOICE))),
        )
        .with_columns(status=status)
        .select(REFERENCES.names())
    )


def _alike(
    reference: Reference, rest: pl.DataFrame, forms: pl.DataFrame, progress: Progress | None
) -> pl.DataFrame:
    """name, entry and score of entries that are like a name; more than needed, as several forms may be one entry's."""
    whole = forms.filter("whole").select("entry", "form")
    asked = [rest.select("name", "form", weight=pl.lit(1.0))]
    if reference.table == "categories":
        last = comparable(pl.col("text").str.replace(_ABOVE, ""))
        asked.append(rest.select("name", form=last, weight=pl.lit(_LAST_LEVEL)).filter(pl.col("form") != ""))
    every = pl.concat(asked)
    close = nearest(every["form"], whole, most=_MOST, progress=progress)
    found = [
        close.select(
            every["name"].gather(close["name"]),
            "entry",
            score=pl.col("score") * every["weight"].gather(close["name"]),
        )
    ]
    if whole["entry"].n_unique() <= _FEW:
        starts = rest.join(whole, how="cross", suffix="_of_entry").filter(
            pl.col("form_of_entry").str.starts_with(pl.col("form"))
        )
        found.append(starts.select("name", "entry", score=pl.lit(FLOOR)))
    return pl.concat(found).filter(pl.col("score") >= FLOOR)


def _with_known(references: References, known: References) -> References:
    """Takes over what was confirmed of names that the file still has, as far as the entries are there."""
    values = [
        pl.DataFrame(schema={"field": pl.String, "chosen": pl.String}),
        *(
            entries.select(pl.lit(field).alias("field"), chosen="value")
            for field, entries in references.entries.items()
        ),
    ]
    decided = known.table.filter(pl.col("status") == "confirmed").select("field", "written", "chosen")
    there = decided.join(pl.concat(values), on=["field", "chosen"], how="semi")
    nothing = decided.filter(pl.col("chosen").is_null())
    return references.confirm(pl.concat([there, nothing]).rows())
