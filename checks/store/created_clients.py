"""People leave the journal: a fix that made a client keeps when, by whom and how it ended, and nothing of whom it was for.

What such a fix saved and sent is all about people: names, e-mails, addresses. Unlike one that only names a client
(`clientless`) it goes whole. One that was planned and never begun goes too: nobody waits so long to begin it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from checks.store import tables

_plans, _fixes, _steps = tables.plans, tables.fixes, tables.fix_steps

#: What stands in the place of what was taken out.
REMOVED = "(removed)"
#: After these nobody carries a fix on or puts it back.
ENDED = ("done", "failed", "undone")

#: Fixes that make clients.
CREATIONS = ("create-client",)

_SAID = "What was said of it was about people, and is not kept so long."
_NEVER_BEGUN = "Never begun: whom it was for is not kept so long."


def old_creations(connection: sa.Connection, before: datetime) -> list[str]:
    """Ids of fixes that ended before that moment, or were planned before it and never begun, and still hold people."""
    old = sa.or_(
        sa.and_(_fixes.c.state.in_(ENDED), _fixes.c.finished_at < before),
        sa.and_(_fixes.c.state == "planned", _plans.c.created_at < before),
    )
    query = (
        sa.select(_fixes.c.id)
        .join(_plans, _plans.c.id == _fixes.c.plan_id)
        .where(_plans.c.fix.in_(CREATIONS), old, ~_fixes.c.key.startswith(REMOVED, autoescape=True))
    )
    return list(connection.execute(query.order_by(_fixes.c.id)).scalars())


def is_creation(connection: sa.Connection, plan_id: str) -> bool:
    query = sa.select(_plans.c.fix).where(_plans.c.id == plan_id)
    return connection.execute(query).scalar() in CREATIONS


def struck(fix: sa.RowMapping, steps: list[sa.RowMapping]) -> Iterator[sa.Update]:
    """What must be written so that a fix and its steps hold nothing of whom it was for."""
    key = str(fix["key"])
    planned = fix["state"] == "planned"
    values: dict[str, Any] = {
        # with its place in the plan: a plan has each key once
        "key": f"{REMOVED} {fix['position']}",
        "title": None,
        "before": {"ClientNumber": REMOVED},
        "consequences": [],
        "lost": [],
        "undo": None,
        "message": _NEVER_BEGUN if planned else _SAID,
    }
    if planned:
        values["state"] = "failed"
    yield sa.update(_fixes).where(_fixes.c.id == fix["id"]).values(**values)
    for step in steps:
        bare: dict[str, Any] = {
            "title": str(step["title"]).replace(f"client {key}", f"client {REMOVED}"),
            "request": _bare(step["request"]),
            "compensation": [_bare(one) for one in step["compensation"]],
        }
        if step["answer"] is not None:
            bare["answer"] = REMOVED
        of_it = sa.and_(_steps.c.fix_id == fix["id"], _steps.c.number == step["number"])
        yield sa.update(_steps).where(of_it).values(**bare)


def left_out(not_planned: list[dict[str, str]]) -> list[dict[str, str]]:
    """What a plan keeps of the clients that it left out: how many."""
    return [{"key": f"{REMOVED} {place}", "reason": REMOVED} for place in range(len(not_planned))]


def _bare(request: dict[str, Any]) -> dict[str, Any]:
    """A request by its verb and path alone."""
    line = f"{request.get('method')} /{request.get('path')}"
    return {**request, "params": {}, "body": None, "line": line}
