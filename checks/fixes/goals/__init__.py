"""The goals that fixes are made of: states of the shop that can be looked at.

Each looks at what was read and says what is still to be sent; none of them does I/O.
"""

from __future__ import annotations

from checks.fixes.goals.clients import (
    ClientMade,
    ClientUnmade,
    LocationsMade,
    LocationsUnmade,
    UserMade,
    UsersUnmade,
)
from checks.fixes.goals.created import LinkMade, LinkUnmade, OwnMade, OwnUnmade
from checks.fixes.goals.fields import FieldsSet, SalesSet
from checks.fixes.goals.hanging import ClientPricesGone, ClientPricesThere, PhotosGone, PhotosThere
from checks.fixes.goals.products import Linked, LinkedGone, OwnGone, OwnState, OwnThere, SoldAgain
from checks.fixes.goals.trade import OrderListItemGone, OrderListItemThere, OrderProcessed

__all__ = [
    "ClientMade",
    "ClientPricesGone",
    "ClientPricesThere",
    "ClientUnmade",
    "FieldsSet",
    "LinkMade",
    "LinkUnmade",
    "Linked",
    "LinkedGone",
    "LocationsMade",
    "LocationsUnmade",
    "OrderListItemGone",
    "OrderListItemThere",
    "OrderProcessed",
    "OwnGone",
    "OwnMade",
    "OwnState",
    "OwnThere",
    "OwnUnmade",
    "PhotosGone",
    "PhotosThere",
    "SalesSet",
    "SoldAgain",
    "UserMade",
    "UsersUnmade",
]
