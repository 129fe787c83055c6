"""The route of a request: what was asked, without which one. `POST LinkProducts` of a URL, whatever its query and ids."""

from __future__ import annotations

import polars as pl

#: In the order in which they are applied: the first makes few of many addresses.
STEPS: tuple[tuple[str, str], ...] = (
    (r"[^/]*[0-9][^/]*", "‹id›"),  # a part with a digit in it names one of many
    (r"^\s*https?://[^/\s]*", ""),  # of an absolute address only the path counts
    (r"(?i)^/*api(/|$)", ""),
    (r"^/+|/+$|\s+$", ""),
)


def short(url: pl.Expr) -> pl.Expr:
    """The first step of `route`, for very many addresses."""
    path = url.fill_null("").str.splitn("?", 2).struct.field("field_0")
    return path.str.replace_all(*STEPS[0])


def route(short: pl.Expr) -> pl.Expr:
    """The path without host, `/api/`, query and ids, as it is written; empty where there is no URL.

    Args:
        short: of `short`.
    """
    for pattern, instead in STEPS[1:]:
        short = short.str.replace_all(pattern, instead)
    return short
