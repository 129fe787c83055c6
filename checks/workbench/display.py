"""How frames of findings, runs, plans and judgements show themselves in Jupyter: HTML that takes the page's own colours.

Everything that came from outside is escaped. Long lists are cut and say so; the whole stands in the object itself.
"""

from __future__ import annotations

from html import escape
from typing import Any

import polars as pl

from checks.findings import FOUND, SEVERITIES
from checks.fixes import FIXES, Plan
from checks.health import RunReport
from checks.rules import CHECKS, Judged
from checks.workbench.display_onboarding import SHOWN
from checks.workbench.html import cut, plainly, sign, table
from checks.workbench.telling import in_jupyter

_MOST = 25
_WIDE, _IN_WIDE, _IN_NARROW = 7, 120, 400  # columns; letters a cell

#: The columns of `Workbench.doctor`.
ANSWERS = ("subject", "question", "answer", "said")


def register() -> None:
    """Tells Jupyter how to show what it does not know by itself: runs, plans, and Polars frames that are findings."""
    if not in_jupyter():
        return
    from IPython.core.getipython import get_ipython

    shell: Any = get_ipython()
    html = shell.display_formatter.formatters["text/html"]
    html.for_type(Judged, judged_html)
    html.for_type(RunReport, run_html)
    html.for_type(Plan, plan_html)
    html.for_type(pl.DataFrame, frame_html)
    for (module, name), shown in SHOWN.items():
        html.for_type_by_name(module, name, shown)


def frame_html(frame: pl.DataFrame) -> str:
    """Findings and a doctor's answers as people read them; of any other frame the first rows, whole and unquoted."""
    if set(FOUND) <= set(frame.columns):
        return findings_html(frame)
    if frame.columns == list(ANSWERS):
        return table(
            ("", "About", "Question", "Answer"),
            [
                (sign(answer), subject, question, said)
                for subject, question, answer, said in frame.iter_rows()
            ],
        )
    return rows_html(frame)


def rows_html(frame: pl.DataFrame, most: int = _MOST) -> str:
    """The first rows of any frame, and how many there are."""
    right = [at for at, dtype in enumerate(frame.dtypes) if dtype.is_numeric()]
    shown = table(
        frame.columns, ([plainly(one) for one in row] for row in frame.head(most).iter_rows()), right
    )
    told = f"{frame.height:,} {'row' if frame.height == 1 else 'rows'}"
    if frame.height > most:
        told += f", the first {most} of them shown"
    return f"{shown}<p>{told}.</p>"


def findings_html(found: pl.DataFrame, by_check: bool = True) -> str:
    """Counts by check, then the first findings, the gravest before others."""
    if found.is_empty():
        return "<p>No findings.</p>"
    found = found.sort(pl.col("severity").cast(pl.Enum(SEVERITIES)), maintain_order=True)
    counts = (
        found.group_by("check", "severity")
        .len()
        .sort(pl.col("severity").cast(pl.Enum(SEVERITIES)), pl.col("len") * -1, "check")
    )
    counted = table(
        ("Check", "", "Findings"),
        [
            (CHECKS[check].title if check in CHECKS else check, sign(severity), f"{count:,}")
            for check, severity, count in counts.iter_rows()
        ],
        right=(2,),
    )
    columns = [("Key", "key"), ("Field", "field"), ("Message", "message"), ("Status", "status")]
    there = [
        (title, name)
        for title, name in columns
        if name in found.columns and found[name].null_count() < found.height
    ]
    first = found.select("severity", "check", *(name for _, name in there)).head(_MOST)
    lines = [
        (sign(severity), CHECKS[check].title if check in CHECKS else check, *values)
        for severity, check, *values in first.iter_rows()
    ]
    return (
        f"<p><b>{found.height:,} findings</b></p>{counted if by_check else ''}"
        f"{table(('', 'Check', *(title for title, _ in there)), lines)}{_more(found.height, 'findings')}"
    )


def judged_html(judged: Judged) -> str:
    """The checks that did not pass, then the findings."""
    lines = [
        (
            sign(row["status"]),
            CHECKS[row["check"]].title,
            f"{row['findings']:,}" if row["findings"] else "",
            row["message"] or "",
        )
        for row in judged.table.iter_rows(named=True)
        if row["status"] != "passed"
    ]
    passed = len(judged.results) - len(lines)
    told = f"<p><b>{len(judged.results)} checks</b>: {passed} passed.</p>"
    shown = table(("", "Check", "Findings", "Why not"), lines, right=(2,)) if lines else ""
    return told + shown + (findings_html(judged.found, by_check=False) if judged.found.height else "")


def run_html(run: RunReport) -> str:
    """The verdict, what did not come in, and what was found."""
    missing = [
        (sign(one.status), one.source, one.frame.replace("_", " "), one.message or "")
        for one in run.collected
        if one.status != "ok"
    ]
    not_run = [
        (sign(one.status), CHECKS[one.check].title, one.source, one.message or "")
        for one in run.results
        if one.status == "could_not_run" and one.check in CHECKS
    ]
    seconds = (run.finished_at - run.started_at).total_seconds()
    parts = [
        f"<p><b>Health check</b> {sign(run.status)} &middot; {run.mode} &middot; {run.started_at:%Y-%m-%d %H:%M} UTC"
        f" &middot; {seconds:,.0f} s &middot; {sum(one.rows for one in run.collected):,} rows</p>"
    ]
    if run.message:
        parts.append(f"<p>{escape(run.message)}</p>")
    if missing:
        parts.append(table(("", "Source", "List", "Why"), missing))
    if not_run:
        parts.append(table(("", "Check", "Source", "Why"), not_run))
    return "".join(parts) + findings_html(run.findings)


def plan_html(plan: Plan) -> str:
    """What would be done, with the first requests word for word, and what is left to a person."""
    title = FIXES[plan.fix].title if plan.fix in FIXES else plan.fix
    undoing = "Undo: " if plan.kind == "undo" else ""
    classes = ", ".join(
        f"{plan.count(one)} {one}" for one in ("safe", "confirm", "irreversible") if plan.count(one)
    )
    parts = [
        f"<p><b>{undoing}{escape(title)}</b> in {escape(plan.source)}: {len(plan.items):,} planned"
        f"{f' ({classes})' if classes else ''}, {len(plan.not_planned):,} not. Nothing is sent yet. "
        f"Plan <code>{plan.id}</code></p>"
    ]
    parts += [f"<p>{escape(note)}</p>" for note in plan.notes]
    if plan.items:
        lines = [
            (
                item.key,
                item.title or "",
                sign(item.klass),
                cut("; ".join(f"{one.method} {one.path}" for one in item.requests)),
                cut(" ".join(item.consequences)),
            )
            for item in plan.items[:_MOST]
        ]
        parts.append(table(("Key", "What", "", "Requests", "Means"), lines))
        parts.append(_more(len(plan.items), "planned"))
        first = plan.items[0]
        bodies = "\n\n".join(_request(one) for one in first.requests)
        parts.append(
            f"<details><summary>The requests of {escape(first.key)}, word for word</summary>"
            f"<pre>{escape(bodies)}</pre></details>"
        )
    if plan.not_planned:
        parts.append("<p><b>Not planned</b></p>")
        parts.append(table(("Key", "Why"), plan.not_planned[:_MOST]))
        parts.append(_more(len(plan.not_planned), "not planned"))
    return "".join(parts)


def _more(count: int, what: str) -> str:
    return f"<p>... and {count - _MOST:,} more {what}.</p>" if count > _MOST else ""


def _request(request: Any) -> str:
    import msgspec

    query = "&".join(f"{name}={value}" for name, value in request.params.items())
    body = (
        ""
        if request.body is None
        else "\n" + msgspec.json.format(msgspec.json.encode(request.body), indent=2).decode()
    )
    return f"{request.method} {request.path}{f'?{query}' if query else ''}{body}"
