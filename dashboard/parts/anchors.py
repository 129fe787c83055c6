"""Where each check is shown: the page and, on it, the anchor that carries the check's id.

`/became_central#own-became-central`, `/findings#invalid-ean`: an e-mail, a notebook or a colleague can link to a check
by its id alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from checks.rules import CHECKS
from checks.rules.check import Area

FINDINGS = "app_pages/findings.py"


@dataclass(frozen=True)
class Anchor:
    """`page` as `st.switch_page` takes it, `name` as the heading's anchor."""

    page: str
    name: str


#: Checks whose page is not that of their area.
_PAGES = {
    "app_pages/became_central.py": ("own-became-central",),
    "app_pages/photos.py": ("missing-photo", "photo-available"),
    "app_pages/references.py": ("invalid-reference", "missing-reference", "category-not-leaf"),
    "app_pages/prices.py": (
        "text-missing",
        "multiplier-invalid",
        "package-mismatch",
        "sold-but-discontinued",
        "description-differs",
    ),
    "app_pages/debtors.py": ("debtor-without-client",),
    "app_pages/error_logs.py": ("error-new", "error-regressed", "error-spike"),
}

#: All others of products are explained on Findings, under "What each check means".
_OF_AREA: dict[Area, str] = {
    "products": FINDINGS,
    "prices": "app_pages/prices.py",
    "clients": "app_pages/clients.py",
    "orders": "app_pages/orders.py",
    "connection": "app_pages/data.py",
    "suppliers": "app_pages/suppliers.py",
    "debtors": "app_pages/debtors.py",
}
_OWN = {check: page for page, checks in _PAGES.items() for check in checks}

ANCHORS: dict[str, Anchor] = {
    check.id: Anchor(_OWN.get(check.id) or _OF_AREA[check.area], check.id) for check in CHECKS.values()
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
    """Where `check` is shown; one that is no check any more is listed on Findings."""
    return ANCHORS.get(check, Anchor(FINDINGS, check))


def page_of(check: str) -> tuple[str, dict[str, str]]:
    """The page where `check` is put right, as `st.page_link` takes it, with its query parameters."""
    page = anchor_of(check).page
    return page, {"check": check} if page in _ONE_AT_A_TIME else {}
