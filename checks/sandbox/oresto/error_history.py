"""Makes the error log of the last two weeks: the requests of the wholesaler's own system that went wrong.

It tells a story. At night the system saves the products that are wrong in the shop, and the API refuses them for just that;
by day people and other jobs fail now and then. Two days ago somebody began to save products under categories that have
subcategories, and since yesterday the central database does not answer in time any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import cycle
from random import Random
from typing import Any

import msgspec

from checks.sandbox.oresto.moments import day_start
from checks.sandbox.oresto.planter import Truth
from checks.sandbox.oresto.rows import ErrorLog, Own, Sales

_DAYS = 14
_LEAST = timedelta(minutes=20)  # before the anchor: nothing fails in the very moment the shop is made

#: Rows of the last 24 hours of the problem that rose sharply.
_SURGE = 40
#: Products that a night's job gets to before it stops for the day.
_A_NIGHT = 3

_TIME_OUT = "Execution Timeout Expired. The timeout period elapsed prior to completion of the operation."


def make_error_logs(
    rng: Random,
    own: Sequence[Own],
    sold: Sequence[Sales],
    client_numbers: Sequence[str],
    truth: Truth,
    anchor: datetime,
    count: int = 180,
) -> list[ErrorLog]:
    """Oldest first, the same for the same dice. Failing requests come again until somebody repairs them, as in real life.

    Args:
        own: the shop's own products, of which `truth` says what is wrong with them.
        sold: products that are sold, own and linked.
        count: as many rows, when they are enough for the story.
    """
    story = _Story(rng, own, sold, client_numbers, truth, anchor)
    rows = [*story.nightly(), *story.now_and_then(), *story.just_begun(), *story.surge()]
    rows += [story.by_day() for _ in range(count - len(rows))]
    rows.sort(key=lambda row: row.at)
    for number, row in enumerate(rows, start=1):
        row.id = number
    return rows


class _Story:
    def __init__(
        self,
        rng: Random,
        own: Sequence[Own],
        sold: Sequence[Sales],
        client_numbers: Sequence[str],
        truth: Truth,
        anchor: datetime,
    ) -> None:
        self._rng = rng
        self._sold = sold
        self._anchor = anchor
        wrong = truth.at(anchor)
        references = wrong.get("invalid-reference", set())
        self._of_brand = [row for row in own if (row.article_number, "brand") in references]
        self._of_code = self._with(own, wrong, "invalid-ean")
        self._without_price = self._with(own, wrong, "price-missing")
        self._not_leaf = self._with(own, wrong, "category-not-leaf")
        taken = set(client_numbers)
        numbers = (f"C{number}" for number in range(90_000, 100_000))
        self._strangers = [
            number for number, _ in zip((n for n in numbers if n not in taken), "ab", strict=False)
        ]

    @staticmethod
    def _with(own: Sequence[Own], wrong: dict[str, set[tuple[str, str | None]]], check: str) -> list[Own]:
        keys = {key for key, _ in wrong.get(check, set())}
        return [row for row in own if row.article_number in keys]

    def nightly(self) -> Iterator[ErrorLog]:
        """Between two and three each night: products that are saved as they are, and refused as they are."""
        for products, failing in ((self._of_brand, self._brand), (self._of_code, self._code)):
            turn = cycle(products)
            for night in range(_DAYS):
                start = day_start(self._anchor, -night) + timedelta(hours=2)
                for _ in range(min(_A_NIGHT, len(products))):
                    at, row = start + timedelta(minutes=self._rng.uniform(0, 60)), next(turn)
                    if at <= self._anchor - _LEAST:
                        yield failing(at, row)

    def now_and_then(self) -> Iterator[ErrorLog]:
        """A failure in Dutch and one in French every other day, and a single one that holds what is personal."""
        for day in range(0, _DAYS, 2):
            yield self._empty_price(self._some_time(day), self._rng.choice(self._without_price or self._sold))
            yield self._no_vat(self._some_time(day), self._rng.choice(self._sold))
        body = {
            "Email": "an.peeters@klant.example",
            "FirstName": "An",
            "LastName": "Peeters",
            "PhoneNumber": "+32 470 12 34 56",
            "Password": "lente2026",
            "ClientNumber": self._strangers[0],
        }
        message = "User with e-mail an.peeters@klant.example already exists."
        yield _log(self._some_time(3), "POST", "/api/Users", 400, body, message, "user.Email")

    def just_begun(self) -> Iterator[ErrorLog]:
        """Nothing of it is older than two days."""
        for _ in range(8 if self._not_leaf else 0):
            row = self._rng.choice(self._not_leaf)
            message = (
                f"Category with id {row.category_id} has subcategories: only an end node may hold products."
            )
            body = {"WholesalerArticleNumber": row.article_number, "CategoryId": row.category_id}
            yield _log(
                self._before(hours=40), "PUT", "/api/Products", 400, body, message, "product.CategoryId"
            )

    def surge(self) -> Iterator[ErrorLog]:
        """About one a day for two weeks, and forty since yesterday."""
        for day in range(1, _DAYS):
            yield self._time_out(self._some_time(day))
        for _ in range(_SURGE):
            yield self._time_out(self._before(hours=23))

    def by_day(self) -> ErrorLog:
        """What goes wrong at any time, for no reason that lasts."""
        kinds: tuple[Callable[[datetime, Sales], ErrorLog], ...] = (
            self._client,
            self._taken,
            self._no_photo,
            self._no_body,
        )
        return self._rng.choice(kinds)(
            self._some_time(self._rng.randrange(_DAYS)), self._rng.choice(self._sold)
        )

    # when

    def _before(self, hours: float) -> datetime:
        """Less than so many hours before the shop was made."""
        return self._anchor - _LEAST - timedelta(hours=self._rng.uniform(0, hours))

    def _some_time(self, days: int) -> datetime:
        """Within a day, so many days ago."""
        return self._anchor - _LEAST - timedelta(days=days, hours=self._rng.uniform(0, 23))

    # what

    def _brand(self, at: datetime, row: Own) -> ErrorLog:
        body = {"WholesalerArticleNumber": row.article_number, "BrandId": row.brand_id, "Active": row.active}
        message = f"Brand with id {row.brand_id} does not exist."
        return _log(at, "PUT", "/api/Products", 400, body, message, "product.BrandId")

    def _code(self, at: datetime, row: Own) -> ErrorLog:
        body = {"WholesalerArticleNumber": row.article_number, "EanCode": row.ean, "Active": row.active}
        message = "The field EanCode must be a valid EAN code."
        return _log(at, "PUT", "/api/Products", 400, body, message, "product.EanCode")

    def _empty_price(self, at: datetime, row: Sales) -> ErrorLog:
        body = {"WholesalerArticleNumber": row.article_number, "SalesPriceList": None}
        message = "'Sales Price List' mag niet leeg zijn."
        return _log(at, "PUT", "/api/Products/Sales", 400, body, message, "salesProduct.SalesPriceList")

    def _no_vat(self, at: datetime, row: Sales) -> ErrorLog:
        body = {"WholesalerArticleNumber": row.article_number, "VatPercentage": None, "Active": True}
        message = "'Vat Percentage' ne doit pas avoir la valeur null."
        return _log(at, "POST", "/api/Products", 400, body, message, "product.VatPercentage")

    def _client(self, at: datetime, row: Sales) -> ErrorLog:
        client = self._rng.choice(self._strangers)
        price = {"WholesalerArticleNumber": row.article_number, "ClientNumber": client, "IsExlusive": False}
        message = f"Client with number {client} does not exist."
        url = "/api/ClientProducts/Multiple/AddOrUpdate"
        return _log(at, "POST", url, 400, {"ClientProducts": [price]}, message, "ClientNumber")

    def _taken(self, at: datetime, row: Sales) -> ErrorLog:
        body = {"WholesalerArticleNumber": row.article_number, "EanCode": None, "Active": True}
        message = f"Product with WholesalerArticleNumber {row.article_number} already exists."
        return _log(at, "POST", "/api/LinkProducts", 400, body, message, "product.WholesalerArticleNumber")

    def _no_photo(self, at: datetime, row: Sales) -> ErrorLog:
        article = row.article_number
        body = {"WholesalerArticleNumber": article, "LanguageCode": "nld", "PhotoName": f"{article}.jpg"}
        message = "The Photo field is required."
        return _log(at, "POST", "/api/ProductPhotos", 400, body, message, "productPhoto.Photo")

    def _no_body(self, at: datetime, row: Sales) -> ErrorLog:
        return _log(at, "PUT", "/api/Products/Sales", 400, None, "Request body cannot be null")

    def _time_out(self, at: datetime) -> ErrorLog:
        url = f"/api/CentralProducts?Page={self._rng.randint(1, 60)}&PageSize=1000"
        log = _log(at, "GET", url, 500, None, _TIME_OUT)
        log.exception = f"System.Data.SqlClient.SqlException: {_TIME_OUT}"
        return log


def _log(
    at: datetime, method: str, url: str, status: int, body: Any, message: str, key: str | None = None
) -> ErrorLog:
    text = None if body is None else msgspec.json.encode(body).decode()
    errors, model = ((message,), ()) if key is None else ((), ((key, message),))
    return ErrorLog(0, at, method, url, status, text, message, errors, model)
