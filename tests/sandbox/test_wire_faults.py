"""Each fault on the wire: what the client sees, and whether it was done."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable

import httpx
import pytest

from checks.sandbox import Sandbox
from checks.sandbox.wire_faults import AFTER, BEFORE


def delete_one(api: httpx.Client, number: str) -> httpx.Response:
    return api.delete("Products", params={"WholesalerArticleNumber": number}, timeout=0.3)


def first(sandbox: Sandbox) -> str:
    return str(next(iter(sandbox.dump()["own"])))


@pytest.mark.parametrize(
    ("kind", "status", "media"),
    [
        ("error-500", 500, "application/json"),
        ("error-500-after", 500, "application/json"),
        ("html", 502, "text/html"),
        ("html-200", 200, "text/html"),
        ("429", 429, "text/plain"),
        ("errors-200", 200, "application/json"),
    ],
)
def test_faults_that_answer(sandbox: Sandbox, api: httpx.Client, kind: str, status: int, media: str) -> None:
    sandbox.faults.add("GET Brands", kind)
    answer = api.get("Brands")
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith(media)


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("reset", httpx.ReadError),
        ("reset-after", httpx.ReadError),
        ("hang", httpx.ReadTimeout),
        ("hang-after", httpx.ReadTimeout),
        ("half", httpx.RemoteProtocolError),
    ],
)
def test_faults_that_break_the_connection(
    sandbox: Sandbox, api: httpx.Client, kind: str, error: type[httpx.HTTPError]
) -> None:
    sandbox.faults.add("GET Brands", kind)
    with pytest.raises(error):
        api.get("Brands", timeout=0.2)


@pytest.mark.parametrize("kind", BEFORE)
def test_a_fault_before_leaves_the_state_alone(sandbox: Sandbox, api: httpx.Client, kind: str) -> None:
    number = first(sandbox)
    sandbox.faults.add("DELETE Products", kind)
    try:
        delete_one(api, number)
    except httpx.HTTPError:
        assert kind in ("reset", "hang")
    assert number in sandbox.dump()["own"]


@pytest.mark.parametrize("kind", AFTER)
def test_a_fault_after_has_done_the_work(sandbox: Sandbox, api: httpx.Client, kind: str) -> None:
    number = first(sandbox)
    sandbox.faults.add("DELETE Products", kind)
    try:
        delete_one(api, number)
    except httpx.HTTPError:
        assert kind != "error-500-after"
    assert number not in sandbox.dump()["own"]


def test_errors_200_says_why(sandbox: Sandbox, api: httpx.Client) -> None:
    sandbox.faults.add("POST LinkProducts", "errors-200")
    answer = api.post("LinkProducts", json={"Active": True}).json()
    assert answer["Errors"]
    assert answer["ModelStateErrors"] == []


def test_429_says_when_to_come_back(sandbox: Sandbox, api: httpx.Client) -> None:
    sandbox.faults.add("*", "429", times=1, retry_after=2)
    assert api.get("Brands").headers["retry-after"] == "2"
    assert api.get("Brands").status_code == 200


def test_after_and_times_count_requests(sandbox: Sandbox, api: httpx.Client) -> None:
    sandbox.faults.add("GET Brands", "error-500", after=1, times=2)
    assert [api.get("Brands").status_code for _ in range(4)] == [200, 500, 500, 200]


@pytest.mark.parametrize(
    ("route", "hit"),
    [
        ("*", True),
        ("GET Products", True),
        ("get *", True),
        ("* Products*", True),
        ("POST *", False),
        ("GET Brands", False),
    ],
)
def test_routes_may_have_stars(sandbox: Sandbox, api: httpx.Client, route: str, hit: bool) -> None:
    sandbox.faults.add(route, "error-500")
    assert (api.get("Products").status_code == 500) == hit


def test_match_looks_into_query_and_body(sandbox: Sandbox, api: httpx.Client) -> None:
    sandbox.faults.add("*", "error-500", match="NEEDLE")
    assert api.get("Products", params={"Page": 1}).status_code == 200
    assert api.delete("Products", params={"WholesalerArticleNumber": "NEEDLE"}).status_code == 500
    assert api.post("Products", json={"WholesalerArticleNumber": "NEEDLE"}).status_code == 500


def test_a_rate_hits_the_same_requests_with_the_same_seed(open_client: Callable[..., httpx.Client]) -> None:
    def statuses() -> list[int]:
        with Sandbox(size=100, seed=5) as sandbox:
            sandbox.faults.add("*", "429", rate=0.4)
            client = open_client(sandbox)
            return [client.get("ContentTypes").status_code for _ in range(30)]

    seen = statuses()
    assert set(seen) == {200, 429}
    assert statuses() == seen


def test_clear_ends_it(sandbox: Sandbox, api: httpx.Client) -> None:
    sandbox.faults.add("*", "error-500")
    sandbox.faults.clear()
    assert api.get("Brands").status_code == 200


def test_a_kind_that_is_not_there_is_named(sandbox: Sandbox) -> None:
    with pytest.raises(ValueError, match="no such fault: 'flood'"):
        sandbox.faults.add("*", "flood")


@pytest.mark.parametrize(
    ("route", "near"),
    [
        ("GET Product", "GET Products"),
        ("GET Procucts", "GET Products"),
        ("PUT Brands", "GET Brands"),
        ("GET api/Products", "GET Products"),
        ("* ClientOrdes/*", "PUT ClientOrders/ProcessOrders"),
    ],
)
def test_a_route_that_is_not_there_is_named_with_those_near_it(
    sandbox: Sandbox, route: str, near: str
) -> None:
    with pytest.raises(ValueError, match=rf"no such route: '{re.escape(route)}'; near it: .*{near}"):
        sandbox.faults.add(route, "error-500")


@pytest.mark.parametrize(
    "route", ["*", "get PRODUCTS", "* Clients/*", "DELETE ClientLocations/5001", "PUT *"]
)
def test_a_route_that_is_there_is_believed(sandbox: Sandbox, route: str) -> None:
    assert sandbox.faults.add(route, "error-500").route == route


def test_a_photo_can_fail_too(sandbox: Sandbox, api: httpx.Client) -> None:
    url = api.get("ProductPhotos").json()["ProductPhotos"][0]["PhotoUrl"]
    sandbox.faults.add("GET media/photos/*", "error-500")
    assert api.get(url).status_code == 500


def test_the_sandbox_stops_at_once_though_a_request_hangs(open_client: Callable[..., httpx.Client]) -> None:
    sandbox = Sandbox(size=100)
    sandbox.start()
    sandbox.faults.add("*", "hang")
    client = open_client(sandbox)
    failures: list[httpx.HTTPError] = []

    def ask() -> None:
        try:
            client.get("Brands")
        except httpx.HTTPError as error:
            failures.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    while not sandbox.log:
        asking.join(0.01)
    started = time.monotonic()
    sandbox.stop()
    asking.join(5)
    assert time.monotonic() - started < 1.5
    assert len(failures) == 1
