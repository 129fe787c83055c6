"""Goals about single fields: PUT replaces a whole product, so what is sent is what stands there now, with those changed.

Whatever else a product has is carried along, also what nobody here knows; the read-back says when a shop dropped it.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from checks.fixes.compare import Difference, differences, listed
from checks.fixes.model import Call, Goal, Live, Verdict
from checks.sources.oresto import bodies
from checks.sources.oresto.bodies import Body, Json
from checks.sources.request import Request

_GONE = "There is no such {} any more."


def field_differences(wanted: Body, body: Body) -> list[Difference]:
    """In what `body` is not as wanted, over the fields of `wanted` alone; None means that there is to be nothing."""
    return [
        one for name, value in wanted.items() for one in differences({name: value}, {name: body.get(name)})
    ]


@dataclass(frozen=True)
class _Set(Goal):
    """Fields of one product are as wanted.

    Attributes:
        article: whose.
        wanted: fields of the PUT body; None takes one away.
        before: the product as it was when the plan was made; what is not wanted otherwise must stay so.
        title: what the call does, in words.
        otherwise: what those fields may be instead; a third value is somebody else's, and not to be overwritten.
    """

    article: str
    wanted: Body
    before: Json
    title: str
    compensation: tuple[Request, ...] = ()
    otherwise: Body | None = None

    @abstractmethod
    def found(self, live: Live) -> dict[str, Any] | None:
        """The product as it is now."""

    @abstractmethod
    def body(self, product: Json) -> Body:
        """All that PUT replaces, as it stands there."""

    @abstractmethod
    def request(self, body: Body) -> Request: ...

    def look(self, live: Live) -> Verdict:
        product = self.found(live)
        if product is None:
            return Verdict(conflict=_GONE.format("own product"))
        if field_differences(self.wanted, self.body(product)):
            return Verdict((self._call(product),))
        others = self._others(product)
        if changed := differences(self._others(self.before), others):
            return Verdict(differs=f"Something else is not as it was (saved -> found): {listed(changed)}.")
        return Verdict()

    def harm(self, live: Live, at_once: bool) -> str | None:
        product = self.found(live)
        if at_once or self.otherwise is None or product is None:
            return None
        body = self.body(product)
        wanted = {
            name: value
            for name, value in self.wanted.items()
            if field_differences({name: self.otherwise.get(name)}, body)
        }
        strange = field_differences(wanted, body)
        return f"Somebody changed it meanwhile (wanted -> found): {listed(strange)}." if strange else None

    def moved(self, live: Live) -> str | None:
        """The fields that it set, and whatever else is not as `before` has it."""
        product = self.found(live)
        if product is None:
            return _GONE.format("own product")
        changed = [
            *field_differences(self.wanted, self.body(product)),
            *differences(self._others(self.before), self._others(product)),
        ]
        return listed(changed) if changed else None

    def calls(self) -> tuple[Call, ...]:
        return (self._call(self.before),)

    def _call(self, product: Json) -> Call:
        body = {**self.body(product), **self.wanted}
        kept = {name: value for name, value in body.items() if value is not None}
        return Call(self.title, self.request(kept))

    def _others(self, product: Json) -> Body:
        """The whole product but what is wanted; what GET shows of other products is theirs to change."""
        whole = {**bodies.replacement_body(product), **self.body(product)}
        left = {name: value for name, value in whole.items() if name not in bodies.OF_OTHERS}
        for name in self.wanted:
            left.pop(name, None)
            left.pop(f"{name}Utc", None)
        return left


@dataclass(frozen=True)
class FieldsSet(_Set):
    """Fields of an own product (PUT Products; guide, chapter 6)."""

    needs = ("own",)

    def found(self, live: Live) -> dict[str, Any] | None:
        own: dict[str, Any] | None = live["own"]
        return own

    def body(self, product: Json) -> Body:
        return bodies.replacement_body(product)

    def request(self, body: Body) -> Request:
        return bodies.replace_own(body)


@dataclass(frozen=True)
class SalesSet(_Set):
    """How a product, own or linked, is sold (PUT Products/Sales; guide, chapters 6 and 7)."""

    needs = ("own", "linked")

    def found(self, live: Live) -> dict[str, Any] | None:
        product: Mapping[str, Any] | None = live["own"] or live["linked"]
        return None if product is None else dict(product)

    def body(self, product: Json) -> Body:
        return bodies.sales_body(product)

    def request(self, body: Body) -> Request:
        return bodies.change_sales(body)
