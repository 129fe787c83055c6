"""Makes the debtors of an ERP for the clients of a shop: one each, and for many a second one in another administration.

All is well with them; `planted` spoils some. The same clients and seed give the same debtors.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from checks.sandbox.easyflor.people import contacts_of
from checks.sandbox.ours import OurClient

MAIN, EXPORT = "Hoofd", "Export"

_ALPHA_3 = {"BE": "BEL", "NL": "NLD", "FR": "FRA", "DE": "DEU", "LU": "LUX"}
_LANGUAGE = {"NLD": "nl", "FRA": "fr", "DEU": "de", "LUX": "fr"}
_CATEGORIES = ("Winkel", "Horeca", "Groothandel")
_DAYS = ("Zondag", "Maandag", "Dinsdag", "Woensdag", "Donderdag", "Vrijdag", "Zaterdag")
_UNTIL = ("-1.15:30:00", "-01.20:00:00", "08:30:00", "00.06:15:00", "-02.12:00:00")
_FIRST_ID = 501
_CHAIN = 6  # every so many clients, the next two are its branches

Row = dict[str, Any]


@dataclass
class Books:
    """The debtors of one database, by id, as the API shows them; `modified`: when each last changed, in UTC."""

    rng: Random
    begun: datetime
    rows: dict[int, Row] = field(default_factory=dict)
    modified: dict[int, datetime] = field(default_factory=dict)

    def add(self, **fields: Any) -> Row:
        """A debtor in which all is well but for `fields`; its id is the next one."""
        number = _FIRST_ID + len(self.rows)
        row = _sound(self.rng, number, self.begun) | fields
        self.rows[number] = row
        self.modified[number] = self.begun - timedelta(days=self.rng.randint(3, 900))
        return row

    def of_code(self, code: str) -> list[Row]:
        return [row for row in self.rows.values() if row["Code"] == code]


def make_books(rng: Random, clients: list[OurClient], without: set[str], begun: datetime) -> Books:
    """The debtors of `clients`, but of those whose number is in `without`.

    In the administration `Export` the first half has another debtor, of the same name and with the same VAT number: that
    is no duplicate, for each administration has books of its own.
    """
    books, seen = Books(rng, begun), set()
    kept = [client for client in clients if client.number not in without]
    for place, client in enumerate(kept):
        name, town = client.name or "Klant", client.place or "Brugge"
        while (name.casefold(), town.casefold()) in seen:
            name = f"{name} {client.number}"
        seen.add((name.casefold(), town.casefold()))
        row = books.add(Code=client.number, Name=name, **_where(client, town))
        if place % _CHAIN in (1, 2):
            _be_branch(row, books.of_code(kept[place - place % _CHAIN].number)[0])
        elif rng.random() < 0.2:
            row["ToInvoice"] = [f"debtors/{row['Id']}"]  # for itself
    for client in kept[: (len(kept) + 1) // 2]:
        main = books.of_code(client.number)[0]
        names = ["Code", "Name", "Country", "Language", "Addresses"]
        if (
            main["ParentId"] is None
        ):  # here no branch hangs below its head office, so each has a number of its own
            names.append("Numbers")
        books.add(Administration=EXPORT, Category="Export", **{name: main[name] for name in names})
    return books


def addresses(place: str | None, rng: Random) -> list[Row]:
    return [
        {
            "Category": "Factuuradres",
            "Street": "Dorpsstraat",
            "Number": str(rng.randint(1, 90)),
            "City": place,
        }
    ]


def _where(client: OurClient, town: str) -> Row:
    country = _ALPHA_3.get((client.country or "").upper(), "BEL")
    language = _LANGUAGE.get(country, "nl")
    return {"Country": country, "Language": language, "Addresses": addresses(town, Random(client.number))}


def _be_branch(row: Row, head: Row) -> None:
    """A branch has its head office's VAT number, which is no duplicate, and its invoices go there."""
    row["ParentId"], row["ParentDebtorCode"] = head["Id"], head["Code"]
    row["Numbers"] = head["Numbers"]
    row["ToInvoice"] = [f"debtors/{head['Id']}"]


def _sound(rng: Random, number: int, begun: datetime) -> Row:
    created = begun - timedelta(days=rng.randint(900, 3000), minutes=rng.randint(0, 1000))
    return {
        "Id": number,
        "ParentId": None,
        "Code": f"D{number}",
        "ParentDebtorCode": None,
        "Administration": MAIN,
        "Name": f"Klant {number}",
        "SecondName": None,
        "Category": rng.choice(_CATEGORIES),
        "Country": "BEL",
        "Currency": "EUR",
        "CurrencyISOCode": "EUR",
        "Language": "nl",
        "TransporterCode": None,
        "TransporterName": None,
        "TransportRegion": rng.choice(("Kust", "Binnenland", None)),
        "Employees": [],
        "OrderDayNames": [],
        "ToInvoice": [],
        "Locations": [],
        "InvoiceCreditTemplate": None,
        "InvoiceDebetTemplate": "Standaard",
        "InvoiceCSVTemplate": None,
        "InvoiceEventsTodo": [],
        "Price": "Verkoop",
        "PriceUseMarkupCategories": None,
        "PriceUseOriginalPrice": False,
        "MarkupCategories": [],
        "DistributionPackagingVATRate": "H",
        "DistributionTrolleyVATRate": "H",
        "DistributionSellingLocation": None,
        "Block": False,
        "PaysVAT": True,
        "CreatedOn": created.strftime("%Y-%m-%dT%H:%M:%S+00:00"),
        "Config": {
            "Id": f"config/{number}",
            "DebtorId": f"debtors/{number}",
            "SalesUnits": [],
            "DirectPay": False,
        },
        "Addresses": addresses("Brugge", rng),
        "Numbers": [
            {"Category": "Telefoon", "Value": f"050{rng.randint(100_000, 999_999)}"},
            {"Category": "BTW", "Value": f"BE0{number:03d}.{rng.randint(100, 999)}.{number % 997:03d}"},
        ],
        "MailAddresses": None,
        "Contacts": contacts_of(rng, number),
        "OrderDays": [
            _order_day(rng, number, day) for day in sorted(rng.sample(range(1, 7), rng.randint(1, 3)))
        ],
    }


def _order_day(rng: Random, number: int, day: int) -> Row:
    until = rng.choice(_UNTIL)
    return {
        "Id": f"orderdays/{number * 10 + day}",
        "Name": _DAYS[day],
        "Day": day,
        "MaxDefaultOrderTime": until,
        "Lists": [{"Id": day, "MaxOrderTime": until, "MinOrderTime": None}],
    }
