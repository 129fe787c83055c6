"""Fixes that made a client lose whom they were for after the shorter term, also where nobody ever began them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from checks.fixes.kinds.create_client import CreateClient
from checks.fixes.undo import why_not
from checks.retention import purge
from checks.settings import StoreSettings
from checks.store import FixRecord, PlanRecord, StepRecord, Store

SETTINGS = StoreSettings(retention_days=400, personal_retention_days=90)
PEOPLE = ("Zwaan", "godelieve", "Achterpoort", "K-77", "K-78", "rik@zee")


def made(store: Store, at: datetime, state: str = "done") -> None:
    """A fix that made a client, in a plan that left another one out."""
    user = {"Email": "godelieve@bistro.example", "ClientNumber": "K-77"}
    before: dict[str, Any] = {
        "ClientNumber": "K-77",
        "client": {"Name": "Zwaan", "ClientNumber": "K-77"},
        "users": [user],
        "locations": [{"StreetName": "Achterpoort", "ClientNumber": "K-77"}],
    }
    request = {"method": "POST", "path": "Users", "params": {}, "body": user, "line": "POST /Users"}
    undo = {
        "method": "DELETE",
        "path": "Users",
        "params": {"Email": "godelieve@bistro.example"},
        "body": None,
        "line": "DELETE /Users?Email=godelieve%40bistro.example",
    }
    step = StepRecord("do", "Create user 1 of client K-77", request, [undo])
    record = FixRecord(
        "fix", "K-77", "Zwaan", "confirm", None, before, ["New: Zwaan."], (step,), undo="Zwaan goes."
    )
    left = [{"key": "K-78", "reason": "The e-mail of rik@zee.example is taken."}]
    store.journal.add_plan(
        PlanRecord("plan", "create-client", "onboarding", "webshop", at, "Els", None, {}, left, (record,))
    )
    if state != "planned":
        assert store.journal.claim("fix", "worker", "Els", at)
        store.journal.update_step("fix", 1, "failed", "Zwaan is known.", at, "Els")
        store.journal.finish("fix", state, "Put back: Zwaan is known.", at)


def told(store: Store) -> str:
    return f"{store.journal.fix('fix')} {store.journal.plan('plan')} {store.journal.steps('fix')}"


@pytest.mark.parametrize(("state", "after"), [("done", "done"), ("failed", "failed"), ("planned", "failed")])
def test_nothing_is_left_of_whom_it_was_for(store: Store, now: datetime, state: str, after: str) -> None:
    made(store, now, state)
    purged = purge(store, SETTINGS, "Jan", now + timedelta(days=91))
    assert purged.tallies["client_numbers"].count == 2
    assert not [word for word in PEOPLE if word in told(store)]
    row = store.journal.fix("fix")
    assert row is not None
    assert (row["key"], row["state"], row["title"]) == ("(removed) 0", after, None)
    (step,) = store.journal.steps("fix")
    assert (step["request"]["line"], step["title"]) == ("POST /Users", "Create user 1 of client (removed)")
    if state == "done":
        assert str(why_not(row, CreateClient())).startswith("Cannot be undone any more")
    assert purge(store, SETTINGS, "Jan", now + timedelta(days=91), dry_run=True).nothing


@pytest.mark.parametrize("state", ["planned", "done", "needs_attention"])
def test_what_is_young_or_not_finished_stays(store: Store, now: datetime, state: str) -> None:
    made(store, now, state)
    days = 400 if state == "needs_attention" else 89
    purge(store, SETTINGS, "Jan", now + timedelta(days=days))
    assert "godelieve@bistro.example" in told(store)
