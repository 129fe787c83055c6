"""The controls a test in another process has: /sandbox/truth, /state, /log, /traffic, /faults, /product, /central, /day,
/clock, /errors.

They stand outside the API and ask for no credentials: the sandbox listens on loopback and holds nothing real.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import msgspec

from checks.sandbox.oresto import dump, error_stream
from checks.sandbox.oresto.api import Answer, OrestoApi
from checks.sandbox.oresto.rows import ErrorLog
from checks.sandbox.oresto.simulation import live_a_day
from checks.sandbox.traffic import Traffic
from checks.sandbox.wire_faults import WireFaults

if TYPE_CHECKING:
    from checks.sandbox.app import LogEntry


class Control:
    """Looks at the shop and changes it behind the program's back."""

    def __init__(self, api: OrestoApi, faults: WireFaults, log: list[LogEntry], traffic: Traffic) -> None:
        self._api = api
        self._faults = faults
        self._log = log
        self._traffic = traffic

    def truth(self) -> dict[str, set[tuple[str, str | None]]]:
        """What was planted, as far as it is true now; and what this variant of a server does wrong."""
        with self._api.lock:
            return {**self._api.shop.truth.at(self._api.shop.now()), **self._api.variant.truth()}

    def live_a_day(
        self, seed: int, events: Collection[str] | None = None, without: Collection[str] = ()
    ) -> list[str]:
        with self._api.lock:
            told = live_a_day(self._api.shop, Random(f"{seed}/day"), events, without)
            self._api.shapes.forget()
            return told

    def advance(self, step: timedelta) -> str:
        """Gives the time it is then."""
        self._api.shop.clock.advance(step)
        return self._api.shop.now().isoformat()

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

    def answer(self, method: str, path: str, params: Mapping[str, str], body: bytes) -> Answer:
        """One request to /sandbox/…; 400 with the reason for one that makes no sense."""
        routes: dict[tuple[str, str], Callable[[], Any]] = {
            ("GET", "truth"): lambda: {check: sorted(keys, key=str) for check, keys in self.truth().items()},
            ("GET", "state"): lambda: self.dump(params.get("ids") == "true"),
            ("GET", "log"): lambda: self._log,
            ("GET", "traffic"): self._traffic.as_dict,
            ("GET", "faults"): lambda: [fault.as_dict() for fault in self._faults.all()],
            ("POST", "faults"): lambda: self._faults.add(**_object(body)).as_dict(),
            ("DELETE", "faults"): self._faults.clear,
            ("POST", "product"): lambda: self._change(_object(body)),
            ("DELETE", "product"): lambda: self.remove(params["WholesalerArticleNumber"]),
            ("POST", "central"): lambda: self.make_central(_object(body)["WholesalerArticleNumber"]),
            ("DELETE", "central"): lambda: self.delete_central(params["EanCode"]),
            ("POST", "day"): lambda: self.live_a_day(**_object(body)),
            ("POST", "errors"): lambda: self._errors(_object(body)),
            ("POST", "clock"): lambda: self.advance(timedelta(**_object(body))),
        }
        handler = routes.get((method, path))
        if handler is None:
            return Answer(404, msgspec.json.encode({"Message": f"no such control: {method} {path}"}))
        try:
            return Answer(200, msgspec.json.encode(handler()))
        except (KeyError, OSError, TypeError, ValueError) as error:
            return Answer(400, msgspec.json.encode({"Message": f"{type(error).__name__}: {error}"}))

    def _errors(self, wanted: dict[str, Any]) -> Any:
        """`templates`, `count` and `seed` of a stream, or one failing request."""
        if "templates" in wanted:
            return self.plant_errors(**{**wanted, "templates": Path(wanted["templates"])})
        return self.fail(**wanted)

    def _change(self, fields: dict[str, Any]) -> None:
        """The product's `WholesalerArticleNumber` and the fields to set."""
        self.change(fields.pop("WholesalerArticleNumber"), fields)


def _object(body: bytes) -> dict[str, Any]:
    return msgspec.json.decode(body, type=dict[str, Any])
