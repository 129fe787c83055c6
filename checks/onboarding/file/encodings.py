"""From the bytes of a CSV file to its text: which encoding, decided on the bytes and told in words."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from checks.errors import ArticleFileError

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

#: Letters of the DOS code page 850 between small letters: there é is 0x82, which Windows reads as a low quotation mark.
_DOS = re.compile(rb"(?<=[A-Za-z])[\x81-\x85\x87-\x8b\x93\x94\x96\x97](?=[a-z\x80-\xff]|\b)")
_WINDOWS = re.compile(rb"(?<=[A-Za-z])[\xc0-\xff]|[\xc0-\xff](?=[a-z])")

#: What UTF-8 looks like that was read as cp1252 and written again.
_TWICE = re.compile("[ÂÃ][\u0080-\u00bf]|â€[™œ“”˜¦¢]")


class Text(NamedTuple):
    text: str
    encoding: str
    notes: tuple[str, ...]


def decode(data: bytes, name: str, encoding: str | None = None) -> Text:
    """The text of `data`; line ends stay as they are, NUL characters go.

    Raises:
        ArticleFileError: `encoding` is none that Python knows, or the bytes cannot be of it.
    """
    found = _given(data, name, encoding) if encoding else _guessed(data)
    text, notes = found.text, list(found.notes)
    if "\0" in text:
        notes.append(f"{text.count(chr(0))} NUL characters were left out.")
        text = text.replace("\0", "")
    if len(_TWICE.findall(text[:1_000_000])) > 2:
        notes.append(
            "The file has letters such as 'Ã©' for 'é': it was written as UTF-8 and read as cp1252 by the program before. "
            "Names are read as they were meant."
        )
    return Text(text, found.encoding, tuple(notes))


def _given(data: bytes, name: str, encoding: str) -> Text:
    try:
        return Text(data.decode(encoding), encoding, (f"Read as {encoding}, as asked.",))
    except LookupError as error:
        raise ArticleFileError(
            f"{encoding!r} is no encoding. Usual are utf-8, cp1252, cp850 and utf-16."
        ) from error
    except UnicodeError as error:
        raise ArticleFileError(
            f"{name} cannot be read as {encoding}: {error}. Leave the encoding out: it is found by itself."
        ) from error


def _guessed(data: bytes) -> Text:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            text = data.decode(encoding, errors="replace")
            return Text(text, encoding.removesuffix("-sig"), _replaced(text))
    wide = _wide(data)
    if wide is not None:
        text = data.decode(wide, errors="replace")
        return Text(text, wide, (f"Read as {wide}.", *_replaced(text)))
    try:
        return Text(data.decode("utf-8"), "utf-8", ())
    except UnicodeDecodeError:
        return _not_utf8(data)


def _replaced(text: str) -> tuple[str, ...]:
    count = text.count("\ufffd")
    return (f"{count} characters could not be read and stand as '\ufffd'.",) if count else ()


def _wide(data: bytes) -> str | None:
    """UTF-16 without its mark: every second byte of western text is zero."""
    head = data[:4000]
    if len(head) < 4:
        return None
    even, odd = head[::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if odd > 0.7 * half and even < 0.1 * half:
        return "utf-16-le"
    if even > 0.7 * half and odd < 0.1 * half:
        return "utf-16-be"
    return None


def _not_utf8(data: bytes) -> Text:
    lines = data.splitlines(keepends=True)
    strange = [line for line in lines if not line.isascii()]
    bad = sum(not _is_utf8(line) for line in strange)
    if bad * 5 < len(strange):  # two exports pasted together, or a character that was cut in half
        text = "".join(
            line.decode("utf-8" if _is_utf8(line) else "cp1252", errors="replace") for line in lines
        )
        said = (
            f"Read as utf-8, but for {bad} {'line' if bad == 1 else 'lines'} that cannot be: there as cp1252."
        )
        return Text(text, "utf-8", (said, *_replaced(text)))
    dos, windows = len(_DOS.findall(data)), len(_WINDOWS.findall(data))
    encoding = "cp850" if dos > 3 * windows and dos > 1 else "cp1252"
    text = data.decode(encoding, errors="replace")
    said = f"Read as {encoding}: the file is not UTF-8. Look whether letters such as é and ë are right."
    return Text(text, encoding, (said, *_replaced(text)))


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
