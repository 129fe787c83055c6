"""A number on a page is the number of the findings it is about: over all four systems, as they really are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from checks import jobs
from checks.health import run_health_check
from checks.sandbox.four import IB, KRUITBOSCH, Four
from checks.settings import load_settings
from checks.store import Store

Open = Callable[..., Any]


@pytest.fixture
def judged(
    tmp_path: Path, make_store: Callable[..., Store], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Store]:
    """A store after a health check of all four, which the pages find."""
    monkeypatch.setattr(jobs, "start_settling", lambda settings: None)
    with Four(200, 7) as four:
        monkeypatch.setenv("KEURMEESTER_CONFIG", str(four.write_settings(tmp_path / "keurmeester.toml")))
        settings = load_settings()
        store = make_store(settings)
        run_health_check(settings, store, started_by="night")
        yield store


def test_pages_count_what_the_checks_found(judged: Store, open_page: Open) -> None:
    def found(*checks: str) -> int:
        count = judged.findings(check=checks).height
        assert count, "or nothing is proved"
        return count

    ib = open_page("suppliers", source=IB).words
    assert f"**{found('article-discontinued')}** that you sell can no longer be bought" in ib
    assert f"**{found('article-phasing-out')}** that you sell run out" in ib
    kruitbosch = open_page("suppliers", source=KRUITBOSCH).words
    gone = found("supplier-blocked", "supplier-inactive")
    assert f"**{gone}** that you sell can no longer be bought" in kruitbosch

    blocked, strangers = found("client-blocked-in-erp"), found("debtor-without-client")
    debtors = open_page("debtors")
    assert f"of whom **{blocked}** have no other debtor and cannot buy" in debtors.words
    assert f"**{blocked} active clients are blocked in the ERP**" in open_page("clients").words
    (show,) = [button.label for button in debtors.app.button if "no client" in button.label]
    all_strangers = int(show.split("**")[1])
    assert f"{all_strangers - strangers} more debtors are no client" in debtors.words
