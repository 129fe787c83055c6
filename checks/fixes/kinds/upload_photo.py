"""upload-photo: an own product without a photo gets one or more (POST ProductPhotos; guide, chapter 8).

The pictures come from a person: checked and converted by `photo_files`, kept beside the journal under their SHA-256, and
named in the option `photo` of their product (`as_option`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import msgspec
import polars as pl

from checks.fixes.goals import PhotosGone, PhotosThere
from checks.fixes.inputs import Input
from checks.fixes.kinds.reading import moved_text, own_product
from checks.fixes.model import Before, Fix, Goal, Live, NotPlanned, Planned, Task
from checks.fixes.photo_files import Prepared
from checks.fixes.shop import Shop
from checks.fixes.wording import count, names, product_name
from checks.settings_sources import OrestoSource
from checks.sources.oresto import bodies
from checks.sources.oresto.bodies import Body
from checks.store import Store
from checks.structs import ready

_NO_PHOTO = "No photo was given for it: put its article number or EAN in the name of the file."
_ASK_FOR_IT = (
    "No photo was given for it. Its supplier has one: get it on the page Photos of the dashboard, look whether it is the "
    "same article, and upload it there; or give a file of your own (--photo)."
)
_HAS_ONE = "It has a photo by now: {}. Run a health check to look anew."
_NOT_KEPT = "The picture {} is not kept: give the file again."


class Photo(msgspec.Struct, frozen=True):
    """One picture for a product. `sha256`: of the bytes, as the store keeps them."""

    sha256: str
    name: str
    language: str | None = None


def as_option(store: Store, pictures: Collection[tuple[Prepared, str | None]]) -> dict[str, str]:
    """Keeps pictures of one product, each with its language (None: for all); gives the options that name them."""
    kept = [Photo(store.journal.put_blob(one.data), one.name, language) for one, language in pictures]
    return {"photo": msgspec.json.encode(kept).decode()}


class UploadPhoto(Fix):
    """Gives products their photos."""

    id = "upload-photo"
    title = "Upload a photo"
    verb = "Upload"
    button = "Upload photos of {}"
    past = "given a photo"
    checks = ("missing-photo", "photo-available")
    needs = ("own", "photos")
    options = ("photo",)

    def inputs(
        self, check: str, findings: pl.DataFrame, frames: Mapping[str, pl.DataFrame | None]
    ) -> tuple[Input, ...]:
        return (
            Input(
                "photo",
                "Photos",
                "photo",
                help="Named by article number or EAN: A100.jpg, 5400000000003-2.png.",
            ),
        )

    def plan(self, shop: Shop, survey: Any, task: Task) -> Planned | NotPlanned:
        own = own_product(shop, task.key)
        if isinstance(own, NotPlanned):
            return own
        given = task.options.get("photo")
        if not given:
            offered = any(one["check"] == "photo-available" for one in task.findings)
            return NotPlanned(task.key, _ASK_FOR_IT if offered else _NO_PHOTO)
        pictures = msgspec.json.decode(given, type=list[Photo])
        there = shop.photos(task.key)
        if there:
            return NotPlanned(task.key, _HAS_ONE.format(names(str(row.get("PhotoName")) for row in there)))
        for one in pictures:
            if not shop.has_picture(one.sha256):
                return NotPlanned(task.key, _NOT_KEPT.format(one.name))
        before = {
            "WholesalerArticleNumber": task.key,
            "name": product_name(own),
            "photos": [{"row": _row(task.key, one), "sha256": one.sha256} for one in pictures],
        }
        return Planned(
            key=task.key,
            title=product_name(own),
            klass="safe",
            before=before,
            consequences=(f"It gets {_listed(before)}.",),
            undo=f"{_capital(_listed(before))} {'is' if len(pictures) == 1 else 'are'} deleted again.",
            repairs=tuple(finding["id"] for finding in (*task.findings, *task.related)),
        )

    def refusal(self, before: Before, live: Live, started: bool) -> str | None:
        if live["own"] is None:
            return "the product is gone, or was linked, since the plan. Run a health check."
        found = [str(row.get("PhotoName")) for row in live["photos"]]
        ours = {photo["row"]["PhotoName"] for photo in before["photos"]} if started else set()
        if found and not ours & set(found):
            return moved_text(f"photo: nothing -> {names(found)}")
        return None

    def forward(self, before: Before, source: OrestoSource) -> tuple[Goal, ...]:
        photos = _bodies(before)
        # the number of a photo is known only when it is there
        gone = tuple(call.request for call in PhotosGone(before["WholesalerArticleNumber"], photos).calls())
        return (PhotosThere(before["WholesalerArticleNumber"], photos, "Upload photo {}", gone, True),)

    def back(self, before: Before, source: OrestoSource) -> tuple[Goal, ...]:
        photos = _bodies(before)
        again = tuple(bodies.add_photo(photo) for photo in photos)
        return (PhotosGone(before["WholesalerArticleNumber"], photos, again, rewritten=True),)

    def done_text(self, before: Before) -> str:
        return f"Uploaded {_listed(before)}, and read back."

    def was_text(self, before: Before) -> str:
        return "no photo."

    def is_text(self, live: Live) -> str:
        photos = live.get("pictures") if live.get("pictures") is not None else live.get("photos")
        return "its photos could not be read." if photos is None else f"{count(len(photos), 'photo')}."


def _row(key: str, photo: Photo) -> dict[str, Any]:
    return {"WholesalerArticleNumber": key, "PhotoName": photo.name, "LanguageCode": photo.language}


def _bodies(before: Before) -> tuple[Body, ...]:
    return tuple(bodies.photo_body(photo["row"], photo["sha256"]) for photo in before["photos"])


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _listed(before: Before) -> str:
    photos = [photo["row"]["PhotoName"] for photo in before["photos"]]
    return f"photo {names(photos)}" if len(photos) == 1 else f"{len(photos)} photos ({names(photos)})"


ready(__name__)
