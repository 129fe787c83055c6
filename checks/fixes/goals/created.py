"""Goals about products that a plan makes where there was nothing: linked to a central one, or the wholesaler's own.

Only what this plan made is ever taken away again: exactly as it was made, and while nobody has hung anything on it. What a
shop adds by itself is told, and told from what people changed only right after it was made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from checks.fixes.compare import Difference, differences, listed, word
from checks.fixes.goals.hanging import taken_along
from checks.fixes.goals.products import link_differences, link_moved, unshown
from checks.fixes.model import Call, Goal, Live, Verdict
from checks.fixes.wording import names, product_name
from checks.sources.oresto import bodies
from checks.sources.oresto.bodies import Body
from checks.sources.request import Request

_LINKED, _OWN = "a linked product", "an own product"
_NOT_AS_LINKED = "It is linked in another way than by this plan (ours -> found): {}."
_NOT_AS_MADE = "It is not as this plan made it (ours -> found): {}."
_ORDERS_NAMED = 3


@dataclass(frozen=True)
class _Made(Goal):
    """A product stands under the article number of `body`, as that says. `body`: of the POST, as `bodies.new_body` has it."""

    body: Body
    title: str
    compensation: tuple[Request, ...] = ()
    needs = ("own", "linked")
    ours = True

    @property
    def article(self) -> str:
        return str(self.body["WholesalerArticleNumber"])


@dataclass(frozen=True)
class LinkMade(_Made):
    """The article number is linked to the central product (POST LinkProducts; guide, chapter 3.5).

    `central`: the one that a person chose, `{Id, name}`; None where the code of `body` alone says which. GET LinkProducts
    shows no number of it, but the central product names the articles that are linked to it.
    """

    central: Mapping[str, Any] | None = None

    @property
    def needs(self) -> tuple[str, ...]:  # type: ignore[override]
        return ("own", "linked") if self.central is None else ("own", "linked", "central")

    def look(self, live: Live) -> Verdict:
        if live["own"] is not None:
            return Verdict(conflict=stands_there(self.article, _OWN, live["own"]))
        linked = live["linked"]
        if linked is None:
            astray = None if self.central is None else _leads_astray(live["central"], self.central)
            return Verdict(conflict=f"It was not linked: {astray}.") if astray else Verdict(self.calls())
        unlike = link_unlike(self.body, linked)
        if unlike is None and self.central is not None:
            unlike = link_astray(linked, live["central"], self.central)
        if unlike:
            return Verdict(conflict=f"It is linked, but not as planned (planned -> found): {unlike}.")
        hidden = unshown(self.body, linked)
        said = [
            f"The shop does not show: {names(word(name) for name in hidden)}." if hidden else None,
            _set_by_itself(self.body, bodies.sales_fields(linked)),
            None if self.central is None else _not_proven(live["central"], linked, self.central),
        ]
        return Verdict(remark=" ".join(one for one in said if one) or None)

    def moved(self, live: Live) -> str | None:
        linked = live["linked"]
        if linked is None or live["own"] is not None:
            return _moved(self.article, _LINKED, live)
        return link_unlike(self.body, linked, whole=True)

    def calls(self) -> tuple[Call, ...]:
        return (Call(self.title, bodies.create_linked(self.body)),)


@dataclass(frozen=True)
class OwnMade(_Made):
    """The own product is there (POST Products; guide, chapter 3.6)."""

    def look(self, live: Live) -> Verdict:
        if live["linked"] is not None:
            return Verdict(conflict=stands_there(self.article, _LINKED, live["linked"]))
        own = live["own"]
        if own is None:
            return Verdict(self.calls())
        if unlike := own_unlike(self.body, own):
            return Verdict(conflict=f"It is there, but not as planned (planned -> found): {unlike}.")
        return Verdict(remark=_set_by_itself(self.body, bodies.product_body(own)))

    def moved(self, live: Live) -> str | None:
        own = live["own"]
        if own is None or live["linked"] is not None:
            return _moved(self.article, _OWN, live)
        return own_unlike(self.body, own, whole=True)

    def calls(self) -> tuple[Call, ...]:
        return (Call(self.title, bodies.create_own(self.body)),)


@dataclass(frozen=True)
class LinkUnmade(Goal):
    """The article number is not linked any more. `path`: the source's `delete_linked_path`."""

    body: Body
    path: str
    compensation: tuple[Request, ...] = ()
    needs = ("own", "linked")
    careful = ("client_prices", "ordered")

    def look(self, live: Live) -> Verdict:
        linked, article = live["linked"], str(self.body["WholesalerArticleNumber"])
        if linked is None:
            return Verdict()
        if live["own"] is not None:
            return Verdict(conflict=stands_there(article, _OWN, live["own"]))
        if unlike := link_unlike(self.body, linked):
            return Verdict(conflict=_NOT_AS_LINKED.format(unlike))
        return Verdict(self.calls())

    def harm(self, live: Live, at_once: bool) -> str | None:
        linked = live["linked"]
        if not at_once and linked and (unlike := link_unlike(self.body, linked, whole=True)):
            return _NOT_AS_LINKED.format(unlike)
        return taken_along((), live) or _ordered(live)

    def calls(self) -> tuple[Call, ...]:
        request = bodies.delete_linked(self.path, str(self.body["WholesalerArticleNumber"]))
        return (Call("Delete the link", request),)


@dataclass(frozen=True)
class OwnUnmade(Goal):
    """The own product is there no more, with whatever hangs on it."""

    body: Body
    compensation: tuple[Request, ...] = ()
    needs = ("own", "linked")
    careful = ("photos", "client_prices", "ordered")

    def look(self, live: Live) -> Verdict:
        own, article = live["own"], str(self.body["WholesalerArticleNumber"])
        if own is None:
            return Verdict()
        if live["linked"] is not None:
            return Verdict(conflict=stands_there(article, _LINKED, live["linked"]))
        if unlike := own_unlike(self.body, own):
            return Verdict(conflict=_NOT_AS_MADE.format(unlike))
        return Verdict(self.calls())

    def harm(self, live: Live, at_once: bool) -> str | None:
        own = live["own"]
        if not at_once and own and (unlike := own_unlike(self.body, own, whole=True)):
            return _NOT_AS_MADE.format(unlike)
        return taken_along((), live, ()) or _ordered(live)

    def calls(self) -> tuple[Call, ...]:
        request = bodies.delete_own(str(self.body["WholesalerArticleNumber"]))
        return (Call("Delete the own product", request),)


def stands_there(article: str, what: str, found: Mapping[str, Any]) -> str:
    """What stands under an article number that was free, with its code: `Article A100 is an own product (EAN 54...).`"""
    code = f" (EAN {found['EanCode']})" if found.get("EanCode") else ""
    return f"Article {article} is {what}{code}."


def own_unlike(body: Body, own: Mapping[str, Any], *, whole: bool = False) -> str | None:
    """In what an own product is not as it was to be made, in words; None when it is so.

    `whole`: also in what nobody sent, as far as a new product does not have it by itself.
    """
    return _listed(_unlike(body, bodies.product_body(own), whole))


def link_unlike(body: Body, linked: Mapping[str, Any], *, whole: bool = False) -> str | None:
    """The same of a linked product; that it is linked to the planned central product belongs to it."""
    if "EanCode" in body:
        moved = link_moved(str(body["WholesalerArticleNumber"]), str(body["EanCode"]), linked)
        if moved is not None:
            return moved
    elif not _is_of(body["Supplier"], linked):
        return f"central product: {body['Supplier']['ArticleCode']} of supplier {body['Supplier']['Id']} -> another one"
    sent = link_differences(body, linked)
    if not whole:
        return _listed(sent)
    sales = bodies.sales_fields(linked)
    return _listed([*sent, *_not_sent(body, sales)])


def link_astray(
    linked: Mapping[str, Any], found: Mapping[str, Any] | None, chosen: Mapping[str, Any]
) -> str | None:
    """How a link is to another central product than was chosen, in words; None when it is to that one, or none can tell.

    `found`: the central product to which its code leads now. It names the articles that are linked to it; where a shop
    does not show them, the name of the link must be that of the chosen one.
    """
    if found is None or found.get("Id") != chosen["Id"]:
        return f"central product: {chosen['Id']} -> {'gone' if found is None else number_of(found)}"
    articles = _articles_of(found)
    if articles is not None:
        is_there = str(linked.get("WholesalerArticleNumber")) in articles
        return None if is_there else f"central product: {chosen['Id']} -> another one"
    name, now = chosen.get("name"), product_name(linked)
    return f"name: {name} -> {now}" if name and now and name != now else None


def _leads_astray(found: Mapping[str, Any] | None, chosen: Mapping[str, Any]) -> str | None:
    if found is None:
        return f"central product {chosen['Id']} is gone"
    if found.get("Id") == chosen["Id"]:
        return None
    return f"its code leads to central product {number_of(found)}, not to {chosen['Id']} that was chosen"


def number_of(central: Mapping[str, Any]) -> str:
    """The id of a central product, in words."""
    return "one without a number" if central.get("Id") is None else str(central["Id"])


def _articles_of(central: Mapping[str, Any]) -> list[str] | None:
    """The articles that are linked to a central product; None where the shop does not show them."""
    rows = central.get("WholesalerProductInformation")
    return None if rows is None else [str(row.get("WholesalerArticleNumber")) for row in rows]


def _not_proven(
    found: Mapping[str, Any] | None, linked: Mapping[str, Any], chosen: Mapping[str, Any]
) -> str | None:
    """What to look at where a shop does not say which articles are linked to a central product."""
    if found is None or _articles_of(found) is not None:
        return None
    return (
        f"The shop does not show to which central product it is linked ({chosen['Id']} was chosen, "
        f"{chosen['name'] or 'without a name'}); its name is {product_name(linked) or 'nothing'}."
    )


def _is_of(supplier: Mapping[str, Any], linked: Mapping[str, Any]) -> bool:
    """Is this the central product with the supplier's code? Where the shop shows no suppliers, that is not judged."""
    shown = linked.get("Suppliers")
    if not shown:
        return True
    is_package = linked.get("IsPackageProduct")
    return (is_package is None or bool(is_package) == bool(supplier["IsPackageProduct"])) and any(
        one.get("Id") == supplier["Id"]
        and str(one.get("ArticleCode") or "").strip() == supplier["ArticleCode"].strip()
        for one in shown
    )


def _unlike(body: Body, found: Body, whole: bool) -> list[Difference]:
    sent = [
        one for name, value in body.items() for one in differences({name: value}, {name: found.get(name)})
    ]
    return [*sent, *_not_sent(body, found)] if whole else sent


def _not_sent(body: Body, found: Body) -> list[Difference]:
    """What is there and was not sent, but for what a new product has by itself."""
    extra = {
        name: value
        for name, value in found.items()
        if name not in body and not bodies.is_by_itself(name, value)
    }
    return differences({}, extra)


def _set_by_itself(body: Body, found: Body) -> str | None:
    """What a shop added to what was sent: told, for undoing will stumble over it."""
    extra = _not_sent(body, found)
    return f"The shop set by itself: {listed(extra)}." if extra else None


def _listed(found: list[Difference]) -> str | None:
    return listed(found) if found else None


def _moved(article: str, was: str, live: Live) -> str:
    now = _OWN if live["own"] is not None else _LINKED if live["linked"] is not None else "gone"
    if live["own"] is not None and live["linked"] is not None:
        now = "both an own and a linked product"
    return f"article {article}: {was} -> {now}"


def _ordered(live: Live) -> str | None:
    """Why it may not go: somebody has ordered it."""
    numbers = live["ordered"]
    if not numbers:
        return None
    more = f" and {len(numbers) - _ORDERS_NAMED} more" if len(numbers) > _ORDERS_NAMED else ""
    orders = names([f"order {number}" for number in numbers[:_ORDERS_NAMED]])
    return f"It was ordered meanwhile ({orders}{more}): deleted, that would point at nothing."
