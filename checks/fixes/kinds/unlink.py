"""unlink: a linked product whose central product was deleted becomes an own product, or goes (guide, chapters 6 and 7).

By default the article number stays in the shop: the link is deleted and an own product made of what the link shows, sold
as before, with its client prices. `keep=nothing` deletes it only. The shop does not link to a deleted central product
again, so neither can be undone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import polars as pl

from checks.fixes.compare import listed, own_differences
from checks.fixes.goals import ClientPricesThere, LinkedGone, OwnThere, SoldAgain
from checks.fixes.inputs import Choice, Input
from checks.fixes.kinds import link_plan
from checks.fixes.kinds.reading import Survey, moved_text
from checks.fixes.model import Before, Fix, Goal, Klass, Live, NotPlanned, Planned, Task
from checks.fixes.shop import Shop
from checks.fixes.wording import count, names, product_name
from checks.settings_sources import OrestoSource
from checks.sources.oresto import bodies

OWN, NOTHING = "own", "nothing"

_NO_UNDO = "Cannot be undone: the central product was deleted, and the shop links to no deleted one."
_NO_LINK = "It is not linked any more. Run a health check to look anew."
_ALIVE = "The central product is there again: nothing to unlink. Run a health check to look anew."
_KEEP = f"keep is {OWN} (it becomes an own product) or {NOTHING} (it goes), not {{!r}}."
_NOT_TAKEN = (
    "The shop would not take it as an own product, because {}: once unlinked it would be nowhere. "
    f"Unlink it with keep={NOTHING}, or make it an own product in the shop itself."
)


class Unlink(Fix):
    """Ends a link to a deleted central product."""

    id = "unlink"
    title = "Unlink from the deleted central product"
    verb = "Unlink"
    button = "Unlink {}"
    past = "unlinked"
    checks = ("linked-central-deleted",)
    needs = ("own", "linked", "central", "client_prices")
    options = ("keep",)

    def inputs(
        self, check: str, findings: pl.DataFrame, frames: Mapping[str, pl.DataFrame | None]
    ) -> tuple[Input, ...]:
        choices = (
            Choice(OWN, "Make it an own product", "it stays in the shop, sold as before"),
            Choice(NOTHING, "Delete it", "it goes, with its client prices"),
        )
        return (Input("keep", "What becomes of it", "choice", default=OWN, choices=choices),)

    def survey(self, shop: Shop, tasks: Collection[Task]) -> Survey:
        return Survey(shop.references(), shop.clients())

    def plan(self, shop: Shop, survey: Survey, task: Task) -> Planned | NotPlanned:
        keep = task.options.get("keep", OWN)
        if keep not in (OWN, NOTHING):
            return NotPlanned(task.key, _KEEP.format(keep))
        if reason := link_plan.forbidden(task.key) if keep == OWN else None:
            return NotPlanned(task.key, f"{reason} {link_plan.STEP_FORBIDDEN}")
        linked = shop.linked(task.key)
        if linked is None:
            return NotPlanned(task.key, _NO_LINK)
        code = _code(linked)
        if code is not None and shop.central(code) is not None:
            return NotPlanned(task.key, _ALIVE)
        prices = shop.client_prices(task.key)
        own = bodies.product_body(linked)
        if keep == OWN and (refused := survey.references.obstacles(own)):
            return NotPlanned(task.key, _NOT_TAKEN.format(names(why for _, why in refused)))
        if (
            reason := link_plan.price_lost(prices, survey.clients)
            if keep == OWN
            else link_plan.nameless(prices)
        ):
            return NotPlanned(task.key, reason)
        before: Before = {
            "linked": linked,
            "code": code or {"EanCode": str(linked.get("EanCode") or "")},
            "client_prices": prices,
            "keep": keep,
        }
        klass: Klass = "irreversible"
        return Planned(
            key=task.key,
            title=product_name(linked),
            klass=klass,
            before=before,
            consequences=tuple(_consequences(before)),
            lost=("The link.",)
            if keep == OWN
            else (f"Article {task.key}, how it was sold, and its client prices.",),
            undo=_NO_UNDO,
        )

    def refusal(self, before: Before, live: Live, started: bool) -> str | None:
        linked = live["linked"]
        if started and linked is None:
            return None
        if linked is None:
            now = "an own product" if live["own"] is not None else "gone"
            return f"the product changed since the plan: it was linked and is {now}. Run a health check."
        if changed := own_differences(before["linked"], linked):
            return moved_text(listed(changed))
        if moved := link_plan.prices_moved(before, live):
            return moved_text(moved)
        return None if live["central"] is None else moved_text("central product: deleted -> there")

    def arrived(self, before: Before, live: Live) -> bool:
        """Where the shop takes no link again, putting back ends where the fix wanted to be."""
        return before["keep"] == OWN and live["own"] is not None and live["linked"] is None

    def forward(self, before: Before, source: OrestoSource) -> tuple[Goal, ...]:
        link, own = _link(before), bodies.product_body(before["linked"])
        prices = tuple(bodies.client_price_body(row) for row in before["client_prices"])
        again = (bodies.create_linked(link),)
        gone = LinkedGone(link, source.delete_linked_path, prices, compensation=again)
        if before["keep"] == NOTHING:
            return (gone,)
        undo = (bodies.delete_own(own["WholesalerArticleNumber"]),)
        return (gone, OwnThere(own, "Make it an own product", undo), *_prices(before))

    def back(self, before: Before, source: OrestoSource) -> tuple[Goal, ...]:
        """There again in any way; which of the two the shop takes shows when it is sent."""
        return (SoldAgain(_link(before), bodies.product_body(before["linked"])), *_prices(before))

    def done_text(self, before: Before) -> str:
        if before["keep"] == NOTHING:
            return "Unlinked; the article is gone. Read back."
        prices = before["client_prices"]
        kept = f" with {count(len(prices), 'client price')}" if prices else ""
        return f"Unlinked, and an own product now, sold as before{kept}. Read back. It has no photo yet."

    def was_text(self, before: Before) -> str:
        prices = count(len(before["client_prices"]), "client price")
        return f"linked to a central product that was deleted, with {prices}."

    def is_text(self, live: Live) -> str:
        if "linked" not in live:
            return "nothing could be read."
        if live["linked"] is not None:
            return "linked."
        return "an own product." if live.get("own") is not None else "neither an own nor a linked product."

    def not_undoable(self, before: Before) -> str | None:
        return _NO_UNDO


def _link(before: Before) -> dict[str, Any]:
    return bodies.link_body(before["linked"], before["code"])


def _prices(before: Before) -> tuple[Goal, ...]:
    prices = tuple(bodies.client_price_body(row) for row in before["client_prices"])
    return (ClientPricesThere(prices),) if prices else ()


def _code(linked: Mapping[str, Any]) -> dict[str, Any] | None:
    """What identifies its central product: the EAN, else the first supplier's code."""
    if linked.get("EanCode"):
        return {"EanCode": linked["EanCode"]}
    for supplier in linked.get("Suppliers") or ():
        if supplier.get("Id") is not None and supplier.get("ArticleCode"):
            is_package = bool(linked.get("IsPackageProduct"))
            return {
                "Supplier": {
                    "Id": supplier["Id"],
                    "ArticleCode": supplier["ArticleCode"],
                    "IsPackageProduct": is_package,
                }
            }
    return None


def _consequences(before: Before) -> list[str]:
    prices = before["client_prices"]
    if before["keep"] == NOTHING:
        extra = f" with its {count(len(prices), 'client price')}" if prices else ""
        return [f"Goes: the article{extra}. Order lists and orders that name it point at nothing then."]
    texts = [
        "Becomes an own product with the texts, brand, category and content that the link showed, sold as before.",
        "Goes: the central photo. It will be found by missing-photo.",
    ]
    if prices:
        texts.append(f"Kept: {count(len(prices), 'client price')}, set again after unlinking.")
    return texts
