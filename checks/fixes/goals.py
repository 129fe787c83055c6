"""The goals that fixes are made of: an own product gone or there, linked or not, with its photos and client prices.

Each looks at what was read and says what is still to be sent; none of them does I/O. Used forward by the fixes that
delete or link, and backward by all that must be able to put an own product back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from checks.fixes.compare import Difference, differences, listed, word
from checks.fixes.model import Call, Goal, Live, Verdict
from checks.fixes.wording import count, names
from checks.sources.http import Request
from checks.sources.oresto import bodies
from checks.sources.oresto.bodies import Body

MET = Verdict()
_BOTH = "It is an own and a linked product at once; a DELETE could take either."


@dataclass(frozen=True)
class OwnGone(Goal):
    """The own product is deleted; its photos and client prices go with it."""

    article: str
    compensation: tuple[Request, ...] = ()
    needs = ("own", "linked")

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
    """The article number is not linked (any more). Only a link as `body` made it is deleted, nobody else's."""

    body: Body
    path: str  # the source's `delete_linked_path`
    needs = ("own", "linked")

    def look(self, live: Live) -> Verdict:
        if live["linked"] is None:
            return MET
        if live["own"] is not None:
            return Verdict(conflict=_BOTH)
        if found := link_differences(self.body, live["linked"]):
            return Verdict(
                conflict=f"It is linked in another way than by this plan (ours -> found): {listed(found)}."
            )
        request = bodies.delete_linked(self.path, self.body["WholesalerArticleNumber"])
        return Verdict((Call("Delete the link", request),))


@dataclass(frozen=True)
class OwnThere(Goal):
    """The own product is there, as `body` says."""

    body: Body
    needs = ("own", "linked")

    def look(self, live: Live) -> Verdict:
        own = live["own"]
        if own is None and live["linked"] is not None:
            return Verdict(conflict="The article number is linked, so the own product cannot be made again.")
        if own is None:
            return Verdict((Call("Put the own product back", bodies.create_own(self.body)),))
        found = differences(self.body, bodies.product_body(own))
        if found:
            return Verdict(
                differs=f"The own product is there, but not as it was (saved -> found): {listed(found)}."
            )
        return MET


@dataclass(frozen=True)
class PhotosThere(Goal):
    """The own product has these photos, each once. `photos`: POST bodies that name their picture by its SHA-256.

    A photo of the same name and language with other bytes is that photo: a shop may write pictures anew.
    """

    article: str
    photos: tuple[Body, ...]
    needs = ("pictures",)

    def look(self, live: Live) -> Verdict:
        found = [(_photo_key(row, row.get("sha256")), row) for row in live["pictures"]]
        wanted = Counter(_photo_key(body, str(body["Photo"]).removeprefix("sha256:")) for body in self.photos)
        missing, spare, others = Counter(wanted), [], []
        for key, row in found:
            # a shop that gives no address for a photo cannot show its bytes: name and language must do
            match = next((want for want in missing if missing[want] and _fits(want, key)), None)
            if match is not None:
                missing[match] -= 1
            elif any(_fits(want, key) for want in wanted):
                spare.append(row)
            else:
                others.append(key)
        altered = []
        for key in others:
            match = next((want for want in missing if missing[want] and want[:2] == key[:2]), None)
            if match is not None:
                missing[match] -= 1
                altered.append(key[0])
        todo = []
        for body in self.photos:
            key = _photo_key(body, str(body["Photo"]).removeprefix("sha256:"))
            if missing[key]:
                missing[key] -= 1
                todo.append(Call(f"Put photo {body.get('PhotoName')} back", bodies.add_photo(body)))
        for row in spare:  # sent twice because the first answer never came
            request = bodies.delete_photo(self.article, row["PhotoId"])
            todo.append(Call(f"Delete photo {row.get('PhotoName')}, which is there twice", request))
        differs = f"There with another picture than was saved: photo {names(altered)}." if altered else None
        return Verdict(tuple(todo), differs=differs)


@dataclass(frozen=True)
class ClientPricesThere(Goal):
    """Every client price in `prices` (POST bodies) is there as it was.

    In one call that adds or updates; `instead` sends them one by one, where a server refuses the whole for one of them.
    """

    prices: tuple[Body, ...]
    compensation: tuple[Request, ...] = ()
    one_by_one: bool = False
    needs = ("client_prices",)

    @property
    def instead(self) -> Goal | None:  # type: ignore[override]
        return None if self.one_by_one else ClientPricesThere(self.prices, self.compensation, one_by_one=True)

    def look(self, live: Live) -> Verdict:
        there = {row.get("ClientNumber"): bodies.client_price_body(row) for row in live["client_prices"]}
        missing = tuple(
            price
            for price in self.prices
            if price["ClientNumber"] not in there or differences(price, there[price["ClientNumber"]])
        )
        found = [
            f"price of client {price['ClientNumber']}: {listed(differences(price, there[price['ClientNumber']]))}"
            for price in missing
            if price["ClientNumber"] in there
        ]
        differs = f"There, but not as it was (saved -> found): {'; '.join(found)}." if found else None
        if self.one_by_one:  # adding does not change one that is there
            missing = tuple(price for price in missing if price["ClientNumber"] not in there)
        return Verdict(self._calls(missing), differs=differs)

    def calls(self) -> tuple[Call, ...]:
        return self._calls(self.prices)

    def _calls(self, prices: Sequence[Body]) -> tuple[Call, ...]:
        if not prices:
            return ()
        if self.one_by_one:
            return tuple(
                Call(f"Set the price of client {price['ClientNumber']} again", bodies.add_client_price(price))
                for price in prices
            )
        return (Call(f"Set {count(len(prices), 'client price')} again", bodies.set_client_prices(prices)),)


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


def _photo_key(photo: Mapping[str, Any], sha256: str | None) -> tuple[str, str, str | None]:
    return (str(photo.get("PhotoName")), str(photo.get("LanguageCode") or ""), sha256)


def _fits(wanted: tuple[str, str, str | None], found: tuple[str, str, str | None]) -> bool:
    return wanted[:2] == found[:2] and (found[2] is None or wanted[2] == found[2])
