"""What fixes of single fields of an own product have in common: PUT Products, all else carried along.

Such a fix says which fields are to be what (`wanted`); here is the rest: whether the shop would take it, what moved since,
the goals, and whether the old value could be set again.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Mapping
from typing import Any

from checks.fixes.compare import differences, word
from checks.fixes.goals import FieldsSet
from checks.fixes.goals.fields import field_differences
from checks.fixes.kinds import choices
from checks.fixes.kinds.reading import is_set, own_moved, own_product
from checks.fixes.kinds.sound import is_half, is_named, is_wrong
from checks.fixes.model import Before, Fix, Goal, Live, NotPlanned, Planned, Task
from checks.fixes.references import References
from checks.fixes.shop import Shop
from checks.fixes.wording import names, product_name
from checks.gtin import diagnose
from checks.settings_sources import OrestoSource
from checks.sources.oresto import bodies
from checks.sources.oresto.bodies import Body

_REFUSED = "The shop would refuse the change, because {}. Choose that too: {}."
_NOTHING = "It is so already. Run a health check to look anew."
_SEVERAL_CATEGORIES = "It is in several categories, and a change through the API can keep only one of them: change it in the shop itself."
_NO_CHOICE = "Nothing was chosen for its {}: {}."
_ELSEWHERE = "EAN {} is on article {} already: find out which of the two it belongs to."
_BY_NOW = "EAN {} is on article {} by now: find out which of the two it belongs to."
_RIGHT = "It is right by now: {}. Run a health check to look anew."
_HALF = "An amount needs a unit: give multiplier_type too, or none for both."
_NO_AMOUNT = "A unit needs an amount: give multiplier_amount too, or none for both."
_TWICE = "EAN {} is given to {} in this plan already."


class FieldFix(Fix):
    """Sets fields of an own product."""

    needs = ("own",)
    options = choices.OPTIONS

    @abstractmethod
    def asked(self, task: Task, own: dict[str, Any]) -> dict[str, str] | str:
        """What a person chose, by option, or what may be chosen without them; or what they have to say first."""

    @abstractmethod
    def repaired(self, finding: Mapping[str, Any], fields: Body, result: Body) -> bool:
        """Does setting these fields close that finding? `result`: what PUT sends with them."""

    @abstractmethod
    def right(self, finding: Mapping[str, Any], body: Body, references: References) -> str | None:
        """What is right by now of what was found wrong, in words; None while it is wrong. `body`: what stands there."""

    def survey(self, shop: Shop, tasks: Collection[Task]) -> References:
        return shop.references()

    def plan(self, shop: Shop, survey: References, task: Task) -> Planned | NotPlanned:
        own = own_product(shop, task.key)
        if isinstance(own, NotPlanned):
            return own
        if len(own.get("Categories") or ()) > 1:
            return NotPlanned(task.key, _SEVERAL_CATEGORIES)
        body = bodies.replacement_body(own)
        right = [self.right(finding, body, survey) for finding in task.findings]
        if all(right):
            return NotPlanned(task.key, _RIGHT.format(names(dict.fromkeys(filter(None, right)))))
        asked = self.asked(task, own)
        if isinstance(asked, str):
            return NotPlanned(task.key, asked)
        asked = _without_what_is_named(asked, task, body)
        try:
            chosen = choices.chosen(asked, own, body, _wrong(task, body, survey), survey)
        except choices.Unfit as unfit:
            return NotPlanned(task.key, str(unfit))
        if not chosen.fields:
            return NotPlanned(task.key, _no_choice(task))
        changed = field_differences(chosen.fields, body)
        if not changed:
            return NotPlanned(task.key, _NOTHING)
        if (half := _half_multiplier(task, body, chosen.fields)) is not None:
            return NotPlanned(task.key, half)
        if obstacles := obstacles_of({**body, **chosen.fields}, survey):
            mend = names(dict.fromkeys(f"option {_as_option(what)}" for what, _ in obstacles))
            return NotPlanned(task.key, _REFUSED.format(names(why for _, why in obstacles), mend))
        if (other := _on_another(shop, task.key, chosen.fields)) is not None:
            return NotPlanned(task.key, other)
        return self._frozen(task, own, body, chosen, survey)

    def _frozen(
        self, task: Task, own: dict[str, Any], body: Body, chosen: choices.Chosen, references: References
    ) -> Planned:
        was = {name: body.get(name) for name in chosen.fields}
        never = _never_again({**body, **was}, was, references)
        before = {
            "own": own,
            "wanted": chosen.fields,
            "was": was,
            "never": never,
            "words": dict(chosen.words),
        }
        found, result = (*task.findings, *task.related), {**body, **chosen.fields}
        return Planned(
            key=task.key,
            title=product_name(own),
            klass="confirm" if never else "safe",
            before=before,
            consequences=tuple(_changes(before)),
            lost=(f"The old value of {names(dict.fromkeys(word(name) for name in was))}.",) if never else (),
            undo=never or f"Set back to what it was: {self.was_text(before)}",
            repairs=tuple(
                dict.fromkeys(
                    finding["id"] for finding in found if self.repaired(finding, chosen.fields, result)
                )
            ),
        )

    def settle(self, results: list[Planned | NotPlanned]) -> list[Planned | NotPlanned]:
        """Two products of one plan must not get the same EAN."""
        first: dict[str, str] = {}
        settled: list[Planned | NotPlanned] = []
        for one in results:
            ean = one.before["wanted"].get("EanCode") if isinstance(one, Planned) else None
            if ean is None or first.setdefault(ean.zfill(14), one.key) == one.key:
                settled.append(one)
            else:
                settled.append(NotPlanned(one.key, _TWICE.format(ean, first[ean.zfill(14)])))
        return settled

    def guards(self, live: Live) -> tuple[str, ...]:
        return ("references", "ean_of_others")

    def refusal(self, before: Before, live: Live, started: bool) -> str | None:
        reached = started and is_set(before, live, bodies.replacement_body)
        if (moved := own_moved(before, live, reached)) is not None or reached:
            return moved
        references: References = live["references"]
        obstacles = obstacles_of({**bodies.replacement_body(live["own"]), **before["wanted"]}, references)
        if obstacles:
            return (
                f"the lookup tables changed since the plan: {names(why for _, why in obstacles)}. Plan again."
            )
        if others := live["ean_of_others"]:
            return _BY_NOW.format(before["wanted"]["EanCode"], others[0])
        return None

    def forward(self, before: Before, source: OrestoSource) -> tuple[Goal, ...]:
        return (self._goal(before, "wanted", "was"),)

    def back(self, before: Before, source: OrestoSource) -> tuple[Goal, ...]:
        return (self._goal(before, "was", "wanted"),)

    def _goal(self, before: Before, to: str, otherwise: str) -> FieldsSet:
        own = before["own"]
        body = bodies.replacement_body(own)
        undo = {name: value for name, value in {**body, **before[otherwise]}.items() if value is not None}
        title = f"Set {names(dict.fromkeys(word(name) for name in before[to]))}"
        return FieldsSet(
            own["WholesalerArticleNumber"],
            before[to],
            own,
            title if to == "wanted" else f"{title} back",
            (bodies.replace_own(undo),),
            before[otherwise],
        )

    def done_text(self, before: Before) -> str:
        return f"Set and read back: {' '.join(_changes(before))}"

    def was_text(self, before: Before) -> str:
        return f"{names(f'{word(name)} {_shown(value)}' for name, value in before['was'].items())}."

    def is_text(self, live: Live) -> str:
        own = live.get("own")
        return (
            "it could not be read."
            if own is None
            else f"the own product {product_name(own) or ''}.".replace(" .", ".")
        )

    def as_it_is(self, before: Before, live: Live) -> Before:
        """Only the fields that were set are set back; PUT sends all else as it is by then."""
        return {**before, "own": live["own"] or before["own"]}

    def not_undoable(self, before: Before) -> str | None:
        never = before.get("never")
        return str(never) if never else None


def _changes(before: Before) -> list[str]:
    """`Brand: 77777 -> Lotus (12).`, a sentence for each field."""
    words = before["words"]
    found = []
    for name, value in before["wanted"].items():
        for one in differences({name: before["was"][name]}, {name: value}):
            new = words.get(name) or _shown(one.now)
            found.append(f"{one.field[:1].upper()}{one.field[1:]}: {_shown(one.was)} -> {new}.")
    return found


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return " ".join(map(str, value.values()))
    if isinstance(value, list):
        return "; ".join(f"{one.get('LanguageCode')} {one.get('Name')}" for one in value) or "nothing"
    return "nothing" if value in (None, "") else str(value)


def obstacles_of(body: Body, references: References) -> list[tuple[str, str]]:
    """What the shop would refuse in a PUT: what people call the field, and why."""
    found = references.obstacles({name: value for name, value in body.items() if value is not None})
    ean = body.get("EanCode")
    if ean and diagnose(str(ean)).reason != "valid":
        found.append(("EAN", f"its EAN {ean} is not valid"))
    return found


def field_of(finding: Mapping[str, Any]) -> str | None:
    """The option that puts a finding about a reference right."""
    if finding["check"] == "category-not-leaf":
        return "category"
    return finding["field"] if finding["check"] in REFERENCE_CHECKS else None


REFERENCE_CHECKS = ("invalid-reference", "missing-reference", "category-not-leaf")


def _wrong(task: Task, body: Body, references: References) -> set[str]:
    """The references that may be set: those of its findings that are still wrong, and those that the shop would refuse."""
    findings = (*task.findings, *task.related)
    named = {field_of(finding) for finding in findings}
    found = {name for name in named if name is not None and is_wrong(name, body, references)}
    if any(finding["check"] == "multiplier-invalid" for finding in findings) and is_half(body):
        found.add("multiplier_type")
    refused = {_as_option(what) for what, _ in obstacles_of(body, references)}
    return found | refused


def _without_what_is_named(asked: Mapping[str, str], task: Task, body: Body) -> dict[str, str]:
    """What was chosen, but for a name that was missing and that somebody has given meanwhile."""
    given = {
        f"{choices.NAME}{finding['field']}"
        for finding in (*task.findings, *task.related)
        if finding["check"] == "text-missing" and is_named(body, finding["field"])
    }
    return {name: value for name, value in asked.items() if name not in given}


def _half_multiplier(task: Task, body: Body, fields: Body) -> str | None:
    """Why half a multiplier is not made, nor left where it is what was found; None where there is none."""
    result = {**body, **fields}
    found = any(finding["check"] == "multiplier-invalid" for finding in task.findings)
    if not is_half(result) or (is_half(body) and not found):
        return None
    return _HALF if result.get("MultiplierAmount") else _NO_AMOUNT


def _no_choice(task: Task) -> str:
    fields = [name for finding in task.findings if (name := field_of(finding)) is not None] or ["fields"]
    return _NO_CHOICE.format(
        names(name.replace("_", " ") for name in dict.fromkeys(fields)),
        names(f"option {name}" for name in dict.fromkeys(fields)),
    )


def _on_another(shop: Shop, key: str, fields: Body) -> str | None:
    """Another own product that has the code this one is to get."""
    ean = fields.get("EanCode")
    for row in shop.own_by_ean(ean) if ean else ():
        if row.get("WholesalerArticleNumber") != key:
            return _ELSEWHERE.format(ean, row.get("WholesalerArticleNumber"))
    return None


def _never_again(body: Body, was: Body, references: References) -> str | None:
    """Why the shop would not take the old values again, as a sentence; None when it would."""
    ours = {_as_option(word(name)) for name in was}
    reasons = [why for what, why in obstacles_of(body, references) if _as_option(what) in ours]
    if not reasons:
        return None
    return f"Cannot be undone: the shop would not take the old value again, because {names(reasons)}."


def _as_option(what: str) -> str:
    """`storage condition` -> `storage_condition`, `EAN` -> `ean`."""
    return what.replace(" ", "_").lower()
