"""Names as they are compared: without case, accents, punctuation and legal forms."""

from __future__ import annotations

import polars as pl

_LEGAL_FORMS = "nv bv bvba cv cvba sa sas sarl sc scrl srl spa sprl snc vof vzw asbl gmbh ltd llc inc plc"
_JOINING = "en et and und"

#: Letters that Unicode does not take apart.
_WHOLE = {"œ": "oe", "æ": "ae", "ø": "o", "ß": "ss", "ł": "l", "đ": "d"}


def plain(text: pl.Expr) -> pl.Expr:
    """Words in small letters without accents, one space apart: `Crème d'été, 35 %` is `creme d ete 35`."""
    return (
        text.str.to_lowercase()
        .str.normalize("NFKD")
        .str.replace_all(r"\p{M}", "")
        .str.replace_many(_WHOLE)
        .str.replace_all(r"\b(\p{L})\.", "$1")  # N.V. is nv
        .str.replace_all(r"[^\p{L}\p{N}]+", " ")
        .str.strip_chars()
    )


def folded(text: pl.Expr) -> pl.Expr:
    """`plain` without legal forms and joining words, unless nothing else is there: `Bocage & Fils N.V.` is `bocage fils`."""
    words = plain(text)
    left_out = f" ({'|'.join((*_LEGAL_FORMS.split(), *_JOINING.split()))}) "
    spaced = pl.format(" {} ", words).str.replace_all(" ", "  ").str.replace_all(left_out, " ")
    core = spaced.str.replace_all(" +", " ").str.strip_chars()
    return pl.when(core == "").then(words).otherwise(core)
