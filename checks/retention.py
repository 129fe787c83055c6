"""Retention: what is older than its term goes, from the snapshots and from the store.

Files go first and rows last. Cut off between, the rows still say what there was, the pages say that it is no longer
kept, and the next purge finds the very same things to do; rows first would leave files that nobody knows of, with
personal data in them. Nothing is deleted that does not bear a name of ours, and nothing outside `store.snapshots`.

Nobody purges by himself: put `keurmeester purge` beside the daily run, e.g. in cron.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from checks.errors import StoreError
from checks.frames import FRAMES
from checks.settings import StoreSettings
from checks.store import Store
from checks.store.engine import reading, writing
from checks.store.error_purging import delete_errors, old_errors
from checks.store.purging import KnownRuns, delete_rows, forget, hold_for_purge, known_runs, old_rows
from checks.store.snapshots import file_name

_PERSONAL = tuple(name for name, spec in FRAMES.items() if spec.personal)

#: The name of a run, and so of its folder; `begin_run` gives them.
_RUN = re.compile(r"(\d{8}T\d{6}Z)-[0-9a-f]{6}")
_PART = re.compile(r"\.[0-9a-f]{32}\.part")
_STALE_PART = 3600.0  # seconds; writing a file takes a few

#: What goes, in words, in the order in which it is told.
WORDS = {
    "snapshots": "snapshots of old runs",
    "personal": "snapshots with personal data",
    "orphans": "snapshots of runs the store does not know",
    "parts": "unfinished files",
    "runs": "runs, with what they collected and how their checks went",
    "findings": "findings about people, last seen long ago",
    "events": "events of those findings",
    "pictures": "pictures of fixes that ended long ago",
    "client_numbers": "old fixes and plans that keep everything but client numbers",
    "error_rows": "rows of the error log; what they counted for stays",
    "error_groups": "problems of the error log that nothing was heard of for long",
}


@dataclass
class Tally:
    """How many of one thing, and the bytes on disk that they free."""

    count: int = 0
    bytes: int = 0


@dataclass(frozen=True)
class Purged:
    """What went, or with `dry_run` what would.

    Attributes:
        before, personal_before: what is older than these went.
        tallies: the keys of `WORDS`.
        left_alone: what lies in the folder and is not ours, with the reason it was left.
    """

    before: datetime
    personal_before: datetime
    dry_run: bool
    tallies: dict[str, Tally] = field(default_factory=lambda: {what: Tally() for what in WORDS})
    left_alone: list[str] = field(default_factory=list)

    @property
    def nothing(self) -> bool:
        return not any(tally.count for tally in self.tallies.values())

    def as_json(self) -> dict[str, Any]:
        """The document of `purge --format json`."""
        return {
            "dry_run": self.dry_run,
            "before": self.before.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "personal_before": self.personal_before.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "gone": [
                {"what": what, "count": tally.count, "bytes": tally.bytes}
                for what, tally in self.tallies.items()
            ],
            "left_alone": self.left_alone,
        }


def purge(
    store: Store, settings: StoreSettings, by: str, now: datetime | None = None, dry_run: bool = False
) -> Purged:
    """Applies `retention_days` and `personal_retention_days` now.

    Snapshots and rows of old runs go, save of a run under way, of the newest finished one, and of the newest snapshot of
    each frame, which incremental runs build upon. Frames with personal data go after their own, shorter term, always.
    Findings about people that no run has seen for so long go with their events, whatever their status; of decisions
    about them stays who, when and how they ended. The journal of fixes stays: fixes that ended lose client numbers after
    the shorter term, and after the longer one the pictures it would take to put one back. Rows of the error log go after the
    shorter term; what they counted for goes with their problem, once that was silent for the longer one.

    Args:
        by: who, for the store.
        dry_run: only count.

    Raises StoreError where the folder is not one to delete in, or a file cannot be deleted; rows are whole then.
    """
    moment = now or datetime.now(UTC)
    before = moment - timedelta(days=settings.retention_days)
    personal_before = max(before, moment - timedelta(days=settings.personal_retention_days))
    purged = Purged(before, personal_before, dry_run)
    # Before the runs are looked up: the folder of a run that begins meanwhile is not among these.
    folders = _folders(store.snapshots, purged)
    with reading(store.engine) as connection:
        runs = known_runs(connection)
    for folder in folders:
        _purge_folder(folder, runs, purged)
    with reading(store.engine) if dry_run else writing(store.engine) as connection:
        if not dry_run:
            hold_for_purge(connection)
        old = old_rows(connection, before, personal_before, _PERSONAL)
        errors = old_errors(connection, before, personal_before)
        if not dry_run:
            delete_rows(connection, old, by, moment)
            delete_errors(connection, errors, by, moment)
    if not dry_run:
        forget(store.engine)
    counts = {
        "runs": len(old.runs),
        "findings": len(old.findings),
        "events": old.events,
        "pictures": len(old.pictures),
        "client_numbers": len(old.fixes) + len(old.plans),
        "error_rows": errors.rows,
        "error_groups": len(errors.groups),
    }
    for what, count in counts.items():
        purged.tallies[what].count = count
    return purged


def _folders(root: Path, purged: Purged) -> list[Path]:
    """The folders of runs. Raises StoreError where `root` is not a folder of our own."""
    if root.is_symlink():
        raise StoreError(
            f"{root} is a symbolic link: nothing was purged, for what it leads to may be another's. Name the folder "
            "itself in store.snapshots."
        )
    if not root.exists():
        return []
    real, home = root.resolve(), Path.home().resolve()
    if real == Path(real.anchor) or real == home or real in home.parents:
        raise StoreError(
            f"{root} is not a folder for snapshots only: nothing was purged. Name one of its own in store.snapshots."
        )
    found = []
    for path in sorted(_entries(root)):
        if not _RUN.fullmatch(path.name):
            continue  # not ours, whatever it is
        if path.is_symlink() or not path.is_dir():
            purged.left_alone.append(f"{path}: not a folder")
        else:
            found.append(path)
    return found


def _purge_folder(folder: Path, runs: KnownRuns, purged: Purged) -> None:
    run_id = folder.name
    if run_id in runs.under_way:
        return
    # Another store's, or of one that was put back from a backup. It is judged by its name, with the same terms: who
    # shares the folder must neither lose what he writes just now nor what his own store still needs.
    if run_id not in runs.started and _moment_of(run_id) >= purged.personal_before:
        return
    for source in sorted(_entries(folder)):
        if source.is_symlink() or not source.is_dir():
            purged.left_alone.append(f"{source}: not a folder of ours")
            continue
        for file in sorted(_entries(source)):
            if (what := _verdict(file, run_id, runs, purged)) is not None:
                _delete(file, what, purged)
        _remove_if_empty(source, purged)
    _remove_if_empty(folder, purged)


def _verdict(file: Path, run_id: str, runs: KnownRuns, purged: Purged) -> str | None:
    """Under which word a file goes; None when it stays."""
    if file.is_symlink() or not file.is_file():
        purged.left_alone.append(f"{file}: not a file of ours")
        return None
    if _PART.fullmatch(file.name):
        return "parts" if time.time() - file.stat().st_mtime > _STALE_PART else None
    if file.suffix != ".parquet":
        purged.left_alone.append(f"{file}: not a snapshot")
        return None
    started = runs.started.get(run_id)
    if started is None:
        term = purged.personal_before if file.stem in _PERSONAL else purged.before
        return "orphans" if _moment_of(run_id) < term else None
    if file.stem in _PERSONAL:
        return "personal" if started < purged.personal_before else None
    if started >= purged.before or run_id == runs.newest:
        return None
    newest = any(
        run_id == newest and file.stem == file_name(frame) and file.parent.name == file_name(source)
        for (source, frame), newest in runs.newest_with.items()
    )
    return None if newest else "snapshots"


def _moment_of(run_id: str) -> datetime:
    """When a run began, by its name; one whose name holds no moment began now."""
    match = _RUN.fullmatch(run_id)
    assert match is not None
    try:
        return datetime.strptime(match[1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return datetime.now(UTC)


def _delete(file: Path, what: str, purged: Purged) -> None:
    tally = purged.tallies[what]
    try:
        status = file.stat()
        if not purged.dry_run:
            file.unlink(missing_ok=True)
    except FileNotFoundError:  # another purge was quicker
        return
    except OSError as error:
        raise StoreError(_cannot(file, error)) from None
    tally.count += 1
    if status.st_nlink == 1:  # a snapshot carried from run to run is one file under several names
        tally.bytes += status.st_size


def _remove_if_empty(folder: Path, purged: Purged) -> None:
    if purged.dry_run or any(_entries(folder)):
        return
    try:
        folder.rmdir()
    except FileNotFoundError:
        return
    except OSError as error:
        raise StoreError(_cannot(folder, error)) from None


def _entries(folder: Path) -> Iterator[Path]:
    try:
        names = os.listdir(folder)
    except FileNotFoundError:  # another purge was quicker
        return
    except OSError as error:
        raise StoreError(_cannot(folder, error)) from None
    for name in names:
        yield folder / name


def _cannot(path: Path, error: OSError) -> str:
    return (
        f"{path} cannot be purged: {error.strerror or error}. Give this account the right to delete in the folder of "
        "store.snapshots, then purge again: it goes on where it stopped."
    )
