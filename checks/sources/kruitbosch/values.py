"""Values as ServiceStack writes them: `/Date(ms+zone)/`, and EANs that are numbers (kruitbosch-api, sections 3 and 5)."""

from __future__ import annotations

from typing import Any

import polars as pl

from checks.frame_spec import UTC
from checks.gtin import gtin_number

_DATE = r"^/Date\((-?\d+)([+-]\d{4})?\)/$"

#: 0001-01-01: .NET's smallest moment stands for "not set".
_UNSET = -62_135_596_800_000

_LENGTHS = (8, 12, 13, 14)

#: A code of fewer digits is none that lost its zeros: no GTIN-8 begins with two.
_SHORTEST = 7


def moments(text: pl.Series) -> pl.Series:
    """UTC moments of `/Date(ms+zone)/`; null for what is not set and for what is no moment (see `unreadable`).

    The milliseconds are UTC already: the offset tells where the server stands, and moves nothing.
    """
    frame = text.cast(pl.String).alias("text").to_frame()
    milliseconds = pl.col("text").str.strip_chars().str.extract(_DATE, 1).cast(pl.Int64, strict=False)
    return frame.select(
        moment=pl.when(milliseconds > _UNSET).then(milliseconds).cast(pl.Datetime("ms", "UTC")).cast(UTC)
    ).to_series()


def unreadable(text: pl.Series) -> pl.Series:
    """The values that say something and are no `/Date(...)/`."""
    said = text.cast(pl.String).str.strip_chars()
    return text.filter((said.str.contains(_DATE).not_() & (said != "")).fill_null(False))


def as_digits(value: Any) -> str | None:
    """An EAN as it was written: 8710000000123, 8.710000000123E12, "0871..."; null for null.

    A number of up to fifteen digits is exact in JSON's floating point; what is not whole is given back as it is.
    """
    if value is None or value == "":
        return None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def with_zeros(written: pl.Series) -> pl.DataFrame:
    """Columns `ean` and `ean_written`: zeros that a number cannot have are put back where the check digit proves it.

    `ean_written` is null where the code is what was written.
    """
    text = pl.col("written")
    length = text.str.len_chars()
    padded = pl.coalesce(
        *(pl.when(length <= wanted).then(text.str.zfill(wanted)) for wanted in _LENGTHS),
        pl.lit(None, pl.String),
    )
    may_have = text.str.contains(r"^\d+$") & (length >= _SHORTEST) & ~length.is_in(_LENGTHS)
    frame = written.cast(pl.String).alias("written").to_frame().with_columns(padded=padded, may_have=may_have)
    proven = pl.col("may_have") & gtin_number(pl.col("padded")).is_not_null()
    return frame.select(
        ean=pl.when(proven).then("padded").otherwise("written"),
        ean_written=pl.when(pl.col("may_have")).then("written"),
    )
