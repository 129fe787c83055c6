"""Where a thing has its page: products, clients, orders, supplier articles, debtors, entries of lookup tables, frames.

Every article number, client and order on screen leads to its own page through `entity_page`; the same addresses, for
mails and files, are made in `checks.addresses`.
"""

from __future__ import annotations

from collections.abc import Callable

PRODUCT = "app_pages/product.py"
CLIENTS = "app_pages/clients.py"
ORDERS = "app_pages/orders.py"
LOOKUP_TABLES = "app_pages/lookup_tables.py"
RUNS = "app_pages/runs.py"
DATA = "app_pages/data.py"
ERROR_LOGS = "app_pages/error_logs.py"
SUPPLIERS = "app_pages/suppliers.py"
DEBTORS = "app_pages/debtors.py"

#: A page as `st.page_link` and `st.switch_page` take it, with its query parameters.
Target = tuple[str, dict[str, str]]


def _debtor(key: str) -> Target:
    """A shop's finding names the ERP before the debtor, `easyflor|417`; one of the ERP itself only the debtor."""
    erp, _, ident = key.rpartition("|")
    return DEBTORS, {**({"source": erp} if erp else {}), "debtor": ident}


#: What a finding is about -> where its key leads. Keys of two parts lead to the first, unless both are one thing's.
_TARGETS: dict[str, Callable[[str], Target]] = {
    "product": lambda key: (PRODUCT, {"article": key}),
    "client": lambda key: (CLIENTS, {"client": key}),
    "user": lambda key: (CLIENTS, {"user": key}),
    "order": lambda key: (ORDERS, {"order": key}),
    "client-product": lambda key: (PRODUCT, {"article": key.rpartition("|")[0] or key}),
    "order-list-item": lambda key: (CLIENTS, {"client": key.partition("|")[0]}),
    "frame": lambda key: (DATA, {"frame": key}),
    "error-group": lambda key: (ERROR_LOGS, {"group": key}),
    "article": lambda key: (SUPPLIERS, {"view": "articles", "article": key}),
    "debtor": _debtor,
}


def entity_page(entity: str, source: str, key: str) -> Target | None:
    """The page of a finding's entity, with its parameters; None for an entity that has none."""
    target = _TARGETS.get(entity)
    if target is None:
        return None
    page, params = target(key)
    return page, {"source": source, **params}


def entry_page(source: str, table: str, entry: str | int) -> Target:
    """The page of one entry of a lookup table (a frame's name and its id or abbreviation)."""
    return LOOKUP_TABLES, {"source": source, "table": table, "entry": str(entry)}
