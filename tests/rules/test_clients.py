"""client-without-user, client-without-location, client-unknown-segment, user-unknown-client."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Findings = Callable[..., list[dict[str, Any]]]
Make = Callable[..., Any]

ELSEWHERE = {"client_number": "C2"}


def test_client_without_user(findings: Findings, user: Make) -> None:
    (one,) = findings("client-without-user", users=[user(**ELSEWHERE)])
    assert (one["entity"], one["key"], one["field"], one["value"]) == ("client", "C1", None, None)
    assert (one["severity"], one["fix"]) == ("warning", None)
    assert one["message"] == "This client is active and has no user."


@pytest.mark.parametrize("active", [False, None])
def test_a_user_who_may_not_log_in_does_not_count(
    findings: Findings, user: Make, active: bool | None
) -> None:
    idle = [user(email=f"{name}@klant.example", active=active) for name in ("an", "jan")]
    (one,) = findings("client-without-user", users=idle)
    assert one["message"] == "This client is active and none of its users (2) is."
    assert findings("client-without-user", users=[*idle, user()]) == []


def test_client_without_location(findings: Findings) -> None:
    elsewhere = [{"location_id": 1, **ELSEWHERE}, {"location_id": 2, "client_number": None}]
    (one,) = findings("client-without-location", client_locations=elsewhere)
    assert (one["entity"], one["key"], one["value"]) == ("client", "C1", None)
    assert one["message"] == "This client is active and has no delivery address."


def test_two_locations_do_no_harm(findings: Findings) -> None:
    places = [{"location_id": number, "client_number": "C1"} for number in (1, 2)]
    assert findings("client-without-location", client_locations=places) == []


def test_client_unknown_segment(findings: Findings, client: Make) -> None:
    (one,) = findings("client-unknown-segment", clients=[client(segment_id=93)])
    assert (one["entity"], one["key"], one["value"], one["fix"]) == ("client", "C1", "93", None)
    assert one["message"] == "Segment 93 is not in the table."


def test_a_client_without_a_segment_points_at_nothing(findings: Findings, client: Make) -> None:
    assert findings("client-unknown-segment", clients=[client(segment_id=None)]) == []


CLIENT_CHECKS = ("client-without-user", "client-without-location", "client-unknown-segment")


@pytest.mark.parametrize("check", CLIENT_CHECKS)
@pytest.mark.parametrize("active", [False, None])
def test_only_active_clients_are_judged(
    findings: Findings, client: Make, check: str, active: bool | None
) -> None:
    lonely = client(client_number="C9", segment_id=93, active=active)
    assert findings(check, clients=[client(), lonely]) == []
    assert len(findings(check, clients=[client(), lonely | {"active": True}])) == 1


@pytest.mark.parametrize("number", ["C1 ", "\tC1", " C1"])
def test_spaces_around_a_number_do_not_count(
    findings: Findings, client: Make, user: Make, number: str
) -> None:
    assert findings("client-without-user", users=[user(client_number=number)]) == []
    assert findings("client-without-user", clients=[client(client_number=number)]) == []
    place = {"location_id": 1, "client_number": number}
    assert findings("client-without-location", client_locations=[place]) == []
    assert findings("user-unknown-client", users=[user(client_number=number)]) == []


@pytest.mark.parametrize("number", ["c1", "C 1", "C01"])
def test_case_and_anything_inside_a_number_do(findings: Findings, user: Make, number: str) -> None:
    assert len(findings("client-without-user", users=[user(client_number=number)])) == 1
    assert len(findings("user-unknown-client", users=[user(client_number=number)])) == 1


def test_user_unknown_client(findings: Findings, user: Make) -> None:
    (one,) = findings("user-unknown-client", users=[user(), user(email="oud@klant.example", **ELSEWHERE)])
    assert (one["entity"], one["key"], one["value"]) == ("user", "oud@klant.example", "C2")
    assert (one["severity"], one["fix"]) == ("error", None)
    assert one["message"] == "This user belongs to client C2, which does not exist."


@pytest.mark.parametrize("number", [None, "", " "])
def test_a_user_who_was_unlinked_points_at_nothing(
    findings: Findings, user: Make, number: str | None
) -> None:
    assert findings("user-unknown-client", users=[user(client_number=number)]) == []


def test_a_user_of_an_inactive_client_has_a_client(findings: Findings, client: Make) -> None:
    assert findings("user-unknown-client", clients=[client(active=False)]) == []


def test_an_inactive_user_of_an_unknown_client_is_told_too(findings: Findings, user: Make) -> None:
    assert len(findings("user-unknown-client", users=[user(active=False, **ELSEWHERE)])) == 1


def test_no_users_is_not_the_same_as_no_faults(why_not: Callable[..., str | None]) -> None:
    assert "users came back empty" in (why_not("client-without-user", users=[]) or "")
    assert why_not("user-unknown-client", users=[]) is None
    assert "clients came back empty" in (why_not("user-unknown-client", clients=[]) or "")


def test_no_sentence_names_anybody(findings: Findings, client: Make, user: Make) -> None:
    """Findings are kept longer than names and addresses may be."""
    named = client(name="Brasserie Leopold", segment_id=93, representative="jan@groothandel.example")
    for check in CLIENT_CHECKS:
        (one,) = findings(
            check,
            clients=[named],
            users=[user(**ELSEWHERE)],
            client_locations=[{"location_id": 1, **ELSEWHERE}],
        )
        assert "Leopold" not in str(one)
        assert "@" not in str(one)
    (one,) = findings("user-unknown-client", users=[user(**ELSEWHERE)])
    assert "@" not in one["message"]
