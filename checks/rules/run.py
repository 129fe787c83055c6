"""Puts the questions of all checks to the frames of one source: one pass a frame, judged by pandera.

1. All expressions about one frame are answered in one lazy select; searches (joins) run beside it in the same
   `collect_all`, where Polars shares what they have in common.
2. The rows with anything wrong, and of these only the Boolean verdicts, go through pandera (eager, lazy=True,
   the question's name as `error`). Its failure cases hold a row position, turned into the business key at
   once.
3. Only the failing rows get their value and message.

A check that cannot be answered never stops the others: if a pass raises, its checks are asked one at a time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from time import perf_counter
from typing import Any

import polars as pl
from polars.exceptions import PolarsError

from checks.errors import UsageError
from checks.findings import FOUND, CheckResult, CheckStatus
from checks.frames import FRAMES, Frames
from checks.rules.check import ROW, Check, Context, Question
from checks.settings import CheckSettings


@dataclass(frozen=True)
class Judged:
    """What the checks made of one source: `found` (FOUND) and one result for each check that is not disabled."""

    found: pl.DataFrame
    results: list[CheckResult]


@dataclass(frozen=True)
class _Asked:
    """One question of one check; `name` is what the verdict's column and pandera's failure cases call it."""

    check: Check
    question: Question
    name: str


@dataclass
class _Answer:
    """What is known of one check: its findings so far, or why it could not run."""

    found: list[pl.DataFrame] = field(default_factory=list)
    entities: int = 0
    seconds: float = 0.0
    trouble: str | None = None


@dataclass(frozen=True)
class _Verdicts:
    """One pass over one frame.

    Attributes:
        columns: a Boolean column a question: true is wrong, false is fine, null was not asked. One row a row.
        added: by question, what its search says of the wrong rows: ROW (ascending) and columns of its own.
        entities: by question, how many rows it judged.
    """

    columns: pl.DataFrame
    added: Mapping[str, pl.DataFrame]
    entities: Mapping[str, int]


def judge(
    checks: Iterable[Check],
    frames: Frames,
    settings: CheckSettings,
    now: datetime,
    only: Collection[str] | None,
    system: str,
) -> Judged:
    """`checks.rules.run_checks` on a given catalogue."""
    catalogue = {check.id: check for check in checks if check.system == system}
    unknown = sorted(set(only or ()) - set(catalogue))
    if unknown:
        raise UsageError(f"No such check: {', '.join(unknown)}. There are: {', '.join(catalogue)}.")
    wanted = set(catalogue if only is None else only) - set(settings.disabled)
    answers = {one: _Answer(trouble=catalogue[one].why_not(frames)) for one in catalogue if one in wanted}
    context = Context(frames, settings, now)
    by_frame: dict[str, list[_Asked]] = {}
    for one, answer in answers.items():
        if answer.trouble is None:
            try:
                for asked in _ask(catalogue[one], context):
                    by_frame.setdefault(asked.question.frame, []).append(asked)
            except PolarsError as error:
                answer.trouble = _explain(error)
    for name, questions in by_frame.items():
        _answer_all(frames, name, questions, answers)
    found = [part for answer in answers.values() if answer.trouble is None for part in answer.found]
    results = [_result(one, frames.source, answer) for one, answer in answers.items()]
    return Judged(pl.concat(found) if found else FOUND.to_frame(), results)


def _ask(check: Check, context: Context) -> list[_Asked]:
    return [
        _Asked(check, question, f"{check.id}/{number}") for number, question in enumerate(check.ask(context))
    ]


def _result(check: str, source: str, answer: _Answer) -> CheckResult:
    if answer.trouble is not None:
        return CheckResult(check, source, "could_not_run", seconds=answer.seconds, message=answer.trouble)
    count = sum(part.height for part in answer.found)
    status: CheckStatus = "failed" if count else "passed"
    return CheckResult(check, source, status, count, answer.seconds, entities=answer.entities)


def _explain(error: Exception | str) -> str:
    first = next(iter(str(error).splitlines()), "no reason given")
    return f"The check itself went wrong: {first}"


def _answer_all(
    frames: Frames, name: str, questions: Sequence[_Asked], answers: Mapping[str, _Answer]
) -> None:
    """Answers all questions about one frame; one check at a time where together they raise."""
    start = perf_counter()
    ids = list(dict.fromkeys(asked.check.id for asked in questions))
    try:
        verdicts = _pass(frames[name], questions)
        wrong, troubles = _judge(verdicts.columns)
        known = [asked for asked in questions if asked.name in wrong]
        said = pl.collect_all(
            [_describe(asked, frames, wrong[asked.name], verdicts.added.get(asked.name)) for asked in known],
            engine="in-memory",  # small frames: starting the streaming engine for each costs more than the work
        )
    except PolarsError as error:
        if len(ids) == 1:
            answers[ids[0]].trouble = _explain(error)
            return
        for one in ids:
            _answer_all(frames, name, [asked for asked in questions if asked.check.id == one], answers)
        return
    for asked, part in zip(known, said, strict=True):
        answers[asked.check.id].found.append(part)
    for asked in questions:
        answer = answers[asked.check.id]
        answer.entities = max(answer.entities, verdicts.entities[asked.name])
        answer.trouble = answer.trouble or troubles.get(asked.name)
    seconds = perf_counter() - start
    for one in ids:
        answers[one].seconds += seconds / len(ids)


def _pass(data: pl.DataFrame, questions: Sequence[_Asked]) -> _Verdicts:
    """Answers the questions for every row of `data`."""
    lets = {series.name: series for asked in questions for series in asked.question.let}
    data = data.hstack(list(lets.values()))
    rows = data.lazy().with_row_index(ROW)
    verdicts: dict[str, pl.Expr] = {}
    searches: dict[str, pl.LazyFrame] = {}
    counts: dict[str, pl.Expr] = {}
    for asked in questions:
        about, wrong = asked.question.asked, asked.question.wrong
        if isinstance(wrong, pl.Expr):
            verdicts[asked.name] = wrong if about is None else pl.when(about).then(wrong)
        else:
            plan = wrong(rows if about is None else rows.filter(about))
            new = [column for column in plan.collect_schema().names() if column not in (*data.columns, ROW)]
            searches[asked.name] = plan.select(ROW, *new)
            counts[asked.name] = pl.len() if about is None else about.sum()
    columns, counted, *found = pl.collect_all(
        [rows.select(ROW, **verdicts), rows.select(pl.len().alias(ROW), **counts), *searches.values()],
        engine="streaming",
    )
    once = [hit.unique(ROW, keep="first", maintain_order=True).sort(ROW) for hit in found]
    added = dict(zip(searches, once, strict=True))
    hits = [
        pl.repeat(False, data.height, eager=True).scatter(hit[ROW], True).alias(one)
        for one, hit in added.items()
    ]
    judged = {one: columns[one].count() for one in verdicts}
    judged.update((one, counted[one].item()) for one in searches)
    return _Verdicts(columns.drop(ROW).hstack(hits), added, judged)


def _judge(verdicts: pl.DataFrame) -> tuple[dict[str, pl.Series], dict[str, str]]:
    """By question, the rows that pandera finds wrong (ascending), and what it could not judge."""
    import pandera.polars as pa  # slow to import: brings pandas along
    from pandera.errors import SchemaErrors

    suspects = verdicts.with_row_index(ROW).filter(pl.any_horizontal(verdicts.columns))
    suspected = [column for column in verdicts.columns if suspects[column].any()]
    schema = pa.DataFrameSchema(
        {name: pa.Column(pl.Boolean, pa.Check(_is_fine, error=name), nullable=True) for name in suspected}
    )
    try:
        schema.validate(suspects.select(suspected), lazy=True)
    except SchemaErrors as errors:
        cases: pl.DataFrame = errors.failure_cases
    else:
        return {}, {}
    # A failure without a row is pandera saying that it could not judge, not that the data are wrong.
    unjudged = cases.filter(pl.col("index").is_null()).select("column", "failure_case")
    troubles = {name: _explain(text) for name, text in unjudged.iter_rows()}
    places = cases.drop_nulls("index").group_by("column").agg(pl.col("index").sort())
    return {name: suspects[ROW].gather(index) for name, index in places.iter_rows()}, troubles


def _is_fine(data: Any) -> pl.LazyFrame:
    """The one pandera check: the verdict does not say wrong."""
    fine: pl.LazyFrame = data.lazyframe.select(~pl.col(data.key))
    return fine


def _describe(asked: _Asked, frames: Frames, wrong: pl.Series, added: pl.DataFrame | None) -> pl.LazyFrame:
    """FOUND rows of one question's wrong rows."""
    check, question = asked.check, asked.question
    key = FRAMES[question.frame].key
    parts = (question.value, question.message, question.severity, question.field)
    said = [part for part in parts if isinstance(part, pl.Expr)]
    used = dict.fromkeys([*key, *(column for part in said for column in part.meta.root_names())])
    data = frames[question.frame]
    rows = data.lazy().select(
        pl.col([column for column in used if column in data.columns]).gather(pl.lit(wrong))
    )
    if added is not None:
        rows = pl.concat([rows, added.drop(ROW).lazy()], how="horizontal")
    text = pl.String
    return rows.select(
        check=pl.lit(check.id),
        severity=pl.lit(check.severity) if question.severity is None else question.severity,
        source=pl.lit(frames.source),
        entity=pl.lit(check.entity),
        key=pl.concat_str([pl.col(column).cast(text) for column in key], separator="|"),
        field=question.field if isinstance(question.field, pl.Expr) else pl.lit(question.field, text),
        value=pl.lit(None, text) if question.value is None else question.value.cast(text),
        # A sentence that could not be filled in must not hide the finding.
        message=pl.coalesce(question.message, pl.lit(check.title)),
        fix=pl.lit(check.fix, text),
    )
