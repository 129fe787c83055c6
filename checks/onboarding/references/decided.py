"""What the names of a file stand for, as far as it is known, and what people decided of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import polars as pl
from rapidfuzz import process
from rapidfuzz.utils import default_process

from checks.errors import UsageError
from checks.onboarding.references.entries import ENTRIES
from checks.onboarding.references.meant import meant
from checks.onboarding.shapes import REFERENCES
from checks.rules.references import Reference
from checks.suggest.entries import BY_FIELD

_CERTAIN = ("exact", "confirmed")
_KEY = ["field", "written"]


@dataclass(frozen=True, eq=False)
class References:
    """The names of a file and what they stand for, as far as that is known. Never changed: `choose` gives another one.

    Attributes:
        table: `REFERENCES`: those that the most articles need first, field by field.
        entries: by field, the entries that may be chosen (`entries.ENTRIES`).
        file: a fingerprint of the articles that the names come from.
    """

    table: pl.DataFrame
    entries: Mapping[str, pl.DataFrame]
    file: str

    def choose(self, field: str, written: str | None, value: str | int | None) -> References:
        """With this choice of a person.

        Args:
            field: brand, category ...
            written: the name as the file has it; None: what articles get that name nothing.
            value: id or abbreviation of the entry; "none": the field stays empty; None: not decided again.

        Raises:
            UsageError: there is no such field, name or entry, or own products need one; names the nearest.
        """
        self.row(field, written)
        if value is None:
            return self.confirm([], [(field, written)])
        return self.confirm([(field, written, self.entry(field, str(value)))])

    def confirm(
        self,
        chosen: Collection[tuple[str, str | None, str | None]],
        opened: Collection[tuple[str, str | None]] = (),
    ) -> References:
        """With many choices at once, all of them valid: (field, written, value; None for nothing), and those taken back."""
        decided = pl.DataFrame(
            list(chosen), schema={"field": pl.String, "written": pl.String, "value": pl.String}, orient="row"
        ).with_columns(to=pl.lit("confirmed"))
        back = pl.DataFrame(
            list(opened), schema={"field": pl.String, "written": pl.String}, orient="row"
        ).with_columns(value=pl.lit(None, pl.String), to=pl.lit("open"))
        changes = pl.concat([decided, back]).unique(_KEY, keep="last", maintain_order=True)
        is_open = (
            pl.when(pl.col("choices").list.len() > 0).then(pl.lit("suggested")).otherwise(pl.lit("unknown"))
        )
        table = (
            self.table.join(changes, on=_KEY, how="left", nulls_equal=True, maintain_order="left")
            .join(self._labels(), on=["field", "value"], how="left", maintain_order="left")
            .with_columns(
                status=pl.when(pl.col("to") == "open").then(is_open).otherwise(pl.coalesce("to", "status")),
                chosen=pl.when(pl.col("to").is_null()).then("chosen").otherwise("value"),
                chosen_name=pl.when(pl.col("to").is_null()).then("chosen_name").otherwise("label"),
            )
        )
        return replace(self, table=table.select(REFERENCES.names()))

    def ids(self, articles: pl.DataFrame) -> pl.DataFrame:
        """article_number and a column a field: the id (Int64) or abbreviation (String) that is certain, else null.

        Args:
            articles: `ARTICLES`, of the same file. The order and number of rows stay.
        """
        found = articles.select("article_number")
        for field, reference in BY_FIELD.items():
            dtype = pl.String if reference.shape == "abbreviation" else pl.Int64
            known = self.table.filter((pl.col("field") == field) & pl.col("status").is_in(_CERTAIN))
            column = articles.select(written=written_in(field)).join(
                known.select("written", pl.col("chosen").cast(dtype)),
                on="written",
                how="left",
                nulls_equal=True,
                maintain_order="left",
            )
            found = found.with_columns(column["chosen"].alias(field))
        return found

    def certain(self, field: str) -> dict[str, int | str]:
        """Name as the file has it -> id or abbreviation, of the names that are exact or confirmed.

        Raises:
            UsageError: there is no such field.
        """
        number = int if reference_of(field).shape != "abbreviation" else str
        known = self.table.filter(
            (pl.col("field") == field) & pl.col("status").is_in(_CERTAIN) & pl.col("chosen").is_not_null()
        )
        return {
            written: number(chosen)
            for written, chosen in known.select("written", "chosen").drop_nulls().iter_rows()
        }

    @property
    def open(self) -> pl.DataFrame:
        """`REFERENCES` that a person still has to decide, those that the most articles need first."""
        rest = self.table.filter(~pl.col("status").is_in(_CERTAIN))
        return rest.sort("articles", descending=True, maintain_order=True)

    def summary(self) -> pl.DataFrame:
        """By field: names, how many of them are exact, confirmed, suggested and unknown, articles, and those covered."""
        counts = self.table.group_by("field", maintain_order=True).agg(
            pl.len().alias("names"),
            *(
                (pl.col("status") == status).sum().alias(status)
                for status in ("exact", "confirmed", "suggested", "unknown")
            ),
            pl.col("articles").sum(),
            covered=pl.col("articles").filter(pl.col("status").is_in(_CERTAIN)).sum(),
        )
        return counts.with_columns(pl.exclude("field").cast(pl.Int64))

    def row(self, field: str, written: str | None) -> dict[str, object]:
        """The row of `table`.

        Raises:
            UsageError: there is none; names the nearest.
        """
        reference_of(field)
        of_field = self.table.filter(pl.col("field") == field)
        found = of_field.filter(pl.col("written").eq_missing(pl.lit(written, pl.String)))
        if found.is_empty():
            near = _near(written or "", of_field["written"].drop_nulls().to_list())
            if written is None:
                raise UsageError(f"{field}: every article names one, or need not.")
            raise UsageError(f"{field}: no article that needs one has the name {written!r}.{near}")
        return found.row(0, named=True)

    def entry(self, field: str, said: str) -> str | None:
        """The value of the entry that a person means by its id, abbreviation or name; None for nothing.

        Raises:
            UsageError: no entry, or several, are called so; or own products need one.
        """
        value, trouble = self.understood(field, [said])[said]
        if trouble:
            raise UsageError(trouble)
        return value

    def understood(self, field: str, said: Collection[str]) -> dict[str, tuple[str | None, str]]:
        """What people mean by texts: an id, an abbreviation, a name, `name [id]`, or one of NONE.

        Returns:
            Of each text the entry's value (None for nothing) and why it cannot be understood ("" where it can).

        Raises:
            UsageError: there is no such field.
        """
        reference = reference_of(field)
        return meant(reference, self.entries.get(field, pl.DataFrame(schema=ENTRIES)), said)

    def _labels(self) -> pl.DataFrame:
        none = pl.DataFrame(schema={"field": pl.String, "value": pl.String, "label": pl.String})
        return pl.concat(
            [
                none,
                *(
                    entries.select(pl.lit(field).alias("field"), "value", "label")
                    for field, entries in self.entries.items()
                ),
            ]
        )

    def __repr__(self) -> str:
        counts = dict(self.table.group_by("status").len().iter_rows())
        told = ", ".join(f"{counts.get(one, 0):,} {one}" for one in (*_CERTAIN, "suggested", "unknown"))
        return f"References: {self.table.height:,} names, {told}"


def reference_of(field: str) -> Reference:
    """The reference of a field.

    Raises:
        UsageError: there is none.
    """
    if field not in BY_FIELD:
        raise UsageError(f"There is no reference {field!r}. There are {', '.join(BY_FIELD)}.")
    return BY_FIELD[field]


def written_in(field: str) -> pl.Expr:
    """The name that an article gives; null of blanks."""
    text = pl.col(field).str.strip_chars()
    return pl.when(text != "").then(text)


def _near(text: str, options: list[str]) -> str:
    """A sentence that names the three nearest; empty where there are none."""
    found = process.extract(text, options, processor=default_process, limit=3, score_cutoff=50)
    return f" The nearest: {'; '.join(option for option, _, _ in found)}." if found else ""
