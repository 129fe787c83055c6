"""Collects own, linked and central products, with the lists that belong to them (guide, chapters 5 to 7)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import polars as pl

from checks.sources.oresto import columns, lookups, wire
from checks.sources.oresto.collecting import Task, fitting, small

#: Asked again before the newest moment known, for what was being written while we read.
OVERLAP = timedelta(hours=1)

PATHS = {"products": "Products", "linked_products": "LinkProducts", "central_products": "CentralProducts"}


def assortment(task: Task) -> pl.DataFrame:
    return task.typed(
        PATHS[task.frame],
        {},
        wire.AssortmentProduct,
        lambda rows, shape: columns.assortment(task.frame, rows, shape),
    )


def central_products(task: Task) -> pl.DataFrame:
    """All central products, or those modified since the newest one known, merged into the last snapshot.

    The server's own count decides whether the merge is whole; when it is not, all are read again.
    """
    count = task.client.read(
        "CentralProducts/Count", {"DeletedProducts": "false"}, lambda raw: int(msgspec.json.decode(raw))
    )
    newest = None if task.previous is None else task.previous["modified"].max()
    if task.previous is not None and isinstance(newest, datetime):
        since = {"ModifiedDate": (newest - OVERLAP).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")}
        changed = task.typed("CentralProducts", since, wire.CentralProduct, columns.central)
        deleted = task.typed(
            "CentralProducts", {**since, "DeletedProducts": "true"}, wire.CentralProduct, columns.central
        )
        gone = pl.concat([changed["product_id"], deleted["product_id"]]).implode()
        merged = pl.concat([task.previous.filter(~pl.col("product_id").is_in(gone)), changed])
        merged = merged.filter(~pl.col("product_id").is_in(deleted["product_id"].implode()))
        if merged["product_id"].n_unique() == count:
            task.mode = "changes"
            return merged
        task.messages.append(
            f"Read in full: after the changes {merged['product_id'].n_unique():,} products were known, the server counts {count:,}."
        )
        task.shape = wire.Shape()
    everything = task.typed("CentralProducts", {}, wire.CentralProduct, columns.central, total=count)
    received = everything["product_id"].n_unique()
    if received != count:
        task.messages.append(f"The server counts {count:,} central products, {received:,} were received.")
    return everything


def central_eans(task: Task) -> pl.DataFrame:
    codes = task.client.read(
        "CentralProducts/GetEan", {}, lambda raw: msgspec.json.decode(raw, type=list[str | None])
    )
    return pl.DataFrame({"ean": pl.Series(codes, dtype=pl.String)})


def photos(task: Task) -> pl.DataFrame:
    def decode(raw: msgspec.Raw) -> tuple[pl.DataFrame, wire.Shape]:
        rows, shape = wire.decode_rows(raw, wire.Photo)
        with fitting():
            return columns.photos(rows, shape), shape

    found, task.shape = task.client.read("ProductPhotos", {}, decode)
    return found


def supplier_articles(task: Task) -> pl.DataFrame:
    return small(task, "CentralProducts/GetArticlecodesBySupplier", {}, lookups.supplier_articles)
