"""The web shop as a stand-in (`Sandbox`), and what a test may do to it."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Literal

from checks.sandbox.clock import Clock
from checks.sandbox.oresto import error_stream
from checks.sandbox.oresto.api import OrestoApi
from checks.sandbox.oresto.build import make_shop
from checks.sandbox.oresto.control import ShopControl
from checks.sandbox.oresto.desk import Variant
from checks.sandbox.oresto.shop import Shop
from checks.sandbox.stand_in import LOGIN, PASSWORD, StandIn, source_table

__all__ = ["LOGIN", "PASSWORD", "Sandbox"]

DEFAULT_SIZE = 500
DEFAULT_SEED = 7


class Sandbox(StandIn[OrestoApi]):
    """The Oresto API over real HTTP on loopback, with a shop of its own.

    Args:
        size: number of own products, at least 100 unless it is `empty`; linked are twice as many, central five times.
        seed: the same size, seed and hour give the same shop.
        products: Parquet file of real products, which become the central database.
        port: 0 takes a free one.
        page_cap, rename_lists, first_page, photo_urls, errors_as_200, miscount, drift: see
            `checks.sandbox.oresto.desk.Variant`.
        empty: a new wholesaler's shop: central database and lookup tables, and nothing of its own.
        now: the hour that orders, promos and changes are relative to; this hour, by the clock, when None.
        clock: gives the time (aware) that the server thinks it is; the machine's when None. See `advance`.

    Use it as a context manager, or `start()` and `stop()`. Raises UsageError when the shop cannot be made or the port
    is taken.
    """

    control_kind = ShopControl

    def __init__(
        self,
        size: int = DEFAULT_SIZE,
        seed: int = DEFAULT_SEED,
        products: Path | None = None,
        port: int = 0,
        *,
        host: str = "127.0.0.1",
        page_cap: int | None = None,
        rename_lists: bool = False,
        first_page: int = 1,
        photo_urls: bool | Literal["relative"] = True,
        errors_as_200: bool = False,
        miscount: int = 0,
        drift: bool = False,
        empty: bool = False,
        now: datetime | None = None,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        self.variant = Variant(page_cap, rename_lists, first_page, photo_urls, errors_as_200, miscount, drift)
        make = partial(make_shop, size, seed, products, now, empty=empty)

        def api(clock: Clock) -> OrestoApi:
            return OrestoApi(make(clock), self.variant, self.login, self.password)

        super().__init__(api, seed, port, host=host, clock=clock)

    @property
    def shop(self) -> Shop:
        return self.api.shop

    @property
    def _shop_control(self) -> ShopControl:
        control = self._app.control
        assert isinstance(control, ShopControl)
        return control

    def live_a_day(
        self, seed: int, events: Collection[str] | None = None, without: Collection[str] = ()
    ) -> list[str]:
        """Changes the shop the way a day does, while it is being served; says in words what happened.

        Args:
            seed: the same shop and seed give the same day.
            events: names out of `checks.sandbox.oresto.simulation.EVENTS` instead of a whole day by the dice.
            without: names that are left out; `simulation.LOOKUP_EVENTS` are those of the lookup tables.

        The clock stays where it is, and `truth` is that of the beginning.
        """
        return self._shop_control.live_a_day(seed, events, without)

    def dump(self, ids: bool = False) -> dict[str, Any]:
        """The state as JSON-able data; without `ids` equal before and after a product was deleted and put back."""
        return self._shop_control.dump(ids)

    def change(self, article_number: str, fields: Mapping[str, Any] | None = None, /, **more: Any) -> None:
        """Sets fields of a product behind the program's back: `change("A100", SalesPriceList=3.2)`."""
        self._shop_control.change(article_number, {**(fields or {}), **more})

    def remove(self, article_number: str) -> bool:
        """Deletes a product behind the program's back."""
        return self._shop_control.remove(article_number)

    def make_central(self, article_number: str) -> str:
        """An own product's article is central from now on; gives its EAN. `truth` stays as it was."""
        return self._shop_control.make_central(article_number)

    def delete_central(self, ean: str) -> None:
        """A central product is deleted from now on."""
        self._shop_control.delete_central(ean)

    def fail(
        self,
        method: str,
        url: str,
        status: int | None,
        message: str,
        *,
        body: str | None = None,
        model: Sequence[tuple[str, str]] = (),
        times: int = 1,
    ) -> list[int]:
        """Requests of the wholesaler's system that fail at this moment: rows on top of the error log; gives their ids.

        `fail("PUT", "/api/Products", 400, "No.", model=[("product.BrandId", "No.")])`
        """
        return self._shop_control.fail(method, url, status, message, body=body, model=model, times=times)

    def plant_errors(
        self, templates: Path, count: int, seed: int, days: float = 14
    ) -> dict[int, error_stream.Problem]:
        """Adds a stream of failing requests of the last `days`; gives the problem planted in each, by the row's id.

        See `checks.sandbox.oresto.error_stream`.
        """
        return self._shop_control.plant_errors(templates, count, seed, days)

    def settings_toml(
        self, store: str = "sqlite:///keurmeester.db", snapshots: str = "snapshots", name: str = "webshop"
    ) -> str:
        """A ready keurmeester.toml. It holds the password: let others not read the file (`write_settings` sees to it)."""
        quoted = {"url": json.dumps(store), "snapshots": json.dumps(snapshots, ensure_ascii=False)}
        head = f"[store]\nurl = {quoted['url']}\nsnapshots = {quoted['snapshots']}\n\n"
        return head + self.source_toml(name)

    def source_toml(self, name: str) -> str:
        return source_table(name, "oresto", self, first_page=self.variant.first_page)

    def write_settings(self, file: Path, **options: str) -> Path:
        """Writes `settings_toml(**options)` so that only its owner can read it; gives the file."""
        file.touch(mode=0o600)
        file.chmod(0o600)
        file.write_text(self.settings_toml(**options), encoding="utf-8")
        return file
