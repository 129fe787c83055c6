"""What changed since the last snapshot: from when to ask, and when the answer is not believed."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from checks.frames import FRAMES, Drift
from checks.sources import changes
from checks.sources.changes import InDoubt
from checks.sources.moments import BELGIUM, moments
from checks.sources.oresto import wire
from checks.sources.oresto.drift import look_for_drift
from checks.sources.rows import Shape, known_names
from checks.sources.task import Known

NIGHT = datetime(2026, 11, 20, 5, tzinfo=UTC)


def products(**modified: datetime | None) -> pl.DataFrame:
    """Own products with nothing but a number and a moment: `products(A1=NIGHT)`."""
    rows = {"article_number": list(modified), "modified": list(modified.values())}
    return pl.DataFrame(rows, schema_overrides={"modified": pl.Datetime("us", "UTC")})


def known(data: pl.DataFrame, **more: object) -> Known:
    return Known(data, "before", read_at=NIGHT, **more)  # type: ignore[arg-type]


def hours(count: float) -> datetime:
    return NIGHT - timedelta(hours=count)


class TestWatermark:
    def test_it_is_the_newest_moment_less_an_hour(self) -> None:
        assert changes.watermark(known(products(A1=hours(2), A2=hours(50)))) == hours(3)

    def test_a_row_that_is_gone_proves_nothing(self) -> None:
        listed = pl.Series("article_number", ["A2"])
        assert changes.watermark(known(products(A1=hours(2), A2=hours(50))), listed) == hours(51)

    def test_a_moment_in_a_far_future_does_not_hide_what_changes_until_then(self) -> None:
        slip = NIGHT.replace(year=2062)
        assert changes.watermark(known(products(A1=hours(2), A2=slip))) == hours(3)

    def test_without_any_moment_there_is_doubt(self) -> None:
        with pytest.raises(InDoubt, match="says when it was modified"):
            changes.watermark(known(products(A1=None)))

    @pytest.mark.parametrize(
        ("belgian", "asked"),
        [
            ("2026-03-29T01:59:59", "2026-03-28T23:59:59+00:00"),  # the last second of winter time
            ("2026-03-29T03:00:00", "2026-03-29T00:00:00+00:00"),  # a second later
            ("2026-10-25T02:30:00", "2026-10-24T23:30:00+00:00"),  # the repeated hour: its first pass
            ("2026-10-25T02:30:00+01:00", "2026-10-25T00:30:00+00:00"),  # its second pass, by its offset
            ("2026-10-25T03:00:00", "2026-10-25T01:00:00+00:00"),
            ("05/11/2026", "2026-11-04T22:00:00+00:00"),
        ],
    )
    def test_the_hour_of_overlap_is_an_hour_over_both_clock_changes(self, belgian: str, asked: str) -> None:
        moment = moments(pl.Series([belgian]), BELGIUM)[0]
        since = changes.watermark(Known(products(A1=moment), "before"))
        assert changes.as_parameter(since) == asked

    def test_an_hour_that_clocks_skip_and_an_unset_date_count_for_nothing(self) -> None:
        text = pl.Series(["2026-03-29T02:30:00", "0001-01-01T00:00:00", "2026-03-28T12:00:00Z"])
        rows = pl.DataFrame({"article_number": ["A1", "A2", "A3"], "modified": moments(text, BELGIUM)})
        assert changes.watermark(Known(rows, "before")) == datetime(2026, 3, 28, 11, tzinfo=UTC)


class TestLookingBack:
    BEFORE = known(products(A1=hours(1), A2=hours(2), A3=hours(30)))

    def test_all_that_is_due_came(self) -> None:
        changes.look_back(self.BEFORE, hours(2), products(A1=hours(1), A2=hours(0)), "article_number")

    def test_a_row_that_is_due_and_missing_is_doubt(self) -> None:
        with pytest.raises(InDoubt, match=r"A2 was modified at 2026-11-20 03:00:00 UTC and is not among"):
            changes.look_back(self.BEFORE, hours(2), products(A1=hours(1)), "article_number")

    def test_unless_it_was_deleted(self) -> None:
        gone = pl.Series("article_number", ["A2"])
        changes.look_back(self.BEFORE, hours(2), products(A1=hours(1)), "article_number", gone)

    def test_a_row_that_is_older_than_it_was_is_doubt(self) -> None:
        with pytest.raises(InDoubt, match="time goes backwards"):
            changes.look_back(self.BEFORE, hours(1), products(A1=hours(9)), "article_number")


def shape(new: str | None = None, gone: str | None = None) -> Shape:
    """What was seen of one row: every known field, but for these."""
    fields = {name for name in known_names(wire.AssortmentProduct) if "." not in name}
    return Shape(sampled=1, seen=Counter((fields | {new}) - {gone, None}))


class TestDrift:
    def row(self, **values: object) -> pl.DataFrame:
        empty = FRAMES["products"].empty()
        filled = {"article_number": "A1", "active": True, **values}
        return pl.concat([empty, pl.DataFrame([filled])], how="diagonal_relaxed").cast(dict(empty.schema))  # type: ignore[arg-type]

    def test_a_field_that_is_new_is_doubt(self) -> None:
        with pytest.raises(InDoubt, match="Deposit is new"):
            look_for_drift("products", known(self.row()), shape(new="Deposit"), self.row())

    def test_unless_it_was_there_last_time(self) -> None:
        before = known(self.row(), drift=(Drift("Deposit", "new", "Deposit is new."),))
        look_for_drift("products", before, shape(new="Deposit"), self.row())

    def test_a_field_that_is_gone_is_doubt_where_a_row_lost_its_value(self) -> None:
        with pytest.raises(InDoubt, match="SalesPriceList is in none"):
            look_for_drift(
                "products", known(self.row(sales_price=2.5)), shape(gone="SalesPriceList"), self.row()
            )

    def test_a_server_that_leaves_out_what_is_empty_is_believed(self) -> None:
        look_for_drift("products", known(self.row()), shape(gone="SalesPriceList"), self.row())


def test_lists_in_another_order_are_no_difference() -> None:
    one = pl.DataFrame({"k": [1, 2], "codes": [["a", "b"], []]})
    other = pl.DataFrame({"k": [2, 1], "codes": [[], ["b", "a"]]})
    assert changes.differing(one, other, "k", ["codes"]).is_empty()


def test_what_differs_says_what_was_and_what_is() -> None:
    one, other = (
        pl.DataFrame({"k": [1, 2, 3], "v": ["a", "b", "c"]}),
        pl.DataFrame({"k": [1, 2, 4], "v": ["a", "x", "d"]}),
    )
    found = changes.differing(one, other, "k", ["v"]).sort("k")
    assert found.select("k", "v", "v_now", "was", "is").rows() == [
        (2, "b", "x", True, True),
        (3, "c", None, True, False),
        (4, None, "d", False, True),
    ]
