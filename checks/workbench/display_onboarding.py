"""How the nouns of onboarding show themselves in Jupyter."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import polars as pl

from checks.workbench.html import Html, sign, table

if TYPE_CHECKING:
    from checks.onboarding.client_requests import ClientList
    from checks.onboarding.columns.mapping import Columns
    from checks.onboarding.guide import Guide
    from checks.onboarding.matching.match import Matches
    from checks.onboarding.references.mapping import References
    from checks.onboarding.worklist import Worklist
    from checks.workbench.filling import Filling

_DONE = {
    True: Html('<span style="color:#2e9e5b">&#10003;</span>'),
    False: Html('<span style="color:#d9534f">&#9679; not yet</span>'),
    None: Html("&#9744;"),
}
#: Below it a guess of a column is worth a look.
_SURE = 0.8


def columns_html(columns: Columns) -> str:
    """Field, the heading it was found under, how certain, and examples."""
    lines = []
    for row in columns.table.sort(pl.col("heading").is_null(), maintain_order=True).iter_rows(named=True):
        if row["heading"] is None and not row["required"]:
            continue
        if row["heading"] is None:
            lines.append((row["title"], row["field"], sign("wrong"), "required, and not found", ""))
            continue
        sure = row["certainty"]
        share = f"{sure:.0%}" if sure >= _SURE else Html(f"&#9650; {sure:.0%}")
        lines.append((row["title"], row["field"], row["heading"], share, row["examples"]))
    return table(("What it is", "Field", "Your heading", "Certain", "For example"), lines)


def guide_html(guide: Guide) -> str:
    """The guide's demands with their ticks."""
    lines = [
        (_DONE[done], chapter, asks, said or ("yours to do" if by == "you" else ""))
        for chapter, asks, by, done, said in guide.table.iter_rows()
    ]
    return table(("", "Guide", "Asks", "Seen"), lines)


def matches_html(matches: Matches) -> str:
    """How many matched at which stage."""
    return _frame(matches.summary()) + (
        f"<p>{matches.doubted.height:,} codes are doubted: something speaks against them.</p>"
        if matches.doubted.height
        else ""
    )


def references_html(references: References) -> str:
    """How many names of each field are certain."""
    return _frame(references.summary())


def worklist_html(worklist: Worklist) -> str:
    """What has to be done, and how often."""
    lines = [
        (action, means, f"{count:,}", commonest or "")
        for action, means, count, commonest in worklist.summary().iter_rows()
    ]
    return table(("Action", "", "Articles", "The commonest reason"), lines, right=(2,))


def clients_html(clients: ClientList) -> str:
    """What would be made of a client file."""
    told = clients.table.sort(pl.col("reason").is_null(), maintain_order=True)
    return f"<p><b>{escape(repr(clients))}</b></p>{_frame(told.head(15))}"


def filling_html(filling: Filling) -> str:
    """The batches, and what became of each."""
    lines = []
    for number, plan in enumerate(filling.plans, start=1):
        states = dict(filling.states(plan))
        told = ", ".join(f"{count:,} {state.replace('_', ' ')}" for state, count in states.items())
        lines.append(
            (f"{number}", plan.fix, f"{len(plan.items):,}", told, Html(f"<code>{plan.id[:12]}</code>"))
        )
    head = f"<p><b>{escape(repr(filling))}</b></p>"
    return head + table(("Batch", "Fix", "Planned", "So far", "Plan"), lines, right=(0, 2))


def _frame(frame: pl.DataFrame) -> str:
    """A small frame as a table."""
    right = [at for at, dtype in enumerate(frame.dtypes) if dtype.is_numeric()]
    return table(
        [name.replace("_", " ") for name in frame.columns], [_line(row) for row in frame.iter_rows()], right
    )


def _line(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(
        f"{one:.1%}"
        if isinstance(one, float) and 0 <= one <= 1
        else f"{one:,}"
        if isinstance(one, int)
        else one
        for one in row
    )


#: Module and class -> how it shows itself; loaded only where a notebook uses them.
SHOWN = {
    ("checks.onboarding.columns.mapping", "Columns"): columns_html,
    ("checks.onboarding.guide", "Guide"): guide_html,
    ("checks.onboarding.matching.result", "Matches"): matches_html,
    ("checks.onboarding.references.decided", "References"): references_html,
    ("checks.onboarding.worklist", "Worklist"): worklist_html,
    ("checks.onboarding.client_requests", "ClientList"): clients_html,
    ("checks.workbench.filling", "Filling"): filling_html,
}
