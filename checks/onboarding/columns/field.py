"""What a field of an own file is. The fields themselves: `checks.onboarding.columns.fields`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "code", "gtin", "number", "integer", "date", "flag", "percentage", "content"]


@dataclass(frozen=True)
class Field:
    """One thing that a column may hold.

    Attributes:
        name: the column of the frame it ends in.
        title: what people call it.
        kind: how its cells are read, see `checks.onboarding.reading.values`.
        required: without it an article or a client cannot be sent at all. Of fields with the same `group` one is enough.
        words: headings that mean it. They are compared without case, accents, spaces and punctuation.
        weak: headings that may mean it where no column says it better.
        help: one sentence for who has to find the column.
        language: of a text, nld, fra, deu or eng.
        group: fields that stand in for each other.
    """

    name: str
    title: str
    kind: Kind
    words: tuple[str, ...]
    help: str
    required: bool = False
    weak: tuple[str, ...] = ()
    language: str | None = None
    group: str | None = None


def words(text: str) -> tuple[str, ...]:
    """Headings with a comma between them."""
    return tuple(word.strip() for word in text.split(",") if word.strip())
