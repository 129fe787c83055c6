"""The controls a test in another process has: /sandbox/truth, /log, /traffic, /faults, /clock, and those of the system.

They stand outside the API and ask for no credentials: the sandbox listens on loopback and holds nothing real.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from checks.sandbox.calls import Answer
from checks.sandbox.clock import Clock
from checks.sandbox.traffic import Traffic
from checks.sandbox.wire_faults import WireFaults

if TYPE_CHECKING:
    from checks.sandbox.app import Api, LogEntry

Routes = dict[tuple[str, str], Callable[[], Any]]


class Control:
    """Looks at a stand-in and changes it behind the program's back. A system with more to offer has its own kind."""

    def __init__(
        self, api: Api, clock: Clock, faults: WireFaults, log: list[LogEntry], traffic: Traffic
    ) -> None:
        self.api = api
        self._clock = clock
        self._faults = faults
        self._log = log
        self._traffic = traffic

    def advance(self, step: timedelta) -> str:
        """Gives the time it is then."""
        self._clock.advance(step)
        return self._clock.now().isoformat()

    def routes(self, params: Mapping[str, str], body: bytes) -> Routes:
        """What one request to /sandbox/… may ask, by method and path."""
        return {
            ("GET", "truth"): lambda: {
                check: sorted(keys, key=str) for check, keys in self.api.truth().items()
            },
            ("GET", "log"): lambda: self._log,
            ("GET", "traffic"): self._traffic.as_dict,
            ("GET", "faults"): lambda: [fault.as_dict() for fault in self._faults.all()],
            ("POST", "faults"): lambda: self._faults.add(**json_object(body)).as_dict(),
            ("DELETE", "faults"): self._faults.clear,
            ("POST", "clock"): lambda: self.advance(timedelta(**json_object(body))),
        }

    def answer(self, method: str, path: str, params: Mapping[str, str], body: bytes) -> Answer:
        """One request to /sandbox/…; 400 with the reason for one that makes no sense."""
        handler = self.routes(params, body).get((method, path))
        if handler is None:
            return Answer(404, msgspec.json.encode({"Message": f"no such control: {method} {path}"}))
        try:
            return Answer(200, msgspec.json.encode(handler()))
        except (KeyError, OSError, TypeError, ValueError) as error:
            return Answer(400, msgspec.json.encode({"Message": f"{type(error).__name__}: {error}"}))


def json_object(body: bytes) -> dict[str, Any]:
    return msgspec.json.decode(body, type=dict[str, Any])
