"""`doctor`: is everything in place?"""

from __future__ import annotations

from dataclasses import asdict

import typer

from checks.commands.common import Config, TableOrJson
from checks.doctor import diagnose
from checks.output import Format, as_json, table
from checks.settings import load_settings

_WORDS = {"could_not_ask": "could not be asked"}


def doctor(
    config: Config = None,
    format: TableOrJson = Format.table,
) -> None:
    """Per source: reachable, credentials, clock, permissions, schema drift; store and disk. 1 if anything is wrong."""
    found = list(diagnose(load_settings(config)))
    if format is Format.json:
        as_json([asdict(one) for one in found])
    else:
        rows = [
            (one.subject, one.question, _WORDS.get(one.verdict, one.verdict), one.detail) for one in found
        ]
        table("Doctor", ("what", "question", "answer", "detail"), rows)
    if any(one.verdict == "wrong" for one in found):
        raise typer.Exit(1)
