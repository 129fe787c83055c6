"""Asks Kruitbosch: products, stocks and prices, groups (kruitbosch-api, sections 3 and 4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, TypeVar
from urllib.parse import quote

import msgspec

from checks.progress import Progress
from checks.settings_sources import KruitboschSource
from checks.sources.answers import Dialect
from checks.sources.client import Client, open_http
from checks.sources.kruitbosch.sign_in import CredentialsSession
from checks.sources.kruitbosch.wire import payload, reasons
from checks.sources.request import Request

T = TypeVar("T")
Decode = Callable[[msgspec.Raw], T]


@dataclass(frozen=True)
class ProductsQuery:
    """What /Products can be asked (section 3); None leaves a parameter out.

    Attributes:
        ids: product codes. category, categories: filters whose vocabulary is not stated.
        consumer_products: values not documented.
    """

    ids: tuple[str, ...] = ()
    category: str | None = None
    categories: tuple[str, ...] = ()
    is_bike: bool | None = None
    exclude_blocked: bool | None = None
    include_attributes: bool | None = None
    include_additional_images: bool | None = None
    include_original_images: bool | None = None
    include_intrastat_codes: bool | None = None
    consumer_products: int | None = None
    include_in_active: bool | None = None
    product_options: bool | None = None
    remove_image_whitespace: bool | None = None

    @property
    def needs_body(self) -> bool:
        """How a list is written into a path is not stated; in a body it is a JSON array."""
        return (
            len(self.ids) > 1 or len(self.categories) > 1 or (self.category is None and bool(self.categories))
        )

    @property
    def path(self) -> str:
        """`Products`, `Products/{Ids}` or `Products/{Category}/{Categories}`."""
        parts = ["Products"]
        if self.category is not None:
            parts += [self.category, *self.categories]
        elif self.ids:
            parts += self.ids
        return "/".join(quote(part, safe="") for part in parts)

    def named(self) -> dict[str, Any]:
        """Everything that is asked, by ServiceStack's names."""
        return {
            _pascal(one.name): value
            for one in fields(self)
            if (value := getattr(self, one.name)) is not None and value != ()
        }

    @property
    def params(self) -> dict[str, str]:
        """What stands in the query: the flags, as ServiceStack reads them."""
        in_path = {"Ids", "Category", "Categories"}
        return {
            name: str(value).lower() if isinstance(value, bool) else str(value)
            for name, value in self.named().items()
            if name not in in_path
        }


class KruitboschClient(Client[KruitboschSource]):
    """A connection to the web service. A context manager, safe to use from several threads."""

    def __init__(self, source: KruitboschSource, progress: Progress | None = None) -> None:
        session = CredentialsSession(source.login, source.secret())
        super().__init__(source, open_http(source, session, progress, Dialect(reasons)))

    def products(self, query: ProductsQuery, decode: Decode[T]) -> T:
        """GET /Products and its two further routes, or POST /json/reply/Products; `decode` gets the list."""
        if self.source.bulk_reply or query.needs_body:
            request = Request("POST", "json/reply/Products", body=query.named())
            return self.http.ask(request, lambda body: decode(payload(body, "Products")))
        return self._list(query.path, "Products", decode, query.params)

    def stocks_and_prices(self, decode: Decode[T], customer: str | None = None) -> T:
        """GET /Customer/StocksAndPrices, of this login's customer or another one's."""
        between = f"{quote(customer, safe='')}/" if customer else ""
        return self._list(f"Customer/{between}StocksAndPrices", "StocksAndPrices", decode)

    def stocks(self, decode: Decode[T]) -> T:
        """GET /Products/Stocks."""
        return self._list("Products/Stocks", "Stocks", decode)

    def groups(self, decode: Decode[T]) -> T:
        """GET /Products/Groups."""
        return self._list("Products/Groups", "ProductGroups", decode)

    def _list(self, path: str, name: str, decode: Decode[T], params: dict[str, str] | None = None) -> T:
        return self.http.get(path, params or {}, lambda body: decode(payload(body, name)))


def _pascal(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))
