"""The frames of the systems beside the shop: supplier catalogues and the ERP, and what they and the shop have in common.

One vocabulary for both supplier systems. What a system does not tell is null, never a guess.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from checks.frame_spec import STRINGS, UTC, FrameSpec

#: A packaging: `amount` of the smaller `unit` make one `package`; `ean` as digits, in text.
UNITS = pl.List(
    pl.Struct(
        {
            "label": pl.String,
            "ean": pl.String,
            "amount": pl.Float64,
            "package": pl.String,
            "unit": pl.String,
            "orderable": pl.Boolean,
        }
    )
)
IMAGES = pl.List(
    pl.Struct(
        {
            "name": pl.String,
            "url": pl.String,  # where its bytes are; null where this login may not have them
            "media_type": pl.String,
            "width": pl.Int64,  # pixels
            "height": pl.Int64,
            "bytes": pl.Int64,
        }
    )
)
PRICES = pl.List(
    pl.Struct(
        {
            "kind": pl.String,  # as the supplier calls it: gross, nett, recommended ...
            "label": pl.String,
            "amount": pl.Float64,  # euro for `quantity` of `unit`
            "quantity": pl.Float64,
            "unit": pl.String,
            "valid_from": pl.Date,
            "valid_until": pl.Date,
            "minimum": pl.Float64,  # from this quantity on
            "reference": pl.String,
            "own": pl.Boolean,  # agreed with this buyer alone
            "active": pl.Boolean,  # as the supplier says; null: it does not say
        }
    )
)
CHANGES = pl.List(pl.Struct({"field": pl.String, "before": pl.String, "after": pl.String}))
ORDER_DAYS = pl.List(
    pl.Struct(
        {
            "id": pl.String,
            "name": pl.String,
            "day": pl.Int64,  # as written; 0 to 7
            "until": pl.String,  # the latest order moment as written: "-01.15:30:00"
            "day_shift": pl.Int64,  # -1: the day before; null where `until` cannot be read
            "clock": pl.Time,
        }
    )
)

#: What a supplier says of an article: current | phasing_out | discontinued | blocked | inactive | unknown.
STANDINGS = ("current", "phasing_out", "discontinued", "blocked", "inactive", "unknown")

#: Standings in which an article can no longer be bought.
GONE = ("discontinued", "blocked", "inactive")

_ARTICLE: dict[str, Any] = {
    "article_key": pl.String,  # Kruitbosch: its ProductCode; IB: "company|id"
    "company": pl.String,  # IB's machine name
    "article_code": pl.String,  # the supplier's own article number
    "match_code": pl.String,  # our article number, where the supplier knows it
    "name": pl.String,
    "description": pl.String,
    "brand": pl.String,
    "group": pl.String,
    "standing": pl.String,  # one of STANDINGS
    "availability": pl.String,  # as the supplier writes it
    "availability_label": pl.String,
    "ean": pl.String,  # of the smallest unit, as digits
    "ean_written": pl.String,  # as the supplier wrote it, where that was a number that may have lost zeros
    "units": UNITS,
    "images": IMAGES,
    "prices": PRICES,
    "gross_price": pl.Float64,  # euro for one piece, today; null: none
    "recommended_price": pl.Float64,
    "stock": pl.Float64,
    "available_from": pl.Date,
    "modified": UTC,
}

BESIDE = (
    FrameSpec("catalogue", "Supplier articles", ("article_key",), _ARTICLE),
    FrameSpec(
        "catalogue_waiting",
        "Changes that wait for approval",
        ("article_key",),
        {
            "article_key": pl.String,
            "company": pl.String,
            "article_code": pl.String,
            "match_code": pl.String,
            "name": pl.String,
            "kind": pl.String,  # new | changed
            "changes": CHANGES,
            "modified": UTC,
            "approved_at": UTC,  # X-Moderation-Date: the last approval; null: none yet
        },
    ),
    FrameSpec(
        "catalogue_groups",
        "Supplier product groups",
        ("path",),
        {"path": pl.String, "group": pl.String, "name": pl.String, "level": pl.Int64},
    ),
    FrameSpec(
        "debtors",
        "Debtors",
        ("debtor_id",),
        {
            "debtor_id": pl.Int64,
            "parent_id": pl.Int64,
            "code": pl.String,
            "parent_code": pl.String,
            "administration": pl.String,
            "name": pl.String,
            "second_name": pl.String,
            "category": pl.String,
            "country": pl.String,
            "currency": pl.String,  # CurrencyISOCode
            "currency_old": pl.String,  # Currency, deprecated
            "language": pl.String,
            "place": pl.String,
            "vat_number": pl.String,  # what looks like a VAT number among `Numbers`
            "blocked": pl.Boolean,
            "pays_vat": pl.Boolean,
            "to_invoice": STRINGS,
            "contacts": pl.Int64,  # how many persons; who they are is never kept
            "users": pl.Int64,  # how many may order in the web shop
            "order_day_names": STRINGS,
            "order_days": ORDER_DAYS,
            "created": UTC,
        },
        personal=True,
    ),
)

#: What the systems have in common, made of the frames of several sources; not snapshots.
MEETING = (
    FrameSpec(
        "assortment",
        "The shop's assortment",
        ("shop", "article_number"),
        {
            "shop": pl.String,
            "article_number": pl.String,
            "name": pl.String,
            "active": pl.Boolean,
            "linked": pl.Boolean,  # a linked product; else an own one
            "gtins": STRINGS,  # GTIN-14s of the piece and what it is packed in
            "supplier_codes": STRINGS,  # of this supplier, its article codes as the shop knows them
            "ean": pl.String,
        },
    ),
    FrameSpec(
        "supplier_matches",
        "The shop's articles at suppliers",
        ("article_number", "supplier", "article_key"),
        {
            "article_number": pl.String,
            "supplier": pl.String,  # the supplier's source
            "article_key": pl.String,
            "article_code": pl.String,
            "by": pl.String,  # gtin | article_number | supplier_code
            "name": pl.String,
            "standing": pl.String,
            "availability_label": pl.String,
            "image_url": pl.String,
            "image_name": pl.String,
            "gross_price": pl.Float64,  # euro a piece
        },
    ),
    FrameSpec(
        "erp_debtors",
        "The ERP's debtors",
        ("erp", "debtor_id"),
        {
            "erp": pl.String,
            "debtor_id": pl.Int64,
            "code": pl.String,
            "client_number": pl.String,  # the shop's number for it, by the settings; the code
            "name": pl.String,
            "blocked": pl.Boolean,
            "elsewhere": pl.Boolean,  # another shop has a client with its number, or is the one to tell of it
        },
        personal=True,
    ),
)
