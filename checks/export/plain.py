"""CSV and JSON: for programs, and for people who know what they do.

CSV has commas and no byte order mark, on every machine the same. Excel on a Belgian computer expects semicolons: XLSX
is there for it.
"""

from __future__ import annotations

from typing import Any

import msgspec
import polars as pl

from checks.export.described import DESCRIBED, as_table
from checks.health import findings_as_json

# What may stand before a formula without making it text: blanks, quotes, characters that nobody sees.
_BLANK = r"[\s\p{C}\"'`]*"
_START = r"[=+\-@＝＋－＠]"


def as_objects(findings: pl.DataFrame) -> list[dict[str, Any]]:
    """The contract's objects; those of `described` findings with `name` and `impact` besides."""
    objects = findings_as_json(findings)
    if not set(DESCRIBED).issubset(findings.columns):
        return objects
    more = findings.select("name", "orders", "turnover", "clients").iter_rows()
    return [
        {**one, "name": name, "impact": {"orders": orders, "turnover": turnover, "clients": clients}}
        for one, (name, orders, turnover, clients) in zip(objects, more, strict=True)
    ]


def as_json(findings: pl.DataFrame) -> bytes:
    """`as_objects` as one JSON document."""
    return msgspec.json.format(msgspec.json.encode(as_objects(findings)), indent=2) + b"\n"


def as_csv(findings: pl.DataFrame, url: str = "") -> bytes:
    """Findings as CSV: UTF-8, commas, a heading, moments as `2026-11-20T06:00:00Z`.

    Args:
        findings: schema `findings.KEPT`, better `described`; columns that are absent stay empty.
        url: where the dashboard is (`settings.dashboard.url`); no links without one.
    """
    table = as_table(findings, url).with_columns(pl.col(pl.Datetime).dt.strftime("%Y-%m-%dT%H:%M:%SZ"))
    texts = [name for name, dtype in table.schema.items() if dtype == pl.String]
    safe = table.with_columns(harmless(pl.col(name)).alias(name) for name in texts)
    return safe.write_csv(float_scientific=False).encode()


def harmless(text: pl.Expr) -> pl.Expr:
    """Text that no spreadsheet takes for a formula: where one might, an apostrophe goes in front.

    Also after a semicolon, tab or line break inside: a spreadsheet that parts columns there (Excel in Belgium) does not
    see the quotes around the field, and begins a new cell. Plain negative numbers stay as they are.
    """
    inside = text.str.replace_all(rf"([;\t\r\n])({_BLANK}{_START})", "${1}'${2}")
    risky = text.str.contains(rf"^(?:{_BLANK}{_START}|[\t\r\n])")
    number = text.str.contains(r"^-[0-9]+(?:[.,][0-9]+)?$")
    return pl.when(risky & ~number).then(pl.lit("'") + inside).otherwise(inside)
