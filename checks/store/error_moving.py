"""Which fingerprint counts in which group: merging and splitting by hand, and counting anew. No row moves for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import polars as pl
import sqlalchemy as sa

from checks import triage
from checks.errors import UsageError
from checks.frames import FRAMES
from checks.store import bulk
from checks.store.engine import lock, writing
from checks.store.error_counting import move_fingerprints, move_rows, recount
from checks.store.error_splits import child_of
from checks.store.error_state import (
    Row,
    event,
    fingerprints,
    groups,
    held,
    on_server,
    rows,
    save_state,
    state_of,
    tell,
)
from checks.store.error_text import as_frame, contains_in_store
from checks.triage.states import Event, GroupState, counted, gravest

_MADE_OF = ("method", "route", "kind", "rule", "field")


class ErrorMoving:
    """Merges and splits. Both stay, whatever is collected later, and can be undone."""

    engine: sa.Engine

    def merge(
        self,
        ids: str | Iterable[str],
        into: str,
        by: str,
        now: datetime | None = None,
        *,
        seen: Mapping[str, str] | None = None,
    ) -> int:
        """Has groups count as part of another; gives how many. They are of one source.

        What is open stays so: where `into` is closed and one of them is open, it takes the gravest state of those. Where
        nobody looks after `into`, who looks after one of them does.

        Args:
            seen: the state of each as whoever decides saw it; one that has another by now is left alone.

        Raises UsageError for unknown ids, for groups of several sources, and when `into` itself has another state by now.
        """
        with writing(self.engine) as connection:
            lock(connection, groups)
            moment = now or datetime.now(UTC)
            [target] = held(connection, into)
            others = [row for row in held(connection, ids) if row["id"] != target["id"]]
            if any(row["source"] != target["source"] for row in others):
                raise UsageError(
                    "Problems of several sources cannot be merged: choose some that are of one source."
                )
            if seen is not None:
                if seen.get(target["id"]) != target["state"]:
                    raise UsageError(
                        f"“{target['title']}” changed meanwhile: look at it once more before others are merged into it."
                    )
                others = [row for row in others if seen.get(row["id"]) == row["state"]]
            merge_rows(connection, others, target, moment, by, "merged")
        return len(others)

    def split(self, id: str, fingerprints: str | Iterable[str], by: str, now: datetime | None = None) -> str:
        """Makes a problem of its own of some of a group's fingerprints; gives its id.

        It begins in the state of the group it came from. Raises UsageError where nothing would stay or go.
        """
        with writing(self.engine) as connection:
            lock(connection, groups)
            [origin] = held(connection, id)
            chosen = list(dict.fromkeys(bulk.as_list(fingerprints) or []))
            own = _fingerprints_of(connection, [origin["id"]])
            if foreign := [one for one in chosen if one not in own]:
                raise UsageError(
                    f"{', '.join(foreign)} is no part of the problem {origin['id']}. "
                    f"`keurmeester errors show {origin['id']}` lists its parts."
                )
            if not chosen or len(chosen) == len(own):
                raise UsageError("A split takes at least one part off and leaves at least one behind.")
            return _split_off(connection, origin, chosen, by, now or datetime.now(UTC))

    def split_by_text(self, id: str, contains: str, by: str, now: datetime | None = None) -> str:
        """Makes a problem of its own of the rows that have a text, also of those to come; gives its id.

        Counts of rows that are kept no more stay behind: nobody knows what they said. Raises UsageError where no row, or
        every one, has the text.
        """
        text = contains.strip()
        if not text:
            raise UsageError("Say which text the rows have that are to be a problem of their own.")
        with writing(self.engine) as connection:
            lock(connection, groups)
            moment = now or datetime.now(UTC)
            [origin] = held(connection, id)
            parents = _fingerprints_of(connection, [origin["id"]])
            of_group = bulk.among(connection, rows.c.fingerprint, parents)
            hits = bulk.frame(
                connection,
                sa.select(rows.c.source, rows.c.row_id, rows.c.fingerprint, rows.c.at).where(
                    of_group, contains_in_store(connection, text)
                ),
            )
            total = connection.execute(
                sa.select(sa.func.count()).select_from(rows).where(of_group)
            ).scalar_one()
            if hits.is_empty() or hits.height == total:
                what = "No row" if hits.is_empty() else "Every row"
                raise UsageError(
                    f"{what} of this problem that is kept has the text {text!r}: nothing was split off."
                )
            children = _child_fingerprints(connection, hits["fingerprint"].unique().sort(), text, moment)
            renamed = hits.with_columns(
                to=pl.col("fingerprint").replace_strict(children, return_dtype=pl.String)
            )
            move_rows(connection, renamed)
            return _split_off(connection, origin, list(children.values()), by, moment, text)


def merge_rows(
    connection: sa.Connection,
    others: Sequence[Row],
    target: Row,
    moment: datetime,
    by: str | None,
    name: str,
    why: str = "",
) -> None:
    """Has `others` count in `target`, and says so in its history. `name`: merged | regrouped.

    What regrouping puts together stays so; the state and the assignee that came of it can be put back.
    """
    was, assignee = state_of(target), target["assignee"]
    for row in others:
        own = _fingerprints_of(connection, [row["id"]])
        become = gravest([was, state_of(row)])
        before: dict[str, Any] = {}
        if name == "merged":
            before |= {"moved": dict.fromkeys(own, row["id"]), "merged": row["id"]}
        if become != was:
            before |= was.as_json()
            save_state(connection, target["id"], become)
        said = f"{row['title']} ({counted(row['rows'])}) counts as this problem now.{why}"
        if assignee is None and row["assignee"] is not None:
            before["assignee"], assignee = None, row["assignee"]
            said += f" {assignee} looks after it."
            connection.execute(sa.update(groups).where(groups.c.id == target["id"]).values(assignee=assignee))
        move_fingerprints(connection, own, target["id"])
        connection.execute(sa.update(groups).where(groups.c.id == row["id"]).values(merged_into=target["id"]))
        tell(connection, [event(target["id"], moment, Event(name, said), by=by, before=before or None)])
        was = become
    if others:
        recount(connection, [target["id"], *(row["id"] for row in others)])


def new_group(
    connection: sa.Connection,
    ident: str,
    origin: Row,
    state: GroupState,
    part: str,
    made: Mapping[str, object],
) -> str:
    """Makes a group like `origin`, or has one that was merged away stand by itself again; gives its id."""
    values = {
        "source": origin["source"],
        "title": part,
        **{name: origin[name] for name in _MADE_OF},
        **made,
        "state": state.state,
        "state_at": state.state_at,
        "ignored": state.ignored,
        "ignored_until": state.ignored_until,
        # as far from none as it is from all rows of the origin; `recount` follows
        "ignored_after": None if state.ignored_after is None else state.ignored_after - origin["rows"],
        "rows": 0,
        "first_seen": origin["first_seen"],
        "last_seen": origin["last_seen"],
        "assignee": origin["assignee"],
        "merged_into": None,
    }
    there = connection.execute(sa.select(groups.c.merged_into).where(groups.c.id == ident)).first()
    if there is None:
        connection.execute(sa.insert(groups).values(id=ident, **values))
    elif there.merged_into is not None:
        connection.execute(sa.update(groups).where(groups.c.id == ident).values(**values))
    else:  # taken by a group that has other rows now
        return new_group(connection, child_of(ident, "another"), origin, state, part, made)
    return ident


def _split_off(
    connection: sa.Connection,
    origin: Row,
    chosen: Sequence[str],
    by: str,
    moment: datetime,
    text: str | None = None,
) -> str:
    title = connection.execute(
        sa.select(fingerprints.c.title).where(fingerprints.c.fingerprint == chosen[0])
    ).scalar_one()
    made: dict[str, object] = {}
    if text is None:
        title, made = _made_of(connection, origin, chosen, title)
    state = state_of(origin)
    ident = new_group(connection, chosen[0], origin, state, title, made)
    if state.ignored == "more":
        state = GroupState("ongoing", on_server(connection, origin["source"], moment))
        save_state(connection, ident, state)
    move_fingerprints(connection, chosen, ident)
    recount(connection, [origin["id"], ident])
    how = f" by the text “{text}”" if text else ""
    before = {"moved": dict.fromkeys(chosen, origin["id"]), "split": ident}
    lines = [
        event(ident, moment, Event("split", f"Split off {origin['title']}{how}."), by=by, before=before),
        event(origin["id"], moment, Event("split", f"{title} was split off{how}."), by=by),
    ]
    tell(connection, lines)
    return ident


def _made_of(
    connection: sa.Connection, origin: Row, chosen: Sequence[str], title: str
) -> tuple[str, dict[str, object]]:
    """Title and parts of the first of these fingerprints that rows are kept of."""
    frame = FRAMES["error_logs"].schema
    for one in chosen:
        query = sa.select(*(rows.c[name] for name in frame)).where(rows.c.fingerprint == one).limit(1)
        row = bulk.frame(connection, query)
        if row.height:
            told = triage.fingerprinted(origin["source"], as_frame(row).select(frame.names()).cast(frame))
            return title, {name: told[name][0] for name in _MADE_OF}
    return title, {}


def _child_fingerprints(
    connection: sa.Connection, parents: pl.Series, text: str, moment: datetime
) -> dict[str, str]:
    """parent -> the fingerprint of its rows that have the text; made where it is not there yet."""
    made = {}
    known = {
        row["fingerprint"]: row
        for row in connection.execute(
            sa.select(fingerprints).where(bulk.among(connection, fingerprints.c.fingerprint, parents))
        ).mappings()
    }
    for parent in parents:
        child = made[parent] = child_of(parent, text)
        values = {
            "group_id": known[parent]["group_id"],
            "title": f"{known[parent]['title']} (with “{text}”)",
            "masks": triage.MASKS_VERSION,
            "parent": parent,
            "contains": text,
            "split_at": moment,
        }
        there = connection.execute(
            sa.select(fingerprints.c.fingerprint).where(fingerprints.c.fingerprint == child)
        ).first()
        if there is None:
            connection.execute(sa.insert(fingerprints).values(fingerprint=child, **values))
        else:
            connection.execute(
                sa.update(fingerprints).where(fingerprints.c.fingerprint == child).values(**values)
            )
    return made


def _fingerprints_of(connection: sa.Connection, ids: Iterable[str]) -> list[str]:
    query = sa.select(fingerprints.c.fingerprint).where(bulk.among(connection, fingerprints.c.group_id, ids))
    return list(connection.execute(query.order_by(fingerprints.c.fingerprint)).scalars())
