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
    ("missing-photo", "warning", "product", "upload-photo"),
    ("invalid-reference", "error", "product", "set-reference"),
    ("missing-reference", "error", "product", "set-reference"),
    ("category-not-leaf", "error", "product", "set-reference"),
    ("invalid-ean", "error", "product", "edit-product"),
    ("restricted-ean", "info", "product", None),
    ("duplicate-ean", "error", "product", "edit-product"),
    ("forbidden-characters", "error", "product", None),
    ("order-unprocessed", "warning", "order", "process-order"),
]


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
    assert set(check.needs_rows) <= set(check.needs)
