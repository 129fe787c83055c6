"""`run`, `findings` and `bench`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from checks.commands.common import Config, allow, known, open_store, whoami
from checks.errors import UsageError
from checks.findings import OPEN_STATUSES, SEVERITIES, Severity
from checks.health import RunReport, findings_as_json, run_health_check
from checks.output import (
    Format,
    ShownProgress,
    as_file,
    as_json,
    as_ndjson,
    complain,
    stderr,
    stdout,
    table,
    worst_first,
)
from checks.rules import CHECKS
from checks.settings import load_settings

_MOST_IN_A_TABLE = 200


def run(
    config: Config = None,
    source: Annotated[
        list[str] | None, typer.Option("--source", help="Only this source (repeatable).")
    ] = None,
    full: Annotated[
        bool, typer.Option("--full", help="Read everything, whatever the last run knows.")
    ] = False,
    format: Annotated[Format, typer.Option("--format", help="table, json or ndjson.")] = Format.table,
    fail_on: Annotated[
        str, typer.Option("--fail-on", help="error, warning or never: when to exit with 1.")
    ] = "error",
) -> None:
    """The daily health check: collect, check, compare with the last run, store."""
    allow(format, Format.table, Format.json, Format.ndjson)
    threshold = _threshold(fail_on)
    settings = load_settings(config)
    store = open_store(settings)
    with ShownProgress() as progress:
        report = run_health_check(
            settings, store, sources=source, full=full, started_by=whoami(), progress=progress
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
        typer.Option("--status", help="new, ongoing, regressed, fixed, open or all (repeatable)."),
    ] = None,
    severity: Annotated[
        list[str] | None, typer.Option("--severity", help="error, warning or info (repeatable).")
    ] = None,
    source: Annotated[
        list[str] | None, typer.Option("--source", help="Only this source (repeatable).")
    ] = None,
    format: Annotated[Format, typer.Option("--format", help="table, json, csv or xlsx.")] = Format.table,
    output: Annotated[Path | None, typer.Option("--output", help="Write csv, xlsx or json here.")] = None,
) -> None:
    """List stored findings; open ones unless --status says otherwise."""
    allow(format, Format.table, Format.json, Format.csv, Format.xlsx)
    known("check", check, CHECKS)
    known("severity", severity, SEVERITIES)
    known("status", status, (*OPEN_STATUSES, "fixed", "open", "all"))
    settings = load_settings(config)
    known("source", source, [one.name for one in settings.sources])
    if output is not None and format not in (Format.csv, Format.xlsx, Format.json):
        raise UsageError("--output goes with --format csv, xlsx or json.")
    store = open_store(settings)
    if store.latest_run() is None:
        complain("There was no health check yet: `keurmeester run` does one.")
    kept = store.findings(check=check, status=_statuses(status), severity=severity, source=source)
    kept = worst_first(kept if check else settings.checks.without_disabled(kept))
    if format is Format.json:
        as_json(findings_as_json(kept), output)
    elif format in (Format.csv, Format.xlsx):
        as_file(kept, format, output)
        if output is not None:
            stderr.print(f"{kept.height:,} findings written to {output}.")
    else:
        rows = kept.select("severity", "check", "key", "field", "message", "status").head(_MOST_IN_A_TABLE)
        table(
            f"{kept.height:,} findings",
            ("severity", "check", "key", "field", "what is wrong", "state"),
            rows.iter_rows(),
        )
        if kept.height > _MOST_IN_A_TABLE:
            complain(
                f"The first {_MOST_IN_A_TABLE} are shown; --format csv gives all, --check narrows them down."
            )


def bench_checks(
    products: Annotated[int, typer.Option("--products", help="Own products.")] = 1_000_000,
    central: Annotated[int, typer.Option("--central", help="Central EANs.")] = 1_000_000,
    runs: Annotated[int, typer.Option("--runs", help="Timed runs; the median counts.")] = 5,
) -> None:
    """Time the check pass beside the same questions in raw Polars, in one run."""
    from checks import bench  # with all it compares, only here

    bench.main(products, central, runs)


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
            f"Nothing was collected. The {report.findings.height:,} open findings stay as they were."
        )
        return
    table(
        f"Collected ({report.mode}, {report.status})",
        ("source", "frame", "rows", "requests", "seconds", "status", "message"),
        [
            (c.source, c.frame, c.rows, c.requests, f"{c.seconds:.1f}", c.status, c.message)
            for c in report.collected
        ],
        right=("rows", "requests", "seconds"),
    )
    table(
        "\nChecks",
        ("check", "source", "status", "findings", "message"),
        [(r.check, r.source, r.status, r.findings, r.message) for r in report.results],
        right=("findings",),
    )
    counts = dict(report.findings.group_by("severity").len().iter_rows())
    news = (report.findings["status"] != "ongoing").sum()
    told = ", ".join(f"{counts.get(severity, 0):,} {severity}" for severity in SEVERITIES)
    stdout.print(f"\n{report.findings.height:,} open findings: {told}; {news:,} of them new or back.")


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
