"""delete-client-product: a price for a client that points nowhere, or says what the list says, goes (guide, chapter 9)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from checks.fixes.compare import differences, listed
from checks.fixes.goals import ClientPricesGone, ClientPricesThere
from checks.fixes.kinds import link_plan
from checks.fixes.kinds.reading import moved_text
from checks.fixes.model import Before, Fix, Goal, Klass, Live, NotPlanned, Planned, Task
from checks.fixes.shop import Shop
from checks.fixes.wording import names, product_name
from checks.rules.client_products import SAME
from checks.settings_sources import OrestoSource
from checks.sources.oresto import bodies

Row = dict[str, Any]

_GONE = "There is no such row any more. Run a health check to look anew."
_TWICE = (
    "There are {} rows of this client and article; deleting takes them all. Look at them in the shop first."
)
_NO_CLIENTS = "Which clients exist cannot be read, so nothing is deleted. See `keurmeester doctor`."


class DeleteClientProduct(Fix):
    """Deletes a row of ClientProducts."""

    id = "delete-client-product"
    title = "Delete the client price"
    verb = "Delete"
    button = "Delete {}"
    past = "deleted"
    thing = "client price"
    checks = ("client-product-unknown-article", "client-product-unknown-client", "client-product-same-price")
    needs = ("client_prices", "own", "linked", "clients")

    def survey(self, shop: Shop, tasks: Collection[Task]) -> dict[str, list[Row]]:
        """The rows by the key that findings have."""
        found: dict[str, list[Row]] = {}
        for row in shop.rows("ClientProducts"):
            article, client = row.get("WholesalerArticleNumber"), row.get("ClientNumber")
            found.setdefault(f"{article}|{client}", []).append(row)
        return found

    def plan(self, shop: Shop, survey: dict[str, list[Row]], task: Task) -> Planned | NotPlanned:
        rows = survey.get(task.key, [])
        if len(rows) != 1:
            return NotPlanned(task.key, _TWICE.format(len(rows)) if rows else _GONE)
        (row,) = rows
        if (nameless := link_plan.nameless(rows)) is not None:
            return NotPlanned(task.key, nameless)
        article, client = str(row["WholesalerArticleNumber"]), str(row["ClientNumber"])
        clients = shop.clients()
        product = shop.own(article) or shop.linked(article)
        check = task.findings[0]["check"]
        if check == "client-product-unknown-client" and clients is None:
            return NotPlanned(task.key, _NO_CLIENTS)
        before: Before = {
            "WholesalerArticleNumber": article,
            "ClientNumber": client,
            "check": check,
            "client_prices": [row],
            "lacks": _lacks(product, client, clients),
        }
        if (reason := _not_so(check, row, product, client, clients)) is not None:
            return NotPlanned(task.key, f"{reason} Run a health check to look anew.")
        return Planned(
            key=task.key,
            title=product_name(product) if product else None,
            klass=_klass(before),
            before=before,
            consequences=tuple(_consequences(before)),
            lost=("The row as it stands there.",) if before["lacks"] else (),
            undo=self.not_undoable(before) or "The row is added again as it was.",
        )

    def refusal(self, before: Before, live: Live, started: bool) -> str | None:
        rows = [row for row in live["client_prices"] if row.get("ClientNumber") == before["ClientNumber"]]
        if started and not rows:
            return None
        if len(rows) != 1:
            return (
                "the row is gone since the plan. Run a health check."
                if not rows
                else _TWICE.format(len(rows))
            )
        was, now = (bodies.client_price_body(row) for row in (before["client_prices"][0], rows[0]))
        if changed := differences(was, now):
            return moved_text(f"price of client {before['ClientNumber']}: {listed(changed)}")
        product = live["own"] or live["linked"]
        return _not_so(before["check"], rows[0], product, before["ClientNumber"], live["clients"])

    def forward(self, before: Before, source: OrestoSource) -> tuple[Goal, ...]:
        prices = _prices(before)
        return (ClientPricesGone(prices, tuple(bodies.add_client_price(price) for price in prices)),)

    def back(self, before: Before, source: OrestoSource) -> tuple[Goal, ...]:
        prices = _prices(before)
        gone = tuple(call.request for call in ClientPricesGone(prices).calls())
        return (ClientPricesThere(prices, gone, one_by_one=True),)

    def done_text(self, before: Before) -> str:
        return "Deleted, and read back."

    def was_text(self, before: Before) -> str:
        row = bodies.client_price_body(before["client_prices"][0])
        exclusive = ", exclusive" if row.get("IsExlusive") else ""
        return f"a price of {row.get('SalesPriceList', 'nothing')}{exclusive}."

    def is_text(self, live: Live) -> str:
        return "it could not be read." if "client_prices" not in live else "see the client's prices."

    def not_undoable(self, before: Before) -> str | None:
        if not before["lacks"]:
            return None
        return f"Cannot be undone: the shop takes no price where {names(before['lacks'])} does not exist."


def _prices(before: Before) -> tuple[dict[str, Any], ...]:
    return tuple(bodies.client_price_body(row) for row in before["client_prices"])


def _lacks(product: Row | None, client: str, clients: frozenset[str] | None) -> list[str]:
    """Which of its two ends does not exist: then the shop would not take the row again."""
    known = clients is None or client in clients
    return [*([] if product is not None else ["the article"]), *([] if known else ["the client"])]


def _not_so(
    check: str, row: Mapping[str, Any], product: Row | None, client: str, clients: frozenset[str] | None
) -> str | None:
    """Why the finding does not hold any more, as a sentence; None when it does."""
    if check == "client-product-unknown-article":
        return None if product is None else "The article exists now."
    if check == "client-product-unknown-client":
        if clients is None:
            return _NO_CLIENTS
        return "The client exists now." if client in clients else None
    price, listed_price = row.get("SalesPriceList"), (product or {}).get("SalesPriceList")
    if row.get("SalesPriceListPromo") is not None:
        return "The row has a promo price of its own."
    if not isinstance(price, int | float) or not isinstance(listed_price, int | float):
        return "It has no list price to compare with."
    if abs(price - listed_price) >= SAME:
        return f"The prices differ now: {price} for the client, {listed_price} on the list."
    return None


def _klass(before: Before) -> Klass:
    if before["lacks"]:
        return "irreversible"
    return "confirm" if before["client_prices"][0].get("IsExlusive") else "safe"


def _consequences(before: Before) -> list[str]:
    row = before["client_prices"][0]
    if before["lacks"]:
        texts = [
            f"Goes: a price of {row.get('SalesPriceList') or 'nothing'}; {names(before['lacks'])} does not exist."
        ]
    else:
        texts = [
            "The client pays the list price, which is the same; when that changes, it holds for this client too."
        ]
    if row.get("IsExlusive"):
        texts.append("It makes the product exclusive for this client: without it, others can order it.")
    return texts
