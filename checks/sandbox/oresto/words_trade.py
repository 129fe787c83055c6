"""The names around the products: brands, producers, suppliers, clients, towns and people. All invented but the towns."""

from __future__ import annotations


def _names(text: str) -> list[str]:
    return text.split(";")


#: Category (empty: any) -> brands. A family takes those of the deepest of its categories that stands here.
BRANDS: dict[str, str] = {
    "": (
        "De Polderboer;Maison Lambrecq;Ardenel;Brasvar;Molenhof;Duinroos;Schelderijk;Leievelden;Demervallei;Hagelander;Kempengoud;"
        "Dijlemeers;Le Petit Semois;Val de Lesse;Haute Lienne;Famennoise;Bocage & Fils;Tournaisis Gourmand;Hesbaye Saveurs;"
        "La Table d'Émile;Chez Margot;Tante Paulien;Bompa Jef;Moeder Lieve;De Gouden Pollepel;Chef Van Hove;Cuisine Delvaux;"
        "Gastronel;Horecrest;ProChefs;Kookmeester;Keukenkring;Bistronoom"
    ),
    "Diepvries": "IJsparel;Glacier Mosan;Friscanord;Vrieswind;Poolster Foods;Arcticus;Sneeuwklok;Noordkaap;Frietkot Royal",
    "Zuivel en eieren": "Zuivelhoek;Melkerij Sint-Rochus;Kaasmakerij Ter Duinen;Laiterie des Tilleuls;Roomwegel;Karnhof;Meetjes Hoeve",
    "Dranken": "Bronnie;Source Fagnarde;Sprankel;Pomona Vergers;Limonaderie Sainte-Barbe",
    "Bieren": "Brouwerij De Drie Torens;Brasserie du Val Gris;Hopduvelse;Gistkelder;Abdij Ter Lo",
    "Wijnen": "Wijnhuis Corbeau;Domaine de Sarpont;Clos des Bruyères;Kelder Nummer Negen",
    "Koffie en thee": "Koffiebranderij Mokaland;Café Ravel;Theehuis Lotus & Linde;Brûlerie Centrale",
    "Droge voeding": "Molens Vandeputte;Deegmeester;Conserva Mosana;Soepkom;Voorraadkast;Grossel",
    "Sauzen en oliën": "Saus & Zoon;Mayonella;Olijfgaard;Moutarderie Lenoir",
    "Kruiden en bouillon": "Kruidenier Saffraan;Spécerie;Bouillonneur",
    "Bakgrondstoffen": "Molens Vandeputte;Suikerhuis;Chocolaterie Pralinto;Farinel",
    "Zoet en zout": "Speculo;Chocolaterie Pralinto;Koekentrommel;Biscuiterie Delacroix",
    "Groenten en fruit": "Groentenrijk;Witloofkwekerij Boon;Tuinderij Vermeersch;Haspengaard;Fruitkorf;Den Tuinman;Pajotterie",
    "Vlees en gevogelte": "Slagershof;Boucherie Lavigne;Wit-Blauw Select;Pluimhoeve;Charcuterie Marchal;Hamrokerij Bastin;Ferme du Condroz",
    "Vis vers": "Zeehoeve;Kustgoud;Visserij Neptunia;Oesterbank;Criée d'Or;Zilverspiering;Mosselhuis Philippine",
    "Brood en banket": "Boulangerie Florent;Bakkerij Roggehoek;Banketta;Pâtisserie Colinet;Ovenvers;Deegwinkel",
    "Kant-en-klaar": "Traiteurkwartier;Soepkom Vers;Veggora;Plantaardig Ten Bos;Grootvaders Keuken;Ourtheline",
    "Non-food": "Propre & Net;Blinkhuis;Servetta;Verpakkr;Aluchef;Papyrel",
}

#: Category -> producers, in the same way.
PRODUCERS: dict[str, str] = {
    "Diepvries": "Vrieshuis Lambrecht NV;Noordzee Diepvries BV;Surgelés de la Sambre SA",
    "Aardappelproducten": "Aardappelbedrijf Westkust NV;Pommes de Terre Hesbaye SA",
    "Roomijs en desserts": "Glacier Mosan SRL;IJsfabriek Parel NV",
    "Zuivel en eieren": "Zuivelfabriek Demerdal CV;Laiterie Coopérative des Ardennes SC",
    "Kaas": "Kaasmakerij Ter Duinen CV;Fromagerie du Plateau SC",
    "Eieren": "Eierhandel Kempen BV",
    "Dranken": "Embouteillage Fagnes SA;Sapfabriek Haspengaard CV",
    "Bieren": "Brouwerij De Drie Torens NV;Brasserie du Val Gris SA",
    "Wijnen": "Wijnimport Corbeau BV;Domaine de Sarpont SRL",
    "Koffie en thee": "Koffiebranderij Mokaland BV;Brûlerie Centrale SA",
    "Droge voeding": "Conserverie Hesbignonne SA;Molens van de Leie NV;Voorraad & Co NV",
    "Sauzen en oliën": "Sauzenfabriek Verhelst NV;Huilerie Saint-Hubert SA",
    "Kruiden en bouillon": "Kruidenhuis Antverpia BV",
    "Bakgrondstoffen": "Molens van de Leie NV;Suikerraffinaderij Tiens NV;Chocolaterie Pralinto NV",
    "Zoet en zout": "Chocolaterie Pralinto NV;Biscuiterie Delacroix SA",
    "Groenten en fruit": "Fruitveiling Haspengaard CV;Tuinbouw Sint-Katelijne BV;Snijgroenten Demuynck NV",
    "Vlees en gevogelte": "Slachthuis Torhoutse Poort NV;Viandes du Condroz SA;Pluimvee Kempen BV;Charcuteries Marchal SA",
    "Vis vers": "Noordzee Visverwerking BV;Rokerij Neptunia BV;Oesterputten Oostende BV",
    "Brood en banket": "Boulangerie Industrielle du Hainaut SA;Ovens Vandewalle NV",
    "Kant-en-klaar": "Traiteur Van Hove BV;Plats Cuisinés du Brabant SA;Veggora Foods BV",
    "Non-food": "Papierwaren Servetta NV;Emballages Verpakkr BV;Hygiène Propre SA",
}

#: Category (empty: any) -> suppliers, in the same way.
SUPPLIERS: dict[str, str] = {
    "": "Groothandel Deconinck NV;Sobelvia SA;Horeca Import Antwerpen NV;Ardenne Gourmande SC;Gastro Sélection SA;Polderdistributie BV;Cash Alimentaire Namur SA",
    "Diepvries": "Vriesland Distributie BV;Delta Frozen Logistics NV",
    "Zuivel en eieren": "Zuivelunie Vlaanderen CV",
    "Dranken": "Drankenhandel Verstraete BV;Boissons du Borinage SA",
    "Droge voeding": "Belgo Épices SA;Italimport BV;Ibérica Foods SA;Orient Trading Brussel BV",
    "Groenten en fruit": "Veiling Roeselare CV;Fruithandel Peeters NV;Bio Connect CV",
    "Vlees en gevogelte": "Centrale Viandes Liège SA;Vleesgroothandel Delva NV",
    "Vis vers": "Marée Fraîche Zeebrugge NV;Vismijn Direct BV",
    "Brood en banket": "Bakkerijservice Pauwels BV",
    "Non-food": "Papier & Pack NV;Propre Distribution SA",
}

SEGMENTS = (
    "Restaurant",
    "Brasserie en café",
    "Frituur",
    "Hotel",
    "Traiteur",
    "Grootkeuken",
    "School",
    "Rusthuis",
    "Bakkerij",
    "Evenementen",
)

#: Postal code, town, province.
TOWNS = (
    ("8400", "Oostende", "West-Vlaanderen"),
    ("8000", "Brugge", "West-Vlaanderen"),
    ("8500", "Kortrijk", "West-Vlaanderen"),
    ("8800", "Roeselare", "West-Vlaanderen"),
    ("8670", "Koksijde", "West-Vlaanderen"),
    ("8900", "Ieper", "West-Vlaanderen"),
    ("9000", "Gent", "Oost-Vlaanderen"),
    ("9300", "Aalst", "Oost-Vlaanderen"),
    ("9100", "Sint-Niklaas", "Oost-Vlaanderen"),
    ("9700", "Oudenaarde", "Oost-Vlaanderen"),
    ("2000", "Antwerpen", "Antwerpen"),
    ("2800", "Mechelen", "Antwerpen"),
    ("2300", "Turnhout", "Antwerpen"),
    ("3000", "Leuven", "Vlaams-Brabant"),
    ("1500", "Halle", "Vlaams-Brabant"),
    ("3500", "Hasselt", "Limburg"),
    ("3700", "Tongeren", "Limburg"),
    ("1000", "Brussel", "Brussel"),
    ("1050", "Elsene", "Brussel"),
    ("1300", "Wavre", "Brabant wallon"),
    ("5000", "Namur", "Namur"),
    ("5500", "Dinant", "Namur"),
    ("6900", "Marche-en-Famenne", "Luxembourg"),
    ("6600", "Bastogne", "Luxembourg"),
    ("4000", "Liège", "Liège"),
    ("4900", "Spa", "Liège"),
    ("7000", "Mons", "Hainaut"),
    ("7500", "Tournai", "Hainaut"),
    ("6000", "Charleroi", "Hainaut"),
)

STREETS_NL = _names(
    "Stationsstraat;Kerkstraat;Grote Markt;Zeedijk;Vismijnlaan;Molenstraat;Nieuwpoortsesteenweg;Leopoldlaan;Vaartkaai;Lindelaan"
)
STREETS_FR = _names(
    "Rue de la Station;Place du Marché;Rue de l'Église;Avenue Léopold;Quai de Meuse;Chaussée de Bruxelles;Rue des Tanneurs"
)
WALLOON = ("Namur", "Luxembourg", "Liège", "Hainaut", "Brabant wallon")

HOUSES_NL = _names(
    "Brasserie {};Frituur {};Restaurant {};Hotel {};Eetcafé {};Taverne {};Bistro {};Feestzaal {};Traiteur {};Tearoom {};Rusthuis {};Basisschool {}"
)
HOUSES_FR = _names(
    "Brasserie {};Friterie {};Restaurant {};Hôtel {};Taverne {};Bistro {};Traiteur {};Salle {};Résidence {};École {}"
)
SIGNS_NL = _names(
    "De Gouden Leeuw;'t Hoekske;De Zeemeermin;Den Engel;De Oude Vismijn;Het Dorpsplein;In 't Groen;De Kaai;De Rozenkrans;Ter Linden;"
    "De Zwaan;Bij Maurice;'t Verschil;De Werf;Sint-Jozef;De Vlindertuin;Het Anker;De Smidse;De Pastorij;'t Kasteeltje;De Waterput;De Ploeg"
)
SIGNS_FR = _names(
    "Chez Lucienne;Le Vieux Moulin;Au Coin du Feu;Les Tilleuls;La Citadelle;Le Pont des Ardennes;Saint-Hubert;Chez Gaston;Les Trois Clés;"
    "Le Relais;La Glycine;Du Perron;L'Écluse;Le Beffroi;Sainte-Anne;Les Hirondelles"
)

FIRST_NAMES = _names(
    "Lieve;Wim;An;Pieter;Katrien;Bart;Sofie;Joris;Greet;Koen;Hilde;Stijn;Nathalie;Luc;Christine;Benoît;Isabelle;Thierry;Valérie;Olivier;"
    "Fatima;Mehmet;Elif;Youssef;Ilse;Dirk;Marleen;Geert;Amélie;Julien"
)
LAST_NAMES = _names(
    "Peeters;Janssens;Maes;Jacobs;Willems;Claes;Goossens;Wouters;De Smet;Vermeulen;Van Damme;Desmet;Dubois;Lambert;Dupont;Simon;Leroy;"
    "Renard;Collard;Vandenberghe;Declercq;Lejeune;Yilmaz;El Amrani;Coppens;Verhaegen;Martens;Hermans;Gérard;Noël"
)

REMARKS = (
    "Leveren voor 10 uur via de achterdeur",
    "Graag bellen bij aankomst",
    "Livrer avant 9 h, merci",
    "Pas de livraison le lundi",
    "Bakken van vorige keer meenemen aub",
    "Attention, travaux dans la rue",
)
INFORMATION = (
    (
        "Tijdelijk niet leverbaar, verwacht tegen volgende week",
        "Momentanément indisponible, attendu la semaine prochaine",
    ),
    ("Nieuwe verpakking, zelfde recept", "Nouvel emballage, même recette"),
    ("Op bestelling, levertijd 3 werkdagen", "Sur commande, délai de 3 jours ouvrables"),
)
PROMO_TEXTS = (
    ("Actie van de maand", "Action du mois"),
    ("2 dozen = 5 % extra", "2 cartons = 5 % de remise en plus"),
    ("Seizoensaanbieding", "Offre de saison"),
)
