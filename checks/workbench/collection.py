"""What was collected in a notebook: frames by name, and why others are not there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

import polars as pl

from checks.errors import KeurmeesterError
from checks.frames import FRAMES, Frames
from checks.workbench.html import table


class Missing(KeurmeesterError, KeyError):
    """A frame that could not be collected was asked for."""

    def __str__(self) -> str:
        return str(self.args[0])  # a KeyError would show it quoted


class Collection(Mapping[str, pl.DataFrame]):
    """Frames of one shop by name. A frame that failed is not in it: `missing` says why, asking for it raises `Missing`.

    Attributes:
        frames: the same as rules read it.
    """

    def __init__(self, frames: Frames) -> None:
        self.frames = frames

    def __getitem__(self, name: str) -> pl.DataFrame:
        found = self.frames.collected.get(name)
        if found is None:
            known = ", ".join(self.frames.collected) or "none"
            raise Missing(f"{name} was not collected; here are: {known}. Name it: kr.collect({name!r}).")
        if found.data is None:
            raise Missing(
                f"{FRAMES[name].title} could not be collected: {found.message or 'no reason given'}"
            )
        return found.data

    def __iter__(self) -> Iterator[str]:
        return (name for name, one in self.frames.collected.items() if one.data is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __add__(self, other: Collection) -> Collection:
        """Both together; where both have a frame, the other one's."""
        return Collection(Frames(self.frames.source, {**self.frames.collected, **other.frames.collected}))

    @property
    def missing(self) -> dict[str, str]:
        """Why frames that were asked for are not there, by name."""
        return {
            name: one.message or "no reason given"
            for name, one in self.frames.collected.items()
            if one.data is None
        }

    def told(self, name: str) -> str:
        """In words: how many rows a frame has, or why it is not here."""
        found = self.frames.collected.get(name)
        if found is not None and found.data is not None:
            return f"{found.rows:,} {FRAMES[name].title.lower()}"
        return self.missing.get(name, f"{name} was not collected")

    @property
    def table(self) -> pl.DataFrame:
        """frame, title, rows, status, message: what came of each."""
        rows = [
            (name, FRAMES[name].title, None if one.data is None else one.rows, one.status, one.message)
            for name, one in self.frames.collected.items()
        ]
        schema = {
            "frame": pl.String,
            "title": pl.String,
            "rows": pl.Int64,
            "status": pl.String,
            "message": pl.String,
        }
        return pl.DataFrame(rows, schema=schema, orient="row")

    def __repr__(self) -> str:
        told = [
            f"{name}: {one.rows:,} rows"
            for name, one in self.frames.collected.items()
            if one.data is not None
        ]
        return "\n".join([*told, *(f"{name}: NOT COLLECTED: {why}" for name, why in self.missing.items())])

    def _repr_html_(self) -> str:
        lines = [
            (
                FRAMES[name].title,
                name,
                f"{one.rows:,}" if one.data is not None else "not collected",
                one.message or "",
            )
            for name, one in self.frames.collected.items()
        ]
        head = (
            f"<p><b>{len(self)} of {len(self.frames.collected)} lists</b> of {escape(self.frames.source)}</p>"
        )
        return head + table(("List", "Name", "Rows", ""), lines, right=(2,))
