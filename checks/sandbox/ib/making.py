"""Parts of made-up articles that suppliers' own ones and the shop's twins are both made of."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from checks.sandbox.ib.rows import Price
from checks.sandbox.oresto.codes import check_digit


def boxed(ean: str) -> str:
    """The GTIN-14 of a box around a GTIN-13."""
    body = "1" + ean[:12]
    return body + check_digit(body)


def old_moment(rng: Random, now: datetime) -> datetime:
    """Long before the last approval."""
    return now - timedelta(days=rng.randint(4, 900), seconds=rng.randrange(86_400))


def prices(day: datetime, gross: float) -> tuple[Price, ...]:
    """A gross and a recommended price that hold for long, and a gross price for more."""
    start, end = day_after(day, -200), day_after(day, 400)
    return (
        Price("gross", "Brutoprijs", round(gross, 2), start),
        Price("gross", "Brutoprijs", round(gross * 0.9, 2), start, end, moq=100),
        Price("recommended", "Adviesverkoopprijs", round(gross * 1.6, 2), start, end),
    )


def day_after(day: datetime, days: int) -> str:
    """So many days later, as IB writes a day."""
    return (day + timedelta(days=days)).date().isoformat()
