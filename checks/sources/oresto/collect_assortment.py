"""Collects own and linked products (guide, chapters 6 and 7).

By changes where the last snapshot allows it. The list of article numbers is read first and drops what was deleted;
then what was modified since the newest moment known is put in place. Own and linked products show codes and facts of
others, whose changes leave their own LastModified alone: `depending` finds those rows, and they are read again one by
one. Both lists and the central products are therefore built upon snapshots of one and the same run.

Not noticed before the next full run: a brand, producer or supplier that was renamed: the tables have the new name, the
rows the old one. No check judges their names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec
import polars as pl

from checks.errors import SourceError
from checks.frames import FRAMES
from checks.sources.changes import (
    InDoubt,
    as_parameter,
    look_back,
    merged,
    same_rows,
    watermark,
)
from checks.sources.oresto import columns, depending, wire
from checks.sources.oresto.collect_central import unchanged
from checks.sources.oresto.collecting import Task
from checks.sources.oresto.drift import look_for_drift
from checks.sources.oresto.one_row import most_rereads, object_as_list
from checks.sources.rows import Shape, decode_rows
from checks.sources.task import Known, fitting
from checks.structs import ready

PATHS = {"products": "Products", "linked_products": "LinkProducts", "central_products": "CentralProducts"}

#: What is built upon together: own and linked products show codes of each other, linked ones also central facts.
TOGETHER = ("products", "linked_products", "central_products", "deleted_central_products")

_KEY = "article_number"
_BOTH = ("products", "linked_products")

#: So many products may vanish from a list of article numbers between two runs; more looks like a list cut short.
_MOST_GONE = 50
_MOST_GONE_SHARE = 0.1


class Inside(wire.LinkedCode, rename="pascal"):
    """The unit inside or the carton around a product, with the number that tells which one it is."""

    wholesaler_article_number: str | None = None


class ProductWithOthers(wire.AssortmentProduct, rename="pascal"):
    unit_products: list[Inside] | None = None  # type: ignore[assignment]
    package_products: list[Inside] | None = None  # type: ignore[assignment]


@dataclass
class Side:
    """One of the two lists as it is being put together.

    Attributes:
        others: of each row that came from the server in this run, the article numbers of its units and cartons.
        whole: it was read whole, so each row is as the server has it now.
        error: why it could not be read whole.
    """

    task: Task
    listed: pl.Series | None
    data: pl.DataFrame
    others: dict[str, set[str]] = field(default_factory=dict)
    whole: bool = False
    error: SourceError | None = None


def assortment(task: Task) -> pl.DataFrame:
    """Own or linked products; `expected` is how many the server lists, as far as it lists them."""
    base = _base(task)
    if base is None:
        return _whole(task).data
    run, frame = task.run, task.frame
    side = run.once(f"changes of {frame}", lambda: _read(task, base), task.progress)
    run.once("assortment", lambda: _settle(task, base), task.progress)
    if side.error is not None:
        raise side.error
    if side.whole:
        return side.data
    if same_rows(side.data, base[frame].data):
        return task.carry(base[frame])
    task.mode, task.base = "changes", base[frame]
    return side.data


def _base(task: Task) -> Mapping[str, Known] | None:
    """The snapshots that both lists are built upon, or None: read them whole, after the doubt was told."""
    base = task.known_with(*(frame for frame in TOGETHER if frame != task.frame))
    missing = [FRAMES[frame].title for frame in TOGETHER if frame not in task.run.order]
    if base is not None and missing:
        task.doubt(f"{', '.join(missing)} are not collected in this run.")
        return None
    return base


def _read(task: Task, base: Mapping[str, Known]) -> Side:
    """The list with its changes merged; whole where that is in doubt."""
    listed: pl.Series | None = None
    if task.frame == "linked_products":
        _await_central(task)
    try:
        listed = _listed(task)
        return _merged(task, base[task.frame], listed)
    except InDoubt as doubt:
        return _whole(task, listed, str(doubt))
    except SourceError as error:
        return _whole(task, listed, f"the changes could not be read ({error.what}: {error.happened})")


def _merged(task: Task, known: Known, listed: pl.Series) -> Side:
    before = known.data[_KEY].drop_nulls()
    gone = before.filter(~before.is_in(listed.implode())).len()
    if gone > max(_MOST_GONE, _MOST_GONE_SHARE * before.len()):
        raise InDoubt(f"{gone:,} of {before.len():,} products are gone from the list of article numbers.")
    since = watermark(known, listed)
    side = Side(task, listed, known.data)
    changed = _rows(side, {"ModifiedDate": as_parameter(since)}).unique(_KEY, keep="last")
    look_back(known, since, changed, _KEY, gone=before.filter(~before.is_in(listed.implode())))
    look_for_drift(task.frame, known, task.shape, changed)
    side.data = merged(known, changed, _KEY, listed)
    unknown = listed.filter(~listed.is_in(side.data[_KEY].implode()))
    if unknown.len():
        raise InDoubt(
            f"{unknown[0]} is in the list of article numbers, and neither in the last snapshot nor among the changes."
        )
    task.expected = listed.len()
    return side


def _whole(task: Task, listed: pl.Series | None = None, reason: str | None = None) -> Side:
    """The whole list, and what the server's list of article numbers says about it."""
    if reason is not None:
        task.doubt(reason)
    if task.frame == "linked_products":
        _await_central(task)
    if listed is None:
        try:
            listed = _listed(task)
        except SourceError as error:
            told = "Whether all came in is not known: the list of article numbers could not be read"
            task.messages.append(f"{told} ({error.happened.rstrip('.')}).")
    side = Side(task, listed, FRAMES[task.frame].empty(), whole=True)
    side.data = _rows(side, {}, None if listed is None else listed.len())
    if listed is not None:
        missing = listed.filter(~listed.is_in(side.data[_KEY].implode()))
        if missing.len():  # deleted meanwhile, or really missing?
            missing = missing.filter(missing.is_in(_listed(task).implode()))
        if missing.len():
            task.messages.append(
                f"The server lists {missing.len():,} more that were not received, e.g. {missing[0]}."
            )
        task.expected = side.data[_KEY].n_unique() + missing.len()
    return side


def _await_central(task: Task) -> None:
    """Linked products are read after the central ones, whose facts they show: never older than those."""
    if "central_products" in task.run.order:
        task.result("central_products")


def _listed(task: Task) -> pl.Series:
    """The article numbers that the server lists now."""
    path = f"{PATHS[task.frame]}/GetWholesalerArticleNumbers"
    numbers = task.client.read(path, {}, lambda raw: msgspec.json.decode(raw, type=list[str | None]))
    return pl.Series(_KEY, numbers, dtype=pl.String).drop_nulls().unique(maintain_order=True)


def _rows(side: Side, params: Mapping[str, str], total: int | None = None) -> pl.DataFrame:
    frame, task = side.task.frame, side.task

    def to_frame(rows: list[ProductWithOthers], shape: Shape) -> pl.DataFrame:
        _note_others(side, rows)
        return columns.assortment(frame, rows, shape)

    return task.typed(PATHS[frame], params, ProductWithOthers, to_frame, total)


def _note_others(side: Side, rows: list[ProductWithOthers]) -> None:
    for row in rows:
        if row.wholesaler_article_number is None:
            continue
        if row.unit_products or row.package_products:
            inside = [*(row.unit_products or ()), *(row.package_products or ())]
            numbers = {one.wholesaler_article_number for one in inside}
            side.others[row.wholesaler_article_number] = {one for one in numbers if one is not None}
        else:
            side.others.pop(row.wholesaler_article_number, None)


def _settle(task: Task, base: Mapping[str, Known]) -> None:
    """Reads again, one by one, what shows another product that changed, until nothing does."""
    sides = {frame: side for frame in _BOTH if (side := _side_of(task, frame, base)) is not None}
    done: dict[str, set[str]] = {frame: set() for frame in _BOTH}
    users: set[str] | None = None
    again = True
    while again:
        again = False
        here = {frame: side for frame, side in sides.items() if side.error is None}
        for frame, side in here.items():
            if not side.whole and (reason := _why_whole(task, frame, here)) is not None:
                _make_whole(side, reason)
                again = True
        if again or all(side.whole for side in here.values()):
            continue
        if users is None:
            users = _users_of_central(task, base, here)
        numbers = users | depending.showing_others(
            [base[frame].data for frame in _BOTH],
            [side.data for side in here.values()],
            {number: others for side in here.values() for number, others in side.others.items()},
            base["products"].read_at,
        )
        for frame, side in here.items():
            wanted = numbers.intersection(side.data[_KEY].to_list()) - done[frame]
            if side.whole or not wanted:
                continue
            done[frame] |= wanted
            again = True
            if (reason := _read_again(side, wanted, len(done[frame]))) is not None:
                _make_whole(side, reason)


def _side_of(task: Task, frame: str, base: Mapping[str, Known]) -> Side | None:
    """The side, read by whoever gets here first; None where it failed, which its own collector tells."""
    of_frame = task.run.tasks[frame]
    assert isinstance(of_frame, Task)
    try:
        return task.run.once(f"changes of {frame}", lambda: _read(of_frame, base), task.progress)
    except SourceError:
        return None


def _why_whole(task: Task, frame: str, sides: Mapping[str, Side]) -> str | None:
    """What this list shows and was not collected, in words."""
    needed = [one for one in _BOTH if one != frame and one not in sides]
    if frame == "linked_products":
        needed += [one for one in TOGETHER[2:] if task.result(one).data is None]
    titles = ", ".join(FRAMES[one].title for one in needed)
    return f"it shows what belongs to others that could not be collected ({titles})." if needed else None


def _users_of_central(task: Task, base: Mapping[str, Known], sides: Mapping[str, Side]) -> set[str]:
    """Linked products that show a central product that is not what it was."""
    linked = sides.get("linked_products")
    if linked is None or linked.whole:
        return set()
    now = {frame: task.result(frame) for frame in TOGETHER[2:]}
    if all(unchanged(now[frame], base[frame]) for frame in now):
        return set()
    frames = [data for frame in now for data in (base[frame].data, task.needs(frame))]
    return depending.users_of_central(linked.data, *frames)


def _read_again(side: Side, numbers: set[str], total: int) -> str | None:
    """Reads these rows one by one; why the list must be read whole instead, or None when it is done."""
    limit = most_rereads(side.task, side.data)
    if total > limit:
        return f"{total:,} products show what belongs to others that changed; up to {limit:,} are read one by one."
    try:
        rows = pl.concat(side.task.pool.map(lambda number: _row(side, number), sorted(numbers)))
    except InDoubt as doubt:
        return str(doubt)
    except SourceError as error:
        return f"single products could not be read ({error.what}: {error.happened})"
    kept = side.data.filter(~pl.col(_KEY).is_in(rows[_KEY].implode()))
    side.data = pl.concat([kept, rows])
    return None


def _row(side: Side, number: str) -> pl.DataFrame:
    """One product as it is now."""
    task = side.task
    task.progress.check_stop()

    def decode(raw: msgspec.Raw) -> tuple[pl.DataFrame, Shape]:
        rows, shape = decode_rows(object_as_list(raw), ProductWithOthers)
        _note_others(side, rows)
        with fitting():
            return columns.assortment(task.frame, rows, shape), shape

    path = f"{PATHS[task.frame]}/GetByWholesalerArticleNumber"
    found, shape = task.client.read(path, {"WholesalerArticleNumber": number}, decode)
    with task.client.http.shared.lock:
        task.shape.add(shape)
    if found[_KEY].to_list() != [number]:
        raise InDoubt(f"{number} is in the list of article numbers and could not be read by its number.")
    return found


def _make_whole(side: Side, reason: str) -> None:
    try:
        whole = _whole(side.task, side.listed, reason)
    except SourceError as error:  # of this list alone: the other one goes on
        side.error = error
    else:
        side.data, side.others, side.whole = whole.data, whole.others, True


ready(__name__)
