"""A worklist carried out in batches: dry run, apply, interrupted, resumed, undone, told."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fastexcel
import polars as pl
import pytest

from checks.errors import NotAllowed, Stopped, UsageError
from checks.fixes.shop import Shop
from checks.onboarding.shapes import WORKLIST
from checks.onboarding.worklist import Worklist
from checks.sandbox import Sandbox
from checks.sources.request import Request
from checks.workbench import Workbench, connect
from checks.workbench.filling import REPORT


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(size=100, empty=True) as running:
        yield running


@pytest.fixture
def kr(sandbox: Sandbox, tmp_path: Path) -> Iterator[Workbench]:
    sandbox.reset()
    sandbox.faults.clear()
    found = connect(sandbox.write_settings(tmp_path / "keurmeester.toml"))
    yield found
    found.close()


def worklist(sandbox: Sandbox, count: int, left: dict[str, str] | None = None) -> Worklist:
    """Links to the first central products, under the numbers L1, L2 ..."""
    central = [one for one in sandbox.shop.live_central if one.ean][:count]
    links = {
        f"L{at}": {
            "WholesalerArticleNumber": f"L{at}",
            "EanCode": one.ean,
            "Active": True,
            "OnOrder": False,
            "UnitSalesPrice": "ST",
            "SalesPriceList": 2.5,
        }
        for at, one in enumerate(central, start=1)
    }
    rows = [(at, number, None, "link", None, []) for at, number in enumerate(links, start=2)]
    rows += [(99, number, None, "lacks", None, [reason]) for number, reason in (left or {}).items()]
    table = pl.DataFrame(rows, schema=WORKLIST, orient="row")
    return Worklist(table, links, {}, {f"L{at}": one.id for at, one in enumerate(central, start=1)})


def there(sandbox: Sandbox) -> set[str]:
    return set(sandbox.dump()["linked"])


def test_a_dry_run_sends_nothing_and_shows_every_request(kr: Workbench, sandbox: Sandbox) -> None:
    filling = kr.fill(worklist(sandbox, 5, {"X1": "It has no brand."}), batch=2)
    assert [len(plan.items) for plan in filling.plans] == [2, 2, 1]
    assert repr(filling) == "5 planned in 3 batches, 0 there already, 1 left out"
    requests = list(filling.requests())
    assert [(one["key"], one["method"], one["path"]) for one in requests[:2]] == [
        ("L1", "POST", "LinkProducts"),
        ("L2", "POST", "LinkProducts"),
    ]
    assert len(list(filling.requests(most=3))) == 3
    assert there(sandbox) == set()


def test_batch_after_batch_it_is_done_and_told(kr: Workbench, sandbox: Sandbox, tmp_path: Path) -> None:
    filling = kr.fill(worklist(sandbox, 5, {"X1": "It has no brand."}), batch=2)
    filling.apply(batches=1)
    assert there(sandbox) == {"L1", "L2"}
    report = filling.apply()
    assert report.schema == REPORT
    assert there(sandbox) == {f"L{at}" for at in range(1, 6)}
    assert filling.done("create-link") == (5, 5)
    assert dict(filling.summary().select("state", "count").iter_rows()) == {"done": 5, "not planned": 1}
    assert report.filter(pl.col("key") == "X1")["message"].to_list() == ["It has no brand."]
    saved = fastexcel.read_excel(filling.save(tmp_path / "report.xlsx")).load_sheet(0).to_polars()
    assert saved["key"].to_list() == report["key"].to_list()


def test_what_is_done_stays_done(kr: Workbench, sandbox: Sandbox) -> None:
    filling = kr.fill(worklist(sandbox, 3))
    filling.apply()
    before = sandbox.dump(ids=True)
    filling.apply()
    assert sandbox.dump(ids=True) == before


def test_where_too_much_fails_it_stops_and_says_why(kr: Workbench, sandbox: Sandbox) -> None:
    filling = kr.fill(worklist(sandbox, 30), batch=25)
    sandbox.faults.add("POST LinkProducts", "errors-200")
    report = filling.apply()
    assert filling.why_stopped is not None
    assert "failed" in filling.why_stopped
    assert report.filter(pl.col("state") == "planned").height > 5  # of both batches
    sandbox.faults.clear()
    filling.apply()
    assert filling.why_stopped is None
    assert not report.filter(pl.col("state") == "planned").is_empty()
    assert "planned" not in filling.report()["state"]


def test_one_that_needs_attention_does_not_hold_the_others(kr: Workbench, sandbox: Sandbox) -> None:
    filling = kr.fill(worklist(sandbox, 4), batch=2)
    sandbox.faults.add("POST LinkProducts", "reset-after", times=1)
    sandbox.faults.add("GET LinkProducts/GetByWholesalerArticleNumber", "error-500", match="L1", after=1)
    report = filling.apply()
    states = dict(report.select("key", "state").iter_rows())
    assert states == {"L1": "needs_attention", "L2": "done", "L3": "done", "L4": "done"}
    sandbox.faults.clear()
    assert set(filling.apply()["state"]) == {"done"}


def test_it_can_be_taken_back(kr: Workbench, sandbox: Sandbox) -> None:
    empty = sandbox.dump()
    filling = kr.fill(worklist(sandbox, 3), batch=2)
    filling.apply()
    back = filling.undo()
    assert repr(back) == "3 planned in 2 batches, 0 there already, 0 left out"
    back.apply()
    assert sandbox.dump() == empty


def test_a_person_who_interrupts_stops_what_waits_behind_too(
    kr: Workbench, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Run All must not go on with the next cell as if nothing had happened."""
    filling = kr.fill(worklist(sandbox, 6), batch=3)
    sent = Shop.send

    def interrupted(shop: Shop, request: Request) -> dict[str, Any]:
        if request.body["WholesalerArticleNumber"] == "L2":
            signal.raise_signal(signal.SIGINT)
        return sent(shop, request)

    monkeypatch.setattr(Shop, "send", interrupted)
    with pytest.raises(Stopped, match="2 were worked through, 1 are still to do"):
        filling.apply()
    assert there(sandbox) == {"L1", "L2"}
    monkeypatch.undo()
    filling.apply()
    assert there(sandbox) == {f"L{at}" for at in range(1, 7)}


def test_a_batch_has_at_least_one_key(kr: Workbench, sandbox: Sandbox) -> None:
    with pytest.raises(UsageError, match="at least one key, not 0"):
        kr.fill(worklist(sandbox, 1), batch=0)


def test_who_may_only_look_is_told_before_anything_is_planned(kr: Workbench, sandbox: Sandbox) -> None:
    team = kr.settings.team.model_copy(update={"sign_in": True})
    viewer = Workbench(kr.settings.model_copy(update={"team": team}), kr.source, kr.by)
    assert kr.may_not_send is None
    told = viewer.may_not_send
    assert told is not None
    assert "fixer" in told
    with pytest.raises(NotAllowed):
        viewer.fill(worklist(sandbox, 1))
    viewer.close()


def test_a_shop_that_is_read_only_is_told_too(kr: Workbench) -> None:
    source = kr.source.model_copy(update={"read_only": True})
    assert "read_only = true" in (Workbench(kr.settings, source, kr.by).may_not_send or "")
