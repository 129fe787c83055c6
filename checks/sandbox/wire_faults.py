"""Faults on the wire: what a server does to a request besides answering it. Switched on per route.

| kind | what happens | was it done? |
| --- | --- | --- |
| error-500 | 500 with the usual wrapper | no |
| html | 502 with an HTML page | no |
| html-200 | 200 with an HTML page | no |
| 429 | 429 with `Retry-After` | no |
| errors-200 | 200 with `Errors` | no |
| reset | the connection is reset | no |
| hang | no answer until the client leaves or the server stops | no |
| half | half the answer, then the connection closes | yes |
| reset-after | the connection is reset | yes |
| hang-after | no answer | yes |
| error-500-after | 500 | yes |
"""

from __future__ import annotations

import threading
from collections.abc import Collection
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase
from random import Random
from typing import Any

BEFORE = ("error-500", "html", "html-200", "429", "errors-200", "reset", "hang")
AFTER = ("half", "reset-after", "hang-after", "error-500-after")
KINDS = BEFORE + AFTER

HTML_PAGE = (
    b"<html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1><p>nginx</p></body></html>"
)


@dataclass
class WireFault:
    """One fault that is switched on.

    Attributes:
        route: `GET Products`, with `*` for anything: `POST *`, `* LinkProducts`, `*`.
        times: how often at most; None: for ever.
        rate: the part of the requests it hits, by the seeded dice; None: all.
        match: text that must be in the path, the query or the body.
        after: so many matching requests pass unharmed first.
        retry_after: seconds in the header of a 429.
    """

    route: str
    kind: str
    times: int | None = None
    rate: float | None = None
    match: str | None = None
    after: int = 0
    retry_after: int = 0
    seen: int = 0
    hits: int = 0

    def fits(self, line: str, everything: str) -> bool:
        pattern = self.route.lower()
        return (pattern == "*" or fnmatchcase(line.lower(), pattern)) and (
            self.match is None or self.match in everything
        )

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def check_route(pattern: str, routes: Collection[str]) -> None:
    """Raises ValueError when the pattern fits none of the routes, with those it may be meant for."""
    wanted = pattern.lower()
    if wanted == "*" or any(
        fnmatchcase(route.lower(), wanted) or fnmatchcase(wanted, route.lower()) for route in routes
    ):
        return
    near = _near(wanted, routes)
    hint = f"near it: {', '.join(near)}" if near else 'expected "VERB PATH", e.g. "GET Products"'
    raise ValueError(f"no such route: {pattern!r}; {hint}")


_LONG_ENOUGH = 4  # a shorter word is in any route


def _near(wanted: str, routes: Collection[str]) -> list[str]:
    """Routes that are written much like it, then those of the resource that is, eight at most."""
    names = {route.lower(): route for route in routes}
    resources = {name: _resource(name) for name in names}
    alike = get_close_matches(_resource(wanted), sorted(set(resources.values())), n=1, cutoff=0.7)
    near = get_close_matches(wanted, names, n=3, cutoff=0.7)
    near += [name for name, resource in resources.items() if resource in alike]
    word = _resource(wanted)
    if len(word) >= _LONG_ENOUGH:  # `Orders`: also where another resource has them, Clients/GetClientOrders
        verb = wanted.partition(" ")[0]
        holding = [name for name in names if word in name or word.removesuffix("s") in name]
        near += sorted(holding, key=lambda name: (word not in name, not name.startswith(verb)))
    return [names[name] for name in dict.fromkeys(near)][:8]


def _resource(route: str) -> str:
    """The first part of the path: `clients` of `GET Clients/OrderListItems`."""
    return route.lower().rpartition(" ")[2].removeprefix("api/").partition("/")[0].strip("*")


class WireFaults:
    """The faults that are switched on. May be used from any thread."""

    def __init__(self, seed: int, routes: Collection[str] = ()) -> None:
        """`routes`: those there are, `GET Products`; none given means that any route is believed."""
        self._seed = seed
        self._routes = routes
        self._dice = Random(f"{seed}/wire")
        self._lock = threading.Lock()
        self._faults: list[WireFault] = []

    def add(
        self,
        route: str,
        kind: str,
        times: int | None = None,
        rate: float | None = None,
        match: str | None = None,
        after: int = 0,
        retry_after: int = 0,
    ) -> WireFault:
        """Switches a fault on; where several fit a request, the first added hits. Raises ValueError for no such kind or route."""
        if kind not in KINDS:
            raise ValueError(f"no such fault: {kind!r}; there are {', '.join(KINDS)}")
        if self._routes:
            check_route(route, self._routes)
        fault = WireFault(route, kind, times, rate, match, after, retry_after)
        with self._lock:
            self._faults.append(fault)
        return fault

    def clear(self) -> None:
        """Switches all off, and throws the dice from the start again."""
        with self._lock:
            self._faults.clear()
            self._dice = Random(f"{self._seed}/wire")

    def all(self) -> list[WireFault]:
        with self._lock:
            return list(self._faults)

    def pick(self, line: str, everything: str) -> WireFault | None:
        """The fault that hits this request, counted; None when it is spared."""
        with self._lock:
            for fault in self._faults:
                if not fault.fits(line, everything) or (
                    fault.times is not None and fault.hits >= fault.times
                ):
                    continue
                fault.seen += 1
                if fault.seen <= fault.after or (
                    fault.rate is not None and self._dice.random() >= fault.rate
                ):
                    continue
                fault.hits += 1
                return fault
        return None
