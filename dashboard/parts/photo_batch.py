"""Files that were dropped on a page, sorted by the product whose photo each is to be. Pure functions.

A file is looked at once: made ready by `photo_files`, named by `photo_names`, and made small for the screen. What a person
says of it goes before what its name says.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from io import BytesIO

import polars as pl
from PIL import Image

from checks.fixes.photo_files import Prepared, Refused, prepare
from checks.fixes.photo_names import Match, match

#: Longer side of a small picture, in pixels: sharp on a card, also where two dots make a pixel.
SMALL = 360


@dataclass(frozen=True, slots=True)
class Dropped:
    """One file.

    Attributes:
        small: the picture for the screen, empty where it was refused.
        origin: `ib, article 7`, where a supplier gave it for the product of its match; None of a file of this person's.
    """

    id: str
    picture: Prepared | Refused
    match: Match
    small: bytes = field(default=b"", repr=False)
    origin: str | None = None

    @property
    def name(self) -> str:
        return self.match.name


@dataclass
class Drop:
    """What a session knows of the files that were dropped at one place.

    Attributes:
        about: of which run and shop the matches are.
        files: by id.
        fetched: by id, pictures that suppliers gave.
        chosen: by id of the file, the article number that a person chose; empty: not the one its name says.
        trouble: by id, why what a person wrote is no product.
        sent: by id, the article number that the file was uploaded for.
        round: how often the files were taken away.
    """

    about: tuple[str, ...] = ()
    files: dict[str, Dropped] = field(default_factory=dict)
    fetched: dict[str, Dropped] = field(default_factory=dict)
    chosen: dict[str, str] = field(default_factory=dict)
    trouble: dict[str, str] = field(default_factory=dict)
    sent: dict[str, str] = field(default_factory=dict)
    round: int = 0


@dataclass
class Batch:
    """Dropped files in the order they came.

    Attributes:
        ready: article number -> its pictures.
        left: files that nobody can place for a person, with the reason.
        refused: files that are no picture for the shop, with the reason.
        twice: files that are byte for byte another picture of the same product.
        there: files that were sent, and whose product has its photo by now.
    """

    ready: dict[str, list[Dropped]] = field(default_factory=dict)
    left: list[tuple[Dropped, str]] = field(default_factory=list)
    refused: list[tuple[Dropped, str]] = field(default_factory=list)
    twice: list[Dropped] = field(default_factory=list)
    there: list[Dropped] = field(default_factory=list)

    @property
    def pictures(self) -> int:
        return sum(map(len, self.ready.values()))


def look_at(ident: str, name: str, data: bytes, match: Match) -> Dropped:
    """A file made ready, or refused with the reason."""
    return on_screen(ident, prepare(name, data), match)


def on_screen(ident: str, picture: Prepared | Refused, match: Match, origin: str | None = None) -> Dropped:
    """A file that was made ready, with its small picture."""
    small = _small(picture.data) if isinstance(picture, Prepared) else b""
    return Dropped(ident, picture, match, small, origin)


def _small(data: bytes) -> bytes:
    target = BytesIO()
    with Image.open(BytesIO(data)) as picture:
        picture.thumbnail((SMALL, SMALL))
        picture.convert("RGB").save(target, "JPEG", quality=80)
    return target.getvalue()


def named(names: Iterable[str], products: pl.DataFrame | None, wanted: Collection[str]) -> list[Match]:
    """The product of each file by its name, among all own products: a name that fits two of them is nobody's.

    products: the frame; None where it was never collected, then only article numbers of `wanted` are known.
    """
    if products is None:
        products = pl.DataFrame({"article_number": list(wanted), "ean": None}, schema=_NUMBERS)
    return match(names, products.select(*_NUMBERS))


def spoken_of(given: str, products: pl.DataFrame | None, wanted: Collection[str]) -> str | None:
    """The article number that a person means: one of `wanted`, or an article number or EAN of one product."""
    if given in wanted:
        return given
    (found,) = named([given], products, wanted)
    return found.key


_NUMBERS = {"article_number": pl.String, "ean": pl.String}


def batch(
    files: Iterable[Dropped],
    wanted: Collection[str],
    chosen: Mapping[str, str],
    sent: Mapping[str, str],
    why_not: Callable[[str], str],
) -> Batch:
    """Sorts the files.

    Args:
        wanted: article numbers that want a photo.
        chosen: by id of the file, the article number that a person chose; empty: not the one its name says.
        sent: by id of the file, the article number that it was uploaded for.
        why_not: of an article number that wants none, the reason as a sentence.
    """
    found = Batch()
    for one in files:
        if isinstance(one.picture, Refused):
            found.refused.append((one, one.picture.reason))
            continue
        key = chosen.get(one.id, one.match.key)
        if not key:
            said_no = one.id in chosen
            found.left.append((one, _SAID_NO if said_no else one.match.doubt or _SAID_NO))
        elif key not in wanted and sent.get(one.id) == key:
            found.there.append(one)
        elif key not in wanted:
            found.left.append((one, why_not(key)))
        elif any(_same(one, other) for other in found.ready.get(key, ())):
            found.twice.append(one)
        else:
            found.ready.setdefault(key, []).append(one)
    return found


_SAID_NO = "Choose the product that it shows."


def _same(one: Dropped, other: Dropped) -> bool:
    pictures = (one.picture, other.picture)
    return len({picture.sha256 for picture in pictures if isinstance(picture, Prepared)}) == 1
