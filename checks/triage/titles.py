"""The line that people read of a problem: `POST LinkProducts: Product with WholesalerArticleNumber ‹article› exists.`"""

from __future__ import annotations

from collections import Counter

import polars as pl

from checks.triage import masks, templates

#: So many texts of a problem are looked at: in one of ten an order number looks like a GTIN, in most of them it does not.
_LOOKED_AT = 9
_LONGEST = 300


def titles(rows: pl.DataFrame) -> pl.DataFrame:
    """One line for people per fingerprint: columns fingerprint, title; sorted.

    Args:
        rows: of `fingerprinted`. The title is the same whatever order they come in.
    """
    least = rows.group_by("fingerprint").agg(
        pl.col("method").str.to_uppercase().min(),
        pl.col("route").min(),
        pl.col("kind").min(),
        pl.col("text").unique().bottom_k(_LOOKED_AT).alias("texts"),
    )
    said = least.select("fingerprint", text="texts").explode("text")
    said = said.with_columns(plain=masks.plain(pl.col("text")).fill_null(""))
    named = templates.recognised(said.get_column("text").unique())
    said = said.join(named, on="text", how="left", maintain_order="left")
    typed = [masks.typed(*row) for row in said.select("plain", "named").iter_rows()]
    told = said.with_columns(typed=pl.Series(typed, dtype=pl.String)).group_by("fingerprint").agg("typed")
    least = least.drop("texts").join(told, on="fingerprint", how="left").sort("fingerprint")
    found = [_title(*row) for row in least.select("method", "route", "kind", "typed").iter_rows()]
    return least.select("fingerprint", title=pl.Series(found, dtype=pl.String))


def _title(method: str | None, route: str | None, kind: str, texts: list[str]) -> str:
    where = " ".join(part for part in (method, route) if part) or "A request"
    said = Counter(text for text in texts if text)
    if said:
        what = min(said, key=lambda one: (-said[one], one))
    elif kind == "unknown":
        what = "no message, status or exception that the settings know the names of"
    else:
        what = f"status {kind} without a message" if kind.isdecimal() else kind
    told = f"{where}: {what}"
    return told if len(told) <= _LONGEST else f"{told[: _LONGEST - 1]}…"
