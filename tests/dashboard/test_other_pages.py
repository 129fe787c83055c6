"""Overview, Photos, References and Data: what each shows beyond its answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl

from checks.store import Store

Open = Callable[..., Any]


def test_overview_explains_the_score_and_links_every_count(full: Store, open_page: Open) -> None:
    screen = open_page()
    assert "starts at 100 and loses the share" in screen.words
    assert ":red[:material/error:] **3** Own product became central" in screen.links
    assert ":red[:material/error:] **13** errors" in screen.links
    assert screen.app.table[0].value["Check"].tolist()[0] == "Unprocessed order", "the costliest first"


def test_overview_shows_only_news_as_new(full: Store, open_page: Open) -> None:
    links = [link for link in open_page().links if "Unprocessed order" in link]
    assert [link for link in links if "**1**" in link], "one of them is new"
    assert [link for link in links if "**2**" in link], "two of them are open"


def test_overview_does_not_call_new_what_nobody_could_judge(partial: Store, open_page: Open) -> None:
    screen = open_page()
    assert [link for link in screen.links if "Missing photo" in link] == [
        ":orange[:material/warning:] **2** Missing photo"
    ]
    assert "Could not run" in [element.value for element in screen.app.subheader]
    assert "Product photos could not be collected" in screen.words


def test_overview_tells_what_was_fixed_and_by_whom(full: Store, open_page: Open) -> None:
    ident = full.findings(check="own-became-central", key="A100")["id"][0]
    full.set_finding(ident, "fixed", "fixed", "Linked.", "an@shop.be")
    (link,) = [link for link in open_page().links if "by an@shop.be" in link]
    assert "**1** Own product became central" in link


def test_photos_as_cards_and_as_a_table(full: Store, open_page: Open) -> None:
    cards = open_page("photos")
    assert cards.words.index("**Vijgenconfituur**") < cards.words.index("**Pruimenconfituur**"), (
        "dearest first"
    )
    table = open_page("photos", view="table", sort="name")
    assert [row["name"] for row in table.rows()] == ["Pruimenconfituur", "Vijgenconfituur"]
    assert open_page("photos", view="table", text="vijgen").rows()[0]["price"] == 9.5


def test_photos_are_paged(
    store: Store, check_shop: Callable[..., str], shop: Callable[..., Any], open_page: Open
) -> None:
    product = shop()["products"].filter(pl.col("article_number") == "A104")
    many = pl.concat([product] * 30).with_columns(article_number=pl.Series([f"C{n}" for n in range(30)]))
    check_shop(products=many)
    first, second = open_page("photos"), open_page("photos", page="2")
    assert len([link for link in first.links if link.startswith("C")]) == 24
    assert len([link for link in second.links if link.startswith("C")]) == 6


def test_references_open_a_group_to_its_products(full: Store, open_page: Open) -> None:
    screen = open_page("references")
    assert [(row["entry"], row["products"]) for row in screen.rows()] == [
        ("Brand 77777 (Weg)", 2),
        ("Category 1 (Beleg)", 1),
        ("No storage condition", 1),
    ]
    assert [row["key"] for row in screen.rows(1)] == ["A106", "A107"]
    assert [row["key"] for row in screen.tick(2, grid="groups").rows(1)] == ["A108"]
    assert [row["key"] for row in open_page("references", text="A109").rows(1)] == ["A109"]


def test_a_link_to_a_group_opens_it(full: Store, open_page: Open) -> None:
    screen = open_page("references", group="category-not-leaf~webshop~~1")
    assert "#### Category 1 (Beleg), 1 product" in screen.words


def test_data_tells_rows_and_drift_in_words(full: Store, open_page: Open) -> None:
    rows = {row["title"]: row for row in open_page("data").rows()}
    assert rows["Own products"]["rows"] == 16
    assert rows["Brands"]["note"] == "Colour: new field"
    assert list(rows["Brands"]["status"]) == ["✓ Collected"]


def test_data_tells_missing_frames_with_the_reason(partial: Store, open_page: Open) -> None:
    rows = {row["title"]: row for row in open_page("data").rows()}
    assert list(rows["Product photos"]["status"]) == ["✕ Missing"]
    assert rows["Product photos"]["note"] == "webshop: GET did not answer in 30 s."


def test_a_frame_can_be_looked_into(full: Store, open_page: Open) -> None:
    screen = open_page("data", frame="webshop/products", text="chocopasta")
    (row,) = screen.rows(1)
    assert (row["article_number"], row["category_ids"]) == ("A109", "1")
    assert screen.app.download_button(key="data-download").label == "Download 1 row"


def test_a_link_to_a_frame_names_its_source_beside_it(full: Store, open_page: Open) -> None:
    screen = open_page("data", source="webshop", frame="brands")
    assert [row["name"] for row in screen.rows(1)] == ["Devos"]
