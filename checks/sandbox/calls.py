"""What comes in and what goes out, for the stand-in of any system."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass
class Call:
    """One request. `path` is relative to the API's root, and to the server outside it; `headers` in small letters."""

    method: str
    path: str
    params: Mapping[str, str]
    body: bytes = b""
    content_type: str = ""
    host: str = "127.0.0.1"
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Answer:
    """What goes over the wire."""

    status: int
    body: bytes
    media_type: str = "application/json; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()
