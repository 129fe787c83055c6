"""The frames of a shop of any size, with faults planted at a known rate: its products and what they refer to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl

from checks.bench.trade import list_price, make_trade, shaped
from checks.frames import FRAMES, LOOKUP_TABLES, Frames
from checks.gtin import expected_check_digit

#: The moment of the measured run.
NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)

#: One per kind of fault; each gets an equal share of the faulty rows.
FAULTS = (
    "central-own",
    "central-unit",
    "central-carton",
    "central-supplier",
    "linked",
    "photo",
    "unknown-brand",
    "unknown-category",
    "unknown-supplier",
    "unknown-content-type",
    "missing-brand",
    "missing-unit-sales-price",
    "parent-category",
    "check-digit",
    "scientific",
    "lost-zeros",
    "restricted",
    "duplicate",
    "forbidden",
    "text",
    "price",
    "promo",
    "multiplier",
    "package",
)

_SIZES = {"categories": 2_000, "brands": 5_000, "producers": 3_000, "suppliers": 500}
_PARENTS = 300  # the first categories have children
_NOWHERE = 99_999


def _with_check_digit(body: pl.Expr) -> pl.Expr:
    digit = expected_check_digit(pl.format("{}0", body))
    return pl.format("{}{}", body, digit)


def _random(limit: int, seed: int) -> pl.Expr:
    return (pl.col("n").hash(seed) % limit).cast(pl.Int64)


def _planted(fault: str) -> pl.Expr:
    return pl.col("fault").eq_missing(FAULTS.index(fault))


def make_frames(products: int, central: int, fault_rate: float = 0.08) -> Frames:
    """A shop of so many own products and central EANs; `fault_rate` of its products have one fault each."""
    made = _own_products(products, fault_rate)
    first = {name: made.filter(_planted(name)) for name in FAULTS}
    listed = pl.concat(
        [
            first["central-own"]["ean"],
            first["central-unit"]["unit_eans"].list.first(),
            first["central-carton"]["package_eans"].list.first(),
        ]
    )
    eans = pl.concat([listed, _codes(max(central - len(listed), 0), 545)])
    links = pl.concat([first["linked"]["ean"], _codes(products // 5, 546)])
    linked = (
        pl.DataFrame({"ean": links}).with_row_index("n").with_columns(article_number=pl.format("L{}", "n"))
    )
    supplied = first["central-supplier"].select(pl.col("suppliers").list.first().struct.unnest())
    others = pl.select(n=pl.int_range(central // 5)).select(
        supplier_id=_random(_SIZES["suppliers"], 5) + 1, article_code=pl.format("X{}", "n")
    )
    photos = made.filter(~_planted("photo")).select("article_number", photo_id=pl.int_range(pl.len()))
    return Frames.of(
        "bench",
        products=made.select(FRAMES["products"].schema.names()),
        central_eans=pl.DataFrame({"ean": eans.sample(fraction=1, shuffle=True, seed=1)}),
        linked_products=shaped("linked_products", linked),
        supplier_articles=shaped("supplier_articles", pl.concat([supplied, others])),
        photos=shaped("photos", photos),
        deleted_central_products=shaped("deleted_central_products", _deleted(linked, fault_rate)),
        **{name: _table(name) for name in LOOKUP_TABLES},
        **make_trade(products, NOW, fault_rate > 0),
    )


def _codes(count: int, start: int) -> pl.Series:
    return pl.select(_with_check_digit(pl.int_range(count) + start * 10**9)).to_series()


def _own_products(count: int, fault_rate: float) -> pl.DataFrame:
    """The frame products with two columns more: `n`, and `fault`, the number in FAULTS or null."""
    dice = _random(10**6, 1) / 10**6
    fault = pl.when(dice < fault_rate).then(
        (dice / fault_rate * len(FAULTS)).floor().cast(pl.Int64, strict=False)
    )
    rows = pl.select(n=pl.int_range(count)).with_columns(fault=fault)
    n = pl.col("n")
    category = (
        pl.when(_planted("unknown-category"))
        .then(_NOWHERE)
        .when(_planted("parent-category"))
        .then(n % _PARENTS + 1)
    )
    supplier = (
        pl.when(_planted("unknown-supplier")).then(_NOWHERE).otherwise(_random(_SIZES["suppliers"], 5) + 1)
    )
    price = list_price(n)
    brand = pl.when(_planted("unknown-brand")).then(_NOWHERE).when(~_planted("missing-brand"))
    own = rows.select(
        "n",
        "fault",
        article_number=pl.format(
            "A{}{}", pl.when(_planted("forbidden")).then(pl.lit("/")).otherwise(pl.lit("")), n
        ),
        active=(_random(10, 6) < 9) | _planted("text") | _planted("price") | _planted("promo"),
        ean=_own_ean(n),
        unit_eans=pl.when((_random(10, 2) < 3) | _planted("central-unit")).then(
            pl.concat_list(_with_check_digit(n + 541 * 10**9))
        ),
        package_eans=pl.when((_random(10, 3) < 3) | _planted("central-carton")).then(
            pl.concat_list(_with_check_digit(n + 542 * 10**9))
        ),
        name=pl.format("Product {}", n),
        brand_id=brand.then(_random(_SIZES["brands"], 7) + 1),
        brand=pl.lit("Merk"),
        category_ids=pl.concat_list(
            category.otherwise(_random(_SIZES["categories"] - _PARENTS, 4) + _PARENTS + 1)
        ),
        storage_condition_id=_random(5, 8) + 1,
        producer_id=_random(_SIZES["producers"], 9) + 1,
        suppliers=pl.concat_list(pl.struct(supplier_id=supplier, article_code=pl.format("S{}", n))),
        content_type=pl.when(_planted("unknown-content-type")).then(pl.lit("??")).otherwise(pl.lit("Kg")),
        unit_sales_price=pl.when(~_planted("missing-unit-sales-price")).then(pl.lit("KG")),
        texts=pl.concat_list(
            pl.struct(
                language=pl.lit("nld"), name=pl.format("Product {}", n), description=pl.lit(None, pl.String)
            ),
            pl.struct(
                language=pl.lit("fra"),
                name=pl.when(~_planted("text")).then(pl.format("Produit {}", n)),
                description=pl.lit(None, pl.String),
            ),
        ),
        sales_price=pl.when(~_planted("price")).then(price),
        promo_price=pl.when((_random(10, 10) < 3) | _planted("promo")).then(
            price * pl.when(_planted("promo")).then(1.1).otherwise(0.8)
        ),
        promo_from=NOW - timedelta(days=9),
        promo_until=NOW + timedelta(days=9),
        multiplier_amount=pl.when(_random(10, 11) < 3).then(2.5),
        multiplier_type=pl.when((_random(10, 11) < 3) ^ _planted("multiplier")).then(pl.lit("KG")),
        is_package=(_random(10, 12) < 3) | _planted("package"),
        amount_of_units=pl.when(~_planted("package")).then(6),
    )
    return pl.concat([own.select("n", "fault"), shaped("products", own)], how="horizontal")


def _own_ean(n: pl.Expr) -> pl.Expr:
    right = _with_check_digit(n + 540 * 10**9)
    other_digit = ((right.str.tail(1).cast(pl.Int64) + 1) % 10).cast(pl.String)
    return (
        pl.when(_planted("check-digit"))
        .then(right.str.head(12) + other_digit)
        .when(_planted("scientific"))
        .then(pl.format("5,4{}E+12", n % 10))
        .when(_planted("lost-zeros"))
        .then(_with_check_digit(n + 10**9))
        .when(_planted("restricted"))
        .then(_with_check_digit(n + 21 * 10**10))
        .when(_planted("duplicate"))  # the code of the product before it
        .then(_with_check_digit(n - 1 + 540 * 10**9))
        .when(~_planted("central-supplier"))
        .then(right)
    )


def _table(name: str) -> pl.DataFrame:
    if FRAMES[name].key == ("abbreviation",):
        return shaped(name, pl.DataFrame({"abbreviation": ["KG", "L", "ST"]}))
    rows = pl.select(id=pl.int_range(1, _SIZES.get(name, 5) + 1))
    if name == "categories":
        rows = rows.with_columns(parent_id=pl.when(pl.col("id") > _PARENTS).then(pl.col("id") % _PARENTS + 1))
    return shaped(name, rows.with_columns(name=pl.format("Entry {}", "id")))


def _deleted(linked: pl.DataFrame, fault_rate: float) -> pl.DataFrame:
    """Deleted central products; some are linked, of those whose code is not in the central list."""
    gone = linked.filter(pl.col("ean").str.starts_with("546")).head(int(linked.height * fault_rate / 20))
    return gone.select("ean", product_id=pl.int_range(pl.len()))
