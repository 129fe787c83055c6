"""What the run itself brought home: collection-incomplete and schema-drift."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from checks.frames import Frames
from checks.rules.check import EVERY_SYSTEM, Check, Context, Question


def _collection_incomplete(context: Context) -> Iterator[Question]:
    status, title = pl.col("status"), pl.col("title")
    missing = pl.col("expected") - pl.col("rows")
    failed = status == "failed"
    yield Question(
        frame="collection",
        asked=status.is_in(["ok", "failed"]),
        wrong=failed | (missing > 0),
        # Neither the server's wording nor the size of the table: both move from day to day.
        value=pl.when(failed).then(pl.lit("failed")).otherwise(pl.format("{} missing", missing)),
        message=pl.when(failed)
        .then(
            pl.format("{} could not be collected: {}", title, pl.col("message").fill_null("no reason given."))
        )
        .otherwise(
            pl.format(
                "{}: the server counts {} and gave {}; {} are missing.", title, "expected", "rows", missing
            )
        ),
    )


COLLECTION_INCOMPLETE = Check(
    id="collection-incomplete",
    title="Not collected in full",
    why="What did not come in cannot be judged: its checks could not run, or looked at a part and found nothing in the "
    "rest.",
    severity="error",
    entity="frame",
    needs={"collection": ("frame", "status", "rows", "expected")},
    needs_rows=("collection",),
    fix=None,
    area="connection",
    guide="Chapter 5.1: CentralProducts (Page, PageSize, Count)",
    advice="Run again. If it stays, keurmeester doctor tells whether the login may read it and what the server answers.",
    system=EVERY_SYSTEM,
    ask=_collection_incomplete,
)


def _unread(frames: Frames) -> str | None:
    """Fields of a list that did not come in are unknown: yesterday's drift in it must not look repaired."""
    failed = frames["collection"].filter(pl.col("status") == "failed")
    if failed.is_empty():
        return None
    return f"The fields of {', '.join(sorted(failed['frame']))} could not be looked at: they did not come in."


def _schema_drift(context: Context) -> Iterator[Question]:
    yield Question(
        frame="field_drift",
        field=pl.col("field"),
        wrong=lambda rows: rows.unique(["frame", "field"], keep="first", maintain_order=True),
        value=pl.col("kind"),
        message=pl.format(
            "{}: {}", "title", pl.col("detail").fill_null(pl.format("{} is {}.", "field", "kind"))
        ),
    )


SCHEMA_DRIFT = Check(
    id="schema-drift",
    title="Fields changed",
    why="The API gives a field that is new, gone or of another type. What was read from it cannot be trusted, and checks "
    "that need it could not run.",
    severity="warning",
    entity="frame",
    needs={"field_drift": ("frame", "field", "kind"), "collection": ("frame", "status")},
    needs_rows=("collection",),
    fix=None,
    area="connection",
    guide="The help pages of the API (Model)",
    advice="Look the field up on the API's help pages. A new one does no harm; one that is gone or changed needs a new "
    "version of Keurmeester.",
    system=EVERY_SYSTEM,
    ask=_schema_drift,
    doubt=_unread,
)
