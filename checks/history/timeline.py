"""The life of one thing: what was found on it, what changed in its data, what was done about it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import pairwise
from typing import Any

import polars as pl

from checks.frame_spec import UTC
from checks.frames import FRAMES
from checks.history.snapshots import Snapshot, snapshots
from checks.history.values import differences, name_of
from checks.rules import CHECKS
from checks.store import Store
from checks.store.history import FINISHED

#: `kind` is finding, data, fix or comment; `what` is a short title, `detail` the rest; newest first.
TIMELINE = pl.Schema(
    [("at", UTC), *((name, pl.String()) for name in ("kind", "what", "detail", "by", "run_id"))]
)

_Line = tuple[datetime, str, str, str | None, str | None, str | None]

_EVENTS = {
    "new": "found",
    "regressed": "found again",
    "changed": "another value",
    "fixed": "fixed",
    "accepted": "accepted",
    "snoozed": "snoozed",
    "reopened": "open again",
    "comment": "comment",
    "fix-started": "fix begun",
    "fix-failed": "fix failed",
    "put-back": "put back as it was",
    "undone": "undone",
    "undo-failed": "undoing failed",
}
#: What the journal tells better, where it still has the fix.
_OF_THE_JOURNAL = ("fix-started", "fix-failed", "put-back", "undone", "undo-failed")

_STATES = {
    "running": "under way",
    "done": "done",
    "failed": "failed",
    "undone": "undone",
    "needs_attention": "needs attention",
}

#: The frames that a thing stands in: frame -> the columns that its key is made of, in the key's order.
_STANDS_IN: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "product": dict.fromkeys(("products", "linked_products", "photos"), ("article_number",)),
    "client": {"clients": ("client_number",)},
    "user": {"users": ("email",)},
    "order": dict.fromkeys(("orders", "processed_orders"), ("order_number",)),
    "client-product": {"client_prices": ("article_number", "client_number")},
    "order-list-item": {"order_lists": ("client_number", "article_number")},
}

#: Where a row goes by itself: that it is no longer there is no news.
_SLIDING = ("processed_orders",)


def timeline(store: Store, source: str, entity: str, key: str, runs: int = 30) -> pl.DataFrame:
    """What is known of one thing's life, the newest first: `TIMELINE`.

    Args:
        entity: as findings name it (product, client, user, order, client-product, order-list-item), or a frame's name.
        key: as findings name it, e.g. an article number.
        runs: of so many of the newest finished runs the data is compared, each with the one before it.

    Events of its findings, changes of its data from run to run field by field, and the fixes of the journal that bear
    its key. A run that did not collect the data is passed over; where the snapshots begin later than the runs, a line
    says so.
    """
    fixes = store.journal.fixes(source=source, key=key)
    lines = [
        *_found(
            store,
            source,
            entity,
            key,
            {one for fix in fixes for one in (fix["finding_id"], *fix["finding_ids"])},
        ),
        *_fixed(fixes),
        *_changed(store, source, entity, key, runs),
    ]
    rows = pl.DataFrame(lines, schema=TIMELINE, orient="row")
    # of one moment, the data comes first and then what was found in it: newest first, so it stands below
    order = pl.Enum(["data", "finding", "fix", "comment"])
    return rows.sort("at", pl.col("kind").cast(order), descending=True, maintain_order=True, nulls_last=True)


def _found(
    store: Store, source: str, entity: str, key: str, in_journal: Collection[str | None]
) -> Iterator[_Line]:
    kept = store.findings(source=source, key=key, status="all").filter(pl.col("entity") == entity)
    told = {row["id"]: row for row in kept.iter_rows(named=True)}
    for event in store.events_of(told).reverse().iter_rows(named=True):
        if event["event"] in _OF_THE_JOURNAL and event["finding_id"] in in_journal:
            continue
        finding = told[event["finding_id"]]
        check = CHECKS.get(finding["check"])
        title = check.title if check else finding["check"]
        field = f" ({finding['field'].replace('_', ' ')})" if finding["field"] else ""
        name = event["event"]
        kind = "comment" if name == "comment" else "fix" if name in _OF_THE_JOURNAL else "finding"
        what = f"{title}{field}: {_EVENTS.get(name, name)}"
        yield event["at"], kind, what, event["detail"], event["by"], event["run_id"]


def _fixed(fixes: Iterable[Mapping[str, Any]]) -> Iterator[_Line]:
    for fix in fixes:
        at = fix["finished_at"] or fix["started_at"]
        if at is not None:  # planned and never begun: nothing was done
            state = _STATES.get(fix["state"], fix["state"])
            what = "Undo of" if fix["kind"] == "undo" else "Fix"
            yield at, "fix", f"{what} {fix['fix']}: {state}", fix["message"], fix["by"], None


def _changed(store: Store, source: str, entity: str, key: str, runs: int) -> Iterator[_Line]:
    wanted = _frames_of(entity)
    newest = store.runs(limit=None).filter(pl.col("status").is_in(FINISHED)).head(runs)["id"].to_list()
    for frame, columns in wanted.items():
        where = _where(frame, columns, key)
        if where is None:
            continue
        held = snapshots(store, source, frame, newest)
        readable_ones = [one for one in held if one.file is not None]
        yield from _beginning(frame, held, readable_ones)
        yield from _from_run_to_run(frame, readable_ones, where)


def _frames_of(entity: str) -> Mapping[str, tuple[str, ...]]:
    if entity in _STANDS_IN:
        return _STANDS_IN[entity]
    return {entity: FRAMES[entity].key} if entity in FRAMES else {}


def _where(frame: str, columns: tuple[str, ...], key: str) -> pl.Expr | None:
    """The rows of that key; None where it cannot be a key of this frame."""
    parts = key.split("|") if len(columns) > 1 else [key]
    if len(parts) != len(columns):
        return None
    schema = FRAMES[frame].schema
    if any(
        schema[name] == pl.Int64 and not part.isdecimal() for name, part in zip(columns, parts, strict=True)
    ):
        return None
    return pl.all_horizontal(
        pl.col(name) == pl.lit(part).cast(schema[name]) for name, part in zip(columns, parts, strict=True)
    )


def _beginning(frame: str, held: list[Snapshot], kept: list[Snapshot]) -> Iterator[_Line]:
    """That there were older snapshots, where they were purged."""
    gone = [one for one in held if one.file is None and one.collected]
    first = kept[0] if kept else None
    older = [one for one in gone if first is None or one.at < first.at]
    if older:
        at = first.at if first else older[-1].at
        yield at, "data", f"{FRAMES[frame].title}: as far back as is known", older[-1].why, None, None


def _from_run_to_run(frame: str, kept: list[Snapshot], where: pl.Expr) -> Iterator[_Line]:
    distinct = [*kept[:1], *(one for before, one in pairwise(kept) if not one.same_as(before))]
    looks = [(one, _rows(one, where)) for one in distinct]
    seen = [(one, rows) for one, rows in looks if rows is not None]
    for (_, old), (one, new) in pairwise(seen):
        for what, detail in _between(frame, old, new):
            yield one.at, "data", f"{FRAMES[frame].title}: {what}", detail, None, one.run_id


def _rows(one: Snapshot, where: pl.Expr) -> pl.DataFrame | None:
    """Its rows of that key, None where the file cannot be read.

    First their place by the key alone, then only that part of the file: a whole row of a wide frame costs as much to
    read as all rows beside it.
    """
    assert one.file is not None
    try:
        lazy = pl.scan_parquet(one.file)
        needed = {*where.meta.root_names(), *FRAMES[one.frame].key}
        if not needed <= set(lazy.collect_schema().names()):
            return None  # of another version, which knew its rows otherwise
        place = lazy.select(pl.arg_where(where)).collect().to_series()
        first, last = place.min(), place.max()
        if not isinstance(first, int) or not isinstance(last, int):
            return lazy.head(0).collect()
        return lazy.slice(first, last - first + 1).filter(where).collect()
    except (OSError, pl.exceptions.PolarsError):
        return None


def _between(frame: str, old: pl.DataFrame, new: pl.DataFrame) -> Iterator[tuple[str, str | None]]:
    """What changed between two looks at one thing: what, and in detail."""
    spec = FRAMES[frame]
    columns = {name: dtype for name, dtype in new.schema.items() if old.schema.get(name) == dtype}
    before, after = (_by_key(rows, spec.key) for rows in (old, new))
    for key in dict.fromkeys((*before, *after)):
        one, other = before.get(key), after.get(key)
        if one is None and other is not None:
            yield "added", name_of(other)
        elif other is None and one is not None and frame not in _SLIDING:
            yield "no longer there", name_of(one)
        elif one is not None and other is not None:
            for field, was, now in differences(columns, one, other):
                yield field.replace("_", " "), f"{was or 'nothing'} → {now or 'nothing'}"


def _by_key(rows: pl.DataFrame, key: tuple[str, ...]) -> dict[tuple[Any, ...], dict[str, Any]]:
    return {tuple(row[name] for name in key): row for row in rows.iter_rows(named=True)}
