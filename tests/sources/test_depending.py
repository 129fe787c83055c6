"""Which rows show what belongs to another product that changed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest

from checks.frames import FRAMES
from checks.sources.oresto.depending import showing_others, users_of_central

LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)
LAST_RUN = datetime(2026, 11, 20, tzinfo=UTC)


def rows(frame: str, *given: dict[str, Any]) -> pl.DataFrame:
    empty = FRAMES[frame].empty()
    return pl.concat([empty, *(pl.DataFrame([one]) for one in given)], how="diagonal_relaxed").cast(
        dict(empty.schema)  # type: ignore[arg-type]
    )


def product(
    number: str, ean: str | None, units: list[str] | None = None, cartons: list[str] | None = None
) -> dict[str, Any]:
    return {
        "article_number": number,
        "ean": ean,
        "unit_eans": units or [],
        "package_eans": cartons or [],
        "modified": LONG_AGO,
    }


def showing(before: list[dict[str, Any]], after: list[dict[str, Any]], **others: set[str]) -> set[str]:
    frames = [rows("products", *before)], [rows("products", *after)]
    return showing_others(*frames, others, LAST_RUN)


UNIT, CARTON = product("U", "111", cartons=["999"]), product("C", "999", units=["111"])


class TestCodesOfOthers:
    def test_nothing_changed(self) -> None:
        assert showing([UNIT, CARTON], [UNIT, CARTON]) == set()

    def test_the_carton_of_a_unit_with_another_code(self) -> None:
        assert showing([UNIT, CARTON], [UNIT | {"ean": "112"}, CARTON], U={"C"}) == {"C"}

    def test_the_carton_of_a_unit_that_was_deleted(self) -> None:
        assert showing([UNIT, CARTON], [CARTON]) == {"C"}

    def test_the_unit_of_a_carton_that_is_new_though_the_unit_has_no_code(self) -> None:
        bare = product("U", None)
        carton = product("C", "999")
        assert showing([bare], [bare, carton], C={"U"}) == {"U"}

    def test_not_the_unit_that_came_with_its_new_carton(self) -> None:
        assert showing([], [UNIT, CARTON], C={"U"}, U={"C"}) == set()

    def test_the_unit_that_was_taken_out_of_a_carton(self) -> None:
        assert showing([UNIT, CARTON], [UNIT, CARTON | {"unit_eans": []}], C=set()) == {"U"}

    def test_a_price_is_nothing_that_others_show(self) -> None:
        assert showing([UNIT, CARTON], [UNIT | {"sales_price": 2.0}, CARTON], U={"C"}) == set()

    def test_what_was_written_while_the_last_run_read_is_looked_at_again(self) -> None:
        late = UNIT | {"modified": LAST_RUN}
        old_carton = CARTON | {"unit_eans": ["110"]}
        assert showing([late, old_carton], [late, old_carton], U={"C"}) == {"C"}


FACTS = {"name": "Melk", "vat_percentage": 6, "category_ids": [1], "suppliers": [], "texts": []}


def central(number: int, ean: str | None, used_by: list[str], **facts: Any) -> dict[str, Any]:
    return {
        "product_id": number,
        "ean": ean,
        "article_numbers": used_by,
        "modified": LONG_AGO,
        **FACTS,
        **facts,
    }


def linked(number: str, ean: str | None, **facts: Any) -> dict[str, Any]:
    return {"article_number": number, "ean": ean, **FACTS, **facts}


def users(linked_row: dict[str, Any], before: list[dict[str, Any]], after: list[dict[str, Any]]) -> set[str]:
    none = FRAMES["deleted_central_products"].empty()
    frames = rows("central_products", *before), rows("central_products", *after)
    return users_of_central(rows("linked_products", linked_row), *frames, none, none)


class TestFactsOfCentral:
    def test_nothing_changed(self) -> None:
        assert users(linked("L", "1"), [central(1, "1", ["L"])], [central(1, "1", ["L"])]) == set()

    def test_by_the_article_number(self) -> None:
        assert users(linked("L", "1"), [central(1, "1", ["L"])], [central(1, "2", ["L"])]) == {"L"}

    def test_by_the_code_where_the_link_is_not_known_yet(self) -> None:
        assert users(linked("L", "1"), [central(1, "1", [])], [central(1, "1", [], name="Room")]) == {"L"}

    def test_by_the_suppliers_code_where_there_is_no_ean(self) -> None:
        code = {"suppliers": [{"supplier_id": 3, "article_code": "S1"}]}
        before, after = central(1, None, [], **code), central(1, None, [], name="Room", **code)
        assert users(linked("L", None, **code), [before], [after]) == {"L"}

    def test_not_one_that_shows_it_as_it_is_now(self) -> None:
        before, after = central(1, "1", ["L"]), central(1, "1", ["L"], name="Room")
        assert users(linked("L", "1", name="Room"), [before], [after]) == set()

    def test_a_twin_that_came_back_does_not_hide_that_the_other_one_changed(self) -> None:
        own, twin = central(1, "1", ["L"]), central(2, "1", [])
        assert users(linked("L", "1"), [own], [central(1, "2", ["L"]), twin]) == {"L"}

    def test_one_whose_central_product_was_deleted(self) -> None:
        assert users(linked("L", "1"), [central(1, "1", ["L"])], []) == {"L"}

    @pytest.mark.parametrize("moved", [{"ean": "2"}, {"modified": LAST_RUN}], ids=["code", "moment"])
    def test_one_whose_deleted_central_product_changed(self, moved: dict[str, Any]) -> None:
        gone = {"product_id": 1, "ean": "1", "name": "Melk", "modified": LONG_AGO, "suppliers": []}
        none = FRAMES["central_products"].empty()
        before = rows("deleted_central_products", gone)
        after = rows("deleted_central_products", gone | moved)
        assert users_of_central(rows("linked_products", linked("L", "1")), none, none, before, after) == {"L"}
