"""What a source that was not asked counts for: its newest snapshot, with what could not be trusted, if it is still the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from checks.findings import FOUND
from checks.frames import FRAMES, Collected
from checks.health import run_health_check
from checks.last_seen import last_seen
from checks.meeting import known_matches, meet
from checks.past import reader
from checks.sandbox.four import IB, SHOP, Four
from checks.settings import Settings, load_settings
from checks.store import Store

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
EAN = "5400000000003"
LOGIN = {"base_url": "https://x.example/api", "login": "a", "password": "b"}
ACROSS = ("photo-available", "sold-but-discontinued", "description-differs", "price-below-cost")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'keurmeester.db'}", tmp_path / "snapshots") as opened:
        yield opened


def settings(*companies: str, **of_supplier: Any) -> Settings:
    supplier = {"system": "ib", "name": "ib", "companies": list(companies or ("one", "two")), **LOGIN}
    shop = {"system": "oresto", "name": "shop", **LOGIN}
    return Settings.model_validate({"sources": [shop, supplier | of_supplier]})


def frame(name: str, *rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=FRAMES[name].schema, orient="row")


def catalogue(*companies: str) -> pl.DataFrame:
    return frame("catalogue", *({"article_key": f"{one}|1", "company": one, "ean": EAN} for one in companies))


def keep(store: Store, data: pl.DataFrame, made_by: dict[str, str] | None = None, **unusable: str) -> None:
    """A finished run of the supplier alone."""
    run_id = store.begin_run("full", "Els")
    one = Collected("ib", "catalogue", "ok", data, unusable=unusable)
    store.save_snapshot(run_id, one, reader(settings().source("ib")) if made_by is None else made_by)
    store.finish_run(run_id, "complete", "full", None, [one], [], FOUND.to_frame(), NOW)


def matches(given: Settings, store: Store) -> Collected:
    """What the shop, asked alone, meets."""
    products = frame("products", {"article_number": "A1", "active": True, "ean": EAN})
    found = {
        "shop": {
            "products": Collected("shop", "products", "ok", products),
            "linked_products": Collected("shop", "linked_products", "ok", frame("linked_products")),
        }
    }
    return meet(given, found, last_seen(given, store))["shop"]["supplier_matches"]


def keys(one: Collected) -> list[str]:
    assert one.data is not None, one.message
    return one.data["article_key"].to_list()


def test_the_newest_snapshot_counts(store: Store) -> None:
    keep(store, catalogue("two"))
    keep(store, catalogue("one"))
    assert keys(matches(settings(), store)) == ["one|1"]
    assert matches(settings(), store).unusable == {}


def test_what_could_not_be_trusted_in_it_still_cannot(store: Store) -> None:
    keep(store, catalogue("one"), images="Images came in no row.")
    why = "ib, Supplier articles: Images came in no row."
    assert matches(settings(), store).unusable == {"image_url": why, "image_name": why}


def test_an_older_one_that_is_read_in_its_place_has_its_own_reasons(store: Store) -> None:
    keep(store, catalogue("one"), standing="gone.")
    keep(store, catalogue("one"), images="gone.")
    newest = store.last_snapshot("ib", "catalogue")
    assert newest is not None
    assert newest.unusable == {"images": "gone."}
    (file,) = (store.snapshots / newest.run_id).rglob("*.parquet")
    file.unlink()
    assert set(matches(settings(), store).unusable) == {"standing"}


def test_one_that_was_never_collected_is_none(store: Store) -> None:
    assert last_seen(settings(), store)("ib", "catalogue") is None


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"base_url": "https://y.example/api"}, "its last snapshot came from another base_url or login."),
        ({"login": "c"}, "its last snapshot came from another base_url or login."),
        (
            {"moderation": "moderated"},
            "moderation in the settings of this source changed since its last snapshot.",
        ),
    ],
)
def test_one_of_another_source_does_not_count(store: Store, changed: dict[str, str], reason: str) -> None:
    keep(store, catalogue("one"))
    one = matches(settings(**changed), store)
    assert (one.status, one.data) == ("failed", None)
    assert one.message == (
        f"ib: Supplier articles was not asked for in this run, and {reason} Run a health check of ib."
    )


def test_one_that_nobody_knows_the_server_of_does_not_count(store: Store) -> None:
    keep(store, catalogue("one"), {})
    assert matches(settings(), store).status == "failed"


def test_one_that_does_not_say_its_settings_counts(store: Store) -> None:
    keep(store, catalogue("one"), {"server": reader(settings().source("ib"))["server"]})
    assert keys(matches(settings(), store)) == ["one|1"]


def test_one_with_columns_of_another_version_does_not_count(store: Store) -> None:
    keep(store, catalogue("one").drop("standing"))
    assert "other columns than this version knows" in (matches(settings(), store).message or "")


def test_companies_that_left_the_settings_do_not_count(store: Store) -> None:
    keep(store, catalogue("one", "two"))
    assert keys(matches(settings("two"), store)) == ["two|1"]
    one = matches(settings("three"), store)
    assert one.data is None
    assert "its last snapshot has nothing of the companies in the settings." in (one.message or "")


def test_nor_do_they_for_people_to_look_at() -> None:
    past = {
        ("shop", "products"): frame("products", {"article_number": "A1", "ean": EAN}),
        ("ib", "catalogue"): catalogue("one", "two"),
    }
    found = known_matches(settings("two"), "shop", lambda *which: past.get(which))
    assert found["article_key"].to_list() == ["two|1"]


def test_a_health_check_of_the_shop_alone_goes_by_the_settings_of_the_supplier(tmp_path: Path) -> None:
    with Four(150, 1) as four:
        given = load_settings(four.write_settings(tmp_path / "keurmeester.toml"))
        given = given.model_copy(update={"sources": [given.source(SHOP), given.source(IB)]})
        moved = given.source(IB).model_copy(update={"login": "somebody else"})
        with Store.open(f"sqlite:///{tmp_path / 'k.db'}", tmp_path / "kept") as store:
            run_health_check(given, store, started_by="test")
            before = store.findings(source=SHOP, check=ACROSS[0])
            again = run_health_check(given, store, sources=[SHOP], started_by="test")
            changed = given.model_copy(update={"sources": [given.source(SHOP), moved]})
            after = run_health_check(changed, store, sources=[SHOP], started_by="test")
            kept = store.findings(source=SHOP, check=ACROSS[0])
    assert before.height
    assert set(kept["id"]) == set(before["id"])
    assert {one.status for one in again.results if one.check in ACROSS} <= {"passed", "failed"}
    assert {one.status for one in after.results if one.check in ACROSS} == {"could_not_run"}
