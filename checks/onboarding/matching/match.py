"""Which central product an own article is: by its codes with certainty, by name, brand and content as suggestions (guide,
chapters 3 and 5).

Nothing is matched by its name alone. A code that is in the central list and yet does not decide is doubted, with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from checks.errors import UsageError
from checks.gtin import gtin_number, is_restricted_number
from checks.onboarding.matching.boxes import REASON, by_the_box, pieces_in_cartons
from checks.onboarding.matching.candidates import Index, index
from checks.onboarding.matching.codes import FOUND, by_gtin, by_supplier, own_codes, supplier_ids
from checks.onboarding.matching.content import shown
from checks.onboarding.matching.guard import contradicted
from checks.onboarding.matching.names import Described, described
from checks.onboarding.matching.result import Matches
from checks.onboarding.matching.suggestions import suggestions
from checks.onboarding.shapes import DOUBTED, MATCHED, SUGGESTED
from checks.progress import Progress

__all__ = ["Matches", "match_articles"]


def match_articles(
    articles: pl.DataFrame,
    central: pl.DataFrame,
    *,
    central_eans: pl.DataFrame | None = None,
    supplier_codes: pl.DataFrame | None = None,
    suppliers: Mapping[str, int] | None = None,
    deleted: pl.DataFrame | None = None,
    most: int = 5,
    progress: Progress | None = None,
) -> Matches:
    """Matches an article file with the central list.

    The stages: `gtin`, the article's own EAN is the product's own, compared as GTIN-14; `supplier-code`, for articles whose EAN
    found nothing, the supplier's article code; then suggestions. A code decides only where one article and one product have
    it, nobody of ours is linked to the product, name, brand and content do not contradict (`guard`), and the article is not
    sold by the box of which the code is that of the piece (`boxes`).

    The score of a suggestion is the chance that it is this one; products that fit equally share it. Measured on 6,000 other
    articles than the weights were fitted on (real products, damaged names, a third not in the list of 36,380):

    | score      | 0.9-1 | 0.7-0.9 | 0.5-0.7 | 0.3-0.5 | 0.1-0.3 | 0.01-0.1 | less  |
    | ---------- | ----- | ------- | ------- | ------- | ------- | -------- | ----- |
    | right ones | 97 %  | 87 %    | 74 %    | 44 %    | 16 %    | 3 %      | 0.1 % |

    Of the articles that are in the list 88 % had theirs at rank 1, 97 % within five.

    Args:
        articles: ARTICLES. Rows without article number are left out; of one number the first row counts.
        central: frame `central_products`.
        central_eans, supplier_codes, deleted: frames `central_eans`, `supplier_articles`, `deleted_central_products`: to say
            more about codes that no central product has, and to know suppliers by name.
        suppliers: own supplier name -> supplier id; None: names of `supplier_codes` that are the same when folded.
        most: suggestions an article.
        progress: told of the steps; stops at the next one.

    Raises:
        UsageError: `most` is below 1.
        Stopped: a person asked to.
    """
    if most < 1:
        raise UsageError(f"{most} suggestions an article were asked for: it takes at least one.")
    progress = progress or Progress()
    named = pl.col("article_number").str.strip_chars() != ""
    articles = articles.filter(named).unique("article_number", keep="first", maintain_order=True)
    central = central.unique("product_id", keep="first", maintain_order=True)
    progress.step("matching", "names", 0, 2)
    own, theirs = described(articles, pieces="amount_of_units"), described(central)
    progress.check_stop()
    progress.step("matching", "names", 1, 2)
    words = index(own, theirs, progress)
    progress.step("matching", "names", 2, 2, "done")
    work = _Work(articles, central, own, theirs, words, progress)
    codes = own_codes(articles, supplier_ids(articles, supplier_codes, suppliers))

    progress.step("matching", "codes", 0, 2)
    by_ean = work.judged(by_gtin(codes, central, central_eans, deleted), codes, "gtin")
    progress.step("matching", "codes", 1, 2)
    # an in-store number says nothing, not even that there is no other product
    says = by_ean.join(codes.filter(is_restricted_number(pl.col("gtin"))), on="item", how="anti")
    silent = codes.join(says, on="item", how="anti", maintain_order="left")
    by_code = work.unclaimed(by_supplier(silent, central, supplier_codes, deleted), says)
    found = pl.concat([by_ean, work.judged(by_code, codes, "supplier-code")])
    progress.step("matching", "codes", 2, 2, "done")
    sure = found.filter(pl.col("reason").is_null())
    doubted = found.join(sure, on="item", how="anti", maintain_order="left").sort("item", maintain_order=True)
    return work.result(sure, doubted, most)


@dataclass(frozen=True)
class _Work:
    """The two lists as the steps need them; `item` and `product` are positions in `articles` and `central`."""

    articles: pl.DataFrame
    central: pl.DataFrame
    own: Described
    theirs: Described
    words: Index
    progress: Progress

    def judged(self, found: pl.DataFrame, codes: pl.DataFrame, stage: str) -> pl.DataFrame:
        """FOUND with stage and contradicted (Boolean), and a reason where name, brand and content contradict, or the article is
        a box and the product the piece in it."""
        eans = self.central.select(
            product=pl.int_range(pl.len(), dtype=pl.UInt32),
            their_gtin=gtin_number(pl.col("ean").str.strip_chars()),
        )
        clean = (
            found.filter(pl.col("reason").is_null())
            .join(codes.select("item", "gtin"), on="item", how="left", maintain_order="left")
            .join(eans, on="product", how="left", maintain_order="left")
            .with_columns(
                other_ean=(
                    (pl.col("gtin") != pl.col("their_gtin"))
                    & ~is_restricted_number(pl.col("gtin"))
                    & ~is_restricted_number(pl.col("their_gtin"))
                ).fill_null(False)
            )
        )
        judged = contradicted(
            clean.select("item", "product", "other_ean"), self.own, self.theirs, self.words, self.progress
        )
        names = self.central.select(
            name=pl.col("name").fill_null("?"), number=pl.col("ean").fill_null("none")
        )
        their = names.select(product=pl.int_range(pl.len(), dtype=pl.UInt32), their_name="name")
        rivals = names.select(
            pl.int_range(pl.len(), dtype=pl.UInt32).alias("rival"), rival_name="name", rival_ean="number"
        )
        against = (
            judged.join(their, on="product", how="left", maintain_order="left")
            .join(rivals, on="rival", how="left", maintain_order="left")
            .select(
                "item",
                "product",
                against=pl.when("contradicts")
                .then(_contradiction())
                .when(pl.col("rival").is_not_null())
                .then(
                    pl.format(
                        "{} (EAN {}) fits far better than this one, which has the code.",
                        "rival_name",
                        "rival_ean",
                    )
                ),
            )
        )
        boxed = (
            clean.join(by_the_box(self.articles), on="item", how="semi")
            .join(pieces_in_cartons(self.central), on="product", how="semi")
            .join(their, on="product", how="left")
            .select("item", "product", boxed=pl.format(REASON, "code", "their_name"))
        )
        return found.join(
            against.join(boxed, on=["item", "product"], how="left"),
            on=["item", "product"],
            how="left",
            maintain_order="left",
        ).select(
            *FOUND.names()[:-1],
            reason=pl.coalesce("reason", "against", "boxed"),
            stage=pl.lit(stage),
            contradicted=pl.col("against").is_not_null(),
        )

    def unclaimed(self, by_code: pl.DataFrame, by_ean: pl.DataFrame) -> pl.DataFrame:
        """FOUND by suppliers' codes, with a reason where another article has the product by its EAN or another code."""
        numbers = self.articles.select(
            item=pl.int_range(pl.len(), dtype=pl.UInt32), article_number="article_number"
        )
        claims = (
            by_ean.filter(~pl.col("contradicted"))
            .drop_nulls("product")
            .join(numbers, on="item")
            .group_by("product")
            .agg(owner=pl.col("article_number").sort_by("item").first())
        )
        twice = (pl.col("item").n_unique().over("product") > 1) & pl.col("product").is_not_null()
        return (
            by_code.join(claims, on="product", how="left", maintain_order="left")
            .with_columns(
                reason=pl.when(pl.col("reason").is_not_null())
                .then("reason")
                .when(pl.col("owner").is_not_null())
                .then(pl.format("Article {} has the EAN of this central product.", "owner"))
                .when(twice)
                .then(pl.lit("Several articles of the file have a supplier's code of this central product."))
            )
            .select(FOUND.names())
        )

    def result(self, sure: pl.DataFrame, doubted: pl.DataFrame, most: int) -> Matches:
        numbers = self.articles.select(
            item=pl.int_range(pl.len(), dtype=pl.UInt32), article_number="article_number"
        )
        products = self.central.select(
            "product_id",
            product=pl.int_range(pl.len(), dtype=pl.UInt32),
            central_ean="ean",
            central_name="name",
            central_brand="brand",
        ).with_columns(self.theirs.sides.select(central_content=shown("content")).to_series())
        matched = (
            sure.drop("product_id")
            .join(numbers, on="item", maintain_order="left")
            .join(products, on="product", maintain_order="left")
            .with_columns(score=pl.lit(1.0))
            .sort("item")
        )
        rest = numbers.join(sure, on="item", how="anti", maintain_order="left")["item"]
        best = suggestions(
            rest,
            doubted.drop_nulls("product").select("item", "product", "reason"),
            sure.select("product"),
            self.own,
            self.theirs,
            self.words,
            most,
            self.progress,
        )
        suggested = (
            best.join(numbers, on="item", maintain_order="left")
            .join(products, on="product", maintain_order="left")
            .sort("item", "rank")
        )
        self.progress.step("matching", "suggestions", len(rest), len(rest), "done")
        return Matches(
            matched=matched.select(MATCHED.names()).cast(MATCHED),
            suggested=suggested.select(SUGGESTED.names()).cast(SUGGESTED),
            doubted=doubted.join(numbers, on="item", maintain_order="left")
            .select(DOUBTED.names())
            .cast(DOUBTED),
            articles=self.articles.select("article_number", "ean", "name"),
            central=self.central.select("product_id", "ean", "name"),
        )


def _contradiction() -> pl.Expr:
    brand = pl.when(pl.col("brand") == "other").then(pl.lit(", of another brand")).otherwise(pl.lit(""))
    content = (
        pl.when(pl.col("content") == "other").then(pl.lit(", with another content")).otherwise(pl.lit(""))
    )
    percent = (pl.col("alike") * 100).floor().cast(pl.Int64)
    return pl.format("The code is that of {}: name {} % alike{}{}.", "their_name", percent, brand, content)
