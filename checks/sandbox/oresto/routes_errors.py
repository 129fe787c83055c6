"""The error log of one's own requests: api/ErrorLogs."""

from __future__ import annotations

from typing import Any

from checks.sandbox.oresto.desk import Desk, route
from checks.sandbox.oresto.moments import belgian_day, twins
from checks.sandbox.oresto.replies import Refusal, Reply, listed
from checks.sandbox.oresto.requests import Call
from checks.sandbox.oresto.rows import ErrorLog

ROWS_A_PAGE = 50


def wire_row(log: ErrorLog) -> dict[str, Any]:
    """The row as the API writes it."""
    local, utc = twins(log.at)
    return {
        "Id": log.id,
        "Date": local,
        "DateUtc": utc,
        "HttpMethod": log.method,
        "Url": log.url,
        "StatusCode": log.status,
        "RequestBody": log.body,
        "Message": log.message,
        "Exception": log.exception,
        "Errors": list(log.errors),
        "ModelStateErrors": [
            {"Key": key, "Message": message, "Exception": ""} for key, message in log.model_errors
        ],
    }


@route("GET", "ErrorLogs")
def error_logs(desk: Desk, call: Call) -> Reply:
    """Newest first: those of one Belgian day (Date), or fifty a page (Page)."""
    newest_first = desk.shop.error_logs[::-1]
    day = call.moment("Date")
    if day is not None:
        wanted = belgian_day(day)
        return listed("ErrorLogs", (wire_row(log) for log in newest_first if belgian_day(log.at) == wanted))
    if not call.has("Page"):
        raise Refusal(model_errors=[("Page", "The Page field is required.")])
    start = max(call.integer("Page") - desk.variant.first_page, 0) * ROWS_A_PAGE
    return listed("ErrorLogs", map(wire_row, newest_first[start : start + ROWS_A_PAGE]))
