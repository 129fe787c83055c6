"""Puts the questions of all checks to the frames of one source: one pass over all of them, judged by pandera.

1. All expressions about one frame are answered in one lazy select; searches (joins) run beside it. The frames go into
   one `collect_all`, where Polars shares what they have in common.
2. The rows with anything wrong, and of these only the Boolean verdicts, go through pandera (eager, lazy=True,
   the question's name as `error`). Its failure cases hold a row position, turned into the business key at
   once.
3. Only the failing rows get their value and message.

A check that cannot be answered never stops the others: if the pass raises, the frames are asked one at a time, and of
a frame that raises its checks.
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
from checks.settings_sources import MatchSettings


@dataclass(frozen=True)
class Judged:
    """What the checks made of one source: `found` (FOUND) and one result for each check that is not disabled."""

    found: pl.DataFrame
    results: list[CheckResult]

    @property
    def errors(self) -> pl.DataFrame:
        """The gravest of `found`."""
        return self.found.filter(pl.col("severity") == "error")

    @property
    def could_not_run(self) -> dict[str, str]:
        """Why checks have no answer, by id."""
        return {
            one.check: one.message or "no reason given"
            for one in self.results
            if one.status == "could_not_run"
        }

    @property
    def table(self) -> pl.DataFrame:
        """check, status, findings, judged (rows), message: one row a check, those that found something first."""
        order = {"failed": 0, "could_not_run": 1, "passed": 2}
        schema = {
            "check": pl.String,
            "status": pl.String,
            "findings": pl.Int64,
            "judged": pl.Int64,
            "message": pl.String,
        }
        rows = [
            (one.check, one.status, one.findings, one.entities, one.message)
            for one in sorted(self.results, key=lambda one: (order[one.status], -one.findings, one.check))
        ]
        return pl.DataFrame(rows, schema=schema, orient="row")

    def __repr__(self) -> str:
        failed = sum(one.status == "failed" for one in self.results)
        return (
            f"{len(self.results)} checks: {failed} found something ({self.found.height:,} findings), "
            f"{len(self.could_not_run)} could not run"
        )


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
class _Plan:
    """How the questions about one frame are answered: first those of `verdicts` and the counts, then each search."""

    queries: tuple[pl.LazyFrame, ...]
    verdicts: tuple[str, ...]
    searches: tuple[str, ...]


@dataclass(frozen=True)
class _Verdicts:
    """What the pass says of one frame.

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
    beside: Collection[str] = (),
    match: MatchSettings | None = None,
) -> Judged:
    """`checks.rules.run_checks` on a given catalogue."""
    catalogue = {check.id: check for check in checks if is_asked(check, system, beside)}
    unknown = sorted(set(only or ()) - set(catalogue))
    if unknown:
        raise UsageError(f"No such check: {', '.join(unknown)}. There are: {', '.join(catalogue)}.")
    wanted = set(catalogue if only is None else only) - set(settings.disabled)
    answers = {one: _Answer(trouble=_why_not(catalogue[one], frames)) for one in catalogue if one in wanted}
    context = Context(frames, settings, now, match or MatchSettings())
    by_frame: dict[str, list[_Asked]] = {}
    for one, answer in answers.items():
        if answer.trouble is None:
            try:
                for asked in _ask(catalogue[one], context):
                    by_frame.setdefault(asked.question.frame, []).append(asked)
            except PolarsError as error:
                answer.trouble = _explain(error)
    if by_frame:
        _answer_all(frames, by_frame, answers)
    found = [part for answer in answers.values() if answer.trouble is None for part in answer.found]
    results = [_result(one, frames.source, answer) for one, answer in answers.items()]
    return Judged(pl.concat(found) if found else FOUND.to_frame(), results)


def is_asked(check: Check, system: str, beside: Collection[str]) -> bool:
    """Is this check a question to a source of that system, with that beside it?"""
    return system in check.systems and (check.beside is None or check.beside in beside)


def _why_not(check: Check, frames: Frames) -> str | None:
    try:
        return check.why_not(frames)
    except PolarsError as error:
        return _explain(error)


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


Questions = Mapping[str, Sequence[_Asked]]  # by frame


def _answer_all(frames: Frames, questions: Questions, answers: Mapping[str, _Answer]) -> None:
    """Answers all questions; a part at a time where together they raise."""
    start = perf_counter()
    asked = [one for of_frame in questions.values() for one in of_frame]
    ids = list(dict.fromkeys(one.check.id for one in asked))
    try:
        verdicts = _pass(frames, questions)
        wrong, troubles = _judge([one.columns for one in verdicts.values()])
        known = [one for one in asked if one.name in wrong]
        said = pl.collect_all(
            [
                _describe(one, frames, wrong[one.name], verdicts[one.question.frame].added.get(one.name))
                for one in known
            ],
            engine="in-memory",  # small frames: starting the streaming engine for each costs more than the work
        )
    except PolarsError as error:
        parts = _parts(questions)
        if len(parts) == 1:
            answers[ids[0]].trouble = _explain(error)
            return
        for part in parts:
            _answer_all(frames, part, answers)
        return
    for one, rows in zip(known, said, strict=True):
        answers[one.check.id].found.append(rows)
    for one in asked:
        answer = answers[one.check.id]
        answer.entities = max(answer.entities, verdicts[one.question.frame].entities[one.name])
        answer.trouble = answer.trouble or troubles.get(one.name)
    seconds = perf_counter() - start
    for one_id in ids:
        answers[one_id].seconds += seconds / len(ids)


def _parts(questions: Questions) -> list[Questions]:
    """The frames apart; of one frame its checks apart."""
    if len(questions) > 1:
        return [{name: of_frame} for name, of_frame in questions.items()]
    ((name, asked),) = questions.items()
    ids = dict.fromkeys(one.check.id for one in asked)
    return [{name: [one for one in asked if one.check.id == check]} for check in ids]


def _pass(frames: Frames, questions: Questions) -> dict[str, _Verdicts]:
    """Answers the questions for every row, by frame."""
    plans = {name: _plan(frames[name], asked) for name, asked in questions.items()}
    collected = iter(
        pl.collect_all([query for plan in plans.values() for query in plan.queries], engine="streaming")
    )
    return {
        name: _verdicts(plan, frames[name].height, [next(collected) for _ in plan.queries])
        for name, plan in plans.items()
    }


def _plan(data: pl.DataFrame, questions: Sequence[_Asked]) -> _Plan:
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
            query = wrong(rows if about is None else rows.filter(about))
            new = [column for column in query.collect_schema().names() if column not in (*data.columns, ROW)]
            searches[asked.name] = query.select(ROW, *new)
            counts[asked.name] = pl.len() if about is None else about.sum()
    answered = (rows.select(ROW, **verdicts), rows.select(pl.len().alias(ROW), **counts))
    return _Plan((*answered, *searches.values()), tuple(verdicts), tuple(searches))


def _verdicts(plan: _Plan, height: int, collected: Sequence[pl.DataFrame]) -> _Verdicts:
    columns, counted, *found = collected
    once = [hit.unique(ROW, keep="first", maintain_order=True).sort(ROW) for hit in found]
    added = dict(zip(plan.searches, once, strict=True))
    hits = [
        pl.repeat(False, height, eager=True).scatter(hit[ROW], True).alias(one) for one, hit in added.items()
    ]
    judged = {one: columns[one].count() for one in plan.verdicts}
    judged.update((one, counted[one].item()) for one in plan.searches)
    return _Verdicts(columns.drop(ROW).hstack(hits), added, judged)


def _judge(verdicts: Sequence[pl.DataFrame]) -> tuple[dict[str, pl.Series], dict[str, str]]:
    """By question, the rows that pandera finds wrong (ascending), and what it could not judge.

    The suspect rows of all frames stand below each other, null where a question is about another frame: pandera takes
    its time for each schema, not for each row.
    """
    import pandera.polars as pa  # slow to import: brings pandas along
    from pandera.errors import SchemaErrors

    parts = [one.with_row_index(ROW).filter(pl.any_horizontal(one.columns)) for one in verdicts]
    suspects = pl.concat(parts, how="diagonal")
    suspected = [column for column in suspects.columns if column != ROW and suspects[column].any()]
    if not suspected:
        return {}, {}
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
