"""What a notebook says where there is nothing to show, and how it counts. HTML in it, from outside, shows as text."""

from __future__ import annotations

from datetime import datetime
from html import escape

FIRST_RUN = (
    "There was no health check of {source} yet, so there is nothing to look at. Run a health check first: "
    "`kr.health_check()` here, or `keurmeester run`."
)


class Words(str):
    """A sentence in the place of a table or a chart: why it is not there, and what to do. Jupyter shows it as text."""

    __slots__ = ()

    def _repr_markdown_(self) -> str:
        return f"> {escape(self, quote=False)}"

    def __repr__(self) -> str:
        return str(self)


class Prose(str):
    """Text in Markdown that Jupyter shows as such."""

    __slots__ = ()

    def _repr_markdown_(self) -> str:
        return escape(self, quote=False)

    def __repr__(self) -> str:
        return str(self)


def counted(number: int, word: str, words: str | None = None) -> str:
    """`1 product`, `1,200 products`; `words` is the plural where an s does not make it."""
    return f"{number:,} {word if number == 1 else words or word + 's'}"


def moment(at: datetime) -> str:
    """`29 Nov 2026 10:57`, on this machine's clock."""
    local = at.astimezone()
    return f"{local.day} {local:%b %Y %H:%M}"


def cut(text: str, most: int) -> str:
    """A text that fits into `most` characters."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
