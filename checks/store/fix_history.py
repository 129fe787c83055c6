"""What pages ask of the journal: fixes by person, product and outcome, counted and cut off in the database. Only reads."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from checks.store import tables
from checks.store.engine import reading
from checks.store.journal import Journal

_plans, _fixes = tables.plans, tables.fixes

#: Who had it done; of what nobody began, who planned it.
_WHO = sa.func.coalesce(_fixes.c.by, _plans.c.created_by)

#: When something last happened.
_AT = sa.func.coalesce(_fixes.c.finished_at, _fixes.c.started_at, _plans.c.created_at, type_=tables.Moment)

_SHOWN = ("id", "plan_id", "key", "title", "klass", "state", "message", "undo", "undoes", "heartbeat_at")


def rows(
    journal: Journal,
    *,
    states: Collection[str] = (),
    checks: Collection[str] = (),
    by: str = "",
    plan_id: str = "",
    text: str = "",
    limit: int | None = None,
) -> list[dict[str, Any]]:
    """Fixes with check, fix, kind and source of their plan, `at` and `who`: what was touched last first.

    Without filters all; each filter that is given must fit. `text`: words, each in key, name, message or id.
    """
    columns = [_fixes.c[name] for name in _SHOWN]
    query = sa.select(
        *columns,
        _plans.c.check,
        _plans.c.fix,
        _plans.c.source,
        _plans.c.kind,
        _AT.label("at"),
        _WHO.label("who"),
    ).join(_plans, _plans.c.id == _fixes.c.plan_id)
    query = query.where(*_filters(states, checks, by, plan_id, text))
    query = query.order_by(_AT.desc(), _fixes.c.position).limit(limit)
    return _all(journal, query)


def count(
    journal: Journal,
    *,
    checks: Collection[str] = (),
    by: str = "",
    plan_id: str = "",
    text: str = "",
) -> dict[str, int]:
    """How many fixes there are of each state, of those that the filters leave."""
    query = (
        sa.select(_fixes.c.state, sa.func.count())
        .join(_plans, _plans.c.id == _fixes.c.plan_id)
        .where(*_filters((), checks, by, plan_id, text))
        .group_by(_fixes.c.state)
    )
    with reading(journal.engine) as connection:
        return {row[0]: row[1] for row in connection.execute(query)}


def people(journal: Journal) -> list[str]:
    """Everybody who planned or did a fix."""
    query = sa.union(
        sa.select(_fixes.c.by.label("who")).where(_fixes.c.by.is_not(None)),
        sa.select(_plans.c.created_by),
    )
    with reading(journal.engine) as connection:
        return sorted(str(row[0]) for row in connection.execute(query))


def checks_of(journal: Journal) -> list[str]:
    """The checks that any plan was for."""
    with reading(journal.engine) as connection:
        return sorted(str(row[0]) for row in connection.execute(sa.select(_plans.c.check).distinct()))


def tally(journal: Journal, plan_id: str) -> dict[tuple[str, str], int]:
    """How many fixes of a plan are in which state and class."""
    query = (
        sa.select(_fixes.c.state, _fixes.c.klass, sa.func.count())
        .where(_fixes.c.plan_id == plan_id)
        .group_by(_fixes.c.state, _fixes.c.klass)
    )
    with reading(journal.engine) as connection:
        return {(row[0], row[1]): row[2] for row in connection.execute(query)}


def waiting_ids(journal: Journal, plan_id: str) -> set[str]:
    """The fixes of a plan that nobody has begun."""
    query = sa.select(_fixes.c.id).where(_fixes.c.plan_id == plan_id, _fixes.c.state == "planned")
    with reading(journal.engine) as connection:
        return {str(row[0]) for row in connection.execute(query)}


def why_not_begun(journal: Journal, plan_id: str) -> str | None:
    """What the last worker said of those of a plan that it did not begin."""
    query = (
        sa.select(_fixes.c.message)
        .where(_fixes.c.plan_id == plan_id, _fixes.c.state == "planned", _fixes.c.message.is_not(None))
        .limit(1)
    )
    with reading(journal.engine) as connection:
        found = connection.execute(query).scalar()
    return None if found is None else str(found)


def untouched_plans(journal: Journal, limit: int = 20) -> list[dict[str, Any]]:
    """Plans with something in them of which nothing was begun, the newest first, each with its `count`."""
    begun = sa.func.sum(sa.case((_fixes.c.state == "planned", 0), else_=1))
    query = (
        sa.select(
            _plans.c.id,
            _plans.c.fix,
            _plans.c.check,
            _plans.c.source,
            _plans.c.kind,
            _plans.c.created_at,
            _plans.c.created_by,
            sa.func.count().label("count"),
        )
        .join(_fixes, _fixes.c.plan_id == _plans.c.id)
        .group_by(_plans.c.id)
        .having(begun == 0)
        .order_by(_plans.c.created_at.desc())
        .limit(limit)
    )
    return _all(journal, query)


def undone_by(journal: Journal, fix_id: str) -> list[dict[str, Any]]:
    """The fixes that undo this one, the newest first: id and state."""
    query = (
        sa.select(_fixes.c.id, _fixes.c.state)
        .join(_plans, _plans.c.id == _fixes.c.plan_id)
        .where(_fixes.c.undoes == fix_id)
        .order_by(_plans.c.created_at.desc())
    )
    return _all(journal, query)


def _filters(
    states: Collection[str], checks: Collection[str], by: str, plan_id: str, text: str
) -> list[sa.ColumnElement[bool]]:
    wanted: list[sa.ColumnElement[bool]] = []
    if states:
        wanted.append(_fixes.c.state.in_(list(states)))
    if checks:
        wanted.append(_plans.c.check.in_(list(checks)))
    if by:
        wanted.append(_WHO.in_([by]))
    if plan_id:
        wanted.append(_fixes.c.plan_id == plan_id)
    searched = (_fixes.c.key, _fixes.c.title, _fixes.c.message, _fixes.c.id)
    wanted += [
        sa.or_(*(column.icontains(word, autoescape=True) for column in searched)) for word in text.split()
    ]
    return wanted


def _all(journal: Journal, query: sa.Select[Any]) -> list[dict[str, Any]]:
    with reading(journal.engine) as connection:
        return [dict(row) for row in connection.execute(query).mappings()]
