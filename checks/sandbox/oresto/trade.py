"""What happens around the products: clients, users, delivery places, client prices, order lists, orders."""

from __future__ import annotations

from dataclasses import dataclass, field

from checks.sandbox.oresto.rows import Client, ClientPrice, Location, Order, Representative, User

FIRST_LOCATION = 5_001


@dataclass
class Trade:
    """The wholesaler's clients and what they do. What goes with what: `checks.sandbox.oresto.shop`."""

    clients: dict[str, Client] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    representatives: dict[str, Representative] = field(default_factory=dict)
    locations: dict[int, Location] = field(default_factory=dict)
    client_prices: dict[tuple[str, str], ClientPrice] = field(default_factory=dict)  # (article, client)
    order_lists: dict[str, list[str]] = field(default_factory=dict)
    orders: dict[int, Order] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._last_location = max(self.locations, default=FIRST_LOCATION - 1)

    def next_location_id(self) -> int:
        """An id that no delivery address has or had."""
        self._last_location += 1
        return self._last_location

    def locations_of(self, client_number: str) -> list[Location]:
        return [row for row in self.locations.values() if row.client_number == client_number]

    def remove_client(self, number: str) -> bool:
        """Deletes a client with its addresses and order list (CLIENTS_GO_ALONE); False when there is none."""
        if self.clients.pop(number, None) is None:
            return False
        for location in self.locations_of(number):
            del self.locations[location.id]
        self.order_lists.pop(number, None)
        return True

    def rename_user(self, user: User, email: str) -> None:
        del self.users[user.email]
        user.email = email
        self.users[email] = user

    def rename_representative(self, person: Representative, email: str) -> None:
        """Its clients follow."""
        del self.representatives[person.email]
        for client in self.clients.values():
            if client.representative == person.email:
                client.representative = email
        person.email = email
        self.representatives[email] = person

    def remove_representative(self, email: str) -> bool:
        """Takes it off its clients too; False when there is none."""
        if self.representatives.pop(email, None) is None:
            return False
        for client in self.clients.values():
            if client.representative == email:
                client.representative = None
        return True
