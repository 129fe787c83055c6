"""A decision undone: what it replaced holds again, and the finding has the status from before."""

from __future__ import annotations

from datetime import datetime

import polars as pl
import sqlalchemy as sa

from checks.findings import SET_ASIDE, SEVERITIES
from checks.store import bulk, tables

_decisions = tables.decisions
_GRAVITY = pl.Enum(SEVERITIES)
_UNDONE = {"accepted": "The acceptance was undone", "snoozed": "The snooze was undone"}


def graver(than: str) -> pl.Expr:
    """Is a finding graver than the severity in that column says? The first of SEVERITIES is the gravest."""
    return pl.col("severity").cast(_GRAVITY) < pl.col(than).cast(_GRAVITY)


def replaced(connection: sa.Connection, undone: pl.DataFrame, now: datetime) -> pl.DataFrame:
    """The decisions that those of `undone` (id, value, severity, status, number, at) replaced and that would still hold: id, `again`, `again_kind`."""
    query = sa.select(
        _decisions.c.finding_id.label("id"),
        _decisions.c.number.label("again"),
        _decisions.c.kind.label("again_kind"),
        _decisions.c.value.label("for_value"),
        _decisions.c.severity.label("for_severity"),
        _decisions.c.until.label("until"),
        _decisions.c.ended_at.label("at"),
    ).where(
        bulk.among(connection, _decisions.c.finding_id, undone["id"]), _decisions.c.ended_why == "replaced"
    )
    earlier = bulk.frame(connection, query).join(undone, on=["id", "at"], how="inner")
    earlier = earlier.filter(pl.col("again") < pl.col("number")).sort("again").unique("id", keep="last")
    accepted = pl.col("again_kind") == "accepted"
    other = pl.col("value").ne_missing(pl.col("for_value")) | graver("for_severity")
    over = (pl.col("until") <= now).fill_null(False) | (accepted & other & (pl.col("status") != "fixed"))
    return earlier.filter(~over).select("id", "again", "again_kind")


def hold_again(connection: sa.Connection, numbers: pl.Series) -> None:
    """Opens decisions again, by their number."""
    holding_again = sa.update(_decisions).where(_decisions.c.number == sa.bindparam("again"))
    rows = [{"again": number} for number in numbers]
    if rows:
        connection.execute(holding_again.values(ended_at=None, ended_by=None, ended_why=None), rows)


def undone(back: pl.DataFrame) -> pl.DataFrame:
    """With the status that each finding has now, `now_is`, and the `event` and `detail` that tell it.

    Args:
        back: status, last_seen, and of the decision undone kind, at, was; `again_kind` of the one that holds again.
    """
    found, again = pl.col("status") != "fixed", pl.col("again_kind")
    return back.with_columns(
        now_is=pl.when(~found)
        .then(pl.lit("fixed"))
        .when(again.is_not_null())
        .then(again)
        # the decision it had then is over: it is back, as if a run had ended it
        .when(pl.col("was").is_in(SET_ASIDE))
        .then(pl.lit("regressed"))
        .when(pl.col("last_seen") > pl.col("at"))
        .then(pl.lit("ongoing"))
        .otherwise("was"),
        event=pl.when(~found)
        .then(pl.lit("comment"))
        .when(again.is_not_null())
        .then(again)
        .otherwise(pl.lit("reopened")),
        detail=pl.concat_str(
            pl.col("kind").replace_strict(_UNDONE, return_dtype=pl.String),
            pl.when(again.is_not_null()).then(pl.format("; {} as before.", again)).otherwise(pl.lit(".")),
        ),
    )
