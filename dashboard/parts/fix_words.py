"""Fixes in words: what a button says, what a fix means as a whole, what it has become when it is done. Pure."""

from __future__ import annotations

from checks.fixes import FIXES, ONBOARDING
from dashboard.parts.words import FIX_STATES, plural

ICONS = {
    "link-central": ":material/link:",
    "delete-own": ":material/delete:",
    "unlink": ":material/link_off:",
    "upload-photo": ":material/add_a_photo:",
    "set-reference": ":material/account_tree:",
    "edit-product": ":material/edit:",
    "edit-sales": ":material/sell:",
    "delete-client-product": ":material/delete:",
    "delete-order-list-item": ":material/playlist_remove:",
    "process-order": ":material/task_alt:",
    "create-link": ":material/add_link:",
    "create-own": ":material/add_box:",
    "create-client": ":material/person_add:",
}

#: What a fix does to each thing, before the list of what it does to which.
MEANING = {
    "link-central": (
        "Each own product is deleted, and its article number is linked to the central product.",
        "Price, promotion, order step, your information texts and client prices stay; own photos, name, description and "
        "brand go, and the central ones take their place.",
    ),
    "delete-own": (
        "Each own product is deleted, and the linked article for the same thing stays.",
        "Client prices move to that article; own photos and texts go with the product.",
    ),
    "unlink": ("Each link to a central product that was deleted goes.",),
    "upload-photo": ("Each product gets its photos; nothing else of it changes.",),
    "set-reference": ("Only the reference is set; everything else of each product stays as it is.",),
    "edit-product": ("Only these fields are set; everything else of each product stays as it is.",),
    "edit-sales": ("Only price or promotion is set; everything else of each product stays as it is.",),
    "delete-client-product": (
        "Each row with a price for one client is deleted; the product and the client stay.",
    ),
    "delete-order-list-item": ("Each article that does not exist leaves the client's order list.",),
    "process-order": (
        "Each order is marked processed, and leaves the list of waiting orders for everybody.",
    ),
    "create-link": (
        "Each article number, which the shop does not have yet, is linked to its central product.",
        "Price, unit, promotion and availability are yours; texts, photo, brand and content are the central product's.",
    ),
    "create-own": (
        "Each product, which the central list does not have, is created as your own.",
        "Photos are not part of it: upload them afterwards.",
    ),
    "create-client": (
        "Each client is created with its users and delivery addresses: all of it, or nothing.",
        "Users get a password that nobody knows and that is kept nowhere; they ask the shop for a new one.",
    ),
}

UNDO_MEANING = (
    "Each is put back as it was before the repair, and read back.",
    "What changed since the repair is left alone, and listed with the reason.",
)

READ_FIRST = "Each is read again first: one that changed since this plan is left alone."


def title(fix: str, *, undo: bool = False) -> str:
    """What the fix does: `Link to the central product`."""
    said = FIXES[fix].title if fix in FIXES else fix.replace("-", " ").capitalize()
    return f"Undo: {said[:1].lower()}{said[1:]}" if undo else said


def things(fix: str, count: int) -> str:
    """`3 products`, `1 order`."""
    return plural(count, FIXES[fix].thing if fix in FIXES else "thing")


def verb_and_count(fix: str, count: int, *, undo: bool = False) -> str:
    """What the button says: `Link 3 products`, `Undo 3 products`."""
    if undo or fix not in FIXES:
        return f"Undo {things(fix, count)}" if undo else f"Repair {things(fix, count)}"
    return FIXES[fix].button.format(things(fix, count))


def verb(fix: str, *, undo: bool = False) -> str:
    return "Undo" if undo else FIXES[fix].verb if fix in FIXES else "Repair"


def past(fix: str, *, undo: bool = False) -> str:
    """`linked`, `undone`."""
    return "undone" if undo else FIXES[fix].past if fix in FIXES else "repaired"


def proof(fix: str, check: str, *, undo: bool = False) -> str:
    """What stands behind a count of repairs: `3 of 3 products linked, read back and closed`. Only findings are closed."""
    done, joint = past(fix, undo=undo), " " if undo else ", "
    if check == ONBOARDING:
        return f"{done} and read back"
    return f"{done}{joint}{'and read back; what was wrong is open again' if undo else 'read back and closed'}"


def icon(fix: str, *, undo: bool = False) -> str:
    return ":material/undo:" if undo else ICONS.get(fix, ":material/build:")


def meaning(fix: str, *, undo: bool = False) -> tuple[str, ...]:
    """The sentences above a plan."""
    return UNDO_MEANING if undo else (*MEANING.get(fix, ()), READ_FIRST)


def ended(state: str, count: int) -> str:
    """What stands after a count: `3 done`, `1 needs attention`, `4 need attention`."""
    if state == "needs_attention":
        return "needs attention" if count == 1 else "need attention"
    return FIX_STATES[state].word.lower() if state in FIX_STATES else state
