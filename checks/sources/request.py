"""One call to a source, before it is sent: what a plan freezes, and what a login is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode


@dataclass(frozen=True)
class Request:
    """One call as a plan freezes it: `path` is relative to the source's `base_url`, e.g. `LinkProducts`."""

    method: str
    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    body: Any | None = None

    @property
    def line(self) -> str:
        """`DELETE /Products?WholesalerArticleNumber=A100`, as the journal shows it."""
        return f"{self.method} /{self.path}" + (f"?{urlencode(self.params)}" if self.params else "")

    def as_json(self) -> dict[str, Any]:
        return {"method": self.method, "path": self.path, "params": dict(self.params), "body": self.body}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Request:
        return cls(stored["method"], stored["path"], dict(stored.get("params") or {}), stored.get("body"))
