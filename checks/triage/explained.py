"""Kinds of problems in plain words: what each is, and what usually helps."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """One kind of problem, in texts in which `{f}` is the field. `checks`: ids of checks that explain it, of any field."""

    title: str
    what: str
    usually: str
    checks: tuple[str, ...] = ()

    def about(self, field: str | None) -> tuple[str, str, str]:
        """Title, what it is, what usually helps."""
        name = field or "that field"
        thing = field or ("Something" if "{f} that" in self.title else "A field")
        return (
            self.title.replace("{f}", thing),
            self.what.replace("{f}", name),
            self.usually.replace("{f}", name),
        )


REQUIRED = Kind(
    "{f} is required",
    "The request left {f} out, or sent it empty, and the shop takes nothing without it.",
    "Fill {f} in the system that sends the request. A product that misses it in the shop too is listed under the findings below.",
)
LENGTH = Kind(
    "{f} is too long or too short",
    "The text in {f} has another length than the shop allows.",
    "Shorten it, or look whether two fields were glued together where the request is made. The help page of the call names the length.",
)
RANGE = Kind(
    "{f} is out of range",
    "The number in {f} is lower or higher than the shop allows.",
    "Look at the value in a sample row: a price in cents, a percentage as 0.21 or a wrong decimal sign are the usual causes.",
)
FORMAT = Kind(
    "{f} has the wrong form",
    "What stands in {f} cannot be read as what it should be (a number, a date, a code, an address).",
    "Compare a sample row with the help page of the call. A comma for a point, `8,71E+12` out of a spreadsheet and dates without zone are the usual causes.",
)
EMAIL = Kind(
    "{f} is no e-mail address",
    "The shop takes e-mail addresses of one person only, without spaces or a second address.",
    "Correct the address in the system that sends it; two addresses in one field are the usual cause.",
)
REFERENCE = Kind(
    "{f} that does not exist",
    "The request names an entry ({f}) that the shop does not have: it was removed or renamed there, or the number is of another system.",
    "Choose an entry of the lookup table for the products that name it; findings below can be repaired at once. Read the lookup tables again once a day, as the guide asks.",
)
DUPLICATE = Kind(
    "An article number that is taken",
    "The shop has a product with this article number already: own and linked products share their numbers.",
    "Where an own product is to become a linked one, delete the own one first (DELETE, then LinkProducts), or let *Became central* do both. Else give it another number.",
    checks=("own-and-linked", "own-became-central"),
)
EAN = Kind(
    "{f} is no EAN",
    "The code has a wrong number of digits or a wrong check digit.",
    "Correct it where the product is kept; the finding of the product says what the code must have been where that can be told.",
    checks=("invalid-ean", "duplicate-ean"),
)
CHARACTER = Kind(
    "A forbidden character",
    "Article numbers and keys may not hold any of \\ + < > ? # % @ & * : . /",
    "Give the article another number: such a product can be neither read, changed nor deleted one by one.",
    checks=("forbidden-characters",),
)
LEAF = Kind(
    "A category with subcategories",
    "Products may hang on the end nodes of the category tree only; this category has others below it, perhaps since a short while.",
    "Choose one of its subcategories for the products below.",
    checks=("category-not-leaf", "invalid-reference"),
)
VALIDATION = Kind(
    "{f} was refused",
    "The shop checked {f} and did not accept what the request sent.",
    "Compare {f} in a sample row with the help page of the call.",
)
EMPTY_BODY = Kind(
    "A request without a body",
    "A PUT or POST arrived with nothing in it.",
    "Look at the program that sends it: an empty list that is sent all the same is the usual cause, or a missing Content-Type.",
)
CUT = Kind(
    "JSON that was cut off",
    "The body ended in the middle.",
    "A time-out or a proxy between you and the shop, or a body that is larger than the server takes: send fewer rows at a time.",
)
CLIENT = Kind(
    "A client that does not exist",
    "The request names a client number that the shop does not have.",
    "Send the client first, or take the rows of clients that are gone out of the export. Look for zeros that were lost or added at the front.",
    checks=("client-product-unknown-client", "user-unknown-client", "order-unknown-client"),
)
ARTICLE = Kind(
    "An article that does not exist",
    "The request names an article number that the shop does not have, as own or as linked product.",
    "Send the product first, or take what is gone out of the export.",
    checks=("client-product-unknown-article", "order-list-unknown-article", "order-unknown-article"),
)
ORDER = Kind(
    "An order that does not exist",
    "The request names an order that the shop does not have, or that was processed already.",
    "Read the waiting orders again before processing; an order is processed once.",
    checks=("order-unprocessed",),
)
TIME_OUT = Kind(
    "The shop took too long",
    "The server gave up: its database did not answer in time.",
    "Ask for fewer rows a page and for changes only (ModifiedDate), at another hour than the nightly batch. If it stays, send a sample row to the shop's support.",
)
SERVER = Kind(
    "The shop failed",
    "The server had an error of its own while it worked on the request. A write may have been done all the same: read the state before sending it again.",
    "If it comes back, send a sample row with its time to the shop's support.",
)
BUSY = Kind(
    "Too many requests",
    "The server is overloaded, or asks you to slow down.",
    "Send less at once: fewer connections, `requests_per_second` in the settings, batch calls instead of one by one.",
)
WHO = Kind(
    "Login refused",
    "The request came without login, with a wrong one, or with one that may not do this.",
    "Check login and password of the program that sends it; a password that was changed in one place only is the usual cause.",
)
NOT_FOUND = Kind(
    "Not found",
    "What the request asked for is not there: the thing itself, or the address.",
    "Look whether the number in a sample row still exists; if the address is wrong, compare it with the help pages of the API.",
)
METHOD = Kind(
    "A call that does not exist",
    "The address exists, but not with this method (GET, POST, PUT, DELETE).",
    "Compare the call with the help pages of the API: it may have moved in a new version.",
)
CONFLICT = Kind(
    "A conflict",
    "Somebody else changed the same thing, or it is there already.",
    "Read the state, then send what is still to be done.",
)
MEDIA = Kind(
    "A form the shop does not read",
    "The body is neither JSON nor XML as the header says.",
    "Send `Content-Type: application/json`.",
)
ELSE = Kind(
    "A refused request",
    "The shop refused the request; nobody has put this message into words yet.",
    "Read a sample row: the message and the body usually tell. The comment field keeps what you find out.",
)
TAKEN = Kind(
    "{f} that exists already",
    "The shop has such an entry already, and there may be one only.",
    "Change the one that is there (PUT) instead of adding it (POST); read the list first and send only what is missing.",
)
DEADLOCK = Kind(
    "Two requests in each other's way",
    "The shop's database gave up one of two requests that wanted the same rows at the same time. Nothing of it was saved.",
    "Send it again. If it comes back, let the programs that write run one after the other, or batches be smaller.",
)
BATCH = Kind(
    "Rows of a batch that were refused",
    "Of a batch the answer names only what went wrong; what it does not mention was saved.",
    "Correct the named rows (article number and client number are their keys) and send those again, not the whole batch.",
)
NO_CENTRAL = Kind(
    "An EAN that is not central",
    "No central product has this EAN, so nothing can be linked to it.",
    "Look whether the EAN is right. If it is, send the product as an own one, and let it be linked when it becomes central.",
    checks=("invalid-ean", "own-became-central"),
)
UNKNOWN = Kind(
    "Rows that nobody understands yet",
    "The rows have no message, status or exception under the names that the settings know.",
    "Open a raw row and put its names of the fields into the settings (fields.error_log of the source). Rows that come after that are grouped by what they say.",
)
