"""A new wholesaler's shop: everything of the central database, nothing of its own, and so nothing wrong."""

from __future__ import annotations

import json
from collections.abc import Callable

import httpx
import pytest

from checks.commands.serving import sandbox
from checks.errors import UsageError
from checks.health import run_health_check
from checks.sandbox import Sandbox
from checks.sandbox.four import SHOP, Four
from checks.settings import Settings
from checks.store import Store

OWN_THINGS = (
    "own",
    "linked",
    "photos",
    "client_products",
    "orders",
    "order_lists",
    "clients",
    "users",
    "representatives",
    "locations",
)


@pytest.fixture
def empty(make_sandbox: Callable[..., Sandbox]) -> Sandbox:
    return make_sandbox(size=150, empty=True)


def test_it_has_the_central_database_and_the_tables_of_a_full_one_and_nothing_else(empty: Sandbox) -> None:
    full = Sandbox(size=150, seed=7)
    assert {name: len(rows) for name, rows in empty.dump().items()} == dict.fromkeys(OWN_THINGS, 0)
    assert empty.shop.lookups.brands == full.shop.lookups.brands
    assert [row.ean for row in empty.shop.live_central] == [
        row.ean for row in full.shop.central[: len(empty.shop.live_central)]
    ]
    assert empty.shop.error_logs == []
    assert empty.truth() == {}


def test_a_health_check_finds_nothing(
    empty: Sandbox, make_settings: Callable[..., Settings], make_store: Callable[[Settings], Store]
) -> None:
    settings = make_settings(empty)
    report = run_health_check(settings, make_store(settings), started_by="test")
    assert report.status == "complete"
    assert report.findings.is_empty()
    assert {one.check for one in report.results if one.status == "passed"} >= {"invalid-ean", "price-missing"}


def test_it_is_filled_as_any_shop_and_emptied_by_a_reset(
    empty: Sandbox, open_client: Callable[..., httpx.Client]
) -> None:
    before = empty.dump(ids=True)
    ean = next(row.ean for row in empty.shop.live_central if row.ean)
    link = {
        "Active": True,
        "OnOrder": False,
        "UnitSalesPrice": "ST",
        "WholesalerArticleNumber": "000123",
        "EanCode": ean,
    }
    assert open_client(empty).post("LinkProducts", json=link).status_code == 200
    assert list(empty.dump()["linked"]) == ["000123"]
    empty.reset()
    assert empty.dump(ids=True) == before


def test_days_go_by_in_it(empty: Sandbox) -> None:
    told = [sentence for seed in range(5) for sentence in empty.live_a_day(seed)]
    assert told
    assert set(empty.dump()) == set(OWN_THINGS)


def test_it_may_be_smaller_than_a_shop_that_has_to_hold_a_fault_of_each_kind() -> None:
    assert len(Sandbox(size=10, empty=True).shop.live_central) == 50
    with pytest.raises(UsageError, match="at least 100 own products"):
        Sandbox(size=10)


def test_nobody_else_knows_it_yet() -> None:
    four = Four(150, 7, empty=True)
    assert list(four.all) == [SHOP]
    assert four.truth() == {SHOP: {}}
    assert four.planted() == {}
    assert four.settings_toml().count("[[sources]]") == 1


def test_the_command_line_has_it_too(capsys: pytest.CaptureFixture[str]) -> None:
    sandbox(size=150, empty=True, planted=True)
    assert json.loads(capsys.readouterr().out) == {}
