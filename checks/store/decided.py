"""What people decide about findings: to accept one, to snooze it, to take that back, to say something about it.

Each is one transaction and an event with who and when. A finding has one decision at most that holds, the one without
`ended_at`; a run ends those whose date passed or whose value changed (`checks.findings.compare`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import polars as pl
import sqlalchemy as sa

from checks.errors import UsageError
from checks.findings import DECISIONS, SET_ASIDE, Seen, day_in_words
from checks.frame_spec import UTC as MOMENT
from checks.store import bulk, tables
from checks.store.engine import lock, reading, writing
from checks.store.undoing import graver, hold_again, replaced, undone

_findings, _events, _decisions = tables.findings, tables.finding_events, tables.decisions
_TAKEN_BACK = {"accepted": "The acceptance was withdrawn", "snoozed": "The snooze was withdrawn"}
_Ids = str | Iterable[str]


class Decisions:
    """Decisions about findings, and remarks. Ids that are unknown are left out and not counted."""

    engine: sa.Engine

    def accept(
        self,
        ids: _Ids,
        reason: str,
        by: str,
        until: datetime | None = None,
        now: datetime | None = None,
        seen: Mapping[str, Seen] | None = None,
    ) -> int:
        """Accepts findings with the value they have now; gives how many were accepted. Fixed ones are left out.

        Args:
            until: aware; None: for ever, or until the value changes or the finding gets graver.
            seen: by id, what whoever decides saw of them. A finding that has another value by now, is graver, or is
                not in it, is left as it is: nobody looked at that. None: they are taken as they are.

        An earlier decision about them is replaced. Raises UsageError without a reason or with a date that is past, and
        ValueError for a naive date.
        """
        if not reason.strip():
            raise UsageError("To accept a finding, say why: whoever looks at it next year wants to know.")
        return self._decide("accepted", ids, reason.strip(), by, until, now, seen)

    def snooze(
        self, ids: _Ids, until: datetime, by: str, reason: str | None = None, now: datetime | None = None
    ) -> int:
        """Sets findings aside until a moment, whatever their value becomes; gives how many. Fixed ones are left out.

        An earlier decision about them is replaced. Raises UsageError for a date that is past, ValueError for a naive one.
        """
        return self._decide("snoozed", ids, (reason or "").strip() or None, by, until, now)

    def reopen(self, ids: _Ids, by: str, reason: str | None = None, now: datetime | None = None) -> int:
        """Takes the decision about findings back; gives about how many. What is still found is *regressed* then."""
        with writing(self.engine) as connection:
            lock(connection, _findings)
            moment = now or datetime.now(UTC)
            chosen = _with_decision(connection, ids).filter(
                pl.col("kind").is_not_null() | pl.col("status").is_in(SET_ASIDE)
            )
            _end(connection, chosen["id"], moment, by, "withdrawn")
            said = (reason or "").strip()
            told = chosen.with_columns(
                # one that is fixed stays so: its status does not change, yet who took it back is kept
                event=pl.when(pl.col("status").is_in(SET_ASIDE))
                .then(pl.lit("reopened"))
                .otherwise(pl.lit("comment")),
                detail=pl.concat_str(
                    pl.coalesce("kind", "status").replace_strict(
                        _TAKEN_BACK, default="Reopened", return_dtype=pl.String
                    ),
                    pl.lit(f": {said}" if said else "."),
                ),
            )
            _set_status(connection, told.filter(pl.col("event") == "reopened")["id"], "regressed")
            _tell(connection, told, moment, by)
        return chosen.height

    def undo_decision(
        self, ids: _Ids, by: str, made: datetime | None = None, now: datetime | None = None
    ) -> int:
        """Undoes the decision that holds for each of these findings, as if it had not been made; gives how many.

        It ends as withdrawn. The decision that it replaced holds again, with its status, unless meanwhile its date
        passed or, of an acceptance, the value changed or the finding got graver. Without one, the finding has the
        status from before the decision; *ongoing* when a run saw it since. A fixed one stays fixed.

        Args:
            made: undo only decisions made at that moment (the `now` that was given to `accept` or `snooze`), so that
                what somebody else decided since stays.
        """
        with writing(self.engine) as connection:
            lock(connection, _findings)
            moment = now or datetime.now(UTC)
            chosen = _with_undone(connection, ids, made)
            _end(connection, chosen["id"], moment, by, "withdrawn")
            back = chosen.join(
                replaced(connection, chosen, moment), on="id", how="left", maintain_order="left"
            )
            hold_again(connection, back["again"].drop_nulls())
            told = undone(back)
            found = pl.col("status") != "fixed"
            for (status,), of_it in told.filter(found).group_by("now_is"):
                _set_status(connection, of_it["id"], str(status))
            _tell(connection, told, moment, by)
        return chosen.height

    def comment(self, ids: _Ids, text: str, by: str, now: datetime | None = None) -> int:
        """Adds a remark to findings, open or not; gives to how many. Raises UsageError when there is nothing in it."""
        if not text.strip():
            raise UsageError("A comment needs words.")
        with writing(self.engine) as connection:
            lock(connection, _findings)
            chosen = _with_decision(connection, ids)
            told = chosen.with_columns(event=pl.lit("comment"), detail=pl.lit(text.strip()))
            _tell(connection, told, now or datetime.now(UTC), by)
        return chosen.height

    def decisions(self, ids: _Ids | None = None, active: bool = True) -> pl.DataFrame:
        """Decisions, the newest first: those that hold, or with `active=False` all that ever were.

        Columns number, finding_id, kind, reason, value, severity, was (the status until then), until, by, at, ended_at,
        ended_by, ended_why.
        """
        query = sa.select(_decisions)
        if active:
            query = query.where(_decisions.c.ended_at.is_(None))
        with reading(self.engine) as connection:
            if (wanted := bulk.as_list(ids)) is not None:
                query = query.where(bulk.among(connection, _decisions.c.finding_id, wanted))
            return bulk.frame(connection, query).sort("number", descending=True)

    def _decide(
        self,
        kind: str,
        ids: _Ids,
        reason: str | None,
        by: str,
        until: datetime | None,
        now: datetime | None,
        seen: Mapping[str, Seen] | None = None,
    ) -> int:
        if until is not None and until.tzinfo is None:
            raise ValueError("until is naive: a moment needs its zone")
        with writing(self.engine) as connection:
            lock(connection, _findings)
            moment = now or datetime.now(UTC)  # not before: a writer may have had to wait for its turn
            if until is not None and until <= moment:
                raise UsageError(f"{day_in_words(until)} is past: name a day that is still to come.")
            chosen = _with_decision(connection, ids).filter(pl.col("status") != "fixed")
            chosen = chosen if seen is None else _as_seen(chosen, seen)
            _end(connection, chosen["id"], moment, by, "replaced")
            made = chosen.select(
                "value",
                "severity",
                finding_id="id",
                was="status",
                kind=pl.lit(kind),
                reason=pl.lit(reason, dtype=pl.String),
                until=pl.lit(until, dtype=MOMENT),
                by=pl.lit(by),
                at=pl.lit(moment, dtype=MOMENT),
            )
            bulk.insert(connection, _decisions, made)
            _set_status(connection, chosen["id"], kind)
            day = None if until is None else f"until {day_in_words(until)}"
            detail = f"{reason} ({day})" if reason and day else reason or day
            told = chosen.with_columns(event=pl.lit(kind), detail=pl.lit(detail, dtype=pl.String))
            _tell(connection, told, moment, by)
        return chosen.height


def holding(connection: sa.Connection) -> pl.DataFrame:
    """The decisions that hold, as `findings.DECISIONS`."""
    columns = (_decisions.c[name] for name in DECISIONS)
    return bulk.frame(connection, sa.select(*columns).where(_decisions.c.ended_at.is_(None)))


def end_decisions(connection: sa.Connection, ended: pl.DataFrame, moment: datetime) -> None:
    """Ends the decisions of a run's `findings.ENDED`."""
    for (why,), of_it in ended.group_by("why"):
        _end(connection, of_it["finding_id"], moment, None, str(why))


def _with_decision(connection: sa.Connection, ids: _Ids) -> pl.DataFrame:
    """id, value, severity, status, last_seen and the `kind` of the decision that holds, of the findings among these ids."""
    holds = sa.and_(_decisions.c.finding_id == _findings.c.id, _decisions.c.ended_at.is_(None))
    query = (
        sa.select(
            *(_findings.c[name] for name in ("id", "value", "severity", "status", "last_seen")),
            _decisions.c.kind,
        )
        .outerjoin(_decisions, holds)
        .where(bulk.among(connection, _findings.c.id, bulk.as_list(ids) or []))
    )
    return bulk.frame(connection, query).unique("id").sort("id")


def _as_seen(chosen: pl.DataFrame, seen: Mapping[str, Seen]) -> pl.DataFrame:
    """Those that are still as they were seen."""
    shown = pl.DataFrame(
        [(ident, value, severity) for ident, (value, severity) in seen.items()],
        schema={"id": pl.String, "value": pl.String, "seen_severity": pl.String},
        orient="row",
    )
    same = chosen.join(shown, on=["id", "value"], how="inner", nulls_equal=True, maintain_order="left")
    return same.filter(~graver("seen_severity")).drop("seen_severity")


def _with_undone(connection: sa.Connection, ids: _Ids, made: datetime | None) -> pl.DataFrame:
    """Findings with the decision that holds for them: `_with_decision` with its `number`, `at` and `was`."""
    chosen = _with_decision(connection, ids).filter(pl.col("kind").is_not_null())
    query = sa.select(*(_decisions.c[name] for name in ("number", "finding_id", "at", "was")))
    of_these = bulk.among(connection, _decisions.c.finding_id, chosen["id"])
    held = bulk.frame(connection, query.where(of_these, _decisions.c.ended_at.is_(None)))
    if made is not None:
        held = held.filter(pl.col("at") == made)
    return chosen.join(held, left_on="id", right_on="finding_id", how="inner", maintain_order="left")


def _end(connection: sa.Connection, ids: pl.Series, moment: datetime, by: str | None, why: str) -> None:
    about = bulk.among(connection, _decisions.c.finding_id, ids)
    ending = sa.update(_decisions).where(about, _decisions.c.ended_at.is_(None))
    connection.execute(ending.values(ended_at=moment, ended_by=by, ended_why=why))


def _set_status(connection: sa.Connection, ids: pl.Series, status: str) -> None:
    chosen = bulk.among(connection, _findings.c.id, ids)
    connection.execute(sa.update(_findings).where(chosen).values(status=status))


def _tell(connection: sa.Connection, told: pl.DataFrame, moment: datetime, by: str) -> None:
    happened = told.select("event", "detail", finding_id="id", at=pl.lit(moment, dtype=MOMENT), by=pl.lit(by))
    bulk.insert(connection, _events, happened)
