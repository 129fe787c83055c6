"""Plans that have no finding, on the page Fixes and on the page of one fix."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from checks.fixes import FIXES, ONBOARDING
from checks.store import FixRecord, PlanRecord, StepRecord, Store
from dashboard.parts import fix_words

Open = Callable[..., Any]
NOW = datetime.now(UTC)
NEW = [fix.id for fix in FIXES.values() if not fix.checks]

BEFORE: dict[str, dict[str, Any]] = {
    "create-link": {"WholesalerArticleNumber": "N1", "new": {}, "code": {"EanCode": "1"}, "central": {}},
    "create-own": {"WholesalerArticleNumber": "N1", "new": {}, "code": None, "gtin": None},
    "create-client": {"ClientNumber": "N1", "client": {}, "users": [], "locations": []},
}


def planned(store: Store, fix: str) -> None:
    """A plan of one key, of which nothing was begun."""
    request = {
        "method": "POST",
        "path": "Clients",
        "params": {},
        "body": {"Name": "Zwaan"},
        "line": "POST /Clients",
    }
    step = StepRecord("do", "Create it", request, [])
    record = FixRecord(
        "fix1", "N1", "Zwaan", "safe", None, BEFORE[fix], ["New: it."], (step,), undo="It goes."
    )
    store.journal.add_plan(
        PlanRecord("plan1", fix, ONBOARDING, "webshop", NOW, "an", None, {}, [], (record,))
    )


@pytest.mark.parametrize("fix", NEW)
def test_its_page_tells_it_step_by_step(full: Store, open_page: Open, fix: str) -> None:
    planned(full, fix)
    full.journal.claim("fix1", "worker", "an", NOW)
    full.journal.finish("fix1", "done", "Created. Read back.", NOW)
    screen = open_page("fix", fix="fix1")
    assert "Created. Read back." in screen.words
    assert not [one for one in screen.app.expander if one.label.startswith("As it was")]
    assert not screen.app.button(key="fix-undo").disabled


def test_the_journal_lists_and_filters_it(full: Store, open_page: Open) -> None:
    planned(full, "create-client")
    screen = open_page("fixes", check=ONBOARDING)
    assert [row["key"] for row in screen.rows()] == ["N1"]
    assert "Create 1 client" in open_page("fixes").words


def test_what_is_said_of_it() -> None:
    assert NEW == ["create-link", "create-own", "create-client"]
    for fix in NEW:
        assert fix in fix_words.ICONS
        assert fix in fix_words.MEANING
    assert fix_words.proof("create-own", ONBOARDING) == "created and read back"
    assert fix_words.proof("create-own", ONBOARDING, undo=True) == "undone and read back"
    assert fix_words.proof("link-central", "own-became-central") == "linked, read back and closed"
