"""Doctor asks what a run asks, and knows what is no fault."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from checks.doctor import Diagnosis, diagnose
from checks.sandbox import Sandbox
from checks.sandbox.oresto.desk import ROUTES
from checks.sandbox.oresto.replies import Refusal
from checks.settings import Settings


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
