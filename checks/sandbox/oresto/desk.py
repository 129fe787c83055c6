"""What every route works with: the shop, how rows are written, and the variants of a server that a test may ask for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar

from checks.sandbox.oresto.replies import Reply
from checks.sandbox.oresto.requests import Call
from checks.sandbox.oresto.rows import Photo
from checks.sandbox.oresto.shapes import Shapes
from checks.sandbox.oresto.shop import Shop

#: What a server gives when no PageSize is asked: neither source says (oresto-api, paging).
DEFAULT_PAGE_SIZE = 100


class HasModified(Protocol):
    @property
    def modified(self) -> object: ...


T = TypeVar("T")


@dataclass(frozen=True)
class Variant:
    """How this server differs from the plain one.

    `page_cap`: silently at most so many rows a page. `rename_lists`: lists are called `Result`. `first_page`: 0 or 1.
    `photo_urls`: whether rows of ProductPhotos carry a PhotoUrl, absolute (True) or "relative". `errors_as_200`:
    refused requests come with status 200.
    """

    page_cap: int | None = None
    rename_lists: bool = False
    first_page: int = 1
    photo_urls: bool | Literal["relative"] = True
    errors_as_200: bool = False


@dataclass
class Desk:
    shop: Shop
    shapes: Shapes
    variant: Variant

    def page(self, call: Call, rows: Sequence[T]) -> Sequence[T]:
        """The page that was asked for; empty behind the last one."""
        number = max(call.integer("Page", default=self.variant.first_page), self.variant.first_page)
        size = max(call.integer("PageSize", default=DEFAULT_PAGE_SIZE), 1)
        if self.variant.page_cap is not None:
            size = min(size, self.variant.page_cap)
        start = (number - self.variant.first_page) * size
        return rows[start : start + size]

    @staticmethod
    def modified(call: Call, rows: Sequence[T]) -> Sequence[T]:
        """Those changed at or after ModifiedDate and at or before ModifiedEndDate."""
        start, end = call.moment("ModifiedDate"), call.moment("ModifiedEndDate")
        if start is not None:
            rows = [row for row in rows if row.modified >= start]  # type: ignore[attr-defined]
        if end is not None:
            rows = [row for row in rows if row.modified <= end]  # type: ignore[attr-defined]
        return rows

    def photo_url(self, call: Call, photo: Photo) -> str | None:
        if not self.variant.photo_urls:
            return None
        path = f"/media/photos/{photo.id}"
        return path if self.variant.photo_urls == "relative" else f"http://{call.host}{path}"


Handler = Callable[[Desk, Call], Reply]

#: (method, path in small letters) -> what answers it. Filled by the modules named routes_*.
ROUTES: dict[tuple[str, str], Handler] = {}


def route(method: str, path: str) -> Callable[[Handler], Handler]:
    """Registers a handler; ASP.NET does not look at the case of a path."""

    def register(handler: Handler) -> Handler:
        ROUTES[method, path.lower()] = handler
        return handler

    return register
