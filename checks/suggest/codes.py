"""Which EAN a product should have instead of a wrong one: the diagnosed code first, then likely ones, each with its reason.

Beside what the wrong code itself tells, other lists are asked: a central or linked product with the same article code of the
same supplier or with the same name, and codes in the central list from which one typed digit differs. Pure functions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import polars as pl

from checks.folding import plain
from checks.frames import FRAMES
from checks.gtin import gtin_number, is_restricted_number
from checks.suggest.naming import may_hold
from checks.suggest.reading import AnyFrames, read
from checks.suggest.repairs import fits, is_scientific, one_away, repairs

#: See `checks.suggest.repairs`: reasons of one code are added up.
_SUPPLIED, _ONE_AWAY, _LISTED, _FITS = 60, 50, 25, 40
_SAME_NAME, _SAME_BRAND, _OTHER_BRAND = 30, 25, -25

_MOST = 8
_NAMESAKES = 5  # a name that more products have is no name

_CODE = pl.Schema({"key": pl.String(), "value": pl.String()})
_FOUND = pl.Schema({**_CODE, "why": pl.String(), "strength": pl.Int64(), "certain": pl.Boolean()})


class CodeChoice(NamedTuple):
    """A valid GTIN that the product may have. `label` is the code with the name of the product that has it elsewhere."""

    value: str
    label: str
    why: str
    certain: bool


def ean_choices(
    code: str | None, article_number: str | None = None, frames: AnyFrames | None = None
) -> tuple[CodeChoice, ...]:
    """`ean_choices_of` for one code; without an article number and frames from the code alone."""
    key = article_number or ""
    return ean_choices_of({key: code}, frames if frames is not None else {})[key]


def ean_choices_of(
    codes: Mapping[str, str | None], frames: AnyFrames, *, most: int = _MOST
) -> dict[str, tuple[CodeChoice, ...]]:
    """Codes that own products may have instead of the wrong ones they have, for all of them at once.

    Args:
        codes: article number -> the code it has now, None for none.
        frames: of one source. products, linked_products, central_products and central_eans are read where they are there.
        most: so many for each product at most.

    Returns:
        For each article number its choices: the diagnosed code first, codes that another own product has already last. In-store
        numbers and the code it has now are not among them.
    """
    wrong = {key: code for key, code in codes.items() if code is not None}
    now = pl.DataFrame(list(codes.items()), schema=_CODE, orient="row").with_columns(
        gtin=gtin_number(pl.col("value"))
    )
    elsewhere = _elsewhere(frames)
    listed = read(frames, "central_eans", ("ean",))
    central = pl.DataFrame(schema={"gtin": pl.UInt64})
    if listed is not None:
        central = listed.select(gtin=gtin_number(pl.col("ean"))).drop_nulls()
    asked = read(frames, "products", ("article_number", "ean", "name", "brand_id", "suppliers"))
    known = pl.concat([central, elsewhere.select("gtin")]).unique()
    found = [_repaired(wrong, known), _near(now, known)]
    if asked is not None:
        mine = asked.rename({"article_number": "key"}).filter(pl.col("key").is_in(list(codes)))
        found += [_supplied(mine, elsewhere), _namesakes(mine, elsewhere, wrong)]
    gtin = gtin_number(pl.col("value"))
    ranked = (
        pl.concat(found)
        .with_columns(gtin=gtin)
        .filter(~is_restricted_number(pl.col("gtin")))
        .join(now, on=["key", "gtin"], how="anti")
        .sort("strength", descending=True, maintain_order=True)
        .group_by("key", "gtin", maintain_order=True)
        .agg(
            pl.col("value").first(),
            pl.col("why").unique(maintain_order=True),
            pl.col("strength").sum(),
            pl.col("certain").any(),
        )
        .join(elsewhere.select("gtin", "name").unique("gtin", keep="first"), on="gtin", how="left")
        .join(_owners(asked), on="gtin", how="left")
        .with_columns(
            taken=pl.when(pl.col("owner") != pl.col("key")).then(
                pl.format("own product {} '{}' has this code already", "owner", "owned")
            )
        )
        .select(
            "key",
            "value",
            "certain",
            label=pl.when(pl.col("name").is_null())
            .then("value")
            .otherwise(pl.format("{} ({})", "value", "name")),
            why=pl.concat_list("why", "taken").list.drop_nulls().list.join("; "),
            free=pl.col("taken").is_null(),
            strength="strength",
        )
        .sort("free", "strength", "value", descending=[True, True, False])
    )
    chosen: dict[str, list[CodeChoice]] = {key: [] for key in codes}
    for key, *choice in ranked.select("key", *CodeChoice._fields).iter_rows():
        if len(chosen[key]) < most:
            chosen[key].append(CodeChoice(*choice))
    return {key: tuple(choices) for key, choices in chosen.items()}


def _repaired(wrong: Mapping[str, str], known: pl.DataFrame) -> pl.DataFrame:
    """What the codes themselves tell; more strongly where the central database has such a code."""
    rows = [
        (key, one.value, one.why, one.strength, one.certain)
        for key, code in wrong.items()
        for one in repairs(code)
    ]
    listed = pl.col("listed").fill_null(False)
    return (
        pl.DataFrame(rows, schema=_FOUND, orient="row")
        .with_columns(gtin=gtin_number(pl.col("value")))
        .join(known.with_columns(listed=True), on="gtin", how="left", maintain_order="left")
        .with_columns(
            why=pl.when(listed)
            .then(pl.format("{}; the central database has this code", "why"))
            .otherwise("why"),
            strength=pl.col("strength") + pl.when(listed).then(_LISTED).otherwise(0),
        )
        .select(_FOUND.names())
    )


def _near(now: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Known codes from which an invalid one differs by one typed digit: all others are too many to choose from."""
    invalid = now.filter(pl.col("gtin").is_null()).drop_nulls("value")
    away = [
        (key, one)
        for key, code in invalid.select(_CODE.names()).iter_rows()
        for one in sorted(one_away(code))
    ]
    return (
        pl.DataFrame(away, schema=_CODE, orient="row")
        .with_columns(gtin=gtin_number(pl.col("value")))
        .join(known, on="gtin", how="semi")
        .select(
            "key",
            "value",
            why=pl.lit("one digit differs, and the central database has this code"),
            strength=pl.lit(_ONE_AWAY, pl.Int64),
            certain=pl.lit(False),
        )
    )


def _elsewhere(frames: AnyFrames) -> pl.DataFrame:
    """Central and linked products with a valid code: gtin, value (as it is written), what (it is), name, brand_id, suppliers."""
    code, found = pl.col("ean").str.strip_chars(), []
    for name, what in (("central_products", "central product"), ("linked_products", "linked product")):
        data = read(frames, name, ("ean", "name", "brand_id", "suppliers"))
        rows = FRAMES[name].empty() if data is None else data
        found.append(
            rows.select(
                "name", "brand_id", "suppliers", gtin=gtin_number(code), value=code, what=pl.lit(what)
            )
        )
    return pl.concat(found).drop_nulls("gtin").unique("gtin", keep="first", maintain_order=True)


def _supplied(mine: pl.DataFrame, elsewhere: pl.DataFrame) -> pl.DataFrame:
    """Codes of products that have the same article code of the same supplier."""
    theirs = _articles(elsewhere, "value", "name", "what")
    return (
        _articles(mine, "key")
        .join(theirs, on=["supplier_id", "article_code"])
        .select(
            "key",
            "value",
            why=pl.format(
                "{} '{}' has the same article code {} of the same supplier",
                "what",
                pl.col("name").fill_null("without a name"),
                "article_code",
            ),
            strength=pl.lit(_SUPPLIED, pl.Int64),
            certain=pl.lit(False),
        )
    )


def _articles(products: pl.DataFrame, *kept: str) -> pl.DataFrame:
    supplier = pl.col("suppliers").struct
    return (
        products.filter(pl.col("suppliers").list.len() > 0)
        .select(*kept, "suppliers")
        .explode("suppliers")
        .select(*kept, supplier.field("supplier_id"), supplier.field("article_code").str.strip_chars())
        .filter(pl.col("article_code") != "")
    )


def _namesakes(mine: pl.DataFrame, elsewhere: pl.DataFrame, wrong: Mapping[str, str]) -> pl.DataFrame:
    """Codes of products with the same name; of Excel's scientific notation only those it may be of."""
    names = mine.select("key", "brand_id", called=plain(pl.col("name"))).filter(pl.col("called") != "")
    longest = sorted({max(called.split(), key=len) for called in names["called"]})
    name = pl.col("name")
    theirs = elsewhere.filter(may_hold(name, longest))
    same = names.join(theirs.with_columns(called=plain(name)), on="called")
    rows = []
    for key, value, what, called, one, other in same.select(
        "key", "value", "what", "name", "brand_id", "brand_id_right"
    ).iter_rows():
        why, strength, code = f"{what} '{called}' has the same name", _SAME_NAME, wrong.get(key, "")
        if one is not None and other is not None:
            why += " and brand" if one == other else " but another brand"
            strength += _SAME_BRAND if one == other else _OTHER_BRAND
        if is_scientific(code):
            if not fits(code, value):
                continue
            why, strength = f"{why}, and its code fits what {code} shows", strength + _FITS
        rows.append((key, value, why, strength, False))
    found = pl.DataFrame(rows, schema=_FOUND, orient="row")
    return found.filter(pl.len().over("key") <= _NAMESAKES)


def _owners(own: pl.DataFrame | None) -> pl.DataFrame:
    """Which own product has a code: gtin, owner, owned (its name)."""
    if own is None:
        return pl.DataFrame(schema={"gtin": pl.UInt64, "owner": pl.String, "owned": pl.String})
    codes = own.select(
        gtin=gtin_number(pl.col("ean").str.strip_chars()),
        owner="article_number",
        owned=pl.col("name").fill_null(""),
    )
    return codes.drop_nulls("gtin").sort("owner").unique("gtin", keep="first", maintain_order=True)
