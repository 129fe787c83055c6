"""edit-sales: list price and promotion of an own product (PUT Products/Sales; guide, chapter 6)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from checks.fixes.compare import word
from checks.fixes.goals import SalesSet
from checks.fixes.goals.fields import field_differences
from checks.fixes.inputs import NONE, Choice, Input
from checks.fixes.kinds import choices
from checks.fixes.kinds.reading import is_set, own_moved, own_product
from checks.fixes.model import Before, Fix, Goal, Klass, Live, NotPlanned, Planned, Task
from checks.fixes.shop import Shop
from checks.fixes.wording import day, names, product_name
from checks.rules.across import gross_of, is_below
from checks.settings_sources import OrestoSource
from checks.sources.moments import BELGIUM, moments
from checks.sources.oresto import bodies
from checks.sources.oresto.bodies import Body

_NOTHING = "It is so already. Run a health check to look anew."
_SAY = {
    "price-missing": "Give its list price (option price).",
    "price-below-cost": "Give a list price that is not below the supplier's gross price (option price).",
    "promo-invalid": "Say what to do with the promo (option promo: none takes it away; or promo, promo_from and promo_until).",
}
_PROMO = ("SalesPriceListPromo", "PromoValidFrom", "PromoValidUntil")
_RIGHT = "It is right by now: {}. Run a health check to look anew."
_LINKED = (
    "It is a linked product, and this repair sets prices of own products. Set its price in your own system."
)
_TOLD = {
    "price-missing": ("SalesPriceList",),
    "price-below-cost": ("SalesPriceList",),
    "promo-invalid": ("SalesPriceList", *_PROMO),
}


class EditSales(Fix):
    """Sets the list price, or puts the promotion right."""

    id = "edit-sales"
    title = "Set price or promo"
    verb = "Set prices"
    button = "Set the price of {}"
    past = "priced"
    checks = ("price-missing", "promo-invalid", "price-below-cost")
    needs = ("own",)
    options = ("price", "promo", "promo_from", "promo_until")

    def inputs(
        self, check: str, findings: pl.DataFrame, frames: Mapping[str, pl.DataFrame | None]
    ) -> tuple[Input, ...]:
        found = findings.filter(pl.col("check") == check)["key"].to_list()
        if check in ("price-missing", "price-below-cost"):
            return tuple(
                Input("price", "List price", "number", help="Euro.", per_key=True, key=key) for key in found
            )
        return (
            Input(
                "promo",
                "Promo",
                "choice",
                default=NONE,
                choices=(Choice(NONE, "Take the promo away", "the list price stays"),),
                free=True,
                help="Or write the promo price, in euro.",
            ),
            Input("promo_from", "Promo starts", "date", required=False),
            Input("promo_until", "Promo ends", "date", required=False),
        )

    def plan(self, shop: Shop, survey: Any, task: Task) -> Planned | NotPlanned:
        own = own_product(shop, task.key)
        finding = task.findings[0]
        check = finding["check"]
        if isinstance(own, NotPlanned):
            sold_linked = check == "price-below-cost" and shop.linked(task.key) is not None
            return NotPlanned(task.key, _LINKED) if sold_linked else own
        body = bodies.sales_body(own)
        if not task.options:
            return NotPlanned(task.key, _SAY[check])
        try:
            wanted = _wanted(task.options)
            result = {**body, **wanted}
            if not field_differences(wanted, body):
                return NotPlanned(task.key, _NOTHING)
            if _is_right(finding, body):
                return NotPlanned(task.key, _RIGHT.format(_told(body, _TOLD[check])))
            _check(result, check == "promo-invalid" or any(name in wanted for name in _PROMO))
        except choices.Unfit as unfit:
            return NotPlanned(task.key, str(unfit))
        if not _is_right(finding, result):
            return NotPlanned(task.key, _SAY[check])
        before = {"own": own, "wanted": wanted, "was": {name: body.get(name) for name in wanted}}
        found = (*task.findings, *task.related)
        return Planned(
            key=task.key,
            title=product_name(own),
            klass=_klass(own, body, wanted),
            before=before,
            consequences=tuple(_changes(before)),
            undo=f"Set back to what it was: {self.was_text(before)}",
            repairs=tuple(finding["id"] for finding in found if _is_right(finding, result)),
        )

    def refusal(self, before: Before, live: Live, started: bool) -> str | None:
        return own_moved(before, live, started and is_set(before, live, bodies.sales_body))

    def first_needs(self, before: Before, source: OrestoSource) -> tuple[str, ...]:
        return ("own", "linked")

    def forward(self, before: Before, source: OrestoSource) -> tuple[Goal, ...]:
        return (_goal(before, "wanted", "was", "Set {}"),)

    def back(self, before: Before, source: OrestoSource) -> tuple[Goal, ...]:
        return (_goal(before, "was", "wanted", "Set {} back"),)

    def done_text(self, before: Before) -> str:
        return f"Set and read back: {' '.join(_changes(before))}"

    def was_text(self, before: Before) -> str:
        return f"{names(f'{word(name)} {_shown(name, value)}' for name, value in before['was'].items())}."

    def is_text(self, live: Live) -> str:
        own = live.get("own")
        if own is None:
            return "it could not be read, or is no own product."
        sales = bodies.sales_body(own)
        return f"{_told(sales, ('SalesPriceList', 'SalesPriceListPromo'))}."

    def as_it_is(self, before: Before, live: Live) -> Before:
        """Only the fields that were set are set back; PUT sends all else as it is by then."""
        return {**before, "own": live["own"] or live["linked"] or before["own"]}


def _goal(before: Before, to: str, otherwise: str, title: str) -> SalesSet:
    own = before["own"]
    undo = {**bodies.sales_body(own), **before[otherwise]}
    compensation = bodies.change_sales({name: value for name, value in undo.items() if value is not None})
    said = title.format(names(dict.fromkeys(word(name) for name in before[to])))
    article, other = own["WholesalerArticleNumber"], before[otherwise]
    return SalesSet(article, before[to], own, said, (compensation,), other)


def _wanted(options: Mapping[str, str]) -> Body:
    """The fields of the Sales body that a person chose."""
    wanted: Body = {}
    given = {name: value.strip() for name, value in options.items()}
    if "price" in given:
        wanted["SalesPriceList"] = choices.amount(given["price"], "A list price")
    if given.get("promo") == NONE:
        return {**wanted, **dict.fromkeys(_PROMO)}
    if "promo" in given:
        wanted["SalesPriceListPromo"] = choices.amount(given["promo"], "A promo price")
    for name, end in (("promo_from", False), ("promo_until", True)):
        if name in given:
            field = "PromoValidUntil" if end else "PromoValidFrom"
            wanted[field] = None if given[name] == NONE else _moment(given[name], end)
    return wanted


def _moment(given: str, end: bool) -> str:
    """A day as people write it, in Belgian time: its first moment, or its last second."""
    try:
        chosen = (
            date.fromisoformat(given) if "/" not in given else datetime.strptime(given, "%d/%m/%Y").date()
        )
    except ValueError:
        raise choices.Unfit(f"{given!r} is no day: write it as 2026-12-31.") from None
    local = datetime.combine(chosen, time(), ZoneInfo(BELGIUM))
    if end:
        following = datetime.combine(chosen + timedelta(days=1), time(), ZoneInfo(BELGIUM))
        local = following - timedelta(seconds=1)
    return local.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _check(sales: Body, about_promo: bool) -> None:
    """Raises Unfit for what promo-invalid would find; dates that this is not about are another finding's."""
    price, promo = sales.get("SalesPriceList"), sales.get("SalesPriceListPromo")
    if promo is not None and price is not None and promo >= price:
        raise choices.Unfit(f"The promo price {promo} is not below the list price {price}.")
    start, end = _as_moment(sales.get("PromoValidFrom")), _as_moment(sales.get("PromoValidUntil"))
    if promo is None or end is None or not about_promo:
        return
    if start is not None and end < start:
        raise choices.Unfit("The promo would end before it starts.")
    if end < datetime.now(UTC):
        raise choices.Unfit("The promo has ended by then: give a later end, or take it away (promo=none).")


def _as_moment(text: str | None) -> datetime | None:
    found = moments(pl.Series([text], dtype=pl.String), "UTC").item()
    return found if isinstance(found, datetime) else None


def _klass(own: Mapping[str, Any], body: Body, wanted: Body) -> Klass:
    """Taking away what is over changes nothing for customers; another price does, from the next order on."""
    end = _as_moment(body.get("PromoValidUntil"))
    over = end is not None and end < datetime.now(UTC)
    takes_away = all(wanted.get(name, "") is None for name in _PROMO)
    return (
        "safe"
        if not own.get("Active") or (takes_away and over and "SalesPriceList" not in wanted)
        else "confirm"
    )


def _is_right(finding: Mapping[str, Any], sales: Body) -> bool:
    """Would the finding's check find nothing in what is sold so?"""
    price = sales.get("SalesPriceList")
    if finding["check"] == "price-missing":
        return isinstance(price, int | float) and price > 0
    if finding["check"] == "price-below-cost":
        cost = gross_of(finding["value"])
        return isinstance(price, int | float) and cost is not None and not is_below(price, cost)
    try:
        _check(sales, about_promo=True)
    except choices.Unfit:
        return False
    return True


def _told(sales: Body, fields: Collection[str]) -> str:
    return names(f"{word(name)} {_shown(name, sales.get(name))}" for name in fields)


def _changes(before: Before) -> list[str]:
    return [
        f"{word(name)[:1].upper()}{word(name)[1:]}: {_shown(name, before['was'][name])} -> {_shown(name, value)}."
        for name, value in before["wanted"].items()
        if before["was"][name] != value
    ]


def _shown(name: str, value: Any) -> str:
    if value is None:
        return "nothing"
    return day(value) if name.startswith("Promo") else str(value)
