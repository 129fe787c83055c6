"""Clients and who orders for them: client-without-user, client-without-location, client-unknown-segment,
user-unknown-client.

Findings are kept longer than personal data may be: no sentence here names a person or a business.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from checks.gtin import has_code
from checks.rules.check import Check, Context, Question, numbers, trimmed

CLIENT = pl.col("client_number")


def _client_without_user(context: Context) -> Iterator[Question]:
    users = context.frames["users"].lazy().select("active", number=trimmed("client_number"))
    idle = users.group_by("number").agg(idle=pl.len())

    def search(rows: pl.LazyFrame) -> pl.LazyFrame:
        clients = rows.with_columns(number=trimmed("client_number"))
        served = users.filter("active")
        return clients.join(served, on="number", how="anti").join(idle, on="number", how="left")

    yield Question(
        frame="clients",
        asked=pl.col("active"),
        wrong=search,
        message=pl.when(pl.col("idle").is_null())
        .then(pl.lit("This client is active and has no user."))
        .otherwise(pl.format("This client is active and none of its users ({}) is.", "idle")),
    )


CLIENT_WITHOUT_USER = Check(
    id="client-without-user",
    title="Client without user",
    why="A client needs at least one active user to log in: nobody can order for this one.",
    severity="warning",
    entity="client",
    needs={"clients": ("client_number", "active"), "users": ("client_number", "active")},
    needs_rows=("clients", "users"),
    fix=None,
    area="clients",
    guide="Chapter 8.2: Clients; chapter 8.12: Users",
    advice="Make a user for the client or link one; if it no longer orders, make the client inactive.",
    ask=_client_without_user,
)


def _client_without_location(context: Context) -> Iterator[Question]:
    places = numbers(context.frames, "client_number", "client_locations")
    yield Question(
        frame="clients",
        asked=pl.col("active"),
        wrong=lambda rows: rows.join(places, left_on=trimmed("client_number"), right_on="number", how="anti"),
        message=pl.lit("This client is active and has no delivery address."),
    )


CLIENT_WITHOUT_LOCATION = Check(
    id="client-without-location",
    title="Client without delivery address",
    why="Without a delivery address there is no delivery day to choose: the order stops at the last step.",
    severity="warning",
    entity="client",
    needs={"clients": ("client_number", "active"), "client_locations": ("client_number",)},
    needs_rows=("clients", "client_locations"),
    fix=None,
    area="clients",
    guide="Chapter 8.2: Clients; chapter 8.3: ClientLocations",
    advice="Send a location for the client, with its delivery days.",
    ask=_client_without_location,
)


def _client_unknown_segment(context: Context) -> Iterator[Question]:
    known = context.frames["client_segments"].get_column("id").drop_nulls().unique()
    segment = pl.col("segment_id")
    yield Question(
        frame="clients",
        asked=pl.col("active"),
        wrong=~segment.is_in(pl.lit(known).implode()),
        value=segment,
        message=pl.format("Segment {} is not in the table.", segment),
    )


CLIENT_UNKNOWN_SEGMENT = Check(
    id="client-unknown-segment",
    title="Client of an unknown segment",
    why="What a client may see hangs on its segment; of one that the shop does not have, nothing can follow, and changes "
    "of the client are refused.",
    severity="error",
    entity="client",
    needs={"clients": ("client_number", "active", "segment_id"), "client_segments": ("id",)},
    needs_rows=("clients", "client_segments"),
    fix=None,
    area="clients",
    guide="Chapter 8.1: ClientSegments; chapter 8.2: Clients (SegmentId)",
    advice="Give the client one of the segments that the shop has.",
    ask=_client_unknown_segment,
)


def _user_unknown_client(context: Context) -> Iterator[Question]:
    known = numbers(context.frames, "client_number", "clients")
    yield Question(
        frame="users",
        asked=has_code(CLIENT),  # a user who was unlinked belongs to nobody, and points at nothing wrong
        wrong=lambda rows: rows.join(known, left_on=trimmed("client_number"), right_on="number", how="anti"),
        value=CLIENT,
        message=pl.format("This user belongs to client {}, which does not exist.", CLIENT),
    )


USER_UNKNOWN_CLIENT = Check(
    id="user-unknown-client",
    title="User of an unknown client",
    why="Somebody can log in for a client that is gone: what they order belongs to nobody.",
    severity="error",
    entity="user",
    needs={"users": ("email", "client_number"), "clients": ("client_number",)},
    needs_rows=("clients",),
    fix=None,
    area="clients",
    guide="Chapter 8.12: Users; chapter 8.13: Users/LinkUserToClient",
    advice="Link the user to the right client, or delete the user.",
    ask=_user_unknown_client,
)
