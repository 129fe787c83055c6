"""From an article file to a filled shop, as the notebook does it: run, decide in the workbook, run again, send."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl
import pytest

from checks.sandbox import Sandbox
from checks.sandbox.onboarding import Example, example
from checks.store import Store
from tests.notebooks.conftest import Execute
from tests.notebooks.deciding import decide

#: Enough for one fault of each kind; the README tells of 1,000.
ARTICLES = 300
SEED = 1  # one of those in which own articles without a price are among them
#: Errors that this person lets through: nobody can mend them here, and the shop takes them.
LET_THROUGH = ["price-missing", "duplicate-ean", "invalid-ean", "promo-invalid"]

WANTED = {
    "answers": "doctor['answer'].unique()",
    "read": "articles.data.select('article_number', 'ean')",
    "problems": "articles.problems.select('key', 'field', 'kind')",
    "unused": "columns.unused",
    "missing": "columns.missing",
    "errors": "diagnosis.errors.select('check', 'key', 'field')",
    "not_run": "list(diagnosis.could_not_run)",
    "matched": "matches.matched.select('article_number', 'stage', 'product_id')",
    "suggested": "matches.suggested.select('article_number', 'rank', 'product_id', 'score')",
    "ids": "decided.references.ids(articles.data)",
    "troubles": "decided.troubles",
    "actions": "worklist.table.select('article_number', 'action', 'reasons')",
    "refused": "filling.not_planned",
    "report": "report.select('key', 'action', 'state', 'message')",
    "unexpected": "unexpected",
    "guide_open": "guide.open",
    "clients": "clients_filling.report().select('key', 'state', 'message')",
}


@dataclass
class Journey:
    """What was seen on the way: a first run, one after the workbook was filled in, one that sent, and one more."""

    sandbox: Sandbox
    files: Example
    store: Store
    dry: dict[str, Any]
    before: dict[str, Any]  # the shop after the dry run
    sent: dict[str, Any]
    again: dict[str, Any]

    def filled(self, kind: str) -> set[str]:
        """Article numbers that are in the shop now as `own` or `linked`."""
        return {row["WholesalerArticleNumber"] for row in self.sandbox.dump()[kind].values()}

    def truth(self) -> pl.DataFrame:
        return self.files.truth


@pytest.fixture(scope="module")
def journey(execute: Execute, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journey]:
    folder = tmp_path_factory.mktemp("onboarding")
    with Sandbox(size=500, empty=True) as sandbox:
        files = example(sandbox, ARTICLES, SEED)
        (folder / "articles.csv").write_bytes(files.csv)
        (folder / "clients.csv").write_bytes(files.clients_csv)
        settings = sandbox.write_settings(folder / "keurmeester.toml")
        empty = sandbox.dump()
        dry = execute("onboarding", settings, WANTED)
        before = sandbox.dump()
        assert before == empty
        decide(folder / "decisions.xlsx", files)
        sent = execute("onboarding", settings, WANTED, SEND=True, SEND_DESPITE=LET_THROUGH)
        again = execute("onboarding", settings, WANTED, SEND=True, SEND_DESPITE=LET_THROUGH)
        with Store.open(f"sqlite:///{folder / 'keurmeester.db'}", folder / "snapshots") as store:
            yield Journey(sandbox, files, store, dry, before, sent, again)


def test_the_whole_file_is_read_and_nothing_is_dropped_silently(journey: Journey) -> None:
    numbers = {row["article_number"] for row in journey.dry["read"]}
    assert numbers == set(journey.truth()["article_number"])
    assert journey.dry["missing"] == []
    told = [problem for problem in journey.dry["problems"] if problem["kind"] == "duplicate"]
    assert {one["key"] for one in told if one["field"] == "article_number"} == set(journey.files.repeated)
    unnumbered = [
        one
        for one in journey.dry["problems"]
        if one["kind"] == "missing" and one["field"] == "article_number"
    ]
    assert len(unnumbered) == journey.files.unnumbered


def test_the_diagnosis_finds_the_errors_that_were_planted(journey: Journey) -> None:
    found: dict[str, set[tuple[str, str | None]]] = {}
    for one in journey.dry["errors"]:
        found.setdefault(one["check"], set()).add((one["key"], one["field"]))
    for check in ("invalid-ean", "duplicate-ean", "price-missing", "forbidden-characters"):
        assert found[check] == journey.files.faults[check], check


def test_every_automatic_match_is_the_true_one(journey: Journey) -> None:
    true = dict(journey.truth().select("article_number", "product_id").iter_rows())
    matched = {one["article_number"]: one["product_id"] for one in journey.dry["matched"]}
    assert {number: product for number, product in matched.items() if true[number] != product} == {}
    stages = dict(journey.truth().select("article_number", "kind").iter_rows())
    by_stage = {
        kind: sum(stages[one["article_number"]] == one["stage"] == kind for one in journey.dry["matched"])
        for kind in ("gtin", "supplier-code")
    }
    assert by_stage["gtin"] >= 0.97 * sum(kind == "gtin" for kind in stages.values())
    assert by_stage["supplier-code"] >= 0.75 * sum(kind == "supplier-code" for kind in stages.values())


def test_a_suggestion_is_never_a_match_before_a_person_says_so(journey: Journey) -> None:
    by_name = set(journey.truth().filter(pl.col("kind") == "name")["article_number"])
    assert by_name.isdisjoint(one["article_number"] for one in journey.dry["matched"])
    true = dict(journey.truth().select("article_number", "product_id").iter_rows())
    hits = {
        one["article_number"]
        for one in journey.dry["suggested"]
        if one["product_id"] == true[one["article_number"]]
    }
    assert len(by_name & hits) >= 0.95 * len(by_name)


def test_without_a_word_from_a_person_nothing_was_sent(journey: Journey) -> None:
    assert journey.before["own"] == journey.before["linked"] == {}
    assert {one["state"] for one in journey.dry["report"]} == {"planned", "not planned"}
    assert any("POST Products" in asked for asked in journey.dry["guide_open"])


def test_the_workbook_came_back_whole(journey: Journey) -> None:
    assert journey.sent["troubles"] == []
    true = {row["article_number"]: row for row in journey.truth().iter_rows(named=True)}
    linked = journey.filled("linked")
    for row in journey.sent["ids"]:
        if row["article_number"] in linked:
            continue
        for field in ("brand", "category", "storage_condition", "content_type", "unit_sales_price"):
            wanted = true[row["article_number"]].get(f"{field}_id", true[row["article_number"]].get(field))
            if row[field] is not None and wanted is not None:
                assert row[field] == wanted, (row["article_number"], field)


def test_the_shop_is_filled_with_what_the_file_has(journey: Journey) -> None:
    own, linked = journey.filled("own"), journey.filled("linked")
    central = set(journey.truth().filter(pl.col("product_id").is_not_null())["article_number"])
    assert linked <= central
    # of two articles that are one central product only one can be linked: of the other the person said none
    true = dict(journey.truth().select("article_number", "product_id").iter_rows())
    taken = {true[number] for number in linked}
    assert {number for number in own & central if true[number] not in taken} == set()
    told = {one["key"]: one for one in journey.sent["report"]}
    everything = set(journey.truth()["article_number"])
    missing = everything - own - linked
    assert all(told[number]["message"] for number in missing)
    assert len(own | linked) >= 0.95 * len(everything)


def test_each_is_linked_to_its_own_central_product(journey: Journey) -> None:
    true = dict(journey.truth().select("article_number", "product_id").iter_rows())
    shop = journey.sandbox.shop
    assert {
        number: row.central_id for number, row in shop.linked.items() if row.central_id != true[number]
    } == {}


def test_the_next_health_check_finds_only_what_the_file_had(journey: Journey) -> None:
    assert journey.sent["unexpected"] == []
    own = journey.filled("own")
    found: dict[str, set[tuple[str, str | None]]] = {}
    for check, key, field in (
        journey.store.findings(severity="error").select("check", "key", "field").iter_rows()
    ):
        found.setdefault(check, set()).add((key, field))
    # a link has its codes from the central product, and its price is no finding of an own product
    truly = {one for one in journey.files.faults["price-missing"] if one[0] in own}
    assert truly
    assert found == {"price-missing": truly}


def test_an_ean_that_is_none_is_not_sent_and_the_article_is(journey: Journey) -> None:
    spoilt = {key for key, _ in journey.files.faults["invalid-ean"]}
    sent = {
        number: row["EanCode"] for number, row in journey.sandbox.dump()["own"].items() if number in spoilt
    }
    assert sent
    assert set(sent.values()) == {None}


def test_clients_came_with_users_and_addresses(journey: Journey) -> None:
    made = {one["key"] for one in journey.sent["clients"] if one["state"] == "done"}
    shop = journey.sandbox.dump()
    assert made == {row["number"] for row in shop["clients"]}
    sound = journey.files.clients
    assert len(made) >= 0.9 * sound.height
    assert {row["client_number"] for row in shop["users"]} <= made


def test_a_second_time_does_nothing_twice(journey: Journey) -> None:
    assert {one["state"] for one in journey.again["report"]} == {"not planned"}
    there = {one["article_number"] for one in journey.again["actions"] if one["action"] == "there"}
    assert there == journey.filled("own") | journey.filled("linked")


def test_the_guide_is_ticked_off(journey: Journey) -> None:
    nameless = journey.files.names.filter(pl.col("value").is_null()).height
    assert nameless > 0  # so the one thing that stays open is to enrich what the tables have no entry for
    assert len(journey.sent["guide_open"]) == 1
    assert journey.sent["guide_open"][0].startswith("Enrich your own products")
