"""Debtors of the ERP: debtor-missing-required, debtor-duplicate, debtor-without-contact.

Findings are kept longer than personal data may be: no sentence here names a business or a person.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from checks.folding import folded, plain
from checks.gtin import has_code
from checks.rules.check import Check, Context, Question, Search, trimmed
from checks.rules.debtor_links import family
from checks.rules.debtor_names import called, coded

#: What every debtor must have (easyflor-api, section 3: required "yes"), and what people call it.
REQUIRED = {
    "code": "code",
    "administration": "administration",
    "name": "name",
    "category": "category",
    "currency": "currency (CurrencyISOCode)",
    "currency_old": "currency in the old field Currency",
    "language": "language",
    "blocked": "word on whether it is blocked (Block)",
    "pays_vat": "word on whether it pays VAT (PaysVAT)",
    "created": "date of creation",
}
_TEXTS = ("code", "administration", "name", "category", "currency", "currency_old", "language")

#: A shorter number is too little to tell two businesses apart.
_SHORTEST_VAT = 8


def _missing_required(context: Context) -> Iterator[Question]:
    name = called(context.frames["debtors"])
    for column, word in REQUIRED.items():
        yield Question(
            frame="debtors",
            field=column,
            wrong=~has_code(pl.col(column)) if column in _TEXTS else pl.col(column).is_null(),
            message=pl.format("Debtor {} has no {}.", name, pl.lit(word)),
        )


DEBTOR_MISSING_REQUIRED = Check(
    id="debtor-missing-required",
    title="Debtor without a required field",
    why="The ERP says that every debtor has this. An invoice or an order of one that has not stops half-way.",
    severity="error",
    entity="debtor",
    needs={"debtors": ("debtor_id", *REQUIRED)},
    needs_rows=("debtors",),
    fix=None,
    area="debtors",
    guide="EasyFlor API v1: Debtors (required fields)",
    advice="Fill the field in, in EasyFlor.",
    system="easyflor",
    ask=_missing_required,
)


def _without_contact(context: Context) -> Iterator[Question]:
    yield Question(
        frame="debtors",
        asked=~pl.col("blocked").fill_null(False),  # nobody is called for a debtor that may not buy
        wrong=pl.col("contacts") == 0,
        message=pl.format("Debtor {} has no contact.", called(context.frames["debtors"])),
    )


DEBTOR_WITHOUT_CONTACT = Check(
    id="debtor-without-contact",
    title="Debtor without contact",
    why="When a delivery or an invoice goes wrong there is nobody to call, and nobody can log in to order.",
    severity="warning",
    entity="debtor",
    needs={"debtors": ("debtor_id", "blocked", "contacts")},
    needs_rows=("debtors",),
    fix=None,
    area="debtors",
    guide="EasyFlor API v1: Debtors (Contacts)",
    advice="Add a contact in EasyFlor, or block the debtor when it no longer buys.",
    system="easyflor",
    ask=_without_contact,
)


def _said(text: pl.Expr) -> pl.Expr:
    """Null where nothing is left."""
    return pl.when(text != "").then(text)


def _vat() -> pl.Expr:
    """Letters and digits only; null where that is too little to be a VAT number."""
    number = pl.col("vat_number").str.to_uppercase().str.replace_all(r"[^0-9A-Z]", "")
    return pl.when(number.str.len_chars() >= _SHORTEST_VAT).then(number)


def _all_of(group: tuple[str, ...], name: pl.Expr) -> pl.Expr:
    """`K501, K517, K530 and 2 more`: the debtors of a row's group by `name`, in the order of their ids."""
    names = name.sort_by("debtor_id").head(3).str.join(", ").over(group)
    more = pl.len().over(group).cast(pl.Int64) - 3
    return pl.when(more > 0).then(pl.format("{} and {} more", names, more)).otherwise(names)


def _sharing(same: pl.Expr, families: pl.LazyFrame | None = None) -> Search:
    """Rows that have `same` (not null) in common with another of their administration, with these as `ids` and `codes`.

    Args:
        families: where given, one family (a head office and its branches) may have it in common.
    """
    group = ("administration", "_same")

    def search(rows: pl.LazyFrame) -> pl.LazyFrame:
        among = rows.with_columns(_same=same).filter(pl.col("_same").is_not_null())
        if families is None:
            shared = among.filter(pl.len().over(group) > 1)
        else:
            members = among.join(families, on="debtor_id", how="left", maintain_order="left")
            shared = members.filter(pl.col("family").n_unique().over(group) > 1)
        return shared.with_columns(
            ids=_all_of(group, pl.col("debtor_id").cast(pl.String)), codes=_all_of(group, coded())
        )

    return search


def _duplicate(context: Context) -> Iterator[Question]:
    """Within one administration: each has books of its own, and who buys of two is in both."""
    families = family(context.frames["debtors"]).lazy()
    buys = ~pl.col("blocked").fill_null(
        False
    )  # a blocked one is what is left when somebody dealt with a duplicate
    name, place = _said(folded(pl.col("name"))), _said(plain(pl.col("place")))
    code, ids, codes = trimmed("code"), pl.col("ids"), pl.col("codes")
    yield Question(
        frame="debtors",
        field="code",
        wrong=_sharing(_said(code)),
        value=code,
        message=pl.format(
            "Code {} is on several debtors of administration {}, with the ids {}.",
            code,
            "administration",
            ids,
        ),
    )
    yield Question(
        frame="debtors",
        field="vat_number",
        asked=buys,
        wrong=_sharing(_vat(), families),
        value=codes,
        message=pl.format("Debtors {} have the same VAT number and are no branches of one another.", codes),
    )
    yield Question(
        frame="debtors",
        field="name",
        asked=buys,
        # null where either is: half a likeness is none
        wrong=_sharing(pl.concat_str(name, place, separator="\n"), families),
        value=codes,
        message=pl.format("Debtors {} have the same name in the same place.", codes),
    )


DEBTOR_DUPLICATE = Check(
    id="debtor-duplicate",
    title="Duplicate debtor",
    why="Orders, payments and credit limits of one customer are spread over two debtors, and neither tells the truth.",
    severity="warning",
    entity="debtor",
    needs={
        "debtors": (
            "debtor_id",
            "parent_id",
            "code",
            "administration",
            "name",
            "place",
            "vat_number",
            "blocked",
        )
    },
    needs_rows=("debtors",),
    fix=None,
    area="debtors",
    guide="EasyFlor API v1: Debtors (Code, Administration, Name, Numbers, Addresses)",
    advice="Find out which of them is used, move what is open to it, and block the other.",
    system="easyflor",
    ask=_duplicate,
)
