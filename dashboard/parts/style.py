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
.stMain .stPageLink a, .stMain .stPageLink a * { white-space: normal; }
.stMain h1 { padding-top: 0; }
.stMain button[data-variant="segmented_control"][data-selected="true"], .stMain button[data-variant="pills"][data-selected="true"],
.stMain button[data-variant="segmented_control"][data-selected="true"] p, .stMain button[data-variant="pills"][data-selected="true"] p,
.stMain [role="tab"][aria-selected="true"], .stMain [role="tab"][aria-selected="true"] p {
  color: %(accent)s;
}
[class*="st-key-attention-"]:not(.st-key-attention-head) { border-top: 1px solid %(line)s; padding-top: 0.2rem; }
[class*="st-key-examples-"] { padding-left: 1.2rem; margin-top: -0.5rem; }
@media (max-width: 640px) {
  .st-key-attention-head { display: none; }
  [class*="st-key-attention-"], [class*="st-key-side-"], [class*="st-key-examples-"] { gap: 0 0.8rem; }
  [class*="st-key-side-"] [data-testid="stCaptionContainer"] { text-align: left; }
  /* The panel of a finding comes up from the bottom: below a long list nobody would see it. */
  .st-key-finding-panel {
    position: fixed; left: 0; right: 0; bottom: 0; z-index: 90; width: auto; max-height: 62vh; overflow-y: auto;
    border-radius: 12px 12px 0 0; background: %(paper)s; box-shadow: 0 -6px 24px rgb(0 0 0 / 22%%);
  }
}
</style>
"""

#: The theme's background, a thin line and the link colour; CSS cannot read them from the theme file.
_LIGHT = {"paper": "#FFFFFF", "line": "#EDF1F2", "accent": "#0B5D66"}
_DARK = {"paper": "#11191C", "line": "#1F2B30", "accent": "#6CC3CC"}


def apply() -> None:
    """Once a script run, before anything is drawn."""
    st.html(_CSS % (_DARK if st.context.theme.type == "dark" else _LIGHT))


def table_height(rows: int, most: int) -> int:
    """As high as its rows, and not higher than `most`."""
    return min(most, ROW * (max(1, rows) + 1) + 3)
