"""The classic questions to an assortment, frames in, a frame out: what the cells of the notebooks ask.

Each is a `Question`: it says which columns of which frames it reads, so that `Look.ask` can tell in words what is missing.
Pure Polars, without I/O; an answer has a row for each bar of its chart, the one to look at first on top.
"""

from __future__ import annotations

from datetime import datetime

import polars as pl

from checks.findings import SEVERITIES
from checks.rules import CHECKS
from checks.workbench.question import reads
from checks.workbench.words import Words

#: How old a finding is, in words: the name and the days at most (None: no end).
AGES: tuple[tuple[str, float | None], ...] = (
    ("a day at most", 1),
    ("a week at most", 7),
    ("a month at most", 30),
    ("older", None),
)

NO_BRAND, NO_CATEGORY = "(no brand)", "(no category)"
#: A tree deeper than this is a circle.
_DEEPEST = 12


def titled(check: str = "check") -> pl.Expr:
    """A check's title for people; its id where this version does not know it."""
    titles = {one.id: one.title for one in CHECKS.values()}
    return pl.col(check).replace(titles)


@reads(products=("article_number", "active", "brand_id", "brand"), photos=("article_number",))
def missing_photos(products: pl.DataFrame, photos: pl.DataFrame) -> pl.DataFrame:
    """Which brands lack photos: brand, products (active own ones), lacking, share (0 to 1); only brands that lack any.

    The same rows as the check `missing-photo`. A brand that the shop gives no name of is called by its number.
    """
    with_photo = photos.select("article_number", photo=True).unique("article_number")
    unnamed = pl.format("(brand {})", "brand_id").fill_null(NO_BRAND)
    return (
        products.filter("active")
        .join(with_photo, on="article_number", how="left")
        .group_by(brand=pl.coalesce("brand", unnamed))
        .agg(products=pl.len(), lacking=pl.col("photo").is_null().sum())
        .with_columns(pl.col("products", "lacking").cast(pl.Int64))
        .with_columns(share=pl.col("lacking") / pl.col("products"))
        .filter(pl.col("lacking") > 0)
        .sort("lacking", "share", "brand", descending=[True, True, False])
    )


@reads()
def ages(findings: pl.DataFrame, now: datetime) -> pl.DataFrame:
    """How old the open findings are: check, title, age (of AGES), findings, oldest (whole days), all.

    `findings`: `findings.KEPT`; `now`: aware; `all`: of that check, whatever their age.
    """
    days = (pl.lit(now) - pl.col("first_seen")).dt.total_seconds() / 86_400
    age = pl.lit(AGES[-1][0])
    for name, most in reversed(AGES[:-1]):
        age = pl.when(days <= most).then(pl.lit(name)).otherwise(age)
    return (
        findings.with_columns(age=age, days=days.floor().cast(pl.Int64).clip(0))
        .group_by("check", "age")
        .agg(findings=pl.len().cast(pl.Int64), oldest=pl.col("days").max())
        .with_columns(title=titled(), all=pl.col("findings").sum().over("check"))
        .select("check", "title", "age", "findings", "oldest", "all")
        .sort(
            "all",
            "check",
            pl.col("age").cast(pl.Enum([name for name, _ in AGES])),
            descending=[True, False, False],
        )
    )


def category_names(categories: pl.DataFrame) -> pl.DataFrame:
    """id, category (`Drinks › Soft drinks`) and root (`Drinks`) of the lookup table; one whose parent is gone is a root."""
    parents = categories.select(parent="id", above="parent_id", parent_name="name")
    names = categories.select("id", category="name", root="name", up="parent_id")
    for _ in range(_DEEPEST):
        if names["up"].is_null().all():
            break
        found = pl.col("parent_name").is_not_null()
        names = (
            names.join(parents, left_on="up", right_on="parent", how="left", maintain_order="left")
            .with_columns(
                category=pl.when(found)
                .then(pl.format("{} › {}", "parent_name", "category"))
                .otherwise("category"),
                root=pl.coalesce("parent_name", "root"),
                up="above",
            )
            .select("id", "category", "root", "up")
        )
    return names.select("id", "category", "root").unique("id", keep="first", maintain_order=True)


@reads(categories=("id", "name", "parent_id"), products=("article_number", "category_ids"))
def wrong_categories(
    categories: pl.DataFrame, products: pl.DataFrame, findings: pl.DataFrame
) -> pl.DataFrame:
    """Which categories go wrong: category, products, wrong, share (0 to 1), findings, most (title of the commonest check).

    `wrong`: own products with an open finding; a product in two categories counts in both. `findings`: `findings.KEPT`.
    """
    about = findings.filter(pl.col("entity") == "product").select("check", article_number="key")
    inside = _in_categories(products).join(
        category_names(categories).select("id", "category"), on="id", how="left"
    )
    inside = inside.with_columns(category=_category("category"))
    found = inside.join(about, on="article_number")
    most = (
        found.group_by("category", "check")
        .len()
        .sort("len", "check", descending=[True, False])
        .unique("category", keep="first", maintain_order=True)
        .select("category", most=titled())
    )
    wrong = found.group_by("category").agg(
        wrong=pl.col("article_number").n_unique().cast(pl.Int64), findings=pl.len().cast(pl.Int64)
    )
    return (
        inside.group_by("category")
        .agg(products=pl.col("article_number").n_unique().cast(pl.Int64))
        .join(wrong, on="category")
        .join(most, on="category")
        .with_columns(share=pl.col("wrong") / pl.col("products"))
        .select("category", "products", "wrong", "share", "findings", "most")
        .sort("wrong", "share", "category", descending=[True, True, False])
    )


@reads(
    categories=("id", "name", "parent_id"),
    products=("article_number", "category_ids"),
    linked_products=("article_number", "category_ids"),
)
def own_and_linked(
    categories: pl.DataFrame,
    products: pl.DataFrame,
    linked_products: pl.DataFrame,
    findings: pl.DataFrame,
) -> pl.DataFrame:
    """How much of each main category is linked, and what could be: category, linked, could, own, share (0 to 1).

    `could`: own products that are in the central database (open findings of `own-became-central`); `own`: the others;
    `share`: what is linked of all. What could be linked most comes first. `findings`: `findings.KEPT`.
    """
    central = findings.filter(pl.col("check") == "own-became-central").select(
        article_number="key", kind=pl.lit("could")
    )
    own = products.join(central.unique("article_number"), on="article_number", how="left").select(
        "article_number", "category_ids", kind=pl.col("kind").fill_null("own")
    )
    linked = linked_products.select("article_number", "category_ids", kind=pl.lit("linked"))
    placed = _in_categories(pl.concat([own, linked])).join(category_names(categories), on="id", how="left")
    kinds = ("linked", "could", "own")
    return (
        placed.with_columns(category=_category("root"))
        .unique(["article_number", "kind", "category"])
        .group_by("category")
        .agg((pl.col("kind") == kind).sum().cast(pl.Int64).alias(kind) for kind in kinds)
        .with_columns(share=pl.col("linked") / pl.sum_horizontal(kinds))
        .sort("could", "own", "category", descending=[True, True, False])
    )


def _category(name: str) -> pl.Expr:
    """That column; where it is null, in words whether there is no category or one that the table does not have."""
    unknown = pl.format("(category {}, not in the table)", "id")
    return pl.coalesce(name, unknown, pl.lit(NO_CATEGORY))


def _in_categories(products: pl.DataFrame) -> pl.DataFrame:
    """A row for each product and category `id`; of a product without any, one with a null."""
    kept = [name for name in ("article_number", "kind") if name in products.columns]
    return (
        products.select(*kept, id="category_ids")
        .explode("id", empty_as_null=True)
        .unique(maintain_order=True)
    )


@reads(
    client_prices=("article_number", "client_number", "sales_price"),
    products=("article_number", "sales_price"),
    linked_products=("article_number", "sales_price"),
)
def client_prices(
    client_prices: pl.DataFrame, products: pl.DataFrame, linked_products: pl.DataFrame
) -> pl.DataFrame:
    """What each client pays, against the list price: client_number, article_number, price, list_price (euro), percent.

    `percent`: above (+) or below (-) the list price. What lies furthest off comes first. Prices of articles without
    a list price are left out: they have findings of their own.
    """
    listed = pl.concat(
        [frame.select("article_number", list_price="sales_price") for frame in (products, linked_products)]
    ).filter(pl.col("list_price") > 0)
    percent = (pl.col("price") / pl.col("list_price") - 1) * 100
    return (
        client_prices.select("client_number", "article_number", price="sales_price")
        .drop_nulls("price")
        .join(listed.unique("article_number", keep="first", maintain_order=True), on="article_number")
        .with_columns(percent=percent)
        .sort(pl.col("percent").abs(), "client_number", "article_number", descending=[True, False, False])
    )


def price_spread(prices: pl.DataFrame | Words) -> pl.DataFrame | Words:
    """The spread of each client, of `client_prices`: client_number, prices, low, middle, high, least, most (percent), above.

    `low` to `high` hold the middle eight of ten prices, `least` and `most` all; `above`: prices above the list price.
    The widest spread comes first.
    """
    if isinstance(prices, Words):  # `client_prices` could not be answered
        return prices
    percent = pl.col("percent")
    return (
        prices.group_by("client_number")
        .agg(
            prices=pl.len().cast(pl.Int64),
            low=percent.quantile(0.1, "linear"),
            middle=percent.median(),
            high=percent.quantile(0.9, "linear"),
            least=percent.min(),
            most=percent.max(),
            above=(pl.col("price") > pl.col("list_price") + 0.005).sum().cast(pl.Int64),
        )
        .sort(pl.col("high") - pl.col("low"), "client_number", descending=[True, False])
    )


@reads()
def findings_per_run(history: pl.DataFrame) -> pl.DataFrame:
    """Findings over time: run_id, started_at, severity, findings, could_not_run (checks of that run); oldest run first.

    `history`: `Store.check_history` of one source. Accepted ones do not count. The severity is the check's own; every
    run has a row for each severity.
    """
    severities = {one.id: one.severity for one in CHECKS.values()}
    found = history.with_columns(
        severity=pl.col("check").replace_strict(severities, default="info", return_dtype=pl.String),
        open=(pl.col("findings") - pl.col("accepted")).clip(0),
    )
    runs = found.group_by("run_id", "started_at").agg(
        could_not_run=(pl.col("status") == "could_not_run").sum().cast(pl.Int64)
    )
    counts = found.group_by("run_id", "severity").agg(findings=pl.col("open").sum().cast(pl.Int64))
    return (
        runs.join(pl.DataFrame({"severity": SEVERITIES}, schema={"severity": pl.String}), how="cross")
        .join(counts, on=["run_id", "severity"], how="left")
        .with_columns(pl.col("findings").fill_null(0))
        .sort("started_at", pl.col("severity").cast(pl.Enum(SEVERITIES)))
        .select("run_id", "started_at", "severity", "findings", "could_not_run")
    )


def appeared_and_went(appeared: pl.DataFrame, went: pl.DataFrame) -> pl.DataFrame:
    """What lies between two runs, by check: check, title, appeared, went; what moved most first. Both: `findings.KEPT`."""
    both = pl.concat([appeared.select("check", appeared=1, went=0), went.select("check", appeared=0, went=1)])
    return (
        both.group_by("check")
        .agg(pl.col("appeared", "went").sum().cast(pl.Int64))
        .select("check", "appeared", "went", title=titled())
        .select("check", "title", "appeared", "went")
        .sort(pl.col("appeared") + pl.col("went"), "check", descending=[True, False])
    )


def changed_fields(changes: pl.DataFrame) -> pl.DataFrame:
    """Which fields changed, of `kr.changes(...)`: field (`(added)`, `(removed)` for whole rows), rows, example; most first.

    When a row was last modified is left out: it changes with every other field.
    """
    field = pl.coalesce("field", pl.format("({})", "kind")).str.replace_all("_", " ", literal=True)
    example = pl.format("{}: {} → {}", "key", pl.col("before").fill_null("-"), pl.col("after").fill_null("-"))
    return (
        changes.filter(pl.col("field").ne_missing("modified"))
        .group_by(field=field)
        .agg(rows=pl.col("key").n_unique().cast(pl.Int64), example=example.first())
        .sort("rows", "field", descending=[True, False])
    )
