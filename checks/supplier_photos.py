"""Pictures that suppliers have of the shop's articles: which there are, and their bytes when a person asks for them.

Nothing is fetched from any other address than the supplier's own host and those of its `image_hosts`; nothing is taken
that is no picture or too large; and what is taken is made ready for the shop like a file that somebody drops.
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from types import TracebackType
from typing import Any, Self

import polars as pl
from PIL import Image, UnidentifiedImageError

from checks.errors import RequestRejected, SettingsError, UnreadableAnswer
from checks.fixes.photo_files import FORMATS, MAX_PIXELS, Prepared, Refused, prepare
from checks.matching import WAYS, assortment_of, pairs
from checks.progress import Progress
from checks.settings import Settings
from checks.settings_sources import SupplierSource
from checks.sources.client import Client
from checks.sources.systems import system_of

#: A picture of more bytes is not fetched to its end: catalogues hold a few megabytes, and the shop gets less in any case.
MOST_BYTES = 20_000_000

#: One row a picture, those of one article in the supplier's order, the surest match first.
OFFERS = pl.Schema(
    {
        "article_number": pl.String,
        "supplier": pl.String,
        "article_key": pl.String,
        "article_code": pl.String,
        "name": pl.String,  # the supplier's, of the article
        "by": pl.String,  # one of checks.matching.WAYS
        "image_name": pl.String,
        "url": pl.String,
        "width": pl.Int64,  # pixels, as the supplier says
        "height": pl.Int64,
    }
)

LastGood = Callable[[str, str], pl.DataFrame | None]


def offers(settings: Settings, shop: str, last_good: LastGood) -> pl.DataFrame:
    """All pictures with an address that suppliers have of articles of the shop, as OFFERS.

    Args:
        last_good: source and frame -> its newest snapshot; None where there is none, which offers nothing.
    """
    products, linked = last_good(shop, "products"), last_good(shop, "linked_products")
    found = [OFFERS.to_frame()]
    for supplier in settings.suppliers:
        catalogue = last_good(supplier.name, "catalogue")
        if products is None or catalogue is None:
            continue
        with_image = catalogue.filter(pl.col("images").list.len() > 0)
        sold = assortment_of(
            shop, products, products.clear() if linked is None else linked, supplier.match.supplier_id
        )
        found.append(_offers_of(sold, with_image, supplier))
    way = pl.col("by").replace_strict(WAYS, range(len(WAYS)), return_dtype=pl.Int64)
    return pl.concat(found).sort("article_number", way, maintain_order=True)


def _offers_of(sold: pl.DataFrame, catalogue: pl.DataFrame, supplier: SupplierSource) -> pl.DataFrame:
    image = pl.col("images").struct
    pictures = (
        catalogue.lazy()
        .select("article_key", "article_code", "name", "images")
        .explode("images")
        .with_columns(
            image_name=image.field("name"),
            url=image.field("url"),
            width=image.field("width"),
            height=image.field("height"),
        )
        .filter(pl.col("url").is_not_null())
    )
    return (
        pairs(sold.lazy(), catalogue.lazy(), supplier.match)
        .join(pictures, on="article_key", how="inner", maintain_order="left_right")
        .with_columns(pl.lit(supplier.name).alias("supplier"))
        .select(OFFERS.names())
        .collect()
    )


class Supplier:
    """A connection to one supplier, for its pictures. A context manager.

    Raises SettingsError for a source that is no supplier, or whose password is not set.
    """

    def __init__(self, settings: Settings, name: str, progress: Progress | None = None) -> None:
        source = settings.source(name)
        if not isinstance(source, SupplierSource):
            raise SettingsError(f"{name} is no supplier ({source.system}): it has no pictures of articles.")
        self.source = source
        self._client: Client[Any] = system_of(source).connect(source, progress)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._client.__exit__(*_)

    def fetch(self, article: str, url: str) -> bytes:
        """The bytes behind the address of a picture; `article` is for the words of an error.

        Raises SourceError: the address is on a foreign host, the supplier does not give it, it is too large, or no
        picture.
        """
        what = f"picture of article {article}"
        data = self._client.http.fetch(url, what, _any, hosts=self.source.image_hosts, largest=MOST_BYTES)
        if (happened := _why_no_picture(data)) is not None:
            raise UnreadableAnswer(self.source.name, what, happened, _ADVICE)
        return data

    def picture(self, article: str, url: str, name: str) -> Prepared:
        """`fetch`, and made ready for the shop as `name` (`checks.fixes.photo_files`).

        Raises SourceError as `fetch`, and where the picture is not good enough for the shop.
        """
        made = prepare(name, self.fetch(article, url))
        if isinstance(made, Refused):
            raise RequestRejected(self.source.name, f"picture of article {article}", made.reason)
        return made


def fetch(settings: Settings, supplier: str, article_key: str, url: str) -> bytes:
    """The bytes of one picture; see `Supplier.fetch`."""
    with Supplier(settings, supplier) as connection:
        return connection.fetch(article_key, url)


def _any(data: bytes) -> None:
    """What came is judged once it is there: what is no picture is none a second later either."""


_ADVICE = "Look at the article at the supplier, and tell them; or give a file of your own."


def _why_no_picture(data: bytes) -> str | None:
    """By its bytes, whatever name and type are said; None for a picture that may be opened."""
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as picture:
            pixels = picture.width * picture.height
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return "it has far too many pixels."
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        return "what came is no picture."
    return "it has far too many pixels." if pixels > MAX_PIXELS else None
