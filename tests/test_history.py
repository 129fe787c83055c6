"""What changed over the runs: two of them side by side, field by field, and one product's life."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from checks.errors import UsageError
from checks.findings import FOUND, CheckResult
from checks.frames import FRAMES, Collected
from checks.history import compare_runs, frame_changes, timeline
from checks.store import FixRecord, PlanRecord, Store

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
DAY = timedelta(days=1)

Run = Callable[..., str]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'keurmeester.db'}", tmp_path / "snapshots") as opened:
        yield opened


def rows(frame: str, *given: dict[str, Any]) -> Collected:
    """A frame with these rows; what is not said is null."""
    schema = FRAMES[frame].schema
    data = pl.DataFrame([{**dict.fromkeys(schema), **row} for row in given], schema=schema)
    return Collected("webshop", frame, "ok", data)


def product(number: str, **fields: Any) -> dict[str, Any]:
    return {"article_number": number, "name": f"Product {number}", **fields}


@pytest.fixture
def run(store: Store) -> Run:
    """`run(day, frames..., found=["A"])`: a whole run on that day."""

    def make(day: float, *collected: Collected, found: tuple[str, ...] = ()) -> str:
        run_id = store.begin_run("full", "test")
        for one in collected:
            if one.data is not None and one.mode != "carried":
                store.save_snapshot(run_id, one)
        seen = [
            ("missing-photo", "warning", "webshop", "product", key, None, None, f"{key} has no photo.", None)
            for key in found
        ]
        result = CheckResult("missing-photo", "webshop", "failed", len(seen), entities=9)
        data = pl.DataFrame(seen, schema=FOUND, orient="row")
        store.finish_run(run_id, "complete", "full", None, collected, [result], data, NOW + day * DAY)
        return run_id

    return make


def counts(store: Store, before: str, after: str) -> dict[str, Any]:
    frames = compare_runs(store, "webshop", before, after).frames
    return {row[0]: row[2:] for row in frames.iter_rows()}


def test_findings_that_appeared_and_that_went(store: Store, run: Run) -> None:
    first, second = run(0, found=("A", "B")), run(1, found=("B", "C"))
    found = compare_runs(store, "webshop", first, second)
    assert (found.appeared["key"].to_list(), found.went["key"].to_list()) == (["C"], ["A"])
    back = compare_runs(store, "webshop", second, first)
    assert (back.appeared["key"].to_list(), back.went["key"].to_list()) == (["A"], ["C"])
    assert compare_runs(store, "other", first, second).appeared.is_empty()


def test_rows_that_came_went_and_changed(store: Store, run: Run) -> None:
    first = run(0, rows("products", product("A"), product("B", vat_percentage=6), product("C")))
    second = run(1, rows("products", product("D"), product("C"), product("B", vat_percentage=21)))
    assert counts(store, first, second) == {"products": (1, 1, 1, None)}
    assert frame_changes(store, "webshop", "products", first, second).rows() == [
        ("B", "changed", "vat_percentage", "6", "21"),
        ("A", "removed", None, "Product A", None),
        ("D", "added", None, None, "Product D"),
    ]
    assert frame_changes(store, "webshop", "products", first, second, limit=1).height == 1


def test_lists_of_parts_change_field_by_field(store: Store, run: Run) -> None:
    dutch = {"language": "nld", "name": "Melk", "description": None}
    line = {"article_number": "A", "unit": "kg", "quantity": 2.0, "price": 1.5, "total": 3.0}
    first = run(
        0,
        rows("products", product("A", texts=[dutch], category_ids=[1, 2], suppliers=[])),
        rows("orders", {"order_number": 1001, "order_lines": [line]}),
    )
    french = {"language": "fra", "name": "Lait", "description": "Entier"}
    second = run(
        1,
        rows(
            "products",
            product(
                "A",
                texts=[french, dutch | {"name": "Volle melk"}],
                category_ids=[2],
                suppliers=[{"supplier_id": 7, "article_code": "M-1"}],
            ),
        ),
        rows("orders", {"order_number": 1001, "order_lines": [line | {"quantity": 4.0, "total": 6.0}]}),
    )
    changes = frame_changes(store, "webshop", "products", first, second).select("field", "before", "after")
    assert changes.rows() == [
        ("texts nld name", "Melk", "Volle melk"),
        ("texts fra", None, "Lait · Entier"),
        ("category_ids", "1, 2", "2"),
        ("suppliers", "none", "7 · M-1"),
    ]
    changes = frame_changes(store, "webshop", "orders", first, second).select(
        "key", "field", "before", "after"
    )
    assert changes.rows() == [
        ("1001", "order_lines A quantity", "2", "4"),
        ("1001", "order_lines A total", "3", "6"),
    ]


def test_a_null_and_an_empty_list_differ(store: Store, run: Run) -> None:
    first = run(0, rows("products", product("A", unit_eans=None)))
    second = run(1, rows("products", product("A", unit_eans=[])))
    changes = frame_changes(store, "webshop", "products", first, second)
    assert changes.select("field", "before", "after").rows() == [("unit_eans", None, "none")]


def test_rows_that_share_a_key_are_compared_each(store: Store, run: Run) -> None:
    twice = {"client_number": "K1", "article_number": "A"}
    first, second = run(0, rows("order_lists", twice, twice)), run(1, rows("order_lists", twice))
    assert counts(store, first, second)["order_lists"] == (0, 1, 0, None)


def test_what_cannot_be_compared_says_why(store: Store, run: Run) -> None:
    failed = Collected("webshop", "brands", "failed", message="HTTP 500")
    first = run(0, rows("products", product("A")), rows("users", {"email": "an@shop.be"}), failed)
    second = run(1, rows("users", {"email": "an@shop.be"}), rows("brands", {"id": 1}), rows("producers"))
    shutil.rmtree(store.snapshots / first / "webshop")  # as a purge does
    notes = {name: values[3] for name, values in counts(store, first, second).items()}
    assert (
        notes["products"] == "What the run of 20 Nov 2026 06:00 collected is no longer kept (it was purged)."
    )
    assert notes["users"].endswith("(personal data is kept a shorter time).")
    assert notes["brands"] == "The run of 20 Nov 2026 06:00 could not collect it: HTTP 500"
    assert notes["producers"] == "The earlier run did not collect it."
    assert {values[:3] for values in counts(store, first, second).values()} == {(None, None, None)}
    with pytest.raises(UsageError, match="no longer kept"):
        frame_changes(store, "webshop", "users", first, second)


def test_a_file_that_cannot_be_read_is_told(store: Store, run: Run) -> None:
    first, second = (
        run(0, rows("products", product("A"))),
        run(1, rows("products", product("A", vat_percentage=6))),
    )
    (store.snapshots / second / "webshop" / "products.parquet").write_bytes(b"PAR1 cut off")
    assert "cannot be read" in counts(store, first, second)["products"][3]


def test_a_column_that_a_later_version_added_is_no_change(store: Store, run: Run) -> None:
    first, second = (
        run(0, rows("products", product("A"))),
        run(1, rows("products", product("A", on_order=True))),
    )
    file = store.snapshots / first / "webshop" / "products.parquet"
    pl.read_parquet(file).drop("on_order").write_parquet(file)
    assert counts(store, first, second)["products"] == (0, 0, 0, None)


def test_a_carried_snapshot_is_the_same_without_being_read(store: Store, run: Run) -> None:
    first = run(0, rows("brands", {"id": 1, "name": "Weg"}))
    carried = Collected(
        "webshop", "brands", "ok", rows("brands", {"id": 1}).data, mode="carried", carried_from=first
    )
    second = run(1, carried)
    third = run(2, Collected(**{**vars(carried), "carried_from": second}))
    for run_id in (first, second, third):
        file = store.snapshots / run_id / "webshop" / "brands.parquet"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"never looked at")
    assert counts(store, first, third)["brands"] == (0, 0, 0, None)
    assert frame_changes(store, "webshop", "brands", first, third).is_empty()


def test_an_order_that_left_the_window_was_not_removed(store: Store, run: Run) -> None:
    def order(number: int, days_ago: int) -> dict[str, Any]:
        return {"order_number": number, "ordered_at": NOW - days_ago * DAY}

    first = run(0, rows("processed_orders", order(1, 30), order(2, 20), order(3, 5)))
    second = run(1, rows("processed_orders", order(2, 20), order(4, 0)))
    assert counts(store, first, second)["processed_orders"] == (1, 1, 0, None)


def test_unknown_runs_and_frames_are_refused(store: Store, run: Run) -> None:
    first = run(0)
    with pytest.raises(UsageError, match="no run"):
        compare_runs(store, "webshop", first, "nonsense")
    with pytest.raises(UsageError, match="no frame"):
        frame_changes(store, "webshop", "nonsense", first, first)


def told(lines: pl.DataFrame) -> list[tuple[Any, ...]]:
    return lines.select("kind", "what", "detail", "by").rows()


def test_the_life_of_one_product(store: Store, run: Run) -> None:
    run(0, rows("products", product("A", sales_price=2.5), product("B")), found=("A", "B"))
    [a] = store.findings(key="A")["id"]
    store.comment(a, "Asked for one.", "Els", NOW + DAY / 2)
    run(1, rows("products", product("A", sales_price=2.75), product("B", sales_price=9.0)), found=("A",))
    fix = FixRecord("fix-A", "A", None, "safe", a, {}, [], ())
    plan = PlanRecord("plan", "link-central", "missing-photo", "webshop", NOW, "Els", None, {}, [], (fix,))
    store.journal.add_plan(plan)
    assert store.journal.claim("fix-A", "worker", "Jan", NOW + 1.2 * DAY)
    store.set_finding(a, None, "fix-started", "Link", "Jan", now=NOW + 1.2 * DAY)
    store.set_finding(a, "fixed", "fixed", "Linked.", "Jan", now=NOW + 1.3 * DAY)
    store.journal.finish("fix-A", "done", "Linked.", NOW + 1.3 * DAY)
    run(2, rows("products", product("B")))

    lines = timeline(store, "webshop", "product", "A")

    assert told(lines) == [
        ("data", "Own products: no longer there", "Product A", None),
        ("fix", "Fix link-central: done", "Linked.", "Jan"),
        ("finding", "Missing photo: fixed", "Linked.", "Jan"),
        ("data", "Own products: sales price", "2.5 → 2.75", None),
        ("comment", "Missing photo: comment", "Asked for one.", "Els"),
        ("finding", "Missing photo: found", "A has no photo.", None),
    ]
    assert timeline(store, "webshop", "product", "Z").is_empty()
    assert timeline(store, "other", "product", "A").is_empty()


def test_a_run_in_between_that_did_not_collect_it_is_passed_over(store: Store, run: Run) -> None:
    run(0, rows("clients", {"client_number": "K1", "name": "Eethuis"}))
    run(1, Collected("webshop", "clients", "failed", message="HTTP 500"))
    last = run(2, rows("clients", {"client_number": "K1", "name": "Eethuis Noord"}))
    lines = timeline(store, "webshop", "client", "K1")
    assert told(lines) == [("data", "Clients: name", "Eethuis → Eethuis Noord", None)]
    assert lines["run_id"].to_list() == [last]


def test_what_was_purged_is_told_and_is_no_removal(store: Store, run: Run) -> None:
    first = run(0, rows("users", {"email": "an@shop.be", "active": True}))
    run(1, rows("users", {"email": "an@shop.be", "active": False}))
    shutil.rmtree(store.snapshots / first)
    [(kind, what, detail, _)] = told(timeline(store, "webshop", "user", "an@shop.be"))
    assert (kind, what) == ("data", "Users: as far back as is known")
    assert "personal data is kept a shorter time" in detail


@pytest.mark.parametrize(
    ("entity", "key", "frame", "row"),
    [
        ("order", "1001", "orders", {"order_number": 1001}),
        (
            "client-product",
            "A|K1",
            "client_prices",
            {"article_number": "A", "client_number": "K1"},
        ),
        ("order-list-item", "K1|A", "order_lists", {"client_number": "K1", "article_number": "A"}),
        ("brands", "7", "brands", {"id": 7}),
        ("product", "A", "photos", {"photo_id": 1, "article_number": "A"}),
    ],
)
def test_each_kind_of_thing_is_found_by_its_key(
    store: Store, run: Run, entity: str, key: str, frame: str, row: dict[str, Any]
) -> None:
    run(0, rows(frame))
    run(1, rows(frame, row))
    lines = timeline(store, "webshop", entity, key)
    assert lines["what"].to_list() == [f"{FRAMES[frame].title}: added"]
    assert timeline(store, "webshop", entity, "neither|nor").is_empty()
