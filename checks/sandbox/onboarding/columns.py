"""The columns of the export: their headings, the groups above them in the workbook, and the cell of each line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import NamedTuple

from checks.sandbox.onboarding.lines import Line
from checks.sandbox.onboarding.spellings import Spellings
from checks.sandbox.oresto.moments import BELGIUM

#: Text stays text; a number has its decimals; None is an empty cell.
Cell = str | float | int | date | None


class Column(NamedTuple):
    """`cell` makes what stands there for a line."""

    heading: str
    group: str  # of the merged heading in the workbook
    cell: Callable[[Line, Writer], Cell]


#: Field of a reference -> the heading of its column.
REFERENCE_HEADINGS = {
    "brand": "Merk",
    "producer": "Producent",
    "category": "Productgroep",
    "supplier": "Leverancier",
    "storage_condition": "Bewaring",
    "content_type": "Inhoud eenheid",
    "unit_sales_price": "Verkoopeenheid",
}

#: Where a line's row keeps it.
_ATTRIBUTES = {
    "brand": "brand_id",
    "producer": "producer_id",
    "category": "category_id",
    "supplier": "supplier_id",
    "storage_condition": "storage_id",
}


@dataclass
class Writer:
    """What the cells of all lines share: the spellings, and the dice for what nobody needs."""

    rng: Random
    spellings: Spellings
    today: date

    def name(self, line: Line, field: str) -> str:
        """What the file calls a reference of this line."""
        if field in line.written:
            return line.written[field]
        if field in _ATTRIBUTES:
            return self.spellings.of(field, getattr(line.row, _ATTRIBUTES[field]))
        return self.spellings.unit(field, getattr(line.row, field))

    def bought(self) -> date:
        return self.today - timedelta(days=self.rng.randint(2, 200))

    def shelf(self) -> str:
        return f"{self.rng.choice('ABCDE')}-{self.rng.randint(1, 40):02d}-{self.rng.randint(1, 6)}"


def _reference(field: str, group: str) -> Column:
    return Column(REFERENCE_HEADINGS[field], group, lambda line, writer: writer.name(line, field))


def _day(line: Line, moment: datetime | None) -> date | None:
    """The day in Belgium; none where there is no promo."""
    return None if moment is None or line.row.promo is None else moment.astimezone(BELGIUM).date()


def _yes(answer: bool) -> str:
    return "J" if answer else "N"


COLUMNS: tuple[Column, ...] = (
    Column("Artikelnr", "Artikel", lambda line, writer: line.row.article_number),
    Column("Omschrijving", "Artikel", lambda line, writer: line.name),
    Column("Omschrijving FR", "Artikel", lambda line, writer: line.french),
    _reference("brand", "Artikel"),
    _reference("producer", "Artikel"),
    _reference("category", "Artikel"),
    Column("EAN-code", "Codes", lambda line, writer: line.ean),
    Column("EAN doos", "Codes", lambda line, writer: line.carton_ean),
    _reference("supplier", "Codes"),
    Column("Art.nr. leverancier", "Codes", lambda line, writer: line.row.supplier_code),
    Column("Inhoud", "Verpakking", lambda line, writer: line.row.total_content),
    _reference("content_type", "Verpakking"),
    _reference("unit_sales_price", "Verpakking"),
    Column("Aantal per doos", "Verpakking", lambda line, writer: line.per_carton),
    _reference("storage_condition", "Verpakking"),
    Column("BTW %", "Prijzen", lambda line, writer: line.row.vat),
    Column("Verkoopprijs", "Prijzen", lambda line, writer: line.row.price),
    Column("Actieprijs", "Prijzen", lambda line, writer: line.row.promo),
    Column("Actie van", "Prijzen", lambda line, writer: _day(line, line.row.promo_from)),
    Column("Actie tot", "Prijzen", lambda line, writer: _day(line, line.row.promo_until)),
    Column("Actief", "Status", lambda line, writer: _yes(line.row.active)),
    Column("Op bestelling", "Status", lambda line, writer: _yes(line.row.on_order)),
    Column("Stock", "Magazijn", lambda line, writer: writer.rng.randrange(400)),
    Column("Magazijnlocatie", "Magazijn", lambda line, writer: writer.shelf()),
    Column("Laatste aankoop", "Magazijn", lambda line, writer: writer.bought()),
    Column("Inkoopprijs", "Magazijn", lambda line, writer: round((line.row.price or 1.0) * 0.71, 4)),
)


def cells_of(lines: list[Line], writer: Writer) -> list[list[Cell]]:
    """The rows of the export, in the order of `COLUMNS`."""
    return [[column.cell(line, writer) for column in COLUMNS] for line in lines]
