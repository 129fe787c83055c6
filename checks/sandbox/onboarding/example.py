"""The example files of a new wholesaler for a shop's own central database, with the truth: `example(sandbox)`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from random import Random

import polars as pl

from checks.sandbox.onboarding import clients as of_clients
from checks.sandbox.onboarding.choosing import choose_lines
from checks.sandbox.onboarding.columns import COLUMNS, REFERENCE_HEADINGS, Cell, Writer, cells_of
from checks.sandbox.onboarding.erp_names import LONGEST, heavy, mild
from checks.sandbox.onboarding.faults import Planter, plant
from checks.sandbox.onboarding.lines import NAME, WORDS, Faults, Found, Line
from checks.sandbox.onboarding.spellings import Spellings, in_cp1252
from checks.sandbox.onboarding.spoilt_codes import write_codes
from checks.sandbox.onboarding.writing import as_csv, as_xlsx
from checks.sandbox.oresto.codes import CodeMint, as_gtin14
from checks.sandbox.oresto.moments import BELGIUM
from checks.sandbox.oresto.shop import Shop
from checks.sandbox.server import Sandbox

#: What each article truly is. Ids are those of the shop; null where there is none.
TRUTH = pl.Schema(
    {
        "article_number": pl.String,
        "kind": pl.String,  # gtin | supplier-code | name | own
        "product_id": pl.Int64,  # the central one; null for an own article
        "damage": WORDS,
        "brand_id": pl.Int64,
        "category_id": pl.Int64,
        "content_type": pl.String,
        "unit_sales_price": pl.String,
        "storage_condition_id": pl.Int64,
        "producer_id": pl.Int64,
        "supplier_id": pl.Int64,
    }
)

#: What each name of a reference in the file means. `value`: an id or an abbreviation; null: nothing in the table.
NAMES = pl.Schema({"field": pl.String, "written": pl.String, "value": pl.String, "how": pl.String})

_HEAVY_RATE = 0.35  # of the names that are not needed to find the article
_CLIENTS_EACH = 10
_OTHER_UNIT_RATE = 0.15
_OTHER_UNIT = {
    "KG": ("G", 1000),
    "G": ("KG", 0.001),
    "L": ("CL", 100),
    "CL": ("L", 0.01),
    "ML": ("CL", 0.1),
}


@dataclass(frozen=True)
class Example:
    """What a new wholesaler's own system exports, and what is true about it.

    Attributes:
        csv: the articles; cp1252, semicolons, decimal comma, two lines of title, a line of totals.
        xlsx: the same as a workbook, with merged headings, and codes partly as numbers.
        clients_csv: the clients, each with its user and address.
        truth: `TRUTH`, a row per article. `damage`: what is odd about it, in fixed words. Of its codes: spaces, dashes,
            point-zero, gs1-128, fourteen-digits, lost-zero (can be mended); excel-ean, wrong-digit, letter, house-number
            (cannot); no-ean, restricted, other-product, same-code (two articles, one code: of two that are one central
            product only one can be linked). Of the rest: no-price, bad-promo, no-fra, no-nld, forbidden-sign,
            unknown-FIELD and empty-FIELD.
        names: `NAMES`, a row per name of a brand, producer, category, supplier, storage condition or unit in the file.
        clients: `checks.sandbox.onboarding.clients.CLIENTS`, a row per client.
        faults: check id -> {(article or client number, field or None)}: what is wrong with the file as it stands, and
            stays wrong when it is sent so. Photos are no part of it.
        repeated: article numbers that stand in the file twice; the second line is an old one.
        unnumbered: how many lines have no article number.
    """

    csv: bytes
    xlsx: bytes
    clients_csv: bytes
    truth: pl.DataFrame
    names: pl.DataFrame
    clients: pl.DataFrame
    faults: Faults
    repeated: tuple[str, ...]
    unnumbered: int

    def faults_of(self, keys: Collection[str]) -> Faults:
        """The faults of these articles or clients alone; checks of which none is left are absent."""
        kept = {check: {one for one in found if one[0] in keys} for check, found in self.faults.items()}
        return {check: found for check, found in kept.items() if found}


def example(of: Sandbox | Shop, articles: int = 1000, seed: int = 7) -> Example:
    """The files that a new wholesaler would bring to this shop. The same shop, hour, number and seed give the same.

    More than half of the articles are central with a right or mendable code, a tenth by the supplier's code alone, a
    tenth by their name alone, and a quarter are its own.

    Args:
        of: the shop whose central database the articles are matched with.
        articles: how many; at least 150.
        seed: of the dice.

    Raises UsageError where the central database is too small for so many articles.
    """
    shop = of.shop if isinstance(of, Sandbox) else of
    taken = {code for product in shop.central if (code := as_gtin14(product.ean))}
    mint = CodeMint(_dice(seed, "codes"), shop.lookups.brands, taken)
    lines = choose_lines(_dice(seed, "lines"), shop, mint, articles)
    found = Found()
    spellings = Spellings(_dice(seed, "spellings"), shop.lookups)
    write_codes(_dice(seed, "written"), lines, shop.live_central, mint, found)
    plant(Planter(_dice(seed, "planted"), lines, spellings, mint, taken, shop.anchor, found))
    _name(_dice(seed, "names"), lines, spellings)
    _measure(_dice(seed, "contents"), lines)
    _number(_dice(seed, "numbers"), lines)
    writer = Writer(_dice(seed, "cells"), spellings, shop.anchor.astimezone(BELGIUM).date())
    rows = cells_of(lines, writer)
    repeated = _add_odd_lines(_dice(seed, "odd"), rows)
    clients = of_clients.make_clients(_dice(seed, "clients"), shop, max(1, articles // _CLIENTS_EACH))
    return Example(
        csv=as_csv(rows, [column.heading for column in COLUMNS], _title(writer), _totals(rows)),
        xlsx=as_xlsx(_dice(seed, "workbook"), rows, _title(writer), _totals(rows), shop.anchor),
        clients_csv=as_csv(clients.rows, of_clients.HEADINGS, (), ()),
        truth=_truth(lines),
        names=_names(spellings, rows),
        clients=clients.truth,
        faults=dict(sorted({**found.faults(), **clients.faults}.items())),
        repeated=repeated,
        unnumbered=1,
    )


def _dice(seed: int, part: str) -> Random:
    """Each part has dice of its own, so that a change in one leaves the others as they were."""
    return Random(f"{seed}/onboarding/{part}")


def _name(rng: Random, lines: list[Line], spellings: Spellings) -> None:
    """What the file calls the articles; those that are known by nothing else it calls worst."""
    for line in lines:
        texts = {language: text for language, text, _ in line.row.texts}
        brand = spellings.of("brand", line.row.brand_id)
        write = heavy if line.kind == NAME or rng.random() < _HEAVY_RATE else mild
        line.name = in_cp1252(write(rng, texts.get("nld") or "", brand)) if texts.get("nld") else ""
        line.french = in_cp1252(" ".join((texts.get("fra") or "").split())[:LONGEST].strip())


def _measure(rng: Random, lines: list[Line]) -> None:
    """Some contents in another unit: 2,5 kg is 2500 g, 1500 cl is 15 l."""
    for line in lines:
        row = line.row
        other = _OTHER_UNIT.get(row.content_type or "")
        if other is not None and row.total_content and not line.damage and rng.random() < _OTHER_UNIT_RATE:
            row.content_type, factor = other
            row.total_content = round(row.total_content * factor, 4)


def _number(rng: Random, lines: list[Line]) -> None:
    """Six digits, ascending, some with a zero in front; a sign that may not be in it where one is planted."""
    last = 9_000
    for line in lines:
        last += rng.randint(1, 150)
        number = f"{last:06d}"
        sign = line.written.get("article_number")
        line.row.article_number = number if sign is None else f"{number[:3]}{sign}{number[3:]}"


def _add_odd_lines(rng: Random, rows: list[list[Cell]]) -> tuple[str, ...]:
    """Some lines stand there twice, the second time with last year's price; one has lost its number."""
    repeated = rng.sample(rows, max(1, len(rows) // 500))
    price = next(place for place, column in enumerate(COLUMNS) if column.heading == "Verkoopprijs")
    for row in repeated:
        again = list(row)
        again[price] = 1.11
        rows.append(again)
    lost = list(rng.choice(rows))
    lost[0] = ""
    rows.append(lost)
    return tuple(str(row[0]) for row in repeated)


def _title(writer: Writer) -> tuple[str, ...]:
    return ("Artikellijst per artikelnummer", f"Afgedrukt op {writer.today:%d/%m/%Y}, alle magazijnen")


def _totals(rows: list[list[Cell]]) -> list[Cell]:
    stock = next(place for place, column in enumerate(COLUMNS) if column.heading == "Stock")
    counts = [row[stock] for row in rows]
    totals: list[Cell] = [""] * len(COLUMNS)
    totals[0], totals[1] = "Totaal", f"{len(rows)} artikelen"
    totals[stock] = sum(count for count in counts if isinstance(count, int))
    return totals


def _truth(lines: list[Line]) -> pl.DataFrame:
    rows = [
        (
            line.row.article_number,
            line.kind,
            None if line.product is None else line.product.id,
            line.damage,
            line.row.brand_id,
            line.row.category_id,
            line.row.content_type,
            line.row.unit_sales_price,
            line.row.storage_id,
            line.row.producer_id,
            line.row.supplier_id,
        )
        for line in lines
    ]
    return pl.DataFrame(rows, schema=TRUTH, orient="row")


def _names(spellings: Spellings, rows: list[list[Cell]]) -> pl.DataFrame:
    """Of the spellings those that the file has."""
    places = {heading: place for place, (heading, *_) in enumerate(COLUMNS)}
    in_file = {(field, row[places[heading]]) for row in rows for field, heading in REFERENCE_HEADINGS.items()}
    told = [
        (one.field, one.written, one.value, one.how)
        for one in spellings.known.values()
        if (one.field, one.written) in in_file
    ]
    return pl.DataFrame(told, schema=NAMES, orient="row").sort("field", "written")
