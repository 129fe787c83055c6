"""Two runs side by side: which findings appeared and went, and what changed in the data behind them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from checks.errors import UsageError
from checks.frame_spec import FrameSpec
from checks.frames import FRAMES
from checks.history.snapshots import Snapshot, snapshots
from checks.history.values import differences, name_of, readable
from checks.store import Store

#: `RunComparison.frames`. The counts are null where the frame cannot be compared, and `note` says why.
COMPARED = pl.Schema(
    {
        "frame": pl.String,
        "title": pl.String,
        "added": pl.Int64,
        "removed": pl.Int64,
        "changed": pl.Int64,
        "note": pl.String,
    }
)

#: `frame_changes`: `kind` is added, removed or changed; values as text.
CHANGES = pl.Schema(dict.fromkeys(("key", "kind", "field", "before", "after"), pl.String))

#: Frames that hold a window of time, with the column it slides over: what is older than all of the later run has only
#: left the window.
_WINDOWS = {"processed_orders": "ordered_at"}


@dataclass(frozen=True)
class RunComparison:
    """What lies between two runs of one source.

    Attributes:
        appeared, went: findings (`findings.KEPT`, as known today) open when the one run had ended and not the other.
        frames: `COMPARED`, one row a frame that either run collected.
    """

    before: str
    after: str
    appeared: pl.DataFrame
    went: pl.DataFrame
    frames: pl.DataFrame


def compare_runs(store: Store, source: str, before: str, after: str) -> RunComparison:
    """Compares two runs; `before` and `after` are their ids. Raises UsageError for a run that is not in the store."""
    was, now = (store.open_at(run_id).filter(pl.col("source") == source) for run_id in (before, after))
    found = snapshots(store, source, run_ids=[before, after])
    held = {(one.frame, one.run_id): one for one in found}
    rows = [
        (spec.name, spec.title, *_counted(spec, held.get((name, before)), held.get((name, after))))
        for name, spec in FRAMES.items()
        if (name, before) in held or (name, after) in held
    ]
    return RunComparison(
        before,
        after,
        appeared=now.join(was, on="id", how="anti", maintain_order="left"),
        went=was.join(now, on="id", how="anti", maintain_order="left"),
        frames=pl.DataFrame(rows, schema=COMPARED, orient="row"),
    )


def frame_changes(
    store: Store, source: str, frame: str, before: str, after: str, limit: int = 1000
) -> pl.DataFrame:
    """What changed in one frame between two runs: `CHANGES`, the changed rows first, then removed, then added.

    A changed row has a line a field; of one that was added or removed the name is told. `limit`: lines at most.
    Raises UsageError, with the `note` of `compare_runs`, where the two cannot be compared.
    """
    if frame not in FRAMES:
        raise UsageError(f"There is no frame {frame!r}. Known: {', '.join(FRAMES)}.")
    spec = FRAMES[frame]
    held = {one.run_id: one for one in snapshots(store, source, frame, [before, after])}
    old, new = held.get(before), held.get(after)
    if old is not None and new is not None and old.same_as(new):
        return CHANGES.to_frame()
    both = _both(spec, old, new)
    if isinstance(both, str):
        raise UsageError(f"{spec.title} cannot be compared. {both}")
    lines = []
    for line in both.lines(limit):
        lines.append(line)
        if len(lines) == limit:
            break
    return pl.DataFrame(lines, schema=CHANGES, orient="row")


class _Both:
    """The rows of one frame in two runs, in the columns that both have."""

    def __init__(self, spec: FrameSpec, old: pl.DataFrame, new: pl.DataFrame) -> None:
        self._spec = spec
        self._key = list(spec.key)
        # A column that a later program added, or gave another type, did not change in the shop.
        self._columns = {name: dtype for name, dtype in new.schema.items() if old.schema.get(name) == dtype}
        self._old, self._new = (side.select(list(self._columns)) for side in (old, new))
        was, now = self._marked(self._old), self._marked(self._new)
        on = [*self._key, "#"]
        self.added = now.join(was, on=on, how="anti", nulls_equal=True)
        self.removed = self._still_in_window(was.join(now, on=on, how="anti", nulls_equal=True))
        both = was.join(now, on=on, how="inner", nulls_equal=True, suffix=" after")
        self.changed = both.filter(pl.col("hash") != pl.col("hash after"))

    def _marked(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Key, number among those of the same key (`#`, nearly always 0), hash of the whole row, and its position."""
        marked = rows.select(self._key).with_columns(rows.hash_rows().alias("hash")).with_row_index("row")
        return marked.sort("hash").with_columns(pl.int_range(pl.len()).over(self._key).alias("#"))

    def _still_in_window(self, gone: pl.DataFrame) -> pl.DataFrame:
        column = _WINDOWS.get(self._spec.name)
        if column is None:
            return gone
        moments = self._old[column].gather(gone["row"])
        begins = self._new[column].min()
        return gone.filter((moments >= begins).fill_null(False)) if begins is not None else gone.clear()

    def lines(self, limit: int) -> Iterator[tuple[str | None, ...]]:
        """The lines of `CHANGES`; of at most `limit` rows of each kind."""
        changed = self.changed.sort(self._key).head(limit)
        before = self._old[changed["row"]].iter_rows(named=True)
        after = self._new[changed["row after"]].iter_rows(named=True)
        for old, new in zip(before, after, strict=True):
            for field, was, now in differences(self._columns, old, new):
                yield self._text(old), "changed", field, was, now
        for row in self._old[self.removed.sort(self._key).head(limit)["row"]].iter_rows(named=True):
            yield self._text(row), "removed", None, name_of(row), None
        for row in self._new[self.added.sort(self._key).head(limit)["row"]].iter_rows(named=True):
            yield self._text(row), "added", None, None, name_of(row)

    def _text(self, row: dict[str, object]) -> str:
        return "|".join(readable(row[part]) or "" for part in self._key)


def _counted(
    spec: FrameSpec, old: Snapshot | None, new: Snapshot | None
) -> tuple[int | None, int | None, int | None, str | None]:
    """Added, removed, changed, note."""
    if old is not None and new is not None and old.file is not None and old.same_as(new):
        return 0, 0, 0, None
    both = _both(spec, old, new)
    if isinstance(both, str):
        return None, None, None, both
    return both.added.height, both.removed.height, both.changed.height, None


def _both(spec: FrameSpec, old: Snapshot | None, new: Snapshot | None) -> _Both | str:
    """Both sides, or why they cannot be compared."""
    frames = []
    for side, which in ((old, "earlier"), (new, "later")):
        if side is None:
            return f"The {which} run did not collect it."
        if side.why is not None:
            return side.why
        data = side.read()
        if data is None:
            return side.unreadable
        frames.append(data)
    if any(part not in frame.columns for part in spec.key for frame in frames):
        return "One of them was written by another version, without the column that identifies a row."
    if any(frames[0].schema[part] != frames[1].schema[part] for part in spec.key):
        return "One of them was written by another version, which knew its rows by another kind of key."
    return _Both(spec, frames[0], frames[1])
