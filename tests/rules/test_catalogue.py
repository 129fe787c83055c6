"""The catalogue: fixed ids, severities and fixes, and nothing left empty."""

from __future__ import annotations

import pytest

from checks.findings import SEVERITIES
from checks.frames import FRAMES
from checks.rules import CHECKS, Check

#: Id, default severity, entity and fix, as cron jobs and colleagues' scripts know them.
CONTRACT = [
    ("own-became-central", "error", "product", "link-central"),
    ("own-and-linked", "error", "product", "delete-own"),
    ("linked-central-deleted", "error", "product", "unlink"),
    ("missing-photo", "warning", "product", "upload-photo"),
    ("invalid-reference", "error", "product", "set-reference"),
    ("missing-reference", "error", "product", "set-reference"),
    ("category-not-leaf", "error", "product", "set-reference"),
    ("invalid-ean", "error", "product", "edit-product"),
    ("restricted-ean", "info", "product", None),
    ("duplicate-ean", "error", "product", "edit-product"),
    ("forbidden-characters", "error", "product", None),
    ("text-missing", "warning", "product", "edit-product"),
    ("price-missing", "error", "product", "edit-sales"),
    ("promo-invalid", "warning", "product", "edit-sales"),
    ("multiplier-invalid", "warning", "product", "edit-product"),
    ("package-mismatch", "warning", "product", "edit-product"),
    ("client-without-user", "warning", "client", None),
    ("client-without-location", "warning", "client", None),
    ("client-unknown-segment", "error", "client", None),
    ("user-unknown-client", "error", "user", None),
    ("client-product-unknown-article", "error", "client-product", "delete-client-product"),
    ("client-product-unknown-client", "error", "client-product", "delete-client-product"),
    ("client-product-same-price", "info", "client-product", "delete-client-product"),
    ("order-list-unknown-article", "error", "order-list-item", "delete-order-list-item"),
    ("order-unprocessed", "warning", "order", "process-order"),
    ("order-delivery-passed", "error", "order", "process-order"),
    ("order-unknown-client", "error", "order", None),
    ("order-unknown-article", "error", "order", None),
    ("order-total-mismatch", "warning", "order", None),
    ("photo-available", "warning", "product", "upload-photo"),
    ("sold-but-discontinued", "error", "product", None),
    ("description-differs", "info", "product", None),
    ("price-below-cost", "warning", "product", "edit-sales"),
    ("client-blocked-in-erp", "error", "client", None),
    ("client-without-debtor", "warning", "client", None),
    ("debtor-without-client", "info", "debtor", None),
    ("supplier-invalid-ean", "error", "article", None),
    ("supplier-duplicate-ean", "error", "article", None),
    ("supplier-missing-image", "warning", "article", None),
    ("supplier-price-missing", "warning", "article", None),
    ("supplier-blocked", "warning", "article", None),
    ("supplier-inactive", "warning", "article", None),
    ("supplier-new", "info", "article", None),
    ("article-discontinued", "error", "article", None),
    ("article-phasing-out", "warning", "article", None),
    ("article-unmatched", "info", "article", None),
    ("article-invalid-ean", "error", "article", None),
    ("article-missing-image", "warning", "article", None),
    ("article-no-active-price", "warning", "article", None),
    ("article-price-expired", "warning", "article", None),
    ("article-unmoderated", "info", "article", None),
    ("article-unknown-availability", "warning", "article", None),
    ("debtor-missing-required", "error", "debtor", None),
    ("debtor-unknown-parent", "error", "debtor", None),
    ("debtor-cycle", "error", "debtor", None),
    ("debtor-duplicate", "warning", "debtor", None),
    ("debtor-without-contact", "warning", "debtor", None),
    ("debtor-invalid-currency", "error", "debtor", None),
    ("debtor-invalid-country", "error", "debtor", None),
    ("debtor-invalid-language", "warning", "debtor", None),
    ("debtor-order-day-invalid", "warning", "debtor", None),
    ("error-new", "warning", "error-group", "triage"),
    ("error-regressed", "error", "error-group", "triage"),
    ("error-spike", "error", "error-group", "triage"),
    ("collection-incomplete", "error", "frame", None),
    ("schema-drift", "warning", "frame", None),
]

#: Which part of the shop the score counts a check in; what is not here is about products.
AREAS = {
    "prices": {
        "price-missing",
        "promo-invalid",
        "client-product-unknown-article",
        "client-product-unknown-client",
        "client-product-same-price",
        "price-below-cost",
    },
    "clients": {
        "client-without-user",
        "client-without-location",
        "client-unknown-segment",
        "user-unknown-client",
        "order-list-unknown-article",
        "client-blocked-in-erp",
        "client-without-debtor",
        "debtor-without-client",
    },
    "suppliers": {check for check, *_ in CONTRACT if check.startswith(("supplier-", "article-"))},
    "debtors": {
        check for check, *_ in CONTRACT if check.startswith("debtor-") and check != "debtor-without-client"
    },
    "orders": {check for check, *_ in CONTRACT if check.startswith("order-") and "-list-" not in check},
    "connection": {"error-new", "error-regressed", "error-spike", "collection-incomplete", "schema-drift"},
}


def test_the_contract() -> None:
    assert [(check.id, check.severity, check.entity, check.fix) for check in CHECKS.values()] == CONTRACT


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_every_entry_is_complete(check: Check) -> None:
    for text in (check.title, check.why, check.advice, check.guide):
        assert text.strip()
    assert check.severity in SEVERITIES
    assert check.needs


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_what_it_needs_exists(check: Check) -> None:
    for frame, columns in check.needs.items():
        assert set(columns) <= set(FRAMES[frame].columns)
    for names in check.needs_rows:
        assert set((names,) if isinstance(names, str) else names) <= set(check.needs)


def test_areas() -> None:
    areas = {check: area for area, checks in AREAS.items() for check in checks}
    assert {check.id: check.area for check in CHECKS.values()} == {
        check: areas.get(check, "products") for check in CHECKS
    }
