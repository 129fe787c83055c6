"""The news of a run in words: its title, as plain text, and in a few lines for a chat."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from checks.addresses import page_address
from checks.digest.model import CheckNews, Example, News

MOST_CHECKS = 12  # that a chat is told of
#: What a link to a check's findings shows: also when they are no longer new.
ALL_OPEN = "All that are open"
_MOST_LETTERS = 200  # of a text that came from the shop

#: Signs that are not seen, or turn the reading direction: a name could pose as something else with them.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")

#: What looks like an e-mail address, also percent-encoded as in a link.
_MAIL = re.compile(
    r"[^\s<>()\[\]{}\"',;:|/\\=?&@]{1,64}(?:@|%40)(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}", re.IGNORECASE
)

_SIGN = {"error": "✕", "warning": "▲", "info": "●"}
_BY_NOBODY = "found right by the health check"


def one_line(text: str, most: int = _MOST_LETTERS) -> str:
    """Text from outside on one line: nothing unseen in it, and not too long."""
    seen = re.sub(r"\s+", " ", _UNSEEN.sub(" ", text)).strip()
    return seen if len(seen) <= most else f"{seen[: most - 1]}…"


def holds_address(text: str) -> bool:
    """Is there an e-mail address in it?"""
    return _MAIL.search(text) is not None


def without_addresses(text: str) -> str:
    """The text with no e-mail address in it: a customer's may not leave the house in a digest."""
    return _MAIL.sub("(an e-mail address)", text)


def plural(count: int, one: str, several: str | None = None) -> str:
    """`1 error`, `12,345 errors`."""
    return f"{count:,} {one if count == 1 else several or f'{one}s'}"


def moment(at: datetime) -> str:
    """`20 Nov 2026, 07:05 CET`, on this machine's clock."""
    local = at.astimezone()
    return f"{local.day} {local:%b %Y, %H:%M %Z}"


def age(since: datetime, now: datetime) -> str:
    """`34 days`, `5 hours`."""
    hours = max(0, int((now - since).total_seconds() // 3600))
    return plural(hours // 24, "day") if hours >= 48 else plural(hours, "hour")


def subject(news: News) -> str:
    """The answer in a line: `webshop: 82/100, 14 new errors`."""
    shop = ", ".join(news.sources) if len(news.sources) <= 2 else f"{len(news.sources)} shops"
    if news.status == "failed":
        return f"{shop}: the health check failed"
    parts = ["no score" if news.score is None else f"{news.score}/100", _gravest_news(news)]
    if news.not_collected or news.not_judged:
        parts.append("not everything could be checked")
    return f"{shop}: {', '.join(parts)}"


def _gravest_news(news: News) -> str:
    for severity, what in (("error", "error"), ("warning", "warning"), ("info", "remark")):
        if count := news.new.get(severity, 0):
            return f"{count:,} new {what}{'' if count == 1 else 's'}"
    return "nothing new"


def headline(news: News) -> str:
    """The answer in a few sentences."""
    if news.status == "failed":
        return (
            f"The health check of {moment(news.at)} failed, and nothing was judged. "
            f"{plural(sum(news.open.values()), 'finding')} of before stay as they were."
        )
    return " ".join(_sentences(news))


def _sentences(news: News) -> Iterator[str]:
    if news.score is not None:
        yield f"{news.score} of 100{_change(news)}."
    counts = [
        plural(news.new[severity], word)
        for severity, word in (("error", "error"), ("warning", "warning"), ("info", "remark"))
        if news.new.get(severity)
    ]
    if news.previous is None:
        yield f"This is the first health check: {', '.join(counts) or 'nothing is wrong'}."
    elif counts:
        yield f"New since {moment(news.previous)}: {', '.join(counts)}{_back(news)}."
    else:
        yield f"Nothing new since {moment(news.previous)}."
    if fixed := sum(one.count for one in news.fixed):
        yield f"{plural(fixed, 'finding')} put right."
    yield f"Open now: {plural(news.open.get('error', 0), 'error')}, {plural(news.open.get('warning', 0), 'warning')}."


def _back(news: News) -> str:
    return f" ({news.back:,} of them came back)" if news.back else ""


def _change(news: News) -> str:
    if news.score is None or news.score_before is None:
        return ""
    change = news.score - news.score_before
    if change == 0:
        return ", as the last time"
    return f", {abs(change)} {'above' if change > 0 else 'below'} the last time"


def counts_of(check: CheckNews) -> str:
    """`3 new, 1 came back`."""
    parts = [f"{check.new:,} new"] if check.new else []
    return ", ".join([*parts, *([f"{check.back:,} came back"] if check.back else [])])


def called(example: Example) -> str:
    """Its name, unless what is wrong with it says that already."""
    name = one_line(example.name or "", 60)
    return "" if name in one_line(example.message) else name


def told(example: Example) -> str:
    """`ART000123 Kaas: has no photo.`"""
    thing = " ".join(part for part in (one_line(example.key, 60), called(example)) if part)
    return f"{thing}: {one_line(example.message)}"


def fixed_by(by: str | None) -> str:
    """Who put it right, in words."""
    return _BY_NOBODY if by is None else f"by {one_line(by, 60)}"


def as_text(news: News) -> str:
    """The whole digest, for a terminal or a mail reader without HTML."""
    return "\n".join(_lines(news)) + "\n"


def _lines(news: News) -> Iterator[str]:
    yield subject(news)
    yield ""
    yield headline(news)
    yield from _trouble(news)
    if news.checks:
        yield from _heading("New")
    for check in news.checks:
        yield f"{_SIGN[check.severity]} {check.title}: {counts_of(check)}"
        yield f"  {ALL_OPEN}: {check.address}"
        for example in check.examples:
            touches = f" ({example.touches})" if example.touches else ""
            yield f"  - {told(example)}{touches}"
            yield f"    {example.address}"
    if news.fixed:
        yield from _heading("Put right")
        yield from (f"- {one.title}: {one.count:,}, {fixed_by(one.by)}" for one in news.fixed)
    if news.ended:
        yield from _heading("Decisions that ended")
    for group in news.ended:
        yield f"{group.title}: {group.count:,}"
        yield f"  {ALL_OPEN}: {group.address}"
        for ended in group.examples:
            yield f"  - {ended.kind} by {one_line(ended.by, 60)}: {told(ended.finding)} ({one_line(ended.why)})"
            yield f"    {ended.finding.address}"
    if news.oldest:
        yield from _heading("Open longest")
        for example in news.oldest:
            yield f"- {age(example.since, news.at)}: {example.title}: {told(example)}"
            yield f"  {example.address}"
    if news.waiting is not None and news.waiting.count:
        yield from _heading("Orders")
        yield f"{waiting_words(news)} {page_address(news.url, 'orders')}"
    if news.score_words:
        yield from _heading("Score")
        if news.areas:
            yield ", ".join(f"{area} {value}" for area, value in news.areas.items())
        yield news.score_words
    yield ""
    yield f"Health check of {moment(news.at)}. Dashboard: {page_address(news.url, 'overview')}"


def _trouble(news: News) -> Iterator[str]:
    if news.status == "failed":
        yield from _heading("THE HEALTH CHECK FAILED")
        yield one_line(news.message or "No reason was given.", 500)
    for title, gaps in (("NOT COLLECTED", news.not_collected), ("COULD NOT RUN", news.not_judged)):
        if gaps:
            yield from _heading(title)
            yield from (f"! {', '.join(gap.titles)}: {one_line(gap.reason)}" for gap in gaps)
    if news.attention:
        yield from _heading("WAITS FOR YOU")
        yield f"! {attention_words(news)} {page_address(news.url, 'fixes')}"


def _heading(title: str) -> Iterator[str]:
    yield ""
    yield title
    yield "-" * len(title)


def attention_words(news: News) -> str:
    """Fixes that were broken off and that only a person can end."""
    needs = "needs" if news.attention == 1 else "need"
    return f"{plural(news.attention, 'fix', 'fixes')} {needs} attention."


def waiting_words(news: News) -> str:
    """How many orders wait, and for how long."""
    assert news.waiting is not None
    oldest = f", the oldest for {age(news.waiting.oldest, news.at)}" if news.waiting.oldest else ""
    waits = "waits" if news.waiting.count == 1 else "wait"
    late = f" {late_words(news)}." if news.waiting.passed else ""
    return f"{plural(news.waiting.count, 'order')} {waits}{oldest}.{late}"


def late_words(news: News) -> str:
    """How many of them are past their delivery day, and what they are worth."""
    assert news.waiting is not None
    many, value = news.waiting.passed, news.waiting.passed_value
    worth = "" if value is None else f", worth €{value:,.2f}"
    return f"{plural(many, 'order')} {'is' if many == 1 else 'are'} past the delivery day{worth}"


def in_brief(news: News, most: int) -> str:
    """A few lines for a chat, at most `most` characters; as many checks as fit, the gravest first."""
    foot = page_address(news.url, "overview")
    lines = [headline(news)]
    if news.status == "failed":
        lines.append(one_line(news.message or ""))
    if gaps := len(news.not_collected) + len(news.not_judged):
        titles = [title for gap in (*news.not_collected, *news.not_judged) for title in gap.titles]
        lines.append(
            f"! Not everything could be checked ({plural(gaps, 'reason')}): {one_line(', '.join(titles), 160)}"
        )
    if news.waiting is not None and news.waiting.passed:
        lines.append(f"{_SIGN['error']} {late_words(news)}")
    for check in news.checks[:MOST_CHECKS]:
        lines.append(f"{_SIGN[check.severity]} {check.title}: {counts_of(check)}")
    while len("\n".join([*lines, foot])) > most and len(lines) > 1:
        lines.pop()
    return "\n".join([*lines, foot])
