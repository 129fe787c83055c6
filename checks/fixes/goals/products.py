"""Goals about whole products: an own one gone or there, an article number linked or not.

Used forward by the fixes that delete or link, and backward by all that must be able to put a product back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from checks.fixes.compare import Difference, differences, listed, word
from checks.fixes.goals.hanging import ClientPricesThere, PhotosThere, taken_along
from checks.fixes.model import Call, Goal, Live, Verdict
from checks.fixes.wording import names
from checks.sources.oresto import bodies
from checks.sources.oresto.bodies import Body
from checks.sources.request import Request

MET = Verdict()
_BOTH = "It is an own and a linked product at once; a DELETE could take either."


@dataclass(frozen=True)
class OwnGone(Goal):
    """The own product is deleted; its photos and client prices go with it.

    `photos` (rows) and `prices` (POST bodies) are those that were saved: another one is not ours to delete.
    `beside`: number and EAN of the linked article that takes its place; without that it would be the only copy left.
    """

    article: str
    photos: tuple[Mapping[str, Any], ...] = ()
    prices: tuple[Body, ...] = ()
    compensation: tuple[Request, ...] = ()
    beside: tuple[str, str] | None = None
    needs = ("own", "linked")

    @property
    def careful(self) -> tuple[str, ...]:  # type: ignore[override]
        return ("photos", "client_prices", *(() if self.beside is None else ("other_linked",)))

    def harm(self, live: Live, at_once: bool) -> str | None:
        if self.beside is not None and (moved := link_moved(*self.beside, live["other_linked"])) is not None:
            return f"Deleting it would leave nothing to order in its place: {moved}."
        return taken_along(self.prices, live, self.photos)

    def look(self, live: Live) -> Verdict:
        if live["own"] is None:
            return MET
        if live["linked"] is not None:
            return Verdict(conflict=_BOTH)
        return Verdict(self.calls())

    def calls(self) -> tuple[Call, ...]:
        return (Call("Delete the own product", bodies.delete_own(self.article)),)


@dataclass(frozen=True)
class Linked(Goal):
    """The article number is linked to the central product, and sold as `body` says."""

    body: Body
    title: str
    compensation: tuple[Request, ...] = ()
    needs = ("own", "linked")

    def look(self, live: Live) -> Verdict:
        linked = live["linked"]
        if linked is None and live["own"] is None:
            return Verdict(self.calls())
        if linked is None:
            return Verdict(conflict="The own product is there again: somebody made it anew.")
        if found := link_differences(self.body, linked):
            return Verdict(
                conflict=f"It is linked, but not as sold before (wanted -> found): {listed(found)}."
            )
        if hidden := unshown(self.body, linked):
            return Verdict(remark=f"The shop does not show: {names(word(name) for name in hidden)}.")
        return MET

    def calls(self) -> tuple[Call, ...]:
        return (Call(self.title, bodies.create_linked(self.body)),)


@dataclass(frozen=True)
class LinkedGone(Goal):
    """The article number is not linked (any more). Only a link as `body` made it is deleted, nobody else's.

    Its client prices go with it: `prices` (POST bodies) are those that were saved.
    """

    body: Body
    path: str  # the source's `delete_linked_path`
    prices: tuple[Body, ...] = ()
    compensation: tuple[Request, ...] = ()
    needs = ("own", "linked")
    careful = ("client_prices",)

    def harm(self, live: Live, at_once: bool) -> str | None:
        return taken_along(self.prices, live)

    def look(self, live: Live) -> Verdict:
        if live["linked"] is None:
            return MET
        if live["own"] is not None:
            return Verdict(conflict=_BOTH)
        if found := link_differences(self.body, live["linked"]):
            return Verdict(
                conflict=f"It is linked in another way than by this plan (ours -> found): {listed(found)}."
            )
        return Verdict(self.calls())

    def calls(self) -> tuple[Call, ...]:
        request = bodies.delete_linked(self.path, self.body["WholesalerArticleNumber"])
        return (Call("Delete the link", request),)


@dataclass(frozen=True)
class OwnThere(Goal):
    """The own product is there, as `body` says."""

    body: Body
    title: str = "Put the own product back"
    compensation: tuple[Request, ...] = ()
    needs = ("own", "linked")

    def look(self, live: Live) -> Verdict:
        own = live["own"]
        if own is None and live["linked"] is not None:
            return Verdict(conflict="The article number is linked, so the own product cannot be made again.")
        if own is None:
            return Verdict(self.calls())
        found = differences(self.body, bodies.product_body(own))
        if found:
            return Verdict(
                differs=f"The own product is there, but not as it was (saved -> found): {listed(found)}."
            )
        return MET

    def calls(self) -> tuple[Call, ...]:
        return (Call(self.title, bodies.create_own(self.body)),)


@dataclass(frozen=True)
class SoldAgain(Goal):
    """The article number is there in any way: linked as before, else as an own product.

    The way back of a fix that had to delete a link: which of the two a shop still takes is not known beforehand.
    """

    link: Body
    own: Body
    as_own: bool = False
    needs = ("own", "linked")

    @property
    def instead(self) -> Goal | None:  # type: ignore[override]
        return None if self.as_own else SoldAgain(self.link, self.own, as_own=True)

    def look(self, live: Live) -> Verdict:
        return MET if live["own"] is not None or live["linked"] is not None else Verdict(self.calls())

    def calls(self) -> tuple[Call, ...]:
        if self.as_own:
            return (Call("Make it an own product", bodies.create_own(self.own)),)
        return (Call("Link it again", bodies.create_linked(self.link)),)


@dataclass(frozen=True)
class OwnState:
    """An own product with all that goes when it is deleted, as a plan saved it and putting back restores it."""

    own: Body
    photos: tuple[Body, ...] = ()
    client_prices: tuple[Body, ...] = ()

    def goals(self) -> tuple[Goal, ...]:
        """What must be so when it is there again."""
        goals: list[Goal] = [OwnThere(self.own)]
        if self.photos:
            goals.append(PhotosThere(self.own["WholesalerArticleNumber"], self.photos))
        if self.client_prices:
            goals.append(ClientPricesThere(self.client_prices))
        return tuple(goals)

    def requests(self) -> tuple[Request, ...]:
        """All that makes it again: the compensation of deleting it."""
        prices = (bodies.set_client_prices(self.client_prices),) if self.client_prices else ()
        return (bodies.create_own(self.own), *(bodies.add_photo(photo) for photo in self.photos), *prices)


def link_moved(article: str, ean: str, linked: Mapping[str, Any] | None) -> str | None:
    """How a linked article is not one to the product with this EAN any more, in words; None while it is."""
    if linked is None:
        return f"linked article {article}: there -> gone"
    now = str(linked.get("EanCode") or "")
    if "EanCode" in linked and now.strip().zfill(14) != ean.strip().zfill(14):
        return f"EAN of linked article {article}: {ean} -> {now or 'nothing'}"
    return None


def link_differences(body: Body, linked: Mapping[str, Any]) -> list[Difference]:
    """What of a POST LinkProducts body the linked product does not show; a field that GET does not have is not judged."""
    sent = {name: value for name, value in body.items() if name not in ("EanCode", "Supplier")}
    for name in unshown(body, linked):
        sent.pop(name)
    return differences(sent, bodies.sales_fields(linked), only=sent)


def unshown(body: Body, linked: Mapping[str, Any]) -> list[str]:
    """The fields that were sent and that GET LinkProducts has no field for (it is documented with gaps)."""
    return [
        name
        for name in body
        if name not in ("EanCode", "Supplier")
        and name not in linked
        and name.removesuffix("Utc") not in linked
    ]
