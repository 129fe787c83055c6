"""Repairs and the error log: a problem whose cause was repaired moves with it, and a trouble there harms no repair."""

from __future__ import annotations

import json
import logging
from typing import Any

import polars as pl
import pytest

from checks.errors import StoreError
from checks.fixes import apply_plan, make_plan, plan_undo
from checks.fixes.trail import now
from checks.frames import FRAMES, Collected
from checks.store.errors import Errors
from tests.fixes.conftest import ANN, CHECK, QUICK, SOURCE, World


def fails(world: World, *keys: str) -> str:
    """Requests about these products fail; the id of their problem."""
    rows = [
        {
            "row_id": f"r-{key}",
            "log_id": key,
            "at": now(),
            "method": "PUT",
            "url": "/api/Products",
            "status_code": 409,
            "message": "Product is in the central database by now.",
            "body": json.dumps({"WholesalerArticleNumber": key}),
        }
        for key in keys
    ]
    schema = FRAMES["error_logs"].schema
    data = pl.DataFrame([{name: one.get(name) for name in schema} for one in rows], schema=schema)
    log = Collected(SOURCE, "error_logs", "ok", data, read_at=now(), server_at=now())
    world.store.errors.absorb(SOURCE, log, now(), f"run-{'-'.join(keys)}")
    return str(world.store.errors.groups_of(SOURCE, "product", keys[0])["id"][0])


def repair(world: World, *keys: str) -> list[dict[str, Any]]:
    plan = make_plan(world.store, world.settings, CHECK, keys=list(keys), by=ANN)
    return apply_plan(world.store, world.settings, plan.id, by=ANN, pace=QUICK)


def state(world: World, ident: str) -> str:
    group = world.store.errors.group(ident)
    assert group is not None
    return str(group["state"])


def test_a_plan_that_repairs_all_of_them_moves_the_problem_once_and_undoing_it_back(world: World) -> None:
    one, other = world.take(), world.take()
    world.find(one, other)
    ident = fails(world, one, other)
    rows = repair(world, one, other)
    assert [row["state"] for row in rows] == ["done", "done"]
    assert world.store.errors.events(ident)["event"].to_list() == ["new", "fixed"]
    undo = plan_undo(world.store, world.settings, [rows[0]["id"]], by=ANN)
    apply_plan(world.store, world.settings, undo.id, by=ANN, pace=QUICK)
    assert state(world, ident) == "ongoing"
    assert world.store.errors.events(ident)["event"].to_list()[-1] == "fix-undone"
    world.store.errors.resolve(ident, "test")


def test_a_repair_stands_though_its_problem_cannot_be_told(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    key = world.take()
    world.find(key)
    fails(world, key)

    def busy(*_: object) -> list[str]:
        raise StoreError("The store is locked.")

    monkeypatch.setattr(Errors, "after_fix", busy)
    with caplog.at_level(logging.WARNING):
        (row,) = repair(world, key)
    assert row["state"] == "done"
    assert "keep their state: The store is locked." in caplog.text
