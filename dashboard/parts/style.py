"""What the theme file cannot say: less empty space at the sides, links that stand in line with the text above them.

Everything else is in `.streamlit/config.toml`. Where a newer Streamlit knows these class names no more, the pages only
look a little wider spaced.
"""

from __future__ import annotations

import streamlit as st

#: Height in pixels of a table's header and of each of its rows, at the theme's font size.
ROW = 31

_CSS = """
<style>
@media (min-width: 641px) {
  .stMainBlockContainer { padding-left: 2rem; padding-right: 2rem; max-width: 1680px; }
}
@media (max-width: 640px) {
  .stMainBlockContainer { padding-left: 1rem; padding-right: 1rem; }
}
.stMain .stPageLink a { padding-left: 0; min-height: 1.6rem; }
.stMain .stPageLink a:not(:hover) { background-color: transparent; }
.stMain h1 { padding-top: 0; }
@media (max-width: 640px) { .st-key-attention-head { display: none; } }
</style>
"""


def apply() -> None:
    """Once a script run, before anything is drawn."""
    st.html(_CSS)


def table_height(rows: int, most: int) -> int:
    """As high as its rows, and not higher than `most`."""
    return min(most, ROW * (max(1, rows) + 1) + 3)
