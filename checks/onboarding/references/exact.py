"""Own names that mean one entry beyond doubt: the same but for spelling, or another word for the same unit."""

from __future__ import annotations

import polars as pl

from checks.folding import plain
from checks.onboarding.references.entries import unspaced

_HITS = {"name": pl.UInt32, "entry": pl.UInt32}

#: Words that ERPs use for one unit, as `plain` leaves them. Words that mean two things (boite, col, bt, p) are left out.
_UNITS = (
    "st stk stks stuk stuks piece pieces pce pces pc pcs ea each unit unite unites stuck stueck",
    "kg kgs kilo kilos kilogram kilogramme kilogrammes kilogramm",
    "g gr grs gram gramme grammes gramm",
    "mg milligram milligramme",
    "l lt ltr ltrs liter liters litre litres",
    "dl deciliter decilitre",
    "cl centiliter centilitre",
    "ml milliliter millilitre",
    "ds doos dozen carton cartons ctn crt krt karton",
    "bak bakken krat kratten casier casiers crate",
    "fl fles flessen bouteille bouteilles btl flasche",
    "zak zakken zk sac sacs",
    "pak pakken paquet paquets",
    "emmer emmers seau seaux",
    "rol rollen rouleau rouleaux",
    "pallet pallets palette palettes plt",
    "m meter metre metres",
)

#: The same of how things are kept. `vers` and `frais` are what they are called, not always how cold they lie.
_STORAGE = (
    "droog droge sec dry trocken ambient ambiant kamertemperatuur",
    "koel gekoeld koeling chilled refrigere gekuhlt gekuehlt",
    "diepvries vries diepgevroren ingevroren frozen surgele surgeles congele tiefgekuhlt tiefgekuehlt",
)

SYNONYMS = {
    "content_type": _UNITS,
    "unit_sales_price": _UNITS,
    "multiplier_type": _UNITS,
    "storage_condition": _STORAGE,
}

#: What stands around a unit and says nothing: `prijs per kg`, `€/st.`, `1 kg`.
_AROUND = r"\b(?:prijs|prix|preis|price|per|par|pro|le|la|eur|euro|1)\b"


def same(field: str, names: pl.DataFrame, forms: pl.DataFrame) -> pl.DataFrame:
    """The entries that a name means by the first of these that finds any: the name, the name without spaces, a synonym.

    Args:
        field: of the reference.
        names: name (UInt32), form (String, `comparable`) and text (as written).
        forms: of `forms_of`.

    Returns:
        name and entry, one row a pair. A name with several rows is not certain: entries share what they are called.
    """
    hits = _joined(names, forms, pl.col("form"))
    rest = names.join(hits, on="name", how="anti")
    hits = pl.concat([hits, _joined(rest, forms, _run_together())])
    if groups := SYNONYMS.get(field):
        rest = names.join(hits, on="name", how="anti")
        hits = pl.concat([hits, _by_synonym(rest, forms, groups)])
    return hits


def _run_together() -> pl.Expr:
    """Without spaces; of two letters nothing, because `B&S` and `BS` are two."""
    form = unspaced(pl.col("form"))
    return pl.when(form.str.len_chars() > 2).then(form).otherwise(pl.lit(""))


def _joined(names: pl.DataFrame, forms: pl.DataFrame, by: pl.Expr) -> pl.DataFrame:
    left = names.select("name", by=by).filter(pl.col("by") != "")
    return left.join(forms.select("entry", by=by), on="by").select(_HITS.keys()).unique()


def _by_synonym(names: pl.DataFrame, forms: pl.DataFrame, groups: tuple[str, ...]) -> pl.DataFrame:
    """Names that are words of a group of which the table has just one entry; of two entries nobody knows which is meant."""
    words = pl.DataFrame(
        {"group": list(range(len(groups))), "word": [group.split() for group in groups]},
        schema={"group": pl.UInt32, "word": pl.List(pl.String)},
    ).explode("word")
    core = plain(pl.col("text")).str.replace_all(_AROUND, "").str.replace_all(" +", " ").str.strip_chars()
    meant = (
        forms.join(words, left_on="form", right_on="word")
        .select("group", "entry")
        .unique()
        .filter(pl.len().over("group") == 1)
    )
    bare = names.select("name", form=core).filter(pl.col("form") != "")
    by_group = bare.join(words, left_on="form", right_on="word").join(meant, on="group")
    return pl.concat([by_group.select(_HITS.keys()), _joined(bare, forms, pl.col("form"))]).unique()
