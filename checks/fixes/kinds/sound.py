"""Is it still wrong? What a person has put right since the health check is theirs, and is not set again.

Judged on the body that PUT would leave the product as, by the rules of the checks.
"""

from __future__ import annotations

from collections.abc import Mapping

from checks.fixes.kinds import choices
from checks.fixes.references import References
from checks.sources.oresto.bodies import Body


def is_wrong(name: str, body: Body, references: References) -> bool:
    """Is the reference that this option sets empty, unknown, or a category that is no end node?"""
    field, table, _ = choices.REFERENCES[name]
    value = body.get(field)
    key = value.get("Id") if isinstance(value, Mapping) else value
    if key is None or not references.knows(table, key):
        return True
    return table == "categories" and key in references.parents


def is_half(body: Body) -> bool:
    """Has it an amount without a unit, or a unit without an amount?"""
    return bool(body.get("MultiplierAmount")) != bool(body.get("MultiplierAbbreviation"))


def is_named(body: Body, language: str | None) -> bool:
    """Has it a name in this language?"""
    return any(
        str(text.get("LanguageCode") or "").strip().lower() == language
        and str(text.get("Name") or "").strip()
        for text in body.get("Localizations") or ()
    )
