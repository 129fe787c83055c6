"""Plants the faults of the debtors' checks, and those between the shop's clients and the ERP's debtors.

Each fault has a debtor of its own as far as its check goes; some are traps: they look guilty and are not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from checks.sandbox.easyflor.made import EXPORT, Books, Row, addresses, make_books
from checks.sandbox.ours import OurClient, Ours

Truth = dict[str, set[tuple[str, str | None]]]

_NO_SUCH = 999_001
_BLOCKED_EACH = 2  # with open orders, and without


@dataclass
class Planter:
    """Hands out debtors without a fault, and keeps the truth.

    Attributes:
        truth: what the checks of the ERP find, by debtor id.
        beside: what those between the two find, by client number; `debtor-without-client` by debtor id.
    """

    rng: Random
    books: Books
    blocked: set[str]  # clients of whom every debtor is
    truth: Truth = field(default_factory=dict)
    beside: Truth = field(default_factory=dict)

    def __post_init__(self) -> None:
        rows = [row for row in self.books.rows.values() if row["Code"] not in self.blocked]
        #: Codes of clients, each with a sound debtor in the main administration that nothing happens to.
        self.codes = list(dict.fromkeys(str(row["Code"]) for row in rows))
        others = [row for row in rows if row["Administration"] == EXPORT]
        self._slots: Iterator[Row] = iter(self.rng.sample(others, len(others)))

    def take(self) -> Row:
        """A sound debtor beside a client's own one; where these run out, a new one."""
        row = next(self._slots, None)
        return row or self.books.add(Code=self.codes[0], Administration=f"Extra {len(self.books.rows)}")

    def guilty(self, check: str, row: Row, part: str | None = None) -> None:
        self.truth.setdefault(check, set()).add((str(row["Id"]), part))


def make_planted(ours: Ours, seed: int, begun: datetime) -> Planter:
    """The debtors of these clients, with faults; the same clients and seed give the same ones."""
    rng = Random(f"{seed}/easyflor")
    active = [client for client in ours.clients if client.active]
    without = {client.number for client in rng.sample(active, min(2, len(active)))}
    blocked = _blocked(rng, [client for client in active if client.number not in without])
    planter = Planter(rng, make_books(rng, list(ours.clients), without, begun), blocked)
    planter.beside["client-without-debtor"] = {(number, None) for number in without}
    for number in blocked:
        for row in planter.books.of_code(number):
            row["Block"] = True
    planter.beside["client-blocked-in-erp"] = {(number, None) for number in blocked}
    planter.take()["Block"] = True  # the client's other debtor is not, so the client can be delivered
    for how in (_strangers, _missing, _parents, _cycles, _duplicates, _contacts, _codes, _order_days):
        how(planter)
    return planter


def _blocked(rng: Random, clients: list[OurClient]) -> set[str]:
    busy = [client.number for client in clients if client.open_orders]
    idle = [client.number for client in clients if not client.open_orders]
    return {number for group in (busy, idle) for number in rng.sample(group, min(_BLOCKED_EACH, len(group)))}


def _strangers(planter: Planter) -> None:
    """Debtors that are no client of the shop; a blocked one is nobody's business."""
    head = planter.books.of_code(planter.codes[0])[0]
    first = planter.books.add(Code="D90001")
    second = planter.books.add(Code="D90002", ParentId=head["Id"], ParentDebtorCode=head["Code"])
    planter.books.add(Code="D90003", Block=True)
    planter.beside["debtor-without-client"] = {(str(row["Id"]), None) for row in (first, second)}


def _missing(planter: Planter) -> None:
    fields = {
        "code": ("Code", None),
        "administration": ("Administration", ""),
        "name": ("Name", " "),
        "category": ("Category", None),
        "currency": ("CurrencyISOCode", None),
        "currency_old": ("Currency", None),
        "language": ("Language", ""),
        "blocked": ("Block", None),
        "pays_vat": ("PaysVAT", None),
        "created": ("CreatedOn", None),
    }
    rows = [planter.take() for _ in range(3)]
    for place, (part, (name, value)) in enumerate(fields.items()):
        rows[place % 3][name] = value
        planter.guilty("debtor-missing-required", rows[place % 3], part)


def _parents(planter: Planter) -> None:
    nobody, no_code, two_minds = planter.take(), planter.take(), planter.take()
    nobody["ParentId"] = _NO_SUCH
    planter.guilty("debtor-unknown-parent", nobody, "parent_id")
    no_code["ParentDebtorCode"] = "GEEN-DEBITEUR"
    planter.guilty("debtor-unknown-parent", no_code, "parent_code")
    one, other = (planter.books.of_code(code)[0] for code in planter.codes[:2])
    two_minds["ParentId"], two_minds["ParentDebtorCode"] = one["Id"], other["Code"]
    planter.guilty("debtor-unknown-parent", two_minds, "parent_code")


def _cycles(planter: Planter) -> None:
    rings = ([planter.take()], [planter.take() for _ in range(3)])  # its own parent; a ring of three
    for ring in rings:
        for row, parent in zip(ring, [*ring[1:], ring[0]], strict=True):
            row["ParentId"], row["ParentDebtorCode"] = parent["Id"], parent["Code"]
            planter.guilty("debtor-cycle", row, "parent_id")
    below = planter.take()  # hangs below the ring and is no part of it
    below["ParentId"], below["ParentDebtorCode"] = rings[1][0]["Id"], rings[1][0]["Code"]
    one, other = planter.take(), planter.take()
    one["ToInvoice"], other["ToInvoice"] = [f"debtors/{other['Id']}"], [str(one["Id"])]
    for row in (one, other):
        planter.guilty("debtor-cycle", row, "to_invoice")


def _duplicates(planter: Planter) -> None:
    books, rng, (one, other, third) = planter.books, planter.rng, planter.codes[:3]
    town: Row = {"Name": "De Bloemenmarkt", "Addresses": addresses("Aalst", rng)}
    shouted: Row = {"Name": "DE  BLOEMENMARKT B.V.", "Addresses": addresses("AALST ", rng)}
    pairs: dict[str, tuple[Row, Row]] = {
        "code": ({"Code": one}, {"Code": f" {one}"}),
        "vat_number": (
            {"Code": one, "Numbers": _vat("BE 0999.123.456")},
            {"Code": other, "Numbers": _vat("BE0999123456")},
        ),
        "name": ({"Code": one, **town}, {"Code": other, **shouted}),
    }
    for part, pair in pairs.items():
        for fields in pair:
            planter.guilty("debtor-duplicate", books.add(Administration=f"Dubbel {part}", **fields), part)
    books.add(Administration="Dubbel name", Code=third, Block=True, **town)  # somebody has dealt with it


def _vat(number: str) -> list[Row]:
    return [{"Category": "Btw-nummer", "Value": number}]


def _contacts(planter: Planter) -> None:
    nothing: tuple[list[Row] | None, ...] = ([], None)
    for nobody in nothing:
        row = planter.take()
        row["Contacts"] = nobody
        planter.guilty("debtor-without-contact", row)
    planter.books.add(Code="D90004", Contacts=[], Block=True)  # nobody is called for it any more


def _codes(planter: Planter) -> None:
    for check, part, name, values in (
        ("debtor-invalid-currency", "currency", "CurrencyISOCode", ("EURO", "XX1")),
        ("debtor-invalid-country", "country", "Country", ("BE", "XYZ")),
        ("debtor-invalid-language", "language", "Language", ("n1", "nl-BE")),
    ):
        for value in values:
            row = planter.take()
            row[name] = value
            if part == "currency":
                row["Currency"] = value
            planter.guilty(check, row, part)
    row = planter.take()
    row["Currency"] = "USD"
    planter.guilty("debtor-invalid-currency", row, "currency_old")
    for language in ("Nederlands", "fra"):  # a name is documented, a code is what the sample has
        planter.take()["Language"] = language


def _order_days(planter: Planter) -> None:
    for fault in (
        {"Day": 8},
        {"Day": -1},
        {"MaxDefaultOrderTime": "15:30"},
        {"MaxDefaultOrderTime": "25:00:00"},
    ):
        row = planter.take()
        row["OrderDays"] = [
            *row["OrderDays"],
            {"Id": "orderdays/9", "Name": "Extra", "Day": 3, **fault, "Lists": []},
        ]
        planter.guilty("debtor-order-day-invalid", row)
    for day in (0, 7):  # the number of Sunday is not known
        planter.take()["OrderDays"] = [{"Id": "orderdays/7", "Name": "Zondag", "Day": day, "Lists": []}]
