"""debtor-missing-required, debtor-unknown-parent, debtor-cycle, debtor-duplicate, debtor-without-contact,
debtor-invalid-currency, debtor-invalid-country, debtor-invalid-language, debtor-order-day-invalid."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Any

import polars as pl
import pytest

from checks.findings import CheckResult
from checks.frames import FRAMES, Collected, Frames
from checks.rules import CHECKS, run_checks
from checks.rules.debtor_links import family, on_a_ring
from checks.rules.debtors import REQUIRED
from checks.settings import CheckSettings

Findings = Callable[..., list[dict[str, Any]]]

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
TUESDAY = {
    "id": "orderdays/9",
    "name": "Dinsdag",
    "day": 2,
    "until": "-1.15:30:00",
    "day_shift": -1,
    "clock": time(15, 30),
}
DEBTOR = {
    "debtor_id": 501,
    "code": "C1",
    "administration": "Hoofd",
    "name": "Brasserie Leopold",
    "category": "Horeca",
    "country": "BEL",
    "currency": "EUR",
    "currency_old": "EUR",
    "language": "nl",
    "place": "Oostende",
    "vat_number": "BE0123456789",
    "blocked": False,
    "pays_vat": True,
    "to_invoice": [],
    "contacts": 1,
    "users": 1,
    "order_days": [TUESDAY],
    "created": NOW,
}
#: All that tells one debtor from another.
OTHER = {"debtor_id": 502, "code": "C2", "name": "Café Anna", "place": "Gent", "vat_number": "BE0987654321"}
OURS = [check for check in CHECKS if CHECKS[check].system == "easyflor"]


def debtor(**fields: Any) -> dict[str, Any]:
    return DEBTOR | fields


def other(**fields: Any) -> dict[str, Any]:
    return DEBTOR | OTHER | fields


def frame(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=FRAMES["debtors"].schema, orient="row")


def result(check: str, frames: Frames) -> tuple[CheckResult, pl.DataFrame]:
    judged = run_checks(frames, CheckSettings(), NOW, only=[check], system="easyflor")
    (one,) = judged.results
    return one, judged.found


@pytest.fixture
def findings() -> Findings:
    """What one check finds in these debtors; it must have been able to run."""

    def run(check: str, *rows: dict[str, Any]) -> list[dict[str, Any]]:
        one, found = result(check, Frames.of("erp", debtors=frame(*rows)))
        assert one.message is None
        return found.to_dicts()

    return run


def keys(found: list[dict[str, Any]]) -> list[str]:
    return [one["key"] for one in found]


def test_they_are_nine() -> None:
    assert len(OURS) == 9
    assert {CHECKS[check].area for check in OURS} == {"debtors"}


@pytest.mark.parametrize("check", OURS)
def test_a_sound_debtor_passes(findings: Findings, check: str) -> None:
    assert findings(check, debtor(), other()) == []


@pytest.mark.parametrize("check", OURS)
def test_without_debtors_nothing_could_be_judged(check: str) -> None:
    for frames in (
        Frames.of("erp"),
        Frames.of("erp", debtors=frame()),
        Frames("erp", {"debtors": Collected("erp", "debtors", "deferred", message="closed until 18:00 UTC")}),
    ):
        one, found = result(check, frames)
        assert (one.status, found.height) == ("could_not_run", 0)


@pytest.mark.parametrize("check", OURS)
def test_a_column_that_is_gone_is_not_judged(check: str) -> None:
    for column in CHECKS[check].needs["debtors"]:
        gone = Collected("erp", "debtors", "ok", frame(debtor()), unusable={column: f"{column} is gone."})
        one, _ = result(check, Frames("erp", {"debtors": gone}))
        assert (one.status, one.message) == ("could_not_run", f"Debtors: {column} is gone.")


@pytest.mark.parametrize("check", OURS)
def test_a_debtor_of_whom_nothing_is_known_stops_no_check(findings: Findings, check: str) -> None:
    empty = dict.fromkeys(FRAMES["debtors"].columns, None) | {"debtor_id": 503}
    found = findings(check, debtor(), empty)
    assert bool(found) is (check == "debtor-missing-required")


@pytest.mark.parametrize("check", OURS)
def test_no_sentence_names_anybody(findings: Findings, check: str) -> None:
    """Findings are kept longer than names may be: codes may stand in them."""
    bad = {
        "category": None,
        "parent_id": 9,
        "contacts": 0,
        "currency": "EURO",
        "country": "BE",
        "language": "??",
    }
    rows = [debtor(**bad), debtor(debtor_id=502, **bad), debtor(debtor_id=503, parent_id=503)]
    rows[0]["order_days"] = [TUESDAY | {"day": 9}]
    found = findings(check, *rows)
    assert found
    for one in found:
        for secret in ("Leopold", "Oostende", "0123456789"):
            assert secret not in f"{one['message']}{one['value']}"


@pytest.mark.parametrize("column", REQUIRED)
def test_debtor_missing_required(findings: Findings, column: str) -> None:
    (one,) = findings("debtor-missing-required", debtor(**{column: None}), other())
    assert (one["entity"], one["key"], one["field"], one["severity"]) == ("debtor", "501", column, "error")
    assert one["message"].startswith(
        "Debtor with id 501 has no " if column == "code" else "Debtor C1 has no "
    )


def test_a_blank_text_is_missing_and_false_is_not(findings: Findings) -> None:
    assert len(findings("debtor-missing-required", debtor(category=" "))) == 1
    assert findings("debtor-missing-required", debtor(blocked=False, pays_vat=False)) == []


def test_debtor_unknown_parent(findings: Findings) -> None:
    rows = [debtor(), other(parent_id=77)]
    (one,) = findings("debtor-unknown-parent", *rows)
    assert (one["key"], one["field"], one["value"], one["severity"]) == ("502", "parent_id", "77", "error")
    assert one["message"] == "Debtor C2 has a parent with id 77, which does not exist."


def test_a_parents_code_that_no_debtor_has(findings: Findings) -> None:
    (one,) = findings("debtor-unknown-parent", debtor(), other(parent_code="C9"))
    assert (one["field"], one["value"]) == ("parent_code", "C9")
    assert one["message"] == "Debtor C2 has a parent of code C9, which no debtor has."


def test_a_parents_id_and_code_that_disagree(findings: Findings) -> None:
    third = other(debtor_id=503, code="C3", parent_id=501, parent_code="C2")
    (one,) = findings("debtor-unknown-parent", debtor(), other(), third)
    assert (one["key"], one["field"], one["value"]) == ("503", "parent_code", "C2")
    assert one["message"] == "Debtor C3 has two parents: C1 by its id, and C2 by its code."


def test_a_parent_that_exists_is_known_by_either(findings: Findings) -> None:
    for link in ({"parent_id": 501}, {"parent_code": "C1 "}, {"parent_id": 501, "parent_code": " C1"}):
        assert findings("debtor-unknown-parent", debtor(), other(**link)) == []


def test_a_parents_code_in_two_administrations_is_told_once(findings: Findings) -> None:
    twin = debtor(debtor_id=503, administration="Export")
    assert findings("debtor-unknown-parent", debtor(), twin, other(parent_id=501, parent_code="C1")) == []
    assert len(findings("debtor-unknown-parent", debtor(), twin, other(parent_id=7, parent_code="C1"))) == 1


def test_debtor_cycle(findings: Findings) -> None:
    rows = [debtor(parent_id=502), other(parent_id=501), other(debtor_id=503, code="C3", parent_id=502)]
    found = findings("debtor-cycle", *rows)
    assert [(one["key"], one["field"], one["value"]) for one in found] == [
        ("501", "parent_id", "C2"),
        ("502", "parent_id", "C1"),
    ]
    assert found[0]["message"] == "Debtor C1 has parent C2, and that leads back to itself."


@pytest.mark.parametrize(
    ("administration", "told"),
    [
        ("Export", "Debtor C1 of Hoofd has parent C1 of Export, and that leads back to itself."),
        ("Hoofd", "Debtor C1 with id 501 has parent C1 with id 502, and that leads back to itself."),
        (None, "Debtor C1 of Hoofd has parent C1 with id 502, and that leads back to itself."),
    ],
)
def test_debtors_of_one_code_are_told_apart(
    findings: Findings, administration: str | None, told: str
) -> None:
    twin = debtor(debtor_id=502, administration=administration, parent_id=501)
    assert findings("debtor-cycle", debtor(parent_id=502), twin)[0]["message"] == told


def test_its_own_parent(findings: Findings) -> None:
    (one,) = findings("debtor-cycle", debtor(parent_id=501))
    assert one["message"] == "Debtor C1 is its own parent."


def test_invoiced_in_a_ring(findings: Findings) -> None:
    found = findings("debtor-cycle", debtor(to_invoice=["debtors/502"]), other(to_invoice=["501", "x"]))
    assert [(one["key"], one["field"], one["value"]) for one in found] == [
        ("501", "to_invoice", "C2"),
        ("502", "to_invoice", "C1"),
    ]
    assert found[0]["message"] == "Debtor C1 is invoiced for C2, and that leads back to itself."


def test_all_that_a_debtor_of_a_ring_is_invoiced_for_are_named(findings: Findings) -> None:
    strangers = ["debtors/502", "debtors/77", "501"]
    (one, _) = findings("debtor-cycle", debtor(to_invoice=strangers), other(to_invoice=["501"]))
    assert one["message"] == "Debtor C1 is invoiced for C2, with id 77, and that leads back to itself."


def test_a_debtor_is_invoiced_for_itself_by_right(findings: Findings) -> None:
    assert findings("debtor-cycle", debtor(to_invoice=["debtors/501", None, "", "debtors/"]), other()) == []
    assert findings("debtor-cycle", debtor(to_invoice=None)) == []


def links(*pairs: tuple[int, int]) -> pl.DataFrame:
    return pl.DataFrame(pairs, schema={"from": pl.Int64, "to": pl.Int64}, orient="row")


@pytest.mark.parametrize(
    ("pairs", "ringed"),
    [
        ([], []),
        ([(1, 2), (2, 3)], []),
        ([(1, 2), (2, 1), (3, 1), (1, 4)], [1, 2]),
        ([(1, 2), (2, 1), (2, 3), (3, 4), (4, 3)], [1, 2, 3, 4]),
        ([(1, 2), (2, 1), (2, 9), (9, 3), (3, 4), (4, 3)], [1, 2, 3, 4]),  # 9 lies between two rings
        ([(1, 2), (2, 3), (3, 1), (1, 3)], [1, 2, 3]),
        ([(1, 1), (1, 2)], [1]),
    ],
)
def test_who_is_on_a_ring(pairs: list[tuple[int, int]], ringed: list[int]) -> None:
    assert sorted(on_a_ring(links(*pairs))) == ringed


def test_a_family_is_told_by_the_highest_of_it() -> None:
    parents = {1: None, 2: 1, 3: 2, 4: 3, 5: 99, 6: 7, 7: 6, 8: 6, 9: None}
    rows = [debtor(debtor_id=one, parent_id=parent) for one, parent in parents.items()]
    found = dict(family(frame(*rows)).sort("debtor_id").iter_rows())
    assert {one: found[one] for one in (1, 2, 3, 4, 5, 6, 7, 9)} == {
        1: 1,
        2: 1,
        3: 1,
        4: 1,
        5: 5,
        6: 6,
        7: 7,
        9: 9,
    }


def test_a_chain_of_five_thousand_is_no_trouble() -> None:
    rows = pl.DataFrame({"debtor_id": range(5_000), "parent_id": range(-1, 4_999)})
    assert on_a_ring(rows.rename({"debtor_id": "from", "parent_id": "to"}).slice(1)).is_empty()


def test_debtor_duplicate(findings: Findings) -> None:
    found = findings("debtor-duplicate", debtor(), other(code=" C1"))
    assert [(one["key"], one["field"], one["value"]) for one in found] == [
        ("501", "code", "C1"),
        ("502", "code", "C1"),
    ]
    assert found[0]["severity"] == "warning"
    assert found[0]["message"] == (
        "Code C1 is on several debtors of administration Hoofd, with the ids 501, 502."
    )


def test_many_of_one_code_are_counted(findings: Findings) -> None:
    rows = [other(debtor_id=number, code="C1", name=None, vat_number=None) for number in range(1, 6)]
    found = findings("debtor-duplicate", *rows)
    assert len(found) == 5
    assert found[0]["message"] == (
        "Code C1 is on several debtors of administration Hoofd, with the ids 1, 2, 3 and 2 more."
    )


def test_one_vat_number_however_written(findings: Findings) -> None:
    found = findings("debtor-duplicate", debtor(), other(vat_number="be 0123.456.789"))
    assert [(one["key"], one["field"], one["value"]) for one in found] == [
        ("501", "vat_number", "C1, C2"),
        ("502", "vat_number", "C1, C2"),
    ]
    assert (
        found[0]["message"] == "Debtors C1, C2 have the same VAT number and are no branches of one another."
    )


def test_branches_share_a_vat_number_by_right(findings: Findings) -> None:
    same = {"vat_number": DEBTOR["vat_number"]}
    branch = other(parent_id=501, **same)
    below = other(debtor_id=503, code="C3", place="Brugge", parent_id=502, **same)
    assert findings("debtor-duplicate", debtor(), branch, below) == []
    stranger = other(debtor_id=504, code="C4", place="Aalst", **same)
    assert keys(findings("debtor-duplicate", debtor(), branch, stranger)) == ["501", "502", "504"]


def test_the_same_name_in_the_same_place(findings: Findings) -> None:
    found = findings("debtor-duplicate", debtor(), other(name=" BRASSERIE  Léopold NV", place="oostende "))
    assert [(one["key"], one["field"]) for one in found] == [("501", "name"), ("502", "name")]
    assert found[0]["message"] == "Debtors C1, C2 have the same name in the same place."
    assert findings("debtor-duplicate", debtor(), other(name=DEBTOR["name"])) == []
    assert findings("debtor-duplicate", debtor(place=None), other(name=DEBTOR["name"], place=None)) == []


def test_each_administration_has_books_of_its_own(findings: Findings) -> None:
    assert findings("debtor-duplicate", debtor(), debtor(debtor_id=502, administration="Export")) == []


def test_a_blocked_debtor_is_a_duplicate_that_was_dealt_with(findings: Findings) -> None:
    blocked = debtor(debtor_id=502, code="C2", blocked=True)
    assert findings("debtor-duplicate", debtor(), blocked) == []
    assert len(findings("debtor-duplicate", debtor(), blocked | {"code": "C1"})) == 2, (
        "a code is one debtor's"
    )


@pytest.mark.parametrize("number", [None, "", "BE", "0000", "  -- "])
def test_too_little_of_a_vat_number_tells_nothing(findings: Findings, number: str | None) -> None:
    assert findings("debtor-duplicate", debtor(vat_number=number), other(vat_number=number)) == []


def test_debtor_without_contact(findings: Findings) -> None:
    (one,) = findings("debtor-without-contact", debtor(contacts=0), other())
    assert (one["key"], one["severity"], one["message"]) == ("501", "warning", "Debtor C1 has no contact.")
    assert findings("debtor-without-contact", debtor(contacts=None)) == []
    assert findings("debtor-without-contact", debtor(contacts=0, blocked=True)) == []


@pytest.mark.parametrize("currency", ["EURO", "eur", "XX1", "€"])
def test_debtor_invalid_currency(findings: Findings, currency: str) -> None:
    (one,) = findings("debtor-invalid-currency", debtor(currency=currency, currency_old=currency))
    assert (one["key"], one["field"], one["value"], one["severity"]) == ("501", "currency", currency, "error")
    assert one["message"] == f"Currency {currency} of debtor C1 is no ISO 4217 code."


def test_the_old_field_says_another_currency(findings: Findings) -> None:
    (one,) = findings("debtor-invalid-currency", debtor(currency_old="USD"))
    assert (one["field"], one["value"]) == ("currency_old", "USD")
    assert one["message"] == (
        "Debtor C1: its currency is EUR, and USD in the old field (CurrencyISOCode and Currency)."
    )
    assert findings("debtor-invalid-currency", debtor(currency_old=None), debtor(currency=None)) == []


@pytest.mark.parametrize("currency", ["EUR", "USD", "CHF", "PLN", " GBP"])
def test_currencies_that_are(findings: Findings, currency: str) -> None:
    assert findings("debtor-invalid-currency", debtor(currency=currency, currency_old=currency)) == []


@pytest.mark.parametrize(
    ("country", "hint"),
    [("BE", " BEL would be right."), ("bel", " BEL would be right."), ("XYZ", ""), ("België", "")],
)
def test_debtor_invalid_country(findings: Findings, country: str, hint: str) -> None:
    (one,) = findings("debtor-invalid-country", debtor(country=country))
    assert (one["key"], one["field"], one["value"], one["severity"]) == ("501", "country", country, "error")
    assert one["message"] == f"Country {country} of debtor C1 is no three-letter code of ISO 3166.{hint}"


@pytest.mark.parametrize("country", ["BEL", "NLD", "FRA", None, ""])
def test_countries_that_are_or_are_not_told(findings: Findings, country: str | None) -> None:
    assert findings("debtor-invalid-country", debtor(country=country)) == []


@pytest.mark.parametrize("language", ["n1", "nl-BE", "??", "Hoog Nederlands"])
def test_debtor_invalid_language(findings: Findings, language: str) -> None:
    (one,) = findings("debtor-invalid-language", debtor(language=language))
    assert (one["key"], one["field"], one["value"], one["severity"]) == (
        "501",
        "language",
        language,
        "warning",
    )
    assert one["message"] == f"Language {language} of debtor C1 is no language of ISO 639."


@pytest.mark.parametrize("language", ["nl", "NL", "nld", "dut", "Dutch", "Nederlands", "Français", None, " "])
def test_languages_by_code_or_name(findings: Findings, language: str | None) -> None:
    assert findings("debtor-invalid-language", debtor(language=language)) == []


@pytest.mark.parametrize("day", [-1, 8])
def test_debtor_order_day_invalid(findings: Findings, day: int) -> None:
    (one,) = findings(
        "debtor-order-day-invalid", debtor(order_days=[TUESDAY, TUESDAY | {"day": day}]), other()
    )
    assert (one["key"], one["field"], one["value"], one["severity"]) == ("501", None, str(day), "warning")
    assert one["message"] == f"Order day Dinsdag of debtor C1 has day {day}; 0 to 7 are known."


def test_a_time_that_cannot_be_read(findings: Findings) -> None:
    wrong = TUESDAY | {"name": None, "until": "15:30", "day_shift": None, "clock": None}
    (one,) = findings("debtor-order-day-invalid", debtor(order_days=[wrong, TUESDAY | {"day": 8}]))
    assert one["value"] == "15:30"
    assert (
        one["message"]
        == "Order day orderdays/9 of debtor C1 ends at 15:30, which is no time like -01.15:30:00."
    )


def test_order_days_that_are_or_are_not_told(findings: Findings) -> None:
    untold = TUESDAY | {"day": None, "until": None, "clock": None}
    days = [TUESDAY | {"day": 0}, TUESDAY | {"day": 7}, untold]
    assert findings("debtor-order-day-invalid", debtor(order_days=days)) == []
    assert findings("debtor-order-day-invalid", debtor(order_days=[]), other(order_days=None)) == []
