"""Which line of a sheet holds the headings, which lines above and below belong to them, and which lines are no rows at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import polars as pl

from checks.folding import plain
from checks.onboarding.columns.fields import ARTICLE_FIELDS, CLIENT_FIELDS
from checks.onboarding.columns.headings import exactly_known, known, likeness, read_headings
from checks.onboarding.file.xlsx_cells import Merged

Line = Sequence[str | None]

#: Headings stand among the first lines of a file.
TOP = 60

_NUMERIC = re.compile(r"[\s€%+-]*\d[\d\s.,/:%€-]*")

_TOTAL = (
    r"^(?:(?:eind|sub|alg|algemeen )?totaal|total|totaux|sous total|grand total|subtotal|gesamt|gesamtsumme|summe|som|sum|"
    r"einde|einde lijst|end|end of list|fin|fin de liste|pagina|page|seite|aantal (?:artikelen|records|regels|klanten)|"
    r"nombre d articles)\b"
)

#: `300 artikelen` beside the word total.
_COUNT = re.compile(
    r"\d[\d\s.,]*\s(?:art(?:ikel|ikelen|ikels|icles?|\.)?|produ(?:cten|its|cts)|records?|regels|lijnen|lignes|lines|rows|"
    r"items|klanten|clients|customers|kunden|stuks?|st\.?|pi[eè]ces|pcs)",
    re.IGNORECASE,
)

#: Fields that tell one article or client from another.
_KEYS = ("article_number", "client_number", "ean")


class Top(NamedTuple):
    """`heading`: place of the (lower) heading line from 0, -1 where there is none.

    `wide`: how many columns it names; `own`: name -> the heading without the group over it, where there is one.
    """

    heading: int
    wide: int
    names: list[str]
    notes: tuple[str, ...]
    own: dict[str, str]


def filled(line: Line) -> int:
    return sum(cell is not None and cell != "" for cell in line)


def headings_of(lines: Sequence[Line], width: int, merged: Sequence[Merged], given: int | None) -> Top:
    """The headings of a table whose first lines are `lines` (cells stripped, empty ones None).

    Args:
        width: how many columns the table has.
        merged: cells that the workbook merges.
        given: place of the heading line from 0, -1 for none; None to find it.
    """
    notes: list[str] = []
    if given == -1:
        return Top(
            -1,
            width,
            _unique([None] * width),
            ("There is no heading line: the columns are named by their place.",),
            {},
        )
    at = _found(lines, notes) if given is None else given
    above = at - 1 if _groups_above(lines, at, merged) else None
    below = at + 1 if above is None and _groups_below(lines, at) else None
    first, last = (above if above is not None else at), (below if below is not None else at)
    if first == last:
        names: list[str | None] = list(_widened(lines[at], width))
    else:
        names = _combined(lines, first, last, width, merged, notes)
    notes = _of_place(lines, first, last, at) + notes
    wide = max((column + 1 for column, name in enumerate(names) if name), default=0)
    unique = _unique(names)
    lower = _widened(lines[last], width)
    own = {
        name: " ".join(cell.split())
        for name, whole, cell in zip(unique, names, lower, strict=True)
        if cell and whole != cell
    }
    return Top(last, wide, unique, tuple(notes), own)


def _of_place(lines: Sequence[Line], first: int, last: int, at: int) -> list[str]:
    if last == 0:
        return []
    title = [line for line in lines[:first] if filled(line)]
    where = f"in line {at + 1}" if first == last else f"in lines {first + 1} and {last + 1}"
    if not title:
        return [f"The headings are {where}."]
    said = next(cell for cell in title[0] if cell)
    count = "the line above is" if len(title) == 1 else f"the {len(title)} lines above are"
    return [f"The headings are {where}; {count} a title ({said[:60]!r})."]


def _found(lines: Sequence[Line], notes: list[str]) -> int:
    scores = [sum(known(line)) for line in lines]
    best = max(scores, default=0)
    first = next((at for at, line in enumerate(lines) if filled(line)), 0)
    if best >= 2 or (best == 1 and scores[first] == 1):
        return scores.index(best)
    notes.append(
        "No line looks like headings that ERPs write. Look whether the right line was taken; `heading=` names another."
    )
    most = max(map(filled, lines), default=0)
    for at, line in enumerate(lines):
        texts = [cell for cell in line if cell]
        if texts and filled(line) >= 0.6 * most and not any(map(_NUMERIC.fullmatch, texts)):
            return at
    return first


def _widened(line: Line, width: int) -> Line:
    return [*line, *[None] * (width - len(line))][:width]


def _spans(line: Line, under: Line) -> list[tuple[int, int]]:
    """Filled cells of `line` with the empty ones behind them: groups over what stands under them."""
    starts = [at for at, cell in enumerate(line) if cell]
    return [
        (start, end - 1)
        for start, end in zip(starts, [*starts[1:], len(under)], strict=True)
        if end - 1 > start
    ]


def _groups_above(lines: Sequence[Line], at: int, merged: Sequence[Merged]) -> bool:
    """Whether the line above names groups of columns, as opposed to a title."""
    if at == 0 or not filled(lines[at - 1]):
        return False
    above, line = lines[at - 1], lines[at]
    wide = filled(line)
    spans = [
        cell
        for cell in merged
        if cell.first_line == at == cell.last_line and cell.last_column > cell.first_column
    ]
    if any(cell.last_column - cell.first_column + 1 >= max(wide, 3) for cell in spans):
        return False  # one title over all
    if spans:
        return True
    texts = [(column, cell) for column, cell in enumerate(above) if cell]
    if any(_NUMERIC.fullmatch(cell) for _, cell in texts) or len(texts) > wide:
        return False
    if any(cell is None and up for cell, up in zip(line, above, strict=False)):
        return True  # a heading over both lines
    return len(texts) > 1 and texts[0][0] > 0


def _groups_below(lines: Sequence[Line], at: int) -> bool:
    """Whether the line below has headings of its own under those that go over several columns."""
    if at + 1 >= len(lines):
        return False
    line, below = lines[at], lines[at + 1]
    texts = [(column, cell) for column, cell in enumerate(below) if cell]
    if not texts or any(_NUMERIC.fullmatch(cell) for _, cell in texts):
        return False
    inside = {
        column
        for start, end in _spans(line, _widened(line, max(len(line), len(below))))
        for column in range(start, end + 1)
    }
    columns = {column for column, _ in texts}
    under_empty = any(column >= len(line) or not line[column] for column in columns)
    return columns <= inside and under_empty and len(columns) < filled(line) + len(columns) - 1


def _combined(
    lines: Sequence[Line], first: int, last: int, width: int, merged: Sequence[Merged], notes: list[str]
) -> list[str | None]:
    """Names of two heading lines: the group, then the heading under it."""
    groups, line = _widened(lines[first], width), _widened(lines[last], width)
    over: list[str | None] = list(groups)
    of_workbook = [cell for cell in merged if cell.first_line == first + 1 == cell.last_line]
    for start, end in _spans(groups, line):
        if of_workbook:
            end = next((cell.last_column for cell in of_workbook if cell.first_column == start), start)
        reach = start
        for column in range(start + 1, min(end, width - 1) + 1):
            under = line[column]
            if not under or (not of_workbook and exactly_known(under)):
                break
            over[column] = groups[start]
            reach = column
        if reach > start and line[start]:
            notes.append(f"Merged heading {groups[start]!r} over {reach - start + 1} columns.")
    return [" ".join(part for part in pair if part) or None for pair in zip(over, line, strict=True)]


def _unique(names: Sequence[str | None]) -> list[str]:
    seen: set[str] = set()
    found = []
    for at, name in enumerate(names, start=1):
        base = " ".join(name.split()) if name else ""
        base = base or f"Column {at}"
        unique, again = base, 2
        while unique in seen:
            unique, again = f"{base} ({again})", again + 1
        seen.add(unique)
        found.append(unique)
    return found


def without_totals(
    rows: pl.DataFrame, lines: pl.Series, names: Sequence[str]
) -> tuple[pl.DataFrame, pl.Series, list[str]]:
    """The rows without totals at the end and without headings that are printed again on each page; what went is told."""
    notes: list[str] = []
    again = pl.all_horizontal(
        (pl.col(name).is_null() | (pl.col(name) == pl.lit(name))) for name in rows.columns
    )
    whole = sum(name in rows.columns for name in names)
    repeated = rows.select(again & (pl.sum_horizontal(pl.all().is_not_null()) > whole / 2)).to_series()
    if repeated.any():
        notes.append(f"{repeated.sum()} lines repeat the headings and were left out.")
        rows, lines = rows.filter(~repeated), lines.filter(~repeated)
    counts = rows.select(pl.sum_horizontal(pl.all().is_not_null())).to_series()
    usual = counts.median() or 0
    at, keys = rows.height, _keys(rows.columns)
    while at > 0 and counts[at - 1] < max(0.7 * float(str(usual)), 1.5) and _is_total(rows.row(at - 1), keys):
        said = next(cell for cell in rows.row(at - 1) if cell is not None)
        notes.append(f"Line {lines[at - 1]} is a total or an end ({said[:60]!r}) and was left out.")
        at -= 1
    return rows.head(at), lines.head(at), notes


def _keys(names: Sequence[str]) -> frozenset[int]:
    """Places of the columns that are called as article and client numbers and EANs are."""
    fields = [field for field in (*ARTICLE_FIELDS, *CLIENT_FIELDS) if field.name in _KEYS]
    return frozenset(
        at
        for at, heading in enumerate(read_headings(names))
        if any(likeness(heading, field) >= 0.6 for field in fields)
    )


def _is_total(row: Sequence[str | None], keys: frozenset[int]) -> bool:
    """Its first cell says total, what else there is are sums and counts, and no number of an article is among them."""
    (_, label), *others = [(at, cell) for at, cell in enumerate(row) if cell] or [(0, "")]
    if re.search(r"\d", label) and not re.search(r"\s", label):
        return False  # `TOTAL-01` is a number of the house
    if any(place in keys and not _COUNT.fullmatch(cell) for place, cell in others):
        return False
    said = pl.DataFrame({"cell": [label, *(cell for _, cell in others if not _is_sum(cell))]})
    found: bool = said.select(plain(pl.col("cell")).str.contains(_TOTAL).all()).item()
    return found


def _is_sum(cell: str) -> bool:
    return bool(_NUMERIC.fullmatch(cell) or _COUNT.fullmatch(cell) or cell.upper() in ("EUR", "€"))
