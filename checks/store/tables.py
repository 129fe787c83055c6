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

#: The life of a finding. `event`: new | regressed | changed | fixed | fix-started | fix-failed | put-back | undone |
#: undo-failed | accepted | snoozed | reopened | comment; and once a purge, without a finding: purged.
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
    sa.Column("kind", sa.String(8), nullable=False, server_default="do"),  # do | undo
    sa.Column("scope", sa.String(8), nullable=False, server_default="keys"),  # keys: those named; all
    sa.Column("stopped_at", Moment),  # when a person last stopped it
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
    sa.Column("finding_ids", sa.JSON, nullable=False, server_default="[]"),  # all that it closes
    sa.Column("lost", sa.JSON, nullable=False, server_default="[]"),  # sentences: what undoing cannot restore
    sa.Column("undo", Words),  # how it is undone, or why it cannot be
    sa.Column("undoes", sa.String(40), index=True),  # the fix that this one undoes
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
    sa.Column("by", Words),  # who had it sent
)

#: Who carries fixes out on a source, one at a time across all processes. `wish` is what a person asks of them: go |
#: pause | stop; `state`: running | paused. A row whose heartbeat stopped is of a dead worker.
fix_workers = sa.Table(
    "fix_workers",
    metadata,
    sa.Column("source", sa.String(100), primary_key=True),
    sa.Column("worker", Words, nullable=False),
    sa.Column("plan_id", sa.String(40), nullable=False),
    sa.Column("by", Words, nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("wish", sa.String(10), nullable=False),
    sa.Column("wish_by", Words),
    sa.Column("done", sa.Integer, nullable=False),
    sa.Column("total", sa.Integer, nullable=False),
    sa.Column("started_at", Moment, nullable=False),
    sa.Column("heartbeat_at", Moment, nullable=False),
)

#: Pictures that a fix uploads or may have to put back, kept beside the journal under their SHA-256.
fix_blobs = sa.Table(
    "fix_blobs",
    metadata,
    sa.Column("sha256", sa.String(64), primary_key=True),
    sa.Column("data", sa.LargeBinary, nullable=False),
    sa.Column("at", Moment),  # when it came; null in older stores
)

#: Every row of a source's error log, once. Rows go after the personal retention; what they counted for stays.
error_rows = sa.Table(
    "error_rows",
    metadata,
    sa.Column("source", sa.String(100), primary_key=True),
    sa.Column("row_id", sa.String(40), primary_key=True),
    sa.Column("fingerprint", sa.String(20), nullable=False),
    sa.Column(
        "at", Moment, nullable=False
    ),  # by the server's clock; of a row that names none, when it was read
    sa.Column("dated", sa.Boolean, nullable=False),  # does the row itself say when?
    sa.Column("seen_at", Moment, nullable=False),  # when it was collected
    sa.Column("log_id", Words),
    sa.Column("method", Words),
    sa.Column("url", Words),
    sa.Column("status_code", sa.Integer),
    sa.Column("message", Words),
    sa.Column("exception", Words),
    sa.Column("errors", sa.JSON, nullable=False),  # list of text
    sa.Column("model_errors", sa.JSON, nullable=False),  # list of {"field", "message"}
    sa.Column("body", Words),  # secrets and personal fields masked
    sa.Column("raw", Words),  # what the mapping of the settings does not know
    sa.Index("error_rows_fingerprint_at", "fingerprint", "at"),
    sa.Index("error_rows_source_at", "source", "at"),
)

#: What a row is about: the product, EAN, client and order numbers it names.
error_things = sa.Table(
    "error_things",
    metadata,
    sa.Column("source", sa.String(100), primary_key=True),
    sa.Column("row_id", sa.String(40), primary_key=True),
    sa.Column("kind", sa.String(10), primary_key=True),  # product | ean | client | order
    sa.Column("key", Words, primary_key=True),
    sa.Index("error_things_kind_key", "kind", "key"),
)

#: Rows an hour by fingerprint, of the server's clock: what stays when the rows themselves go.
error_counts = sa.Table(
    "error_counts",
    metadata,
    sa.Column("fingerprint", sa.String(20), primary_key=True),
    sa.Column("hour", Moment, primary_key=True),
    sa.Column("rows", sa.Integer, nullable=False),
)

#: Which fingerprint counts in which group: merging and splitting change this and no row.
error_fingerprints = sa.Table(
    "error_fingerprints",
    metadata,
    sa.Column("fingerprint", sa.String(20), primary_key=True),
    sa.Column("group_id", sa.String(20), nullable=False, index=True),
    sa.Column("title", Words, nullable=False),  # method, route and masked message, for people
    sa.Column("masks", sa.String(20), nullable=False),  # the version of the masks that gave it
    sa.Column("parent", sa.String(20)),  # the fingerprint it was split off by hand
    sa.Column("contains", Words),  # ... and the text that its rows have
    sa.Column("split_at", Moment),
)

#: One problem: rows that fail the same way. `state`: new | ongoing | escalating | regressed | fixed_unconfirmed |
#: resolved | ignored. Moments are of the server's clock, so that they compare with those of the rows.
error_groups = sa.Table(
    "error_groups",
    metadata,
    sa.Column("id", sa.String(20), primary_key=True),
    sa.Column("source", sa.String(100), nullable=False, index=True),
    sa.Column("title", Words, nullable=False),
    sa.Column("method", Words),
    sa.Column("route", Words),
    sa.Column("kind", Words),  # status code, or what kind of error where there is none
    sa.Column("rule", Words),  # of a validation error; see `checks.triage.templates`
    sa.Column("field", Words),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("state_at", Moment, nullable=False),  # since when
    sa.Column("ignored", sa.String(12)),  # until | more | escalating | for_ever
    sa.Column("ignored_until", Moment),
    sa.Column("ignored_after", sa.Integer),  # `rows` up to which it stays ignored
    sa.Column(
        "expected", sa.Float
    ),  # the most of 24 hours that its history lets expect, when it was last looked at
    sa.Column("last_day", sa.Integer, nullable=False, server_default="0"),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("products", sa.Integer, nullable=False, server_default="0"),  # different ones in the rows kept
    sa.Column("first_seen", Moment, nullable=False),
    sa.Column("last_seen", Moment, nullable=False),
    sa.Column("assignee", Words),
    sa.Column("merged_into", sa.String(20)),  # where its rows count now; it is shown no more
)

#: The life of a group. `before`: the columns of its state as they were, so that it can be undone.
error_events = sa.Table(
    "error_events",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("group_id", sa.String(20), nullable=False, index=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("event", sa.String(20), nullable=False),
    sa.Column("detail", Words),
    sa.Column("by", Words),  # None: a run
    sa.Column("run_id", sa.String(40)),
    sa.Column("before", sa.JSON(none_as_null=True)),
    sa.Column("undone_at", Moment),
)

#: What of a log was read when: `since` to `until` of the server's clock is known in full.
error_reads = sa.Table(
    "error_reads",
    metadata,
    sa.Column("source", sa.String(100), primary_key=True),
    sa.Column("run_id", sa.String(40), primary_key=True),
    sa.Column("read_at", Moment, nullable=False),  # by this machine's clock
    sa.Column("since", Moment, nullable=False),
    sa.Column("until", Moment, nullable=False),
    sa.Column("rows", sa.Integer, nullable=False),  # that had not been seen before
)
