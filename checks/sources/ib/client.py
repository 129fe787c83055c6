"""Asks IB's bulk API for one page of articles (ib-api, sections 1 to 3, 5 and 7)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

import msgspec
import polars as pl

from checks.errors import NotFound
from checks.progress import Progress
from checks.settings_sources import IbSource
from checks.sources.answers import Dialect
from checks.sources.client import Client, open_http
from checks.sources.ib.wire import Page
from checks.sources.moments import BELGIUM, http_date, moments
from checks.sources.sign_in import Basic, Bearer, Credentials

T = TypeVar("T")

#: Zone of moments without one. IB states none; it is a Dutch site, and Dutch clocks are Belgian ones. Were they UTC, they
#: would be read as earlier than they are, so that more is asked again and nothing is missed.
ZONE = BELGIUM


def _reasons(answer: Any) -> list[str]:
    """The sentences of an error body. Its form is not documented: the usual names are looked for."""
    if not isinstance(answer, dict):
        return []
    found = [answer.get(name) for name in ("message", "error", "error_description", "errors", "detail")]
    texts: list[str] = []
    for one in found:
        for part in one if isinstance(one, list) else (one,):
            if isinstance(part, dict):
                part = part.get("message")
            if isinstance(part, str) and part.strip():
                texts.append(part)
    return texts


@dataclass(frozen=True)
class Answered(Generic[T]):
    """One page, what was made of its items, and when the assortment was last approved (None: IB does not say)."""

    page: Page
    items: T
    approved_at: datetime | None


class IbClient(Client[IbSource]):
    """IB through one login. Raises SettingsError where the password is not set."""

    def __init__(self, source: IbSource, progress: Progress | None = None) -> None:
        secret = source.secret()
        credentials: Credentials = (
            Bearer(secret) if source.authentication == "bearer" else Basic(source.login, secret)
        )
        # "send Content-Type: application/json, since other formats may come" (ib-api, section 1)
        more = {"extra_headers": {"Content-Type": "application/json"}}
        super().__init__(source, open_http(source, credentials, progress, Dialect(_reasons), **more))

    def articles(
        self,
        company: str,
        params: Mapping[str, str],
        moderation: str,
        decode: Callable[[msgspec.Raw], T],
    ) -> Answered[T]:
        """One page of a company's articles. `decode` reads the items and belongs to the attempt.

        Raises NotFound, naming the company, where IB knows none of that name.
        """
        seen: dict[str, str] = {}

        def read(body: bytes | bytearray) -> tuple[Page, T]:
            page = msgspec.json.decode(body, type=Page)
            return page, decode(page.items)

        path = f"companies/{company}/articles"
        try:
            page, items = self.http.get(path, params, read, {"X-Moderation": moderation}, seen.update)
        except NotFound as error:
            advice = f"Does IB know a company {company}? Take its machine name from IB, or take it out of companies."
            raise NotFound(error.source, error.what, error.happened, advice) from None
        return Answered(page, items, _moment(seen.get("x-moderation-date")))


def _moment(text: str | None) -> datetime | None:
    """A moment of a header: ISO 8601 or as HTTP writes dates; None for anything else."""
    if not text:
        return None
    found = moments(pl.Series([text], dtype=pl.String), ZONE)[0]
    if isinstance(found, datetime):
        return found
    told = http_date(text)
    return told if told is not None and told.tzinfo is not None else None
