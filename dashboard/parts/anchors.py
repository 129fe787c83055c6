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
    "own-became-central": "app_pages/became_central.py",
    "missing-photo": "app_pages/photos.py",
    "invalid-reference": "app_pages/references.py",
    "missing-reference": "app_pages/references.py",
    "category-not-leaf": "app_pages/references.py",
}

_ON_FINDINGS = (
    "own-and-linked",
    "invalid-ean",
    "restricted-ean",
    "duplicate-ean",
    "forbidden-characters",
    "order-unprocessed",
)

ANCHORS: dict[str, Anchor] = {
    **{check: Anchor(page, check) for check, page in _PAGES.items()},
    **{check: Anchor(FINDINGS, check) for check in _ON_FINDINGS},
}

#: What the link to the page of a check says.
PAGE_TITLES = {
    "app_pages/became_central.py": "Compare and link",
    "app_pages/photos.py": "Missing photos",
    "app_pages/references.py": "By entry",
    FINDINGS: "Findings",
}


def anchor_of(check: str) -> Anchor:
    """Where `check` is shown; a check nobody placed is explained on Findings."""
    return ANCHORS.get(check, Anchor(FINDINGS, check))
