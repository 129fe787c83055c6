"""Which entry of a lookup table a person means by what they typed or picked."""

from __future__ import annotations

import re
from collections.abc import Collection

import polars as pl

from checks.onboarding.references.alike import nearest
from checks.onboarding.references.entries import comparable, forms_of, table_title
from checks.onboarding.references.exact import same
from checks.rules.references import Reference

#: Said instead of an entry, in any letters: the field stays empty. The first is what workbooks write.
NONE = ("none", "geen", "aucun", "aucune", "keine", "0", "-")

_SHOWN = re.compile(r"(.*?)\s*\[([^\[\]]+)\]", re.DOTALL)
_TOLD = 3  # entries in a message

Meaning = tuple[str | None, str]


def meant(reference: Reference, entries: pl.DataFrame, said: Collection[str]) -> dict[str, Meaning]:
    """The value of the entry that each text means, and why it means none ("" where it does).

    Args:
        reference: whose table it is.
        entries: `ENTRIES` of the table.
        said: ids, abbreviations, names, `name [id]`, or one of NONE where own products need no entry (value None).
    """
    values = dict(entries.select("value", "shown").iter_rows())
    keys = {value: value for value in values}
    if reference.shape == "abbreviation":
        lowered = entries.select("value", key=pl.col("value").str.to_lowercase())
        keys = dict(lowered.filter(pl.len().over("key") == 1).select("key", "value").iter_rows()) | keys
    found: dict[str, Meaning] = {}
    named: list[str] = []
    for one in dict.fromkeys(said):
        text = one.strip()
        shown = _SHOWN.fullmatch(text)
        if value := keys.get(text) or keys.get(text.lower()):
            found[one] = value, ""
        elif text.lower() in NONE and not reference.required:
            found[one] = None, ""
        elif shown and (value := keys.get(shown[2].strip())):
            found[one] = _picked(value, values[value], shown[1])
        else:
            named.append(one)
    return found | _by_name(reference, entries, named)


def is_none(text: str) -> bool:
    """Does a person say that it is none of them?"""
    return text.strip().lower() in NONE


def _picked(value: str, shown: str, name: str) -> Meaning:
    """`name [id]`: the name must be the entry's, for an id may mean another thing in a newer table."""
    its_name = _SHOWN.fullmatch(shown)
    if name == "" or (its_name and name.casefold() == its_name[1].casefold()):
        return value, ""
    return None, f"The entry {value} is called {shown}. Pick it again from the list."


def _by_name(reference: Reference, entries: pl.DataFrame, said: list[str]) -> dict[str, Meaning]:
    if not said:
        return {}
    title = table_title(reference)
    forms = forms_of(entries)
    asked = pl.DataFrame({"text": said}, schema={"text": pl.String}).with_row_index("name")
    asked = asked.with_columns(form=comparable(pl.col("text")))
    hits = _entries(same(reference.field, asked, forms).sort("name", "entry"), entries)
    near = _entries(nearest(asked["form"], forms.select("entry", "form"), most=_TOLD), entries)
    found: dict[str, Meaning] = {}
    for at, one in enumerate(said):
        several = hits.get(at, [])
        if len(several) == 1:
            found[one] = several[0][0], ""
        elif several:
            names = "; ".join(shown for _, shown in several[:_TOLD])
            found[one] = None, f"{title}: {len(several)} entries are called {one!r}: {names}. Give the id."
        elif is_none(one):
            found[one] = None, f"{title}: own products need one, so none cannot be chosen."
        else:
            names = "; ".join(shown for _, shown in near.get(at, []))
            hint = f" The nearest: {names}." if names else " Pick one from the list."
            found[one] = None, f"{title}: there is no entry {one!r}.{hint}"
    return found


def _entries(pairs: pl.DataFrame, entries: pl.DataFrame) -> dict[int, list[tuple[str, str]]]:
    """By name: value and shown of its entries, in their order."""
    told = pairs.join(entries, on="entry", how="left", maintain_order="left").sort(
        "name", maintain_order=True
    )
    found: dict[int, list[tuple[str, str]]] = {}
    for name, value, shown in told.select("name", "value", "shown").iter_rows():
        found.setdefault(name, []).append((value, shown))
    return found
