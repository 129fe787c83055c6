"""Which central product has which code, for as many codes as a plan has (guide, chapter 3.5).

Of a few codes each is asked by itself. Of more, the list of central EANs is read once, and only codes that it has are asked;
of so many that the whole central list costs less, that is read, page by page, and what was asked for is kept.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import polars as pl

from checks.fixes.shop import Shop
from checks.gtin import LENGTHS, check_digit, gtin14, is_restricted

Row = dict[str, Any]

#: `{"EanCode": ...}` or `{"Supplier": {Id, ArticleCode, IsPackageProduct}}`, as POST LinkProducts takes it.
Code = Mapping[str, Any]

#: Up to so many codes are asked one by one, in every form that a list may have them in.
FEW = 25
#: What one page of a thousand costs, in single questions: measured on the sandbox, 62 ms to 1.6 ms each.
PAGE_COST = 40

_PATH = "CentralProducts"


class Gtins:
    """Codes as GTIN-14, judged all together: one by one that is what costs."""

    def __init__(self, codes: Collection[str]) -> None:
        written = pl.Series(sorted({code for code in codes if code}), dtype=pl.String)
        code = pl.col("code").str.strip_chars()
        found = pl.DataFrame({"code": written}).select(
            "code", gtin14(code).alias("gtin"), is_restricted(code).fill_null(False).alias("restricted")
        )
        self._found: dict[str, tuple[str | None, bool]] = {
            one: (known, restricted) for one, known, restricted in found.iter_rows()
        }

    @property
    def all(self) -> frozenset[str]:
        """The GTIN-14s of all that are valid."""
        return frozenset(found for found, _ in self._found.values() if found)

    def of(self, code: str | None) -> str | None:
        """The code as GTIN-14; None for one that is no valid GTIN, or was not given."""
        return self._found.get(code or "", (None, False))[0]

    def is_restricted(self, code: str | None) -> bool:
        """Is it a number that each shop may give out itself?"""
        return bool(self._found.get(code or "", (None, False))[1])


class CentralList:
    """The central products of a shop, asked for these codes. Safe to use from several threads once it is made.

    Args:
        shop: which is asked.
        codes: of everything that will be asked for. `gtins`: of their EANs.
        whole: whether the products themselves are wanted, not only whether they are there.
        articles: whether `has_article` will be asked.
    """

    def __init__(
        self, shop: Shop, codes: Collection[Code], gtins: Gtins, *, whole: bool, articles: bool = False
    ) -> None:
        self._shop = shop
        self._gtins = gtins
        self._listed: dict[str, str] | None = None  # GTIN-14 -> as the list writes it; None: not read
        self._kept: dict[tuple[Any, ...], Row] = {}
        self._several: set[tuple[Any, ...]] = set()  # codes that more than one product of the list has
        self._articles = _articles(shop) if articles else frozenset()
        eans = [code for code in codes if "EanCode" in code]
        if len(codes) <= FEW:
            return
        if eans:
            self._listed = _by_gtin(shop.texts(f"{_PATH}/GetEan"))
        size = len(self._listed) if self._listed is not None else 0
        pages = -(-size // shop.source.page_size) or 1
        if whole and self._listed is not None and len(codes) > PAGE_COST * pages:
            self._read_whole(codes)

    def is_central(self, ean: str) -> bool:
        """Is there a central product with this EAN, in whatever form?"""
        wanted = self._gtins.of(ean)
        if wanted is None:
            return False
        return wanted in self._listed if self._listed is not None else self.find({"EanCode": ean}) is not None

    def has_article(self, supplier: int, code: str) -> bool:
        """Has a supplier a central product with this article code?"""
        return (supplier, code.strip()) in self._articles

    def find(self, code: Code) -> Row | None:
        """The central product with exactly this code; None where there is none."""
        key = self._key(code)
        # of two products with one code only the shop knows to which of them it leads
        if key not in self._several and (kept := self._kept.get(key)) is not None:
            return kept
        if "EanCode" not in code:
            return self._shop.central(code)
        wanted = self._gtins.of(code["EanCode"])
        if wanted is None:
            return None
        if self._listed is None:
            return by_gtin(self._shop, code["EanCode"], wanted)
        if wanted not in self._listed:
            return None
        central = self._shop.central({"EanCode": self._listed[wanted]})
        return central if central is not None and gtin(central.get("EanCode")) == wanted else None

    def _read_whole(self, codes: Collection[Code]) -> None:
        wanted = {self._key(code) for code in codes}
        for row in self._shop.pages(_PATH, "Id"):
            for key in set(_keys_of(row)) & wanted:
                if key in self._kept:
                    self._several.add(key)
                else:
                    self._kept[key] = self._shop.as_central(row)

    def _key(self, code: Code) -> tuple[Any, ...]:
        if "EanCode" in code:
            return (_short(self._gtins.of(code["EanCode"]) or ""),)
        supplier = code["Supplier"]
        return (supplier["Id"], supplier["ArticleCode"], bool(supplier["IsPackageProduct"]))


def gtin(code: str | None) -> str | None:
    """One code as GTIN-14, None when it is no valid GTIN. As `checks.gtin.gtin14`, whose expressions are for columns."""
    text = code.strip() if code else ""
    digits = text.isascii() and text.isdigit() and len(text) in LENGTHS and int(text) > 0
    return text.zfill(14) if digits and check_digit(text[:-1]) == text[-1] else None


def by_gtin(shop: Shop, ean: str, wanted: str) -> Row | None:
    """The central product whose own code is `wanted` (GTIN-14), asked for in every form the code may be listed in."""
    short = wanted.lstrip("0")
    forms = [ean, *(short.zfill(size) for size in (13, 14, 12, 8) if len(short) <= size)]
    for form in dict.fromkeys(forms):
        central = shop.central({"EanCode": form})
        if central is not None and gtin(central.get("EanCode")) == wanted:
            return central
    return None


def _keys_of(row: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    """Under which codes a row of the central list is asked for."""
    if row.get("EanCode"):
        yield (_short(str(row["EanCode"])),)
    for supplier in row.get("Suppliers") or ():
        yield (supplier.get("Id"), supplier.get("ArticleCode"), bool(row.get("IsPackageProduct")))


def _short(code: str) -> str:
    """Without leading zeros, which say nothing; enough to find a code whose check digit was judged already."""
    return code.strip().lstrip("0")


def _by_gtin(codes: list[str]) -> dict[str, str]:
    written = pl.DataFrame({"code": pl.Series(codes, dtype=pl.String)})
    found = written.select(gtin14(pl.col("code").str.strip_chars()).alias("gtin"), "code").drop_nulls("gtin")
    return dict(found.iter_rows())


def _articles(shop: Shop) -> frozenset[tuple[Any, str]]:
    """Supplier and article code of every central product."""
    rows = shop.rows(f"{_PATH}/GetArticlecodesBySupplier")
    return frozenset(
        (row.get("Id"), str(code).strip())
        for row in rows
        for code in row.get("ArticleCodes") or ()
        if code is not None
    )
