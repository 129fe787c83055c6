"""The words of error rows: as the tables keep them, as frames have them, and where a text is looked for in them."""

from __future__ import annotations

import json
from typing import Any

import polars as pl
import sqlalchemy as sa

from checks.frame_spec import STRINGS
from checks.frames import FRAMES, MODEL_ERRORS
from checks.store import tables

_rows = tables.error_rows
_ERRORS, _MODEL_ERRORS = pl.Struct({"v": STRINGS}), pl.Struct({"v": MODEL_ERRORS})

#: Columns in which a text is looked for.
SEARCHED = ("message", "url", "exception", "body", "raw", "errors", "model_errors")

#: Those of FRAMES["error_logs"].
COLUMNS = tuple(FRAMES["error_logs"].columns)


def as_kept(data: pl.DataFrame) -> pl.DataFrame:
    """`errors` and `model_errors` as the JSON text that the table has."""
    return data.with_columns(_as_json("errors", STRINGS), _as_json("model_errors", MODEL_ERRORS))


def as_frame(data: pl.DataFrame) -> pl.DataFrame:
    """... and back as lists."""
    wrapped = [
        pl.concat_str(pl.lit('{"v":'), pl.col(name), pl.lit("}"))
        .str.json_decode(kind)
        .struct.field("v")
        .alias(name)
        for name, kind in (("errors", _ERRORS), ("model_errors", _MODEL_ERRORS))
    ]
    return data.with_columns(wrapped)


def contains(text: str) -> pl.Expr:
    """Does a row, as kept, have this text anywhere? Whatever its case."""
    forms = _forms(text)
    places = [
        pl.col(name).str.to_lowercase().str.contains(form, literal=True)
        for name in SEARCHED
        for form in forms[name in ("errors", "model_errors")]
    ]
    return pl.any_horizontal(places).fill_null(False)


def contains_in_store(connection: sa.Connection, text: str) -> sa.ColumnElement[bool]:
    """The same as `contains`, asked of the database."""
    forms = _forms(text)
    return sa.or_(
        *(
            _lower(connection, _rows.c[name], text).contains(form, autoescape=True)
            for name in SEARCHED
            for form in forms[name in ("errors", "model_errors")]
        )
    )


def _lower(connection: sa.Connection, column: sa.Column[Any], text: str) -> sa.ColumnElement[str]:
    # of upper and lower case, SQLite's own `lower` knows only A to Z: the engine brings one that knows them all, slower
    own = connection.dialect.name == "postgresql" or text.isascii()
    name = "lower" if own else "lower_case"
    return getattr(sa.func, name)(sa.cast(column, sa.Text), type_=sa.Text())  # type: ignore[no-any-return]


def _forms(text: str) -> dict[bool, tuple[str, ...]]:
    """How the text is written in a plain column (False) and within JSON (True)."""
    plain = text.strip().lower()
    quoted = json.dumps(plain, ensure_ascii=False)[1:-1]
    return {False: (plain,), True: (quoted,)}


def _as_json(name: str, kind: Any) -> pl.Expr:
    listed = pl.col(name).cast(kind).fill_null([])
    text = pl.struct(v=listed).struct.json_encode()
    # {"v":[...]}: what stands between
    return text.str.slice(5, text.str.len_chars() - 6).alias(name)
