"""What of a collected frame can be trusted: its shape, its keys, and which columns no rule may judge.

A field that is gone, renamed or of another type must never look like "no value": a rule that judged it would find
everything sound, and close findings. What cannot be trusted is named with its reason, and its checks could not run.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import msgspec
import polars as pl

from checks.errors import SourceError
from checks.frames import FRAMES, Drift
from checks.sources.rows import Shape, known_names


def keyed(source: str, frame: str, data: pl.DataFrame, empty: int = 0) -> tuple[pl.DataFrame, str | None]:
    """The frame with each key once (the last sight of it), and what is to be said of rows without a key.

    Args:
        empty: rows that were null and never got into `data`.

    Raises SourceError where the frame is not of its known shape.
    """
    from pandera.errors import SchemaErrors  # slow to import, see `FrameSpec.model`

    spec = FRAMES[frame]
    with_key = data.drop_nulls(spec.key)
    once = with_key.unique(spec.key, keep="last", maintain_order=True)
    try:
        spec.model.validate(once, lazy=True)
    except SchemaErrors as error:
        told = "; ".join(str(case) for case in error.failure_cases["failure_case"].head(3))
        raise SourceError(source, f"frame {frame}", f"does not have its known shape: {told}.") from None
    lost, rows = data.height - with_key.height + empty, data.height + empty
    return once, f"{lost:,} of {rows:,} rows have no {' or '.join(spec.key)}." if lost else None


@dataclass(frozen=True)
class Trust:
    """What is known of one system's fields.

    Attributes:
        kinds: the frames that are read by structs, whose known fields are therefore known.
        extras: by struct, fields that are documented and needed by no frame: seeing them is not drift.
        sources_of: by frame and column, the fields it is made of (`Brand`, `Brand.Id`).
        need_all: columns that are worth nothing where one of their fields is gone.
    """

    kinds: Mapping[str, type[msgspec.Struct]]
    extras: Mapping[type[msgspec.Struct], Collection[str]]
    sources_of: Mapping[str, Mapping[str, tuple[str, ...]]]
    need_all: Collection[str] = field(default=frozenset())

    def judge(
        self, frame: str, data: pl.DataFrame, shape: Shape, keyless: str | None, *, incremental: bool
    ) -> tuple[tuple[Drift, ...], dict[str, str]]:
        """What differs from the known fields, and the columns that no rule may judge because of it, with the reason.

        A frame that lost rows for want of a key is unusable as a whole: what is not in it might well be there.
        """
        kind = self.kinds.get(frame)
        if kind is None:
            drift = shape.drift((), ())
        else:
            found = shape.drift(known_names(kind), self.extras.get(kind, frozenset()))
            drift = tuple(
                one for one in found if one.kind != "gone" or not self._given(frame, data, one.field)
            )
        if keyless is not None:
            return drift, dict.fromkeys(data.columns, keyless)
        unusable: dict[str, str] = {}
        for column in data.columns if kind is not None else ():
            fields = self.sources_of[frame][column]
            about = [[one for one in drift if one.field in (field, _parent(field))] for field in fields]
            spoilt = [one for found_of in about for one in found_of if one.kind == "retyped"]
            gone = [one for found_of in about for one in found_of[:1] if one.kind == "gone"]
            if spoilt:
                unusable[column] = spoilt[0].detail
            elif gone and not incremental and (len(gone) == len(fields) or column in self.need_all):
                unusable[column] = gone[
                    0
                ].detail  # when incremental, the few changed rows prove nothing about the rest
        return drift, unusable

    def _given(self, frame: str, data: pl.DataFrame, field: str) -> bool:
        """Does some row have a value of this field after all? Only some rows of each page are looked at.

        A whole number of 0 is none: what is counted of a field that is gone is 0.
        """
        for column, fields in self.sources_of[frame].items():
            if column in data.columns and fields and all(field in (one, _parent(one)) for one in fields):
                values = data[column]
                if _filled(values).any():
                    return True
        return False


def _filled(values: pl.Series) -> pl.Series:
    """Boolean, maybe null: does the cell hold what only the answer can have brought?"""
    if isinstance(values.dtype, pl.List):
        return values.list.len() > 0
    return values != 0 if values.dtype.is_integer() else values.is_not_null()


def _parent(field: str) -> str:
    return field.partition(".")[0]
