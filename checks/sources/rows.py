"""How rows of JSON are read tolerantly, by structs, and what was seen of their fields.

Fields we do not know are ignored by the structs and reported as drift; a field of another type costs that field of that
row, never the page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar, get_args

import msgspec

from checks.frames import Drift

S = TypeVar("S", bound=msgspec.Struct)

_SAMPLED = 25  # rows of a page whose field names are looked at
_ENOUGH = 5  # objects within a field that prove something about its parts


@dataclass
class Shape:
    """What was seen of the fields of one frame's rows, over all pages."""

    sampled: int = 0
    empty: int = 0  # rows that were null
    seen: Counter[str] = field(default_factory=Counter)  # `Brand`, and within it `Brand.Id`
    inside: Counter[str] = field(default_factory=Counter)  # how many objects were seen within a field
    unreadable: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)

    def add(self, other: Shape) -> None:
        self.sampled += other.sampled
        self.empty += other.empty
        self.inside.update(other.inside)
        self.seen.update(other.seen)
        self.unreadable.update(other.unreadable)
        self.examples = {**other.examples, **self.examples}

    def spoil(self, name: str, example: str) -> None:
        """Notes a value of field `name` that could not be read."""
        self.unreadable[name] += 1
        self.examples.setdefault(name, example)

    def drift(self, known: Iterable[str], extras: Iterable[str]) -> tuple[Drift, ...]:
        """New, gone and retyped fields, each once. A part (`Brand.Id`) is gone when objects were there without it."""
        known, found = list(known), []
        top = [name for name in known if "." not in name]
        if self.sampled:
            for name in sorted(set(self.seen) - set(known) - set(extras)):
                if "." not in name:  # of objects inside, only the parts we read are known well enough
                    found.append(
                        Drift(
                            name,
                            "new",
                            f"{name} is new: in {self.seen[name]} of {self.sampled} rows looked at.",
                        )
                    )
            for name in top:
                if not self.seen[name]:
                    found.append(
                        Drift(name, "gone", f"{name} is in none of the {self.sampled} rows looked at.")
                    )
            for name in known:
                looked = self.inside[name.partition(".")[0]]
                if "." in name and not self.seen[name] and looked >= _ENOUGH:
                    found.append(Drift(name, "gone", f"{name} is in none of the {looked} looked at."))
        for name, times in sorted(self.unreadable.items()):
            found.append(
                Drift(
                    name,
                    "retyped",
                    f"{name} could not be read in {times} row(s), first: {self.examples[name]}.",
                )
            )
        return tuple(found)


def is_null(raw: msgspec.Raw) -> bool:
    return bytes(memoryview(raw)) == b"null"


def decode_rows(raw: msgspec.Raw, kind: type[S]) -> tuple[list[S], Shape]:
    """The rows of a list, and what was seen of their fields.

    Raises ValueError or msgspec.ValidationError for what is no list: null is not an empty one.
    """
    shape = Shape()
    try:
        rows = msgspec.json.decode(raw, type=list[kind])  # type: ignore[valid-type]
    except msgspec.ValidationError:
        parts = msgspec.json.decode(raw, type=list[msgspec.Raw])
        shape.empty = sum(is_null(one) for one in parts)
        rows = [_lenient(one, kind, shape) for one in parts if not is_null(one)]
    _sample(raw, shape)
    return rows, shape


def _sample(raw: msgspec.Raw, shape: Shape) -> None:
    """Looks at the field names of some rows, spread over the page."""
    rows = msgspec.json.decode(raw, type=list[msgspec.Raw])
    for one in rows[:: max(1, len(rows) // _SAMPLED)]:
        if is_null(one):
            continue
        fields = msgspec.json.decode(one, type=dict[str, Any])
        shape.sampled += 1
        shape.seen.update(fields.keys())
        for name, value in fields.items():
            for inner in value if isinstance(value, list) else (value,):
                if isinstance(inner, dict):
                    shape.inside[name] += 1
                    shape.seen.update(f"{name}.{part}" for part in inner)


def _lenient(raw: msgspec.Raw, kind: type[S], shape: Shape) -> S:
    """One row of which some field has another type: that field is left out and noted, the others stay."""
    values: dict[str, Any] = msgspec.json.decode(raw)
    if not isinstance(values, dict):
        raise ValueError(f"a row is {type(values).__name__}, not an object")
    while True:
        try:
            return msgspec.convert(values, kind)
        except msgspec.ValidationError as error:
            where = re.search(r"\$\.(\w+)", str(error))
            if where is None or where.group(1) not in values:
                raise
            shape.spoil(where.group(1), str(error))
            del values[where.group(1)]


def known_names(kind: type[msgspec.Struct]) -> list[str]:
    """The wire's names of a struct's fields, and of the parts of those that are objects: `Brand`, `Brand.Id`."""
    names = []
    for info in msgspec.structs.fields(kind):
        names.append(info.encode_name)
        inner = _struct_in(info.type)
        if inner is not None:
            names += [f"{info.encode_name}.{part.encode_name}" for part in msgspec.structs.fields(inner)]
    return names


def _struct_in(annotation: Any) -> type[msgspec.Struct] | None:
    """The struct of `Named | None` or `list[Named] | None`."""
    for part in (
        annotation,
        *get_args(annotation),
        *(inner for one in get_args(annotation) for inner in get_args(one)),
    ):
        if isinstance(part, type) and issubclass(part, msgspec.Struct):
            return part
    return None


def wire_name(kind: type[msgspec.Struct], attribute: str) -> str:
    """`last_modified_utc` -> `LastModifiedUtc`."""
    return {info.name: info.encode_name for info in msgspec.structs.fields(kind)}[attribute]
