"""Replies: the wrappers around every payload, as JSON or XML."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

import msgspec

WHOLESALER_ID = 7
USER_ID = 31


@dataclass(eq=False)
class Refusal(Exception):
    """A request that is refused: a status, plain errors, and errors about members of the body or parameters."""

    status: int = 400
    errors: Sequence[str] = ()
    model_errors: Sequence[tuple[str, str]] = ()
    payload: str | None = None  # name of the payload property that is null then


@dataclass
class Reply:
    """What a route answers, before it is written out."""

    payload: dict[str, Any] = field(default_factory=dict)
    status: int = 200
    is_write: bool = False
    errors: Sequence[str] = ()
    model_errors: Sequence[Mapping[str, Any]] = ()
    list_name: str | None = None  # the property that a variant may rename

    @property
    def failed(self) -> bool:
        return self.status >= 400 or bool(self.errors) or bool(self.model_errors)

    def as_dict(self, milliseconds: int, rename_lists: bool = False) -> dict[str, Any]:
        payload = self.payload
        if rename_lists and self.list_name:
            payload = {"Result" if name == self.list_name else name: value for name, value in payload.items()}
        information = {"RequestDuration": milliseconds, "WholesalerId": WHOLESALER_ID, "UserId": USER_ID}
        if self.is_write:
            return {
                **payload,
                "RequestInformation": information,
                "ModelStateErrors": self.model_errors,
                "Errors": self.errors,
            }
        reply = {**payload, "RequestInformation": information, "Errors": self.errors}
        if self.model_errors:
            reply["ModelStateErrors"] = self.model_errors
        return reply


def listed(name: str, rows: Iterable[Any]) -> Reply:
    """A list under the resource's name."""
    return Reply({name: list(rows)}, list_name=name)


def one(name: str, row: Any) -> Reply:
    """A single object; None is an unknown key."""
    if row is None:
        raise Refusal(404, [f"{name} not found."], payload=name)
    return Reply({name: row})


def written(**payload: Any) -> Reply:
    """A write that was done."""
    return Reply(payload, is_write=True)


def refused(refusal: Refusal, is_write: bool, errors_as_200: bool) -> Reply:
    """The reply to a refused request; `errors_as_200` says 200 where others say 400 or 404."""
    status = 200 if errors_as_200 and refusal.status != 401 else refusal.status
    errors = [] if status == 200 and refusal.payload else list(refusal.errors)
    model = [{"Key": key, "Message": message, "Exception": ""} for key, message in refusal.model_errors]
    return Reply({refusal.payload: None} if refusal.payload else {}, status, is_write, errors, model)


def to_json(reply: dict[str, Any]) -> bytes:
    return msgspec.json.encode(reply)


def to_xml(reply: dict[str, Any], root: str, group: str) -> bytes:
    """The same as XML: elements in alphabetical order, lists as repeated elements inside their own."""
    plain = msgspec.json.decode(msgspec.json.encode(reply))
    head = f'<{root} xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns="http://schemas.datacontract.org/2004/07/Oresto.API.Models.{group}">'
    return f"{head}{_elements(plain)}</{root}>".encode()


def _elements(row: Mapping[str, Any]) -> str:
    return "".join(_element(name, row[name]) for name in sorted(row))


def _element(name: str, value: Any) -> str:
    if value is None:
        return f'<{name} i:nil="true"/>'
    if isinstance(value, Mapping):
        return f"<{name}>{_elements(value)}</{name}>"
    if isinstance(value, list):
        singular = name[:-3] + "y" if name.endswith("ies") else name.removesuffix("s") or name
        inner = "".join(
            _element(singular if isinstance(item, dict) else _scalar_name(item), item) for item in value
        )
        return f"<{name}>{inner}</{name}>"
    if isinstance(value, bool):
        return f"<{name}>{str(value).lower()}</{name}>"
    return f"<{name}>{escape(str(value))}</{name}>"


def _scalar_name(value: Any) -> str:
    return "int" if isinstance(value, int) else "string"
