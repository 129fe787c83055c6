"""Articles as IB writes them (ib-api, sections 4 to 6)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from checks.sandbox.ib.rows import LABELS, Article, Company, Price, Unit
from checks.sandbox.oresto.photo_bytes import LARGE, draw_photo, media_type

_DUTCH = ZoneInfo("Europe/Amsterdam")
_WRITE: dict[str, Callable[[datetime], str]] = {
    "offset": lambda at: at.isoformat(timespec="seconds"),
    "naive": lambda at: at.astimezone(_DUTCH).replace(tzinfo=None).isoformat(timespec="seconds"),
    "zulu": lambda at: at.strftime("%Y-%m-%dT%H:%M:%SZ"),
    "day": lambda at: at.astimezone(_DUTCH).date().isoformat(),
}

_SUFFIX = {"image/png": "png", "image/jpeg": "jpg"}


def written(company: Company, at: datetime) -> str:
    """A moment the way this supplier's are written."""
    return _WRITE[company.written](at)


def read_moment(text: str) -> datetime:
    """What a parameter `modified` means: a day or ISO 8601, Dutch time without an offset. Raises ValueError."""
    at = datetime.fromisoformat(text)
    return (at if at.tzinfo is not None else at.replace(tzinfo=_DUTCH)).astimezone(UTC)


def shown(company: Company, article: Article, host: str, root: str, *, expand: bool) -> dict[str, Any]:
    """One item of a page; with base fields only where not expanded."""
    api = f"http://{host}/{root}/companies/{company.name}/articles/{article.id}"
    base: dict[str, Any] = {
        "id": article.id,
        "href": api,
        "articleId": article.code,
        "matchCode": article.match_code,
        "description": article.name,
        "availability": article.availability,
        "availability_label": LABELS.get(article.availability or ""),
        "modified": written(company, article.modified),
    }
    if not expand:
        return base
    return {
        **base,
        "siteLink": f"http://{host}/artikel/{article.id}",
        "extendedInfo": article.text,
        "supplier": {"name": company.name.replace("_", " ").title()},
        "manufacturer": None if article.brand is None else {"name": article.brand},
        "units": [_unit(unit) for unit in article.units],
        "unitRoles": [],
        "images": [picture(company, article, name, host) for name in article.pictures],
        "documents": [],
        "properties": {"merk": {"label": "Merk", "name": "merk", "value": article.brand or ""}},
        "prices": [_price(price) for price in article.prices],
        "classification": [],
    }


def _unit(unit: Unit) -> dict[str, Any]:
    return {
        "unitLabel": unit.label,
        "eanCode": unit.ean,
        "unitAmount": unit.amount,
        "packageName": unit.package,
        "unitName": unit.inner,
        "orderable": unit.orderable,
    }


def picture(company: Company, article: Article, name: str, host: str) -> dict[str, Any]:
    data = draw_photo(name, LARGE)
    kind = media_type(data)
    address = f"http://{host}/media/ib/{company.name}/{name}.{_SUFFIX[kind]}"
    return {
        "fileName": f"{name}.{_SUFFIX[kind]}",
        "mimeType": kind,
        "fileSize": len(data),
        "width": LARGE,
        "height": LARGE,
        "download": address,
        "thumb": f"{address}?thumb=1",
        "summary": article.name,
    }


def _price(price: Price) -> dict[str, Any]:
    return {
        "price": price.price,
        "priceUnitQuantity": price.quantity,
        "priceUnitDescription": price.unit,
        "startDate": price.start,
        "endDate": price.end,
        "moq": price.moq,
        "moqUnit": None if price.moq is None else price.unit,
        "type": price.kind,
        "label": price.label,
        "reference": None,
        "companySpecific": price.own,
        "active": price.active,
        "summary": f"{price.price:.2f} euro per {price.unit}",
    }
