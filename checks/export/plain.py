"""CSV and JSON: for programs, and for people who know what they do.

CSV has commas and no byte order mark, on every machine the same. Excel on a Belgian computer expects semicolons: XLSX
is there for it.
"""

from __future__ import annotations

from typing import Any

import msgspec
import polars as pl

from checks.export.described import DECIDED, DESCRIBED, as_table
from checks.health import findings_as_json, iso

# What may stand before a formula without making it text: blanks, quotes, characters that nobody sees.
_BLANK = r"[\s\p{C}\"'`]*"
_BLANK_INSIDE = r"[\s\p{C}\"'`&&[^\t\r\n]]*"  # a tab or line break there begins a cell of its own
_START = r"[=+\-@＝＋－＠]"


#: The heading of the repairs: most checks have none yet.
FIX = "fix (where there is one)"
_IMPACT = ("orders", "turnover", "clients")


def as_objects(findings: pl.DataFrame, url: str = "") -> list[dict[str, Any]]:
    """The contract's objects.

    Those of `described` findings with title, name, brand, category, link and `impact` besides; those of findings
    `with_decisions` with `decision` (kind, by, reason, until; null where none holds) and `comment`, the last one.
    """
    objects = findings_as_json(findings)
    rows = as_table(findings, url).iter_rows(named=True)
    described = set(DESCRIBED).issubset(findings.columns)
    decided = set(DECIDED).issubset(findings.columns)
    for one, row in zip(objects, rows, strict=True):
        if described:
            one |= {name: row[name] for name in ("title", "name", "brand", "category", "link")}
            one["impact"] = {name: row[name] for name in _IMPACT}
        if decided:
            one["decision"] = row["decision"] and {
                "kind": row["decision"],
                "by": row["decided_by"],
                "reason": row["reason"],
                "until": iso(row["until"]),
            }
            one["comment"] = row["comment"]
    return objects


def as_json(findings: pl.DataFrame, url: str = "") -> bytes:
    """`as_objects` as one JSON document."""
    return msgspec.json.format(msgspec.json.encode(as_objects(findings, url)), indent=2) + b"\n"


def as_csv(findings: pl.DataFrame, url: str = "") -> bytes:
    """Findings as CSV: UTF-8, commas, a heading, moments as `2026-11-20T06:00:00Z`.

    Args:
        findings: schema `findings.KEPT`, better `described`; columns that are absent stay empty.
        url: where the dashboard is (`settings.dashboard.url`); no links without one.
    """
    table = as_table(findings, url).with_columns(pl.col(pl.Datetime).dt.strftime("%Y-%m-%dT%H:%M:%SZ"))
    texts = [name for name, dtype in table.schema.items() if dtype == pl.String]
    safe = table.with_columns(harmless(pl.col(name)).alias(name) for name in texts).rename({"fix": FIX})
    return safe.write_csv(float_scientific=False).encode()


def harmless(text: pl.Expr) -> pl.Expr:
    """Text that no spreadsheet takes for a formula: where one might, an apostrophe goes in front.

    Also after a semicolon, tab or line break inside: a spreadsheet that parts columns there (Excel in Belgium) does not
    see the quotes around the field, and begins a new cell. Plain negative numbers stay as they are.
    """
    inside = text.str.replace_all(rf"([;\t\r\n])({_BLANK_INSIDE}{_START})", "${1}'${2}")
    risky = text.str.contains(rf"^(?:{_BLANK}{_START}|[\t\r\n])")
    number = text.str.contains(r"^-[0-9]+(?:[.,][0-9]+)?$")
    return pl.when(risky & ~number).then(pl.lit("'") + inside).otherwise(inside)
