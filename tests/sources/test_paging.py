"""A short page is not the end."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import polars as pl
import pytest

from checks.errors import Stopped
from checks.progress import Progress
from checks.sources.oresto.paging import read_pages


def read(
    pages: list[list[int]], first_page: int = 1, most_ahead: int = 4, page_size: int | None = None
) -> tuple[list[int], int]:
    """The keys read from a server with these pages, and the number of requests."""
    asked: list[int] = []

    def fetch(page: int) -> pl.DataFrame:
        asked.append(page)
        inside = first_page <= page < first_page + len(pages)
        return pl.DataFrame({"id": pages[page - first_page] if inside else []}, schema={"id": pl.Int64})

    with ThreadPoolExecutor(4) as pool:
        found = [
            row
            for page in read_pages(
                fetch,
                "id",
                first_page=first_page,
                pool=pool,
                most_ahead=most_ahead,
                progress=Progress(),
                page_size=page_size,
            )
            for row in page["id"]
        ]
    return found, len(asked)


def test_short_pages_are_read_to_the_empty_one() -> None:
    assert read([[1, 2, 3], [4], [5, 6]])[0] == [1, 2, 3, 4, 5, 6]


def test_a_server_that_repeats_its_last_page_comes_to_an_end() -> None:
    assert read([[1, 2], [3], [3], [3], [3], [3], [3], [3]])[0] == [1, 2, 3]


def test_an_empty_list_costs_one_request() -> None:
    assert read([]) == ([], 1)


def test_a_single_page_costs_few_requests() -> None:
    found, requests = read([[1, 2]])
    assert found == [1, 2]
    assert requests <= 3


def test_a_page_that_was_not_filled_asks_one_more() -> None:
    assert read([[1, 2]], page_size=1000) == ([1, 2], 2)


def test_a_server_that_gives_less_than_was_asked_is_read_several_pages_at_once() -> None:
    asked: list[int] = []
    pages = {number: pl.DataFrame({"id": [2 * number, 2 * number + 1]}) for number in range(1, 20)}
    with ThreadPoolExecutor(1) as pool:  # which does in turn what it is asked
        reading = read_pages(
            lambda page: asked.append(page) or pages[page],  # type: ignore[func-returns-value]
            "id",
            first_page=1,
            pool=pool,
            most_ahead=8,
            progress=Progress(),
            page_size=1000,
        )
        for _ in range(4):
            next(reading)
        pool.submit(lambda: None).result()
    assert len(asked) > 5


def test_a_stop_ends_the_reading() -> None:
    progress = Progress()
    progress.stop()
    with ThreadPoolExecutor(1) as pool, pytest.raises(Stopped):
        next(
            read_pages(
                lambda page: pl.DataFrame({"id": [page]}),
                "id",
                first_page=1,
                pool=pool,
                most_ahead=2,
                progress=progress,
            )
        )
