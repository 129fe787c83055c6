"""Sessions over real HTTP: opened once for all threads, again after a 401 and before they end; never shown."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
import stamina

from checks.errors import CredentialsRefused, Deferred, RequestRejected, UnreadableAnswer
from checks.sandbox.calls import Answer, Call
from checks.sandbox.clock import Clock
from checks.sandbox.stand_in import StandIn
from checks.sources.answers import Dialect, no_login
from checks.sources.http import Http
from checks.sources.request import Request
from checks.sources.sign_in import Bearer, Opened

PASSWORD = "open-sesame-9"


class Door:
    """A system with one list behind a login: a token, or a cookie that the server sets."""

    root = "api"
    routes: Sequence[str] = ("POST login", "POST logout", "GET list")

    def __init__(self, clock: Clock) -> None:
        self.lock = threading.RLock()
        self.clock = clock
        self.token = 0
        self.logins = 0
        self.lasts = timedelta(hours=1)
        self.seen: list[Mapping[str, str]] = []
        self.closed = False
        self.refusal = (401, "no")  # status and error of a login that is refused

    def now(self) -> datetime:
        return self.clock.now()

    def truth(self) -> dict[str, set[tuple[str, str | None]]]:
        return {}

    def answer(self, call: Call) -> Answer:
        with self.lock:
            if call.path == "login":
                self.logins += 1
                if msgspec.json.decode(call.body)["Password"] != PASSWORD:
                    status, error = self.refusal
                    return Answer(status, msgspec.json.encode({"error": error}))
                self.token += 1
                until = (self.now() + self.lasts).isoformat()
                body = msgspec.json.encode({"Token": f"token-number-{self.token}", "Until": until})
                return Answer(200, body, headers=(("set-cookie", f"sid=cookie-number-{self.token}"),))
            self.seen.append(call.headers)
            if f"token-number-{self.token}" not in call.headers.get("authorization", ""):
                return Answer(401, b'{"error": "log in"}')
            if self.closed:
                return Answer(500, b'{"error": "Closed"}')
            return Answer(200, b"[1, 2]")

    def outside(self, call: Call) -> Answer:
        if call.path == "media/large":
            return Answer(200, b"x" * 5_000_000, "image/png")
        return Answer(200 if call.path == "media/a" else 404, b"bytes", "image/png")

    def server_error(self, call: Call, status: int = 500) -> Answer:
        return Answer(status, b'{"error": "oops"}')

    def errors_with_200(self, call: Call) -> Answer:
        return Answer(200, b'{"error": "oops"}')


@dataclass
class Login:
    password: str = PASSWORD
    with_end: bool = False

    def opening(self) -> Request:
        return Request("POST", "login", body={"Password": self.password})

    def opened(self, answer: Any, cookies: Mapping[str, str]) -> Opened:
        if not isinstance(answer, dict) or "Token" not in answer:
            raise ValueError("it holds no token")
        until = datetime.fromisoformat(answer["Until"]) if self.with_end else None
        token = answer["Token"]
        return Opened({"Authorization": f"Bearer {token}"}, (token, *cookies.values()), until)

    def closing(self) -> Request:
        return Request("POST", "logout")


class LoginThatReadsErrors(Login):
    def opened(self, answer: Any, cookies: Mapping[str, str]) -> Opened:
        if isinstance(answer, dict) and "error" in answer:
            raise no_login(answer["error"], [f"{answer['error']} {self.password}"])
        return super().opened(answer, cookies)


DIALECT = Dialect(
    lambda answer: [answer["error"]] if isinstance(answer, dict) and "error" in answer else [],
    lambda answer: isinstance(answer, dict) and answer.get("error") == "Closed",
    lambda moment: moment.replace(hour=18, minute=0, second=0, microsecond=0),
)


@pytest.fixture
def door() -> Iterator[StandIn[Door]]:
    with StandIn(Door, 7) as stand_in:
        yield stand_in


@pytest.fixture
def connect(door: StandIn[Door]) -> Iterator[Callable[..., Http]]:
    opened: list[Http] = []

    def open_one(login: Any = None, **more: Any) -> Http:
        opened.append(
            Http(
                "erp",
                door.base_url,
                login or Login(),
                timeout_seconds=5,
                max_connections=8,
                dialect=DIALECT,
                **more,
            )
        )
        return opened[-1]

    yield open_one
    for http in opened:
        http.close()


def read(http: Http) -> list[int]:
    return http.get("list", {}, lambda body: msgspec.json.decode(body, type=list[int]))


def test_all_threads_share_one_login(door: StandIn[Door], connect: Callable[..., Http]) -> None:
    http = connect()
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda _: read(http), range(20))) == [[1, 2]] * 20
    assert door.api.logins == 1


def test_a_session_that_is_not_accepted_any_more_is_opened_once_more(
    door: StandIn[Door], connect: Callable[..., Http]
) -> None:
    http = connect()
    read(http)
    door.api.token += 1  # somebody logged in elsewhere
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda _: read(http), range(8))) == [[1, 2]] * 8
    assert door.api.logins == 2


def test_a_session_is_renewed_before_it_ends(door: StandIn[Door], connect: Callable[..., Http]) -> None:
    http = connect(Login(with_end=True))
    read(http)
    door.advance(hours=2)
    http.shared.server_time = door.now()
    seen = len(door.api.seen)
    read(http)
    assert door.api.logins == 2
    assert len(door.api.seen) == seen + 1  # no call went out with the old one


def test_a_wrong_password_is_sent_once_however_many_wait(
    door: StandIn[Door], connect: Callable[..., Http]
) -> None:
    http = connect(Login("wrong-password"))

    def refused(_: int) -> bool:
        with pytest.raises(CredentialsRefused, match="the credentials were refused"):
            read(http)
        return True

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(refused, range(16)))
    assert door.api.logins == 1
    with pytest.raises(CredentialsRefused):
        read(http)
    assert door.api.logins == 1


@pytest.mark.parametrize("error", ["Unauthorized", "not_authenticated", "ForBidden"])
def test_a_login_refused_with_http_200_is_sent_once_too(
    door: StandIn[Door], connect: Callable[..., Http], error: str
) -> None:
    door.api.refusal = (200, error)
    http = connect(LoginThatReadsErrors("wrong-password"))
    for _ in range(2):
        with pytest.raises(
            CredentialsRefused, match=f"HTTP 200: the credentials were refused .{error}"
        ) as one:
            read(http)
        assert "Check login and password of this source." in str(one.value)
        assert "wrong-password" not in str(one.value)
    assert door.api.logins == 1


def test_an_error_of_a_login_that_may_pass_is_tried_again(
    door: StandIn[Door], connect: Callable[..., Http]
) -> None:
    stamina.set_testing(True, attempts=3)
    door.api.refusal = (200, "Exception")
    try:
        with pytest.raises(RequestRejected, match="the server reports: Exception"):
            read(connect(LoginThatReadsErrors("wrong-password")))
    finally:
        stamina.set_testing(False)
    assert door.api.logins == 3


def test_what_the_server_says_of_a_refusal_is_told(door: StandIn[Door], connect: Callable[..., Http]) -> None:
    door.api.refusal = (401, "The account wrong-password is locked.")
    with pytest.raises(CredentialsRefused) as one:
        read(connect(Login("wrong-password")))
    assert one.value.happened == "HTTP 401: the credentials were refused (The account *** is locked)."


def test_an_answer_that_is_no_login(door: StandIn[Door], connect: Callable[..., Http]) -> None:
    http = connect()
    door.faults.add("POST login", "errors-200")
    with pytest.raises(UnreadableAnswer, match="the answer to a login"):
        read(http)


@pytest.mark.parametrize("kind", ["error-500", "html", "reset", "429", "half"])
def test_a_login_that_fails_once_is_tried_again(
    door: StandIn[Door], connect: Callable[..., Http], kind: str
) -> None:
    door.faults.add("POST login", kind, times=1)
    assert read(connect()) == [1, 2]


def test_it_is_closed_at_the_end_only_where_it_was_opened(
    door: StandIn[Door], connect: Callable[..., Http]
) -> None:
    connect().close()
    assert door.log == []
    http = connect()
    read(http)
    http.close()
    assert [line[1] for line in door.log] == ["login", "list", "logout"]


def test_closed_for_now_is_deferred_and_not_tried_again(
    door: StandIn[Door], connect: Callable[..., Http]
) -> None:
    http = connect()
    door.api.closed = True
    with pytest.raises(Deferred) as caught:
        read(http)
    assert caught.value.until is not None
    assert (caught.value.until.hour, caught.value.until.tzinfo) == (18, UTC)
    assert sum(line[1] == "list" for line in door.log) == 1


def test_no_secret_is_told(
    door: StandIn[Door], connect: Callable[..., Http], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    http = connect()
    read(http)
    told = http.one_line(f"the server says token-number-1, cookie-number-1 and {PASSWORD}")
    assert told == "the server says ***, *** and ***"
    for secret in (PASSWORD, "token-number", "cookie-number"):
        assert secret not in caplog.text
        assert secret not in repr(Bearer(secret))
    assert "token-number" not in repr(Opened({"Authorization": "token-number-1"}, ("token-number-1",)))


def test_a_question_in_a_body_is_a_read(door: StandIn[Door], connect: Callable[..., Http]) -> None:
    http = connect(read_only=True)
    assert http.ask(Request("POST", "list", body={}), msgspec.json.decode) == [1, 2]


class TestFetch:
    def test_a_picture_of_the_own_host(self, door: StandIn[Door], connect: Callable[..., Http]) -> None:
        assert connect().fetch("/media/a", "a picture", lambda data: None) == b"bytes"
        assert "authorization" not in (door.api.seen[-1] if door.api.seen else {})

    def test_another_host_is_never_asked(self, door: StandIn[Door], connect: Callable[..., Http]) -> None:
        with StandIn(Door, 8, host="127.0.0.1") as other:
            address = other.base_url.replace("127.0.0.1", "localhost").replace("/api", "/media/a")
            with pytest.raises(RequestRejected, match="another host"):
                connect().fetch(address, "a picture", lambda data: None)
            assert other.log == []
            found = connect().fetch(address, "a picture", lambda data: None, hosts=("localhost",))
            assert found == b"bytes"
            assert [line[1] for line in other.log] == ["media/a"]
            assert door.api.logins == 0  # no credentials are needed, none went

    def test_what_is_too_large_is_left(self, door: StandIn[Door], connect: Callable[..., Http]) -> None:
        with pytest.raises(RequestRejected, match="larger than 1 MB"):
            connect().fetch("/media/large", "a picture", lambda data: None, largest=1_000_000)

    def test_what_goes_wrong_at_another_host_is_not_this_source_s(
        self, door: StandIn[Door], connect: Callable[..., Http]
    ) -> None:
        http = connect()
        with StandIn(Door, 8) as other:
            address = other.base_url.replace("127.0.0.1", "localhost")
            with pytest.raises(RequestRejected, match="localhost answers HTTP 401"):
                http.fetch(f"{address}/list", "a picture", lambda data: None, hosts=("localhost",))
        assert http.shared.server_time is None  # its clock is not ours to go by
        assert http.shared.dead is None
        assert http.fetch("/media/a", "a picture", lambda data: None) == b"bytes"

    @pytest.mark.parametrize(
        "form", ["{scheme}://user:secret@{host}/media/a", "file:///etc/hostname", "ftp://{host}/a"]
    )
    def test_other_forms_of_an_address_are_refused(
        self, door: StandIn[Door], connect: Callable[..., Http], form: str
    ) -> None:
        address = form.format(scheme="http", host=door.base_url.split("/")[2])
        with pytest.raises(RequestRejected) as refused:
            connect().fetch(address, "a picture", lambda data: None)
        assert "secret" not in str(refused.value)
        assert door.log == []

    def test_the_same_host_in_capitals_is_the_same(
        self, door: StandIn[Door], connect: Callable[..., Http]
    ) -> None:
        address = door.base_url.replace("http://127.0.0.1", "HTTP://127.0.0.1").replace("/api", "/media/a")
        assert connect().fetch(address, "a picture", lambda data: None) == b"bytes"
