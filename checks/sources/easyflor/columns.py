"""Debtors of the wire as the columns of the frame `debtors` (easyflor-api, section 3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import polars as pl

from checks.frames import FRAMES
from checks.sources.easyflor import loose
from checks.sources.easyflor.values import time_span
from checks.sources.easyflor.wire import Contact, Debtor, OrderDay
from checks.sources.moments import BELGIUM, moments, unreadable
from checks.sources.rows import Shape

#: Frame -> its columns -> the wire fields each is made of.
SOURCES_OF: dict[str, dict[str, tuple[str, ...]]] = {
    "debtors": {
        "debtor_id": ("Id",),
        "parent_id": ("ParentId",),
        "code": ("Code",),
        "parent_code": ("ParentDebtorCode",),
        "administration": ("Administration",),
        "name": ("Name",),
        "second_name": ("SecondName",),
        "category": ("Category",),
        "country": ("Country",),
        "currency": ("CurrencyISOCode",),
        "currency_old": ("Currency",),
        "language": ("Language",),
        "place": ("Addresses",),
        "vat_number": ("Numbers",),
        "blocked": ("Block",),
        "pays_vat": ("PaysVAT",),
        "to_invoice": ("ToInvoice",),
        "contacts": ("Contacts",),
        "users": ("Contacts.Users",),
        "order_day_names": ("OrderDayNames",),
        "order_days": (
            "OrderDays.Id",
            "OrderDays.Name",
            "OrderDays.Day",
            "OrderDays.MaxDefaultOrderTime",
        ),
        "created": ("CreatedOn",),
    }
}

#: Of parts of one thing that go together: one that is gone spoils the whole column.
NEED_ALL = frozenset({"order_days"})


def debtors(rows: Sequence[Debtor], shape: Shape) -> pl.DataFrame:
    """The frame `debtors`. A moment that cannot be read is noted in `shape`, never a person's name or secret."""
    cells: dict[str, Any] = {
        "debtor_id": [row.id for row in rows],
        "parent_id": [row.parent_id for row in rows],
        "code": [row.code for row in rows],
        "parent_code": [row.parent_debtor_code for row in rows],
        "administration": [row.administration for row in rows],
        "name": [row.name for row in rows],
        "second_name": [row.second_name for row in rows],
        "category": [row.category for row in rows],
        "country": [row.country for row in rows],
        "currency": [row.currency_iso_code for row in rows],
        "currency_old": [row.currency for row in rows],
        "language": [row.language for row in rows],
        "place": [loose.place(row.addresses) for row in rows],
        "vat_number": [loose.vat_number(row.numbers) for row in rows],
        "blocked": [row.block for row in rows],
        "pays_vat": [row.pays_vat for row in rows],
        "to_invoice": [row.to_invoice for row in rows],
        "contacts": [_count(row.contacts) for row in rows],
        "users": [_may_order(row.contacts) for row in rows],
        "order_day_names": [row.order_day_names for row in rows],
        "order_days": [
            None if row.order_days is None else [_order_day(day) for day in row.order_days] for row in rows
        ],
        "created": _created(rows, shape),
    }
    return pl.DataFrame(cells, schema=FRAMES["debtors"].schema)


def _count(contacts: list[Contact] | msgspec.UnsetType | None) -> int | None:
    """None where the answer does not speak of contacts; a null list is an empty one."""
    return None if contacts is msgspec.UNSET else len(contacts or ())


def _may_order(contacts: list[Contact] | msgspec.UnsetType | None) -> int | None:
    if contacts is msgspec.UNSET:
        return None
    return sum(user.can_order is True for contact in contacts or () for user in contact.users or ())


def _order_day(day: OrderDay) -> dict[str, Any]:
    until = day.max_default_order_time
    span = time_span(until) if until is not None else None
    return {
        "id": day.id,
        "name": day.name,
        "day": day.day,
        "until": until,
        "day_shift": span.day_shift if span is not None else None,
        "clock": span.clock if span is not None else None,
    }


def _created(rows: Sequence[Debtor], shape: Shape) -> pl.Series:
    text = pl.Series([row.created_on for row in rows], dtype=pl.String)
    parsed = moments(text, BELGIUM)
    for value in unreadable(text, parsed):
        shape.spoil("CreatedOn", f"{value!r} is not a moment")
    return parsed
