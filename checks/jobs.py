"""Work in the background of this process: a run, a plan, the application of a plan.

A page starts a job from an `on_click` callback and then only reads: a run's progress stands in the store, a fix's steps
in the journal, a plan's progress here. Starting is idempotent: the same run, selection or plan under way is not started
twice, however often a click arrives.
"""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from checks import people
from checks.deferral import due
from checks.errors import KeurmeesterError, Stopped
from checks.fixes import Klass, apply_plan, make_plan, plan_undo, resume, settle
from checks.health import run_health_check
from checks.people import Person
from checks.progress import Progress, State
from checks.settings import Settings, load_settings
from checks.store import Store

JobState = Literal["running", "done", "failed", "stopped"]


@dataclass
class Job(Progress):
    """One piece of work. `message` is fit to be shown; `plan_id` names the plan that was made or is applied."""

    id: str
    kind: Literal["run", "plan", "apply"]
    about: tuple[object, ...]
    state: JobState = "running"
    done: int = 0
    total: int | None = None
    message: str | None = None
    plan_id: str | None = None
    thread: threading.Thread | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        super().__init__()

    def step(
        self, source: str, step: str, done: int, total: int | None = None, state: State = "running"
    ) -> None:
        if self.kind != "run":  # a run's many steps are kept in the store
            self.done, self.total = done, total


_jobs: dict[str, Job] = {}
_settling: dict[str, tuple[threading.Thread, Progress]] = {}
_SETTLE_SECONDS = 60.0

#: Who starts a run that picks up what was deferred.
PICKED_UP = "the opening hours"
_log = logging.getLogger(__name__)
_lock = threading.Lock()


def job(job_id: str) -> Job | None:
    """The job of that id, running or ended; None after a restart of the server."""
    return _jobs.get(job_id)


def start_run(settings: Settings, by: str) -> Job:
    """Starts a health check of all sources."""

    def work(job: Job, store: Store) -> None:
        report = run_health_check(settings, store, started_by=by, progress=job)
        job.message = report.message

    return _start("run", (settings.store.url,), settings, work)


def start_plan(
    settings: Settings,
    check: str,
    keys: Collection[str] | None,
    by: Person,
    source: str | None = None,
    options: Mapping[str, str] | None = None,
    each: Mapping[str, Mapping[str, str]] | None = None,
    safe_only: bool = False,
) -> Job:
    """Starts planning the fix of `check` for exactly `keys` (None: all); when done, the job has the `plan_id`.

    Raises NotAllowed when this person may not: at once, not in the background.
    """
    people.require(settings, by, "fixer", "plan fixes")
    frozen = None if keys is None else tuple(sorted(keys))
    chosen = {name: dict(one) for name, one in (each or {}).items()}

    def work(job: Job, store: Store) -> None:
        plan = make_plan(
            store,
            settings,
            check,
            keys=frozen,
            source=source,
            by=by,
            options=options or {},
            each=chosen,
            progress=job,
            safe_only=safe_only,
        )
        job.plan_id = plan.id

    about = (settings.store.url, check, source, frozen, repr(options), repr(chosen), safe_only, by.name)
    return _start("plan", about, settings, work)


def start_undo(settings: Settings, fix_ids: Collection[str], by: Person) -> Job:
    """Starts planning to undo fixes; when done, the job has the `plan_id`. Raises NotAllowed."""
    people.require(settings, by, "fixer", "undo fixes")
    frozen = tuple(sorted(fix_ids))

    def work(job: Job, store: Store) -> None:
        job.plan_id = plan_undo(store, settings, frozen, by=by, progress=job).id

    return _start("plan", (settings.store.url, "undo", frozen, by.name), settings, work)


def start_apply(
    settings: Settings, plan_id: str, by: Person, classes: Collection[Klass] | None = None
) -> Job:
    """Starts applying a plan. A plan that was applied already touches nothing again. Raises NotAllowed."""
    people.require(settings, by, "fixer", "apply fixes")

    def work(job: Job, store: Store) -> None:
        rows = apply_plan(store, settings, plan_id, by=by, classes=classes, progress=job)
        done = sum(row["state"] == "done" for row in rows)
        job.message = f"{done:,} of {len(rows):,} done."

    # another choice of classes is another work, which waits for its turn
    about = (settings.store.url, plan_id, None if classes is None else tuple(sorted(classes)))
    started = _start("apply", about, settings, work)
    started.plan_id = plan_id
    return started


def start_resume(settings: Settings, by: Person, fix_id: str) -> Job:
    """Starts going on with a fix that was begun and not finished. Raises NotAllowed."""
    people.require(settings, by, "fixer", "go on with fixes")

    def work(job: Job, store: Store) -> None:
        rows = resume(store, settings, by=by, fix_id=fix_id, progress=job)
        job.message = rows[0]["message"] if rows else "It is finished already."

    return _start("apply", (settings.store.url, "resume", fix_id), settings, work)


def start_settling(settings: Settings) -> None:
    """From now on, fixes that a killed program left in the middle are completed or put back, at once and every minute.

    What a source would not give at the hour of a run is picked up as well, as soon as it is open.

    Once in a process for each store, however often it is asked, until `stop_settling`.
    """
    with _lock:
        if settings.store.url in _settling:
            return
        progress = Progress()

        def watch() -> None:
            try:
                while not progress.stopping:
                    _settle(settings, progress)
                    progress.wait(_SETTLE_SECONDS)
            finally:  # a defect ends this thread: the next page begins another
                with _lock:
                    _settling.pop(settings.store.url, None)

        thread = threading.Thread(target=watch, name="settling", daemon=True)
        thread.start()
        _settling[settings.store.url] = (thread, progress)


def stop_settling() -> None:
    """Ends all that `start_settling` began, and waits until what is under way is in a state that can be gone on with."""
    with _lock:
        begun = list(_settling.values())
    for thread, progress in begun:
        progress.stop()
        thread.join()


def _settle(settings: Settings, progress: Progress) -> None:
    try:
        now = load_settings(settings.file) if settings.file is not None else settings
        with Store.open(now.store.url, now.store.snapshots) as store:
            settle(store, now, progress=progress)
            if due(now, store, datetime.now(UTC)):
                start_run(now, PICKED_UP)
    except KeurmeesterError as error:
        # the page Fixes shows what is left; the next minute tries again
        _log.warning("Unfinished fixes could not be settled: %s", error)


def _start(
    kind: Literal["run", "plan", "apply"],
    about: tuple[object, ...],
    settings: Settings,
    work: Callable[[Job, Store], None],
) -> Job:
    with _lock:
        for other in _jobs.values():
            if other.kind == kind and other.about == about and other.state == "running":
                return other
        started = Job(uuid.uuid4().hex, kind, about)
        _jobs[started.id] = started

    def run() -> None:
        try:
            store = Store.open(settings.store.url, settings.store.snapshots)
            try:
                work(started, store)
            finally:
                store.close()
            started.state = "done"
        except Stopped as stopped:
            started.message, started.state = str(stopped), "stopped"
        except KeurmeesterError as error:
            started.message, started.state = str(error), "failed"
        finally:
            if (
                started.state == "running"
            ):  # a defect: its traceback goes to the server's log, the page must not wait
                started.message, started.state = (
                    "Ended by an unexpected error; see the server's log.",
                    "failed",
                )

    started.thread = threading.Thread(target=run, name=f"{kind}-{started.id[:8]}", daemon=True)
    started.thread.start()
    return started
