"""Which problem a row of the error log belongs to: its fingerprint, the same tomorrow and in whatever order rows come.

Made of source, method, route, kind (status code or what kind of error) and what was said: model field and rule of a
validation error, whatever its language; else the message with its values masked. A row with several errors belongs to
the least of them in the alphabet, so that one more wrong field makes no other problem of it.

Each step is done once for what is equal: a million rows have a few thousand texts when their numbers are gone.
"""

from __future__ import annotations

import hashlib

import polars as pl

from checks.triage import masks, routes, templates
from checks.triage.own_words import IN_BODY, IN_QUERY, own_words
from checks.triage.said import CLASS, FIELD_STEPS, GENERIC, said

#: What changes when rows would group differently: what an older version grouped is grouped anew.
MASKS_VERSION = hashlib.blake2b(
    repr(
        (
            "1",  # to be raised when the code around the lists groups differently
            masks.SKELETON,
            masks.READING,
            masks.COLLAPSING,
            routes.STEPS,
            (CLASS, FIELD_STEPS, sorted(GENERIC), IN_BODY, IN_QUERY),
            [(one.rule, one.pattern) for one in templates.TEMPLATES],
        )
    ).encode(),
    digest_size=10,
).hexdigest()


def fingerprinted(source: str, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with `fingerprint`, `route`, `kind`, `rule`, `field` and `text` beside what they have, in their order.

    Args:
        rows: FRAMES["error_logs"], any number in any order.

    `rule` is null where no wording of a rule is known; `field` where neither a rule nor a key of the model names one.
    `text` is what of the row makes it this problem, as it was said.
    """
    request = rows.lazy().select(
        method_=pl.col("method").fill_null("").str.to_uppercase(),
        short=routes.short(pl.col("url")),
        kind=pl.coalesce(
            pl.col("status_code").cast(pl.String),
            pl.col("exception").str.extract(CLASS, 1),
            pl.lit("unknown"),
        ),
    )
    asked, every = pl.collect_all([request, said(rows)])
    told = _least(every).select("key", "text", "bones")
    found = _identified(source, asked, told)
    own = own_words(rows, told, found["rule"].is_null())
    if own.height:
        again = _identified(source, asked[own["row"]], own)
        changed = again.with_columns(own["row"], own["text"])
        numbered = found.with_columns(told["text"]).with_row_index("row")
        found = numbered.update(changed, on="row", include_nulls=True).drop("row")
        return rows.with_columns(*found)
    return rows.with_columns(*found, told["text"])


def _identified(source: str, asked: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """fingerprint, route, kind, rule, field of each row.

    Args:
        asked: method_, short, kind.
        told: key, bones; of the same rows.
    """
    parts = (
        asked.hstack(told.select("key", "bones"))
        .with_row_index("row")
        .group_by("method_", "short", "kind", "key", "bones")
        .agg("row")
    )
    known = _known(parts.select("key", "bones").unique())
    parts = parts.join(known, on=["key", "bones"], how="left", nulls_equal=True, maintain_order="left")
    parts = parts.with_columns(route=routes.route(pl.col("short")))
    prints = _digests(source, parts.select("method_", pl.col("route").str.to_lowercase(), "kind", "what"))
    parts = parts.with_columns(fingerprint=prints)
    places = parts.select("row").with_row_index("part").explode("row").sort("row")
    return parts.select("fingerprint", "route", "kind", "rule", "field")[places["part"]]


def _known(pairs: pl.DataFrame) -> pl.DataFrame:
    """key, bones; rule, field and `what`: all that counts for the identity; `rank`: 2 when it says too little for that."""
    bones = pairs.select(pl.col("bones").unique())
    found = templates.recognised(bones.get_column("bones"))
    rules = bones.join(found, left_on="bones", right_on="text", how="left")
    unknown = rules.filter(pl.col("rule").is_null()).select(
        "bones", masked=masks.collapsed(masks.plain(pl.col("bones")))
    )
    told = pairs.join(rules, on="bones", how="left").join(unknown, on="bones", how="left")
    field = pl.coalesce(_field(pl.col("key")), _field(pl.col("named")))
    text = pl.coalesce("rule", "masked")
    generic = pl.col("rule").is_in(GENERIC).fill_null(False) | pl.col("masked").is_in(GENERIC).fill_null(
        False
    )
    return told.with_columns(field=field).select(
        "key",
        "bones",
        "rule",
        "field",
        what=pl.concat_str(pl.col("field").str.to_lowercase().fill_null(""), text, separator="\x1f"),
        rank=pl.when(pl.col("bones") == "")
        .then(3)
        .when(generic & pl.col("key").is_null())
        .then(2)
        .otherwise(1),
    )


def _least(told: pl.DataFrame) -> pl.DataFrame:
    """One line a row, in the order of the rows: that of its errors which comes first whatever order they came in."""
    if told["row"].n_unique() == told.height:
        return told
    several = pl.col("row").is_duplicated()
    many = told.filter(several)
    known = _known(many.select("key", "bones").unique())
    ranked = many.join(known, on=["key", "bones"], how="left", nulls_equal=True)
    least = ranked.sort("row", "rank", "what", "text").unique("row", keep="first").select(told.columns)
    return pl.concat([told.filter(~several), least]).sort("row")


def _field(name: pl.Expr) -> pl.Expr:
    """`product.EanCode`, `EanCode` and `Ean Code` are one field; so is `Lines[3].Price` with `Lines[0].Price`."""
    for pattern, instead in FIELD_STEPS:
        name = name.str.replace_all(pattern, instead)
    return pl.when(name != "").then(name)


def _digests(source: str, parts: pl.DataFrame) -> pl.Series:
    """Of each line; what is equal is hashed once."""
    known: dict[tuple[str, ...], str] = {}
    for line in parts.unique().iter_rows():
        known[line] = hashlib.blake2b("\x1f".join((source, *line)).encode(), digest_size=10).hexdigest()
    return pl.Series([known[line] for line in parts.iter_rows()], dtype=pl.String)
