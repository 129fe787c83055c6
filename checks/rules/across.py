"""What suppliers know about articles of the shop: photo-available, sold-but-discontinued, description-differs, price-below-cost.

All four read frame `supplier_matches` (`checks.meeting`). An article that several suppliers have gives one finding.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from checks.folding import folded
from checks.frames_beside import GONE
from checks.rules.check import ROW, Check, Context, Question
from checks.rules.prices import euro

NAME = pl.col("name").fill_null("This product")
#: The supplier's article as people speak of it, once `joined`.
CODE = pl.coalesce("article_code", "article_key")
THEIRS = pl.format("{} (article {})", pl.col("supplier"), CODE)

_GUIDE = "LinkProducts and Products; the supplier's catalogue"


def joined(rows: pl.LazyFrame, matches: pl.LazyFrame) -> pl.LazyFrame:
    """Rows of the assortment with what suppliers say of the article beside them, the surest match first."""
    theirs = matches.rename({"name": "their_name"})
    return rows.join(theirs, on="article_number", how="inner", maintain_order="left_right")


def _assortment(question: Question) -> Iterator[Question]:
    """The same question to own and to linked products."""
    for frame in ("products", "linked_products"):
        yield Question(
            frame=frame,
            wrong=question.wrong,
            message=question.message,
            value=question.value,
            asked=question.asked,
        )


def _photo_available(context: Context) -> Iterator[Question]:
    photos = context.frames["photos"].lazy().select("article_number")
    with_image = context.frames["supplier_matches"].lazy().filter(pl.col("image_url").is_not_null())

    def search(rows: pl.LazyFrame) -> pl.LazyFrame:
        return joined(rows.join(photos, on="article_number", how="anti"), with_image)

    yield Question(
        frame="products",
        asked=pl.col("active"),
        wrong=search,
        value=pl.format("{}|{}", pl.col("supplier"), pl.col("article_key")),
        message=pl.format("{} has no photo, and {} has one.", NAME, THEIRS),
    )


PHOTO_AVAILABLE = Check(
    id="photo-available",
    title="Supplier has a photo",
    why="Customers order what they can see, and the picture that is missing is there already: the supplier of the article has it.",
    severity="warning",
    entity="product",
    needs={
        "products": ("article_number", "active"),
        "photos": ("article_number",),
        "supplier_matches": ("article_number", "article_key", "image_url"),
    },
    fix="upload-photo",
    area="products",
    guide="ProductPhotos; the supplier's catalogue",
    advice="Get the picture from the supplier on the page Photos, look whether it is the same article, and upload it.",
    ask=_photo_available,
    beside="supplier",
)


def _sold_but_discontinued(context: Context) -> Iterator[Question]:
    matches = context.frames["supplier_matches"].lazy()
    standing = pl.col("standing")
    delivered = matches.filter(standing.is_in(["current", "phasing_out"])).select("article_number")
    gone = matches.filter(standing.is_in(GONE)).join(delivered, on="article_number", how="anti")
    yield from _assortment(
        Question(
            frame="products",
            asked=pl.col("active"),
            wrong=lambda rows: joined(rows, gone),
            value=pl.format("{}|{} {}", pl.col("supplier"), pl.col("article_key"), standing),
            message=pl.format("{} is active, but {} at {}.", NAME, standing, THEIRS),
        )
    )


SOLD_BUT_DISCONTINUED = Check(
    id="sold-but-discontinued",
    title="Sold but discontinued",
    why="Customers order what the supplier no longer delivers: the line stays open, and somebody has to call them.",
    severity="error",
    entity="product",
    needs={
        "products": ("article_number", "active"),
        "linked_products": ("article_number", "active"),
        "supplier_matches": ("article_number", "article_key", "standing"),
    },
    fix=None,
    area="products",
    guide=_GUIDE,
    advice="Take it from another supplier, or make it inactive in the shop once your stock is sold.",
    ask=_sold_but_discontinued,
    beside="supplier",
)

#: Of 100: names that have so little in common are not of one product. Measured on words, whatever their order.
LEAST_ALIKE = 40


def likeness(ours: pl.Series, theirs: pl.Series) -> pl.Series:
    """How much folded names are alike, 0 to 100 (Float64), pair by pair; null where one of them is missing."""
    from rapidfuzz import fuzz, process  # with numpy: a tenth of a second that only a run should pay

    both = pl.DataFrame({"ours": ours, "theirs": theirs}).with_row_index("at").drop_nulls()
    scores = process.cpdist(
        both["ours"].to_list(), both["theirs"].to_list(), scorer=fuzz.token_set_ratio, workers=1
    )
    known = both.select("at", score=pl.Series("score", scores, dtype=pl.Float64, strict=False))
    every = pl.DataFrame({"at": pl.int_range(len(ours), dtype=pl.UInt32, eager=True)})
    return every.join(known, on="at", how="left", maintain_order="left")["score"]


def _description_differs(context: Context) -> Iterator[Question]:
    by_gtin = context.frames["supplier_matches"].lazy().filter(pl.col("by") == "gtin")

    def named(column: str) -> pl.Expr:
        text = folded(pl.col(column))
        return pl.when(text != "").then(text)  # a name without a word says nothing

    def search(rows: pl.LazyFrame) -> pl.LazyFrame:
        pairs = joined(rows.select(ROW, "article_number", "name"), by_gtin)
        return pairs.with_columns(
            pl.struct(ours=named("name"), theirs=named("their_name"))
            .map_batches(
                lambda both: likeness(both.struct.field("ours"), both.struct.field("theirs")),
                return_dtype=pl.Float64,
                is_elementwise=True,
            )
            .alias("alike")
        ).filter(pl.col("alike") < LEAST_ALIKE)

    yield from _assortment(
        Question(
            frame="products",
            wrong=search,
            value=pl.col("their_name"),
            message=pl.format("{} is “{}” at {}, under the same EAN.", NAME, pl.col("their_name"), THEIRS),
        )
    )


DESCRIPTION_DIFFERS = Check(
    id="description-differs",
    title="Description differs",
    why="One EAN is one product. Where the supplier calls it something else altogether, the code stands at the wrong article: "
    "photos, prices and links follow the wrong product.",
    severity="info",
    entity="product",
    needs={
        "products": ("article_number", "name"),
        "linked_products": ("article_number", "name"),
        "supplier_matches": ("article_number", "article_key", "by", "name"),
    },
    fix=None,
    area="products",
    guide=_GUIDE,
    advice="Look which of the two the packaging agrees with, and correct the EAN or the name; tell the supplier where it is theirs.",
    ask=_description_differs,
    beside="supplier",
)

#: A list price so much below the supplier's price is one that was rounded.
_ROUNDING = 0.01


def is_below(price: float, gross: float) -> bool:
    """Is this list price below the supplier's gross price?"""
    return price < gross * (1 - _ROUNDING)


def gross_of(value: str | None) -> float | None:
    """The supplier's gross price in euro of a finding's value, `9.95 below 12.5`; None where it is no such value."""
    try:
        return float((value or "").partition(" below ")[2])
    except ValueError:
        return None


def _price_below_cost(context: Context) -> Iterator[Question]:
    gross, price = pl.col("gross_price"), pl.col("sales_price")
    cheapest = (
        context.frames["supplier_matches"]
        .lazy()
        .filter((pl.col("by") == "gtin") & (gross > 0))
        .sort(gross, maintain_order=True)
        .unique("article_number", keep="first", maintain_order=True)
    )

    def below(rows: pl.LazyFrame) -> pl.LazyFrame:
        return joined(rows, cheapest).filter(price < gross * (1 - _ROUNDING))

    per = pl.when(pl.col("unit_sales_price").is_not_null()).then(
        pl.format(" for {}", pl.col("unit_sales_price"))
    )
    yield from _assortment(
        Question(
            frame="products",
            asked=price > 0,
            wrong=below,
            value=pl.format("{} below {}", euro(price), euro(gross)),
            message=pl.format(
                "{} costs {} euro{}, less than the gross price of {}: {} euro a piece.",
                NAME,
                euro(price),
                per.fill_null(""),
                THEIRS,
                euro(gross),
            ),
        )
    )


PRICE_BELOW_COST = Check(
    id="price-below-cost",
    title="Price below cost",
    why="Every order of it loses money: customers pay less than the supplier's gross price.",
    severity="warning",
    entity="product",
    needs={
        "products": ("article_number", "sales_price"),
        "linked_products": ("article_number", "sales_price"),
        "supplier_matches": ("article_number", "article_key", "by", "gross_price"),
    },
    fix="edit-sales",
    area="prices",
    guide="Chapter 6.1: Products (SalesPriceList); PUT Products/Sales; the supplier's prices",
    advice="See whether both prices are for the same quantity and what discount you have, then raise the list price.",
    ask=_price_below_cost,
    beside="supplier",
)
