"""The models of the request bodies about products, orders and prices (oresto-api, sections 3, 4, 6, 9, 11).

Those about clients and people are in `bodies_clients`.
"""

from __future__ import annotations

from checks.sandbox.oresto.validation import Field, Model

_DATES = tuple(
    Field(name, "date")
    for name in ("PromoValidFrom", "PromoValidFromUtc", "PromoValidUntil", "PromoValidUntilUtc")
)
_ARTICLE = Field("WholesalerArticleNumber", "text", required=True, length=50)
_CLIENT = Field("ClientNumber", "text", required=True, length=50)
_EAN = Field("EanCode", "text", length=250)
_PRICES = (
    Field("SalesPriceList", "decimal", low=0, high=1e16),
    Field("SalesPriceListPromo", "decimal", low=0, high=1e16),
)

_LANGUAGE = Field("LanguageCode", "text", required=True, exact=3)
LOCALIZATION = Model(
    "Localization", (_LANGUAGE, Field("Name", "text", length=250), Field("Description", "text"))
)
WHOLESALER_LOCALIZATION = Model(
    "WholesalerProductLocalization",
    (_LANGUAGE, Field("PromoDescription", "text", length=500), Field("Information", "text", length=500)),
)
_NOTES = Field("WholesalerProductLocalizations", "objects", model=WHOLESALER_LOCALIZATION)
OWN_SUPPLIER = Model(
    "Supplier", (Field("Id", "int", required=True), Field("ArticleCode", "text", required=True, length=50))
)
LINK_SUPPLIER = Model("Supplier", (*OWN_SUPPLIER.fields, Field("IsPackageProduct", "bool")))

#: POST and PUT Products. The part behind SalesPriceList is our working answer (oresto-assumptions).
PRODUCT = Model(
    "product",
    (
        Field("Active", "bool", required=True),
        Field("BrandId", "int", required=True),
        Field("CategoryId", "int", required=True),
        Field("ContentType", "text", required=True, length=25),
        _EAN,
        Field("Localizations", "objects", model=LOCALIZATION),
        Field("MultiplierAbbreviation", "text", length=25),
        Field("MultiplierAmount", "decimal", low=0.0001, high=1e14),
        Field("OnOrder", "bool", required=True),
        Field("OrderQuantity", "decimal", low=0, high=1e15),
        Field("ProducerId", "int"),
        *_DATES,
        *_PRICES,
        Field("StorageConditionId", "int", required=True),
        Field("Supplier", "object", model=OWN_SUPPLIER),
        Field("TemporarilyUnavailable", "bool"),
        Field("TotalContent", "decimal", low=0, high=1e16),
        Field("UnitSalesPrice", "text", required=True, length=25),
        Field("VatPercentage", "int"),
        _ARTICLE,
        _NOTES,
    ),
)

#: POST and PUT LinkProducts.
LINK_PRODUCT = Model(
    "product",
    (
        Field("Active", "bool", required=True),
        _EAN,
        Field("OnOrder", "bool", required=True),
        Field("OrderQuantity", "decimal", low=0, high=1e15),
        *_DATES,
        *_PRICES,
        Field("Supplier", "object", model=LINK_SUPPLIER),
        Field("TemporarilyUnavailable", "bool"),
        Field("UnitSalesPrice", "text", required=True, length=25),
        _ARTICLE,
        _NOTES,
    ),
)

#: PUT Products/Sales and LinkProducts/Sales: no Utc twins here.
PRODUCT_SALES = Model(
    "productSales",
    (
        Field("OnOrder", "bool", required=True),
        Field("PromoValidFrom", "date"),
        Field("PromoValidUntil", "date"),
        *_PRICES,
        _ARTICLE,
        _NOTES,
    ),
)

PHOTO = Model(
    "productPhoto",
    (
        Field("LanguageCode", "text", exact=3),
        Field("Photo", "bytes", required=True),
        Field("PhotoName", "text", required=True, length=100),
        _ARTICLE,
    ),
)

CLIENT_PRODUCT = Model(
    "clientProduct", (_CLIENT, Field("IsExlusive", "bool", required=True), *_PRICES, _ARTICLE)
)
ORDERS_TO_PROCESS = Model("ordersToProcess", (_CLIENT, Field("OrderNumbers", "ints")))
ORDER_LIST_ITEMS = Model(
    "orderListItems", (_CLIENT, Field("WholesalerArticleNumbers", "texts", required=True))
)

#: The list as it came: in a batch each item is judged by itself.
CLIENT_PRODUCTS_RAW = Model(
    "", (Field("ClientProducts", "objects", required=True, model=CLIENT_PRODUCT, unchecked=True),)
)
