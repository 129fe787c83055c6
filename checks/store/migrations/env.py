"""Alembic's entry: runs the migrations on the connection that `checks.store.engine.migrate` opened."""

from __future__ import annotations

from alembic import context

from checks.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transaction_per_migration=False,
    render_as_batch=True,
)
context.run_migrations()
