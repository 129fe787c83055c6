"""Simulated days: what happens to a shop between two health checks, as dice would have it.

```python
live_a_day(shop, Random(3))                        # ["own product KV104512 was deleted", ...]
live_a_day(shop, Random(3), ["central-deleted"])   # only this
```

The planted truth is that of the beginning: it does not follow.
"""

from __future__ import annotations

from collections.abc import Collection
from random import Random

from checks.sandbox.oresto import life_central, life_lookups, life_products, life_trade
from checks.sandbox.oresto.life import Event, Life
from checks.sandbox.oresto.shop import Shop

#: How often an event happens on one day at most, in a shop of up to a thousand own products; larger ones see up to ten times as much.
_MOST: dict[Event, int] = {
    life_products.own_created: 3,
    life_products.own_changed: 6,
    life_products.own_touched: 2,
    life_products.own_switched: 2,
    life_products.own_deleted: 2,
    life_products.own_made_anew: 1,
    life_products.unit_in_a_carton_got_another_code: 2,
    life_products.packed: 2,
    life_products.unpacked: 1,
    life_products.photo_added: 2,
    life_products.photo_removed: 2,
    life_products.photo_replaced: 1,
    life_central.central_added: 3,
    life_central.central_got_a_carton: 1,
    life_central.central_changed: 4,
    life_central.central_got_another_code: 2,
    life_central.central_deleted: 2,
    life_central.central_restored: 1,
    life_central.own_became_central: 2,
    life_central.own_linked: 2,
    life_central.unlinked: 1,
    life_central.link_created: 2,
    life_central.link_moved: 1,
    life_central.link_changed: 3,
    life_central.link_deleted: 1,
    life_lookups.entry_appeared: 1,
    life_lookups.entry_renamed: 2,
    life_lookups.entry_vanished: 1,
    life_lookups.entry_came_back: 1,
    life_lookups.unit_vanished: 1,
    life_lookups.unit_appeared: 1,
    life_lookups.category_divided: 1,
    life_lookups.category_vanished: 1,
    life_lookups.reference_repaired: 2,
    life_trade.client_added: 2,
    life_trade.client_changed: 2,
    life_trade.client_switched: 1,
    life_trade.client_deleted: 1,
    life_trade.user_added: 1,
    life_trade.user_changed: 2,
    life_trade.user_deleted: 1,
    life_trade.location_added: 1,
    life_trade.location_changed: 2,
    life_trade.location_deleted: 1,
    life_trade.representative_added: 1,
    life_trade.representative_switched: 1,
    life_trade.representative_deleted: 1,
    life_trade.client_price_set: 3,
    life_trade.client_price_changed: 3,
    life_trade.client_price_removed: 2,
    life_trade.order_list_changed: 3,
    life_trade.order_placed: 4,
    life_trade.order_processed: 3,
    life_trade.order_cancelled: 1,
    life_trade.request_failed: 2,
}

#: The events by name: `own-created`, `central-deleted`, ...
EVENTS: dict[str, Event] = {event.__name__.replace("_", "-"): event for event in _MOST}

#: Those that touch the lookup tables, which a wholesaler reads once a day.
LOOKUP_EVENTS = frozenset(name for name, event in EVENTS.items() if event.__module__ == life_lookups.__name__)


def live_a_day(
    shop: Shop, rng: Random, events: Collection[str] | None = None, without: Collection[str] = ()
) -> list[str]:
    """Changes the shop the way a day does, in any order of events; says in words what happened.

    The same shop and the same dice give the same day, but for the moments. Whoever holds the shop's lock calls it, and
    `Shapes.forget` behind it.

    Args:
        events: names out of `EVENTS`, each of which happens once, in this order; None: a whole day by the dice.
        without: names that are left out.

    Raises ValueError for a name that is none.
    """
    life = Life(shop, rng)
    kept_out = _chosen(without)
    chosen = _drawn(shop, rng) if events is None else _chosen(events)
    told = (event(life) for event in chosen if event not in kept_out)
    return [sentence for sentence in told if sentence is not None]


def _chosen(names: Collection[str]) -> list[Event]:
    unknown = [name for name in names if name not in EVENTS]
    if unknown:
        raise ValueError(f"no such event: {', '.join(unknown)}; there are {', '.join(EVENTS)}")
    return [EVENTS[name] for name in names]


def _drawn(shop: Shop, rng: Random) -> list[Event]:
    size = min(max(1, len(shop.own) // 1000), 10)
    drawn = [event for event, most in _MOST.items() for _ in range(rng.randint(0, most * size))]
    rng.shuffle(drawn)
    return drawn
