"""The models of the request bodies about clients, their people and their delivery addresses (oresto-api, section 10)."""

from __future__ import annotations

from checks.sandbox.oresto.validation import Field, Model

_CLIENT_NUMBER = Field("ClientNumber", "text", required=True, length=50)
_EMAIL = Field("Email", "text", required=True, length=100)
_NEW_EMAIL = Field("NewEmail", "text", length=100)
_ACTIVE = Field("Active", "bool", required=True)
_LANGUAGE = Field("LanguageCode", "text", required=True, exact=3)
_NAMES = tuple(Field(name, "text", length=50) for name in ("Fax", "Firstname", "Lastname", "Telephone"))
_IMAGE = (Field("Image", "bytes"), Field("ImageName", "text", length=100))

#: The limits are those of a delivery address: of this part none were seen.
ADDRESS = Model(
    "Location",
    (
        Field("CountryCode", "text", exact=2),
        Field("ExtraAddressLine", "text", length=150),
        Field("Municipality", "text", length=50),
        Field("PostalCode", "text", length=20),
        Field("Province", "text", length=50),
        Field("StreetName", "text", length=150),
        Field("StreetNumber", "text", length=20),
    ),
)

#: POST and PUT Clients.
CLIENT = Model(
    "client",
    (
        _ACTIVE,
        _CLIENT_NUMBER,
        _EMAIL,
        Field("HasPromos", "bool", required=True),
        Field("Location", "object", required=True, model=ADDRESS),
        Field("MayViewPromoLabels", "bool", required=True),
        Field("Name", "text", required=True, length=50),
        Field("OrdersMayBeDeliveredToClient", "bool", required=True),
        Field("PhoneNumber", "text", length=100),
        Field("Remarks", "text"),
        Field("SegmentId", "int"),
    ),
)

LOCATION = Model(
    "clientLocation",
    (
        _CLIENT_NUMBER,
        Field("Company", "text", length=50),
        Field("CountryCode", "text", exact=2),
        Field("ExtraAddressLine", "text", length=150),
        Field("Municipality", "text", required=True, length=50),
        Field("PhoneNumber", "text", length=100),
        Field("PostalCode", "text", required=True, length=20),
        Field("Province", "text", length=50),
        Field("Remark", "text", length=500),
        Field("StreetName", "text", required=True, length=150),
        Field("StreetNumber", "text", length=20),
    ),
)
CHANGED_LOCATION = Model("clientLocation", (*LOCATION.fields, Field("Id", "int", required=True)))

#: The name of the list is our working answer (oresto-assumptions, delivery dates).
DELIVERY_DATES = Model(
    "clientLocationDeliveryDates",
    (Field("ClientLocationId", "int", required=True), Field("DeliveryDates", "texts")),
)

_USER = (
    _ACTIVE,
    _CLIENT_NUMBER,
    _EMAIL,
    *_NAMES,
    *_IMAGE,
    _LANGUAGE,
    Field("MayViewPrices", "bool"),
)
USER = Model("user", (*_USER, Field("Password", "text", required=True, length=2048)))
CHANGED_USER = Model("user", (*_USER, _NEW_EMAIL, Field("Password", "text", length=2048)))

_NUMBERED = Model("Client", (_CLIENT_NUMBER,))
_MAILED = Model("User", (_EMAIL,))
_REPRESENTATIVE = (
    _ACTIVE,
    Field("Clients", "objects", model=_NUMBERED),
    _EMAIL,
    *_NAMES,
    *_IMAGE,
    _LANGUAGE,
)
REPRESENTATIVE = Model("representative", _REPRESENTATIVE)
CHANGED_REPRESENTATIVE = Model("representative", (*_REPRESENTATIVE, _NEW_EMAIL))

CLIENT_TO_USERS = Model(
    "clientToUsers", (_CLIENT_NUMBER, Field("EmailUsers", "objects", required=True, model=_MAILED))
)
USER_TO_CLIENT = Model(
    "userToClient", (Field("EmailUser", "text", required=True, length=100), _CLIENT_NUMBER)
)
_EMAIL_REPRESENTATIVE = Field("EmailRepresentative", "text", required=True, length=100)
CLIENT_TO_REPRESENTATIVE = Model("clientToRepresentative", (_CLIENT_NUMBER, _EMAIL_REPRESENTATIVE))
REPRESENTATIVE_TO_CLIENTS = Model(
    "representativeToClients",
    (_EMAIL_REPRESENTATIVE, Field("ClientNumbers", "objects", required=True, model=_NUMBERED)),
)
