"""Every error Keurmeester raises on purpose.

```
KeurmeesterError
├── SettingsError            keurmeester.toml or the environment is wrong            (exit 2)
├── UsageError               a command was asked something it cannot do              (exit 2)
│   └── ArticleFileError     an article or client file cannot be read as a table     (exit 2)
├── StoreError               the store cannot be opened, migrated or locked          (exit 2)
├── Stopped                  a person asked to stop
├── SourceError              one system did not give what was asked                  (exit 3)
│   ├── Unreachable          no connection, time-out, reset, answer broken off
│   ├── CredentialsRefused   401 or 403
│   ├── NotFound             404, or 200 with an empty payload
│   ├── UnreadableAnswer     HTML, half an answer, not JSON, not the expected shape
│   ├── ServerFault          429 or 5xx, also after the retries
│   ├── Deferred             closed at this hour: to be asked again later
│   ├── RequestRejected      400, 409, or 200 with Errors / ModelStateErrors
│   └── OutcomeUnknown       a write was sent and its answer does not tell: read the state before deciding
│       └── NoAnswer         nothing came back at all: the server may still be at it
└── FixError                                                                        (exit 4)
    ├── NotAllowed           this person's role does not go so far
    ├── ReadOnlySource       the settings forbid writing to this source
    └── PlanUnusable         no such plan, or nothing in it can be applied
```

A message says what happened, where, the likely cause and what to do. It never holds a password, a header or a whole
answer: `checks.sources.http` cuts what came back to one line before it gets here.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Self


class KeurmeesterError(Exception):
    """Base of everything raised on purpose; `str(error)` is fit to be shown to a person."""

    def _render_traceback_(self) -> list[str]:
        """What Jupyter shows below a cell: the sentence, without the way it came."""
        return [f"{type(self).__name__}: {self}"]


class SettingsError(KeurmeesterError):
    """The settings are wrong. Names the file, the key and what was expected."""


class UsageError(KeurmeesterError):
    """A command or page was asked for something that does not exist."""


class ArticleFileError(UsageError):
    """A wholesaler's own file cannot be read as a table. Says which file, what it is instead and what to do."""


class StoreError(KeurmeesterError):
    """The store cannot be opened, migrated or locked."""


class Stopped(KeurmeesterError):
    """A person asked to stop; what was finished before stays."""


class SourceError(KeurmeesterError):
    """One system did not give what was asked.

    Args:
        source: name of the source in the settings.
        what: what was asked, e.g. `GET Products page 3`.
        happened: what came back or did not.
        advice: the likely cause and what to do about it.
    """

    def __init__(self, source: str, what: str, happened: str, advice: str = "") -> None:
        self.source = source
        self.what = what
        self.happened = happened
        self.advice = advice
        text = f"{source}: {what}: {happened}"
        super().__init__(f"{text} {advice}" if advice else text)

    def again(self, what: str) -> Self:
        """The same news for another request; an exception object must not be raised twice."""
        other = type(self).__new__(type(self))
        other.__dict__.update(self.__dict__)
        SourceError.__init__(other, self.source, what, self.happened, self.advice)
        return other


class Unreachable(SourceError):
    """No connection, a time-out, a reset, or an answer that broke off."""


class CredentialsRefused(SourceError):
    """401 (wrong login or password) or 403 (may not do that)."""

    def __init__(self, source: str, what: str, happened: str, advice: str = "", status: int = 401) -> None:
        super().__init__(source, what, happened, advice)
        self.status = status


class NotFound(SourceError):
    """404, or 200 with an empty payload: the same thing (oresto-assumptions, status codes)."""


class UnreadableAnswer(SourceError):
    """HTML instead of JSON, half an answer, or JSON of another shape."""


class ServerFault(SourceError):
    """429 or 5xx that stayed after the retries. `retry_after`: seconds the server asked to wait, None when it did not."""

    def __init__(
        self, source: str, what: str, happened: str, advice: str = "", retry_after: float | None = None
    ) -> None:
        super().__init__(source, what, happened, advice)
        self.retry_after = retry_after


class RequestRejected(SourceError):
    """The server understood and refused: 400, 409, or 200 with non-empty `Errors` / `ModelStateErrors`.

    `reasons` holds the server's own sentences, cut to a line each. `passing`: the server's own trouble, said with HTTP
    200, which is often gone a moment later.
    """

    def __init__(
        self,
        source: str,
        what: str,
        happened: str,
        advice: str = "",
        reasons: tuple[str, ...] = (),
        *,
        passing: bool = False,
    ) -> None:
        super().__init__(source, what, happened, advice)
        self.reasons = reasons
        self.passing = passing


class Deferred(SourceError):
    """The server does not give this at this hour. `until`: when it does again (aware), where that is known."""

    def __init__(
        self, source: str, what: str, happened: str, until: datetime | None = None, advice: str = ""
    ) -> None:
        if not advice:
            when = "later" if until is None else f"from {until.astimezone(UTC):%Y-%m-%d %H:%M} UTC on"
            advice = f"It can be asked again {when}."
        super().__init__(source, what, happened, advice)
        self.until = until


class OutcomeUnknown(SourceError):
    """A write was sent and no usable answer came: it may or may not have been done."""


class NoAnswer(OutcomeUnknown):
    """A write was sent and nothing came back: it may even be done later, after the state was read."""


class FixError(KeurmeesterError):
    """A fix could not be planned or carried out."""


class NotAllowed(FixError):
    """This person's role does not allow it. Says which role it takes and whom to ask."""


class ReadOnlySource(FixError):
    """The settings say `read_only = true` for this source."""


class PlanUnusable(FixError):
    """There is no such plan, or nothing in it can be applied."""
