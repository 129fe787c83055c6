"""A team signs in: a real provider, a real browser, a real dashboard. Who may look changes nothing; who may fix does."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from checks.health import run_health_check
from checks.sandbox import Sandbox
from checks.settings import Settings, load_settings
from checks.store import Store
from tests.journeys.conftest import ROOT, _wait_until_ready
from tests.journeys.provider import CLIENT, SECRET, Provider
from tests.journeys.test_link_three import no_exception, tick

pytestmark = pytest.mark.browser

PEOPLE = {
    "ann": {"email": "ann@shop.be", "email_verified": True},
    "els": {"email": "Els@Shop.be", "email_verified": True},
    "jan": {"email": "jan@shop.be", "email_verified": True, "groups": ["staff", "repairs"]},
    "piet": {"email": "piet@elsewhere.be", "email_verified": True},
    "not els": {"email": "els@shop.be", "email_verified": False},
}
TEAM = """
[team]
sign_in = true
claim = "groups"

[team.people]
"ann@shop.be" = "viewer"
"els@shop.be" = "fixer"

[team.claims]
repairs = "fixer"
"""


@dataclass
class TeamShop:
    url: str
    config: Path
    store: Store
    settings: Settings


@pytest.fixture
def shop(make_sandbox: Callable[..., Sandbox], tmp_path: Path) -> Iterator[TeamShop]:
    """The dashboard of a team, after a health check, with a provider beside it."""
    config = make_sandbox(size=150).write_settings(tmp_path / "keurmeester.toml")
    with config.open("a", encoding="utf-8") as file:
        file.write(TEAM)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    url = f"http://127.0.0.1:{port}"
    settings, log = load_settings(config), tmp_path / "dashboard.log"
    with (
        Provider(PEOPLE).listening() as provider,
        Store.open(settings.store.url, settings.store.snapshots) as store,
        log.open("wb") as output,
    ):
        run_health_check(settings, store, started_by="cron")
        secrets = tmp_path / ".streamlit" / "secrets.toml"
        secrets.parent.mkdir()
        secrets.touch(mode=0o600)
        secrets.write_text(
            f'[auth]\nredirect_uri = "{url}/oauth2callback"\ncookie_secret = "{"k" * 40}"\n'
            f'client_id = "{CLIENT}"\nclient_secret = "{SECRET}"\n'
            f'server_metadata_url = "{provider.url}/.well-known/openid-configuration"\n',
            encoding="utf-8",
        )
        command = ["-m", "checks", "serve", "--config", str(config), "--port", port, "--no-browser"]
        server = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_until_ready(f"{url}/_stcore/health", server, log)
            yield TeamShop(url, config, store, settings)
        finally:
            server.terminate()
            server.wait(20)


def sign_in(page: Page, shop: TeamShop, who: str) -> None:
    page.goto(shop.url)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name=who, exact=True).click()
    page.wait_for_url(re.compile(re.escape(shop.url)))


def test_before_the_door_nothing_is_seen(shop: TeamShop, page: Page) -> None:
    for path in ("", "/findings?check=missing-photo", "/fixes", "/nowhere"):
        page.goto(shop.url + path)
        expect(page.get_by_role("button", name="Sign in")).to_be_visible()
        expect(page.get_by_test_id("stSidebarNav")).to_have_count(0)
        expect(page.get_by_test_id("stDataFrame")).to_have_count(0)
        expect(page.get_by_role("dialog")).to_have_count(0)
        no_exception(page)


def test_a_cookie_of_ones_own_making_opens_nothing(shop: TeamShop, page: Page) -> None:
    made = json.dumps({"is_logged_in": True, "email": "els@shop.be", "origin": shop.url})
    for value in (made, '"eyJpc19sb2dnZWRfaW4iOiB0cnVlfQ.aaaa.bbbb"'):
        page.context.add_cookies([{"name": "_streamlit_user", "value": value, "url": shop.url}])
        page.goto(shop.url)
        expect(page.get_by_role("button", name="Sign in")).to_be_visible()


@pytest.mark.parametrize("who", ["piet", "not els"])
def test_who_has_no_role_sees_whom_to_ask(shop: TeamShop, page: Page, who: str) -> None:
    sign_in(page, shop, who)
    expect(page.get_by_text("nobody has given you a role")).to_be_visible()
    expect(page.get_by_test_id("stSidebarNav")).to_have_count(0)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def test_a_viewer_looks_and_changes_nothing(shop: TeamShop, page: Page) -> None:
    sign_in(page, shop, "ann")
    expect(page.get_by_test_id("stSidebar").get_by_text("ann@shop.be")).to_be_visible()
    expect(page.get_by_role("button", name="Run now")).to_be_disabled()
    page.goto(f"{shop.url}/findings?check=invalid-ean")
    tick(page, 1)
    expect(page.get_by_text("ann@shop.be may look, not decide about findings")).to_be_visible()
    for name in ("Accept", "Snooze", "Comment"):
        expect(page.get_by_role("button", name=name, exact=True)).to_be_disabled()
    no_exception(page)
    assert shop.store.decisions().is_empty()


def test_a_fixer_decides_until_they_are_taken_out(shop: TeamShop, page: Page) -> None:
    sign_in(page, shop, "els")
    expect(page.get_by_test_id("stSidebar").get_by_text("Fixer: may fix and decide")).to_be_visible()
    page.goto(f"{shop.url}/findings?check=invalid-ean")
    tick(page, 1)
    page.get_by_role("button", name="Snooze", exact=True).click()
    page.get_by_role("button", name="Snooze 1 finding").click()
    expect(page.get_by_text("1 finding snoozed until")).to_be_visible()
    assert shop.store.decisions()["by"].to_list() == ["Els@Shop.be"]

    toml = shop.config.read_text(encoding="utf-8")
    shop.config.write_text(toml.replace('"els@shop.be" = "fixer"\n', ""), encoding="utf-8")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("You have no role here yet")).to_be_visible()
    assert shop.store.decisions().height == 1


def test_a_group_of_the_provider_makes_a_fixer_and_signing_out_ends_it(shop: TeamShop, page: Page) -> None:
    sign_in(page, shop, "jan")
    menu = page.get_by_test_id("stSidebar")
    expect(menu.get_by_text("Fixer: may fix and decide")).to_be_visible()
    expect(page.get_by_role("button", name="Run now")).to_be_enabled()
    menu.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    page.goto(f"{shop.url}/findings")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
