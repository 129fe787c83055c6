"""The SQL tables of the store, the same on SQLite and PostgreSQL.

Moments are kept as UTC: `Moment` turns naive database values into aware ones and back, because SQLite knows no zones.
Bulk JSON goes into `JSON` columns as the API gave it, after `checks.sources.http` took secrets out.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa


class Moment(sa.types.TypeDecorator[datetime]):
    """An aware UTC moment in a column without zone."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("the store takes aware moments only")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


NUL, NUL_SHOWN = "\x00", "\N{SYMBOL FOR NULL}"


class Words(sa.types.TypeDecorator[str]):
    """Text from outside, of any length. PostgreSQL refuses NUL, so it is kept as its picture on both databases."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        return None if value is None else value.replace(NUL, NUL_SHOWN)


metadata = sa.MetaData()

#: One health check. `status`: running | complete | partial | failed. A running row whose heartbeat stopped was killed.
runs = sa.Table(
    "runs",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("started_at", Moment, nullable=False),
    sa.Column("finished_at", Moment),
    sa.Column("heartbeat_at", Moment, nullable=False),
    sa.Column("mode", sa.String(12), nullable=False),  # full | incremental
    sa.Column("status", sa.String(12), nullable=False),
    sa.Column("message", Words),
    sa.Column("started_by", Words, nullable=False),
    sa.Column("stop_requested", sa.Boolean, nullable=False, default=False),
    sa.Column("progress", sa.JSON),  # list of {"source", "step", "done", "total", "state"}
)

collected = sa.Table(
    "collected",
    metadata,
    sa.Column("run_id", sa.ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("source", sa.String(100), primary_key=True),
    sa.Column("frame", sa.String(60), primary_key=True),
    sa.Column("status", sa.String(12), nullable=False),  # ok | failed | deferred
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("requests", sa.Integer, nullable=False),
    sa.Column("seconds", sa.Float, nullable=False),
    sa.Column("message", Words),
    sa.Column("drift", sa.JSON, nullable=False),  # list of {"field", "kind", "detail"}
    sa.Column("unusable", sa.JSON, nullable=False),  # {column: reason}
    sa.Column("mode", sa.String(12), nullable=False, server_default="full"),  # full | changes | carried
    sa.Column("read_at", Moment),  # when the server was last asked
    sa.Column("full_at", Moment),  # when it was last read whole
    sa.Column("expected", sa.Integer),  # rows the server counts
    sa.Column("carried_from", sa.String(40)),  # the run whose snapshot it is, row for row
    sa.Column("bytes", sa.BigInteger, nullable=False, server_default="0"),
)

check_results = sa.Table(
    "check_results",
    metadata,
    sa.Column("run_id", sa.ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("source", sa.String(100), primary_key=True),
    sa.Column("check", sa.String(60), primary_key=True),
    sa.Column("status", sa.String(16), nullable=False),  # passed | failed | could_not_run
    sa.Column("findings", sa.Integer, nullable=False),
    sa.Column("entities", sa.Integer),  # how many entities the check judged; null when it could not run
    sa.Column("seconds", sa.Float, nullable=False),
    sa.Column("message", Words),
    sa.Column("accepted", sa.Integer, nullable=False, server_default="0"),  # findings that a person accepted
    # {"error": n, "warning": n, "info": n}: entities with any other finding, by their gravest; null in older runs
    sa.Column("affected", sa.JSON(none_as_null=True)),
)

findings = sa.Table(
    "findings",
    metadata,
    sa.Column("id", sa.String(20), primary_key=True),
    sa.Column("check", sa.String(60), nullable=False),
    sa.Column("severity", sa.String(10), nullable=False),
    sa.Column("source", sa.String(100), nullable=False),
    sa.Column("entity", sa.String(40), nullable=False),
    sa.Column("key", Words, nullable=False),
    sa.Column("field", Words),
    sa.Column("value", Words),
    sa.Column("message", Words, nullable=False),
    sa.Column("fix", sa.String(40)),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("first_seen", Moment, nullable=False),
    sa.Column("last_seen", Moment, nullable=False),
    sa.Column("fixed_at", Moment),
    sa.Index("findings_status_check", "status", "check"),
    sa.Index("findings_source_key", "source", "key"),
)

#: What people decided about findings, kept for ever: a deviation accepted, or a finding snoozed. The one without
#: `ended_at` holds, until its date passes, the value changes (of an accepted one), or somebody withdraws it.
decisions = sa.Table(
    "decisions",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("finding_id", sa.String(20), nullable=False, index=True),
    sa.Column("kind", sa.String(10), nullable=False),  # accepted | snoozed
    sa.Column("reason", Words),
    sa.Column("value", Words),  # the guilty value that was accepted
    sa.Column("severity", sa.String(10), nullable=False),  # how grave it was then
    sa.Column("was", sa.String(16), nullable=False),  # the finding's status until then
    sa.Column("until", Moment),
    sa.Column("by", Words, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("ended_at", Moment),
    sa.Column("ended_by", Words),
    sa.Column(
        "ended_why", sa.String(20)
    ),  # value-changed | graver | date-passed | withdrawn | replaced | purged
)

#: The life of a finding. `event`: new | regressed | changed | fixed | fix-started | fix-failed | put-back | accepted |
#: snoozed | reopened | comment; and once a purge, without a finding: purged.
finding_events = sa.Table(
    "finding_events",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("finding_id", sa.String(20), nullable=False, index=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("event", sa.String(20), nullable=False),
    sa.Column("detail", Words),
    sa.Column("run_id", sa.String(40)),
    sa.Column("by", Words),
    sa.Index("finding_events_event_at", "event", "at"),
)

#: A frozen plan: what `fix apply` may do and nothing else.
plans = sa.Table(
    "plans",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("fix", sa.String(40), nullable=False),
    sa.Column("check", sa.String(60), nullable=False),
    sa.Column("source", sa.String(100), nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("created_by", Words, nullable=False),
    sa.Column("run_id", sa.String(40)),  # the run whose findings it was made from
    sa.Column("options", sa.JSON, nullable=False),
    sa.Column("not_planned", sa.JSON, nullable=False),  # list of {"key", "reason"}
)

#: One key of a plan. `state`: planned | running | done | failed | undone | needs_attention.
fixes = sa.Table(
    "fixes",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("plan_id", sa.ForeignKey("plans.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("finding_id", sa.String(20), index=True),
    sa.Column("key", Words, nullable=False),
    sa.Column("title", Words),  # the product's name, for people
    sa.Column("klass", sa.String(14), nullable=False),  # safe | confirm | irreversible
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("before", sa.JSON, nullable=False),  # what was read when the plan was made
    sa.Column(
        "consequences", sa.JSON, nullable=False
    ),  # sentences: what goes, what is carried over, what stays
    sa.Column("message", Words),
    sa.Column("by", Words),
    sa.Column("worker", Words),  # who holds it while running
    sa.Column("heartbeat_at", Moment),
    sa.Column("started_at", Moment),
    sa.Column("finished_at", Moment),
    sa.UniqueConstraint("plan_id", "key"),
)

#: The journal: a row stands here before its call is made. `state`: planned | sent | done | failed | unknown | skipped.
fix_steps = sa.Table(
    "fix_steps",
    metadata,
    sa.Column("fix_id", sa.ForeignKey("fixes.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("kind", sa.String(12), nullable=False),  # do | compensate | read-back
    sa.Column("title", Words, nullable=False),  # what the step does, in words
    sa.Column("request", sa.JSON, nullable=False),  # {"method", "path", "params", "body"}; photos by sha256
    sa.Column("compensation", sa.JSON, nullable=False),  # requests that undo it
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("answer", Words),
    sa.Column("at", Moment),
)

#: Pictures that a fix may have to put back, kept beside the journal under their SHA-256.
fix_blobs = sa.Table(
    "fix_blobs",
    metadata,
    sa.Column("sha256", sa.String(64), primary_key=True),
    sa.Column("data", sa.LargeBinary, nullable=False),
)
