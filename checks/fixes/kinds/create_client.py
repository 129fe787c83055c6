"""create-client: a client with its users and delivery addresses (guide, chapters 3.1 and 3.3). All of it, or nothing.

The shop insists on a password for a user (POST.Users.User). One is made at random when the user is sent, and kept nowhere:
not in the plan, the journal or a log. Who is to log in asks the shop for a new one, or the wholesaler sets one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from checks.fixes.goals import (
    ClientMade,
    ClientUnmade,
    LocationsMade,
    LocationsUnmade,
    UserMade,
    UsersUnmade,
)
from checks.fixes.goals.clients import client_unlike, locations_like, user_of, user_unlike
from checks.fixes.kinds.creating import AS_WANTED, Creates, wrong_body, wrong_key
from checks.fixes.model import Before, Goal, Live, NotPlanned, Planned, Task
from checks.fixes.new_bodies import CLIENT, LOCATION, USER
from checks.fixes.shop import Shop
from checks.fixes.wording import count, names
from checks.settings import folded
from checks.settings_sources import OrestoSource
from checks.sources.oresto import private
from checks.sources.oresto.bodies import Body, filled

_SHAPE = (
    'It must be {"client": body, "users": [bodies], "locations": [bodies]}: each body an object of fields.'
)
_PASSWORD = "A user was given with a password: leave it out. One is made at random when the user is sent, and kept nowhere."
_ALIKE = "{} {} and {} are the same: the shop would have it twice."
_NO_SEGMENT = "Its segment {} is not in the lookup table. Choose one that the shop has."
_TAKEN = "The e-mail of user {} is taken: a user of {} has it. An e-mail can log in for one client."
_IN_ANOTHER_WAY = (
    "Client {} is there already, in another way: {}. What differs is yours to change in the shop."
)
_TWICE = "Client {} of this plan has a user with the same e-mail. An e-mail can log in for one client."

#: What of a body is about nobody: it stays where a shop says it.
_NOBODYS = frozenset({"ClientNumber", "CountryCode", "LanguageCode"})
_SHORTEST_MASKED = 3


@dataclass(frozen=True)
class Survey:
    """What planning reads once: client numbers, the users' clients by e-mail, segments."""

    clients: frozenset[str]
    users: Mapping[str, str | None]
    segments: frozenset[int | str]


class CreateClient(Creates):
    """Makes a client, then its users, then its addresses."""

    id = "create-client"
    title = "Create a client with its users and addresses"
    thing = "client"
    needs = ("client", "client_users", "client_locations")
    #: Clients and users can only be had as whole lists, and the shop refuses a number or an e-mail that it has.
    list_age = 60.0

    def survey(self, shop: Shop, tasks: Collection[Task]) -> Survey:
        return Survey(
            frozenset(shop.people.numbers()), shop.people.clients_of_users(), shop.table("client_segments")
        )

    def plan(self, shop: Shop, survey: Survey, task: Task) -> Planned | NotPlanned:
        before = _before(task)
        if isinstance(before, str):
            return NotPlanned(task.key, before)
        reason = (
            (_there(shop, before) if task.key in survey.clients else None)
            or _wrong_segment(before["client"], survey)
            or _taken_email(before["users"], survey)
        )
        return NotPlanned(task.key, reason) if reason else _freeze(before)

    def settle(self, results: list[Planned | NotPlanned]) -> list[Planned | NotPlanned]:
        """Two clients of one plan must not have a user with the same e-mail: the first is planned."""
        first: dict[str, str] = {}
        settled: list[Planned | NotPlanned] = []
        for one in results:
            emails = [_email(user) for user in one.before["users"]] if isinstance(one, Planned) else []
            other = next((first[email] for email in emails if email in first), None)
            if other is None:
                first |= dict.fromkeys(emails, one.key)
                settled.append(one)
            else:
                settled.append(NotPlanned(one.key, _TWICE.format(other)))
        return settled

    def taken(self, before: Before, live: Live) -> str | None:
        if live["client"] is not None:
            return "somebody has created it since the plan: the client is there."
        for place, body in enumerate(before["users"], start=1):
            if user_of(body, live["client_users"]) is not None:
                return f"the e-mail of user {place} was taken since the plan: a user has it."
        if live["client_locations"]:
            there = _addresses(len(live["client_locations"]))
            return f"the shop has {there} of it since the plan, without the client."
        return None

    def forward(self, before: Before, source: OrestoSource) -> tuple[Goal, ...]:
        number, users, locations = before["ClientNumber"], before["users"], tuple(before["locations"])
        *gone, client = self.back(before, source)
        goals: list[Goal] = [ClientMade(before["client"], _requests([client]))]
        for place, body in enumerate(users, start=1):
            goals.append(UserMade(body, place, (_delete_user(number, body),)))
        if locations:
            goals.append(LocationsMade(locations, _requests(gone[:1])))
        return tuple(goals)

    def back(self, before: Before, source: OrestoSource) -> tuple[Goal, ...]:
        saved = (before["client"], tuple(before["users"]), tuple(before["locations"]))
        return (LocationsUnmade(*saved), UsersUnmade(*saved), ClientUnmade(*saved))

    def done_text(self, before: Before) -> str:
        return f"Created: {_all_of(before)}. Read back.{_LOG_IN if before['users'] else ''}"

    def is_text(self, live: Live) -> str:
        if "client" not in live:
            return "nothing could be read."
        there = "the client is there" if live["client"] is not None else "the client is not there"
        users = count(len(live.get("client_users") or ()), "user")
        places = _addresses(len(live.get("client_locations") or ()))
        return f"{there}, with {users} and {places}."

    def told(self, before: Before, text: str) -> str:
        """Without e-mails, and without whatever was given about people."""
        for value in sorted(set(_personal(before)), key=len, reverse=True):
            text = text.replace(value, private.MASK)
        return private.message(text)


_LOG_IN = (
    " Its users have a password that nobody knows: they ask the shop for a new one, or you set one there."
)


def _before(task: Task) -> Before | str:
    """What is to be made, each body whole; or what is wrong with what was given."""
    client, users, locations = (task.given.get(name) for name in ("client", "users", "locations"))
    users, locations = users or [], locations or []
    unknown = set(task.given) - {"client", "users", "locations"}
    if unknown or not isinstance(client, Mapping) or not (_are_bodies(users) and _are_bodies(locations)):
        return _SHAPE
    if any(user.get("Password") for user in users):
        return _PASSWORD
    of_client = {"ClientNumber": task.key}
    before: Before = {
        "ClientNumber": task.key,
        "client": _whole(client, of_client),
        "users": [_whole(user, of_client) for user in users],
        "locations": [_whole(place, of_client) for place in locations],
    }
    return _wrong(task.key, before) or before


def _are_bodies(given: object) -> bool:
    return isinstance(given, Sequence) and all(isinstance(one, Mapping) for one in given)


def _whole(given: Mapping[str, Any], of_client: Body) -> Body:
    """A body with its client's number, without what has no content."""
    body = filled(given)
    if isinstance(body.get("Email"), str):
        body["Email"] = body["Email"].strip()
    if isinstance(given.get("Location"), Mapping):
        body["Location"] = filled(given["Location"])
    return {**of_client, **body}


def _wrong(key: str, before: Before) -> str | None:
    parts = [
        ("", before["client"], CLIENT),
        *((f"User {place}: ", body, USER) for place, body in enumerate(before["users"], start=1)),
        *((f"Address {place}: ", body, LOCATION) for place, body in enumerate(before["locations"], start=1)),
    ]
    for what, body, fields in parts:
        if (reason := wrong_key(key, "ClientNumber", body)) is not None:
            return f"{what}{reason}"
        if (reason := wrong_body(body, fields, what)) is not None:
            return reason
    for thing, found in (
        ("User", [_email(one) for one in before["users"]]),
        ("Address", [str(sorted(one.items())) for one in before["locations"]]),
    ):
        for place, one in enumerate(found):
            if one in found[:place]:
                return _ALIKE.format(thing, found.index(one) + 1, place + 1)
    return None


def _email(user: Mapping[str, Any]) -> str:
    return folded(str(user["Email"]))


def _there(shop: Shop, before: Before) -> str | None:
    """How a client stands there that was to be made."""
    number = before["ClientNumber"]
    row = shop.people.client(number)
    if row is None:
        return None
    users = shop.people.users(number, [str(user["Email"]) for user in before["users"]])
    places = shop.people.locations(number)
    parts = []
    if (unlike := client_unlike(before["client"], row)) is not None:
        parts.append(unlike)
    for place, body in enumerate(before["users"], start=1):
        user = user_of(body, users)
        unlike = "not there" if user is None else user_unlike(body, user)
        parts += [f"user {place}: {unlike}"] if unlike else []
    for place, body in enumerate(before["locations"], start=1):
        if not locations_like(body, places):
            parts.append(f"delivery address {place}: not there")
    return _IN_ANOTHER_WAY.format(number, "; ".join(parts)) if parts else AS_WANTED


def _wrong_segment(client: Body, survey: Survey) -> str | None:
    segment = client.get("SegmentId")
    return None if segment is None or segment in survey.segments else _NO_SEGMENT.format(segment)


def _taken_email(users: Sequence[Body], survey: Survey) -> str | None:
    for place, user in enumerate(users, start=1):
        if _email(user) in survey.users:
            number = survey.users[_email(user)]
            return _TAKEN.format(place, f"client {number}" if number is not None else "no client")
    return None


def _delete_user(number: str, body: Body) -> Any:
    (call,) = UsersUnmade({"ClientNumber": number}, (body,), ()).calls()
    return call.request


def _requests(goals: Sequence[Goal]) -> tuple[Any, ...]:
    return tuple(call.request for goal in goals for call in goal.calls())


def _personal(saved: Any, name: str = "") -> Iterator[str]:
    """Every text that was given about people, long enough to be told from other words."""
    if isinstance(saved, Mapping):
        for inner_name, inner in saved.items():
            yield from _personal(inner, str(inner_name))
    elif isinstance(saved, list):
        for inner in saved:
            yield from _personal(inner, name)
    elif isinstance(saved, str) and name not in _NOBODYS and len(saved) >= _SHORTEST_MASKED:
        yield saved


def _addresses(number: int) -> str:
    return count(number, "delivery address", "delivery addresses")


def _all_of(before: Before) -> str:
    parts = [count(len(before["users"]), "user")] if before["users"] else []
    parts += [_addresses(len(before["locations"]))] if before["locations"] else []
    return names(["the client", *parts])


def _freeze(before: Before) -> Planned:
    users, locations = before["users"], before["locations"]
    consequences = [f"New: {_all_of(before)}."]
    if users:
        consequences.append(
            "Its users get a password that nobody knows and that is kept nowhere: they ask the shop for a new one, or you "
            "set one there. Whether the shop writes to them, the guide does not say."
        )
    else:
        consequences.append("Nobody can log in for it yet: client-without-user finds it.")
    if not locations:
        consequences.append("It has no delivery address: client-without-location finds it.")
    return Planned(
        key=before["ClientNumber"],
        title=str(before["client"]["Name"]),
        klass="confirm" if users else "safe",
        before=before,
        consequences=tuple(consequences),
        lost=("The passwords that its users have set by then.",) if users else (),
        undo="Its addresses, its users and the client are deleted, while they are as they were made and nobody has hung "
        "anything on the client: orders, client prices, an order list, other users or addresses, a representative.",
    )
