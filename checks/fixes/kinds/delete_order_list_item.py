"""delete-order-list-item: an article that does not exist leaves a client's order list (guide, chapter 8.15)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from checks.fixes.goals import OrderListItemGone, OrderListItemThere
from checks.fixes.model import Before, Fix, Goal, Live, NotPlanned, Planned, Task
from checks.fixes.shop import Shop
from checks.settings_sources import OrestoSource
from checks.sources.oresto import bodies

_NO_UNDO = "Cannot be undone: the shop takes no article on a list that it does not have."
_OFF = "It is not on the list any more. Run a health check to look anew."
_EXISTS = "The article exists now: it may stay on the list. Run a health check to look anew."
_NO_CLIENTS = "Which clients exist cannot be read, and so not whose list it is. See `keurmeester doctor`."


class DeleteOrderListItem(Fix):
    """Takes an article off an order list."""

    id = "delete-order-list-item"
    title = "Take it off the order list"
    verb = "Take off"
    button = "Take off {}"
    past = "taken off"
    thing = "order list item"
    checks = ("order-list-unknown-article",)
    needs = ("order_list", "own", "linked")

    def survey(self, shop: Shop, tasks: Collection[Task]) -> frozenset[str] | None:
        return shop.clients()

    def plan(self, shop: Shop, survey: frozenset[str] | None, task: Task) -> Planned | NotPlanned:
        if survey is None:
            return NotPlanned(task.key, _NO_CLIENTS)
        found = _parts(task.key, survey)
        if found is None:
            return NotPlanned(task.key, _OFF)
        client, article = found
        if article not in shop.order_list(client):
            return NotPlanned(task.key, _OFF)
        if shop.own(article) is not None or shop.linked(article) is not None:
            return NotPlanned(task.key, _EXISTS)
        return Planned(
            key=task.key,
            title=None,
            klass="irreversible",
            before={"ClientNumber": client, "WholesalerArticleNumber": article},
            consequences=("The client's list no longer promises an article that the shop does not have.",),
            lost=("Its place on the list.",),
            undo=_NO_UNDO,
        )

    def refusal(self, before: Before, live: Live, started: bool) -> str | None:
        if before["WholesalerArticleNumber"] not in live["order_list"]:
            return None if started else "it left the order list since the plan. Run a health check."
        exists = live["own"] is not None or live["linked"] is not None
        return "the article was made since the plan: it may stay on the list." if exists else None

    def forward(self, before: Before, source: OrestoSource) -> tuple[Goal, ...]:
        client, article = before["ClientNumber"], before["WholesalerArticleNumber"]
        return (OrderListItemGone(client, article, (bodies.add_order_list_item(client, article),)),)

    def back(self, before: Before, source: OrestoSource) -> tuple[Goal, ...]:
        return (OrderListItemThere(before["ClientNumber"], before["WholesalerArticleNumber"]),)

    def done_text(self, before: Before) -> str:
        return f"Article {before['WholesalerArticleNumber']} is off the list. Read back."

    def was_text(self, before: Before) -> str:
        return "on the order list."

    def is_text(self, live: Live) -> str:
        found: Any = live.get("order_list")
        return "the list could not be read." if found is None else f"a list of {len(found)} articles."

    def not_undoable(self, before: Before) -> str | None:
        return _NO_UNDO


def _parts(key: str, clients: frozenset[str]) -> tuple[str, str] | None:
    """Client and article of a finding's key; either may hold the sign that parts them."""
    cuts = [place for place, sign in enumerate(key) if sign == "|"]
    return next(((key[:cut], key[cut + 1 :]) for cut in cuts if key[:cut] in clients), None)
