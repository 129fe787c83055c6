"""Words of which the stand-in of IB makes its suppliers and articles."""

from __future__ import annotations

COMPANIES = ("van_dalen_horeca", "polder_agf", "zuivel_noord", "bakkerij_lens", "dranken_west", "vis_en_meer")

BRANDS = ("Duinhof", "De Korenaar", "Waddengoud", "Lage Vuursche", "Hollands Erf", "Keukenmeester")

THINGS = (
    "Tomatenpuree",
    "Appelmoes",
    "Mosterd",
    "Jonge kaas",
    "Volkoren bloem",
    "Zonnebloemolie",
    "Sperziebonen",
    "Kippenbouillon",
    "Roomijs vanille",
    "Augurken zuur",
    "Spliterwten",
    "Limonadesiroop",
)

CONTENTS = ("250 g", "500 g", "1 kg", "2,5 kg", "1 l", "3 l", "10 kg")

#: Things that have nothing in common with food: what stands under an EAN that is at the wrong article.
OTHER_THINGS = (
    "Vuilniszakken zwart",
    "Bezemsteel hout",
    "Wc-papier",
    "Plumeau",
    "Kruk hoogpolig",
    "Gummihandschoen",
)

WAITING_TEXT = "Nieuwe receptuur, met minder zout."
