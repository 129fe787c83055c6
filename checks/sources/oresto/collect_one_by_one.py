"""Collects what is asked client by client or address by address: order lists and delivery dates (guide, 8.4 and 8.15).

A full run asks for all of them. Any other asks for those that are new and, in turn, for some of the rest, and takes
the others from the last snapshot: what changes behind the program's back is seen within a few days. Order lists are judged
beside the products of today, so a kept one that names what is no product now is asked again too.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Collection, Hashable, Iterator
from concurrent.futures import Future, wait
from datetime import UTC, datetime
from typing import Any, TypeVar
from zlib import crc32

import msgspec
import polars as pl

from checks.errors import NotFound, SourceError
from checks.frames import FRAMES, Frames
from checks.sources.moments import dates, unreadable
from checks.sources.oresto.collecting import Task
from checks.sources.rows import Shape
from checks.sources.task import fitting

#: What one request asks for: cells of the frame that lists whom to ask.
Asked = dict[str, Any]
Answer = tuple[pl.DataFrame, Shape]
Ask = Callable[[Task, Asked], Answer]
#: Of rows that would be kept from the last snapshot, the keys to ask again, whoever's turn it is.
Doubtful = Callable[[Task, pl.DataFrame], Collection[Any]]

K = TypeVar("K", bound=Hashable)

#: How many times `per_client_requests` may be asked again because what is kept of them is in doubt.
_MOST_DOUBTFUL = 10


def order_lists(task: Task) -> pl.DataFrame:
    """GET Clients/OrderListItems: the article numbers of one client's order list."""
    return one_by_one(task, "clients", ("client_number",), _order_list, _naming_no_product)


def delivery_dates(task: Task) -> pl.DataFrame:
    """GET ClientLocationDeliveryDates: the days, without zone, on which one address may be delivered to."""
    return one_by_one(task, "client_locations", ("location_id", "client_number"), _delivery_dates)


def due(keys: Collection[K], known: Collection[K], most: int, day: int) -> set[K]:
    """Which of `keys` are asked on this day: those not `known`, and at most `most` of the others.

    The others stand in the order of a hash and are cut into as many parts as it takes; each day has its part. Nothing
    is remembered: with the same keys each is asked once in ceil(n / most) days, and one more or less shifts nobody by
    more than a part.
    """
    rest = sorted(set(keys) & set(known), key=lambda key: (crc32(str(key).encode()), str(key)))
    parts = math.ceil(len(rest) / most)
    size = math.ceil(len(rest) / parts) if parts else 0
    start = day % parts * size if parts else 0
    return (set(keys) - set(known)) | set(rest[start : start + size])


def day_number(moment: datetime) -> int:
    return moment.astimezone(UTC).toordinal()


def one_by_one(
    task: Task, of: str, columns: tuple[str, ...], ask: Ask, doubtful: Doubtful | None = None
) -> pl.DataFrame:
    """The task's frame, put together from a request for each row of frame `of`.

    Args:
        columns: of frame `of`: first its key, then what a request needs beside.
        ask: one request; runs in the pool, several at once.
        doubtful: which others than those whose turn it is are asked too, up to `_MOST_DOUBTFUL` times as many.

    Raises SourceError when one of them fails, or `of` is not to be trusted. Only what does not exist any more (404) is
    left out, unless nothing does.
    """
    everybody = _everybody(task, of, columns)
    known = task.known_with(of)
    if known is None:
        return pl.concat([FRAMES[task.frame].empty(), *_answers(task, everybody, ask)])
    key, most = columns[0], task.client.source.per_client_requests
    before = known[of].data[key].to_list()
    today = due(everybody[key].to_list(), before, most, day_number(task.now))
    others, kept = _kept(task, known[task.frame].data, everybody, columns, today)
    if doubtful is not None:
        today |= _in_doubt(task, set(doubtful(task, kept)), most * _MOST_DOUBTFUL)
        others, kept = _kept(task, kept, everybody, columns, today)
    task.mode, task.base = "changes", known[task.frame]
    _tell(task, everybody.height, others.height)
    asked = everybody.join(others, on=key, how="anti", maintain_order="left")
    return pl.concat([kept, *_answers(task, asked, ask)])


def _kept(
    task: Task, rows: pl.DataFrame, everybody: pl.DataFrame, columns: tuple[str, ...], asked: Collection[Any]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Who is not `asked`, and what was known of them; that they are there, and whose, this run's list says."""
    key = columns[0]
    of_asked = pl.col(key).is_in(pl.Series(list(asked), dtype=everybody[key].dtype).implode())
    others = everybody.filter(~of_asked)
    kept = rows.select(key, pl.exclude(columns)).join(others, on=key, maintain_order="left")
    return others, kept.select(FRAMES[task.frame].schema.names())


def _in_doubt(task: Task, keys: set[K], most: int) -> set[K]:
    """Those of `keys` that are asked in this run: all, or where there are too many some a day in turn."""
    asked = due(keys, keys, most, day_number(task.now))
    if len(asked) < len(keys):
        told = f"Of {len(keys):,} that are known only from before and may have changed, {len(asked):,} were asked."
        task.messages.append(told)
    return asked


def _tell(task: Task, all_of_them: int, others: int) -> None:
    """Says how much of the frame is not of this run."""
    if not others or task.base is None:
        return
    whole = task.base.full_at
    since = "" if whole is None else f", none from before {whole.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    asked = all_of_them - others
    task.messages.append(
        f"{asked:,} of {all_of_them:,} were asked; what is known of the others is older{since}."
    )


def _naming_no_product(task: Task, kept: pl.DataFrame) -> set[str]:
    """Clients whose kept list names an article that is neither an own nor a linked product of this run.

    A product that was deleted has left the lists with it, and an item that was wrong may be repaired: beside today's
    products the list of some days ago would be found wrong for as long as it is kept.
    """
    try:
        products = [task.needs(frame) for frame in ("products", "linked_products")]
    except SourceError:
        return set()  # nothing judges order lists without them
    numbers = pl.concat([_trimmed(rows) for rows in products])
    strange = kept.filter(~_trimmed(kept).is_in(numbers.implode()))
    return set(strange["client_number"])


def _trimmed(rows: pl.DataFrame) -> pl.Series:
    return rows["article_number"].str.strip_chars()


def _everybody(task: Task, of: str, columns: tuple[str, ...]) -> pl.DataFrame:
    """These columns of another frame of this run. Raises SourceError where they do not name everybody."""
    source, frame = task.client.source.name, FRAMES[task.frame].title
    rows = task.needs(of).select(columns)
    untrusted = Frames(source, {of: task.result(of)}).why_missing(of, columns)
    if untrusted is not None:
        raise SourceError(source, frame, f"whom to ask for is not known. {untrusted}")
    complete = rows.drop_nulls()
    if complete.height < rows.height:
        lost = rows.height - complete.height
        told = f"{lost:,} of {rows.height:,} rows of {FRAMES[of].title} have no {' or no '.join(columns)} to ask with."
        raise SourceError(source, frame, told)
    return complete


def _answers(task: Task, rows: pl.DataFrame, ask: Ask) -> Iterator[pl.DataFrame]:
    """What each row's request brought, in their order."""
    gone: list[NotFound] = []
    for done, answer in enumerate(_several(task, rows.to_dicts(), ask), start=1):
        if isinstance(answer, NotFound):
            gone.append(answer)
        else:
            found, shape = answer
            task.shape.add(shape)
            yield found
        task.show(done, rows.height)
    if gone and len(gone) == rows.height:
        raise gone[0]  # more likely a path that this server does not have
    if gone:
        task.messages.append(f"{len(gone):,} of {rows.height:,} that were asked for do not exist any more.")


def _several(task: Task, rows: list[Asked], ask: Ask) -> Iterator[Answer | NotFound]:
    """As many requests at once as there are connections: a long list must not keep the other collectors waiting."""

    def attempt(row: Asked) -> Answer | NotFound:
        try:
            return ask(task, row)
        except NotFound as error:
            return error
        except SourceError as error:
            raise error.again(f"{error.what} of {', '.join(f'{value}' for value in row.values())}") from None

    under_way: deque[Future[Answer | NotFound]] = deque()
    try:
        for row in rows:
            task.progress.check_stop()
            under_way.append(task.pool.submit(attempt, row))
            if len(under_way) >= task.client.source.max_connections:
                yield under_way.popleft().result()
        while under_way:
            task.progress.check_stop()
            yield under_way.popleft().result()
    finally:
        started = [future for future in under_way if not future.cancel()]
        if not task.progress.stopping:  # nothing is under way any more when this frame has failed
            wait(started)


def _order_list(task: Task, client: Asked) -> Answer:
    number = client["client_number"]

    def decode(raw: msgspec.Raw) -> Answer:
        articles = msgspec.json.decode(raw, type=list[str | None])
        data = {"client_number": [number] * len(articles), "article_number": articles}
        return pl.DataFrame(data, schema=FRAMES["order_lists"].schema), Shape()

    return task.client.read("Clients/OrderListItems", {"ClientNumber": number}, decode)


def _delivery_dates(task: Task, location: Asked) -> Answer:
    """A date that cannot be read is null: a row without a key, which makes the frame unusable and is told."""
    number, id_ = location["client_number"], location["location_id"]

    def decode(raw: msgspec.Raw) -> Answer:
        shape = Shape()
        text = pl.Series(msgspec.json.decode(raw, type=list[str | None]), dtype=pl.String)
        with fitting():
            days = dates(text)
        for value in unreadable(text, days):
            shape.spoil("date", f"{value!r} is not a date")
        data = {"location_id": [id_] * len(text), "client_number": [number] * len(text), "date": days}
        return pl.DataFrame(data, schema=FRAMES["delivery_dates"].schema), shape

    params = {"ClientNumber": number, "Id": str(id_)}
    return task.client.read("ClientLocationDeliveryDates", params, decode)
