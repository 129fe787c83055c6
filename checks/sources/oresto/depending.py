"""Which rows show what belongs to another product that changed. Pure functions over frames and article numbers.

A product shows the codes of its units and cartons, a linked product also the facts of its central product. When those
change, the server need not move the LastModified of the row that shows them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

import polars as pl

from checks.frames import FRAMES
from checks.sources.changes import differing

_KEY = "article_number"
_KEY_IN_CENTRAL = "article_numbers"
_CODES = ["ean", "unit_eans", "package_eans"]

#: What a linked product shows of its central product.
_FACTS = [
    column
    for column in FRAMES["central_products"].schema
    if column in FRAMES["linked_products"].schema and column not in ("product_id", "modified")
]
_DELETED_FACTS = ["ean", "name", "suppliers", "modified"]


def showing_others(
    before: list[pl.DataFrame],
    after: list[pl.DataFrame],
    others: Mapping[str, Collection[str]],
    since: datetime | None,
) -> set[str]:
    """Article numbers of rows whose codes of units and cartons may not be the present ones.

    Args:
        before, after: own and linked products, as the last snapshot has them and as they are known now.
        others: of rows that came from the server just now, the article numbers of their units and cartons. A code
            alone does not find a unit that has none, or a carton that is new.
        since: when the last snapshot was read; what was modified after may have been read later than what shows it.

    A row that came from the server just now and shows the new code, and no old one, is not among them.
    """
    now = pl.concat([data.select(_KEY, *_CODES, "modified") for data in after])
    delta = differing(pl.concat([data.select(_KEY, *_CODES) for data in before]), now, _KEY, _CODES)
    fresh = now.filter(pl.col("modified") >= since)[_KEY] if since is not None else now[_KEY].clear()
    if delta.is_empty() and fresh.is_empty():
        return set()
    shown = pl.concat([now.select(_KEY, "ean", code=column).explode("code") for column in _CODES[1:]])
    moved = delta.filter(pl.col("ean").ne_missing(pl.col("ean_now")))
    found = set(shown.filter(pl.col("code").is_in(moved["ean"].drop_nulls().implode()))[_KEY])
    found |= _let_go(delta, shown)
    here = set(now[_KEY])
    changed = delta.filter("is")[_KEY].to_list()
    unseen = {other for number in changed for other in others.get(number, ()) if other not in others}
    pairs = [(number, other) for number in {*changed, *fresh} for other in others.get(number, ())]
    return found | (unseen & here) | _not_named(pairs, now, shown)


def _let_go(delta: pl.DataFrame, shown: pl.DataFrame) -> set[str]:
    """Rows that still show a product which shows them no more."""
    was = pl.concat([delta.select("ean", "ean_now", code=column).explode("code") for column in _CODES[1:]])
    stays = pl.concat(
        [delta.select("ean_now", code=f"{column}_now").explode("code") for column in _CODES[1:]]
    )
    lost = was.join(stays, on=["ean_now", "code"], how="anti", nulls_equal=True).drop_nulls("code")
    ours = pl.concat([lost["ean"], lost["ean_now"]]).drop_nulls()
    about = pl.col("ean").is_in(lost["code"].implode()) & pl.col("code").is_in(ours.implode())
    return set(shown.filter(about)[_KEY])


def _not_named(pairs: list[tuple[str, str]], now: pl.DataFrame, shown: pl.DataFrame) -> set[str]:
    """Of (product, unit or carton it shows): those units and cartons that do not show the product's code in return."""
    named = pl.DataFrame(pairs, schema={"number": pl.String, _KEY: pl.String}, orient="row")
    codes = now.select(number=_KEY, code="ean").drop_nulls()
    due = named.join(codes, on="number").join(now.select(_KEY), on=_KEY, how="semi")
    return set(due.join(shown.select(_KEY, "code"), on=[_KEY, "code"], how="anti")[_KEY])


def users_of_central(
    linked: pl.DataFrame,
    central_before: pl.DataFrame,
    central_after: pl.DataFrame,
    deleted_before: pl.DataFrame,
    deleted_after: pl.DataFrame,
) -> set[str]:
    """Article numbers of linked products that may show what a central product was, and is no more.

    They are found by the article numbers that the central product names, by its EAN before and after, and where it has
    none by its suppliers' article codes. One that shows its central product as it is now is not among them.
    """
    delta = differing(central_before, central_after, "product_id", _FACTS)
    gone = differing(deleted_before, deleted_after, "product_id", _DELETED_FACTS)
    if delta.is_empty() and gone.is_empty():
        return set()
    of_central = [data.join(delta, on="product_id", how="semi") for data in (central_before, central_after)]
    of_deleted = [data.join(gone, on="product_id", how="semi") for data in (deleted_before, deleted_after)]
    numbers = pl.concat([data[_KEY_IN_CENTRAL].explode() for data in of_central])
    changed = pl.concat([data.select("ean", "suppliers") for data in (*of_central, *of_deleted)])
    found = linked.filter(
        pl.col(_KEY).is_in(numbers.drop_nulls().implode())
        | pl.col("ean").is_in(changed["ean"].drop_nulls().implode())
        | pl.col(_KEY).is_in(_by_supplier(linked, changed).implode())
    )
    # Same facts do not suffice: a twin of the product, with the same code, may have come back.
    after = of_central[1].with_columns(_hash=of_central[1].select(_FACTS).hash_rows())
    as_now = after.select(_KEY_IN_CENTRAL, "_hash").explode(_KEY_IN_CENTRAL)
    shown = found.select(_KEY).with_columns(_hash=found.select(_FACTS).hash_rows())
    stale = shown.join(as_now, left_on=[_KEY, "_hash"], right_on=[_KEY_IN_CENTRAL, "_hash"], how="anti")
    return set(stale[_KEY].drop_nulls())


def _by_supplier(linked: pl.DataFrame, changed: pl.DataFrame) -> pl.Series:
    """Linked products without a code that share a supplier's article code with one of `changed`."""

    def codes(rows: pl.DataFrame, *kept: str) -> pl.DataFrame:
        without = rows.filter(pl.col("ean").is_null()).select(*kept, "suppliers")
        return without.explode("suppliers").unnest("suppliers").drop_nulls()

    return codes(linked, _KEY).join(codes(changed), on=["supplier_id", "article_code"], how="semi")[_KEY]
