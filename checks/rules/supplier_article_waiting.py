"""What waits for approval at IB: article-unmoderated."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from checks.rules.check import Context, Question
from checks.rules.supplier_articles import NAME, of_ib

_SHOWN = 4  # changed fields that a sentence names


def _article_unmoderated(context: Context) -> Iterator[Question]:
    fields = pl.col("changes").list.eval(pl.element().struct.field("field"))
    count = fields.list.len()
    more = pl.when(count > _SHOWN).then(pl.format(" and {} more", count - _SHOWN)).otherwise(pl.lit(""))
    changed = (
        pl.when(count > 0)
        .then(pl.format("changed: {}{}", fields.list.head(_SHOWN).list.join(", "), more))
        .otherwise(pl.lit("changed, in nothing that is compared"))
    )
    yield Question(
        frame="catalogue_waiting",
        wrong=pl.col("article_key").is_not_null(),
        value=pl.when(pl.col("kind") == "new").then(pl.lit("new")).otherwise(changed),
        message=pl.when(pl.col("kind") == "new")
        .then(pl.format("{} is new and waits for approval: there is no approved form of it.", NAME))
        .otherwise(pl.format("{} waits for approval; {}.", NAME, changed)),
    )


ARTICLE_UNMODERATED = of_ib(
    id="article-unmoderated",
    title="Waits for approval",
    why="What the supplier changed is not in the approved assortment before somebody has looked at it and approved it.",
    severity="info",
    needs={"catalogue_waiting": ("article_key", "kind", "changes")},
    needs_rows=(),  # nothing may wait
    guide="IB bulk API: header X-Moderation",
    advice="Review the changes on the page Suppliers, and approve the assortment at IB.",
    ask=_article_unmoderated,
)
