"""The sandbox's own tests talk to it with bare httpx: another program must not be needed to judge it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest

from checks.sandbox import Sandbox

Rows = list[dict[str, Any]]


def connect(sandbox: Sandbox, **options: Any) -> httpx.Client:
    return httpx.Client(
        base_url=f"{sandbox.base_url}/", auth=(sandbox.login, sandbox.password), timeout=10, **options
    )


@pytest.fixture(scope="session")
def quiet() -> Iterator[Sandbox]:
    """A sandbox that no test changes."""
    with Sandbox(size=300, seed=3) as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def reader(quiet: Sandbox) -> Iterator[httpx.Client]:
    with connect(quiet) as client:
        yield client


@pytest.fixture(scope="session")
def _running() -> Iterator[Sandbox]:
    with Sandbox(size=100, seed=7) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(_running: Sandbox) -> Sandbox:
    """A sandbox for one test: as if it had just been made."""
    _running.reset()
    return _running


@pytest.fixture
def api(sandbox: Sandbox) -> Iterator[httpx.Client]:
    with connect(sandbox) as client:
        yield client


@pytest.fixture
def open_client() -> Iterator[Callable[..., httpx.Client]]:
    """Clients that are closed with the test: `open_client(sandbox)`."""
    with ExitStack() as opened:
        yield lambda sandbox, **options: opened.enter_context(connect(sandbox, **options))


@pytest.fixture
def variant() -> Iterator[Callable[..., httpx.Client]]:
    """A client on a sandbox with these options: `variant(page_cap=10)`."""
    with ExitStack() as running:

        def make(**options: Any) -> httpx.Client:
            sandbox = running.enter_context(Sandbox(**{"size": 100, "seed": 7, **options}))
            return running.enter_context(connect(sandbox))

        yield make


@pytest.fixture(scope="session")
def all_rows() -> Callable[..., Rows]:
    """Reads a list to its end: `all_rows(client, "Products")`."""

    def read(client: httpx.Client, path: str, **params: Any) -> Rows:
        rows: Rows = []
        page = 1
        while True:
            answer = client.get(path, params={**params, "Page": page, "PageSize": 1000}).json()
            found = next(
                value for name, value in answer.items() if name not in ("RequestInformation", "Errors")
            )
            if not found:
                return rows
            rows += found
            page += 1

    return read


@pytest.fixture(scope="session")
def as_post() -> Callable[[dict[str, Any]], dict[str, Any]]:
    """The POST Products body of what GET showed."""

    def body(product: dict[str, Any]) -> dict[str, Any]:
        same = [
            "Active",
            "EanCode",
            "Localizations",
            "MultiplierAmount",
            "OnOrder",
            "OrderQuantity",
            "PromoValidFrom",
            "PromoValidUntil",
            "SalesPriceList",
            "SalesPriceListPromo",
            "TemporarilyUnavailable",
            "TotalContent",
            "VatPercentage",
            "WholesalerArticleNumber",
            "WholesalerProductLocalizations",
        ]
        multiplier, producer, suppliers = (
            product["MultiplierContentType"],
            product["Producer"],
            product["Suppliers"],
        )
        return {
            **{name: product[name] for name in same},
            "BrandId": product["Brand"]["Id"],
            "CategoryId": product["Categories"][0]["Id"],
            "ContentType": product["ContentType"]["Abbreviation"],
            "MultiplierAbbreviation": multiplier and multiplier["Abbreviation"],
            "ProducerId": producer and producer["Id"],
            "StorageConditionId": product["StorageCondition"]["Id"],
            "Supplier": {name: suppliers[0][name] for name in ("Id", "ArticleCode")} if suppliers else None,
            "UnitSalesPrice": product["UnitSalesPrice"]["Abbreviation"],
        }

    return body


@pytest.fixture
def good_body(api: httpx.Client) -> dict[str, Any]:
    """A POST Products body that is right in everything."""
    leaf = api.get("Categories/GetConcatenated").json()["Categories"][0]["Id"]
    return {
        "WholesalerArticleNumber": "NEW1",
        "Active": True,
        "BrandId": api.get("Brands").json()["Brands"][0]["Id"],
        "CategoryId": leaf,
        "ContentType": "KG",
        "EanCode": "5400000000003",
        "OnOrder": False,
        "SalesPriceList": 9.95,
        "StorageConditionId": 1,
        "UnitSalesPrice": "ST",
    }


def messages(answer: httpx.Response) -> list[str]:
    """All sentences of a refusal."""
    body = answer.json()
    return [*body["Errors"], *(error["Message"] for error in body.get("ModelStateErrors") or [])]


@pytest.fixture(scope="session")
def sentences() -> Callable[[httpx.Response], list[str]]:
    return messages
