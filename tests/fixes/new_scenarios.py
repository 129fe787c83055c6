"""Arrangements for what has no finding: a link, an own product and a client that the shop lacks, for the fault matrix and
the tests of the single kinds (`tests/fixes/kinds`).
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from checks.fixes import ONBOARDING, Plan, plan_new
from checks.sandbox.oresto.codes import check_digit, is_restricted
from checks.sandbox.oresto.rows import Central
from tests.fixes.conftest import ANN, World
from tests.fixes.scenarios import Arranged, Forced, Scenario, Step, back_after

Json = dict[str, Any]


@dataclass(frozen=True)
class New(Arranged):
    """Something that is not in the shop, as it is given to `plan_new`."""

    fix: str = ""
    given: Json = dataclasses.field(default_factory=dict)

    def report(self, world: World) -> None:
        """No health check finds what is not there."""

    def plan(self, world: World, **options: str) -> Plan:
        return plan_new(world.store, world.settings, self.fix, {self.key: self.given}, by=ANN)


def free_central(world: World, several: int = 1) -> list[Central]:
    """Central products that nobody sells: not linked, no own product has their code."""
    shop = world.sandbox.shop
    own = {row.ean for row in shop.own.values()}
    found = [
        row
        for row in shop.live_central
        if row.ean and row.ean not in own and not shop.links.get(row.id) and not is_restricted(row.ean)
    ]
    return found[:several]


def sold(**fields: Any) -> Json:
    return {"Active": True, "OnOrder": False, "UnitSalesPrice": "ST", "SalesPriceList": 4.95, **fields}


def link_of(row: Central, **fields: Any) -> Json:
    """With a promotion and a sales text."""
    return sold(
        EanCode=row.ean,
        SalesPriceListPromo=3.5,
        PromoValidFrom="2026-01-05T00:00:00+01:00",
        PromoValidUntil="2026-07-31T00:00:00+02:00",
        WholesalerProductLocalizations=[{"LanguageCode": "nld", "PromoDescription": "Actie"}],
        **fields,
    )


def code(number: int) -> str:
    """An EAN that no product of the sandbox has."""
    body = f"549990{number:06}"
    return body + check_digit(body)


def own_of(world: World, number: int = 1, **fields: Any) -> Json:
    """With texts, a supplier's code and a multiplier."""
    lookups = world.sandbox.shop.lookups
    return sold(
        EanCode=code(number),
        BrandId=min(lookups.brands),
        CategoryId=min(leaf.id for leaf in lookups.leaves()),
        StorageConditionId=min(lookups.storage),
        ContentType="KG",
        TotalContent=2.5,
        VatPercentage=6,
        MultiplierAbbreviation="KG",
        MultiplierAmount=0.5,
        OrderQuantity=2,
        Supplier={"Id": min(lookups.suppliers), "ArticleCode": f"NEW-{number}"},
        Localizations=[
            {"LanguageCode": "nld", "Name": "Jonge kaas"},
            {"LanguageCode": "fra", "Name": "Jeune fromage", "Description": "Doux"},
        ],
        **fields,
    )


def client_of(world: World, number: str, users: int = 1, places: int = 1, **fields: Any) -> Json:
    return {
        "client": {
            "Active": True,
            "Email": f"info-{number}@bistro.example",
            "HasPromos": True,
            "MayViewPromoLabels": False,
            "OrdersMayBeDeliveredToClient": True,
            "Name": "Bistro De Zwarte Zwaan",
            "SegmentId": min(world.sandbox.shop.lookups.segments),
            "PhoneNumber": "050 12 34 56",
            "Location": {"StreetName": "Zwanenlaan", "StreetNumber": "1", "PostalCode": "8310"},
            **fields,
        },
        "users": [
            {
                "Active": True,
                "Email": f"chef{place}-{number}@bistro.example",
                "LanguageCode": "nld",
                "Firstname": "Godelieve",
            }
            for place in range(1, users + 1)
        ],
        "locations": [
            {"StreetName": f"Achterpoort {place}", "PostalCode": "8310", "Municipality": "Assebroek"}
            for place in range(1, places + 1)
        ],
    }


def new_link(world: World) -> New:
    (row,) = free_central(world)
    return New(ONBOARDING, "NEW-1", fix="create-link", given=link_of(row))


def new_own(world: World) -> New:
    return New(ONBOARDING, "NEW-2", fix="create-own", given=own_of(world))


def new_client(world: World) -> New:
    return New(ONBOARDING, "K-NEW", fix="create-client", given=client_of(world, "K-NEW"))


_CLIENT = (Step("POST Clients"), Step("POST Users"), Step("POST ClientLocations"))
_CLIENT_GONE = (Step("DELETE ClientLocations/*"), Step("DELETE Users"), Step("DELETE Clients"))

NEW_DO = (
    Scenario("create-link", new_link, (Step("POST LinkProducts"),)),
    Scenario("create-own", new_own, (Step("POST Products"),)),
    Scenario(
        "create-client",
        new_client,
        _CLIENT,
        back_after(Forced("POST ClientLocations"), Step("DELETE Users"), Step("DELETE Clients")),
    ),
)

NEW_UNDO = (
    Scenario("undo create-link", new_link, (Step("DELETE Products"),), undoes=True),
    Scenario("undo create-own", new_own, (Step("DELETE Products"),), undoes=True),
    Scenario(
        "undo create-client",
        new_client,
        _CLIENT_GONE,
        back_after(Forced("DELETE Clients"), Step("POST Users"), Step("POST ClientLocations")),
        undoes=True,
    ),
)
