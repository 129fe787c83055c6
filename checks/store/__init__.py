"""The store: runs, findings and their life, plans and their journal in SQL; the collected frames as Parquet beside it.

One `Store` may be used from several threads, and one database by several processes: the dashboard reads while the
command line writes. What a run found is written in one transaction at its end; a run killed half-way changes nothing.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from checks.errors import StoreError
from checks.store.decided import Decisions
from checks.store.engine import make_engine
from checks.store.errors import Errors
from checks.store.history import RunHistory
from checks.store.journal import FixRecord, Journal, PlanRecord, StepRecord
from checks.store.kept import KeptFindings
from checks.store.runs import RunLife
from checks.store.snapshots import Snapshots
from checks.store.upgrade import migrate
from checks.store.workers import Workers

__all__ = ["FixRecord", "Journal", "PlanRecord", "StepRecord", "Store"]


class Store(RunLife, RunHistory, KeptFindings, Decisions, Snapshots):
    """Everything that is remembered. Open it with `Store.open`; a context manager closes it."""

    def __init__(self, engine: sa.Engine, snapshots: Path) -> None:
        self.engine = engine
        self.snapshots = snapshots
        self.journal = Journal(engine)
        self.workers = Workers(engine)
        self.errors = Errors(engine)

    @classmethod
    def open(cls, url: str, snapshots: Path) -> Store:
        """Opens the store and brings it to the newest schema.

        Raises StoreError when it cannot be reached, or belongs to a newer program.
        """
        engine = make_engine(url)
        try:
            migrate(engine)
        except StoreError:
            engine.dispose()
            raise
        return cls(engine, snapshots)

    def close(self) -> None:
        self.engine.dispose()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
