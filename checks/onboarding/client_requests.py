"""The request bodies that a row of an own client file becomes: client, user, address of delivery (guide, 3.1 and 3.3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from checks.folding import plain
from checks.sources.oresto.bodies import Body

Row = Mapping[str, Any]

_COUNTRY = "BE"
_LANGUAGE = "nld"


@dataclass(frozen=True)
class ClientList:
    """What has to be made of a client file.

    Attributes:
        given: client number -> `{"client": body, "users": [bodies], "locations": [bodies]}`, as `create-client` takes it.
        left: client number -> why it is left to a person.
        remarks: client number -> what of it is not made although the client is.
    """

    given: dict[str, Body] = field(default_factory=dict)
    left: dict[str, str] = field(default_factory=dict)
    remarks: dict[str, str] = field(default_factory=dict)

    @property
    def table(self) -> pl.DataFrame:
        """client_number, name, action (create, lacks), users, locations, reason."""
        rows: list[tuple[Any, ...]] = [
            (
                number,
                one["client"]["Name"],
                "create",
                len(one["users"]),
                len(one["locations"]),
                self.remarks.get(number),
            )
            for number, one in self.given.items()
        ]
        rows += [(number, None, "lacks", 0, 0, reason) for number, reason in self.left.items()]
        schema = {
            "client_number": pl.String,
            "name": pl.String,
            "action": pl.String,
            "users": pl.Int64,
            "locations": pl.Int64,
            "reason": pl.String,
        }
        return pl.DataFrame(rows, schema=schema, orient="row")

    def __repr__(self) -> str:
        return f"{len(self.given)} clients to create, {len(self.left)} that lack something"


def client_list(clients: pl.DataFrame, segments: pl.DataFrame) -> ClientList:
    """What `create-client` is to be given.

    Args:
        clients: `CLIENTS`.
        segments: the frame client_segments; a segment is found by its id or, without case and accents, by its name.

    A client without what the shop insists on (number, name, e-mail) is left to a person, and so is one whose segment the
    shop does not have. Without an e-mail of its own, the user's is taken.
    """
    by_name = _segments(segments)
    made = ClientList()
    for row in clients.iter_rows(named=True):
        number = row["client_number"]
        reasons = list(_obstacles(row, by_name))
        if reasons:
            made.left[number] = " ".join(reasons)
            continue
        users, locations = _users(row), _locations(row)
        made.given[number] = {"client": _client(row, by_name), "users": users, "locations": locations}
        missing = [
            told
            for there, told in (
                (users, "no user: the file has no e-mail of one, so nobody can log in"),
                (locations, "no address of delivery: street, postal code or municipality is missing"),
            )
            if not there
        ]
        if missing:
            made.remarks[number] = f"Made with {'; '.join(missing)}."
    return made


def _obstacles(row: Row, segments: Mapping[str, int]) -> Iterator[str]:
    if not row["name"]:
        yield "It has no name."
    if not (row["email"] or row["user_email"]):
        yield "It has no e-mail, which the shop insists on."
    if row["segment"] and _folded(row["segment"]) not in segments:
        yield f"The shop has no client segment {row['segment']!r}: name one of those it has, or add it there."


def _client(row: Row, segments: Mapping[str, int]) -> Body:
    return _filled(
        {
            "Active": True if row["active"] is None else row["active"],
            "ClientNumber": row["client_number"],
            "Email": row["email"] or row["user_email"],
            "HasPromos": True,
            "Location": _address(row),
            "MayViewPromoLabels": True,
            "Name": row["name"],
            "OrdersMayBeDeliveredToClient": True,
            "PhoneNumber": row["phone"],
            "SegmentId": segments.get(_folded(row["segment"])) if row["segment"] else None,
        }
    )


def _users(row: Row) -> list[Body]:
    """Nobody's password is known here: the fix makes one as it sends, and keeps it nowhere."""
    if not row["user_email"]:
        return []
    user = {
        "Active": True,
        "ClientNumber": row["client_number"],
        "Email": row["user_email"],
        "Firstname": row["user_first_name"],
        "LanguageCode": row["language"] or _LANGUAGE,
        "Lastname": row["user_last_name"],
    }
    return [_filled(user)]


def _locations(row: Row) -> list[Body]:
    if not (row["street"] and row["postal_code"] and row["municipality"]):
        return []
    return [_filled({"ClientNumber": row["client_number"], "Company": row["location_name"], **_address(row)})]


def _address(row: Row) -> Body:
    return _filled(
        {
            "CountryCode": row["country_code"] or _COUNTRY,
            "Municipality": row["municipality"],
            "PostalCode": row["postal_code"],
            "StreetName": row["street"],
            "StreetNumber": row["street_number"],
        }
    )


def _segments(segments: pl.DataFrame) -> dict[str, int]:
    """Id by folded name, in every language, and by the id itself."""
    found: dict[str, int] = {}
    for ident, name, names in segments.select("id", "name", "names").iter_rows():
        for text in (str(ident), name, *(one["name"] for one in names or [])):
            if text:
                found.setdefault(_folded(text), ident)
    return found


def _folded(text: str) -> str:
    folded: str = pl.select(plain(pl.lit(text))).item()
    return folded


def _filled(values: Row) -> Body:
    return {name: value for name, value in values.items() if value is not None and value not in ("", [], {})}
