"""The error log of the sources: rows once, the problems they group into, and what people decided about those.

Moments of rows, groups and states are of the server's clock; events are of this machine's. Each call is one transaction.
"""

from __future__ import annotations

import sqlalchemy as sa

from checks.store.error_absorb import ErrorAbsorb
from checks.store.error_after_fix import ErrorAfterFix
from checks.store.error_causes import ErrorCauses
from checks.store.error_days import ErrorDays
from checks.store.error_decisions import ErrorDecisions
from checks.store.error_groups import ErrorGroups
from checks.store.error_moving import ErrorMoving
from checks.store.error_regroup import ErrorRegroup
from checks.store.error_rows import ErrorRows
from checks.store.error_undo import ErrorUndo


class Errors(
    ErrorAbsorb,
    ErrorRegroup,
    ErrorGroups,
    ErrorRows,
    ErrorCauses,
    ErrorDays,
    ErrorDecisions,
    ErrorMoving,
    ErrorUndo,
    ErrorAfterFix,
):
    """All about the error log, as `Store.errors`."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
