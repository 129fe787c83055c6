"""What fixes need to be trusted in bulk: undo, what is lost, who had each step sent, one worker for a source.

Moments are columns without zone that hold UTC.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("plans", sa.Column("kind", sa.String(length=8), server_default="do", nullable=False))
    op.add_column("plans", sa.Column("scope", sa.String(length=8), server_default="keys", nullable=False))
    op.add_column("plans", sa.Column("stopped_at", sa.DateTime(), nullable=True))
    op.add_column("fixes", sa.Column("finding_ids", sa.JSON(), server_default="[]", nullable=False))
    op.add_column("fixes", sa.Column("lost", sa.JSON(), server_default="[]", nullable=False))
    op.add_column("fixes", sa.Column("undo", sa.Text(), nullable=True))
    op.add_column("fixes", sa.Column("undoes", sa.String(length=40), nullable=True))
    op.create_index(op.f("ix_fixes_undoes"), "fixes", ["undoes"], unique=False)
    op.add_column("fix_blobs", sa.Column("at", sa.DateTime(), nullable=True))
    op.add_column("fix_steps", sa.Column("by", sa.Text(), nullable=True))
    op.create_table(
        "fix_workers",
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("worker", sa.Text(), nullable=False),
        sa.Column("plan_id", sa.String(length=40), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("wish", sa.String(length=10), nullable=False),
        sa.Column("wish_by", sa.Text(), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("heartbeat_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("source"),
    )
