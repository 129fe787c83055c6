"""The error log: every row once, the problems they group into, and what people decided about those.

Moments are columns without zone that hold UTC.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "error_counts",
        sa.Column("fingerprint", sa.String(length=20), nullable=False),
        sa.Column("hour", sa.DateTime(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", "hour"),
    )
    op.create_table(
        "error_events",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("group_id", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("event", sa.String(length=20), nullable=False),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("by", sa.Text(), nullable=True),
        sa.Column("run_id", sa.String(length=40), nullable=True),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index(op.f("ix_error_events_group_id"), "error_events", ["group_id"], unique=False)
    op.create_table(
        "error_fingerprints",
        sa.Column("fingerprint", sa.String(length=20), nullable=False),
        sa.Column("group_id", sa.String(length=20), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("masks", sa.String(length=20), nullable=False),
        sa.Column("parent", sa.String(length=20), nullable=True),
        sa.Column("contains", sa.Text(), nullable=True),
        sa.Column("split_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("fingerprint"),
    )
    op.create_index(op.f("ix_error_fingerprints_group_id"), "error_fingerprints", ["group_id"], unique=False)
    op.create_table(
        "error_groups",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=True),
        sa.Column("route", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("rule", sa.Text(), nullable=True),
        sa.Column("field", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("state_at", sa.DateTime(), nullable=False),
        sa.Column("ignored", sa.String(length=12), nullable=True),
        sa.Column("ignored_until", sa.DateTime(), nullable=True),
        sa.Column("ignored_after", sa.Integer(), nullable=True),
        sa.Column("expected", sa.Float(), nullable=True),
        sa.Column("last_day", sa.Integer(), server_default="0", nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("products", sa.Integer(), server_default="0", nullable=False),
        sa.Column("first_seen", sa.DateTime(), nullable=False),
        sa.Column("last_seen", sa.DateTime(), nullable=False),
        sa.Column("assignee", sa.Text(), nullable=True),
        sa.Column("merged_into", sa.String(length=20), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_error_groups_source"), "error_groups", ["source"], unique=False)
    op.create_table(
        "error_reads",
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("run_id", sa.String(length=40), nullable=False),
        sa.Column("read_at", sa.DateTime(), nullable=False),
        sa.Column("since", sa.DateTime(), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("source", "run_id"),
    )
    op.create_table(
        "error_rows",
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("row_id", sa.String(length=40), nullable=False),
        sa.Column("fingerprint", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("dated", sa.Boolean(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.Column("log_id", sa.Text(), nullable=True),
        sa.Column("method", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("status_code", sa.Integer(), nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("exception", sa.Text(), nullable=True),
        sa.Column("errors", sa.JSON(), nullable=False),
        sa.Column("model_errors", sa.JSON(), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("raw", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("source", "row_id"),
    )
    op.create_index("error_rows_fingerprint_at", "error_rows", ["fingerprint", "at"], unique=False)
    op.create_index("error_rows_source_at", "error_rows", ["source", "at"], unique=False)
    op.create_table(
        "error_things",
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("row_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("source", "row_id", "kind", "key"),
    )
    op.create_index("error_things_kind_key", "error_things", ["kind", "key"], unique=False)
