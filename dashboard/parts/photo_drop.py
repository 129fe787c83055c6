"""The drop zone: many files at once, each put to its product, shown before anything happens, uploaded as one repair.

Pictures are looked at once per upload and kept in the session; they go into the store only when a person presses the
button, and into the shop only when they have seen the plan.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
import streamlit as st
from streamlit.typing import UploadedFile

from checks.errors import KeurmeesterError
from checks.findings import SET_ASIDE
from checks.fixes.kinds.upload_photo import as_option
from checks.fixes.photo_files import Prepared
from checks.settings import Settings
from checks.store import Store
from dashboard.parts import check_notes, fix_flow, fix_words, fix_work, loading, photo_cards, photo_offers
from dashboard.parts.photo_batch import Batch, Drop, Dropped, batch, look_at, named
from dashboard.parts.place import Place, demand
from dashboard.parts.repairs import label
from dashboard.parts.words import number, plain, plural

CHECK, OFFERED = "missing-photo", "photo-available"

#: Megabytes of one file: a camera's largest JPEG. The shop gets less in any case.
MOST_MEGABYTES = 40
_STATE = "photo-drop"


def zone(place: Place, source: str, only: str | None = None) -> None:
    """The drop zone and what was dropped.

    Args:
        only: an article number: every file is of this product, whatever its name.
    """
    why_not = place.may_not_fix or _read_only(place, source)
    state = state_of(source, only)
    with st.container(border=True, key="photo-drop"):
        files = st.file_uploader(
            _INVITATION if only is None else "Drop photos of this product here",
            accept_multiple_files=True,
            max_upload_size=MOST_MEGABYTES,
            key=f"photo-files-{source}-{only or ''}-{state.round}",
            disabled=why_not is not None,
            help="JPEG, PNG, WebP, TIFF, BMP, GIF or AVIF. What the shop cannot show is made into a JPEG. Nothing goes to "
            "the shop before you have seen the plan.",
        )
        if why_not is not None:
            st.caption(plain(why_not))
        wanted = _wanted(place, source)
        _look(place, source, state, files or [], wanted, only)
        given = [*(state.files[one.file_id] for one in files or []), *state.fetched.values()]
        if given:
            _dropped(place, source, state, given, wanted)
        photo_offers.bar(place, source, state, wanted["key"].to_list() if only is None else [only])


_INVITATION = "Drop photos here, named by article number or EAN: `A100.jpg`, `5400000000003-2.png`"


def _read_only(place: Place, source: str) -> str | None:
    """Only what lasts longer than a repair that is under way: that disables the button, not the files."""
    return (
        fix_flow.why_not(place, CHECK, source, 1)
        if source and place.settings.source(source).read_only
        else None
    )


def state_of(source: str, only: str | None = None) -> Drop:
    """What this session was given for the products of a shop; on the page of one product for that one alone."""
    drops: dict[tuple[str, str | None], Drop] = st.session_state.setdefault(_STATE, {})
    return drops.setdefault((source, only), Drop())


def _wanted(place: Place, source: str) -> pl.DataFrame:
    """key, name of the products that want a photo, those that touch most first."""
    return (
        check_notes.open_of(place, source, [CHECK]).select("key", "name").unique("key", maintain_order=True)
    )


def _look(
    place: Place,
    source: str,
    state: Drop,
    files: Sequence[UploadedFile],
    wanted: pl.DataFrame,
    only: str | None,
) -> None:
    """Looks at the files that are new, one after the other; each is kept at once, for a script may be cut off."""
    about = ("" if place.run is None else str(place.run["id"]), source)
    if state.about != about:
        state.about, state.files = about, {}
    state.files = {one.file_id: state.files[one.file_id] for one in files if one.file_id in state.files}
    new = [one for one in files if one.file_id not in state.files]
    if not new:
        return
    if only is not None:
        state.chosen |= {one.file_id: only for one in new}
    matches = named(
        [one.name for one in new], loading.frame(place, source, "products"), wanted["key"].to_list()
    )
    bar = st.progress(0.0)
    for done, (one, match) in enumerate(zip(new, matches, strict=True)):
        bar.progress(done / len(new), text=f"Looking at {plural(len(new), 'file')}, {number(done)} done …")
        state.files[one.file_id] = look_at(one.file_id, one.name, one.getvalue(), match)
    bar.empty()


def _dropped(place: Place, source: str, state: Drop, given: Sequence[Dropped], wanted: pl.DataFrame) -> None:
    names: dict[str, str | None] = dict(wanted.iter_rows())
    found = batch(
        given,
        names,
        state.chosen,
        state.sent,
        lambda key: _why_not_wanted(place, source, key),
    )
    st.markdown(_summary(found))
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="photo-bar"):
        why_not = (
            fix_flow.why_not(place, CHECK, source, len(found.ready)) if found.ready else _none_ready(found)
        )
        st.button(
            label(CHECK, len(found.ready)) if found.ready else "Upload photos",
            key="photo-upload",
            type="primary",
            icon=fix_words.icon("upload-photo"),
            disabled=why_not is not None,
            on_click=_upload,
            args=(place.settings, place.store, source, state, found.ready),
            help="First a plan, which changes nothing; then you decide.",
        )
        st.button(
            "Take the files away",
            key="photo-clear",
            icon=":material/close:",
            type="tertiary",
            on_click=_take_away,
            args=(state,),
        )
    if why_not:
        st.caption(plain(why_not))
    photo_cards.left(place, source, state, found.left, names)
    photo_cards.refused(found)
    photo_cards.cards(state, found, names)


def _none_ready(found: Batch) -> str:
    if found.left:
        return "None of these files can be uploaded yet: choose their products below, or rename the files."
    return "All of them are in the shop." if found.there else "None of these files can be uploaded."


def _summary(found: Batch) -> str:
    parts = [
        f"**{plural(found.pictures, 'picture')}** for **{plural(len(found.ready), 'product')}**"
        if found.ready
        else "",
        f"**{number(len(found.left))}** left to you" if found.left else "",
        f"**{number(len(found.refused))}** refused" if found.refused else "",
        f"{number(len(found.twice))} dropped twice" if found.twice else "",
        f":green[:material/check_circle:] {plural(len(found.there), 'picture')} in the shop by now"
        if found.there
        else "",
    ]
    return ", ".join(part for part in parts if part) + "."


def _upload(
    settings: Settings, store: Store, source: str, state: Drop, ready: Mapping[str, Sequence[Dropped]]
) -> None:
    """`on_click`: keeps the pictures and plans to upload exactly these."""
    try:
        demand("fixer", "upload photos")  # who may not keeps nothing here either
        each = {key: as_option(store, _pictures(files)) for key, files in ready.items()}
    except KeurmeesterError as error:
        fix_work.tell_trouble(str(error))
        return
    state.sent |= {one.id: key for key, files in ready.items() for one in files}
    fix_flow.start(settings, CHECK, list(ready), source, each=each)


def _pictures(files: Sequence[Dropped]) -> list[tuple[Prepared, str | None]]:
    return [(one.picture, one.match.language) for one in files if isinstance(one.picture, Prepared)]


def _take_away(state: Drop) -> None:
    """An uploader of another key is an empty one."""
    state.files, state.fetched, state.chosen, state.trouble, state.sent = {}, {}, {}, {}, {}
    state.round += 1


def _why_not_wanted(place: Place, source: str, key: str) -> str:
    """Why a product of the shop wants no photo now, as a sentence."""
    who = " ".join(part for part in (key, _name(place, source, key)) if part)
    finding = loading.all_findings(place).filter(
        (pl.col("check") == CHECK) & (pl.col("source") == source) & (pl.col("key") == key)
    )
    status = None if finding.is_empty() else str(finding["status"][0])
    if status in SET_ASIDE:
        return f"It is of {who}, whose missing photo was {status}: reopen that finding first."
    photos = loading.frame(place, source, "photos")
    if status == "fixed" or (photos is not None and bool((photos["article_number"] == key).any())):
        return f"It is of {who}, which has a photo already."
    return f"It is of {who}, which the last health check did not miss a photo of: it is not active, or new."


def _name(place: Place, source: str, key: str) -> str | None:
    products = loading.frame(place, source, "products")
    if products is None:
        return None
    rows: list[Any] = products.filter(pl.col("article_number") == key)["name"].to_list()
    return rows[0] if rows else None
