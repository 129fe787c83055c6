"""The error log: which rows are one problem, what it is about, what it means, and whether it grows.

Pure functions over frames; states and their transitions in `states`. The store keeps what they give.
"""

from __future__ import annotations

from checks.triage.fingerprint import MASKS_VERSION, fingerprinted
from checks.triage.meaning import Meaning, meaning
from checks.triage.things import things
from checks.triage.titles import titles

__all__ = ["MASKS_VERSION", "Meaning", "fingerprinted", "meaning", "things", "titles"]
