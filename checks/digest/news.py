"""What one health check brought: new, back, put right, not judged. Read from the store."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from checks.addresses import entity_address, finding_address, page_address
from checks.digest.model import CheckNews, Ended, EndedNews, Example, Fixed, Gap, News, Waiting
from checks.digest.words import holds_address, without_addresses
from checks.errors import UsageError
from checks.export import days_in_words, described
from checks.findings import OPEN_STATUSES, SEVERITIES
from checks.frames import FRAMES
from checks.impact import DAYS, by_impact
from checks.rules import CHECKS
from checks.rules.check import SHOP_AREAS
from checks.rules.orders import due_day
from checks.score import score
from checks.settings import Settings
from checks.sources.moments import BELGIUM
from checks.store import Store

EXAMPLES = 3  # of each check, and of the oldest errors
_OLD = timedelta(days=1)  # what has been open for less is no old error
_OPENS = ("new", "regressed", "reopened")
_WHY = {
    "value-changed": "its value changed",
    "graver": "it became graver",
    "date-passed": "its date passed",
}  # what a person withdrew is no news to anybody
#: Whose key is an e-mail address or a name: mail goes further than the dashboard, so they are not named in it.
_PEOPLE = {"user": "a user", "representative": "a representative"}
_PROBLEM = "error-group"
_LONG_ENOUGH = 3  # a key as short as that is in any word
_RUNS = 400  # how far back the run before is looked for


def news_of(settings: Settings, store: Store, run_id: str | None = None) -> News:
    """What a run brought, compared with the finished run before.

    Args:
        run_id: a run that has ended; None for the newest, also when it failed.

    Raises:
        UsageError: there is no such run, it has not ended, or there was none yet.
    """
    runs = store.runs(_RUNS)
    run = _run(store, runs, run_id)
    before = runs.filter(
        pl.col("status").is_in(["complete", "partial"]) & (pl.col("started_at") < run["started_at"])
    )
    previous = before.row(0, named=True) if before.height else None
    collected = store.collected(run["id"])
    sources = tuple(collected["source"].unique().sort()) or tuple(one.name for one in settings.sources)
    common: dict[str, Any] = {
        "run_id": run["id"],
        "at": run["finished_at"],
        "status": run["status"],
        "message": None if run["message"] is None else without_addresses(run["message"]),
        "sources": sources,
        "url": settings.dashboard.url,
        "attention": len(store.journal.fixes(state="needs_attention")),
    }
    opened = settings.checks.without_disabled(store.open_at(run["id"]))
    counts = dict(opened.group_by("severity").len().iter_rows())
    common["open"] = {severity: counts.get(severity, 0) for severity in SEVERITIES}
    if run["status"] == "failed":
        return News(**common)
    teller = _Teller(settings, store, run, None if previous is None else previous["finished_at"])
    return News(
        **common,
        previous=None if previous is None else previous["finished_at"],
        **_scores(settings, store, run["id"], None if previous is None else previous["id"]),
        **teller.found(opened),
        fixed=teller.fixed(),
        ended=teller.ended(),
        oldest=teller.oldest(opened),
        not_collected=_gaps(
            collected.filter(pl.col("status") != "ok").select("message", "frame"), _frame_title
        ),
        not_judged=_gaps(
            _enabled(settings, store.standing_results(run["id"]))
            .filter(pl.col("status") == "could_not_run")
            .select("message", "check"),
            _title,
        ),
        waiting=_waiting(store, run["id"], collected, run["finished_at"]),
    )


def _run(store: Store, runs: pl.DataFrame, run_id: str | None) -> dict[str, Any]:
    if run_id is None:
        ended = runs.filter(pl.col("status") != "running")
        if ended.is_empty():
            raise UsageError("There was no health check yet: `keurmeester run` does one.")
        return ended.row(0, named=True)
    run = store.run(run_id)
    if run is None:
        newest = ", ".join(runs["id"].head(3)) or "none"
        raise UsageError(f"--run {run_id}: there is no such run. The newest are: {newest}.")
    if run["status"] == "running":
        raise UsageError(f"--run {run_id}: it has not ended. Wait for it.")
    return run


def _scores(settings: Settings, store: Store, run_id: str, previous_id: str | None) -> dict[str, Any]:
    if not settings.shops:
        return {"score_words": "No score: there is no shop in the settings."}
    now = _enabled(settings, store.standing_results(run_id))
    before = _enabled(settings, store.standing_results(previous_id)) if previous_id else now.clear()
    pair, could_run = ["source", "check"], pl.col("status") != "could_not_run"
    judged, judged_before = now.filter(could_run).select(pair), before.filter(could_run).select(pair)
    if judged.height * 2 < now.height:
        return {
            "score_words": f"No score: {now.height - judged.height:,} of {now.height:,} checks could not run."
        }
    told = score(now)
    areas = {area: score(now, areas=[area]).value for area in SHOP_AREAS}
    same = judged.sort(pair).equals(judged_before.sort(pair))  # else the two are not of the same things
    return {
        "score": told.value,
        "score_before": score(before).value if same else None,
        "score_words": told.sentence,
        "areas": {area: value for area, value in areas.items() if value is not None},
    }


class _Teller:
    """Tells findings of one run."""

    def __init__(
        self, settings: Settings, store: Store, run: Mapping[str, Any], previous: datetime | None
    ) -> None:
        self.settings = settings
        self.store = store
        self.run = run
        self.at: datetime = run["finished_at"]
        self.since = previous or self.at
        self.days = {source.name: source.orders_days for source in settings.shops}

    def found(self, opened: pl.DataFrame) -> dict[str, Any]:
        """`checks`, `new` and `back` of News."""
        events = self.store.events_of(opened["id"].to_list())
        of_run = events.filter((pl.col("run_id") == self.run["id"]) & pl.col("event").is_in(_OPENS))
        found = opened.join(of_run.select("event", id="finding_id"), on="id", how="inner")
        counts = dict(found.group_by("severity").len().iter_rows())
        weighed = self._weighed(found.filter(pl.col("status").is_in(OPEN_STATUSES)))
        told = [
            CheckNews(
                check=check,
                title=_title(check),
                severity=_gravest(part),
                new=part.filter(pl.col("event") == "new").height,
                back=part.filter(pl.col("event") != "new").height,
                examples=self._examples(weighed.filter(pl.col("check") == check)),
                # all that are open: those that are new today are no longer new after the next run
                address=page_address(self.settings.dashboard.url, "findings", check=check),
            )
            for (check,), part in found.group_by("check")
        ]
        place = {check: number for number, check in enumerate(CHECKS)}
        told.sort(key=lambda one: (SEVERITIES.index(one.severity), place.get(one.check, len(place))))
        return {
            "checks": tuple(told),
            "new": {severity: counts.get(severity, 0) for severity in SEVERITIES},
            "back": sum(one.back for one in told),
        }

    def fixed(self) -> tuple[Fixed, ...]:
        """What was put right since the run before, most first."""
        fixed = self.settings.checks.without_disabled(self.store.findings(status="fixed"))
        fixed = fixed.filter(pl.col("fixed_at").is_between(self.since, self.at, closed="right"))
        events = self.store.events_of(fixed["id"].to_list())
        by = events.filter(pl.col("event") == "fixed").unique("finding_id", keep="last", maintain_order=True)
        counts = (
            fixed.join(by.select("by", id="finding_id"), on="id", how="left")
            .group_by("check", "by")
            .len()
            .sort("len", "check", "by", descending=[True, False, False])
        )
        return tuple(Fixed(_title(check), count, by) for check, by, count in counts.iter_rows())

    def ended(self) -> tuple[EndedNews, ...]:
        """Decisions that ended by themselves since the run before, of findings that are open; most first."""
        ended = self.store.decisions(active=False)
        ended = ended.filter(
            pl.col("ended_at").is_between(self.since, self.at, closed="right")
            & pl.col("ended_why").is_in(list(_WHY))
        )
        findings = self.settings.checks.without_disabled(
            self.store.findings(ids=ended["finding_id"].to_list())
        )
        ended = ended.join(findings.select("check", finding_id="id"), on="finding_id", how="inner")
        counts = ended.group_by("check").len().sort("len", "check", descending=[True, False])
        weighed = self._weighed(findings)
        return tuple(
            EndedNews(
                check=check,
                title=_title(check),
                count=count,
                examples=self._ended_of(
                    ended.filter(pl.col("check") == check), weighed.filter(pl.col("check") == check)
                ),
                address=page_address(self.settings.dashboard.url, "findings", check=check),
            )
            for check, count in counts.iter_rows()
        )

    def _ended_of(self, ended: pl.DataFrame, weighed: pl.DataFrame) -> tuple[Ended, ...]:
        """The decisions on the findings that weigh most."""
        decided = {row["finding_id"]: row for row in ended.iter_rows(named=True)}
        return tuple(
            Ended(
                decided[one.id]["kind"],
                _why(decided[one.id]),
                decided[one.id]["by"],
                None if decided[one.id]["reason"] is None else without_addresses(decided[one.id]["reason"]),
                one,
            )
            for one in self._examples(weighed)
        )

    def oldest(self, opened: pl.DataFrame) -> tuple[Example, ...]:
        """The errors that have been open longest."""
        errors = opened.filter((pl.col("severity") == "error") & (pl.col("first_seen") < self.at - _OLD))
        return self._examples(self._weighed(errors.sort("first_seen", "check", "key").head(EXAMPLES)))

    def _weighed(self, findings: pl.DataFrame) -> pl.DataFrame:
        """With names and impact."""
        return described(findings, self.store, self.at, self.days, self.store.errors)

    def _examples(self, findings: pl.DataFrame) -> tuple[Example, ...]:
        chosen = findings.sort(by_impact()).head(EXAMPLES)
        return tuple(self._example(row) for row in chosen.iter_rows(named=True))

    def _example(self, row: Mapping[str, Any]) -> Example:
        url, entity, key = self.settings.dashboard.url, row["entity"], row["key"]
        address = finding_address(url, row["id"])
        message, thing = row["message"], entity_address(url, entity, row["source"], key)
        if entity == _PROBLEM:
            # its id says nothing to anybody; its message begins with its title
            key = without_addresses(row["name"] or "a problem in the error log")
            message = re.sub(r"^\((.*)\)$", r"\1", message.removeprefix(row["name"] or "").strip(" :"))
            key, address = key.rstrip("."), thing or address  # where it is looked into
        elif entity in _PEOPLE or holds_address(key):
            # the finding's own page tells who it is, to those who may know
            label = _PEOPLE.get(entity, f"a {entity}".replace("-", " "))
            named = message.replace(key, label) if len(key) >= _LONG_ENOUGH else message
            message, key, thing = named, label, address
        return Example(
            id=row["id"],
            severity=row["severity"],
            title=_title(row["check"]),
            key=key,
            # clients are people too
            name=None if entity in ("client", "order", _PROBLEM, *_PEOPLE) else row["name"],
            message=without_addresses(message),
            since=row["first_seen"],
            touches=_touches(row, self.days),
            address=address,
            thing=thing,
        )


def _enabled(settings: Settings, results: pl.DataFrame) -> pl.DataFrame:
    return settings.checks.without_disabled(results)


def _gaps(missing: pl.DataFrame, title: Callable[[str], str]) -> tuple[Gap, ...]:
    """What is missing by its reason: one server that is down, one list that did not come, leaves many gaps."""
    reasons: dict[str, list[str]] = {}
    for given, thing in missing.unique(maintain_order=True).iter_rows():
        reason = without_addresses(given or "no reason given")
        what, could_not, _ = reason.partition(" could not be collected: ")
        # why it could not is told where that list is named; and which request found the server down is no news
        short = f"{what}{could_not[:-2]}." if could_not else re.sub(r"^(?:GET|POST) [^:]*: ", "", reason)
        reasons.setdefault(short, []).append(title(thing))
    return tuple(Gap(tuple(sorted(titles)), reason) for reason, titles in reasons.items())


def _waiting(store: Store, run_id: str, collected: pl.DataFrame, at: datetime) -> Waiting | None:
    """None where orders were not collected. A day is past when it is in Belgium, as for order-delivery-passed."""
    asked = collected.filter((pl.col("frame") == "orders") & (pl.col("status") == "ok"))
    frames = [store.frame(source, "orders", run_id) for source in asked["source"]]
    waiting = [one.filter(pl.col("processed_at").is_null()) for one in frames if one is not None]
    if not waiting:
        return None
    ordered = pl.concat(one.select("ordered_at", "total", due=due_day()) for one in waiting)
    late = ordered.filter(pl.col("due") < at.astimezone(ZoneInfo(BELGIUM)).date())
    value = late["total"].sum() if late["total"].count() else None
    return Waiting(ordered.height, ordered["ordered_at"].min(), late.height, value)  # type: ignore[arg-type]


def _gravest(findings: pl.DataFrame) -> str:
    present = set(findings["severity"])
    return next((severity for severity in SEVERITIES if severity in present), SEVERITIES[-1])


def _why(row: Mapping[str, Any]) -> str:
    why = _WHY[row["ended_why"]]
    return f"{why} by {row['ended_by']}" if row["ended_by"] else why


def _touches(row: Mapping[str, Any], days: Mapping[str, int]) -> str | None:
    """`12 orders, €1,234 in 30 days; 3 clients have a price for it`."""
    parts = []
    if row["entity"] == "order":
        return None if row["turnover"] is None else f"€{row['turnover']:,.2f}"
    if row["orders"]:
        orders = "1 order" if row["orders"] == 1 else f"{row['orders']:,} orders"
        counted = days_in_words({row["source"]: days.get(row["source"], DAYS)})
        parts.append(f"{orders}, €{row['turnover'] or 0:,.0f} in {counted}")
    if row["clients"]:
        parts.append(
            "1 client has a price for it"
            if row["clients"] == 1
            else f"{row['clients']:,} clients have a price for it"
        )
    return "; ".join(parts) or None


def _title(check: str) -> str:
    return CHECKS[check].title if check in CHECKS else check


def _frame_title(frame: str) -> str:
    return FRAMES[frame].title if frame in FRAMES else frame
