"""Collects the central database, and the lists that are drawn from it (guide, chapter 5).

By changes where the last snapshot allows it: what was modified since the newest moment known, what was deleted since,
and the server's own count as the proof that nothing was missed. A code that changed is shown by the unit or carton of
the product too, whose own LastModified need not move: those are read again one by one.

Not noticed before the next full run: a brand, producer or supplier that was renamed (the tables have the new name, the
rows the old one), and, in `article_numbers`, a link that was made or undone, for neither moves a central product's
LastModified. No check judges names or `article_numbers`; linked products say themselves what they are linked to.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import polars as pl

from checks.errors import SourceError
from checks.frames import FRAMES, Collected
from checks.sources.changes import (
    InDoubt,
    as_parameter,
    differing,
    look_back,
    merged,
    same_rows,
    watermark,
)
from checks.sources.oresto import columns, lookups, wire
from checks.sources.oresto.collecting import Task, small
from checks.sources.oresto.drift import look_for_drift
from checks.sources.oresto.one_row import most_rereads, object_as_list
from checks.sources.rows import Shape, decode_rows
from checks.sources.task import Known, fitting

PATH = "CentralProducts"
DELETED = {"DeletedProducts": "true"}
_KEY = "product_id"

#: How often the changes are read when the count does not agree: something may have changed between the requests.
_ATTEMPTS = 2


def central_products(task: Task) -> pl.DataFrame:
    """All central products that were not deleted; `expected` is the server's count."""
    if task.known is not None:
        found = by_changes(task, lambda known: _central_changes(task, known))
        if found is not None:
            return found
    return _counted(task, {}, wire.CentralProduct, columns.central)


def deleted_central_products(task: Task) -> pl.DataFrame:
    """Those that were deleted and not restored since; `expected` is the server's count of them."""
    if task.known is not None and task.known.data.height:
        found = by_changes(task, lambda known: _deleted_changes(task, known))
        if found is not None:
            return found
    return _counted(task, DELETED, wire.CentralProduct, _deleted)


def central_eans(task: Task) -> pl.DataFrame:
    """The central EAN list; as it was while no central product changed."""
    carried = _carried_with(task, "central_products")
    if carried is not None:
        return carried
    codes = task.client.read(
        f"{PATH}/GetEan", {}, lambda raw: msgspec.json.decode(raw, type=list[str | None])
    )
    return pl.DataFrame({"ean": pl.Series(codes, dtype=pl.String)})


def supplier_articles(task: Task) -> pl.DataFrame:
    """Article codes by supplier; as they were while no central product and no supplier changed."""
    carried = _carried_with(task, "central_products", "suppliers")
    if carried is not None:
        return carried
    return small(task, f"{PATH}/GetArticlecodesBySupplier", {}, lookups.supplier_articles)


def by_changes(task: Task, read: Callable[[Known], pl.DataFrame]) -> pl.DataFrame | None:
    """What `read` makes of the last snapshot, carried over where it is the same; None: read it whole, the doubt is told.

    A request that fails is a doubt too: a server may refuse a parameter and yet give the whole list.
    """
    assert task.known is not None
    try:
        found = read(task.known)
    except InDoubt as doubt:
        task.doubt(str(doubt))
        return None
    except SourceError as error:
        task.doubt(f"the changes could not be read ({error.what}: {error.happened})")
        return None
    if same_rows(found, task.known.data):
        return task.carry()
    task.mode = "changes"
    return found


def _central_changes(task: Task, known: Known) -> pl.DataFrame:
    since = watermark(known)
    asked = {"ModifiedDate": as_parameter(since)}
    for _ in range(_ATTEMPTS):
        changed = task.typed(PATH, asked, wire.CentralProduct, columns.central).unique(_KEY, keep="last")
        deleted = task.typed(PATH, {**asked, **DELETED}, wire.CentralProduct, columns.central)
        gone = deleted[_KEY]
        count = _count(task, {"DeletedProducts": "false"})
        look_back(known, since, changed, _KEY, gone=gone)
        look_for_drift(task.frame, known, task.shape, changed)
        found = merged(known, changed, _KEY).filter(~pl.col(_KEY).is_in(gone.implode()))
        if found[_KEY].n_unique() == count:
            task.expected = count
            return _with_their_others(task, known, found, deleted)
    known_now = found[_KEY].n_unique()
    raise InDoubt(f"after the changes {known_now:,} products were known, the server counts {count:,}.")


def _deleted_changes(task: Task, known: Known) -> pl.DataFrame:
    since = watermark(known)
    live = task.needs("central_products")[_KEY]
    asked = {**DELETED, "ModifiedDate": as_parameter(since)}
    changed = task.typed(PATH, asked, wire.CentralProduct, _deleted).unique(_KEY, keep="last")
    look_back(known, since, changed, _KEY, gone=live)
    look_for_drift(task.frame, known, task.shape, changed)
    count = _count(task, DELETED)
    restored = pl.col(_KEY).is_in(live.implode()) & ~pl.col(_KEY).is_in(changed[_KEY].implode())
    found = merged(known, changed, _KEY).filter(~restored)
    if found.height != count:
        told = f"after the changes {found.height:,} deleted products were known, the server counts {count:,}."
        raise InDoubt(told)
    task.expected = count
    return found


def _with_their_others(task: Task, known: Known, found: pl.DataFrame, deleted: pl.DataFrame) -> pl.DataFrame:
    """`found` with the units and cartons read again whose other half has another code now, or is new or gone.

    Args:
        deleted: what was deleted or changed since and is deleted; the other half may go on showing it.
    """
    fields = ["ean", "unit_ean", "package_ean"]
    delta = differing(known.data, found, _KEY, fields)
    if delta.is_empty() and deleted.is_empty():
        return found
    moved = delta.filter(pl.col("ean").ne_missing(pl.col("ean_now")))
    old = moved["ean"].drop_nulls().implode()
    shows_old = pl.col("unit_ean").is_in(old) | pl.col("package_ean").is_in(old)
    # of each that is there, or deleted: the other half it names, which must name it in return
    named_by = pl.concat(
        [
            delta.filter("is").select(ours="ean_now", ean=pl.coalesce("unit_ean_now", "package_ean_now")),
            deleted.select(ours="ean", ean=pl.coalesce("unit_ean", "package_ean")),
        ]
    )
    halves = named_by.drop_nulls("ean")
    named = found.join(halves, on="ean").filter(
        pl.col("ours").ne_missing(pl.coalesce("unit_ean", "package_ean"))
    )
    wanted = pl.concat([found.filter(shows_old), named.select(found.columns)]).unique(_KEY)
    limit = most_rereads(task, found)
    if wanted.height > limit:
        raise InDoubt(
            f"{wanted.height:,} products show codes of others that changed; up to {limit:,} are read one by one."
        )
    rows = [_reread(task, row) for row in wanted.iter_rows(named=True)]
    again = pl.concat([FRAMES[task.frame].empty(), *rows])
    return pl.concat([found.filter(~pl.col(_KEY).is_in(again[_KEY].implode())), again])


def _reread(task: Task, row: dict[str, object]) -> pl.DataFrame:
    """One central product by its code, as it is now. Raises InDoubt where that code is not its own alone."""
    task.progress.check_stop()
    not_alone = InDoubt(
        f"product {row[_KEY]}, whose other half changed, cannot be read by its code {row['ean']}."
    )
    if row["ean"] is None:
        raise not_alone

    def decode(raw: msgspec.Raw) -> tuple[pl.DataFrame, Shape]:
        rows, shape = decode_rows(object_as_list(raw), wire.CentralProduct)
        with fitting():
            return columns.central(rows, shape), shape

    found, shape = task.client.read(f"{PATH}/GetByEan", {"EanCode": str(row["ean"])}, decode)
    task.shape.add(shape)
    if found[_KEY].to_list() != [row[_KEY]]:
        raise not_alone
    return found


def _counted(
    task: Task,
    params: dict[str, str],
    kind: type[wire.CentralProduct],
    to_frame: Callable[[list[wire.CentralProduct], Shape], pl.DataFrame],
) -> pl.DataFrame:
    """The whole list beside the server's own count of it."""
    count = _count(task, {"DeletedProducts": "false", **params})
    everything = task.typed(PATH, params, kind, to_frame, total=count)
    received = everything[_KEY].n_unique()
    if received != count:  # it may have changed meanwhile
        count = _count(task, {"DeletedProducts": "false", **params})
    if received != count:
        title = FRAMES[task.frame].title.lower()
        task.messages.append(f"The server counts {count:,} {title}, {received:,} were received.")
    task.expected = count
    return everything


def _count(task: Task, params: dict[str, str]) -> int:
    return task.client.read(f"{PATH}/Count", params, lambda raw: int(msgspec.json.decode(raw)))


def _deleted(rows: list[wire.CentralProduct], shape: Shape) -> pl.DataFrame:
    return columns.central(rows, shape).select(FRAMES["deleted_central_products"].schema.names())


def _carried_with(task: Task, *others: str) -> pl.DataFrame | None:
    """The last snapshot, when in this run each of `others` is row for row what it was then; else None."""
    known = task.known_with(*others)
    if known is None or not all(unchanged(task.result(other), known[other]) for other in others):
        return None
    return task.carry(known[task.frame], asked=False)


def unchanged(one: Collected, known: Known) -> bool:
    """Has a frame of this run the very rows of that snapshot?"""
    if one.data is None:
        return False
    if one.carried_from is not None:
        return one.carried_from == known.run_id
    return one.mode == "full" and same_rows(one.data, known.data)
