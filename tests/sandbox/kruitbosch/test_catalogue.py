"""The stand-in itself: the same seed gives the same, flags are honoured, errors look like ServiceStack's."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest

from checks.sandbox.kruitbosch.server import KruitboschSandbox
from checks.sandbox.ours import ends_odd, invented

AT = datetime(2026, 11, 20, 6, tzinfo=UTC)


def test_the_same_seed_gives_the_same_and_another_another() -> None:
    one, same, other = (KruitboschSandbox(seed=seed, clock=lambda: AT) for seed in (3, 3, 4))
    assert one.api.catalogue == same.api.catalogue
    assert one.api.catalogue != other.api.catalogue


def test_what_is_planted_beside_is_of_our_half() -> None:
    supplier = KruitboschSandbox(invented(300, 5), seed=5)
    for keys in supplier.truth_beside().values():
        assert all(ends_odd(article) for article, _ in keys)
    assert set(supplier.truth_beside()) == {
        "photo-available",
        "sold-but-discontinued",
        "description-differs",
        "price-below-cost",
    }


@pytest.fixture
def client() -> object:
    with (
        KruitboschSandbox() as supplier,
        httpx.Client(base_url=supplier.base_url) as client,
    ):
        yield client


class TestWire:
    def test_nothing_without_a_session(self, client: httpx.Client) -> None:
        answer = client.get("/Products")
        assert (answer.status_code, answer.json()["ResponseStatus"]["ErrorCode"]) == (401, "Unauthorized")

    def test_a_session_by_cookies(self, client: httpx.Client) -> None:
        answer = client.post("/auth/credentials", json={"UserName": "demo", "Password": "wrong"})
        assert answer.status_code == 401
        supplier = KruitboschSandbox()
        given = {"UserName": supplier.login, "Password": supplier.password}
        assert "ss-id" in client.post("/auth/credentials", json=given).cookies
        rows = client.get("/Products").json()["Products"]
        assert all(row["Attributes"] == [] and not row["InActive"] for row in rows)
        more = client.get("/Products", params={"IncludeInActive": "true", "ExcludeBlocked": "true"}).json()[
            "Products"
        ]
        assert any(row["InActive"] for row in more)
        assert not any(row["Blocked"] for row in more)
        assert client.get("/Products/10/101").json()["Products"]
        assert client.get("/Nothing").status_code == 404
        wrong = client.get("/Products", params={"IsBike": "perhaps"})
        assert (wrong.status_code, "IsBike" in wrong.text) == (400, True)

    def test_a_picture_is_one(self, client: httpx.Client) -> None:
        picture = client.get("/media/images/kb-100003.jpg")
        assert picture.headers["content-type"].startswith("image/")
        assert client.get("/media/images/nothing.jpg").status_code == 404
