"""The benchmark measures two passes that find the same; how fast they are is for people to read."""

from __future__ import annotations

import polars as pl
import pytest

from checks.bench import bench, main
from checks.bench.assortment import FAULTS, NOW, make_frames
from checks.bench.raw import raw_counts, raw_pass
from checks.frames import FRAMES
from checks.rules import CHECKS, run_checks
from checks.rules.run import is_asked
from checks.settings import CheckSettings

FRAME_OF = {
    "client": "clients",
    "user": "users",
    "client-product": "client_prices",
    "order-list-item": "order_lists",
    "order": "orders",
    "frame": "collection",
}

#: Checks that somebody wrote by hand too: all but those of the error logs.
TIMED = [
    check.id
    for check in CHECKS.values()
    if is_asked(check, "oresto", ()) and not check.id.startswith("error-")
]


@pytest.mark.parametrize("fault_rate", [0.08, 0.95])
def test_both_passes_find_the_same(fault_rate: float) -> None:
    result = bench(products=5_000, central=5_000, runs=1, fault_rate=fault_rate)
    assert result["agree"], result["by_check"]
    assert set(result["by_check"]) == set(TIMED)
    assert all(result["by_check"].values())
    assert result["ratio"] == result["checks_seconds"] / result["raw_seconds"]


def test_the_same_rows_not_only_the_same_numbers() -> None:
    frames = make_frames(3_000, 3_000, fault_rate=0.5)
    found = run_checks(frames, CheckSettings(), NOW).found
    raw = raw_pass(frames, CheckSettings(), NOW)
    for check in TIMED:
        parts = [rows for name, rows in raw.items() if name.split("/")[0] == check]
        key = FRAMES[FRAME_OF.get(CHECKS[check].entity, "products")].key
        keys = {"|".join(map(str, row)) for rows in parts for row in rows.select(key).iter_rows()}
        assert set(found.filter(check=check)["key"]) == keys, check


def test_a_shop_without_faults() -> None:
    frames = make_frames(2_000, 2_000, fault_rate=0)
    found = run_checks(frames, CheckSettings(), NOW).found
    assert set(found["check"]) == {"order-unprocessed"}
    assert raw_counts(raw_pass(frames, CheckSettings(), NOW)) == dict.fromkeys(TIMED, 0) | {
        "order-unprocessed": found.height
    }


def test_about_as_many_faults_as_asked() -> None:
    frames = make_frames(20_000, 20_000, fault_rate=0.08)
    found = run_checks(frames, CheckSettings(), NOW).found
    own = found.filter(pl.col("entity") == "product", pl.col("check") != "linked-central-deleted")
    assert 0.07 < own["key"].n_unique() / 20_000 < 0.09
    assert len(FAULTS) > own["check"].n_unique()


def test_frames_have_the_schemas_that_collectors_make() -> None:
    for name, collected in make_frames(100, 100).collected.items():
        assert collected.data is not None
        assert collected.data.schema == FRAMES[name].schema


def test_the_table_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    main(products=1_000, central=1_000, runs=1)
    shown = capsys.readouterr().out
    assert "1,000 own products" in shown
    assert "ratio" in shown
    assert "the same" in shown
