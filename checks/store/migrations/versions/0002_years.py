"""What findings need to be lived with for years: decisions, how a frame was read, who a score counts.

Moments are columns without zone that hold UTC.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "decisions",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("finding_id", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("severity", sa.String(length=10), nullable=False),
        sa.Column("was", sa.String(length=16), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=True),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.Column("ended_why", sa.String(length=20), nullable=True),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index(op.f("ix_decisions_finding_id"), "decisions", ["finding_id"], unique=False)
    op.add_column("collected", sa.Column("mode", sa.String(length=12), server_default="full", nullable=False))
    op.add_column("collected", sa.Column("read_at", sa.DateTime(), nullable=True))
    op.add_column("collected", sa.Column("full_at", sa.DateTime(), nullable=True))
    op.add_column("collected", sa.Column("expected", sa.Integer(), nullable=True))
    op.add_column("collected", sa.Column("carried_from", sa.String(length=40), nullable=True))
    op.add_column("collected", sa.Column("bytes", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("check_results", sa.Column("accepted", sa.Integer(), server_default="0", nullable=False))
    op.add_column("check_results", sa.Column("affected", sa.JSON(), nullable=True))
