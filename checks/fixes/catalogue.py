"""The fixes there are. A new one is a file with a subclass of `Fix`, and a line here."""

from __future__ import annotations

from checks.errors import UsageError
from checks.fixes.link_central import LinkCentral
from checks.fixes.model import Fix

FIXES: dict[str, Fix] = {fix.id: fix for fix in (LinkCentral(),)}


def fix_for(check: str) -> Fix:
    """The fix of a check's findings. Raises UsageError, naming the checks that have one."""
    for fix in FIXES.values():
        if check in fix.checks:
            return fix
    fixable = ", ".join(sorted(check for fix in FIXES.values() for check in fix.checks))
    raise UsageError(f"There is no fix for {check} yet. Fixable: {fixable}.")
