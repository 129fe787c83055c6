"""What came of matching: certain, suggested, doubted; and what a person makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from checks.errors import UsageError

#: What becomes of an article, the surest first; `summary` counts by it.
STAGES = ("gtin", "supplier-code", "confirmed", "doubted", "suggested", "none of these", "nothing found")


@dataclass(frozen=True)
class Matches:
    """Own articles and their central products.

    Attributes:
        matched: MATCHED, at most one row an article and one a central product.
        suggested: SUGGESTED, the best of every article that is not matched, in the order of the file and of rank.
        doubted: DOUBTED, codes that are in the central list and do not decide. No article of it is matched.
        articles: article_number (each once, in the order of the file), ean and name.
        central: product_id, ean and name of all central products.
        refused: article numbers of which a person said that it is none of the suggested.
    """

    matched: pl.DataFrame
    suggested: pl.DataFrame
    doubted: pl.DataFrame
    articles: pl.DataFrame
    central: pl.DataFrame
    refused: frozenset[str] = frozenset()

    def summary(self) -> pl.DataFrame:
        """stage, articles and share (0..1) of all of them: one row for each of STAGES, every article counted once."""

        def among(frame: pl.DataFrame) -> pl.Expr:
            return pl.col("article_number").is_in(frame["article_number"].implode())

        stage = self.articles.join(
            self.matched.select("article_number", "stage"),
            on="article_number",
            how="left",
            maintain_order="left",
        ).select(
            stage=pl.when(pl.col("stage").is_not_null())
            .then("stage")
            .when(
                pl.col("article_number").is_in(
                    pl.lit(pl.Series(list(self.refused), dtype=pl.String)).implode()
                )
            )
            .then(pl.lit("none of these"))
            .when(among(self.doubted))
            .then(pl.lit("doubted"))
            .when(among(self.suggested))
            .then(pl.lit("suggested"))
            .otherwise(pl.lit("nothing found"))
        )
        counted = stage.group_by("stage").agg(articles=pl.len().cast(pl.Int64))
        total = max(self.articles.height, 1)
        return (
            pl.DataFrame({"stage": STAGES}, schema={"stage": pl.String})
            .join(counted, on="stage", how="left", maintain_order="left")
            .with_columns(pl.col("articles").fill_null(0))
            .with_columns(share=pl.col("articles") / total)
        )

    def confirm(self, choices: Mapping[str, int | None]) -> Matches:
        """What a person decided: article number -> id of the central product, or None for none of these.

        A choice may be any central product, suggested or not, and also another than was matched by a code. Suggestions of
        what is taken now are withdrawn from the others; what a person refused has none any more.

        Raises:
            UsageError: no such article or central product, or two articles for one central product.
        """
        self._refuse_unknown(choices)
        numbers = list(choices)
        of_choices = pl.col("article_number").is_in(pl.lit(pl.Series(numbers, dtype=pl.String)).implode())
        kept = self.matched.filter(~of_choices)
        chosen = self._chosen(choices)
        self._refuse_twice(kept, chosen)
        taken = pl.col("product_id").is_in(chosen["product_id"].implode())
        left = self.suggested.filter(~of_choices & ~taken).with_columns(
            rank=pl.int_range(1, pl.len() + 1).over("article_number", order_by="rank")
        )
        return Matches(
            matched=pl.concat([kept, chosen]),
            suggested=left,
            doubted=self.doubted.filter(~of_choices),
            articles=self.articles,
            central=self.central,
            refused=(self.refused - set(numbers))
            | {number for number, one in choices.items() if one is None},
        )

    def _chosen(self, choices: Mapping[str, int | None]) -> pl.DataFrame:
        """MATCHED of the choices that name a product; the score is that of the suggestion, null where it was none."""
        rows = [(number, product) for number, product in choices.items() if product is not None]
        asked = pl.DataFrame(rows, schema={"article_number": pl.String, "product_id": pl.Int64}, orient="row")
        scores = self.suggested.select("article_number", "product_id", "score")
        return (
            asked.join(self.central, on="product_id", how="left", maintain_order="left")
            .join(scores, on=["article_number", "product_id"], how="left", maintain_order="left")
            .select(
                "article_number",
                stage=pl.lit("confirmed"),
                code="ean",
                supplier_id=pl.lit(None, pl.Int64),
                product_id="product_id",
                central_ean="ean",
                central_name="name",
                score="score",
            )
        )

    def _refuse_unknown(self, choices: Mapping[str, int | None]) -> None:
        articles = set(self.articles["article_number"])
        products = set(self.central["product_id"]) if choices else set()
        for number, product in choices.items():
            if number not in articles:
                raise UsageError(
                    f"There is no article {number} in the file that was matched. Was the file read again since?"
                )
            if product is not None and product not in products:
                raise UsageError(
                    f"Article {number}: there is no central product {product}. It may be gone since; match again."
                )

    @staticmethod
    def _refuse_twice(kept: pl.DataFrame, chosen: pl.DataFrame) -> None:
        owner = dict(zip(kept["product_id"], kept["article_number"], strict=True))
        for number, product, name in chosen.select(
            "article_number", "product_id", "central_name"
        ).iter_rows():
            other = owner.setdefault(product, number)
            if other != number:
                raise UsageError(
                    f"Article {number}: central product {product} ({name}) is that of article {other} already; "
                    "only one can be linked to it. Decide about both at once."
                )
