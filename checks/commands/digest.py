"""`digest`: what is new since the last run, printed or sent."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from checks import digest as digests
from checks.commands.common import Config, formats, open_store
from checks.errors import UsageError
from checks.output import Format, as_bytes, as_json, complain, stderr
from checks.settings import load_settings


def digest(
    config: Config = None,
    run: Annotated[
        str | None, typer.Option("--run", help="Of this run; else of the newest that has ended.")
    ] = None,
    format: Annotated[Format, formats(Format.text, Format.html, Format.json)] = Format.text,
    output: Annotated[Path | None, typer.Option("--output", help="Write it here.")] = None,
    send: Annotated[
        bool, typer.Option("--send", help="Send it to the addresses under digest in the settings.")
    ] = False,
    to: Annotated[
        list[str] | None,
        typer.Option("--to", help="With --send: to this address instead, as Apprise writes it (repeatable)."),
    ] = None,
) -> None:
    """Tell what is new since the last run: print it, or send it by mail, Teams or Slack.

    Exit code 3 when an address could not be reached. Nothing is remembered of what was sent: the schedule decides.
    """
    if to and not send:
        raise UsageError("--to goes with --send.")
    settings = load_settings(config)
    if send:
        digests.addresses(settings, to or ())  # that there is none is told before any work
    with open_store(settings) as store:
        told = digests.digest(settings, store, run)
    if output is not None or not send:
        if format is Format.json:
            as_json(told.as_json(), output)
        else:
            as_bytes((told.html if format is Format.html else told.text).encode(), output)
    if not send:
        return
    if _only_here(settings.dashboard.url):
        complain(
            f"The links in it lead to {settings.dashboard.url}, which works on this machine only: set dashboard.url."
        )
    sent = digests.send(told, settings, to or ())
    for one in sent.deliveries:
        if one.sent:
            stderr.print(f"Sent to {one.to}: {told.subject}", markup=False)
        else:
            complain(f"Not sent to {one.to}: {one.reason}")
    if not sent.complete:
        raise typer.Exit(3)


def _only_here(url: str) -> bool:
    """Is it an address of the loopback? To whom a mail goes, it means their own machine."""
    host = urlsplit(url).hostname or ""
    return host == "localhost" or host == "::1" or host.startswith("127.")
