"""Reads a request: parameters by name without regard to case, bodies in JSON, XML or form fields."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from defusedxml import DefusedXmlException
from defusedxml import ElementTree as SafeTree

from checks.sandbox import calls
from checks.sandbox.oresto.moments import parse_moment
from checks.sandbox.oresto.replies import Refusal
from checks.sandbox.oresto.validation import Model, check_body

NO_BODY = "Request body cannot be null"
_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_STEP = re.compile(r"([A-Za-z]+)(?:\[(\d+)\])?")


@dataclass
class Call(calls.Call):
    """One request to Oresto."""

    _lower: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self._lower = {name.lower(): value for name, value in self.params.items()}

    def text(self, name: str, required: bool = True, length: int | None = 50) -> str:
        """A text parameter; "" when it is not given and not required."""
        value = self._lower.get(name.lower(), "")
        if required and not value.strip():
            raise Refusal(model_errors=[(name, f"The {name} field is required.")])
        if length is not None and len(value) > length:
            raise Refusal(
                model_errors=[(name, f"The field {name} must be a string with a maximum length of {length}.")]
            )
        return value

    def id_in_path(self) -> int:
        """The number at the end of a path that was registered with `{Id}`."""
        return int(self.path.rpartition("/")[2])

    def integer(self, name: str, default: int | None = None) -> int:
        """A whole number; `default` None means required."""
        value = self._lower.get(name.lower(), "")
        if not value and default is not None:
            return default
        if not value:
            raise Refusal(model_errors=[(name, f"The {name} field is required.")])
        try:
            return int(value)
        except ValueError:
            raise Refusal(model_errors=[(name, f"The value '{value}' is not valid for {name}.")]) from None

    def flag(self, name: str, required: bool = False) -> bool | None:
        """true or false; None when it is not given."""
        value = self._lower.get(name.lower(), "").lower()
        if value in ("true", "false", "1", "0"):
            return value in ("true", "1")
        if value:
            raise Refusal(model_errors=[(name, f"The value '{value}' is not valid for {name}.")])
        if required:
            raise Refusal(model_errors=[(name, f"The {name} field is required.")])
        return None

    def moment(self, name: str, required: bool = False) -> datetime | None:
        value = self._lower.get(name.lower(), "")
        if not value:
            if required:
                raise Refusal(model_errors=[(name, f"The {name} field is required.")])
            return None
        try:
            return parse_moment(value)
        except ValueError:
            raise Refusal(model_errors=[(name, f"The value '{value}' is not valid for {name}.")]) from None

    def has(self, name: str) -> bool:
        return bool(self._lower.get(name.lower()))

    def besides(self, model: Model) -> dict[str, Any]:
        """The members of the body that the model does not have, as they came."""
        found = _parse(self.body, self.content_type, model)
        return {name: value for name, value in found.items() if model.field(name) is None}

    def read(self, model: Model) -> dict[str, Any]:
        """The body as the model's members. Raises Refusal when it cannot be read or breaks the model."""
        values, errors = check_body(model, _parse(self.body, self.content_type, model))
        if errors:
            raise Refusal(model_errors=errors)
        return values


def _parse(body: bytes, content_type: str, model: Model) -> Mapping[str, Any]:
    kind = content_type.split(";")[0].strip().lower()
    found: Any = None
    if kind in ("application/xml", "text/xml"):
        found = _from_xml(body, model)
    elif kind == "application/x-www-form-urlencoded":
        found = _from_form(body)
    elif kind in ("application/json", "text/json"):
        try:
            found = msgspec.json.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError):
            found = None
    elif body:
        raise Refusal(415, ["The request entity's media type is not supported for this resource."])
    if (
        isinstance(found, list) and len(model.fields) == 1
    ):  # PUT ClientProducts/Multiple may come as a bare list
        found = {model.fields[0].name: found}
    if not isinstance(found, dict) or not found:
        raise Refusal(errors=[NO_BODY])
    return found


def _from_xml(body: bytes, model: Model) -> dict[str, Any] | None:
    """None when it is no XML, or when elements are not in alphabetical order: the server drops such a body."""
    try:
        root = SafeTree.fromstring(body)
    except (SafeTree.ParseError, DefusedXmlException, ValueError):
        return None
    return _xml_object(root, model)


def _xml_object(element: Any, model: Model) -> dict[str, Any] | None:
    names = [_local(child) for child in element]
    if names != sorted(names):
        return None
    values: dict[str, Any] = {}
    for name, child in zip(names, element, strict=True):
        field_ = model.field(name)
        if field_ is None or child.get(_NIL) == "true":
            continue
        if field_.kind == "object" and field_.model is not None:
            value: Any = _xml_object(child, field_.model)
        elif field_.kind == "objects" and field_.model is not None:
            value = [_xml_object(item, field_.model) for item in child]
            value = None if None in value else value
        elif field_.kind in ("ints", "texts"):
            value = [item.text or "" for item in child]
        else:
            value = child.text or ""
            if value == "" and field_.kind != "text":
                continue
        if value is None:
            return None
        values[field_.name] = value
    return values


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _from_form(body: bytes) -> dict[str, Any]:
    """`Supplier.Id=3&Localizations[0].Name=x` as nested members; an empty field is null."""
    result: dict[str, Any] = {}
    for path, value in parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True):
        place: Any = result
        steps = _STEP.findall(path)
        for position, (name, index) in enumerate(steps):
            last = position == len(steps) - 1
            if index:
                if int(index) > 10_000:
                    return {}
                items = place.setdefault(name, [])
                while len(items) <= int(index):
                    items.append({})
                if last:
                    items[int(index)] = value
                else:
                    place = items[int(index)]
            elif last:
                place[name] = value or None
            else:
                place = place.setdefault(name, {})
    return result
