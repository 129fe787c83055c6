"""Repairs: a frozen plan, then applying it (journal first, then the call, then reading back), then the finding closes.

```python
plan = make_plan(store, settings, "own-became-central", keys=["A100"], by="me")   # reads, changes nothing
apply_plan(store, settings, plan.id, by="me")                                     # safe to repeat, goes on after a crash
```
"""

from __future__ import annotations

from checks.fixes.apply import apply_plan, leave_as_is, resume
from checks.fixes.catalogue import FIXES, fix_for
from checks.fixes.model import Availability, Fix, Plan, PlanItem
from checks.fixes.outcomes import Pace
from checks.fixes.plan import load_plan, make_plan

__all__ = [
    "FIXES",
    "Availability",
    "Fix",
    "Pace",
    "Plan",
    "PlanItem",
    "apply_plan",
    "fix_for",
    "leave_as_is",
    "load_plan",
    "make_plan",
    "resume",
]
