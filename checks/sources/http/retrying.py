"""Asks again what may well be answered a moment later: no connection, 429 and 503 with Retry-After, other 5xx, an answer
that is not JSON or says it has errors."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import stamina

from checks.errors import CredentialsRefused, RequestRejected, ServerFault, Unreachable, UnreadableAnswer
from checks.progress import Progress
from checks.sources.http.shared import Shared

T = TypeVar("T")

#: For a failed attempt, whether it is worth another one, or in how many seconds.
Rule = Callable[[Exception], bool | float]

_ATTEMPTS = 5
_LONGEST_WAIT = 60.0  # seconds; a server that asks for more is told as a fault, the next run tries again


def retrying(
    what: str, attempt: Callable[[], T], rule: Rule, shared: Shared, timeout: float, progress: Progress
) -> T:
    """What `attempt` gives, tried again as `rule` says, unless the connection is known to be dead.

    Args:
        what: the request, for messages.
        shared: whose connection it is.
        timeout: of one attempt, in seconds.

    Raises Stopped when a person asked to stop.
    """
    context = stamina.retry_context(
        on=lambda error: shared.dead is None and rule(error),
        attempts=_ATTEMPTS,
        timeout=max(2.5 * timeout, 20.0),
        wait_initial=0.2,
        wait_max=5.0,
        wait_jitter=0.2,
    )
    try:
        for number in context:
            with number:
                progress.check_stop()
                if shared.dead is not None:
                    raise shared.dead.again(what)
                return attempt()
    except (Unreachable, CredentialsRefused) as error:
        # Once one request has exhausted its retries on a dead connection, or the credentials are wrong, the others
        # of this client need not try: a server may lock a login after many refusals.
        if isinstance(error, Unreachable) or error.status == 401:
            shared.dead = error
        raise
    raise AssertionError("a retry context ends by return or raise")


def of_reads(error: Exception) -> bool | float:
    """A read may be repeated after anything that passes."""
    if isinstance(error, ServerFault) and error.retry_after is not None:
        return error.retry_after <= _LONGEST_WAIT and max(error.retry_after, 0.05)
    if isinstance(error, RequestRejected):
        return error.passing
    return isinstance(error, Unreachable | ServerFault | UnreadableAnswer)


def of_writes(error: Exception) -> bool | float:
    """A write may be repeated only where it cannot have been sent."""
    return isinstance(error, Unreachable)
