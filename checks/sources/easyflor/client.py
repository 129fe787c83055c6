"""Asks EasyFlor for debtors: all, one, or those changed since a day (easyflor-api, section 3)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TypeVar

import msgspec

from checks.errors import Deferred, NotFound, RequestRejected, ServerFault, SourceError, UnreadableAnswer
from checks.progress import Progress
from checks.settings_sources import EasyFlorSource
from checks.sources.answers import AnswerHasErrors
from checks.sources.client import Client, open_http
from checks.sources.easyflor.dialect import ABSENT, CLOSED, dialect_of
from checks.sources.easyflor.opening import closed, next_moment
from checks.sources.easyflor.sign_in import session_of
from checks.sources.easyflor.wire import payload

T = TypeVar("T")
Decode = Callable[[msgspec.Raw], T]


class EasyFlorClient(Client[EasyFlorSource]):
    """A connection to one customer's database. A context manager, safe to use from several threads.

    What it is asked raises Deferred (with `until`) where the server refuses it for the hour, and the other errors of
    `checks.errors` as any source does. None of these quotes an answer about debtors: passwords may be in it.
    """

    def __init__(self, source: EasyFlorSource, progress: Progress | None = None) -> None:
        super().__init__(source, open_http(source, session_of(source), progress, dialect_of(source)))

    @property
    def server_time(self) -> datetime | None:
        """The server's clock at its newest answer, aware."""
        return self.http.shared.server_time

    def debtors(self, decode: Decode[T]) -> T:
        """GET debtor: all of them; `decode` gets the list and runs within the retries."""
        return self._read("debtor", decode)

    def debtors_since(self, day: date, decode: Decode[T]) -> T:
        """GET debtorsincedate: those modified since the day."""
        return self._read(f"debtorsincedate/{day.isoformat()}", decode)

    def debtor(self, debtor_id: int, decode: Decode[T]) -> T | None:
        """GET debtor/{id}: a list of one; None where there is no such debtor."""
        try:
            return self._read(f"debtor/{debtor_id}", decode)
        except NotFound:
            return None
        except (RequestRejected, ServerFault) as error:
            # the code tells, whatever the status is
            if any(code in error.happened for code in ABSENT):
                return None
            raise

    def _read(self, path: str, decode: Decode[T]) -> T:
        what, source = f"GET {path}", self.source

        def decoded(body: bytes | bytearray) -> T:
            try:
                return decode(payload(body))
            except AnswerHasErrors as error:
                if error.reasons[0].startswith(CLOSED):
                    at = self.server_time
                    until = None if at is None else next_moment(source, at)
                    raise closed(source, what, until) from None
                raise
            except (ValueError, msgspec.DecodeError) as error:
                if _is_page(body):
                    raise  # said with its first words, which are nobody's secret
                raise _unreadable(source, what, error) from None

        try:
            return self.http.get(path, {}, decoded)
        except Deferred as error:
            raise closed(source, what, error.until) from None


def _is_page(body: bytes | bytearray) -> bool:
    """Nothing at all, or a web page."""
    return bytes(body[:200]).lstrip()[:1] in (b"", b"<")


def _unreadable(source: EasyFlorSource, what: str, error: Exception) -> SourceError:
    lines = str(error).splitlines() or [type(error).__name__]
    return UnreadableAnswer(
        source.name,
        what,
        f"not the expected JSON ({lines[0]}).",
        "The answer was cut short, or the API changed. It is not shown, for there may be passwords in it.",
    )
