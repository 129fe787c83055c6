"""Debtors of the ERP with the client of the shop that each is, and what is wrong with them. Pure functions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import polars as pl

_DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

SHOW = {
    "all": "All",
    "wrong": "Something wrong",
    "blocked": "Blocked",
    "unknown": "No client",
}

#: The clients of every shop, as `debtor_rows` takes them.
CLIENTS = pl.Schema(
    {"shop": pl.String, "client_number": pl.String, "client": pl.String, "client_active": pl.Boolean}
)


def debtor_rows(
    debtors: pl.DataFrame, number: str, clients: pl.DataFrame | None, chips: pl.DataFrame | None
) -> pl.DataFrame:
    """Every debtor once, those with the gravest findings first, then by name.

    Args:
        debtors: the frame.
        number: the column that is the shop's client number: `code` or `debtor_id`.
        clients: CLIENTS; None where no shop's clients were ever collected.
        chips: `check_notes.chip_cells` by `debtor_id` as text; None when nothing is open.

    Returns id (debtor_id as text), client_number (what the shop would call it), code, administration, name, place, category,
    country, blocked, parent (its parent's code and name), days (`Tue, Thu`), shop, client, client_active (null: no such
    client), wrong, checks, rank (9: nothing wrong), text (what a search looks through).
    """
    called = pl.concat_str("code", "name", separator=" ", ignore_nulls=True)
    parents = debtors.select(parent_id="debtor_id", parent=called)
    rows = debtors.with_columns(
        id=pl.col("debtor_id").cast(pl.String),
        client_number=pl.col(number).cast(pl.String).str.strip_chars(),
        days=day_names(),
    ).join(parents, on="parent_id", how="left", maintain_order="left")
    unknown = pl.when(pl.col("parent_id").is_not_null()).then(
        pl.format("{} (not known)", pl.coalesce("parent_code", pl.col("parent_id").cast(pl.String)))
    )
    words = ("code", "id", "administration", "name", "second_name", "place", "category", "vat_number")
    rows = rows.select(
        "id",
        "client_number",
        "code",
        "administration",
        "name",
        "place",
        "category",
        "country",
        "blocked",
        "days",
        parent=pl.coalesce("parent", unknown, "parent_code"),
        text=pl.concat_str([pl.col(name).fill_null("") for name in words], separator="\n").str.to_lowercase(),
    )
    known = CLIENTS.to_frame() if clients is None else clients
    once = known.with_columns(pl.col("client_number").str.strip_chars()).unique(
        "client_number", keep="first", maintain_order=True
    )
    return (
        rows.join(once, on="client_number", how="left", maintain_order="left")
        .join(_chips(chips), on="id", how="left", maintain_order="left")
        .with_columns(pl.col("rank").fill_null(9))
        .sort("rank", "name", nulls_last=True, maintain_order=True)
    )


def _chips(chips: pl.DataFrame | None) -> pl.DataFrame:
    if chips is None:
        texts = pl.List(pl.String)
        return pl.DataFrame(schema={"id": pl.String, "wrong": texts, "checks": texts, "rank": pl.UInt8})
    return chips.rename({"debtor_id": "id"})


def chosen(
    rows: pl.DataFrame,
    *,
    show: str = "all",
    checks: Collection[str] = (),
    categories: Collection[str] = (),
    text: str = "",
) -> pl.DataFrame:
    """The debtors that the filters leave; empty filters leave all."""
    wanted = [pl.col("text").str.contains(word, literal=True) for word in text.lower().split()]
    if categories:
        wanted.append(pl.col("category").is_in(list(categories)))
    if checks:
        wanted.append(pl.col("checks").list.eval(pl.element().is_in(list(checks))).list.any())
    if show == "wrong":
        wanted.append(pl.col("rank") < 9)
    elif show == "blocked":
        wanted.append(pl.col("blocked").fill_null(False))
    elif show == "unknown":
        wanted.append(pl.col("shop").is_null())
    return rows.filter(wanted) if wanted else rows


#: One client of one shop.
_CLIENT = ("shop", "client_number")


def debtors_and_clients(rows: pl.DataFrame) -> tuple[int, int]:
    """Of `debtor_rows`: how many debtors are clients of a shop, and how many clients that are."""
    known = rows.filter(pl.col("shop").is_not_null())
    return known.height, known.unique(_CLIENT).height


def active_and_blocked(rows: pl.DataFrame) -> pl.DataFrame:
    """Of `debtor_rows`: the blocked debtors of active clients."""
    return rows.filter(pl.col("blocked").fill_null(False) & pl.col("client_active").fill_null(False))


def cannot_buy(rows: pl.DataFrame, blocked: pl.DataFrame) -> int:
    """Of the clients of `blocked` debtors, how many have no other debtor that they could buy by, as check
    client-blocked-in-erp counts them."""
    free = rows.filter(~pl.col("blocked").fill_null(False) & pl.col("shop").is_not_null())
    return blocked.unique(_CLIENT).join(free, on=_CLIENT, how="anti").height


def chain(debtors: pl.DataFrame, debtor_id: int) -> list[dict[str, Any]]:
    """The debtor's parents, the nearest first: debtor_id, code, name, `known`, and `again` where the chain bites its tail."""
    above = dict(debtors.drop_nulls("debtor_id").select("debtor_id", "parent_id").iter_rows())
    found: list[dict[str, Any]] = []
    seen, one = {debtor_id}, above.get(debtor_id)
    while one is not None:
        found.append({**_called(debtors, one), "again": one in seen})
        if one in seen or one not in above:
            break
        seen.add(one)
        one = above[one]
    return found


def _called(debtors: pl.DataFrame, debtor_id: int) -> dict[str, Any]:
    rows = debtors.filter(pl.col("debtor_id") == debtor_id)
    if rows.is_empty():
        return {"debtor_id": debtor_id, "code": None, "name": None, "known": False}
    row = rows.row(0, named=True)
    return {"debtor_id": debtor_id, "code": row["code"], "name": row["name"], "known": True}


def invoiced_for(debtors: pl.DataFrame, debtor: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The debtors that this one is invoiced for, as `chain` has them; ids come as `417` or `debtors/417`."""
    found = []
    for text in debtor["to_invoice"] or []:
        last = text.rpartition("/")[2].strip()
        if last.isdigit():
            found.append(_called(debtors, int(last)))
        else:
            found.append({"debtor_id": None, "code": text, "name": None, "known": False})
    return found


def day_names() -> pl.Expr:
    """The days on which a debtor can order, short, in the order of the week: `Tue, Thu`; empty where none is told."""
    ordered = pl.element().sort_by(pl.element().struct.field("day"), nulls_last=True).struct
    number = {at: name[:3] for at, name in enumerate(_DAYS)}
    short = pl.coalesce(
        ordered.field("day").replace_strict(number, default=None, return_dtype=pl.String),
        ordered.field("name").str.head(3),
    )
    return pl.col("order_days").list.eval(short).list.unique(maintain_order=True).list.join(", ")


def _sorted(days: Sequence[Mapping[str, Any]] | None) -> list[Mapping[str, Any]]:
    return sorted(days or [], key=lambda one: 9 if one["day"] is None else one["day"])


def _day(one: Mapping[str, Any]) -> str:
    """The name of the weekday; Sunday may be written 0 or 7; where the number is none, what the ERP calls it."""
    number = one["day"]
    if number is not None and 0 <= number < len(_DAYS):
        return _DAYS[number]
    return str(one["name"] or f"day {number}")


def order_day_lines(days: Sequence[Mapping[str, Any]] | None) -> list[dict[str, str]]:
    """Each order day in words: the day, and until when one may order for it (`the day before, until 15:30`)."""
    return [{"Day": _day(one), "Order": until(one)} for one in _sorted(days)]


def until(one: Mapping[str, Any]) -> str:
    """Until when one may order for a day: a shift of days and a clock time, not a duration."""
    if one["clock"] is None:
        return "at any time" if not one["until"] else f"cannot be read: {one['until']}"
    shift = one["day_shift"] or 0
    if shift == 0:
        when = "the same day"
    elif abs(shift) == 1:
        when = "the day before" if shift < 0 else "the day after"
    else:
        when = f"{abs(shift)} days {'before' if shift < 0 else 'after'}"
    return f"{when}, until {one['clock']:%H:%M}"
