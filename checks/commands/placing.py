"""Puts files of ours into a folder of a person's, and never over one that the person changed.

What was put there is remembered by its SHA-256, in a hidden file of that folder: a file that still is what it was put
there as is ours to renew, any other is theirs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path

import msgspec

from checks.errors import UsageError
from checks.output import stderr

RECORD = ".keurmeester-notebooks.json"


def place(folder: Path, files: Mapping[str, bytes]) -> list[str]:
    """Puts `files` (name -> content) into the folder, which is made where it is missing. Gives sentences of what is new.

    Of a file that the person changed, ours goes beside it where it is another than they began with:
    `onboarding.ipynb` stays, `onboarding.new.ipynb` is ours.

    Raises UsageError where the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        known = _read(folder / RECORD)
        told = [
            sentence for name, content in files.items() for sentence in _place(folder, name, content, known)
        ]
        (folder / RECORD).write_bytes(msgspec.json.format(msgspec.json.encode(known, order="sorted")) + b"\n")
    except OSError as error:
        raise UsageError(f"{folder}: cannot be written: {error.strerror}. Name another folder.") from None
    return told


def tell(sentence: str) -> None:
    """On stderr, as it stands: a path is neither coloured nor broken in two."""
    stderr.print(sentence, markup=False, highlight=False, soft_wrap=True)


def _place(folder: Path, name: str, content: bytes, known: dict[str, str]) -> Iterator[str]:
    file, ours = folder / name, _sum(content)
    if not file.exists():
        yield f"{name}: new."
    elif file.read_bytes() == content:
        known[name] = ours
        return
    elif known.get(name) == _sum(file.read_bytes()):
        yield f"{name}: renewed; you had not changed it."
    elif known.get(name) == ours:
        yield f"{name}: you changed it, so it stays as it is."
        return
    else:
        beside = _name_beside(folder, name, known)
        yield f"{name}: you changed it, so it stays; ours is {beside}."
        file, name = folder / beside, beside
    file.write_bytes(content)
    known[name] = ours


def _name_beside(folder: Path, name: str, known: Mapping[str, str]) -> str:
    """The first name that is free, or whose file nobody changed since it was put there."""
    stem, _, ending = name.rpartition(".")
    for number in count(1):
        beside = f"{stem}.new{'' if number == 1 else f'-{number}'}.{ending}"
        file = folder / beside
        if not file.exists() or known.get(beside) == _sum(file.read_bytes()):
            return beside
    raise AssertionError("numbers do not end")


def _sum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _read(record: Path) -> dict[str, str]:
    """What was put there; nothing where the record is gone or unreadable: then every file that differs is theirs."""
    try:
        return msgspec.json.decode(record.read_bytes(), type=dict[str, str])
    except (FileNotFoundError, msgspec.DecodeError):
        return {}
