"""What the guide asks of a new wholesaler (chapters 2 and 3), ticked off by what was seen to be so."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl


@dataclass(frozen=True)
class Step:
    """One demand of the guide. `chapter` is where it stands, `asks` what it says, `by` who does it: we or a person."""

    id: str
    chapter: str
    asks: str
    by: str = "notebook"


STEPS = (
    Step("get", "2", "Test the GET functions of the API."),
    Step("lookups", "2, 3.6, 4", "Fetch the central lookup tables and keep them (once a day)."),
    Step("central", "2", "Fetch the central products."),
    Step("compare", "2", "Compare them with your own database: which of your products are central?"),
    Step("ean-check", "3.5, 3.6", "Look for each EAN in the central list before you link or create."),
    Step(
        "enrich",
        "2, 3.6",
        "Enrich your own products: category, brand, storage, content, unit, producer, supplier.",
    ),
    Step("segments", "3.1", "Fetch the client segments."),
    Step("client", "2, 3.1", "Test the POST functions: create clients, each with a login."),
    Step("location", "3.3", "Create the addresses of delivery."),
    Step("link", "3.5", "Link what is central: POST LinkProducts, with the unit it is sold by."),
    Step("create", "3.6", "Create what is not: POST Products, with every required id."),
    Step("recheck", "3.8", "Check regularly whether own products have become central."),
    Step("login", "2", "Log in on the portal as such a client, and place an order.", "you"),
    Step("photos", "3.6 (optional)", "Add photos to own products: page Photos of the dashboard.", "you"),
    Step("client-prices", "2, 3.9", "Send prices that differ per client.", "you"),
    Step("orders", "3.2", "Fetch orders, and mark them processed.", "you"),
    Step(
        "delivery-days", "3.4", "Send the delivery days of each address, or set them in the back end.", "you"
    ),
    Step("nightly", "2", "Synchronise every night; keurmeester run, in cron, watches it.", "you"),
    Step("backend", "2", "Configure the back end: terms, prices, pick-up and delivery days.", "you"),
)

_BY_ID = {step.id: step for step in STEPS}

#: One row a step. `done` is null where it has not been tried, or is a person's.
GUIDE = pl.Schema(
    {
        "chapter": pl.String(),
        "asks": pl.String(),
        "by": pl.String(),
        "done": pl.Boolean(),
        "said": pl.String(),
    }
)


@dataclass
class Guide:
    """The list, as far as it is ticked off."""

    said: dict[str, tuple[bool, str]] = field(default_factory=dict)

    def tick(self, step: str, done: bool, said: str) -> Guide:
        """Says that a step is done, or that it was tried and is not; `said` is the evidence. KeyError for an unknown step."""
        self.said[_BY_ID[step].id] = (done, said)
        return self

    @property
    def table(self) -> pl.DataFrame:
        """`GUIDE`."""
        rows = [(step.chapter, step.asks, step.by, *self.said.get(step.id, (None, None))) for step in STEPS]
        return pl.DataFrame(rows, schema=GUIDE, orient="row")

    @property
    def open(self) -> list[str]:
        """What the notebook was to do and has not done, as the guide says it."""
        return [
            step.asks
            for step in STEPS
            if step.by == "notebook" and not self.said.get(step.id, (False, ""))[0]
        ]

    def __repr__(self) -> str:
        marks = {None: "[ ]", True: "[x]", False: "[!]"}
        return "\n".join(
            f"{marks[done]} {asks}{f' {said}' if said else ''}"
            for _, asks, _, done, said in self.table.iter_rows()
        )
