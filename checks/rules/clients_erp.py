"""The shop's clients and the ERP's debtors: client-blocked-in-erp, client-without-debtor, debtor-without-client.

A client and a debtor are the same where their numbers are, without the spaces around them. Findings are kept longer than
personal data may be: no sentence here names a business.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from checks.frames import Frames
from checks.gtin import has_code
from checks.rules.check import Check, Context, Question, numbers, trimmed
from checks.rules.debtor_names import coded

_NAMED = 5  # open orders that a message names


def _open_orders(context: Context) -> pl.LazyFrame:
    """Per client (`number`) what the message says of its open orders (`told`)."""
    # Only the message tells of them: a client is blocked also where the orders did not come in.
    if context.frames.why_missing("orders", ("order_number", "client_number")) is not None:
        return pl.LazyFrame(schema={"number": pl.String, "told": pl.String})
    order = pl.col("order_number").drop_nulls().unique().sort()
    named = order.head(_NAMED).cast(pl.String).str.join(", ")
    more = order.len().cast(pl.Int64) - _NAMED
    return (
        context.frames["orders"]
        .lazy()
        .group_by(number=trimmed("client_number"))
        .agg(named=named, count=order.len(), more=more)
        .filter(pl.col("count") > 0)
        .select(
            "number",
            told=pl.when(pl.col("more") > 0)
            .then(pl.format(" Open orders: {} and {} more.", "named", "more"))
            .when(pl.col("count") == 1)
            .then(pl.format(" Open order: {}.", "named"))
            .otherwise(pl.format(" Open orders: {}.", "named")),
        )
    )


def _blocked_in_erp(context: Context) -> Iterator[Question]:
    """A client with several debtors is blocked when all of them are: by any other it can still buy."""
    debtors = (
        context.frames["erp_debtors"]
        .lazy()
        .group_by(number=trimmed("client_number"))
        .agg(
            shut=pl.col("blocked").fill_null(False).all(),
            theirs=pl.format("{} in {}", coded(), "erp").unique().sort().str.join(", "),
            several=pl.len(),
        )
        .filter("shut")
    )
    orders = _open_orders(context)

    def search(rows: pl.LazyFrame) -> pl.LazyFrame:
        clients = rows.with_columns(number=trimmed("client_number"))
        blocked = clients.join(debtors, on="number", how="inner")
        return blocked.join(orders, on="number", how="left").select(
            *rows.collect_schema().names(),
            "theirs",
            said=pl.concat_str(
                pl.when(pl.col("several") > 1)
                .then(
                    pl.format(
                        "This client is active and its {} debtors ({}) are blocked.", "several", "theirs"
                    )
                )
                .otherwise(pl.format("This client is active and its debtor ({}) is blocked.", "theirs")),
                pl.col("told").fill_null(""),
            ),
        )

    yield Question(
        frame="clients",
        asked=pl.col("active"),
        wrong=search,
        value=pl.col("theirs"),
        message=pl.col("said"),
    )


CLIENT_BLOCKED_IN_ERP = Check(
    id="client-blocked-in-erp",
    title="Client blocked in the ERP",
    why="The client can still order in the shop, and what it orders will not be delivered or invoiced.",
    severity="error",
    entity="client",
    needs={
        "clients": ("client_number", "active"),
        "erp_debtors": ("client_number", "debtor_id", "blocked"),
    },
    needs_rows=("clients", "erp_debtors"),
    fix=None,
    area="clients",
    guide="Chapter 8.2: Clients (Active); EasyFlor API v1: Debtors (Block)",
    advice="Call the client about its open orders. Make it inactive in the shop, or lift the block in EasyFlor.",
    beside="erp",
    ask=_blocked_in_erp,
)


def _without_debtor(context: Context) -> Iterator[Question]:
    known = numbers(context.frames, "client_number", "erp_debtors")
    yield Question(
        frame="clients",
        asked=pl.col("active"),
        wrong=lambda rows: rows.join(known, left_on=trimmed("client_number"), right_on="number", how="anti"),
        message=pl.lit("This client is active and no debtor of the ERP has its number."),
    )


CLIENT_WITHOUT_DEBTOR = Check(
    id="client-without-debtor",
    title="Client without debtor",
    why="Nobody can be invoiced for what this client orders.",
    severity="warning",
    entity="client",
    needs={"clients": ("client_number", "active"), "erp_debtors": ("client_number",)},
    needs_rows=("clients", "erp_debtors"),
    fix=None,
    area="clients",
    guide="Chapter 8.2: Clients (ClientNumber); EasyFlor API v1: Debtors (Code)",
    advice="Make the debtor in the ERP under the client's number, or correct the number; if it no longer orders, make the "
    "client inactive.",
    beside="erp",
    ask=_without_debtor,
)


#: What the other shops say of a debtor. Frames of one shop alone, made by hand, may be without.
_ELSEWHERE = "elsewhere"


def _unknown_elsewhere(frames: Frames) -> str | None:
    """Why nobody can tell which debtors are clients of another shop."""
    return frames.why_missing("erp_debtors", (_ELSEWHERE,))


def _without_client(context: Context) -> Iterator[Question]:
    known = numbers(context.frames, "client_number", "clients")
    number = trimmed("client_number")
    # a blocked one may not buy, and one without a number points at nobody
    asked = has_code(pl.col("client_number")) & ~pl.col("blocked").fill_null(False)
    if _ELSEWHERE in context.frames["erp_debtors"].columns:
        asked &= ~pl.col(_ELSEWHERE).fill_null(False)
    yield Question(
        frame="erp_debtors",
        asked=asked,
        wrong=lambda rows: rows.join(known, left_on=number, right_on="number", how="anti"),
        value=number,
        message=pl.when(number == coded())
        .then(pl.format("No client has the number of debtor {}.", coded()))
        .otherwise(pl.format("No client has number {}, which is that of debtor {}.", number, coded())),
    )


DEBTOR_WITHOUT_CLIENT = Check(
    id="debtor-without-client",
    title="Debtor without client",
    why="This customer buys, and cannot order in the shop; or the shop knows it under another number.",
    severity="info",
    entity="debtor",
    needs={
        "erp_debtors": ("debtor_id", "client_number", "blocked"),
        "clients": ("client_number",),
    },
    needs_rows=("clients", "erp_debtors"),
    fix=None,
    area="clients",
    guide="EasyFlor API v1: Debtors (Code); chapter 8.2: Clients (ClientNumber)",
    advice="Make the client in the shop when it should order there; otherwise accept this.",
    beside="erp",
    ask=_without_client,
    doubt=_unknown_elsewhere,
)
