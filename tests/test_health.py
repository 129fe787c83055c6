"""The health check, whole, over real HTTP: what is found is what was planted, whatever the server's habits."""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from checks.errors import Stopped
from checks.health import RunReport, run_health_check
from checks.progress import Progress
from checks.rules import CHECKS
from checks.rules.run import is_asked
from checks.sandbox import Sandbox
from checks.settings import Settings
from checks.store import Store

MakeSandbox = Callable[..., Sandbox]
MakeSettings = Callable[..., Settings]
MakeStore = Callable[[Settings], Store]

#: What a server does wrong, not a shop: see the variants `miscount` and `drift`.
OF_THE_SERVER = {"collection-incomplete", "schema-drift"}

#: Told of the error log, whose problems are judged by their own history: tests/triage has the truth of those.
OF_THE_LOG = {"error-new", "error-regressed", "error-spike"}

Truth = dict[str, set[tuple[str, str | None]]]

#: What is asked of a shop that has nothing beside it.
ASKED = [
    check.id for check in CHECKS.values() if is_asked(check, "oresto", ()) and check.id not in OF_THE_LOG
]


def found(findings: pl.DataFrame) -> Truth:
    """Keys by check, as `Sandbox.truth` gives them."""
    keys: Truth = {check: set() for check in ASKED}
    for check, key, field in findings.select("check", "key", "field").iter_rows():
        if check not in OF_THE_LOG:
            keys[check].add((key, field))
    return keys


def planted(sandbox: Sandbox) -> Truth:
    truth = sandbox.truth()
    return {check: set(truth.get(check, ())) for check in ASKED}


def run(settings: Settings, store: Store, **options: Any) -> RunReport:
    return run_health_check(settings, store, started_by="test", **options)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_findings_are_the_planted_truth(
    make_sandbox: MakeSandbox, make_settings: MakeSettings, make_store: MakeStore, seed: int
) -> None:
    sandbox = make_sandbox(size=1_500, seed=seed)
    settings = make_settings(sandbox)
    report = run(settings, make_store(settings))
    assert report.status == "complete", report.message
    assert {result.status for result in report.results} <= {"passed", "failed"}
    assert found(report.findings) == planted(sandbox)
    bare = {check for check, keys in planted(sandbox).items() if not keys}
    assert bare == OF_THE_SERVER, "every check has something planted for it"


def test_a_server_that_counts_more_than_it_gives_is_told(
    make_sandbox: MakeSandbox, make_settings: MakeSettings, make_store: MakeStore
) -> None:
    sandbox = make_sandbox(size=150, miscount=3)
    settings = make_settings(sandbox)
    report = run(settings, make_store(settings))
    assert report.status == "complete"
    assert found(report.findings)["collection-incomplete"] == {("central_products", None)}
    assert found(report.findings) == planted(sandbox)


def test_a_field_that_is_new_gone_or_retyped_is_told_once(
    make_sandbox: MakeSandbox, make_settings: MakeSettings, make_store: MakeStore
) -> None:
    sandbox = make_sandbox(size=150, drift=True)
    settings = make_settings(sandbox)
    store = make_store(settings)
    for _ in range(2):
        report = run(settings, store)
        assert found(report.findings)["schema-drift"] == planted(sandbox)["schema-drift"]


def test_with_real_products_as_the_central_database(
    make_sandbox: MakeSandbox, make_settings: MakeSettings, make_store: MakeStore, shared_data: Path
) -> None:
    sandbox = make_sandbox(size=2_000, products=shared_data / "products_nl_be.parquet")
    settings = make_settings(sandbox)
    assert found(run(settings, make_store(settings)).findings) == planted(sandbox)


def test_an_awkward_server_gives_the_same_findings(
    make_sandbox: MakeSandbox, make_settings: MakeSettings, make_store: MakeStore
) -> None:
    sandbox = make_sandbox(size=400, page_cap=100, rename_lists=True)
    sandbox.faults.add("*", "429", rate=0.05)
    sandbox.faults.add("*", "error-500", rate=0.05)
    settings = make_settings(sandbox)
    report = run(settings, make_store(settings))
    assert report.status == "complete", report.message
    assert found(report.findings) == planted(sandbox)
    assert any(status in (429, 500) for *_, status in sandbox.log)


class TestOverTime:
    @pytest.fixture
    def sandbox(self, make_sandbox: MakeSandbox) -> Sandbox:
        return make_sandbox(size=300)

    @pytest.fixture
    def settings(self, sandbox: Sandbox, make_settings: MakeSettings) -> Settings:
        return make_settings(sandbox)

    @pytest.fixture
    def store(self, settings: Settings, make_store: MakeStore) -> Store:
        return make_store(settings)

    def test_tomorrow_they_are_ongoing_and_the_run_incremental(
        self, settings: Settings, store: Store
    ) -> None:
        first, second = run(settings, store), run(settings, store)
        assert set(first.findings["status"]) == {"new"}
        assert set(second.findings["status"]) == {"ongoing"}
        assert second.findings["id"].sort().equals(first.findings["id"].sort())
        assert (first.mode, second.mode) == ("full", "incremental")
        assert run(settings, store, full=True).mode == "full"

    def test_a_missing_frame_leaves_its_findings_as_they_were(
        self, sandbox: Sandbox, settings: Settings, store: Store
    ) -> None:
        before = run(settings, store).findings
        sandbox.faults.add("GET ProductPhotos", "error-500")
        report = run(settings, store)
        assert report.status == "partial"
        assert "Product photos" in (report.message or "")
        [photos] = [result for result in report.results if result.check == "missing-photo"]
        assert photos.status == "could_not_run"
        assert "HTTP 500" in (photos.message or "")
        kept = report.findings.filter(pl.col("check") == "missing-photo")
        assert kept.equals(before.filter(pl.col("check") == "missing-photo"))

    def test_a_server_that_is_down_loses_nothing(
        self, sandbox: Sandbox, settings: Settings, store: Store
    ) -> None:
        before = run(settings, store).findings
        down = settings.sources[0].model_copy(update={"base_url": "http://127.0.0.1:9/api"})
        report = run(settings.model_copy(update={"sources": [down]}), store)
        assert report.status == "failed"
        assert "no connection" in (report.message or "")
        assert "\n" not in (report.message or "")
        assert report.findings.equals(before)
        latest = store.latest_run()
        assert latest is not None
        assert latest["status"] == "complete"

    def test_a_check_that_was_disabled_is_not_held_against_the_shop(
        self, settings: Settings, store: Store
    ) -> None:
        assert "missing-photo" in set(run(settings, store).findings["check"])
        checks = settings.checks.model_copy(update={"disabled": ["missing-photo"]})
        later = run(settings.model_copy(update={"checks": checks}), store)
        assert "missing-photo" not in {result.check for result in later.results}
        assert "missing-photo" not in set(later.findings["check"])
        assert store.findings(check="missing-photo").height, "they are kept for when it is enabled again"

    def test_a_stop_keeps_the_findings_and_says_so(self, settings: Settings, store: Store) -> None:
        before = run(settings, store).findings
        stopping = Progress()
        stopping.stop()
        with pytest.raises(Stopped):
            run(settings, store, progress=stopping)
        assert store.findings().equals(before)
        assert store.active_run() is None

    def test_a_list_that_came_back_empty_closes_nothing(
        self, sandbox: Sandbox, settings: Settings, store: Store
    ) -> None:
        before = run(settings, store).findings
        for article in list(sandbox.dump()["own"]):
            sandbox.remove(article)
        report = run(settings, store)
        assert report.status == "partial"
        assert "came back empty; the last run had 300 rows" in (report.message or "")
        of_own = (pl.col("entity") == "product") & (pl.col("check") != "linked-central-deleted")
        assert report.findings.filter(of_own).equals(before.filter(of_own))
        assert run(settings, store).status == "partial", "nor in the run after it"
        assert run(settings, store, full=True).findings.filter(of_own).is_empty()

    def test_a_list_that_lost_most_of_its_rows_finds_nothing_wrong_with_the_others(
        self, sandbox: Sandbox, settings: Settings, store: Store
    ) -> None:
        before = run(settings, store)
        brands = sandbox.shop.lookups.brands
        for brand in list(brands)[1:]:
            del brands[brand]
        report = run(settings, store, now=before.started_at + timedelta(days=1))
        assert "came back with only 1" in (report.message or "")
        of_brands = pl.col("check") == "invalid-reference"
        assert report.findings.filter(of_brands).equals(before.findings.filter(of_brands))

    def test_what_the_server_counts_as_none_may_run_out(
        self, sandbox: Sandbox, settings: Settings, store: Store
    ) -> None:
        first = run(settings, store)
        shop = sandbox.shop
        for product in shop.deleted_central:
            product.deleted, product.modified = False, shop.now()
        shop.forget_indexes()
        report = run(settings, store, now=first.started_at + timedelta(days=1))
        assert report.status == "complete", report.message
        assert "linked-central-deleted" not in set(report.findings["check"])

    def test_the_password_is_nowhere_even_if_the_server_echoes_it(
        self, settings: Settings, store: Store, tmp_path: Path
    ) -> None:
        secret = settings.sources[0].secret()
        basic = base64.b64encode(f"{settings.sources[0].login}:{secret}".encode()).decode()
        with echoing(f"<h1>Refused</h1> {secret} Authorization: Basic {basic}") as address:
            source = settings.sources[0].model_copy(update={"base_url": address})
            report = run(settings.model_copy(update={"sources": [source]}), store)
        assert report.status == "failed"
        assert "Refused" in (report.message or "")
        for text in (secret, basic):
            assert text not in str(report.as_json())
            kept = [
                file for file in tmp_path.rglob("*") if file.is_file() and file.name != "keurmeester.toml"
            ]
            assert kept
            assert [file for file in kept if text.encode() in file.read_bytes()] == []


@contextmanager
def echoing(page: str) -> Iterator[str]:
    """A server that answers everything with 500 and this page."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(500)
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_the_report_has_the_contracts_form(
    make_sandbox: MakeSandbox, make_settings: MakeSettings, make_store: MakeStore
) -> None:
    settings = make_settings(make_sandbox(size=100))
    document = run(settings, make_store(settings)).as_json()
    assert set(document) == {"run", "collected", "checks", "findings"}
    assert {"id", "started_at", "finished_at", "mode", "status"} <= set(document["run"])
    assert {"source", "frame", "rows", "requests", "seconds", "status", "message"} <= set(
        document["collected"][0]
    )
    assert {"check", "source", "status", "findings", "seconds", "message"} <= set(document["checks"][0])
    assert set(document["findings"][0]) == {
        "id",
        "check",
        "severity",
        "source",
        "entity",
        "key",
        "field",
        "value",
        "message",
        "status",
        "first_seen",
        "last_seen",
        "fix",
    }
