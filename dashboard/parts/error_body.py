"""The body of a request as fields and values: what a person compares with a help page. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

#: Fields of one body that are shown; a list of a thousand products is about its first ones.
MOST = 60
_LONGEST = 300


def fields_of(body: str | None) -> tuple[list[tuple[str, str]], int]:
    """Field and value, each value a line; and how many fields were left out.

    What is no JSON is one value of the field *As sent*.
    """
    if body is None or not body.strip():
        return [], 0
    try:
        sent = json.loads(body)
    except ValueError:
        return [("As sent", _cut(body))], 0
    pairs = list(_flat(sent, ""))
    return pairs[:MOST], max(0, len(pairs) - MOST)


def _flat(value: Any, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and value:
        for key, one in value.items():
            yield from _flat(one, f"{name} › {_words(key)}" if name else _words(key))
    elif isinstance(value, list) and value and all(not isinstance(one, dict | list) for one in value):
        yield name or "Values", _cut(", ".join(_text(one) for one in value))
    elif isinstance(value, list) and value:
        for number, one in enumerate(value, 1):
            yield from _flat(one, f"{name} {number}".strip())
    else:
        yield name or "As sent", _cut(_text(value))


def _words(key: str) -> str:
    """`WholesalerArticleNumber` as `Wholesaler article number`: as a person reads it."""
    parts = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", key).split(" ")
    head, *rest = parts
    return " ".join([head, *(part if part.isupper() else part.lower() for part in rest)])


def _text(value: Any) -> str:
    if value is None or value in ("", [], {}):
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]} …"
