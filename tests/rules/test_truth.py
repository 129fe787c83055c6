"""Every check against what was planted: real collecting over real HTTP, three seeds, a small shop and a larger one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import polars as pl
import pytest

from checks.health import RunReport, run_health_check
from checks.rules import CHECKS
from checks.rules.run import is_asked
from checks.sandbox import Sandbox
from checks.settings import load_settings
from checks.store import Store

Keys = set[tuple[str, str | None]]

#: About how the shop was read, not about what is in it: only a server with bad habits has faults for these.
OF_THE_RUN = ("collection-incomplete", "schema-drift")
PLANTED = [
    check.id
    for check in CHECKS.values()
    if is_asked(check, "oresto", ()) and check.id not in OF_THE_RUN and not check.id.startswith("error-")
]
SHOPS = list(product((1, 2, 3), (120, 600)))


def health_check(sandbox: Sandbox, folder: Path) -> RunReport:
    settings = load_settings(sandbox.write_settings(folder / "keurmeester.toml"))
    store = Store.open(settings.store.url, settings.store.snapshots)
    try:
        return run_health_check(settings, store, started_by="test")
    finally:
        store.close()


def keys(report: RunReport, check: str) -> Keys:
    rows = report.findings.filter(pl.col("check") == check).select("key", "field")
    return set(rows.iter_rows())


Judged = tuple[RunReport, dict[str, Keys]]


@pytest.fixture(scope="module", params=SHOPS, ids=lambda shop: f"seed {shop[0]}, {shop[1]} products")
def judged(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judged]:
    """One health check of one shop, and what was planted in it."""
    seed, size = request.param
    with Sandbox(size=size, seed=seed) as sandbox:
        yield health_check(sandbox, tmp_path_factory.mktemp("truth")), sandbox.truth()


def test_all_was_collected_and_every_check_could_run(judged: Judged) -> None:
    report, _ = judged
    assert (report.status, report.message) == ("complete", None)
    assert {result.check: result.message for result in report.results if result.message} == {}


@pytest.mark.parametrize("check", PLANTED)
def test_a_check_finds_exactly_what_was_planted(judged: Judged, check: str) -> None:
    report, truth = judged
    assert truth.get(check), "something must be planted, or nothing is proved"
    assert keys(report, check) == truth[check]


@pytest.mark.parametrize("check", OF_THE_RUN)
def test_a_run_that_went_well_has_no_fault_of_its_own(judged: Judged, check: str) -> None:
    assert keys(judged[0], check) == set()


@pytest.mark.parametrize(("seed", "size"), SHOPS)
def test_a_server_with_bad_habits_is_found_out_and_hides_nothing(
    seed: int, size: int, tmp_path: Path
) -> None:
    with Sandbox(size=size, seed=seed, miscount=3, drift=True) as sandbox:
        report, truth = health_check(sandbox, tmp_path), sandbox.truth()
    for check in OF_THE_RUN:
        assert truth[check]
        assert keys(report, check) == truth[check]
    ran = [result.check for result in report.results if result.status != "could_not_run"]
    assert {check: keys(report, check) for check in PLANTED if check in ran} == {
        check: truth[check] for check in PLANTED if check in ran
    }


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_could_not_be_collected_is_told(seed: int, tmp_path: Path) -> None:
    with Sandbox(size=120, seed=seed) as sandbox:
        sandbox.faults.add("GET ProductPhotos", "error-500")
        sandbox.faults.add("GET Users", "html")
        report = health_check(sandbox, tmp_path)
        truth = sandbox.truth()
    assert keys(report, "collection-incomplete") == {("photos", None), ("users", None)}
    could_not = {result.check for result in report.results if result.status == "could_not_run"}
    missing = {check for check in PLANTED if {"photos", "users"} & set(CHECKS[check].needs)}
    assert could_not == missing | {"schema-drift"}
    assert all(keys(report, check) == truth[check] for check in PLANTED if check not in could_not)
