"""Repairs: a frozen plan, then applying it (journal first, then the call, then reading back), then the finding closes.

```python
plan = make_plan(store, settings, "own-became-central", keys=["A100"], by=me)     # reads, changes nothing
apply_plan(store, settings, plan.id, by=me)                                       # safe to repeat, goes on after a crash
undo = plan_undo(store, settings, [plan.items[0].fix_id], by=me)                  # a plan like any other
new = plan_new(store, settings, "create-link", {"A100": body}, by=me)             # and so is what has no finding
```

`me` is a `checks.people.Person`; who may not, gets `NotAllowed` from every function that plans or changes something.
"""

from __future__ import annotations

from checks.fixes.apply import apply_plan, ask_worker, default_classes, discard, leave_as_is, resume, settle
from checks.fixes.catalogue import FIXES, fix_for
from checks.fixes.inputs import Choice, Input
from checks.fixes.model import CLASSES, ONBOARDING, Availability, Fix, Klass, Plan, PlanItem
from checks.fixes.outcomes import Pace
from checks.fixes.plan import make_plan, plan_undo, undo_refusal
from checks.fixes.plan_new import plan_new, plan_new_in_batches
from checks.fixes.plan_records import load_plan

__all__ = [
    "CLASSES",
    "FIXES",
    "ONBOARDING",
    "Availability",
    "Choice",
    "Fix",
    "Input",
    "Klass",
    "Pace",
    "Plan",
    "PlanItem",
    "apply_plan",
    "ask_worker",
    "default_classes",
    "discard",
    "fix_for",
    "leave_as_is",
    "load_plan",
    "make_plan",
    "plan_new",
    "plan_new_in_batches",
    "plan_undo",
    "resume",
    "settle",
    "undo_refusal",
]
