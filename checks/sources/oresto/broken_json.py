"""Reads JSON, also such as was cut off in the middle: logs cut long bodies."""

from __future__ import annotations

from typing import Any

import msgspec

_CLOSERS = {"{": "}", "[": "]"}
#: From the end back, so many places are tried at which what is there can be closed.
_TRIES = 40
_LONGEST_REST = 120
_DEEPEST = 100


def decoded(text: str) -> tuple[Any, bool]:
    """What an object, a list or a quoted text in `text` says, and whether it is whole; None where it is none of them."""
    if text.lstrip()[:1] not in ("{", "[", '"'):
        return None, False
    found = _read(text)
    if found is not None:
        return found, True
    for end, closing in _ends(text):
        if len(text) - end > _LONGEST_REST or text.count('"', end) > 2:
            break  # more than one member would be lost: it is not cut off, it is no JSON
        found = _read(text[:end] + closing)
        if found is not None:
            return found, False
    return None, False


def _read(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        return None


def _ends(text: str) -> list[tuple[int, str]]:
    """Where the text may end, the last first, and what closes it there."""
    opened: list[str] = []
    ends: list[tuple[int, str]] = []
    inside, escaped = False, False
    for at, sign in enumerate(text):
        if inside:
            if escaped:
                escaped = False
            elif sign == "\\":
                escaped = True
            elif sign == '"':
                inside = False
                ends.append((at + 1, _closing(opened)))
            continue
        if sign == '"':
            inside = True
        elif sign in _CLOSERS:
            opened.append(_CLOSERS[sign])
            if len(opened) > _DEEPEST:
                return []
            ends.append((at + 1, _closing(opened)))
        elif sign in "}]":
            if not opened or opened.pop() != sign:
                break
            ends.append((at + 1, _closing(opened)))
        elif sign == ",":
            ends.append((at, _closing(opened)))
    if inside:  # cut within a text: what there is of it
        cut = len(text) - 1 if escaped else len(text)
        ends.append((cut, f'"{_closing(opened)}'))
    return ends[-_TRIES:][::-1]


def _closing(opened: list[str]) -> str:
    return "".join(reversed(opened))
