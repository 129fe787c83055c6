"""What a fix needs from a person: a few fields of a small form, with the likeliest choices first.

The same names are the options of the command line (`--option brand=12`) and the columns of `--values`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

#: What a person gives to have an optional value taken away.
NONE = "none"


@dataclass(frozen=True)
class Choice:
    """One of the choices. `value` is what the fix gets, `label` what people read, `why` what speaks for it."""

    value: str
    label: str
    why: str = ""


@dataclass(frozen=True)
class Input:
    """One field.

    Attributes:
        name: of the option.
        title, help: for people.
        kind: how it is asked; `choice` is one of `choices`, unless `free` lets people write another value.
        default: what stands there at first.
        required: the fix cannot be planned without it.
        per_key: each key needs a value of its own: then it belongs to `key`.
    """

    name: str
    title: str
    kind: Literal["choice", "text", "number", "date", "photo"]
    required: bool = True
    default: str | None = None
    help: str = ""
    choices: tuple[Choice, ...] = ()
    free: bool = False
    per_key: bool = False
    key: str | None = None
