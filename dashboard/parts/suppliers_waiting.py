"""What waits for the supplier's approval: a list that can be reviewed, each change before and after, and its download."""

from __future__ import annotations

from functools import partial
from typing import Any

import polars as pl
import streamlit as st

from checks import export
from dashboard.parts import address, check_notes, opening
from dashboard.parts.place import Place
from dashboard.parts.suppliers_known import Known
from dashboard.parts.suppliers_rows import KINDS, chosen, listing
from dashboard.parts.words import ago, exact, plain, plural

_FILTERS = ("text", "kind", "company")
_MOST = 2000
_LONG = 600


def filters(about: Known, company: str) -> pl.DataFrame:
    """Since when nothing was approved, and the row of filters; gives the changes that they leave."""
    assert about.waiting is not None
    rows = chosen(about.waiting, company=company)
    counts = dict(rows.group_by("kind").agg(pl.len()).iter_rows())
    kinds = {kind: f"{word} ({counts.get(kind, 0):,})" for kind, word in KINDS.items()}
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="filters"):
        wanted = address.chips("Kind", "kind", kinds)
        text = address.text("Search", "text", placeholder="Code, name, changed field", width=240)
    left = chosen(rows, text=text)
    return left.filter(pl.col("kind").is_in(wanted)) if wanted else left


def approved(place: Place, about: Known, company: str) -> None:
    """When the supplier approved last."""
    assert about.waiting is not None
    rows = chosen(about.waiting, company=company)
    if rows.is_empty():
        return
    last = rows["approved_at"].max()
    waits = rows["modified"].min()
    since = f" The longest waits since {_when(place, waits)}." if waits is not None else ""
    if last is None:
        st.caption(f"Nothing was approved yet: every article is as the supplier first wrote it.{since}")
    else:
        st.caption(f"Last approval {_when(place, last)}.{since}", help=_exact(place, last))


def _when(place: Place, moment: Any) -> str:
    return plain(ago(moment, place.now))


def _exact(place: Place, moment: Any) -> str:
    return exact(moment, place.zone)


def list_of(place: Place, about: Known, company: str, left: pl.DataFrame) -> str:
    """The list with its download; gives the key of the change that is open."""
    assert about.waiting is not None
    if left.is_empty():
        if chosen(about.waiting, company=company).is_empty():
            st.success(
                f"Nothing waits for approval{check_notes.checked_at(place)}: what you read is what was approved.",
                icon=":material/check_circle:",
            )
        else:
            address.no_match("change", *_FILTERS)
        return ""
    with st.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key="waiting-tools"
    ):
        more = f", the first {_MOST:,} are shown" if left.height > _MOST else ""
        st.caption(
            f"{plural(left.height, 'article')} {'waits' if left.height == 1 else 'wait'}{more}",
            width="content",
        )
        _download(place, left)
    page = left.head(_MOST)
    text = st.column_config.TextColumn
    columns: dict[str, Any] = {
        "kind": text("Kind", width=66),
        "article_code": text("Article", width=66),
        "name": text("Name", width=142),
        "fields": text("What changes", width=138),
        "modified": st.column_config.DatetimeColumn("Since", format="distance", width=84),
        "match_code": text("Yours", width=62),
        "company": text("Company", width=72),
        "approved_at": st.column_config.DatetimeColumn("Last approval", format="distance", width=92),
    }
    if len(about.companies) < 2:
        del columns["company"]
    shown = page.with_columns(kind="kind_word", fields=pl.col("fields").list.join(", "))
    return opening.table(
        page,
        shown.select(*columns),
        columns,
        key="waiting-grid",
        name="change",
        alt="Articles whose changes wait for approval, the longest waiting first",
    )


def _download(place: Place, rows: pl.DataFrame) -> None:
    """The files of what is shown, one line a changed field; each is made when somebody asks for it."""
    made = {
        "xlsx": ("Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        "csv": ("CSV", "text/csv"),
    }
    with st.popover(f"Export {rows.height:,}", icon=":material/download:", width="content", key="export"):
        for kind, (title, mime) in made.items():
            st.download_button(
                title,
                partial(_file, rows, kind),
                file_name=f"waiting-for-approval-{place.now.astimezone(place.zone):%Y-%m-%d}.{kind}",
                mime=mime,
                icon=":material/download:",
                on_click="ignore",
                key=f"export-{kind}",
                width="stretch",
                help="One line a changed field",
            )


def _file(rows: pl.DataFrame, kind: str) -> bytes:
    told = listing(rows)
    return (
        export.listing_as_csv(told) if kind == "csv" else export.listing_as_xlsx(told, "Waiting for approval")
    )


def panel(place: Place, about: Known, left: pl.DataFrame, key: str) -> None:
    """One article's changes, before and after, or what this list is."""
    with st.container(border=True, key="change-panel"):
        rows = None if about.waiting is None else about.waiting.filter(pl.col("id") == key)
        if rows is None or rows.is_empty():
            st.markdown("#### What waits")
            st.caption(
                "Changes that the supplier has entered and not yet approved. Tick a row to see each field before and after."
                if left.height
                else "Changes that the supplier has entered and not yet approved."
            )
            if key:
                st.caption("The change in this link waits no longer: it was approved or taken back.")
            return
        row = rows.row(0, named=True)
        company = f" :gray[{plain(row['company'])}]" if row["company"] else ""
        st.markdown(
            f":gray-badge[{plain(row['kind_word'])}]{company}\n\n#### {plain(row['name'] or row['article_code'] or key)}"
        )
        since = (
            f"changed {ago(row['modified'], place.now)}" if row["modified"] else "changed, nobody says when"
        )
        code = f"Article {plain(row['article_code'])}, " if row["article_code"] else ""
        st.caption(f"{code}{since}", help=_exact(place, row["modified"]))
        _changes(row)
        opening.link(
            ":material/open_in_full: **All about this article**",
            "to-article",
            source=about.source,
            view="articles",
            article=key,
        )
        check_notes.findings_with_history(
            place,
            check_notes.of_thing(
                place, about.source, (pl.col("entity") == "article") & (pl.col("key") == key)
            ),
            most=4,
        )
        st.button("Close", key="close-change", on_click=address.clear, args=("change",))


def _changes(row: dict[str, Any]) -> None:
    changes = row["changes"] or []
    if not changes:
        st.markdown(
            "A new article: there is no approved form of it to compare with."
            if row["kind"] == "new"
            else "The supplier does not say what changes."
        )
        return
    st.table(
        [
            {
                "Field": plain(one["field"]),
                "Before": _short(one["before"]),
                "After": f"**{_short(one['after'])}**",
            }
            for one in changes
        ],
        border="horizontal",
        hide_index=True,
        alt="Fields before and after",
    )


def _short(text: str | None) -> str:
    if not text:
        return "–"
    return plain(text if len(text) <= _LONG else text[:_LONG] + "…")
