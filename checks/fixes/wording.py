"""Small words for sentences: counts, lists of things, days. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from checks.sources.moments import BELGIUM, moments


def count(number: int, thing: str, several: str | None = None) -> str:
    """`1 photo`, `3 photos`, `no photo`. `several`: where the word does not take an s."""
    if number == 0:
        return f"no {thing}"
    return f"1 {thing}" if number == 1 else f"{number:,} {several or f'{thing}s'}"


def names(things: Iterable[str]) -> str:
    """`a, b and c`."""
    listed = list(things)
    return " and ".join([", ".join(listed[:-1]), listed[-1]] if len(listed) > 1 else listed)


def day(moment: str) -> str:
    """A UTC moment as the Belgian day it falls on: `05/01/2026`."""
    found = moments(pl.Series([moment], dtype=pl.String), "UTC").dt.convert_time_zone(BELGIUM)
    return str(found.dt.strftime("%d/%m/%Y").item())


def product_name(product: Mapping[str, Any]) -> str | None:
    """The Dutch name, else the first one given."""
    texts = {text.get("LanguageCode"): text.get("Name") for text in product.get("Localizations") or []}
    return texts.get("nld") or next((name for name in texts.values() if name), None)


def as_sentence(text: str) -> str:
    """With a capital and a full stop."""
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")
