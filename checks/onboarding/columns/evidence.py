"""What the cells of a column say about the field it may be: so many are codes, numbers, units, yes or no."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from checks.folding import plain
from checks.gtin import LENGTHS, gtin_number
from checks.onboarding.columns.field import Field, words
from checks.onboarding.file.table import TableFile
from checks.onboarding.reading.cells import Read
from checks.onboarding.reading.dates import dates
from checks.onboarding.reading.values import flags, percentages

#: So many rows, spread over the file, tell what a column holds.
SAMPLE = 1_000

#: As `folding.plain` has them, like the words below.
UNITS = frozenset(
    words(
        "st, stk, stuk, stuks, pc, pce, pcs, pces, piece, pieces, p, stuck, stueck, kg, kilo, kilogram, "
        "kilogramme, g, gr, gram, gramme, l, lt, ltr, liter, litre, ml, cl, dl, doos, ds, dz, doz, box, "
        "bx, carton, ct, ctn, karton, krt, colli, col, bak, bk, casier, cas, fles, fl, bouteille, bt, "
        "btl, blik, bl, zak, zk, sac, sachet, pak, pk, paquet, paq, pot, bus, tray, tr, emmer, em, "
        "seau, rol, rl, bus, pallet, pal, palette, eh, ve, ce, he, 100st, m"
    )
)

_WORDS = {
    "nld": words(
        "met, de, het, een, en, van, voor, zonder, in, op, te, uit, vers, bio, rode, witte, groene, "
        "gesneden, diepvries, saus, kaas, melk, kip"
    ),
    "fra": words(
        "avec, le, la, les, des, du, de, et, aux, au, sans, pour, a, en, frais, rouge, blanc, vert, "
        "tranches, surgele, sauce, fromage, lait, poulet"
    ),
    "deu": words(
        "mit, der, die, das, und, von, fur, ohne, aus, zum, frisch, rot, weiss, grun, geschnitten, "
        "tiefgekuhlt, sosse, kase, milch, hahnchen"
    ),
    "eng": words(
        "with, the, of, and, for, without, in, fresh, red, white, green, sliced, frozen, sauce, cheese, "
        "milk, chicken"
    ),
}


#: Near enough to tell a column by; `checks.onboarding.reading.values` reads the cells.
_NUMBER = r"^[-+(]?\s*(?:€|EUR)?\s*[-+]?\d[\d\s.,']*[-)]?\s*(?:€|EUR|%)?$"
#: What Excel left of a code, and the scan of a whole label.
_CUT_OR_SCANNED = r"^\d[.,]\d+[eE]\+1[1-3]$|^(?:\][A-Za-z]\d)?\(?0[12]\)?\d{14}"
_CONTENT = r"(?:^|[xX×*\s.])\d+(?:[.,]\d+)?\s*\p{L}{1,5}\.?(?:\s*[xX×*]\s*\d+|\s.*)?$"


@dataclass(frozen=True)
class Evidence:
    """Shares from 0 to 1 of the cells that are filled; `filled` itself is a share of all cells."""

    filled: float
    distinct: float  # of the whole column
    code: float  # a valid EAN, one without its zeros, or one that Excel cut
    digits: float  # so many digits as an EAN has, right or wrong
    number: float
    rate: float  # a VAT rate
    date: float
    flag: float
    unit: float
    content: float  # a number with a unit
    letters: float  # a text
    words: float  # words a cell, on average
    length: float  # characters a cell, on average
    language: str | None  # that the words are in


def evidence_of(table: TableFile) -> dict[str, Evidence]:
    """Heading -> what its cells say."""
    step = max(1, table.rows.height // SAMPLE)
    sample = table.rows.gather_every(step)
    return {name: _evidence(table.rows[name], sample[name]) for name in table.rows.columns}


def _share(read: Read, of: int) -> float:
    return (of - int((read.problems["kind"] == "unreadable").sum())) / of if of else 0.0


def _evidence(column: pl.Series, sample: pl.Series) -> Evidence:
    cells = sample.drop_nulls()
    count = cells.len()
    present = column.len() - column.null_count()
    if not count:
        return Evidence(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, None)
    cell = pl.col("cell")
    bare = cell.str.replace_all(r"[\s\-.']", "").str.replace(r"[.,]0+$", "")
    valid = gtin_number(bare).is_not_null()
    lost = bare.str.contains(r"^\d{9,11}$") & gtin_number(bare.str.zfill(14)).is_not_null()
    cut = cell.str.contains(_CUT_OR_SCANNED)
    folded = plain(cell)
    shares = (
        pl.DataFrame({"cell": cells})
        .select(
            code=(valid | lost | cut).mean(),
            digits=(bare.str.contains(r"^\d+$") & bare.str.len_chars().is_in(LENGTHS)).mean(),
            number=cell.str.contains(_NUMBER).mean(),
            content=cell.str.contains(_CONTENT).mean(),
            unit=folded.is_in(list(UNITS)).mean(),
            letters=cell.str.contains(r"\p{L}{2}").mean(),
            words=folded.str.split(" ").list.len().mean(),
            length=cell.str.len_chars().mean(),
        )
        .row(0, named=True)
    )
    return Evidence(
        filled=present / max(column.len(), 1),
        distinct=column.drop_nulls().n_unique() / max(present, 1),
        rate=_share(percentages(cells), count),
        date=_share(dates(cells), count),
        flag=_share(flags(cells), count),
        language=_language(cells),
        **shares,
    )


def _language(cells: pl.Series) -> str | None:
    """The language whose little words stand in the cells far more often than those of the others."""
    there = pl.DataFrame({"cell": cells}).select(plain(pl.col("cell")).str.split(" ").explode()).to_series()
    counts = {language: int(there.is_in(known).sum()) for language, known in _WORDS.items()}
    first, second = sorted(counts, key=lambda language: -counts[language])[:2]
    clear = counts[first] >= 3 and counts[first] > 1.5 * counts[second] and counts[first] > cells.len() / 50
    return first if clear else None


def fit(field: Field, seen: Evidence) -> tuple[float, str]:
    """How well the cells suit `field`, 0 to 1, and what they are, in words."""
    if not seen.filled:
        return 1.0, ""
    shares = {
        "gtin": (max(seen.code, 0.6 * seen.digits), f"{seen.code:.0%} are codes"),
        "number": (seen.number, f"{seen.number:.0%} are numbers"),
        "integer": (seen.number, f"{seen.number:.0%} are numbers"),
        "percentage": (seen.rate, f"{seen.rate:.0%} are VAT rates"),
        "date": (seen.date, f"{seen.date:.0%} are dates"),
        "flag": (seen.flag, f"{seen.flag:.0%} are yes or no"),
        "content": (seen.content, f"{seen.content:.0%} are a number with a unit"),
    }
    if field.kind in shares:
        share, said = shares[field.kind]
        return min(1.0, share / 0.8), said
    if field.name in ("article_number", "client_number"):
        return (1.0 if seen.distinct > 0.99 else seen.distinct / 2), f"{seen.distinct:.0%} are distinct"
    if field.name in ("unit_sales_price", "content_type", "multiplier_type"):
        return 0.6 + 0.4 * seen.unit if seen.letters or seen.unit else 0.2, f"{seen.unit:.0%} are units"
    if field.group == "name" or field.name.startswith("description"):
        return min(1.0, seen.letters) * (1.0 if seen.length > 5 else 0.6), f"{seen.letters:.0%} are texts"
    if field.kind == "code":
        return 1.0, ""
    if field.name in ("email", "user_email"):
        return 1.0, ""
    return (1.0 if seen.letters > 0.5 else 0.6), f"{seen.letters:.0%} are texts"
