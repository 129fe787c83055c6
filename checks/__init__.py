"""Keurmeester without a screen: collect, check, find, fix.

Data goes one way: settings -> sources -> frames -> rules -> findings -> store -> fixes. Nothing upstream knows
anything downstream. This module stays import-light: `python -m checks.bootstrap` runs before anything is installed.
A notebook begins with `from checks import connect` (see `checks.workbench`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from checks.workbench import connect as connect

__version__ = "0.6.0"


def __getattr__(name: str) -> Any:
    if name == "connect":
        from checks.workbench import connect

        return connect
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
