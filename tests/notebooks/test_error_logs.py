"""error_logs.ipynb from top to bottom: problems, culprits and repairs are what was planted in the log."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from checks.sandbox import Sandbox
from checks.sandbox.oresto.rows import ErrorLog
from checks.workbench import connect
from tests.notebooks.conftest import Execute

WANTED = {
    "log": "str(log.words)",
    "over_time": "over_time",
    "over_time_chart": "over_time_chart",
    "open_problems": "open_problems",
    "advice": "log.advice",
    "culprits": "culprits",
    "culprits_chart": "culprits_chart",
    "repairs": "repairs",
    "around": "around",
    "around_chart": "around_chart",
    "rows": "rows",
}
OF_ROWS = {
    "groups": "log.groups.select('id', 'rows', 'label', 'state')",
    "kept": "kr.store.errors.rows(source=kr.source.name, limit=100_000).select('log_id', 'group_id')",
}
FIRST = "Run a health check first"
NO_BRAND = "Brand that does not exist"


@dataclass
class Told:
    """A shop whose failures have their reason in its data, and what the notebook said of them."""

    sandbox: Sandbox
    settings: Path
    log: list[ErrorLog]
    truth: dict[str, set[tuple[str, str | None]]]
    said: dict[str, Any]


@pytest.fixture(scope="module")
def told(execute: Execute, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    folder = tmp_path_factory.mktemp("errors")
    with Sandbox(size=300, seed=3) as sandbox:
        settings = sandbox.write_settings(folder / "keurmeester.toml")
        kr = connect(settings)
        kr.health_check()
        kr.close()
        said = execute("error_logs", settings, WANTED | OF_ROWS)
        yield Told(sandbox, settings, list(sandbox.shop.error_logs), sandbox.truth(), said)


def names(row: ErrorLog) -> str | None:
    """The article number in the request's body."""
    number: str | None = json.loads(row.body or "{}").get("WholesalerArticleNumber")
    return number


def test_an_empty_store_says_what_to_do(execute: Execute, make_sandbox: Any, tmp_path: Path) -> None:
    settings = make_sandbox(size=100).write_settings(tmp_path / "keurmeester.toml")
    answers = execute("error_logs", settings, WANTED)
    assert {name for name, said in answers.items() if FIRST not in said} == set()


class TestOneRun:
    def test_it_says_how_much_there_is(self, told: Told) -> None:
        groups = told.said["groups"]
        assert told.said["log"].startswith(f"{len(told.log)} rows in {len(groups)} problems, of which ")

    def test_every_day_has_the_rows_that_the_log_has(self, told: Told) -> None:
        found = Counter[str]()
        for row in told.said["over_time"]:
            found[row["day"]] += row["rows"]
        in_log = Counter(row.at.astimezone().date().isoformat() for row in told.log)
        assert {day: rows for day, rows in found.items() if rows} == dict(in_log)
        assert len(found) == 30

    def test_the_chart_says_what_fails_most(self, told: Told) -> None:
        most = max(told.said["groups"], key=lambda group: group["rows"])
        statement = told.said["over_time_chart"]["statement"]
        assert statement == (
            f"{len(told.log)} failed requests in 30 days; most often: {most['label']} ({most['rows']})."
        )

    def test_products_whose_brand_is_gone_are_named_with_their_finding(self, told: Told) -> None:
        planted = {key for key, field in told.truth["invalid-reference"] if field == "brand"}
        rows = Counter(names(row) for row in told.log if "Brand with id" in row.message)
        found = {row["key"]: row for row in told.said["culprits"] if row["what"].startswith(NO_BRAND)}
        assert set(found) == planted
        for key, row in found.items():
            assert row["rows"] >= rows[key] > 0
            assert "Invalid reference" in row["checks"]

    def test_clients_that_do_not_exist_are_named(self, told: Told) -> None:
        planted = Counter(
            row.message.split()[3] for row in told.log if row.message.startswith("Client with number")
        )
        found = {row["key"]: row["rows"] for row in told.said["culprits"] if row["kind"] == "client"}
        assert set(planted) <= set(found)
        assert all(found[client] >= rows for client, rows in planted.items())
        assert not set(planted) & set(told.sandbox.shop.trade.clients)

    def test_open_problems_say_what_helps(self, told: Told) -> None:
        still_open = [group["id"] for group in told.said["groups"] if group["state"] != "resolved"]
        assert {row["id"] for row in told.said["open_problems"]} == set(still_open)
        assert all(row["usually"] and row["guide"] for row in told.said["open_problems"])
        brand = next(row for row in told.said["open_problems"] if row["what"] == NO_BRAND)
        assert "lookup table" in brand["usually"]
        assert "Brands" in brand["guide"]
        assert f"**{NO_BRAND}** ({brand['state']}; {brand['rows']} rows" in told.said["advice"]

    def test_without_a_repair_there_is_no_before_and_after(self, told: Told) -> None:
        assert told.said["repairs"] == []
        assert told.said["around_chart"].startswith("Nothing was repaired or resolved yet")

    def test_single_rows_of_a_problem_a_product_and_words(self, told: Told, execute: Execute) -> None:
        brand = next(row["id"] for row in told.said["open_problems"] if row["what"] == NO_BRAND)
        product = next(row["key"] for row in told.said["culprits"] if row["what"].startswith(NO_BRAND))
        of_both = execute("error_logs", told.settings, WANTED, problem=brand[:8], product=product)["rows"]
        in_log = {str(row.id) for row in told.log if "Brand with id" in row.message and names(row) == product}
        assert {row["log_id"] for row in of_both} == set(sorted(in_log, key=int)[-20:])
        of_words = execute("error_logs", told.settings, WANTED, text="execution timeout")["rows"]
        assert len(of_words) == 20
        assert all("Execution Timeout" in row["message"] for row in of_words)
        nothing = execute("error_logs", told.settings, WANTED, problem="ffff")["rows"]
        assert nothing == "'ffff' fits 0 problems: take an id of the table above."


def test_every_planted_template_is_a_problem_of_its_own(
    execute: Execute, make_sandbox: Any, shared_data: Path, tmp_path: Path
) -> None:
    sandbox = make_sandbox(size=100)
    planted = sandbox.plant_errors(shared_data / "validation_message_templates.csv", 1_500, 5)
    settings = sandbox.write_settings(tmp_path / "keurmeester.toml")
    kr = connect(settings)
    kr.health_check()
    kr.close()
    said = execute("error_logs", settings, WANTED | OF_ROWS)
    group_of = {int(row["log_id"]): row["group_id"] for row in said["kept"]}
    pairs = {(problem, group_of[number]) for number, problem in planted.items()}
    assert len(pairs) == len({problem for problem, _ in pairs}) == len({group for _, group in pairs}) > 100
    rows = Counter(group_of.values())
    assert {group["id"]: group["rows"] for group in said["groups"]} == dict(rows)
    assert sum(row["rows"] for row in said["over_time"]) == len(sandbox.shop.error_logs)
    labels = [group["label"] for group in said["groups"]]
    assert len(set(labels)) == len(labels)


@pytest.fixture(scope="module")
def after(execute: Execute, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """Wrong brands are repaired by a fix; two problems were resolved days ago, of which one went on."""
    folder = tmp_path_factory.mktemp("repairs")
    with Sandbox(size=300, seed=3) as sandbox:
        settings = sandbox.write_settings(folder / "keurmeester.toml")
        kr = connect(settings)
        kr.health_check()
        log, errors = list(sandbox.shop.error_logs), kr.store.errors
        wrong = sorted(key for key, field in sandbox.truth()["invalid-reference"] if field == "brand")
        brand = kr.frame("brands")["id"][0]
        plan = kr.plan("invalid-reference", wrong, brand=str(brand))
        done = kr.apply(plan, classes=("safe", "confirm"))
        resolved = datetime.now(UTC) - timedelta(days=2)
        by_text = {}
        for words in ("Execution Timeout", "Users"):
            row = errors.rows(source="webshop", text=words, limit=1)
            by_text[words] = row["group_id"][0]
        errors.resolve(list(by_text.values()), "Ann", reason="restarted", now=resolved)
        said = execute("error_logs", settings, WANTED)
        kr.close()
        yield {
            "log": log,
            "done": done,
            "resolved": resolved,
            "groups": by_text,
            "said": said,
            "execute": execute,
            "settings": settings,
        }


class TestRepairs:
    def test_a_fix_is_a_repair_of_the_problem_it_explains(self, after: dict[str, Any]) -> None:
        assert set(after["done"]["state"]) == {"done"}
        [repair] = [row for row in after["said"]["repairs"] if row["problem"].startswith(NO_BRAND)]
        since = datetime.now(UTC) - timedelta(days=7)
        failed = [row for row in after["log"] if "Brand with id" in row.message]
        near = sum(since - timedelta(hours=1) <= row.at for row in failed)
        assert sum(since + timedelta(hours=1) <= row.at for row in failed) <= repair["before"] <= near
        assert (repair["after"], repair["verdict"]) == (0, "unknown")
        assert repair["said"].startswith("The log has not been read since the repair")
        assert "invalid-reference" in repair["how"]

    def test_the_newest_repair_is_drawn(self, after: dict[str, Any]) -> None:
        statement = after["said"]["around_chart"]["statement"]
        assert statement.startswith(NO_BRAND)
        assert {row["part"] for row in after["said"]["around"]} == {"before", "after"}
        failed = sum("Brand with id" in row.message for row in after["log"])
        assert sum(row["rows"] for row in after["said"]["around"]) == failed

    def test_what_went_on_after_it_was_resolved_is_told_with_its_rows(self, after: dict[str, Any]) -> None:
        repair = self.of(after, "Execution Timeout")
        later = sum("Execution Timeout" in row.message and row.at > after["resolved"] for row in after["log"])
        assert later >= 40
        assert (repair["after"], repair["verdict"]) == (later, "on")
        assert repair["said"] == f"It goes on: {later} rows since the repair."

    def test_what_stopped_is_told_to_have_stopped(self, after: dict[str, Any]) -> None:
        repair = self.of(after, "Users")
        later = sum(row.url.startswith("/api/Users") and row.at > after["resolved"] for row in after["log"])
        assert later == repair["after"] == 0
        assert repair["verdict"] == "stopped"
        assert repair["said"].startswith("It stopped: not one row in the ")

    def test_before_and_after_are_drawn_around_the_day_of_the_repair(self, after: dict[str, Any]) -> None:
        place = [row["group_id"] for row in after["said"]["repairs"]].index(
            after["groups"]["Execution Timeout"]
        )
        drawn = after["execute"]("error_logs", after["settings"], WANTED, repair=place)
        parts = Counter[str]()
        for row in drawn["around"]:
            parts[row["part"]] += row["rows"]
        wanted = Counter(
            "after" if row.at > after["resolved"] else "before"
            for row in after["log"]
            if "Execution Timeout" in row.message
        )
        assert parts == wanted
        assert "It goes on" in drawn["around_chart"]["statement"]
        missing = after["execute"]("error_logs", after["settings"], WANTED, repair=99)
        assert missing["around_chart"] == "There is no repair 99: choose 0 to 2."

    def of(self, after: dict[str, Any], words: str) -> dict[str, Any]:
        [found] = [row for row in after["said"]["repairs"] if row["group_id"] == after["groups"][words]]
        return found


def test_a_log_that_could_not_be_read_says_so(execute: Execute, make_sandbox: Any, tmp_path: Path) -> None:
    sandbox = make_sandbox(size=100)
    settings = sandbox.write_settings(tmp_path / "keurmeester.toml")
    sandbox.faults.add("GET ErrorLogs", "error-500")
    kr = connect(settings)
    kr.health_check()
    kr.close()
    answers = execute("error_logs", settings, WANTED)
    assert answers["log"].startswith("The error log could not be read in the health check of ")
    assert answers["over_time_chart"].startswith("The error log was not read on any of these days")
