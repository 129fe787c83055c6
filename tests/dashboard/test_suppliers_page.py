"""Suppliers: the answer, health by check and company, what waits for approval, one article; every state told apart."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from checks import export
from checks.store import Store
from dashboard.parts import suppliers_facts
from dashboard.parts.suppliers_rows import MATCHES, article_rows, by_company, chosen, listing, waiting_rows
from tests.dashboard import beside
from tests.dashboard.beside import IB, KRUITBOSCH, NOW

Open = Callable[..., Any]


@pytest.fixture
def full(four: Store) -> Store:
    """The same after two health checks, a day apart."""
    first = [one for one in beside.FINDINGS if one["check"] != "article-phasing-out"]
    beside.health_check(four, at=NOW - timedelta(days=1), found=first)
    beside.health_check(four)
    return four


def test_without_a_supplier_it_says_how_to_add_one(config: Path, store: Store, open_page: Open) -> None:
    screen = open_page("suppliers")
    assert "No supplier in the settings" in screen.words
    assert 'system = "kruitbosch"' in screen.app.code[0].value
    assert "All is well" not in screen.words


def test_before_the_first_run_a_run_is_offered(four: Store, open_page: Open) -> None:
    assert open_page("suppliers").app.button(key="run-first").label == "Run now"


def test_the_answer_says_what_of_the_catalogue_matters(full: Store, open_page: Open) -> None:
    words = open_page("suppliers", source=IB).words
    assert "**5 articles** in 2 companies, **2** of them yours too" in words
    assert "**1** that you sell can no longer be bought" in words
    assert "**2 changes** wait for approval." in words


def test_findings_stand_by_check_with_count_change_and_link(full: Store, open_page: Open) -> None:
    screen = open_page("suppliers", source=IB)
    links = [link for link in screen.links if link]
    assert any("**1** Article" in link or "**1** " in link for link in links)
    assert "Runs out" in screen.words or "all sound" in screen.words
    captions = [one.value for one in screen.app.caption]
    assert "=" in captions, "as many as in the run before"
    assert any("all sound" in one for one in captions), "what was judged and found nothing"


def test_companies_stand_side_by_side_and_narrow_the_page(full: Store, open_page: Open) -> None:
    screen = open_page("suppliers", source=IB)
    rows = screen.rows()
    assert [(row["company"], row["articles"], row["ours"], row["wrong"]) for row in rows] == [
        ("groenten", 3, 2, 3),
        ("zuivel", 2, 0, 1),
    ]
    one = screen.tick(1, grid="companies-grid").run()
    assert one.app.query_params["company"] == "zuivel"
    assert "**2 articles** of zuivel" in one.words


def test_a_supplier_of_one_company_has_no_companies_and_nothing_waiting(full: Store, open_page: Open) -> None:
    screen = open_page("suppliers", source=KRUITBOSCH)
    assert (
        "**1 article**, **1** of them yours too; **1** that you sell can no longer be bought." in screen.words
    )
    views = next(one for one in screen.app.segmented_control if one.label == "View")
    assert list(views.options) == ["Health", "Articles (1)"]


def test_all_well_says_what_was_checked(four: Store, open_page: Open) -> None:
    beside.health_check(four, found=[])
    words = open_page("suppliers", source=IB).words
    assert "All is well: 5 articles checked" in words
    assert "nothing found" in words


def test_could_not_run_is_no_all_is_well(four: Store, open_page: Open) -> None:
    beside.health_check(four, found=[], blind={"article-invalid-ean": "Frame catalogue has no codes."})
    words = open_page("suppliers", source=IB).words
    assert "could not run in the last health check Frame catalogue has no codes." in words
    assert "Nothing is open, but not every check could be judged." in words
    assert "All is well" not in words


def test_a_catalogue_that_failed_is_shown_as_of_the_run_before(full: Store, open_page: Open) -> None:
    beside.health_check(full, states={(IB, "catalogue"): ("failed", "ib: the server is away.")})
    words = open_page("suppliers", source=IB).words
    assert (
        "Supplier articles could not be collected in the last health check ib: the server is away." in words
    )
    assert "What you see is as of" in words
    assert "**5 articles**" in words


def test_a_catalogue_that_never_came_is_told_with_the_reason(four: Store, open_page: Open) -> None:
    gone = {(IB, "catalogue"): ("failed", "ib: the server is away.")}
    beside.health_check(four, states=gone, found=[])
    words = open_page("suppliers", source=IB).words
    assert "What ib delivers is not known Supplier articles: ib: the server is away." in words
    assert "All is well" not in words


def test_an_article_shows_its_facts_its_findings_and_whose_it_is(full: Store, open_page: Open) -> None:
    screen = open_page("suppliers", source=IB, article="groenten|g2")
    assert "#### Citroenmarmelade" in screen.words
    assert "Discontinued" in screen.words
    assert "Citroenmarmelade is discontinued (92E)." in screen.words
    assert any(link.startswith("**Citroenmarmelade** :gray[A107, by its EAN]") for link in screen.links)
    fields = screen.app.table[0].value.to_dict()
    assert any("Vervallen (92E)" in str(one) for one in fields.values()) or "Vervallen" in str(fields)


def test_articles_are_found_by_code_ean_and_our_number(full: Store, open_page: Open) -> None:
    for text in ("5400000009973", "karnemelk", "Z2"):
        rows = open_page("suppliers", source=IB, view="articles", text=text).rows()
        assert [row["name"] for row in rows] == ["Karnemelk"], text
    rows = open_page("suppliers", source=IB, view="articles", text="a106").rows()
    assert [(row["name"], row["ours"]) for row in rows] == [("Sinaasmarmelade", "A106")]
    empty = open_page("suppliers", source=IB, view="articles", text="nobody")
    assert "No article matches these filters." in empty.words


def test_an_article_that_is_gone_says_so(full: Store, open_page: Open) -> None:
    assert (
        "The newest catalogue does not have it"
        in open_page("suppliers", source=IB, article="groenten|weg").words
    )
    assert (
        "The supplier has not approved it yet."
        in open_page("suppliers", source=IB, article="zuivel|z9").words
    )


def test_what_waits_is_listed_before_and_after(full: Store, open_page: Open) -> None:
    screen = open_page("suppliers", source=IB, view="waiting", change="groenten|g1")
    assert [(row["name"], row["kind"], row["fields"]) for row in screen.rows()] == [
        ("Sinaasmarmelade", "Changed", "Name, Gross price"),
        ("Kefir", "New", ""),
    ]
    assert "Last approval 9 days ago. The longest waits since 6 days ago." in screen.words
    shown = str(screen.app.table[0].value.to_dict())
    assert "Sinaasmarmelade" in shown
    assert "Sinaasappelmarmelade" in shown
    new = open_page("suppliers", source=IB, view="waiting", kind="new", change="zuivel|z9")
    assert [row["name"] for row in new.rows()] == ["Kefir"]
    assert "A new article: there is no approved form of it" in new.words


def test_nothing_waiting_is_said(four: Store, open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "waiting", lambda: beside.frame("catalogue_waiting", []))
    beside.health_check(four)
    assert "Nothing waits for approval" in open_page("suppliers", source=IB, view="waiting").words


def test_the_menu_has_the_page_only_with_a_supplier(full: Store, open_page: Open) -> None:
    from dashboard.parts.navigation import _without_source
    from dashboard.parts.place import Place

    screen = open_page()
    place: Place = screen.app.session_state["place"]
    assert _without_source(place) == set()
    only_shop = place.settings.model_copy(update={"sources": place.settings.shops})
    assert _without_source(Place(**{**place.__dict__, "settings": only_shop})) == {"suppliers", "debtors"}


def test_on_the_overview_suppliers_stand_outside_the_score(full: Store, open_page: Open) -> None:
    screen = open_page()
    titles = [metric.label for metric in screen.app.metric]
    assert titles[-2:] == ["Suppliers", "ERP debtors"]
    assert "Beside the shop, not in its score" in screen.words
    assert any(link.endswith(":gray[ib]") for link in screen.links), "whose finding it is"


def test_findings_name_articles_by_their_code(full: Store, open_page: Open) -> None:
    rows = open_page("findings", source=IB).rows()
    assert {row["key"] for row in rows} == {"G1", "G2", "G3", "Z1"}
    assert {row["name"] for row in rows} >= {"Rabarber", "Boter"}
    one = full.findings(check=["article-missing-image"])["id"][0]
    panel = open_page("findings", finding=one)
    assert "The supplier article" in panel.words
    assert "**All about this supplier article**" in panel.links


def test_what_is_gone_at_a_supplier_stands_on_prices_and_texts(full: Store, open_page: Open) -> None:
    screen = open_page("prices", check="sold-but-discontinued").tick(
        0, grid="prices-grid-sold-but-discontinued"
    )
    assert "**1** can no longer be bought from a supplier" in screen.words
    assert [(row["article_number"], row["fault"]) for row in screen.rows()] == [
        ("A107", "Active, but discontinued at ib.")
    ]
    assert "There is no repair from here" in screen.words
    assert any(link.startswith("**Citroenmarmelade** :gray[ib G2, discontinued") for link in screen.links)
    below = open_page("prices", check="price-below-cost")
    assert [(row["article_number"], row["sales_price"]) for row in below.rows()] == [("A106", 4.95)]


def test_without_a_supplier_prices_do_not_ask_about_one(
    config: Path, check_shop: Callable[..., str], open_page: Open
) -> None:
    check_shop()
    options = next(one for one in open_page("prices").app.segmented_control if one.label == "Check").options
    assert not any("supplier" in one for one in options)


def test_a_viewer_reads_it_all(full: Store, config: Path, open_page: Open) -> None:
    account = open_page("suppliers", source=IB).app.session_state["place"].person.name
    config.write_text(
        config.read_text(encoding="utf-8")
        + f'\n[team]\nsign_in = false\n[team.accounts]\n"{account}" = "viewer"\n',
        encoding="utf-8",
    )
    assert "**5 articles**" in open_page("suppliers", source=IB).words


def test_rows_hold_what_a_search_looks_through() -> None:
    matches = pl.DataFrame(
        [("webshop", "A107", "groenten|g2", "gtin", "Citroen", True)], MATCHES, orient="row"
    )
    rows = article_rows(beside.ib_articles(), matches, None)
    assert chosen(rows, show="gone")["id"].to_list() == ["groenten|g2"]
    assert chosen(rows, show="ours").height == 1
    assert chosen(rows, standings=["phasing_out"], company="groenten")["name"].to_list() == ["Rabarber"]
    unknown = article_rows(beside.ib_articles(), None, None)
    assert by_company(unknown)["ours"].to_list() == [None, None], "not known is not none"


def test_the_files_have_one_line_a_changed_field_and_run_no_formula() -> None:
    told = listing(waiting_rows(beside.waiting()))
    assert told.select("Name", "Field", "After").rows() == [
        ("Sinaasmarmelade", "Name", "Sinaasappelmarmelade"),
        ("Sinaasmarmelade", "Gross price", "=2.75"),
        ("Kefir", None, None),
    ]
    assert b"'=2.75" in export.listing_as_csv(told)
    book = zipfile.ZipFile(BytesIO(export.listing_as_xlsx(told, "Waiting for approval")))
    assert b">=2.75<" in book.read("xl/sharedStrings.xml"), "text, as it came"
    assert b"<f>" not in book.read("xl/worksheets/sheet1.xml"), "no formula"


def test_prices_and_units_are_told_in_words() -> None:
    price = {
        "kind": "gross",
        "label": None,
        "amount": 1204.5,
        "quantity": 100.0,
        "unit": "Stuk",
        "valid_from": date(2026, 1, 1),
        "valid_until": None,
        "minimum": 12.0,
        "own": True,
        "active": True,
    }
    assert suppliers_facts.price_words(price) == {
        "Price": "gross",
        "Euro": "€ 1,204.50 per 100 Stuk",
        "From": "12",
        "Holds": "from 01 Jan 2026",
        "Yours alone": "yes",
        "Active": "yes",
    }
    assert suppliers_facts.euro(0.1234) == "€ 0.1234"
