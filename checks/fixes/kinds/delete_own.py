"""delete-own: a product that is both own and linked is kept as the link; the own one goes (guide, chapter 6: DELETE).

What only the own one has and customers rely on, their prices, moves to the linked article first. Its photos, texts and
its article number go, which a person has to want: it can be undone, but meanwhile nobody can order under that number.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from checks.fixes.compare import listed, own_differences
from checks.fixes.goals import ClientPricesGone, ClientPricesThere, OwnState
from checks.fixes.goals.products import link_moved
from checks.fixes.kinds import link_plan
from checks.fixes.kinds.link_central import is_another, own_gone, own_state
from checks.fixes.kinds.reading import Survey, moved_text, own_product
from checks.fixes.model import Before, Fix, Goal, Live, NotPlanned, Planned, Task
from checks.fixes.shop import Shop
from checks.fixes.wording import count, names, product_name
from checks.settings_sources import OrestoSource
from checks.sources.oresto import bodies
from checks.sources.oresto.bodies import Body

_NOT_LINKED = (
    "No linked product has its EAN any more: deleted, it would be nowhere. Run a health check to look anew."
)
_WAITS = "It stands in {}, which nobody has processed yet: process that first, or the order would point at nothing."


class DeleteOwn(Fix):
    """Deletes the own product beside a link to the same thing."""

    id = "delete-own"
    title = "Delete the own product, keep the link"
    verb = "Delete"
    button = "Delete {}"
    past = "deleted"
    checks = ("own-and-linked",)
    needs = ("own", "photos", "client_prices", "other_prices", "other_linked", "waiting")

    def survey(self, shop: Shop, tasks: Collection[Task]) -> Survey:
        return Survey(shop.references(), shop.clients())

    def plan(self, shop: Shop, survey: Survey, task: Task) -> Planned | NotPlanned:
        own = own_product(shop, task.key)
        if isinstance(own, NotPlanned):
            return own
        ean = str(own.get("EanCode") or "")
        links = sorted(
            number
            for row in shop.linked_by_ean(ean)
            if (number := str(row.get("WholesalerArticleNumber") or ""))
            and link_moved(number, ean, row) is None
        )
        if not links:
            return NotPlanned(task.key, _NOT_LINKED)
        if waiting := shop.waiting(task.key):
            return NotPlanned(task.key, _WAITS.format(_orders(waiting)))
        prices, others = shop.client_prices(task.key), shop.client_prices(links[0])
        if (nameless := link_plan.nameless(prices)) is not None:
            return NotPlanned(task.key, nameless)
        photos, pictures = link_plan.photos_of(shop, task.key)
        before: Before = {
            "own": own,
            "linked_as": links[0],
            "photos": photos,
            "client_prices": prices,
            "moved": _moved(prices, others, links[0], survey.clients),
        }
        refused = survey.references.obstacles(bodies.product_body(own))
        before["not_put_back"] = list(link_plan.not_put_back(own, photos, prices))
        before["never"] = (
            f"Cannot be undone: the shop would not take the product back, because {names(why for _, why in refused)}."
            if refused
            else None
        )
        return Planned(
            key=task.key,
            title=product_name(own),
            klass="irreversible" if refused else "confirm",
            before=before,
            consequences=tuple(_consequences(before)),
            lost=tuple(before["not_put_back"]),
            undo=before["never"]
            or "The own product is made again, with its texts, photos and client prices.",
            pictures=pictures,
        )

    def remade(self, before: Before, live: Live) -> bool:
        return is_another(before, live)

    def refusal(self, before: Before, live: Live, started: bool) -> str | None:
        own = live["own"]
        if own is None and started:
            return None
        if own is None:
            return (
                "the product changed since the plan: it was an own product and is gone. Run a health check."
            )
        if changed := own_differences(before["own"], own):
            return moved_text(listed(changed))
        if moved := link_plan.hanging_moved(before, live):
            return moved_text(moved)
        if (gone := link_moved(*_beside(before), live["other_linked"])) is not None:
            return moved_text(gone)
        if live["waiting"]:
            return moved_text(f"waiting orders that hold it: none -> {_orders(live['waiting'])}")
        taken = _priced(live)
        for price in () if started else before["moved"]:
            if price["ClientNumber"] in taken:
                return moved_text(
                    f"price of client {price['ClientNumber']} on {before['linked_as']}: nothing -> new"
                )
        return None

    def untouched(self, before: Before, live: Live) -> bool:
        return not _priced(live) & {price["ClientNumber"] for price in before["moved"]}

    def forward(self, before: Before, source: OrestoSource) -> tuple[Goal, ...]:
        goals: list[Goal] = []
        if before["moved"]:
            moved = tuple(before["moved"])
            undo = tuple(call.request for call in ClientPricesGone(moved).calls())
            goals.append(
                ClientPricesThere(
                    moved, undo, need="other_prices", again=f" on article {before['linked_as']}"
                )
            )
        return (*goals, own_gone(before, _beside(before)))

    def back(self, before: Before, source: OrestoSource) -> tuple[Goal, ...]:
        moved = tuple(before["moved"])
        gone = (ClientPricesGone(moved, need="other_prices"),) if moved else ()
        return (*_saved(before).goals(), *gone)

    def done_text(self, before: Before) -> str:
        moved = before["moved"]
        prices = f", its {count(len(moved), 'client price')} moved there" if moved else ""
        return f"Deleted; article {before['linked_as']} is linked to the same product{prices}. Read back."

    def was_text(self, before: Before) -> str:
        extras = names(
            [count(len(before["photos"]), "photo"), count(len(before["client_prices"]), "client price")]
        )
        return f"an own product with {extras}, beside the linked article {before['linked_as']}."

    def is_text(self, live: Live) -> str:
        if "own" not in live:
            return "nothing could be read."
        return "the own product is gone." if live["own"] is None else "the own product is there."

    def no_way_back(self, shop: Shop, before: Before) -> str | None:
        return link_plan.no_way_back(shop, before)

    def lost_text(self, before: Before) -> str | None:
        return names(before["not_put_back"]) if before["not_put_back"] else None

    def not_undoable(self, before: Before) -> str | None:
        never = before["never"]
        return str(never) if never else None


def _priced(live: Live) -> set[str]:
    """The clients who have a price for the linked article."""
    return {str(row.get("ClientNumber")) for row in live["other_prices"]}


def _beside(before: Before) -> tuple[str, str]:
    """The linked article that takes its place, and the EAN that it has to have."""
    return before["linked_as"], str(before["own"].get("EanCode") or "")


def _orders(numbers: list[int]) -> str:
    return names([f"order {number}" for number in numbers[:3]])


def _saved(before: Before) -> OwnState:
    return own_state(before)


def _moved(
    prices: list[dict[str, Any]], others: list[dict[str, Any]], article: str, clients: frozenset[str] | None
) -> list[Body]:
    """The client prices that the linked article gets: of clients that exist and have none there yet."""
    taken = {str(row.get("ClientNumber")) for row in others}
    found = []
    for row in prices:
        client = str(row.get("ClientNumber") or "")
        if client and client not in taken and (clients is None or client in clients):
            found.append({**bodies.client_price_body(row), "WholesalerArticleNumber": article})
            taken.add(client)
    return found


def _consequences(before: Before) -> list[str]:
    own, prices, moved = before["own"], before["client_prices"], before["moved"]
    photos = count(len(before["photos"]), "photo")
    texts = [
        f"Goes: article {own['WholesalerArticleNumber']} with its texts and {photos}; customers order article "
        f"{before['linked_as']}, which is linked to the same product.",
    ]
    if moved:
        texts.append(f"Moves: {count(len(moved), 'client price')}, to article {before['linked_as']}.")
    texts.append("Order lists that hold it point at nothing then: order-list-unknown-article finds them.")
    if len(prices) > len(moved):
        left = count(len(prices) - len(moved), "client price")
        texts.append(f"Goes too: {left}, of clients that have a price there already, or do not exist.")
    return texts
