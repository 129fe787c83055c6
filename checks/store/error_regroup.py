"""The kept rows grouped anew after the masks changed: problems keep their ids, states and counts wherever they can.

1. Every row gets the fingerprint of the new masks, and parts that people split off by a text are split off again.
2. The *heir* of an old fingerprint is the new one that most of its rows got. It counts in the group of the old one. So
   a fingerprint that only changed its name changes nothing; where one became several, the others begin as groups of
   their own, in the same state; where several became one, their groups are one: the oldest keeps its id.
3. Counts follow their rows. Those of rows that are gone stay with the old fingerprint, which stays in its group.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import polars as pl
import sqlalchemy as sa

from checks import triage
from checks.frames import FRAMES
from checks.store import bulk
from checks.store.engine import lock, reading, writing
from checks.store.error_counting import move_fingerprints, move_rows, recount
from checks.store.error_moving import merge_rows, new_group
from checks.store.error_splits import Split, apply, child_of, splits
from checks.store.error_state import Row, counts, event, fingerprints, groups, held, rows, state_of, tell
from checks.store.error_text import as_frame
from checks.triage.states import Event

#: Why rows are grouped anew.
MASKS = "the masks changed"


class ErrorRegroup:
    """Grouping anew."""

    engine: sa.Engine

    def regroup_if_needed(self, now: datetime | None = None) -> int:
        """Groups the kept rows anew where other masks grouped them; gives how many rows got another fingerprint."""
        with reading(self.engine) as connection:
            if not _is_needed(connection):
                return 0
        with writing(self.engine) as connection:
            lock(connection, groups)
            return regroup(connection, now or datetime.now(UTC))


def regroup(connection: sa.Connection, now: datetime) -> int:
    """`regroup_if_needed` within a transaction that holds the groups."""
    if not _is_needed(connection):
        return 0
    changed = 0
    for source in list(
        connection.execute(sa.select(rows.c.source).distinct().order_by(rows.c.source)).scalars()
    ):
        changed += regroup_source(connection, source, now)
    unused = sa.and_(
        fingerprints.c.fingerprint.not_in(sa.select(counts.c.fingerprint)),
        fingerprints.c.contains.is_(None),
        fingerprints.c.masks != triage.MASKS_VERSION,
    )
    connection.execute(sa.delete(fingerprints).where(unused))
    connection.execute(sa.update(fingerprints).values(masks=triage.MASKS_VERSION))
    return changed


def _is_needed(connection: sa.Connection) -> bool:
    query = sa.select(fingerprints.c.fingerprint).where(fingerprints.c.masks != triage.MASKS_VERSION)
    return connection.execute(query.limit(1)).first() is not None


@dataclass(frozen=True)
class _Anew:
    """Rows with `fingerprint` (as it was) and `to`; splits as they are now; the parts of each new fingerprint."""

    rows: pl.DataFrame
    splits: list[tuple[Split, Split]]  # (as it was, as it is)
    titled: Mapping[str, Row]


def regroup_source(connection: sa.Connection, source: str, now: datetime, why: str = MASKS) -> int:
    """Groups the kept rows of a source anew; gives how many got another fingerprint. `why`: a half sentence."""
    columns = FRAMES["error_logs"].columns
    query = sa.select(rows.c.source, rows.c.fingerprint, *(rows.c[name] for name in columns))
    kept = bulk.frame(connection, query.where(rows.c.source == source))
    anew = _anew(source, kept, splits(connection))
    group_of = _group_of(connection, source)
    _keep_splits(connection, anew, group_of, now)
    claims, others = _claims(connection, anew, group_of)
    survivor = _merged(connection, claims, now, why)
    touched = _mapped(connection, anew, claims, others, survivor, group_of, now, why)
    move_rows(connection, anew.rows)
    recount(connection, touched)
    _retitled(connection, touched, anew.titled)
    return anew.rows.filter(pl.col("fingerprint") != pl.col("to")).height


def _anew(source: str, kept: pl.DataFrame, made: list[Split]) -> _Anew:
    columns = FRAMES["error_logs"].schema
    told = triage.fingerprinted(source, as_frame(kept).select(columns.names()).cast(columns))
    titles = triage.titles(told)
    parts = told.group_by("fingerprint").agg(
        pl.col("method").str.to_uppercase().min(),
        *(pl.col(name).min() for name in ("route", "kind", "rule", "field")),
    )
    titled = {row["fingerprint"]: row for row in parts.join(titles, on="fingerprint").iter_rows(named=True)}
    anew = kept.with_columns(old=pl.col("fingerprint"), fingerprint=told["fingerprint"])
    parent_of = {split.child: split.parent for split in made}

    def root(one: str) -> str:
        while one in parent_of:
            one = parent_of[one]
        return one

    images: dict[str, list[str]] = {}
    roots = anew.select(pl.col("old").map_elements(root, return_dtype=pl.String), "fingerprint").unique()
    for old, new in roots.sort("old", "fingerprint").iter_rows():
        images.setdefault(old, []).append(new)
    again: list[tuple[Split, Split]] = []
    for split in made:
        for parent in images.get(split.parent, []):
            child = child_of(parent, split.contains)
            images.setdefault(split.child, []).append(child)
            again.append((split, Split(parent, split.contains, child)))
            if parent in titled:
                title = f"{titled[parent]['title']} (with “{split.contains}”)"
                titled[child] = {**titled[parent], "fingerprint": child, "title": title}
    anew = apply(anew, [new for _, new in again]).rename({"fingerprint": "to", "old": "fingerprint"})
    return _Anew(anew.select("source", "row_id", "at", "fingerprint", "to"), again, titled)


def _group_of(connection: sa.Connection, source: str) -> dict[str, str]:
    """fingerprint -> its group, of a source."""
    query = (
        sa.select(fingerprints.c.fingerprint, fingerprints.c.group_id)
        .join(groups, groups.c.id == fingerprints.c.group_id)
        .where(groups.c.source == source)
    )
    return {row.fingerprint: row.group_id for row in connection.execute(query)}


def _keep_splits(connection: sa.Connection, anew: _Anew, group_of: dict[str, str], now: datetime) -> None:
    """The parts by text under their new fingerprints: in the same group, whether rows have them already or not."""
    at = {
        row.fingerprint: row.split_at
        for row in connection.execute(sa.select(fingerprints.c.fingerprint, fingerprints.c.split_at))
    }
    for was, new in anew.splits:
        if new.child in group_of:
            continue
        made = anew.titled.get(new.child)
        connection.execute(
            sa.insert(fingerprints).values(
                fingerprint=new.child,
                group_id=group_of[was.child],
                title=made["title"] if made else new.contains,
                masks=triage.MASKS_VERSION,
                parent=new.parent,
                contains=new.contains,
                split_at=at.get(was.child) or now,
            )
        )
        group_of[new.child] = group_of[was.child]


def _claims(
    connection: sa.Connection, anew: _Anew, group_of: Mapping[str, str]
) -> tuple[dict[str, set[str]], dict[str, str]]:
    """Of each new fingerprint the groups it belongs to; and of those that belong to none, what most of it was."""
    flows = anew.rows.group_by("fingerprint", "to").len().sort("len", "to", descending=[True, False])
    heirs = flows.unique("fingerprint", keep="first", maintain_order=True)
    claims: dict[str, set[str]] = {}
    for old, new in heirs.select("fingerprint", "to").iter_rows():
        claims.setdefault(new, set()).add(group_of[old])
    counted = set(connection.execute(sa.select(counts.c.fingerprint).distinct()).scalars())
    parts = {new.child for _, new in anew.splits}
    for new in flows["to"].unique().sort():
        # rows that are gone count under this very name already, or people put it where it is
        if new in group_of and (new in counted or new in parts):
            claims.setdefault(new, set()).add(group_of[new])
    first = flows.unique("to", keep="first", maintain_order=True)
    others = {new: old for old, new in first.select("fingerprint", "to").iter_rows() if new not in claims}
    return claims, others


def _merged(
    connection: sa.Connection, claims: Mapping[str, set[str]], now: datetime, why: str
) -> dict[str, str]:
    """Makes one group of those that a new fingerprint belongs to together; gives each group's survivor."""
    parent = {group: group for wanted in claims.values() for group in wanted}

    def top(group: str) -> str:
        while parent[group] != group:
            group = parent[group]
        return group

    for wanted in claims.values():
        first, *rest = sorted(wanted)
        for group in rest:
            parent[top(group)] = top(first)
    together: dict[str, list[str]] = {}
    for group in sorted(parent):
        together.setdefault(top(group), []).append(group)
    survivor: dict[str, str] = {}
    for members in together.values():
        oldest, *others = sorted(held(connection, members), key=lambda row: (row["first_seen"], row["id"]))
        if others:
            said = f" {why[0].upper()}{why[1:]}, and they are one."
            merge_rows(connection, others, oldest, now, None, "regrouped", said)
        survivor |= {member: str(oldest["id"]) for member in members}
    return survivor


def _mapped(
    connection: sa.Connection,
    anew: _Anew,
    claims: Mapping[str, set[str]],
    others: Mapping[str, str],
    survivor: Mapping[str, str],
    group_of: Mapping[str, str],
    now: datetime,
    why: str,
) -> set[str]:
    """Every new fingerprint to its group; gives the groups in which something changed."""
    touched = set(survivor.values())
    for new, wanted in sorted(claims.items()):
        ident = survivor[next(iter(wanted))]
        _name(connection, new, ident, anew.titled, new in group_of)
    for new, old in sorted(others.items()):
        home = survivor.get(group_of[old], group_of[old])
        [origin] = held(connection, home)
        made = anew.titled[new]
        named = {name: made[name] for name in ("method", "route", "kind", "rule", "field")}
        ident = new_group(connection, new, origin, state_of(origin), made["title"], named)
        _name(connection, new, ident, anew.titled, new in group_of)
        said = f"Was part of “{origin['title']}” until {why}."
        tell(connection, [event(ident, now, Event("regrouped", said))])
        touched |= {ident, origin["id"]}
    return touched


def _name(
    connection: sa.Connection, fingerprint: str, group: str, titled: Mapping[str, Row], is_there: bool
) -> None:
    if is_there:
        move_fingerprints(connection, [fingerprint], group)
        title = titled[fingerprint]["title"] if fingerprint in titled else None
        values = {"masks": triage.MASKS_VERSION, **({"title": title} if title else {})}
        connection.execute(
            sa.update(fingerprints).where(fingerprints.c.fingerprint == fingerprint).values(**values)
        )
        return
    connection.execute(
        sa.insert(fingerprints).values(
            fingerprint=fingerprint,
            group_id=group,
            title=titled[fingerprint]["title"],
            masks=triage.MASKS_VERSION,
        )
    )


def _retitled(connection: sa.Connection, touched: set[str], titled: Mapping[str, Row]) -> None:
    """A group is called after the fingerprint that most of its rows have."""
    query = (
        sa.select(fingerprints.c.group_id, counts.c.fingerprint, sa.func.sum(counts.c.rows).label("rows"))
        .join(fingerprints, fingerprints.c.fingerprint == counts.c.fingerprint)
        .where(bulk.among(connection, fingerprints.c.group_id, touched))
        .group_by(fingerprints.c.group_id, counts.c.fingerprint)
    )
    most = bulk.frame(connection, query, {"rows": pl.Int64}).sort(
        "rows", "fingerprint", descending=[True, False]
    )
    for group, fingerprint in (
        most.unique("group_id", keep="first").select("group_id", "fingerprint").iter_rows()
    ):
        if (made := titled.get(fingerprint)) is not None:
            values = {name: made[name] for name in ("title", "method", "route", "kind", "rule", "field")}
            connection.execute(sa.update(groups).where(groups.c.id == group).values(**values))
