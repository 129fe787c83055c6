"""A client as fixes see it: its row, its users and addresses, and what others have hung on it since.

Clients and users can only be had as whole lists (oresto-api, section 10), which are shared; addresses are asked of one
client.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from checks.errors import NotFound
from checks.fixes import shapes
from checks.fixes.shop_lists import Lists
from checks.settings import folded
from checks.sources.oresto.bodies_people import client_of

Row = dict[str, Any]

#: Reads a list at a path, with its parameters.
Rows = Callable[[str, Mapping[str, str] | None], list[Row]]

#: Raises UnreadableAnswer for a row that is not of this shape; the text says what it is.
Shaped = Callable[[Row, type[shapes.Shape], str], Row]


class People:
    """The clients of one shop, their users and addresses.

    Args:
        rows: reads a list of the shop; `orders`: all orders of one client, whether they were processed or not.
        order_list: of one client; `shaped`: how rows are judged.
    """

    def __init__(
        self,
        rows: Rows,
        orders: Callable[[str], Iterable[Row]],
        order_list: Callable[[str], list[str]],
        shaped: Shaped,
        lists: Lists,
    ) -> None:
        self._rows = rows
        self._orders = orders
        self._order_list = order_list
        self._shaped = shaped
        self._lists = lists

    def numbers(self) -> list[str]:
        """The numbers of all clients."""
        return [str(row["ClientNumber"]) for row in self._rows("Clients", None) if row.get("ClientNumber")]

    def clients_of_users(self) -> dict[str, str | None]:
        """E-mail, as e-mails are compared -> the number of the client; None for a user of nobody."""
        return {
            folded(str(row["Email"])): client_of(self._shaped(row, shapes.User, "a user"))
            for row in self._rows("Users", None)
            if row.get("Email")
        }

    def client(self, number: str, newer_than: float = 0.0) -> Row | None:
        """The row of GET Clients with this number; None when there is none."""
        found = self._lists.of(
            "Clients",
            number,
            newer_than,
            lambda: self._rows("Clients", None),
            lambda row: str(row.get("ClientNumber")),
        )
        return self._shaped(found[-1], shapes.Client, f"client {number}") if found else None

    def users(self, number: str, emails: Collection[str], newer_than: float = 0.0) -> list[Row]:
        """The rows of GET Users that order for this client, or have one of these e-mails whoever they order for."""

        def of(group: str) -> list[Row]:
            return self._lists.of("Users", group, newer_than, self._twice_listed, lambda row: str(row["by"]))

        found = [*of(f"client {number}"), *(row for email in emails for row in of(f"e-mail {folded(email)}"))]
        rows = {str(one["row"].get("Email")): one["row"] for one in found}
        return [self._shaped(row, shapes.User, f"a user of client {number}") for row in rows.values()]

    def _twice_listed(self) -> Iterable[Row]:
        """Users by their client and by their e-mail."""
        for row in self._rows("Users", None):
            yield {"by": f"client {client_of(row)}", "row": row}
            yield {"by": f"e-mail {folded(str(row.get('Email') or ''))}", "row": row}

    def locations(self, number: str) -> list[Row]:
        """The delivery addresses of a client; empty where there is no such client."""
        try:
            rows = self._rows("ClientLocations", {"ClientNumber": number})
        except NotFound:
            return []
        # a server may give all of them, whatever was asked
        theirs = [row for row in rows if str(row.get("ClientNumber")) == number]
        return [self._shaped(row, shapes.Location, f"address of client {number}") for row in theirs]

    def hangs(self, number: str, newer_than: float = 0.0) -> dict[str, list[str]]:
        """What people have made of a client: its orders, waiting and processed, its prices, its order list."""
        prices = self._lists.of(
            "ClientProducts by client",
            number,
            newer_than,
            lambda: self._rows("ClientProducts", None),
            lambda row: str(row.get("ClientNumber")),
        )
        return {
            "orders": [str(row.get("OrderNumber")) for row in self._orders(number)],
            "prices": [str(row.get("WholesalerArticleNumber")) for row in prices],
            "order_list": self._order_list(number),
        }
