"""Turns rows of GET ErrorLogs into the frame `error_logs`: names by the settings' mapping, everything private masked.

Nothing is lost: what the mapping does not know, or what is not what its name says, is kept in `raw`, and of a row without a
number the whole row is. Nothing raises: a value of another type is kept as text. Guide, chapter 11.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
import polars as pl

from checks.frames import FRAMES
from checks.settings_sources import ErrorLogFields
from checks.sources.moments import BELGIUM, moments
from checks.sources.oresto import private
from checks.sources.rows import Shape

#: Stack traces are long, and their beginning tells.
_LONGEST_EXCEPTION = 4_000
_LARGEST = 2**31

Row = Mapping[str, Any]


def error_rows(
    rows: list[Any], fields: ErrorLogFields, shape: Shape, redacted: Callable[[str], str] = str
) -> pl.DataFrame:
    """One row each, in the order of `rows`, in the shape of the frame `error_logs`.

    Args:
        rows: what the answer's list held; each may be anything.
        shape: is told which values could not be read.
        redacted: takes our own credentials out of a text.
    """
    if not rows:
        return FRAMES["error_logs"].empty()
    objects: list[Row] = [row if isinstance(row, dict) else {} for row in rows]
    at = moments_of(objects, fields)
    made = [
        _row(given, row, moment, fields, shape, redacted)
        for given, row, moment in zip(rows, objects, at.to_list(), strict=True)
    ]
    schema = FRAMES["error_logs"].schema
    frame = pl.DataFrame(made, schema={name: kind for name, kind in schema.items() if name != "at"})
    return frame.with_columns(at).select(schema.names())


def moments_of(rows: Sequence[Row], fields: ErrorLogFields) -> pl.Series:
    """When each row was, as the fields that the mapping names say; null where they say nothing that can be read."""
    utc, local = (
        moments(pl.Series([_text(row.get(name)) for row in rows], dtype=pl.String), zone)
        for name, zone in ((fields.at_utc, "UTC"), (fields.at, BELGIUM))
    )
    return pl.select(at=pl.coalesce(utc, local)).to_series()


def _row(
    given: Any,
    row: Row,
    at: Any,
    fields: ErrorLogFields,
    shape: Shape,
    redacted: Callable[[str], str],
) -> dict[str, Any]:
    log_id = number_of(row, fields)
    status = _status(row.get(fields.status_code))
    left = {name: value for name, value in row.items() if name not in set(fields.model_dump().values())}
    if status is None and row.get(fields.status_code) is not None:
        left[fields.status_code] = row[fields.status_code]
        shape.spoil(fields.status_code, f"{row[fields.status_code]!r} is not a whole number")
    if at is None:
        left |= {name: row[name] for name in (fields.at_utc, fields.at) if row.get(name) not in (None, "")}
    errors, model_errors = list(_errors(row.get(fields.errors))), list(_model(row.get(fields.model_errors)))
    if not _is_understood(row.get(fields.model_errors)):
        left[fields.model_errors] = row[fields.model_errors]
    exception = _text(row.get(fields.exception)) or None

    def safe(text: str | None) -> str | None:
        # credentials first: cut in two, nobody would know them
        return None if text is None else private.message(redacted(text)[:_LONGEST_EXCEPTION])

    first = [*(error["message"] for error in model_errors), *errors] if model_errors else errors
    said = _text(row.get(fields.message)) or next((text for text in first if text), None) or exception
    url, body = _text(row.get(fields.url)), _text(row.get(fields.body))
    raw = left if log_id is not None else given
    return {
        "row_id": row_id(given, row, log_id, at, fields),
        "log_id": log_id,
        "method": _text(row.get(fields.method)),
        "url": None if url is None else private.url(redacted(url)),
        "status_code": status,
        "message": safe(said),
        "exception": safe(exception),
        "errors": [safe(text) for text in errors],
        "model_errors": [{"field": one["field"], "message": safe(one["message"])} for one in model_errors],
        "body": None if body is None else private.body(redacted(body)),
        "raw": redacted(_json(private.value(raw))) if raw or log_id is None else None,
    }


def number_of(row: Row, fields: ErrorLogFields) -> str | None:
    """The server's number of a row, as text; None where the field that the mapping names has none."""
    return _text(row.get(fields.log_id))


def row_id(given: Any, row: Row, log_id: str | None, at: datetime | None, fields: ErrorLogFields) -> str:
    """The same for the same row whatever the page and the order of its fields; unknown fields do not matter."""
    if log_id is None:
        told = _json(given)
    else:  # with its moment: a log that was emptied may number its rows from the start again
        moment = at.isoformat() if at is not None else [_text(row.get(n)) for n in (fields.at_utc, fields.at)]
        told = _json([log_id, moment])
    return hashlib.blake2b(told.encode(), digest_size=10).hexdigest()


def _json(value: Any) -> str:
    return msgspec.json.encode(value, order="deterministic").decode()


def _text(value: Any) -> str | None:
    """Text as it is, anything else as JSON writes it."""
    if value is None or isinstance(value, str):
        return value
    return _json(value)


def _status(value: Any) -> int | None:
    """A whole number, also one that is written as text."""
    if isinstance(value, str) and value.strip().isdecimal() and len(value.strip()) < 10:
        return int(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < _LARGEST:
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < _LARGEST:
        return value
    return None


def _errors(value: Any) -> Iterator[str]:
    """Sentences; of objects their Message, else their Exception, else all they say."""
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict):
            told = one.get("Message") or one.get("Exception")
            yield _text(told) or _json(private.value(one))
        elif one is not None and one != "":
            yield _text(one) or ""


def _model(value: Any) -> Iterator[dict[str, str | None]]:
    """A list of {Key, Message, Exception}, or ASP.NET's object of key -> messages."""
    if isinstance(value, dict) and not {"Key", "Message"} & value.keys():
        for key, told in value.items():
            for text in _errors(told):
                yield {"field": key or None, "message": text}
        return
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict):
            field = _text(one.get("Key"))
            yield {"field": field or None, "message": next(_errors(one))}
        elif one is not None and one != "":
            yield {"field": None, "message": _text(one)}


def _is_understood(value: Any) -> bool:
    """Does the frame hold all that the model errors say? A batch names Key1 and Key2, which are no fields."""
    entries = value if isinstance(value, list) else []
    return not any(isinstance(one, dict) and one.keys() - {"Key", "Message", "Exception"} for one in entries)
