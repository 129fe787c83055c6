"""Answers requests to EasyFlor's API v1: logins, opening hours, debtors (easyflor-api, sections 1 to 3). Knows no network."""

from __future__ import annotations

import threading
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from checks.sandbox.calls import Answer, Call
from checks.sandbox.clock import Clock
from checks.sandbox.easyflor.doors import Doors
from checks.sandbox.easyflor.people import secrets_of
from checks.sandbox.easyflor.planted import Planter, Truth, make_planted
from checks.sandbox.ours import Ours

ROUTES = (
    "POST authorizationtoken",
    "POST authorization",
    "POST unauthorization",
    "GET debtor",
    "GET debtor/*",
    "GET debtorsincedate/*",
)
CLOSED_FROM, CLOSED_UNTIL = time(5), time(18)
_HERE = ZoneInfo("Europe/Brussels")


@dataclass(frozen=True)
class Habits:
    """What the documentation leaves open, or a test wants otherwise.

    Attributes:
        limited_routes: `debtor`, `debtorsincedate`: closed in office hours.
        single_as_array: one debtor comes in an array.
        error_status: the HTTP status of error objects.
        token_minutes: how long a token lasts.
        tokens_too_long: the answer to a login says so many minutes more.
    """

    limited_routes: Collection[str] = ()
    single_as_array: bool = False
    error_status: int = 400
    token_minutes: float = 60
    tokens_too_long: float = 0


class EasyFlorApi:
    """The API of one customer's database. `lock` guards it: a test looks at it from another thread."""

    root = "api"
    routes = ROUTES

    def __init__(
        self, ours: Ours, seed: int, clock: Clock, habits: Habits, login: str, password: str, database: str
    ) -> None:
        self.lock = threading.RLock()
        self.habits = habits
        self._clock = clock
        self.doors = Doors(seed, clock, login, password, database, habits)
        self.planted: Planter = make_planted(ours, seed, clock.now())
        self.books = self.planted.books

    def now(self) -> datetime:
        return self._clock.now()

    def truth(self) -> Truth:
        return {check: set(keys) for check, keys in sorted(self.planted.truth.items())}

    def secrets(self) -> set[str]:
        """What it gave away that nobody may keep or show: tokens and cookies; passwords and salts of users and mails."""
        with self.lock:
            contacts = [one for row in self.books.rows.values() for one in row.get("Contacts") or ()]
            return {*self.doors.issued, *secrets_of(contacts)}

    def answer(self, call: Call) -> Answer:
        with self.lock:
            if call.method == "POST":
                return self._at_the_door(call)
            if not self.doors.lets_in(call):
                return json_answer(401, {"error": "Unauthorized", "message": "Log in first."})
            if call.method != "GET":
                return self._refused("NoOrInvalidRequest", f"{call.method} is not known here.")
            return self._debtors(*call.path.split("/"))

    def outside(self, call: Call) -> Answer:
        return Answer(404, b"Not found", "text/plain")

    def server_error(self, call: Call, status: int = 500) -> Answer:
        return json_answer(status, {"error": "Exception", "message": "An error has occurred."})

    def errors_with_200(self, call: Call) -> Answer:
        return json_answer(
            200, {"error": "NoOrInvalidRequest", "message": "The request could not be processed."}
        )

    def change(self, debtor_id: int, **fields: Any) -> None:
        """Sets fields as the API writes them, now: `change(501, Block=True)`."""
        with self.lock:
            self.books.rows[debtor_id].update(fields)
            self.books.modified[debtor_id] = self.now()

    def _at_the_door(self, call: Call) -> Answer:
        if call.path == "unauthorization":
            self.doors.leave(call)
            return Answer(200, b"")
        if call.path not in ("authorization", "authorizationtoken"):
            return json_answer(404, {"error": "NoOrInvalidRequest", "message": "No such address."})
        try:
            asked = msgspec.json.decode(call.body, type=dict[str, str])
        except msgspec.DecodeError:
            return self._refused("NoOrInvalidJson", "The body is no JSON object of texts.")
        if not self.doors.knows(asked):
            return json_answer(
                401, {"error": "Unauthorized", "message": "Unknown user, password or database."}
            )
        if call.path == "authorization":
            return Answer(200, b"", headers=(("set-cookie", self.doors.new_cookie()),))
        return json_answer(200, self.doors.new_token())

    def _debtors(self, name: str, *rest: str) -> Answer:
        if name in self.habits.limited_routes and CLOSED_FROM <= self.now().time() < CLOSED_UNTIL:
            return self._refused(
                "ApiOpeningHoursException", "This is available before 05:00 or after 18:00 UTC."
            )
        rows = self.books.rows
        if name == "debtor" and not rest:
            return json_answer(200, list(rows.values()))
        if name == "debtor" and len(rest) == 1:
            row = rows.get(int(rest[0])) if rest[0].isdecimal() else None
            if row is None:
                return self._refused("DocumentNotFound", f"There is no debtor {rest[0]}.")
            return json_answer(200, [row] if self.habits.single_as_array else row)
        if name == "debtorsincedate" and len(rest) == 1:
            try:
                since = datetime.combine(date.fromisoformat(rest[0]), time(), _HERE).astimezone(UTC)
            except ValueError:
                return self._refused("NoOrInvalidRequest", "The date must be written as yyyy-MM-dd.")
            return json_answer(200, [row for key, row in rows.items() if self.books.modified[key] >= since])
        return json_answer(404, {"error": "NoOrInvalidRequest", "message": "No such address."})

    def _refused(self, code: str, message: str) -> Answer:
        return json_answer(self.habits.error_status, {"error": code, "message": message})


def json_answer(status: int, content: Any) -> Answer:
    return Answer(status, msgspec.json.encode(content))
