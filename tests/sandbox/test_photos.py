"""Photos: real pictures behind the same credentials."""

from __future__ import annotations

import base64
from collections.abc import Callable
from io import BytesIO

import httpx
from PIL import Image

from checks.sandbox import Sandbox


def test_a_photo_is_a_real_picture(reader: httpx.Client) -> None:
    rows = reader.get("ProductPhotos").json()["ProductPhotos"][:8]
    for row in rows:
        answer = reader.get(row["PhotoUrl"])
        picture = Image.open(BytesIO(answer.content))
        picture.load()
        assert answer.headers["content-type"] == Image.MIME[picture.format or ""]


def test_two_products_never_show_the_same_bytes(reader: httpx.Client) -> None:
    rows = reader.get("ProductPhotos").json()["ProductPhotos"][:60]
    assert len({reader.get(row["PhotoUrl"]).content for row in rows}) == len(rows)


def test_a_photo_needs_the_credentials(reader: httpx.Client) -> None:
    url = reader.get("ProductPhotos").json()["ProductPhotos"][0]["PhotoUrl"]
    assert httpx.get(url).status_code == 401


def test_products_without_photo_can_be_asked_for(quiet: Sandbox, reader: httpx.Client) -> None:
    rows = reader.get("ProductPhotos", params={"HasPhotos": "false"}).json()["ProductPhotos"]
    assert all(row.keys() == {"WholesalerArticleNumber"} for row in rows)
    assert {key for key, _ in quiet.truth()["missing-photo"]} < {
        row["WholesalerArticleNumber"] for row in rows
    }


def test_an_uploaded_photo_comes_back_byte_for_byte(sandbox: Sandbox, api: httpx.Client) -> None:
    number = sorted(sandbox.truth()["missing-photo"])[0][0]
    data = b"\x89PNG\r\n\x1a\nnot really"
    body = {"WholesalerArticleNumber": number, "PhotoName": "a.png", "Photo": base64.b64encode(data).decode()}
    assert api.post("ProductPhotos", json=body).status_code == 200
    row = next(
        row
        for row in api.get("ProductPhotos").json()["ProductPhotos"]
        if row["WholesalerArticleNumber"] == number
    )
    assert api.get(row["PhotoUrl"]).content == data


def test_linked_products_take_no_photos(api: httpx.Client) -> None:
    number = api.get("LinkProducts").json()["LinkProducts"][0]["WholesalerArticleNumber"]
    body = {"WholesalerArticleNumber": number, "PhotoName": "a.png", "Photo": "QEA="}
    assert api.post("ProductPhotos", json=body).status_code == 400


def test_a_photo_must_be_base64(api: httpx.Client) -> None:
    number = api.get("Products").json()["Products"][0]["WholesalerArticleNumber"]
    body = {"WholesalerArticleNumber": number, "PhotoName": "a.png", "Photo": "not base64!"}
    assert api.post("ProductPhotos", json=body).status_code == 400


def test_a_photo_is_deleted_by_product_and_id(api: httpx.Client) -> None:
    row = api.get("ProductPhotos").json()["ProductPhotos"][0]
    wrong = {"WholesalerArticleNumber": "OTHER", "PhotoId": row["PhotoId"]}
    right = {name: row[name] for name in ("WholesalerArticleNumber", "PhotoId")}
    assert api.delete("ProductPhotos", params=wrong).status_code == 404
    assert api.delete("ProductPhotos", params=right).status_code == 200
    assert row not in api.get("ProductPhotos").json()["ProductPhotos"]


def test_a_server_may_leave_the_url_out(variant: Callable[..., httpx.Client]) -> None:
    row = variant(photo_urls=False).get("ProductPhotos").json()["ProductPhotos"][0]
    assert "PhotoUrl" not in row
