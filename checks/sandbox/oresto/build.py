"""Makes a whole shop from a size and a seed. The same size, seed and hour give the same shop."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from random import Random

from checks.errors import UsageError
from checks.sandbox.clock import Clock
from checks.sandbox.oresto.assortment import ArticleNumbers, make_linked, make_own
from checks.sandbox.oresto.central import SupplierCodes, make_central
from checks.sandbox.oresto.codes import CodeMint
from checks.sandbox.oresto.error_history import make_error_logs
from checks.sandbox.oresto.lookups import Lookups, make_lookups
from checks.sandbox.oresto.made_trade import make_trade
from checks.sandbox.oresto.planted import SMALLEST, plant
from checks.sandbox.oresto.planter import Assortment, Truth
from checks.sandbox.oresto.rows import Central, Own, Photo, Sales
from checks.sandbox.oresto.shop import Shop
from checks.sandbox.oresto.trade import Trade

CENTRAL_PER_OWN = 5
LINKED_PER_OWN = 2
MISSING_PHOTO_RATE = 0.06
SECOND_PHOTO_RATE = 0.03


def make_shop(
    size: int,
    seed: int,
    products: Path | None = None,
    now: datetime | None = None,
    clock: Clock | None = None,
    empty: bool = False,
) -> Shop:
    """A shop with `size` own products, twice as many linked, five times as many central.

    Args:
        products: a Parquet file of real products, which become the central database instead.
        now: the hour everything is relative to; this hour, by the clock, when None.
        clock: what the shop thinks the time is from then on; the machine's when None.
        empty: a new wholesaler's: the central database and the lookup tables of that size, and nothing of its own.

    Raises UsageError when `size` is too small to hold each fault once, or the file is no such file.
    """
    if size < SMALLEST and not empty:
        raise UsageError(
            f"The sandbox needs at least {SMALLEST} own products to hold one fault of each kind, not {size}."
        )
    clock = clock or Clock()
    anchor = (now or clock.now()).astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    lookups = make_lookups()
    supplier_codes = SupplierCodes(lookups)
    numbers = ArticleNumbers(_dice(seed, "numbers"))
    if products is None:
        mint = CodeMint(_dice(seed, "codes"), lookups.brands)
        central = make_central(
            _dice(seed, "central"), lookups, mint, supplier_codes, CENTRAL_PER_OWN * size, anchor
        )
    else:
        from checks.sandbox.oresto import real_products  # only here: it brings Polars

        rows = real_products.read_products(products)
        mint = CodeMint(_dice(seed, "codes"), lookups.brands, real_products.codes_of(rows))
        central = real_products.make_real_central(
            _dice(seed, "central"), lookups, rows, supplier_codes, anchor
        )
    if empty:
        return _new_shop(anchor, lookups, central, clock)
    linked = make_linked(_dice(seed, "linked"), central, numbers, LINKED_PER_OWN * size, anchor)
    own = make_own(_dice(seed, "own"), lookups, mint, supplier_codes, numbers, size, anchor)
    made = Assortment(
        _dice(seed, "planted"), lookups, mint, supplier_codes, numbers, anchor, central, linked, own
    )
    plant(made)
    photos = _photos(_dice(seed, "photos"), own, made.truth)
    segments, links = list(lookups.segments), list(linked.values())
    trade = make_trade(_dice(seed, "trade"), own, links, segments, size, anchor, made.truth)
    sold: list[Sales] = [row for row in (*own, *links) if row.active and row.price]
    logs = make_error_logs(_dice(seed, "errors"), own, sold, list(trade.clients), made.truth, anchor)
    return Shop(
        anchor=anchor,
        lookups=lookups,
        central=central,
        own={row.article_number: row for row in own},
        linked=linked,
        packing=made.packing,
        photos=photos,
        trade=trade,
        error_logs=logs,
        truth=made.truth,
        clock=clock,
    )


def _new_shop(anchor: datetime, lookups: Lookups, central: list[Central], clock: Clock) -> Shop:
    """Nothing is in it yet, so nothing is wrong with it."""
    return Shop(
        anchor=anchor,
        lookups=lookups,
        central=central,
        own={},
        linked={},
        packing={},
        photos={},
        trade=Trade(),
        error_logs=[],
        truth=Truth(),
        clock=clock,
    )


def _dice(seed: int, part: str) -> Random:
    """Each part has dice of its own, so that a change in one leaves the others as they were."""
    return Random(f"{seed}/{part}")


def _photos(rng: Random, own: list[Own], truth: Truth) -> dict[int, Photo]:
    """A photo for each active product but the planted ones; an inactive one without photo is no finding."""
    photos: dict[int, Photo] = {}
    least = {row.article_number for row in own if row.active}
    missing = {key for key in sorted(least) if rng.random() < MISSING_PHOTO_RATE} or set(sorted(least)[:1])
    for row in own:
        article = row.article_number
        if article in missing:
            truth.add("missing-photo", article)
            continue
        if not row.active and rng.random() < 0.5:
            continue
        name = f"{article}.jpg"
        second = rng.random() < SECOND_PHOTO_RATE
        for language in ("nld", "fra") if second else (None,):
            id_ = 20_001 + len(photos)
            photos[id_] = Photo(
                id_, article, name if language is None else f"{article}-{language}.jpg", language
            )
    return photos
