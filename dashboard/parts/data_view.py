"""About the data: what was collected and how, and a look into one frame."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
import streamlit as st

from checks import export
from checks.frames import FRAMES
from dashboard.parts.words import FRAME_STATES, field_title, plural

#: How many rows of a frame are shown.
FIRST_ROWS = 1000

#: How a frame was read, in words.
MODES = {"full": "Whole", "changes": "What changed", "carried": "As before"}

_KINDS = {"new": "new field", "gone": "field is gone", "retyped": "other type"}


def parsed(value: Any) -> Any:
    """JSON of the store, which is text on one database and parsed on another."""
    return json.loads(value) if isinstance(value, str) else value


def drift_words(drift: Sequence[Mapping[str, Any]] | None, unusable: Mapping[str, str] | None) -> str:
    """Drift of one frame in a line: `Colour: new field; Brand: other type`."""
    parts = [f"{one['field']}: {_KINDS.get(one['kind'], one['kind'])}" for one in drift or []]
    parts += [f"{column} cannot be judged: {why}" for column, why in (unusable or {}).items()]
    return "; ".join(parts)


def collected_rows(collected: pl.DataFrame) -> pl.DataFrame:
    """`store.collected` in words, in the order of `FRAMES`: source, title, status, rows, how it was read, when the
    server was last asked, requests, kilobytes, seconds, note."""
    order = {name: place for place, name in enumerate(FRAMES)}
    rows = [
        {
            "order": order.get(row["frame"], 99),
            "source": row["source"],
            "frame": row["frame"],
            "title": FRAMES[row["frame"]].title if row["frame"] in FRAMES else row["frame"],
            "status": [FRAME_STATES[row["status"]].cell if row["status"] in FRAME_STATES else row["status"]],
            "rows": row["rows"] if row["status"] == "ok" else None,
            "read": MODES.get(row["mode"], row["mode"]) if row["status"] == "ok" else None,
            "read_at": row["read_at"],
            "kilobytes": row["bytes"] / 1000 if row["bytes"] else None,
            "requests": row["requests"],
            "seconds": row["seconds"],
            "note": row["message"] or drift_words(parsed(row["drift"]), parsed(row["unusable"])) or None,
            "personal": row["frame"] in FRAMES and FRAMES[row["frame"]].personal,
        }
        for row in collected.iter_rows(named=True)
    ]
    schema: dict[str, Any] = {
        "order": pl.Int64,
        "source": pl.String,
        "frame": pl.String,
        "title": pl.String,
        "status": pl.List(pl.String),
        "rows": pl.Int64,
        "read": pl.String,
        "read_at": pl.Datetime("us", "UTC"),
        "kilobytes": pl.Float64,
        "requests": pl.Int64,
        "seconds": pl.Float64,
        "note": pl.String,
        "personal": pl.Boolean,
    }
    return pl.DataFrame(rows, schema=schema).sort("source", "order")


def collected_table(rows: pl.DataFrame) -> None:
    """Draws the frames of one source."""
    looks = list(FRAME_STATES.values())
    st.dataframe(
        rows.select("title", "status", "rows", "read", "read_at", "requests", "kilobytes", "seconds", "note"),
        hide_index=True,
        height="content",
        placeholder="",
        alt="Frames of the last run",
        column_config={
            "title": st.column_config.TextColumn("Data", width=220),
            "status": st.column_config.MultiselectColumn(
                "State",
                options=[look.cell for look in looks],
                color=[look.colour for look in looks],
                width=120,
            ),
            "rows": st.column_config.NumberColumn("Rows", format="%,d", width=90),
            "read": st.column_config.TextColumn(
                "Read",
                width=110,
                help="Whole; only what changed since the last run; or as before, asked again later",
            ),
            "read_at": st.column_config.DatetimeColumn("Asked", format="distance", width=100),
            "requests": st.column_config.NumberColumn("Requests", format="%,d", width=85),
            "kilobytes": st.column_config.NumberColumn("kB", format="%,.0f", width=70),
            "seconds": st.column_config.NumberColumn("Seconds", format="%.1f", width=80),
            "note": st.column_config.TextColumn("Message, drift", width=420),
        },
    )


def readable(data: pl.DataFrame) -> pl.DataFrame:
    """A frame that a table and a CSV file can hold: lists and structs become text."""
    texts = []
    for name, dtype in data.schema.items():
        if isinstance(dtype, pl.List) and not isinstance(dtype.inner, pl.Struct):
            texts.append(pl.col(name).list.eval(pl.element().cast(pl.String)).list.join(", "))
        elif isinstance(dtype, pl.List):
            texts.append(pl.col(name).list.eval(_joined(dtype.inner)).list.join("; "))
    return data.with_columns(texts)


def as_csv(data: pl.DataFrame) -> bytes:
    """A readable frame as CSV for Excel; no text of the shop in it is taken for a formula, nor is a column's name."""
    texts = [name for name, dtype in data.schema.items() if dtype == pl.String]
    safe = data.with_columns(export.harmless(pl.col(name)).alias(name) for name in texts)
    heads = pl.DataFrame({"name": data.columns}).select(export.harmless(pl.col("name"))).to_series()
    return safe.rename(dict(zip(data.columns, heads, strict=True))).write_csv().encode("utf-8-sig")


def _joined(struct: Any) -> pl.Expr:
    fields = [pl.element().struct.field(field.name).cast(pl.String) for field in struct.fields]
    return pl.concat_str(fields, separator=" ", ignore_nulls=True)


def searched(data: pl.DataFrame, text: str) -> pl.DataFrame:
    """Rows that hold every word of `text` in some column."""
    wanted = []
    for word in text.lower().split():
        columns = [
            pl.col(name).cast(pl.String).str.to_lowercase().str.contains(word, literal=True)
            for name in data.columns
        ]
        wanted.append(pl.any_horizontal(column.fill_null(False) for column in columns))
    return data.filter(wanted) if wanted else data


def browse(data: pl.DataFrame, title: str, text: str, file_name: str) -> None:
    """The first rows of a frame that hold `text`, and their download."""
    rows = searched(readable(data), text) if text else readable(data.head(FIRST_ROWS))
    found = rows.height if text else data.height
    shown = rows.head(FIRST_ROWS)
    more = f"; the first {FIRST_ROWS:,} are shown" if found > FIRST_ROWS else ""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(f"{plural(found, 'row')}{more}", width="content")
        st.download_button(
            f"Download {plural(shown.height, 'row')}",
            as_csv(shown),
            file_name=file_name,
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
            key="data-download",
        )
    st.dataframe(
        shown,
        hide_index=True,
        placeholder="",
        height=420,
        alt=title,
        column_config={name: field_title(name) for name in shown.columns},
    )
