"""Cells that hold a content: `6 x 330 ml`, `500 gr`, `1,5L`, `ca. 2 kg`, `24x33cl`, `1kg x 6`."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from checks.onboarding.reading.cells import cells, problems, together
from checks.onboarding.reading.values import numbers

_NUMBER = r"\d+(?:[.,]\d+)*"
_TIMES = r"\s*[xX×*]\s*"
_ABOUT = r"(?i)^\s*(?:ca|circa|env|environ|approx|±|\+/-|ongeveer|netto|net)\b?\.?\s*:?\s*|^[±~]\s*"
_UNIT = r"(\p{L}[\p{L}.]*)"

#: What stands behind the unit: `330 ml blik`, `850 g (uitlekgewicht 500 g)`.
_REST = r"(?:^|[\d\s]\p{L}{1,3}\.?)(\s+\p{L}{3,}[\p{L}\s.]*|\s*\([^()]*\))$"

#: How many times (twice where boxes hold packs), the number, the unit.
_FRONT = rf"^(?:({_NUMBER}){_TIMES})?(?:({_NUMBER}){_TIMES})?({_NUMBER})\s*{_UNIT}?\.?$"
#: The same with the pieces behind: `500 g x 6`.
_BEHIND = rf"^({_NUMBER})\s*{_UNIT}{_TIMES}({_NUMBER})(?:\s*(?:st|stuks?|pcs?|pces?|p))?\.?$"

#: What the pieces of a multipack are called where the file does not say it.
PIECE = "st"


@dataclass(frozen=True)
class Content:
    """`total_content` (Float64), `content_type` (String), `multiplier_amount` (Float64), `multiplier_type`; `problems`."""

    total_content: pl.Series
    content_type: pl.Series
    multiplier_amount: pl.Series
    multiplier_type: pl.Series
    problems: pl.DataFrame


def contents(text: pl.Series, *, decimal: str = ",", trusted: bool = False) -> Content:
    """Contents taken apart: of `6 x 330 ml` 330 is the content, ml its unit, 6 how many times; `2 x 6 x 33 cl` is 12 times.

    The unit is null where a cell has none. Where a number counts, the pieces are `st`.

    Args:
        decimal, trusted: see `checks.onboarding.reading.values.numbers`.
    """
    content = pl.col("written").str.replace(_ABOUT, "").str.strip_chars()
    rest = content.str.extract(_REST)
    bare = content.str.strip_suffix(rest.fill_null("")).str.strip_chars()
    judged = cells(text).with_columns(bare=bare, rest=rest.str.strip_chars())
    front = pl.col("bare").str.extract_groups(_FRONT)
    behind = pl.col("bare").str.extract_groups(_BEHIND)
    is_behind = pl.col("bare").str.contains(_BEHIND)
    judged = judged.with_columns(
        amount=pl.coalesce(behind.struct.field("1"), front.struct.field("3")),
        unit=pl.coalesce(behind.struct.field("2"), front.struct.field("4")).str.strip_chars("."),
        outer=pl.when(is_behind).then(behind.struct.field("3")).otherwise(front.struct.field("1")),
        inner=pl.when(~is_behind).then(front.struct.field("2")),
    )
    parts = {
        name: numbers(judged[name], decimal=decimal, trusted=trusted) for name in ("amount", "outer", "inner")
    }
    judged = judged.with_columns(parts[name].values.alias(name) for name in parts)
    # the first group takes the number in front of a single x
    times = pl.coalesce(pl.col("outer") * pl.col("inner").fill_null(1.0), "inner")
    judged = judged.with_columns(times=times, whole=pl.col("amount").is_not_null())
    bad = problems(
        judged,
        pl.col("written").is_not_null() & ~pl.col("whole"),
        "unreadable",
        pl.format("'{}' is no content such as 6 x 330 ml. It is read as empty.", "written"),
    )
    beside = problems(
        judged,
        pl.col("whole") & pl.col("rest").is_not_null(),
        "repaired",
        pl.format("Of '{}' only the content is read, not '{}'.", "written", "rest"),
        pl.col("bare"),
    )
    doubtful = parts["amount"].problems.filter(pl.col("kind") == "repaired")
    counted = pl.when(pl.col("whole")).then("times")
    out = judged.select(
        total_content="amount",
        content_type=pl.when(pl.col("whole")).then("unit"),
        multiplier_amount=counted,
        multiplier_type=pl.when(counted.is_not_null()).then(pl.lit(PIECE)),
    )
    return Content(
        out["total_content"],
        out["content_type"],
        out["multiplier_amount"],
        out["multiplier_type"],
        together(bad, beside, doubtful),
    )
