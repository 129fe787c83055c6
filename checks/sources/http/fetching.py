"""Addresses that came from outside: only those of the source's own host are asked with its credentials."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from checks.sources.http.exchange import normal


@dataclass(frozen=True)
class Target:
    """An address that may be asked. `own`: is it on the source's own host?"""

    url: str
    host: str
    own: bool


def target_of(base_url: str, address: str, hosts: Collection[str]) -> Target | str:
    """The absolute or relative `address` as it may be asked.

    Args:
        base_url: the source's.
        hosts: further hosts (names, small letters) that may be asked, with the same scheme or https.

    Returns:
        a str: the host that it is on and that is not to be asked.

    Raises ValueError where it is no address.
    """
    url = normal(urljoin(f"{base_url}/", address))
    ours, theirs = urlsplit(base_url), urlsplit(url)
    own = _place(url) == _place(base_url)
    known = theirs.scheme in (ours.scheme, "https") and (theirs.hostname or "") in hosts
    if theirs.username or theirs.password or not (own or known):
        return theirs.hostname or "none"
    return Target(url, theirs.hostname or "", own)


def _place(url: str) -> tuple[str, str, int]:
    """Scheme, host and port, however they are written."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
