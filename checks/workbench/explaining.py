"""Charts that carry their own explanation: the answer as the title, how to read it beneath, values on touch.

They show themselves on a light and on a dark page: nothing is painted behind them, words take the colour of the page's own
text, and the colours of the data keep apart on both, also for who is colour-blind (Okabe and Ito).
"""

from __future__ import annotations

from collections.abc import Callable
from textwrap import wrap
from typing import Any, Concatenate, ParamSpec

import altair as alt
import polars as pl

from checks.workbench.words import Words

P = ParamSpec("P")

BLUE, RED, GREY, SKY, PURPLE, GREEN = "#0072B2", "#D55E00", "#808080", "#56B4E9", "#CC79A7", "#009E73"
#: Whatever colour the page gives its text.
INK = "currentColor"
#: Of errors, warnings and infos.
SEVERITY_COLOURS = {"error": RED, "warning": BLUE, "info": GREY}

WIDTH = 520
#: Bars of a chart at most; more are told, not drawn.
MOST = 15
_TITLE_CHARACTERS, _HOW_CHARACTERS = 74, 96


class Explained:
    """A chart with what it says.

    Attributes:
        statement: the answer, as a sentence; it is the chart's title.
        how: how to read it; beneath the title.
        rows: what is drawn.
        chart: the Altair chart, to change or save it.
    """

    def __init__(self, statement: str, how: str, rows: pl.DataFrame, chart: alt.TopLevelMixin) -> None:
        self.statement, self.how, self.rows, self.chart = statement, how, rows, chart

    def __repr__(self) -> str:
        return f"{self.statement} {self.how}"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        """The chart as Vega-Lite for pages that draw it themselves, and as words; nothing that needs the internet.

        JupyterLab draws what it is told is version 5; the charts here say the same in both. Altair's own HTML would come
        before it, and loads its program from afar.
        """
        drawn = {**self.chart.to_dict(), "description": str(self)}  # what a screen reader reads
        versions = {5, int(alt.SCHEMA_VERSION.removeprefix("v").split(".")[0])}
        return {
            **{f"application/vnd.vegalite.v{version}+json": drawn for version in sorted(versions)},
            "text/plain": str(self),
        }


Answer = Explained | Words


def passing_words(
    chart: Callable[Concatenate[pl.DataFrame, P], Answer],
) -> Callable[Concatenate[pl.DataFrame | Words, P], Answer]:
    """A chart that, given `Words` instead of rows (`Look.ask` had no answer), gives them back."""

    def drawn(rows: pl.DataFrame | Words, /, *args: P.args, **more: P.kwargs) -> Answer:
        return rows if isinstance(rows, Words) else chart(rows, *args, **more)

    drawn.__doc__ = chart.__doc__
    return drawn


def explained(chart: Any, statement: str, how: str, rows: pl.DataFrame, note: str | None = None) -> Explained:
    """The finished chart. `note`: what makes the answer doubtful, as a check that could not run."""
    beneath = wrap(how, _HOW_CHARACTERS) + (wrap(f"⚠ {note}", _HOW_CHARACTERS) if note else [])
    title = alt.TitleParams(
        text=wrap(statement, _TITLE_CHARACTERS),
        subtitle=beneath,
        anchor="start",
        frame="bounds",
        fontSize=15,
        subtitleFontSize=12,
        subtitlePadding=6,
        offset=14,
        color=INK,
        subtitleColor=INK,
    )
    finished = (
        chart.properties(title=title, background="transparent")
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=INK,
            titleColor=INK,
            gridColor=GREY,
            gridOpacity=0.25,
            domainColor=GREY,
            tickColor=GREY,
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight="normal",
            labelLimit=280,
        )
        .configure_legend(
            labelColor=INK,
            titleColor=INK,
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight="normal",
            offset=44,  # room for the numbers at the ends of bars
        )
    )
    return Explained(statement, " ".join([how, *([note] if note else [])]), rows, finished)


def names(rows: pl.DataFrame, column: str, title: str | None = None) -> alt.Y:
    """An axis of names, in the order of the rows."""
    order = rows[column].unique(maintain_order=True).to_list()
    return alt.Y(
        f"{column}:N",
        sort=order,
        title=title,
        scale=alt.Scale(domain=order, paddingInner=0.25),
        axis=alt.Axis(ticks=False, domain=False, labelPadding=6),
    )


def amounts(column: str, title: str, most: float) -> alt.X:
    """An axis of whole numbers that begins with 0; few of them have no halves between."""
    return alt.X(
        f"{column}:Q",
        title=title,
        scale=alt.Scale(domainMin=0),
        axis=alt.Axis(format=",d", tickCount=int(min(most, 6)) or 1, tickMinStep=1),
    )


def numbers(rows: pl.DataFrame, x: alt.X, y: alt.Y, column: str) -> alt.Chart:
    """The number of each bar at its end: one beside a bar a hundred times as long is seen too."""
    chart = alt.Chart(rows).mark_text(align="left", dx=4, color=INK, fontSize=11)
    finished: alt.Chart = chart.encode(x=x, y=y, text=alt.Text(f"{column}:Q", format=",d"))
    return finished


def most_of(column: pl.Series) -> float:
    """The highest number of a column; 0 where there is none."""
    value = column.max()
    return float(value) if isinstance(value, int | float) else 0.0


def height(bars: int) -> int:
    """Of a chart with so many bars beneath each other, in pixels."""
    return max(1, bars) * 24 + 8


def shown(total: int, what: str) -> str:
    """That only the first MOST are drawn, where there are more."""
    return f" The first {MOST} of {total:,} {what} are shown." if total > MOST else ""


def tip(column: str, title: str, format: str = "") -> alt.Tooltip:
    """A line of a tooltip: a number where it has a format, else text."""
    if format:
        return alt.Tooltip(f"{column}:Q", title=title, format=format)
    return alt.Tooltip(f"{column}:N", title=title)
