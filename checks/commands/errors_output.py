"""How the command line shows problems of the error log: tables for people, objects for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import polars as pl

from checks.addresses import page_address
from checks.export import harmless
from checks.health import iso
from checks.output import counted, stdout, table
from checks.store import Store
from checks.triage import meaning

SHORT_ID = 8
_SAMPLES, _MOST_THINGS = 5, 10
_COLUMNS = (
    "id",
    "source",
    "state",
    "title",
    "what",
    "method",
    "route",
    "kind",
    "rule",
    "field",
    "rows",
    "last_day",
    "expected",
    "products",
    "first_seen",
    "last_seen",
    "state_at",
    "ignored",
    "ignored_until",
    "ignored_after",
    "assignee",
    "link",
)


def group_as_json(group: Mapping[str, Any], url: str = "") -> dict[str, Any]:
    """One problem as an object: `what` in a few words, moments as `2026-11-20T06:00:00Z`."""
    told = meaning(
        group["method"], group["route"], group["kind"], group["rule"], group["field"], group["title"]
    )
    more = {"what": told.title, "link": page_address(url, "error_logs", group=group["id"]) if url else None}
    values = {**group, **more}
    return {name: _plain(values[name]) for name in _COLUMNS}


def row_as_json(row: Mapping[str, Any]) -> dict[str, Any]:
    """One row of the log as it was collected."""
    names = ("row_id", "group_id", "source", "at", "log_id", "method", "url", "status_code", "message")
    more = ("exception", "errors", "model_errors", "body", "raw")
    return {name: _plain(row[name]) for name in (*names, *more)}


def whole(store: Store, ident: str, url: str) -> dict[str, Any]:
    """All about one problem as one document."""
    group = store.errors.group(ident) or {}
    told = meaning(
        group["method"], group["route"], group["kind"], group["rule"], group["field"], group["title"]
    )
    things = store.errors.things([ident]).sort("rows", "key", descending=[True, False])
    return {
        **group_as_json(group, url),
        "meaning": {
            "what": told.what,
            "usually": told.usually,
            "guide": told.guide,
            "checks": list(told.checks),
        },
        "causes": [
            {name: _plain(row[name]) for name in ("check", "findings", "rows", "total", "keys")}
            for row in store.errors.causes([ident]).iter_rows(named=True)
        ],
        "things": [
            {name: _plain(row[name]) for name in ("kind", "key", "rows", "last_at")}
            for row in things.iter_rows(named=True)
        ],
        "parts": [
            {name: _plain(row[name]) for name in ("fingerprint", "title", "rows", "parent", "contains")}
            for row in store.errors.members(ident).iter_rows(named=True)
        ],
        "history": [
            {name: _plain(row[name]) for name in ("number", "at", "event", "detail", "by", "undone_at")}
            for row in store.errors.events(ident).iter_rows(named=True)
        ],
        "samples": [
            row_as_json(row) for row in store.errors.rows(ids=[ident], limit=_SAMPLES).iter_rows(named=True)
        ],
    }


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, pl.Series):
        return value.to_list()
    return value


def as_csv(rows: list[dict[str, Any]]) -> bytes:
    """One table; lists as JSON, text that no spreadsheet takes for a formula."""
    flat = [
        {
            name: json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value
            for name, value in row.items()
        }
        for row in rows
    ]
    if not flat:
        return b""
    frame = pl.DataFrame(flat, infer_schema_length=None)
    texts = [name for name, dtype in frame.schema.items() if dtype == pl.String]
    return frame.with_columns(harmless(pl.col(name)).alias(name) for name in texts).write_csv().encode()


def show_groups(groups: pl.DataFrame, now: datetime) -> None:
    """The list for people."""
    rows = []
    for group in groups.iter_rows(named=True):
        told = meaning(
            group["method"], group["route"], group["kind"], group["rule"], group["field"], group["title"]
        )
        rows.append(
            (
                group["id"][:SHORT_ID],
                _words(group["state"]) + _how_long(group),
                told.title,
                group["title"],
                group["last_day"],
                group["rows"],
                _ago(group["last_seen"], now),
                group["assignee"],
            )
        )
    columns = ("id", "state", "what", "request and message", "24 h", "in all", "last seen", "assigned to")
    table(counted(groups.height, "problem"), columns, rows, right=("24 h", "in all"))


def _how_long(group: Mapping[str, Any]) -> str:
    """Of one that is ignored: until when."""
    match group["ignored"] if group["state"] == "ignored" else None:
        case "until":
            return f" until {group['ignored_until'].astimezone():%Y-%m-%d %H:%M}"
        case "more":
            return f", {group['ignored_after'] - group['rows']:,} more to come"
        case "escalating":
            return " until it escalates"
        case "for_ever":
            return " for ever"
        case _:
            return ""


def show_group(document: Mapping[str, Any]) -> None:
    """One problem for people."""
    said = document["meaning"]
    expected = "" if document["expected"] is None else f", at most {document['expected']:,.0f} expected"
    lines = [
        f"{document['id'][:SHORT_ID]}  {document['title']}",
        f"{_words(document['state'])}; {counted(document['rows'], 'row')} in all, {document['last_day']:,} in 24 hours"
        f"{expected}; first {document['first_seen']}, last {document['last_seen']}"
        + (f"; assigned to {document['assignee']}" if document["assignee"] else ""),
        "",
        f"{document['what']}. {said['what']}",
        f"What usually helps: {said['usually']}",
        f"Guide: {said['guide']}",
    ]
    for line in lines:
        stdout.print(line, markup=False, soft_wrap=True)
    if document["causes"]:
        table(
            "\nOpen findings on what its rows name",
            ("check", "findings", "rows", "of", "keys"),
            [
                (one["check"], one["findings"], one["rows"], one["total"], _few(one["keys"]))
                for one in document["causes"]
            ],
            right=("findings", "rows", "of"),
        )
    table(
        "\nNamed in its rows" if document["things"] else "",
        ("what", "number", "rows", "last"),
        [(one["kind"], one["key"], one["rows"], one["last_at"]) for one in document["things"][:_MOST_THINGS]],
        right=("rows",),
    )
    if len(document["things"]) > _MOST_THINGS:
        stdout.print(f"and {len(document['things']) - _MOST_THINGS:,} more; --format json lists all.")
    if len(document["parts"]) > 1:
        table(
            "\nIts parts",
            ("id", "title", "rows"),
            [(one["fingerprint"], one["title"], one["rows"]) for one in document["parts"]],
            right=("rows",),
        )
    show_sample_rows(document["samples"])
    table(
        "\nHistory",
        ("at", "what", "detail", "by"),
        [
            (
                one["at"],
                _words(one["event"]) + (" (undone)" if one["undone_at"] else ""),
                one["detail"],
                one["by"],
            )
            for one in document["history"]
        ],
    )


def show_rows(rows: pl.DataFrame) -> None:
    """Rows of the log for people."""
    show_sample_rows([row_as_json(row) for row in rows.iter_rows(named=True)], "Rows")


def show_sample_rows(rows: list[dict[str, Any]], title: str = "\nThe newest rows") -> None:
    if not rows:
        stdout.print("No row is kept.")
        return
    table(
        title,
        ("at", "problem", "status", "request", "message"),
        [
            (
                row["at"],
                row["group_id"][:SHORT_ID],
                str(row["status_code"] or ""),
                " ".join(part for part in (row["method"], row["url"]) if part),
                row["message"] or next((one["message"] for one in row["model_errors"] or []), row["raw"]),
            )
            for row in rows
        ],
    )


def _few(keys: list[str]) -> str:
    more = f" and {len(keys) - 3:,} more" if len(keys) > 3 else ""
    return f"{', '.join(keys[:3])}{more}"


def _words(state: str) -> str:
    return state.replace("_", " ").replace("-", " ")


def _ago(moment: datetime, now: datetime) -> str:
    hours = max(0, int((now - moment).total_seconds() // 3600))
    return f"{hours} h" if hours < 48 else f"{hours // 24} d"
