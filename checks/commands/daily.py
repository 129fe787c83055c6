"""`run`, `findings` and `bench`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import polars as pl
import typer

from checks import export
from checks.commands.common import Config, formats, known, open_store, person, settle_first
from checks.deferral import due, waiting
from checks.errors import UsageError
from checks.findings import OPEN_STATUSES, SEVERITIES, STATUSES, CheckResult, Severity, day_in_words
from checks.health import RunReport, run_health_check
from checks.impact import by_impact
from checks.output import (
    Format,
    ShownProgress,
    as_bytes,
    as_json,
    as_ndjson,
    complain,
    counted,
    size,
    stderr,
    stdout,
    table,
)
from checks.people import require
from checks.rules import CHECKS
from checks.settings import load_settings

_MOST_IN_A_TABLE = 200
SHORT_ID = 8  # characters of an id that the table shows: enough for `accept`, `snooze`, `reopen`, `comment`


def run(
    config: Config = None,
    source: Annotated[
        list[str] | None, typer.Option("--source", help="Only this source (repeatable).")
    ] = None,
    full: Annotated[
        bool, typer.Option("--full", help="Read everything, whatever the last run knows.")
    ] = False,
    deferred: Annotated[
        bool,
        typer.Option(
            "--deferred",
            help="Only when a source was closed at the last run and is open by now; else nothing is asked.",
        ),
    ] = False,
    format: Annotated[Format, formats(Format.table, Format.json, Format.ndjson)] = Format.table,
    fail_on: Annotated[
        str, typer.Option("--fail-on", help="error, warning or never: when to exit with 1.")
    ] = "error",
) -> None:
    """The daily health check: collect, check, compare with the last run, store."""
    threshold = _threshold(fail_on)
    settings = load_settings(config)
    who = person(settings)
    require(settings, who, "fixer", "start a health check")
    store = open_store(settings)
    settle_first(settings, store)
    if deferred and not due(settings, store, now := datetime.now(UTC), patient=False):
        still = " ".join(waiting(settings, store, now))
        complain(f"Nothing that was deferred can be collected now. {still}".strip())
        return
    with ShownProgress() as progress:
        report = run_health_check(
            settings, store, sources=source, full=full, started_by=who.name, progress=progress
        )
    show_report(report, format)
    if report.status != "complete":
        complain(f"{report.status}: {report.message}")
        raise typer.Exit(3)
    if report.findings["severity"].is_in(threshold).any():
        raise typer.Exit(1)


def findings(
    config: Config = None,
    check: Annotated[list[str] | None, typer.Option("--check", help="Only this check (repeatable).")] = None,
    status: Annotated[
        list[str] | None,
        typer.Option("--status", help=f"{', '.join(STATUSES)}, open or all (repeatable)."),
    ] = None,
    severity: Annotated[
        list[str] | None, typer.Option("--severity", help="error, warning or info (repeatable).")
    ] = None,
    source: Annotated[
        list[str] | None, typer.Option("--source", help="Only this source (repeatable).")
    ] = None,
    key: Annotated[
        list[str] | None, typer.Option("--key", help="Only this article, client, order (repeatable).")
    ] = None,
    sort: Annotated[
        str,
        typer.Option("--sort", metavar="[severity|impact]", help="impact: by turnover and orders within it."),
    ] = "severity",
    format: Annotated[Format, formats(Format.table, Format.json, Format.csv, Format.xlsx)] = Format.table,
    output: Annotated[Path | None, typer.Option("--output", help="Write csv, xlsx or json here.")] = None,
) -> None:
    """List stored findings; open ones unless --status says otherwise."""
    known("check", check, CHECKS)
    known("severity", severity, SEVERITIES)
    known("status", status, (*STATUSES, "open", "all"))
    known("sort", [sort], _SORTED)
    settings = load_settings(config)
    known("source", source, [one.name for one in settings.sources])
    if output is not None and format is Format.table:
        raise UsageError("--output goes with --format csv, xlsx or json.")
    if output is None and format is Format.xlsx:
        raise UsageError("xlsx is a file: name it with --output findings.xlsx.")
    store = open_store(settings)
    if store.latest_run() is None:
        complain("There was no health check yet: `keurmeester run` does one.")
    kept = store.findings(check=check, status=_statuses(status), severity=severity, source=source, key=key)
    kept = kept if check else settings.checks.without_disabled(kept)
    now = datetime.now(UTC)
    days = {one.name: one.orders_days for one in settings.shops}
    shown = export.with_decisions(export.described(kept, store, now, days, store.errors), store)
    shown = shown.sort(*_SORTED[sort])
    if format is Format.table:
        _show_findings(shown, now, sort, export.days_in_words(days))
        return
    if format is Format.xlsx:
        data = export.as_xlsx(shown, settings.dashboard.url, days)
    elif format is Format.csv:
        data = export.as_csv(shown, settings.dashboard.url)
    else:
        data = export.as_json(shown, settings.dashboard.url)
    as_bytes(data, output)
    if output is not None:
        stderr.print(f"{counted(shown.height, 'finding')} written to {output}.", markup=False)
        if format is Format.xlsx and (said := export.left_out(shown)):
            complain(said)


#: What `--sort` takes, with what it sorts by.
_SORTED: dict[str, list[pl.Expr]] = {
    "severity": [
        pl.col("severity").cast(pl.Enum(SEVERITIES)),
        pl.col("check"),
        pl.col("key"),
        pl.col("field"),
    ],
    "impact": by_impact(),
}


def _show_findings(shown: pl.DataFrame, now: datetime, sort: str, days_counted: str) -> None:
    columns = {
        "short": "id",
        "severity": "severity",
        "check": "check",
        "key": "key",
        "name": "name",
        "field": "field",
        "message": "what is wrong",
        "since": "since",
        "status": "state",
    }
    if shown["decision"].count():
        columns |= {"day": "until", "decided_by": "by", "reason": "reason"}
    if sort == "impact":
        columns |= {"orders": "orders", "turnover": f"€, {days_counted}", "clients": "clients"}
    days = (pl.lit(now) - pl.col("first_seen")).dt.total_days()
    rows = shown.head(_MOST_IN_A_TABLE).with_columns(
        short=pl.col("id").str.head(SHORT_ID),
        # of a problem, as much of its id as `errors show` needs; its title is its name
        key=pl.when(pl.col("entity") == "error-group")
        .then(pl.col("key").str.head(SHORT_ID))
        .otherwise("key"),
        day=pl.Series(
            [None if one is None else day_in_words(one) for one in shown["until"].head(_MOST_IN_A_TABLE)],
            dtype=pl.String,
        ),
        since=pl.when(days < 1).then(pl.lit("today")).otherwise(pl.format("{} d", days)),
        turnover=pl.col("turnover").round().cast(pl.Int64),
    )
    table(
        counted(shown.height, "finding"),
        list(columns.values()),
        rows.select(*columns).iter_rows(),
        right=("since", "orders", columns.get("turnover", ""), "clients"),
    )
    if shown.height > _MOST_IN_A_TABLE:
        complain(
            f"The first {_MOST_IN_A_TABLE} are shown; --format csv gives all, --check narrows them down."
        )


def bench_checks(
    products: Annotated[int, typer.Option("--products", help="Own products.")] = 1_000_000,
    central: Annotated[
        int | None,
        typer.Option(
            "--central",
            help="Central EANs; with --what matching products.",
            show_default="1000000, matching 300000",
        ),
    ] = None,
    runs: Annotated[int, typer.Option("--runs", help="Timed runs; the median counts.")] = 5,
    what: Annotated[
        Literal["checks", "errors", "catalogue", "matching"],
        typer.Option(
            "--what",
            help="The check pass, the grouping of error rows, reading a catalogue, or matching an article file.",
        ),
    ] = "checks",
    rows: Annotated[
        int, typer.Option("--rows", help="Rows of an error log (with --what errors).")
    ] = 1_000_000,
    articles: Annotated[
        int | None,
        typer.Option(
            "--articles",
            help="Articles in five companies (with --what catalogue), or of the file (with --what matching).",
            show_default="catalogue 100000, matching 50000",
        ),
    ] = None,
    names: Annotated[
        Path | None,
        typer.Option(
            "--names", help="Parquet file with real names, column product_name (with --what matching)."
        ),
    ] = None,
) -> None:
    """Time the check pass (or the grouping of errors) beside the same in raw Polars; or reading a large catalogue, or matching a large file."""
    from checks import bench  # with all it compares, only here
    from checks.bench import catalogue, errors, matching

    if what == "errors":
        errors.main(rows, runs)
    elif what == "catalogue":
        catalogue.main(100_000 if articles is None else articles)
    elif what == "matching":
        matching.main(
            50_000 if articles is None else articles, 300_000 if central is None else central, names
        )
    else:
        bench.main(products, 1_000_000 if central is None else central, runs)


def show_report(report: RunReport, format: Format = Format.table) -> None:
    """A run's outcome on stdout."""
    document = report.as_json()
    if format is Format.json:
        as_json(document)
        return
    if format is Format.ndjson:
        as_ndjson([{"run": document["run"]}])
        for part, name in (("collected", "collected"), ("checks", "check"), ("findings", "finding")):
            as_ndjson({name: row} for row in document[part])
        return
    if report.status == "failed":
        stdout.print(
            f"Nothing was collected. {counted(report.findings.height, 'open finding')} of before stay as they were."
        )
        return
    table(
        f"Collected ({report.mode}, {report.status})",
        ("source", "frame", "rows", "requests", "seconds", "status", "message"),
        [
            (
                c.source,
                c.frame,
                c.rows if c.status == "ok" else "–",  # nobody knows; 0 would be a claim
                c.requests,
                f"{c.seconds:.1f}",
                c.status,
                c.message,
            )
            for c in report.collected
        ],
        right=("rows", "requests", "seconds"),
    )
    stdout.print(_totals(report), markup=False, soft_wrap=True)
    opened = report.findings.group_by("check", "source").len()
    kept = {(check, source): count for check, source, count in opened.iter_rows()}
    table(
        "\nChecks",
        ("check", "source", "status", "findings", "message"),
        [(r.check, r.source, r.status, _judged(r, kept), r.message) for r in report.results],
        right=("findings",),
        once="message",  # what keeps one list away keeps many checks from running
    )
    news = _news(report)
    if news.height:
        table(
            "\nNew since the last run", ("check", "source", "new", "back"), news.iter_rows(), ("new", "back")
        )
    counts = dict(report.findings.group_by("severity").len().iter_rows())
    told = ", ".join(f"{counts.get(severity, 0):,} {severity}" for severity in SEVERITIES)
    many = sum(new + back for _, _, new, back in news.iter_rows())
    stdout.print(
        f"\n{counted(report.findings.height, 'open finding')}: {told}; {many:,} of them new or back."
    )


def _totals(report: RunReport) -> str:
    """What the run asked of the sources, and how; which lists an incremental run read whole all the same, and why."""
    told = [
        counted(sum(one.requests for one in report.collected), "request"),
        size(sum(one.bytes for one in report.collected)),
        f"{(report.finished_at - report.started_at).total_seconds():,.1f} seconds",
    ]
    line = f"In all: {', '.join(told)}; mode {report.mode}."
    if report.mode == "full":
        return line
    whole: dict[str, list[str]] = {}
    for one in report.collected:
        _, said, why = (one.message or "").partition("Read in full: ")
        if one.status == "ok" and one.mode == "full" and said:
            whole.setdefault(why.rstrip("."), []).append(one.frame)
    return " ".join([line, *(f"Read in full: {', '.join(frames)} ({why})." for why, frames in whole.items())])


def _judged(result: CheckResult, kept: Mapping[tuple[str, str], int]) -> int | str:
    """How many it found; of a check that could not run, how many of before stay open."""
    if result.status != "could_not_run":
        return result.findings
    before = kept.get((result.check, result.source), 0)
    return f"– (kept: {before:,} open)" if before else "–"


def _news(report: RunReport) -> pl.DataFrame:
    """What this run found for the first time and again: check, source, new, back. A check that could not run has none."""
    judged = [(one.check, one.source) for one in report.results if one.status != "could_not_run"]
    order = pl.DataFrame(judged, schema={"check": pl.String, "source": pl.String}, orient="row")
    status = pl.col("status")
    counts = report.findings.group_by("check", "source").agg(
        new=(status == "new").sum(), back=(status == "regressed").sum()
    )
    joined = order.join(counts, on=["check", "source"], how="inner", maintain_order="left")
    return joined.filter(pl.col("new") + pl.col("back") > 0)


def _threshold(fail_on: str) -> tuple[Severity, ...]:
    ways: dict[str, tuple[Severity, ...]] = {
        "error": ("error",),
        "warning": ("error", "warning"),
        "never": (),
    }
    if fail_on not in ways:
        raise UsageError(f"--fail-on takes {', '.join(ways)}; not {fail_on!r}.")
    return ways[fail_on]


def _statuses(status: list[str] | None) -> list[str] | str:
    if status and "all" in status:
        return "all"
    return [one for given in status or ["open"] for one in (OPEN_STATUSES if given == "open" else (given,))]
