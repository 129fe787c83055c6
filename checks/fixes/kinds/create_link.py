"""create-link: an article number that is not in the shop yet is linked to a central product (guide, chapter 3.5).

By the EAN of the central product, or by its supplier's article code. Nothing of the central product is sent: price, unit,
promotion and availability are the wholesaler's own.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from checks.fixes.central_list import gtin
from checks.fixes.goals import LinkMade, LinkUnmade
from checks.fixes.goals.created import link_astray, link_unlike, number_of, stands_there
from checks.fixes.kinds import creating, link_plan
from checks.fixes.kinds.creating import AS_WANTED, IN_ANOTHER_WAY, Creates, Products
from checks.fixes.kinds.link_central import code_text
from checks.fixes.kinds.link_wording import sold_as
from checks.fixes.model import Before, Goal, Live, NotPlanned, Planned, Task
from checks.fixes.new_bodies import LINK
from checks.fixes.shop import Shop
from checks.fixes.wording import product_name
from checks.settings_sources import OrestoSource
from checks.sources.oresto.bodies import Body

_NO_CODE = "It has neither EanCode nor Supplier: one of the two must say which central product is meant."
_BOTH_CODES = "It has both EanCode and Supplier: keep the one that says which central product is meant."
_INVALID = "Its EAN {} is no valid GTIN (8, 12, 13 or 14 digits, the last a check digit)."
_RESTRICTED = (
    "Its EAN {} is an in-store number, which each shop gives out itself: the central product with that number is another "
    "one. Link it by the maker's EAN, or create it as an own product."
)
_NO_CENTRAL = "No central product has {}. Match it anew, or create it as an own product."
_UNKNOWN_UNIT = "Its unit sales price {} is not in the lookup table. Choose one that the shop has."
_ELSEWHERE = "The central product {} is linked already, as article {}: it can be linked once."
_OWN = "{} Delete it or keep it: where it is central, own-became-central finds it and link-central turns it into the link."
_OF_OWN = "the shop would have it twice (own-and-linked). Turn that one into the link (own-became-central, link-central) instead."
_TWICE = "Article {} of this plan links to the same central product: it can be linked once."
_GONE = "central product {}: there -> gone"
_NOT_CHOSEN = (
    "{} leads to central product {}, not to {} that was chosen; link it by {}, or in the shop itself."
)


class CreateLink(Creates):
    """Links a new article number to a central product."""

    id = "create-link"
    title = "Link a new article to the central product"
    verb = "Link"
    button = "Link {}"
    past = once = "linked"
    needs = ("own", "linked", "central")

    def survey(self, shop: Shop, tasks: Collection[Task]) -> Products:
        return creating.products(shop, tasks, linking=True)

    def plan(self, shop: Shop, survey: Products, task: Task) -> Planned | NotPlanned:
        body = creating.product_of(task, LINK)
        if isinstance(body, NotPlanned):
            return body
        reason = (
            _wrong_code(body, survey)
            or _there(shop, survey, body, task.chosen)
            or (
                _UNKNOWN_UNIT.format(body["UnitSalesPrice"])
                if body["UnitSalesPrice"] not in survey.units
                else None
            )
        )
        if reason:
            return NotPlanned(task.key, reason)
        central = survey.central.find(_code(body))
        if central is None:
            return NotPlanned(task.key, _NO_CENTRAL.format(_said(_code(body))))
        reason = (
            _not_chosen(body, central, task.chosen)
            or _linked_elsewhere(task.key, central)
            or creating.same_ean(shop, survey, body.get("EanCode"), _OF_OWN)
        )
        return NotPlanned(task.key, reason) if reason else _freeze(task.key, body, central, task.chosen)

    def settle(self, results: list[Planned | NotPlanned]) -> list[Planned | NotPlanned]:
        return link_plan.first_of_each(results, _central_key, _TWICE)

    def taken(self, before: Before, live: Live) -> str | None:
        key, central = before["WholesalerArticleNumber"], live["central"]
        for found, what in ((live["own"], "an own product"), (live["linked"], "a linked product")):
            if found is not None:
                return f"somebody has created it since the plan. {stands_there(key, what, found)}"
        if central is None:
            return f"the central product changed since the plan: {_GONE.format(code_text(before['code']))}. Match it anew."
        if (ean := before["code"].get("EanCode")) and gtin(central.get("EanCode")) != gtin(ean):
            return f"the central product changed since the plan: EAN: {ean} -> {central.get('EanCode') or 'nothing'}."
        if (planned := before["central"]["Id"]) is not None and central.get("Id") != planned:
            return (
                f"{_said(before['code'])} leads to another central product since the plan: {planned} -> "
                f"{number_of(central)}. Match it anew."
            )
        return _linked_elsewhere(key, central)

    def forward(self, before: Before, source: OrestoSource) -> tuple[Goal, ...]:
        title = f"Link to central product {before['central']['name'] or code_text(before['code'])}"
        undo = tuple(call.request for goal in self.back(before, source) for call in goal.calls())
        chosen = before["central"] if before.get("chosen") is not None else None
        return (LinkMade(before["new"], title, undo, chosen),)

    def back(self, before: Before, source: OrestoSource) -> tuple[Goal, ...]:
        return (LinkUnmade(before["new"], source.delete_linked_path),)

    def done_text(self, before: Before) -> str:
        name = f" {before['central']['name']}" if before["central"]["name"] else ""
        return f"Linked to central product {code_text(before['code'])}{name}. Read back."

    def is_text(self, live: Live) -> str:
        if "linked" not in live:
            return "nothing could be read."
        if live["linked"] is not None:
            return "linked."
        return "an own product." if live.get("own") is not None else "neither an own nor a linked product."


def _code(body: Body) -> dict[str, Any]:
    name = "EanCode" if "EanCode" in body else "Supplier"
    return {name: body[name]}


def _said(code: Mapping[str, Any]) -> str:
    return f"EAN {code['EanCode']}" if "EanCode" in code else f"article code {code_text(code)}"


def _wrong_code(body: Body, survey: Products) -> str | None:
    ean = body.get("EanCode")
    if ean is None:
        return None if "Supplier" in body else _NO_CODE
    if "Supplier" in body:
        return _BOTH_CODES
    if survey.gtins.of(ean) is None:
        return _INVALID.format(ean)
    return _RESTRICTED.format(ean) if survey.gtins.is_restricted(ean) else None


def _there(shop: Shop, survey: Products, body: Body, chosen: int | None) -> str | None:
    """What stands under the article number already."""
    key = body["WholesalerArticleNumber"]
    if key in survey.linked and (linked := shop.linked(key)) is not None:
        unlike = link_unlike(body, linked, whole=True)
        if unlike is None and chosen is not None:
            unlike = link_astray(linked, survey.central.find(_code(body)), {"Id": chosen})
        return IN_ANOTHER_WAY.format(unlike) if unlike else AS_WANTED
    if key in survey.own and (own := shop.own(key)) is not None:
        return _OWN.format(stands_there(key, "an own product", own))
    return None


def _not_chosen(body: Body, central: Mapping[str, Any], chosen: int | None) -> str | None:
    """Why a code does not lead to the central product that a person chose: two of them may share it."""
    if chosen is None or central.get("Id") == chosen:
        return None
    other = "a supplier's code" if "EanCode" in body else "its EAN"
    return _NOT_CHOSEN.format(_said(_code(body)), number_of(central), chosen, other)


def _linked_elsewhere(key: str, central: Mapping[str, Any]) -> str | None:
    others = link_plan.used_by(central, key)
    name = product_name(central) or central.get("EanCode") or "it"
    return _ELSEWHERE.format(name, others[0]) if others else None


def _central_key(before: Before) -> str:
    """What tells one central product from another."""
    central = before["central"]
    return str(central["Id"]) if central["Id"] is not None else str(before["code"])


def _freeze(key: str, body: Body, central: Mapping[str, Any], chosen: int | None) -> Planned:
    name = product_name(central)
    # the code as the central list writes it: a server may look for exactly that
    code = {"EanCode": central["EanCode"]} if "EanCode" in body else _code(body)
    before: Before = {
        "WholesalerArticleNumber": key,
        "new": {**body, **code},
        "code": code,
        "central": {"Id": central.get("Id"), "EanCode": central.get("EanCode"), "name": name},
        "chosen": chosen,
    }
    return Planned(
        key=key,
        title=name,
        klass="safe",
        before=before,
        consequences=(
            f"New: article {key}, with the texts, photo, brand and content of central product {name or code_text(code)}.",
            f"Sold: {sold_as(body)}.",
        ),
        undo="The link is deleted, while it is as it was made and nobody has ordered it or given it client prices.",
    )
