"""What the checks find in debtors that came over real HTTP is exactly what was planted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import polars as pl
import pytest

from checks.frames import FRAMES, Frames
from checks.rules import CHECKS, Judged, run_checks
from checks.sandbox import Sandbox
from checks.sandbox.easyflor.server import DATABASE, EasyFlorSandbox
from checks.sandbox.ours import Ours, ours
from checks.settings import CheckSettings
from checks.settings_sources import EasyFlorSource
from checks.sources.collecting import collect_frames
from checks.sources.easyflor.client import EasyFlorClient
from checks.sources.easyflor.system import SYSTEM

Truth = dict[str, set[tuple[str, str | None]]]

OF_DEBTORS = [check for check, one in CHECKS.items() if one.system == "easyflor"]
ACROSS = [check for check, one in CHECKS.items() if one.beside == "erp"]
NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)


@dataclass(frozen=True)
class Found:
    of_debtors: Judged
    across: Judged
    truth: Truth
    beside: Truth
    known: Ours


def collected(erp: EasyFlorSandbox) -> Frames:
    source = EasyFlorSource.model_validate(
        {
            "system": "easyflor",
            "name": "easyflor",
            "base_url": erp.base_url,
            "login": erp.login,
            "password": erp.password,
            "database": DATABASE,
        }
    )
    with EasyFlorClient(source) as client:
        return Frames("easyflor", {one.frame: one for one in collect_frames(SYSTEM, client, now=NOW)})


def beside_the_shop(known: Ours, debtors: pl.DataFrame) -> Frames:
    """The shop's clients and orders, and the debtors as it is told of them."""
    clients = [{"client_number": one.number, "active": one.active} for one in known.clients]
    orders = [
        {"order_number": number, "client_number": one.number}
        for one in known.clients
        for number in one.open_orders
    ]
    met = debtors.select(
        pl.lit("easyflor").alias("erp"),
        "debtor_id",
        "code",
        pl.col("code").alias("client_number"),
        "name",
        "blocked",
    )
    rows = {"clients": clients, "orders": orders}
    made = {name: pl.DataFrame(given, schema=FRAMES[name].schema) for name, given in rows.items()}
    return Frames.of("shop", **made, erp_debtors=met)


@pytest.fixture(
    scope="module",
    params=[(seed, size) for seed in (1, 2, 3) for size in (120, 2000)],
    ids=lambda one: f"seed {one[0]}, {one[1]} products",
)
def found(request: pytest.FixtureRequest) -> Iterator[Found]:
    seed, size = request.param
    known = ours(Sandbox(size=size, seed=seed).shop)
    with EasyFlorSandbox(known, seed) as erp:
        frames = collected(erp)
        settings = CheckSettings()
        of_debtors = run_checks(frames, settings, NOW, only=OF_DEBTORS, system="easyflor")
        across = run_checks(
            beside_the_shop(known, frames["debtors"]), settings, NOW, only=ACROSS, beside={"erp"}
        )
        yield Found(of_debtors, across, erp.truth(), erp.truth_beside(), known)


def keys(judged: Judged, check: str) -> set[tuple[str, str | None]]:
    assert [one.message for one in judged.results if one.check == check] == [None]
    return set(judged.found.filter(pl.col("check") == check).select("key", "field").iter_rows())


@pytest.mark.parametrize("check", OF_DEBTORS)
def test_a_check_finds_exactly_what_was_planted(found: Found, check: str) -> None:
    assert found.truth[check], "something must be planted, or nothing is proved"
    assert keys(found.of_debtors, check) == found.truth[check]


@pytest.mark.parametrize("check", ACROSS)
def test_a_check_across_finds_exactly_what_was_planted(found: Found, check: str) -> None:
    assert found.beside[check], "something must be planted, or nothing is proved"
    assert keys(found.across, check) == found.beside[check]


def test_nothing_else_is_said_to_be_planted(found: Found) -> None:
    assert set(found.truth) == set(OF_DEBTORS)
    assert set(found.beside) == set(ACROSS)


def test_clients_are_blocked_with_open_orders_and_without(found: Found) -> None:
    busy = {one.number for one in found.known.clients if one.open_orders}
    blocked = {key for key, _ in found.beside["client-blocked-in-erp"]}
    assert blocked & busy
    assert blocked - busy
    said = found.across.found.filter(pl.col("check") == "client-blocked-in-erp", pl.col("key").is_in(busy))
    assert said["message"].str.contains("Open order").all()
