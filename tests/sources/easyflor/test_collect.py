"""Debtors over real HTTP: whole, one, and what changed since the last run."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from checks.errors import RequestRejected
from checks.frames import FRAMES, Collected
from checks.sandbox.easyflor.server import EasyFlorSandbox
from checks.settings_sources import EasyFlorSource
from checks.sources.easyflor.client import EasyFlorClient
from checks.sources.easyflor.collect import decode, since_day
from checks.sources.easyflor.system import SYSTEM

Make = Callable[..., EasyFlorSandbox]
SourceOf = Callable[..., EasyFlorSource]
Collect = Callable[..., Collected]

NOON = datetime(2026, 10, 26, 12, tzinfo=UTC)


def asked(erp: EasyFlorSandbox) -> list[str]:
    return [path for method, path, _, _ in erp.log if method == "GET"]


def row(one: Collected, debtor_id: int) -> dict[str, object]:
    assert one.data is not None
    return one.data.row(by_predicate=pl.col("debtor_id") == debtor_id, named=True)


def test_the_frame_comes_home_in_its_shape(make_erp: Make, collected: Collect) -> None:
    erp = make_erp()
    one = collected(erp)
    assert (one.status, one.message, one.mode, one.drift, one.unusable) == ("ok", None, "full", (), {})
    assert one.data is not None
    assert one.data.schema == FRAMES["debtors"].schema
    assert set(one.data["debtor_id"]) == set(erp.api.books.rows)
    assert one.server_at is not None


def test_a_debtor_as_the_server_has_it(make_erp: Make, collected: Collect) -> None:
    erp = make_erp()
    theirs = erp.api.books.rows[501]
    ours = row(collected(erp), 501)
    assert (ours["code"], ours["name"], ours["currency"]) == (theirs["Code"], theirs["Name"], "EUR")
    assert ours["place"] == theirs["Addresses"][0]["City"]
    assert ours["vat_number"] == theirs["Numbers"][1]["Value"]
    assert ours["contacts"] == len(theirs["Contacts"])
    users = [user for contact in theirs["Contacts"] for user in contact["Users"]]
    assert ours["users"] == sum(user["CanOrder"] for user in users)
    assert len(ours["order_days"]) == len(theirs["OrderDays"])  # type: ignore[arg-type]
    assert ours["created"] == datetime.fromisoformat(theirs["CreatedOn"])


@pytest.mark.parametrize("single_as_array", [False, True])
@pytest.mark.parametrize("status", [400, 200])
def test_one_debtor_as_an_object_or_an_array(
    make_erp: Make, source_of: SourceOf, single_as_array: bool, status: int, two_tries: None
) -> None:
    erp = make_erp(single_as_array=single_as_array, error_status=status)
    with EasyFlorClient(source_of(erp)) as client:
        found = client.debtor(501, decode)
        assert found is not None
        assert found[0]["debtor_id"].to_list() == [501]
        assert client.debtor(7, decode) is None


def test_the_code_of_an_error_tells_that_there_is_none_whatever_the_status(
    make_erp: Make, source_of: SourceOf, two_tries: None
) -> None:
    for status in (404, 500):
        with EasyFlorClient(source_of(make_erp(error_status=status))) as client:
            assert client.debtor(7, decode) is None


def test_a_refusal_says_the_servers_own_words(make_erp: Make, source_of: SourceOf) -> None:
    erp = make_erp()
    with EasyFlorClient(source_of(erp)) as client, pytest.raises(RequestRejected) as raised:
        client.http.get("debtorsincedate/gisteren", {}, lambda body: body)
    assert raised.value.reasons == ("NoOrInvalidRequest: The date must be written as yyyy-MM-dd.",)


def test_the_next_run_asks_for_changes_since_the_day_before(make_erp: Make, collected: Collect) -> None:
    erp = make_erp(clock=lambda: NOON)
    first = collected(erp)
    erp.advance(hours=20)
    erp.change(501, Block=True, Name="Andere naam")
    erp.log.clear()
    second = collected(erp, after=first)
    assert asked(erp) == ["debtorsincedate/2026-10-25"]
    assert (second.status, second.mode, second.rows) == ("ok", "changes", first.rows)
    assert (row(second, 501)["blocked"], row(second, 501)["name"]) == (True, "Andere naam")
    assert (second.full_at, second.read_at) == (
        first.full_at,
        erp.now().replace(microsecond=second.read_at.microsecond),
    )  # type: ignore[union-attr]
    assert first.data is not None
    assert second.data is not None
    others = pl.col("debtor_id") != 501
    assert second.data.filter(others).sort("debtor_id").equals(first.data.filter(others).sort("debtor_id"))


def test_a_new_debtor_comes_with_the_changes(make_erp: Make, collected: Collect) -> None:
    erp = make_erp(clock=lambda: NOON)
    first = collected(erp)
    new = dict(erp.api.books.rows[501]) | {"Id": 9_999, "Code": "D9999"}
    erp.api.books.rows[9_999] = new
    erp.change(9_999)
    second = collected(erp, after=first)
    assert second.rows == first.rows + 1
    assert row(second, 9_999)["code"] == "D9999"


def test_nothing_changed_is_carried_over(make_erp: Make, collected: Collect) -> None:
    erp = make_erp(clock=lambda: NOON)
    first = collected(erp)
    second = collected(erp, after=first)
    assert (second.mode, second.carried_from, second.rows) == ("carried", "run-1", first.rows)


def test_a_deletion_is_seen_by_the_next_full_reading(make_erp: Make, collected: Collect) -> None:
    erp = make_erp(clock=lambda: NOON)
    first = collected(erp)
    erp.remove(501)
    assert collected(erp, after=first).rows == first.rows
    assert collected(erp).rows == first.rows - 1


def test_days_are_counted_in_belgium() -> None:
    assert since_day(datetime(2026, 10, 25, 22, 30, tzinfo=UTC)) == date(2026, 10, 24)
    assert since_day(datetime(2026, 10, 25, 23, 30, tzinfo=UTC)) == date(2026, 10, 25)
    assert since_day(datetime(2026, 7, 1, 22, 30, tzinfo=UTC)) == date(2026, 7, 1)


def test_a_server_whose_clock_is_behind_is_asked_by_its_own_days(make_erp: Make, collected: Collect) -> None:
    erp = make_erp(clock=lambda: NOON)
    ahead = NOON + timedelta(days=3)  # this machine's clock
    first = collected(erp, now=ahead)
    erp.change(501, Block=True)  # three days ago, as this machine counts
    erp.log.clear()
    second = collected(erp, after=first, now=ahead + timedelta(minutes=1))
    assert asked(erp)[-1] == "debtorsincedate/2026-10-25"
    assert row(second, 501)["blocked"] is True


def test_changes_that_the_server_does_not_tell_are_read_whole(make_erp: Make, collected: Collect) -> None:
    erp = make_erp(clock=lambda: NOON)
    first = collected(erp)
    api = erp.api
    usual = api._debtors
    api._debtors = (  # type: ignore[method-assign]
        lambda name, *rest: (
            api._refused("NoOrInvalidRequest", "No.") if name != "debtor" else usual(name, *rest)
        )
    )
    second = collected(erp, after=first)
    assert (second.status, second.mode, second.rows) == ("ok", "full", first.rows)
    assert "Read in full: what changed since 2026-10-25 is not told" in (second.message or "")


def test_another_database_is_no_ground_to_build_on(make_erp: Make, source_of: SourceOf) -> None:
    source = source_of(make_erp())
    assert SYSTEM.marks(source) != SYSTEM.marks(source.model_copy(update={"database": "Elders"}))


def test_a_doctor_reaches_it_and_looks_at_its_fields(make_erp: Make, source_of: SourceOf) -> None:
    erp = make_erp(clock=lambda: NOON)
    erp.change(501)
    with EasyFlorClient(source_of(erp, limited=["debtors"])) as client:
        SYSTEM.reach(client)
        fields, hours = SYSTEM.probes(client)
    assert (fields.verdict, hours.verdict) == ("ok", "ok")
    assert hours.detail.startswith("Closed now: debtors can be read from 2026-10-26 18:00 UTC on.")
    assert "debtor" not in asked(erp), "a doctor does not read the whole list"


def test_a_doctor_says_which_field_is_gone(make_erp: Make, source_of: SourceOf) -> None:
    erp = make_erp(clock=lambda: NOON)
    for number, debtor in erp.api.books.rows.items():
        del debtor["Category"]
        erp.change(number)
    with EasyFlorClient(source_of(erp)) as client:
        SYSTEM.reach(client)
        fields, _ = SYSTEM.probes(client)
    assert fields.verdict == "wrong"
    assert "Category is in none of" in fields.detail


def test_a_doctor_who_comes_at_a_closed_hour_reaches_it_all_the_same(
    make_erp: Make, source_of: SourceOf
) -> None:
    erp = make_erp(clock=lambda: NOON, limited_routes=("debtor", "debtorsincedate"))
    with EasyFlorClient(source_of(erp)) as client:
        SYSTEM.reach(client)
        fields, _ = SYSTEM.probes(client)
    assert fields.verdict == "could_not_ask"
    assert "18:00 UTC" in fields.detail
