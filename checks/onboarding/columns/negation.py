"""Whether a heading says yes or no: `Niet actief` asks the opposite of `Actief`, however alike they are written."""

from __future__ import annotations

from collections.abc import Sequence

from checks.onboarding.columns.field import words

#: As `folding.plain` has them, like the words below.
_NO_WORDS = frozenset(
    words(
        "niet, geen, nee, neen, nooit, zonder, uit, buiten, uitgezonderd, ex, non, pas, ne, plus, sans, hors, aucun, jamais, "
        "not, no, never, without, out, off, nicht, kein, keine, nie, ohne, aus, nein, stop, gestopt, stopgezet, einde, fin, end"
    )
)
#: Words that say no by themselves, by how they begin.
_OPPOSITES = tuple(
    words(
        "geblok, blok, bloq, block, gesperr, sperr, gedeact, deact, desact, deakt, disab, uitgesch, uitverk, verborg, hidden, "
        "cache, masque, verwijder, delet, supprim, geloscht, gestop, offline, verval, vervall, obsol, arret"
    )
)
_PREFIXES = ("in", "on", "un", "im", "non", "niet", "nicht", "not", "pas", "uit", "dis")
#: What such a prefix turns round; `in` before anything else (`inhoud`, `online`) turns nothing.
_TURNED = tuple(
    words(
        "acti, akti, beschikb, dispon, avail, lever, liefer, verfug, gebruik, zicht, visib, sichtb, bestelb, command, order, "
        "enabl, verko, vend, online, assort, webshop"
    )
)
#: Both together ask for an answer and say nothing: `Actief (ja/nee)`.
_ANSWERS = tuple(
    frozenset(pair) for pair in (("ja", "nee"), ("ja", "neen"), ("oui", "non"), ("yes", "no"), ("ja", "nein"))
)


def says_no(heading: Sequence[str]) -> bool:
    """Whether the words of a heading, as `folding.plain` has them, are negated an odd number of times."""
    left = list(heading)
    for pair in _ANSWERS:
        if pair <= set(left):
            left = [word for word in left if word not in pair]
    return sum(map(_negates, left)) % 2 == 1


def _negates(word: str) -> bool:
    if word in _NO_WORDS or word.startswith(_OPPOSITES):
        return True
    return any(word.startswith(prefix) and word[len(prefix) :].startswith(_TURNED) for prefix in _PREFIXES)
