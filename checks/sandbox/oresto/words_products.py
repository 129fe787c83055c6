"""What a Belgian food wholesaler sells, in Dutch and French: the category tree with the families of products in it.

The tree is text, because it reads like a price list. Two blanks a level; `Dutch / French` everywhere:

- a category: `Diepvries / Surgelés`;
- a category that holds products adds `| storage condition | VAT | sizes | euro per kg, litre or piece | variants`;
- a line that starts with `-` lists the families of the category above it, separated by `;`.
"""

from __future__ import annotations

TREE = """
Diepvries / Surgelés
  Vis en zeevruchten / Poissons et fruits de mer
    Zeekroketten / Croquettes de la mer | V | 6 | portions | 11-19 | craft
      - Garnalenkroketten / Croquettes aux crevettes; Viskroketten / Croquettes de poisson; Kreeftkroketten / Croquettes de homard; Zalmkroketten / Croquettes de saumon
    Visfilets / Filets de poisson | V | 6 | fillets | 9-24 | fish
      - Kabeljauwhaasjes / Dos de cabillaud; Zalmfilet met vel / Filet de saumon avec peau; Koolvisfilet / Filet de lieu noir; Tongfilets / Filets de sole; Pangasiusfilet / Filet de pangasius
    Garnalen en schelpdieren / Crevettes et coquillages | V | 6 | shellfish | 8-26 | fish
      - Scampi 16-20 gepeld / Scampis 16-20 décortiqués; Sint-Jakobsvruchten / Noix de Saint-Jacques; Inktvisringen / Anneaux de calamar; Mosselvlees / Chair de moules
  Aardappelproducten / Produits de pommes de terre
    Frieten / Frites | V | 6 | fries | 1.4-3.2 | cut
      - Verse frieten / Frites fraîches; Steakhousefrieten / Frites steakhouse; Zoete-aardappelfrieten / Frites de patate douce; Boerenfrieten / Frites de campagne
    Kroketten en puree / Croquettes et purée | V | 6 | fries | 2.1-4.4 | craft
      - Aardappelkroketten / Croquettes de pommes de terre; Pommes duchesse / Pommes duchesse; Aardappelpuree / Purée de pommes de terre; Rösti rond / Rösti rond
  Snacks en hapjes / Snacks et amuse-bouches
    Frituursnacks / Snacks pour friterie | V | 6 | pieces | 4-9 | hot
      - Frikandellen / Fricadelles; Bitterballen met rundvlees / Bitterballen au boeuf; Kaaskroketten / Croquettes au fromage; Kipnuggets / Nuggets de poulet; Loempia's met groenten / Loempias aux légumes
    Aperitiefhapjes / Bouchées apéritives | V | 6 | bites | 9-18 | craft
      - Mini-pizza's / Mini-pizzas; Mini-quiches / Mini-quiches; Bladerdeeghapjes / Feuilletés apéritifs; Kaasballetjes / Boulettes de fromage
  Groenten en fruit diepvries / Légumes et fruits surgelés
    Diepvriesgroenten / Légumes surgelés | V | 6 | bags | 1.6-4.2 | cut
      - Spinazie in porties / Épinards en portions; Boontjes extra fijn / Haricots extra-fins; Spruitjes / Choux de Bruxelles; Erwten en wortelen / Petits pois et carottes; Wokgroenten / Légumes pour wok
    Diepvriesfruit / Fruits surgelés | V | 6 | bags | 3.5-8 | plain
      - Frambozen heel / Framboises entières; Rodevruchtenmengeling / Mélange de fruits rouges; Mangoblokjes / Dés de mangue
  Roomijs en desserts / Glaces et desserts
    Roomijs / Crème glacée | V | 6 | icecream | 2.8-6 | plain
      - Vanille-ijs / Glace vanille; Chocolade-ijs / Glace chocolat; Mokka-ijs / Glace moka; Aardbeiensorbet / Sorbet fraise; Citroensorbet / Sorbet citron
    Diepvriesgebak / Pâtisserie surgelée | V | 6 | cakes | 6-14 | craft
      - Moelleux met chocolade / Moelleux au chocolat; Appeltaart / Tarte aux pommes; Rijsttaart / Tarte au riz; Tiramisu in glas / Tiramisu en verrine
Zuivel en eieren / Produits laitiers et oeufs
  Melk en room / Lait et crème
    Melk / Lait | K | 6 | litres | 0.9-1.7 | milk
      - Volle melk / Lait entier; Halfvolle melk / Lait demi-écrémé; Magere melk / Lait écrémé; Karnemelk / Lait battu
    Room / Crème | K | 6 | litres | 3-5.8 | plain
      - Slagroom 35 % / Crème à fouetter 35 %; Kookroom 20 % / Crème culinaire 20 %; Zure room / Crème aigre; Crème fraîche / Crème fraîche épaisse
  Kaas / Fromages
    Kaas in plakken / Fromages en tranches | K | 6 | slices | 7-14 | cheese
      - Jonge gouda / Gouda jeune; Belegen gouda / Gouda affiné; Emmentaler / Emmental; Abdijkaas / Fromage d'abbaye
    Kaas aan het stuk / Fromages à la coupe | K | 6 | cheeses | 9-22 | cheese
      - Brugse boerenkaas / Fromage fermier de Bruges; Passendaler wiel / Meule de Passendale; Blauwe schimmelkaas / Fromage bleu; Geitenkaas op stro / Chèvre sur paille; Parmezaan / Parmesan
    Geraspte kaas / Fromages râpés | K | 6 | bags | 6-12 | plain
      - Geraspte emmentaler / Emmental râpé; Mozzarella geraspt / Mozzarella râpée; Gratinkaas / Fromage à gratin
  Yoghurt en desserts / Yaourts et desserts
    Yoghurt / Yaourts | K | 6 | pots | 2-4.4 | dairy
      - Yoghurt natuur / Yaourt nature; Griekse yoghurt / Yaourt à la grecque; Fruityoghurt / Yaourt aux fruits; Plattekaas / Fromage blanc
    Zuiveldesserts / Desserts lactés | K | 6 | pots | 3-6 | plain
      - Chocomousse / Mousse au chocolat; Rijstpap / Riz au lait; Crème brûlée / Crème brûlée; Vanillepudding / Flan vanille
  Boter en margarine / Beurre et margarine | K | 6 | butter | 6-11 | dairy
    - Hoeveboter / Beurre de ferme; Roomboter / Beurre de laiterie; Bak- en braadmargarine / Margarine de cuisson; Boterporties / Portions de beurre
  Eieren / Oeufs | K | 6 | eggs | 0.18-0.34 | eggs
    - Scharreleieren M / Oeufs au sol M; Eieren van vrije uitloop L / Oeufs plein air L; Kwarteleitjes / Oeufs de caille
Dranken / Boissons
  Waters en frisdranken / Eaux et limonades
    Water / Eaux | D | 6 | bottles | 0.4-1.1 | water
      - Bronwater / Eau de source; Mineraalwater bruisend / Eau minérale pétillante; Mineraalwater licht bruisend / Eau minérale légèrement pétillante
    Frisdranken / Limonades | D | 6 | bottles | 1.1-2.4 | soft
      - Cola / Cola; Limonade citroen / Limonade au citron; Ice tea perzik / Thé glacé pêche; Tonic / Tonic; Gemberbier zonder alcohol / Ginger beer sans alcool
  Fruitsappen / Jus de fruits | D | 6 | bottles | 1.6-3.6 | juice
    - Appelsap troebel / Jus de pomme trouble; Sinaasappelsap / Jus d'orange; Tomatensap / Jus de tomate; Perensap / Jus de poire
  Bieren / Bières
    Pils en tafelbier / Pils et bières de table | D | 21 | beers | 1.8-3 | plain
      - Pils / Pils; Tafelbier blond / Bière de table blonde; Pils alcoholvrij / Pils sans alcool
    Speciaalbieren / Bières spéciales | D | 21 | beers | 3.4-7 | plain
      - Tripel / Triple; Dubbel bruin / Double brune; Saison / Saison; Oude geuze / Vieille gueuze; Witbier / Bière blanche; Kriek / Kriek
  Wijnen / Vins | D | 21 | wines | 5-16 | wine
    - Huiswijn rood / Vin maison rouge; Huiswijn wit / Vin maison blanc; Rosé de Provence / Rosé de Provence; Cava brut / Cava brut; Muscadet / Muscadet
  Koffie en thee / Café et thé
    Koffie / Café | D | 6 | coffee | 9-19 | coffee
      - Koffiebonen espresso / Café en grains espresso; Gemalen koffie dessert / Café moulu dessert; Koffiepads mild / Dosettes de café doux; Decafé gemalen / Décaféiné moulu
    Thee en infusies / Thés et infusions | D | 6 | tea | 45-110 | plain
      - Groene thee / Thé vert; Zwarte thee / Thé noir; Muntthee / Infusion à la menthe; Kamille-infusie / Infusion de camomille; Rozenbottelthee / Infusion d'églantier
Droge voeding / Épicerie
  Deegwaren en rijst / Pâtes et riz
    Deegwaren / Pâtes | D | 6 | dry | 1.4-4.2 | pasta
      - Spaghetti / Spaghetti; Penne / Penne; Tagliatelle / Tagliatelles; Lasagnevellen / Feuilles de lasagne; Macaroni / Macaronis
    Rijst en granen / Riz et céréales | D | 6 | dry | 1.6-4.8 | grain
      - Langkorrelrijst / Riz long grain; Basmatirijst / Riz basmati; Risottorijst / Riz pour risotto; Bulgur / Boulgour; Couscous / Couscous; Quinoa / Quinoa
  Conserven / Conserves
    Groenteconserven / Légumes en conserve | D | 6 | cans | 1.2-3.6 | plain
      - Gepelde tomaten / Tomates pelées; Maïskorrels / Maïs en grains; Champignons in schijfjes / Champignons émincés; Kikkererwten / Pois chiches; Witte bonen in tomatensaus / Haricots blancs sauce tomate
    Visconserven / Conserves de poisson | D | 6 | cans | 6-14 | oil
      - Tonijnstukken / Thon en morceaux; Sardines / Sardines; Makreelfilets / Filets de maquereau; Ansjovisfilets / Filets d'anchois
    Fruitconserven / Fruits au sirop | D | 6 | cans | 1.8-3.8 | plain
      - Perziken op siroop / Pêches au sirop; Ananasschijven / Tranches d'ananas; Appelmoes / Compote de pommes
  Sauzen en oliën / Sauces et huiles
    Koude sauzen / Sauces froides | D | 6 | buckets | 2.2-5 | sauce
      - Mayonaise / Mayonnaise; Tartaarsaus / Sauce tartare; Cocktailsaus / Sauce cocktail; Andalousesaus / Sauce andalouse; Looksaus / Sauce à l'ail; Samoeraisaus / Sauce samouraï
    Warme sauzen / Sauces chaudes | D | 6 | buckets | 3-7 | sauce
      - Bolognesesaus / Sauce bolognaise; Currysaus / Sauce curry; Pepersaus / Sauce au poivre; Béarnaisesaus / Sauce béarnaise; Stoofvleessaus / Sauce carbonade
    Oliën en azijn / Huiles et vinaigres | D | 6 | oils | 2-9 | plain
      - Olijfolie extra vierge / Huile d'olive vierge extra; Zonnebloemolie / Huile de tournesol; Frituurolie / Huile de friture; Witte wijnazijn / Vinaigre de vin blanc; Balsamicoazijn / Vinaigre balsamique
  Kruiden en bouillon / Épices et bouillons
    Kruiden en specerijen / Épices | D | 6 | spices | 9-34 | spice
      - Zwarte peper / Poivre noir; Paprikapoeder / Paprika doux; Nootmuskaat / Noix de muscade; Provençaalse kruiden / Herbes de Provence; Kerriepoeder / Poudre de curry
    Bouillons en fonds / Bouillons et fonds | D | 6 | spices | 6-15 | sauce
      - Groentebouillon / Bouillon de légumes; Kippenbouillon / Bouillon de poule; Visfond / Fond de poisson; Kalfsfond / Fond de veau
  Bakgrondstoffen / Produits de boulangerie
    Bloem en suiker / Farine et sucre | D | 6 | dry | 0.8-2.2 | grain
      - Tarwebloem / Farine de froment; Speltmeel / Farine d'épeautre; Kristalsuiker / Sucre cristallisé; Bruine suiker / Sucre brun; Poedersuiker / Sucre impalpable
    Chocolade en vullingen / Chocolat et fourrages | D | 6 | dry | 6-13 | plain
      - Pure chocolade druppels / Gouttes de chocolat noir; Melkchocolade callets / Chocolat au lait en callets; Pralinévulling / Fourrage praliné; Amandelschilfers / Amandes effilées
  Zoet en zout / Sucré et salé
    Koeken en wafels / Biscuits et gaufres | D | 6 | snacks | 5-12 | sweet
      - Speculoos / Spéculoos; Luikse wafels / Gaufres de Liège; Boterwafels / Gaufres au beurre; Frangipane / Frangipanes; Cuberdons / Cuberdons
    Chips en noten / Chips et noix | D | 6 | snacks | 6-15 | salty
      - Chips / Chips; Borrelnoten / Cacahuètes enrobées; Cashewnoten / Noix de cajou; Popcorn / Popcorn
    Broodbeleg en ontbijt / Tartinables et petit-déjeuner | D | 6 | jars | 4-10 | plain
      - Aardbeienconfituur / Confiture de fraises; Honing / Miel; Chocopasta / Pâte à tartiner au chocolat; Luikse siroop / Sirop de Liège; Muesli / Muesli
Groenten en fruit / Fruits et légumes
  Verse groenten / Légumes frais
    Bladgroenten / Légumes-feuilles | K | 6 | fresh | 2-6 | origin
      - Grondwitloof / Chicon de pleine terre; Veldsla / Mâche; Rucola / Roquette; Kropsla / Laitue pommée; Jonge spinazie / Pousses d'épinards
    Wortel- en knolgroenten / Légumes-racines | K | 6 | fresh | 0.8-2.6 | origin
      - Wortelen gewassen / Carottes lavées; Knolselder / Céleri-rave; Pastinaak / Panais; Rode biet gekookt / Betterave rouge cuite; Bintje aardappelen / Pommes de terre Bintje
    Vruchtgroenten / Légumes-fruits | K | 6 | fresh | 1.8-5 | origin
      - Trostomaten / Tomates grappe; Komkommer / Concombre; Paprika rood / Poivron rouge; Courgette / Courgette; Aubergine / Aubergine
  Vers fruit / Fruits frais
    Hard fruit / Fruits à pépins | K | 6 | fresh | 1.4-3.2 | origin
      - Jonagold appelen / Pommes Jonagold; Conferenceperen / Poires Conférence; Boskoop appelen / Pommes Boskoop
    Zacht fruit / Petits fruits | K | 6 | punnets | 7-18 | origin
      - Aardbeien / Fraises; Frambozen / Framboises; Blauwe bessen / Myrtilles; Kersen / Cerises
  Gesneden en bereid / Découpés et préparés | K | 6 | bags | 3-8 | cut
    - Slamix / Mélange de salades; Soepgroenten / Légumes pour potage; Ui in blokjes / Oignons en dés; Fruitsalade / Salade de fruits
Vlees en gevogelte / Viandes et volailles
  Rund en kalf / Boeuf et veau
    Rundvlees / Boeuf | K | 6 | meat | 10-32 | meat
      - Entrecôte / Entrecôte; Stoofvlees / Carbonades; Américain natuur / Américain nature; Rundsburger / Burger de boeuf; Côte à l'os / Côte à l'os
    Kalfsvlees / Veau | K | 6 | meat | 16-36 | meat
      - Kalfsgebraad / Rôti de veau; Kalfsblanquette / Blanquette de veau; Osso buco / Osso buco
  Varken en lam / Porc et agneau
    Varkensvlees / Porc | K | 6 | meat | 6-14 | meat
      - Varkenshaasje / Filet mignon de porc; Spiering kotelet / Côtelette au spiering; Braadworst / Saucisse de campagne; Ribbetjes gemarineerd / Travers marinés; Spek in blokjes / Lardons
    Lamsvlees / Agneau | K | 6 | meat | 14-30 | meat
      - Lamskroon / Carré d'agneau; Lamsbout zonder been / Gigot désossé; Merguez / Merguez
  Gevogelte / Volailles | K | 6 | meat | 5-16 | meat
    - Kippenfilet / Filet de poulet; Kippenbout / Cuisse de poulet; Kalkoengebraad / Rôti de dinde; Eendenborst / Magret de canard; Parelhoenfilet / Suprême de pintade
  Charcuterie en bereide vleeswaren / Charcuterie
    Ham en worst / Jambons et saucissons | K | 6 | slices | 8-24 | charcuterie
      - Gekookte ham / Jambon cuit; Ardense ham / Jambon d'Ardenne; Kippenwit / Blanc de poulet; Salami / Salami; Boulogne paardenworst / Saucisson de Boulogne
    Paté en salades / Pâtés et salades | K | 6 | tubs | 5-13 | charcuterie
      - Ardense paté / Pâté d'Ardenne; Boerenpaté / Pâté de campagne; Vleessalade / Salade de viande; Kip-currysalade / Salade poulet-curry
Vis vers / Poissons frais
  Hele vis en filets / Poissons entiers et filets | K | 6 | meat | 9-30 | sea
    - Kabeljauwfilet / Filet de cabillaud; Zeebaars heel / Bar entier; Roggevleugel / Aile de raie; Pladijs / Plie; Zalmmoot / Darne de saumon
  Gerookte vis / Poissons fumés | K | 6 | slices | 18-42 | sea
    - Gerookte zalm / Saumon fumé; Gerookte forel / Truite fumée; Gerookte heilbot / Flétan fumé; Gerookte paling / Anguille fumée
  Schaal- en schelpdieren / Crustacés et coquillages | K | 6 | shellfish | 6-38 | sea
    - Grijze garnalen gepeld / Crevettes grises décortiquées; Zeeuwse mosselen / Moules de Zélande; Oesters / Huîtres; Wulken gekookt / Bulots cuits
  Vissalades / Salades de poisson | K | 6 | tubs | 8-18 | craft
    - Garnaalsalade / Salade de crevettes; Tonijnsalade / Salade de thon; Krabsalade / Salade de crabe; Zalmsalade / Salade de saumon
Brood en banket / Boulangerie
  Brood / Pains
    Afbakbrood / Pains précuits | V | 6 | loaves | 2.4-5 | bread
      - Stokbrood / Baguette; Pistolets / Pistolets; Ciabatta / Ciabatta; Boerenbrood / Pain de campagne; Sandwiches / Sandwichs mous
    Houdbaar brood / Pains de longue conservation | D | 6 | loaves | 2.8-6 | bread
      - Hamburgerbroodjes / Pains à hamburger; Wraps van tarwe / Wraps de froment; Toastbrood / Pain de mie; Pitabroodjes / Pains pita
  Viennoiserie / Viennoiseries | V | 6 | pastries | 6-12 | pastry
    - Croissants / Croissants; Chocoladekoeken / Pains au chocolat; Rozijnenkoeken / Couques aux raisins; Koffiekoeken met pudding / Couques à la crème
  Gebak / Pâtisseries | V | 6 | cakes | 7-15 | craft
    - Éclairs / Éclairs; Javanais / Javanais; Merveilleux / Merveilleux; Tartelettes met fruit / Tartelettes aux fruits
Kant-en-klaar / Plats préparés
  Bereide maaltijden / Plats cuisinés | K | 6 | meals | 6-12 | craft
    - Vol-au-vent / Vol-au-vent; Vlaamse stoverij / Carbonade flamande; Lasagne bolognese / Lasagne bolognaise; Waterzooi met kip / Waterzooï de poulet; Balletjes in tomatensaus / Boulettes sauce tomate; Witloof met ham en kaas / Chicons au gratin
  Soepen / Soupes | K | 6 | litres | 2.4-4.8 | craft
    - Tomatensoep met balletjes / Soupe tomate aux boulettes; Preisoep / Soupe aux poireaux; Pompoensoep / Potage au potiron; Vissoep / Soupe de poisson
  Vegetarisch / Végétarien | K | 6 | tubs | 7-15 | vegan
    - Groenteburger / Burger de légumes; Falafel / Falafels; Hummus / Houmous; Tofu / Tofu; Seitanstoverij / Carbonade de seitan
Non-food / Non-food
  Verpakking / Emballages
    Bakjes en schalen / Barquettes et plats | A | 21 | disposables | 0.04-0.3 | pack
      - Frietbakje / Barquette à frites; Aluminium schaal / Barquette en aluminium; Saladebakje met deksel / Bol à salade avec couvercle; Soepbeker / Gobelet à soupe
    Folie en zakken / Films et sacs | A | 21 | rolls | 4-16 | pack
      - Vershoudfolie / Film alimentaire; Aluminiumfolie / Papier aluminium; Vacuümzakken / Sacs sous vide; Vuilniszakken / Sacs-poubelle
  Tafel en bediening / Table et service
    Servetten / Serviettes | A | 21 | disposables | 0.02-0.12 | colour
      - Servet 33 x 33 / Serviette 33 x 33; Servet 40 x 40 / Serviette 40 x 40; Placemat papier / Set de table en papier
    Bekers en rietjes / Gobelets et pailles | A | 21 | disposables | 0.03-0.2 | pack
      - Koffiebeker / Gobelet à café; Papieren rietje / Paille en papier; Roerstaafje hout / Agitateur en bois
  Reiniging / Nettoyage
    Keukenhygiëne / Hygiène de cuisine | A | 21 | cleaning | 2.4-9 | plain
      - Vaatwasmiddel / Détergent vaisselle; Ontvetter / Dégraissant; Handzeep / Savon pour les mains; Ontkalker / Détartrant
    Papier en doeken / Papier et chiffons | A | 21 | rolls | 5-18 | plain
      - Poetspapier / Papier de nettoyage; Toiletpapier / Papier toilette; Microvezeldoek / Chiffon microfibre
"""
