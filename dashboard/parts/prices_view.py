"""What the page Prices and texts shows: the answer, one check at a time, the product or price row that is open."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import polars as pl
import streamlit as st

from checks.rules import CHECKS
from dashboard.parts import (
    address,
    check_notes,
    fix_flow,
    loading,
    opening,
    price_chart,
    repairs,
    selecting,
    suppliers_beside,
)
from dashboard.parts.details import Part
from dashboard.parts.finding_thing import field_table
from dashboard.parts.links import entity_page
from dashboard.parts.place import Place
from dashboard.parts.price_columns import price_columns, product_columns
from dashboard.parts.price_faults import (
    CHECKS_HERE,
    OF_CLIENT_PRICES,
    OF_SUPPLIERS,
    WORDS,
    client_price_faults,
    fault,
    guilty_fields,
    keys_of,
    product_faults,
    searched,
    spread,
    spread_words,
)
from dashboard.parts.trade import Trade, trade
from dashboard.parts.words import SEVERITIES, exact, number, plain, plural
from dashboard.parts.words import shown as in_words

#: What a check counts; all others count own products.
_THING = {**dict.fromkeys(OF_CLIENT_PRICES, "client price"), **dict.fromkeys(OF_SUPPLIERS, "product")}

_FILTERS = ("text",)
_MOST_NAMED = 10


def counts(place: Place, source: str) -> dict[str, int]:
    """Open findings by check: things, not languages."""
    found = check_notes.open_of(place, source, CHECKS_HERE)
    by_check = dict(found.group_by("check").agg(pl.col("key").n_unique()).iter_rows())
    return {check: by_check.get(check, 0) for check in CHECKS_HERE}


def answer(place: Place, source: str) -> None:
    """How many products and client prices are wrong, and in what."""
    check_notes.could_not_run(place, CHECKS_HERE, source)
    found = check_notes.open_of(place, source, CHECKS_HERE)
    if found.is_empty():
        if check_notes.judged(place, CHECKS_HERE, source):
            products, prices = (loading.rows_of(place, name) for name in ("products", "client_prices"))
            st.success(
                f"All is well: prices, promos, texts and quantities of {plural(products, 'product')} and "
                f"{plural(prices, 'client price')} checked{check_notes.checked_at(place)}, nothing found.",
                icon=":material/check_circle:",
            )
        return
    of_products = found.filter(pl.col("entity") == "product")
    products, at_suppliers = (
        of_products["key"].n_unique(),
        of_products["check"].is_in(list(OF_SUPPLIERS)).any(),
    )
    prices = found.filter(pl.col("entity") == "client-product")["key"].n_unique()
    by_check = counts(place, source)
    first = (
        f"**{number(by_check['price-missing'])}** cannot be sold for lack of a price"
        if by_check["price-missing"]
        else ""
    )
    parts = [
        f"**{plural(products, 'product' if at_suppliers else 'own product')}** priced or described wrongly"
        if products
        else "",
        first,
        f"**{number(by_check['sold-but-discontinued'])}** can no longer be bought from a supplier"
        if by_check["sold-but-discontinued"]
        else "",
        f"**{plural(prices, 'client price')}** wrong or needless" if prices else "",
    ]
    st.markdown("; ".join(part for part in parts if part) + ".")


def pick_check(place: Place, source: str) -> str:
    """The check that is shown; of those with findings the first, unless the URL names one."""
    by_check = counts(place, source)
    beside = set() if place.settings.suppliers else set(OF_SUPPLIERS)  # no question without a supplier
    options = {
        check: f"{word} ({by_check[check]:,})"
        for check, word in WORDS.items()
        if check not in beside or by_check[check]
    }
    first = next((check for check, count in by_check.items() if count), CHECKS_HERE[0])
    return address.one("Check", "check", options, first)


def rows(place: Place, source: str, check: str) -> pl.DataFrame:
    """The check's open findings with the fields they are about."""
    known = trade(place, source)
    found = check_notes.open_of(place, source, [check])
    if check in OF_SUPPLIERS:
        make = lambda: product_faults(found, suppliers_beside.assortment(known), known.impact)  # noqa: E731
    elif check not in OF_CLIENT_PRICES:
        make = lambda: product_faults(found, known["products"], known.impact)  # noqa: E731
    else:
        make = lambda: client_price_faults(  # noqa: E731
            found, known["client_prices"], known.articles, known.client_names
        )
    return loading.kept("price-faults", place, f"{source}/{check}", make)


def filters(place: Place, source: str, check: str) -> pl.DataFrame:
    """What the check means in a line, a search; gives the rows that it leaves."""
    about = CHECKS[check]
    look = SEVERITIES[about.severity]
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="filters"):
        text = address.text("Search", "text", placeholder="Article, name, client", width=240)
        st.markdown(f"{look.badge} {plain(about.title)}", width="content", help=plain(about.why))
    return searched(rows(place, source, check), text)


def list_of(place: Place, source: str, check: str, left: pl.DataFrame) -> str:
    """The list with its buttons; gives the id of the finding that is open."""
    if left.is_empty():
        _empty(place, source, check)
        return ""
    bar = st.container(key="prices-bar", gap="xsmall")
    opened = _table(place, check, left)
    with bar:
        _buttons(place, source, check, left)
    return opened


def ticked(check: str, left: pl.DataFrame) -> pl.DataFrame:
    """The rows that are ticked."""
    return left.filter(pl.col("id").is_in(selecting.selected(_grid(check))))


def _grid(check: str) -> str:
    return f"prices-grid-{check}"


def _buttons(place: Place, source: str, check: str, left: pl.DataFrame) -> None:
    """The repair of the ticked rows; where nothing has to be chosen, also of all that can be put back."""
    if repairs.fix_of(check) is None:
        st.caption("There is no repair from here; the panel says what to do.")
        return
    if warning := repairs.forever(check):
        st.caption(f":material/dangerous: {warning}")
    with st.container(horizontal=True, gap="small", vertical_alignment="top"):
        keys = keys_of(check, ticked(check, left))
        repairs.for_ticked(place, check, source, keys, key=f"fix-{check}")
        if repairs.at_once(check) and left.height > 1 and not address.given("text"):
            every = keys_of(check, left)
            fix_flow.action(
                place,
                check,
                source,
                every,
                key=f"fix-all-{check}",
                label=repairs.label_all(check, len(every)),
                all=True,
            )


def _table(place: Place, check: str, left: pl.DataFrame) -> str:
    if check not in OF_CLIENT_PRICES:
        columns, shown = product_columns(place, check), left.with_columns(fault=fault(check, place.now))
    else:
        columns, shown = price_columns(check), left
    return opening.table(
        left,
        shown.select(column for column in shown.columns if column in columns),
        columns,
        key=_grid(check),
        name="open",
        alt=CHECKS[check].title,
        several=True,
    )


def _empty(place: Place, source: str, check: str) -> None:
    if address.given("text"):
        address.no_match("row", *_FILTERS)
    elif check_notes.judged(place, [check], source):
        results = loading.results(place).filter((pl.col("check") == check) & (pl.col("source") == source))
        asked = int(results["entities"].fill_null(0).sum())
        what = _THING.get(check, "own product")
        st.success(
            f"{CHECKS[check].title}: {plural(asked, what)} judged{check_notes.checked_at(place)}, all sound.",
            icon=":material/check_circle:",
        )
    else:
        st.caption("Not judged in the last health check, and nothing is left open from before.")


def panel(place: Place, source: str, check: str, left: pl.DataFrame, ident: str) -> None:
    """The product or price row that is open, or what to do about the check."""
    about = CHECKS[check]
    with st.container(border=True, key="price-panel"):
        several = ticked(check, left)
        if several.height > 1:
            _several(check, several)
            return
        chosen = left.filter(pl.col("id") == ident)
        if chosen.is_empty():
            st.markdown(f"#### {plain(about.title)}")
            st.markdown(f"**Why it matters** {plain(about.why)}\n\n**What to do** {plain(about.advice)}")
            if left.height:
                more = "; tick several to repair just those" if repairs.fix_of(check) else ""
                st.caption(
                    f"Tick a row to see the fields it is about, and what clients pay for the article{more}."
                )
            return
        row = chosen.row(0, named=True)
        known = trade(place, source)
        if check not in OF_CLIENT_PRICES:
            _product(place, source, check, row)
        else:
            _price_row(source, check, row)
        _spread(known, row)
        st.markdown("**What is wrong**")
        (key,) = keys_of(check, chosen)
        check_notes.findings_with_history(
            place,
            check_notes.of_thing(
                place, source, (pl.col("key") == key) & pl.col("check").is_in(list(CHECKS_HERE))
            ),
        )
        st.markdown(f"**What to do** {plain(about.advice)}")


def _several(check: str, rows: pl.DataFrame) -> None:
    """What the repair would do to the ticked ones."""
    what = "client price" if check in OF_CLIENT_PRICES else "product"
    st.markdown(f"#### {plural(rows.height, what)} ticked")
    if said := repairs.meaning(check):
        st.markdown(f"**What the repair does** {plain(said)}")
    names = rows.head(_MOST_NAMED).select("article_number", "name").iter_rows()
    st.markdown("\n".join(f"- **{plain(article)}** {plain(name)}" for article, name in names))
    if rows.height > _MOST_NAMED:
        st.caption(f"and {rows.height - _MOST_NAMED:,} more.")


def _to_product(source: str, article: str, name: str | None) -> None:
    target = entity_page("product", source, article)
    if target is not None:
        st.page_link(
            target[0],
            label=f"**{plain(name or article)}** :gray[{plain(article)}]",
            icon=":material/inventory_2:",
            query_params=target[1],
        )


def _product(place: Place, source: str, check: str, row: dict[str, Any]) -> None:
    guilty = guilty_fields(check, row, place.now)
    _to_product(source, row["article_number"], row["name"])
    fields = {
        "sales_price": ("List price", _euro(row["sales_price"], row["unit_sales_price"])),
        "promo_price": ("Promo price", _euro(row["promo_price"])),
        "promo_from": ("Promo from", _day(place, row["promo_from"])),
        "promo_until": ("Promo until", _day(place, row["promo_until"])),
        "has": ("Texts in", in_words(row["has"])),
        "misses": ("No text in", in_words(row["misses"])),
        "multiplier_amount": ("Multiplier amount", in_words(row["multiplier_amount"])),
        "multiplier_type": ("Multiplier unit", in_words(row["multiplier_type"])),
        "amount_of_units": ("Units in the carton", in_words(row["amount_of_units"])),
    }
    of_check = {
        "price-missing": ("sales_price", "promo_price"),
        "promo-invalid": ("sales_price", "promo_price", "promo_from", "promo_until"),
        "text-missing": ("has", "misses"),
        "multiplier-invalid": ("multiplier_amount", "multiplier_type", "sales_price"),
        "package-mismatch": ("amount_of_units", "sales_price"),
    }.get(check, ("sales_price",))
    touched = f"{plural(row['orders'], 'order')}, € {row['turnover']:,.2f}" if row["orders"] else "no orders"
    field_table(
        [
            *(Part(name, fields[name][0], fields[name][1], name in guilty) for name in of_check),
            Part("turnover", "Last 30 days", touched),
        ],
        alt="The product",
    )
    if check in OF_SUPPLIERS:
        suppliers_beside.links(place, source, row["article_number"])


def _price_row(source: str, check: str, row: dict[str, Any]) -> None:
    if check != "client-product-unknown-article":
        _to_product(source, row["article_number"], row["name"])
    target = entity_page("client", source, row["client_number"]) if row["client_number"] else None
    if target is not None and check != "client-product-unknown-client":
        st.page_link(
            target[0],
            label=f"**{plain(row['client'] or row['client_number'])}** :gray[{plain(row['client_number'])}]",
            icon=":material/storefront:",
            query_params=target[1],
        )
    parts = [
        Part(
            "article_number",
            "Article",
            in_words(row["article_number"]),
            check == "client-product-unknown-article",
        ),
        Part(
            "client_number",
            "Client",
            in_words(row["client_number"]),
            check == "client-product-unknown-client",
        ),
        Part("sales_price", "Client price", _euro(row["sales_price"]), check == "client-product-same-price"),
        Part("promo_price", "Client promo", _euro(row["promo_price"])),
        Part("list_price", "List price", _euro(row["list_price"])),
        Part("exclusive", "Only for this client", in_words(row["exclusive"])),
    ]
    linked = {"article_number", "client_number"}  # stands above already, unless it leads nowhere
    field_table(
        [part for part in parts if part.guilty or (part.text != "–" and part.column not in linked)],
        alt="The client price",
    )


def _spread(known: Trade, row: dict[str, Any]) -> None:
    prices = known["client_prices"]
    if prices is None:
        return
    of_article = prices.filter(pl.col("article_number") == row["article_number"])
    list_price = row.get("list_price") if "list_price" in row else row["sales_price"]
    told = spread(of_article, list_price)
    if told is None:
        return
    st.markdown(f"**What do clients pay for it?** {plain(spread_words(told, list_price))}")
    if told.clients > 2 and told.lowest < told.highest:
        mine = row["sales_price"] if "client_number" in row else None
        price_chart.client_prices(of_article, list_price, mine)


def _euro(value: float | None, unit: str | None = None) -> str:
    if value is None:
        return "–"
    return f"€ {value:,.2f}" + (f" per {unit}" if unit else "")


def _day(place: Place, moment: datetime | None) -> str:
    return "–" if moment is None else exact(moment, place.zone)
