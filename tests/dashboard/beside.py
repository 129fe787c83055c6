"""A shop with two suppliers and an ERP beside it, in a real store: every state once or twice. No network.

What the checks find is told here and not judged: their rules have tests of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from checks.findings import FOUND, CheckResult
from checks.frames import FRAMES, Collected, Frames
from checks.rules import CHECKS, run_checks
from checks.settings import CheckSettings
from checks.store import Store
from tests.dashboard.shop import SOURCE, shop_frames

NOW = datetime.now(UTC)

IB, KRUITBOSCH, ERP = "ib", "kruitbosch", "easyflor"

_TABLES = """
[[sources]]
name = "ib"
system = "ib"
base_url = "http://127.0.0.1:9/api/bulk/v1"
login = "demo"
password_env = "SHOP_PASSWORD"
companies = ["groenten", "zuivel"]

[[sources]]
name = "kruitbosch"
system = "kruitbosch"
base_url = "http://127.0.0.1:9"
login = "demo"
password_env = "SHOP_PASSWORD"

[[sources]]
name = "easyflor"
system = "easyflor"
base_url = "http://127.0.0.1:9/api"
login = "demo"
password_env = "SHOP_PASSWORD"
database = "test"
"""

DEFERRED = "easyflor: open before 05:00 and after 18:00 UTC only; it is asked again from 18:00 UTC (19:00 in Brussels)."


def add_sources(config: Path) -> None:
    """The suppliers and the ERP, added to a settings file."""
    config.write_text(config.read_text(encoding="utf-8") + _TABLES, encoding="utf-8")


def frame(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    columns = FRAMES[name].columns
    return pl.DataFrame(
        [{column: row.get(column) for column in columns} for row in rows], schema=FRAMES[name].schema
    )


def article(key: str, name: str, ean: str, **more: Any) -> dict[str, Any]:
    """One article of IB; `key` is `company|id`."""
    company, _, ident = key.partition("|")
    return {
        "article_key": key,
        "company": company,
        "article_code": ident.upper(),
        "name": name,
        "description": f"{name}, los gestort",
        "brand": "Boer",
        "standing": "current",
        "availability": "85E",
        "availability_label": "Actueel",
        "ean": ean,
        "units": [
            {
                "label": "Stuk",
                "ean": ean,
                "amount": 1.0,
                "package": "Stuk",
                "unit": "Stuk",
                "orderable": True,
            },
            {
                "label": "Doos",
                "ean": None,
                "amount": 6.0,
                "package": "Doos",
                "unit": "Stuk",
                "orderable": True,
            },
        ],
        "images": [
            {
                "name": "voor.jpg",
                "url": "http://127.0.0.1:9/voor.jpg",
                "media_type": "image/jpeg",
                "width": 1200,
                "height": 800,
                "bytes": 340_000,
            }
        ],
        "prices": [
            {
                "kind": "gross",
                "label": "Bruto",
                "amount": 2.55,
                "quantity": 1.0,
                "unit": "Stuk",
                "valid_from": date(2026, 1, 1),
                "valid_until": None,
                "minimum": None,
                "reference": None,
                "own": False,
                "active": True,
            }
        ],
        "gross_price": 2.55,
        "modified": NOW - timedelta(days=20),
        **more,
    }


GONE = {"standing": "discontinued", "availability": "92E", "availability_label": "Vervallen"}


def ib_articles() -> pl.DataFrame:
    return frame(
        "catalogue",
        [
            article("groenten|g1", "Sinaasmarmelade", "5400000000072", match_code="A106"),
            article("groenten|g2", "Citroenmarmelade", "5400000000089", **GONE),
            article(
                "groenten|g3",
                "Rabarber",
                "5400000009997",
                standing="phasing_out",
                availability="91E",
                images=[],
            ),
            article("zuivel|z1", "Boter", "5400000009980", prices=[], gross_price=None),
            article("zuivel|z2", "Karnemelk", "5400000009973"),
        ],
    )


def waiting() -> pl.DataFrame:
    return frame(
        "catalogue_waiting",
        [
            {
                "article_key": "groenten|g1",
                "company": "groenten",
                "article_code": "G1",
                "match_code": "A106",
                "name": "Sinaasmarmelade",
                "kind": "changed",
                "changes": [
                    {"field": "Name", "before": "Sinaasmarmelade", "after": "Sinaasappelmarmelade"},
                    {"field": "Gross price", "before": "2.55", "after": "=2.75"},
                ],
                "modified": NOW - timedelta(days=6),
                "approved_at": NOW - timedelta(days=9),
            },
            {
                "article_key": "zuivel|z9",
                "company": "zuivel",
                "article_code": "Z9",
                "name": "Kefir",
                "kind": "new",
                "changes": [],
                "modified": NOW - timedelta(days=2),
            },
        ],
    )


def kruitbosch_articles() -> pl.DataFrame:
    return frame(
        "catalogue",
        [
            {
                "article_key": "K-100",
                "article_code": "K-100",
                "name": "Speculoospasta",
                "standing": "blocked",
                "ean": "5400000000096",
                "units": [],
                "images": [],
                "prices": [],
                "gross_price": 3.1,
            }
        ],
    )


def debtor(ident: int, name: str, **more: Any) -> dict[str, Any]:
    return {
        "debtor_id": ident,
        "code": f"K{ident}",
        "name": name,
        "category": "Horeca",
        "country": "BEL",
        "currency": "EUR",
        "language": "nld",
        "place": "Gent",
        "blocked": False,
        "pays_vat": True,
        "to_invoice": [],
        "contacts": 1,
        "users": 1,
        "order_day_names": [],
        "order_days": [],
        **more,
    }


def debtors() -> pl.DataFrame:
    day = {"id": "orderdays/9", "name": "Dinsdag", "day": 2, "until": "-1.15:30:00", "day_shift": -1}
    return frame(
        "debtors",
        [
            debtor(
                1, "Bistro Zon NV", blocked=True, parent_id=10, order_days=[{**day, "clock": time(15, 30)}]
            ),
            debtor(10, "Horecagroep", parent_id=11, to_invoice=["debtors/1", "404"]),
            debtor(11, "Holding", parent_id=10, category="Groep"),
            debtor(12, "Frituur Maan", parent_id=99, parent_code="K99", currency="EURO"),
        ],
    )


def finding(check: str, source: str, key: str, message: str, severity: str, **more: str) -> dict[str, Any]:
    entity = "debtor" if check.startswith("debtor") else "article"
    return {
        "check": check,
        "severity": severity,
        "source": source,
        "entity": entity,
        "key": key,
        "message": message,
        **more,
    }


FINDINGS = [
    finding("article-discontinued", IB, "groenten|g2", "Citroenmarmelade is discontinued (92E).", "error"),
    finding("article-phasing-out", IB, "groenten|g3", "Rabarber runs out (91E).", "warning"),
    finding("article-missing-image", IB, "groenten|g3", "Rabarber has no image.", "warning"),
    finding("article-no-active-price", IB, "zuivel|z1", "Boter has no price that holds today.", "warning"),
    finding("article-unmoderated", IB, "groenten|g1", "Sinaasmarmelade waits for approval.", "info"),
    finding("supplier-blocked", KRUITBOSCH, "K-100", "Speculoospasta is blocked.", "warning"),
    finding(
        "debtor-cycle", ERP, "10", "Horecagroep is its own parent: K10, K11, K10.", "error", field="parent"
    ),
    finding("debtor-unknown-parent", ERP, "12", "Parent 99 does not exist.", "error", field="parent_id"),
    finding(
        "debtor-invalid-currency", ERP, "12", "EURO is no currency.", "error", field="currency", value="EURO"
    ),
    finding(
        "sold-but-discontinued", SOURCE, "A107", "Active, but discontinued at ib.", "error", entity="product"
    ),
    finding("price-below-cost", SOURCE, "A106", "Below the gross price at ib.", "warning", entity="product"),
    finding("client-blocked-in-erp", SOURCE, "K1", "Blocked in easyflor.", "error", entity="client"),
    finding("debtor-without-client", SOURCE, f"{ERP}|12", "No client K12 in the shop.", "info"),
]

#: Checks of the shop that ask about what stands beside it.
ACROSS = tuple(check.id for check in CHECKS.values() if check.system == "oresto" and check.beside)

#: Checks of suppliers and of the ERP that are judged, by source.
_JUDGED = {
    IB: "suppliers",
    KRUITBOSCH: "suppliers",
    ERP: "debtors",
}


def checks_of(source: str) -> list[str]:
    """The checks that a run puts to that source."""
    return [
        check.id for check in CHECKS.values() if source in check.systems and check.area == _JUDGED[source]
    ]


def health_check(
    store: Store,
    *,
    at: datetime = NOW,
    found: list[dict[str, Any]] | None = None,
    states: Mapping[tuple[str, str], tuple[str, str]] | None = None,
    blind: Mapping[str, str] | None = None,
) -> str:
    """One run over all four sources.

    Args:
        found: rows of FOUND beside those of the shop's own rules; FINDINGS when None.
        states: (source, frame) -> (failed or deferred, why): what could not be collected.
        blind: check -> why it could not run.
    """
    frames = {
        (IB, "catalogue"): ib_articles(),
        (IB, "catalogue_waiting"): waiting(),
        (KRUITBOSCH, "catalogue"): kruitbosch_articles(),
        (ERP, "debtors"): debtors(),
        **{(SOURCE, name): data for name, data in shop_frames().items()},
    }
    states, blind = states or {}, blind or {}
    collected = []
    for (source, name), data in frames.items():
        status, why = states.get((source, name), ("ok", None))
        collected.append(
            Collected(source, name, status, data if status == "ok" else None, message=why, read_at=at)  # type: ignore[arg-type]
        )
    run_id = store.begin_run("full", "night")
    for one in collected:
        if one.data is not None:
            store.save_snapshot(run_id, one)
    shop = {one.frame: one for one in collected if one.source == SOURCE}
    judged = run_checks(Frames(SOURCE, shop), CheckSettings(), at)
    told = pl.DataFrame(
        [{column: row.get(column) for column in FOUND} for row in (FINDINGS if found is None else found)],
        schema=FOUND,
    )
    told = told.filter(~pl.col("check").is_in(list(blind)))
    results = [_result(check, source, told, blind) for source in _JUDGED for check in checks_of(source)]
    results += [_result(check, SOURCE, told, blind) for check in ACROSS]
    ok = all(one.status == "ok" for one in collected)
    store.finish_run(
        run_id,
        "complete" if ok else "partial",
        "full",
        None,
        collected,
        [*judged.results, *results],
        pl.concat([judged.found, told]),
        at,
    )
    return run_id


def _result(check: str, source: str, told: pl.DataFrame, blind: Mapping[str, str]) -> CheckResult:
    if check in blind:
        return CheckResult(check, source, "could_not_run", message=blind[check])
    count = told.filter((pl.col("check") == check) & (pl.col("source") == source)).height
    return CheckResult(check, source, "failed" if count else "passed", count, entities=5)
