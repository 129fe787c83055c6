"""How much is in it: `6 x 33 cl`, `0,5 kg`, `500GR`, and whether two articles hold the same.

A content is told by columns (a number and a unit) or stands in the name. It is brought to gram, millilitre or pieces,
as `total` (all of it) and `each` (one of the pieces inside, where they are counted).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

#: Spelling of a unit -> what is measured, and how much of the base unit (gram, millilitre, piece) it is.
_UNITS: dict[str, tuple[str, float]] = {
    **dict.fromkeys(("kg", "kgs", "kilo", "kilogram", "kilogramme", "kgm"), ("g", 1000.0)),
    **dict.fromkeys(("g", "gr", "gram", "gramme", "grammes", "grammi", "grm"), ("g", 1.0)),
    **dict.fromkeys(("mg", "milligram"), ("g", 0.001)),
    **dict.fromkeys(("l", "lt", "ltr", "liter", "litre", "litres", "litro"), ("ml", 1000.0)),
    **dict.fromkeys(("dl", "deciliter"), ("ml", 100.0)),
    **dict.fromkeys(("cl", "centiliter"), ("ml", 10.0)),
    **dict.fromkeys(("ml", "milliliter", "cc"), ("ml", 1.0)),
    **dict.fromkeys(("oz", "ounce"), ("g", 28.3495)),
    **dict.fromkeys(("lb", "lbs", "pound"), ("g", 453.592)),
    **dict.fromkeys(
        ("st", "stk", "stuk", "stuks", "pc", "pcs", "pce", "piece", "pieces", "pièce", "pièces", "p", "ea"),
        ("st", 1.0),
    ),
}
_MEASURES = sorted((unit for unit, (kind, _) in _UNITS.items() if kind != "st"), key=len, reverse=True)
_PIECES = sorted((unit for unit, (kind, _) in _UNITS.items() if kind == "st"), key=len, reverse=True)

_NUMBER = r"[0-9]+(?:[.,][0-9]+)?"
_MEASURE = rf"({_NUMBER})\s*({'|'.join(_MEASURES)})\.?"
_END = r"(?:$|[^\p{L}\p{N}])"
_BEGIN = r"(?:^|[^\p{L}\p{N},.])"

# 6 x 33 cl, 24/33cl, 4x6x33cl
_TIMES = rf"{_BEGIN}(?:([0-9]{{1,3}})\s*[x×*]\s*)?([0-9]{{1,4}})\s*(?:st|stuks|p|pc)?\s*[x×*/]\s*{_MEASURE}"
_MEASURE_TIMES = rf"{_BEGIN}{_MEASURE}\s*[x×*]\s*([0-9]{{1,4}}){_END}"  # 33cl x 24
_ALONE = rf"{_BEGIN}{_MEASURE}{_END}"
_COUNT = (
    rf"{_BEGIN}(?:x\s?([0-9]{{1,4}})|([0-9]{{1,4}})\s*(?:x|{'|'.join(_PIECES)})\.?){_END}"  # x6, 6 st, 6x
)

_DIGIT = "[0-9]"

#: All that tells the content in a name, for `without_content`.
_EVERY = (_TIMES, _MEASURE_TIMES, _ALONE, _COUNT)

#: Contents that differ by so much of the larger are the same: 33 cl is 0.33 l, 1 lb is 454 g.
_SAME = 0.02
#: Those that differ by so much may be one product in another edition.
_NEAR = 0.11


def content(name: pl.Expr, amount: pl.Expr, unit: pl.Expr, pieces: pl.Expr | None = None) -> pl.Expr:
    """What an article holds, as a struct of `kind` (g, ml or st; null: not told), `total` and `each` (in that unit).

    Args:
        name: String, may hold it too.
        amount, unit: the columns that tell it.
        pieces: how many there are in it (Int64), where a column tells; counts where the name counts none.

    A weight or volume counts more than a number of pieces, the columns more than the name; a name that counts (`6 x 33
    cl`) tells what one of them holds, whichever of the two the columns tell.
    """
    text = _with_digits(name)
    times = text.str.extract_groups(_TIMES)
    back = text.str.extract_groups(_MEASURE_TIMES)
    alone = text.str.extract_groups(_ALONE)
    counted = text.str.extract_groups(_COUNT)

    def part(groups: pl.Expr, place: int) -> pl.Expr:
        return groups.struct.field(str(place))

    value = pl.coalesce(part(times, 3), part(back, 1), part(alone, 1))
    named_unit = pl.coalesce(part(times, 4), part(back, 2), part(alone, 2))
    named_each = _number(value) * _factor(named_unit)
    named_kind = _kind(named_unit)
    boxes = _number(part(times, 1)).fill_null(1.0)
    times_count = pl.coalesce(boxes * _number(part(times, 2)), _number(part(back, 3)))
    loose_count = pl.coalesce(_number(part(counted, 1)), _number(part(counted, 2)))
    count = pl.coalesce(times_count, loose_count)

    told = amount.cast(pl.Float64)
    told = pl.when(told > 0).then(told * _factor(unit))
    told_kind = _kind(unit)
    measured = told_kind.is_in(["g", "ml"]) & told.is_not_null()
    told_pieces = pl.when((told_kind == "st") & (told > 1)).then(told)
    counted_inside = pl.lit(None, pl.Float64) if pieces is None else pl.when(pieces > 1).then(pieces * 1.0)
    count = pl.coalesce(count, pl.when(~measured).then(pl.coalesce(told_pieces, counted_inside)))

    # 6 x 33 cl beside a column of 33 cl, or of 198 cl: the name says which of the two it is
    same_kind = named_kind == told_kind
    is_each = same_kind & _close(told, named_each, _SAME)
    each = (
        pl.when(measured & times_count.is_not_null() & ~is_each)
        .then(told / times_count)
        .when(measured)
        .then(pl.when(times_count.is_null()).then(told / counted_inside.fill_null(1.0)).otherwise(told))
        .otherwise(named_each)
    )
    total = (
        pl.when(measured & times_count.is_not_null() & ~is_each)
        .then(told)
        .when(measured)
        .then(told * times_count.fill_null(1.0))
        .otherwise(named_each * count.fill_null(1.0))
    )
    kind = pl.when(measured).then(told_kind).when(named_each.is_not_null()).then(named_kind)
    by_count = kind.is_null() & count.is_not_null()
    return pl.struct(
        kind=pl.when(by_count).then(pl.lit("st")).otherwise(kind),
        total=pl.when(by_count).then(count).otherwise(total),
        each=pl.when(by_count).then(1.0).otherwise(each),
    )


def without_content(text: pl.Expr) -> pl.Expr:
    """A name in small letters without what tells the content."""
    lower = text.str.to_lowercase()
    bare = _with_digits(text)
    for pattern in _EVERY:
        bare = bare.str.replace_all(pattern, " ")
    return pl.when(lower.str.contains(_DIGIT)).then(bare).otherwise(lower)


def compared(ours: str, theirs: str) -> pl.Expr:
    """`same`, `in all` (in other pieces), `pack` (as much in a piece, another number of them), `near`, `other`; null: one is unknown.

    Args:
        ours, theirs: columns that `content` made.
    """
    one, two = pl.col(ours).struct, pl.col(theirs).struct
    kinds = one.field("kind") == two.field("kind")
    # a litre of milk weighs about a kilogram: nobody can tell, so it is not said to differ
    weighed = one.field("kind").is_in(["g", "ml"]) & two.field("kind").is_in(["g", "ml"])
    total, each = (one.field("total"), two.field("total")), (one.field("each"), two.field("each"))
    crossed = _close(total[0], each[1], _SAME) | _close(each[0], total[1], _SAME)
    return (
        pl.when(kinds & _close(*total, _SAME))
        .then(pl.when(_close(*each, _SAME)).then(pl.lit("same")).otherwise(pl.lit("in all")))
        .when(kinds & _close(*each, _SAME))
        .then(pl.lit("pack"))
        .when(kinds & crossed)
        .then(pl.lit("pack"))
        .when(kinds & _close(*total, _NEAR))
        .then(pl.lit("near"))
        .when(kinds)
        .then(pl.lit("other"))
        .when(weighed & _close(*total, _SAME))
        .then(pl.lit("near"))
        .when(weighed)
        .then(pl.lit("other"))
    )


def shown(column: str) -> pl.Expr:
    """A content as people write it: `6 x 330 ml`, `2.5 kg`; null where it is not told."""
    field = pl.col(column).struct
    total, each, kind = field.field("total"), field.field("each"), field.field("kind")
    count = (total / each).round(0)
    many = (count > 1) & (kind != "st")
    one = pl.when(many).then(each).otherwise(total)
    big = (one >= 1000) & (kind != "st")
    unit = pl.when(kind == "g").then(pl.lit("kg")).otherwise(pl.lit("l"))
    text = pl.format(
        "{} {}", _short(pl.when(big).then(one / 1000).otherwise(one)), pl.when(big).then(unit).otherwise(kind)
    )
    return pl.when(many).then(pl.format("{} x {}", _short(count), text)).otherwise(text)


def _with_digits(text: pl.Expr) -> pl.Expr:
    """The text in small letters where it has a digit, else nothing: only few have, and the patterns are slow."""
    return pl.when(text.str.contains(_DIGIT)).then(text.str.to_lowercase()).otherwise(pl.lit(""))


def _short(number: pl.Expr) -> pl.Expr:
    whole = number.round(0)
    text = pl.when((number - whole).abs() < 0.0005).then(whole.cast(pl.Int64, strict=False).cast(pl.String))
    return text.otherwise(number.round(3).cast(pl.String))


def _number(text: pl.Expr) -> pl.Expr:
    return text.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)


def _kind(unit: pl.Expr) -> pl.Expr:
    """`g`, `ml` or `st` of a unit as people spell it; null where it is unknown."""
    return _lookup(unit, {name: kind for name, (kind, _) in _UNITS.items()}, pl.String)


def _factor(unit: pl.Expr) -> pl.Expr:
    return _lookup(unit, {name: factor for name, (_, factor) in _UNITS.items()}, pl.Float64)


def _lookup(unit: pl.Expr, table: Mapping[str, Any], dtype: type[pl.DataType]) -> pl.Expr:
    key = unit.str.to_lowercase().str.strip_chars(" .")
    return key.replace_strict(table, default=None, return_dtype=dtype)


def _close(one: pl.Expr, two: pl.Expr, share: float) -> pl.Expr:
    return (one - two).abs() <= pl.max_horizontal(one, two) * share
