"""What the page Clients shows: the answer, the clients, the users who point nowhere, the representatives."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from dashboard.parts import address, check_notes, opening, selecting
from dashboard.parts.client_rows import SORTS, by_representative, chosen, pairs_of, strays, with_wrong
from dashboard.parts.place import Place
from dashboard.parts.price_faults import LANGUAGES
from dashboard.parts.trade import trade
from dashboard.parts.words import number, plain, plural

CHECKS_HERE = (
    "client-without-user",
    "client-without-location",
    "client-unknown-segment",
    "user-unknown-client",
    "order-list-unknown-article",
    "client-blocked-in-erp",
    "client-without-debtor",
)

#: Of these, what is no question without an ERP.
OF_ERP = ("client-blocked-in-erp", "client-without-debtor")

#: The chip of each check that is about a client.
WORDS = {
    "client-without-user": "No user",
    "client-without-location": "No address",
    "client-unknown-segment": "Segment",
    "order-list-unknown-article": "Order list",
    "client-blocked-in-erp": "Blocked in ERP",
    "client-without-debtor": "No debtor",
}

#: Checks that keep a client from buying; a wrong article on an order list does not.
CANNOT_BUY = ("client-without-user", "client-without-location", "client-unknown-segment")

_FILTERS = ("text", "show", "check", "by")
_MOST_LINKS = 60
_GRID = "clients-grid"


def rows(place: Place, source: str) -> pl.DataFrame | None:
    """Every client with what is wrong: `client_rows.with_wrong`; None when clients were never collected."""
    known = trade(place, source).clients
    if known is None:
        return None
    found = check_notes.open_of(place, source, list(WORDS))
    keyed = found.with_columns(
        client_number=pl.when(pl.col("entity") == "order-list-item")
        .then(pl.col("key").str.replace(r"\|.*$", ""))
        .otherwise("key")
    )
    return with_wrong(known, check_notes.chip_cells(keyed, WORDS, "client_number"))


def cannot_buy() -> pl.Expr:
    return pl.col("checks").list.eval(pl.element().is_in(list(CANNOT_BUY))).list.any()


def answer(place: Place, source: str) -> pl.DataFrame | None:
    """Who cannot buy, and what that touches; gives every client, None when none is known."""
    check_notes.could_not_run(place, CHECKS_HERE, source)
    found = rows(place, source)
    if found is None:
        check_notes.missing(place, source, "Who the clients are is", "clients")
        return None
    stuck = found.filter(cannot_buy())
    stray, blocked = _strays(place, source), _with(found, "client-blocked-in-erp")
    without = _with(found, "client-without-debtor")
    active = found.filter(pl.col("active").fill_null(True)).height
    if stuck.is_empty() and not stray and not blocked and not without:
        if check_notes.judged(place, CHECKS_HERE, source):
            st.success(
                f"All is well: {plural(active, 'active client')} checked{check_notes.checked_at(place)}, each has a user who can "
                "log in, a delivery address and a segment.",
                icon=":material/check_circle:",
            )
        else:
            st.markdown(
                f"**{plural(active, 'active client')}**; nothing that keeps them from buying is known."
            )
        return found
    counts = dict(stuck["checks"].explode(empty_as_null=False).value_counts().iter_rows())
    why = [
        f"**{number(counts[check])}** {words}"
        for check, words in (
            ("client-without-user", "without a user"),
            ("client-without-location", "without a delivery address"),
            ("client-unknown-segment", "of an unknown segment"),
        )
        if counts.get(check)
    ]
    sold = float(stuck["turnover"].sum() or 0)
    ordered = f" (they ordered for **€ {sold:,.2f}** in the last 30 days)" if sold else ""
    parts = [
        f"**{number(stuck.height)}** of {plural(active, 'active client')} cannot buy as they should: "
        f"{', '.join(why)}{ordered}"
        if stuck.height
        else f"None of {plural(active, 'active client')} is kept from buying"
    ]
    if stray:
        parts.append(
            f"**{plural(stray, 'user')}** {'points' if stray == 1 else 'point'} at a client that does not exist"
        )
    if blocked:
        parts.append(
            f"**{plural(blocked, 'active client')} {'is' if blocked == 1 else 'are'} blocked in the ERP**"
        )
    if without:
        parts.append(f"**{plural(without, 'active client has', 'active clients have')} no debtor** there")
    st.markdown("; ".join(parts) + ".")
    return found


def _with(found: pl.DataFrame, check: str) -> int:
    """How many clients have an open finding of that check."""
    return found.filter(pl.col("checks").list.contains(check)).height


def _strays(place: Place, source: str) -> int:
    return check_notes.open_of(place, source, ["user-unknown-client"]).height


def pick_view(place: Place, source: str, found: pl.DataFrame) -> str:
    """Clients, users who point nowhere, or representatives."""
    people = by_representative(trade(place, source)["representatives"], found)
    views = {
        "clients": f"Clients ({found.height:,})",
        "users": f"Users who point nowhere ({_strays(place, source):,})",
        "representatives": f"Representatives ({people.height:,})",
    }
    return address.one("View", "view", views, "users" if _is_stray(place, source) else "clients")


def asked_client(place: Place, source: str) -> str:
    """The client of the URL; that of its user, where a link names only the user."""
    client, user = address.given("client"), address.given("user")
    users = trade(place, source)["users"]
    if client or not user or users is None or _is_stray(place, source):
        return client
    numbers = users.filter(pl.col("email") == user)["client_number"].drop_nulls()
    return str(numbers[0]) if numbers.len() else ""


def _is_stray(place: Place, source: str) -> bool:
    user = address.given("user")
    found = check_notes.open_of(place, source, ["user-unknown-client"])
    return bool(user) and bool((found["key"] == user).any())


def filters(found: pl.DataFrame, *, erp: bool = False) -> pl.DataFrame:
    """The row of filters; gives the clients that they leave. `erp`: is there an ERP beside the shop?"""
    counts = dict(found["checks"].explode(empty_as_null=False).value_counts().iter_rows())
    asked = {check: word for check, word in WORDS.items() if erp or check not in OF_ERP}
    wrong = found.filter(pl.col("rank") < 9).height
    show = {
        "all": f"All ({found.height:,})",
        "wrong": f"Something wrong ({wrong:,})",
        "active": f"Active ({found.filter(pl.col('active').fill_null(True)).height:,})",
    }
    checks = {check: f"{word} ({counts.get(check, 0):,})" for check, word in asked.items()}
    people = {one: one for one in sorted(found["representative"].drop_nulls().unique())}
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="filters"):
        shown = address.one("Show", "show", show, "all")
        wanted = address.several("What is wrong", "check", checks, placeholder="Anything wrong", width=165)
        text = address.text("Search", "text", placeholder="Client, place, segment", width=185)
        by = (
            address.several("Representative", "by", people, placeholder="All representatives", width=180)
            if len(people) > 1
            else []
        )
        sort = address.picked("Sort by", "sort", SORTS, width=190)
    return chosen(found, checks=wanted, show=shown, representatives=by, text=text, sort=sort)


def list_of(left: pl.DataFrame) -> str:
    """The list; gives the number of the client that is open."""
    if left.is_empty():
        address.no_match("client", *_FILTERS)
        return address.given("client")
    shown = left.select(
        "wrong", "client_number", "name", "users", "locations", "prices", "orders", "turnover", "segment"
    )
    text, count = st.column_config.TextColumn, st.column_config.NumberColumn
    columns: dict[str, Any] = {
        "client_number": text("Client", width=58),
        "name": text("Name", width=144),
        "wrong": check_notes.chip_column(WORDS.values(), width=142),
        "turnover": count("30 days", format="€ %,.0f", width=64, help="Ordered in the last 30 days"),
        "users": count("Users", format="%,d", width=48),
        "locations": count("Addr.", format="%,d", width=48, help="Delivery addresses"),
        "orders": count("Orders", format="%,d", width=54, help="Orders of the last 30 days"),
        "prices": count("Prices", format="%,d", width=56, help="Articles with a price for this client"),
        "segment": text("Segment", width=110),
    }
    return opening.table(
        left.with_columns(id="client_number"),
        shown,
        columns,
        key=_GRID,
        name="client",
        alt="Clients",
        several=True,
    )


def ticked(left: pl.DataFrame) -> list[str]:
    """The numbers of the clients that are ticked."""
    return left.filter(pl.col("client_number").is_in(selecting.selected(_GRID)))["client_number"].to_list()


def users_who_point_nowhere(place: Place, source: str) -> None:
    """Users of clients that do not exist."""
    found = check_notes.open_of(place, source, ["user-unknown-client"])
    if found.is_empty():
        people = trade(place, source)["users"]
        if people is None:
            check_notes.missing(place, source, "Who the users are is", "users")
        elif check_notes.judged(place, ["user-unknown-client"], source):
            st.success(
                f"All is well: {plural(people.height, 'user')} checked{check_notes.checked_at(place)}, each belongs to a client "
                "that exists.",
                icon=":material/check_circle:",
            )
        else:
            st.caption("Nothing is known of users who point nowhere; the check could not run.")
        return
    users = trade(place, source)["users"]
    if users is None:
        users = pl.DataFrame(
            schema={
                "email": pl.String,
                "client_number": pl.String,
                "active": pl.Boolean,
                "language": pl.String,
            }
        )
    left = strays(users, found)
    st.caption(
        "They can log in, and what they order belongs to nobody. Link each to the right client, or delete the user."
    )
    text = st.column_config.TextColumn
    chosen_one = opening.table(
        left.drop("id").with_columns(id="email"),
        left.select(
            "email",
            "client_number",
            active=pl.col("active").replace_strict(
                {True: "yes", False: "no"}, default="–", return_dtype=pl.String
            ),
            language=pl.col("language").replace(LANGUAGES),
            since="first_seen",
        ),
        {
            "email": text("E-mail", width=260),
            "client_number": text("Points at client", width=130),
            "active": text("Can log in", width=90),
            "language": text("Language", width=90),
            "since": st.column_config.DatetimeColumn("Since", format="distance", width=110),
        },
        key="stray-grid",
        name="user",
        alt="Users of clients that do not exist",
    )
    if chosen_one:
        with st.container(border=True, key="user-panel"):
            st.markdown(f"#### {plain(chosen_one)}")
            check_notes.findings_with_history(
                place,
                check_notes.of_thing(
                    place, source, (pl.col("entity") == "user") & (pl.col("key") == chosen_one)
                ),
            )


def representatives(place: Place, source: str, found: pl.DataFrame) -> None:
    """Who looks after whom."""
    frame = trade(place, source)["representatives"]
    people = by_representative(frame, found)
    if people.is_empty():
        if frame is None:
            check_notes.missing(place, source, "Who the representatives are is", "representatives")
        else:
            st.caption("The shop has no representatives, and no client names one.")
        return
    alone = found.filter(pl.col("representative").is_null()).join(
        pairs_of(frame, found), on="client_number", how="anti"
    )
    st.caption(
        f"{plural(people.height, 'representative')}; {plural(alone.height, 'client')} without one."
        if alone.height
        else f"{plural(people.height, 'representative')}; every client has one."
    )
    left, right = st.columns([9, 7], gap="small")
    text, count = st.column_config.TextColumn, st.column_config.NumberColumn
    with left:
        chosen_one = opening.table(
            people.with_columns(id="email"),
            people.select(
                "email",
                "clients",
                "wrong",
                "turnover",
                active=pl.col("active").replace_strict(
                    {True: "yes", False: "no"}, default="not known", return_dtype=pl.String
                ),
            ),
            {
                "email": text("Representative", width=240),
                "clients": count("Clients", format="%,d", width=80),
                "wrong": count("Wrong", format="%,d", width=80, help="Clients that something is wrong with"),
                "turnover": count("30 days", format="€ %,.0f", width=100, help="Ordered by their clients"),
                "active": text("Active", width=80),
            },
            key="representatives-grid",
            name="representative",
            alt="Representatives with their clients",
        )
    with right, st.container(border=True, key="representative-panel"):
        _of_representative(source, chosen_one, frame, found)


def _of_representative(source: str, email: str, frame: pl.DataFrame | None, found: pl.DataFrame) -> None:
    if not email:
        st.markdown("#### Their clients")
        st.caption("Tick a representative to see whom they look after.")
        return
    numbers = pairs_of(frame, found).filter(pl.col("email") == email).select("client_number")
    theirs = found.join(numbers, on="client_number", how="semi", maintain_order="left").sort(
        "rank", "turnover", descending=[False, True], nulls_last=True
    )
    gone = numbers.join(found, on="client_number", how="anti", maintain_order="left")
    st.markdown(f"#### {plain(email)}\n\n{plural(theirs.height, 'client')}")
    if gone.height:
        listed = ", ".join(plain(one) for one in gone["client_number"].head(12))
        st.markdown(f":orange[:material/warning:] Also named for {listed}, which the shop does not have.")
    with st.container(gap=None):
        for row in theirs.head(_MOST_LINKS).iter_rows(named=True):
            wrong = f" :orange[{plain(', '.join(row['wrong']))}]" if row["wrong"] else ""
            opening.link(
                f"**{plain(row['name'] or row['client_number'])}** :gray[{plain(row['client_number'])}]{wrong}",
                f"client-of-{row['client_number']}",
                source=source,
                client=row["client_number"],
            )
    if theirs.height > _MOST_LINKS:
        opening.link(
            f":material/arrow_forward: All {number(theirs.height)} in the list",
            "all-of-representative",
            source=source,
            by=email,
        )
