"""Plans what has no finding: the links, own products and clients that a new wholesaler has and its shop lacks.

```python
plan = plan_new(store, settings, "create-link", {"A100": body, "A101": body}, by=me)     # reads, changes nothing
apply_plan(store, settings, plan.id, by=me)                                              # as any plan
```
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from checks import people
from checks.errors import UsageError
from checks.fixes import planning
from checks.fixes.catalogue import FIXES
from checks.fixes.kinds.create_link import CreateLink
from checks.fixes.kinds.creating import Creates
from checks.fixes.model import ONBOARDING, NotPlanned, Plan, Planned, Task
from checks.fixes.planning import About
from checks.people import Person
from checks.progress import Progress
from checks.settings import Settings
from checks.settings_sources import OrestoSource
from checks.store import Store

_NO_BODY = "What was given to create is no object of fields."

#: More plans than any store has.
_ALL_PLANS = 1_000_000_000


def plan_new(
    store: Store,
    settings: Settings,
    fix_id: str,
    given: Mapping[str, Mapping[str, Any]],
    *,
    source: str | None = None,
    by: Person,
    left: Mapping[str, str] | None = None,
    products: Mapping[str, int] | None = None,
    progress: Progress | None = None,
) -> Plan:
    """Plans to create what was given, and keeps the plan, of the check `onboarding`.

    What is there already as wanted, what stands there in another way, and what the shop would refuse is not planned, each
    with its reason. The shop is surveyed once; single products are read where a key is taken, and where a central
    product is to be linked.

    Args:
        given: key -> what is to be created. Of create-link a POST LinkProducts body, of create-own a POST Products body, both
            by article number; of create-client `{"client": body, "users": [bodies], "locations": [bodies]}` by client
            number. The number may be left out of a body.
        source: the web shop; may be left out where there is one.
        left: key -> why it is left out already; it stands in the plan as not planned.
        products: of create-link, key -> the id of the central product that must be meant. Two of them may share the code
            that a body carries: one whose code leads to another product is not planned, and not linked.

    Raises:
        NotAllowed: this person may not.
        UsageError: no such creation; several shops and none named; nothing was given; products for another fix.
        SettingsError: no such source. SourceError: the shop cannot be read. Stopped: a person asked to stop.
    """
    look = _look(store, settings, fix_id, given, source, by, left, products, progress)
    return look.keep(store, look.planned, look.not_planned)


def plan_new_in_batches(
    store: Store,
    settings: Settings,
    fix_id: str,
    given: Mapping[str, Mapping[str, Any]],
    *,
    batch: int,
    source: str | None = None,
    by: Person,
    left: Mapping[str, str] | None = None,
    products: Mapping[str, int] | None = None,
    progress: Progress | None = None,
    instead_of_untouched: bool = True,
) -> list[Plan]:
    """The same as `plan_new`, written as plans of `batch` keys each, in the order they were given; at least one plan.

    The shop is surveyed once and all keys are judged together: of two that may not both be made (one EAN, one central
    product, one e-mail) the first is planned, in whichever batch they would be. All that is not planned stands in the
    first plan.

    `instead_of_untouched`: plans that this person made before, of the same fix and shop and of which nothing was begun,
    are discarded once the shop was read: each of them keeps what was given, also about people. Whoever still holds
    such a plan cannot apply it any more. False keeps them.

    Raises:
        UsageError: a batch below 1; and whatever else `plan_new` raises.
    """
    if batch < 1:
        raise UsageError(f"A batch has at least one key, not {batch}.")
    look = _look(store, settings, fix_id, given, source, by, left, products, progress)
    if instead_of_untouched:
        _discard_untouched(store, look)
    starts = range(0, len(look.planned), batch) or range(1)
    return [
        look.keep(store, look.planned[start : start + batch], look.not_planned if start == 0 else ())
        for start in starts
    ]


@dataclass(frozen=True)
class _Look:
    """What planning found, before it is written: all keys of it."""

    fix: Creates
    shop: OrestoSource
    by: Person
    tasks: Mapping[str, Task]
    planned: Sequence[Planned]
    not_planned: Sequence[NotPlanned]

    def keep(self, store: Store, planned: Sequence[Planned], not_planned: Sequence[NotPlanned]) -> Plan:
        about = About(ONBOARDING, "keys", self.by.name, {})
        tasks = [self.tasks[one.key] for one in planned]
        return planning.keep(store, self.fix, self.shop, about, tasks, planned, not_planned)


def _look(
    store: Store,
    settings: Settings,
    fix_id: str,
    given: Mapping[str, Mapping[str, Any]],
    source: str | None,
    by: Person,
    left: Mapping[str, str] | None,
    products: Mapping[str, int] | None,
    progress: Progress | None,
) -> _Look:
    people.require(settings, by, "fixer", "plan fixes")
    fix = _creation(fix_id)
    shop = _shop(settings, source)
    out, chosen = dict(left or {}), dict(products or {})
    if not given and not out:
        raise UsageError(f"{fix_id}: nothing was given to create.")
    if chosen and not isinstance(fix, CreateLink):
        raise UsageError(f"{fix_id} links nothing: central products are chosen for {CreateLink.id} only.")
    blocked = planning.blocked(store, fix, shop.name)
    out |= {key: _NO_BODY for key, body in given.items() if key not in out and not isinstance(body, Mapping)}
    keys = [key for key in given if key not in out]
    waiting = [NotPlanned(key, blocked[key]) for key in keys if key in blocked]
    tasks = [Task(key, (), given=given[key], chosen=chosen.get(key)) for key in keys if key not in blocked]
    results = planning.results(store, fix, shop, tasks, progress or Progress())
    aside = [NotPlanned(key, reason) for key, reason in out.items()]
    return _Look(
        fix,
        shop,
        by,
        {task.key: task for task in tasks},
        [one for one in results if isinstance(one, Planned)],
        [*aside, *waiting, *(one for one in results if isinstance(one, NotPlanned))],
    )


def _discard_untouched(store: Store, look: _Look) -> None:
    """Takes away what this person planned before and nobody began; not what a worker is about to begin."""
    worker = store.workers.of(look.shop.name)
    under_way = None if worker is None else worker["plan_id"]
    wanted = (ONBOARDING, look.fix.id, look.shop.name, look.by.name, "do")
    for row in store.journal.plans(_ALL_PLANS):
        found = tuple(row[name] for name in ("check", "fix", "source", "created_by", "kind"))
        if found == wanted and row["id"] != under_way:
            store.journal.discard(row["id"])


def _creation(fix_id: str) -> Creates:
    fix = FIXES.get(fix_id)
    if not isinstance(fix, Creates):
        known = ", ".join(one.id for one in FIXES.values() if isinstance(one, Creates))
        raise UsageError(f"{fix_id} creates nothing. What can be created: {known}.")
    return fix


def _shop(settings: Settings, name: str | None) -> OrestoSource:
    if name is not None:
        return settings.shop(name)
    if len(settings.shops) != 1:
        shops = ", ".join(shop.name for shop in settings.shops) or "none"
        raise UsageError(f"Name the web shop in which to create. Web shops: {shops}.")
    return settings.shops[0]
