"""What is measured of the sandbox's answers, and servers that miscount or changed their fields."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from checks.sandbox import Sandbox
from checks.sandbox.oresto.desk import DRIFT_GONE, DRIFT_NEW, DRIFT_RETYPED

Variant = Callable[..., httpx.Client]
PLAIN = {"Accept-Encoding": "identity"}


def test_requests_and_bytes_are_counted_by_route(sandbox: Sandbox, api: httpx.Client) -> None:
    sizes = [len(api.get("Brands", params={"x": number}, headers=PLAIN).content) for number in range(2)]
    assert sandbox.traffic() == {"GET Brands": {"requests": 2, "bytes": sum(sizes), "wire": sum(sizes)}}


def test_photos_and_addresses_are_one_route_each(sandbox: Sandbox, api: httpx.Client) -> None:
    for photo in api.get("ProductPhotos").json()["ProductPhotos"][:3]:
        api.get(photo["PhotoUrl"])
    api.delete("ClientLocations/1", params={"ClientNumber": "C1"})
    assert sandbox.traffic()["GET media/photos/*"]["requests"] == 3
    assert sandbox.traffic()["DELETE ClientLocations/*"]["requests"] == 1


def test_traffic_over_http(sandbox: Sandbox, api: httpx.Client) -> None:
    api.get("Brands")
    assert httpx.get(f"{sandbox.control_url}/traffic").json() == sandbox.traffic()


def test_reset_counts_from_nought(sandbox: Sandbox, api: httpx.Client) -> None:
    api.get("Brands")
    sandbox.reset()
    assert sandbox.traffic() == {}


def test_long_answers_are_gzipped_for_who_takes_it(sandbox: Sandbox, api: httpx.Client) -> None:
    plain = api.get("CentralProducts", headers=PLAIN)
    squeezed = api.get("CentralProducts", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert squeezed.headers["content-encoding"] == "gzip"
    assert squeezed.json()["CentralProducts"] == plain.json()["CentralProducts"]
    sent = sandbox.traffic()["GET CentralProducts"]
    assert sent["wire"] < 0.7 * sent["bytes"]
    assert squeezed.num_bytes_downloaded == sent["wire"] - len(plain.content)


@pytest.mark.parametrize("accepted", ["identity", "br", "gzip;q=0", "*;q=0, identity"])
def test_nothing_is_gzipped_for_who_does_not(api: httpx.Client, accepted: str) -> None:
    answer = api.get("CentralProducts", headers={"Accept-Encoding": accepted})
    assert "content-encoding" not in answer.headers


def test_short_answers_and_photos_stay_as_they_are(api: httpx.Client) -> None:
    photo = api.get("ProductPhotos").json()["ProductPhotos"][0]["PhotoUrl"]
    for path in ("CentralProducts/Count", photo):
        assert "content-encoding" not in api.get(path).headers


def test_a_server_that_miscounts(variant: Variant) -> None:
    honest, other = variant(), variant(miscount=3)
    for params, more in (({}, 3), ({"DeletedProducts": "true"}, 0)):
        counts = [
            client.get("CentralProducts/Count", params=params).json()["TotalProducts"]
            for client in (honest, other)
        ]
        assert counts[1] - counts[0] == more


def test_a_server_whose_fields_changed(variant: Variant) -> None:
    plain, other = (
        client.get("Products").json()["Products"][0] for client in (variant(), variant(drift=True))
    )
    assert set(other) - set(plain) == {DRIFT_NEW}
    assert set(plain) - set(other) == {DRIFT_GONE}
    assert type(plain[DRIFT_RETYPED]) is not type(other[DRIFT_RETYPED])


def test_a_product_by_its_number_has_the_changed_fields_too(variant: Variant) -> None:
    client = variant(drift=True)
    number = client.get("Products").json()["Products"][0]["WholesalerArticleNumber"]
    params = {"WholesalerArticleNumber": number}
    row = client.get("Products/GetByWholesalerArticleNumber", params=params).json()["Product"]
    assert DRIFT_NEW in row


def test_the_truth_knows_what_the_server_does_wrong() -> None:
    assert not {"collection-incomplete", "schema-drift"} & set(Sandbox(size=100).truth())
    truth = Sandbox(size=100, miscount=2, drift=True).truth()
    assert truth["collection-incomplete"] == {("central_products", None)}
    assert truth["schema-drift"] == {("products", field) for field in (DRIFT_NEW, DRIFT_GONE, DRIFT_RETYPED)}
