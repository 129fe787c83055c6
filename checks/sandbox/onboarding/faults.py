"""Plants what is truly wrong with the articles, and writes it down: each line gets one fault at most.

The faults are those of the file as it stands, whatever an article turns out to be; what is missing or unknown among the
references is named after the rule for own products, since a link takes all but the unit from the central list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from checks.sandbox.onboarding.lines import GTIN, NAME, OWN, Found, Line
from checks.sandbox.onboarding.spellings import Spellings
from checks.sandbox.onboarding.spoilt_codes import lose_zeros, spoil_own
from checks.sandbox.oresto.assortment import promo_price
from checks.sandbox.oresto.codes import CodeMint
from checks.sandbox.oresto.planted import FORBIDDEN

#: Field of a reference -> the attribute that holds the true one.
REFERENCES = {
    "brand": "brand_id",
    "category": "category_id",
    "storage_condition": "storage_id",
    "content_type": "content_type",
    "unit_sales_price": "unit_sales_price",
}


@dataclass
class Planter:
    """Hands out lines to which nothing happened yet.

    Attributes:
        taken: GTIN-14s that no code of an own article may be.
        numbers: article number to be made of the one a line has: with a sign that the API refuses.
    """

    rng: Random
    lines: list[Line]
    spellings: Spellings
    mint: CodeMint
    taken: set[str]
    anchor: datetime
    found: Found

    def __post_init__(self) -> None:
        shuffled = self.rng.sample(self.lines, len(self.lines))
        self._own = iter([line for line in shuffled if line.kind == OWN])
        self._central = iter([line for line in shuffled if line.kind == GTIN])
        self._any = iter(self.rng.sample(self.lines, len(self.lines)))
        self._touched: set[int] = set()

    def own(self) -> Line | None:
        """An own article; None when there is none left."""
        return self._next(self._own)

    def central(self) -> Line | None:
        """One that is known by its code."""
        return self._next(self._central)

    def any(self) -> Line | None:
        return self._next(self._any)

    def _next(self, lines: Iterator[Line]) -> Line | None:
        for line in lines:
            if line.is_plain and line.kind != NAME and id(line) not in self._touched:
                self._touched.add(id(line))
                return line
        return None


def invalid_code(planter: Planter, number: int) -> None:
    line = planter.own()
    if line is not None:
        spoil_own(planter.rng, line, number, planter.mint, planter.found)


def restricted_code(planter: Planter, number: int) -> None:
    line = planter.own()
    if line is not None:
        line.row.ean = line.ean = planter.mint.restricted(number)
        line.damage.append("restricted")
        planter.found.add("restricted-ean", line)


def lost_zeros(planter: Planter, number: int) -> None:
    """No fault: the check digit proves what the code was."""
    line = planter.own()
    if line is not None:
        lose_zeros(line, number, planter.taken)


def same_code_own(planter: Planter, number: int) -> None:
    """Two own articles with one code that is not central."""
    _share(planter, planter.own(), planter.own())


def same_code_central(planter: Planter, number: int) -> None:
    """One central product under two numbers: only one of them can be linked to it."""
    one, other = planter.central(), planter.central()
    if one is None or other is None:
        return
    for name in (
        "brand_id",
        "producer_id",
        "category_id",
        "storage_id",
        "content_type",
        "total_content",
        "vat",
    ):
        setattr(other.row, name, getattr(one.row, name))
    other.product, other.row.texts = one.product, one.row.texts
    other.row.supplier_id, other.row.supplier_code = one.row.supplier_id, one.row.supplier_code
    _share(planter, one, other)


def _share(planter: Planter, one: Line | None, other: Line | None) -> None:
    if one is None or other is None:
        return
    code = one.row.ean or planter.mint.gtin13(one.row.brand_id or 0)
    for line in (one, other):
        line.row.ean = line.ean = code
        line.damage.append("same-code")
        planter.found.add("duplicate-ean", line)


def no_price(planter: Planter, number: int) -> None:
    line = planter.any()
    if line is not None:
        line.row.active, line.row.price = True, (None, 0.0)[number % 2]
        line.row.promo = line.row.promo_from = line.row.promo_until = None
        line.damage.append("no-price")
        planter.found.add("price-missing", line)


def bad_promo(planter: Planter, number: int) -> None:
    """Not below the list price, over before it begins, or over."""
    line = planter.any()
    if line is None:
        return
    row, anchor = line.row, planter.anchor
    price = row.price or 1.0
    row.active, row.promo = True, promo_price(price, 0.9)
    row.promo_from, row.promo_until = anchor - timedelta(days=10), anchor + timedelta(days=20)
    if number % 3 == 0:
        row.promo = round(price * 1.1, 2)
    elif number % 3 == 1:
        row.promo_from, row.promo_until = anchor + timedelta(days=40), anchor + timedelta(days=25)
    else:
        row.promo_from, row.promo_until = anchor - timedelta(days=60), anchor - timedelta(days=30)
    line.damage.append("bad-promo")
    planter.found.add("promo-invalid", line)


def no_french(planter: Planter, number: int) -> None:
    _without_name(planter, "fra")


def no_dutch(planter: Planter, number: int) -> None:
    _without_name(planter, "nld")


def _without_name(planter: Planter, language: str) -> None:
    line = planter.own()
    if line is not None:
        line.row.active = True
        line.row.texts = tuple(text for text in line.row.texts if text[0] != language)
        line.damage.append(f"no-{language}")
        planter.found.add("text-missing", line, language)


def forbidden_sign(planter: Planter, number: int) -> None:
    """An article number that the API refuses: it cannot be sent. The sign is put in once the number is known."""
    line = planter.any()
    if line is not None:
        line.damage.append("forbidden-sign")
        line.written["article_number"] = FORBIDDEN[(3 * number + 1) % len(FORBIDDEN)]
        planter.found.add("forbidden-characters", line)


def unknown_reference(planter: Planter, number: int) -> None:
    """The file names something that no lookup table has."""
    field = ("brand", "category", "brand", "storage_condition", "unit_sales_price")[number % 5]
    line = planter.own()
    if line is None:
        return
    line.written[field] = planter.spellings.unknown(field)
    if field == "brand":
        line.row.brand_id = None
    line.damage.append(f"unknown-{field}")
    planter.found.add("missing-reference", line, field)


def empty_reference(planter: Planter, number: int) -> None:
    """The file names nothing; what it should be is in the truth."""
    field = list(REFERENCES)[number % len(REFERENCES)]
    line = planter.own()
    if line is not None:
        line.written[field] = ""
        line.damage.append(f"empty-{field}")
        planter.found.add("missing-reference", line, field)


#: What is planted: the part of all articles, the least number, how.
PLANTS: tuple[tuple[float, int, Callable[[Planter, int], None]], ...] = (
    (0.006, 4, invalid_code),
    (0.004, 2, restricted_code),
    (0.006, 2, lost_zeros),
    (0.002, 1, same_code_own),
    (0.002, 1, same_code_central),
    (0.006, 2, no_price),
    (0.005, 3, bad_promo),
    (0.006, 2, no_french),
    (0.001, 1, no_dutch),
    (0.004, 2, forbidden_sign),
    (0.008, 5, unknown_reference),
    (0.008, 5, empty_reference),
)


def plant(planter: Planter) -> None:
    """Plants everything; changes the lines in place."""
    for rate, least, how in PLANTS:
        for number in range(max(least, round(len(planter.lines) * rate))):
            how(planter, number)
