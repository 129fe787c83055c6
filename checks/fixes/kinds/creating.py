"""What the kinds of creation share: they have no finding, they make something where there was nothing, and that alone goes
again when they are undone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from checks.fixes.central_list import CentralList, Gtins
from checks.fixes.kinds import link_plan
from checks.fixes.model import Before, Fix, Live, NotPlanned, Task
from checks.fixes.new_bodies import Fields, wrong
from checks.fixes.references import References
from checks.fixes.shop import Shop
from checks.fixes.wording import as_sentence, names
from checks.sources.oresto import bodies
from checks.sources.oresto.bodies import Body

AS_WANTED = "It is there already, as wanted."
IN_ANOTHER_WAY = "It is there already, in another way (wanted -> found): {}."
SAME_EAN = "Own product {} has the same EAN {}: {}"

_STEP_WRONG = "Mend what is to be created, then plan it again."
_STEP_FORBIDDEN = "Give it an article number without these signs in your own system."
_OTHER_KEY = "Its {} is {}, and not the key {} that it stands under."
_BLANKS = "Its number begins or ends with a blank, which nobody sees and the shop keeps. Take it away."


class Creates(Fix):
    """A fix that makes something new of what was given (`checks.fixes.plan_new`)."""

    verb = "Create"
    button = "Create {}"
    past = once = "created"
    checks = ()

    def was_text(self, before: Before) -> str:
        return "it was not there."

    def refusal(self, before: Before, live: Live, started: bool) -> str | None:
        """Once something was sent the goals judge: what stands there may be ours."""
        return None if started else self.taken(before, live)

    def taken(self, before: Before, live: Live) -> str | None:
        """What stands there now that was not there when it was planned, or why it cannot be made any more."""
        raise NotImplementedError


@dataclass(frozen=True)
class Products:
    """What planning new products reads once.

    Attributes:
        own, linked: the article numbers that are taken.
        own_eans: GTIN-14s of the own products; `gtins`: of what was given.
        central: asked for what was given.
    """

    own: frozenset[str]
    linked: frozenset[str]
    own_eans: frozenset[str]
    gtins: Gtins
    central: CentralList
    units: frozenset[int | str]
    references: References | None


def products(shop: Shop, tasks: Collection[Task], *, linking: bool) -> Products:
    """Reads the taken article numbers, the codes of own products and of the central list, and the lookup tables."""
    given = [task.given for task in tasks]
    eans = [code for one in given if (code := ean_of(one))]
    own_eans = Gtins(shop.texts("Products/GetEan")) if eans else Gtins([])
    suppliers = [] if linking else [one for one in given if not ean_of(one) and one.get("Supplier")]
    codes: list[Mapping[str, Any]] = [{"EanCode": code} for code in dict.fromkeys(eans)]
    gtins = Gtins(eans)
    return Products(
        own=frozenset(shop.texts("Products/GetWholesalerArticleNumbers")),
        linked=frozenset(shop.texts("LinkProducts/GetWholesalerArticleNumbers")),
        own_eans=own_eans.all,
        gtins=gtins,
        central=CentralList(shop, codes, gtins, whole=linking, articles=bool(suppliers)),
        units=shop.table("unit_sales_prices") if linking else frozenset(),
        references=None if linking else shop.references(),
    )


def ean_of(given: Mapping[str, Any]) -> str | None:
    """The EAN of a given body, None when it has none that can be read."""
    ean = given.get("EanCode")
    return ean.strip() or None if isinstance(ean, str) else None


def product_of(task: Task, fields: Fields) -> Body | NotPlanned:
    """The body of a new product, written as the shop's answers are compared; or what is wrong with it."""
    given = {**task.given}
    if not given.get("WholesalerArticleNumber"):
        given["WholesalerArticleNumber"] = task.key
    if reason := link_plan.forbidden(task.key):
        return NotPlanned(task.key, f"{reason} {_STEP_FORBIDDEN}")
    if reason := wrong_key(task.key, "WholesalerArticleNumber", given) or wrong_body(given, fields):
        return NotPlanned(task.key, reason)
    return bodies.new_body(given)


def wrong_key(key: str, field: str, given: Mapping[str, Any]) -> str | None:
    """Why a body does not belong to its key."""
    if key != key.strip():
        return _BLANKS
    found = given.get(field)
    return None if found == key else _OTHER_KEY.format(field, found, key)


def wrong_body(given: object, fields: Fields, what: str = "") -> str | None:
    """What is wrong with a body, as sentences; `what` it is, where there are several."""
    found = wrong(given, fields)
    if not found:
        return None
    return f"{what}{as_sentence('; '.join(found))} {_STEP_WRONG}"


def same_ean(shop: Shop, read: Products, ean: str | None, then: str) -> str | None:
    """Why a code may not be used again: an own product has it. `then`: what would come of it, and what to do."""
    gtin = read.gtins.of(ean)
    if ean is None or gtin is None or gtin not in read.own_eans:
        return None
    found = sorted(str(row.get("WholesalerArticleNumber")) for row in shop.own_by_ean(ean))
    return SAME_EAN.format(names(found[:3]), ean, then) if found else None
