"""What a notebook does with a shop: ask, check, repair, over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

import checks
from checks.errors import SettingsError, UsageError
from checks.findings import FOUND, KEPT
from checks.frames import FRAMES
from checks.sandbox import Sandbox
from checks.sources.oresto.system import SYSTEM
from checks.workbench import Workbench, connect


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(size=100) as running:
        yield running


@pytest.fixture
def kr(sandbox: Sandbox, tmp_path: Path) -> Iterator[Workbench]:
    sandbox.reset()
    found = connect(sandbox.write_settings(tmp_path / "keurmeester.toml"))
    yield found
    found.close()


def test_connect_stands_at_the_top_of_the_package() -> None:
    assert checks.connect is connect
    with pytest.raises(AttributeError, match="has no attribute 'conect'"):
        checks.conect  # noqa: B018


class TestConnecting:
    def test_the_settings_are_found_as_the_commands_find_them(
        self, sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        file = sandbox.write_settings(tmp_path / "elsewhere.toml", name="shop")
        monkeypatch.setenv("KEURMEESTER_CONFIG", str(file))
        assert connect().source.name == "shop"

    def test_of_several_shops_one_is_to_be_named(self, sandbox: Sandbox, tmp_path: Path) -> None:
        file = sandbox.write_settings(tmp_path / "keurmeester.toml", name="north")
        file.write_text(file.read_text() + "\n" + sandbox.source_toml("south"))
        with pytest.raises(SettingsError, match="several shops: north, south"):
            connect(file)
        assert connect(file, source="south").source.name == "south"

    def test_settings_without_a_shop_say_so(self, tmp_path: Path) -> None:
        file = tmp_path / "keurmeester.toml"
        file.write_text("[store]\n")
        with pytest.raises(SettingsError, match="there is no shop"):
            connect(file)

    def test_it_never_shows_the_password(self, kr: Workbench) -> None:
        assert kr.source.secret() not in repr(kr)


class TestAsking:
    @pytest.mark.parametrize("frame", SYSTEM.frames)
    def test_each_frame_can_be_asked_for_alone(self, kr: Workbench, frame: str) -> None:
        found = kr.collect(frame)
        assert found.missing == {}
        assert found[frame].schema == FRAMES[frame].schema

    def test_nothing_of_it_is_kept(self, kr: Workbench) -> None:
        kr.collect("products")
        assert kr.runs().is_empty()

    def test_a_frame_that_fails_says_why_and_the_others_come(self, kr: Workbench, sandbox: Sandbox) -> None:
        sandbox.faults.add("GET Brands", "errors-200")
        found = kr.collect("brands", "suppliers")
        assert list(found) == ["suppliers"]
        with pytest.raises(KeyError, match="Brands could not be collected"):
            found["brands"]
        assert "GET Brands" in found.missing["brands"]

    def test_what_was_not_asked_for_is_told_as_such(self, kr: Workbench) -> None:
        with pytest.raises(KeyError, match="photos was not collected"):
            kr.collect("brands")["photos"]

    def test_two_collections_are_one(self, kr: Workbench) -> None:
        assert {"brands", "suppliers"} == set(kr.collect("brands") + kr.collect("suppliers"))

    def test_a_wrong_name_lists_the_right_ones(self, kr: Workbench) -> None:
        with pytest.raises(UsageError, match=r"no frame merken. There are: .*brands"):
            kr.collect("merken")


class TestChecking:
    def test_the_checks_find_what_was_planted(self, kr: Workbench, sandbox: Sandbox) -> None:
        judged = kr.check(kr.collect())
        assert judged.could_not_run == {}
        assert judged.found.schema == FOUND
        for check in ("missing-photo", "own-became-central", "order-total-mismatch"):
            mine = judged.found.filter(pl.col("check") == check)
            assert set(mine.select("key", "field").iter_rows()) == sandbox.truth()[check]

    def test_without_a_frame_its_checks_could_not_run(self, kr: Workbench) -> None:
        judged = kr.check(kr.collect("products"), "invalid-ean", "missing-photo")
        assert "Product photos was not collected" in judged.could_not_run["missing-photo"]
        assert dict(judged.table.select("check", "status").iter_rows())["invalid-ean"] == "failed"

    def test_frames_of_ones_own_can_be_judged(self, kr: Workbench) -> None:
        products = kr.collect("products")["products"].with_columns(ean=pl.lit("123"))
        assert kr.check({"products": products}, "invalid-ean").found.height == products.height

    def test_a_health_check_is_one_of_the_store(self, kr: Workbench, sandbox: Sandbox) -> None:
        run = kr.health_check()
        found = kr.findings("missing-photo")
        assert found.schema == KEPT
        assert set(found["key"]) == {key for key, _ in sandbox.truth()["missing-photo"]}
        assert kr.runs()["id"].to_list() == [run.id]
        assert kr.frame("products").height == 100
        assert kr.results().could_not_run == {}

    def test_a_frame_that_no_run_kept_says_what_to_do(self, kr: Workbench) -> None:
        with pytest.raises(UsageError, match=r"Brands: no run kept it.*health_check"):
            kr.frame("brands")

    def test_a_wrong_check_lists_the_right_ones(self, kr: Workbench) -> None:
        with pytest.raises(UsageError, match=r"no check 'photos'. There are: .*missing-photo"):
            kr.findings("photos")


class TestRepairing:
    def test_plan_apply_and_undo(self, kr: Workbench, sandbox: Sandbox) -> None:
        kr.health_check()
        before = sandbox.dump()
        plan = kr.plan("own-became-central")
        assert sandbox.dump() == before
        done = kr.apply(plan, classes=("safe", "confirm")).filter(pl.col("state") == "done")
        assert done.height == len(plan.items) > 0
        assert sandbox.dump() != before
        assert set(done["key"]).isdisjoint(kr.findings("own-became-central")["key"])
        back = kr.apply(kr.undo(plan))
        assert set(back["state"]) == {"done"}
        assert sandbox.dump()["own"].keys() == before["own"].keys()

    def test_of_a_plan_of_which_nothing_is_done_nothing_is_undone(self, kr: Workbench) -> None:
        kr.health_check()
        plan = kr.plan("client-product-same-price")
        with pytest.raises(UsageError, match="nothing to undo"):
            kr.undo(plan)
