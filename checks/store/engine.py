"""Opening the store: the engine for its URL, and the schema brought to the newest migration.

SQLite runs in WAL mode with a busy time-out, so that the dashboard reads while a run writes; every transaction that
writes begins at once (BEGIN IMMEDIATE), so that two writers queue instead of failing. PostgreSQL needs neither.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import event

from checks.errors import StoreError

if TYPE_CHECKING:
    from alembic.config import Config

#: The newest migration. Named here so that a store that is up to date opens without loading Alembic; a test holds it.
HEAD = "0001"

_MIGRATIONS = Path(__file__).parent / "migrations"
_BUSY_SECONDS = 30
_LOCK_NUMBER = 0x4B455552  # any number that is ours: PostgreSQL's advisory lock while migrating


def make_engine(url: str) -> sa.Engine:
    """The engine for a SQLAlchemy URL; `postgresql://` and `postgres://` mean psycopg 3.

    Raises StoreError, without the password, for a URL that cannot be read or a driver that is not there.
    """
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError:
        raise StoreError(
            "store.url is not a database address. Write e.g. sqlite:///keurmeester.db or "
            "postgresql://user@host/database."
        ) from None
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed)
    if parsed.get_backend_name() == "postgresql":
        return sa.create_engine(parsed, pool_pre_ping=True, hide_parameters=True)
    raise StoreError(f"store.url: {parsed.drivername} is not supported. Use sqlite or postgresql.")


def _sqlite(url: sa.URL) -> sa.Engine:
    if not url.database or url.database == ":memory:":
        raise StoreError(
            "store.url: the store is a file (sqlite:///keurmeester.db), not memory: it must outlive a run."
        )
    Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(url, connect_args={"timeout": _BUSY_SECONDS}, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _connected(connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None  # the driver's own BEGIN comes too late and is no IMMEDIATE
        connection.execute("PRAGMA journal_mode=WAL")
        # the journal must be on disk before a call is made: with NORMAL a power cut may lose the newest commits
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")

    @event.listens_for(engine, "begin")
    def _begun(connection: sa.Connection) -> None:
        mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {mode}")

    return engine


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One transaction that will write. Raises StoreError where the database does not let it."""
    try:
        with engine.execution_options(sqlite_begin="IMMEDIATE").begin() as connection:
            yield connection
    except sa.exc.OperationalError as error:
        raise StoreError(explain(engine.url, error)) from None


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
        raise StoreError(explain(engine.url, error)) from None


def _upgrade(engine: sa.Engine) -> None:
    from alembic import command
    from alembic.util import CommandError

    config = migrations()
    try:
        with engine.execution_options(sqlite_begin="EXCLUSIVE").begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(sa.text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK_NUMBER})
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except CommandError as error:
        raise StoreError(
            f"The store at {shown(engine.url)} was written by a newer Keurmeester ({error}). "
            "Update this program, or open another store."
        ) from None


def migrations() -> Config:
    """Alembic's configuration for the migrations of this package."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    return config


def _version(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()


def shown(url: sa.URL) -> str:
    """The URL without its password."""
    return url.render_as_string(hide_password=True)


def explain(url: sa.URL, error: sa.exc.DBAPIError) -> str:
    """What happened, where, the likely cause, what to do."""
    happened = str(error.orig).strip().splitlines()[0] if error.orig else type(error).__name__
    if url.password:
        happened = happened.replace(str(url.password), "***")
    advice = {
        "sqlite": "Check that the folder exists and may be written, and that no other program holds the file.",
        "postgresql": "Check that the server runs, and the user, password and database in store.url.",
    }[url.get_backend_name()]
    return f"The store at {shown(url)} cannot be used: {happened}. {advice}"
