"""Makes the catalogue: articles of the supplier alone, and twins of what the shop sells, with faults planted in both.

Kruitbosch stands for the shop's articles whose number ends in an odd digit, IB for all others: both truths add up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from checks.sandbox.kruitbosch.rows import Article, Catalogue
from checks.sandbox.oresto.codes import CodeMint, check_digit
from checks.sandbox.ours import OurArticle, Ours

_GROUPS = {
    "10": ("Droge voeding", {"101": "Rijst en pasta", "102": "Conserven"}),
    "20": ("Dranken", {"201": "Koffie en thee", "202": "Sappen"}),
    "30": ("Keuken", {"301": "Messen", "302": "Pannen"}),
}
_THINGS = (
    "Bakplaat",
    "Garde",
    "Koksmes",
    "Maatbeker",
    "Pan",
    "Schuimspaan",
    "Snijplank",
    "Spatel",
    "Vergiet",
    "Zeef",
)
#: Names that share no word with anything that is eaten.
_OTHER = ("Fietsbel chroom", "Zadelhoes zwart", "Kettingkast", "Ventieldop", "Bagagedrager")

_SHARE = 0.6  # of the shop's articles that the supplier has too
_EACH = 40  # one plain article in so many is spoilt in each way
_LEAST = 3


@dataclass
class _Maker:
    dice: Random
    codes: CodeMint
    now: datetime
    found: Catalogue
    number: int = 0

    def article(self, name: str, ean: int | None, gross: float) -> Article:
        """A sound one, put into the catalogue."""
        self.number += 1
        dice, code = self.dice, f"KB-{100_000 + 3 * self.number}"
        group = dice.choice(tuple(_GROUPS))
        one = Article(
            code=code,
            name=name,
            created=self.now - timedelta(days=dice.randint(40, 2_000), minutes=dice.randint(0, 1_400)),
            ean=ean,
            gross=round(gross, 2),
            recommended=round(gross * dice.uniform(1.3, 1.8), 2),
            picture=f"{code.lower()}.jpg",
            group=(group, dice.choice(tuple(_GROUPS[group][1])), None),
            text=f"{name}, in handige verpakking." if dice.random() < 0.7 else None,
            pack=dice.choice((None, 6, 12)),
            stock=dice.randint(0, 400),
            due=self.now + timedelta(days=dice.randint(3, 40)) if dice.random() < 0.2 else None,
            supplier_number=f"M{dice.randint(1_000, 9_999)}",
        )
        self.found.articles[code] = one
        return one

    def fresh_ean(self) -> int:
        return int(self.codes.gtin13(0))


def make_catalogue(ours: Ours, size: int, seed: int, now: datetime) -> Catalogue:
    """`size` articles that the shop does not sell, and the twins of what it does."""
    dice = Random(f"{seed}/kruitbosch")
    found = Catalogue(groups=dict(_GROUPS))
    maker = _Maker(dice, CodeMint(dice, [0], taken=set(ours.gtins)), now, found)
    strangers = [
        maker.article(f"{dice.choice(_THINGS)} type {number}", maker.fresh_ean(), dice.uniform(2, 90))
        for number in range(size)
    ]
    for one in strangers:
        found.plant("supplier-new", one.code)
    _spoil(strangers, maker)
    _add_twins(ours, maker)
    return found


def _spoil(articles: Sequence[Article], maker: _Maker) -> None:
    """Some in each way; each article in one way only."""
    ways: tuple[Callable[[Article, _Maker], None], ...] = (
        _wrong_digit,
        _lost_too_much,
        _twice,
        _no_image,
        _no_price,
        _zero_price,
        _dear,
        _block,
        _deactivate,
        _lose_zeros,
    )
    each = max(_LEAST, len(articles) // _EACH // 2)
    for place, one in enumerate(articles[: each * len(ways)]):
        ways[place % len(ways)](one, maker)


def _wrong_digit(one: Article, maker: _Maker) -> None:
    assert isinstance(one.ean, int)
    one.ean = one.ean // 10 * 10 + (one.ean % 10 + 3) % 10
    maker.found.plant("supplier-invalid-ean", one.code)


def _lost_too_much(one: Article, maker: _Maker) -> None:
    """Digits that no length of a GTIN holds with a right check digit."""
    digits = str(maker.dice.randint(10**9, 10**10 - 1))
    one.ean = (
        int(digits)
        if check_digit(digits[:-1].zfill(11)) != digits[-1]
        else int(digits) // 10 * 10 + (int(digits[-1]) + 1) % 10
    )
    maker.found.plant("supplier-invalid-ean", one.code)


def _twice(one: Article, maker: _Maker) -> None:
    """Another article has the same code."""
    other = maker.article(f"{one.name} B", None, 20.0)
    other.ean = one.ean
    for each in (one, other):
        maker.found.plant("supplier-duplicate-ean", each.code)
    maker.found.plant("supplier-new", other.code)


def _no_image(one: Article, maker: _Maker) -> None:
    one.picture = None
    maker.found.plant("supplier-missing-image", one.code)


def _no_price(one: Article, maker: _Maker) -> None:
    one.gross = None
    maker.found.plant("supplier-price-missing", one.code)


def _zero_price(one: Article, maker: _Maker) -> None:
    one.gross = 0.0
    maker.found.plant("supplier-price-missing", one.code)


def _dear(one: Article, maker: _Maker) -> None:
    assert one.gross is not None
    one.recommended = round(one.gross * 0.8, 2)
    maker.found.plant("supplier-price-missing", one.code)


def _block(one: Article, maker: _Maker) -> None:
    """Blocked, and nobody with us sells it: nothing to tell, nor that it is new."""
    one.blocked = True
    maker.found.planted["supplier-new"].discard((one.code, None))


def _deactivate(one: Article, maker: _Maker) -> None:
    one.inactive = True
    maker.found.planted["supplier-new"].discard((one.code, None))


def _lose_zeros(one: Article, maker: _Maker) -> None:
    """A UPC whose zero a number cannot have: its check digit proves it, so nothing is wrong."""
    body = f"0{maker.dice.randint(10**9, 10**10 - 1)}"
    one.ean = float(f"{body}{check_digit(body)}")


def _add_twins(ours: Ours, maker: _Maker) -> None:
    stems = Counter(_stem(one) for one in ours.articles)
    plain: list[tuple[OurArticle, Article]] = []
    for one in sorted(ours.of_odd_numbers(True), key=lambda one: one.article_number):
        gtin = ours.clear_gtin(one)
        if gtin is None or not (one.ean or "").strip().isdecimal():
            continue
        wants_photo = one.active and not one.linked and not one.has_photo
        # prices of a kilogram or a case do not compare, nor names of things that are called alike but for their box
        if not wants_photo and (not one.by_piece or stems[_stem(one)] > 1 or maker.dice.random() >= _SHARE):
            continue
        cost = maker.dice.uniform(0.55, 0.75) * (one.list_price or 10)
        twin = maker.article(one.name, int(gtin), max(cost, 0.01))
        if not one.list_price or not one.by_piece:
            twin.gross = twin.recommended = 0.01
        if wants_photo:
            maker.found.plant_beside("photo-available", one.article_number)
        else:
            plain.append((one, twin))
    _spoil_twins(plain, maker)


def _spoil_twins(plain: Sequence[tuple[OurArticle, Article]], maker: _Maker) -> None:
    found, each = maker.found, max(_LEAST, len(plain) // _EACH)
    active = [(one, twin) for one, twin in plain if one.active and one.list_price and one.list_price >= 0.5]
    parts = [active[start * each : (start + 1) * each] for start in range(3)]
    # own products first: of these, a price can be put right
    parts.append(sorted(active[3 * each :], key=lambda pair: pair[0].linked)[:each])
    for one, twin in parts[0]:
        twin.blocked = True
        found.plant("supplier-blocked", twin.code)
        found.plant_beside("sold-but-discontinued", one.article_number)
    for one, twin in parts[1]:
        twin.inactive = True
        found.plant("supplier-inactive", twin.code)
        found.plant_beside("sold-but-discontinued", one.article_number)
    for place, (one, twin) in enumerate(parts[2]):
        twin.name = _OTHER[place % len(_OTHER)]
        found.plant_beside("description-differs", one.article_number)
    for one, twin in parts[3]:
        assert one.list_price is not None
        twin.gross = round(one.list_price * 1.25, 2)
        twin.recommended = round(twin.gross * 1.4, 2)
        found.plant_beside("price-below-cost", one.article_number)


def _stem(one: OurArticle) -> str:
    """What an article and the box around it are both called."""
    return one.name.split(",")[0].strip().lower()
