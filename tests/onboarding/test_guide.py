"""The guide's list is ticked by evidence."""

from __future__ import annotations

import pytest

from checks.onboarding.guide import GUIDE, STEPS, Guide


def test_at_first_nothing_is_ticked() -> None:
    guide = Guide()
    assert guide.table.schema == GUIDE
    assert guide.table["done"].to_list() == [None] * len(STEPS)
    assert len(guide.open) == sum(step.by == "notebook" for step in STEPS)


def test_a_step_that_was_tried_and_is_not_done_stays_open() -> None:
    guide = (
        Guide()
        .tick("lookups", False, "Brands could not be collected")
        .tick("get", True, "every answer is ok")
    )
    assert "Test the GET functions of the API." not in guide.open
    assert any("lookup tables" in asked for asked in guide.open)
    assert "[!] Fetch the central lookup tables" in repr(guide)
    assert "[x] Test the GET functions of the API. every answer is ok" in repr(guide)


def test_an_unknown_step_cannot_be_ticked() -> None:
    with pytest.raises(KeyError):
        Guide().tick("everything", True, "")
