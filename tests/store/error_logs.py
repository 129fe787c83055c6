"""Error logs as tests read them into a store."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from checks.frames import FRAMES, Collected
from checks.store import Store

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
SOURCE = "webshop"
SCHEMA = FRAMES["error_logs"].schema

BRAND = "Brand with id 77 does not exist."
TAKEN = "Product with WholesalerArticleNumber 100 already exists."


def row(number: int, message: str = BRAND, *, hours: float = 1, **more: Any) -> dict[str, Any]:
    """A row so many hours before NOW, about article `A<number>`."""
    usual = {
        "row_id": f"r{number}",
        "log_id": str(number),
        "at": NOW - timedelta(hours=hours),
        "method": "PUT",
        "url": "/api/Products",
        "status_code": 400,
        "message": message,
        "errors": [],
        "model_errors": [],
        "body": json.dumps({"WholesalerArticleNumber": f"A{number}"}),
    }
    return usual | more


def log(*rows: dict[str, Any], at: datetime = NOW, since: datetime | None = None, **more: Any) -> Collected:
    """What was read at a moment: by default all of the last 30 days, by one clock."""
    data = pl.DataFrame([{name: one.get(name) for name in SCHEMA} for one in rows], schema=SCHEMA)
    begin = since or at - timedelta(days=30)
    return Collected(
        SOURCE, "error_logs", "ok", data, **({"read_at": at, "server_at": at, "since": begin} | more)
    )


def read(
    store: Store, *rows: dict[str, Any], at: datetime = NOW, run: str | None = None, **more: Any
) -> pl.DataFrame:
    """A reading by a run of its own; gives the open groups."""
    return store.errors.absorb(SOURCE, log(*rows, at=at, **more), at, run or f"run-{at:%d%H%M}")


def later(**step: float) -> datetime:
    return NOW + timedelta(**step)


def states(store: Store) -> list[str]:
    return store.errors.groups(state="all")["state"].to_list()


def only(store: Store) -> dict[str, Any]:
    """The one group there is."""
    (group,) = store.errors.groups(state="all").to_dicts()
    return dict(group)


def happened(store: Store, ident: str | None = None) -> list[str]:
    return list(store.errors.events(ident or only(store)["id"])["event"])
