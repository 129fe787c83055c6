"""Reading a paged list to its end, several pages at once.

No source states page base, default or maximum size: a short page is not the end. Pages are asked until one is empty or
brings no new key; what moved between pages while reading is counted once, the last sight of it wins.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future

import polars as pl

from checks.progress import Progress


def read_pages(
    fetch: Callable[[int], pl.DataFrame],
    key: str,
    *,
    first_page: int,
    pool: Executor,
    most_ahead: int,
    progress: Progress,
    page_size: int | None = None,
) -> Iterator[pl.DataFrame]:
    """Yields the pages that brought something new, in order.

    Args:
        fetch: gives the frame of one page; runs in `pool`.
        key: the column that tells rows apart.
        most_ahead: how many pages may be under way. It grows from one, so that a short list costs few requests.
        page_size: how many rows were asked. A first page with fewer may be all there is, and asks only the next one; a
            second one as large as the first shows that the server gives no more at once.
    """
    seen: set[object] = set()
    under_way: deque[Future[pl.DataFrame]] = deque()
    next_page, ahead, whole_page = first_page, 1, page_size or 0
    try:
        while True:
            progress.check_stop()
            while len(under_way) < ahead:
                under_way.append(pool.submit(fetch, next_page))
                next_page += 1
            page = under_way.popleft().result()
            keys = set(page[key].to_list())
            if keys <= seen:
                return
            seen |= keys
            yield page
            if page.height >= whole_page:
                ahead = min(2 * ahead, most_ahead)
            whole_page = min(page.height, whole_page)
    finally:
        for future in under_way:
            future.cancel()
