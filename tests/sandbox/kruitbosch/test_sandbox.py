"""The stand-in of Kruitbosch: what it answers, and what it plants."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from checks.sandbox.kruitbosch.api import ROUTES
from checks.sandbox.kruitbosch.build import make_catalogue
from checks.sandbox.kruitbosch.rows import Catalogue
from checks.sandbox.kruitbosch.server import KruitboschSandbox
from checks.sandbox.oresto.build import make_shop
from checks.sandbox.ours import Ours, invented, ours


@pytest.fixture
def supplier() -> Iterator[KruitboschSandbox]:
    with KruitboschSandbox(size=40) as running:
        yield running


@pytest.fixture
def guest(supplier: KruitboschSandbox) -> Iterator[httpx.Client]:
    """Somebody who did not sign in."""
    with httpx.Client(base_url=supplier.base_url) as client:
        yield client


@pytest.fixture
def customer(supplier: KruitboschSandbox, guest: httpx.Client) -> httpx.Client:
    """Somebody who did."""
    answer = guest.post("/auth/credentials", json={"UserName": supplier.login, "Password": supplier.password})
    assert answer.status_code == 200
    return guest


def error_of(answer: httpx.Response) -> tuple[int, str]:
    status: dict[str, Any] = answer.json()["ResponseStatus"]
    assert status["Message"]
    return answer.status_code, status["ErrorCode"]


def test_without_a_session_nothing_is_told(guest: httpx.Client) -> None:
    for path in ("/Products", "/Products/Groups", "/Customer/StocksAndPrices"):
        assert error_of(guest.get(path)) == (401, "Unauthorized")


def test_a_wrong_password_gives_no_session(supplier: KruitboschSandbox, guest: httpx.Client) -> None:
    answer = guest.post("/auth/credentials", json={"UserName": supplier.login, "Password": "no"})
    assert error_of(answer) == (401, "Unauthorized")
    assert not answer.cookies


def test_a_session_that_was_ended_is_refused(supplier: KruitboschSandbox, customer: httpx.Client) -> None:
    assert customer.get("/Products").status_code == 200
    supplier.expire()
    assert customer.get("/Products").status_code == 401


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/Nothing", (404, "NotFound")),
        ("/Products?IsBike=maybe", (400, "ArgumentException")),
    ],
)
def test_errors_are_servicestack_s(customer: httpx.Client, path: str, expected: tuple[int, str]) -> None:
    assert error_of(customer.get(path)) == expected


def test_a_role_that_may_not_call_an_operation(supplier: KruitboschSandbox, customer: httpx.Client) -> None:
    supplier.api.roles = {"Kassasysteem"}
    assert error_of(customer.get("/Customer/StocksAndPrices")) == (403, "Forbidden")
    assert customer.get("/Products").status_code == 200


@pytest.mark.parametrize(
    ("flag", "field"),
    [
        ("IncludeAttributes", "Attributes"),
        ("IncludeAdditionalImages", "AdditionalImages"),
        ("IncludeOriginalImages", "OriginalImages"),
        ("IncludeIntrastatCodes", "IntrastatCode"),
    ],
)
def test_what_a_flag_fills_is_not_there_without_it(customer: httpx.Client, flag: str, field: str) -> None:
    without = customer.get("/Products").json()["Products"]
    asked = customer.get("/Products", params={flag: "true"}).json()["Products"]
    assert not any(row.get(field) for row in without)
    assert any(row.get(field) for row in asked)


def test_nulls_are_left_out(customer: httpx.Client) -> None:
    rows = customer.get("/Products").json()["Products"]
    assert not [name for row in rows for name, value in row.items() if value is None]
    assert [row for row in rows if "Image" not in row]


def test_a_picture_is_a_picture(supplier: KruitboschSandbox, customer: httpx.Client) -> None:
    name = next(row["Image"] for row in customer.get("/Products").json()["Products"] if "Image" in row)
    answer = customer.get(f"/media/images/{name}")
    assert answer.headers["content-type"].startswith("image/")
    assert answer.content.startswith((b"\x89PNG", b"\xff\xd8"))
    assert customer.get("/media/images/other.jpg").status_code == 404


def test_every_operation_has_a_route() -> None:
    assert {
        "POST auth/credentials",
        "GET Products",
        "GET Products/*",
        "POST json/reply/Products",
        "GET Customer/StocksAndPrices",
    } <= set(ROUTES)


# what is planted


@pytest.fixture(scope="module", params=[1, 2, 3], ids=lambda seed: f"seed {seed}")
def known(request: pytest.FixtureRequest) -> tuple[Ours, Catalogue]:
    """A whole shop, and the supplier that knows it."""
    shop = make_shop(300, request.param)
    one = ours(shop)
    return one, make_catalogue(one, 60, request.param, shop.anchor)


def test_the_same_seed_gives_the_same_catalogue(known: tuple[Ours, Catalogue]) -> None:
    shop, _ = known
    when = make_shop(100, 1).anchor
    assert make_catalogue(shop, 60, 5, when) == make_catalogue(shop, 60, 5, when)
    assert make_catalogue(shop, 60, 5, when) != make_catalogue(shop, 60, 6, when)


def test_each_fault_is_planted(known: tuple[Ours, Catalogue]) -> None:
    _, catalogue = known
    assert set(catalogue.planted) == {
        "supplier-invalid-ean",
        "supplier-duplicate-ean",
        "supplier-missing-image",
        "supplier-price-missing",
        "supplier-blocked",
        "supplier-inactive",
        "supplier-new",
    }
    assert set(catalogue.beside) == {
        "photo-available",
        "sold-but-discontinued",
        "description-differs",
        "price-below-cost",
    }
    assert all([*catalogue.planted.values(), *catalogue.beside.values()])


def test_it_speaks_of_its_own_half_of_the_shop_only(known: tuple[Ours, Catalogue]) -> None:
    shop, catalogue = known
    numbers = {key for keys in catalogue.beside.values() for key, _ in keys}
    assert numbers <= {one.article_number for one in shop.of_odd_numbers(True)}


def test_every_active_own_article_without_photo_can_have_one_from_here(known: tuple[Ours, Catalogue]) -> None:
    shop, catalogue = known
    wanted = {
        (one.article_number, None)
        for one in shop.of_odd_numbers(True)
        if one.active and not one.linked and not one.has_photo and shop.clear_gtin(one)
    }
    assert catalogue.beside["photo-available"] == wanted


def test_an_invented_shop_will_do() -> None:
    shop = invented(160, 2)
    catalogue = make_catalogue(shop, 60, 2, make_shop(100, 1).anchor)
    assert catalogue.beside["photo-available"]
