"""Goals about what hangs on a product: its photos, and its prices for clients."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from checks.fixes.compare import differences, listed
from checks.fixes.model import Call, Goal, Live, Verdict
from checks.fixes.wording import count, names
from checks.sources.oresto import bodies
from checks.sources.oresto.bodies import Body
from checks.sources.request import Request


@dataclass(frozen=True)
class PhotosThere(Goal):
    """The own product has these photos, each once. `photos`: POST bodies that name their picture by its SHA-256.

    A photo of the same name and language with other bytes is that photo: a shop may write pictures anew. `rewritten`:
    that this is as good, because it had none before.
    """

    article: str
    photos: tuple[Body, ...]
    doing: str = "Put photo {} back"
    compensation: tuple[Request, ...] = ()
    rewritten: bool = False
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
                todo.append(self._call(body))
        for row in spare:  # sent twice because the first answer never came
            request = bodies.delete_photo(self.article, row["PhotoId"])
            todo.append(Call(f"Delete photo {row.get('PhotoName')}, which is there twice", request))
        said = f"There with another picture than was saved: photo {names(altered)}." if altered else None
        if self.rewritten:
            return Verdict(tuple(todo), remark=said)
        return Verdict(tuple(todo), differs=said)

    def moved(self, live: Live) -> str | None:
        """By then another picture may be somebody's."""
        return Goal.moved(replace(self, rewritten=False), live)

    def calls(self) -> tuple[Call, ...]:
        return tuple(self._call(body) for body in self.photos)

    def _call(self, body: Body) -> Call:
        return Call(self.doing.format(body.get("PhotoName")), bodies.add_photo(body))


@dataclass(frozen=True)
class PhotosGone(Goal):
    """None of these photos (POST bodies) hangs on the product; others stay.

    Where the shop gives no address for a photo, or has `rewritten` the picture, name and language must do.
    """

    article: str
    photos: tuple[Body, ...]
    compensation: tuple[Request, ...] = ()
    rewritten: bool = False
    needs = ("pictures",)

    def look(self, live: Live) -> Verdict:
        wanted = [_photo_key(body, str(body["Photo"]).removeprefix("sha256:")) for body in self.photos]
        there = [
            row
            for row in live["pictures"]
            if any(
                _fits(want, _photo_key(row, None if self.rewritten else row.get("sha256"))) for want in wanted
            )
        ]
        return Verdict(tuple(self._call(row) for row in there))

    def calls(self) -> tuple[Call, ...]:
        """Instead of the number of a photo, which only the shop can give, its name."""
        return tuple(self._call({**body, "PhotoId": body.get("PhotoName")}) for body in self.photos)

    def _call(self, row: Mapping[str, Any]) -> Call:
        request = bodies.delete_photo(self.article, row["PhotoId"])
        return Call(f"Delete photo {row.get('PhotoName')}", request)


@dataclass(frozen=True)
class ClientPricesThere(Goal):
    """Every client price in `prices` (POST bodies) is there as it was.

    In one call that adds or updates; `instead` sends them one by one, where a server refuses the whole for one of them.
    `need`: `client_prices` of the article itself, or `other_prices` of the one that takes its place.
    """

    prices: tuple[Body, ...]
    compensation: tuple[Request, ...] = ()
    one_by_one: bool = False
    need: str = "client_prices"
    again: str = " again"

    @property
    def needs(self) -> tuple[str, ...]:  # type: ignore[override]
        return (self.need,)

    @property
    def instead(self) -> Goal | None:  # type: ignore[override]
        return None if self.one_by_one else replace(self, one_by_one=True)

    def look(self, live: Live) -> Verdict:
        there = {row.get("ClientNumber"): bodies.client_price_body(row) for row in live[self.need]}
        missing = tuple(price for price in self.prices if price.get("ClientNumber") not in there)
        # one that somebody has set meanwhile is theirs: it is named, not set back
        found = [
            f"price of client {price.get('ClientNumber')}: {listed(moved)}"
            for price in self.prices
            if price not in missing and (moved := differences(price, there[price.get("ClientNumber")]))
        ]
        differs = f"There, but not as it was (saved -> found): {'; '.join(found)}." if found else None
        return Verdict(self._calls(missing), differs=differs)

    def calls(self) -> tuple[Call, ...]:
        return self._calls(self.prices)

    def _calls(self, prices: Sequence[Body]) -> tuple[Call, ...]:
        if not prices:
            return ()
        if self.one_by_one:
            return tuple(
                Call(
                    f"Set the price of client {price.get('ClientNumber')}{self.again}",
                    bodies.add_client_price(price),
                )
                for price in prices
            )
        title = f"Set {count(len(prices), 'client price')}{self.again}"
        return (Call(title, bodies.set_client_prices(prices)),)


@dataclass(frozen=True)
class ClientPricesGone(Goal):
    """None of these clients has a price of its own for the article. `prices`: POST bodies, as they were.

    A price that somebody changed since is not ours to delete.
    """

    prices: tuple[Body, ...]
    compensation: tuple[Request, ...] = ()
    need: str = "client_prices"

    @property
    def needs(self) -> tuple[str, ...]:  # type: ignore[override]
        return (self.need,)

    def look(self, live: Live) -> Verdict:
        there = {row.get("ClientNumber"): bodies.client_price_body(row) for row in live[self.need]}
        found = [price for price in self.prices if price.get("ClientNumber") in there]
        for price in found:
            if moved := differences(price, there[price.get("ClientNumber")]):
                return Verdict(
                    conflict=f"The price of client {price.get('ClientNumber')} changed (saved -> found): {listed(moved)}."
                )
        return Verdict(tuple(map(self._call, found)))

    def calls(self) -> tuple[Call, ...]:
        return tuple(map(self._call, self.prices))

    @staticmethod
    def _call(price: Body) -> Call:
        article, client = price["WholesalerArticleNumber"], str(price.get("ClientNumber"))
        return Call(f"Delete the price of client {client}", bodies.delete_client_price(article, client))


def taken_along(
    prices: Sequence[Body], live: Live, photos: Sequence[Mapping[str, Any]] | None = None
) -> str | None:
    """What would go with a product that is deleted and was not saved, as a sentence: its client prices and photos.

    `photos`: rows of those that were saved; a photo is told by name and language, for another id is no other photo.
    """
    saved = {price.get("ClientNumber"): price for price in prices}
    parts = []
    for row in live["client_prices"]:
        client = row.get("ClientNumber")
        if client not in saved:
            parts.append(f"price of client {client}: nothing -> new")
        elif moved := differences(saved[client], bodies.client_price_body(row)):
            parts.append(f"price of client {client}: {listed(moved)}")
    if photos is not None:
        known = {_photo_key(row, None) for row in photos}
        new = [row for row in live["photos"] if _photo_key(row, None) not in known]
        parts += [f"photo {row.get('PhotoName')}: nothing -> new" for row in new]
    if not parts:
        return None
    return f"Deleting it would take along what somebody changed meanwhile: {'; '.join(parts)}."


def _photo_key(photo: Mapping[str, Any], sha256: str | None) -> tuple[str, str, str | None]:
    return (str(photo.get("PhotoName")), str(photo.get("LanguageCode") or ""), sha256)


def _fits(wanted: tuple[str, str, str | None], found: tuple[str, str, str | None]) -> bool:
    return wanted[:2] == found[:2] and (found[2] is None or wanted[2] == found[2])
