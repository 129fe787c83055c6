"""Collects what waits for approval (ib-api, section 5): the set `unmoderated`, each beside its approved form.

The unmoderated set is asked first; where it is empty nothing more is. The approved forms cost a reading of the set
`moderated` only when no earlier snapshot has them: an article that did not wait at the last run was approved as it was
then. `X-Moderation-Date` says when the last approval was; a new one makes the set anew. Where IB does not send it, an
approval cannot be noticed, and both sets are read whole every time.

What IB counts and does not give would look as if it were approved: the frame fails then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

import polars as pl

from checks.errors import SourceError
from checks.frames import FRAMES
from checks.sources.changes import InDoubt, among, same_rows, watermark
from checks.sources.ib.client import IbClient
from checks.sources.ib.collect_catalogue import KEY, Came, Counter, by_company
from checks.sources.ib.described import WORDS, changes_of, in_words, put_back
from checks.sources.ib.paging import Reading, decode_articles, read_company
from checks.sources.rows import Shape
from checks.sources.task import Known, Task

FRAME = "catalogue_waiting"


@dataclass
class _Company:
    """What is known of one company, and what comes of it.

    Attributes:
        waited, had: its rows of the last snapshots of `catalogue_waiting` and `catalogue`; both None in a full run.
        read_at: when these were read.
        spoilt: what could not be read of its articles.
        told: what a person should know.
        stays: rows of `waited` that nothing was heard of: they are taken to wait still.
        data: rows of what IB named in this run.
    """

    name: str
    waited: pl.DataFrame | None = None
    had: pl.DataFrame | None = None
    read_at: datetime | None = None
    spoilt: Shape = field(default_factory=Shape)
    told: list[str] = field(default_factory=list)
    count: int | None = None
    stays: pl.DataFrame = field(default_factory=FRAMES[FRAME].empty)
    data: pl.DataFrame = field(default_factory=FRAMES[FRAME].empty)


def catalogue_waiting(task: Task[IbClient]) -> pl.DataFrame:
    """The collector of `catalogue_waiting`; `expected` is how many IB counts, where all was read anew."""
    source = task.client.source
    # a catalogue of what waits holds no approved form
    known = task.known_with("catalogue") if source.moderation != "unmoderated" else None
    counter = Counter(task)
    work = {one: partial(_company, task, _of(one, known), counter.came) for one in source.companies}
    read = by_company(task, work, counter)
    stays = pl.concat([FRAMES[FRAME].empty(), *(one.stays for one in read.values())])
    data = pl.concat([_still_there(task, stays), *(one.data for one in read.values())])
    for one in read.values():
        task.messages += one.told
        for name, example in one.spoilt.examples.items():
            task.shape.unreadable[name] += one.spoilt.unreadable[name]
            task.shape.examples.setdefault(name, example)
            task.unusable["changes"] = f"{name} could not be read: {example}."
    if known is None:
        counts = [one.count for one in read.values() if one.count is not None]
        task.expected = sum(counts) if len(counts) == len(read) else None
        return data
    if same_rows(data, known[FRAME].data):
        return task.carry(known[FRAME])
    task.mode, task.base = "changes", known[FRAME]
    return data


def _of(company: str, known: Mapping[str, Known] | None) -> _Company:
    if known is None:
        return _Company(company)
    mine = pl.col("company") == company
    waited, had = known[FRAME].data.filter(mine), known["catalogue"].data.filter(mine)
    return _Company(company, waited, had, known["catalogue"].read_at)


def _company(task: Task[IbClient], one: _Company, came: Came) -> _Company:
    waiting, anew = _waiting(task, one, came)
    _all_came(task, one.name, waiting)
    one.spoilt.add(_unreadable(waiting))
    fresh = waiting.data
    # the same approval: what waited and was not named again still does
    if one.waited is not None and not anew:
        one.stays = one.waited.filter(~pl.col(KEY).is_in(fresh[KEY].implode()))
    one.count = waiting.count
    if not fresh.is_empty():
        approved = _approved(task, one, fresh, waiting.approved_at, anew)
        one.data = _rows(fresh, approved, waiting.approved_at)
    return one


def _still_there(task: Task[IbClient], stays: pl.DataFrame) -> pl.DataFrame:
    """Without the articles that this run's catalogue has no more: what was withdrawn is not named among the changes.

    A catalogue that is missing, incomplete or of approved articles only proves nothing.
    """
    if stays.is_empty() or task.client.source.moderation != "both":
        return stays
    catalogue = task.result("catalogue")
    incomplete = catalogue.expected is not None and catalogue.rows < catalogue.expected
    if catalogue.data is None or incomplete or KEY in catalogue.unusable:
        return stays
    return among(stays, catalogue.data[KEY])


def _all_came(task: Task[IbClient], company: str, waiting: Reading) -> None:
    """Raises SourceError where IB counts more than it gave."""
    if waiting.count is None or waiting.data.height >= waiting.count:
        return
    raise SourceError(
        task.client.source.name,
        f"GET companies/{company}/articles (X-Moderation: unmoderated)",
        f"IB counts {waiting.count:,} articles that wait for approval and gave {waiting.data.height:,}; "
        "those that are missing would look approved.",
        "Articles may have been approved meanwhile: run again. If it stays, ask IB's support.",
    )


def _waiting(task: Task[IbClient], one: _Company, came: Came) -> tuple[Reading, bool]:
    """What waits, or what of it changed since the last run; and: is it all of it?"""
    read = partial(read_company, task.client, one.name, "unmoderated", came=came)
    if one.waited is None or one.waited.is_empty():
        return read(), True
    approved_at = one.waited["approved_at"][0]
    if approved_at is None:  # neither does IB say that there was no approval since
        return read(), True
    try:
        since = watermark(Known(one.waited, "", one.read_at))
    except InDoubt:
        return read(), True
    changed = read(since)
    if changed.approved_at == approved_at:
        return changed, False
    return read(), True


def _approved(
    task: Task[IbClient], one: _Company, fresh: pl.DataFrame, approved_at: datetime | None, anew: bool
) -> pl.DataFrame:
    """WORDS of the approved forms of what waits, as far as there are any."""
    if one.had is None or one.waited is None or one.had.is_empty() or approved_at is None:
        return _asked(task, one, fresh, approved_at, None)
    had = among(one.had, fresh[KEY])
    same = not anew or (one.waited.is_empty() and (one.read_at is None or approved_at <= one.read_at))
    if not same:  # approved since the last run: what became approved by that, and what had been before
        try:
            since = watermark(Known(one.had, "", one.read_at))
        except InDoubt:
            return _asked(task, one, fresh, approved_at, None)
        newer = _asked(task, one, fresh, approved_at, since)
        older = had.filter(pl.col("modified") <= approved_at, ~pl.col(KEY).is_in(newer[KEY].implode()))
        return pl.concat([newer, in_words(older)])
    free = had.filter(~pl.col(KEY).is_in(one.waited[KEY].implode()))
    if free.filter(pl.col("modified") > approved_at).height:
        # it changed while the last run was reading: what the catalogue has is not the approved form
        return _asked(task, one, fresh, approved_at, None)
    changed = among(one.waited.filter(kind="changed"), fresh[KEY])
    return pl.concat([in_words(free), put_back(in_words(among(had, changed[KEY])), changed)])


def _asked(
    task: Task[IbClient],
    one: _Company,
    fresh: pl.DataFrame,
    approved_at: datetime | None,
    since: datetime | None,
) -> pl.DataFrame:
    """WORDS of approved forms from the set `moderated`: all, or those modified since a moment.

    Where IB does not say when it was last approved, one article is asked first: there may be none.
    """
    if approved_at is None:
        params = {"limit": "1", "expand": "true", "allow-count": "true"}
        first = task.client.articles(one.name, params, "moderated", decode_articles(one.name))
        if first.items[0].is_empty():
            one.told.append(
                f"{one.name}: nothing has been approved yet, so all of it waits; an empty approved set is right then."
            )
            return WORDS.to_frame()
    found = read_company(task.client, one.name, "moderated", since, keep=fresh[KEY])
    one.spoilt.add(_unreadable(found))
    return in_words(found.data)


def _rows(fresh: pl.DataFrame, approved: pl.DataFrame, approved_at: datetime | None) -> pl.DataFrame:
    """`catalogue_waiting` of articles that wait: new where there is no approved form, else with what changed."""
    schema = FRAMES[FRAME].schema
    changes = changes_of(approved, _of_these(in_words(fresh), approved))
    both = fresh.join(changes, on=KEY, how="left", maintain_order="left")
    is_new = pl.col("changes").is_null()
    return both.with_columns(
        kind=pl.when(is_new).then(pl.lit("new")).otherwise(pl.lit("changed")),
        changes=pl.col("changes").fill_null(pl.lit([], schema["changes"])),
        approved_at=pl.lit(approved_at, schema["approved_at"]),
    ).select(pl.col(name).cast(dtype) for name, dtype in schema.items())


def _of_these(words: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    return words.filter(pl.col(KEY).is_in(others[KEY].unique().implode()))


def _unreadable(read: Reading) -> Shape:
    """Of a reading's shape, only what could not be read: its fields are judged with the catalogue's."""
    return Shape(unreadable=read.shape.unreadable, examples=read.shape.examples)
