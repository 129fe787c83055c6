"""Goals about orders and order lists."""

from __future__ import annotations

from dataclasses import dataclass

from checks.fixes.model import Call, Goal, Live, Verdict
from checks.sources.oresto import bodies
from checks.sources.request import Request


@dataclass(frozen=True)
class OrderListItemGone(Goal):
    """The article is not on the client's order list (guide, chapter 8.15)."""

    client: str
    article: str
    compensation: tuple[Request, ...] = ()
    needs = ("order_list",)

    def look(self, live: Live) -> Verdict:
        return Verdict(self.calls()) if self.article in live["order_list"] else Verdict()

    def calls(self) -> tuple[Call, ...]:
        request = bodies.delete_order_list_item(self.client, self.article)
        return (Call(f"Take {self.article} off the order list of client {self.client}", request),)


@dataclass(frozen=True)
class OrderListItemThere(Goal):
    """The article is on the client's order list; where on it, the API does not let one say."""

    client: str
    article: str
    compensation: tuple[Request, ...] = ()
    needs = ("order_list",)

    def look(self, live: Live) -> Verdict:
        return Verdict() if self.article in live["order_list"] else Verdict(self.calls())

    def calls(self) -> tuple[Call, ...]:
        request = bodies.add_order_list_item(self.client, self.article)
        return (Call(f"Put {self.article} on the order list of client {self.client} again", request),)


@dataclass(frozen=True)
class OrderProcessed(Goal):
    """The order is marked processed (guide, chapter 10). Nothing takes that back."""

    client: str
    number: int
    compensation: tuple[Request, ...] = ()
    needs = ("order",)

    def look(self, live: Live) -> Verdict:
        order = live["order"]
        if order is None:
            return Verdict(conflict=f"There is no order {self.number} any more.")
        return Verdict() if bodies.is_processed(order) else Verdict(self.calls())

    def calls(self) -> tuple[Call, ...]:
        request = bodies.process_orders(self.client, [self.number])
        return (Call(f"Mark order {self.number} processed", request),)
