"""EasyFlor over real HTTP on loopback, with debtors for the clients of a shop."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from checks.sandbox.clock import Clock
from checks.sandbox.easyflor.api import EasyFlorApi, Habits
from checks.sandbox.easyflor.planted import Truth
from checks.sandbox.ours import Ours, invented
from checks.sandbox.stand_in import StandIn, source_table

DATABASE = "Sandbox"
_SIZE = 120  # of the shop that is invented where none is given


class EasyFlorSandbox(StandIn[EasyFlorApi]):
    """A stand-in of EasyFlor. Use it as a context manager, or `start()` and `stop()`.

    Args:
        ours: what it knows of the shop; None: an invented one.
        seed: the same shop and seed give the same debtors.
        authentication: the way in that `source_toml` names; both are open.
        limited_routes, single_as_array, error_status, token_minutes, tokens_too_long: see
            `checks.sandbox.easyflor.api.Habits`.
        clock: gives the time (aware) that the server thinks it is; the machine's when None. See `advance`.
    """

    password = "tulpen-en-rozen"  # a word that nothing else holds: a test can look for it

    def __init__(
        self,
        ours: Ours | None = None,
        seed: int = 7,
        port: int = 0,
        *,
        host: str = "127.0.0.1",
        clock: Callable[[], datetime] | None = None,
        authentication: str = "token",
        limited_routes: Collection[str] = (),
        single_as_array: bool = False,
        error_status: int = 400,
        token_minutes: float = 60,
        tokens_too_long: float = 0,
    ) -> None:
        known = ours if ours is not None else invented(_SIZE, seed)
        habits = Habits(limited_routes, single_as_array, error_status, token_minutes, tokens_too_long)
        self._authentication = authentication

        def make(its_clock: Clock) -> EasyFlorApi:
            return EasyFlorApi(known, seed, its_clock, habits, self.login, self.password, DATABASE)

        super().__init__(make, seed, port, host=host, clock=clock)

    def source_toml(self, name: str) -> str:
        """The [[sources]] table of a keurmeester.toml, with the password."""
        return source_table(name, "easyflor", self, database=DATABASE, authentication=self._authentication)

    def truth_beside(self, name: str = "easyflor") -> Truth:
        """What was planted between the shop and this ERP: check id -> {(key, None)}.

        The keys are client numbers; those of `debtor-without-client` the source's `name` and the debtor's id.
        """
        found = {check: set(keys) for check, keys in self.api.planted.beside.items()}
        check = "debtor-without-client"
        found[check] = {(f"{name}|{key}", part) for key, part in found[check]}
        return found

    def change(self, debtor_id: int, **fields: Any) -> None:
        """Sets fields of a debtor behind the program's back, as the API writes them: `change(501, Block=True)`."""
        self.api.change(debtor_id, **fields)

    def remove(self, debtor_id: int) -> None:
        """Deletes a debtor behind the program's back."""
        with self.api.lock:
            del self.api.books.rows[debtor_id]

    def expire(self) -> None:
        """Ends every session, as a restart of the server does."""
        with self.api.lock:
            self.api.doors.expire()
