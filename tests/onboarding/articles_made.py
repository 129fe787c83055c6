"""Small article and client frames, one row a mapping."""

from __future__ import annotations

from typing import Any

import polars as pl

from checks.onboarding.shapes import ARTICLES, CLIENTS

#: An article that lacks nothing.
SOUND: dict[str, Any] = {
    "row": 2,
    "article_number": "A1",
    "ean": "5412345000013",
    "name": "Appelsap 1 l",
    "texts": [
        {"language": "nld", "name": "Appelsap 1 l", "description": None},
        {"language": "fra", "name": "Jus de pomme 1 l", "description": None},
    ],
    "brand": "Bocage",
    "category": "Sappen",
    "storage_condition": "Droog",
    "content_type": "L",
    "total_content": 1.0,
    "unit_sales_price": "ST",
    "vat_percentage": 6,
    "sales_price": 2.5,
}


def articles(*rows: dict[str, Any]) -> pl.DataFrame:
    """`ARTICLES` of rows that differ from `SOUND` as they say."""
    return pl.DataFrame([{**SOUND, **row} for row in rows], schema=ARTICLES)


def clients(*rows: dict[str, Any]) -> pl.DataFrame:
    """`CLIENTS` of rows with these values alone."""
    return pl.DataFrame(list(rows), schema=CLIENTS)
