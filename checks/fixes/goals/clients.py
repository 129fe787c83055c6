"""Goals about a client that a plan makes, with its users and delivery addresses (guide, chapters 3.1 and 3.3).

Whatever these say goes into the journal: they name fields and places, never what stands in them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from checks.fixes.compare import differences
from checks.fixes.model import Call, Goal, Live, Verdict
from checks.fixes.wording import count, names
from checks.settings import folded
from checks.sources.oresto import bodies_people as bodies
from checks.sources.oresto.bodies import Body
from checks.sources.request import Request

_EVERYTHING = ("client", "client_users", "client_locations")

#: "A value may be overruled by the wholesaler setting" (fact sheet 10): what it shows says nothing.
_OVERRULED = "MayViewPrices"


@dataclass(frozen=True)
class ClientMade(Goal):
    """The client is there, as `body` (POST Clients) says."""

    body: Body
    compensation: tuple[Request, ...] = ()
    needs = ("client",)
    ours = True
    leaves = ("client_users",)

    def look(self, live: Live) -> Verdict:
        row = live["client"]
        if row is None:
            return Verdict(self.calls())
        unlike = client_unlike(self.body, row)
        return Verdict(conflict=f"The client is there, but not as planned: {unlike}." if unlike else None)

    def moved(self, live: Live) -> str | None:
        row = live["client"]
        return "client: there -> gone" if row is None else client_unlike(self.body, row, whole=True)

    def calls(self) -> tuple[Call, ...]:
        return (Call(f"Create client {self.body['ClientNumber']}", bodies.create_client(self.body)),)


@dataclass(frozen=True)
class UserMade(Goal):
    """One of its users is there and orders for it, as `body` (POST Users, without a password) says. `place`: from 1."""

    body: Body
    place: int
    compensation: tuple[Request, ...] = ()
    needs = ("client_users",)
    ours = True
    leaves = ("client",)

    def look(self, live: Live) -> Verdict:
        """A user of another client is none of its users: the shop says so when ours is sent."""
        row = user_of(self.body, _users_of(self.number, live))
        if row is None:
            return Verdict(self.calls())
        unlike = user_unlike(self.body, row)
        return Verdict(
            conflict=f"User {self.place} is there, but not as planned: {unlike}." if unlike else None
        )

    def moved(self, live: Live) -> str | None:
        row = user_of(self.body, _users_of(self.number, live))
        unlike = "there -> gone" if row is None else user_unlike(self.body, row, whole=True)
        return f"user {self.place}: {unlike}" if unlike else None

    @property
    def number(self) -> str:
        return str(self.body["ClientNumber"])

    def calls(self) -> tuple[Call, ...]:
        title = f"Create user {self.place} of client {self.body['ClientNumber']}"
        return (Call(title, bodies.create_user(self.body)),)


@dataclass(frozen=True)
class LocationsMade(Goal):
    """These addresses (POST bodies, no two alike) are there, each once: one that was sent twice is taken away again.

    Only what is as a whole as it was sent is taken away: any other may be somebody else's, who made it meanwhile.
    """

    locations: tuple[Body, ...]
    compensation: tuple[Request, ...] = ()
    needs = ("client_locations",)
    ours = True
    leaves = ("client", "client_users")

    def look(self, live: Live) -> Verdict:
        todo: list[Call] = []
        left: list[str] = []
        for place, body in enumerate(self.locations, start=1):
            found = locations_like(body, live["client_locations"])
            exact = locations_like(body, live["client_locations"], whole=True)
            if not found:
                todo.append(self._call(place, body))
            for row in exact[1:]:
                title = f"Delete delivery address {place}, which is there twice"
                todo.append(Call(title, bodies.delete_location(body["ClientNumber"], row.get("Id"))))
            if len(found) > max(len(exact), 1):
                left.append(f"delivery address {place}")
        said = f"There more than once, not all of them as they were sent: {names(left)}. They are left as they are."
        return Verdict(tuple(todo), remark=said if left else None)

    def moved(self, live: Live) -> str | None:
        gone = [
            f"delivery address {place}: there -> gone, or not as it was"
            for place, body in enumerate(self.locations, start=1)
            if not locations_like(body, live["client_locations"], whole=True)
        ]
        return names(gone) if gone else None

    def calls(self) -> tuple[Call, ...]:
        return tuple(self._call(place, body) for place, body in enumerate(self.locations, start=1))

    @staticmethod
    def _call(place: int, body: Body) -> Call:
        title = f"Create delivery address {place} of client {body['ClientNumber']}"
        return Call(title, bodies.create_location(body))


@dataclass(frozen=True)
class _Unmade(Goal):
    """Something of the client is gone again. Judged on everything there is of it: it goes whole, or stays whole."""

    client: Body
    users: tuple[Body, ...]
    locations: tuple[Body, ...]
    compensation: tuple[Request, ...] = ()
    needs = _EVERYTHING
    careful = ("client_hangs",)

    @property
    def number(self) -> str:
        return str(self.client["ClientNumber"])

    def harm(self, live: Live, at_once: bool) -> str | None:
        """What others have changed of it or hung on it since: that would go too, or point at nothing.

        Right after it was made, what a shop added by itself is no change.
        """
        hangs, row, whole = live["client_hangs"], live["client"] or {}, not at_once
        theirs = _users_of(self.number, live)
        changed = [client_unlike(self.client, row, whole=whole) if row else None]
        changed += [
            user_unlike(body, user, whole=whole)
            for body in self.users
            if (user := user_of(body, theirs)) is not None
        ]
        if any(changed):
            return f"It is not as this plan made it: {'; '.join(one for one in changed if one)}."
        users = [one for one in theirs if not any(_is_user(body, one) for body in self.users)]
        ours = [
            one
            for body in self.locations
            for one in (
                locations_like(body, live["client_locations"], whole=True)
                if whole
                else _likeliest(body, live["client_locations"])
            )
        ]
        places = [one for one in live["client_locations"] if one not in ours]
        parts = [
            count(len(found), thing, several)
            for found, thing, several in (
                (hangs["orders"], "order", "orders"),
                (hangs["prices"], "client price", "client prices"),
                (hangs["order_list"], "article on its order list", "articles on its order list"),
                (users, "other user", "other users"),
                (places, "other delivery address", "other delivery addresses"),
            )
            if found
        ]
        parts += ["a representative"] if row.get("Representative") else []
        return f"The client has meanwhile {names(parts)}: it stays." if parts else None


@dataclass(frozen=True)
class LocationsUnmade(_Unmade):
    """Its planned addresses are gone."""

    def look(self, live: Live) -> Verdict:
        found = [
            (place, row)
            for place, body in enumerate(self.locations, start=1)
            for row in _likeliest(body, live["client_locations"])
        ]
        return Verdict(tuple(self._call(place, row.get("Id")) for place, row in found))

    def calls(self) -> tuple[Call, ...]:
        """Instead of the id of an address, which only the shop can give, its place in the plan."""
        return tuple(self._call(place, place) for place in range(1, len(self.locations) + 1))

    def _call(self, place: int, id_: Any) -> Call:
        return Call(f"Delete delivery address {place}", bodies.delete_location(self.number, id_))


@dataclass(frozen=True)
class UsersUnmade(_Unmade):
    """Its planned users are gone. One that orders for another client by now is none of them."""

    def look(self, live: Live) -> Verdict:
        theirs = _users_of(self.number, live)
        found = [(place, body) for place, body in enumerate(self.users, start=1) if user_of(body, theirs)]
        return Verdict(tuple(self._call(place, body) for place, body in found))

    def calls(self) -> tuple[Call, ...]:
        return tuple(self._call(place, body) for place, body in enumerate(self.users, start=1))

    @staticmethod
    def _call(place: int, body: Body) -> Call:
        return Call(f"Delete user {place}", bodies.delete_user(str(body["Email"])))


@dataclass(frozen=True)
class ClientUnmade(_Unmade):
    """The client itself is gone."""

    def look(self, live: Live) -> Verdict:
        return Verdict() if live["client"] is None else Verdict(self.calls())

    def calls(self) -> tuple[Call, ...]:
        return (Call(f"Delete client {self.number}", bodies.delete_client(self.number)),)


def client_unlike(body: Body, row: Mapping[str, Any], *, whole: bool = False) -> str | None:
    """The fields in which a client is not as it was to be made; None when it is so. `whole`: also those that nobody sent."""
    return _unlike(body, bodies.client_body(row), whole)


def user_unlike(body: Body, row: Mapping[str, Any], *, whole: bool = False) -> str | None:
    """The same of a user."""
    return _unlike(body, bodies.user_body(row), whole)


def user_of(body: Body, rows: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The user with the e-mail of `body`, whoever it orders for."""
    return next((row for row in rows if _is_user(body, row)), None)


def locations_like(
    body: Body, rows: Sequence[Mapping[str, Any]], *, whole: bool = False
) -> list[Mapping[str, Any]]:
    """The addresses that are this one. `whole`: also in what nobody sent."""
    only = None if whole else body
    return [row for row in rows if not differences(body, bodies.location_body(row), only=only)]


def _likeliest(body: Body, rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The addresses that are this one as a whole; only where none is, those to which a shop may have added something."""
    return locations_like(body, rows, whole=True) or locations_like(body, rows)


def _is_user(body: Body, row: Mapping[str, Any]) -> bool:
    return folded(str(row.get("Email") or "")) == folded(str(body["Email"]))


def _users_of(number: str, live: Live) -> list[Mapping[str, Any]]:
    return [row for row in live["client_users"] if bodies.client_of(row) == number]


def _comparable(body: Body) -> Body:
    """Without what a shop may show otherwise than it was sent: a value that it overrules, an e-mail in small letters."""
    kept = {name: value for name, value in body.items() if name != _OVERRULED}
    return {**kept, "Email": folded(str(kept["Email"]))} if "Email" in kept else kept


def _unlike(body: Body, found: Body, whole: bool) -> str | None:
    """The names of the fields alone: what stands in them is about people."""
    wanted = _comparable(body)
    unlike = differences(wanted, _comparable(found), only=None if whole else wanted)
    return f"differs in {names(dict.fromkeys(one.field for one in unlike))}" if unlike else None
