"""What the things that findings are about are called, with the brand and categories of products. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from checks.frames import FRAMES
from dashboard.parts.shaping import check_title
from dashboard.parts.words import field_title

#: What things are called: `what` is the entity whose name it is, `key` its business key; `code` what people call it by where
#: its key says nothing to them (an article's code at its supplier, a debtor's code).
NAMES = pl.Schema(
    [
        ("source", pl.String()),
        ("what", pl.String()),
        ("key", pl.String()),
        ("code", pl.String()),
        ("name", pl.String()),
        ("brand_name", pl.String()),
        ("category_names", pl.List(pl.String)),
    ]
)

#: The frames that `names_of` reads.
FRAMES_WITH_NAMES = (
    "linked_products",
    "products",
    "clients",
    "users",
    "orders",
    "categories",
    "catalogue",
    "catalogue_waiting",
    "debtors",
)

#: Entities that are about a product, with how its article number stands in their key.
_ARTICLE = {"client-product": r"^(.*)\|[^|]*$", "order-list-item": r"^[^|]*\|(.*)$"}


def names_of(source: str, frames: Mapping[str, pl.DataFrame | None]) -> pl.DataFrame:
    """`NAMES` of one source.

    Args:
        frames: by name, those of FRAMES_WITH_NAMES; None for one that was never collected.
    """
    clients = frames.get("clients")
    parts = [
        _products(frames.get(name), frames.get("categories")) for name in ("products", "linked_products")
    ]
    if clients is not None:
        parts.append(_part("client", clients, pl.col("client_number"), pl.col("name")))
    if (users := frames.get("users")) is not None:
        known = {} if clients is None else dict(clients.select("client_number", "name").iter_rows())
        parts.append(_part("user", users, pl.col("email"), pl.col("client_number").replace(known)))
    if (orders := frames.get("orders")) is not None:
        parts.append(_part("order", orders, pl.col("order_number").cast(pl.String), pl.col("client_name")))
    parts += [_articles(frames.get(name)) for name in ("catalogue", "catalogue_waiting")]
    if (debtors := frames.get("debtors")) is not None:
        called = _part("debtor", debtors, pl.col("debtor_id").cast(pl.String), pl.col("name"))
        parts.append(called.with_columns(code=debtors["code"]))
    titles = pl.DataFrame(
        [(name, spec.title) for name, spec in FRAMES.items()], ["key", "name"], orient="row"
    )
    parts.append(_part("frame", titles, pl.col("key"), pl.col("name")))
    kept = [part for part in parts if part is not None]
    return (
        pl.concat([pl.DataFrame(schema=NAMES), *kept], how="diagonal")
        .with_columns(source=pl.lit(source))
        .unique(["what", "key"], keep="first", maintain_order=True)
    )


def problems(groups: pl.DataFrame) -> pl.DataFrame:
    """`NAMES` of the problems of the error log, of all sources: their titles.

    Args:
        groups: id, source, title.
    """
    return groups.select(
        "source",
        what=pl.lit("error-group"),
        key="id",
        code=pl.lit(None, pl.String),
        name="title",
        brand_name=pl.lit(None, pl.String),
        category_names=pl.lit(None, pl.List(pl.String)),
    )


def named(kept: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """Findings with titles and the names of things; order is kept.

    Args:
        kept: schema `findings.KEPT`.
        names: schema NAMES, of all sources.

    Returns:
        `kept` with `title` of the check, `field_title`, `name`, `brand_name` and `category_names` of products and supplier
        articles, `called` (the code where the thing has one, else the key), and `subject`: the thing whose turnover it
        touches (of a client's price and an order list, the product).
    """
    titles = {check: check_title(check) for check in kept["check"].unique()}
    fields = {field: field_title(field) for field in kept["field"].drop_nulls().unique()}
    key, entity = pl.col("key"), pl.col("entity")
    # A shop's finding on a debtor names the ERP before it: `easyflor|417`.
    of_erp = (entity == "debtor") & key.str.contains("|", literal=True)
    article = pl.when(of_erp).then(key.str.replace(r"^[^|]*\|", "")).otherwise(key)
    for composite, pattern in _ARTICLE.items():
        article = pl.when(entity == composite).then(key.str.extract(pattern)).otherwise(article)
    return (
        kept.with_columns(
            title=pl.col("check").replace_strict(titles, default=None, return_dtype=pl.String),
            field_title=pl.col("field").replace_strict(fields, default=None, return_dtype=pl.String),
            _what=entity.replace(dict.fromkeys(_ARTICLE, "product")),
            _key=article,
            _of=pl.when(of_erp).then(key.str.extract(r"^([^|]*)\|")).otherwise("source"),
        )
        .join(
            names.rename({"source": "_of", "what": "_what", "key": "_key"}),
            on=["_of", "_what", "_key"],
            how="left",
            maintain_order="left",
        )
        .with_columns(subject=pl.format("{} {}", "_what", "_key"), called=pl.coalesce("code", "key"))
        .drop("_of", "_what", "_key", "code")
    )


def _part(what: str, frame: pl.DataFrame, key: pl.Expr, name: pl.Expr) -> pl.DataFrame:
    return frame.select(what=pl.lit(what), key=key, name=name)


def _articles(articles: pl.DataFrame | None) -> pl.DataFrame | None:
    """Supplier articles, with the supplier's own group as their category where the frame has one."""
    if articles is None:
        return None
    part = _part("article", articles, pl.col("article_key"), pl.col("name"))
    part = part.with_columns(code=articles["article_code"])
    if "brand" not in articles.columns:
        return part
    group = pl.when(pl.col("group").is_not_null()).then(pl.concat_list("group"))
    return part.with_columns(
        brand_name=articles["brand"],
        category_names=articles.select(group.alias("group"))["group"],
    )


def _products(products: pl.DataFrame | None, categories: pl.DataFrame | None) -> pl.DataFrame | None:
    """Products with their brand and the names of their categories and of all above these."""
    if products is None:
        return None
    part = products.select(
        what=pl.lit("product"), key="article_number", name="name", brand_name="brand", ids="category_ids"
    )
    if categories is None:
        return part.drop("ids")
    above = (
        part.select("key", "ids")
        .explode("ids", empty_as_null=False, keep_nulls=False)
        .join(_chains(categories), left_on="ids", right_on="id", how="inner")
        .group_by("key")
        .agg(category_names=pl.col("title").unique())
    )
    return part.drop("ids").join(above, on="key", how="left", maintain_order="left")


def _chains(categories: pl.DataFrame) -> pl.DataFrame:
    """Each category beside itself and every one above it: id, title. A table that bites its own tail ends too."""
    rows = {row["id"]: row for row in categories.select("id", "name", "parent_id").iter_rows(named=True)}
    pairs: list[tuple[int, str]] = []
    for ident in rows:
        seen: set[int] = set()
        one: int | None = ident
        while one is not None and one in rows and one not in seen:
            seen.add(one)
            if rows[one]["name"]:
                pairs.append((ident, rows[one]["name"]))
            one = rows[one]["parent_id"]
    return pl.DataFrame(pairs, {"id": pl.Int64, "title": pl.String}, orient="row")
