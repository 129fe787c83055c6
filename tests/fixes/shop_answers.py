"""What people answer when a repair asks them something: what was meant, or something that cannot be."""

from __future__ import annotations

from random import Random

import msgspec

from checks.fixes import Input
from checks.fixes.kinds.upload_photo import Photo
from checks.sandbox.oresto.photo_bytes import draw_photo
from checks.store import Store

Options = dict[str, str]


def filled_in(
    store: Store, dice: Random, inputs: tuple[Input, ...], keys: list[str]
) -> tuple[Options, dict[str, Options]]:
    """A value for every input: those for all keys, and those for each."""
    options: Options = {}
    each: dict[str, Options] = {}
    for one in inputs:
        if one.kind == "photo":
            each |= {key: {"photo": _photos(store, key, dice.randint(1, 2))} for key in keys}
            continue
        value = dice.choice(_values(one))
        if value is not None:
            (each.setdefault(one.key, {}) if one.key else options)[one.name] = value
    return options, each


def _photos(store: Store, key: str, many: int) -> str:
    names = ("front.jpg", "side.jpg")[:many]
    keep = store.journal.put_blob
    photos = [Photo(keep(draw_photo(f"{name} for {key}")), name, "nld") for name in names]
    return msgspec.json.encode(photos).decode()


def _values(one: Input) -> list[str | None]:
    """What a person may write or choose there; None: nothing."""
    if one.kind == "choice":
        free = {"ean": ["5499999999998", "96385074"], "promo": ["0.01", "0,5"]}.get(one.name, [])
        listed = [choice.value for choice in one.choices[:4]]
        return [*[one.default] * 3, *listed, "none", *(free if one.free else [])]
    if one.kind == "number":
        return ["7", "12", "9,95" if one.name == "price" else "24"]
    if one.kind == "date":
        return [None, None, "2035-12-31", "none"]
    return [None, "none", "2.5"] if one.name == "multiplier_amount" else ["Een naam", "Un nom"]
