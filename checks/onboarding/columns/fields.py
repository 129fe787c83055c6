"""What an own file may have, and the headings that ERPs write over it in Dutch, French, English and German.

`ARTICLE_FIELDS` end as columns of `shapes.ARTICLES`, but for these: the names and descriptions in four languages go into
`texts`, and `content` (`6 x 330 ml` in one cell) is taken apart into numbers and unit. `CLIENT_FIELDS` are those of
`shapes.CLIENTS`. Which of them the shop insists on: guide, chapter 3.5 (own products) and 3.6 (clients).
"""

from __future__ import annotations

from checks.onboarding.columns.field import Field, Kind, words
from checks.onboarding.columns.of_articles import ARTICLE_FIELDS
from checks.onboarding.columns.of_clients import CLIENT_FIELDS

__all__ = ["ARTICLE_FIELDS", "CLIENT_FIELDS", "OTHER_WORDS", "Field", "Kind"]

#: Headings of what nobody here asks for. They are known, so that `Aankoopprijs` is not taken for a sales price.
OTHER_WORDS = words(
    "aankoopprijs, inkoopprijs, kostprijs, prix d'achat, prix achat, purchase price, cost price, cost, Einkaufspreis, EK, "
    "laatste aankoop, laatste verkoop, dernier achat, voorraad, stock, voorraad aantal, minimum voorraad, stock minimum, "
    "min stock, inventory, Lagerbestand, magazijn, magazijnlocatie, locatie, emplacement, location, entrepôt, warehouse, THT, "
    "DLC, DDM, houdbaarheid, shelf life, durée de vie, laatst gewijzigd, gewijzigd op, gewijzigd, date modification, "
    "created, aanmaakdatum, date création, marge, marge %, margin, winst, omzet, chiffre d'affaires, turnover, "
    "aantal verkocht, verkocht, rekening, grootboekrekening, compte, statistieknummer, intrastat, douanecode, code douane, "
    "herkomst, land van oorsprong, pays d'origine, origin, opmerking, opmerkingen, remarque, remarks, memo, notes, brutogewicht, "
    "bruto gewicht, poids brut, gross weight, palletaantal, aantal per pallet, par palette, per pallet, lengte, breedte, hoogte, "
    "foto, photo, image, afbeelding, url, accijns, accises, fost plus, leeggoed, vidange, recupel, adviesprijs, "
    "geblokkeerd, bloqué, blocked, gesperrt, inactief, inactif, inactive, inaktiv, niet actief, non actif, not active, disabled, "
    "uitgeschakeld, désactivé, uit assortiment, niet in assortiment, hors assortiment, niet online, offline, available, disponible, "
    "beschikbaar, leverbaar, lieferbar, verfügbar, livrable, bestelbaar, commandable, op voorraad, en stock, in stock, verkoopprijs incl btw, verkoopprijs incl, prix TVAC, "
    "prix TTC, prijs incl btw, allergenen, allergènes, ingrediënten, ingrédients, korting, remise, discount, kortingsgroep, "
    "leverancier nr, leveranciersnummer, n° fournisseur, supplier number, kostenplaats, aantal, quantité, quantity, datum"
)
