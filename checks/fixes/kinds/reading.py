"""What planning reads of one key, or why it cannot go on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from checks.fixes.compare import listed, own_differences
from checks.fixes.goals.fields import field_differences
from checks.fixes.model import Live, NotPlanned
from checks.fixes.references import References
from checks.fixes.shop import Shop
from checks.sources.oresto import bodies

Row = dict[str, Any]

_GONE = "The product is gone. Run a health check to look anew."
_LINKED_ALREADY = "It is linked already. Run a health check to look anew."


@dataclass(frozen=True)
class Survey:
    """What planning reads once for all keys. `clients` is None where the list of clients could not be had."""

    references: References
    clients: frozenset[str] | None


def own_product(shop: Shop, key: str) -> Row | NotPlanned:
    """The own product under this article number."""
    own = shop.own(key)
    if own is None:
        return NotPlanned(key, _LINKED_ALREADY if shop.linked(key) is not None else _GONE)
    return own


def own_moved(
    before: Row, live: Live, reached: bool, *, aside: frozenset[str] = bodies.OF_OTHERS
) -> str | None:
    """Why a plan for an own product may not be applied any more: what moved since, with old and new value.

    `reached`: an earlier attempt has done it. `aside`: what is no obstacle; by default what GET shows of other products.
    """
    if reached:
        return None
    own = live["own"]
    if own is None:
        return "the product changed since the plan: it was an own product and is gone. Run a health check."
    was, now = ({name: row[name] for name in row if name not in aside} for row in (before["own"], own))
    changed = own_differences(was, now)
    return moved_text(listed(changed)) if changed else None


def is_set(before: Row, live: Live, body: Callable[[Row], bodies.Body]) -> bool:
    """Has an own product the wanted fields already? `body`: what PUT replaces of it."""
    return live["own"] is not None and not field_differences(before["wanted"], body(live["own"]))


def moved_text(changed: str) -> str:
    return f"the product changed since the plan: {changed}. Look at it and plan again."
