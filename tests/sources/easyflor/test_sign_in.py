"""Both ways into EasyFlor: opened once, renewed once after a 401 and before they end, given back at the end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from checks.errors import CredentialsRefused, UnreadableAnswer
from checks.frames import Collected
from checks.sandbox.easyflor.server import EasyFlorSandbox
from checks.settings_sources import EasyFlorSource
from checks.sources.answers import AnswerHasErrors, LoginRefused
from checks.sources.easyflor.client import EasyFlorClient
from checks.sources.easyflor.collect import decode
from checks.sources.easyflor.sign_in import CookieSession, TokenSession, expiration

Make = Callable[..., EasyFlorSandbox]
SourceOf = Callable[..., EasyFlorSource]
Collect = Callable[..., Collected]

BOTH = ("token", "cookie")
LOGIN = {"token": "authorizationtoken", "cookie": "authorization"}
TOKEN = TokenSession("erp", "demo", "open-sesame", "D")
COOKIE = CookieSession("erp", "demo", "open-sesame", "D")


def statuses(erp: EasyFlorSandbox, path: str) -> list[int]:
    return [status for _, asked, _, status in erp.log if asked == path]


@pytest.mark.parametrize("way", BOTH)
def test_many_reads_take_one_login(make_erp: Make, source_of: SourceOf, way: str) -> None:
    erp = make_erp()
    with EasyFlorClient(source_of(erp, authentication=way)) as client:
        for _ in range(3):
            client.debtors(decode)
    assert statuses(erp, LOGIN[way]) == [200]
    assert statuses(erp, "debtor") == [200, 200, 200]


@pytest.mark.parametrize("way", BOTH)
def test_a_session_that_is_not_accepted_any_more_is_opened_once_more(
    make_erp: Make, source_of: SourceOf, way: str
) -> None:
    erp = make_erp()
    with EasyFlorClient(source_of(erp, authentication=way)) as client:
        client.debtors(decode)
        erp.expire()
        client.debtors(decode)
    assert statuses(erp, "debtor") == [200, 401, 200]
    assert statuses(erp, LOGIN[way]) == [200, 200]


def test_a_colleague_who_logs_in_under_the_same_name_does_not_end_the_run(
    make_erp: Make, source_of: SourceOf
) -> None:
    erp = make_erp()
    with EasyFlorClient(source_of(erp, authentication="cookie")) as client:
        client.debtors(decode)
        erp.api.doors.new_cookie()
        assert client.debtors(decode)[0].height
    assert statuses(erp, "debtor") == [200, 401, 200]


def test_a_token_is_renewed_before_it_ends_by_the_servers_clock(make_erp: Make, source_of: SourceOf) -> None:
    erp = make_erp(clock=lambda: datetime(2031, 1, 1, tzinfo=UTC), token_minutes=60)
    with EasyFlorClient(source_of(erp)) as client:
        client.debtors(decode)
        erp.advance(minutes=59.75)
        client.debtors(decode)  # its answer says how late it is
        client.debtors(decode)
    assert statuses(erp, "debtor") == [200, 200, 200]
    assert statuses(erp, LOGIN["token"]) == [200, 200]


def test_a_token_that_ends_earlier_than_it_said_is_renewed_too(make_erp: Make, source_of: SourceOf) -> None:
    erp = make_erp(token_minutes=10, tokens_too_long=600)
    with EasyFlorClient(source_of(erp)) as client:
        client.debtors(decode)
        erp.advance(minutes=20)
        client.debtors(decode)
    assert statuses(erp, "debtor") == [200, 401, 200]


def test_a_server_that_takes_no_token_is_not_asked_for_ever(make_erp: Make, source_of: SourceOf) -> None:
    erp = make_erp(token_minutes=0, tokens_too_long=60)
    with EasyFlorClient(source_of(erp)) as client, pytest.raises(CredentialsRefused):
        client.debtors(decode)
    assert statuses(erp, "debtor") == [401, 401]


@pytest.mark.parametrize("way", BOTH)
@pytest.mark.parametrize("wrong", [{"password": "open-sesame"}, {"login": "nobody"}, {"database": "Elders"}])
def test_credentials_that_are_refused_are_tried_once(
    make_erp: Make, collected: Collect, way: str, wrong: dict[str, Any]
) -> None:
    erp = make_erp()
    one = collected(erp, authentication=way, **wrong)
    assert (one.status, one.data) == ("failed", None)
    assert "the credentials were refused" in (one.message or "")
    assert "Check login, password and database of this source" in (one.message or "")
    assert [line[1] for line in erp.log] == [LOGIN[way]]


def test_a_cookie_session_is_given_back_and_a_token_cannot_be(make_erp: Make, collected: Collect) -> None:
    erp = make_erp()
    collected(erp, authentication="cookie")
    assert erp.log[-1][:2] == ("POST", "unauthorization")
    assert erp.api.doors.cookie is None
    collected(erp)
    assert len(statuses(erp, "unauthorization")) == 1


def test_who_never_logged_in_does_not_log_out(make_erp: Make, source_of: SourceOf) -> None:
    erp = make_erp()
    with EasyFlorClient(source_of(erp, authentication="cookie")):
        pass
    assert erp.log == []


def test_what_a_login_sends() -> None:
    body = {"Username": "demo", "Password": "open-sesame", "Database": "D"}
    for session, path in ((TOKEN, "authorizationtoken"), (COOKIE, "authorization")):
        request = session.opening()
        assert (request.method, request.path, request.body) == ("POST", path, body)
        assert "open-sesame" not in repr(session)


def test_what_a_login_gives() -> None:
    opened = TOKEN.opened({"Token": "eyJ.abc", "Expiration": "2026-10-25T03:00:00+02:00"}, {})
    assert opened.headers == {"Authorization": "Bearer eyJ.abc"}
    assert opened.until == datetime(2026, 10, 25, 1, tzinfo=UTC)
    assert opened.secrets == ("eyJ.abc",)
    assert "eyJ.abc" not in repr(opened)
    assert COOKIE.opened(None, {"sid": "c00kie", "lang": ""}).secrets == ("c00kie",)


@pytest.mark.parametrize(
    "answer", [None, [], "eyJ.abc", {}, {"token": "eyJ.abc"}, {"Token": None}, {"Token": 7}]
)
def test_a_login_without_a_token_is_no_login_and_its_answer_is_not_shown(answer: Any) -> None:
    with pytest.raises(UnreadableAnswer, match="the answer to a login has no Token") as raised:
        TOKEN.opened(answer, {})
    assert "eyJ" not in str(raised.value)


def test_a_login_without_a_cookie_is_no_login() -> None:
    with pytest.raises(UnreadableAnswer, match="no session cookie came"):
        COOKIE.opened(None, {})


@pytest.mark.parametrize("session", [TOKEN, COOKIE], ids=BOTH)
def test_an_error_object_is_no_login(session: TokenSession | CookieSession) -> None:
    with pytest.raises(AnswerHasErrors, match="NoOrInvalidRequest: No"):
        session.opened({"error": "NoOrInvalidRequest", "message": "No."}, {"sid": "c00kie"})


@pytest.mark.parametrize("session", [TOKEN, COOKIE], ids=BOTH)
def test_an_error_object_may_say_that_the_login_is_refused(session: TokenSession | CookieSession) -> None:
    with pytest.raises(LoginRefused, match="Unauthorized: Unknown user"):
        session.opened({"error": "Unauthorized", "message": "Unknown user."}, {"sid": "c00kie"})


@pytest.mark.parametrize("value", [None, "", "DateTime", 7, "2026-10-25T03:00:00"])
def test_an_end_that_cannot_be_read_or_has_no_zone_is_not_known(value: Any) -> None:
    assert expiration(value) is None
