"""What stands on the sheet `Read me`, a paragraph each."""

from __future__ import annotations

from checks.onboarding.decisions.layout import NO_NAME

WORDS = (
    "Fill in the column Choice of each sheet: yellow cells are still to decide, green ones are filled in. What is left empty is not decided, and nothing is done with it.",
    "Begin with Matches: an article that is matched with a central product needs no brand or category of its own.",
    "Brands, Categories and the like: which entry of the shop does the name in your file stand for? Pick it from the list in the cell (all entries also stand in the sheet Entries, where you can search), or type the number 1 to 5 of a suggestion beside it, the entry's id, or its name.",
    "1 to 5 always mean the suggestion in that column. An entry whose own id is 1 to 5 is picked from the list, or typed with brackets: [3].",
    "What is filled in already is the same name, or was decided before. Change it where it is wrong; empty it to leave it open.",
    "A cell that begins with ? holds a choice that could not be taken when the workbook was written anew: choose again, or empty the cell.",
    "Producers, suppliers and multiplier types may also be none: type none, geen or aucun.",
    f"{NO_NAME} are the articles that give no name at all: what you choose there counts for all of them.",
    "Matches: is one of the suggestions the very same product, of the same brand and content? Pick it, or type its number 1 to 5, its EAN or its id. None of them: none, geen, aucun or 0.",
    "Doubts tells why a code that was found in the central list was not believed. There is nothing to fill in: the product stands first among the suggestions of the sheet Matches.",
    "Rows may be sorted, filtered and deleted, and columns made wider. Leave the headings and the other columns as they are, and save the file as XLSX.",
)
