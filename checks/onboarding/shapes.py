"""The frames of onboarding: their columns and types.

Codes are strings end to end. Names are as the file writes them, ids come in later. Money is euro, moments are UTC.
"""

from __future__ import annotations

import polars as pl

from checks.frame_spec import UTC
from checks.frames import TEXTS

#: One article of the wholesaler's own file. Empty is null; what could not be read is null here and told in `PROBLEMS`.
ARTICLES = pl.Schema(
    {
        "row": pl.Int64(),  # the line in the file, as the program that wrote it counts: from 1, headings included
        "article_number": pl.String(),
        "ean": pl.String(),  # what would be sent: digits as repaired, or as written where no repair is certain
        "ean_written": pl.String(),  # as the file has it
        "unit_ean": pl.String(),  # of the piece inside
        "carton_ean": pl.String(),  # of what it is packed in
        "name": pl.String(),  # Dutch, else the first language given
        "texts": TEXTS,
        "brand": pl.String(),
        "producer": pl.String(),
        "category": pl.String(),
        "supplier": pl.String(),
        "supplier_code": pl.String(),  # the supplier's own article code
        "storage_condition": pl.String(),
        "content_type": pl.String(),
        "total_content": pl.Float64(),
        "unit_sales_price": pl.String(),
        "multiplier_amount": pl.Float64(),
        "multiplier_type": pl.String(),
        "amount_of_units": pl.Int64(),
        "vat_percentage": pl.Int64(),
        "sales_price": pl.Float64(),
        "promo_price": pl.Float64(),
        "promo_from": UTC,
        "promo_until": UTC,
        "active": pl.Boolean(),
        "on_order": pl.Boolean(),
        "order_quantity": pl.Float64(),
        "temporarily_unavailable": pl.Boolean(),
    }
)

#: One client of the wholesaler's own file, with the user who orders and the address of delivery.
CLIENTS = pl.Schema(
    {
        "row": pl.Int64(),
        "client_number": pl.String(),
        "name": pl.String(),
        "email": pl.String(),  # of the client itself
        "segment": pl.String(),
        "language": pl.String(),  # nld, fra, eng
        "vat_number": pl.String(),
        "street": pl.String(),
        "street_number": pl.String(),
        "postal_code": pl.String(),
        "municipality": pl.String(),
        "country_code": pl.String(),
        "phone": pl.String(),
        "user_email": pl.String(),
        "user_first_name": pl.String(),
        "user_last_name": pl.String(),
        "location_name": pl.String(),
        "active": pl.Boolean(),
    }
)

#: What of a file could not be read as it stands, or was repaired: nothing is dropped without a line here.
#: `kind`: unreadable | repaired | missing | duplicate.
PROBLEMS = pl.Schema(
    {
        "row": pl.Int64(),
        "key": pl.String(),  # article or client number
        "field": pl.String(),
        "kind": pl.String(),
        "written": pl.String(),
        "read_as": pl.String(),
        "message": pl.String(),
    }
)

#: One article matched with certainty. `stage`: gtin | supplier-code | confirmed (by a person).
MATCHED = pl.Schema(
    {
        "article_number": pl.String(),
        "stage": pl.String(),
        "code": pl.String(),  # what matched: GTIN, or the supplier's article code
        "supplier_id": pl.Int64(),  # of the stage supplier-code
        "product_id": pl.Int64(),
        "central_ean": pl.String(),
        "central_name": pl.String(),
        "score": pl.Float64(),  # 1.0 of codes; of a confirmed suggestion its own
    }
)

#: One possible central product of an article, for a person to judge. `rank` from 1; `score` 0..1.
SUGGESTED = pl.Schema(
    {
        "article_number": pl.String(),
        "rank": pl.Int64(),
        "score": pl.Float64(),
        "product_id": pl.Int64(),
        "central_ean": pl.String(),
        "central_name": pl.String(),
        "central_brand": pl.String(),
        "central_content": pl.String(),  # as people write it: 6 x 330 ml
        "why": pl.String(),
    }
)

#: Why a code that was found in the central list does not match by itself.
DOUBTED = pl.Schema(
    {"article_number": pl.String(), "code": pl.String(), "product_id": pl.Int64(), "reason": pl.String()}
)

#: One own name of one reference, and the entry of the lookup table that it stands for.
#: `status`: exact | suggested | unknown | confirmed; `chosen` is an id or an abbreviation, null until it is certain.
REFERENCES = pl.Schema(
    {
        "field": pl.String(),  # brand, producer, category, supplier, storage_condition, content_type, ...
        "written": pl.String(),  # as the file has it; null: the articles that name nothing
        "articles": pl.Int64(),
        "status": pl.String(),
        "chosen": pl.String(),
        "chosen_name": pl.String(),
        "choices": pl.List(
            pl.Struct({"value": pl.String(), "label": pl.String(), "score": pl.Float64})
        ),  # best five
    }
)

#: What has to be done with each article. `action`: link | create | decide | lacks | there.
WORKLIST = pl.Schema(
    {
        "row": pl.Int64(),
        "article_number": pl.String(),
        "name": pl.String(),
        "action": pl.String(),
        "code": pl.String(),  # of the central product to link to
        "reasons": pl.List(pl.String),
    }
)
