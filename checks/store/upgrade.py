"""The schema brought to the newest migration when a store is opened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from checks.errors import StoreError
from checks.store.engine import explain, shown

if TYPE_CHECKING:
    from alembic.config import Config

#: The newest migration. Named here so that a store that is up to date opens without loading Alembic; a test holds it.
HEAD = "0004"

_MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK_NUMBER = 0x4B455552  # any number that is ours: PostgreSQL's advisory lock while migrating


def migrate(engine: sa.Engine) -> None:
    """Brings the schema to the newest migration; safe when two processes start at once.

    Raises StoreError when the store cannot be opened, or was written by a newer program.
    """
    try:
        with engine.connect() as connection:
            if _version(connection) == HEAD:
                return
        _upgrade(engine)
    except sa.exc.DatabaseError as error:
        raise StoreError(explain(engine.url, error.orig or error)) from None


def migrations() -> Config:
    """Alembic's configuration for the migrations of this package."""
    from alembic.config import Config

    config = Config()
    config.set_main_option(
        "script_location", str(_MIGRATIONS).replace("%", "%%")
    )  # a folder may be called 100%
    return config


def _upgrade(engine: sa.Engine) -> None:
    from alembic import command
    from alembic.script import ScriptDirectory

    config = migrations()
    ours = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    # Whoever comes second waits here for the first, and then finds nothing left to do.
    with engine.execution_options(sqlite_begin="EXCLUSIVE").begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK_NUMBER})
        version = _version(connection)
        if version is not None and version not in ours:
            raise StoreError(
                f"The store at {shown(engine.url)} was written by a newer Keurmeester (its schema is {version}, this "
                f"program knows {HEAD}), or is another program's. Update this program, or open another store."
            )
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _version(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
