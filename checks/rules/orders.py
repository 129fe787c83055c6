"""Orders that the wholesaler's own system has not taken in: order-unprocessed, order-delivery-passed,
order-unknown-client, order-unknown-article and order-total-mismatch.

Processed orders are history: nobody puts them right any more. No sentence names a client or a person, for findings are
kept longer than personal data may be.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from checks.frame_spec import UTC
from checks.frames import Frames
from checks.rules.check import ROW, Check, Context, Question, numbers, trimmed
from checks.rules.client_products import ASSORTMENT
from checks.rules.prices import euro
from checks.sources.moments import BELGIUM

WAITING = pl.col("processed_at").is_null()

#: A message names so many lines; the others are counted.
NAMED = 3

#: Half a cent a side may be rounded away; what is left is how floats count.
CENT, HAIR = 0.01, 1e-6


def _order_unprocessed(context: Context) -> Iterator[Question]:
    settings = context.settings
    ordered = pl.col("ordered_at")
    # Whole seconds keep fractions of an hour in the settings meaningful.
    age = (pl.lit(context.now, dtype=UTC) - ordered).dt.total_seconds()
    hours = age // 3600
    waiting = (
        pl.when(hours >= 48).then(pl.format("{} days", hours // 24)).otherwise(pl.format("{} hours", hours))
    )
    yield Question(
        frame="orders",
        asked=WAITING & ordered.is_not_null(),
        wrong=age > settings.order_warning_hours * 3600,
        severity=pl.when(age > settings.order_error_hours * 3600)
        .then(pl.lit("error"))
        .otherwise(pl.lit("warning")),
        # The moment it was ordered, not its age: a value that moves every run would be news every day.
        value=ordered.dt.strftime("%Y-%m-%d %H:%M UTC"),
        # Without the client's name: findings are kept longer than personal data may be.
        message=pl.format(
            "Ordered {} ago, {} lines, {} euro, and not processed.",
            waiting,
            pl.col("lines").cast(pl.String).fill_null("?"),
            pl.col("total").round(2).cast(pl.String).fill_null("?"),
        ),
    )


ORDER_UNPROCESSED = Check(
    id="order-unprocessed",
    title="Unprocessed order",
    why="The customer ordered and your own system has not taken it in: nobody picks or delivers it.",
    severity="warning",
    entity="order",
    needs={"orders": ("order_number", "ordered_at", "processed_at")},
    fix="process-order",
    area="orders",
    guide="Chapter 10: Clients/GetClientOrders and ClientOrders/ProcessOrders",
    advice="Find out whether your system has the order; if so mark it processed, if not take it in first.",
    ask=_order_unprocessed,
)


def due_day() -> pl.Expr:
    """The day an order of the frame `orders` was to be delivered, or picked up; a date, null where it has none."""
    return (
        pl.when(pl.col("is_pickup").fill_null(False))
        .then(pl.coalesce("pickup_date", "delivery_date"))
        .otherwise(pl.coalesce("delivery_date", "pickup_date"))
    )


def _order_delivery_passed(context: Context) -> Iterator[Question]:
    today = pl.lit(context.now, dtype=UTC).dt.convert_time_zone(BELGIUM).dt.date()
    pickup, due = pl.col("is_pickup").fill_null(False), due_day()
    done = pl.when(pickup).then(pl.lit("picked up")).otherwise(pl.lit("delivered"))
    yield Question(
        frame="orders",
        asked=WAITING & due.is_not_null(),
        wrong=due < today,
        value=due,
        message=pl.format("It was to be {} on {}, and is not processed.", done, due.dt.to_string("%Y-%m-%d")),
    )


ORDER_DELIVERY_PASSED = Check(
    id="order-delivery-passed",
    title="Delivery date passed",
    why="The customer waited that day and nothing came, or it came and your system does not know.",
    severity="error",
    entity="order",
    needs={"orders": ("order_number", "processed_at", "delivery_date", "pickup_date", "is_pickup")},
    fix="process-order",
    area="orders",
    guide="Chapter 10.1: Clients/GetClientOrders (DeliveryDate, PickupDate); chapter 8.4: delivery dates",
    advice="Call the customer. Mark the order processed once it was delivered or taken over into your system.",
    ask=_order_delivery_passed,
)


def _order_unknown_client(context: Context) -> Iterator[Question]:
    known = numbers(context.frames, "client_number", "clients")
    client = pl.col("client_number")
    none = client.is_null() | (trimmed("client_number") == "")
    yield Question(
        frame="orders",
        asked=WAITING,
        wrong=lambda rows: rows.join(known, left_on=trimmed("client_number"), right_on="number", how="anti"),
        value=client,
        message=pl.when(none)
        .then(pl.lit("The order has no client."))
        .otherwise(pl.format("Client {} does not exist.", client)),
    )


ORDER_UNKNOWN_CLIENT = Check(
    id="order-unknown-client",
    title="Order of an unknown client",
    why="Your own system cannot take the order in: it knows neither whom to deliver to nor whom to bill.",
    severity="error",
    entity="order",
    needs={"orders": ("order_number", "processed_at", "client_number"), "clients": ("client_number",)},
    needs_rows=("clients",),
    fix=None,
    area="orders",
    guide="Chapter 10.1: Clients/GetClientOrders; chapter 8.2: Clients",
    advice="Find out which client it is, often one that got another number, and make it or take the order in by hand.",
    ask=_order_unknown_client,
)


def _lines(rows: pl.LazyFrame) -> pl.LazyFrame:
    """The lines of the orders, each with its order's ROW."""
    lines = rows.select(ROW, "order_lines").explode("order_lines", empty_as_null=False, keep_nulls=False)
    return lines.drop_nulls("order_lines").unnest("order_lines")


def _some(texts: str, separator: str) -> pl.Expr:
    """The first of a column of lists of texts, and how many more there are."""
    more = pl.col(texts).list.len().cast(pl.Int64) - NAMED
    named = pl.col(texts).list.head(NAMED).list.join(separator)
    return pl.when(more > 0).then(pl.format("{} and {} more", named, more)).otherwise(named)


def _order_unknown_article(context: Context) -> Iterator[Question]:
    known = numbers(context.frames, "article_number", *ASSORTMENT)

    def search(rows: pl.LazyFrame) -> pl.LazyFrame:
        asked = _lines(rows).select(ROW, number=trimmed("article_number").fill_null(""))
        unknown = asked.join(known, on="number", how="anti")
        named = pl.when(pl.col("number") == "").then(pl.lit("without a number")).otherwise("number")
        return unknown.group_by(ROW).agg(articles=named.unique().sort())

    yield Question(
        frame="orders",
        asked=WAITING,
        wrong=search,
        value=_some("articles", ", "),
        message=pl.format("Neither own nor linked products: {}.", _some("articles", ", ")),
    )


ORDER_UNKNOWN_ARTICLE = Check(
    id="order-unknown-article",
    title="Order of an unknown article",
    why="The customer ordered a product that the shop does not have any more: your own system refuses the line or drops "
    "it, and it is missing on the day of delivery.",
    severity="error",
    entity="order",
    needs={
        "orders": ("order_number", "processed_at", "order_lines"),
        **dict.fromkeys(ASSORTMENT, ("article_number",)),
    },
    needs_rows=(ASSORTMENT,),
    fix=None,
    area="orders",
    guide="Chapter 10.1: Clients/GetClientOrders (Products)",
    advice="Find out what became of the article, tell the customer, and put the right one in the order in your system.",
    ask=_order_unknown_article,
)

_COUNTED = ("quantity", "price", "total")


def _no_line_counts(frames: Frames) -> str | None:
    """A field that no line has leaves nothing to judge, which is not the same as finding nothing."""
    lines = _lines(frames["orders"].lazy().filter(WAITING).with_row_index(ROW)).select(_COUNTED).collect()
    if lines.is_empty() or lines.drop_nulls().height:
        return None
    return f"None of the {lines.height:,} order lines has a quantity, a price and a total."


def _order_total_mismatch(context: Context) -> Iterator[Question]:
    quantity, price, total = map(pl.col, _COUNTED)
    field = pl.element().struct.field
    countable = pl.all_horizontal(field(name).is_not_null() for name in _COUNTED)
    said = pl.format(
        "{}: {} x {} is not {}",
        pl.col("article_number").fill_null("without a number"),
        euro(quantity),
        euro(price),
        euro(total),
    )

    def search(rows: pl.LazyFrame) -> pl.LazyFrame:
        product = quantity * price
        allowed = CENT + HAIR + product.abs() * 1e-15  # floats of a huge amount are coarser than a cent
        wrong = _lines(rows).filter((total - product).abs() > allowed)
        return wrong.group_by(ROW).agg(sums=said.sort())

    yield Question(
        frame="orders",
        asked=WAITING & pl.col("order_lines").list.eval(countable).list.any(),
        wrong=search,
        value=_some("sums", "; "),
        message=pl.format("{}.", _some("sums", "; ")),
    )


ORDER_TOTAL_MISMATCH = Check(
    id="order-total-mismatch",
    title="Order total does not add up",
    why="A line's total is not its quantity times its price: the customer saw one amount and the bill says another.",
    severity="warning",
    entity="order",
    needs={"orders": ("order_number", "processed_at", "order_lines", "total")},
    fix=None,
    area="orders",
    guide="Chapter 10.1: Clients/GetClientOrders (Products: Quantity, Price, TotalPrice)",
    advice="Compare with what the customer was shown before you bill it; a client price or promo may have changed while "
    "the order was made.",
    ask=_order_total_mismatch,
    doubt=_no_line_counts,
)
