"""Names and descriptions in four languages, and the words that tell which language a column is in."""

from __future__ import annotations

from checks.onboarding.columns.field import Field
from checks.onboarding.columns.field import words as _words

#: Words behind or before a heading that say in which language its cells are.
LANGUAGE_TAGS = {
    "nld": _words("nl, ned, nld, dut, nederlands, nederlandse, neerlandais, dutch, niederlandisch, n"),
    "fra": _words("fr, fra, fre, frans, franse, francais, francaise, french, franzosisch, f"),
    "deu": _words("de, du, deu, ger, duits, duitse, allemand, deutsch, german, d"),
    "eng": _words("en, eng, engels, engelse, anglais, english, englisch, gb, uk, e"),
}

LANGUAGE_TITLES = {"nld": "Dutch", "fra": "French", "deu": "German", "eng": "English"}

_NAMES = {
    "nld": _words(
        "omschrijving, naam, benaming, artikelnaam, artikelomschrijving, productnaam, productomschrijving, "
        "korte omschrijving, omschr, art omschrijving, omschrijving 1, naam artikel, naam product, artikel"
    ),
    "fra": _words(
        "libellé, désignation, nom, nom du produit, nom article, nom produit, libellé article, désignation article, "
        "libellé produit, intitulé, dénomination, libellé court, description courte, libellé commercial"
    ),
    "deu": _words("Bezeichnung, Artikelbezeichnung, Produktname, Artikelname, Produktbezeichnung, Kurztext"),
    "eng": _words(
        "name, product name, item name, item description, article name, product description, short description, title"
    ),
}
_DESCRIPTIONS = {
    "nld": _words(
        "lange omschrijving, beschrijving, uitgebreide omschrijving, webtekst, verkooptekst, commerciële tekst, "
        "productbeschrijving, extra omschrijving, omschrijving lang, omschrijving web"
    ),
    "fra": _words(
        "description longue, texte web, texte commercial, libellé long, description détaillée, descriptif"
    ),
    "deu": _words("Beschreibung, Langtext, Produktbeschreibung, Artikelbeschreibung"),
    "eng": _words("long description, web text, marketing text, extended description, full description"),
}
_WEAK_NAMES = {"nld": (), "fra": ("description",), "deu": (), "eng": ("description",)}
_WEAK_DESCRIPTIONS = {
    "nld": _words("omschrijving, omschrijving 2"),
    "fra": ("description",),
    "deu": ("Bezeichnung 2",),
    "eng": ("description", "description 2"),
}

#: Words for a name or a description in whatever language: a tag behind them decides (`Omschrijving FR`).
ANY_NAME = (*(word for words in _NAMES.values() for word in words), "description")
ANY_DESCRIPTION = tuple(word for words in _DESCRIPTIONS.values() for word in words)


def _texts() -> tuple[Field, ...]:
    names = (
        Field(
            f"name_{language}",
            f"{title} name",
            "text",
            _NAMES[language],
            f"What the article is called in {title}.",
            required=True,
            weak=_WEAK_NAMES[language],
            language=language,
            group="name",
        )
        for language, title in LANGUAGE_TITLES.items()
    )
    descriptions = (
        Field(
            f"description_{language}",
            f"{title} description",
            "text",
            _DESCRIPTIONS[language],
            f"The longer text in {title}.",
            weak=_WEAK_DESCRIPTIONS[language],
            language=language,
        )
        for language, title in LANGUAGE_TITLES.items()
    )
    return (*names, *descriptions)


TEXT_FIELDS = _texts()
