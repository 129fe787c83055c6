"""Accept, snooze, comment and reopen on the Findings page: who, when, why; asked once, done once, undone at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from checks.findings import end_of_day
from checks.store import Store, tables
from dashboard.parts.deciding import comes_back

Open = Callable[..., Any]


def asked(screen: Any, what: str, *rows: int) -> Any:
    """Ticks rows and presses a button: its dialog is open."""
    return screen.tick(*rows).click(what)


def put(screen: Any, reason: str) -> Any:
    screen.app.text_area(key="deciding-reason").set_value(reason)
    return screen


def test_the_dialog_names_the_count_and_what_it_is_about(full: Store, open_page: Open) -> None:
    screen = asked(open_page("findings", check="missing-photo"), "accept", 0, 1)
    assert screen.app.button(key="deciding-go").label == "Accept 2 findings"
    assert "- **Missing photo**: Vijgenconfituur, Pruimenconfituur" in screen.words
    assert set(full.findings(check="missing-photo")["status"]) <= {"new", "ongoing"}, "nothing is done yet"


def test_accepted_with_a_reason_leaves_the_list_and_is_told_in_the_panel(
    full: Store, open_page: Open
) -> None:
    screen = asked(open_page("findings", check="missing-photo"), "accept", 0)
    put(screen, "Sold in bulk, no photo needed.").click("deciding-go")
    assert "1 finding accepted." in screen.words
    assert [row["key"] for row in screen.rows()] == ["A104"]
    assert screen.app.get_by_key("export").proto.popover.label == "Export 1", "nothing is ticked any more"
    assert "#### 1 finding" in screen.words, "the panel went with it"
    accepted = full.findings(status="accepted")
    assert accepted["key"].to_list() == ["A105"]

    panel = open_page("findings", finding=accepted["id"][0]).words
    assert "“Sold in bulk, no photo needed.”" in panel
    assert "No end date, or when its value changes or it gets graver." in panel
    assert "**Accepted**" in panel, "it stands in the history"


def test_to_accept_takes_a_reason(full: Store, open_page: Open) -> None:
    screen = asked(open_page("findings", check="missing-photo"), "accept", 0).click("deciding-go")
    assert "say why" in screen.words
    assert screen.app.button(key="deciding-go"), "the dialog stays open"
    assert full.findings(status="accepted").is_empty()


def test_snoozed_until_a_day(full: Store, open_page: Open) -> None:
    screen = asked(open_page("findings", check="missing-photo"), "snooze", 0, 1)
    screen.app.segmented_control(key="deciding-when").set_value("week")
    screen.run()
    assert "with the first health check of that day." in screen.words
    screen.click("deciding-go")
    assert full.findings(status="snoozed").height == 2
    until = full.decisions()["until"][0]
    assert timedelta(days=6) < until - datetime.now(UTC) <= timedelta(days=7)
    assert "2 findings snoozed until" in screen.words


def test_undo_leaves_them_as_they_were(full: Store, open_page: Open) -> None:
    before = full.findings(check="missing-photo")["status"].to_list()
    screen = asked(open_page("findings", check="missing-photo"), "snooze", 0, 1).click("deciding-go")
    screen.click("decided-undo")
    assert len(screen.rows()) == 2
    assert full.decisions().is_empty()
    assert full.findings(check="missing-photo")["status"].to_list() == before
    assert "findings snoozed" not in screen.words


def test_undo_brings_back_what_was_decided_before(full: Store, open_page: Open) -> None:
    (ident,) = full.findings(key="A105", check="missing-photo")["id"]
    full.accept([ident], "Agreed with the supplier.", "els")
    screen = open_page("findings", finding=ident).click("snooze").click("deciding-go")
    assert full.findings(ids=[ident], status="all")["status"].to_list() == ["snoozed"]
    screen.click("decided-undo")
    assert full.findings(ids=[ident], status="all")["status"].to_list() == ["accepted"]
    assert full.decisions([ident])["reason"].to_list() == ["Agreed with the supplier."]


def test_what_changed_while_the_dialog_stood_open_is_left_alone(full: Store, open_page: Open) -> None:
    screen = asked(open_page("findings", check="missing-photo"), "accept", 0, 1)
    kept = full.findings(check="missing-photo").row(0, named=True)
    with full.engine.begin() as connection:
        connection.execute(
            sa.update(tables.findings).where(tables.findings.c.id == kept["id"]).values(value="other")
        )
    put(screen, "Sold in bulk.").click("deciding-go")
    assert "1 finding accepted. 1 changed meanwhile and was left alone." in screen.words
    assert full.findings(ids=[kept["id"]])["status"].to_list() == [kept["status"]]


def test_a_date_lasts_through_its_day(full: Store, open_page: Open) -> None:
    screen = asked(open_page("findings", check="missing-photo"), "snooze", 0)
    screen.app.segmented_control(key="deciding-when").set_value("date")
    screen.run()
    day = screen.app.date_input(key="deciding-day").value
    screen.click("deciding-go")
    assert full.decisions()["until"][0] == end_of_day(day)


def test_a_second_click_does_nothing(full: Store, open_page: Open) -> None:
    screen = put(asked(open_page("findings", check="missing-photo"), "comment", 0), "Asked the supplier.")
    button = screen.app.button(key="deciding-go")
    button.click()
    screen.run()
    button.click()
    screen.run()
    (ident,) = full.findings(key="A105", check="missing-photo")["id"]
    assert full.events(ident)["event"].to_list().count("comment") == 1


def test_a_comment_stands_in_the_panel_with_its_author(full: Store, open_page: Open) -> None:
    (ident,) = full.findings(key="A105", check="missing-photo")["id"]
    full.comment([ident], "Asked the *supplier*.", "an@shop.be")
    words = open_page("findings", finding=ident).words
    assert ":material/chat: Asked the *supplier*." in words
    assert "an@shop.be, just now" in words


def test_set_aside_ones_are_shown_on_request_and_reopened(full: Store, open_page: Open) -> None:
    ids = full.findings(check="missing-photo")["id"]
    full.accept(ids, "Never needed", "an")
    link = open_page("findings").app.button(key="set-aside")
    assert link.label.endswith("Set aside: 2 accepted")
    screen = open_page("findings").click("set-aside")
    assert screen.app.query_params["status"] == ["accepted", "snoozed"], (
        "a page link would not change the address"
    )
    screen = open_page("findings", status="accepted")
    assert {row["status"] for row in screen.rows()} == {"◇ Accepted"}
    asked(screen, "reopen", 0, 1).click("deciding-go")
    assert full.findings(check="missing-photo")["status"].to_list() == ["regressed", "regressed"]


def test_what_is_fixed_can_only_be_commented_on(full: Store, open_page: Open) -> None:
    (ident,) = full.findings(key="A105", check="missing-photo")["id"]
    full.set_finding(ident, "fixed", "fixed", "Uploaded.", "an")
    screen = open_page("findings", finding=ident)
    keys = {button.key for button in screen.app.button}
    assert "comment" in keys
    assert not {"accept", "snooze", "reopen"} & keys


@pytest.mark.parametrize(
    ("when", "day"),
    [
        ("day", date(2026, 2, 1)),
        ("week", date(2026, 2, 7)),
        ("month", date(2026, 2, 28)),
        ("year", date(2027, 1, 31)),
        ("date", date(2026, 5, 2)),  # through that day, as `--until` has it
        ("never", None),
    ],
)
def test_the_day_it_comes_back(when: str, day: date | None) -> None:
    assert comes_back(when, date(2026, 1, 31), date(2026, 5, 1)) == day
