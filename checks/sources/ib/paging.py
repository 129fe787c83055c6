"""Reads the pages of one company's articles, one after the other, by IB's cursor (ib-api, section 3).

The end is `next` = null; a short page is none, for IB may give fewer than were asked. Each page becomes a typed frame at
once, and frames are laid together as they come: what is held does not grow with the number of pages.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import msgspec
import polars as pl
from msgspec import UNSET

from checks.errors import SourceError
from checks.frames import FRAMES
from checks.sources.changes import as_parameter
from checks.sources.ib import columns
from checks.sources.ib.client import IbClient
from checks.sources.ib.wire import Article, Page
from checks.sources.rows import Shape, decode_rows
from checks.sources.task import fitting

Decoded = tuple[pl.DataFrame, Shape]

_TOGETHER = 32  # frames that are laid together into one
_IDLE = 3  # pages in a row that bring nothing


class Gathered:
    """Frames laid together as they come, larger ones less often: no frame is copied more than a few times."""

    def __init__(self, empty: pl.DataFrame) -> None:
        self._empty = empty
        self._levels: list[list[pl.DataFrame]] = [[]]

    def add(self, data: pl.DataFrame) -> None:
        level = 0
        self._levels[0].append(data)
        while len(self._levels[level]) >= _TOGETHER:
            one = _compact(pl.concat(self._levels[level], rechunk=True))
            self._levels[level] = []
            level += 1
            if level == len(self._levels):
                self._levels.append([])
            self._levels[level].append(one)

    def all(self) -> pl.DataFrame:
        """Everything in the order in which it came."""
        parts = [data for level in reversed(self._levels) for data in level]
        self._levels = [[]]
        return pl.concat([self._empty, *parts], rechunk=True)


def _compact(data: pl.DataFrame) -> pl.DataFrame:
    """The same rows in memory of their own: texts that were laid together still hold on to the buffers of every page."""
    copied = pl.from_arrow(data.to_arrow(compat_level=pl.CompatLevel.oldest()))
    assert isinstance(copied, pl.DataFrame)
    return copied.cast(data.schema)


@dataclass
class Reading:
    """What came of one company.

    Attributes:
        data: `catalogue`, each article once, the last sight of it; without prices of today (`prices.with_prices`).
        count: how many IB counts; None where it does not say.
        approved_at: the last approval of the company's assortment, as IB told it.
        by_offset: IB gave no cursor, so pages were counted; what changes meanwhile may shift them.
        whole: all was read, not only what changed.
        moved: because of a field that is not what it was.
    """

    data: pl.DataFrame
    count: int | None
    approved_at: datetime | None
    shape: Shape = field(default_factory=Shape)
    by_offset: bool = False
    whole: bool = True
    moved: bool = False


def decode_articles(company: str) -> Callable[[msgspec.Raw], Decoded]:
    """Turns the items of a page into a frame, within the retries."""

    def decode(raw: msgspec.Raw) -> Decoded:
        rows, shape = decode_rows(raw, Article)
        with fitting():
            return columns.articles(company, rows, shape), shape

    return decode


def read_company(
    client: IbClient,
    company: str,
    moderation: str,
    since: datetime | None = None,
    *,
    keep: pl.Series | None = None,
    came: Callable[[int, int | None], None] = lambda rows, count: None,
) -> Reading:
    """All articles of one company, or those changed since a moment.

    Args:
        moderation: `both`, `moderated` or `unmoderated`; always said, for a silent default may move.
        keep: article keys; no others are held.
        came: told after each page: how many articles more, and how many IB counts. May stop the reading.

    Raises SourceError for a cursor that goes round, for pages without end, and for base fields where all were asked:
    what is missing then would look empty.
    """
    params = {"expand": "true", "limit": str(client.source.page_size)}
    if since is not None:
        params["modified"] = as_parameter(since)
    gathered, shape, decode = Gathered(FRAMES["catalogue"].empty()), Shape(), decode_articles(company)
    place: dict[str, str] = {}
    cursors: set[str] = set()
    offset = idle = 0
    count: int | None = None
    last: set[str | None] = set()
    approved_at: datetime | None = None
    while True:
        first = not place
        asked = {**params, "allow-count": str(first).lower(), **place}
        answer = client.articles(company, asked, moderation, decode)
        page, (rows, seen) = answer.page, answer.items
        if page.expanded is False:
            raise _trouble(
                client, company, "came with base fields only, though all were asked (expand=true)."
            )
        if first:
            count, approved_at = page.count, answer.approved_at
        shape.add(seen)
        gathered.add(rows if keep is None else rows.filter(pl.col("article_key").is_in(keep.implode())))
        came(rows.height, count)
        if _is_last(page):
            break
        keys = set(rows["article_key"].to_list())
        idle = idle + 1 if keys <= last else 0
        if (keys and idle) or idle >= _IDLE:
            raise _trouble(
                client, company, f"go round: after {offset:,} articles a page brought nothing new."
            )
        last, offset = keys, offset + rows.height + seen.empty
        place = _next_place(page, offset)
        if (cursor := place.get("offset-id")) is not None:
            if cursor in cursors:
                raise _trouble(client, company, f"go round: the cursor {cursor[:40]} came a second time.")
            cursors.add(cursor)
    data = gathered.all().unique("article_key", keep="last", maintain_order=True)
    return Reading(data, count, approved_at, shape, by_offset="offset" in place, whole=since is None)


def _is_last(page: Page) -> bool:
    """`next` is null; where IB leaves it out, there is no cursor for another page."""
    return page.next is None or (page.next is UNSET and page.next_offset_id is None)


def _next_place(page: Page, offset: int) -> dict[str, str]:
    if page.next_offset_id is not None and str(page.next_offset_id):
        return {"offset-id": str(page.next_offset_id)}
    return {"offset": str(offset)}


def _trouble(client: IbClient, company: str, happened: str) -> SourceError:
    what = f"GET companies/{company}/articles"
    advice = "The API changed, or its cursor broke: run again; if it stays, ask IB's support."
    return SourceError(client.source.name, what, f"its pages {happened}", advice)
