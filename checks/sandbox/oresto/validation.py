"""Checks a request body against its model: required, kinds, lengths, ranges. The messages are ASP.NET's."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from checks.sandbox.oresto.moments import parse_moment

Kind = Literal["bool", "int", "decimal", "text", "date", "bytes", "object", "objects", "ints", "texts"]


@dataclass(frozen=True)
class Field:
    """One member of a body. `low` and `high` are the range, `length` the longest text, `exact` its only length."""

    name: str
    kind: Kind
    required: bool = False
    length: int | None = None
    exact: int | None = None
    low: float | None = None
    high: float | None = None
    model: Model | None = None
    unchecked: bool = False  # items are kept as they came


@dataclass(frozen=True)
class Model:
    """A request body or a part of it; `name` is what the keys of its errors start with."""

    name: str
    fields: tuple[Field, ...]

    def field(self, name: str) -> Field | None:
        lower = name.lower()
        return next((field for field in self.fields if field.name.lower() == lower), None)


class _Wrong(ValueError):
    """A value that cannot be what the model says."""


def check_body(
    model: Model, body: Mapping[str, Any], prefix: str | None = None
) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """The body's members as Python values (absent ones None), and (key, message) of what is wrong. Unknown members are ignored."""
    prefix = model.name if prefix is None else prefix
    given = {str(name).lower(): value for name, value in body.items()}
    values: dict[str, Any] = {}
    errors: list[tuple[str, str]] = []
    for field in model.fields:
        key = f"{prefix}.{field.name}" if prefix else field.name
        raw = given.get(field.name.lower())
        if raw is None or (field.kind == "text" and field.required and str(raw).strip() == ""):
            values[field.name] = [] if field.kind in ("objects", "ints", "texts") else None
            if field.required:
                errors.append((key, f"The {field.name} field is required."))
            continue
        try:
            values[field.name] = _value(field, raw, key, errors)
        except _Wrong as wrong:
            values[field.name] = None
            errors.append((key, str(wrong)))
    return values, errors


def _value(field: Field, raw: Any, key: str, errors: list[tuple[str, str]]) -> Any:
    if field.kind == "object" and field.model is not None:
        if not isinstance(raw, Mapping):
            raise _Wrong(f"The value is not valid for {field.name}.")
        value, found = check_body(field.model, raw, key)
        errors.extend(found)
        return value
    if field.kind in ("objects", "ints", "texts"):
        return _list(field, raw, key, errors)
    value = _scalar(field.kind, raw, field.name)
    _check_limits(field, value)
    return value


def _list(field: Field, raw: Any, key: str, errors: list[tuple[str, str]]) -> list[Any]:
    if not isinstance(raw, list):
        raise _Wrong(f"The value is not valid for {field.name}.")
    if field.required and not raw:
        raise _Wrong(f"The {field.name} field is required.")
    values = []
    for position, item in enumerate(raw):
        if field.model is not None:
            if not isinstance(item, Mapping):
                raise _Wrong(f"The value is not valid for {field.name}.")
            value, found = (
                (item, []) if field.unchecked else check_body(field.model, item, f"{key}[{position}]")
            )
            errors.extend(found)
        else:
            value = _scalar("int" if field.kind == "ints" else "text", item, field.name)
        values.append(value)
    return values


def _scalar(kind: str, raw: Any, name: str) -> Any:
    wrong = _Wrong(f"The value '{str(raw)[:100]}' is not valid for {name}.")
    if isinstance(raw, (dict, list)):
        raise wrong
    try:
        if kind == "bool":
            return _bool(raw)
        if kind == "text":
            return str(raw).lower() if isinstance(raw, bool) else str(raw)
        if isinstance(raw, bool):
            raise wrong
        if kind == "int":
            if float(raw) != int(float(raw)):
                raise wrong
            return int(float(raw)) if isinstance(raw, float) else int(raw)
        if kind == "decimal":
            return float(raw)
        if kind == "date":
            return parse_moment(str(raw))
        return base64.b64decode(str(raw), validate=True)
    except (ValueError, OverflowError, binascii.Error):
        raise wrong from None


def _bool(raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    if str(raw).lower() in ("true", "false", "1", "0"):
        return str(raw).lower() in ("true", "1")
    raise ValueError(raw)


def _check_limits(field: Field, value: Any) -> None:
    if isinstance(value, str):
        if field.exact is not None and len(value) != field.exact:
            raise _Wrong(
                f"The field {field.name} must be a string with a minimum length of {field.exact} and a maximum length of {field.exact}."
            )
        if field.length is not None and len(value) > field.length:
            raise _Wrong(f"The field {field.name} must be a string with a maximum length of {field.length}.")
        return
    if field.low is None or field.high is None or not isinstance(value, (int, float)):
        return
    if not field.low <= value <= field.high:
        raise _Wrong(f"The field {field.name} must be between {field.low:g} and {field.high:g}.")


def moment_of(values: Mapping[str, Any], name: str) -> datetime | None:
    """A moment given in Belgian time, else its `Utc` twin."""
    moment = values.get(name) or values.get(f"{name}Utc")
    return moment if isinstance(moment, datetime) else None
