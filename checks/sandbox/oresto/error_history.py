"""Makes the error log of the last two weeks: the requests of the wholesaler's own system that went wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

import msgspec

from checks.sandbox.oresto.rows import Client, ErrorLog, Sales


def make_error_logs(
    rng: Random, products: Sequence[Sales], clients: Sequence[Client], anchor: datetime, count: int = 180
) -> list[ErrorLog]:
    """Oldest first. Failing requests come again every night until somebody repairs them, as in real life."""
    nightly = [rng.choice(products).article_number for _ in range(5)]
    moments = sorted(anchor - timedelta(minutes=rng.uniform(20, 14 * 24 * 60)) for _ in range(count))
    return [_row(rng, number, at, products, clients, nightly) for number, at in enumerate(moments, start=1)]


def _row(
    rng: Random,
    number: int,
    at: datetime,
    products: Sequence[Sales],
    clients: Sequence[Client],
    nightly: list[str],
) -> ErrorLog:
    article = rng.choice(products).article_number
    kind = rng.randrange(7)
    if kind == 0:
        article = rng.choice(nightly)
        body = {"WholesalerArticleNumber": article, "BrandId": 4711, "Active": True}
        message = "Brand with id 4711 does not exist."
        return _log(number, at, "PUT", "/api/Products", 400, body, message, [("product.BrandId", message)])
    if kind == 1:
        body = {"WholesalerArticleNumber": article, "LanguageCode": "nld", "PhotoName": f"{article}.jpg"}
        message = "The Photo field is required."
        return _log(
            number, at, "POST", "/api/ProductPhotos", 400, body, message, [("productPhoto.Photo", message)]
        )
    if kind == 2:
        body = {"WholesalerArticleNumber": rng.choice(nightly), "EanCode": "8,71E+12"}
        message = "The field EanCode must be a valid EAN code."
        return _log(number, at, "POST", "/api/Products", 400, body, message, [("product.EanCode", message)])
    if kind == 3:
        client = rng.choice(clients).number
        body = {
            "ClientProducts": [
                {"WholesalerArticleNumber": article, "ClientNumber": client + "9", "IsExlusive": False}
            ]
        }
        message = f"Client with number {client}9 does not exist."
        return _log(
            number,
            at,
            "POST",
            "/api/ClientProducts/Multiple/AddOrUpdate",
            400,
            body,
            message,
            [("ClientNumber", message)],
        )
    if kind == 4:
        message = f"Product with WholesalerArticleNumber {article} already exists."
        body = {"WholesalerArticleNumber": article, "EanCode": None, "Active": True}
        return _log(
            number,
            at,
            "POST",
            "/api/LinkProducts",
            400,
            body,
            message,
            [("product.WholesalerArticleNumber", message)],
        )
    if kind == 5:
        message = "Request body cannot be null"
        return _log(number, at, "PUT", "/api/Products/Sales", 400, None, message, [])
    message = "Execution Timeout Expired. The timeout period elapsed prior to completion of the operation."
    log = _log(
        number,
        at,
        "GET",
        f"/api/CentralProducts?Page={rng.randint(1, 60)}&PageSize=1000",
        500,
        None,
        message,
        [],
    )
    log.exception = f"System.Data.SqlClient.SqlException: {message}"
    return log


def _log(
    number: int,
    at: datetime,
    method: str,
    url: str,
    status: int,
    body: object,
    message: str,
    model_errors: list[tuple[str, str]],
) -> ErrorLog:
    text = None if body is None else msgspec.json.encode(body).decode()
    errors = () if model_errors else (message,)
    return ErrorLog(number, at, method, url, status, text, message, errors, tuple(model_errors))
