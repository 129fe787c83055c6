"""The lookup tables: categories, brands, storage conditions, units, producers, suppliers; and the product families.

Everything comes from the word lists, so the tables are the same for each seed; only the ids look like a real database's.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any

from checks.sandbox.oresto import words_labels, words_products, words_trade

#: id, Dutch, French
STORAGE = {
    "D": (1, "Droog", "Sec"),
    "K": (2, "Koel", "Frais"),
    "V": (3, "Diepvries", "Surgelé"),
    "A": (4, "Alle", "Tous"),
}
#: abbreviation -> Dutch, French, Dutch abbreviation, French abbreviation
CONTENT_TYPES = {
    "G": ("gram", "gramme", "g", "g"),
    "KG": ("kilogram", "kilogramme", "kg", "kg"),
    "ML": ("milliliter", "millilitre", "ml", "ml"),
    "CL": ("centiliter", "centilitre", "cl", "cl"),
    "L": ("liter", "litre", "l", "l"),
    "ST": ("stuk", "pièce", "st", "pc"),
}
UNIT_SALES_PRICES = {
    "ST": ("stuk", "pièce", "st", "pc"),
    "KG": ("kilogram", "kilogramme", "kg", "kg"),
    "L": ("liter", "litre", "l", "l"),
    "DS": ("doos", "carton", "ds", "ct"),
    "BAK": ("bak", "casier", "bak", "cas"),
}
MULTIPLIER_TYPES = {key: CONTENT_TYPES[key] for key in ("KG", "L", "ST", "G")}


@dataclass(frozen=True)
class Category:
    id: int
    parent_id: int | None
    nl: str
    fr: str
    is_leaf: bool


@dataclass(frozen=True)
class Family:
    """One kind of product, with all that its products have in common."""

    nl: str
    fr: str
    category_id: int
    storage: str
    vat: int
    sizes: tuple[tuple[str, int, float, str], ...]
    low: float
    high: float
    variants: tuple[tuple[str, str], ...]
    about_nl: str
    about_fr: str
    brand_ids: tuple[int, ...]
    producer_ids: tuple[int, ...]
    supplier_ids: tuple[int, ...]


@dataclass
class Lookups:
    """The tables as the API knows them. `gone` holds entries that vanished but that products still point at."""

    categories: dict[int, Category] = field(default_factory=dict)
    brands: dict[int, str] = field(default_factory=dict)
    producers: dict[int, str] = field(default_factory=dict)
    suppliers: dict[int, tuple[str, str]] = field(default_factory=dict)  # name, Belgian VAT number
    storage: dict[int, tuple[str, str]] = field(default_factory=dict)
    content_types: dict[str, tuple[str, str, str, str]] = field(default_factory=dict)
    unit_sales_prices: dict[str, tuple[str, str, str, str]] = field(default_factory=dict)
    multiplier_types: dict[str, tuple[str, str, str, str]] = field(default_factory=dict)
    segments: dict[int, str] = field(default_factory=dict)
    families: list[Family] = field(default_factory=list)
    gone: dict[tuple[str, Any], str] = field(default_factory=dict)

    def parents(self) -> list[Category]:
        """Categories that have subcategories: no product may hang there."""
        return [category for category in self.categories.values() if not category.is_leaf]

    def leaves(self) -> list[Category]:
        return [category for category in self.categories.values() if category.is_leaf]

    def chain(self, category: Category) -> list[Category]:
        """The category and its parents, deepest first."""
        chain = [category]
        while chain[-1].parent_id is not None:
            chain.append(self.categories[chain[-1].parent_id])
        return chain


def _pair(text: str) -> tuple[str, str]:
    dutch, _, french = text.partition(" / ")
    return dutch.strip(), (french or dutch).strip()


def _variants(name: str) -> tuple[tuple[str, str], ...]:
    return tuple(_pair(text) for text in words_labels.VARIANTS[name].split(";"))


def _size(label: str) -> tuple[str, int, float, str]:
    """`24 x 25 cl` is 24 pieces of 25 CL; pieces themselves are counted: `100 st` is 100 of 1 ST."""
    pieces, _, content = label.removeprefix("ca. ").rpartition(" x ")
    number, unit = content.split(" ")
    if unit == "st":
        return label, int(number), 1.0, "ST"
    return label, int(pieces or 1), float(number.replace(",", ".")), unit.upper()


#: What a product's description says besides its name.
_KEEP = {
    "D": ("Koel en droog bewaren.", "À conserver au frais et au sec."),
    "K": ("Bewaren tussen 0 en 4 °C.", "À conserver entre 0 et 4 °C."),
    "V": (
        "Bewaren bij -18 °C, na ontdooien niet opnieuw invriezen.",
        "À conserver à -18 °C, ne pas recongeler.",
    ),
    "A": ("Voor professioneel gebruik.", "Pour usage professionnel."),
}


def make_lookups() -> Lookups:
    """The tables, to be changed at will, and the families of products with the category each belongs to."""
    tables = {table.name: copy(getattr(_from_words(), table.name)) for table in fields(Lookups)}
    return Lookups(**tables)


def families() -> list[Family]:
    """The families of products: the same in each shop."""
    return _from_words().families


@cache
def _from_words() -> Lookups:
    brands = _numbered(words_trade.BRANDS, 110, 7)
    producers = _numbered(words_trade.PRODUCERS, 305, 3)
    suppliers = _numbered(words_trade.SUPPLIERS, 41, 2)
    lookups = Lookups(
        brands={id_: name for names in brands.values() for id_, name in names.items()},
        producers={id_: name for names in producers.values() for id_, name in names.items()},
        suppliers={
            id_: (name, vat_number(id_)) for names in suppliers.values() for id_, name in names.items()
        },
        storage={id_: (nl, fr) for id_, nl, fr in STORAGE.values()},
        content_types=dict(CONTENT_TYPES),
        unit_sales_prices=dict(UNIT_SALES_PRICES),
        multiplier_types=dict(MULTIPLIER_TYPES),
        segments={1 + n: name for n, name in enumerate(words_trade.SEGMENTS)},
    )
    path: list[int] = []
    leaf: tuple[int, list[str]] = (0, [])
    for line in words_products.TREE.strip().splitlines():
        text = line.strip()
        if text.startswith("- "):
            above = [lookups.categories[id_].nl for id_ in reversed(path)]
            makers = (_of(brands, above), _of(producers, above), _of(suppliers, above))
            _add_families(lookups, leaf, makers, text[2:])
            continue
        level = (len(line) - len(line.lstrip())) // 2
        name, *rest = [part.strip() for part in text.split(" | ")]
        path = [*path[:level], 500 + 4 * len(lookups.categories)]
        dutch, french = _pair(name)
        parent = path[level - 1] if level else None
        lookups.categories[path[level]] = Category(path[level], parent, dutch, french, bool(rest))
        leaf = (path[level], rest)
    return lookups


def _numbered(names: dict[str, str], first: int, step: int) -> dict[str, dict[int, str]]:
    """An id for each name, ascending by name: an id says nothing about the trade."""
    everything = sorted({name for text in names.values() for name in text.split(";")})
    ids = {name: first + step * position for position, name in enumerate(everything)}
    return {group: {ids[name]: name for name in text.split(";")} for group, text in names.items()}


def _of(groups: dict[str, dict[int, str]], above: list[str]) -> tuple[int, ...]:
    """Those of the deepest category in `above` that has some, twice, and those of any trade: its own come up more."""
    own = next((groups[name] for name in above if name in groups), {})
    return (*groups.get("", {}), *own, *own)


def _add_families(
    lookups: Lookups, leaf: tuple[int, list[str]], makers: tuple[tuple[int, ...], ...], names: str
) -> None:
    category_id, (storage, vat, sizes, price, variants) = leaf
    low, _, high = price.partition("-")
    keep_nl, keep_fr = _KEEP[storage]
    for name in names.split(";"):
        dutch, french = _pair(name)
        lookups.families.append(
            Family(
                dutch,
                french,
                category_id,
                storage,
                int(vat),
                tuple(_size(label.strip()) for label in words_labels.SIZES[sizes].split(";")),
                float(low),
                float(high),
                _variants(variants),
                f"{dutch} voor de professionele keuken. {keep_nl}",
                f"{french} pour la cuisine professionnelle. {keep_fr}",
                *makers,
            )
        )


def vat_number(number: int) -> str:
    """A Belgian company number with a right control number, e.g. `0403170701`."""
    body = 4_031_707 + 13_577 * number
    return f"{body:08d}{97 - body % 97:02d}"
