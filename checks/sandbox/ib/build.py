"""Makes the assortments: further articles of each supplier with faults planted, and what waits for approval.

Small on purpose and without any rule's code: the planted truth must not come from the thing it judges.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from checks.sandbox.clock import Clock
from checks.sandbox.ib.making import boxed, day_after, old_moment, prices
from checks.sandbox.ib.rows import Article, Assortment, Company, Price, Unit
from checks.sandbox.ib.twins import add_twins
from checks.sandbox.ib.words import BRANDS, COMPANIES, CONTENTS, OTHER_THINGS, THINGS, WAITING_TEXT
from checks.sandbox.oresto.codes import check_digit
from checks.sandbox.ours import Ours

_WRITTEN = ("offset", "naive", "zulu", "day")
_APPROVED = timedelta(hours=48)  # before now
_LEAST_WAITING, _MOST_WAITING = 3, 40


def make_assortment(
    ours: Ours,
    size: int,
    seed: int,
    companies: int,
    clock: Clock,
    unapproved: Collection[str] = (),
    *,
    beside_shop: bool = False,
) -> Assortment:
    """The same shop, size, seed and hour give the same assortments.

    Args:
        size: articles besides the twins of the shop's, in all companies together; at least 20 a company.
        unapproved: companies of which nothing was approved yet.
        beside_shop: see `Assortment`.
    """
    now = clock.now().replace(minute=0, second=0, microsecond=0)
    names = [*COMPANIES, *(f"leverancier_{number}" for number in range(companies))][:companies]
    made = {name: Company(name, _WRITTEN[place % 4]) for place, name in enumerate(names)}
    found = Assortment(made, clock, beside_shop)
    codes = _Codes(ours)
    for place, company in enumerate(made.values()):
        rng = Random(f"{seed}/ib/{company.name}")
        for number in range(max(20, size // companies)):
            article = _sound(rng, codes, number, now)
            _KINDS[number % len(_KINDS)](found, company, article, now)
        company.approved_at = None if company.name in unapproved else now - _APPROVED
        if place == 0:
            add_twins(found, ours, Random(f"{seed}/ib/twins"), now)
    for place, company in enumerate(made.values()):
        if company.approved_at is not None:
            company.approved = dict(company.articles)
            _let_wait(found, company, Random(f"{seed}/ib/waiting/{place}"), codes, now)
    return found


class _Codes:
    """Dutch GTIN-13s that the shop has none of."""

    def __init__(self, ours: Ours) -> None:
        self._taken, self._last = ours.gtins, 0

    def new(self) -> str:
        while True:
            self._last += 1
            body = f"8718{self._last:08d}"
            code = body + check_digit(body)
            if code.zfill(14) not in self._taken:
                return code


def _sound(rng: Random, codes: _Codes, number: int, now: datetime) -> Article:
    """An article in which all is well, known by a number that the shop may or may not have."""
    ean = codes.new()
    brand = rng.choice(BRANDS)
    return Article(
        id=f"art_{number:06d}",
        code=f"{10_000 + number}",
        name=f"{brand} {rng.choice(THINGS)} {rng.choice(CONTENTS)}",
        text="Voor de grootkeuken.",
        modified=old_moment(rng, now),
        brand=brand,
        match_code=f"X{number:06d}",
        units=(Unit(1, "st", "st", ean), Unit(12, "doos", "st", boxed(ean))),
        pictures=(f"{ean}-1",),
        prices=prices(now, rng.uniform(1, 40)),
    )


def _key(company: Company, article: Article) -> str:
    return f"{company.name}|{article.id}"


def _add(company: Company, article: Article) -> None:
    company.articles[article.id] = article


def _none(found: Assortment, company: Company, article: Article, now: datetime) -> None:
    _add(company, article)


def _discontinued(found: Assortment, company: Company, article: Article, now: datetime) -> None:
    _add(
        company, replace(article, availability="92E", prices=(), pictures=())
    )  # and nothing else is said of it
    found.plant("article-discontinued", _key(company, article))


def _phasing_out(found: Assortment, company: Company, article: Article, now: datetime) -> None:
    _add(company, replace(article, availability="91E"))
    found.plant("article-phasing-out", _key(company, article))


def _unmatched(found: Assortment, company: Company, article: Article, now: datetime) -> None:
    _add(company, replace(article, match_code=None))
    found.plant("article-unmatched", _key(company, article))


def _gone_and_unmatched(found: Assortment, company: Company, article: Article, now: datetime) -> None:
    _add(company, replace(article, match_code=None, availability="92E"))


def _wrong_code_of_the_piece(found: Assortment, company: Company, article: Article, now: datetime) -> None:
    piece, box = article.units
    code = str(piece.ean)
    wrong = replace(piece, ean=code[:-1] + str((int(code[-1]) + 3) % 10))
    _add(company, replace(article, units=(wrong, box)))
    found.plant("article-invalid-ean", _key(company, article), wrong.label)


def _wrong_codes(found: Assortment, company: Company, article: Article, now: datetime) -> None:
    piece, box = article.units
    wrong = (replace(piece, ean="12345"), replace(box, ean="doos 12"))
    _add(company, replace(article, units=wrong))
    for unit in wrong:
        found.plant("article-invalid-ean", _key(company, article), unit.label)


def _no_code(found: Assortment, company: Company, article: Article, now: datetime) -> None:
    _add(company, replace(article, units=(Unit(1, "st", "st", None),)))


def _no_image(found: Assortment, company: Company, article: Article, now: datetime) -> None:
    _add(company, replace(article, pictures=()))
    found.plant("article-missing-image", _key(company, article))


def _no_price(found: Assortment, company: Company, article: Article, now: datetime) -> None:
    _add(company, replace(article, prices=()))
    found.plant("article-no-active-price", _key(company, article))


def _price_of_tomorrow(found: Assortment, company: Company, article: Article, now: datetime) -> None:
    coming = Price("gross", "Brutoprijs", 4.2, day_after(now, 20), active=False)
    _add(company, replace(article, prices=(coming,)))
    found.plant("article-no-active-price", _key(company, article))


def _all_prices_ended(found: Assortment, company: Company, article: Article, now: datetime) -> None:
    ended = Price("gross", "Brutoprijs", 4.2, day_after(now, -400), day_after(now, -9), active=False)
    _add(company, replace(article, prices=(ended,)))
    found.plant("article-no-active-price", _key(company, article))
    found.plant("article-price-expired", _key(company, article))


def _one_type_ended(found: Assortment, company: Company, article: Article, now: datetime) -> None:
    gross, more, advised = article.prices
    ended = replace(advised, end=day_after(now, -3), active=False)
    _add(company, replace(article, prices=(gross, more, ended)))
    found.plant("article-price-expired", _key(company, article))


def _says_active(found: Assortment, company: Company, article: Article, now: datetime) -> None:
    gross, more, advised = article.prices
    _add(company, replace(article, prices=(gross, replace(more, end=day_after(now, -30)), advised)))
    found.plant("article-price-expired", _key(company, article))


def _one_of_a_type_ended(found: Assortment, company: Company, article: Article, now: datetime) -> None:
    gross, more, advised = article.prices
    old = replace(gross, start=day_after(now, -700), end=day_after(now, -201), active=False)
    _add(company, replace(article, prices=(old, gross, more, advised)))


def _unknown_code(found: Assortment, company: Company, article: Article, now: datetime) -> None:
    _add(company, replace(article, availability="77X"))
    found.plant("article-unknown-availability", _key(company, article))


_KINDS: tuple[Callable[[Assortment, Company, Article, datetime], None], ...] = (
    _none,
    _discontinued,
    _phasing_out,
    _unmatched,
    _gone_and_unmatched,
    _wrong_code_of_the_piece,
    _wrong_codes,
    _no_code,
    _no_image,
    _no_price,
    _price_of_tomorrow,
    _all_prices_ended,
    _one_type_ended,
    _says_active,
    _one_of_a_type_ended,
    _unknown_code,
    *(_none,) * 24,
)


def _let_wait(found: Assortment, company: Company, rng: Random, codes: _Codes, now: datetime) -> None:
    """Some articles changed since the approval, in ways that make nothing else wrong; two are new."""
    sound = [one for one in company.articles.values() if one.id.startswith("art_") and len(one.prices) == 3]
    for place, article in enumerate(
        rng.sample(sound, min(len(sound), max(_LEAST_WAITING, len(sound) // 100), _MOST_WAITING))
    ):
        changed = replace(article, modified=now - timedelta(hours=rng.randint(1, 40)))
        gross, more, advised = article.prices
        before = (
            replace(article, text=WAITING_TEXT),
            replace(article, prices=(replace(gross, price=round(gross.price * 0.95, 2)), more, advised)),
            replace(article, name=f"{rng.choice(OTHER_THINGS)}", pictures=()),
        )[place % 3]
        company.articles[article.id] = changed
        company.approved[article.id] = before
    for number in range(2):
        fresh = _sound(rng, codes, 900_000 + number, now)
        _add(company, replace(fresh, modified=now - timedelta(hours=2 + number)))
