"""Team use: before the door nothing is seen; a viewer changes nothing by any way; who was taken out has lost it at once."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from checks import jobs
from checks.fixes import make_plan
from checks.health import run_health_check
from checks.people import Person, signed_in
from checks.sandbox import Sandbox
from checks.settings import load_settings
from checks.store import Store
from dashboard.parts import deciding
from dashboard.parts.place import Place

APP = Path(__file__).resolve().parents[2] / "dashboard" / "app.py"

TEAM = """
[team]
sign_in = true

[team.people]
"ann@shop.be" = "viewer"
"els@shop.be" = "fixer"
"""
ANN, ELS = "ann@shop.be", "els@shop.be"

Visit = Callable[..., AppTest]


def claims(email: str, hours: float = 0) -> dict[str, Any]:
    """What the server knows of who signed in so many hours ago."""
    return {"is_logged_in": True, "email": email, "sub": email, "iat": int(time.time() - hours * 3600)}


@pytest.fixture
def team(config: Path, full: Store) -> Path:
    """The settings file of a team, before a store with findings."""
    config.write_text(config.read_text(encoding="utf-8") + TEAM, encoding="utf-8")
    return config


@pytest.fixture
def visit(team: Path) -> Visit:
    """`visit(claims("ann@shop.be"), "findings", check="missing-photo")`: a page as this person gets it."""

    def opened(user: dict[str, Any], name: str = "overview", **query: str) -> AppTest:
        app = AppTest.from_file(str(APP), default_timeout=60)
        app.user = user
        if name != "overview":
            app.run()
            app.switch_page(f"app_pages/{name}.py")
        for key, value in query.items():
            app.query_params[key] = value
        return ran(app)

    return opened


def ran(app: AppTest) -> AppTest:
    app.run()
    assert not app.exception, app.exception[0].message
    return app


def ticked(app: AppTest, *rows: int) -> AppTest:
    app.session_state["grid"] = {"selection": {"rows": list(rows), "columns": [], "cells": []}}
    return ran(app)


def pressed(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click()
    return ran(app)


def forced(app: AppTest, key: str) -> AppTest:
    """Presses a disabled button: a browser does not, a forged message to the server does."""
    button = app.button(key=key)
    assert button.disabled
    button.proto.disabled = False
    return pressed(app, key)


def words(app: AppTest) -> str:
    kinds = ("title", "markdown", "caption", "error", "info", "warning", "toast")
    return "\n".join(str(one.value) for kind in kinds for one in getattr(app, kind)).replace("\\", "")


def asked_to_stop(store: Store) -> bool:
    active = store.active_run()
    assert active is not None
    return bool(active["stop_requested"])


def decided(store: Store) -> int:
    return store.decisions().height


@pytest.mark.parametrize(
    "user",
    [
        {"is_logged_in": False},
        {"is_logged_in": False, "email": ELS},
        {"is_logged_in": "True", "email": ELS},  # what a header could say
        claims(ELS, hours=13),
    ],
)
def test_before_the_door_there_is_a_button_and_nothing_else(visit: Visit, user: dict[str, Any]) -> None:
    app = visit(user)
    assert [button.label for button in app.button] == ["Sign in"]
    assert not app.sidebar.children
    assert "webshop" not in words(app)
    assert not app.dataframe
    assert "place" not in app.session_state


def test_a_sign_in_of_yesterday_is_asked_for_again(visit: Visit) -> None:
    assert "Your sign-in was a while ago" in words(visit(claims(ELS, hours=13)))
    assert "Your sign-in was a while ago" not in words(visit({"is_logged_in": False}))


def test_a_server_without_sign_in_says_so(visit: Visit) -> None:
    app = visit({})
    assert not app.button
    assert "Sign-in is not set up on this server" in words(app)


def test_who_has_no_role_is_told_whom_to_ask(visit: Visit) -> None:
    app = visit(claims("piet@shop.be"))
    assert "You are signed in as **piet@shop.be**, and nobody has given you a role." in words(app)
    assert [button.key for button in app.button] == ["sign-out"]
    assert not app.dataframe


@pytest.mark.parametrize(("email", "role"), [(ANN, "Viewer: may look"), (ELS, "Fixer: may fix and decide")])
def test_the_sidebar_says_who_is_signed_in(visit: Visit, email: str, role: str) -> None:
    app = visit(claims(email))
    assert [one.value for one in app.sidebar.caption] == [role]
    assert email in app.sidebar.markdown[0].value
    assert app.sidebar.button(key="sign-out")


def test_alone_there_is_no_door_and_no_name(full: Store, open_page: Callable[..., Any]) -> None:
    app = open_page("findings").app
    assert not app.sidebar.children
    assert app.session_state["place"].person.role == "admin"
    assert app.session_state["place"].may_not_fix is None


def test_a_viewer_reads_why_the_buttons_are_disabled(visit: Visit) -> None:
    app = ticked(visit(claims(ANN), "findings", check="missing-photo"), 0)
    assert {app.button(key=key).disabled for key in ("accept", "snooze", "comment")} == {True}
    assert "ann@shop.be may look, not decide about findings: that takes the role fixer." in words(app)
    assert '"ann@shop.be" = "fixer" under [team.people]' in words(app)
    app = visit(claims(ANN))
    assert app.button(key="run-now").disabled
    assert "may look, not start a health check" in words(app)
    assert "may look, not fix" in str(app.session_state["place"].may_not_fix)


def test_a_fixer_decides_under_their_own_name(full: Store, visit: Visit) -> None:
    app = ticked(visit(claims(ELS), "findings", check="missing-photo"), 0)
    app = pressed(app, "accept")
    app.text_area(key="deciding-reason").set_value("Sold loose.")
    pressed(app, "deciding-go")
    assert full.decisions()["by"].to_list() == [ELS]


@pytest.mark.parametrize("kind", ["accept", "snooze", "comment"])
def test_a_forged_press_of_a_disabled_button_opens_no_dialog(visit: Visit, kind: str) -> None:
    app = forced(ticked(visit(claims(ANN), "findings", check="missing-photo"), 0), kind)
    assert "deciding-go" not in {button.key for button in app.button}


@pytest.mark.parametrize("kind", ["accept", "snooze", "comment", "reopen"])
def test_a_dialog_that_was_opened_all_the_same_decides_nothing(full: Store, visit: Visit, kind: Any) -> None:
    ids = full.findings(check="missing-photo")["id"].to_list()
    if kind == "reopen":
        full.accept(ids, "Never needed", "els")
    before, events = decided(full), full.events_of(ids).height
    query = {"status": "accepted"} if kind == "reopen" else {"check": "missing-photo"}
    app = pressed(ticked(visit(claims(ELS), "findings", **query), 0), kind)
    app.text_area(key="deciding-reason").set_value("Let me.")
    app.user = claims(ANN)
    app = pressed(app, "deciding-go")
    assert "ann@shop.be may look, not decide about findings" in words(app)
    assert decided(full) == before
    assert full.events_of(ids).height == events


def test_a_forged_session_decides_nothing(full: Store, visit: Visit) -> None:
    [ident] = full.findings(key="A105", check="missing-photo")["id"]
    app = visit(claims(ANN), "findings", check="missing-photo")
    mine: Place = app.session_state["place"]
    admin = Person("boss@shop.be", "admin", "sign-in")
    forged = Place(
        mine.settings, mine.store, mine.now, mine.zone, mine.run, mine.active, mine.revision, admin
    )
    app.session_state["place"] = forged
    app.session_state["is_logged_in"] = True
    app.session_state["email"] = ELS
    app.session_state["deciding"] = deciding._Deciding("snooze", (ident,))
    app = pressed(ran(app), "deciding-go")
    assert "ann@shop.be may look, not decide about findings" in words(app)
    assert app.session_state["place"].person.name == ANN
    assert decided(full) == 0


def test_an_address_makes_nobody_somebody(visit: Visit) -> None:
    app = visit(claims(ANN), "findings", email=ELS, role="admin", is_logged_in="true", place="x")
    assert app.session_state["place"].person.role == "viewer"
    assert app.button(key="sign-out")


def test_a_viewer_takes_no_decision_back(full: Store, visit: Visit) -> None:
    [ident] = full.findings(key="A105", check="missing-photo")["id"]
    full.accept([ident], "Sold loose.", ELS)
    app = visit(claims(ANN), "findings")
    at = full.decisions()["at"][0]
    app.session_state["decided"] = deciding._Decided("1 finding accepted.", (ident,), at)
    app = pressed(ran(app), "decided-undo")
    assert "may look, not decide about findings" in words(app)
    assert decided(full) == 1


def test_a_viewer_starts_no_health_check(full: Store, visit: Visit) -> None:
    runs = full.runs().height
    forced(visit(claims(ANN)), "run-now")
    app = visit(claims(ELS))
    app.user = claims(ANN)
    app = pressed(app, "run-now")
    assert "ann@shop.be may look, not start a health check" in words(app)
    assert "run-job" not in app.session_state
    assert full.runs().height == runs


def test_a_viewer_stops_no_health_check(full: Store, visit: Visit) -> None:
    full.begin_run("full", "night")
    forced(visit(claims(ANN)), "run-stop")
    app = visit(claims(ELS))
    app.user = claims(ANN)
    app = pressed(app, "run-stop")
    assert "ann@shop.be may look, not stop a health check" in words(app)
    assert not asked_to_stop(full)
    pressed(visit(claims(ELS)), "run-stop")
    assert asked_to_stop(full)


def test_who_was_taken_out_while_the_page_stood_open_has_lost_it(
    full: Store, team: Path, visit: Visit
) -> None:
    app = pressed(ticked(visit(claims(ELS), "findings", check="missing-photo"), 0), "snooze")
    team.write_text(team.read_text(encoding="utf-8").replace(f'"{ELS}" = "fixer"\n', ""), encoding="utf-8")
    later = time.time() + 5
    os.utime(team, (later, later))
    app.button(key="deciding-go").click()
    app = ran(app)
    assert decided(full) == 0
    assert "You have no role here yet" in words(app)


@pytest.fixture
def planned(
    make_sandbox: Callable[..., Sandbox],
    tmp_path: Path,
    make_store: Callable[..., Store],
    monkeypatch: pytest.MonkeyPatch,
) -> tuple[Sandbox, Store, str]:
    """A real shop, and a plan of three products that a fixer has made and not applied."""
    sandbox = make_sandbox(size=300)
    config = sandbox.write_settings(tmp_path / "keurmeester.toml")
    config.write_text(config.read_text(encoding="utf-8") + TEAM, encoding="utf-8")
    monkeypatch.setenv("KEURMEESTER_CONFIG", str(config))
    settings = load_settings(config)
    store = make_store(settings)
    run_health_check(settings, store, started_by="night")
    check = "own-became-central"
    keys = store.findings(check=check)["key"].head(3).to_list()
    plan = make_plan(store, settings, check, keys=keys, by=signed_in(settings, {"email": ELS}))
    assert plan.items
    return sandbox, store, plan.id


@pytest.mark.parametrize("page", ["became_central", "fixes"])
def test_a_viewer_with_a_plan_in_the_address_presses_everything_and_repairs_nothing(
    planned: tuple[Sandbox, Store, str], page: str
) -> None:
    sandbox, store, plan_id = planned
    shop, plans = sandbox.dump(), store.journal.plans()
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.user = claims(ANN)
    app.run()
    app.switch_page(f"app_pages/{page}.py")
    seen = {"sign-out"}
    while True:
        app.query_params["plan"] = plan_id
        app.session_state["fix-dialog"] = plan_id  # as if they had opened it
        app.session_state["grid"] = {"selection": {"rows": [0, 1], "columns": [], "cells": []}}
        fresh = [button for button in ran(app).button if button.key not in seen]
        if not fresh:
            break
        seen.add(fresh[0].key)
        fresh[0].proto.disabled = False
        fresh[0].click()
        app.run()  # may end in a refusal
    for job in list(jobs._jobs.values()):
        assert job.thread is not None
        job.thread.join(60)
    assert sandbox.dump() == shop
    assert store.journal.plans() == plans
    assert {row["state"] for row in store.journal.fixes(plan_id=plan_id)} == {"planned"}
