"""The stand-in of EasyFlor over real HTTP: logins, sessions, opening hours, debtors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from checks.sandbox.easyflor.server import DATABASE, EasyFlorSandbox
from checks.settings import load_settings
from checks.settings_sources import EasyFlorSource

Make = Callable[..., EasyFlorSandbox]


@pytest.fixture
def make_erp() -> Iterator[Make]:
    with ExitStack() as running:

        def make(**options: Any) -> EasyFlorSandbox:
            return running.enter_context(EasyFlorSandbox(**options))

        yield make


@pytest.fixture
def visitor() -> Iterator[Callable[[EasyFlorSandbox], httpx.Client]]:
    with ExitStack() as opened:
        yield lambda erp: opened.enter_context(httpx.Client(base_url=f"{erp.base_url}/"))


Visitor = Callable[[EasyFlorSandbox], httpx.Client]


def who(erp: EasyFlorSandbox, **other: Any) -> dict[str, Any]:
    return {"Username": erp.login, "Password": erp.password, "Database": DATABASE} | other


def with_token(http: httpx.Client, erp: EasyFlorSandbox) -> httpx.Client:
    token = http.post("authorizationtoken", json=who(erp)).json()["Token"]
    http.headers["Authorization"] = f"Bearer {token}"
    return http


def test_a_token_opens_until_it_ends(make_erp: Make, visitor: Visitor) -> None:
    erp = make_erp(token_minutes=5)
    http = visitor(erp)
    assert http.get("debtor").status_code == 401
    answer = http.post("authorizationtoken", json=who(erp)).json()
    assert datetime.fromisoformat(answer["Expiration"]) > erp.now()
    http = with_token(http, erp)
    assert http.get("debtor").status_code == 200
    http.post("unauthorization")
    assert http.get("debtor").status_code == 200, "a token cannot be logged out"
    erp.advance(minutes=6)
    assert http.get("debtor").status_code == 401


def test_a_cookie_opens_until_it_is_given_back_or_taken_by_another_login(
    make_erp: Make, visitor: Visitor
) -> None:
    erp = make_erp()
    one, other = visitor(erp), visitor(erp)
    assert one.post("authorization", json=who(erp)).content == b""
    assert one.get("debtor").status_code == 200
    other.post("authorization", json=who(erp))
    assert (one.get("debtor").status_code, other.get("debtor").status_code) == (401, 200)
    assert one.post("unauthorization").status_code == 200
    assert other.get("debtor").status_code == 200, "who has no session ends none"
    other.post("unauthorization")
    assert other.get("debtor").status_code == 401


def test_all_sessions_end_at_once(make_erp: Make, visitor: Visitor) -> None:
    erp = make_erp()
    http = with_token(visitor(erp), erp)
    erp.expire()
    assert http.get("debtor").status_code == 401


@pytest.mark.parametrize("wrong", [{"Username": "x"}, {"Password": "x"}, {"Database": "x"}])
@pytest.mark.parametrize("path", ["authorization", "authorizationtoken"])
def test_who_is_not_known_stays_outside(
    make_erp: Make, visitor: Visitor, path: str, wrong: dict[str, str]
) -> None:
    erp = make_erp()
    assert visitor(erp).post(path, json=who(erp, **wrong)).status_code == 401


def test_a_login_that_is_no_json_says_so(make_erp: Make, visitor: Visitor) -> None:
    answer = visitor(make_erp()).post("authorization", content=b"{")
    assert (answer.status_code, answer.json()["error"]) == (400, "NoOrInvalidJson")


@pytest.mark.parametrize("status", [400, 500, 200])
def test_office_hours(make_erp: Make, visitor: Visitor, status: int) -> None:
    erp = make_erp(
        clock=lambda: datetime(2026, 10, 25, 4, 59, tzinfo=UTC),
        limited_routes=("debtor",),
        error_status=status,
    )
    http = with_token(visitor(erp), erp)
    assert isinstance(http.get("debtor").json(), list)
    erp.advance(minutes=1)
    answer = http.get("debtor")
    assert (answer.status_code, answer.json()["error"]) == (status, "ApiOpeningHoursException")
    assert isinstance(http.get("debtorsincedate/2026-10-20").json(), list), "that one is not limited"
    erp.advance(hours=13)
    assert isinstance(with_token(http, erp).get("debtor").json(), list)


@pytest.mark.parametrize("as_array", [False, True])
def test_one_debtor(make_erp: Make, visitor: Visitor, as_array: bool) -> None:
    erp = make_erp(single_as_array=as_array)
    http = with_token(visitor(erp), erp)
    found = http.get("debtor/501").json()
    assert (found[0] if as_array else found)["Id"] == 501
    for path, code in (("debtor/7", "DocumentNotFound"), ("debtorsincedate/gisteren", "NoOrInvalidRequest")):
        answer = http.get(path)
        assert (answer.status_code, answer.json()["error"]) == (400, code)
    assert http.get("articles").status_code == 404
    assert http.delete("debtor/501").status_code == 400


def test_what_changed_since_a_day_as_days_are_counted_in_belgium(make_erp: Make, visitor: Visitor) -> None:
    erp = make_erp(clock=lambda: datetime(2026, 7, 1, 22, 30, tzinfo=UTC))  # half past midnight of the second
    erp.change(501, Block=True)
    http = with_token(visitor(erp), erp)
    assert [row["Id"] for row in http.get("debtorsincedate/2026-07-02").json()] == [501]
    assert http.get("debtorsincedate/2026-07-03").json() == []


def test_the_same_seed_gives_the_same_debtors() -> None:
    now = datetime(2026, 10, 25, tzinfo=UTC)
    one, same, other = (EasyFlorSandbox(seed=seed, clock=lambda: now).api.books.rows for seed in (1, 1, 2))
    assert one == same != other


def test_a_reset_makes_it_new(make_erp: Make) -> None:
    erp = make_erp()
    erp.change(501, Block=True)
    erp.remove(502)
    erp.reset()
    assert erp.api.books.rows[501]["Block"] is False
    assert 502 in erp.api.books.rows


def test_settings_for_it(make_erp: Make, tmp_path: Any) -> None:
    erp = make_erp(authentication="cookie")
    file = tmp_path / "keurmeester.toml"
    file.touch(mode=0o600)
    file.write_text(erp.source_toml("erp"), encoding="utf-8")
    (source,) = load_settings(file).sources
    assert isinstance(source, EasyFlorSource)
    assert (source.database, source.authentication, source.base_url) == (DATABASE, "cookie", erp.base_url)


def test_it_knows_what_it_gave_away(make_erp: Make, visitor: Visitor) -> None:
    erp = make_erp()
    http = with_token(visitor(erp), erp)
    secrets = erp.api.secrets()
    assert http.headers["Authorization"].removeprefix("Bearer ") in secrets
    assert erp.api.books.rows[501]["Contacts"][0]["Users"][0]["Password"] in secrets
    assert erp.api.books.rows[501]["Contacts"][0]["LastName"] not in secrets
