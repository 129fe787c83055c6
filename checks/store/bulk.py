"""Many rows at once within a transaction, and query results as Polars frames.

SQLite gets them by executemany on its own connection, PostgreSQL by COPY: both far faster than SQLAlchemy's inserts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from checks.frame_spec import UTC
from checks.store.tables import NUL, NUL_SHOWN, Moment


def insert(connection: sa.Connection, table: sa.Table, rows: pl.DataFrame) -> None:
    """Adds the rows; the frame's columns are the table's."""
    if rows.is_empty():
        return
    into = f"{_quoted(connection, table.name)} ({_names(connection, rows)})"
    if connection.dialect.name == "postgresql":
        _copy(connection, into, rows)
    else:
        _execute_many(connection, f"INSERT INTO {into} VALUES ({_marks(rows)})", rows)


def upsert(
    connection: sa.Connection,
    table: sa.Table,
    rows: pl.DataFrame,
    key: str | Sequence[str],
    *,
    adding: bool = False,
) -> None:
    """Creates rows, or replaces the ones that have their key; with `adding` their numbers are added up instead."""
    if rows.is_empty():
        return
    keys = [key] if isinstance(key, str) else list(key)
    names = _names(connection, rows)
    quoted = [_quoted(connection, name) for name in rows.columns if name not in keys]
    target, unique = _quoted(connection, table.name), ", ".join(_quoted(connection, one) for one in keys)
    set_to = (f"{name}={f'{target}.{name}+' if adding else ''}excluded.{name}" for name in quoted)
    replacing = f"ON CONFLICT ({unique}) DO UPDATE SET {', '.join(set_to)}"
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(
            f"CREATE TEMPORARY TABLE incoming AS SELECT {names} FROM {target} WHERE false"
        )
        _copy(connection, f"incoming ({names})", rows)
        connection.exec_driver_sql(f"INSERT INTO {target} ({names}) SELECT {names} FROM incoming {replacing}")
        connection.exec_driver_sql("DROP TABLE incoming")
    else:
        _execute_many(connection, f"INSERT INTO {target} ({names}) VALUES ({_marks(rows)}) {replacing}", rows)


def frame(
    connection: sa.Connection, query: sa.Select[Any], schema: Mapping[str, Any] | None = None
) -> pl.DataFrame:
    """A query's result; moments come back aware, in UTC. JSON columns come as text."""
    kinds = {column.name: column.type for column in query.selected_columns}
    wanted = {name: (schema or {}).get(name) or _dtype(kind) for name, kind in kinds.items()}
    moments = [name for name, dtype in wanted.items() if dtype == UTC]
    # The driver's own rows: SQLAlchemy would make an object of each and a datetime of each text.
    as_text = connection.dialect.name == "sqlite"
    raw = wanted | dict.fromkeys(moments, pl.String if as_text else pl.Datetime("us"))
    with connection.execute(_json_as_text(query)) as result:
        assert result.cursor is not None
        data = pl.DataFrame(result.cursor.fetchall(), schema=raw, orient="row")
    if as_text:
        data = data.with_columns(pl.col(moments).str.to_datetime("%Y-%m-%d %H:%M:%S%.f", time_unit="us"))
    return data.with_columns(pl.col(moments).dt.replace_time_zone("UTC"))


def among(
    connection: sa.Connection, column: sa.ColumnElement[Any], values: Iterable[str]
) -> sa.ColumnElement[bool]:
    """`column IN (values)` for any number of values: a parameter for each is slow, and databases count them."""
    kept = [value.replace(NUL, NUL_SHOWN) for value in values]
    if connection.dialect.name == "postgresql":
        return column == sa.any_(sa.bindparam(None, kept, postgresql.ARRAY(sa.Text)))
    listed = sa.func.json_each(json.dumps(kept)).table_valued("value")
    return column.in_(sa.select(listed.c.value))


def as_list(given: str | Iterable[str] | None) -> list[str] | None:
    """A filter's value: one, several, or None for no filter."""
    if given is None:
        return None
    return [given] if isinstance(given, str) else list(given)


def _json_as_text(query: sa.Select[Any]) -> sa.Select[Any]:
    # PostgreSQL's driver would decode JSON, SQLite's does not: as text they are the same.
    return query.with_only_columns(
        *(
            sa.cast(column, sa.Text).label(column.name) if isinstance(column.type, sa.JSON) else column
            for column in query.selected_columns
        )
    )


def _copy(connection: sa.Connection, into: str, rows: pl.DataFrame) -> None:
    with _driver(connection).cursor() as cursor, cursor.copy(f"COPY {into} FROM STDIN") as copy:
        for row in _plain(rows).iter_rows():
            copy.write_row(row)


def _execute_many(connection: sa.Connection, statement: str, rows: pl.DataFrame) -> None:
    _driver(connection).executemany(statement, _plain(rows).iter_rows())


def _driver(connection: sa.Connection) -> Any:
    # SQLAlchemy begins a transaction at its own first statement only, and never sees the driver's.
    assert connection.in_transaction(), "many rows go in within a transaction that has begun"
    return connection.connection.driver_connection


def _plain(rows: pl.DataFrame) -> pl.DataFrame:
    """As the drivers take them: moments as text without zone, text without NUL."""
    moments = [name for name, dtype in rows.schema.items() if isinstance(dtype, pl.Datetime)]
    return rows.with_columns(
        pl.col(pl.String).str.replace_all(NUL, NUL_SHOWN, literal=True),
        pl.col(moments)
        .dt.convert_time_zone("UTC")
        .dt.replace_time_zone(None)
        .dt.strftime("%Y-%m-%d %H:%M:%S.%6f"),
    )


def _quoted(connection: sa.Connection, name: str) -> str:
    return connection.dialect.identifier_preparer.quote(name)


def _names(connection: sa.Connection, rows: pl.DataFrame) -> str:
    return ", ".join(_quoted(connection, name) for name in rows.columns)


def _marks(rows: pl.DataFrame) -> str:
    return ", ".join("?" for _ in rows.columns)


def _dtype(kind: sa.types.TypeEngine[Any]) -> Any:
    if isinstance(kind, Moment):
        return UTC
    for theirs, ours in ((sa.Boolean, pl.Boolean), (sa.Integer, pl.Int64), (sa.Float, pl.Float64)):
        if isinstance(kind, theirs):
            return ours
    return pl.String
