"""Failures that a test plants: a stream from message templates, and single ones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from checks.sandbox import Sandbox
from checks.sandbox.oresto.error_stream import error_stream
from checks.sandbox.oresto.error_templates import FAILURES

END = datetime(2026, 11, 25, 6, tzinfo=UTC)
TEMPLATES = """rule,lang,template,source
RequiredAttribute,en,The {0} field is required.,x
ModelState_AttemptedValueIsInvalid,en,The value '{0}' is not valid for {1}.,x
ApiConventions_Title_404,en,Not Found,x
NotEmptyValidator,nl,'{PropertyName}' mag niet leeg zijn.,x
NotEmptyValidator,fr,'{PropertyName}' ne doit pas être vide.,x
LengthValidator,fr,'{PropertyName}' doit contenir entre {MinLength} et {MaxLength} caractères.,x
"""


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("templates") / "templates.csv"
    file.write_text(TEMPLATES, encoding="utf-8")
    return file


def test_every_row_has_its_problem(templates: Path) -> None:
    rows, truth = error_stream(templates, 400, 1, END, days=3)
    assert [row.id for row in rows] == list(truth) == list(range(1, 401))
    assert END - timedelta(days=3) <= rows[0].at
    assert rows[-1].at == END
    for row in rows:
        problem = truth[row.id]
        assert row.method == problem.method
        assert problem.kind == (str(row.status) if row.status else (row.exception or "").partition(":")[0])


def test_the_same_seed_gives_the_same_stream(templates: Path) -> None:
    assert error_stream(templates, 50, 4, END) == error_stream(templates, 50, 4, END)
    assert error_stream(templates, 50, 4, END) != error_stream(templates, 50, 5, END)


def test_a_rule_is_one_problem_in_both_languages(templates: Path) -> None:
    rows, truth = error_stream(templates, 2_000, 1, END)
    languages: dict[object, set[str]] = {}
    for row in rows:
        if truth[row.id].rule == "NotEmptyValidator" and len(row.model_errors) < 2:
            texts = (row.message, *(text for _, text in row.model_errors))
            found = {"nl" for text in texts if "mag niet" in text} | {
                "fr" for text in texts if "ne doit" in text
            }
            languages.setdefault(truth[row.id], set()).update(found)
    assert set(map(frozenset, languages.values())) == {frozenset({"nl", "fr"})}


def test_a_field_is_told_by_its_key_or_in_the_sentence(templates: Path) -> None:
    rows, truth = error_stream(templates, 2_000, 1, END)
    keyed = {truth[row.id] for row in rows if row.model_errors}
    spoken = {truth[row.id] for row in rows if not row.model_errors and truth[row.id].field}
    assert keyed & spoken


def test_no_placeholder_is_left(templates: Path) -> None:
    rows, _ = error_stream(templates, 2_000, 1, END)
    texts = [text for row in rows for text in (row.url, row.message, *(told for _, told in row.model_errors))]
    assert [text for text in texts if "{" in text] == []


def test_failures_of_our_own_are_among_them(templates: Path) -> None:
    _, truth = error_stream(templates, 3_000, 1, END)
    assert {failure.name for failure in FAILURES} <= {problem.rule for problem in truth.values()}


def test_every_template_of_the_file_can_be_filled(shared_data: Path) -> None:
    file = shared_data / "validation_message_templates.csv"
    rows, truth = error_stream(file, 4_000, 2, END)
    assert {"RequiredAttribute", "EnumValidator", "ScalePrecisionValidator"} <= {
        one.rule for one in truth.values()
    }
    assert [row.message for row in rows if "{Prop" in row.message or "{0}" in row.message] == []


def test_a_stream_is_added_to_the_shops_log(sandbox: Sandbox, templates: Path) -> None:
    truth = sandbox.plant_errors(templates, 60, seed=1)
    log = sandbox.shop.error_logs
    assert len(log) == 240
    assert len({row.id for row in log}) == 240
    assert set(truth) == {row.id for row in log} - set(range(1, 181))
    assert [row.at for row in log] == sorted(row.at for row in log)


def test_single_failures_come_on_top(sandbox: Sandbox, api: httpx.Client) -> None:
    numbers = sandbox.fail("PUT", "/api/Products", 400, "No.", model=[("product.BrandId", "No.")], times=2)
    newest = api.get("ErrorLogs", params={"Page": 1}).json()["ErrorLogs"][:2]
    assert [row["Id"] for row in newest] == numbers[::-1]
    assert newest[0]["ModelStateErrors"] == [{"Key": "product.BrandId", "Message": "No.", "Exception": ""}]
    assert newest[0]["Errors"] == []


def test_a_test_in_another_process_plants_them_too(sandbox: Sandbox, templates: Path) -> None:
    url = f"{sandbox.control_url}/errors"
    one = {"method": "GET", "url": "/api/Brands", "status": 500, "message": "Ouch.", "times": 3}
    assert httpx.post(url, json=one).json() == [181, 182, 183]
    told = httpx.post(url, json={"templates": str(templates), "count": 5, "seed": 2}).json()
    assert len(told) == 5
    assert {"method", "route", "kind", "field", "rule"} == next(iter(told.values())).keys()
    assert len(sandbox.shop.error_logs) == 188


def test_a_file_that_is_not_there_is_named(sandbox: Sandbox) -> None:
    answer = httpx.post(
        f"{sandbox.control_url}/errors", json={"templates": "/no/such.csv", "count": 5, "seed": 2}
    )
    assert answer.status_code == 400
    assert "/no/such.csv" in answer.json()["Message"]
