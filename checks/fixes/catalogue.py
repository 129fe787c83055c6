"""The fixes there are. A new one is a file in `checks.fixes.kinds` with a subclass of `Fix`, and a line here."""

from __future__ import annotations

from checks.errors import UsageError
from checks.fixes.kinds.create_client import CreateClient
from checks.fixes.kinds.create_link import CreateLink
from checks.fixes.kinds.create_own import CreateOwn
from checks.fixes.kinds.delete_client_product import DeleteClientProduct
from checks.fixes.kinds.delete_order_list_item import DeleteOrderListItem
from checks.fixes.kinds.delete_own import DeleteOwn
from checks.fixes.kinds.edit_product import EditProduct
from checks.fixes.kinds.edit_sales import EditSales
from checks.fixes.kinds.link_central import LinkCentral
from checks.fixes.kinds.process_order import ProcessOrder
from checks.fixes.kinds.set_reference import SetReference
from checks.fixes.kinds.unlink import Unlink
from checks.fixes.kinds.upload_photo import UploadPhoto
from checks.fixes.model import ONBOARDING, Fix

FIXES: dict[str, Fix] = {
    fix.id: fix
    for fix in (
        LinkCentral(),
        DeleteOwn(),
        Unlink(),
        UploadPhoto(),
        SetReference(),
        EditProduct(),
        EditSales(),
        DeleteClientProduct(),
        DeleteOrderListItem(),
        ProcessOrder(),
        CreateLink(),
        CreateOwn(),
        CreateClient(),
    )
}


def fix_for(check: str) -> Fix:
    """The fix of a check's findings. Raises UsageError, naming the checks that have one."""
    for fix in FIXES.values():
        if check in fix.checks:
            return fix
    if check == ONBOARDING:
        raise UsageError(
            "There are no findings of onboarding: what is to be created comes from a file, in the notebook onboarding. Its "
            "plans are applied, shown and undone like any other."
        )
    fixable = ", ".join(sorted(check for fix in FIXES.values() for check in fix.checks))
    raise UsageError(f"There is no fix for {check}. Fixable: {fixable}.")
