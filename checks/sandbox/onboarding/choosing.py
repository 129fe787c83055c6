"""Chooses the articles: more than half known by their code, some by their supplier's, some by name, the rest own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from random import Random

from checks.errors import UsageError
from checks.sandbox.onboarding.lines import GTIN, NAME, OWN, SUPPLIER_CODE, Line
from checks.sandbox.oresto.assortment import ArticleNumbers, from_central, make_own
from checks.sandbox.oresto.central import SupplierCodes
from checks.sandbox.oresto.codes import CodeMint, as_gtin14, is_restricted
from checks.sandbox.oresto.rows import Central, Own
from checks.sandbox.oresto.shop import Shop

SUPPLIER_RATE, NAME_RATE, OWN_RATE = 0.10, 0.10, 0.25
FEWEST = 150


def choose_lines(rng: Random, shop: Shop, mint: CodeMint, count: int) -> list[Line]:
    """`count` articles in any order, each with its true facts and nothing spoilt; no central product twice.

    Raises UsageError when the central database is too small for so many, or `count` for one fault of each kind.
    """
    if count < FEWEST:
        raise UsageError(
            f"An example file needs at least {FEWEST} articles to hold one fault of each kind, not {count}."
        )
    numbers = {kind: round(count * rate) for kind, rate in _rates()}
    numbers[GTIN] = count - sum(numbers.values())
    rows = _own_rows(rng, shop, mint, count, numbers[OWN])
    lines = [Line(rows.pop(), OWN) for _ in range(numbers[OWN])]
    pools = _Pools(rng, shop.live_central)
    for kind in (NAME, SUPPLIER_CODE, GTIN):  # the choosiest first
        for product in pools.take(kind, numbers[kind]):
            lines.append(_central_line(rng, shop, rows.pop(), kind, product))
    rng.shuffle(lines)
    return lines


def _rates() -> tuple[tuple[str, float], ...]:
    return ((OWN, OWN_RATE), (NAME, NAME_RATE), (SUPPLIER_CODE, SUPPLIER_RATE))


class _Pools:
    """Hands out each central product once, to whom it suits."""

    def __init__(self, rng: Random, live: list[Central]) -> None:
        self._shuffled = rng.sample(live, len(live))
        self._called = Counter((product.name_nl.lower(), product.brand_id) for product in live)
        codes = Counter(as_gtin14(product.ean) for product in live)
        self._single = {code for code, times in codes.items() if code and times == 1}
        self._used: set[int] = set()

    def take(self, kind: str, count: int) -> list[Central]:
        suits = {GTIN: self._has_code, SUPPLIER_CODE: self._has_supplier, NAME: self._is_called_alone}[kind]
        chosen = [product for product in self._shuffled if product.id not in self._used and suits(product)][
            :count
        ]
        if len(chosen) < count:
            raise UsageError(
                f"The central database has {len(self._shuffled):,} products: too few for {count:,} articles of the "
                f"kind {kind!r}. Take a larger size, or fewer articles."
            )
        self._used |= {product.id for product in chosen}
        return chosen

    def _has_code(self, product: Central) -> bool:
        """A code that one product has, and that is not another product in another shop."""
        code = product.ean or ""
        odd = (
            code.zfill(14).startswith("000000") and len(code) != 8
        )  # what a long GTIN-8 is, is a matter of opinion
        return as_gtin14(code) in self._single and not is_restricted(code) and not odd

    def _has_supplier(self, product: Central) -> bool:
        """A unit without a carton: those two share the supplier's code."""
        return bool(product.suppliers) and not product.is_package and product.other_id is None

    def _is_called_alone(self, product: Central) -> bool:
        """Nothing else has that name and that brand, its carton aside."""
        name = (product.name_nl.lower(), product.brand_id)
        return self._called[name] == 1 and not product.is_package and self._has_code(product)


def _central_line(rng: Random, shop: Shop, row: Own, kind: str, product: Central) -> Line:
    from_central(row, product, rng, shop.lookups)
    row.texts = (("nld", product.name_nl, None), ("fra", product.name_fr, None))
    row.supplier_id = row.supplier_code = None
    if product.suppliers and kind != NAME and (kind == SUPPLIER_CODE or rng.random() < 0.7):
        row.supplier_id, row.supplier_code = product.suppliers[0]
    line = Line(row, kind, product, per_carton=product.amount)
    carton = None if product.other_id is None else shop.central_by_id(product.other_id)
    if carton is not None and carton.is_package and rng.random() < 0.6:
        line.carton_ean, line.per_carton = carton.ean or "", carton.amount
    return line


def _own_rows(rng: Random, shop: Shop, mint: CodeMint, count: int, own: int) -> list[Own]:
    """Rows of articles that sell well; the last `own` of them are none that the central list has under that name."""
    taken = {pair for product in shop.central for pair in product.suppliers}
    numbers = ArticleNumbers(rng)
    made: Iterator[Own] = iter(
        make_own(rng, shop.lookups, mint, SupplierCodes(shop.lookups), numbers, 2 * count, shop.anchor)
    )
    central = {(product.name_nl, product.brand_id) for product in shop.central}
    codes = _FreshCodes(shop, taken)
    rows: list[Own] = []
    alone: list[Own] = []
    for row in made:
        if len(alone) < own and (str(row.texts[0][1]), row.brand_id) not in central:
            if row.supplier_id is not None:
                row.supplier_code = codes.next(row.supplier_id)
            alone.append(row)
        elif len(rows) < count - own:
            rows.append(row)
    if len(alone) < own:
        raise UsageError(
            f"{own:,} articles of the wholesaler's own are more than the sandbox has names for beside the central ones. "
            "Take fewer articles."
        )
    return rows + alone


class _FreshCodes:
    """Codes of suppliers that the central list does not have."""

    def __init__(self, shop: Shop, taken: set[tuple[int, str]]) -> None:
        self._codes, self._taken = SupplierCodes(shop.lookups), taken

    def next(self, supplier_id: int) -> str:
        while True:
            code = self._codes.next(supplier_id)
            if (supplier_id, code) not in self._taken:
                return code
