"""The health check: collect -> check -> compare -> store. What `keurmeester run` and *Run now* do.

A collector that fails leaves its frame missing, the checks that need it *could not run*, and the run goes on `partial`.
Nothing is written to findings before everything is known; then it is one transaction.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import polars as pl

from checks.errors import KeurmeesterError
from checks.findings import FOUND, CheckResult
from checks.frames import FRAMES, Collected, Frames
from checks.heartbeat import KeptInStore
from checks.last_seen import last_seen
from checks.meeting import meet
from checks.past import StoredPast, reader
from checks.progress import Progress, Together
from checks.rules import CHECKS, run_checks
from checks.rules.run import is_asked
from checks.settings import Settings
from checks.settings_sources import OrestoSource, Source, SupplierSource
from checks.sources.collecting import collect_frames
from checks.sources.systems import system_of
from checks.store import Store

RunStatus = Literal["complete", "partial", "failed"]


@dataclass(frozen=True)
class RunReport:
    """How a run went. `findings` are all open ones of the sources that were asked, with schema `findings.KEPT`."""

    id: str
    started_at: datetime
    finished_at: datetime
    mode: Literal["full", "incremental"]
    status: RunStatus
    message: str | None
    collected: tuple[Collected, ...]
    results: tuple[CheckResult, ...]
    findings: pl.DataFrame

    def as_json(self) -> dict[str, Any]:
        """The document of `run --format json`, as the contract names it."""
        return {
            "run": {
                "id": self.id,
                "started_at": iso(self.started_at),
                "finished_at": iso(self.finished_at),
                "mode": self.mode,
                "status": self.status,
                "message": self.message,
            },
            "collected": [
                {
                    "source": one.source,
                    "frame": one.frame,
                    "rows": one.rows,
                    "requests": one.requests,
                    "seconds": round(one.seconds, 3),
                    "status": one.status,
                    "message": one.message,
                    "mode": one.mode,
                    "bytes": one.bytes,
                    "expected": one.expected,
                    "read_at": iso(one.read_at),
                    "full_at": iso(one.full_at),
                    "drift": [{"field": d.field, "kind": d.kind, "detail": d.detail} for d in one.drift],
                }
                for one in self.collected
            ],
            "checks": [
                {
                    "check": one.check,
                    "source": one.source,
                    "status": one.status,
                    "findings": one.findings,
                    "seconds": round(one.seconds, 3),
                    "message": one.message,
                }
                for one in self.results
            ],
            "findings": findings_as_json(self.findings),
        }


def iso(moment: datetime | None) -> str | None:
    """`2026-11-20T06:00:00Z`: UTC, to the second."""
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def findings_as_json(kept: pl.DataFrame) -> list[dict[str, Any]]:
    """`findings.KEPT` as the contract's objects."""
    return [
        {
            **{
                name: row[name]
                for name in ("id", "check", "severity", "source", "entity", "key", "field", "value")
            },
            "message": row["message"],
            "status": row["status"],
            "first_seen": iso(row["first_seen"]),
            "last_seen": iso(row["last_seen"]),
            "fix": row["fix"],
        }
        for row in kept.iter_rows(named=True)
    ]


def run_health_check(
    settings: Settings,
    store: Store,
    *,
    sources: Collection[str] | None = None,
    full: bool = False,
    started_by: str,
    progress: Progress | None = None,
    now: datetime | None = None,
) -> RunReport:
    """One daily health check.

    Args:
        sources: names of the sources to ask; None for all.
        full: read everything whole, whatever the last snapshots hold.
        started_by: who, for the run's row.
        now: the moment of the run, aware; by default this one.

    Raises:
        SettingsError: an unknown source or check id, a password that is not set.
        StoreError: another run is busy or took this one's place, or the store cannot be written.
        Stopped: a person asked to stop; the findings stay as they were.
    """
    asked: Sequence[Source] = (
        [settings.source(name) for name in sources] if sources is not None else settings.sources
    )
    settings.known_checks(CHECKS)
    for source in asked:
        source.secret()  # a missing password is told before anything starts
    started, begun = now or datetime.now(UTC), time.monotonic()
    run_id = store.begin_run("full" if full else "incremental", started_by)
    collected: list[Collected] = []
    with KeptInStore(store, run_id) as kept:
        both = Together(kept, progress or Progress())
        try:
            results, found = _collect_and_check(
                settings, store, run_id, asked, full, started, both, collected
            )
            no_question = {
                (check.id, source.name)
                for source in asked
                for check in CHECKS.values()
                if source.system in check.systems
                and not is_asked(check, source.system, settings.beside(source))
            }
            incremental = any(one.incremental for one in collected)
            mode: Literal["full", "incremental"] = "incremental" if incremental else "full"
            status, message = _verdict(collected)
            finished = started + timedelta(seconds=time.monotonic() - begun)
            if status == "failed":
                store.fail_run(run_id, status, message or "Nothing could be collected.", collected)
            else:
                store.finish_run(
                    run_id, status, mode, message, collected, results, found, finished, no_question
                )
        except BaseException as error:  # whatever ends it, the run's row must say so; the error goes on
            store.fail_run(run_id, "failed", _why_ended(error), collected)
            raise
    names = [source.name for source in asked]
    open_findings = settings.checks.without_disabled(store.findings(source=names))
    return RunReport(
        run_id, started, finished, mode, status, message, tuple(collected), tuple(results), open_findings
    )


def _why_ended(error: BaseException) -> str:
    if isinstance(error, KeurmeesterError):
        return str(error)
    return "Stopped." if isinstance(error, KeyboardInterrupt) else f"Ended by {type(error).__name__}."


def _collect_and_check(
    settings: Settings,
    store: Store,
    run_id: str,
    asked: Sequence[Source],
    full: bool,
    now: datetime,
    progress: Progress,
    collected: list[Collected],
) -> tuple[list[CheckResult], pl.DataFrame]:
    """Everything is collected before anything is judged: a check may compare two systems."""
    pasts = {source.name: StoredPast(store, source, now, full=full) for source in asked}
    frames = {
        source.name: _collect(store, run_id, source, pasts[source.name], full, now, progress, collected)
        for source in asked
    }
    meeting = meet(settings, frames, last_seen(settings, store))
    results: list[CheckResult] = []
    found = [FOUND.to_frame()]
    for source in asked:
        progress.step(source.name, "checks", 0, None)
        mine = {
            **frames[source.name],
            **meeting.get(source.name, {}),
            **of_the_run(source.name, frames[source.name]),
        }
        if isinstance(source, OrestoSource):
            renamed = pasts[source.name].renamed("error_logs")
            log = mine.get("error_logs")
            mine["error_groups"] = _error_groups(store, source, log, now, run_id, renamed)
        judged = run_checks(
            Frames(source.name, mine),
            settings.checks,
            now,
            system=source.system,
            beside=settings.beside(source),
            match=source.match if isinstance(source, SupplierSource) else None,
        )
        progress.step(source.name, "checks", len(judged.results), len(judged.results), "done")
        results.extend(judged.results)
        found.append(judged.found)
    return results, pl.concat(found)


def _collect(
    store: Store,
    run_id: str,
    source: Source,
    past: StoredPast,
    full: bool,
    now: datetime,
    progress: Progress,
    collected: list[Collected],
) -> dict[str, Collected]:
    """The frames of one source, each kept as a snapshot and added to `collected` as soon as it is there."""
    frames: dict[str, Collected] = {}
    made_by, known_rows, system = reader(source), past.rows(), system_of(source)

    def credible(one: Collected) -> Collected:
        return one if full else _credible(one, known_rows)

    with system.connect(source, progress) as client:
        for one in collect_frames(system, client, past=past, credible=credible, now=now, progress=progress):
            if one.data is not None:
                store.save_snapshot(run_id, one, made_by)
            frames[one.frame] = one
            collected.append(one)
    return frames


#: From one day to the next no list of some length loses more than half of its rows.
_ENOUGH, _LEAST_LEFT = 10, 0.5
#: Frames that may well be empty from one day to the next.
_MAY_BE_EMPTY = ("orders", "processed_orders", "error_logs", "catalogue_waiting")
_MAY_RUN_OUT = ("deleted_central_products",)


def of_the_run(source: str, frames: Mapping[str, Collected]) -> dict[str, Collected]:
    """What the run says of its own collecting, as frames `collection` and `field_drift` that checks can judge.

    A source that answered nothing at all is one trouble, told by the run, and not one a frame.
    """
    if not _answered(frames.values()):
        why = next((one.message for one in frames.values() if one.status != "ok"), None)
        return {
            name: Collected(
                source, name, "failed", message=f"the source answered nothing. {why or ''}".strip()
            )
            for name in ("collection", "field_drift")
        }
    collection = [
        {
            "frame": one.frame,
            "title": FRAMES[one.frame].title,
            "status": one.status,
            "rows": one.rows,
            "expected": one.expected,
            "message": one.message,
        }
        for one in frames.values()
    ]
    field_drift = [
        {
            "frame": one.frame,
            "title": FRAMES[one.frame].title,
            "field": drift.field,
            "kind": drift.kind,
            "detail": drift.detail,
        }
        for one in frames.values()
        for drift in one.drift
    ]
    rows: dict[str, list[dict[str, Any]]] = {"collection": collection, "field_drift": field_drift}
    return {
        name: Collected(source, name, "ok", pl.DataFrame(data, schema=FRAMES[name].schema, orient="row"))
        for name, data in rows.items()
    }


def _error_groups(
    store: Store, source: OrestoSource, log: Collected | None, now: datetime, run_id: str, renamed: bool
) -> Collected:
    """Takes the error log in, and gives what the triage makes of it as frame `error_groups` that checks can judge.

    It is kept whatever becomes of the run: rows that were read once may not come again. `renamed`: do the settings name
    its fields otherwise than at the last reading?
    """
    if log is None or log.data is None:
        why = "It was not asked for." if log is None else log.message
        return Collected(
            source.name,
            "error_groups",
            "failed",
            message=f"the error log did not come in. {why or ''}".strip(),
        )
    store.errors.absorb(source.name, log, now, run_id, fields=source.fields.error_log, renamed=renamed)
    store.errors.after_late_rows(source.name, now)
    return Collected(source.name, "error_groups", "ok", store.errors.standing(source.name))


def _credible(one: Collected, known_rows: Mapping[str, int]) -> Collected:
    """A list that is empty where it was not yesterday, or lost most of its rows, is taken for a failure.

    Judging it would close findings, or find hundreds that are none. Where the server counts the rows itself and agrees,
    fewer are believed (half of the own products may have been linked), but none at all only of `_MAY_RUN_OUT`.
    """
    before, agreed = known_rows.get(one.frame, 0), one.expected == one.rows
    if one.status != "ok" or one.frame in _MAY_BE_EMPTY:
        return one
    if one.rows == 0 < before and not (agreed and one.frame in _MAY_RUN_OUT):
        what = "came back empty"
    elif before >= _ENOUGH and 0 < one.rows < before * _LEAST_LEFT and not agreed:
        what = f"came back with only {one.rows:,}"
    else:
        return one
    message = f"{what}; the last run had {before:,} rows. If that is right, run once with --full."
    return replace(one, status="failed", data=None, message=message)


def _answered(collected: Iterable[Collected]) -> bool:
    """Did the shop answer anything? What was read earlier today, and is carried without asking, says nothing of it."""
    return any(one.status == "ok" and not (one.mode == "carried" and one.requests == 0) for one in collected)


def _verdict(collected: list[Collected]) -> tuple[RunStatus, str | None]:
    """complete, partial or failed, and the one line that says what is missing."""
    missing = [one for one in collected if one.status != "ok"]
    if not missing:
        return "complete", None
    reasons: dict[str, list[str]] = {}
    for one in missing:
        reasons.setdefault(one.message or "no reason given", []).append(FRAMES[one.frame].title)
    first = next(iter(reasons))
    if not _answered(collected) and not any(one.status == "deferred" for one in missing):
        return "failed", f"{', '.join(sorted({one.source for one in missing}))}: {first}"
    told = "; ".join(f"{', '.join(sorted(titles))} ({reason})" for reason, titles in reasons.items())
    return "partial", f"Not collected: {told}"
