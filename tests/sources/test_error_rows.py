"""One row of the error log: names by the mapping, nothing lost, nothing raised."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from checks.frames import FRAMES
from checks.settings_sources import ErrorLogFields
from checks.sources.oresto.error_rows import error_rows
from checks.sources.rows import Shape

FULL: dict[str, Any] = {
    "Id": 12,
    "Date": "2026-11-24T07:00:00.1234567+01:00",
    "DateUtc": "2026-11-24T06:00:00.1234567Z",
    "HttpMethod": "PUT",
    "Url": "/api/Users?Email=jan%40klant.example&Page=2",
    "StatusCode": 400,
    "RequestBody": '{"Email":"jan@klant.example","BrandId":7}',
    "Message": "No.",
    "Exception": None,
    "Errors": ["No.", {"Message": "Never."}],
    "ModelStateErrors": [{"Key": "user.Email", "Message": "Taken: jan@klant.example.", "Exception": ""}],
}


def one(row: Any, fields: ErrorLogFields | None = None, shape: Shape | None = None) -> dict[str, Any]:
    frame = error_rows(
        [row], fields or ErrorLogFields(), shape or Shape(), lambda text: text.replace("hunter2", "***")
    )
    assert frame.schema == FRAMES["error_logs"].schema
    return frame.row(0, named=True)


def test_a_whole_row() -> None:
    row = one(FULL)
    assert row | {"row_id": ""} == {
        "row_id": "",
        "log_id": "12",
        "at": datetime(2026, 11, 24, 6, 0, 0, 123456, tzinfo=UTC),
        "method": "PUT",
        "url": "/api/Users?Email=***&Page=2",
        "status_code": 400,
        "message": "No.",
        "exception": None,
        "errors": ["No.", "Never."],
        "model_errors": [{"field": "user.Email", "message": "Taken: ***@klant.example."}],
        "body": '{"Email":"***","BrandId":7}',
        "raw": None,
    }
    assert len(row["row_id"]) == 20


def test_names_are_those_of_the_settings() -> None:
    row = one({"Nr": 5, "Tekst": "Mis."}, ErrorLogFields(log_id="Nr", message="Tekst"))
    assert (row["log_id"], row["message"], row["raw"]) == ("5", "Mis.", None)


def test_unknown_fields_are_kept_and_change_no_id() -> None:
    row = one({**FULL, "Server": {"Name": "web1", "Password": "x"}})
    assert json.loads(row["raw"]) == {"Server": {"Name": "web1", "Password": "***"}}
    assert row["row_id"] == one(FULL)["row_id"]


def test_another_moment_is_another_row() -> None:
    assert one({**FULL, "DateUtc": "2026-11-25T06:00:00Z"})["row_id"] != one(FULL)["row_id"]


def test_a_row_without_a_number_is_kept_whole() -> None:
    row = one({"Nummer": 5, "Tekst": "Mis.", "Email": "jan@klant.example"})
    assert row["log_id"] is None
    assert json.loads(row["raw"]) == {"Nummer": 5, "Tekst": "Mis.", "Email": "***"}


def test_a_row_without_a_number_is_the_same_in_any_order_of_its_fields() -> None:
    assert one({"a": 1, "b": 2})["row_id"] == one({"b": 2, "a": 1})["row_id"] != one({"a": 1})["row_id"]


@pytest.mark.parametrize("row", [None, "Server too busy", 7, ["x"], {}])
def test_what_is_no_object_is_kept_too(row: Any) -> None:
    assert json.loads(one(row)["raw"]) == row


def test_a_moment_that_cannot_be_read_is_kept_as_text() -> None:
    row = one({**FULL, "Date": "yesterday", "DateUtc": None})
    assert row["at"] is None
    assert json.loads(row["raw"]) == {"Date": "yesterday"}


def test_belgian_time_does_where_there_is_no_other() -> None:
    assert one({"Id": 1, "Date": "2026-07-01T12:00:00"})["at"] == datetime(2026, 7, 1, 10, tzinfo=UTC)


def test_a_status_as_text_is_a_number_or_kept() -> None:
    shape = Shape()
    assert one({"Id": 1, "StatusCode": "404"}, shape=shape)["status_code"] == 404
    row = one({"Id": 1, "StatusCode": "Bad Request"}, shape=shape)
    assert (row["status_code"], json.loads(row["raw"])) == (None, {"StatusCode": "Bad Request"})
    assert [change.field for change in shape.drift((), ())] == ["StatusCode"]


def test_model_errors_by_key_as_asp_net_writes_them() -> None:
    row = one({"Id": 1, "ModelStateErrors": {"product.BrandId": ["Required.", "Unknown."], "": "All wrong."}})
    assert row["model_errors"] == [
        {"field": "product.BrandId", "message": "Required."},
        {"field": "product.BrandId", "message": "Unknown."},
        {"field": None, "message": "All wrong."},
    ]


def test_the_two_keys_of_a_batch_are_no_field_and_are_kept() -> None:
    told = [{"Key1": "VV1", "Key2": "C1", "Message": "No."}]
    row = one({"Id": 1, "ModelStateErrors": told})
    assert row["model_errors"] == [{"field": None, "message": "No."}]
    assert json.loads(row["raw"]) == {"ModelStateErrors": told}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"Errors": ["First.", "Second."]}, "First."),
        ({"ModelStateErrors": [{"Key": "x", "Message": "Of x."}], "Errors": ["First."]}, "Of x."),
        ({"Exception": "System.Exception: Ouch."}, "System.Exception: Ouch."),
        ({"Message": {"Text": "Odd."}}, '{"Text":"Odd."}'),
        ({"Errors": "Just text."}, "Just text."),
    ],
)
def test_without_a_message_the_first_error_is_it(row: dict[str, Any], message: str) -> None:
    assert one({"Id": 1, **row})["message"] == message


@pytest.mark.parametrize("name", [name for name in FULL if name != "Id"])
@pytest.mark.parametrize(
    "value", [None, True, 3.5, 10**17, "", "text", [], [None, 5, "x", {"y": 1}], {"a": {"b": []}}]
)
def test_values_of_any_type_raise_nothing(name: str, value: Any) -> None:
    assert one({**FULL, name: value})["log_id"] == "12"


def test_our_own_password_is_nowhere() -> None:
    texts = dict.fromkeys(("Url", "RequestBody", "Message", "Exception", "Other"), "x hunter2 y")
    assert "hunter2" not in str(one({**FULL, **texts, "Errors": ["hunter2"]}))
