"""link-central: an own product that became central is deleted and its article number linked to the central product.

The guide's order: DELETE first, because a link beside the own product is refused as a duplicate article number. Price,
promotion, active, on order, order quantity, availability and sales texts are carried over, client prices are set again;
photo, texts and references of its own go, and the central product's apply (guide, chapters 3, 4, 6 and 11).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any

from checks.fixes.central_list import gtin
from checks.fixes.compare import listed, own_differences
from checks.fixes.goals import ClientPricesThere, Linked, LinkedGone, OwnGone, OwnState
from checks.fixes.kinds import link_plan
from checks.fixes.kinds.reading import Survey
from checks.fixes.model import Availability, Before, Fix, Goal, Live, NotPlanned, Planned, Task
from checks.fixes.references import References
from checks.fixes.shop import Shop
from checks.fixes.wording import count, names
from checks.rules.central import matched_by
from checks.settings_sources import OrestoSource
from checks.sources.oresto import bodies


class LinkCentral(Fix):
    """Turns an own product into a link to the central product with the same code."""

    id = "link-central"
    title = "Link to the central product"
    verb = "Link"
    button = "Link {}"
    past = "linked"
    checks = ("own-became-central",)
    needs = ("own", "linked", "central", "photos", "client_prices")
    not_with = MappingProxyType({"own-and-linked": link_plan.OWN_AND_LINKED})

    def fits(self, finding: Mapping[str, Any]) -> Availability:
        if reason := link_plan.forbidden(finding["key"]):
            return Availability.no(reason, link_plan.STEP_FORBIDDEN)
        matched = matched_by(finding["message"])
        if matched in link_plan.OTHER_CODE:
            return Availability.no(link_plan.OTHER_CODE[matched], link_plan.STEP_OTHER_CODE)
        return Availability(True)

    def survey(self, shop: Shop, tasks: Collection[Task]) -> Survey:
        return link_plan.survey(shop, [task.key for task in tasks])

    def plan(self, shop: Shop, survey: Survey, task: Task) -> Planned | NotPlanned:
        return link_plan.plan(shop, survey, task.key)

    def settle(self, results: list[Planned | NotPlanned]) -> list[Planned | NotPlanned]:
        return link_plan.one_for_each_central(results)

    def stirred(self, before: Before, live: Live) -> bool:
        was, now = before["own"], live["own"] or {}
        return any(was.get(name) != now.get(name) for name in ("LastModifiedUtc", "LastModified"))

    def guards(self, live: Live) -> tuple[str, ...]:
        return ("references",) if live["own"] is not None else ()

    def arrived(self, before: Before, live: Live) -> bool:
        return live["own"] is None and live["linked"] is not None

    def remade(self, before: Before, live: Live) -> bool:
        return is_another(before, live)

    def refusal(self, before: Before, live: Live, started: bool) -> str | None:
        own = live["own"]
        if own is None:
            if started:
                return None
            now = "is linked already" if live["linked"] is not None else "is gone"
            return f"the product changed since the plan: it was an own product and {now}. Run a health check."
        changed = _changes(before, live)
        if changed:
            return f"the product changed since the plan: {changed}. Look at it and plan again."
        key = before["own"]["WholesalerArticleNumber"]
        references: References = live["references"]
        return link_plan.linked_elsewhere(key, live["central"]) or references.refusal(
            bodies.product_body(before["own"])
        )

    def forward(self, before: Before, source: OrestoSource) -> tuple[Goal, ...]:
        saved = own_state(before)
        article = saved.own["WholesalerArticleNumber"]
        title = f"Link to central product {before['central']['name'] or code_text(before['code'])}"
        linked = Linked(
            bodies.link_body(before["own"], before["code"]),
            title,
            compensation=(bodies.delete_linked(source.delete_linked_path, article),),
        )
        goals: list[Goal] = [own_gone(before), linked]
        if saved.client_prices:
            undo = tuple(
                bodies.delete_client_price(article, price["ClientNumber"]) for price in saved.client_prices
            )
            goals.append(ClientPricesThere(saved.client_prices, compensation=undo))
        return tuple(goals)

    def back(self, before: Before, source: OrestoSource) -> tuple[Goal, ...]:
        saved = own_state(before)
        link = bodies.link_body(before["own"], before["code"])
        again = (bodies.create_linked(link),)
        path, prices = source.delete_linked_path, saved.client_prices
        return (LinkedGone(link, path, prices, compensation=again), *saved.goals())

    def done_text(self, before: Before) -> str:
        prices = before["client_prices"]
        kept = f" {count(len(prices), 'client price')} set again." if prices else ""
        name = f" {before['central']['name']}" if before["central"]["name"] else ""
        return (
            f"Linked to central product {code_text(before['code'])}{name}, sold as before.{kept} Read back."
        )

    def was_text(self, before: Before) -> str:
        extras = names(
            [
                count(len(before["photos"]), "photo"),
                count(len(before["client_prices"]), "client price"),
            ]
        )
        return f"an own product with {extras}."

    def is_text(self, live: Live) -> str:
        if not live:
            return "nothing could be read."
        own, linked = live.get("own"), live.get("linked")
        if own is not None and linked is not None:
            state = "both an own and a linked product"
        elif own is not None:
            state = "an own product"
        elif linked is not None:
            state = "a linked product"
        else:
            state = "neither an own nor a linked product"
        return f"{state}."

    def no_way_back(self, shop: Shop, before: Before) -> str | None:
        return link_plan.no_way_back(shop, before)

    def lost_text(self, before: Before) -> str | None:
        return names(before["not_put_back"]) if before["not_put_back"] else None


def is_another(before: Before, live: Live) -> bool:
    """Is the own product that stands there another one than was saved? The shop gives each an id of its own."""
    own, was = live["own"], before["own"].get("Id")
    return own is not None and was is not None and own.get("Id") not in (None, was)


def own_gone(before: Before, beside: tuple[str, str] | None = None) -> OwnGone:
    """That it is deleted, with what was saved of it and nothing else; `beside`: what takes its place."""
    saved = own_state(before)
    photos = tuple(photo["row"] for photo in before["photos"])
    article = saved.own["WholesalerArticleNumber"]
    return OwnGone(article, photos, saved.client_prices, compensation=saved.requests(), beside=beside)


def own_state(before: Before) -> OwnState:
    """The own product as POST bodies: what a put-back sends and compares with."""
    return OwnState(
        own=bodies.product_body(before["own"]),
        photos=tuple(
            bodies.photo_body(photo["row"], photo["sha256"]) for photo in before["photos"] if photo["sha256"]
        ),
        client_prices=tuple(bodies.client_price_body(row) for row in before["client_prices"]),
    )


def code_text(code: Mapping[str, Any]) -> str:
    """The code that matched, for people."""
    if "EanCode" in code:
        return str(code["EanCode"])
    return f"{code['Supplier']['ArticleCode']} of supplier {code['Supplier']['Id']}"


def _changes(before: Before, live: Live) -> str | None:
    """What moved since the plan: fields with old and new value, photos, client prices, the central code."""
    parts = []
    if fields := own_differences(before["own"], live["own"]):
        parts.append(listed(fields))
    if moved := link_plan.hanging_moved(before, live):
        parts.append(moved)
    central = live["central"]
    if central is None:
        parts.append(f"central product {code_text(before['code'])}: there -> gone")
    elif "EanCode" in before["code"] and gtin(central.get("EanCode")) != gtin(before["code"]["EanCode"]):
        parts.append(f"central product {code_text(before['code'])}: now under EAN {central.get('EanCode')}")
    return "; ".join(parts) or None
