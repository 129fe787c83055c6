"""Many rows at once within a transaction, and query results as Polars frames.

SQLite gets them by executemany on its own cursor, PostgreSQL by COPY: both far faster than SQLAlchemy's inserts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import polars as pl
import sqlalchemy as sa

from checks.frames import UTC
from checks.store.tables import Moment


def insert(connection: sa.Connection, table: sa.Table, rows: pl.DataFrame) -> None:
    """Adds the rows; the frame's columns are the table's."""
    if rows.is_empty():
        return
    plain = _plain(rows)
    names = [connection.dialect.identifier_preparer.quote(name) for name in plain.columns]
    into = f"{connection.dialect.identifier_preparer.format_table(table)} ({', '.join(names)})"
    driver = connection.connection.driver_connection
    assert driver is not None
    if connection.dialect.name == "postgresql":
        with driver.cursor() as cursor, cursor.copy(f"COPY {into} FROM STDIN") as copy:
            for row in plain.iter_rows():
                copy.write_row(row)
    else:
        marks = ", ".join("?" for _ in names)
        driver.executemany(f"INSERT INTO {into} VALUES ({marks})", plain.iter_rows())


def replace(connection: sa.Connection, table: sa.Table, rows: pl.DataFrame, key: str) -> None:
    """Creates or replaces rows by their key."""
    if rows.is_empty():
        return
    ids = rows[key].to_list()
    column = table.c[key]
    for start in range(0, len(ids), 5_000):
        connection.execute(sa.delete(table).where(column.in_(ids[start : start + 5_000])))
    insert(connection, table, rows)


def _plain(rows: pl.DataFrame) -> pl.DataFrame:
    """Moments as the database keeps them: without zone, as text where there is no such type."""
    return rows.with_columns(
        pl.col(name)
        .dt.convert_time_zone("UTC")
        .dt.replace_time_zone(None)
        .dt.strftime("%Y-%m-%d %H:%M:%S.%6f")
        for name, dtype in rows.schema.items()
        if isinstance(dtype, pl.Datetime)
    )


def frame(
    connection: sa.Connection, query: sa.Select[Any], schema: Mapping[str, Any] | None = None
) -> pl.DataFrame:
    """A query's result; moments come back aware, in UTC."""
    query = query.with_only_columns(
        *(
            # PostgreSQL's driver would decode JSON, SQLite's does not: as text they are the same
            sa.cast(column, sa.Text).label(column.name) if isinstance(column.type, sa.JSON) else column
            for column in query.selected_columns
        )
    )
    types = {column.name: column.type for column in query.selected_columns}
    wanted = pl.Schema({name: (schema or {}).get(name) or _dtype(kind) for name, kind in types.items()})
    compiled = query.compile(connection, compile_kwargs={"render_postcompile": True})
    parameters: Any = (
        compiled.params
        if compiled.positiontup is None
        else tuple(compiled.params[p] for p in compiled.positiontup)
    )
    result = connection.exec_driver_sql(str(compiled), parameters)
    return _from_rows(result.fetchall(), wanted)


def _from_rows(rows: Sequence[Any], schema: pl.Schema) -> pl.DataFrame:
    raw = {name: pl.String if isinstance(dtype, pl.Datetime) else dtype for name, dtype in schema.items()}
    moments = [name for name, dtype in schema.items() if isinstance(dtype, pl.Datetime)]
    places = [list(schema).index(name) for name in moments]
    if rows and any(isinstance(row[place], datetime) for row in rows[:50] for place in places):
        raw = {name: pl.Datetime("us") if name in moments else dtype for name, dtype in schema.items()}
    data = pl.DataFrame([tuple(row) for row in rows], schema=raw, orient="row", infer_schema_length=None)
    return data.with_columns(
        (
            pl.col(name).str.to_datetime("%Y-%m-%d %H:%M:%S%.f", time_unit="us")
            if data.schema[name] == pl.String
            else pl.col(name)
        )
        .dt.replace_time_zone("UTC")
        .cast(UTC)
        for name in moments
    )


def _dtype(kind: sa.types.TypeEngine[Any]) -> Any:
    if isinstance(kind, Moment):
        return UTC
    for ours, theirs in ((sa.Boolean, pl.Boolean), (sa.Integer, pl.Int64), (sa.Float, pl.Float64)):
        if isinstance(kind, ours):
            return theirs
    return pl.String


def as_list(given: str | Iterable[str] | None) -> list[str] | None:
    """A filter's value: one, several, or None for no filter."""
    if given is None:
        return None
    return [given] if isinstance(given, str) else list(given)
