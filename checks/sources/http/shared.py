"""What all views of one connection know together."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from checks.errors import CredentialsRefused, Unreachable
from checks.sources.sign_in import OneSession

#: A text of so many signs or fewer would blacken half of what is shown.
_SHORTEST_SECRET = 3


@dataclass
class Counts:
    """What one view of a connection cost. `bytes` of bodies, as they came over the wire: compressed where they are."""

    requests: int = 0
    bytes: int = 0


@dataclass
class Shared:
    """One connection, whoever of its views uses it. `lock` guards the counters, and those of each view."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    requests: int = 0
    server_time: datetime | None = None  # the newest Date header, for the clock comparison
    told_at: float = 0.0  # when that came, by time.monotonic
    dead: Unreachable | CredentialsRefused | None = None
    session: OneSession = field(default_factory=OneSession)
    secrets: set[str] = field(default_factory=set, repr=False)  # never shown: passwords, tokens, cookies

    def server_now(self) -> datetime | None:
        """What the server's clock says now, by its newest Date header."""
        told = self.server_time
        return None if told is None else told + timedelta(seconds=time.monotonic() - self.told_at)

    def hide(self, *secrets: str) -> None:
        """From now on these are never shown."""
        self.secrets.update(secret for secret in secrets if len(secret) > _SHORTEST_SECRET)

    def redacted(self, text: str) -> str:
        """The text without this connection's own credentials."""
        for secret in tuple(self.secrets):
            text = text.replace(secret, "***")
        return text
