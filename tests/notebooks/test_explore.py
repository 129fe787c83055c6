"""explore.ipynb from top to bottom: its answers are what was planted in the shop."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from checks.health import RunReport
from checks.sandbox import Sandbox
from checks.workbench import connect
from checks.workbench.questions import NO_BRAND
from tests.notebooks.conftest import Execute

CHARTS = (
    "photos_chart",
    "ages_chart",
    "categories_chart",
    "linked_chart",
    "spread_chart",
    "per_run_chart",
    "by_check_chart",
    "fields_chart",
)
WANTED = {name: name for name in CHARTS} | {
    "look": "str(look.words)",
    "pair": "str(pair.words)",
    "photos": "photos",
    "ages": "ages",
    "categories": "categories",
    "linked": "linked",
    "prices": "prices",
    "spread": "spread",
    "per_run": "per_run",
}
OF_PAIR = {"appeared": "pair.appeared", "went": "pair.went", "changes": "pair.changes('products')"}
FIRST = "Run a health check first"


@dataclass
class Told:
    """A shop after two health checks with a day between, and what the notebook said after each."""

    sandbox: Sandbox
    settings: Path
    reports: list[RunReport]
    truth: dict[str, set[tuple[str, str | None]]]
    shop: dict[str, Any]
    first: dict[str, Any]
    second: dict[str, Any]
    touched: dict[str, list[str]]


def facts(sandbox: Sandbox) -> dict[str, Any]:
    """What the tests compare with, from the shop's own memory, before anything changed."""
    shop = sandbox.shop
    return {
        "brand": {
            # an entry that vanished is still named by the products that point at it
            key: shop.lookups.brands.get(own.brand_id or 0, shop.lookups.gone.get(("brand", own.brand_id)))
            for key, own in shop.own.items()
        },
        "category": {key: own.category_id for key, own in shop.own.items()},
        "names": {number: category.nl for number, category in shop.lookups.categories.items()},
        "list": {key: row.price for rows in (shop.own, shop.linked) for key, row in rows.items()},
        "paid": {
            (row.client_number, row.article_number): row.price for row in shop.trade.client_prices.values()
        },
        "own": set(shop.own),
        "linked": set(shop.linked),
    }


def change(sandbox: Sandbox) -> dict[str, list[str]]:
    """A day of the shop, and changes whose outcome is known: three other prices, one product gone."""
    sandbox.live_a_day(3)
    truth, own = sandbox.truth(), sandbox.shop.own
    faulty = {key for keys in truth.values() for key, _ in keys}
    sound = [key for key in sorted(own) if key not in faulty and own[key].price and not own[key].promo]
    priced, gone = sound[:3], next(key for key, _ in sorted(truth["missing-photo"]) if key in own)
    for key in priced:
        sandbox.change(key, SalesPriceList=77.77)
    sandbox.remove(gone)
    return {"priced": priced, "gone": [gone]}


@pytest.fixture(scope="module")
def told(execute: Execute, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    folder = tmp_path_factory.mktemp("explore")
    with Sandbox(size=300, seed=7) as sandbox:
        settings = sandbox.write_settings(folder / "keurmeester.toml")
        kr = connect(settings)
        reports, truth, shop = [kr.health_check()], sandbox.truth(), facts(sandbox)
        first = execute("explore", settings, WANTED)
        touched = change(sandbox)
        reports.append(kr.health_check())
        second = execute("explore", settings, WANTED | OF_PAIR)
        kr.close()
        yield Told(sandbox, settings, reports, truth, shop, first, second, touched)


def test_an_empty_store_says_what_to_do(execute: Execute, make_sandbox: Any, tmp_path: Path) -> None:
    settings = make_sandbox(size=100).write_settings(tmp_path / "keurmeester.toml")
    answers = execute("explore", settings, WANTED | {"frame": 'look.frame("brands")'})
    assert {name for name, said in answers.items() if FIRST not in said} == set()


class TestOneRun:
    def test_it_says_which_run_it_is(self, told: Told) -> None:
        assert f"complete): {told.reports[0].findings.height} open findings." in told.first["look"]

    def test_brands_that_lack_photos_are_those_of_the_planted_products(self, told: Told) -> None:
        planted = Counter(told.shop["brand"][key] or NO_BRAND for key, _ in told.truth["missing-photo"])
        found = {row["brand"]: row["lacking"] for row in told.first["photos"]}
        assert found == dict(planted)
        assert told.first["photos_chart"]["statement"].startswith(
            f"{sum(planted.values())} active own products without a photo; most of one brand: "
        )

    def test_ages_count_every_planted_finding(self, told: Told) -> None:
        found = Counter[str]()
        for row in told.first["ages"]:
            found[row["check"]] += row["findings"]
            assert (row["age"], row["oldest"]) == ("a day at most", 0)
        for check, keys in told.truth.items():
            assert found[check] == len(keys), check
        assert told.first["ages_chart"]["statement"].endswith("are open, none of them older than a day.")

    def test_categories_go_wrong_where_faults_were_planted(self, told: Told) -> None:
        faulty = {key for keys in told.truth.values() for key, _ in keys if key in told.shop["own"]}
        names = told.shop["names"]
        planted = Counter(names[number] for key in faulty if (number := told.shop["category"][key]) in names)
        found = {
            row["category"].split(" › ")[-1]: row["wrong"]
            for row in told.first["categories"]
            if not row["category"].startswith("(")
        }
        assert found == dict(planted)

    def test_what_could_be_linked_is_what_became_central(self, told: Told) -> None:
        sums = {kind: sum(row[kind] for row in told.first["linked"]) for kind in ("linked", "could", "own")}
        could = len(told.truth["own-became-central"])
        assert sums == {
            "linked": len(told.shop["linked"]),
            "could": could,
            "own": len(told.shop["own"]) - could,
        }
        assert f"{could} own products more could be." in told.first["linked_chart"]["statement"]

    def test_client_prices_stand_against_the_list_price(self, told: Told) -> None:
        found = {
            (row["client_number"], row["article_number"]): row["percent"] for row in told.first["prices"]
        }
        listed = told.shop["list"]
        wanted = {
            pair: (price / listed[pair[1]] - 1) * 100
            for pair, price in told.shop["paid"].items()
            if price is not None and listed.get(pair[1])
        }
        assert found == pytest.approx(wanted)
        same = {tuple(reversed(key.split("|"))) for key, _ in told.truth["client-product-same-price"]}
        assert same <= {pair for pair, percent in found.items() if abs(percent) < 0.1}
        nowhere = {key.split("|")[0] for key, _ in told.truth["client-product-unknown-article"]}
        assert not nowhere & {article for _, article in found}

    def test_the_spread_has_every_client(self, told: Told) -> None:
        by_client = Counter(row["client_number"] for row in told.first["prices"])
        assert {row["client_number"]: row["prices"] for row in told.first["spread"]} == dict(by_client)
        for row in told.first["spread"]:
            assert row["least"] <= row["low"] <= row["middle"] <= row["high"] <= row["most"]

    def test_one_run_is_no_trend_and_no_comparison(self, told: Told) -> None:
        assert "there was only one so far" in told.first["per_run_chart"]["statement"]
        assert "There are no two health checks to compare" in told.first["pair"]
        assert told.first["by_check_chart"] == told.first["fields_chart"] == told.first["pair"]

    def test_every_chart_explains_itself(self, told: Told) -> None:
        for name in CHARTS:
            if isinstance(told.second[name], dict):
                assert told.second[name]["statement"].endswith("."), name
                assert len(told.second[name]["how"]) > 40, name
        assert all(isinstance(told.second[name], dict) for name in CHARTS)


class TestTwoRuns:
    def test_findings_of_each_run(self, told: Told) -> None:
        counts = Counter[str]()
        for row in told.second["per_run"]:
            counts[row["run_id"]] += row["findings"]
        assert counts == {report.id: report.findings.height for report in told.reports}

    def test_what_appeared_and_what_went(self, told: Told) -> None:
        before, after = (set(report.findings["id"]) for report in told.reports)
        assert after - before
        assert {row["id"] for row in told.second["appeared"]} == after - before
        assert {row["id"] for row in told.second["went"]} == before - after
        assert {("missing-photo", key) for key in told.touched["gone"]} <= {
            (row["check"], row["key"]) for row in told.second["went"]
        }
        statement = told.second["by_check_chart"]["statement"]
        assert statement == f"{len(after - before)} findings appeared, {len(before - after)} went."

    def test_changed_products_field_by_field(self, told: Told) -> None:
        changes = told.second["changes"]
        priced = {row["key"] for row in changes if row["field"] == "sales_price" and row["after"] == "77.77"}
        assert priced == set(told.touched["priced"])
        removed = {row["key"] for row in changes if row["kind"] == "removed"}
        assert set(told.touched["gone"]) <= removed
        fields = {row["field"]: row["rows"] for row in told.second["fields_chart"]["rows"]}
        assert fields["sales price"] >= 3
        assert fields["(removed)"] == len(removed)
        assert "modified" not in fields

    def test_an_older_run_is_shown_as_it_was(self, told: Told, execute: Execute) -> None:
        again = execute("explore", told.settings, WANTED, run=told.reports[0].id)
        for name in ("photos", "linked", "prices"):
            assert again[name] == told.first[name], name
        assert Counter(row["check"] for row in again["ages"]) == Counter(
            row["check"] for row in told.first["ages"]
        )

    def test_two_runs_the_other_way_round(self, told: Told, execute: Execute) -> None:
        older, newer = (report.id for report in told.reports)
        back = execute("explore", told.settings, OF_PAIR, older=newer, newer=older)
        assert {row["id"] for row in back["appeared"]} == {row["id"] for row in told.second["went"]}

    def test_a_run_that_is_not_there_is_told_with_those_that_are(self, told: Told, execute: Execute) -> None:
        answers = execute("explore", told.settings, WANTED, run="nonsense", older="nonsense")
        assert "There is no run 'nonsense'." in answers["photos_chart"]
        assert told.reports[1].id in answers["photos_chart"]
        assert "There is no finished run 'nonsense'." in answers["pair"]


def test_what_could_not_run_is_told_in_words(execute: Execute, make_sandbox: Any, tmp_path: Path) -> None:
    sandbox = make_sandbox(size=120, seed=2)
    settings = sandbox.write_settings(tmp_path / "keurmeester.toml")
    sandbox.faults.add("GET ProductPhotos", "error-500")
    sandbox.faults.add("GET ClientProducts", "error-500")
    kr = connect(settings)
    kr.health_check()
    kr.close()
    answers = execute("explore", settings, WANTED)
    assert "Not collected: " in answers["look"]
    assert "Product photos could not be collected" in answers["photos_chart"]
    assert "Client prices could not be collected" in answers["spread_chart"]
    assert "Missing photo" in answers["ages_chart"]["how"]
    assert "could not run" in answers["ages_chart"]["how"]
    assert "some checks could not run" in answers["per_run_chart"]["how"]
    assert sum(row["could"] for row in answers["linked"]) == len(sandbox.truth()["own-became-central"])
