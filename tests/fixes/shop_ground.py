"""What every history of a shop begins with, and what can go wrong in it: faults on the wire, and the power."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import mkdtemp
from typing import Any

import polars as pl
import pytest

from checks.fixes import FIXES
from checks.fixes.shop import Shop
from checks.health import run_health_check
from checks.sandbox import Sandbox
from checks.sandbox.oresto.photo_bytes import draw_photo
from checks.sandbox.oresto.rows import ClientPrice
from checks.sandbox.wire_faults import AFTER, BEFORE
from checks.settings import Settings
from checks.sources.oresto.collect import FRAME_NAMES
from checks.sources.request import Request
from checks.store import Journal, Store
from checks.store.workers import Workers

READS = ("GET Products/*", "GET LinkProducts/*", "GET ProductPhotos", "GET ClientProducts", "GET *")

#: What can go wrong on the wire; those that hang take longest and come seldom.
FAULTS = (*[kind for kind in (*BEFORE, *AFTER) if not kind.startswith("hang")] * 4, "hang", "hang-after")


class Killed(BaseException):
    """The power went."""


class Power:
    """Goes out just before the n-th trace that is left in the store or the shop, and stays out until it is back."""

    TRACES = (
        (Shop, "send"),
        (Journal, "add_plan"),
        (Journal, "put_blob"),
        (Journal, "claim"),
        (Journal, "add_step"),
        (Journal, "update_step"),
        (Journal, "finish"),
        (Store, "set_finding"),
        (Workers, "leave"),
    )

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.watch: Callable[[Request], None] = lambda request: None
        self.back()
        for owner, name in self.TRACES:
            patch.setattr(owner, name, self._guarded(getattr(owner, name)))

    def back(self) -> None:
        self.left: int | None = None
        self.ends: type[BaseException] = Killed
        self.is_out = False

    def _guarded(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(*args: Any, **kwargs: Any) -> Any:
            self._tick()
            if call.__name__ == "send":
                self.watch(args[1])
            return call(*args, **kwargs)

        return guarded

    def _tick(self) -> None:
        if self.is_out:
            raise Killed
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                self.left = None
                self.is_out = self.ends is Killed
                raise self.ends


@dataclass
class Ground:
    """The shop and the store that every history begins with. `endings`: kind, fix and how it ended -> how often."""

    sandbox: Sandbox
    settings: Settings
    folder: Path
    power: Power
    frames: dict[str, pl.DataFrame | None] = field(default_factory=dict)
    endings: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def prepare(self) -> None:
        """A first health check, kept to be copied."""
        self.furnish()
        with Store.open(self.settings.store.url, self.settings.store.snapshots) as store:
            assert run_health_check(self.settings, store, started_by="tests").status == "complete"
            self.frames = {name: store.frame("webshop", name) for name in FRAME_NAMES}

    def furnish(self) -> None:
        """Gives what can be repaired photos, client prices and sales texts that could be lost."""
        self.sandbox.reset()
        shop, dice = self.sandbox.shop, Random(7)
        truth = self.sandbox.truth()
        clients = sorted(shop.trade.clients)
        for check in sorted(truth.keys() & {check for fix in FIXES.values() for check in fix.checks}):
            for article in sorted({key for key, _ in truth[check]}):
                row = shop.product(article)
                if row is None:
                    continue
                row.notes = (("nld", "Actie", None), ("fra", "Action", "Bientôt là"))
                row.on_order, row.order_quantity = True, 6.0
                for client in dice.sample(clients, 2):
                    if client not in shop.prices_of.get(article, ()):
                        shop.set_client_price(ClientPrice(article, client, 0.5, None, dice.random() < 0.3))
                if article in shop.own and check != "missing-photo" and shop.photo_ids.get(article):
                    shop.add_photo(article, "back.jpg", "nld", draw_photo(f"back of {article}"))

    def begin(self) -> tuple[Path, Settings]:
        """A copy of the store, and the shop as it was."""
        self.power.back()
        self.furnish()
        folder = Path(mkdtemp(dir=self.folder.parent))
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        store = self.settings.store.model_copy(
            update={"url": f"sqlite:///{folder / 'keurmeester.db'}", "snapshots": folder / "snapshots"}
        )
        return folder, self.settings.model_copy(update={"store": store})


@dataclass(frozen=True)
class Trouble:
    """What happens during an action: faults (route, kind, times, how many pass first), and an end at the n-th trace."""

    faults: tuple[tuple[str, str, int, int], ...] = ()
    ends: tuple[type[BaseException], int] | None = None


def trouble(dice: Random, routes: tuple[str, ...]) -> Trouble:
    """Often none; else faults on the routes that will be used, the end of the program, or both."""
    kind = dice.choice(("none", "none", "none", "faults", "faults", "end", "both"))
    routes = (*routes, *READS)
    faults = tuple(
        (dice.choice(routes), dice.choice(FAULTS), dice.choice((1, 8, 8)), dice.choice((0, 0, 0, 1)))
        for _ in range(dice.randint(1, 2))
    )
    ends = (dice.choice((Killed, Killed, KeyboardInterrupt)), dice.randrange(24))
    return Trouble(faults if kind in ("faults", "both") else (), ends if kind in ("end", "both") else None)
