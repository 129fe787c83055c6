"""A wholesaler's own clients, each with its user and its address of delivery, read from the columns of a file (guide, 3.6)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from checks.errors import ArticleFileError
from checks.folding import plain
from checks.onboarding.columns.field import words
from checks.onboarding.columns.fields import CLIENT_FIELDS
from checks.onboarding.columns.mapping import Columns
from checks.onboarding.file.table import TableFile, refuse_without_rows
from checks.onboarding.reading.cells import AT_PROBLEMS, Read, cells, problems, together
from checks.onboarding.reading.rows import Cells, in_order, kept_rows, missing, placed, summed
from checks.onboarding.shapes import CLIENTS

_FIELDS = {field.name: field for field in CLIENT_FIELDS}

#: As people and ERPs write them, `folding.plain`.
_LANGUAGES = {
    "nld": words(
        "n, nl, nld, ned, dut, nederlands, nederlandstalig, neerlandais, dutch, vlaams, nl be, flamand"
    ),
    "fra": words("f, fr, fra, fre, frans, franstalig, francais, french, fr be, franzosisch"),
    "eng": words("e, en, eng, engels, anglais, english, en gb, en us"),
    "deu": words("d, de, deu, ger, duits, allemand, deutsch, german"),
}
_COUNTRIES = {
    "BE": words("be, b, bel, belgie, belgique, belgium, belgien"),
    "NL": words("nl, nld, nederland, pays bas, netherlands, the netherlands, holland, niederlande"),
    "FR": words("fr, f, fra, frankrijk, france, frankreich"),
    "LU": words("lu, l, lux, luxemburg, luxembourg, groothertogdom luxemburg"),
    "DE": words("de, d, deu, duitsland, allemagne, germany, deutschland"),
    "GB": words("gb, uk, verenigd koninkrijk, united kingdom, groot brittannie"),
}

_EMAIL = r"^[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*\.[A-Za-z]{2,}$"
_NUMBER_BEHIND = (
    r"^(.*?\p{L}[\p{L}.)]*),?\s+(\d{1,5}\s?[A-Za-z]?(?:\s*(?:bus|bte|boite|boîte|box|b|/|-)\s*\w{1,5})?)$"
)


@dataclass(frozen=True)
class Clients:
    """What a file says of a wholesaler's clients: personal data, not to be kept longer than needed.

    Attributes:
        data: schema `shapes.CLIENTS`, a row a client, in the order of the file.
        problems: schema `shapes.PROBLEMS`; `field` is a name of `fields.CLIENT_FIELDS`.
    """

    data: pl.DataFrame
    problems: pl.DataFrame

    def summary(self) -> pl.DataFrame:
        """Of each field how many clients have it, and how many problems there are (`rows.SUMMARY`)."""
        return summed(self.data, self.problems, {name: field.title for name, field in _FIELDS.items()})


def read_clients(table: TableFile, columns: Columns) -> Clients:
    """The clients of a file.

    A line without client number is left out; of lines with the same number the first is used. An e-mail address that cannot be
    one is null and told; a Belgian postal code is four digits.

    Args:
        columns: `guess_columns(table, CLIENT_FIELDS)`, of this very file.

    Raises:
        ArticleFileError: there are no rows or no column for the client number, or `columns` are of another file.
    """
    refuse_without_rows(table)
    found_in = Cells(table, columns, day_first=True)
    number = _FIELDS["client_number"]
    if number.name not in found_in:
        raise ArticleFileError(
            f"{table.path.name}: no column stands for the client number. Name it: "
            f'columns.correct(client_number="..."), one of: {", ".join(table.rows.columns)}.'
        )
    reads = {field.name: found_in.read(field) for field in CLIENT_FIELDS if field.name in found_in}
    for name in ("email", "user_email"):
        _change(reads, name, _emails)
    _change(reads, "language", lambda text: _known(text, _LANGUAGES, "language", "nld, fra or eng"))
    _change(reads, "country_code", lambda text: _known(text, _COUNTRIES, "country", "BE, NL, FR"))
    _change(reads, "vat_number", _vat_numbers)
    _split_place(reads)
    _split_street(reads)
    if "name" in reads:
        _tell(reads, "name", missing(reads["name"].values, "There is no name."))
    keys = reads[number.name].values
    kept, left_out = kept_rows(keys, table.lines, number, "client")
    frame = pl.DataFrame({name: read.values for name, read in reads.items()} | {"row": table.lines})
    data = (
        frame.with_columns(
            pl.lit(None, dtype=CLIENTS[name]).alias(name) for name in CLIENTS if name not in frame.columns
        )
        .filter(kept)
        .select(pl.col(name).cast(dtype) for name, dtype in CLIENTS.items())
    )
    told = placed({name: read.problems for name, read in reads.items()}, table.lines, keys, kept)
    return Clients(data, in_order(pl.concat([left_out, told]), CLIENT_FIELDS))


def _tell(reads: dict[str, Read], name: str, part: pl.DataFrame) -> None:
    reads[name] = Read(reads[name].values, together(reads[name].problems, part))


def _change(reads: dict[str, Read], name: str, change: Callable[[pl.Series], Read]) -> None:
    """Reads a column once more, the texts of before; what was told of it before stays."""
    if name in reads:
        again = change(reads[name].values)
        reads[name] = Read(again.values, together(reads[name].problems, again.problems))


def _emails(text: pl.Series) -> Read:
    """Addresses as they are written but for `mailto:`, angle brackets and blanks; of several the first."""
    judged = cells(text)
    bare = pl.col("written").str.replace(r"(?i)^mailto:", "").str.extract(r"<([^<>]+)>$")
    first = pl.coalesce(bare, pl.col("written").str.replace(r"(?i)^mailto:", "")).str.extract(
        r"^\s*([^;,\s]+)"
    )
    judged = judged.with_columns(first=first)
    judged = judged.with_columns(value=pl.when(pl.col("first").str.contains(_EMAIL)).then("first"))
    return Read(
        judged["value"],
        together(
            problems(
                judged,
                pl.col("written").is_not_null() & pl.col("value").is_null(),
                "unreadable",
                pl.format("'{}' is no e-mail address. It is read as empty.", "written"),
            ),
            problems(
                judged,
                pl.col("value") != pl.col("written"),
                "repaired",
                pl.format("Of '{}' the address {} is taken.", "written", "value"),
                pl.col("value"),
            ),
        ),
    )


def _known(text: pl.Series, known: Mapping[str, Sequence[str]], what: str, expected: str) -> Read:
    """A word for a language or a country as its code."""
    codes = {word: code for code, words in known.items() for word in words}
    judged = cells(text).with_columns(word=plain(pl.col("written")))
    judged = judged.with_columns(
        value=pl.col("word").replace_strict(codes, default=None, return_dtype=pl.String)
    )
    bad = problems(
        judged,
        pl.col("written").is_not_null() & pl.col("value").is_null(),
        "unreadable",
        pl.format(f"'{{}}' is no {what} that is known ({expected} ...). It is read as empty.", "written"),
    )
    return Read(judged["value"], bad)


def _vat_numbers(text: pl.Series) -> Read:
    """Company numbers without dots and blanks; a Belgian one is BE and ten digits, whose last two follow from the others."""
    judged = cells(text).with_columns(
        bare=pl.col("written").str.to_uppercase().str.replace_all(r"[^A-Z0-9]", "")
    )
    digits = pl.col("bare").str.extract(r"^(?:BTW|TVA)?(?:BE)?(\d{9,10})$").str.zfill(10)
    control = 97 - digits.str.head(8).cast(pl.Int64) % 97
    right = digits.str.contains("^[01]") & (control == digits.str.tail(2).cast(pl.Int64))
    judged = judged.with_columns(
        value=pl.when(digits.is_not_null()).then("BE" + digits).otherwise("bare"), right=right.fill_null(True)
    ).with_columns(pl.when(pl.col("value") != "").then("value"))
    bad = problems(
        judged,
        ~pl.col("right"),
        "unreadable",
        pl.format(
            "'{}' is no Belgian company number: its last two digits do not fit. It is left as it is.",
            "written",
        ),
    )
    return Read(judged["value"], bad)


def _split_place(reads: dict[str, Read]) -> None:
    """The postal code: `B-9000` and `9000 Gent` are 9000; the town goes where it belongs, where it has no column."""
    if "postal_code" not in reads:
        return
    judged = cells(reads["postal_code"].values)
    parts = pl.col("written").str.extract_groups(r"^(?i:b(?:e)?[- ]?)?(\d{4})(?:\s+(\p{L}.*))?$")
    judged = judged.with_columns(
        value=pl.coalesce(parts.struct.field("1"), "written"), town=parts.struct.field("2")
    )
    country = (
        reads["country_code"].values
        if "country_code" in reads
        else pl.Series([None] * judged.height, dtype=pl.String)
    )
    judged = judged.with_columns(country=country)
    belgian = pl.col("country").fill_null("BE") == "BE"
    odd = problems(
        judged,
        belgian & ~pl.col("value").str.contains(r"^[1-9]\d{3}$"),
        "unreadable",
        pl.format("'{}' is no Belgian postal code of four digits. It is left as it is.", "written"),
    )
    _tell(reads, "postal_code", odd)
    reads["postal_code"] = Read(judged["value"], reads["postal_code"].problems)
    if "municipality" not in reads and judged["town"].count():
        reads["municipality"] = Read(judged["town"], AT_PROBLEMS.to_frame())


def _split_street(reads: dict[str, Read]) -> None:
    """`Kerkstraat 12 bus 3` in two where the file has no column for the house number."""
    if "street" not in reads or "street_number" in reads:
        return
    judged = cells(reads["street"].values)
    parts = pl.col("written").str.extract_groups(_NUMBER_BEHIND)
    judged = judged.with_columns(
        value=pl.coalesce(parts.struct.field("1"), "written"), number=parts.struct.field("2")
    )
    split = problems(
        judged,
        pl.col("number").is_not_null(),
        "repaired",
        pl.format("'{}' is street and number {}.", "written", "number"),
        pl.col("value"),
    )
    _tell(reads, "street", split)
    reads["street"] = Read(judged["value"], reads["street"].problems)
    reads["street_number"] = Read(judged["number"], AT_PROBLEMS.to_frame())
