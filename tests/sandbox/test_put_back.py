"""A product that was deleted can be put back exactly, with all that went along."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from checks.sandbox import Sandbox
from checks.sandbox.oresto.planted import FORBIDDEN


@pytest.mark.parametrize("photo_urls", [True, "relative"])
def test_what_is_deleted_and_posted_again_is_as_before(
    open_client: Callable[..., httpx.Client],
    as_post: Callable[[dict[str, Any]], dict[str, Any]],
    photo_urls: bool | str,
) -> None:
    with Sandbox(size=200, seed=11, photo_urls=photo_urls) as sandbox:  # type: ignore[arg-type]
        api = open_client(sandbox)
        before = sandbox.dump()
        photos = api.get("ProductPhotos").json()["ProductPhotos"]
        prices = api.get("ClientProducts").json()["ClientProducts"]
        numbers = [
            number for number, _ in sandbox.truth()["own-became-central"] if not set(number) & set(FORBIDDEN)
        ]
        for number in numbers:
            key = {"WholesalerArticleNumber": number}
            product = api.get("Products/GetByWholesalerArticleNumber", params=key).json()["Product"]
            pictures = [
                (row, api.get(httpx.URL(sandbox.base_url).join(row["PhotoUrl"])).content)
                for row in photos
                if row["WholesalerArticleNumber"] == number
            ]
            api.delete("Products", params=key)
            assert api.post("Products", json=as_post(product)).status_code == 200
            for row, data in pictures:
                body = {**key, "PhotoName": row["PhotoName"], "LanguageCode": row["LanguageCode"]}
                answer = api.post("ProductPhotos", json={**body, "Photo": base64.b64encode(data).decode()})
                assert answer.status_code == 200
            for row in prices:
                if row["WholesalerArticleNumber"] == number:
                    assert api.post("ClientProducts", json=row).status_code == 200
        assert len(numbers) > 10
        assert sandbox.dump() == before


def test_a_deleted_product_is_missing_from_the_dump(sandbox: Sandbox, api: httpx.Client) -> None:
    """So the comparison above can fail."""
    before = sandbox.dump()
    number = next(iter(before["own"]))
    api.delete("Products", params={"WholesalerArticleNumber": number})
    assert sandbox.dump() != before
