"""process-order: an order that the wholesaler's own system has is ticked off (ClientOrders/ProcessOrders; guide, 10).

Nothing takes that back, and an order that was ticked off by mistake is picked by nobody: never without a person's word.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from checks.fixes.compare import shown
from checks.fixes.goals import OrderProcessed
from checks.fixes.model import Before, Fix, Goal, Live, NotPlanned, Planned, Task
from checks.fixes.shop import Shop
from checks.settings_sources import OrestoSource
from checks.sources.oresto import bodies

_NO_UNDO = "Cannot be undone: the shop has no way to make an order wait again."
_GONE = "It does not wait any more: processed by somebody, or gone. Run a health check to look anew."
_NO_CLIENT = (
    "The order does not say whose it is, and orders are ticked off by client: do it in the shop itself."
)

_DATES = {"DeliveryDate": "delivery date", "PickupDate": "pickup date"}


class ProcessOrder(Fix):
    """Marks orders processed."""

    id = "process-order"
    title = "Mark the order processed"
    verb = "Mark processed"
    button = "Mark {} processed"
    past = "marked processed"
    thing = "order"
    checks = ("order-unprocessed", "order-delivery-passed")
    needs = ("order",)

    def survey(self, shop: Shop, tasks: Collection[Task]) -> dict[str, dict[str, Any]]:
        """The waiting orders by number."""
        return {str(row["OrderNumber"]): row for row in shop.waiting_orders()}

    def plan(self, shop: Shop, survey: Mapping[str, dict[str, Any]], task: Task) -> Planned | NotPlanned:
        order = survey.get(task.key)
        if order is None:
            return NotPlanned(task.key, _GONE)
        client = (order.get("Client") or {}).get("ClientNumber")
        if not client:
            return NotPlanned(task.key, _NO_CLIENT)
        kept = ("OrderNumber", "FullOrderNumber", "OrderDateUtc", *_DATES)
        before: Before = {
            "order": {name: order.get(name) for name in kept} | {"lines": _lines(order)},
            "ClientNumber": str(client),
        }
        found = (*task.findings, *task.related)
        return Planned(
            key=task.key,
            title=order.get("FullOrderNumber"),
            klass="irreversible",
            before=before,
            consequences=(
                "It leaves the list of waiting orders: be sure that your own system has it, for nobody will see it here.",
            ),
            lost=("That it waits.",),
            undo=_NO_UNDO,
            repairs=tuple(finding["id"] for finding in found),
        )

    def refusal(self, before: Before, live: Live, started: bool) -> str | None:
        order = live["order"]
        if started and (order is None or bodies.is_processed(order)):
            return None
        if order is None:
            return "the order is gone since the plan. Run a health check."
        if bodies.is_processed(order):
            at = order.get("ProcessedDate") or order.get("ProcessedDateUtc")
            return f"the order changed since the plan: processed: nothing -> {at}. Run a health check."
        client = (order.get("Client") or {}).get("ClientNumber")
        if str(client) != before["ClientNumber"]:
            return "the order is another client's since the plan. Plan again."
        if changed := _changes(before["order"], order):
            return f"the order changed since the plan: {'; '.join(changed)}. Look at it and plan again."
        return None

    def forward(self, before: Before, source: OrestoSource) -> tuple[Goal, ...]:
        return (OrderProcessed(before["ClientNumber"], before["order"]["OrderNumber"]),)

    def back(self, before: Before, source: OrestoSource) -> tuple[Goal, ...]:
        """One call, and nothing takes it back: where it was refused, nothing was changed."""
        return ()

    def done_text(self, before: Before) -> str:
        return "Marked processed, and read back."

    def was_text(self, before: Before) -> str:
        return "waiting to be processed."

    def is_text(self, live: Live) -> str:
        if "order" not in live:
            return "it could not be read."
        order = live["order"]
        return "gone." if order is None else "processed." if bodies.is_processed(order) else "waiting."

    def not_undoable(self, before: Before) -> str | None:
        return _NO_UNDO


def _lines(order: Mapping[str, Any]) -> list[list[Any]]:
    """Article number, unit and quantity of each line, in an order that a server cannot change."""
    names = ("WholesalerArticleNumber", "UnitSalesPriceAbbreviation", "Quantity")
    return sorted(([line.get(name) for name in names] for line in order.get("Products") or ()), key=str)


def _changes(was: Mapping[str, Any], order: Mapping[str, Any]) -> list[str]:
    """What is not as the plan saw it, with old and new value."""
    found = [
        f"{said}: {shown(was[name])} -> {shown(order.get(name))}"
        for name, said in _DATES.items()
        if (was[name] or None) != (order.get(name) or None)
    ]
    old, new = was["lines"], _lines(order)
    if len(old) != len(new):
        return [*found, f"lines: {len(old)} -> {len(new)}"]
    for (article, unit, quantity), (article_now, unit_now, quantity_now) in zip(old, new, strict=True):
        if article != article_now:
            found.append(f"article: {article} -> {article_now}")
        elif unit != unit_now:
            found.append(f"unit of {article}: {shown(unit)} -> {shown(unit_now)}")
        elif quantity != quantity_now:
            found.append(f"quantity of {article}: {shown(quantity)} -> {shown(quantity_now)}")
    return found
