"""All four systems at once: the shop, two suppliers and an ERP that know it. What `keurmeester demo` starts."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, Self

from checks.sandbox.easyflor.server import EasyFlorSandbox
from checks.sandbox.ib.server import IbSandbox
from checks.sandbox.kruitbosch.server import KruitboschSandbox
from checks.sandbox.ours import ours
from checks.sandbox.server import Sandbox
from checks.sandbox.stand_in import StandIn

Truth = dict[str, set[tuple[str, str | None]]]

#: Names of the sources in the settings.
SHOP, KRUITBOSCH, IB, EASYFLOR = "webshop", "Kruitbosch", "IB", "EasyFlor"

#: Of the shop's own products, how many further articles a supplier has that the shop knows nothing of.
_SHARE = 20


class Four:
    """The stand-ins of all systems, each on a port of its own. A context manager, as each of them is.

    Args:
        size, seed, products, options: of the shop, see `Sandbox`.
        port: of the shop; the others take the three that follow. 0: free ones.
        clock: gives the time (aware) for all of them; the machine's when None.
        empty: a new wholesaler's shop. Nobody knows it yet, so it stands alone: no suppliers, no ERP.
    """

    def __init__(
        self,
        size: int,
        seed: int,
        products: Path | None = None,
        port: int = 0,
        *,
        clock: Callable[[], Any] | None = None,
        empty: bool = False,
        **options: Any,
    ) -> None:
        def ports(number: int) -> int:
            return port + number if port else 0

        self.shop = Sandbox(size, seed, products, port, clock=clock, empty=empty, **options)
        #: By the name of their source.
        self.all: dict[str, StandIn[Any]] = {SHOP: self.shop}
        if empty:
            return
        known = ours(self.shop.shop)
        further = max(100, size // _SHARE)
        self.kruitbosch = KruitboschSandbox(known, further, seed, ports(1), clock=clock)
        self.ib = IbSandbox(known, further, seed, port=ports(2), clock=clock)
        self.easyflor = EasyFlorSandbox(known, seed, ports(3), clock=clock)
        self.all |= {KRUITBOSCH: self.kruitbosch, IB: self.ib, EASYFLOR: self.easyflor}

    def __enter__(self) -> Self:
        self._running = ExitStack()
        for stand_in in self.all.values():
            self._running.enter_context(stand_in)
        return self

    def __exit__(self, *exc: object) -> None:
        self._running.close()

    def truth(self) -> dict[str, Truth]:
        """By source, what was planted: check id -> {(key, field or None)}; of the shop also what it takes two to see."""
        found: dict[str, Truth] = {name: dict(stand_in.truth()) for name, stand_in in self.all.items()}
        if len(found) == 1:
            return found
        for beside in (
            self.kruitbosch.truth_beside(),
            self.ib.truth_beside(),
            self.easyflor.truth_beside(EASYFLOR),
        ):
            for check, keys in beside.items():
                found[SHOP][check] = found[SHOP].get(check, set()) | keys
        return found

    def planted(self) -> dict[str, list[tuple[str, str | None]]]:
        """The same as JSON-able data, all sources together."""
        together: Truth = {}
        for truth in self.truth().values():
            for check, keys in truth.items():
                together[check] = together.get(check, set()) | keys
        return {check: sorted(keys, key=str) for check, keys in together.items()}

    def settings_toml(self, store: str = "sqlite:///keurmeester.db", snapshots: str = "snapshots") -> str:
        """A ready keurmeester.toml. It holds passwords: let others not read the file."""
        head = (
            f"[store]\nurl = {json.dumps(store)}\nsnapshots = {json.dumps(snapshots, ensure_ascii=False)}\n"
        )
        return "\n".join([head, *(one.source_toml(name) for name, one in self.all.items())])

    def write_settings(self, file: Path, **options: str) -> Path:
        """Writes `settings_toml(**options)` so that only its owner can read it; gives the file."""
        file.touch(mode=0o600)
        file.chmod(0o600)
        file.write_text(self.settings_toml(**options), encoding="utf-8")
        return file


def serve_all(on_ready: Callable[[Four], None], **options: Any) -> None:
    """Makes all four and serves them until Ctrl+C, printing nothing. `options` are those of `Four`."""
    with Four(**options) as four, suppress(KeyboardInterrupt):
        on_ready(four)
        threading.Event().wait()
