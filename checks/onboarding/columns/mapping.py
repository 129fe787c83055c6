"""Which column of a file is what: guessed from headings and cells, shown, corrected by a person, kept beside the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import msgspec
import polars as pl
from rapidfuzz import fuzz, process

from checks.errors import UsageError
from checks.onboarding.columns.field import Field
from checks.onboarding.columns.fields import ARTICLE_FIELDS, CLIENT_FIELDS
from checks.onboarding.columns.guessing import Guess, guesses
from checks.onboarding.file.table import TableFile, refuse_without_rows
from checks.structs import ready

#: What `Columns.table` shows.
TABLE = pl.Schema(
    {
        "field": pl.String,
        "title": pl.String,
        "heading": pl.String,  # null: no column
        "certainty": pl.Float64,  # 0..1; 1.0 what a person gave
        "why": pl.String,
        "examples": pl.String,  # the first three values
        "required": pl.Boolean,
    }
)

_GIVEN = "given by a person"


class _Kept(msgspec.Struct, forbid_unknown_fields=True):
    """The file that a mapping is kept in."""

    of: Literal["articles", "clients"]
    columns: dict[str, str | None]


@dataclass(frozen=True)
class Columns:
    """Which heading of `file` stands for which field. Changes give a new one.

    Attributes:
        fields: what may be there, in the order they are shown.
        chosen: field name -> the heading and how sure that is; fields without a column are absent.
        notes: field name -> what there is to say of a field without a column.
    """

    file: TableFile
    fields: tuple[Field, ...]
    chosen: Mapping[str, Guess]
    notes: Mapping[str, str]

    @property
    def headings(self) -> dict[str, str]:
        """Field name -> heading, of the fields that have one."""
        return {
            field.name: self.chosen[field.name].heading for field in self.fields if field.name in self.chosen
        }

    @property
    def table(self) -> pl.DataFrame:
        """Every field with its heading, schema `TABLE`."""
        rows = []
        for field in self.fields:
            guess = self.chosen.get(field.name)
            rows.append(
                (
                    field.name,
                    field.title,
                    guess.heading if guess else None,
                    guess.certainty if guess else None,
                    guess.why if guess else self.notes.get(field.name),
                    self._examples(guess.heading) if guess else None,
                    field.required
                    and (field.group is None or field.name in self.chosen or self._lacks(field.group)),
                )
            )
        return pl.DataFrame(rows, schema=TABLE, orient="row")

    def _examples(self, heading: str) -> str | None:
        if heading not in self.file.rows.columns:
            return None
        return (
            " · ".join(self.file.rows[heading].drop_nulls().unique(maintain_order=True).head(3).to_list())
            or None
        )

    def _lacks(self, group: str) -> bool:
        return not any(field.group == group and field.name in self.chosen for field in self.fields)

    @property
    def unused(self) -> list[str]:
        """Headings of the file that stand for nothing."""
        used = set(self.headings.values())
        return [heading for heading in self.file.rows.columns if heading not in used]

    @property
    def missing(self) -> list[str]:
        """Titles of what is required and has no column."""
        alone = [
            field.title
            for field in self.fields
            if field.required and field.group is None and field.name not in self.chosen
        ]
        groups = dict.fromkeys(field.group for field in self.fields if field.required and field.group)
        lacking = [
            " or ".join(field.title for field in self.fields if field.group == group)
            for group in groups
            if group is not None and self._lacks(group)
        ]
        return alone + lacking

    def correct(self, **given: str | None) -> Columns:
        """The same with other headings: `correct(ean="Streepjescode", brand=None)`; None is for no column.

        A heading that was guessed for another field is taken from it; one heading may stand for two fields where a person says so.

        Raises:
            UsageError: no such field or heading; the nearest is named.
        """
        names = {field.name: field for field in self.fields}
        chosen, notes = dict(self.chosen), dict(self.notes)
        for name, heading in given.items():
            if name not in names:
                raise UsageError(f"There is no field {name!r}.{_nearest(name, list(names))}")
            if heading is None:
                chosen.pop(name, None)
                notes[name] = _GIVEN
                continue
            if heading not in self._known:
                raise UsageError(f"The file has no heading {heading!r}.{_nearest(heading, self._known)}")
            for other, guess in list(chosen.items()):
                if guess.heading == heading and guess.why != _GIVEN and other != name:
                    del chosen[other]
                    notes[other] = f"its column is {names[name].title} now"
            chosen[name] = Guess(heading, 1.0, _GIVEN)
        return replace(self, chosen=chosen, notes=notes)

    @property
    def _known(self) -> list[str]:
        return [*self.file.rows.columns, *self.file.empty]

    def save(self, path: str | Path) -> None:
        """Writes the mapping, without anything of the file's content, to be used for its next export."""
        of: Literal["articles", "clients"] = "clients" if self.fields == CLIENT_FIELDS else "articles"
        kept = _Kept(of, {field.name: self.headings.get(field.name) for field in self.fields})
        try:
            Path(path).write_bytes(msgspec.json.format(msgspec.json.encode(kept), indent=2) + b"\n")
        except OSError as error:
            raise UsageError(f"The columns cannot be kept in {path}: {error.strerror}.") from error

    @classmethod
    def load(cls, path: str | Path, table: TableFile) -> Columns:
        """A mapping that was kept, for a new export of the same kind.

        Raises:
            UsageError: there is no such file, it is none of `save`, or `table` lacks a heading it names.
        """
        try:
            kept = msgspec.json.decode(Path(path).read_bytes(), type=_Kept)
        except OSError as error:
            raise UsageError(f"{path} cannot be read: {error.strerror}.") from error
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise UsageError(f"{path} holds no columns as `Columns.save` writes them: {error}") from error
        fields = CLIENT_FIELDS if kept.of == "clients" else ARTICLE_FIELDS
        there = {*table.rows.columns, *table.empty}
        gone = [heading for heading in kept.columns.values() if heading is not None and heading not in there]
        if gone:
            nearest = _nearest(gone[0], list(there))
            raise UsageError(
                f"{table.path.name} has no heading {', '.join(map(repr, gone))} any more, which {Path(path).name} names.{nearest} "
                "Guess the columns anew, or correct the file."
            )
        blank = cls(table, fields, {}, {})
        return blank.correct(**kept.columns)


def guess_columns(table: TableFile, fields: Sequence[Field] = ARTICLE_FIELDS) -> Columns:
    """Which heading of `table` stands for which of `fields`: by its words, and by what its cells hold.

    Each heading is used once at most. What else a field might be is told in `Columns.table`.

    Raises:
        ArticleFileError: there are headings and no rows.
    """
    refuse_without_rows(table)
    chosen, notes = guesses(table, tuple(fields))
    return Columns(table, tuple(fields), chosen, notes)


def _nearest(word: str, known: Sequence[str]) -> str:
    found = process.extractOne(word, known, scorer=fuzz.WRatio, processor=str.casefold, score_cutoff=50)
    return f" Did you mean {found[0]!r}?" if found else f" There are: {', '.join(known)}."


ready(__name__)
