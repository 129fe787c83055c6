"""The shop's articles as suppliers have them: twins with the same EAN, and what is planted between the two.

Kruitbosch stands for the articles whose number ends in an odd digit, IB for all others: so both truths add up. Only what
is found by its GTIN, and alone, has a twin: a carton's code finds what is in it as well.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from random import Random

from checks.sandbox.ib.making import boxed, old_moment, prices
from checks.sandbox.ib.rows import Article, Assortment, Company, Price, Unit
from checks.sandbox.ib.words import OTHER_THINGS
from checks.sandbox.ours import OurArticle, Ours

_SHARE = 0.6  # of the shop's articles that a supplier has too
_EACH = 40  # one plain twin in so many is spoilt in each way
_LEAST = 3  # so many of each, as far as there are
_STRANGE = 4  # pictures that must be there before one is strange


def add_twins(found: Assortment, ours: Ours, rng: Random, now: datetime) -> None:
    """Puts twins into all companies in turn, and notes in `found.beside` what is planted."""
    known = [one for one in ours.of_odd_numbers(False) if ours.clear_gtin(one) is not None]
    companies = list(found.companies.values())
    plain: list[tuple[OurArticle, Company]] = []
    pictured: list[str] = []
    for place, one in enumerate(sorted(known, key=lambda one: one.article_number)):
        wants_photo = one.active and not one.linked and not one.has_photo
        if not wants_photo and rng.random() >= _SHARE:
            continue
        company = companies[place % len(companies)]
        twin = _twin(one, rng, ours, now)
        company.articles[twin.id] = twin
        if twin.match_code is None:
            found.plant("article-unmatched", f"{company.name}|{twin.id}")
        if wants_photo:
            found.beside.setdefault("photo-available", set()).add((one.article_number, None))
            pictured.append(twin.pictures[0])
        else:
            plain.append((one, company))
    _spoil(found, plain, now)
    if len(pictured) >= _STRANGE:
        found.strange_pictures = {pictured[-1]: "web page", pictured[-2]: "too large"}


def twin_id(article_number: str) -> str:
    return "shop_" + re.sub(r"\W", "_", article_number)


def _twin(one: OurArticle, rng: Random, ours: Ours, now: datetime) -> Article:
    ean = str(one.ean).strip()
    units = [Unit(1, "st", "st", ean)]
    if len(ean) == 13 and boxed(ean) not in ours.gtins:
        units.append(Unit(6, "doos", "st", boxed(ean)))
    share = rng.uniform(0.55, 0.75)
    if one.list_price:
        costs = prices(now, max(0.01, one.list_price * share))
    else:
        costs = (Price("nett", "Uw nettoprijs", 9.5, None, own=True),)
    return Article(
        id=twin_id(one.article_number),
        code=f"T{twin_id(one.article_number)[5:]}",
        name=one.name,
        modified=old_moment(rng, now),
        text=one.name,
        brand=one.brand,
        match_code=one.article_number if rng.random() < 0.85 else None,
        units=tuple(units),
        pictures=(f"{ean}-1",),
        prices=costs,
    )


def _spoil(found: Assortment, plain: Sequence[tuple[OurArticle, Company]], now: datetime) -> None:
    """Every few of the plain twins in each way; what is inactive in the shop may be discontinued without harm."""
    ways = (_discontinue, _call_otherwise, _charge_more, _run_out)
    per_way = max(_LEAST, len(plain) // _EACH)
    done = dict.fromkeys(ways, 0)
    for place, (one, company) in enumerate(plain):
        way = ways[place % len(ways)]
        if done[way] < per_way and way(found, one, company, now):
            done[way] += 1


def _discontinue(found: Assortment, one: OurArticle, company: Company, now: datetime) -> bool:
    twin = company.articles[twin_id(one.article_number)]
    company.articles[twin.id] = replace(twin, availability="92E")
    key = f"{company.name}|{twin.id}"
    if twin.match_code is not None:
        found.plant("article-discontinued", key)
    else:
        found.planted["article-unmatched"].discard((key, None))
    if one.active:
        found.sold["article-discontinued"].add((key, None))
        found.beside.setdefault("sold-but-discontinued", set()).add((one.article_number, None))
    return one.active


def _run_out(found: Assortment, one: OurArticle, company: Company, now: datetime) -> bool:
    twin = company.articles[twin_id(one.article_number)]
    company.articles[twin.id] = replace(twin, availability="91E")
    key = f"{company.name}|{twin.id}"
    if twin.match_code is not None:
        found.plant("article-phasing-out", key)
    if one.active:
        found.sold["article-phasing-out"].add((key, None))
    return one.active


def _call_otherwise(found: Assortment, one: OurArticle, company: Company, now: datetime) -> bool:
    twin = company.articles[twin_id(one.article_number)]
    name = min(OTHER_THINGS, key=lambda name: (len(set(name.lower()) & set(one.name.lower())), name))
    company.articles[twin.id] = replace(twin, name=name)
    found.beside.setdefault("description-differs", set()).add((one.article_number, None))
    return True


def _charge_more(found: Assortment, one: OurArticle, company: Company, now: datetime) -> bool:
    if not one.list_price or one.list_price < 0.5:
        return False
    twin = company.articles[twin_id(one.article_number)]
    company.articles[twin.id] = replace(twin, prices=prices(now, one.list_price * 1.25))
    found.beside.setdefault("price-below-cost", set()).add((one.article_number, None))
    return True
