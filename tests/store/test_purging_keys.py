"""Keys that name a client lose it too, and pictures that no fix ever named go."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from checks.retention import purge
from checks.settings import StoreSettings
from checks.store import FixRecord, PlanRecord, StepRecord, Store, tables
from checks.store.engine import writing

SETTINGS = StoreSettings(retention_days=400, personal_retention_days=90)

#: fix, a key, and what is left of it.
KEYS = [
    ("delete-client-product", "A100|4711", "A100|(removed) 0"),
    ("delete-order-list-item", "4711|A100", "(removed) 0|A100"),
]


def ended(store: Store, fix: str, key: str, at: datetime, client: str = "4711") -> None:
    """A fix of one key that was done, in a plan that left another key out."""
    before: dict[str, Any] = {"WholesalerArticleNumber": "A100", "ClientNumber": client}
    step = StepRecord("do", f"Take A100 off the order list of client {client}", {"method": "DELETE"}, [])
    record = FixRecord("fix", key, None, "irreversible", None, before, [], (step,))
    left = {"key": key.replace("A100", "B200"), "reason": "It is not there any more."}
    store.journal.add_plan(PlanRecord("plan", fix, "x", "webshop", at, "Els", None, {}, [left], (record,)))
    assert store.journal.claim("fix", "worker", "Els", at)
    store.journal.finish("fix", "done", "Deleted, and read back.", at)


@pytest.mark.parametrize(("fix", "key", "left"), KEYS)
def test_a_key_that_names_a_client_loses_it(
    store: Store, now: datetime, fix: str, key: str, left: str
) -> None:
    ended(store, fix, key, now)
    purge(store, SETTINGS, "Jan", now + timedelta(days=91))
    row, plan = store.journal.fix("fix"), store.journal.plan("plan")
    assert row is not None
    assert plan is not None
    assert row["key"] == left
    assert "4711" not in f"{row} {plan} {store.journal.steps('fix')}"
    assert purge(store, SETTINGS, "Jan", now + timedelta(days=91), dry_run=True).nothing


def test_an_article_that_reads_like_the_client_goes_with_it(store: Store, now: datetime) -> None:
    """Of `4711|4711` nobody can tell which is which: both go."""
    ended(store, "delete-client-product", "4711|4711", now)
    purge(store, SETTINGS, "Jan", now + timedelta(days=91))
    row = store.journal.fix("fix")
    assert row is not None
    assert row["key"] == "(removed) 0|(removed) 0"


def test_a_picture_that_was_given_and_never_planned_goes_after_the_longer_term(
    store: Store, now: datetime
) -> None:
    sha256 = store.journal.put_blob(b"picture")
    came = sa.update(tables.fix_blobs).values(at=now)
    with writing(store.engine) as connection:
        connection.execute(came)
    purge(store, SETTINGS, "Jan", now + timedelta(days=399))
    assert store.journal.blob(sha256) == b"picture"
    purge(store, SETTINGS, "Jan", now + timedelta(days=401))
    with pytest.raises(KeyError):
        store.journal.blob(sha256)


def test_a_picture_given_again_counts_from_then_on(store: Store, now: datetime) -> None:
    sha256 = store.journal.put_blob(b"picture")
    with writing(store.engine) as connection:
        connection.execute(sa.update(tables.fix_blobs).values(at=now - timedelta(days=4000)))
    store.journal.put_blob(b"picture")
    purge(store, SETTINGS, "Jan", now)
    assert store.journal.blob(sha256) == b"picture"
