"""Orders that wait for the wholesaler's own system: order-unprocessed."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from checks.frames import UTC
from checks.rules.check import Check, Context, Question


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
        asked=pl.col("processed_at").is_null() & ordered.is_not_null(),
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
