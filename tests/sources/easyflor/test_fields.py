"""The fields of a debtor: what is null, of another type, new or gone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from typing import Any

import msgspec
import polars as pl
import pytest

from checks.frames import Collected, Frames
from checks.sandbox.easyflor.server import EasyFlorSandbox
from checks.sources.answers import AnswerHasErrors
from checks.sources.easyflor.collect import decode
from checks.sources.easyflor.wire import payload

Make = Callable[..., EasyFlorSandbox]
Collect = Callable[..., Collected]

SAMPLE = b"""[{"Id":501,"ParentId":null,"Code":"TEST01","Administration":"Hoofd","Name":"Test Bloemen","Category":"Winkel",
  "Country":"NLD","Language":"nl","CurrencyISOCode":"EUR","Currency":"EUR","Block":false,"PaysVAT":true,
  "MarkupCategories":[],"CreatedOn":"2024-03-04T10:30:00+01:00","Addresses":null,"Numbers":null,
  "OrderDays":[{"Id":"orderdays/9","Name":"Dinsdag","Day":2,"MaxDefaultOrderTime":"-1.15:30:00","Lists":[]}]}]"""


def read(body: bytes) -> pl.DataFrame:
    return decode(payload(body))[0]


def test_the_documents_own_sample() -> None:
    (one,) = read(SAMPLE).to_dicts()
    assert (one["debtor_id"], one["code"], one["country"]) == (501, "TEST01", "NLD")
    assert (one["blocked"], one["pays_vat"], one["place"], one["contacts"]) == (False, True, None, None)
    (day,) = one["order_days"]
    assert (day["day"], day["until"], day["day_shift"], day["clock"]) == (2, "-1.15:30:00", -1, time(15, 30))


def test_no_contacts_is_none_and_not_unknown() -> None:
    rows = [
        {"Id": 1},
        {"Id": 2, "Contacts": None},
        {"Id": 3, "Contacts": []},
        {"Id": 4, "Contacts": [{"Users": None}]},
    ]
    found = read(msgspec.json.encode(rows))
    assert found["contacts"].to_list() == [None, 0, 0, 1]
    assert found["users"].to_list() == [None, 0, 0, 0]


def test_a_time_that_cannot_be_read_is_kept_as_it_was_written() -> None:
    rows = [{"Id": 1, "OrderDays": [{"Id": "orderdays/9", "Day": 2, "MaxDefaultOrderTime": "15:30"}]}]
    (day,) = read(msgspec.json.encode(rows))["order_days"][0].to_list()
    assert (day["until"], day["day_shift"], day["clock"]) == ("15:30", None, None)


@pytest.mark.parametrize(
    "body", [b"null", b"7", b'"x"', b"{}", b'{"Debtors": []}', b"[7]", b'[{"Id":', b"\xff\xfe"]
)
def test_what_is_no_list_of_debtors_is_unreadable_and_not_empty(body: bytes) -> None:
    with pytest.raises((ValueError, msgspec.DecodeError)):
        read(body)


def test_an_error_object_is_an_error_with_any_status() -> None:
    with pytest.raises(AnswerHasErrors, match="ArgumentNotFound: Which"):
        payload(b'{"error": "ArgumentNotFound", "message": "Which one?"}')


def test_no_debtors_are_an_empty_frame() -> None:
    assert read(b"[]").is_empty()


def everywhere(erp: EasyFlorSandbox, change: Callable[[dict[str, Any]], object]) -> None:
    for debtor in erp.api.books.rows.values():
        change(debtor)


def test_a_field_that_is_new_is_told_by_its_name_alone(make_erp: Make, collected: Collect) -> None:
    erp = make_erp()
    everywhere(erp, lambda debtor: debtor.update(MailPassword="geheim-van-de-mail"))
    one = collected(erp)
    (drift,) = one.drift
    assert (drift.field, drift.kind) == ("MailPassword", "new")
    assert "geheim" not in repr(one)


@pytest.mark.parametrize(
    ("field", "column"),
    [
        ("Block", "blocked"),
        ("Contacts", "contacts"),
        ("Contacts", "users"),
        ("Numbers", "vat_number"),
        ("Code", "code"),
    ],
)
def test_a_field_that_is_gone_makes_its_column_unusable(
    make_erp: Make, collected: Collect, field: str, column: str
) -> None:
    erp = make_erp()
    everywhere(erp, lambda debtor: debtor.pop(field))
    one = collected(erp)
    assert one.status == "ok"
    assert f"{field} is in none of" in one.unusable[column]
    assert "is in none of" in (Frames("erp", {"debtors": one}).why_missing("debtors", (column,)) or "")


def test_a_field_of_another_type_costs_that_field_of_that_row(make_erp: Make, collected: Collect) -> None:
    erp = make_erp()
    erp.change(501, Block="nee", Numbers=7, Addresses="Gent", MailAddresses=3)
    one = collected(erp)
    assert set(one.unusable) == {"blocked"}
    assert one.data is not None
    (row,) = one.data.filter(pl.col("debtor_id") == 501).to_dicts()
    assert (row["blocked"], row["place"], row["code"]) == (None, None, erp.api.books.rows[501]["Code"])


def test_a_moment_that_cannot_be_read_is_told(make_erp: Make, collected: Collect) -> None:
    erp = make_erp()
    erp.change(501, CreatedOn="DateTime")  # as the document's own sample has it
    assert "'DateTime' is not a moment" in collected(erp).unusable["created"]


def test_a_row_without_an_id_is_left_out_and_told(make_erp: Make, collected: Collect) -> None:
    erp = make_erp()
    erp.change(501, Id=None)
    one = collected(erp)
    assert one.rows == len(erp.api.books.rows) - 1
    assert "1 of" in (one.message or "")
    assert "debtor_id" in (one.message or "")
