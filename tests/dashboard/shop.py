"""A small shop with every fault once or twice, and health checks over it by the real checks. No network."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from checks.frames import FRAMES, Collected, Drift, Frames
from checks.rules import run_checks
from checks.settings import CheckSettings
from checks.store import Store

SOURCE = "webshop"
NOW = datetime.now(UTC)

_SOUND: dict[str, Any] = {
    "active": True,
    "is_package": False,
    "brand_id": 1,
    "brand": "Devos",
    "category_ids": [11],
    "storage_condition_id": 1,
    "content_type": "G",
    "total_content": 500.0,
    "vat_percentage": 6,
    "unit_sales_price": "ST",
    "sales_price": 4.95,
    "suppliers": [],
    "unit_eans": [],
    "package_eans": [],
    "texts": [{"language": one, "name": "Naam", "description": "Tekst"} for one in ("nld", "fra")],
    "modified": NOW - timedelta(days=30),
}

#: Article number -> what differs from a sound product.
_PRODUCTS: dict[str, dict[str, Any]] = {
    "A100": {"name": "Aardbeienconfituur", "ean": "5400000000003"},  # became central, the very same
    "A101": {"name": "Abrikozenconfituur", "ean": "5400000000010"},  # became central, another content
    "A102": {
        "name": "Kersenconfituur",
        "ean": "5400000000027",
        "package_eans": ["5400000000034"],
    },  # by its carton
    "A103": {"name": "Frambozenconfituur", "ean": "5400000000041"},  # also linked
    "A104": {"name": "Pruimenconfituur", "ean": "5400000000058", "photo": False},
    "A105": {"name": "Vijgenconfituur", "ean": "5400000000065", "photo": False, "sales_price": 9.5},
    "A106": {"name": "Sinaasmarmelade", "ean": "5400000000072", "brand_id": 77777, "brand": "Weg"},
    "A107": {"name": "Citroenmarmelade", "ean": "5400000000089", "brand_id": 77777, "brand": "Weg"},
    "A108": {"name": "Speculoospasta", "ean": "5400000000096", "storage_condition_id": None},
    "A109": {"name": "Chocopasta", "ean": "5400000000102", "category_ids": [1]},
    "A110": {"name": "Honing", "ean": "5,40E+12"},
    "A111": {"name": "Kaas van de toog", "ean": "2100000000005"},
    "A112": {"name": "Stroop", "ean": "5400000000119"},
    "A113": {"name": "Stroop oud", "ean": "5400000000119"},
    "A#114": {"name": "Appelmoes", "ean": "5400000000126"},
    "A115": {"name": "Perenmoes", "ean": "5400000000133"},
}

_CENTRAL = {
    "5400000000003": {"name": "Aardbeienconfituur", "total_content": 500.0, "brand": "Devos"},
    "5400000000010": {"name": "Abrikozenconfituur", "total_content": 900.0, "brand": "Devos & Zn"},
    "5400000000034": {
        "name": "Kersenconfituur 6 x 500 g",
        "total_content": 3.0,
        "content_type": "KG",
        "brand": "Devos",
    },
}


def _frame(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    columns = FRAMES[name].columns
    return pl.DataFrame(
        [{column: row.get(column) for column in columns} for row in rows], schema=FRAMES[name].schema
    )


def shop_frames() -> dict[str, pl.DataFrame]:
    """Every frame of the shop."""
    products = [
        {**_SOUND, "article_number": key, "product_id": 1000 + n, **more}
        for n, (key, more) in enumerate(_PRODUCTS.items())
    ]
    central = [
        {**_SOUND, "product_id": 9000 + n, "ean": ean, **more}
        for n, (ean, more) in enumerate(_CENTRAL.items())
    ]
    photos = [
        {"photo_id": n, "article_number": row["article_number"], "photo_name": "p.jpg"}
        for n, row in enumerate(products)
        if row.get("photo", True)
    ]
    ordered = [("O1", 80.0, "2026-1"), ("O2", 30.0, "2026-2"), ("O3", 1.0, "2026-3")]
    return {
        "products": _frame("products", products),
        "linked_products": _frame(
            "linked_products", [{**_SOUND, "article_number": "L1", "ean": "5400000000041"}]
        ),
        "central_products": _frame("central_products", central),
        "central_eans": _frame("central_eans", [{"ean": ean} for ean in _CENTRAL]),
        "supplier_articles": _frame(
            "supplier_articles", [{"supplier_id": 1, "supplier": "Aldi", "article_code": "X"}]
        ),
        "photos": _frame("photos", photos),
        "categories": _frame(
            "categories", [{"id": 1, "name": "Beleg"}, {"id": 11, "name": "Confituur", "parent_id": 1}]
        ),
        "brands": _frame("brands", [{"id": 1, "name": "Devos"}]),
        "storage_conditions": _frame("storage_conditions", [{"id": 1, "name": "Droog"}]),
        "content_types": _frame("content_types", [{"abbreviation": one, "name": one} for one in ("G", "KG")]),
        "unit_sales_prices": _frame("unit_sales_prices", [{"abbreviation": "ST", "name": "stuk"}]),
        "multiplier_types": _frame("multiplier_types", [{"abbreviation": "KG", "name": "kilo"}]),
        "producers": _frame("producers", [{"id": 1, "name": "Devos NV"}]),
        "suppliers": _frame("suppliers", [{"id": 1, "name": "Aldi"}]),
        "orders": _frame(
            "orders",
            [
                {
                    "order_number": n,
                    "full_order_number": full,
                    "client_number": "K1",
                    "client_name": "Bistro Zon",
                    "ordered_at": NOW - timedelta(hours=hours),
                    "is_pickup": False,
                    "lines": 3,
                    "total": 120.5,
                    "order_lines": [_line("A105", 95.0), _line("A104", 20.55), _line("A115", 4.95)],
                }
                for n, (_, hours, full) in enumerate(ordered, start=1)
            ],
        ),
        "processed_orders": _frame(
            "processed_orders",
            [
                {
                    "order_number": 90,
                    "client_number": "K1",
                    "client_name": "Bistro Zon",
                    "ordered_at": NOW - timedelta(days=5),
                    "processed_at": NOW - timedelta(days=4),
                    "lines": 1,
                    "total": 990.0,
                    "order_lines": [_line("A106", 990.0)],
                }
            ],
        ),
        "client_segments": _frame("client_segments", [{"id": 1, "name": "Horeca"}]),
        "clients": _frame(
            "clients",
            [
                {
                    "client_number": "K1",
                    "name": "Bistro Zon",
                    "active": True,
                    "segment_id": 1,
                    "segment": "Horeca",
                }
            ],
        ),
        "client_locations": _frame("client_locations", [{"location_id": 1, "client_number": "K1"}]),
        "delivery_dates": _frame("delivery_dates", []),
        "users": _frame("users", [{"email": "chef@zon.be", "client_number": "K1", "active": True}]),
        "representatives": _frame("representatives", []),
        "client_prices": _frame(
            "client_prices", [{"article_number": "A106", "client_number": "K1", "sales_price": 4.5}]
        ),
        "order_lists": _frame("order_lists", [{"client_number": "K1", "article_number": "A115"}]),
        "deleted_central_products": _frame("deleted_central_products", []),
        "multiplicator_products": _frame("multiplicator_products", []),
        "category_chains": _frame("category_chains", [{"id": 11, "path": "Beleg > Confituur"}]),
        "error_logs": _frame("error_logs", []),
    }


def _line(article: str, total: float) -> dict[str, Any]:
    return {"article_number": article, "unit": "ST", "quantity": 1.0, "price": total, "total": total}


def failing(
    article: str = "A106",
    message: str = "Brand with id 77777 does not exist.",
    *,
    at: datetime = NOW - timedelta(hours=2),
    method: str = "PUT",
    url: str = "/api/Products",
    status: int | None = 400,
    field: str | None = "product.BrandId",
    body: dict[str, Any] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """One row of the error log as it is collected; `row_id` and `log_id` are made of when and what it is about."""
    ident = f"{article}-{at:%m%d%H%M%S%f}-{method}-{len(message)}"
    sent = {"WholesalerArticleNumber": article, "BrandId": 77777} if body is None else body
    return {
        "row_id": ident,
        "log_id": ident,
        "at": at,
        "method": method,
        "url": url,
        "status_code": status,
        "message": message,
        "errors": [],
        "model_errors": [] if field is None else [{"field": field, "message": message}],
        "body": json.dumps(sent),
        **more,
    }


def error_log(*rows: dict[str, Any]) -> pl.DataFrame:
    """The frame of these rows."""
    return _frame("error_logs", list(rows))


def _of_the_run(collected: list[Collected]) -> dict[str, Collected]:
    """What the run says of its own collecting; sound whatever was missing, which has tests of its own."""
    rows = [
        {"frame": one.frame, "title": FRAMES[one.frame].title, "status": "ok", "rows": one.rows}
        for one in collected
    ]
    said = {"collection": _frame("collection", rows), "field_drift": _frame("field_drift", [])}
    return {name: Collected(SOURCE, name, "ok", data) for name, data in said.items()}


def health_check(
    store: Store,
    *,
    missing: Collection[str] = (),
    at: datetime = NOW,
    log_days: int = 30,
    **changed: pl.DataFrame,
) -> str:
    """One run over the shop: collected, judged, compared and stored.

    `missing` frames could not be collected; the error log is whole for the last `log_days`.
    """
    collected = [
        Collected(SOURCE, name, "failed", message="webshop: GET did not answer in 30 s.")
        if name in missing
        else Collected(
            SOURCE, name, "ok", data, requests=1, seconds=0.1, drift=_DRIFT if name == "brands" else ()
        )
        for name, data in {**shop_frames(), **changed}.items()
    ]
    run_id = store.begin_run("full", "night")
    for one in collected:
        if one.data is not None:
            store.save_snapshot(run_id, one)
    frames = {one.frame: one for one in collected} | _of_the_run(collected)
    frames["error_groups"] = _problems(store, frames["error_logs"], at, log_days, run_id)
    judged = run_checks(Frames(SOURCE, frames), CheckSettings(), at)
    status = "partial" if missing else "complete"
    store.finish_run(run_id, status, "full", None, collected, judged.results, judged.found, at)
    return run_id


def _problems(store: Store, log: Collected, at: datetime, days: int, run_id: str) -> Collected:
    """The problems of the error log after this run, as a health check gives them to the checks."""
    if log.data is None:
        return Collected(SOURCE, "error_groups", "failed", message=log.message)
    read = dataclasses.replace(log, since=at - timedelta(days=days), server_at=at, read_at=at)
    store.errors.absorb(SOURCE, read, at, run_id)
    return Collected(SOURCE, "error_groups", "ok", store.errors.standing(SOURCE))


_DRIFT = (Drift("Colour", "new", "String"),)
