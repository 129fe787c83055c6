"""What a row of the error log is about: the products, EANs, clients and orders it names.

Looked for in the query of the URL, in the request's body and in what was said. Numbers are as written, without white
space around; an EAN in a sentence counts only with a valid check digit, for any number of 13 digits might be one.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import unquote_plus

import polars as pl

from checks import gtin

KINDS = ("product", "ean", "client", "order")
THINGS = pl.Schema({"row_id": pl.String, "kind": pl.String, "key": pl.String})

#: Their names for the numbers, as a regular expression for the whole name, in small letters.
_NAMES = {
    "product": r"(?:wholesaler)?(?:article|product)(?:numbers?|nr)",
    "ean": r"[a-z]*ean(?:codes?|s)?|gtin",
    "client": r"(?:client|customer)numbers?",
    "order": r"(?:full)?ordernumbers?",
}
_ANY_NAME = "|".join(_NAMES.values())
#: The words before a number in a sentence, and the number: quoted, or a word with a digit in it.
_WORDS = {
    "product": r"(?:wholesaler)?article ?number|articles?|artikel(?:en|nummers?)?|products?(?: with number| met nummer)?"
    r"|produits?|num[ée]ro d'article",
    "client": r"(?:client|klant|customer)(?: with| met| avec)?(?: le)?(?: ?number| ?nummer| num[ée]ro)?",
    "order": r"(?:order|bestelling|commande)(?: with| met| avec)?(?: le)?(?: ?number| ?nummer| num[ée]ro)?",
}
#: How these words begin, in small letters.
_BEGINNINGS = {
    "product": "wholesaler|arti|prod|num",
    "client": "client|klant|customer",
    "order": "order|bestelling|commande",
}
_NUMBER = r"""\s*[:#]?\s*(?:'[^']{1,50}'|"[^"]{1,50}"|[^\s'",;()<>]*\d[^\s'",;()<>]*)"""
_SENTENCE = rf"(?i)\b(?:{'|'.join(_WORDS.values())}){_NUMBER}"
_STRING = r'"(?:[^"\\]|\\.){1,100}"'
_MOST = 200  # of one kind in one row: a list of a thousand articles is about the list


def things(rows: pl.DataFrame) -> pl.DataFrame:
    """row_id, kind and key of what the rows name, each once a row; sorted.

    Args:
        rows: at least row_id, url, body, message, errors and model_errors of FRAMES["error_logs"].
    """
    found = [_in_bodies(rows), _in_queries(rows), _in_words(rows)]
    told = pl.concat(found).with_columns(pl.col("key").str.strip_chars()).filter(pl.col("key") != "")
    # masked, a word instead of a value, or nothing that can be a number of theirs
    told = told.filter(
        ~pl.col("key").is_in(["***", "null", "true", "false"]) & (pl.col("key").str.len_chars() <= 50)
    )
    # what counts as an EAN is one that can be one: digits, as long as they may be
    told = told.filter((pl.col("kind") != "ean") | pl.col("key").str.contains(r"^\d{6,14}$"))
    once = told.unique().sort("row_id", "kind", "key")
    return once.filter(pl.int_range(pl.len()).over("row_id", "kind") < _MOST).select(THINGS.names())


def _in_bodies(rows: pl.DataFrame) -> pl.DataFrame:
    pattern = rf'(?i)"(?:{_ANY_NAME})"\s*:\s*(?:{_STRING}|-?\d+|\[[^\]]*\])'
    hits = rows.select("row_id", hit=pl.col("body").str.extract_all(pattern)).explode("hit").drop_nulls("hit")
    named = hits.select(
        "row_id",
        name=pl.col("hit").str.extract(r'^"([^"]*)"', 1),
        value=pl.col("hit").str.replace(r'^"[^"]*"\s*:\s*', ""),
    )
    several = pl.col("value").str.starts_with("[")
    lists = (
        named.filter(several)
        .with_columns(pl.col("value").str.extract_all(rf"{_STRING}|-?\d+"))
        .explode("value")
        .drop_nulls("value")
    )
    values = _with_kind(pl.concat([named.filter(~several), lists]))
    return _decoded(values, pl.col("value").str.contains("\\", literal=True), _of_json)


def _in_queries(rows: pl.DataFrame) -> pl.DataFrame:
    asked = rows.select("row_id", "url").filter(pl.col("url").str.contains("?", literal=True))
    hits = (
        asked.select("row_id", hit=pl.col("url").str.extract_all(rf"(?i)[?&](?:{_ANY_NAME})=[^&#]*"))
        .explode("hit")
        .drop_nulls("hit")
    )
    named = hits.select(
        "row_id",
        name=pl.col("hit").str.extract(r"^.([^=]*)=", 1),
        value=pl.col("hit").str.replace(r"^[^=]*=", ""),
    )
    return _decoded(_with_kind(named), pl.col("value").str.contains(r"[%+]"), unquote_plus)


def _in_words(rows: pl.DataFrame) -> pl.DataFrame:
    model = rows.select("row_id", "model_errors").explode("model_errors").drop_nulls("model_errors")
    told = pl.concat(
        [
            rows.select("row_id", text="message"),
            rows.select("row_id", text="errors").explode("text"),
            model.select("row_id", text=pl.col("model_errors").struct.field("message")),
        ]
    )
    told = told.drop_nulls("text").unique()
    hits = (
        told.select("row_id", hit=pl.col("text").str.extract_all(_SENTENCE)).explode("hit").drop_nulls("hit")
    )
    key = pl.coalesce(
        pl.col("hit").str.extract(r"""['"]([^'"]*)['"]$""", 1), pl.col("hit").str.extract(r"([^\s:#]*)$", 1)
    )
    before = pl.col("hit").str.to_lowercase()
    kind = pl.lit(None, pl.String)
    for name, begin in _BEGINNINGS.items():
        kind = pl.when(before.str.contains(f"^(?:{begin})")).then(pl.lit(name)).otherwise(kind)
    named = hits.select("row_id", kind=kind, key=key.str.strip_chars(" .:,")).drop_nulls()
    codes = (
        told.select("row_id", key=pl.col("text").str.extract_all(r"\b(?:\d{14}|\d{12,13})\b"))
        .explode("key")
        .drop_nulls("key")
        .filter(gtin.is_valid(pl.col("key")))
        .select("row_id", kind=pl.lit("ean"), key="key")
    )
    return pl.concat([named, codes])


def _with_kind(hits: pl.DataFrame) -> pl.DataFrame:
    """row_id, kind, value of row_id, name, value: which kind of thing a field of that name holds."""
    names = hits.select(pl.col("name").unique())
    small, kind = pl.col("name").str.to_lowercase(), pl.lit(None, pl.String)
    for one, pattern in _NAMES.items():
        kind = pl.when(small.str.contains(f"^(?:{pattern})$")).then(pl.lit(one)).otherwise(kind)
    return hits.join(names.with_columns(kind=kind), on="name").select("row_id", "kind", "value")


def _decoded(values: pl.DataFrame, coded: pl.Expr, decode: Callable[[str], str]) -> pl.DataFrame:
    """row_id, kind, key: what is `coded` is decoded, each different value once."""
    once = values.filter(coded).get_column("value").unique()
    keys = pl.DataFrame({"value": once, "key": pl.Series([decode(one) for one in once], dtype=pl.String)})
    found = values.join(keys, on="value", how="left")
    return found.select("row_id", "kind", key=pl.coalesce("key", pl.col("value").str.strip_chars('"')))


def _of_json(value: str) -> str:
    try:
        return str(json.loads(value))
    except ValueError:
        return value.strip('"')
