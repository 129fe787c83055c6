"""What is known of the debtors of one ERP, beside the clients of the shops. Made once a run."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from checks.rules import CHECKS
from dashboard.parts import check_notes, loading
from dashboard.parts.check_rows import checks_of
from dashboard.parts.debtors_rows import CLIENTS, debtor_rows
from dashboard.parts.place import Place

#: What a shop's check says of debtors that it does not know.
WITHOUT_CLIENT = "debtor-without-client"

#: The checks of the page, in the catalogue's order.
CHECKS_HERE = tuple(
    check.id for check in CHECKS.values() if check.area == "debtors" or check.entity == "debtor"
)

#: The chip of each check that is about a debtor.
WORDS = {
    "debtor-missing-required": "Field missing",
    "debtor-unknown-parent": "Parent",
    "debtor-cycle": "Ring",
    "debtor-duplicate": "Twice",
    "debtor-without-contact": "No contact",
    "debtor-invalid-currency": "Currency",
    "debtor-invalid-country": "Country",
    "debtor-invalid-language": "Language",
    "debtor-order-day-invalid": "Order day",
    WITHOUT_CLIENT: "No client",
}


@dataclass(frozen=True)
class Known:
    """`debtors`: the frame; `rows`: `debtors_rows.debtor_rows`; None where no run ever collected them.

    `has_clients`: are the clients of a shop known, so that a debtor without one can be told?
    """

    source: str
    debtors: pl.DataFrame | None
    rows: pl.DataFrame | None
    has_clients: bool


def known(place: Place, source: str) -> Known:
    """What is known of that ERP's debtors; the list is made anew when a finding changes."""
    debtors, clients = loading.frame(place, source, "debtors"), _clients(place)
    rows = None
    if debtors is not None:
        number = next(erp.client_number for erp in place.settings.erps if erp.name == source)
        rows = loading.kept(
            "debtors",
            place,
            f"{source}/{number}",
            lambda: debtor_rows(debtors, number, clients, _chips(place, source)),
        )
    return Known(source, debtors, rows, clients is not None)


def found_of(place: Place, source: str) -> pl.DataFrame:
    """Open findings about this ERP's debtors: its own, and what shops say of debtors that they do not know."""
    own = check_notes.open_of(place, source, CHECKS_HERE)
    return pl.concat([own, of_shops(loading.open_findings(place), source)])


def of_shops(findings: pl.DataFrame, source: str) -> pl.DataFrame:
    """Of any findings, those of shops about debtors of that ERP: their keys name it, `easyflor|417`."""
    return findings.filter((pl.col("entity") == "debtor") & pl.col("key").str.starts_with(f"{source}|"))


def of_debtor(source: str, ident: str) -> pl.Expr:
    """The findings about one debtor, whichever source they are of."""
    own = (pl.col("source") == source) & (pl.col("key") == ident)
    return (pl.col("entity") == "debtor") & (own | (pl.col("key") == f"{source}|{ident}"))


def _chips(place: Place, source: str) -> pl.DataFrame:
    found = found_of(place, source).with_columns(debtor_id=pl.col("key").str.replace(r"^[^|]*\|", ""))
    return check_notes.chip_cells(found, WORDS, "debtor_id")


def _clients(place: Place) -> pl.DataFrame | None:
    """CLIENTS of every shop; None where none were ever collected."""
    parts = []
    for shop in place.settings.shops:
        frame = loading.frame(place, shop.name, "clients")
        if frame is not None:
            parts.append(
                frame.select(
                    "client_number", shop=pl.lit(shop.name), client="name", client_active="active"
                ).select(CLIENTS.names())
            )
    return pl.concat(parts) if parts else None


def asked(place: Place, source: str) -> list[str]:
    """The checks that are a question to this ERP."""
    return checks_of(place, source, CHECKS_HERE)
