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
from checks.settings_sources import MatchSettings

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
    "photo-available",
    "sold-but-discontinued",
    "description-differs",
    "price-below-cost",
    "client-blocked-in-erp",
    "client-without-debtor",
    "debtor-without-client",
    "supplier-invalid-ean",
    "supplier-duplicate-ean",
    "supplier-missing-image",
    "supplier-price-missing",
    "supplier-blocked",
    "supplier-inactive",
    "supplier-new",
    "article-discontinued",
    "article-phasing-out",
    "article-unmatched",
    "article-invalid-ean",
    "article-missing-image",
    "article-no-active-price",
    "article-price-expired",
    "article-unmoderated",
    "article-unknown-availability",
    "debtor-missing-required",
    "debtor-unknown-parent",
    "debtor-cycle",
    "debtor-duplicate",
    "debtor-without-contact",
    "debtor-invalid-currency",
    "debtor-invalid-country",
    "debtor-invalid-language",
    "debtor-order-day-invalid",
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
    beside: Collection[str] = (),
    match: MatchSettings | None = None,
) -> Judged:
    """Puts every check to the frames of one source.

    Args:
        frames: the collected frames of one source; what is missing or unusable makes its checks *could not
            run*.
        settings: thresholds and disabled checks (`CheckSettings`).
        now: the moment of the run, aware.
        only: ids of the checks to run; all when None.
        system: what kind of source it is.
        beside: what else the settings have: `shop`, `supplier`, `erp`; checks that compare with another are left out.
        match: of a supplier, how its articles are known to be ours.

    Returns:
        `found`: FOUND, one row per thing wrong. `results`: one per check that is not disabled, in the
        contract's order. *passed* means it judged everything and found nothing. `seconds` is an even share of
        the pass that answers all questions together.

    Raises:
        UsageError: `only` names a check that does not exist.
    """
    return judge(CHECKS.values(), frames, settings, now, only, system, beside, match)


__all__ = ["CHECKS", "Check", "Context", "Judged", "Question", "run_checks"]
