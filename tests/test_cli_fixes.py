"""Repairs from the command line, on a live shop: plan, apply, undo, with values and pictures from files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from checks.health import run_health_check
from checks.sandbox import Sandbox
from checks.settings import load_settings
from checks.store import Store

ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Shop:
    """A checked shop, and the command line beside it."""

    sandbox: Sandbox
    folder: Path
    store: Store

    def __call__(self, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "checks", "fix", *arguments],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error", "COLUMNS": "200"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done

    def json(self, *arguments: str, code: int = 0) -> Any:
        return json.loads(self(*arguments, "--format", "json", code=code).stdout)

    def keys(self, check: str) -> list[str]:
        return sorted(self.store.findings(check=check)["key"].unique())

    def own(self, key: str) -> dict[str, Any]:
        found: dict[str, Any] = self.sandbox.dump()["own"][key]
        return found


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder = tmp_path_factory.mktemp("shop")
    with Sandbox(size=400, seed=11) as sandbox:
        settings = load_settings(sandbox.write_settings(folder / "keurmeester.toml"))
        with Store.open(settings.store.url, settings.store.snapshots) as store:
            run_health_check(settings, store, started_by="tests")
            yield Shop(sandbox, folder, store)


def test_a_plan_says_what_is_sent_what_is_lost_and_how_it_is_undone(shop: Shop) -> None:
    plan = shop.json("plan", "--check", "own-became-central", "--all")
    assert plan["scope"] == "all"
    assert sum(plan["classes"].values()) == len(plan["items"])
    safe = next(item for item in plan["items"] if item["class"] == "safe")
    assert [line.partition(" ")[0] for line in safe["requests"]] == ["DELETE", "POST"]
    assert "POST /Products" in safe["compensation"]
    assert safe["undo"].startswith("The link is deleted and the own product made again")
    assert safe["lost"] == []


def test_all_takes_only_what_is_safe_and_offers_the_rest(shop: Shop) -> None:
    plan = shop.json("plan", "--check", "promo-invalid", "--all", "--option", "promo=none")
    done = shop("apply", plan["id"], "--yes")
    states = {one["key"]: one["state"] for one in shop.json("list", "--plan", plan["id"])}
    for item in plan["items"]:
        assert states[item["key"]] == ("done" if item["class"] == "safe" else "planned")
    left = plan["classes"]["confirm"]
    assert left > 0
    assert f"{left} confirm" in done.stderr
    assert f"keurmeester fix apply {plan['id']} --class confirm` takes them" in done.stderr
    shop("apply", plan["id"], "--class", "confirm", "--yes")
    assert {one["state"] for one in shop.json("list", "--plan", plan["id"])} == {"done"}


def test_values_for_each_product_come_from_a_table(shop: Shop) -> None:
    keys = shop.keys("price-missing")
    table = shop.folder / "prices.csv"
    table.write_text("key;price\n" + "".join(f"{key};{place},5\n" for place, key in enumerate(keys, 2)))
    rows = shop.json(
        "apply",
        "--check",
        "price-missing",
        *(f"--key={key}" for key in keys),
        "--values",
        str(table),
        "--yes",
    )
    assert {row["state"] for row in rows} == {"done"}
    assert [shop.own(key)["SalesPriceList"] for key in keys] == [
        place + 0.5 for place in range(2, 2 + len(keys))
    ]
    assert shop.keys("price-missing") == []


def test_a_table_that_cannot_be_read_says_where(shop: Shop) -> None:
    table = shop.folder / "wrong.csv"
    table.write_text("article;price\nA;1\n")
    done = shop("plan", "--check", "price-missing", "--all", "--values", str(table), code=2)
    assert "its first line must name the columns: key, and the options" in done.stderr


def test_pictures_find_their_products_by_name(shop: Shop) -> None:
    first, second, *_ = shop.keys("missing-photo")
    folder = shop.folder / "pictures"
    folder.mkdir()
    Image.new("RGB", (300, 300), "green").save(folder / f"{first}.png")
    Image.new("RGBA", (300, 240), "red").save(folder / f"{shop.own(second)['EanCode'] or second}.webp")
    Image.new("RGB", (300, 300)).save(folder / "holiday.jpg")
    (folder / f"{first}-2.jpg").write_text("no picture")
    arguments = ("--check", "missing-photo", f"--key={first}", f"--key={second}", "--photo", str(folder))
    done = shop("apply", *arguments, "--yes")
    assert "holiday.jpg" in done.stderr
    assert f"{first}-2.jpg" in done.stderr
    photos = {row["WholesalerArticleNumber"]: row["PhotoName"] for row in shop.sandbox.dump()["photos"]}
    assert photos[first] == f"{first}.png"
    assert photos[second].endswith(".jpg")
    assert not {first, second} & set(shop.keys("missing-photo"))


def test_undo_puts_it_back_and_the_finding_is_open_again(shop: Shop) -> None:
    key = shop.keys("text-missing")[0]
    before = shop.own(key)
    arguments = (
        "--check",
        "text-missing",
        f"--key={key}",
        "--option",
        "name_fra=Nom",
        "--option",
        "name_nld=Naam",
    )
    (row,) = shop.json("apply", *arguments, "--yes")
    assert row["state"] == "done"
    assert shop.own(key) != before
    (undone,) = shop.json("undo", row["id"], "--yes")
    assert (undone["kind"], undone["state"], undone["undoes"]) == ("undo", "done", row["id"])
    assert shop.own(key) == before
    assert shop.json("show", row["id"])["state"] == "undone"
    assert key in shop.keys("text-missing")
    twice = shop.json("undo", row["id"], "--plan-only")
    assert twice["items"] == []
    assert twice["not_planned"][0]["reason"] == "It is undone already."


def test_what_cannot_be_undone_says_so(shop: Shop) -> None:
    key = shop.keys("order-unprocessed")[0]
    plan = shop.json("plan", "--check", "order-unprocessed", f"--key={key}")
    assert plan["classes"] == {"safe": 0, "confirm": 0, "irreversible": 1}
    (row,) = shop.json("apply", plan["id"], "--yes")
    assert row["state"] == "done"
    assert shop.sandbox.dump()["orders"][key] is not None
    done = shop("undo", row["id"], "--yes", code=4)
    assert "Cannot be undone: the shop has no way to make an order wait again." in done.stderr


def test_nothing_that_is_not_safe_is_begun_by_all(shop: Shop) -> None:
    sent = len(shop.sandbox.log)
    done = shop("apply", "--check", "order-unprocessed", "--all", "--yes")
    assert "irreversible" in done.stderr
    assert {entry[0] for entry in shop.sandbox.log[sent:]} == {"GET"}


def test_a_plan_can_be_thrown_away(shop: Shop) -> None:
    key = shop.keys("duplicate-ean")[0]
    plan = shop.json("plan", "--check", "duplicate-ean", f"--key={key}", "--option", "ean=none")
    shop("discard", plan["id"])
    assert "There is no plan" in shop("show", plan["id"], code=4).stderr


def test_pausing_where_nobody_is_at_work_is_said(shop: Shop) -> None:
    assert "Nobody is at work." in shop("pause").stderr
