"""One picture of a product, read from the shop that shows it."""

from __future__ import annotations

from checks.settings_sources import OrestoSource
from checks.sources.oresto.client import OrestoClient


def picture(source: OrestoSource, url: str) -> bytes:
    """The picture behind a `PhotoUrl`, with the source's own credentials and never from another host (guide 6.7).

    Raises SourceError when the shop does not give it, or gives something that is no picture.
    """
    with OrestoClient(source) as client:
        return client.picture(url)
