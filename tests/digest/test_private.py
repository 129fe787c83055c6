"""No address of a customer leaves the house."""

from __future__ import annotations

import json
from datetime import timedelta
from urllib.parse import quote

import polars as pl
import pytest

from checks.digest import digest
from checks.digest.words import in_brief, without_addresses
from checks.findings import FOUND, CheckResult
from checks.settings import Settings
from checks.store import Store
from tests.digest.conftest import DAY1, DAY2, URL, Links


def test_no_address_of_a_customer_leaves_the_house(settings: Settings, store: Store) -> None:
    who, other = "an.peeters@klant.be", "jan+shop@klant.co.uk"
    rows = [
        ("user-unknown-client", "error", "webshop", "user", who, None, "C1", f"{who} is of no client.", None),
        ("client-without-user", "error", "webshop", "client", other, None, "x", f"Nobody for {other}.", None),
        ("invalid-ean", "error", "webshop", "product", "A1", None, "x", f"Ask {who}: wrong.", None),
    ]
    results = [CheckResult(row[0], "webshop", "failed", 1, entities=9) for row in rows]
    results.append(
        CheckResult("order-unprocessed", "webshop", "could_not_run", message=f"GET Users/{who}: no answer")
    )
    data = pl.DataFrame(rows, schema=FOUND, orient="row")
    for at in (DAY1, DAY1 + timedelta(days=3)):
        run_id = store.begin_run("full", "test")
        store.finish_run(run_id, "partial", "full", f"{who} broke it", [], results, data, at)
        if at == DAY1:
            store.snooze(store.findings()["id"], DAY2, "An", f"Mailed {who}", now=at)
    told = digest(settings, store)
    assert told.news.ended
    assert told.news.oldest
    everything = [told.subject, told.text, told.html, json.dumps(told.as_json(), default=str)]
    everything.append(in_brief(told.news, 3000))
    for form in everything:
        for address in (who, other):
            for written in (address, quote(address, safe=""), address.partition("@")[0]):
                assert written not in form
    (user,) = store.findings(check="user-unknown-client")["id"]
    assert "a user: a user is of no client." in told.text
    assert f"{URL}/findings?finding={user}" in Links(told.html).found
    assert "a client: Nobody for (an e-mail address)." not in told.text, "its key is named by what it is"
    assert "A1: Ask (an e-mail address): wrong." in told.text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Kaas 2@3 stuks @ €3.50", "Kaas 2@3 stuks @ €3.50"),
        ("prijs 2@3.50", "prijs 2@3.50"),
        ("<an@klant.be>, 'els@x.vlaanderen'.", "<(an e-mail address)>, '(an e-mail address)'."),
        ("?user=an%40klant.be&x=1", "?user=(an e-mail address)&x=1"),
    ],
)
def test_only_addresses_are_taken_out(text: str, said: str) -> None:
    assert without_addresses(text) == said
