"""create-own: a product that the central database does not have is created as the wholesaler's own (guide, chapter 3.6).

The guide's order: first it is checked that the product is not central, then every id is looked up, then it is sent.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from checks.fixes.goals import OwnMade, OwnUnmade
from checks.fixes.goals.created import own_unlike, stands_there
from checks.fixes.kinds import creating, link_plan
from checks.fixes.kinds.creating import AS_WANTED, IN_ANOTHER_WAY, SAME_EAN, Creates, Products
from checks.fixes.kinds.link_wording import sold_as
from checks.fixes.model import Before, Goal, Live, NotPlanned, Planned, Task
from checks.fixes.new_bodies import PRODUCT
from checks.fixes.references import References
from checks.fixes.shop import Shop
from checks.fixes.wording import names, product_name
from checks.settings_sources import OrestoSource
from checks.sources.oresto.bodies import Body

_INVALID = (
    "Its EAN {} is no valid GTIN (8, 12, 13 or 14 digits, the last a check digit), which the shop refuses."
)
_CENTRAL = "EAN {} is central: link it (create-link) instead."
_RESTRICTED = (
    "Its EAN {} is an in-store number, and the central list has another product under it: give the product its maker's "
    "EAN, or none."
)
_ARTICLE = "Article code {} of supplier {} is central: link it (create-link) instead."
_NOT_TAKEN = "The shop would not take it, because {}. Match it with the lookup tables first."
_CHANGE = "the shop would have two of one code (duplicate-ean). Change that one, or give this one a code of its own."
_LINKED = "{} Keep the link, or unlink it first."
_TWICE = "Article {} of this plan has the same EAN: two of one code would be found by duplicate-ean."


class CreateOwn(Creates):
    """Makes a new own product."""

    id = "create-own"
    title = "Create an own product"
    needs = ("own", "linked")

    def survey(self, shop: Shop, tasks: Collection[Task]) -> Products:
        return creating.products(shop, tasks, linking=False)

    def plan(self, shop: Shop, survey: Products, task: Task) -> Planned | NotPlanned:
        body = creating.product_of(task, PRODUCT)
        if isinstance(body, NotPlanned):
            return body
        ean = body.get("EanCode")
        reason = (
            _there(shop, survey, body)
            or (_INVALID.format(ean) if ean is not None and survey.gtins.of(ean) is None else None)
            or _is_central(survey, body)
            or _not_taken(survey.references, body)
            or creating.same_ean(shop, survey, ean, _CHANGE)
        )
        return NotPlanned(task.key, reason) if reason else _freeze(task.key, body, survey)

    def settle(self, results: list[Planned | NotPlanned]) -> list[Planned | NotPlanned]:
        return link_plan.first_of_each(results, lambda before: before["gtin"], _TWICE)

    def first_needs(self, before: Before, source: OrestoSource) -> tuple[str, ...]:
        return (*self.needs, *(("central", "ean_taken") if before["code"] else ()))

    def taken(self, before: Before, live: Live) -> str | None:
        key = before["WholesalerArticleNumber"]
        for found, what in ((live["own"], "an own product"), (live["linked"], "a linked product")):
            if found is not None:
                return f"somebody has created it since the plan. {stands_there(key, what, found)}"
        if before["code"] and live["central"] is not None:
            name = product_name(live["central"]) or "a product without a name"
            return f"it became central since the plan ({name}): link it (create-link) instead."
        if before["code"] and (others := sorted(live["ean_taken"])):
            ean = before["code"]["EanCode"]
            return f"the EAN is taken since the plan. {SAME_EAN.format(names(others[:3]), ean, _CHANGE)}"
        return None

    def forward(self, before: Before, source: OrestoSource) -> tuple[Goal, ...]:
        undo = tuple(call.request for goal in self.back(before, source) for call in goal.calls())
        return (OwnMade(before["new"], "Create the own product", undo),)

    def back(self, before: Before, source: OrestoSource) -> tuple[Goal, ...]:
        return (OwnUnmade(before["new"]),)

    def done_text(self, before: Before) -> str:
        return "Created as an own product. Read back. It has no photo yet."

    def is_text(self, live: Live) -> str:
        if "own" not in live:
            return "nothing could be read."
        if live["own"] is not None:
            return "an own product."
        return "linked." if live.get("linked") is not None else "neither an own nor a linked product."


def _there(shop: Shop, survey: Products, body: Body) -> str | None:
    """What stands under the article number already."""
    key = body["WholesalerArticleNumber"]
    if key in survey.own and (own := shop.own(key)) is not None:
        unlike = own_unlike(body, own, whole=True)
        return IN_ANOTHER_WAY.format(unlike) if unlike else AS_WANTED
    if key in survey.linked and (linked := shop.linked(key)) is not None:
        return _LINKED.format(stands_there(key, "a linked product", linked))
    return None


def _is_central(survey: Products, body: Body) -> str | None:
    """The central list is asked first, as the guide wants it; a product without an EAN by its supplier's code."""
    ean, supplier = body.get("EanCode"), body.get("Supplier")
    if ean is not None:
        if not survey.central.is_central(ean):
            return None
        return (_RESTRICTED if survey.gtins.is_restricted(ean) else _CENTRAL).format(ean)
    if supplier is not None and survey.central.has_article(supplier["Id"], supplier["ArticleCode"]):
        return _ARTICLE.format(supplier["ArticleCode"], supplier["Id"])
    return None


def _not_taken(references: References | None, body: Body) -> str | None:
    obstacles = references.obstacles(body) if references is not None else []
    return _NOT_TAKEN.format(names(why for _, why in obstacles)) if obstacles else None


def _freeze(key: str, body: Body, survey: Products) -> Planned:
    ean = body.get("EanCode")
    before: Before = {
        "WholesalerArticleNumber": key,
        "new": body,
        "code": {"EanCode": ean} if ean is not None else None,
        "gtin": survey.gtins.of(ean),
    }
    return Planned(
        key=key,
        title=product_name(body),
        klass="safe",
        before=before,
        consequences=(
            f"New: own product {key}{_what(survey.references, body)}.",
            f"Sold: {sold_as(body)}.",
            "It has no photo: missing-photo finds it, and upload-photo gives it one.",
        ),
        undo="The own product is deleted, while it is as it was made and nobody has ordered it or given it photos or "
        "client prices.",
    )


def _what(references: References | None, body: Mapping[str, Any]) -> str:
    """Brand, category and languages, as a person knows them."""
    languages = [text["LanguageCode"] for text in body.get("Localizations") or []]
    brand = references.name("brands", body["BrandId"]) if references is not None else None
    category = references.name("categories", body["CategoryId"]) if references is not None else None
    parts = [
        f"brand {brand or body['BrandId']}",
        f"category {category or body['CategoryId']}",
        f"texts in {names(languages)}" if languages else "no texts",
        f"EAN {body['EanCode']}" if body.get("EanCode") else "no EAN",
    ]
    return f" with {names(parts)}"
