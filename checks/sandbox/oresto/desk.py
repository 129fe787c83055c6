"""What every route works with: the shop, how rows are written, and the variants of a server that a test may ask for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeVar

from checks.sandbox.oresto.replies import Reply
from checks.sandbox.oresto.requests import Call
from checks.sandbox.oresto.rows import Own, Photo
from checks.sandbox.oresto.shapes import Shapes
from checks.sandbox.oresto.shop import Shop

#: What a server gives when no PageSize is asked: neither source says (oresto-api, paging).
DEFAULT_PAGE_SIZE = 100


#: What the variant `drift` does to own products: fields that no check needs.
DRIFT_NEW = "DepositAmount"
DRIFT_GONE = "TemporarilyUnavailable"
DRIFT_RETYPED = "VatPercentage"


class HasModified(Protocol):
    @property
    def modified(self) -> object: ...


T = TypeVar("T")


@dataclass(frozen=True)
class Variant:
    """How this server differs from the plain one.

    `page_cap`: silently at most so many rows a page. `rename_lists`: lists are called `Result`. `first_page`: 0 or 1.
    `photo_urls`: whether rows of ProductPhotos carry a PhotoUrl, absolute (True) or "relative". `errors_as_200`:
    refused requests come with status 200. `miscount`: CentralProducts/Count says so many more than there are (of the deleted ones it tells the truth). `drift`:
    products have a field more, one less and one of another type.
    """

    page_cap: int | None = None
    rename_lists: bool = False
    first_page: int = 1
    photo_urls: bool | Literal["relative"] = True
    errors_as_200: bool = False
    miscount: int = 0
    drift: bool = False

    def truth(self) -> dict[str, set[tuple[str, str | None]]]:
        """What a check of the collecting has to find: keys are frames, fields the API's names."""
        found: dict[str, set[tuple[str, str | None]]] = {}
        if self.miscount > 0:
            found["collection-incomplete"] = {("central_products", None)}
        if self.drift:
            found["schema-drift"] = {("products", field) for field in (DRIFT_NEW, DRIFT_GONE, DRIFT_RETYPED)}
        return found


@dataclass
class Desk:
    shop: Shop
    shapes: Shapes
    variant: Variant

    def own(self, row: Own) -> dict[str, Any]:
        """An own product on the wire, as this variant writes it."""
        shape = self.shapes.own(row)
        if self.variant.drift:
            del shape[DRIFT_GONE]
            shape[DRIFT_NEW] = 0.1
            shape[DRIFT_RETYPED] = f"{row.vat or 0} %"
        return shape

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

#: The routes as people write them, `GET Products`, with the photos behind their addresses.
ROUTE_NAMES: list[str] = ["GET media/photos/*"]


def find_route(method: str, path: str) -> str | None:
    """The path under which `ROUTES` knows it; None when there is no such route."""
    exact, (above, _, last) = path.lower(), path.lower().rpartition("/")
    for known in (exact, f"{above}/{{id}}" if last.isdecimal() else exact):
        if (method, known) in ROUTES:
            return known
    return None


def route(method: str, path: str) -> Callable[[Handler], Handler]:
    """Registers a handler; ASP.NET does not look at the case of a path. `{Id}` at the end is a parameter in the path."""

    def register(handler: Handler) -> Handler:
        ROUTES[method, path.lower()] = handler
        ROUTE_NAMES.append(f"{method} {path.replace('{Id}', '*')}")
        return handler

    return register
