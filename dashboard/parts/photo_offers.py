"""Pictures that suppliers have of products without a photo: a button beside each product, and one for all of them.

Nothing is fetched before somebody presses a button. Then it happens beside the page, one picture after the other, can be
stopped, and each picture stands among the dropped files (`photo_drop`) as soon as it is there: seen first, uploaded by the
same plan.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import polars as pl
import streamlit as st

from checks import supplier_photos
from checks.errors import KeurmeesterError, Stopped
from checks.fixes.photo_names import Match
from checks.progress import Progress
from checks.settings import Settings
from checks.supplier_photos import Supplier
from dashboard.parts import fix_work, loading
from dashboard.parts.photo_batch import Drop, on_screen
from dashboard.parts.place import Place, demand
from dashboard.parts.words import number, plain, plural

#: Pictures that one click gets: they wait in the memory of the server until they are uploaded.
MOST = 50
#: Troubles that are listed.
_MOST_TOLD = 10
_GETTING = "photo-getting"

Offer = Mapping[str, Any]  # a row of supplier_photos.OFFERS


@dataclass
class Getting:
    """Pictures on their way.

    Attributes:
        state: where they go.
        troubles: article number and why its picture did not come.
    """

    state: Drop
    total: int
    progress: Progress = field(default_factory=Progress)
    done: int = 0
    got: int = 0
    troubles: list[tuple[str, str]] = field(default_factory=list)
    stopped: bool = False
    thread: threading.Thread | None = field(default=None, repr=False)

    @property
    def is_running(self) -> bool:
        return self.thread is not None and self.thread.is_alive()


def every(place: Place, source: str) -> pl.DataFrame:
    """All OFFERS for the shop, made once a health check."""
    if not place.settings.suppliers:
        return supplier_photos.OFFERS.to_frame()
    return loading.kept(
        "supplier-photos",
        place,
        source,
        lambda: supplier_photos.offers(
            place.settings, source, lambda whose, name: loading.frame(place, whose, name)
        ),
    )


def first_of_each(place: Place, source: str) -> dict[str, Offer]:
    """Article number -> the picture that is offered first for it."""
    once = every(place, source).unique("article_number", keep="first", maintain_order=True)
    return {row["article_number"]: row for row in once.iter_rows(named=True)}


def button(place: Place, state: Drop, offer: Offer, *, key: str) -> None:
    """*Get picture from ib*, for one product; what is there already says so."""
    if ident(offer) in state.fetched:
        st.caption(":material/check: Picture is here, see above")
        return
    why_not = place.may_not_fix or _busy()
    st.button(
        f"Get picture from {plain(offer['supplier'])}",
        key=key,
        icon=":material/download:",
        type="tertiary",
        disabled=why_not is not None,
        on_click=get,
        args=(place.settings, state, [offer]),
        help=why_not or f"{told(offer)}. You see it before it goes to the shop.",
    )


def bar(place: Place, source: str, state: Drop, wanted: Collection[str]) -> None:
    """Which suppliers have pictures of these products, and the button that gets them; while they come, how far."""
    getting = _getting()
    if getting is not None and getting.state is state:
        if getting.is_running:
            _coming()
            return
        _ended(getting)
    offered = first_of_each(place, source)
    offers = [offered[key] for key in wanted if key in offered]
    left = [one for one in offers if ident(one) not in state.fetched]
    if not left:
        return
    suppliers = list(dict.fromkeys(str(one["supplier"]) for one in left))
    some, why_not = left[:MOST], place.may_not_fix or _busy()
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="photo-offers"):
        who = " and ".join(f"**{plain(one)}**" for one in suppliers)
        have = "has" if len(suppliers) == 1 else "have"
        what = "a picture of it" if len(wanted) == 1 else f"pictures of **{number(len(left))}** of these"
        st.markdown(f"{who} {have} {what}.", width="content")
        st.button(
            _label(some, len(left)),
            key="photo-get",
            icon=":material/download:",
            disabled=why_not is not None,
            on_click=get,
            args=(place.settings, state, some),
            help=why_not or "You see each one before it goes to the shop.",
        )


def _label(some: Sequence[Offer], left: int) -> str:
    if len(some) == 1:
        return f"Get picture from {plain(some[0]['supplier'])}"
    return f"Get {'' if len(some) == left else 'the first '}{number(len(some))} pictures"


@st.fragment(run_every=0.5)
def _coming() -> None:
    getting = _getting()
    if getting is None or not getting.is_running:
        st.rerun()
    assert getting is not None
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="photo-coming"):
        st.progress(
            getting.done / max(1, getting.total),
            text=f"Getting {plural(getting.total, 'picture')}, {number(getting.done)} done …",
        )
        st.button(
            "Stop",
            key="photo-stop",
            icon=":material/stop_circle:",
            disabled=getting.progress.stopping,
            on_click=getting.progress.stop,
            help="What is here stays.",
        )


def _ended(getting: Getting) -> None:
    """What did not come, and why; nothing when all did."""
    if getting.stopped:
        st.caption(f"Stopped: {number(getting.got)} of {plural(getting.total, 'picture')} came.")
    if not getting.troubles:
        return
    lines = [f"- **{plain(key)}** {plain(why)}" for key, why in getting.troubles[:_MOST_TOLD]]
    if len(getting.troubles) > _MOST_TOLD:
        lines.append(f"- … and {len(getting.troubles) - _MOST_TOLD:,} more")
    st.warning(
        "\n".join(lines),
        title=f"{plural(len(getting.troubles), 'picture')} did not come",
        icon=":material/broken_image:",
    )


def ident(offer: Offer) -> str:
    """Which picture of which product it is."""
    return f"{offer['article_number']}|{offer['supplier']}|{offer['article_key']}|{offer['url']}"


def told(offer: Offer) -> str:
    """`ib, article 7: Garnalen 1kg`."""
    name = f": {offer['name']}" if offer["name"] else ""
    return f"{_origin(offer)}{name}"


def _origin(offer: Offer) -> str:
    return f"{offer['supplier']}, article {offer['article_code'] or offer['article_key']}"


def get(settings: Settings, state: Drop, offers: Sequence[Offer]) -> None:
    """`on_click`: begins to get these pictures; once, however often it is clicked."""
    try:
        demand("fixer", "get pictures of suppliers")
    except KeurmeesterError as error:
        fix_work.tell_trouble(str(error))
        return
    if _busy() is not None:
        return
    wanted = [one for one in offers if ident(one) not in state.fetched]
    getting = Getting(state, len(wanted))
    getting.thread = threading.Thread(
        target=_get_all, args=(settings, state, wanted, getting), name="supplier-pictures", daemon=True
    )
    st.session_state[_GETTING] = getting
    getting.thread.start()


def _get_all(settings: Settings, state: Drop, offers: Sequence[Offer], getting: Getting) -> None:
    """In a thread of its own: touches nothing of the page but the session's pictures."""
    with ExitStack() as stack:
        suppliers: dict[str, Supplier] = {}
        for one in offers:
            if getting.progress.stopping:
                getting.stopped = True
                return
            name = one["supplier"]
            try:
                if name not in suppliers:
                    suppliers[name] = stack.enter_context(Supplier(settings, name, getting.progress))
                called = one["image_name"] or one["article_number"]
                picture = suppliers[name].picture(
                    one["article_code"] or one["article_key"], one["url"], called
                )
                match = Match(called, one["article_number"])
                state.fetched[ident(one)] = on_screen(ident(one), picture, match, _origin(one))
                getting.got += 1
            except Stopped:
                getting.stopped = True
                return
            except KeurmeesterError as error:
                getting.troubles.append((one["article_number"], str(error)))
            getting.done += 1


def _getting() -> Getting | None:
    found = st.session_state.get(_GETTING)
    return found if isinstance(found, Getting) else None


def _busy() -> str | None:
    getting = _getting()
    if getting is not None and getting.is_running:
        return "Pictures are on their way: wait until they are here, or stop them."
    return None
