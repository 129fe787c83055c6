"""Collecting over real HTTP: every frame, whatever the server's habits and troubles."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from checks.frames import FRAMES, Collected
from checks.progress import Progress
from checks.sandbox import Sandbox
from checks.settings import Settings
from checks.sources.oresto.client import OrestoClient
from checks.sources.oresto.collect import FRAME_NAMES
from tests.collected import collect

MakeSandbox = Callable[..., Sandbox]
MakeSettings = Callable[..., Settings]


def collected(settings: Settings, **options: Any) -> dict[str, Collected]:
    with OrestoClient(settings.sources[0]) as client:
        found = collect(client, now=datetime.now(UTC), progress=Progress(), **options)
        return {one.frame: one for one in found}


@pytest.fixture
def sandbox(make_sandbox: MakeSandbox) -> Sandbox:
    return make_sandbox(size=120)


def test_every_frame_comes_home_in_its_shape(sandbox: Sandbox, make_settings: MakeSettings) -> None:
    found = collected(make_settings(sandbox))
    assert sorted(found) == sorted(FRAME_NAMES)
    for name, one in found.items():
        assert one.status == "ok", one.message
        assert one.data is not None
        assert one.data.schema == FRAMES[name].schema
        assert one.rows > 0, name
        assert one.requests > 0
        assert [d for d in one.drift if d.kind != "new"] == [], name
        assert not one.unusable


def test_what_is_collected_is_what_the_server_holds(sandbox: Sandbox, make_settings: MakeSettings) -> None:
    found, state = collected(make_settings(sandbox, page_size=50)), sandbox.dump()
    assert set(found["products"].data["article_number"]) == set(state["own"])
    assert set(found["linked_products"].data["article_number"]) == set(state["linked"])
    one = next(product for product in found["products"].data.iter_rows(named=True) if product["promo_from"])
    assert one["promo_from"].tzinfo is not None
    assert one["sales_price"] == pytest.approx(state["own"][one["article_number"]]["SalesPriceList"])


@pytest.mark.parametrize(
    "habit", [{"page_cap": 25}, {"rename_lists": True}, {"first_page": 0}, {"photo_urls": False}], ids=str
)
def test_the_servers_habits_make_no_difference(
    make_sandbox: MakeSandbox, make_settings: MakeSettings, habit: dict[str, Any]
) -> None:
    usual = collected(make_settings(make_sandbox(size=120)))
    other = collected(make_settings(make_sandbox(size=120, **habit)))
    for name in FRAME_NAMES:
        assert other[name].status == "ok", other[name].message
        columns = [column for column in FRAMES[name].key if name != "error_logs"]
        assert (
            other[name]
            .data.select(columns)
            .sort(columns)
            .equals(usual[name].data.select(columns).sort(columns))
        ), name


def test_a_zero_based_server_is_noticed(make_sandbox: MakeSandbox, make_settings: MakeSettings) -> None:
    with OrestoClient(make_settings(make_sandbox(size=100, first_page=0)).sources[0]) as client:
        assert client.first_page == 0


def test_a_frame_that_fails_is_missing_with_its_reason_and_the_others_go_on(
    sandbox: Sandbox, make_settings: MakeSettings
) -> None:
    sandbox.faults.add("GET Brands", "html-200")
    found = collected(make_settings(sandbox))
    assert found["brands"].status == "failed"
    assert found["brands"].data is None
    assert "a web page instead of data" in (found["brands"].message or "")
    assert {one.status for name, one in found.items() if name != "brands"} == {"ok"}


def test_own_products_that_fail_take_no_other_list_down(
    sandbox: Sandbox, make_settings: MakeSettings
) -> None:
    sandbox.faults.add("GET Products", "html-200")
    found = collected(make_settings(sandbox))
    assert [name for name, one in found.items() if one.status == "failed"] == ["products"]


def test_where_pages_begin_is_told_by_whichever_list_answers(
    make_sandbox: MakeSandbox, make_settings: MakeSettings
) -> None:
    sandbox = make_sandbox(size=100, first_page=0)
    sandbox.faults.add("GET Products", "html-200")
    with OrestoClient(make_settings(sandbox).sources[0]) as client:
        assert client.first_page == 0


@pytest.mark.parametrize("kind", ["error-500", "429", "half", "errors-200"])
def test_now_and_then_a_fault_changes_nothing(
    sandbox: Sandbox, make_settings: MakeSettings, kind: str
) -> None:
    sandbox.faults.add("*", kind, rate=0.1)
    found = collected(make_settings(sandbox, page_size=20))
    assert {one.status for one in found.values()} == {"ok"}
    assert found["products"].rows == len(sandbox.dump()["own"])
