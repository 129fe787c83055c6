"""Doctor asks what a run asks, and knows what is no fault."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from checks.doctor import Diagnosis, diagnose
from checks.sandbox import Sandbox
from checks.sandbox.easyflor.server import EasyFlorSandbox
from checks.sandbox.ib import IbSandbox
from checks.sandbox.oresto.desk import ROUTES
from checks.sandbox.oresto.replies import Refusal
from checks.settings import Settings
from tests.sources.ib.ground import source


@pytest.fixture
def sandbox(make_sandbox: Callable[..., Sandbox]) -> Sandbox:
    return make_sandbox(size=100)


@pytest.fixture
def settings(sandbox: Sandbox, make_settings: Callable[..., Settings], tmp_path: Path) -> Settings:
    settings = make_settings(sandbox)
    store = settings.store.model_copy(update={"url": f"sqlite:///{tmp_path / 'doctor.db'}"})
    return settings.model_copy(update={"store": store})


def may_read(settings: Settings) -> Diagnosis:
    return next(one for one in diagnose(settings) if one.question == "may read")


def test_a_server_that_gives_addresses_of_one_client_only_is_not_wrong(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(desk: Any, call: Any) -> Any:
        raise Refusal(model_errors=[("ClientNumber", "The ClientNumber field is required.")])

    monkeypatch.setitem(ROUTES, ("GET", "clientlocations"), refuse)
    assert may_read(settings).verdict == "ok"


@pytest.mark.parametrize("path", ["Clients", "Users", "Categories/GetConcatenated"])
def test_a_list_that_does_not_come_is_told(sandbox: Sandbox, settings: Settings, path: str) -> None:
    sandbox.faults.add(f"GET {path}", "error-500")
    found = may_read(settings)
    assert found.verdict == "wrong"
    assert path in found.detail


def test_the_fields_of_every_list_are_as_they_are_known(settings: Settings) -> None:
    fields = [one for one in diagnose(settings) if one.question.startswith("fields of")]
    assert {"fields of clients", "fields of users", "fields of processed orders"} <= {
        one.question for one in fields
    }
    assert {one.question: one.detail for one in fields if one.verdict != "ok"} == {}


def of_ib(sandbox: IbSandbox, folder: Path, companies: list[str]) -> dict[str, Diagnosis]:
    """What doctor says of IB with these companies in the settings."""
    store = {"url": f"sqlite:///{folder / 'doctor.db'}", "snapshots": folder / "snapshots"}
    settings = Settings.model_validate({"store": store, "sources": [source(sandbox, companies=companies)]})
    return {one.question: one for one in diagnose(settings) if one.subject == "ib"}


def test_ib_is_reached_though_its_first_company_is_unknown(tmp_path: Path) -> None:
    with IbSandbox(size=100) as sandbox:
        found = of_ib(sandbox, tmp_path, ["nobody", "zuivel_noord"])
    assert (found["reachable"].verdict, found["credentials"].verdict) == ("ok", "ok")
    assert found["may read nobody"].verdict == "wrong"
    assert "Does IB know a company nobody?" in found["may read nobody"].detail
    assert found["may read zuivel_noord"].verdict == "ok"


def test_ib_that_knows_no_company_of_the_settings_is_reached_all_the_same(tmp_path: Path) -> None:
    with IbSandbox(size=100) as sandbox:
        found = of_ib(sandbox, tmp_path, ["nobody", "no_one"])
    assert {question: one.verdict for question, one in found.items()} == {
        "reachable": "ok",
        "credentials": "could_not_ask",
        "companies": "wrong",
    }
    assert "IB knows none of the companies nobody, no_one." in found["companies"].detail


def test_a_refused_login_of_easyflor_names_the_database_too(tmp_path: Path) -> None:
    with EasyFlorSandbox() as sandbox:
        login = {"base_url": sandbox.base_url, "login": sandbox.login, "password": sandbox.password}
        erp = {"system": "easyflor", "name": "erp", "database": "Elders", **login}
        store = {"url": f"sqlite:///{tmp_path / 'doctor.db'}", "snapshots": tmp_path / "snapshots"}
        settings = Settings.model_validate({"store": store, "sources": [erp]})
        found = {one.question: one for one in diagnose(settings) if one.subject == "erp"}
    assert (found["reachable"].verdict, found["credentials"].verdict) == ("ok", "wrong")
    assert "Check login, password and database" in found["credentials"].detail
