"""The fields of an article that are no texts, with the headings that ERPs write over them; see `checks.onboarding.columns.fields`."""

from __future__ import annotations

from checks.onboarding.columns.field import Field
from checks.onboarding.columns.field import words as _words
from checks.onboarding.columns.of_texts import TEXT_FIELDS

ARTICLE_FIELDS: tuple[Field, ...] = (
    Field(
        "article_number",
        "Article number",
        "code",
        _words(
            "artikelnr, artikelnummer, art nr, artikel nr, artikelcode, art code, artcode, artikel code, productcode, "
            "productnummer, code article, n° article, no article, numéro d'article, référence, réf, réf article, "
            "code produit, article number, article no, item number, item no, item code, sku, product code, "
            "Artikelnummer, Art Nr, wholesaler article number, intern nummer, intern artikelnummer, referentie"
        ),
        "Your own number of the article: unique, it never changes.",
        required=True,
        weak=_words("nummer, nr, code, numéro, number, artikel, article, item, id"),
    ),
    Field(
        "ean",
        "EAN",
        "gtin",
        _words(
            "EAN, EAN code, EANcode, EAN13, EAN nummer, EAN nr, GTIN, GTIN13, GTIN14, barcode, streepjescode, bar code, "
            "code barre, code barres, code à barres, code EAN, EAN stuk, Strichcode, EAN verkoopeenheid, barcode stuk, "
            "EAN artikel, gencod, UPC"
        ),
        "The code on what you sell: 8, 12, 13 or 14 digits.",
    ),
    Field(
        "unit_ean",
        "EAN of the piece inside",
        "gtin",
        _words(
            "EAN CE, EAN consumenteneenheid, EAN eenheid, EAN unit, unit EAN, EAN UC, EAN unité, EAN binnenverpakking, "
            "barcode eenheid, EAN basiseenheid, GTIN CE, EAN inner, EAN pièce, EAN inhoud"
        ),
        "The code of one piece, where you sell a box of them.",
    ),
    Field(
        "carton_ean",
        "EAN of the carton",
        "gtin",
        _words(
            "EAN doos, EAN colli, EAN omdoos, EAN karton, EAN VE, EAN TU, EAN HE, barcode doos, streepjescode doos, EAN carton, "
            "EAN colis, code barre carton, GTIN doos, GTIN carton, EAN case, case EAN, carton EAN, ITF14, DUN14, EAN14, "
            "EAN verpakking, EAN Karton, EAN handelseenheid, EAN box, barcode colli, EAN omverpakking"
        ),
        "The code of the box that the article is packed in.",
    ),
    *TEXT_FIELDS,
    Field(
        "brand",
        "Brand",
        "text",
        _words("merk, merknaam, marque, brand, brand name, Marke, merk omschrijving, nom marque"),
        "The brand's name as you write it.",
    ),
    Field(
        "producer",
        "Producer",
        "text",
        _words(
            "producent, fabrikant, producteur, fabricant, producer, manufacturer, Hersteller, producent naam"
        ),
        "Who makes it.",
    ),
    Field(
        "category",
        "Category",
        "text",
        _words(
            "productgroep, artikelgroep, categorie, catégorie, category, groep, subgroep, subgroup, famille, "
            "sous famille, groupe, groupe d'articles, groupe de produits, product group, item group, Warengruppe, "
            "Artikelgruppe, rubriek, rubrique, assortimentsgroep, familie, subcategorie, sous catégorie, productcategorie"
        ),
        "Your own product group.",
        weak=_words("hoofdgroep, afdeling, rayon, department"),
    ),
    Field(
        "supplier",
        "Supplier",
        "text",
        _words(
            "leverancier, leveranciersnaam, naam leverancier, fournisseur, nom fournisseur, supplier, supplier name, vendor, "
            "Lieferant, lev, hoofdleverancier, fournisseur principal"
        ),
        "Whom you buy it from.",
    ),
    Field(
        "supplier_code",
        "Supplier's article code",
        "code",
        _words(
            "art nr leverancier, artikelnummer leverancier, leveranciersartikelnummer, artikelcode leverancier, lev art nr, "
            "bestelnummer, bestelcode, ref leverancier, referentie leverancier, référence fournisseur, réf fournisseur, "
            "code fournisseur, code article fournisseur, supplier code, supplier article code, supplier item number, "
            "vendor item no, supplier reference, Lieferantenartikelnummer, artikelnr leverancier, lev artikelnr, "
            "leveranciersreferentie, artnr lev, code art fournisseur"
        ),
        "The number that your supplier gives the article.",
    ),
    Field(
        "storage_condition",
        "Storage",
        "text",
        _words(
            "bewaring, bewaarconditie, bewaarwijze, bewaarcondities, conservation, mode de conservation, "
            "condition de conservation, storage, storage condition, Lagerung, temperatuurzone, temperatuurklasse, "
            "stockage, bewaartype, température, temperatuur, temperature"
        ),
        "Dry, cool or frozen.",
    ),
    Field(
        "content",
        "Content in one cell",
        "content",
        _words(
            "inhoud, netto inhoud, inhoudsomschrijving, verpakkingsinhoud, formaat, contenu, contenance, contenu net, "
            "content, net content, size, pack size, Inhalt"
        ),
        "Amount and unit together, like `6 x 330 ml` or `500 gr`.",
        weak=_words("verpakking, conditionnement, conditioning, packaging, Gebinde"),
    ),
    Field(
        "total_content",
        "Content, the number",
        "number",
        _words(
            "inhoud aantal, inhoud hoeveelheid, nettogewicht, netto gewicht, poids net, net weight, total content, "
            "quantité contenu, hoeveelheid inhoud, nettoinhoud getal, Füllmenge, inhoud getal, volume, net content amount"
        ),
        "Only the number of the content; its unit stands in another column.",
        weak=_words("inhoud, contenu, content, contenance, Inhalt, gewicht, poids, weight, hoeveelheid"),
    ),
    Field(
        "content_type",
        "Content, the unit",
        "text",
        _words(
            "inhoud eenheid, eenheid inhoud, inhoudseenheid, unité de contenu, unité contenu, content unit, content type, "
            "Inhaltseinheit, meeteenheid, unité de mesure, unit of measure, UOM, inhoudsmaat, gewichtseenheid, maat"
        ),
        "g, kg, cl, l, pieces ...",
    ),
    Field(
        "multiplier_amount",
        "How many times the content",
        "number",
        _words(
            "multiplier, vermenigvuldiger, aantal inhoud, aantal in verpakking, aantal per verpakking, multiplicateur, "
            "multiplier amount, aantal binnenin, nombre par emballage"
        ),
        "The 6 of `6 x 330 ml`.",
    ),
    Field(
        "multiplier_type",
        "Unit of how many times",
        "text",
        _words("multiplier type, eenheid multiplier, unité multiplicateur, multiplier unit"),
        "What there are six of: bottles, pieces ...",
    ),
    Field(
        "unit_sales_price",
        "Sales unit",
        "text",
        _words(
            "verkoopeenheid, eenheid verkoop, eenheid verkoopprijs, prijseenheid, eenheid, unité de vente, unité vente, unité, "
            "UV, VE, sales unit, selling unit, unit sales price, price unit, Verkaufseinheit, Einheit, VK Einheit, EH, "
            "verk eenheid, prijs per"
        ),
        "What the price is for: piece, kg, box ...",
        weak=_words("unit"),
    ),
    Field(
        "amount_of_units",
        "Units in the carton",
        "integer",
        _words(
            "aantal per doos, aantal in doos, stuks per doos, aantal per colli, colli inhoud, doosinhoud, aantal stuks, "
            "aantal per karton, nombre par carton, pièces par carton, unités par carton, PCB, colisage, units per case, "
            "units per carton, case size, pieces per box, Stück pro Karton, amount of units, inhoud doos, inhoud colli, "
            "aantal CE, aantal eenheden, qté par carton"
        ),
        "How many pieces a box holds.",
    ),
    Field(
        "vat_percentage",
        "VAT %",
        "percentage",
        _words(
            "BTW, BTW %, BTW percentage, BTW tarief, BTW pct, TVA, TVA %, taux TVA, taux de TVA, VAT, VAT %, VAT rate, "
            "VAT percentage, MwSt, MwSt Satz, USt"
        ),
        "0, 6, 12 or 21.",
        weak=_words("BTW code, code TVA, VAT code"),
    ),
    Field(
        "sales_price",
        "Sales price",
        "number",
        _words(
            "verkoopprijs, verkoopprijs excl btw, verkoopprijs excl, verkpr, verk prijs, prijs excl btw, prix de vente, "
            "prix de vente HTVA, prix vente, prix HTVA, prix HT, sales price, selling price, list price, sales price list, "
            "Verkaufspreis, VK, VK prijs, VKP, catalogusprijs, lijstprijs, prix catalogue, basisprijs, PV, prijzen verkoop, "
            "brutoprijs, tarif"
        ),
        "The list price without VAT, in euro.",
        weak=_words("prijs, prix, price, Preis, tarief"),
    ),
    Field(
        "promo_price",
        "Promotion price",
        "number",
        _words(
            "actieprijs, promoprijs, promotieprijs, prijs promo, prijs actie, prix promo, prix promotion, prix action, "
            "prix promotionnel, promo price, promotion price, Aktionspreis, special price, prijzen actie, prijzen promo"
        ),
        "The price while a promotion runs.",
        weak=_words("promo, actie, promotie"),
    ),
    Field(
        "promo_from",
        "Promotion from",
        "date",
        _words(
            "actie van, actie vanaf, promo van, promo vanaf, promotie van, begin actie, startdatum actie, actie start, "
            "promo du, début promo, début promotion, promo from, promotion from, promo start, Aktion von, Aktion ab, "
            "startdatum promo, begindatum promo, begindatum actie, promo début"
        ),
        "The first day of the promotion.",
    ),
    Field(
        "promo_until",
        "Promotion until",
        "date",
        _words(
            "actie tot, actie t/m, promo tot, promo t/m, promotie tot, einde actie, einddatum actie, actie einde, promo au, "
            "fin promo, fin promotion, promo until, promotion until, promo end, promo to, Aktion bis, einddatum promo, "
            "promo fin, actie eind"
        ),
        "The last day of the promotion.",
    ),
    Field(
        "active",
        "Active",
        "flag",
        _words(
            "actief, active, actif, aktiv, in assortiment, in gebruik, webshop, online, actief j n, enabled"
        ),
        "Is it sold?",
        weak=_words("status, statut"),
    ),
    Field(
        "on_order",
        "On order",
        "flag",
        _words("op bestelling, bestelartikel, sur commande, on order, auf Bestellung, enkel op bestelling"),
        "Only bought in when a client orders it?",
    ),
    Field(
        "order_quantity",
        "Order quantity",
        "number",
        _words(
            "bestelhoeveelheid, minimum bestelhoeveelheid, min bestelling, minimum afname, quantité de commande, "
            "quantité minimum, order quantity, minimum order quantity, MOQ, Mindestbestellmenge, besteleenheid aantal, "
            "qté min commande, bestelveelvoud"
        ),
        "The least that a client can order.",
    ),
    Field(
        "temporarily_unavailable",
        "Temporarily unavailable",
        "flag",
        _words(
            "tijdelijk niet leverbaar, tijdelijk onbeschikbaar, temporairement indisponible, temporarily unavailable, "
            "niet leverbaar, indisponible, tijdelijk uit voorraad, vorübergehend nicht lieferbar, rupture, onbeschikbaar, "
            "niet beschikbaar, non disponible, pas disponible, unavailable, not available, nicht lieferbar"
        ),
        "Not to be had for now?",
    ),
)
