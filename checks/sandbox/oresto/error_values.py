"""Random values for the messages of failing requests: codes, numbers and texts as they come in a wholesaler's life."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random
from typing import Any

from checks.sandbox.oresto.codes import check_digit

_WORDS = (
    "Côtes d'agneau",
    "l'été à la crème",
    "Filet d'Anvers",
    "crème brûlée",
    "'s Gravenmoer kaas",
    "Vlaamse boerenkaas",
    "jus d'orange",
    "œufs frais",
    "appelmoes (zoet)",
    "thé: menthe & citron",
)
_PEOPLE = ("jan", "marie.claire", "o.devos", "inkoop", "d'hondt", "aankoop+oresto")
_HOSTS = ("klant.example", "horeca.example", "mail.bistro.example")
_ODD = "\\+<>?#%&*:/"
_FIELDS = ("EanCode", "BrandId", "CategoryId", "PromoValidUntil", "VatPercentage")
_PLACEHOLDER = re.compile(r"\{([a-z ]+)\}")


def split_words(name: str) -> str:
    """`EanCode` -> `Ean Code`, as some servers write names of fields."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)


class Values:
    """Draws a value of a kind that is named in braces: `fill("Order {order} is gone.")`."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._kinds: dict[str, Callable[[], str]] = {
            "article": self.article,
            "articles": lambda: ", ".join(self.article() for _ in range(rng.randint(1, 4))),
            "attempted": self._attempted,
            "client": lambda: f"{rng.choice('CDK')}{rng.randrange(10_000, 100_000)}",
            "compared": lambda: rng.choice((self._number, self.moment))(),
            "email": lambda: f"{rng.choice(_PEOPLE)}{rng.randrange(1000)}@{rng.choice(_HOSTS)}",
            "extensions": lambda: ", ".join(rng.sample((".jpg", ".png", ".gif", ".webp"), rng.randint(1, 3))),
            "gtin": self.gtin,
            "guid": self._guid,
            "id": lambda: str(rng.randrange(1, 100_000)),
            "moment": self.moment,
            "number": self._number,
            "order": lambda: rng.choice(
                (str(rng.randrange(10**7, 10**8)), f"SO-{rng.randrange(10**5)}", f"20{rng.randrange(10**6)}")
            ),
            "pattern": lambda: rng.choice((r"^[A-Z0-9]{2,10}$", r"^\d{4}$", r"^[^\\+<>?#%@&*:./]+$")),
            "text": self._text,
        }

    def fill(self, template: str, field: str = "", other: str = "") -> str:
        def value(found: re.Match[str]) -> str:
            kind = found[1]
            return {"field": field, "other field": other}.get(kind) or self._kinds[kind]()

        return _PLACEHOLDER.sub(value, template)

    def other(self, field: str) -> str:
        """Another field than this one."""
        return self._rng.choice([one for one in _FIELDS if one != field])

    def article(self) -> str:
        """An article number, also in the forms that the rules forbid by now."""
        rng = self._rng
        number = str(rng.randrange(100, 1_000_000))
        return rng.choice(
            (
                f"{rng.choice(('VV', 'KV', 'DV'))}{number}",
                f"VV{rng.choice(_ODD)}{number}",
                number.zfill(8),
                f"{number}-{rng.randrange(9)}",
                f"a{number}B",
                f"{rng.randrange(100)}.{number}",
            )
        )

    def gtin(self) -> str:
        length = self._rng.choice((7, 11, 12, 13))
        body = str(self._rng.randrange(10 ** (length - 1), 10**length))
        return body + check_digit(body)

    def moment(self) -> str:
        rng = self._rng
        day, month, hour = (
            rng.randint(1, 28),
            rng.randint(1, 12),
            f"{rng.randrange(24):02d}:{rng.randrange(60):02d}",
        )
        return rng.choice(
            (
                f"2026-{month:02d}-{day:02d}",
                f"{day:02d}/{month:02d}/2026",
                f"2026-{month:02d}-{day:02d}T{hour}:07.1234567+01:00",
                f"{day}/{month}/2026 {hour}",
            )
        )

    def body(self) -> dict[str, Any]:
        return {
            "WholesalerArticleNumber": self.article(),
            "EanCode": self._rng.choice((None, self.gtin())),
            "Active": True,
            "SalesPriceList": round(self._rng.uniform(1, 90), 2),
        }

    def _number(self) -> str:
        rng = self._rng
        number = rng.randrange(1, 40_000)
        return rng.choice((str(number), f"{number}.5", f"{number},75", f"-{number}", f"{number:,}"))

    def _text(self) -> str:
        rng = self._rng
        return rng.choice(_WORDS) + rng.choice(
            ("", f" {rng.randrange(1, 900)}g", f" x{rng.randrange(2, 13)}")
        )

    def _attempted(self) -> str:
        return self._rng.choice((self._text, self._number, self.gtin, lambda: "", lambda: "8,71E+12"))()

    def _guid(self) -> str:
        digits = f"{self._rng.getrandbits(128):032x}"
        return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
