"""Rows of an error log, made from what a test says of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from checks.frames import FRAMES
from checks.triage import fingerprinted, titles

MakeRows = Callable[..., pl.DataFrame]

_SCHEMA = FRAMES["error_logs"].schema
_USUAL = {"method": "PUT", "url": "/api/Products", "status_code": 400, "errors": [], "model_errors": []}


@pytest.fixture
def make_rows() -> MakeRows:
    """`make_rows("Brand is gone.", {"status_code": 500})`: a message each, or the columns that differ from the usual."""

    def make(*told: str | dict[str, Any]) -> pl.DataFrame:
        rows = [
            {**dict.fromkeys(_SCHEMA.names()), "row_id": f"r{place}", **_USUAL}
            | ({"message": one} if isinstance(one, str) else one)
            for place, one in enumerate(told)
        ]
        return pl.DataFrame(rows, schema=_SCHEMA)

    return make


@pytest.fixture
def problems(make_rows: MakeRows) -> Callable[..., int]:
    """How many problems rows are: `problems("Order 1 is gone.", "Order 2 is gone.") == 1`."""
    return lambda *told: fingerprinted("main", make_rows(*told))["fingerprint"].n_unique()


@pytest.fixture
def title(make_rows: MakeRows) -> Callable[..., str]:
    """The title of rows that are one problem."""

    def told(*rows: str | dict[str, Any]) -> str:
        (one,) = titles(fingerprinted("main", make_rows(*rows)))["title"]
        return str(one)

    return told
