"""What is variable in a message: an ordered list of masks, in two forms.

Titles show what kind of value stood there (`‹article›`). The fingerprint must not hang on that: an order number of eight
digits is a valid GTIN one time in ten, and the same problem would have two ids. So it has one mark for all of them, and
runs of marks are one mark: a list of three articles is the same problem as a list of two.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from checks import gtin

#: Stands for any value in a fingerprint.
MARK = "‹›"

#: Of a text no more is looked at; of its first line no more counts.
_LONGEST_TEXT, LONGEST_LINE = 2_000, 500


@dataclass(frozen=True)
class Mask:
    """`name` is what people read; what a group `before` holds stays. The patterns that a fingerprint uses too know no lookaround: Rust has none."""

    name: str
    pattern: str


_EDGE = r"""\s'"`,;:()\[\]{}<>=|“”«»‹›"""
_E_MAIL = r"[\w.*+%-]+@[\w-]+(?:\.[\w-]+)+"
_GUID = r"(?i:\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b)"
_MOMENT = (
    r"\b(?:\d{4}-\d{2}-\d{2}|\d{1,2}[/.-]\d{1,2}[/.-]\d{4})"
    r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
    r"|\b\d{1,2}:\d{2}:\d{2}(?:[.,]\d+)?\b"
)
# An apostrophe within a word (n'est, d'Arc, 's) opens and closes nothing: \B is where no word begins or ends.
_QUOTED = r"""\B'(?:[^']|'\b)*?'\B|"[^"]*"|“[^”]*”|«[^»]*»|`[^`]*`"""
# Article numbers with one of the characters that the guide forbids, which would end a word anywhere else: VV<12, VV:12
_ODD_ARTICLE = r"\b(?:[A-Za-z]{1,6}[<>]|[A-Z]{1,2}:)\d[\w.-]*"
_WORD_WITH_DIGIT = rf"[^{_EDGE}]*[0-9][^{_EDGE}]*"
#: Never a value by itself, but hexadecimal: an address, a position, a hash.
_HEX = r"\b(?i:0x[0-9a-f]+)\b"

_INDEX = re.compile(r"\[\d+\]")

#: The first that fits a value names it. A GTIN counts only with a valid check digit, see `typed`.
MASKS: tuple[Mask, ...] = (
    Mask("GTIN", r"(?<![\w-])(?:\d{14}|\d{12,13}|\d{8})(?![\w-])"),
    Mask(
        "client",
        rf"(?i)(?P<before>\b(?:client|klant)(?: with| met| avec)?(?: ?number| ?nummer| num[ée]ro)?[:#]? ?){_WORD_WITH_DIGIT}(?<![.])",
    ),
    Mask(
        "order",
        r"(?i)(?P<before>\b(?:order(?: ?number|nummer)?|commande|bestelling)s? ?(?:n[ro°]\.? ?)?[:#]? ?)(?:[A-Z]{1,4}-?)?\d{4,}\b",
    ),
    Mask("article", rf"(?<![\w-])[A-Z]{{1,4}}[-_/.\\]{{0,2}}\d{{3,}}[0-9A-Z]*(?![\w-])|{_ODD_ARTICLE}"),
    Mask("e-mail", _E_MAIL),
    Mask("GUID", _GUID),
    Mask("moment", _MOMENT),
    Mask("value", _QUOTED),
    Mask("number", r"(?<![\w-])[-+]?\d+(?:[.,]\d+)*%?(?![\w-])"),
    Mask("value", rf"{_HEX}|{_WORD_WITH_DIGIT}"),
)

#: What is surely a number, as `0`: a cheap first pass after which a million texts are a few thousand. A word with one or
#: two digits behind letters stays, for it may be the name of a field (Address2).
SKELETON: tuple[str, str] = (
    r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
    r"|(?:(?-u:\b)[0-9]|[0-9]{3})[0-9A-Za-z]*(?:[.,:+/-]+[0-9][0-9A-Za-z]*)*",
    "0",
)

#: Of a text that is JSON or HTML: what it says; and what looks like a quote and is none.
READING: tuple[tuple[str, str], ...] = (
    *(
        (rf'(?s)^\s*\{{.*?"{name}"\s*:\s*"((?:[^"\\]|\\.)+)".*$', "$1")
        for name in ("(?i:ExceptionMessage)", "(?i:Message|error_description|detail|title)")
    ),
    (r"(?is)<(?:script|style)\b.*?</(?:script|style)>|</?[a-z][^<>]*>|<!(?:doctype\b[^<>]*|--.*?--)>", " "),
    (r"\B'([stnkmr]) ", "’$1 "),  # 's avonds, 't Hof: opens no quote
)

#: What a fingerprint masks, in this order: what stands between quotes is one value, whatever is in it.
COLLAPSING: tuple[tuple[str, str], ...] = (
    (r"‹[^›]*›", MARK),
    (_QUOTED, MARK),
    (rf"{_E_MAIL}|{_HEX}|{_ODD_ARTICLE}|{_WORD_WITH_DIGIT}", MARK),
    (rf"{MARK}(?:[\s,.;:/+-]*{MARK})+", MARK),
    (rf"{MARK}\.", MARK),
)


def skeleton(text: pl.Expr) -> pl.Expr:
    """A text with its numbers as `0`: what is recognised and masked of it is the same, and there are far fewer."""
    return text.str.head(_LONGEST_TEXT).str.replace_all(*SKELETON)


def plain(text: pl.Expr) -> pl.Expr:
    """The first line that says something, without tags, white space squeezed, cut to 500 characters."""
    for pattern, instead in READING:
        text = text.str.replace_all(pattern, instead)
    line = text.str.strip_chars().str.extract(r"^([^\r\n]*)", 1)
    return line.str.replace_all(r"\s+", " ").str.strip_chars().str.head(LONGEST_LINE)


def collapsed(text: pl.Expr) -> pl.Expr:
    """A text of `plain` with every value as the one MARK, in small letters: the same for every row of a problem."""
    for pattern, instead in COLLAPSING:
        text = text.str.replace_all(pattern, instead)
    return text.str.to_lowercase()


def typed(text: str, field: str | None = None) -> str:
    """A text with its values named, for people: `Product with WholesalerArticleNumber ‹article› already exists.`

    Args:
        field: a name that is no value, though it stands between quotes or has a digit in it.
    """
    quoted = f"'{field}'"
    if field and (quoted in text or re.search(r"\d", field)):
        before, found, after = text.partition(quoted if quoted in text else field)
        if found:
            return f"{typed(before)}{_INDEX.sub('[]', found)}{typed(after)}"
    for mask in MASKS:
        text = _named(mask, text)
    return re.sub(r"(‹[^›]+›)(?:[\s,]*\1)+", r"\1", text)


def _named(mask: Mask, text: str) -> str:
    # what an earlier mask named stays as it is
    parts = re.split(r"(‹[^›]*›)", text)
    return "".join(
        part if part.startswith("‹") else re.sub(mask.pattern, lambda m: _name(mask, m), part)
        for part in parts
    )


def _name(mask: Mask, found: re.Match[str]) -> str:
    if mask.name == "GTIN" and not _is_gtin(found[0]):
        return found[0]
    return f"{found.groupdict().get('before') or ''}‹{mask.name}›"


def _is_gtin(value: str) -> bool:
    return gtin.diagnose(value).reason == "valid"
