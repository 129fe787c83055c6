"""Makes a stream of failing requests whose problems are known: what grouping them has to find.

Validation errors are built from message templates in English, Dutch and French with random values, some with the key of a
model error and some with the sentence alone; other failures from templates of our own. The truth is the problem that was
planted, never what a mask makes of a text.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import msgspec

from checks.sandbox.oresto.error_templates import (
    CALLS,
    FAILURES,
    FIELDS,
    Call,
    Failure,
    Template,
    read_templates,
    statuses,
)
from checks.sandbox.oresto.error_values import Values, split_words
from checks.sandbox.oresto.rows import ErrorLog

#: How often a row has a second model error, and a message that only says that something was wrong.
_SECOND_ERROR = 0.08
_BARE_TITLE = 0.15
_TITLES = ("The request is invalid.", "One or more validation errors occurred.")


@dataclass(frozen=True, order=True)
class Problem:
    """Why a request failed.

    Attributes:
        route: without `/api/` and query; `*` for an id.
        kind: the status, else the exception's class.
        field: of a validation error, small letters without white space or list positions; None: of no field.
        rule: the rule of the message template, or the name of one of our own templates.
    """

    method: str
    route: str
    kind: str
    field: str | None
    rule: str


@dataclass(frozen=True)
class _Planted:
    """A problem in the making: the call that fails, and how it says so."""

    call: Call
    template: Template | Failure
    field: str | None


def error_stream(
    templates: Path, count: int, seed: int, at_end: datetime, days: float = 14, first_id: int = 1
) -> tuple[list[ErrorLog], dict[int, Problem]]:
    """Rows, oldest first, and the problem of each by its id. The same arguments give the same stream.

    Args:
        templates: CSV with the columns rule, lang, template; placeholders in braces.
        at_end: the moment of the last row, aware; the first one is at most `days` earlier.
    """
    rng = Random(f"{seed}/stream")
    values = Values(rng)
    known = read_templates(templates)
    problems = _problems(rng, known)
    weights = [1 / (place + 1) ** 0.7 for place in range(len(problems))]
    moments = sorted(at_end - timedelta(days=days * rng.random()) for _ in range(count - 1))
    rows, truth = [], {}
    chosen = rng.choices(problems, weights, k=count)
    for number, (at, planted) in enumerate(zip([*moments, at_end], chosen, strict=False), start=first_id):
        row, truth[number] = _row(rng, values, planted, known, number, at)
        rows.append(row)
    return rows, truth


def _problems(rng: Random, templates: list[Template]) -> list[_Planted]:
    """Each rule with two calls or fields, each failure of our own with two calls; in any order."""
    rules = list({template.rule: template for template in templates}.values())
    found = []
    said: list[Template | Failure] = [*rules, *FAILURES]
    for template in said:
        for call in rng.sample(CALLS, 2):
            field = None
            if isinstance(template, Template) and not template.is_title:
                # one that names no field is of none, or of that of its key
                field = rng.choice(FIELDS) if template.names_field or rng.random() < 0.5 else None
            found.append(_Planted(call, template, field))
    rng.shuffle(found)
    return found


def _row(
    rng: Random, values: Values, planted: _Planted, known: list[Template], number: int, at: datetime
) -> tuple[ErrorLog, Problem]:
    call, template = planted.call, planted.template
    url, body = values.fill(call.url), msgspec.json.encode(values.body()).decode() if call.has_body else None
    if isinstance(template, Failure):
        text = values.fill(template.text)
        exception = f"{template.exception}: {text}" if template.exception else None
        kind = template.exception if template.status is None else str(template.status)
        errors = (text,) if rng.random() < 0.5 else ()
        row = ErrorLog(number, at, call.method, url, template.status, body, text, errors, (), exception)
        return row, Problem(call.method, call.route, kind or "", None, template.name)
    status = statuses(template.rule)
    told = [_error(rng, values, call, template, planted.field, known)]
    keyed = told[0][0] is not None
    if keyed and rng.random() < _SECOND_ERROR:
        told.append(_error(rng, values, call, *_another(rng, known), known, always_keyed=True))
        rng.shuffle(told)
    rule, field = min(((rule, field) for _, _, rule, field in told), key=lambda one: (one[1] or "", one[0]))
    message = told[0][1] if not keyed or rng.random() >= _BARE_TITLE else rng.choice(_TITLES)
    model = tuple((key or "", text) for key, text, _, _ in told) if keyed else ()
    errors = () if keyed or rng.random() < 0.5 else (message,)
    row = ErrorLog(number, at, call.method, url, status, body, message, errors, model)
    return row, Problem(call.method, call.route, str(status), field, rule)


def _another(rng: Random, known: list[Template]) -> tuple[Template, str]:
    template = rng.choice([one for one in known if one.names_field])
    return template, rng.choice(FIELDS)


def _error(
    rng: Random,
    values: Values,
    call: Call,
    template: Template,
    field: str | None,
    known: list[Template],
    always_keyed: bool = False,
) -> tuple[str | None, str, str, str | None]:
    """Key (None: the sentence alone), text, rule and field, in one of the languages that know the rule."""
    said = rng.choice([one for one in known if one.rule == template.rule])
    named = (field or "Value").rpartition(".")[2]
    text = values.fill(said.text, rng.choice((named, split_words(named))), values.other(named))
    nested = field is not None and "." in field
    keyed = field is not None and (always_keyed or nested or not said.names_field or rng.random() < 0.6)
    plain = None if field is None else field.replace("#", "").lower()
    if not keyed or field is None:
        return None, text, said.rule, plain
    key = field.replace("#", str(rng.randrange(40)))
    return (f"{call.parameter}.{key}" if rng.random() < 0.7 else key), text, said.rule, plain
