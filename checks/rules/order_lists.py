"""What clients choose from: order-list-unknown-article."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from checks.rules.check import Check, Context, Question, numbers, trimmed
from checks.rules.client_products import ASSORTMENT


def _unknown_article(context: Context) -> Iterator[Question]:
    known = numbers(context.frames, "article_number", *ASSORTMENT)
    article = pl.col("article_number")
    yield Question(
        frame="order_lists",
        wrong=lambda rows: rows.join(known, left_on=trimmed("article_number"), right_on="number", how="anti"),
        value=article,
        message=pl.format("Article {} is neither an own nor a linked product.", article),
    )


ORDER_LIST_UNKNOWN_ARTICLE = Check(
    id="order-list-unknown-article",
    title="Order list with an unknown article",
    why="The client's order list promises a product that the shop does not have.",
    severity="error",
    entity="order-list-item",
    needs={
        "order_lists": ("client_number", "article_number"),
        **dict.fromkeys(ASSORTMENT, ("article_number",)),
    },
    needs_rows=(ASSORTMENT,),
    fix="delete-order-list-item",
    area="clients",
    guide="Chapter 8.15: Clients/OrderListItems",
    advice="Take the article off the list; if it got another number, put that one on first.",
    ask=_unknown_article,
)
