"""Work in the background of this process: a run, a plan, the application of a plan.

A page starts a job from an `on_click` callback and then only reads: a run's progress stands in the store, a fix's steps
in the journal, a plan's progress here. Starting is idempotent: the same run, selection or plan under way is not started
twice, however often a click arrives.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Literal

from checks.errors import KeurmeesterError, Stopped
from checks.fixes import apply_plan, make_plan
from checks.health import run_health_check
from checks.progress import Progress, State
from checks.settings import Settings
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
    settings: Settings, check: str, keys: Collection[str], by: str, source: str | None = None
) -> Job:
    """Starts planning the fix of `check` for exactly `keys`; when done, the job has the `plan_id`."""
    frozen = tuple(sorted(keys))

    def work(job: Job, store: Store) -> None:
        plan = make_plan(store, settings, check, keys=frozen, source=source, by=by, options={}, progress=job)
        job.plan_id = plan.id

    return _start("plan", (settings.store.url, check, source, frozen), settings, work)


def start_apply(settings: Settings, plan_id: str, by: str) -> Job:
    """Starts applying a plan. A plan that was applied already touches nothing again."""

    def work(job: Job, store: Store) -> None:
        rows = apply_plan(store, settings, plan_id, by=by, progress=job)
        done = sum(row["state"] == "done" for row in rows)
        job.message = f"{done:,} of {len(rows):,} done."

    started = _start("apply", (settings.store.url, plan_id), settings, work)
    started.plan_id = plan_id
    return started


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
