"""What a question to frames is: a function, and which columns of which frames it reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import update_wrapper

import polars as pl


class Question:
    """A function of frames that says which columns it reads of each: `needs` is frame -> columns."""

    def __init__(self, answer: Callable[..., pl.DataFrame], needs: Mapping[str, tuple[str, ...]]) -> None:
        self.needs = needs
        self._answer = answer
        update_wrapper(self, answer)  # Jupyter's `?` shows what it answers

    def __call__(self, *frames: object, **more: object) -> pl.DataFrame:
        return self._answer(*frames, **more)


def reads(**needs: tuple[str, ...]) -> Callable[[Callable[..., pl.DataFrame]], Question]:
    """Makes a `Question` of a function whose parameters bear the frames' names."""
    return lambda answer: Question(answer, needs)
