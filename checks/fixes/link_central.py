"""link-central: an own product that became central is deleted and its article number linked to the central product.

The guide's order: DELETE first, because a link beside the own product is refused as a duplicate article number. Price,
promotion, active, on order, order quantity, availability and sales texts are carried over, client prices are set again;
photo, texts and references of its own go, and the central product's apply (guide, chapters 3, 4, 6 and 11).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any

from checks.findings import OPEN_STATUSES
from checks.fixes import link_plan
from checks.fixes.compare import differences, listed, own_differences
from checks.fixes.goals import ClientPricesThere, Linked, LinkedGone, OwnGone, OwnState
from checks.fixes.model import Availability, Before, Fix, Goal, Live, NotPlanned, Planned
from checks.fixes.references import References
from checks.fixes.shop import Shop
from checks.fixes.wording import count, names
from checks.rules.central import matched_by
from checks.settings import OrestoSource
from checks.sources.oresto import bodies


class LinkCentral(Fix):
    """Turns an own product into a link to the central product with the same code."""

    id = "link-central"
    title = "Link to the central product"
    verb = "Link"
    checks = ("own-became-central",)
    needs = ("own", "linked", "central", "photos", "client_prices")
    not_with = MappingProxyType({"own-and-linked": link_plan.OWN_AND_LINKED})

    def available(self, finding: Mapping[str, Any], source: OrestoSource) -> Availability:
        if finding["status"] not in OPEN_STATUSES:
            return Availability.no("It is fixed already.", "Run a health check to look anew.")
        if source.read_only:
            return Availability.no(
                f"The settings forbid writing to {source.name}.", "Set read_only = false for this source."
            )
        if reason := link_plan.forbidden(finding["key"]):
            return Availability.no(reason, link_plan.STEP_FORBIDDEN)
        matched = matched_by(finding["message"])
        if matched in link_plan.OTHER_CODE:
            return Availability.no(link_plan.OTHER_CODE[matched], link_plan.STEP_OTHER_CODE)
        return Availability(True)

    def survey(self, shop: Shop, keys: Collection[str]) -> link_plan.Survey:
        return link_plan.survey(shop, keys)

    def plan(self, shop: Shop, survey: link_plan.Survey, key: str) -> Planned | NotPlanned:
        return link_plan.plan(shop, survey, key)

    def settle(self, results: list[Planned | NotPlanned]) -> list[Planned | NotPlanned]:
        return link_plan.one_for_each_central(results)

    def stirred(self, before: Before, live: Live) -> bool:
        was, now = before["own"], live["own"] or {}
        return any(was.get(name) != now.get(name) for name in ("LastModifiedUtc", "LastModified"))

    def guards(self, live: Live) -> tuple[str, ...]:
        return ("references",) if live["own"] is not None else ()

    def arrived(self, live: Live) -> bool:
        return live["own"] is None and live["linked"] is not None

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
        goals: list[Goal] = [OwnGone(article, compensation=saved.requests()), linked]
        if saved.client_prices:
            undo = tuple(
                bodies.delete_client_price(article, price["ClientNumber"]) for price in saved.client_prices
            )
            goals.append(ClientPricesThere(saved.client_prices, compensation=undo))
        return tuple(goals)

    def back(self, before: Before, source: OrestoSource) -> tuple[Goal, ...]:
        saved = own_state(before)
        link = bodies.link_body(before["own"], before["code"])
        return (LinkedGone(link, source.delete_linked_path), *saved.goals())

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

    def lost_text(self, before: Before) -> str | None:
        return names(before["not_put_back"]) if before["not_put_back"] else None


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
    photos = {link_plan.photo_key(photo["row"]) for photo in before["photos"]}
    photos_now = {link_plan.photo_key(row) for row in live["photos"]}
    parts += [f"photo {name}: there -> gone" for _, name, _ in sorted(photos - photos_now)]
    parts += [f"photo {name}: nothing -> new" for _, name, _ in sorted(photos_now - photos)]
    prices = _by_client(before["client_prices"])
    prices_now = _by_client(live["client_prices"])
    for client in sorted({*prices, *prices_now}):
        if client not in prices_now:
            parts.append(f"price of client {client}: there -> gone")
        elif client not in prices:
            parts.append(f"price of client {client}: nothing -> new")
        elif moved := differences(prices[client], prices_now[client]):
            parts.append(f"price of client {client}: {listed(moved)}")
    central = live["central"]
    if central is None:
        parts.append(f"central product {code_text(before['code'])}: there -> gone")
    elif "EanCode" in before["code"] and link_plan.gtin(central.get("EanCode")) != link_plan.gtin(
        before["code"]["EanCode"]
    ):
        parts.append(f"central product {code_text(before['code'])}: now under EAN {central.get('EanCode')}")
    return "; ".join(parts) or None


def _by_client(rows: Collection[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    return {str(row.get("ClientNumber")): bodies.client_price_body(row) for row in rows}
