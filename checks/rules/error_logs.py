"""Problems in the error log of our own requests: error-new, error-regressed and error-spike.

They judge what the triage made of the log (`checks.triage`): one row a problem, in a state that people and runs give it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import polars as pl

from checks.findings import Severity
from checks.rules.check import Check, Context, Question

_NEEDS = {"error_groups": ("group_id", "state")}
_ROWS = pl.when(pl.col("rows") == 1).then(pl.lit("1 row")).otherwise(pl.format("{} rows", "rows"))


def _in_state(state: str, value: pl.Expr, message: pl.Expr) -> Callable[[Context], Iterator[Question]]:
    def ask(context: Context) -> Iterator[Question]:
        yield Question(
            frame="error_groups",
            asked=pl.col("state") != "ignored",
            wrong=pl.col("state") == state,
            # what stays the same from day to day: a finding whose value moves is told as changed
            value=value,
            message=message,
        )

    return ask


def _check(
    id: str, title: str, why: str, severity: Severity, ask: Callable[[Context], Iterator[Question]]
) -> Check:
    return Check(
        id=id,
        title=title,
        why=why,
        severity=severity,
        entity="error-group",
        needs=_NEEDS,
        fix="triage",
        area="connection",
        guide="Chapter 11: ErrorLogs (Date, Page)",
        advice="Open it on the page Error logs: it says what it is, what usually helps, and which findings explain it. Then "
        "fix those, resolve it, or ignore it for a reason.",
        ask=ask,
    )


ERROR_NEW = _check(
    "error-new",
    "New kind of API error",
    "Requests fail in a way that was never seen before. What they were to change did not change.",
    "warning",
    _in_state(
        "new",
        pl.format("since {}", pl.col("first_seen").dt.strftime("%Y-%m-%d")),
        pl.format("{} ({})", "title", _ROWS),
    ),
)

ERROR_REGRESSED = _check(
    "error-regressed",
    "API error came back",
    "Requests fail again in a way that was resolved or repaired: what was done about it does not hold.",
    "error",
    _in_state("regressed", pl.lit("came back"), pl.format("{} came back ({} in all)", "title", _ROWS)),
)

ERROR_SPIKE = _check(
    "error-spike",
    "API error escalates",
    "Far more requests fail in this way than its own history lets expect: something broke, and it is growing.",
    "error",
    _in_state(
        "escalating",
        pl.lit("far above its usual volume"),
        pl.format(
            "{}: {} in 24 hours{}",
            "title",
            "last_day",
            pl.when(pl.col("expected").is_not_null())
            .then(
                pl.format(", at most {} expected", pl.col("expected").round(0).cast(pl.Int64, strict=False))
            )
            .otherwise(pl.lit("")),
        ),
    ),
)
