"""The controls of the shop: /sandbox/state, /product, /central, /day, /errors, beside those of any stand-in."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from checks.sandbox.clock import Clock
from checks.sandbox.control import Control, Routes, json_object
from checks.sandbox.oresto import dump, error_stream
from checks.sandbox.oresto.api import OrestoApi
from checks.sandbox.oresto.rows import ErrorLog
from checks.sandbox.oresto.simulation import live_a_day
from checks.sandbox.traffic import Traffic
from checks.sandbox.wire_faults import WireFaults

if TYPE_CHECKING:
    from checks.sandbox.app import LogEntry


class ShopControl(Control):
    """Looks at the shop and changes it behind the program's back."""

    def __init__(
        self, api: OrestoApi, clock: Clock, faults: WireFaults, log: list[LogEntry], traffic: Traffic
    ) -> None:
        super().__init__(api, clock, faults, log, traffic)
        self._api = api

    def live_a_day(
        self, seed: int, events: Collection[str] | None = None, without: Collection[str] = ()
    ) -> list[str]:
        with self._api.lock:
            told = live_a_day(self._api.shop, Random(f"{seed}/day"), events, without)
            self._api.shapes.forget()
            return told

    def dump(self, ids: bool = False) -> dict[str, Any]:
        with self._api.lock:
            return dump.dump(self._api.shop, self._api.shapes, ids)

    def change(self, article_number: str, fields: Mapping[str, Any]) -> None:
        with self._api.lock:
            dump.change(self._api.shop, article_number, fields)

    def remove(self, article_number: str) -> bool:
        with self._api.lock:
            return self._api.shop.remove_product(article_number)

    def make_central(self, article_number: str) -> str:
        with self._api.lock:
            return dump.make_central(self._api.shop, article_number)

    def delete_central(self, ean: str) -> None:
        with self._api.lock:
            dump.delete_central(self._api.shop, ean)

    def fail(
        self,
        method: str,
        url: str,
        status: int | None,
        message: str,
        *,
        body: str | None = None,
        model: Sequence[Sequence[str]] = (),
        times: int = 1,
    ) -> list[int]:
        """Requests that fail now; gives the ids of their rows in the error log."""
        keys = tuple((key, text) for key, text in model)
        errors = () if keys else (message,)
        with self._api.lock:
            shop = self._api.shop
            for _ in range(times):
                number = shop.next_error_id()
                shop.error_logs.append(
                    ErrorLog(number, shop.now(), method, url, status, body, message, errors, keys)
                )
            return [row.id for row in shop.error_logs[-times:]] if times > 0 else []

    def plant_errors(
        self, templates: Path, count: int, seed: int, days: float = 14
    ) -> dict[int, error_stream.Problem]:
        with self._api.lock:
            shop = self._api.shop
            rows, truth = error_stream.error_stream(
                templates, count, seed, shop.now(), days, first_id=shop.next_error_id()
            )
            shop.add_error_logs(rows)
            return truth

    def routes(self, params: Mapping[str, str], body: bytes) -> Routes:
        return {
            **super().routes(params, body),
            ("GET", "state"): lambda: self.dump(params.get("ids") == "true"),
            ("POST", "product"): lambda: self._change(json_object(body)),
            ("DELETE", "product"): lambda: self.remove(params["WholesalerArticleNumber"]),
            ("POST", "central"): lambda: self.make_central(json_object(body)["WholesalerArticleNumber"]),
            ("DELETE", "central"): lambda: self.delete_central(params["EanCode"]),
            ("POST", "day"): lambda: self.live_a_day(**json_object(body)),
            ("POST", "errors"): lambda: self._errors(json_object(body)),
        }

    def _errors(self, wanted: dict[str, Any]) -> Any:
        """`templates`, `count` and `seed` of a stream, or one failing request."""
        if "templates" in wanted:
            return self.plant_errors(**{**wanted, "templates": Path(wanted["templates"])})
        return self.fail(**wanted)

    def _change(self, fields: dict[str, Any]) -> None:
        """The product's `WholesalerArticleNumber` and the fields to set."""
        self.change(fields.pop("WholesalerArticleNumber"), fields)
