"""What `purge` takes away and what it leaves: by age, by person, and never anything that is not ours."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa

from checks.errors import StoreError
from checks.findings import FOUND, CheckResult
from checks.frames import FRAMES, Collected
from checks.retention import Purged, purge
from checks.settings import StoreSettings
from checks.store import FixRecord, PlanRecord, StepRecord, Store, tables

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
SETTINGS = StoreSettings(retention_days=400, personal_retention_days=90)

Run = Callable[..., str]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'keurmeester.db'}", tmp_path / "snapshots") as opened:
        yield opened


def frame(name: str) -> Collected:
    return Collected("webshop", name, "ok", FRAMES[name].empty())


@pytest.fixture
def run(store: Store) -> Run:
    """`run(500, "products", users=["an@shop.be"])`: a run so many days ago, with these frames and findings on users."""

    def make(days_ago: float, *frames: str, users: tuple[str, ...] = (), ends: bool = True) -> str:
        at = NOW - timedelta(days=days_ago)
        run_id = store.begin_run("full", "test")
        for name in frames:
            store.save_snapshot(run_id, frame(name))
        if ends:
            rows = [
                (
                    "user-unknown-client",
                    "error",
                    "webshop",
                    "user",
                    key,
                    None,
                    None,
                    f"{key}: no client.",
                    None,
                )
                for key in users
            ]
            result = CheckResult("user-unknown-client", "webshop", "failed", len(rows), entities=9)
            found = pl.DataFrame(rows, schema=FOUND, orient="row")
            collected = [frame(name) for name in frames]
            store.finish_run(run_id, "complete", "full", None, collected, [result], found, at)
        with store.engine.begin() as connection:
            connection.execute(sa.update(tables.runs).where(tables.runs.c.id == run_id).values(started_at=at))
        return run_id

    return make


def files(store: Store, run_id: str) -> list[str]:
    return sorted(file.stem for file in (store.snapshots / run_id).rglob("*.parquet"))


def run_ids(store: Store) -> set[str]:
    return set(store.runs()["id"])


def counted(purged: Purged) -> dict[str, int]:
    return {what: tally.count for what, tally in purged.tallies.items() if tally.count}


def test_old_runs_go_with_their_snapshots_and_what_belongs_to_them(store: Store, run: Run) -> None:
    old, young, newest = run(401, "products"), run(399, "products"), run(1, "products")
    purged = purge(store, SETTINGS, "Els", NOW)
    assert counted(purged) == {"snapshots": 1, "runs": 1}
    assert purged.tallies["snapshots"].bytes > 0
    assert run_ids(store) == {young, newest}
    assert not (store.snapshots / old).exists()
    assert files(store, young) == ["products"]
    assert store.collected(old).is_empty()
    assert store.check_results(old).is_empty()
    assert purge(store, SETTINGS, "Els", NOW).nothing


def test_personal_frames_go_sooner_and_the_rest_stays(store: Store, run: Run) -> None:
    old, young = run(91, "products", "users", "orders"), run(89, "products", "users")
    assert counted(purge(store, SETTINGS, "Els", NOW)) == {"personal": 2}
    assert (files(store, old), files(store, young)) == (["products"], ["products", "users"])
    assert run_ids(store) == {old, young}


def test_personal_frames_go_even_where_they_are_the_newest(store: Store, run: Run) -> None:
    only = run(500, "products", "users")
    assert counted(purge(store, SETTINGS, "Els", NOW)) == {"personal": 1}
    assert files(store, only) == ["products"]


def test_the_newest_run_and_the_newest_of_each_frame_stay(store: Store, run: Run) -> None:
    older, had_brands, newest = run(600, "products"), run(550, "brands", "products"), run(500, "products")
    assert counted(purge(store, SETTINGS, "Els", NOW)) == {"snapshots": 2, "runs": 1}
    assert run_ids(store) == {had_brands, newest}
    assert files(store, had_brands) == ["brands"]
    assert files(store, newest) == ["products"]
    assert not (store.snapshots / older).exists()


def test_a_dry_run_counts_the_same_and_changes_nothing(store: Store, run: Run) -> None:
    run(500, "products", "users", users=("an@shop.be",)), run(450), run(1, "products")
    before = sorted(store.snapshots.rglob("*")), run_ids(store), store.revision()
    dry = purge(store, SETTINGS, "Els", NOW, dry_run=True)
    assert (sorted(store.snapshots.rglob("*")), run_ids(store), store.revision()) == before
    assert counted(dry) == counted(purge(store, SETTINGS, "Els", NOW))
    assert counted(dry) == {
        "snapshots": 1,
        "personal": 1,
        "runs": 2,
        "findings": 1,
        "events": 2,
    }


def test_a_run_under_way_is_left_alone(store: Store, run: Run) -> None:
    busy = run(500, "products", "users", ends=False)
    assert purge(store, SETTINGS, "Els", NOW).nothing
    assert files(store, busy) == ["products", "users"]


def test_findings_about_people_go_and_who_decided_stays(store: Store, run: Run, tmp_path: Path) -> None:
    run(200, users=("an@shop.be", "bo@shop.be", "cé@shop.be"))
    ids = dict(store.findings().select("key", "id").iter_rows())
    at = NOW - timedelta(days=150)
    store.accept(ids["an@shop.be"], "an@shop.be works here.", "Els", now=at)
    store.comment(ids["an@shop.be"], "Called an@shop.be.", "Els", now=at)
    run(95, users=("bo@shop.be",))  # the others are fixed; this one is open still
    run(50, users=("bo@shop.be", "cé@shop.be"))
    run(40, users=("bo@shop.be",))  # fixed, yet seen 50 days ago
    revision = store.revision()

    assert counted(purge(store, SETTINGS, "Jan", NOW)) == {"findings": 1, "events": 4}

    assert set(store.findings(status="all")["key"]) == {"bo@shop.be", "cé@shop.be"}
    assert store.events_of(ids["an@shop.be"]).is_empty()
    [decision] = store.decisions(active=False).iter_rows(named=True)
    assert (decision["by"], decision["at"], decision["ended_why"], decision["ended_by"]) == (
        "Els",
        at,
        "purged",
        "Jan",
    )
    assert (decision["reason"], decision["value"]) == (None, None)
    assert store.revision() > revision
    on_disk = b"".join(file.read_bytes() for file in tmp_path.glob("keurmeester.db*"))
    assert b"an@shop.be" not in on_disk
    assert b"bo@shop.be" in on_disk


def test_a_person_whose_finding_was_purged_is_found_as_new(store: Store, run: Run) -> None:
    run(200, users=("an@shop.be",))
    store.accept(store.findings()["id"], "Fine.", "Els", now=NOW - timedelta(days=199))
    run(180)
    purge(store, SETTINGS, "Els", NOW)
    run(0, users=("an@shop.be",))
    assert store.findings()["status"].to_list() == ["new"]


def test_pictures_go_with_the_last_fix_that_names_them(store: Store) -> None:
    journal = store.journal
    old, shared, unnamed = (journal.put_blob(data) for data in (b"old", b"shared", b"unnamed"))

    def fix(name: str, ended_days_ago: int, sha256: str, in_step: str) -> None:
        step = StepRecord("do", "Upload", {"method": "POST", "body": {"Photo": f"sha256:{in_step}"}}, [])
        record = FixRecord(name, name, None, "safe", None, {"photos": [{"sha256": sha256}]}, [], (step,))
        at = NOW - timedelta(days=ended_days_ago)
        journal.add_plan(
            PlanRecord(f"plan-{name}", "link-central", "x", "webshop", at, "Els", None, {}, [], (record,))
        )
        assert journal.claim(name, "worker", "Els", at)
        journal.finish(name, "done", "Linked.", at)

    fix("A", 500, old, shared)
    fix("B", 100, shared, shared)
    assert counted(purge(store, SETTINGS, "Els", NOW)) == {"pictures": 1}
    with pytest.raises(KeyError):
        journal.blob(old)
    assert (journal.blob(shared), journal.blob(unnamed)) == (b"shared", b"unnamed")
    assert {row["id"] for row in journal.fixes()} == {"A", "B"}


@pytest.mark.parametrize(
    ("days_ago", "left"),
    [(401, []), (399, ["products"]), (91, ["products"]), (89, ["products", "users"])],
)
def test_of_unknown_runs_only_personal_frames_go_after_the_shorter_term(
    store: Store, run: Run, days_ago: int, left: list[str]
) -> None:
    run(1, "products")
    name = f"{NOW - timedelta(days=days_ago):%Y%m%dT%H%M%SZ}-abcdef"  # of another store in the same folder
    folder = store.snapshots / name / "webshop"
    folder.mkdir(parents=True)
    for stem in ("products", "users"):
        (folder / f"{stem}.parquet").write_bytes(b"x")
    gone = 2 - len(left)
    assert counted(purge(store, SETTINGS, "Els", NOW)) == ({"orphans": gone} if gone else {})
    assert files(store, name) == left


@pytest.mark.parametrize(
    "why", ["check switched off", "could not run", "source removed", "accepted", "snoozed"]
)
def test_a_finding_about_people_that_no_run_sees_any_more_goes_though_it_is_not_fixed(
    store: Store, run: Run, why: str
) -> None:
    run(200, users=("an@shop.be",))
    [an] = store.findings()["id"]
    if why == "accepted":
        store.accept(an, "an@shop.be works here.", "Els", now=NOW - timedelta(days=199))
    if why == "snoozed":
        store.snooze(an, NOW + timedelta(days=9), "Els", now=NOW - timedelta(days=199))
    results = [CheckResult("user-unknown-client", "webshop", "could_not_run", 0)] * (why == "could not run")
    nothing = pl.DataFrame(schema=FOUND)
    store.finish_run(store.begin_run("full", "test"), "complete", "full", None, [], results, nothing, NOW)
    assert store.findings(status="all")["status"].to_list() != ["fixed"]
    revision = store.revision()

    assert counted(purge(store, SETTINGS, "Jan", NOW))["findings"] == 1

    assert store.findings(status="all").is_empty()
    assert store.events_of(an).is_empty()
    assert store.revision() > revision
    kept = store.decisions(active=False).select("by", "reason", "ended_why").rows()
    assert kept == [("Els", None, "purged")] * (why in ("accepted", "snoozed"))


def test_unfinished_files_go_when_nobody_writes_them_any_more(store: Store, run: Run) -> None:
    folder = store.snapshots / run(1, "products") / "webshop"
    stale, fresh = (folder / f".{letter * 32}.part" for letter in "ab")
    stale.touch()
    fresh.touch()
    os.utime(stale, (1, 1))
    assert counted(purge(store, SETTINGS, "Els", NOW)) == {"parts": 1}
    assert (stale.exists(), fresh.exists()) == (False, True)


def test_what_is_not_ours_stays_and_is_told(store: Store, run: Run, tmp_path: Path) -> None:
    old = store.snapshots / run(500, "products")
    run(1, "products")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "products.parquet").touch()
    (old / "linked").symlink_to(elsewhere)
    (old / "webshop" / "notes.txt").touch()
    (old / "webshop" / "linked.parquet").symlink_to(elsewhere / "products.parquet")
    (store.snapshots / "holiday pictures").mkdir()
    (store.snapshots / "20200101T060000Z-abcdef").symlink_to(elsewhere)
    purged = purge(store, SETTINGS, "Els", NOW)
    assert counted(purged) == {"snapshots": 1, "runs": 1}
    assert (elsewhere / "products.parquet").exists()
    assert (old / "webshop" / "notes.txt").exists()
    assert (store.snapshots / "holiday pictures").exists()
    assert len(purged.left_alone) == 4


@pytest.mark.parametrize("name", ["linked", "/", "home"])
def test_a_folder_that_is_not_for_snapshots_is_refused(
    store: Store, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    run(500), run(1)
    (tmp_path / "linked").symlink_to(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home" / "els"))
    (tmp_path / "home" / "els").mkdir(parents=True)
    store.snapshots = Path("/") if name == "/" else tmp_path / name
    before = run_ids(store)
    with pytest.raises(StoreError, match="nothing was purged"):
        purge(store, SETTINGS, "Els", NOW)
    assert run_ids(store) == before


def test_cut_off_between_files_and_rows_it_goes_on_where_it_stopped(
    store: Store, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, newest = run(500, "products"), run(1, "products")

    def cut_off(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("checks.retention.delete_rows", cut_off)
        with pytest.raises(KeyboardInterrupt):
            purge(store, SETTINGS, "Els", NOW)
    assert run_ids(store) == {old, newest}
    assert not (store.snapshots / old).exists()
    assert counted(purge(store, SETTINGS, "Els", NOW)) == {"runs": 1}
    assert run_ids(store) == {newest}


def test_a_snapshot_under_two_names_frees_nothing_by_the_first(store: Store, run: Run) -> None:
    old, newest = run(500, "products"), run(1)
    kept = store.snapshots / newest / "webshop" / "products.parquet"
    kept.parent.mkdir(parents=True)
    kept.hardlink_to(store.snapshots / old / "webshop" / "products.parquet")
    with store.engine.begin() as connection:
        connection.execute(sa.update(tables.collected).values(run_id=newest))
    assert purge(store, SETTINGS, "Els", NOW).tallies["snapshots"].bytes == 0
    assert kept.exists()
