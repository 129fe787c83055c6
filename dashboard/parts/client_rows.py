"""Clients with what hangs on each: users, addresses, prices, orders. Pure functions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

import polars as pl

#: One row a client. Counts are null where their frame was not collected: that is not none.
CLIENT_ROWS = pl.Schema(
    {
        "client_number": pl.String,
        "name": pl.String,
        "active": pl.Boolean,
        "segment_id": pl.Int64,
        "segment": pl.String,
        "representative": pl.String,
        "has_promos": pl.Boolean,
        "postal_code": pl.String,
        "municipality": pl.String,
        "country_code": pl.String,
        "users": pl.Int64,
        "locations": pl.Int64,
        "prices": pl.Int64,
        "listed": pl.Int64,  # articles on the order list
        "orders": pl.Int64,
        "turnover": pl.Float64,
    }
)

#: Count in CLIENT_ROWS -> the frame that it counts.
_COUNTED = {
    "users": "users",
    "locations": "client_locations",
    "prices": "client_prices",
    "listed": "order_lists",
}

SORTS = {
    "weight": "What is wrong first",
    "turnover": "Highest turnover first",
    "name": "Name",
    "number": "Client number",
}


def client_rows(frames: Mapping[str, pl.DataFrame | None], sold: pl.DataFrame | None) -> pl.DataFrame:
    """Every client as CLIENT_ROWS.

    Args:
        frames: of one source, by name; clients is there.
        sold: `checks.impact.CLIENT_IMPACT`, None when orders are not known.
    """
    rows = frames["clients"]
    assert rows is not None
    segments = frames["client_segments"]
    if segments is not None and segments.height:
        named = segments.drop_nulls("name").unique("id", keep="first")
        by_id = pl.col("segment_id").replace_strict(
            named["id"], named["name"], default=None, return_dtype=pl.String
        )
        rows = rows.with_columns(segment=pl.coalesce(by_id, "segment"))
    for name, frame in _COUNTED.items():
        rows = _counted(rows, frames[frame], name)
    if sold is None:
        rows = rows.with_columns(orders=pl.lit(None, pl.Int64), turnover=pl.lit(None, pl.Float64))
    else:
        rows = rows.join(sold, on="client_number", how="left", maintain_order="left").with_columns(
            pl.col("orders").fill_null(0), pl.col("turnover").fill_null(0.0)
        )
    return rows.select(pl.col(name).cast(dtype) for name, dtype in CLIENT_ROWS.items())


def _counted(rows: pl.DataFrame, frame: pl.DataFrame | None, name: str) -> pl.DataFrame:
    if frame is None:
        return rows.with_columns(pl.lit(None, pl.Int64).alias(name))
    counts = frame.group_by(_number=trimmed()).agg(pl.len().cast(pl.Int64).alias(name))
    return (
        rows.with_columns(_number=trimmed())
        .join(counts, on="_number", how="left", maintain_order="left")
        .with_columns(pl.col(name).fill_null(0))
        .drop("_number")
    )


def trimmed() -> pl.Expr:
    """The client number without outer spaces, which the checks do not count as a difference either."""
    return pl.col("client_number").str.strip_chars()


def with_wrong(rows: pl.DataFrame, chips: pl.DataFrame) -> pl.DataFrame:
    """CLIENT_ROWS with `wrong` (cells), `checks` and `rank` (of the gravest; 9 when nothing is), by client number."""
    joined = rows.join(chips, on="client_number", how="left", maintain_order="left")
    nothing = pl.lit([], dtype=pl.List(pl.String))
    return joined.with_columns(
        pl.col("wrong").fill_null(nothing),
        pl.col("checks").fill_null(nothing),
        pl.col("rank").fill_null(9),
    )


def chosen(
    rows: pl.DataFrame,
    *,
    checks: Collection[str] = (),
    show: str = "all",
    representatives: Collection[str] = (),
    text: str = "",
    sort: str = "weight",
) -> pl.DataFrame:
    """What the filters leave of `with_wrong`, in one of `SORTS`. `show` is all, wrong or active."""
    wanted = []
    if checks:
        wanted.append(pl.col("checks").list.eval(pl.element().is_in(list(checks))).list.any())
    if show == "wrong":
        wanted.append(pl.col("rank") < 9)
    if show == "active":
        wanted.append(pl.col("active").fill_null(True))
    if representatives:
        wanted.append(pl.col("representative").is_in(list(representatives)))
    for word in text.lower().split():
        wanted.append(
            pl.any_horizontal(
                pl.col(column).str.to_lowercase().str.contains(word, literal=True).fill_null(False)
                for column in (
                    "client_number",
                    "name",
                    "municipality",
                    "postal_code",
                    "segment",
                    "representative",
                )
            )
        )
    columns, down = {
        "weight": (["rank", "turnover", "name"], [False, True, False]),
        "turnover": (["turnover", "name"], [True, False]),
        "name": (["name", "client_number"], [False, False]),
        "number": (["client_number"], [False]),
    }[sort]
    return (rows.filter(wanted) if wanted else rows).sort(columns, descending=down, nulls_last=True)


def strays(users: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Users that point at no client: id (of the finding), email, client_number, active, language, first_seen.

    Args:
        users: the frame.
        found: open findings of user-unknown-client.
    """
    people = users.unique("email", keep="first", maintain_order=True)
    return (
        found.select("id", "first_seen", email="key", told="value")
        .join(people, on="email", how="left", maintain_order="left")
        .with_columns(client_number=pl.coalesce("client_number", "told"))
        .drop("told")
    )


def by_representative(representatives: pl.DataFrame | None, rows: pl.DataFrame) -> pl.DataFrame:
    """email, active, clients, wrong (clients that something is wrong with), turnover, unknown (client numbers nobody has).

    Whom a representative looks after stands with the clients, with the representative, or with both.

    Args:
        rows: `with_wrong`.
    """
    pairs = pairs_of(representatives, rows)
    people = (
        pl.DataFrame(schema={"email": pl.String, "active": pl.Boolean})
        if representatives is None
        else representatives.select("email", "active").unique("email", keep="first")
    )
    known = rows.select("client_number", "turnover", bad=pl.col("rank") < 9)
    counts = (
        pairs.join(known, on="client_number", how="left", maintain_order="left")
        .group_by("email")
        .agg(
            clients=pl.col("bad").is_not_null().sum(),
            wrong=pl.col("bad").sum(),
            turnover=pl.col("turnover").sum(),
            unknown=pl.col("bad").is_null().sum(),
        )
    )
    return (
        people.join(counts, on="email", how="full", coalesce=True)
        .with_columns(pl.col("clients", "wrong", "unknown").fill_null(0), pl.col("turnover").fill_null(0.0))
        .sort("clients", "email", descending=[True, False])
    )


def pairs_of(representatives: pl.DataFrame | None, rows: pl.DataFrame) -> pl.DataFrame:
    """email, client_number: who looks after whom, each pair once."""
    told = rows.select(email="representative", client_number="client_number").drop_nulls()
    if representatives is None:
        return told.unique(maintain_order=True)
    lists = (
        representatives.select("email", client_number="client_numbers")
        .explode("client_number", empty_as_null=False, keep_nulls=False)
        .drop_nulls()
    )
    return pl.concat([told, lists]).unique(maintain_order=True)


def next_dates(dates: pl.DataFrame | None, client: str, today: date, most: int = 5) -> dict[int, list[date]]:
    """By delivery address of one client, the next delivery dates from today on."""
    if dates is None:
        return {}
    rows = dates.filter((pl.col("client_number") == client) & (pl.col("date") >= today)).sort("date")
    grouped = rows.group_by("location_id").agg(pl.col("date").head(most))
    return {int(location): days for location, days in grouped.iter_rows() if location is not None}
