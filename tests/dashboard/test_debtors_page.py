"""ERP debtors: the answer, findings by check, the list, one debtor with its parents; deferred is told apart from missing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from checks.store import Store
from dashboard.parts.debtors_rows import (
    CLIENTS,
    chain,
    chosen,
    debtor_rows,
    invoiced_for,
    order_day_lines,
    until,
)
from tests.dashboard import beside
from tests.dashboard.beside import DEFERRED, ERP, NOW
from tests.dashboard.shop import SOURCE

Open = Callable[..., Any]

LATER = {(ERP, "debtors"): ("deferred", DEFERRED)}


@pytest.fixture
def full(four: Store) -> Store:
    """The same after two health checks, a day apart."""
    first = [one for one in beside.FINDINGS if one["check"] != "debtor-cycle"]
    beside.health_check(four, at=NOW - timedelta(days=1), found=first)
    beside.health_check(four)
    return four


def test_without_an_erp_it_says_how_to_add_one(config: Path, store: Store, open_page: Open) -> None:
    screen = open_page("debtors")
    assert "No ERP in the settings" in screen.words
    assert 'system = "easyflor"' in screen.app.code[0].value
    assert "All is well" not in screen.words


def test_before_the_first_run_a_run_is_offered(four: Store, open_page: Open) -> None:
    assert open_page("debtors").app.button(key="run-first").label == "Run now"


def test_the_answer_says_what_of_the_books_matters(full: Store, open_page: Open) -> None:
    words = open_page("debtors").words
    assert "**4 debtors**; **1** of them is a client of the shop" in words
    assert "**1** blocked, of which **1** is an active client; something is wrong with **2**." in words


def test_findings_stand_by_check_and_lead_to_their_list(full: Store, open_page: Open) -> None:
    screen = open_page("debtors")
    words = screen.words + "\n".join(screen.links)
    assert "**1 debtor** that webshop has no client for" in words
    assert screen.links.count("Open the list") == 3
    captions = [one.value for one in screen.app.caption]
    assert captions.count("=") == 2
    assert "▲ 1" in captions
    assert any("all sound" in one for one in captions)


def test_all_well_says_what_was_checked(four: Store, open_page: Open) -> None:
    beside.health_check(four, found=[])
    assert "All is well: 4 debtors checked" in open_page("debtors").words


def test_could_not_run_is_no_all_is_well(four: Store, open_page: Open) -> None:
    beside.health_check(four, found=[], blind={"debtor-cycle": "Column parent_id cannot be judged."})
    words = open_page("debtors").words
    assert "could not run in the last health check Column parent_id cannot be judged." in words
    assert "All is well" not in words


def test_left_for_later_is_shown_as_of_the_run_before(full: Store, open_page: Open) -> None:
    why = "debtors were left for later."
    blind = dict.fromkeys(beside.checks_of(ERP), why)
    beside.health_check(full, states=LATER, found=[], blind=blind)
    screen = open_page("debtors")
    assert "Debtors were left for later" in screen.words
    assert "it is asked again from 18:00 UTC (19:00 in Brussels)" in screen.words
    assert "What you see is as of" in screen.words
    assert "**4 debtors**" in screen.words
    assert "All is well" not in screen.words
    assert "The last health check was partial: Debtors left for later" in screen.words
    overview = open_page()
    assert any("left for later" in link for link in overview.links)


def test_the_overview_tells_once_why_debtors_are_left_for_later(full: Store, open_page: Open) -> None:
    blind = dict.fromkeys(beside.checks_of(ERP), f"Debtors could not be collected: {DEFERRED}")
    blind |= {"article-invalid-ean": "Supplier articles: units are gone."}
    beside.health_check(full, states=LATER, found=[], blind=blind)
    overview = open_page()
    said = "\n".join([overview.words, *overview.links])
    assert said.count("it is asked again from 18:00 UTC") == 1
    assert "9 checks: Debtor without a required field, Debtor of an unknown parent" in overview.words
    assert "Supplier articles: units are gone." in overview.words, "another reason stands by itself"
    assert "Findings of these checks stayed as they were" in overview.words


def test_clients_are_counted_where_several_debtors_are_one_client(
    four: Store, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    twins = [beside.debtor(number, f"Zaak {number}", code="K1", blocked=True) for number in (20, 21)]
    rows = beside.debtors()
    more = pl.concat([rows, beside.frame("debtors", twins)])
    monkeypatch.setattr(beside, "debtors", lambda: more)
    beside.health_check(four)
    words = open_page("debtors").words
    assert "**6 debtors**; **3** of them belong to **1 client** of the shop, for some have several" in words
    assert (
        "**3** blocked; **3** of these belong to **1 active client**, of whom **1** has no other debtor and cannot buy"
        in words
    )
    free = pl.concat([more, beside.frame("debtors", [beside.debtor(22, "Zaak 22", code="K1")])])
    monkeypatch.setattr(beside, "debtors", lambda: free)
    beside.health_check(four, at=NOW + timedelta(hours=1))
    assert "**1 active client**, who can buy by another debtor" in open_page("debtors").words


def test_left_for_later_before_anything_came_says_so(four: Store, open_page: Open) -> None:
    beside.health_check(four, states=LATER, found=[])
    words = open_page("debtors").words
    assert "None were collected before, so there is nothing to show yet." in words
    assert "not known" not in words.partition("What these checks mean")[0]


def test_debtors_that_could_not_be_collected_are_told_with_the_reason(four: Store, open_page: Open) -> None:
    beside.health_check(four, states={(ERP, "debtors"): ("failed", "easyflor: login refused.")}, found=[])
    words = open_page("debtors").words
    assert "What the debtors of easyflor are is not known Debtors: easyflor: login refused." in words


def test_the_list_shows_what_a_person_looks_for(full: Store, open_page: Open) -> None:
    rows = {row["code"]: row for row in open_page("debtors", view="debtors").rows()}
    assert list(rows)[:2] == ["K12", "K10"] or list(rows)[:2] == ["K10", "K12"], "what is wrong stands first"
    assert rows["K1"]["blocked"] == "✕ yes"
    assert rows["K1"]["client"] == "Bistro Zon"
    assert rows["K1"]["parent"] == "K10 Horecagroep"
    assert rows["K1"]["days"] == "Tue"
    assert rows["K12"]["parent"] == "K99 (not known)"
    assert [row["code"] for row in open_page("debtors", view="debtors", show="blocked").rows()] == ["K1"]
    assert [row["code"] for row in open_page("debtors", view="debtors", text="maan").rows()] == ["K12"]
    assert "No debtor matches" in open_page("debtors", view="debtors", text="nobody").words


def test_one_debtor_shows_its_client_its_parents_and_when_it_may_order(full: Store, open_page: Open) -> None:
    screen = open_page("debtors", debtor="1")
    assert "#### Bistro Zon NV" in screen.words
    assert any(link.startswith("Client **Bistro Zon**") for link in screen.links)
    labels = [button.label.replace("\\", "") for button in screen.app.button]
    above = [label for label in labels if "arrow_upward" in label]
    assert [("Horecagroep" in one, "a ring" in one) for one in above] == [
        (True, False),
        (False, False),
        (True, True),
    ]
    days = screen.app.table[-1].value
    assert days.to_dict("records") == [{"For": "Tuesday", "Order": "the day before, until 15\\:30"}]


def test_who_it_is_invoiced_for_says_what_is_not_there(full: Store, open_page: Open) -> None:
    screen = open_page("debtors", debtor="10")
    assert "**Invoiced for**" in screen.words
    assert "**404**, which the ERP does not have" in screen.words
    assert "Horecagroep is its own parent" in screen.words
    gone = open_page("debtors", debtor="77")
    assert "The ERP does not have it" in gone.words


def test_a_shops_finding_leads_to_the_debtor(full: Store, open_page: Open) -> None:
    screen = open_page("debtors", debtor="12")
    assert "No client K12 in the shop." in screen.words
    one = full.findings(check=["debtor-without-client"])["id"][0]
    panel = open_page("findings", finding=one)
    assert "#### Frituur Maan" in panel.words
    assert "The debtor" in panel.words
    assert "K12 ·" in panel.words
    row = next(row for row in open_page("findings", check="debtor-without-client").rows())
    assert (row["key"], row["name"]) == ("K12", "Frituur Maan")


def test_a_client_leads_to_its_debtor(full: Store, open_page: Open) -> None:
    screen = open_page("clients", client="K1")
    assert "**1 active client is blocked in the ERP**" in screen.words
    assert screen.rows()[0]["wrong"] == ["✕ Blocked in ERP"]
    links = screen.links
    assert any(link.startswith("Debtor **Bistro Zon NV**") and "blocked" in link for link in links)


def test_a_viewer_reads_it_all(full: Store, config: Path, open_page: Open) -> None:
    account = open_page("debtors").app.session_state["place"].person.name
    config.write_text(
        config.read_text(encoding="utf-8")
        + f'\n[team]\nsign_in = false\n[team.accounts]\n"{account}" = "viewer"\n',
        encoding="utf-8",
    )
    assert "**4 debtors**" in open_page("debtors").words


def test_rows_find_the_client_by_code_or_by_id() -> None:
    clients = pl.DataFrame([(SOURCE, "K1 ", "Bistro Zon", True)], CLIENTS, orient="row")
    rows = debtor_rows(beside.debtors(), "code", clients, None)
    assert rows.filter(pl.col("shop").is_not_null())["id"].to_list() == ["1"]
    by_id = clients.with_columns(client_number=pl.lit("12"))
    rows = debtor_rows(beside.debtors(), "debtor_id", by_id, None)
    assert chosen(rows, show="unknown").height == 3


def test_a_chain_of_parents_ends_where_it_bites_its_tail() -> None:
    assert [(one["debtor_id"], one["again"]) for one in chain(beside.debtors(), 1)] == [
        (10, False),
        (11, False),
        (10, True),
    ]
    assert [one["known"] for one in chain(beside.debtors(), 12)] == [False]
    debtor = beside.debtors().row(1, named=True)
    assert [(one["debtor_id"], one["known"]) for one in invoiced_for(beside.debtors(), debtor)] == [
        (1, True),
        (404, False),
    ]


@pytest.mark.parametrize(
    ("shift", "clock", "written", "said"),
    [
        (-1, time(15, 30), "-01.15:30:00", "the day before, until 15:30"),
        (0, time(9, 5), "09:05:00", "the same day, until 09:05"),
        (-2, time(12, 0), "-02.12:00:00", "2 days before, until 12:00"),
        (None, None, "noon", "cannot be read: noon"),
        (None, None, None, "at any time"),
    ],
)
def test_order_moments_are_told_in_words(
    shift: int | None, clock: time | None, written: str | None, said: str
) -> None:
    assert until({"day_shift": shift, "clock": clock, "until": written}) == said


def test_sunday_may_be_written_two_ways_and_other_days_by_name() -> None:
    days = [
        {"day": number, "name": name, "clock": None, "until": None, "day_shift": None}
        for number, name in ((7, "Zondag"), (0, "Zondag"), (9, "Feestdag"), (None, None))
    ]
    assert [line["Day"] for line in order_day_lines(days)] == ["Sunday", "Sunday", "Feestdag", "day None"]
