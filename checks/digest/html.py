"""The news of a run as an HTML mail: tables and inline styles, for Outlook; nothing is fetched, nothing runs.

Everything that came from the shop is escaped. Light is the default; readers that know dark mode get its colours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from checks.addresses import page_address
from checks.digest.model import CheckNews, EndedNews, Example, News
from checks.digest.words import (
    ALL_OPEN,
    age,
    attention_words,
    called,
    counts_of,
    fixed_by,
    headline,
    moment,
    one_line,
    subject,
    waiting_words,
)

_FONT = "font-family:Segoe UI,Helvetica,Arial,sans-serif;"
_TEXT = f"{_FONT}font-size:14px;line-height:20px;color:#1f2328;"
_SMALL = f"{_FONT}font-size:12px;line-height:17px;color:#57606a;"
_ADDRESS = "font-size:11px;line-height:15px;color:#57606a;word-break:break-all;"
_LINK = "color:#0550ae;text-decoration:underline;"
_HEAD = f"{_FONT}font-size:16px;line-height:22px;color:#1f2328;font-weight:bold;padding:20px 0 6px 0;"
_CELL = "padding:3px 0 3px 0;vertical-align:top;"
#: Fill and letters of a severity; both are set, so that they go together in any mode.
_BADGES = {
    "error": ("Error", "#f8c9c4", "#6e1009"),
    "warning": ("Warning", "#fbe3b4", "#5c3d00"),
    "info": ("Info", "#cfe2f7", "#0a3069"),
}
_DARK = """
@media (prefers-color-scheme: dark) {
  .page { background: #1b1f24 !important; }
  .text { color: #e6edf3 !important; }
  .small { color: #9da7b1 !important; }
  .link { color: #79b8ff !important; }
}
"""


def as_html(news: News) -> str:
    """The whole digest as one HTML document."""
    rows = "\n".join(_rows(news))
    title = escape(subject(news))
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
<title>{title}</title><style>{_DARK}</style></head>
<body class="page" style="margin:0;padding:0;background:#ffffff;">
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0" style="background:#ffffff;">
<tr><td align="center" style="padding:16px;">
<table role="presentation" width="640" cellpadding="0" cellspacing="0" border="0" style="max-width:640px;text-align:left;">
{rows}
</table></td></tr></table></body></html>
"""


def _rows(news: News) -> Iterator[str]:
    yield _row(
        escape(subject(news)),
        style=_HEAD.replace("16px", "22px").replace("line-height:22px", "line-height:28px"),
    )
    yield _row(escape(headline(news)))
    yield from _trouble(news)
    if news.checks:
        yield _heading("New")
    for check in news.checks:
        yield from _check(check)
    yield from _section(
        "Put right", (escape(f"{one.title}: {one.count:,}, {fixed_by(one.by)}") for one in news.fixed)
    )
    yield from _section(
        "Decisions that ended",
        (line for group in news.ended for line in _ended(group)),
    )
    yield from _section(
        "Open longest",
        (
            f"{escape(f'{age(one.since, news.at)}: {one.title}')}: {_example(one)}{_shown(one.thing, one.address)}"
            for one in news.oldest
        ),
    )
    if news.waiting is not None and news.waiting.count:
        orders = page_address(news.url, "orders")
        yield from _section("Orders", [f"{escape(waiting_words(news))}{_shown(orders)}"])
    areas = ", ".join(f"{area} {value}" for area, value in news.areas.items())
    yield from _section("Score", (escape(words) for words in (areas, news.score_words) if words))
    home = page_address(news.url, "overview")
    yield _row(
        f"Health check of {escape(moment(news.at))}. Dashboard: {_link(home, home)}",
        style=f"{_SMALL}padding:24px 0 0 0;",
        kind="small",
    )


def _trouble(news: News) -> Iterator[str]:
    """What went wrong with the checking itself: above the news, for it says what they are worth."""
    lines = []
    if news.status == "failed":
        lines.append(
            f"<b>The health check failed.</b> {escape(one_line(news.message or 'No reason was given.', 500))}"
        )
    for title, gaps in (("Not collected", news.not_collected), ("Could not run", news.not_judged)):
        lines += [
            f"<b>{title}: {escape(', '.join(gap.titles))}.</b> {escape(one_line(gap.reason))}" for gap in gaps
        ]
    if news.attention:
        fixes = page_address(news.url, "fixes")
        lines.append(f"<b>{escape(attention_words(news))}</b>{_shown(fixes)}")
    for line in lines:
        fill, letters = _BADGES["error"][1:]
        # letters of their own colour, links too: the strip stays light in dark mode
        shown = line.replace('class="link" ', "").replace('class="small" ', "")
        shown = shown.replace("color:#0550ae", f"color:{letters}").replace(
            "color:#57606a", f"color:{letters}"
        )
        yield (
            f'<tr><td style="{_FONT}font-size:14px;line-height:20px;color:{letters};background:{fill};'
            f'padding:8px 12px 8px 12px;">{shown}</td></tr>'
            '<tr><td style="font-size:4px;line-height:4px;">&nbsp;</td></tr>'
        )


def _check(check: CheckNews) -> Iterator[str]:
    word, fill, letters = _BADGES[check.severity]
    badge = f'<span style="{_FONT}font-size:12px;background:{fill};color:{letters};padding:1px 6px 1px 6px;">{word}</span>'
    yield _row(
        f"{badge} <b>{escape(check.title)}</b>: {escape(counts_of(check))}{_shown(check.address, words=ALL_OPEN)}",
        style=f"{_TEXT}padding:10px 0 2px 0;",
    )
    for example in check.examples:
        touches = f" ({escape(example.touches)})" if example.touches else ""
        yield _row(
            f"{_example(example)}{touches}{_shown(example.thing, example.address)}",
            style=f"{_TEXT}padding:2px 0 2px 16px;",
        )


def _ended(group: EndedNews) -> Iterator[str]:
    yield f"<b>{escape(group.title)}</b>: {group.count:,}{_shown(group.address, words=ALL_OPEN)}"
    for one in group.examples:
        decided = escape(f"{one.kind} by {one_line(one.by, 60)}")
        yield (
            f"{decided}: {_example(one.finding)} ({escape(one_line(one.why))})."
            f"{_shown(one.finding.thing, one.finding.address)}"
        )


def _shown(*addresses: str | None, words: str = "") -> str:
    """Links that can be read: the mail's text part is made of what is seen here, and it has no others."""
    links = [_link(one, one) for one in dict.fromkeys(addresses) if one is not None]
    said = f"{escape(words)}: " if words else ""
    return f'<br><span class="small" style="{_ADDRESS}">{said}{"<br>".join(links)}</span>'


def _example(example: Example) -> str:
    """Key with its link, name, and what is wrong."""
    key = one_line(example.key, 60)
    shown = escape(key) if example.thing is None else _link(example.thing, key)
    name = escape(called(example))
    return f"{shown}{' ' if name else ''}{name}: {escape(one_line(example.message))}"


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        if number == 0:
            yield _heading(title)
        yield _row(line)


def _heading(title: str) -> str:
    return _row(escape(title), style=_HEAD)


def _row(content: str, style: str = f"{_TEXT}{_CELL}", kind: str = "text") -> str:
    return f'<tr><td class="{kind}" style="{style}">{content}</td></tr>'


def _link(address: str, text: str) -> str:
    return f'<a class="link" href="{escape(address)}" style="{_LINK}">{escape(text)}</a>'
