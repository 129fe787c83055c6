"""What a fix needs from a person, in a dialog before planning: the likeliest choice first, and why.

What holds for all is asked once; what each thing needs of its own is asked row by row, in a table where there are many.
A required field that nobody filled in leaves its row out; the button says how many are complete.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import polars as pl
import streamlit as st

from checks.fixes import Choice, Input
from checks.fixes.catalogue import fix_for
from checks.frames import FRAMES
from dashboard.parts import fix_table, fix_words, fix_work, loading
from dashboard.parts.place import Place
from dashboard.parts.words import plain, plural

_FORM = "fix-form"

#: Of more rows than these a table is easier to fill in.
_MOST_ROWS = 30

Values = dict[str, str]


@dataclass(frozen=True)
class Asked:
    """The form that is open. `keys`: the frozen list that stood on the page; `all`: of all there, what is safe."""

    check: str
    source: str
    keys: tuple[str, ...]
    all: bool


@dataclass
class Given:
    """What was filled in: for all, and by key; and what is still missing, by the field's title."""

    options: Values = field(default_factory=dict)
    each: dict[str, Values] = field(default_factory=dict)
    missing: dict[str, list[str]] = field(default_factory=dict)

    def complete(self, keys: Sequence[str]) -> list[str]:
        """Those of `keys` with all that they need."""
        if any(not who for who in self.missing.values()):  # something that holds for all
            return []
        without = {key for who in self.missing.values() for key in who}
        return [key for key in keys if key not in without]


def inputs_of(place: Place, check: str, source: str, keys: Sequence[str]) -> tuple[Input, ...]:
    """What the fix of `check` needs from a person for these keys; kept for as long as the data are the same."""
    run_id = "" if place.run is None else str(place.run["id"])
    return _inputs(place, place.settings.store.url, run_id, check, source, tuple(keys))


@st.cache_resource(max_entries=12, show_spinner=False)
def _inputs(
    _place: Place, url: str, run_id: str, check: str, source: str, keys: tuple[str, ...]
) -> tuple[Input, ...]:
    findings = _place.store.findings(check=check, source=source, key=list(keys))
    return fix_for(check).inputs(check, findings, _Frames(_place, source))


class _Frames(Mapping[str, pl.DataFrame | None]):
    """The newest frames of a source, each read when it is asked for."""

    def __init__(self, place: Place, source: str) -> None:
        self._place = place
        self._source = source

    def __getitem__(self, name: str) -> pl.DataFrame | None:
        if name not in FRAMES:
            raise KeyError(name)
        return loading.frame(self._place, self._source, name)

    def __iter__(self) -> Iterator[str]:
        return iter(FRAMES)

    def __len__(self) -> int:
        return len(FRAMES)


def ask(place: Place, asked: Asked) -> None:
    """`on_click`: opens the form; where the fix needs nothing, planning begins at once."""
    if inputs_of(place, asked.check, asked.source, asked.keys):
        st.session_state[_FORM] = asked
    else:
        fix_work.start(place.settings, asked.check, asked.keys, asked.source, safe_only=asked.all)


def opened() -> Asked | None:
    """The form that is open."""
    asked: Asked | None = st.session_state.get(_FORM)
    return asked


def close() -> None:
    """Takes the form away; nothing is planned."""
    st.session_state[_FORM] = None


def dialog(place: Place, asked: Asked) -> None:
    """Draws the open form."""
    fix = fix_for(asked.check)

    @st.dialog(
        fix_words.verb_and_count(fix.id, len(asked.keys)),
        width="large",
        icon=fix_words.icon(fix.id),
        on_dismiss=close,
    )
    def body() -> None:
        if opened() is None:
            st.rerun()
        inputs = inputs_of(place, asked.check, asked.source, asked.keys)
        given = Given()
        _for_all(place, asked, [one for one in inputs if one.key is None], given)
        _row_by_row(place, asked, [one for one in inputs if one.key is not None], given)
        _buttons(place, asked, given)

    body()


def _for_all(place: Place, asked: Asked, inputs: Sequence[Input], given: Given) -> None:
    for one in inputs:
        value = field_of(one, f"form-{asked.check}-{one.name}")
        if value:
            given.options[one.name] = value
        elif one.required:
            given.missing[one.title] = []
    if inputs:
        _who(place, asked)


def _who(place: Place, asked: Asked) -> None:
    names = {key: one.name for key, one in _about(place, asked).items()}
    first = ", ".join(plain(names.get(key) or key) for key in asked.keys[:5])
    rest = f" and {len(asked.keys) - 5:,} more" if len(asked.keys) > 5 else ""
    st.caption(f"For {first}{rest}.")


def _row_by_row(place: Place, asked: Asked, inputs: Sequence[Input], given: Given) -> None:
    if not inputs:
        return
    about = _about(place, asked)
    by_key: dict[str, list[Input]] = {}
    for one in inputs:
        by_key.setdefault(str(one.key), []).append(one)
    if len(by_key) > _MOST_ROWS:
        given.each = fix_table.filled(by_key, about, key=f"form-{asked.check}-table")
    else:
        for key, its in by_key.items():
            given.each[key] = _row(asked, about.get(key, fix_table.About(key)), its)
    for key, its in by_key.items():
        for title in lacking(its, given.each[key]):
            given.missing.setdefault(title, []).append(key)


def lacking(inputs: Sequence[Input], values: Values) -> list[str]:
    """Titles of what a row still needs: what is required, and where nothing is, at least one of its fields. Pure."""
    required = [one for one in inputs if one.required]
    if required:
        return [one.title for one in required if not values.get(one.name)]
    return [] if values else [" or ".join(one.title for one in inputs)]


def _row(asked: Asked, about: fix_table.About, inputs: Sequence[Input]) -> Values:
    values: Values = {}
    with st.container(border=True, gap="xsmall", key=f"form-row-{_slug(about.key)}"):
        st.markdown(f"**{plain(about.name or about.key)}** :gray[{plain(about.key) if about.name else ''}]")
        if about.wrong:
            st.caption(plain(about.wrong))
        with st.container(horizontal=True, vertical_alignment="top", gap="small"):
            for one in inputs:
                with st.container(width=340 if len(inputs) > 1 else "stretch"):
                    value = field_of(one, f"form-{asked.check}-{about.key}-{one.name}")
                if value:
                    values[one.name] = value
    return values


def field_of(one: Input, key: str) -> str | None:
    """One field; gives what it holds as the fix takes it."""
    title = one.title if one.required else f"{one.title} (may stay empty)"
    if one.kind == "choice":
        return _choice(one, title, key)
    if one.kind == "number":
        start = None if one.default is None else float(one.default)
        number = st.number_input(
            title, value=start, min_value=0.0, format="%.10g", key=key, help=one.help or None
        )
        return fix_table.as_text(number) or None
    if one.kind == "date":
        chosen = st.date_input(title, value=None, format="DD/MM/YYYY", key=key, help=one.help or None)
        return fix_table.as_text(chosen if isinstance(chosen, date) else None) or None
    text = st.text_input(title, value=one.default or "", key=key, help=one.help or None)
    return text.strip() or None


def _choice(one: Input, title: str, key: str) -> str | None:
    labels = {choice.value: said(choice) for choice in one.choices}
    values = list(labels)
    value = st.selectbox(
        title,
        values,
        index=values.index(one.default) if one.default in labels else None,
        format_func=lambda value: labels.get(value, value),
        accept_new_options=one.free,
        placeholder="Choose, or write one" if one.free else "Choose one",
        key=key,
        help=one.help or None,
    )
    return None if value is None else str(value).strip() or None


def said(choice: Choice) -> str:
    """`Lotus - same name as the entry that is gone`."""
    return f"{choice.label} - {choice.why}" if choice.why else choice.label


def _buttons(place: Place, asked: Asked, given: Given) -> None:
    fix = fix_for(asked.check)
    keys = given.complete(asked.keys)
    remark = missing_words(given.missing, len(keys))
    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center"):
        st.caption(remark or "First a plan, which changes nothing; then you decide.", width="stretch")
        st.button("Cancel", key="form-cancel", on_click=close)
        st.button(
            f"Plan {fix_words.things(fix.id, len(keys))}" if keys else "Plan",
            key="form-go",
            type="primary",
            icon=":material/pending_actions:",
            disabled=not keys,
            on_click=_go,
            args=(place, asked, tuple(keys), given.options, given.each),
        )


def missing_words(missing: Mapping[str, Sequence[str]], complete: int) -> str:
    """What is still to be filled in, and what becomes of those without. Pure."""
    parts = []
    for title, keys in missing.items():
        who = f" of {', '.join(map(plain, keys[:4]))}" if keys else ""
        more = f" and {len(keys) - 4:,} more" if len(keys) > 4 else ""
        parts.append(f"{title}{who}{more}")
    if not parts:
        return ""
    left_out = (
        f" {plural(len({key for who in missing.values() for key in who}), 'row is', 'rows are')} left out."
    )
    return f"Still missing: {'; '.join(parts)}.{left_out if complete else ''}"


def _go(
    place: Place,
    asked: Asked,
    keys: tuple[str, ...],
    options: Values,
    each: Mapping[str, Values],
) -> None:
    """`on_click`: takes the form away and plans what is complete."""
    if opened() is None:
        return
    close()
    wanted = set(keys)
    values = {key: one for key, one in each.items() if one and key in wanted}
    fix_work.start(
        place.settings, asked.check, keys, asked.source, options=options, each=values, safe_only=asked.all
    )


def _about(place: Place, asked: Asked) -> dict[str, fix_table.About]:
    """What the things are called, and what is wrong with each."""
    rows = loading.open_findings(place).filter(
        (pl.col("check") == asked.check)
        & (pl.col("source") == asked.source)
        & pl.col("key").is_in(list(asked.keys))
    )
    return {
        key: fix_table.About(key, name, " ".join(wrong))
        for key, name, wrong in rows.group_by("key", "name").agg("message").iter_rows()
    }


def _slug(key: str) -> str:
    return "".join(sign if sign.isalnum() else "-" for sign in key)
