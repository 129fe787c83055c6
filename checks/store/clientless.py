"""Client numbers leave the journal: fixes that ended long ago keep who, when, what and which article, not whose price.

They stand in what a plan saved (`before`), in the calls and in what undoes them, and in the sentences about it all:
titles of steps, answers, the message, events of the finding, reasons why something was not planned. A fix that has not
ended is never touched: it needs them to go on or to be put back. One that made a client goes by `created_clients`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from checks.store import tables
from checks.store.created_clients import (
    CREATIONS,
    ENDED,
    REMOVED,
    is_creation,
    left_out,
    old_creations,
    struck,
)

__all__ = ["ENDED", "REMOVED", "fixes_with_clients", "plans_with_clients", "strike_clients"]

_plans, _fixes, _steps, _events = tables.plans, tables.fixes, tables.fix_steps, tables.finding_events

_NUMBER = '"ClientNumber"'
#: Fixes whose keys name a client, and where in the key.
_CLIENT_IN_KEY = {"delete-client-product": -1, "delete-order-list-item": 0}
_PHRASE = "of client "
_IN_A_LINE = re.compile(r"(?<=ClientNumber=)[^&\s]*")
#: `_PHRASE` as fixes say it (price, order list of client), also of clients that stand nowhere else: a list, or one.
_LISTED = re.compile(rf"(?<={_PHRASE})[^:;]+?(?= would be lost)")
_NAMED = re.compile(rf"(?<={_PHRASE})\S+?(?=[:;,.]*(?:\s|$))")


def fixes_with_clients(connection: sa.Connection, before: datetime) -> list[str]:
    """Ids of fixes that ended before that moment and still hold a client number."""
    in_steps = sa.exists().where(
        _steps.c.fix_id == _fixes.c.id,
        sa.or_(
            _holds(_steps.c.request),
            _holds(_steps.c.compensation),
            *map(_says, (_steps.c.title, _steps.c.answer)),
        ),
    )
    # of a fix that closed several findings the first stands for all: what is said of one is said of each
    in_events = sa.exists().where(
        _events.c.finding_id == _fixes.c.finding_id,
        _events.c.at <= _fixes.c.finished_at,
        _says(_events.c.detail),
    )
    likely = (
        sa.select(_fixes.c.id)
        .join(_plans, _plans.c.id == _fixes.c.plan_id)
        .where(_fixes.c.state.in_(ENDED), _fixes.c.finished_at < before, _plans.c.fix.not_in(CREATIONS))
        .where(sa.or_(_holds(_fixes.c.before), _says(_fixes.c.message), in_steps, in_events))
        .order_by(_fixes.c.id)
    )
    ids = connection.execute(likely).scalars().all()
    named = [fix_id for fix_id in ids if next(_of_fix(connection, fix_id), None) is not None]
    return [*named, *old_creations(connection, before)]


def plans_with_clients(connection: sa.Connection, before: datetime) -> list[str]:
    """Ids of plans made before that moment whose reasons not to plan something still name clients."""
    likely = sa.select(_plans.c.id).where(
        _plans.c.created_at < before,
        sa.or_(
            _says(sa.cast(_plans.c.not_planned, sa.Text)),
            _plans.c.fix.in_([*_CLIENT_IN_KEY, *CREATIONS])
            & (sa.cast(_plans.c.not_planned, sa.Text) != "[]"),
        ),
    )
    ids = connection.execute(likely.order_by(_plans.c.id)).scalars().all()
    return [plan_id for plan_id in ids if next(_of_plan(connection, plan_id), None) is not None]


def strike_clients(connection: sa.Connection, fixes: Iterable[str], plans: Iterable[str]) -> None:
    """Writes `REMOVED` where these fixes and plans hold a client number."""
    # one by one: what fixes saved may be large
    for fix_id in fixes:
        for update in list(_of_fix(connection, fix_id)):
            connection.execute(update)
    for plan_id in plans:
        for update in list(_of_plan(connection, plan_id)):
            connection.execute(update)


def _of_fix(connection: sa.Connection, fix_id: str) -> Iterator[sa.Update]:
    """What must be written so that one fix, its steps and the events of its finding hold no client number."""
    fix = connection.execute(sa.select(_fixes).where(_fixes.c.id == fix_id)).mappings().one()
    steps = connection.execute(sa.select(_steps).where(_steps.c.fix_id == fix_id)).mappings().all()
    if is_creation(connection, fix["plan_id"]):
        yield from struck(fix, list(steps))
        return
    told = sa.select(_events.c.number, _events.c.detail).where(
        _events.c.finding_id.in_([fix["finding_id"], *fix["finding_ids"]]), _events.c.at <= fix["finished_at"]
    )
    events = connection.execute(told).mappings().all()
    saved = [fix["before"], *(step[name] for step in steps for name in ("request", "compensation"))]
    # an article number may read like a client's; it stays, and the phrases tell the two apart
    numbers = set(_numbers(saved)) - {fix["key"], REMOVED, ""}
    yield from _changed(_fixes, _fixes.c.id == fix_id, fix, ("before", "message"), numbers)
    client, key = str(fix["before"].get("ClientNumber") or ""), str(fix["key"])
    if client not in ("", REMOVED) and client in key.split("|"):
        # with its place in the plan: a plan has each key once
        parts = [f"{REMOVED} {fix['position']}" if part == client else part for part in key.split("|")]
        yield sa.update(_fixes).where(_fixes.c.id == fix_id).values(key="|".join(parts))
    for step in steps:
        of_it = sa.and_(_steps.c.fix_id == fix_id, _steps.c.number == step["number"])
        yield from _changed(_steps, of_it, step, ("title", "request", "compensation", "answer"), numbers)
    for event in events:
        yield from _changed(_events, _events.c.number == event["number"], event, ("detail",), numbers)


def _of_plan(connection: sa.Connection, plan_id: str) -> Iterator[sa.Update]:
    plan = connection.execute(sa.select(_plans).where(_plans.c.id == plan_id)).mappings().one()
    place = _CLIENT_IN_KEY.get(plan["fix"])
    left = (
        left_out(plan["not_planned"])
        if plan["fix"] in CREATIONS
        else [
            {**one, "key": _without_client(one["key"], place), "reason": _sentence(one["reason"], ())}
            for one in plan["not_planned"]
        ]
    )
    if left != plan["not_planned"]:
        yield sa.update(_plans).where(_plans.c.id == plan_id).values(not_planned=left)


def _without_client(key: str, place: int | None) -> str:
    parts = key.split("|")
    if place is None or len(parts) < 2:
        return key
    parts[place] = REMOVED
    return "|".join(parts)


def _changed(
    table: sa.Table,
    of_it: sa.ColumnElement[bool],
    row: sa.RowMapping,
    names: Iterable[str],
    numbers: Collection[str],
) -> Iterator[sa.Update]:
    values = {
        name: _sentence(row[name], numbers) if isinstance(row[name], str) else _without(row[name])
        for name in names
    }
    if any(values[name] != row[name] for name in values):
        yield sa.update(table).where(of_it).values(**values)


def _without(saved: Any) -> Any:
    """JSON without what fields named Client... say; a price row of a shop may have more of them than the number."""
    if isinstance(saved, dict):
        return {
            name: REMOVED
            if name.startswith("Client") and isinstance(inner, str | int | float)
            else _IN_A_LINE.sub(REMOVED, inner)
            if name == "line" and isinstance(inner, str)
            else _without(inner)
            for name, inner in saved.items()
        }
    return [_without(one) for one in saved] if isinstance(saved, list) else saved


def _numbers(saved: Any) -> Iterator[str]:
    if isinstance(saved, dict):
        yield from (
            str(inner) for name, inner in saved.items() if name == "ClientNumber" and inner is not None
        )
    if isinstance(saved, dict | list):
        for inner in saved.values() if isinstance(saved, dict) else saved:
            yield from _numbers(inner)


def _sentence(text: str, numbers: Collection[str]) -> str:
    """A sentence without these numbers, and without the one in `_PHRASE`, which may be of a client known nowhere else."""
    for number in sorted(numbers, key=lambda one: (-len(one), one)):
        # not within an article number; a short one not within a price, nor where prices are counted
        ends = r"(?!\w|-\w)" if len(number) > 3 else r"(?!\w|-\w|[.,]\d| client prices?\b)"
        begins = r"(?<![\w-])" if len(number) > 3 else r"(?<![\w-])(?<!\d[.,])"
        text = re.sub(begins + re.escape(number) + ends, REMOVED, text)
    return _NAMED.sub(REMOVED, _LISTED.sub(REMOVED, text))


def _holds(column: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """Is there a client number in a JSON column that was not struck out yet?"""
    left = sa.func.replace(sa.cast(column, sa.Text), f'{_NUMBER}: "{REMOVED}"', "")
    return left.contains(_NUMBER, autoescape=True)


def _says(column: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    return sa.func.replace(column, f"{_PHRASE}{REMOVED}", "").contains(_PHRASE, autoescape=True)
