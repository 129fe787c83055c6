"""The engine for the store's address, its transactions, and its troubles in words.

SQLite runs in WAL mode with a busy time-out, so that the dashboard reads while a run writes; every transaction that
writes begins at once (BEGIN IMMEDIATE), so that two writers queue instead of failing. PostgreSQL needs neither.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from checks.errors import StoreError

_BUSY_SECONDS = 30
_CONNECT_SECONDS = 10

#: What the databases say, and what to do about it; the first that fits is told.
_ADVICE = (
    (
        "locked",
        f"Another program has held it for {_BUSY_SECONDS} seconds: wait for it or end it, then try again.",
    ),
    ("not a database", "store.url names a file that is something else: correct it, or move that file away."),
    ("malformed", "The file is damaged: put a backup in its place, or move it away to begin a new store."),
    ("readonly", "Give this account the right to write the file and its folder."),
    ("disk", "Make room on that disk, then try again."),
    ("authentication failed", "Correct the user or the password in store.url."),
    ("no password supplied", "Add the password to store.url, or set KEURMEESTER_STORE__URL."),
    ("does not exist", "Create it on the server (createdb), or correct the name in store.url."),
    ("permission denied", "Let the server's administrator grant this user the right to create tables there."),
)
_ELSE = {
    "sqlite": "Check that the folder exists and may be written, and that no other program holds the file.",
    "postgresql": "Check that the server runs, and the host, port, user and database in store.url.",
}


def make_engine(url: str) -> sa.Engine:
    """The engine for a SQLAlchemy URL; `postgresql://` and `postgres://` mean psycopg 3.

    Raises StoreError, without the password, for a URL that cannot be read or a database that is not supported.
    """
    try:
        parsed = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):  # a port that is no number is a bare ValueError that quotes it
        raise StoreError(
            "store.url is not a database address. Write e.g. sqlite:///keurmeester.db or "
            "postgresql://user@host/database (special characters of a password as %40 and the like)."
        ) from None
    if parsed.drivername in ("sqlite", "sqlite+pysqlite"):
        return _sqlite(parsed)
    if parsed.drivername in ("postgres", "postgresql", "postgresql+psycopg"):
        return _postgresql(parsed.set(drivername="postgresql+psycopg"))
    raise StoreError(
        f"store.url: {parsed.drivername} is not supported. Begin it with sqlite:/// or postgresql://."
    )


def _postgresql(url: sa.URL) -> sa.Engine:
    # Secrets may also stand behind the question mark, where SQLAlchemy would print them.
    secrets = {name: value for name, value in url.query.items() if name in ("password", "sslpassword")}
    url = url.difference_update_query(list(secrets))
    if "password" in secrets:
        url = url.set(password=str(secrets.pop("password")))
    if "connect_timeout" not in url.query:
        secrets["connect_timeout"] = str(_CONNECT_SECONDS)  # the driver itself would wait for ever
    return sa.create_engine(url, connect_args=secrets, pool_pre_ping=True, hide_parameters=True)


def _sqlite(url: sa.URL) -> sa.Engine:
    if not url.database or url.database == ":memory:":
        raise StoreError(
            "store.url: the store is a file (sqlite:///keurmeester.db), not memory: it must outlive a run."
        )
    try:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"The store at {shown(url)} cannot be used: {error.strerror or error}: its folder cannot be made. "
            "Correct store.url, or make the folder."
        ) from None
    engine = sa.create_engine(url, connect_args={"timeout": _BUSY_SECONDS}, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _connected(connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None  # the driver's own BEGIN comes too late and is no IMMEDIATE
        _turn_on_wal(connection)
        # the journal must be on disk before a call is made: with NORMAL a power cut may lose the newest commits
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        # KiB: the 2,000 by default spill when a run writes its findings
        connection.execute("PRAGMA cache_size=-65536")
        # SQLite's own `lower` knows A to Z only
        connection.create_function("lower_case", 1, _lower_case, deterministic=True)

    @event.listens_for(engine, "begin")
    def _begun(connection: sa.Connection) -> None:
        mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {mode}")

    return engine


def _lower_case(text: str | None) -> str | None:
    return None if text is None else text.lower()


def _turn_on_wal(connection: sqlite3.Connection) -> None:
    """WAL mode, which stays with the file. Two that open a new file at once fail here without SQLite's busy wait."""
    until = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.02)


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One transaction that will write. Raises StoreError where the database does not let it."""
    with _in_words(engine), engine.execution_options(sqlite_begin="IMMEDIATE").begin() as connection:
        yield connection


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One look at the store as it is at this moment. Raises StoreError where it cannot be reached."""
    with _in_words(engine), engine.connect() as connection:
        yield connection


def lock(connection: sa.Connection, table: sa.Table) -> None:
    """Lets others read a table but not write, until the transaction ends. SQLite has one writer at a time anyway.

    Before any row of it is locked: two that lock rows first and the table later would wait for each other.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"LOCK TABLE {table.name} IN SHARE ROW EXCLUSIVE MODE")


@contextmanager
def _in_words(engine: sa.Engine) -> Iterator[None]:
    driver: Any = engine.dialect.loaded_dbapi  # bulk rows go to it directly: its errors come bare
    try:
        yield
    except (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.InternalError) as error:
        raise StoreError(explain(engine.url, error.orig or error)) from None
    except (driver.OperationalError, driver.InterfaceError, driver.InternalError) as error:
        raise StoreError(explain(engine.url, error)) from None


def shown(url: sa.URL) -> str:
    """The URL without its password."""
    return url.render_as_string(hide_password=True)


def explain(url: sa.URL, error: BaseException) -> str:
    """What happened, where, the likely cause, what to do."""
    happened = next(iter(str(error).strip().splitlines()), "") or type(error).__name__
    if url.password:
        happened = happened.replace(str(url.password), "***")
    advice = next((told for sign, told in _ADVICE if sign in happened), _ELSE[url.get_backend_name()])
    return f"The store at {shown(url)} cannot be used: {happened.rstrip('.')}. {advice}"
