"""Answers requests to IB's bulk API: credentials, paging, moderation, pictures (ib-api). Knows no network.

What the pages read do not state, and what the stand-in does:

- CURSOR: `nextOffsetId` stands for the last article of a page and is null on the last one; it does not expire.
- CLAMP: a `limit` out of 1..100 is brought within it.
- MODIFIED: inclusive; a moment without offset is Dutch time.
- APPROVED_FORM: under `moderated` an article that changed since the approval is given as it was then. The page may also
  be read as if it were left out: `literal_moderation`.
- NO_DATE: before the first approval there is no `X-Moderation-Date`.
- ERRORS: `{"message": …}` with the usual status.
"""

from __future__ import annotations

import base64
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import msgspec

from checks.sandbox.calls import Answer, Call
from checks.sandbox.ib.rows import Article, Assortment, Company
from checks.sandbox.ib.shapes import read_moment, shown
from checks.sandbox.oresto.photo_bytes import LARGE, draw_photo, media_type

ROOT = "api/bulk/v1"
ROUTES = ("GET companies/*/articles", "GET media/ib/*")
_LIST = re.compile(r"companies/(\w+)/articles")
_LARGE = 25_000_000  # bytes of the picture that is too large
_PAGE = b"<html><body><h1>Log in</h1></body></html>"


@dataclass(frozen=True)
class Habits:
    """Ways in which a server may differ.

    Attributes:
        page_cap: it gives no more at once, whatever `limit` says.
        no_cursor: it never gives a `nextOffsetId`.
        same_cursor: it always gives the same one.
        base_only: it never expands.
        loses: so many articles of each company are counted and not given.
        literal_moderation: `moderated` leaves out what changed since the approval.
        no_downloads: this login is not entitled to pictures.
        no_date: it never sends `X-Moderation-Date`.
    """

    page_cap: int = 100
    no_cursor: bool = False
    same_cursor: bool = False
    base_only: bool = False
    loses: int = 0
    literal_moderation: bool = False
    no_downloads: bool = False
    no_date: bool = False


class IbApi:
    """The API over some suppliers' assortments. `lock` guards them: a test changes them from another thread."""

    root = ROOT
    routes = ROUTES

    def __init__(
        self, assortment: Assortment, habits: Habits, login: str, password: str, authentication: str
    ) -> None:
        self.assortment = assortment
        self.lock = threading.RLock()
        self._habits = habits
        if authentication == "bearer":
            self._authorization = f"Bearer {password}"
        else:
            self._authorization = "Basic " + base64.b64encode(f"{login}:{password}".encode()).decode()

    def now(self) -> datetime:
        return self.assortment.clock.now()

    def truth(self) -> dict[str, set[tuple[str, str | None]]]:
        with self.lock:
            return self.assortment.truth()

    def server_error(self, call: Call, status: int = 500) -> Answer:
        return _message(status, "Er is een fout opgetreden.")

    def errors_with_200(self, call: Call) -> Answer:
        return _message(200, "Er is een fout opgetreden.")

    def answer(self, call: Call) -> Answer:
        if not self._may_enter(call):
            return _message(401, "Niet ingelogd.")
        found = _LIST.fullmatch(call.path)
        if found is None or call.method != "GET":
            return _message(404, f"Onbekend: {call.method} {call.path}")
        with self.lock:
            company = self.assortment.companies.get(found[1])
            if company is None:
                return _message(404, f"Onbekende leverancier: {found[1]}")
            try:
                return self._page(call, company)
            except ValueError as error:
                return _message(400, f"Ongeldige parameter: {error}")

    def outside(self, call: Call) -> Answer:
        """Pictures: with the same credentials."""
        found = re.fullmatch(r"media/ib/\w+/(.+)\.(?:png|jpg)", call.path)
        if found is None or call.method != "GET":
            return _message(404, "Onbekend")
        if not self._may_enter(call):
            return _message(401, "Niet ingelogd.")
        strange = self.assortment.strange_pictures.get(found[1])
        if strange == "web page":
            return Answer(200, _PAGE, "text/html")
        data = draw_photo(found[1], LARGE)
        if strange == "too large":
            data += bytes(_LARGE - len(data))
        return Answer(200, data, media_type(data))

    def _may_enter(self, call: Call) -> bool:
        return call.headers.get("authorization") == self._authorization

    def _page(self, call: Call, company: Company) -> Answer:
        params, habits = call.params, self._habits
        limit = min(max(1, int(params.get("limit", "25"))), 100, habits.page_cap)
        expand = params.get("expand", "false") == "true" and not habits.base_only
        since = params.get("modified")
        cursor = params.get("offset-id")
        skipped = _place(cursor) if cursor is not None else max(0, int(params.get("offset", "0")))
        given = self._chosen(call, company)
        count = len(given)
        given = given[: len(given) - habits.loses] if habits.loses else given
        page = given[skipped : skipped + limit]
        end = skipped + limit
        last = end >= len(given)
        counts = params.get("allow-count", "true") == "true"
        body: dict[str, Any] = {
            "offset": skipped,
            "offsetId": cursor,
            "nextOffsetId": None if last or habits.no_cursor else _cursor(0 if habits.same_cursor else end),
            "limit": limit,
            "count": count if counts else None,
            "expanded": expand,
            "changesSince": since,
            "items": [self._item(call, company, one, expand) for one in page],
            "href": self._address(call, params),
            "next": None if last else self._address(call, {**params, "offset": str(end)}),
            "previous": None
            if skipped == 0
            else self._address(call, {**params, "offset": str(max(0, skipped - limit))}),
        }
        headers: tuple[tuple[str, str], ...] = ()
        if company.approved_at is not None and not habits.no_date:
            headers = (("x-moderation-date", company.approved_at.isoformat()),)
        return Answer(200, msgspec.json.encode(body), headers=headers)

    def _item(self, call: Call, company: Company, article: Article, expand: bool) -> dict[str, Any]:
        item = shown(company, article, call.host, ROOT, expand=expand)
        if self._habits.no_downloads:
            for image in item.get("images", ()):
                del image["download"]
        return item

    def _address(self, call: Call, params: Any) -> str:
        return f"http://{call.host}/{ROOT}/{call.path}?{urlencode(params)}"

    def _chosen(self, call: Call, company: Company) -> list[Article]:
        """The articles of the set and the filters that were asked, in the order of the cursor."""
        params = call.params
        wanted: list[Callable[[Article], bool]] = []
        if text := params.get("modified"):
            since = read_moment(text)
            wanted.append(lambda one: one.modified >= since)
        if code := params.get("availability"):
            wanted.append(lambda one: one.availability == code)
        if params.get("filter-matchcode") == "true":
            wanted.append(lambda one: bool(one.match_code))
        if ean := params.get("ean"):
            wanted.append(lambda one: ean in one.eans)
        articles = self._set(call.headers.get("x-moderation", "both"), company)
        return [one for one in articles if all(fits(one) for fits in wanted)] if wanted else list(articles)

    def _set(self, moderation: str, company: Company) -> Iterator[Article]:
        if moderation == "unmoderated":
            yield from (one for one in company.articles.values() if company.waits(one))
        elif moderation == "moderated":
            literal = self._habits.literal_moderation
            for one in company.approved.values():
                if not literal or not company.waits(company.articles.get(one.id, one)):
                    yield one
        elif moderation == "both":
            yield from company.articles.values()
        else:
            raise ValueError(f"X-Moderation: {moderation}")


def _cursor(place: int) -> str:
    return base64.urlsafe_b64encode(f"a:{place}".encode()).decode().rstrip("=")


def _place(cursor: str) -> int:
    padded = cursor + "=" * (-len(cursor) % 4)
    text = base64.urlsafe_b64decode(padded).decode()
    if not text.startswith("a:"):
        raise ValueError("offset-id")
    return int(text[2:])


def _message(status: int, text: str) -> Answer:
    return Answer(status, msgspec.json.encode({"message": text}))
