"""client-blocked-in-erp, client-without-debtor, debtor-without-client."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest

from checks.frames import FRAMES, Collected, Frames
from checks.meeting import meet
from checks.rules import CHECKS, run_checks
from checks.rules.run import Judged
from checks.settings import CheckSettings, Settings

Findings = Callable[..., list[dict[str, Any]]]

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
OURS = ("client-blocked-in-erp", "client-without-debtor", "debtor-without-client")
CLIENT = {"client_number": "C1", "name": "Brasserie Leopold", "active": True}
DEBTOR = {
    "erp": "easyflor",
    "debtor_id": 501,
    "code": "C1",
    "client_number": "C1",
    "name": "Brasserie Leopold",
    "blocked": False,
}
SOUND: dict[str, list[dict[str, Any]]] = {"clients": [CLIENT], "erp_debtors": [DEBTOR], "orders": []}


def frames(**rows: list[dict[str, Any]]) -> Frames:
    made = {
        name: pl.DataFrame(given, schema=FRAMES[name].schema, orient="row")
        for name, given in (SOUND | rows).items()
    }
    return Frames.of("shop", **made)


@pytest.fixture
def findings() -> Findings:
    """What one check finds; it must have been able to run."""

    def run(check: str, **rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        judged = run_checks(frames(**rows), CheckSettings(), NOW, only=[check], beside={"erp"})
        assert [one.message for one in judged.results] == [None]
        return judged.found.to_dicts()

    return run


def orders(*numbers: int, client: str = "C1") -> list[dict[str, Any]]:
    return [{"order_number": number, "client_number": client} for number in numbers]


@pytest.mark.parametrize("check", OURS)
def test_a_client_with_its_debtor_passes(findings: Findings, check: str) -> None:
    assert findings(check) == []


@pytest.mark.parametrize("check", OURS)
def test_without_an_erp_it_is_no_question(check: str) -> None:
    assert CHECKS[check].beside == "erp"
    assert check not in {one.check for one in run_checks(frames(), CheckSettings(), NOW).results}


@pytest.mark.parametrize("check", OURS)
def test_without_both_lists_nothing_can_be_told(check: str) -> None:
    whole = frames()
    for name in ("clients", "erp_debtors"):
        lost = Collected("shop", name, "failed", message="It is closed.")
        for other in (Frames("shop", {**whole.collected, name: lost}), frames(**{name: []})):
            judged = run_checks(other, CheckSettings(), NOW, only=[check], beside={"erp"})
            assert [one.status for one in judged.results] == ["could_not_run"]
            assert judged.found.is_empty()


@pytest.mark.parametrize("check", OURS)
@pytest.mark.parametrize("number", ["C1 ", "\tC1"])
def test_spaces_around_a_number_do_not_count(findings: Findings, check: str, number: str) -> None:
    assert findings(check, erp_debtors=[DEBTOR | {"client_number": number}]) == []
    assert findings(check, clients=[CLIENT | {"client_number": number}]) == []


@pytest.mark.parametrize(
    ("open_orders", "told"),
    [
        (orders(), ""),
        (orders(7, client="C2"), ""),
        (orders(7), " Open order: 7."),
        (orders(9, 7), " Open orders: 7, 9."),
        (orders(*range(1, 9)), " Open orders: 1, 2, 3, 4, 5 and 3 more."),
    ],
)
def test_client_blocked_in_erp(findings: Findings, open_orders: list[dict[str, Any]], told: str) -> None:
    (one,) = findings("client-blocked-in-erp", erp_debtors=[DEBTOR | {"blocked": True}], orders=open_orders)
    assert (one["entity"], one["key"], one["value"]) == ("client", "C1", "C1 in easyflor")
    assert (one["severity"], one["fix"]) == ("error", None)
    assert one["message"] == f"This client is active and its debtor (C1 in easyflor) is blocked.{told}"


def test_a_client_is_blocked_also_where_the_orders_did_not_come_in() -> None:
    whole = frames(erp_debtors=[DEBTOR | {"blocked": True}])
    without = Frames("shop", {name: one for name, one in whole.collected.items() if name != "orders"})
    judged = run_checks(without, CheckSettings(), NOW, only=["client-blocked-in-erp"], beside={"erp"})
    assert judged.found["key"].to_list() == ["C1"]


def test_a_client_that_can_buy_by_another_debtor_is_not_blocked(findings: Findings) -> None:
    twin = DEBTOR | {"debtor_id": 502, "code": None, "blocked": True}
    assert findings("client-blocked-in-erp", erp_debtors=[DEBTOR, twin]) == []
    (one,) = findings("client-blocked-in-erp", erp_debtors=[DEBTOR | {"blocked": True}, twin])
    assert "its 2 debtors (C1 in easyflor, with id 502 in easyflor) are blocked" in one["message"]
    same = twin | {"code": "C1"}
    (one,) = findings("client-blocked-in-erp", erp_debtors=[DEBTOR | {"blocked": True}, same])
    assert one["message"] == "This client is active and its 2 debtors (C1 in easyflor) are blocked."


@pytest.mark.parametrize("active", [False, None])
def test_only_active_clients_are_judged(findings: Findings, active: bool | None) -> None:
    idle = [CLIENT | {"active": active}]
    assert findings("client-blocked-in-erp", clients=idle, erp_debtors=[DEBTOR | {"blocked": True}]) == []
    assert findings("client-without-debtor", clients=[*idle, CLIENT | {"client_number": "C1"}]) == []
    lonely = CLIENT | {"client_number": "C9", "active": active}
    assert findings("client-without-debtor", clients=[CLIENT, lonely]) == []


def test_not_known_to_be_blocked_is_not_blocked(findings: Findings) -> None:
    assert findings("client-blocked-in-erp", erp_debtors=[DEBTOR | {"blocked": None}]) == []


def test_client_without_debtor(findings: Findings) -> None:
    (one,) = findings("client-without-debtor", clients=[CLIENT, CLIENT | {"client_number": "C2"}])
    assert (one["entity"], one["key"], one["severity"]) == ("client", "C2", "warning")
    assert one["message"] == "This client is active and no debtor of the ERP has its number."


def test_a_blocked_debtor_is_a_debtor(findings: Findings) -> None:
    assert findings("client-without-debtor", erp_debtors=[DEBTOR | {"blocked": True}]) == []


def test_debtor_without_client(findings: Findings) -> None:
    stranger = DEBTOR | {"debtor_id": 502, "code": "D9", "client_number": "D9"}
    (one,) = findings("debtor-without-client", erp_debtors=[DEBTOR, stranger])
    assert (one["entity"], one["key"], one["value"], one["severity"]) == (
        "debtor",
        "easyflor|502",
        "D9",
        "info",
    )
    assert one["message"] == "No client has the number of debtor D9."
    by_id = stranger | {"client_number": "502"}
    assert [one["message"] for one in findings("debtor-without-client", erp_debtors=[DEBTOR, by_id])] == [
        "No client has number 502, which is that of debtor D9."
    ]


def test_who_may_not_buy_or_has_no_number_is_no_missing_client(findings: Findings) -> None:
    for change in ({"blocked": True}, {"client_number": None}, {"client_number": " "}):
        stranger = DEBTOR | {"debtor_id": 502, "client_number": "D9"} | change
        assert findings("debtor-without-client", erp_debtors=[DEBTOR, stranger]) == []


def test_an_inactive_client_is_a_client(findings: Findings) -> None:
    assert findings("debtor-without-client", clients=[CLIENT | {"active": False}]) == []


def test_no_sentence_names_anybody(findings: Findings) -> None:
    found = [
        *findings("client-blocked-in-erp", erp_debtors=[DEBTOR | {"blocked": True}]),
        *findings("client-without-debtor", clients=[CLIENT | {"client_number": "C2"}]),
        *findings("debtor-without-client", clients=[CLIENT | {"client_number": "C2"}]),
    ]
    assert len(found) == 3
    assert "Leopold" not in "".join(f"{one['message']}{one['value']}" for one in found)


def of_two_shops(**clients: Collected) -> dict[str, Judged]:
    """By shop, what debtor-without-client makes of debtors C1, C2 and D9; `clients` by shop."""
    login = {"base_url": "https://x.example/api", "login": "a", "password": "b"}
    erp = {"system": "easyflor", "name": "easyflor", "database": "x", **login}
    shops = [{"system": "oresto", "name": name, **login} for name in ("first", "second")]
    debtors = [{"debtor_id": number, "code": code} for number, code in enumerate(("C1", "C2 ", "D9"), 1)]
    erp_frames = {"debtors": Collected("easyflor", "debtors", "ok", frame("debtors", debtors))}
    found = {"easyflor": erp_frames, **{name: {"clients": one} for name, one in clients.items()}}
    met = meet(Settings.model_validate({"sources": [*shops, erp]}), found, lambda source, name: None)
    return {
        name: run_checks(
            Frames(name, {**found.get(name, {}), **met[name]}),
            CheckSettings(),
            NOW,
            only=["debtor-without-client"],
            beside={"erp"},
        )
        for name in ("first", "second")
    }


def frame(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=FRAMES[name].schema, orient="row")


def clients_of(shop: str, *numbers: str, **more: Any) -> Collected:
    return Collected(shop, "clients", "ok", frame("clients", [{"client_number": n} for n in numbers]), **more)


def test_a_debtor_is_no_clients_only_where_no_shop_has_it_and_is_told_once() -> None:
    judged = of_two_shops(first=clients_of("first", "C1"), second=clients_of("second", " C2"))
    assert judged["first"].found["key"].to_list() == ["easyflor|3"]
    assert judged["second"].found.is_empty()
    assert [one.status for one in judged["second"].results] == ["passed"]


@pytest.mark.parametrize(
    ("second", "reason"),
    [
        (
            {"second": Collected("second", "clients", "failed", message="no answer.")},
            "second: Clients could not be collected: no answer.",
        ),
        (
            {},
            "second: Clients was not asked for in this run, and was never collected before. Run a health check of second.",
        ),
        ({"second": clients_of("second")}, "second: Clients came back empty, which is never right."),
        (
            {"second": clients_of("second", "C2", unusable={"client_number": "gone."})},
            "second, Clients: gone.",
        ),
    ],
)
def test_without_the_clients_of_every_shop_nobody_can_tell(second: dict[str, Collected], reason: str) -> None:
    judged = of_two_shops(first=clients_of("first", "C1"), **second)["first"]
    assert [(one.status, one.message) for one in judged.results] == [
        ("could_not_run", f"The ERP's debtors: {reason}")
    ]
    assert judged.found.is_empty()
