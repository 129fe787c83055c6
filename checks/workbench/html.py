"""Tables, signs and values as HTML that takes the page's own colours. Everything that came from outside is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from html import escape
from typing import Any

_LONGEST = 400

#: Signs beside the colours: who cannot tell these sees which it is.
_SIGNS = {
    "error": ("#d9534f", "&#9679; error"),
    "warning": ("#c77c11", "&#9650; warning"),
    "info": ("#3d8fd1", "&#9632; info"),
    "passed": ("#2e9e5b", "&#10003; passed"),
    "failed": ("#d9534f", "&#9679; failed"),
    "could_not_run": ("#a569bd", "? could not run"),
    "ok": ("#2e9e5b", "&#10003; ok"),
    "wrong": ("#d9534f", "&#9679; wrong"),
    "could_not_ask": ("#a569bd", "? could not ask"),
    "complete": ("#2e9e5b", "&#10003; complete"),
    "partial": ("#c77c11", "&#9650; partial"),
    "deferred": ("#a569bd", "&#8987; deferred"),
    "safe": ("#2e9e5b", "safe"),
    "confirm": ("#c77c11", "confirm"),
    "irreversible": ("#d9534f", "irreversible"),
}

_CELL = "padding:3px 10px;text-align:{};vertical-align:top;border-bottom:1px solid rgba(128,128,128,.3)"


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def sign(word: str) -> Html:
    """A status or severity with its sign and colour."""
    colour, text = _SIGNS.get(word, ("inherit", escape(word)))
    return Html(f'<span style="color:{colour};white-space:nowrap">{text}</span>')


def table(heads: Sequence[str], lines: Iterable[Sequence[Any]], right: Sequence[int] = ()) -> str:
    """An HTML table; cells are escaped unless they are `Html`. `right`: columns of numbers."""
    align = ["right" if at in right else "left" for at in range(len(heads))]
    head = "".join(
        f'<th style="{_CELL.format(align[at])}">{escape(one)}</th>' for at, one in enumerate(heads)
    )
    rows = "".join(
        "<tr>"
        + "".join(f'<td style="{_CELL.format(align[at])}">{_cell(one)}</td>' for at, one in enumerate(line))
        + "</tr>"
        for line in lines
    )
    return f'<div style="overflow-x:auto"><table style="border-collapse:collapse;margin:6px 0"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def _cell(value: Any) -> str:
    if isinstance(value, Html):
        return value
    return "" if value is None else escape(cut(str(value)))


def cut(text: str, longest: int = _LONGEST) -> str:
    """A text of at most so many letters."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def plainly(value: Any) -> str | None:
    """A value of a frame as people write it."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.4g}" if 0 < abs(value) < 1 else f"{value:,.2f}".rstrip("0").rstrip(".")
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, list):
        parts = [plainly(one) or "" for one in value]
        return (" " if all(part.endswith(".") for part in parts) else ", ").join(parts)
    if isinstance(value, dict):
        return " ".join(str(one) for one in value.values() if one is not None)
    return str(value)
