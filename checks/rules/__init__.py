"""The checks: what can be wrong with what was collected.

To add a check, define a `Check` in one of the files here or in a new one; it is found by itself. `CHECKS`
keeps the contract's order; what the contract does not know comes after it.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Collection
from datetime import datetime
from importlib import import_module

from checks.frames import Frames
from checks.rules.check import Check, Context, Question
from checks.rules.run import Judged, judge
from checks.settings import CheckSettings

_ORDER = (
    "own-became-central",
    "own-and-linked",
    "linked-central-deleted",
    "missing-photo",
    "invalid-reference",
    "missing-reference",
    "category-not-leaf",
    "invalid-ean",
    "restricted-ean",
    "duplicate-ean",
    "forbidden-characters",
    "text-missing",
    "price-missing",
    "promo-invalid",
    "multiplier-invalid",
    "package-mismatch",
    "client-without-user",
    "client-without-location",
    "client-unknown-segment",
    "user-unknown-client",
    "client-product-unknown-article",
    "client-product-unknown-client",
    "client-product-same-price",
    "order-list-unknown-article",
    "order-unprocessed",
    "order-delivery-passed",
    "order-unknown-client",
    "order-unknown-article",
    "order-total-mismatch",
    "error-new",
    "error-regressed",
    "error-spike",
    "collection-incomplete",
    "schema-drift",
)


def _catalogue() -> dict[str, Check]:
    found: dict[str, Check] = {}
    for module in pkgutil.iter_modules(__path__):
        for thing in vars(import_module(f"{__name__}.{module.name}")).values():
            if isinstance(thing, Check) and found.setdefault(thing.id, thing) is not thing:
                raise ValueError(f"Two checks are called {thing.id}.")
    place = {check: number for number, check in enumerate(_ORDER)}
    return dict(sorted(found.items(), key=lambda item: (place.get(item[0], len(_ORDER)), item[0])))


CHECKS: dict[str, Check] = _catalogue()


def run_checks(
    frames: Frames,
    settings: CheckSettings,
    now: datetime,
    *,
    only: Collection[str] | None = None,
    system: str = "oresto",
) -> Judged:
    """Puts every check to the frames of one source.

    Args:
        frames: the collected frames of one source; what is missing or unusable makes its checks *could not
            run*.
        settings: thresholds and disabled checks (`CheckSettings`).
        now: the moment of the run, aware.
        only: ids of the checks to run; all when None.
        system: what kind of source it is.

    Returns:
        `found`: FOUND, one row per thing wrong. `results`: one per check that is not disabled, in the
        contract's order. *passed* means it judged everything and found nothing. `seconds` is an even share of
        the pass that answers all questions together.

    Raises:
        UsageError: `only` names a check that does not exist.
    """
    return judge(CHECKS.values(), frames, settings, now, only, system)


__all__ = ["CHECKS", "Check", "Context", "Judged", "Question", "run_checks"]
