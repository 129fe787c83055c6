"""Keurmeester without a screen: collect, check, find, fix.

Data goes one way: settings -> sources -> frames -> rules -> findings -> store -> fixes. Nothing upstream knows
anything downstream. This module stays import-light: `python -m checks.bootstrap` runs before anything is installed.
"""

__version__ = "0.5.0"
