"""How debtors hang together: debtor-unknown-parent, debtor-cycle."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from checks.gtin import has_code
from checks.rules.check import ROW, Check, Context, Question, trimmed
from checks.rules.debtor_names import called, calls

#: Higher than any tree of companies; a longer chain is a ring.
_HIGHEST = 64


def family(debtors: pl.DataFrame) -> pl.DataFrame:
    """Which debtors belong together. Columns: `debtor_id`, `family` (Int64: the id of the highest one above it).

    A parent that does not exist is as good as none; in a ring each is a family of its own.
    """
    links = _parents(debtors)
    known = debtors.select("debtor_id").unique()
    up = known.join(links, left_on="debtor_id", right_on="from", how="left")
    tops = up.select("debtor_id", family=pl.coalesce("to", "debtor_id"))
    height = 1
    while height < _HIGHEST:  # each step climbs twice as far as the one before
        above = tops.rename({"debtor_id": "family", "family": "_above"})
        climbed = tops.join(above, on="family", how="left", maintain_order="left")
        higher = climbed.select("debtor_id", family=pl.coalesce("_above", "family"))
        if higher.equals(tops):
            return tops
        tops, height = higher, height * 2
    ringed = on_a_ring(links)
    return tops.with_columns(
        family=pl.when(pl.col("debtor_id").is_in(ringed.implode())).then("debtor_id").otherwise("family")
    )


def on_a_ring(links: pl.DataFrame) -> pl.Series:
    """The ids from which a way leads back to themselves. Columns of `links`: `from`, `to` (Int64)."""
    links = links.unique()
    while True:  # who leads nowhere, or is led to by nobody, is on no ring
        inner = links.filter(
            pl.col("from").is_in(links["to"].implode()), pl.col("to").is_in(links["from"].implode())
        )
        if inner.height == links.height:
            break
        links = inner
    if links["from"].is_unique().all() or links["to"].is_unique().all():
        return links["from"].unique()  # nothing but rings is left
    return _leading_back(links)


def _leading_back(links: pl.DataFrame) -> pl.Series:
    """The same for rings that are joined by ways between them: every way, step by step. Only a few links come here."""
    ways = links
    while True:
        longer = ways.join(links, left_on="to", right_on="from", how="inner").select("from", to="to_right")
        more = pl.concat([ways, longer]).unique()
        if more.height == ways.height:
            return ways.filter(pl.col("from") == pl.col("to"))["from"].unique()
        ways = more


def _parents(debtors: pl.DataFrame) -> pl.DataFrame:
    """Each debtor with its parent, by `parent_id` where there is one, as `from` and `to`; those that exist only."""
    return (
        debtors.select(pl.col("debtor_id").alias("from"), pl.col("parent_id").alias("to"))
        .drop_nulls()
        .filter(pl.col("to").is_in(debtors["debtor_id"].implode()))
    )


def _invoiced(debtors: pl.DataFrame) -> pl.DataFrame:
    """Who is invoiced for whom, by `to_invoice` (`debtors/417` or `417`). A debtor is invoiced for itself by right."""
    text = pl.col("to_invoice").str.strip_chars().str.extract(r"^(?:debtors/)?(\d{1,18})$")
    return (
        debtors.select("debtor_id", "to_invoice")
        .explode("to_invoice", empty_as_null=True, keep_nulls=True)
        .select(pl.col("debtor_id").alias("from"), text.cast(pl.Int64).alias("to"))
        .drop_nulls()
        .filter(pl.col("from") != pl.col("to"))
    )


def _unknown_parent(context: Context) -> Iterator[Question]:
    debtors, name = context.frames["debtors"], called(context.frames["debtors"])
    by_id = debtors.lazy().select(
        parent_id="debtor_id", _their_code=trimmed("code"), _they=name, _id_known=True
    )
    codes = debtors.lazy().select(_parent_code=trimmed("code"), _code_known=True).drop_nulls().unique()

    def search(rows: pl.LazyFrame) -> pl.LazyFrame:
        said_code = has_code(pl.col("parent_code"))
        both = (
            rows.with_columns(_parent_code=trimmed("parent_code"))
            .join(by_id, on="parent_id", how="left", maintain_order="left")
            .join(codes, on="_parent_code", how="left", maintain_order="left")
        )
        parent, code = pl.col("parent_id"), pl.col("parent_code")
        no_id = parent.is_not_null() & pl.col("_id_known").is_null()
        no_code = said_code & pl.col("_code_known").is_null()
        apart = parent.is_not_null() & said_code & pl.col("_parent_code").ne_missing(pl.col("_their_code"))
        return both.filter(no_id | no_code | apart).with_columns(
            part=pl.when(no_id).then(pl.lit("parent_id")).otherwise(pl.lit("parent_code")),
            guilty=pl.when(no_id).then(parent.cast(pl.String)).otherwise(code),
            said=pl.when(no_id)
            .then(pl.format("Debtor {} has a parent with id {}, which does not exist.", name, parent))
            .when(no_code)
            .then(pl.format("Debtor {} has a parent of code {}, which no debtor has.", name, code))
            .otherwise(
                pl.format(
                    "Debtor {} has two parents: {} by its id, and {} by its code.",
                    name,
                    pl.col("_they"),
                    code,
                )
            ),
        )

    yield Question(
        frame="debtors",
        field=pl.col("part"),
        asked=pl.col("parent_id").is_not_null() | has_code(pl.col("parent_code")),
        wrong=search,
        value=pl.col("guilty"),
        message=pl.col("said"),
    )


DEBTOR_UNKNOWN_PARENT = Check(
    id="debtor-unknown-parent",
    title="Debtor of an unknown parent",
    why="Prices, blocks and invoices come down from the parent. Of one that does not exist, or of two at once, nothing "
    "can follow.",
    severity="error",
    entity="debtor",
    needs={"debtors": ("debtor_id", "code", "parent_id", "parent_code")},
    needs_rows=("debtors",),
    fix=None,
    area="debtors",
    guide="EasyFlor API v1: Debtors (ParentId, ParentDebtorCode)",
    advice="Give the debtor the parent it belongs to, or none.",
    system="easyflor",
    ask=_unknown_parent,
)


def _cycle(context: Context) -> Iterator[Question]:
    debtors = context.frames["debtors"]
    parent, ident, name = pl.col("parent_id"), pl.col("debtor_id"), called(debtors)
    up, across = _parents(debtors), _invoiced(debtors)
    named = calls(debtors).rename({"called": "other"})

    def above(rows: pl.LazyFrame) -> pl.LazyFrame:
        ringed = rows.filter(ident.is_in(pl.lit(on_a_ring(up)).implode()))
        return ringed.join(named.rename({"debtor_id": "parent_id"}), on="parent_id", how="left")

    yield Question(
        frame="debtors",
        field="parent_id",
        asked=parent.is_not_null(),
        wrong=above,
        value=pl.col("other"),
        message=pl.when(parent == ident)
        .then(pl.format("Debtor {} is its own parent.", name))
        .otherwise(
            pl.format("Debtor {} has parent {}, and that leads back to itself.", name, pl.col("other"))
        ),
    )

    def beside(rows: pl.LazyFrame) -> pl.LazyFrame:
        ringed = rows.filter(ident.is_in(pl.lit(on_a_ring(across)).implode()))
        others = (
            across.lazy()
            .join(named, left_on="to", right_on="debtor_id", how="left", maintain_order="left")
            .group_by("from", maintain_order=True)
            .agg(others=pl.coalesce("other", pl.format("with id {}", "to")).str.join(", "))
        )
        return ringed.select(ROW, "debtor_id").join(others, left_on="debtor_id", right_on="from", how="left")

    yield Question(
        frame="debtors",
        field="to_invoice",
        asked=pl.col("to_invoice").list.len() > 0,
        wrong=beside,
        value=pl.col("others"),
        message=pl.format(
            "Debtor {} is invoiced for {}, and that leads back to itself.", name, pl.col("others")
        ),
    )


DEBTOR_CYCLE = Check(
    id="debtor-cycle",
    title="Debtors in a ring",
    why="Debtors that are each other's parents, or are invoiced for each other in a ring, have nobody at the top: who "
    "pays cannot be told.",
    severity="error",
    entity="debtor",
    needs={"debtors": ("debtor_id", "parent_id", "to_invoice")},
    needs_rows=("debtors",),
    fix=None,
    area="debtors",
    guide="EasyFlor API v1: Debtors (ParentId, ToInvoice)",
    advice="Take one of them out of the ring: it has no parent, or another one is invoiced.",
    system="easyflor",
    ask=_cycle,
)
