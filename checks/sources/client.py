"""What the clients of all systems share: one connection, with the counters of whoever uses it."""

from __future__ import annotations

import copy
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from checks.progress import Progress
from checks.settings_sources import Source
from checks.sources.answers import Dialect
from checks.sources.http import Http
from checks.sources.sign_in import Credentials

S = TypeVar("S", bound=Source, covariant=True)


class Client(Generic[S]):
    """A connection to one source. A context manager, safe to use from several threads."""

    def __init__(self, source: S, http: Http) -> None:
        self.source = source
        self.http = http

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.http.close()

    @property
    def requests(self) -> int:
        """Requests made so far, retries and logins included; of this view alone after `counted()`."""
        return self.http.requests

    @property
    def bytes_received(self) -> int:
        """Bytes of answers received so far, as they came over the wire; of this view alone after `counted()`."""
        return self.http.bytes_received

    def counted(self) -> Self:
        """The same connection with counters of its own."""
        view = copy.copy(self)
        view.http = self.http.counted()
        return view


def open_http(
    source: Source, credentials: Credentials, progress: Progress | None, dialect: Dialect, **more: Any
) -> Http:
    """A connection as the source's settings want it. `more` goes to `Http`."""
    return Http(
        source.name,
        source.base_url,
        credentials,
        timeout_seconds=source.timeout_seconds,
        max_connections=source.max_connections,
        read_only=source.read_only,
        requests_per_second=source.requests_per_second,
        progress=progress,
        dialect=dialect,
        **more,
    )
