"""Words, numbers and moments as people read them. Pure functions; the clock and the zone are arguments."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any


@dataclass(frozen=True)
class Look:
    """How one value of a fixed list is shown: always a word, an icon and a colour together.

    `sign` stands in table cells, where no Material icon can; `colour` is a name of the theme's palette.
    """

    word: str
    icon: str
    sign: str
    colour: str

    @property
    def cell(self) -> str:
        return f"{self.sign} {self.word}"

    @property
    def badge(self) -> str:
        return f":{self.colour}-badge[{self.icon} {self.word}]"


SEVERITIES = {
    "error": Look("Error", ":material/error:", "✕", "red"),
    "warning": Look("Warning", ":material/warning:", "▲", "orange"),
    "info": Look("Info", ":material/info:", "●", "blue"),
}

#: What stands above a list of findings of one severity.
SEVERITY_GROUPS = {"error": "Errors", "warning": "Warnings", "info": "For your information"}

STATUSES = {
    "new": Look("New", ":material/fiber_new:", "✦", "violet"),
    "ongoing": Look("Ongoing", ":material/schedule:", "–", "gray"),
    "regressed": Look("Came back", ":material/history:", "↺", "violet"),
    "accepted": Look("Accepted", ":material/thumb_up:", "◇", "gray"),
    "snoozed": Look("Snoozed", ":material/snooze:", "z", "gray"),
    "fixed": Look("Fixed", ":material/check_circle:", "✓", "green"),
}

#: Parts of the shop that have a score of their own, in the order they are shown.
AREAS = {
    "products": "Products",
    "prices": "Prices",
    "clients": "Clients",
    "orders": "Orders",
    "connection": "Connection",
}

#: Parts beside the shop, outside its score: what others deliver, and the books.
BESIDE_AREAS = {"suppliers": "Suppliers", "debtors": "ERP debtors"}

#: What a supplier says of an article (`frames_beside.STANDINGS`).
STANDINGS = {
    "current": "Current",
    "phasing_out": "Running out",
    "discontinued": "Discontinued",
    "blocked": "Blocked",
    "inactive": "Inactive",
    "unknown": "Not known",
}

#: What a finding can be about: one, and several.
ENTITIES = {
    "product": ("product", "products"),
    "client": ("client", "clients"),
    "user": ("user", "users"),
    "order": ("order", "orders"),
    "client-product": ("client price", "client prices"),
    "order-list-item": ("order list item", "order list items"),
    "frame": ("list of data", "lists of data"),
    "error-group": ("problem", "problems"),
    "article": ("supplier article", "supplier articles"),
    "debtor": ("debtor", "debtors"),
}

FIX_STATES = {
    "planned": Look("Planned", ":material/pending_actions:", "○", "gray"),
    "running": Look("Running", ":material/sync:", "↻", "blue"),
    "done": Look("Done", ":material/check_circle:", "✓", "green"),
    "failed": Look("Failed", ":material/error:", "✕", "red"),
    "undone": Look("Undone", ":material/undo:", "↶", "gray"),
    "needs_attention": Look("Needs attention", ":material/front_hand:", "▲", "orange"),
}

STEP_STATES = {
    "planned": Look("Not sent yet", ":material/radio_button_unchecked:", "○", "gray"),
    "sent": Look("Sent, no answer yet", ":material/sync:", "↻", "blue"),
    "done": Look("Done", ":material/check_circle:", "✓", "green"),
    "failed": Look("Refused", ":material/cancel:", "✕", "red"),
    "unknown": Look("Outcome unknown", ":material/help:", "?", "orange"),
    "skipped": Look("Not needed", ":material/remove_circle_outline:", "–", "gray"),
}

CHECK_STATES = {
    "passed": Look("All sound", ":material/check_circle:", "✓", "green"),
    "failed": Look("Findings", ":material/flag:", "▲", "orange"),
    "could_not_run": Look("Could not run", ":material/block:", "?", "gray"),
}

RUN_STATES = {
    "running": Look("Running", ":material/sync:", "↻", "blue"),
    "complete": Look("Complete", ":material/check_circle:", "✓", "green"),
    "partial": Look("Partial", ":material/warning:", "▲", "orange"),
    "failed": Look("Failed", ":material/error:", "✕", "red"),
    "stopped": Look("Stopped", ":material/stop_circle:", "–", "gray"),
}

FRAME_STATES = {
    "ok": Look("Collected", ":material/check_circle:", "✓", "green"),
    "failed": Look("Missing", ":material/error:", "✕", "red"),
    "deferred": Look("Left for later", ":material/schedule:", "–", "gray"),
}

CLASSES = {
    "safe": Look("Safe", ":material/verified_user:", "✓", "green"),
    "confirm": Look("Needs a look", ":material/front_hand:", "▲", "orange"),
    "irreversible": Look("Cannot be undone", ":material/dangerous:", "✕", "red"),
}

CLASS_MEANING = {
    "safe": "can be undone, and nobody notices more than the repair",
    "confirm": "something of it cannot be put back, or others notice; each says what",
    "irreversible": "there is no way back",
}

#: The same of a plan that undoes.
UNDO_CLASS_MEANING = {
    "safe": "put back exactly as it was",
    "confirm": "put back, but not the whole of it, or others notice; each says what",
    "irreversible": "there is no way back",
}

EVENTS = {
    "new": Look("Found for the first time", ":material/flag:", "✦", "violet"),
    "regressed": Look("Came back after it was fixed", ":material/history:", "↺", "violet"),
    "changed": Look("Changed", ":material/edit:", "~", "gray"),
    "fixed": Look("Fixed", ":material/check_circle:", "✓", "green"),
    "fix-started": Look("Repair started", ":material/build:", "↻", "blue"),
    "fix-failed": Look("Repair failed", ":material/error:", "✕", "red"),
    "put-back": Look("Put back as it was", ":material/undo:", "↶", "orange"),
    "undone": Look("Repair undone", ":material/undo:", "↶", "violet"),
    "undo-failed": Look("Undoing failed", ":material/error:", "✕", "red"),
    "accepted": Look("Accepted", ":material/thumb_up:", "◇", "gray"),
    "snoozed": Look("Snoozed", ":material/snooze:", "z", "gray"),
    "reopened": Look("Open again", ":material/undo:", "↺", "violet"),
    "comment": Look("Comment", ":material/chat:", "“", "gray"),
}

#: Columns of the frames in words; what is not here is made readable by `field_title`.
_FIELDS = {
    "article_number": "Article number",
    "ean": "EAN",
    "brand_id": "Brand id",
    "brand": "Brand",
    "producer_id": "Producer id",
    "category_ids": "Categories",
    "category_id": "Category",
    "category": "Category",
    "storage_condition_id": "Storage condition",
    "content_type": "Content type",
    "total_content": "Content",
    "multiplier_amount": "Multiplier",
    "vat_percentage": "VAT %",
    "amount_of_units": "Units inside",
    "unit_eans": "EAN of the unit",
    "package_eans": "EAN of the carton",
    "unit_sales_price": "Unit sales price",
    "sales_price": "List price €",
    "promo_price": "Promo price €",
    "promo_from": "Promo from",
    "promo_until": "Promo until",
    "on_order": "Only on order",
    "order_quantity": "Order step",
    "temporarily_unavailable": "Temporarily unavailable",
    "is_package": "Is a carton",
    "product_id": "Product id",
    "texts": "Texts",
    "modified": "Changed in the shop",
    "client_number": "Client",
    "client_name": "Name of the client",
    "order_number": "Order",
    "full_order_number": "Order number in full",
    "ordered_at": "Ordered",
    "processed_at": "Processed",
    "delivery_date": "Delivery",
    "pickup_date": "Pick-up",
    "is_pickup": "Picked up",
    "order_lines": "Order lines",
    "total": "Total €",
    "segment_id": "Segment id",
    "representative": "Representative",
    "has_promos": "Gets promos",
    "country_code": "Country",
    "location_id": "Delivery address",
    "email": "E-mail",
    "exclusive": "Only for this client",
    "client_numbers": "Clients",
    "article_code": "Article code",
    "match_code": "Your article number",
    "gross_price": "Gross price €",
    "recommended_price": "Recommended price €",
    "ean_written": "EAN as written",
    "debtor_id": "Debtor id",
    "parent_id": "Parent",
    "parent_code": "Code of the parent",
    "vat_number": "VAT number",
    "to_invoice": "Invoiced for",
    "order_days": "Order days",
    "currency_old": "Currency (old field)",
    "nld": "Dutch text",
    "fra": "French text",
    "eng": "English text",
    "deu": "German text",
}


def number(value: float | None, digits: int = 0) -> str:
    """`1204` as `1,204`; nothing as a dash."""
    return "–" if value is None else f"{value:,.{digits}f}"


def plural(count: int, one: str, many: str | None = None) -> str:
    """`1 product`, `1,204 products`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def percent(share: float) -> str:
    """A share of 1, never rounded up to 100 %."""
    value = 100 * share
    return "100 %" if value >= 100 else f"{min(value, 99.9):.1f} %" if value > 90 else f"{value:.0f} %"


def ago(moment: datetime | None, now: datetime) -> str:
    """`just now`, `3 h ago`, `5 days ago`."""
    if moment is None:
        return "never"
    passed = now - moment
    if passed < timedelta(minutes=1):
        return "just now"
    if passed < timedelta(hours=1):
        return f"{int(passed.total_seconds() // 60)} min ago"
    if passed < timedelta(days=1):
        return f"{int(passed.total_seconds() // 3600)} h ago"
    return plural(passed.days, "day") + " ago"  # whole days, as the messages of the checks count


def exact(moment: datetime | None, zone: tzinfo | None) -> str:
    """`Sat 21 Nov 2026, 06:02:11` in the reader's zone."""
    return "–" if moment is None else moment.astimezone(zone).strftime("%a %d %b %Y, %H:%M:%S")


def clock(moment: datetime, now: datetime, zone: tzinfo | None) -> str:
    """`06:02` of today, else with its day."""
    here, today = moment.astimezone(zone), now.astimezone(zone)
    return here.strftime("%H:%M") if here.date() == today.date() else here.strftime("%d %b, %H:%M")


def day(moment: datetime, zone: tzinfo | None) -> str:
    """`Tue 24 Nov 2026` in the reader's zone."""
    return moment.astimezone(zone).strftime("%a %d %b %Y")


def euro(value: float | None) -> str:
    """Whole euros, halves up as the tables have them: `€ 1,240`; nothing as a dash."""
    return "–" if value is None else f"€ {math.floor(value + 0.5):,}"


def seconds(value: float | None) -> str:
    """A duration: `0.4 s`, `2 min 5 s`."""
    if value is None:
        return "–"
    if value < 60:
        return f"{value:.1f} s" if value < 10 else f"{value:.0f} s"
    return f"{int(value // 60)} min {int(value % 60)} s"


def duration(value: float) -> str:
    """How long something still takes, in round words: `20 seconds`, `4 min`, `2 h 10 min`."""
    if value < 55:
        return plural(max(5, 5 * round(value / 5)), "second")
    minutes = max(1, round(value / 60))
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def field_title(column: str | None) -> str:
    """A frame's column in words: `brand_id` as `Brand id`."""
    if not column:
        return ""
    return _FIELDS.get(column, column.replace("_", " ").capitalize())


def shown(value: Any, zone: tzinfo | None = None) -> str:
    """A cell's value for people: no `None`, no raw lists, no machine dates."""
    if value is None or value == "" or value == []:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return exact(value, zone)
    if isinstance(value, float):
        return f"{value:,.4f}".rstrip("0").rstrip(".")
    if isinstance(value, dict):
        return " · ".join(shown(part, zone) for part in value.values() if part not in (None, "", []))
    if isinstance(value, (list, tuple)):
        return ", ".join(shown(part, zone) for part in value)
    return str(value)


def plain(text: str | None) -> str:
    """Text from outside, made harmless for Markdown: shown as it is, never as a heading, link, colour or formula."""
    return re.sub(r"([\\`*_{}\[\]()#+\-!|~<>$:])", r"\\\1", text or "")
