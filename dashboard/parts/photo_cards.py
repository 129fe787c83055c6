"""Dropped photos as a person sees them: ready ones with their product, those to place by hand, refused ones with the reason."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import streamlit as st

from checks.fixes.photo_files import Prepared
from dashboard.parts import loading
from dashboard.parts.photo_batch import Batch, Drop, Dropped, spoken_of
from dashboard.parts.place import Place
from dashboard.parts.price_faults import language
from dashboard.parts.words import plain, plural

#: Cards on a page, files that are listed without a card, and products that are offered to choose from.
_PAGE, _MOST_LEFT, _MOST_CHOICES = 24, 20, 500


def cards(state: Drop, found: Batch, names: Mapping[str, str | None]) -> None:
    """The pictures that are ready, each with its product.

    names: article number -> name of the products that want a photo.
    """
    shown = [(key, one) for key, files in found.ready.items() for one in files]
    if not shown:
        return
    grid = st.container()
    pages, at = -(-len(shown) // _PAGE), 1
    if pages > 1:
        with st.container(horizontal_alignment="center"):
            at = st.pagination(pages, key="photo-drop-page")
    with grid, st.grid("auto", min_column_width=170, gap="small"):
        for key, one in shown[(at - 1) * _PAGE : at * _PAGE]:
            with st.container(border=True, height="stretch", gap="xxsmall"):
                _card(state, key, names[key], one)


def _card(state: Drop, key: str, name: str | None, one: Dropped) -> None:
    st.image(one.small, alt=f"{one.name}, for {name or key}", width="stretch")
    st.markdown(f"**{plain(name or key)}**")
    st.caption(f"{plain(key)}, {_whose(state, one)}")
    only = f", {language(one.match.language)} pages only" if one.match.language else ""
    st.caption(f"{plain(one.name)}{only}")
    if isinstance(one.picture, Prepared) and one.picture.notes:
        st.caption(f":material/auto_fix_high: {plain(' '.join(one.picture.notes))}")
    st.button(
        "Not this product",
        key=f"photo-not-{one.id}",
        type="tertiary",
        icon=":material/close:",
        on_click=_not_this,
        args=(state, one.id),
    )


def _whose(state: Drop, one: Dropped) -> str:
    if one.origin is not None:
        return f"from {plain(one.origin)}"
    return "chosen by you" if one.id in state.chosen else f"by its {one.match.by}"


def _not_this(state: Drop, ident: str) -> None:
    """`on_click`: a file of this person's waits for its product; what a supplier gave is taken away."""
    if state.fetched.pop(ident, None) is None:
        state.chosen[ident] = ""


def left(
    place: Place,
    source: str,
    state: Drop,
    files: Sequence[tuple[Dropped, str]],
    names: Mapping[str, str | None],
) -> None:
    """Files whose product nobody could tell, each with a field to choose it."""
    if not files:
        return
    st.markdown("**Which product is it?**")
    options = list(names)[:_MOST_CHOICES]
    for one, reason in files[:_MOST_LEFT]:
        with st.container(
            horizontal=True, vertical_alignment="center", gap="small", key=f"photo-left-{one.id}"
        ):
            st.image(one.small, alt=one.name, width=72)
            with st.container(gap="xxsmall", width="stretch"):
                st.markdown(f"**{plain(one.name)}**")
                st.caption(plain(state.trouble.get(one.id) or reason))
            st.selectbox(
                f"Product of {one.name}",
                options,
                index=None,
                format_func=lambda key: f"{key} {names.get(key) or ''}".strip(),
                key=f"photo-choice-{one.id}",
                placeholder="Choose, or write an article number",
                accept_new_options=True,
                label_visibility="collapsed",
                width=300,
                on_change=_choose,
                args=(place, source, state, one.id, list(names)),
            )
    if len(files) > _MOST_LEFT:
        st.caption(f"and {len(files) - _MOST_LEFT:,} more, when these have their product.")


def _choose(place: Place, source: str, state: Drop, ident: str, wanted: Collection[str]) -> None:
    """`on_change`: the product chosen from the list, or written as people write it, a number or an EAN."""
    given = str(st.session_state.get(f"photo-choice-{ident}") or "").strip()
    state.trouble.pop(ident, None)
    if not given:
        return
    key = spoken_of(given, loading.frame(place, source, "products"), wanted)
    if key is None:
        state.trouble[ident] = (
            f"“{given}” is no article number or EAN of one product of yours. Write it in full."
        )
    else:
        state.chosen[ident] = key


def refused(found: Batch) -> None:
    """Files that are no picture for the shop, each with the reason."""
    if not found.refused:
        return
    lines = [f"- **{plain(one.name)}** {plain(reason)}" for one, reason in found.refused[:_MOST_LEFT]]
    if len(found.refused) > _MOST_LEFT:
        lines.append(f"- … and {len(found.refused) - _MOST_LEFT:,} more")
    with st.expander(
        f"{plural(len(found.refused), 'file')} refused",
        icon=":material/block:",
        expanded=len(found.refused) <= 5,
    ):
        st.markdown("\n".join(lines))
