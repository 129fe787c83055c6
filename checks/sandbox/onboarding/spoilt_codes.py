"""How codes look in an export: as scanned, as Excel made them, as somebody mistyped them, or not there at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from checks.sandbox.onboarding.lines import GTIN, NAME, OWN, Found, Line
from checks.sandbox.oresto.codes import CodeMint, as_gtin14, check_digit, is_valid
from checks.sandbox.oresto.rows import Central

#: What people write where there is no code.
NOTHING = ("", "", "", "geen", "0", "n.v.t.", "9999999999999")

#: Grams of one thing are never millilitres of another.
_MEASURES = {"G": "weight", "KG": "weight", "ML": "volume", "CL": "volume", "L": "volume"}

MENDABLE_RATE = 0.3  # of the codes that are right


def write_codes(
    rng: Random, lines: Sequence[Line], central: Sequence[Central], mint: CodeMint, found: Found
) -> None:
    """Fills `ean` of each line and says in `damage` what happened to it.

    Of the articles that are central by their code some codes can be mended with certainty; of those that are known by
    name alone none can.
    """
    for line in lines:
        code = line.row.ean or ""
        line.ean = code
        if line.kind not in (GTIN, OWN):
            continue
        if not code:
            _leave_out(rng, line)
        elif rng.random() < MENDABLE_RATE:
            _write_otherwise(rng, line, code)
    for line in lines:
        if line.kind not in (GTIN, OWN, NAME):
            _leave_out(rng, line)
    _spoil_for_good([line for line in lines if line.kind == NAME], rng, central, lines, mint, found)


def _leave_out(rng: Random, line: Line) -> None:
    line.ean = rng.choice(NOTHING)
    line.damage.append("no-ean")


def _write_otherwise(rng: Random, line: Line, code: str) -> None:
    """The same code in another form; a scanner, a person or Excel wrote it."""
    body = code.zfill(14)
    forms: dict[str, str] = {
        "spaces": _grouped(code, " "),
        "dashes": _grouped(code, "-"),
        "point-zero": f"{code}.0",
        "gs1-128": f"(01){body}",
        "fourteen-digits": body,
    }
    if code.startswith("0"):
        forms["lost-zero"] = code.lstrip("0")
    if len(code) in (8, 14):
        del forms["fourteen-digits"]
    word = "lost-zero" if "lost-zero" in forms else rng.choice(sorted(forms))
    line.ean = forms[word]
    line.damage.append(word)


def _grouped(code: str, sign: str) -> str:
    """`5 412345 678908`: as it stands under the bars."""
    return sign.join(filter(None, (code[:-12], code[-12:-6], code[-6:])))


def _spoil_for_good(
    lines: Sequence[Line],
    rng: Random,
    central: Sequence[Central],
    everything: Sequence[Line],
    mint: CodeMint,
    found: Found,
) -> None:
    used = {line.product.id for line in everything if line.product is not None}
    others = [
        product
        for product in rng.sample(central, len(central))
        if product.id not in used and not product.is_package and is_valid(product.ean or "")
    ]

    ways: tuple[tuple[str, str | None, Callable[[Line], str | None]], ...] = (
        ("excel-ean", "invalid-ean", lambda line: excel(line.row.ean or "")),
        ("wrong-digit", "invalid-ean", lambda line: mistyped(rng, line.row.ean or "")),
        ("no-ean", None, lambda line: rng.choice(NOTHING)),
        ("other-product", None, lambda line: _of_something_else(line, others)),
        ("restricted", "restricted-ean", lambda line: mint.restricted(rng.randrange(7))),
        ("wrong-digit", "invalid-ean", lambda line: mistyped(rng, line.row.ean or "")),
    )
    for place, line in enumerate(lines):
        word, check, spoil = ways[place % len(ways)]
        spoilt = spoil(line)
        if spoilt is None:  # nothing is different enough
            word, check, spoilt = "no-ean", None, ""
        line.ean = spoilt
        line.damage.append(word)
        if check is not None:
            found.add(check, line)


def excel(code: str) -> str:
    """What Excel leaves of it: `5412345678908` is `5,41E+12`."""
    return f"{int(code):.2E}".replace(".", ",")


def mistyped(rng: Random, code: str) -> str:
    """One digit is another: the check digit tells that, and not which."""
    at = rng.randrange(3, len(code))
    digit = str((int(code[at]) + rng.randint(1, 9)) % 10)
    return code[:at] + digit + code[at + 1 :]


def _of_something_else(line: Line, others: list[Central]) -> str | None:
    """The code of another central product that is like this one in nothing: name, brand, content."""
    product = line.product
    assert product is not None
    words = set(product.name_nl.lower().split())
    for place, one in enumerate(others):
        alike = (
            one.brand_id == product.brand_id
            or {_MEASURES.get(one.content_type), _MEASURES.get(product.content_type)} != {"weight", "volume"}
            or words & set(one.name_nl.lower().split())
        )
        if not alike:
            del others[place]
            return one.ean
    return None


def spoil_own(rng: Random, line: Line, number: int, mint: CodeMint, found: Found) -> None:
    """A code of an own article that nobody can mend: a letter in it, Excel's, mistyped, or a number of the house."""
    brand = line.row.brand_id or 0
    right = mint.gtin13(brand)
    how = number % 4
    if how == 0:
        line.ean = _with_letter(rng, right)
        line.damage.append("letter")
    elif how == 1:
        line.ean = excel(right)
        line.damage.append("excel-ean")
    elif how == 2:
        line.ean = mistyped(rng, right)
        line.damage.append("wrong-digit")
    else:
        line.ean = f"PLU {right[8:12]}"
        line.damage.append("house-number")
    line.row.ean = None
    found.add("invalid-ean", line)


def _with_letter(rng: Random, code: str) -> str:
    """Of the twelve digits left no code can be made either."""
    while True:
        at = rng.randrange(3, 11)
        left = code[:at] + code[at + 1 :]
        if check_digit(left[:-1]) != left[-1]:
            return code[:at] + rng.choice("OIBX") + code[at + 1 :]


def lose_zeros(line: Line, number: int, taken: set[str]) -> None:
    """A code of an own article that begins with zeros, which Excel took off: its check digit proves them."""
    while True:
        body = f"0037{number:08d}"
        code = body + check_digit(body)
        if as_gtin14(code) not in taken:
            break
        number += 1000
    taken.add(code.zfill(14))
    line.row.ean, line.ean = code, code.lstrip("0")
    line.damage.append("lost-zero")
