"""The digest: what is new since the last run, for people who do not open the dashboard.

`digest` renders it, `send` sends it. Nothing is remembered of what was sent: the schedule decides how often, and
sending the same run twice sends it twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from checks.digest.html import as_html
from checks.digest.model import News
from checks.digest.news import news_of
from checks.digest.sending import Delivery, Sent, addresses, deliver
from checks.digest.words import as_text, subject
from checks.settings import Settings
from checks.store import Store

__all__ = ["Delivery", "Digest", "News", "Sent", "addresses", "digest", "news_of", "send"]


@dataclass(frozen=True)
class Digest:
    """One digest in all its forms. `news` is what they say, as data."""

    subject: str
    text: str
    html: str
    news: News

    def as_json(self) -> dict[str, Any]:
        """Subject and news as one document."""
        return {"subject": self.subject, **asdict(self.news)}


def digest(settings: Settings, store: Store, run_id: str | None = None) -> Digest:
    """What a run brought, in words; the newest run that has ended, also a failed one, unless `run_id` names another.

    Raises UsageError when there is no such run.
    """
    news = news_of(settings, store, run_id)
    return Digest(subject(news), as_text(news), as_html(news), news)


def send(digest: Digest, settings: Settings, to: Sequence[str] = ()) -> Sent:
    """Sends it to the addresses `to`, else to those of the settings; what became of each.

    Raises SettingsError when there is no address at all.
    """
    return deliver(digest.news, digest.subject, digest.html, addresses(settings, to))
