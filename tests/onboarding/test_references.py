"""Own names of brands, categories and units: what is the same is found, what is only alike is for a person to say."""

from __future__ import annotations

import random
import time
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from checks.errors import Stopped, UsageError
from checks.folding import folded
from checks.frames import FRAMES
from checks.onboarding.references.alike import nearest
from checks.onboarding.references.mapping import References, fingerprint, map_references
from checks.onboarding.shapes import ARTICLES, REFERENCES
from checks.progress import Progress
from checks.suggest.naming import alike

TABLES = {
    "brands": ["Coca-Cola", "Ola", "Fürst & Söhne N.V.", "Weg", "WEG NV", "7up", "Oude Hoeven"],
    "producers": ["Claes Gebroeders BV", "Hoeve De Zon"],
    "suppliers": ["Frigo Est"],
}


def named(dutch: str, french: str) -> dict[str, Any]:
    return {
        "name": dutch,
        "names": [{"language": "nld", "name": dutch}, {"language": "fra", "name": french}],
    }


UNITS = {"ST": ("stuk", "pièce"), "KG": ("kilogram", "kilogramme"), "L": ("liter", "litre")}
CATEGORIES = {
    1: (None, "Voeding", "Alimentation"),
    2: (1, "Desserten", "Desserts"),
    3: (2, "IJs", "Glaces"),
    4: (2, "Taart", "Tartes"),
    5: (None, "Non-food", "Non-food"),
    6: (5, "Overige", "Autres"),
    7: (2, "Overige", "Autres"),
}


def tables(**changed: list[dict[str, Any]]) -> dict[str, pl.DataFrame]:
    """The eight lookup tables; ids count from 1."""
    units = [{"abbreviation": key, **named(*names)} for key, names in UNITS.items()]
    rows: dict[str, list[dict[str, Any]]] = {
        **{
            table: [{"id": at, "name": name, "names": []} for at, name in enumerate(names, start=1)]
            for table, names in TABLES.items()
        },
        "categories": [
            {"id": ident, "parent_id": parent, **named(*names)}
            for ident, (parent, *names) in CATEGORIES.items()
        ],
        "storage_conditions": [
            {"id": 1, **named("Droog", "Sec")},
            {"id": 2, **named("Koel", "Frais")},
            {"id": 3, **named("Diepvries", "Surgelé")},
        ],
        "content_types": units,
        "unit_sales_prices": [*units, {"abbreviation": "DS", **named("doos", "carton")}],
        "multiplier_types": units,
        **changed,
    }
    return {name: pl.DataFrame(given, schema=FRAMES[name].schema) for name, given in rows.items()}


def articles(*rows: dict[str, Any]) -> pl.DataFrame:
    """Articles that name one of everything, but for what is given."""
    usual = {
        "brand": "Ola",
        "category": "IJs",
        "storage_condition": "Droog",
        "content_type": "KG",
        "unit_sales_price": "ST",
    }
    full = [
        {"row": at, "article_number": f"A{at}", "name": f"Article {at}", **usual, **row}
        for at, row in enumerate(rows, 1)
    ]
    return pl.DataFrame(full, schema=ARTICLES)


def mapped(field: str, *written: str | None, **changed: list[dict[str, Any]]) -> References:
    return map_references(articles(*({field: one} for one in written)), tables(**changed))


def row(references: References, field: str, written: str | None) -> dict[str, Any]:
    return dict(references.row(field, written))


# The same


@pytest.mark.parametrize(
    ("field", "written", "chosen"),
    [
        ("brand", "COCA COLA", "1"),
        ("brand", "coca-cola n.v.", "1"),
        ("brand", "CocaCola", "1"),
        ("brand", "7-Up", "6"),
        ("brand", "Furst et Sohne", "3"),
        ("producer", "CLAES GEBROEDERS", "1"),
        ("supplier", "Frigo Est SA", "1"),
        ("category", "Voeding > Desserten > IJs", "3"),
        ("category", "VOEDING/DESSERTEN/IJS", "3"),
        ("category", "Alimentation | Desserts | Glaces", "3"),
        ("category", "Desserts / Glaces", "3"),
        ("category", "ijs", "3"),
        ("category", "glaces", "3"),
        ("category", "Non-food - Overige", "6"),
        ("content_type", "kg", "KG"),
        ("content_type", "Kilo", "KG"),
        ("content_type", "ltr.", "L"),
        ("content_type", "litre", "L"),
        ("unit_sales_price", "stk", "ST"),
        ("unit_sales_price", "PCE", "ST"),
        ("unit_sales_price", "prijs per stuk", "ST"),
        ("unit_sales_price", "€/kg", "KG"),
        ("unit_sales_price", "Ctn", "DS"),
        ("multiplier_type", "pièces", "ST"),
        ("storage_condition", "SURGELE", "3"),
        ("storage_condition", "gekoeld", "2"),
        ("storage_condition", "Frozen", "3"),
    ],
)
def test_a_name_that_is_the_same_is_exact(field: str, written: str, chosen: str) -> None:
    found = row(mapped(field, written), field, written)
    assert (found["status"], found["chosen"]) == ("exact", chosen)
    assert found["choices"][0]["value"] == chosen
    assert found["chosen_name"] == found["choices"][0]["label"]


@pytest.mark.parametrize(
    ("field", "written", "choices"),
    [
        ("brand", "Weg", ["4", "5"]),  # two entries with one name but for the legal form
        ("category", "Overige", ["6", "7"]),
        ("brand", "Coca Cola Belgium", ["1"]),
        ("brand", "Oude Hoeve", ["7"]),
        ("producer", "Gebroeders Claes", ["1"]),
        ("category", "Desserten", ["3", "4", "7"]),  # no end node: those below it
        ("category", "Zuivel > Taarten", ["4"]),
        ("category", "Desse. > IJs en sorb.", ["3"]),
        ("brand", "Oud.", ["7"]),
        ("supplier", "Fri. E.", ["1"]),
        ("storage_condition", "diepvr.", ["3"]),
        ("storage_condition", "D", ["3", "1"]),
    ],
)
def test_what_is_alike_or_means_two_things_is_only_suggested(
    field: str, written: str, choices: list[str]
) -> None:
    found = row(mapped(field, written), field, written)
    assert (found["status"], found["chosen"], found["chosen_name"]) == ("suggested", None, None)
    assert [one["value"] for one in found["choices"]][: len(choices)] == choices


def test_a_name_that_nothing_is_like_is_unknown() -> None:
    found = row(mapped("brand", "Xyzzy"), "brand", "Xyzzy")
    assert (found["status"], found["chosen"], found["choices"]) == ("unknown", None, [])


def test_a_synonym_is_not_exact_where_the_table_has_two_such_units() -> None:
    two = [
        {"abbreviation": key, "name": name, "names": []} for key, name in (("DS", "doos"), ("CT", "carton"))
    ]
    assert (
        row(mapped("unit_sales_price", "karton", unit_sales_prices=two), "unit_sales_price", "karton")[
            "status"
        ]
        != "exact"
    )
    assert (
        row(mapped("unit_sales_price", "ct", unit_sales_prices=two), "unit_sales_price", "ct")["chosen"]
        == "CT"
    )


def test_only_categories_without_subcategories_can_be_chosen() -> None:
    references = mapped("category", "Desserten")
    assert set(references.entries["category"]["value"]) == {"3", "4", "6", "7"}
    with pytest.raises(UsageError, match="Categories: there is no entry '2'"):
        references.choose("category", "Desserten", 2)


def test_at_most_five_are_suggested_the_best_first_with_their_score() -> None:
    many = [
        {"id": at, "name": f"Maison Dupon{letter}", "names": []} for at, letter in enumerate("abcdefg", 1)
    ]
    choices = row(mapped("brand", "Maison Dupont", brands=many), "brand", "Maison Dupont")["choices"]
    assert len(choices) == 5
    assert all(0.9 < one["score"] < 1 for one in choices)
    scores = [one["score"] for one in choices]
    assert scores == sorted(scores, reverse=True)


# What is asked


def test_each_name_stands_once_with_its_articles_and_blanks_only_where_own_products_need_one() -> None:
    file = articles(
        {"brand": "Ola"},
        {"brand": " Ola "},
        {"brand": "OLA"},
        {"brand": None},
        {"brand": "  "},
        {"producer": "X"},
    )
    table = map_references(file, tables()).table
    assert table.schema == REFERENCES
    brands = table.filter(pl.col("field") == "brand").select("written", "articles", "status")
    assert brands.rows() == [("Ola", 3, "exact"), (None, 2, "unknown"), ("OLA", 1, "exact")]
    assert table.filter(pl.col("field") == "producer")["written"].to_list() == ["X"]


def test_articles_that_are_to_be_links_are_asked_for_their_unit_sales_price_only() -> None:
    file = articles({"brand": "Xyzzy", "unit_sales_price": "bundel"}, {"brand": "Ola"})
    table = map_references(file, tables(), linked=["A1"]).table
    assert table.filter(pl.col("field") == "brand")["written"].to_list() == ["Ola"]
    units = table.filter(pl.col("field") == "unit_sales_price")["written"].to_list()
    assert sorted(units) == ["ST", "bundel"]


def test_what_is_open_comes_with_the_most_articles_first() -> None:
    file = articles(*({"brand": "Xyzzy"} for _ in range(3)), *({"category": "Vis"} for _ in range(5)))
    assert map_references(file, tables()).open.select("field", "written", "articles").rows() == [
        ("category", "Vis", 5),
        ("brand", "Xyzzy", 3),
    ]


def test_the_summary_counts_names_and_the_articles_they_cover() -> None:
    file = articles({"brand": "Ola"}, {"brand": "Ola"}, {"brand": "Oude Hoeve"}, {"brand": "Xyzzy"})
    references = map_references(file, tables()).choose("brand", "Xyzzy", 1)
    summary = references.summary()
    assert summary.columns == [
        "field", "names", "exact", "confirmed", "suggested", "unknown", "articles", "covered"
    ]  # fmt: skip
    assert summary.row(by_predicate=pl.col("field") == "brand") == ("brand", 3, 1, 1, 1, 0, 4, 3)


def test_a_table_that_is_missing_is_said_before_anything_is_mapped() -> None:
    given = tables()
    del given["brands"]
    with pytest.raises(UsageError, match="The table Brands is missing, and 1 articles need it"):
        map_references(articles({}), given)
    del (given := tables())["producers"]  # no article names a producer
    assert "producer" not in map_references(articles({}), given).entries


def test_an_empty_table_leaves_every_name_unknown() -> None:
    assert row(mapped("producer", "Claes", producers=[]), "producer", "Claes")["status"] == "unknown"


def test_a_file_without_articles_has_no_names() -> None:
    references = map_references(articles(), tables())
    assert references.table.schema == REFERENCES
    assert references.table.is_empty()
    assert references.ids(articles()).is_empty()


# Choices of a person


def test_a_choice_is_confirmed_and_the_old_references_stay_as_they_were() -> None:
    before = mapped("brand", "Xyzzy")
    after = before.choose("brand", "Xyzzy", 2)
    assert row(after, "brand", "Xyzzy") | {"choices": []} == {
        "field": "brand",
        "written": "Xyzzy",
        "articles": 1,
        "status": "confirmed",
        "chosen": "2",
        "chosen_name": "Ola",
        "choices": [],
    }
    assert row(before, "brand", "Xyzzy")["status"] == "unknown"


@pytest.mark.parametrize("value", ["2", 2, "ola", "Ola [2]", "[2]", " OLA "])
def test_an_entry_is_meant_by_its_id_its_name_or_both(value: str | int) -> None:
    assert row(mapped("brand", "Xyzzy").choose("brand", "Xyzzy", value), "brand", "Xyzzy")["chosen"] == "2"


def test_what_is_chosen_for_no_name_counts_for_all_articles_that_give_none() -> None:
    references = mapped("brand", None, None, "Ola").choose("brand", None, "Coca-Cola")
    file = articles({"brand": None}, {"brand": "Ola"}, {"brand": ""})
    assert references.ids(file)["brand"].to_list() == [1, 2, 1]


def test_a_choice_can_be_taken_back_also_one_that_was_exact() -> None:
    references = mapped("brand", "Xyzzy", "Ola").choose("brand", "Xyzzy", 1)
    references = references.choose("brand", "Xyzzy", None).choose("brand", "Ola", None)
    statuses = dict(
        references.table.filter(pl.col("field") == "brand").select("written", "status").iter_rows()
    )
    assert statuses == {"Xyzzy": "unknown", "Ola": "suggested"}
    assert references.ids(articles({"brand": "Ola"}))["brand"].to_list() == [None]


def test_a_field_that_products_may_lack_can_stay_empty_and_is_decided_then() -> None:
    references = mapped("producer", "Xyzzy").choose("producer", "Xyzzy", "geen")
    assert row(references, "producer", "Xyzzy")["status"] == "confirmed"
    assert references.open.is_empty()
    assert references.ids(articles({"producer": "Xyzzy"}))["producer"].to_list() == [None]
    with pytest.raises(UsageError, match="Brands: own products need one"):
        mapped("brand", "Xyzzy").choose("brand", "Xyzzy", "none")


@pytest.mark.parametrize(
    ("field", "written", "value", "message"),
    [
        ("brand", "Xyzzy", 99, "Brands: there is no entry '99'"),
        ("brand", "Xyzzy", "Coca Colla", r"there is no entry 'Coca Colla'\. The nearest: Coca-Cola \[1\]"),
        ("brand", "Xyzzy", "Weg", r"2 entries are called 'Weg': Weg \[4\]; WEG NV \[5\]\. Give the id"),
        ("brand", "Xyzzy", "Ola [1]", r"The entry 1 is called Coca-Cola \[1\]"),
        ("brand", "Xyzy", 1, "no article that needs one has the name 'Xyzy'. The nearest: Xyzzy"),
        ("brand", None, 1, "brand: every article names one"),
        ("colour", "red", 1, "There is no reference 'colour'. There are brand, category"),
    ],
)
def test_a_choice_that_cannot_be_is_refused_with_what_is_near(
    field: str, written: str | None, value: str | int, message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        mapped("brand", "Xyzzy").choose(field, written, value)


def test_ids_are_numbers_units_are_abbreviations_and_what_is_open_is_null() -> None:
    file = articles({"supplier": "frigo est", "multiplier_type": "kilo"}, {"brand": "Xyzzy"}, {})
    ids = map_references(file, tables()).ids(file)
    assert ids.schema == {
        "article_number": pl.String,
        "brand": pl.Int64,
        "category": pl.Int64,
        "storage_condition": pl.Int64,
        "producer": pl.Int64,
        "supplier": pl.Int64,
        "content_type": pl.String,
        "unit_sales_price": pl.String,
        "multiplier_type": pl.String,
    }
    assert ids.rows() == [
        ("A1", 2, 3, 1, None, 1, "KG", "ST", "KG"),
        ("A2", None, 3, 1, None, None, "KG", "ST", None),
        ("A3", 2, 3, 1, None, None, "KG", "ST", None),
    ]


def test_earlier_decisions_hold_for_the_next_file_as_far_as_the_entries_are_there() -> None:
    known = mapped("brand", "Xyzzy", "Plugh").choose("brand", "Xyzzy", 2).choose("brand", "Plugh", 7)
    fewer = tables()
    fewer["brands"] = fewer["brands"].filter(pl.col("id") != 7)
    file = articles({"brand": "Xyzzy"}, {"brand": "Plugh"}, {"brand": "Ola"})
    now = map_references(file, fewer, known=known)
    statuses = dict(now.table.filter(pl.col("field") == "brand").select("written", "status").iter_rows())
    assert statuses == {"Xyzzy": "confirmed", "Plugh": "unknown", "Ola": "exact"}


def test_the_fingerprint_is_that_of_what_the_file_says_not_of_its_order() -> None:
    file = articles({"brand": "Ola"}, {"brand": "Xyzzy"})
    assert fingerprint(file) == fingerprint(file.reverse())
    assert fingerprint(file) != fingerprint(articles({"brand": "Ola"}, {"brand": "Xyzzyx"}))


@settings(max_examples=20)
@given(st.lists(st.text(max_size=12), max_size=6), st.lists(st.text(min_size=1, max_size=12), max_size=5))
@example(["[1]", "%", "0", "."], ["%", "[1]"])
def test_any_names_are_mapped_and_nothing_is_chosen_that_the_table_has_not(
    written: list[str], entries: list[str]
) -> None:
    brands = [{"id": at, "name": name, "names": []} for at, name in enumerate(entries, 1)]
    references = mapped("brand", *written, brands=brands)
    table = references.table.filter(pl.col("field") == "brand")
    assert table["articles"].sum() == len(written)
    assert set(table["chosen"].drop_nulls()) <= {str(one["id"]) for one in brands}
    assert set(references.understood("brand", written)) == set(written)


# Thousands


def test_few_names_are_found_as_the_slow_measure_finds_them() -> None:
    rng = random.Random(5)
    words = ["".join(rng.choices("abcdeilnorst", k=rng.randint(3, 8))) for _ in range(60)]
    entries = list(dict.fromkeys(" ".join(rng.sample(words, rng.randint(1, 3))) for _ in range(300)))
    names = [one[:-1] if at % 2 else " ".join(reversed(one.split())) for at, one in enumerate(entries[:80])]
    slow = alike(names, entries).rename({"percent": "score"}).with_columns(pl.col("score") / 100)
    forms = pl.DataFrame(
        {"entry": range(len(entries)), "form": entries}, schema={"entry": pl.UInt32, "form": pl.String}
    )
    fast = nearest(pl.Series(names), forms, most=len(entries))
    both = slow.join(fast, on=["name", "entry"], suffix="_fast")
    cut_short = fast.join(slow, on=["name", "entry"], how="anti")  # what only the fast one knows
    assert all(entries[entry].startswith(names[name][:3]) for name, entry, _ in cut_short.iter_rows())
    assert cut_short["score"].max() < 0.86
    assert (
        both.height >= 0.97 * slow.height
    )  # words that are common and letters that differ: below the first looks
    assert both.filter(pl.col("score_fast") < pl.col("score") - 0.001).is_empty()


def test_looking_for_names_that_are_alike_can_be_stopped() -> None:
    progress = Progress()
    progress.stop()
    with pytest.raises(Stopped):
        map_references(articles({"brand": "Xyzzy"}), tables(), progress=progress)


def test_thousands_of_real_brands_take_seconds_and_the_true_one_is_among_five(shared_data: Path) -> None:
    names = pl.read_parquet(shared_data / "brands.parquet")["name"].drop_nulls().to_list()
    brands = [{"id": at, "name": name, "names": []} for at, name in enumerate(names)]
    rng = random.Random(7)
    asked = [at for at in rng.sample(range(len(names)), 3000) if len(names[at]) > 4]
    written = {at: _misspelt(names[at], rng) for at in asked}
    truth = {text: str(at) for at, text in written.items()}
    began = time.perf_counter()
    references = mapped("brand", *written.values(), brands=brands)
    assert time.perf_counter() - began < 30
    table = references.table.filter(pl.col("field") == "brand", pl.col("written").is_in(list(truth)))
    same = dict(zip(names, pl.DataFrame({"t": names}).select(folded(pl.col("t"))).to_series(), strict=True))
    exact = hits = first = suggested = 0
    for one in table.iter_rows(named=True):
        true = truth[one["written"]]
        if one["status"] == "exact":
            exact += 1
            # a misspelling may be another brand's very name: then that is what the file says
            assert one["chosen"] == true or same[names[int(one["chosen"])]].replace(" ", "") == _bare(
                one["written"]
            )
        else:
            suggested += 1
            values = [choice["value"] for choice in one["choices"]]
            first += values[:1] == [true]
            hits += true in values
    assert exact > 900
    assert first / suggested > 0.85
    assert hits / suggested > 0.95


def _misspelt(name: str, rng: random.Random) -> str:
    at = rng.randrange(1, len(name) - 1)
    return rng.choice(
        [
            name.upper(),
            f"{name} NV",
            name[:at] + name[at + 1 :],
            name[:at] + rng.choice("aeiost") + name[at:],
            name[: at - 1] + name[at] + name[at - 1] + name[at + 1 :],
            f"{name} Belgium",
        ]
    )


def _bare(text: str) -> str:
    bare: str = pl.select(folded(pl.lit(text)).str.replace_all(" ", "")).item()
    return bare
