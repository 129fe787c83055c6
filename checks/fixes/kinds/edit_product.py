"""edit-product: a code, a name, a multiplier or a number of units of an own product is put right (guide, chapter 6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from checks.fixes.inputs import NONE, Choice, Input
from checks.fixes.kinds import choices
from checks.fixes.kinds.field_fix import FieldFix
from checks.fixes.kinds.sound import is_half, is_named
from checks.fixes.model import Task
from checks.fixes.references import References
from checks.gtin import diagnose
from checks.sources.oresto.bodies import Body
from checks.suggest import CodeChoice, ean_choices_of, reference_choices

#: Check -> the fields of the body that put its findings right.
_REPAIRS = {
    "invalid-ean": ("EanCode",),
    "duplicate-ean": ("EanCode",),
    "text-missing": ("Localizations",),
    "multiplier-invalid": ("MultiplierAmount", "MultiplierAbbreviation"),
    "package-mismatch": ("AmountOfUnitProduct",),
}


class EditProduct(FieldFix):
    """Sets the EAN, names, the multiplier, the number of units of own products."""

    id = "edit-product"
    title = "Edit the product"
    verb = "Edit"
    button = "Edit {}"
    past = "edited"
    checks = tuple(_REPAIRS)

    def inputs(
        self, check: str, findings: pl.DataFrame, frames: Mapping[str, pl.DataFrame | None]
    ) -> tuple[Input, ...]:
        """A field for each product: the code it must have been, the name that is missing ..."""
        found = findings.filter(pl.col("check") == check)
        if check in ("invalid-ean", "duplicate-ean"):
            codes = {row["key"]: row["value"] for row in found.iter_rows(named=True)}
            listed = ean_choices_of(codes, frames)
            return tuple(_ean(key, codes_of, check == "invalid-ean") for key, codes_of in listed.items())
        return tuple(
            one for finding in found.iter_rows(named=True) for one in _inputs_of(check, finding, frames)
        )

    def asked(self, task: Task, own: dict[str, Any]) -> dict[str, str] | str:
        """Without a choice, a code whose diagnosis is certain is taken."""
        if task.options:
            return dict(task.options)
        if any(finding["check"] == "invalid-ean" for finding in task.findings):
            found = diagnose(str(own.get("EanCode") or ""))
            if found.certain and found.gtin is not None and found.reason != "valid":
                return {"ean": found.gtin}
            return f"{found.text} Say which it is (option ean: a code, or none; {choices.DIAGNOSED} takes the diagnosis)."
        return _SAY[task.findings[0]["check"]].format(task.findings[0]["field"])

    def repaired(self, finding: Mapping[str, Any], fields: Body, result: Body) -> bool:
        if finding["check"] == "text-missing":
            return "Localizations" in fields and is_named(fields, finding["field"])
        if finding["check"] == "multiplier-invalid" and is_half(result):
            return False
        return any(name in fields for name in _REPAIRS.get(finding["check"], ()))

    def right(self, finding: Mapping[str, Any], body: Body, references: References) -> str | None:
        """Whether a code is still on two products, only the health check tells."""
        check, ean, units = finding["check"], str(body.get("EanCode") or ""), body.get("AmountOfUnitProduct")
        if check == "invalid-ean" and diagnose(ean).reason == "valid":
            return f"EAN {ean}"
        if check == "text-missing" and is_named(body, finding["field"]):
            return f"its name ({finding['field']}) is there"
        if check == "multiplier-invalid" and not is_half(body):
            return "amount and unit of its multiplier agree"
        if check == "package-mismatch" and isinstance(units, int | float) and units > 1:
            return f"{units} units inside"
        return None


#: What a person has to say, by check.
_SAY = {
    "duplicate-ean": "Say which code it has (option ean: a code, or none).",
    "text-missing": "Give the name it lacks (option name_{}).",
    "multiplier-invalid": "Give what it lacks (option multiplier_amount or multiplier_type); none for both takes "
    "the multiplier away.",
    "package-mismatch": "Say how many units are in it (option units).",
}


def _inputs_of(
    check: str, finding: Mapping[str, Any], frames: Mapping[str, pl.DataFrame | None]
) -> tuple[Input, ...]:
    key = finding["key"]
    if check == "text-missing":
        language = finding["field"]
        return (Input(f"{choices.NAME}{language}", f"Name ({language})", "text", per_key=True, key=key),)
    if check == "package-mismatch":
        return (Input("units", "Units inside", "number", per_key=True, key=key),)
    types = reference_choices("multiplier_type", [key], frames)
    return (
        Input(
            "multiplier_amount",
            "Multiplier amount",
            "text",
            required=False,
            help="A number, or none.",
            per_key=True,
            key=key,
        ),
        Input(
            "multiplier_type",
            "Multiplier type",
            "choice",
            required=False,
            choices=(
                *(Choice(value, label, why) for value, label, _, why in types.iter_rows()),
                Choice(NONE, "No multiplier type"),
            ),
            per_key=True,
            key=key,
        ),
    )


def _ean(key: str, found: Sequence[CodeChoice], take_likeliest: bool) -> Input:
    likely = found[0] if found and take_likeliest and found[0].certain else None
    return Input(
        "ean",
        "EAN",
        "choice",
        choices=(
            *(Choice(one.value, one.label, one.why) for one in found),
            Choice(NONE, "No EAN", "the product has no code of its own"),
        ),
        default=None if likely is None else likely.value,
        help="The code it must have been first; or write the one on the packaging.",
        free=True,
        per_key=True,
        key=key,
    )
