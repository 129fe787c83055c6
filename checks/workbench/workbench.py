"""One shop on a workbench: everything a notebook does with it."""

from __future__ import annotations

from collections.abc import Collection as Names
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import polars.selectors as cs

from checks.doctor import diagnose
from checks.errors import Stopped, UsageError
from checks.export.listing import listing_as_xlsx
from checks.findings import FOUND, CheckResult
from checks.fixes import (
    Plan,
    apply_plan,
    load_plan,
    make_plan,
    plan_new_in_batches,
    plan_undo,
    resume,
    settle,
)
from checks.frames import FRAMES, Frames
from checks.health import RunReport, of_the_run, run_health_check
from checks.history import RunComparison, compare_runs, frame_changes
from checks.people import Person, refusal
from checks.progress import heeding_signals
from checks.rules import CHECKS, Judged, run_checks
from checks.rules.check import Check
from checks.settings import Settings
from checks.settings_sources import OrestoSource
from checks.sources.collecting import collect_frames
from checks.sources.systems import system_of
from checks.store import Store
from checks.workbench.collection import Collection
from checks.workbench.filling import BATCH, Filling
from checks.workbench.telling import NotebookProgress

if TYPE_CHECKING:  # only a notebook of onboarding needs them
    from checks.onboarding.client_requests import ClientList
    from checks.onboarding.worklist import Worklist

#: What else has to be read for a frame to be there.
_WITH = {
    "deleted_central_products": ("central_products",),
    "photos": ("products",),
    "client_locations": ("clients",),
    "processed_orders": ("orders",),
    "order_lists": ("clients",),
    "delivery_dates": ("clients", "client_locations"),
    "supplier_articles": ("products", "linked_products"),
}


#: States after which nothing more is to be done.
ENDED = ("done", "failed", "undone")

#: What `apply`, `resume` and `outcome` give: one row a key.
OUTCOME = pl.Schema(
    [
        ("key", pl.String()),
        ("title", pl.String()),
        ("state", pl.String()),
        ("message", pl.String()),
        ("finished_at", pl.Datetime("us", "UTC")),
        ("id", pl.String()),
    ]
)


class Workbench:
    """One shop: asked, judged, repaired. Made by `connect`.

    Attributes:
        settings: those of keurmeester.toml.
        source: the shop's.
        by: who works here; stands in the journal with everything that is changed.
    """

    def __init__(self, settings: Settings, source: OrestoSource, by: Person) -> None:
        self.settings, self.source, self.by = settings, source, by

    @cached_property
    def store(self) -> Store:
        """What the command line and the dashboard share: findings, runs, plans."""
        return Store.open(self.settings.store.url, self.settings.store.snapshots)

    def close(self) -> None:
        """Lets go of the store."""
        if "store" in self.__dict__:
            self.store.close()
            del self.__dict__["store"]

    def __repr__(self) -> str:
        # never the settings as they are: they may hold a password
        return f"{self.source.name} at {self.source.base_url}, as {self.by.name} ({self.by.role})"

    @property
    def may_not_send(self) -> str | None:
        """Why nothing can be sent to the shop from here, as a sentence; None where it can."""
        if self.source.read_only:
            return f"the settings say read_only = true for {self.source.name}."
        return refusal(self.settings, self.by, "fixer", "send anything to the shop")

    # asking

    def doctor(self) -> pl.DataFrame:
        """Is everything in place? Columns subject, question, answer (ok, wrong, could_not_ask) and said.

        Of all sources in the settings; changes nothing.
        """
        rows = [(one.subject, one.question, one.verdict, one.detail) for one in diagnose(self.settings)]
        schema = dict.fromkeys(("subject", "question", "answer", "said"), pl.String)
        return pl.DataFrame(rows, schema=schema, orient="row")

    def collect(self, *names: str) -> Collection:
        """Asks the shop for these frames now, whole, and keeps them nowhere; without names for all it has.

        What a frame cannot be read without is read too. A frame that fails is told in the collection, the others come.
        Raises UsageError for a name that is no frame.
        """
        system = system_of(self.source)
        unknown = [name for name in names if name not in system.frames]
        if unknown:
            raise UsageError(
                f"There is no frame {', '.join(unknown)}. There are: {', '.join(system.frames)}."
            )
        wanted = {frame for name in names for frame in (name, *_WITH.get(name, ()))} or None
        with NotebookProgress() as progress, system.connect(self.source, progress) as client:
            found = list(
                collect_frames(system, client, names=wanted, now=datetime.now(UTC), progress=progress)
            )
        by_name = {one.frame: one for one in found}
        return Collection(
            Frames(self.source.name, {name: by_name[name] for name in system.frames if name in by_name})
        )

    def check(self, frames: Collection | Mapping[str, pl.DataFrame], *only: str) -> Judged:
        """Puts the checks (`only` some) to frames of this shop; nothing is stored.

        Checks that need a frame that is not here *could not run* and say why. Those of the error log are left to
        `health_check`: they judge what the store knows of it. Raises UsageError for a check that does not exist.
        """
        name = self.source.name
        collected = (
            frames.frames.collected if isinstance(frames, Collection) else Frames.of(name, **frames).collected
        )
        told = of_the_run(name, collected) if isinstance(frames, Collection) else {}
        here = [one.id for one in CHECKS.values() if _is_of_frames(one, self.source.system)]
        return run_checks(
            Frames(name, {**collected, **told}),
            self.settings.checks,
            datetime.now(UTC),
            only=only or here,
            system=self.source.system,
        )

    def health_check(self, *, full: bool = False) -> RunReport:
        """The daily run of all sources, kept in the store like one of the command line. Raises what that raises."""
        with NotebookProgress() as progress:
            return run_health_check(
                self.settings, self.store, full=full, started_by=self.by.name, progress=progress
            )

    # what is known

    def runs(self, limit: int | None = 50) -> pl.DataFrame:
        """The runs, the newest first."""
        return self.store.runs(limit)

    def frame(self, name: str, run: str | None = None) -> pl.DataFrame:
        """A frame as a run (the last one that read it well) has kept it.

        Raises UsageError where there is no such frame, or no snapshot of it.
        """
        if name not in FRAMES:
            raise UsageError(f"There is no frame {name!r}. Known: {', '.join(FRAMES)}.")
        found = self.store.frame(self.source.name, name, run)
        if found is None:
            whose = "no run" if run is None else f"run {run} has not"
            raise UsageError(
                f"{FRAMES[name].title}: {whose} kept it. It failed then, or its time of keeping is over; "
                "kr.runs() lists the runs, kr.health_check() makes one."
            )
        return found

    def findings(
        self,
        check: str | Names[str] | None = None,
        *,
        status: str | Names[str] | None = None,
        severity: str | Names[str] | None = None,
        key: str | Names[str] | None = None,
        text: str | None = None,
    ) -> pl.DataFrame:
        """Stored findings of this shop as `findings.KEPT`, the newest first: open ones unless `status` says otherwise."""
        _known_checks(check)
        found = self.store.findings(
            check=check, status=status, severity=severity, source=self.source.name, key=key, text=text
        )
        return self.settings.checks.without_disabled(found)

    def results(self, run: str | None = None) -> Judged:
        """How each check of this shop went in a run; by default what stands of the last ones. `findings` of it are the open ones."""
        last = self.store.latest_run() if run is None else {"id": run}
        if last is None:
            return Judged(self.findings().select(FOUND.names()), [])
        standing = self.store.standing_results(last["id"]) if run is None else self.store.check_results(run)
        rows = standing.filter(pl.col("source") == self.source.name)
        results = [
            CheckResult(
                row["check"],
                row["source"],
                row["status"],
                row["findings"],
                row["seconds"],
                row["message"],
                row.get("entities"),
            )
            for row in rows.iter_rows(named=True)
            if row["check"] in CHECKS
        ]
        found = self.findings() if run is None else self.store.open_at(run)
        return Judged(found.filter(pl.col("source") == self.source.name).select(FOUND.names()), results)

    def compare(self, before: str, after: str) -> RunComparison:
        """Two runs (ids) side by side: findings that appeared and went, and per frame how much changed."""
        return compare_runs(self.store, self.source.name, before, after)

    def changes(self, frame: str, before: str, after: str, limit: int = 1000) -> pl.DataFrame:
        """What changed in one frame between two runs, field by field."""
        return frame_changes(self.store, self.source.name, frame, before, after, limit)

    # repairing

    def plan(self, check: str, keys: Names[str] | None = None, **options: str) -> Plan:
        """Plans the repair of a check's open findings, all or those of `keys`; reads the shop, changes nothing.

        `options`: what the repair needs from a person, as `brand="12"`. Raises what `checks.fixes.make_plan` raises.
        """
        _known_checks(check)
        with NotebookProgress() as progress:
            return make_plan(
                self.store,
                self.settings,
                check,
                keys=keys,
                source=self.source.name,
                by=self.by,
                options=options,
                progress=progress,
            )

    def plan_new(
        self,
        fix: str,
        given: Mapping[str, Mapping[str, Any]],
        left: Mapping[str, str] | None = None,
        *,
        products: Mapping[str, int] | None = None,
        batch: int = BATCH,
    ) -> list[Plan]:
        """Plans what is not in the shop yet (`create-link`, `create-own`, `create-client`), in batches; changes nothing.

        `given`: the request bodies by key; `left`: keys that are left out, with the reason; `products`: of links, the id of
        the central product that is meant. Plans of an earlier dry run of which nothing was begun are discarded. See
        `checks.fixes.plan_new_in_batches`.
        """
        with NotebookProgress() as progress:
            return plan_new_in_batches(
                self.store,
                self.settings,
                fix,
                given,
                batch=batch,
                source=self.source.name,
                by=self.by,
                left=left,
                products=products,
                progress=progress,
            )

    def fill(self, worklist: Worklist, *, batch: int = BATCH) -> Filling:
        """Plans a worklist of onboarding, links first, in batches: a dry run, until `apply` of it is called."""
        plans = []
        if worklist.links:
            plans += self.plan_new("create-link", worklist.links, products=worklist.products, batch=batch)
        if worklist.creates:
            plans += self.plan_new("create-own", worklist.creates, batch=batch)
        return Filling(self, plans, worklist.left)

    def fill_clients(self, clients: ClientList, *, batch: int = BATCH) -> Filling:
        """The same for a list of clients, with their users and addresses."""
        plans = self.plan_new("create-client", clients.given, batch=batch) if clients.given else []
        return Filling(self, plans, clients.left)

    def load_plan(self, plan_id: str) -> Plan:
        """A plan that was made before, in whichever notebook or program."""
        return load_plan(self.store, plan_id)

    def apply(self, plan: Plan | str, *, classes: Names[Any] | None = None) -> pl.DataFrame:
        """Carries a plan out: journal first, then the call, then reading back. Safe to repeat: what is done stays done.

        Gives key, title, state, message of every fix of it. Interrupting the kernel once stops after the one under way
        (and raises Stopped, so that cells that wait their turn do not run); the same call goes on from there.
        """
        plan_id = plan if isinstance(plan, str) else plan.id
        settle(self.store, self.settings)
        with NotebookProgress() as progress, heeding_signals(progress, progress.stopped):
            rows = apply_plan(
                self.store, self.settings, plan_id, by=self.by, classes=classes, progress=progress
            )
        _raise_if_stopped(progress, rows)
        return _of_journal(rows)

    def resume(self) -> pl.DataFrame:
        """Goes on with every fix that was begun and not finished; gives the same columns as `apply`."""
        with NotebookProgress() as progress, heeding_signals(progress, progress.stopped):
            rows = resume(self.store, self.settings, by=self.by, progress=progress)
        _raise_if_stopped(progress, rows)
        return _of_journal(rows)

    def undo(self, plan: Plan | str) -> Plan:
        """Plans to put back what a plan did; `apply` it like any other. Raises what `checks.fixes.plan_undo` raises."""
        plan_id = plan if isinstance(plan, str) else plan.id
        done = self.store.journal.fixes(plan_id=plan_id, state="done")
        if not done:
            raise UsageError(f"Nothing of plan {plan_id} is done: there is nothing to undo.")
        with NotebookProgress() as progress:
            return plan_undo(
                self.store, self.settings, [row["id"] for row in done], by=self.by, progress=progress
            )

    def save(self, frame: pl.DataFrame, path: str | Path) -> Path:
        """Writes a frame as XLSX, every text as text: problems of a file, findings, what was matched.

        Lists become texts. Raises UsageError where the file cannot be written.
        """
        target = Path(path)
        texts = pl.col(pl.List(pl.String)).list.join(" ")
        flat = frame.with_columns(texts).select(~cs.nested())
        try:
            target.write_bytes(listing_as_xlsx(flat, target.stem))
        except OSError as error:
            raise UsageError(
                f"{target}: cannot be written: {error.strerror}. Name a file in a folder that exists and is yours."
            ) from None
        return target

    def outcome(self, plan: Plan | str) -> pl.DataFrame:
        """How far a plan is: key, title, state, message, finished_at."""
        plan_id = plan if isinstance(plan, str) else plan.id
        return _of_journal(self.store.journal.fixes(plan_id=plan_id))


def _raise_if_stopped(progress: NotebookProgress, rows: list[dict[str, Any]]) -> None:
    """Cells that wait their turn must not go on as if all had been done."""
    if progress.stopping:
        left = sum(row["state"] not in ENDED for row in rows)
        raise Stopped(
            f"Stopped as you asked: {len(rows) - left:,} were worked through, {left:,} are still to do. What is done stays "
            "done; the same call goes on from here."
        )


def _is_of_frames(check: Check, system: str) -> bool:
    """Can it be judged from one shop's frames alone?"""
    return system in check.systems and check.beside is None and "error_groups" not in check.needs


def _of_journal(rows: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame([{name: row[name] for name in OUTCOME} for row in rows], schema=OUTCOME, orient="row")


def _known_checks(check: str | Names[str] | None) -> None:
    for one in [check] if isinstance(check, str) else check or ():
        if one not in CHECKS:
            raise UsageError(f"There is no check {one!r}. There are: {', '.join(CHECKS)}.")
