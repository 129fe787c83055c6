"""What a fix asks of a person before it plans: the likeliest first with the reason, what is missing, one row a product."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from checks.fixes import Choice, Input
from checks.store import Store
from dashboard.parts import fix_form, fix_table


def script() -> None:
    """A page with nothing but the button and the flow; what it is about stands in the session."""
    import streamlit as st

    from dashboard.parts import fix_flow
    from dashboard.parts.place import here

    place, about = here(), st.session_state["about"]
    fix_flow.flow(place)
    fix_flow.action(place, about["check"], "webshop", about["keys"], key="go", all=about.get("all", False))


def asking(check: str, *keys: str, all: bool = False) -> AppTest:
    """The form, open."""
    app = AppTest.from_function(script, default_timeout=30)
    app.session_state["about"] = {"check": check, "keys": list(keys), "all": all}
    return pressed(ran(app), "go")


def ran(app: AppTest) -> AppTest:
    app.run()
    assert not app.exception, app.exception[0].message
    return app


def pressed(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click()
    return ran(app)


def words(app: AppTest) -> str:
    return "\n".join(str(one.value) for kind in ("caption", "markdown") for one in getattr(app, kind))


def test_a_fix_that_needs_nothing_is_planned_at_once(full: Store, asked: list[Any]) -> None:
    app = asking("own-became-central", "A100", "A101")
    assert [(one.keys, one.options, one.each) for one in asked] == [(["A100", "A101"], {}, {})]
    assert not [button for button in app.button if button.key == "form-go"]


def test_of_all_on_the_page_only_what_is_safe_is_taken(full: Store, asked: list[Any]) -> None:
    asking("own-became-central", "A100", "A101", all=True)
    asking("own-became-central", "A100", "A101")
    assert [(one.keys, one.safe_only) for one in asked] == [
        (["A100", "A101"], True),
        (["A100", "A101"], False),
    ]


def test_one_choice_serves_all_products_that_lack_the_same(full: Store, asked: list[Any]) -> None:
    app = asking("invalid-reference", "A106", "A107")
    (brand,) = app.selectbox
    assert brand.label == "Brand"
    assert "Devos" in brand.options[0]
    assert "For Sinaasmarmelade, Citroenmarmelade." in words(app)
    if brand.value is None:
        brand.select_index(0)
        ran(app)
    pressed(app, "form-go")
    assert [(one.keys, one.options) for one in asked] == [(["A106", "A107"], {"brand": "1"})]


def test_each_row_has_its_own_field_and_says_what_is_wrong(full: Store, asked: list[Any]) -> None:
    app = asking("duplicate-ean", "A112", "A113")
    assert [box.label for box in app.selectbox] == ["EAN", "EAN"]
    assert "5400000000119" in words(app)
    assert app.button(key="form-go").disabled
    assert "Still missing: EAN of A112, A113." in words(app)


def test_rows_without_what_they_need_are_left_out(full: Store, asked: list[Any]) -> None:
    app = asking("duplicate-ean", "A112", "A113")
    app.selectbox[1].select("none")
    ran(app)
    assert app.button(key="form-go").label == "Plan 1 product"
    assert "Still missing: EAN of A112. 1 row is left out." in words(app)
    pressed(app, "form-go")
    assert [(one.keys, one.each) for one in asked] == [(["A113"], {"A113": {"ean": "none"}})]


def test_cancel_plans_nothing(full: Store, asked: list[Any]) -> None:
    app = pressed(asking("duplicate-ean", "A112", "A113"), "form-cancel")
    assert asked == []
    assert not app.selectbox


def test_many_rows_become_a_table(
    store: Store, check_shop: Callable[..., str], shop: Callable[..., Any], asked: list[Any]
) -> None:
    product = shop()["products"].filter(pl.col("article_number") == "A115")
    keys = [f"C{n:02}" for n in range(40)]
    check_shop(
        products=pl.concat([product] * 40).with_columns(
            article_number=pl.Series(keys), sales_price=pl.lit(None, pl.Float64), ean=pl.lit(None, pl.String)
        )
    )
    app = asking("price-missing", *keys)
    (table,) = app.data_editor
    assert table.value["key"].tolist() == keys
    assert app.button(key="form-go").disabled
    app.session_state["form-price-missing-table"] = {
        "edited_rows": {3: {"price": 9.95}, 7: {"price": 12345.675}},
        "added_rows": [],
        "deleted_rows": [],
    }
    assert ran(app).button(key="form-go").label == "Plan 2 products"
    pressed(app, "form-go")
    assert asked[0].keys == ["C03", "C07"]
    assert asked[0].each == {"C03": {"price": "9.95"}, "C07": {"price": "12345.675"}}, "no digit is lost"


@pytest.mark.parametrize(
    ("required", "values", "missing"),
    [
        ((True, True), {"a": "1"}, ["B"]),
        ((True, False), {"a": "1"}, []),
        ((False, False), {"b": "1"}, []),
        ((False, False), {}, ["A or B"]),
    ],
)
def test_a_row_lacks_what_is_required_or_else_at_least_one(
    required: tuple[bool, bool], values: dict[str, str], missing: list[str]
) -> None:
    inputs = [Input(name, name.upper(), "text", need) for name, need in zip("ab", required, strict=True)]
    assert fix_form.lacking(inputs, values) == missing


def test_why_a_choice_is_likely_stands_beside_it() -> None:
    likely = Choice("12", "Lotus", "same name as the entry that is gone")
    assert fix_form.said(likely) == "Lotus - same name as the entry that is gone"
    assert fix_form.said(Choice("13", "Devos")) == "Devos"


def test_what_is_missing_is_named_and_counted() -> None:
    many = [f"A{n}" for n in range(9)]
    assert (
        fix_form.missing_words({"EAN": many}, 3)
        == "Still missing: EAN of A0, A1, A2, A3 and 5 more. 9 rows are left out."
    )
    assert fix_form.missing_words({"Brand": []}, 0) == "Still missing: Brand."
    assert fix_form.missing_words({}, 4) == ""


@pytest.mark.parametrize(("value", "text"), [(None, ""), (9.0, "9"), (1234567.25, "1234567.25"), ("  ", "")])
def test_values_as_a_fix_takes_them(value: Any, text: str) -> None:
    assert fix_table.as_text(value) == text
