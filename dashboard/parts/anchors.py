"""Where each check is shown: the page and, on it, the anchor that carries the check's id.

`/became_central#own-became-central`, `/findings#invalid-ean`: an e-mail, a notebook or a colleague can link to a check
by its id alone.
"""

from __future__ import annotations

from dataclasses import dataclass

FINDINGS = "app_pages/findings.py"


@dataclass(frozen=True)
class Anchor:
    """`page` as `st.switch_page` takes it, `name` as the heading's anchor."""

    page: str
    name: str


#: Checks with a page of their own. All others are explained on Findings, under "What each check means".
_PAGES = {
    "app_pages/became_central.py": ("own-became-central",),
    "app_pages/photos.py": ("missing-photo", "photo-available"),
    "app_pages/references.py": ("invalid-reference", "missing-reference", "category-not-leaf"),
    "app_pages/prices.py": (
        "text-missing",
        "price-missing",
        "promo-invalid",
        "multiplier-invalid",
        "package-mismatch",
        "client-product-unknown-article",
        "client-product-unknown-client",
        "client-product-same-price",
        "sold-but-discontinued",
        "description-differs",
        "price-below-cost",
    ),
    "app_pages/clients.py": (
        "client-without-user",
        "client-without-location",
        "client-unknown-segment",
        "user-unknown-client",
        "order-list-unknown-article",
        "client-blocked-in-erp",
        "client-without-debtor",
    ),
    "app_pages/suppliers.py": (
        "supplier-invalid-ean",
        "supplier-duplicate-ean",
        "supplier-missing-image",
        "supplier-price-missing",
        "supplier-blocked",
        "supplier-inactive",
        "supplier-new",
        "article-discontinued",
        "article-phasing-out",
        "article-unmatched",
        "article-invalid-ean",
        "article-missing-image",
        "article-no-active-price",
        "article-price-expired",
        "article-unmoderated",
        "article-unknown-availability",
    ),
    "app_pages/debtors.py": (
        "debtor-missing-required",
        "debtor-unknown-parent",
        "debtor-cycle",
        "debtor-duplicate",
        "debtor-without-contact",
        "debtor-invalid-currency",
        "debtor-invalid-country",
        "debtor-invalid-language",
        "debtor-order-day-invalid",
        "debtor-without-client",
    ),
    "app_pages/orders.py": (
        "order-unprocessed",
        "order-delivery-passed",
        "order-unknown-client",
        "order-unknown-article",
        "order-total-mismatch",
    ),
    "app_pages/error_logs.py": ("error-new", "error-regressed", "error-spike"),
    "app_pages/data.py": ("collection-incomplete", "schema-drift"),
    FINDINGS: (
        "own-and-linked",
        "linked-central-deleted",
        "invalid-ean",
        "restricted-ean",
        "duplicate-ean",
        "forbidden-characters",
    ),
}

ANCHORS: dict[str, Anchor] = {
    check: Anchor(page, check) for page, checks in _PAGES.items() for check in checks
}

#: What the link to the page of a check says.
PAGE_TITLES = {
    "app_pages/became_central.py": "Compare and link",
    "app_pages/photos.py": "Missing photos",
    "app_pages/references.py": "By entry",
    "app_pages/prices.py": "Prices and texts",
    "app_pages/clients.py": "Clients",
    "app_pages/suppliers.py": "Suppliers",
    "app_pages/debtors.py": "ERP debtors",
    "app_pages/orders.py": "Waiting orders",
    "app_pages/error_logs.py": "Error logs",
    "app_pages/data.py": "What was collected",
    FINDINGS: "Findings",
}

#: Pages that show one check at a time when the URL names it; the others show all of theirs, by heading.
_ONE_AT_A_TIME = ("app_pages/prices.py", FINDINGS)


def anchor_of(check: str) -> Anchor:
    """Where `check` is shown; a check nobody placed is explained on Findings."""
    return ANCHORS.get(check, Anchor(FINDINGS, check))


def page_of(check: str) -> tuple[str, dict[str, str]]:
    """The page where `check` is put right, as `st.page_link` takes it, with its query parameters."""
    page = anchor_of(check).page
    return page, {"check": check} if page in _ONE_AT_A_TIME else {}
