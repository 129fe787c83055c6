"""What is collected of Oresto, frame by frame, and what of it is read once a day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from zoneinfo import ZoneInfo

import polars as pl

from checks.errors import SourceError
from checks.frames import LOOKUP_TABLES, Drift
from checks.sources.moments import BELGIUM
from checks.sources.oresto import collect_assortment as of_products
from checks.sources.oresto import collect_central as of_central
from checks.sources.oresto import collect_clients as of_clients
from checks.sources.oresto import collect_errors as of_errors
from checks.sources.oresto import collect_lookups as of_tables
from checks.sources.oresto import collect_one_by_one as one_by_one
from checks.sources.oresto import collect_photos as of_photos
from checks.sources.oresto import collect_trade as of_trade
from checks.sources.oresto import wire
from checks.sources.oresto.client import OrestoClient
from checks.sources.oresto.collect_lookups import LOOKUP_PATHS
from checks.sources.oresto.collecting import Task
from checks.sources.oresto.trust import KINDS
from checks.sources.rows import decode_rows, known_names

#: Frame -> what collects it, in the order in which they start. What another one needs (`Task.needs`) stands before it.
COLLECTORS: dict[str, Callable[[Task], pl.DataFrame]] = {
    "central_products": of_central.central_products,
    "deleted_central_products": of_central.deleted_central_products,
    "products": of_products.assortment,
    "linked_products": of_products.assortment,
    "central_eans": of_central.central_eans,
    "photos": of_photos.photos,
    "multiplicator_products": of_tables.multiplicator_products,
    "clients": of_clients.clients,
    "client_locations": of_clients.client_locations,
    "users": of_clients.users,
    "representatives": of_clients.representatives,
    "client_prices": of_clients.client_prices,
    "orders": of_trade.orders,
    "processed_orders": of_trade.processed_orders,
    "error_logs": of_errors.error_logs,
    "order_lists": one_by_one.order_lists,
    "delivery_dates": one_by_one.delivery_dates,
    # last, for they wait for products and clients, and keep nobody else waiting
    **dict.fromkeys(LOOKUP_PATHS, of_tables.lookup),
    "supplier_articles": of_central.supplier_articles,
    "category_chains": of_tables.category_chains,
}
FRAME_NAMES = tuple(COLLECTORS)

#: Read at most once a day, as the guide asks; a day begins at midnight in Belgium.
DAILY = frozenset({*LOOKUP_TABLES, "category_chains", "multiplicator_products"})

#: The frames whose fields `sample` can look at: those of structs that one request shows.
SAMPLED_FRAMES = tuple(name for name in KINDS if name not in ("client_locations", "deleted_central_products"))

_UNPAGED = {"photos": "ProductPhotos", "category_chains": of_tables.CHAINS_PATH, **of_clients.PATHS}


def sample(client: OrestoClient, frame: str) -> tuple[int, tuple[Drift, ...]]:
    """How many rows of a first small page were looked at, and what differs from the known fields."""
    kind, orders_path = KINDS[frame], client.source.orders_path
    path = {**of_products.PATHS, **_UNPAGED, "orders": orders_path, "processed_orders": orders_path}[frame]
    params = {} if frame in _UNPAGED else {"Page": str(client.first_page), "PageSize": "50"}
    if path == orders_path:
        params["Processed"] = str(frame == "processed_orders").lower()
    rows, shape = client.read(path, params, lambda raw: decode_rows(raw, kind))
    return len(rows), shape.drift(known_names(kind), wire.KNOWN_EXTRAS[kind])


def find_first_page(client: OrestoClient) -> None:
    """Finds the first page's number once for all. What goes wrong here goes wrong again, and is told, in each collector."""
    with suppress(SourceError):
        _ = client.first_page


def read_today(task: Task) -> pl.DataFrame | None:
    """The last snapshot, when it was read on this day in Belgium and nothing has come to name what it lacks."""
    if task.frame not in DAILY:
        return None
    found = task.run.past.together((task.frame,))
    if not isinstance(found, Mapping):
        return None
    known, belgium = found[task.frame], ZoneInfo(BELGIUM)
    if (
        known.read_at is None
        or known.read_at.astimezone(belgium).date() != task.now.astimezone(belgium).date()
    ):
        return None
    if task.frame in LOOKUP_PATHS and (reason := of_tables.named_since(task, known)) is not None:
        task.messages.append(reason)
        return None
    return task.carry(known, asked=False)
