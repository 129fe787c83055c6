"""The rows that retention takes away, on both databases; what is kept and why is in tests/test_retention.py."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from checks.retention import Purged, purge
from checks.settings import StoreSettings
from checks.store import FixRecord, PlanRecord, StepRecord, Store, tables
from checks.store.engine import writing
from checks.store.purging import OldRows, delete_rows, hold_for_purge, old_rows

Run = Callable[..., str]

SETTINGS = StoreSettings(retention_days=400, personal_retention_days=90)


def price(client: str) -> dict[str, Any]:
    return {"WholesalerArticleNumber": "A100", "ClientNumber": client, "SalesPriceList": 4711.5}


def linked(store: Store, name: str, state: str, ended: datetime, finding_id: str | None = None) -> None:
    """A fix of article A100 with the prices of clients 4711 and Café 7, of whom everything speaks."""
    path = "ClientProducts/Multiple/AddOrUpdate"
    prices = {"method": "POST", "path": path, "body": {"ClientProducts": [price("4711"), price("Café 7")]}}
    gone = {
        "method": "DELETE",
        "path": "ClientProducts",
        "params": {"WholesalerArticleNumber": "A100", "ClientNumber": "4711"},
        "body": None,
        "line": "DELETE /ClientProducts?WholesalerArticleNumber=A100&ClientNumber=4711",
    }
    step = StepRecord("do", "Set the price of client 4711 again (attempt 2)", prices, [gone])
    saved = {
        "own": {"WholesalerArticleNumber": "A100"},
        "client_prices": [price("4711"), price("Café 7") | {"ClientName": "Café Zeven"}],
    }
    record = FixRecord(name, "A100", None, "safe", finding_id, saved, ["Kept: 2 client prices."], (step,))
    why_not = {
        "key": "B",
        "reason": "The price of client 4711, 4712 and Café 7 would be lost: there is none.",
    }
    journal = store.journal
    journal.add_plan(
        PlanRecord(name, "link-central", "x", "webshop", ended, "Els", None, {}, [why_not], (record,))
    )
    assert journal.claim(name, "worker", "Els", ended)
    journal.update_step(name, 1, "failed", "HTTP 400: client 4711 is unknown; Café 7 too.", ended)
    message = "The product changed: price of client 9999: nothing -> new; price of client 4711: list price: 47 -> 4711.5"
    journal.finish(name, state, message, ended)
    if finding_id is not None:
        store.set_finding(finding_id, None, "fix-failed", message, "Els", now=ended)


def everything(store: Store, fix_id: str) -> str:
    """All that the journal says about one fix."""
    return f"{store.journal.plan(fix_id)} {store.journal.fix(fix_id)} {store.journal.steps(fix_id)}"


CLIENTS = ("'4711'", "=4711", "client 4711", "Café", "4712", "9999")


def test_runs_findings_and_pictures_go_by_their_ids(store: Store, run: Run, now: datetime) -> None:
    first, second, third = run("A", "B"), run("B"), run("B", now=now + timedelta(days=2))
    picture = store.journal.put_blob(b"picture")
    with store.engine.begin() as connection:
        connection.execute(sa.update(tables.findings).values(entity="user"))
        long_ago = now - timedelta(days=500)
        connection.execute(
            sa.update(tables.runs).where(tables.runs.c.id != third).values(started_at=long_ago)
        )
    [a] = store.findings(key="A", status="all")["id"]
    fix = FixRecord("fix-A", "A", None, "safe", a, {"photos": [{"sha256": picture}]}, [], ())
    plan = PlanRecord("plan", "link-central", "x", "webshop", now, "Els", None, {}, [], (fix,))
    store.journal.add_plan(plan)
    assert store.journal.claim("fix-A", "worker", "Els", now)
    store.journal.finish("fix-A", "needs_attention", "Hm.", now)

    def looked_up() -> OldRows:
        later = now + timedelta(days=1)
        with store.engine.connect() as connection:
            return old_rows(connection, later - timedelta(days=400), later, ("users",))

    both = sorted((first, second))
    assert looked_up() == OldRows(both, [], 0, [], [], [])  # the fix is not over
    store.journal.finish("fix-A", "done", "Linked.", now - timedelta(days=450))
    old = looked_up()
    assert old == OldRows(both, [a], 2, [picture], [], [])
    with writing(store.engine) as connection:
        hold_for_purge(connection)
        delete_rows(connection, old, "Els", now)
    assert store.runs()["id"].to_list() == [third]
    assert store.findings(status="all")["key"].to_list() == ["B"]
    assert looked_up() == OldRows([], [], 0, [], [], [])


@pytest.mark.parametrize("state", ["done", "failed", "undone"])
def test_the_journal_of_an_ended_fix_loses_client_numbers_and_keeps_the_rest(
    store: Store, run: Run, now: datetime, state: str
) -> None:
    run("A100")
    [finding_id] = store.findings()["id"]
    linked(store, "old", state, now + timedelta(days=1), finding_id)
    revision, later = store.revision(), now + timedelta(days=100)
    assert counted(purge(store, SETTINGS, "Jan", later, dry_run=True)) == {"client_numbers": 2}
    assert "4712" in everything(store, "old")
    assert counted(purge(store, SETTINGS, "Jan", later)) == {"client_numbers": 2}  # a fix and a plan

    said = everything(store, "old") + str(store.events(finding_id)["detail"].to_list())
    assert [client for client in CLIENTS if client in said] == []
    fix, [step] = store.journal.fix("old"), store.journal.steps("old")
    assert fix is not None
    assert (fix["by"], fix["key"], fix["state"], fix["finished_at"]) == (
        "Els",
        "A100",
        state,
        now + timedelta(days=1),
    )
    assert fix["before"]["client_prices"][0] == price("(removed)")
    assert step["title"] == "Set the price of client (removed) again (attempt 2)"
    assert step["answer"] == "HTTP 400: client (removed) is unknown; (removed) too."
    assert step["request"]["body"] == {"ClientProducts": [price("(removed)")] * 2}
    [undo] = step["compensation"]
    assert undo["line"] == "DELETE /ClientProducts?WholesalerArticleNumber=A100&ClientNumber=(removed)"
    assert undo["params"] == {"WholesalerArticleNumber": "A100", "ClientNumber": "(removed)"}
    assert store.revision() > revision
    assert purge(store, SETTINGS, "Jan", later).nothing


@pytest.mark.parametrize(
    ("state", "days_ago"), [("running", 300), ("needs_attention", 300), ("planned", 300), ("done", 89)]
)
def test_a_fix_that_may_go_on_or_ended_lately_keeps_its_client_numbers(
    store: Store, now: datetime, state: str, days_ago: int
) -> None:
    linked(store, "kept", state, now - timedelta(days=days_ago))
    before = store.journal.fix("kept"), store.journal.steps("kept")
    purge(store, SETTINGS, "Jan", now)
    assert (store.journal.fix("kept"), store.journal.steps("kept")) == before


@pytest.mark.parametrize(
    ("client", "said", "left"),
    [
        ("12", "12 client prices set again; list price: 12 -> 12.5; client 12 is unknown.", None),
        ("A100", "A100 is gone: price of client A100: there -> gone", "A100 is gone: price of client (removed): there -> gone"),
        ("100", "A-100 and 100-B are there; 100 is not", "A-100 and 100-B are there; (removed) is not"),
    ],
)  # fmt: skip
def test_a_number_is_struck_out_only_where_it_is_the_clients(
    store: Store, now: datetime, client: str, said: str, left: str | None
) -> None:
    record = FixRecord("fix", "A100", None, "safe", None, {"client_prices": [price(client)]}, [], ())
    ended = now - timedelta(days=100)
    plan = PlanRecord("plan", "link-central", "x", "webshop", ended, "Els", None, {}, [], (record,))
    store.journal.add_plan(plan)
    store.journal.finish("fix", "done", said, ended)
    purge(store, SETTINGS, "Jan", now)
    fix = store.journal.fix("fix")
    assert fix is not None
    assert fix["message"] == (
        left or "12 client prices set again; list price: (removed) -> 12.5; client (removed) is unknown."
    )


def counted(purged: Purged) -> dict[str, int]:
    return {what: tally.count for what, tally in purged.tallies.items() if tally.count}
