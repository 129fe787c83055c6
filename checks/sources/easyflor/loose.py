"""Reading what no source states the shape of: a debtor's `Numbers` and `Addresses` (easyflor-api, section 3: null in the sample).

A list of {Category, Value}, as the contacts' mail addresses have it, a list of plain objects, or one object: whatever comes, the
answer is a text or None.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

#: "BTW", "btwnummer", "VatNumber", "N° TVA", "CompanyVAT"; not "Privat", nor "vaten".
_VAT = re.compile(r"\b(?i:vat|btw|tva)(?=$|[^a-z]|n)|VAT|BTW|TVA")
_PLACE = frozenset({"city", "place", "town", "municipality"})
_DEEPEST = 3


def vat_number(numbers: Any) -> str | None:
    """The first number whose category or name looks like VAT, BTW or TVA: `BE0123456789` as written."""
    return next((text for name, text in _named(numbers) if _VAT.search(name)), None)


def place(addresses: Any) -> str | None:
    """The first City, Place, Town or Municipality."""
    return next((text for name, text in _named(addresses) if name.strip().lower() in _PLACE), None)


def _named(value: Any, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Each name with its text: of {Category, Value} the category, else the field's name."""
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for one in value:
            yield from _named(one, depth + 1)
    elif isinstance(value, Mapping):
        category, text = value.get("Category"), _text(value.get("Value"))
        if isinstance(category, str) and text is not None:
            yield category, text
            return
        for name, inner in value.items():
            text = _text(inner)
            if text is not None:
                yield str(name), text
            else:
                yield from _named(inner, depth + 1)


def _text(value: Any) -> str | None:
    """A text that says something; a number counts, true and false do not."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value).strip() or None
