"""Photos of own products: api/ProductPhotos."""

from __future__ import annotations

from typing import Any

from checks.sandbox.oresto import bodies
from checks.sandbox.oresto.desk import Desk, route
from checks.sandbox.oresto.replies import Refusal, Reply, listed, written
from checks.sandbox.oresto.requests import Call
from checks.sandbox.oresto.rows import Photo


def _row(desk: Desk, call: Call, photo: Photo) -> dict[str, Any]:
    row = {
        "PhotoId": photo.id,
        "WholesalerArticleNumber": photo.article_number,
        "PhotoName": photo.name,
        "LanguageCode": photo.language,
    }
    url = desk.photo_url(call, photo)
    return row if url is None else {**row, "PhotoUrl": url}


@route("GET", "ProductPhotos")
def photos(desk: Desk, call: Call) -> Reply:
    """All photos; HasPhotos=false: the own products without one."""
    if call.flag("HasPhotos") is False:
        bare = (number for number in desk.shop.own if number not in desk.shop.photo_ids)
        return listed("ProductPhotos", ({"WholesalerArticleNumber": number} for number in bare))
    return listed("ProductPhotos", (_row(desk, call, photo) for photo in desk.shop.photos.values()))


@route("POST", "ProductPhotos")
def create(desk: Desk, call: Call) -> Reply:
    values = call.read(bodies.PHOTO)
    number = values["WholesalerArticleNumber"]
    if number not in desk.shop.own:
        message = f"Own product with WholesalerArticleNumber {number} does not exist."
        raise Refusal(model_errors=[("productPhoto.WholesalerArticleNumber", message)])
    if not values["Photo"]:
        raise Refusal(model_errors=[("productPhoto.Photo", "The Photo field is required.")])
    desk.shop.add_photo(number, values["PhotoName"], values["LanguageCode"] or None, values["Photo"])
    return written()


@route("DELETE", "ProductPhotos")
def delete(desk: Desk, call: Call) -> Reply:
    number, photo = call.text("WholesalerArticleNumber"), desk.shop.photos.get(call.integer("PhotoId"))
    if photo is None or photo.article_number != number:
        raise Refusal(404, [f"No such photo of product {number}."])
    desk.shop.remove_photo(photo)
    return written()
