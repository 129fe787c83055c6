"""What the rows of an error log say is wrong: one line an error, with the field that it is about."""

from __future__ import annotations

import polars as pl

from checks.triage import masks

#: The class of an exception, before its message or alone.
CLASS = r"^\s*([A-Za-z_][\w.+`]*)\s*(?::|$)"

#: From the key of a model error to the field: without the action's parameter, positions in lists and white space.
FIELD_STEPS = ((r"^\$\.?", ""), (r"^[a-z_]\w*(?:\[\d*\])?\.", ""), (r"\[\d+\]", "[]"), (r"\s+", ""))

#: Rules and masked texts that only say that something is wrong: whatever else is said counts more.
GENERIC = frozenset(
    {
        "ValidationProblemDescription_Title",
        "ApiConventions_Title_400",
        "ApiConventions_Title_500",
        "an error has occurred.",
        "an error occurred.",
        "an unexpected error occurred.",
        "an unhandled exception occurred.",
        "internal server error",
        "the request is invalid.",
    }
)
_GENERIC_SAID = (
    *(one for one in GENERIC if "_" not in one),
    "an error occurred while processing your request.",
)


def said(rows: pl.DataFrame) -> pl.LazyFrame:
    """row (position, 0-based), key (null: of no field), text (never null), bones (`masks.skeleton` of the text).

    Args:
        rows: FRAMES["error_logs"].

    At least one line a row, in the order of the rows; several where it has several errors. Model errors count more than
    the list of errors, that more than the message, and an exception more than a message that says nothing.
    """
    listed = rows.lazy().with_row_index("row")
    model = pl.col("model_errors").list.len().fill_null(0) > 0
    errors = pl.col("errors").list.len().fill_null(0) > 0
    error = pl.col("model_errors").struct
    by_model = listed.filter(model).select("row", "model_errors").explode("model_errors")
    by_list = listed.filter(~model & errors).select("row", text=pl.col("errors")).explode("text")
    empty = pl.col("message").str.strip_chars().str.to_lowercase().is_in(_GENERIC_SAID)
    silent = pl.col("exception").is_not_null() & empty
    alone = listed.filter(~model & ~errors).select(
        "row",
        text=pl.coalesce(pl.when(silent).then("exception"), "message", "exception", pl.lit("")),
    )
    no_key = pl.lit(None, pl.String).alias("key")
    key = pl.col("key").str.strip_chars().str.replace_all(r"\[\d+\]", "[]")
    found = pl.concat(
        [
            by_model.select("row", key=error.field("field"), text=error.field("message")),
            by_list.select("row", no_key, "text"),
            alone.select("row", no_key, "text"),
        ]
    ).with_columns(pl.col("text").fill_null("").str.strip_chars(), key=pl.when(key != "").then(key))
    return found.with_columns(bones=masks.skeleton(pl.col("text"))).sort("row", maintain_order=True)
