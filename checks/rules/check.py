"""What a check is: a few texts, what it needs, and the questions it asks.

A check is data plus one function. `ask` is given the frames of one source and returns questions; each is put
to every row of one frame. The runner (`checks.rules.run`) answers all questions about a frame in one pass, so
a question holds expressions or a lazy query, never a result.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

import polars as pl

from checks.findings import Severity
from checks.frames import Frames
from checks.gtin import gtin_number
from checks.settings import Beside, CheckSettings
from checks.settings_sources import MatchSettings

#: Of the shop, whose score they make up.
ShopArea = Literal["products", "prices", "clients", "orders", "connection"]
Area = Literal[ShopArea, "suppliers", "debtors"]

SHOP_AREAS: tuple[ShopArea, ...] = get_args(ShopArea)

EVERY_SYSTEM = ("oresto", "kruitbosch", "ib", "easyflor")

#: The row's number in its frame: what a search keeps, so that the runner finds the business key again.
ROW = "_row"

#: A query that is given rows of the frame, with ROW, and keeps the wrong ones. Columns it adds (not those of
#: the frame) are there for `value`, `message` and `severity`. It may keep a row twice; the first one counts.
Search = Callable[[pl.LazyFrame], pl.LazyFrame]


def trimmed(number: str) -> pl.Expr:
    """A column of article or client numbers as checks compare them: as the API gives them, without spaces around.

    A list that pads its numbers beside one that does not would raise a thousand false errors. Case counts: `a1` and
    `A1` may be two articles.
    """
    return pl.col(number).str.strip_chars()


def numbers(frames: Frames, column: str, *names: str) -> pl.LazyFrame:
    """All numbers in `column` of the frames `names` together, `trimmed`, as the only column `number`."""
    return pl.concat([frames[name].lazy().select(number=trimmed(column)) for name in names])


@dataclass(frozen=True)
class Context:
    """What a check may look at: the frames of one source, the settings and the moment of the run (aware)."""

    frames: Frames
    settings: CheckSettings
    now: datetime
    match: MatchSettings = dataclasses.field(
        default_factory=MatchSettings
    )  # of a supplier: how its articles are known to be ours
    _gtins: dict[str, pl.Series] = dataclasses.field(default_factory=dict, repr=False)

    def gtins(self, frame: str) -> pl.Series:
        """The frame's `ean` column as `checks.gtin.gtin_number`, computed once for all checks that ask."""
        if frame not in self._gtins:
            numbers = self.frames[frame].lazy().select(gtin_number(pl.col("ean")).alias("gtin"))
            self._gtins[frame] = numbers.collect(engine="streaming").get_column("gtin")
        return self._gtins[frame]


@dataclass(frozen=True)
class Question:
    """One question to every row of one frame.

    Attributes:
        frame: whose rows are judged; the frame's key columns become the finding's key.
        wrong: what makes a row wrong, as a Boolean expression (null is not wrong), or as a `Search` where
            rows must be compared with another table.
        message: a sentence for people, about one wrong row.
        value: the guilty value, as text or castable to it.
        field: which part of the entity is wrong, where a check asks about several; an expression where the row
            says so.
        asked: which rows the question is about (Boolean; null is no); all when None.
        let: columns put beside those of the frame for `wrong` and `asked`, e.g. `context.gtins(frame)`.
        severity: where it differs by row; else the check's own.
    """

    frame: str
    wrong: pl.Expr | Search
    message: pl.Expr
    value: pl.Expr | None = None
    field: str | pl.Expr | None = None
    asked: pl.Expr | None = None
    severity: pl.Expr | None = None
    let: tuple[pl.Series, ...] = ()


@dataclass(frozen=True)
class Check:
    """One entry of the catalogue.

    Attributes:
        id: fixed name, as in the contract; also its test's and its page anchor's.
        title, why, advice: for people: what is wrong, what it costs, what to do about it.
        severity: default severity of its findings.
        entity: what a finding is about, e.g. `product`.
        needs: frame -> columns it judges; without one of them it could not run. What only a message shows is
            not here.
        needs_rows: frames that are never credible when empty; the check could not run then either. Of frames
            in a group, any may be empty but not all: a shop may well have linked products only.
        fix: id of the fix that repairs it, or None.
        area: part of the shop whose score it counts in.
        guide: where the wholesaler's integration guide says so.
        ask: the questions, given what there is to look at.
        system: the kind of source it is about, or several.
        beside: what the settings must have besides that source for the check to be a question at all.
        doubt: what else makes the frames unfit to be judged, in words; None when nothing does. Asked last, when all
            that it needs is there.
    """

    id: str
    title: str
    why: str
    severity: Severity
    entity: str
    needs: Mapping[str, tuple[str, ...]]
    fix: str | None
    area: Area
    guide: str
    advice: str
    ask: Callable[[Context], Iterable[Question]] = dataclasses.field(repr=False)
    needs_rows: tuple[str | tuple[str, ...], ...] = ()
    system: str | tuple[str, ...] = "oresto"
    beside: Beside | None = None
    doubt: Callable[[Frames], str | None] = dataclasses.field(default=lambda frames: None, repr=False)

    @property
    def systems(self) -> tuple[str, ...]:
        return (self.system,) if isinstance(self.system, str) else self.system

    def why_not(self, frames: Frames) -> str | None:
        """Why this check cannot run on these frames, in words; None when it can."""
        for name, columns in self.needs.items():
            reason = frames.why_missing(name, columns)
            if reason is not None:
                return reason
            absent = [column for column in columns if column not in frames[name].columns]
            if absent:
                return f"Frame {name} has no column {', '.join(absent)}."
        for names in self.needs_rows:
            group = (names,) if isinstance(names, str) else names
            if all(frames[name].is_empty() for name in group):
                came = f"Frame {group[0]} came" if len(group) == 1 else f"Frames {' and '.join(group)} came"
                return f"{came} back empty, which is never right; nothing can be judged against it."
        return self.doubt(frames)
