"""Addresses in the dashboard, for mails and files: every product, client, order and finding has one.

Pure text: nothing is asked, and what an address leads to may be gone. Values are percent-encoded, so an article number
may hold `#`, `/`, `&`, `?`, spaces and any letter. The pages themselves link by `dashboard.parts.links`, to the same
places.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import quote, urlencode


def _debtor(key: str) -> tuple[str, dict[str, str]]:
    """A shop's finding names the ERP before the debtor, `easyflor|417`; one of the ERP itself only the debtor."""
    erp, _, ident = key.rpartition("|")
    return "debtors", {**({"source": erp} if erp else {}), "debtor": ident}


#: What a finding is about -> the page and the parameter its key leads to. Keys of two parts lead to one of them.
_ENTITIES: dict[str, Callable[[str], tuple[str, dict[str, str]]]] = {
    "product": lambda key: ("product", {"article": key}),
    "client": lambda key: ("clients", {"client": key}),
    "user": lambda key: ("clients", {"user": key}),
    "order": lambda key: ("orders", {"order": key}),
    "client-product": lambda key: ("product", {"article": key.rpartition("|")[0] or key}),
    "order-list-item": lambda key: ("clients", {"client": key.partition("|")[0]}),
    "frame": lambda key: ("data", {"frame": key}),
    "error-group": lambda key: ("error_logs", {"group": key}),
    "article": lambda key: ("suppliers", {"view": "articles", "article": key}),
    "debtor": _debtor,
}


def page_address(base: str, page: str, **params: str | int | Sequence[str] | None) -> str:
    """The address of a page: `page_address(url, "findings", check="missing-photo")`.

    Args:
        base: where the dashboard is (`settings.dashboard.url`).
        page: the page's name as its address has it; `overview` is the front page.
        params: what the page shows of it; several values repeat the parameter, None is left out.
    """
    path = "" if page == "overview" else quote(page, safe="")
    given = {name: value for name, value in params.items() if value is not None}
    query = urlencode(given, doseq=True, quote_via=quote, safe="")
    return f"{base.rstrip('/')}/{path}" + (f"?{query}" if query else "")


def finding_address(base: str, finding_id: str) -> str:
    """Where one finding is told whole, whatever its state."""
    return page_address(base, "findings", finding=finding_id)


def entity_address(base: str, entity: str, source: str, key: str) -> str | None:
    """The page of what a finding is about; None for an entity that has none.

    Args:
        entity: as in `findings.FOUND`: product, client, user, order, client-product, order-list-item, frame, error-group,
            article, debtor.
        source: the source's name.
        key: the finding's key; `article|client` leads to the article, `client|article` to the client.
    """
    target = _ENTITIES.get(entity)
    if target is None:
        return None
    page, params = target(key)
    return page_address(base, page, **{"source": source, **params})
