"""Who may do what: one person at a local machine may do everything; a team signs in and has roles.

Roles come from `[team]` in keurmeester.toml: by e-mail, by a value of a claim of the sign-in, by account for the command
line. The strongest that fits counts. Everything that changes something calls `require` before it starts; pages ask
`refusal` too, but only to say beforehand what would happen.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from checks.errors import NotAllowed
from checks.settings import Settings, folded, is_email

#: From the weakest: sees nothing; looks; fixes and decides; may all there is.
Role = Literal["nobody", "viewer", "fixer", "admin"]
ROLES: tuple[Role, ...] = ("nobody", "viewer", "fixer", "admin")

_MAY: dict[Role, str] = {
    "nobody": "has no role here and may not",
    "viewer": "may look, not",
    "fixer": "may fix and decide, not",
    "admin": "may not",
}


@dataclass(frozen=True)
class Person:
    """Who is at work. `name` goes into the journal: an e-mail, or the account of this machine.

    `role` is what the settings said when the person came; `claims` are the values of the role claim they signed in with.
    """

    name: str
    role: Role
    via: Literal["local", "sign-in", "account"]
    claims: tuple[str, ...] = ()


NOBODY = Person("nobody signed in", "nobody", "sign-in")


def local_person(settings: Settings, name: str) -> Person:
    """Whoever sits at this machine: everything in local use; in a team nobody knows who that is, so only looking."""
    return Person(name, "viewer" if settings.team.sign_in else "admin", "local")


def signed_in(settings: Settings, claims: Mapping[str, Any]) -> Person:
    """Who signed in, from the claims of the identity token.

    An e-mail that the provider says is not confirmed counts for nothing, and neither does a user name: people may choose
    those themselves.
    """
    name = _email(claims)
    if name is None:
        given = next((str(claims[key]) for key in _OTHER_NAMES if claims.get(key)), "somebody")
        name = f"{given} (no confirmed e-mail)"
    values = _values(claims, settings.team.claim)
    return Person(name, _by_sign_in(settings, name, values), "sign-in", values)


def whoami() -> str:
    """The account this process runs under, as the system knows it; $USER and its like say what anybody wants."""
    if sys.platform == "win32":
        return os.getlogin()
    import pwd  # not on Windows

    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:  # a container may have no such user
        return f"uid {os.geteuid()}"


def of_account(settings: Settings, account: str) -> Person:
    """Who types at the command line. In a team, an account that the settings do not name may look."""
    if not settings.team.sign_in:
        return local_person(settings, account)
    return Person(account, settings.team.accounts.get(account, "viewer"), "account")


def sign_in_is_over(settings: Settings, claims: Mapping[str, Any], now: datetime) -> bool:
    """Was the sign-in so long ago that it counts no more? Roles by claim are as old as the sign-in."""
    issued = claims.get("iat")
    if not isinstance(issued, int | float):
        return False  # a provider's token has it, or was refused when it came
    return now.timestamp() - issued > timedelta(hours=settings.team.sign_in_hours).total_seconds()


def refusal(settings: Settings, person: Person, role: Role, doing: str) -> str | None:
    """Why `person` may not do what takes `role`, and whom to ask; None where they may. `doing`: "accept findings"."""
    held = _held(settings, person)
    if _rank(held) >= _rank(role):
        return None
    if person.via == "local" or person == NOBODY:
        return f"Nobody is signed in. To {doing} takes the role {role}: sign in first."
    return f"{person.name} {_MAY[held]} {doing}: that takes the role {role}. {_whom_to_ask(settings, person, role)}"


def _whom_to_ask(settings: Settings, person: Person, role: Role) -> str:
    if person.via == "account":
        where = f'"{person.name}" = "{role}" under [team.accounts]'
    elif is_email(person.name):
        where = f'"{person.name}" = "{role}" under [team.people]'
    else:
        where = f"a value of your claim {settings.team.claim!r} under [team.claims]"
    return f"Ask an admin to write {where} in keurmeester.toml."


def require(settings: Settings, person: Person, role: Role, doing: str) -> None:
    """Raises NotAllowed, saying whom to ask, unless `person` may do what takes `role`.

    In a team the role is looked up again, so that who was taken out of the settings has lost it at once.
    """
    if (why := refusal(settings, person, role, doing)) is not None:
        raise NotAllowed(why)


def _held(settings: Settings, person: Person) -> Role:
    """The role that counts now: what the settings say, never more than the person came with."""
    if not settings.team.sign_in:
        return "admin"
    if person.via == "local":
        now: Role = "viewer"
    elif person.via == "account":
        now = settings.team.accounts.get(person.name, "viewer")
    else:
        now = _by_sign_in(settings, person.name, person.claims)
    return min(now, person.role, key=_rank)


def _by_sign_in(settings: Settings, name: str, values: Iterable[str]) -> Role:
    team = settings.team
    if not team.sign_in:
        return "admin"
    fitting: list[Role] = [team.anyone]
    if (listed := team.people.get(folded(name))) is not None:
        fitting.append(listed)
    fitting += [team.claims[value] for value in values if value in team.claims]
    return max(fitting, key=_rank)


def _rank(role: Role) -> int:
    return ROLES.index(role)


_OTHER_NAMES = ("preferred_username", "name", "email", "sub")


def _email(claims: Mapping[str, Any]) -> str | None:
    email = claims.get("email")
    confirmed = str(claims.get("email_verified", True)).casefold() != "false"  # some providers write "false"
    return email if confirmed and isinstance(email, str) and is_email(email) else None


def _values(claims: Mapping[str, Any], claim: str) -> tuple[str, ...]:
    """The values of a claim, one or many. `realm_access.roles` is a claim in a claim, unless one is called just so."""
    found: Any = claims
    for part in [claim] if claim in claims else claim.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    many = found if isinstance(found, list | tuple) else [found]
    return tuple(one for one in many if isinstance(one, str))
