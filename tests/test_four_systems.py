"""All four systems at once: one health check finds in each exactly what was planted, also what it takes two to see."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from checks.health import RunReport, run_health_check
from checks.rules import CHECKS
from checks.rules.run import is_asked
from checks.sandbox.four import EASYFLOR, IB, KRUITBOSCH, SHOP, Four
from checks.settings import Settings, load_settings
from checks.store import Store

SYSTEM_OF = {SHOP: "oresto", KRUITBOSCH: "kruitbosch", IB: "ib", EASYFLOR: "easyflor"}
OF_THE_RUN = ("collection-incomplete", "schema-drift", "error-new", "error-regressed", "error-spike")
ASKED = [
    (source, check.id)
    for source, system in SYSTEM_OF.items()
    for check in CHECKS.values()
    if is_asked(check, system, ("shop", "supplier", "erp")) and check.id not in OF_THE_RUN
]

Keys = set[tuple[str, str | None]]


@dataclass
class Judged:
    report: RunReport
    truth: dict[str, dict[str, Keys]]
    settings: Settings
    folder: Path
    log: str
    secrets: set[str]

    def keys(self, source: str, check: str) -> Keys:
        rows = self.report.findings.filter((pl.col("check") == check) & (pl.col("source") == source))
        return set(rows.select("key", "field").iter_rows())


class _Kept(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


def health_check(four: Four, folder: Path) -> Judged:
    settings = load_settings(four.write_settings(folder / "keurmeester.toml"))
    kept, root = _Kept(), logging.getLogger()
    level = root.level
    root.addHandler(kept)
    root.setLevel(logging.DEBUG)
    try:
        with Store.open(settings.store.url, settings.store.snapshots) as store:
            report = run_health_check(settings, store, started_by="test")
    finally:
        root.removeHandler(kept)
        root.setLevel(level)
    secrets = {one.password for one in four.all.values()} | four.easyflor.api.secrets()
    return Judged(report, four.truth(), settings, folder, "\n".join(kept.lines), secrets)


@pytest.fixture(scope="module", params=(1, 2, 3), ids=lambda seed: f"seed {seed}")
def judged(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judged]:
    with Four(300, request.param) as four:
        yield health_check(four, tmp_path_factory.mktemp("four"))


def test_all_was_collected_and_every_check_could_run(judged: Judged) -> None:
    assert (judged.report.status, judged.report.message) == ("complete", None)
    assert {(one.source, one.check): one.message for one in judged.report.results if one.message} == {}
    asked = {(one.source, one.check) for one in judged.report.results}
    assert set(ASKED) <= asked


@pytest.mark.parametrize(("source", "check"), ASKED)
def test_a_check_finds_exactly_what_was_planted(judged: Judged, source: str, check: str) -> None:
    truth = judged.truth[source].get(check)
    assert truth, "something must be planted, or nothing is proved"
    assert judged.keys(source, check) == truth


def test_no_secret_is_in_the_log_the_store_or_the_snapshots(judged: Judged) -> None:
    """Passwords of the four logins, tokens and cookies, and what the ERP sends of its users' passwords."""
    assert len(judged.log) > 1_000, "a log that holds nothing proves nothing"
    places = {"log": judged.log}
    for file in sorted(judged.folder.rglob("*")):
        if file.is_file() and file.name != "keurmeester.toml":
            data = (
                pl.read_parquet(file).write_json()
                if file.suffix == ".parquet"
                else file.read_bytes().decode("latin-1")
            )
            places[file.name] = data
    assert any(name.startswith("debtors") for name in places)
    with sqlite3.connect(judged.folder / "keurmeester.db") as store:
        places["store, as text"] = "\n".join(store.iterdump())
    store.close()
    places["report"] = json.dumps(judged.report.as_json())
    assert judged.secrets
    for place, text in places.items():
        for secret in judged.secrets:
            assert secret not in text, place
