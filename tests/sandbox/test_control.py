"""What a test in another process can see and do, and the server around it."""

from __future__ import annotations

import socket
import sys
import time
import tomllib
from pathlib import Path

import httpx
import pytest

from checks.errors import UsageError
from checks.sandbox import Sandbox


def test_truth_is_the_same_over_http(quiet: Sandbox) -> None:
    told = httpx.get(f"{quiet.control_url}/truth").json()
    assert {check: {tuple(key) for key in keys} for check, keys in told.items()} == quiet.truth()


def test_state_and_log_over_http(sandbox: Sandbox, api: httpx.Client) -> None:
    api.get("Brands", params={"x": "1"})
    assert httpx.get(f"{sandbox.control_url}/state").json() == sandbox.dump()
    assert httpx.get(f"{sandbox.control_url}/log").json() == [["GET", "Brands", {"x": "1"}, 200]]


def test_the_log_has_failures_and_silence(sandbox: Sandbox, api: httpx.Client) -> None:
    sandbox.faults.add("GET Brands", "reset")
    with pytest.raises(httpx.ReadError):
        api.get("Brands")
    api.delete("Products", params={"WholesalerArticleNumber": "NONE"})
    assert [(method, path, status) for method, path, _, status in sandbox.log] == [
        ("GET", "Brands", 0),
        ("DELETE", "Products", 404),
    ]


def test_faults_over_http(sandbox: Sandbox, api: httpx.Client) -> None:
    url = f"{sandbox.control_url}/faults"
    assert httpx.post(url, json={"route": "GET Brands", "kind": "error-500"}).status_code == 200
    assert api.get("Brands").status_code == 500
    assert [fault["hits"] for fault in httpx.get(url).json()] == [1]
    httpx.delete(url)
    assert api.get("Brands").status_code == 200


def test_a_wrong_fault_over_http_says_why(sandbox: Sandbox) -> None:
    answer = httpx.post(f"{sandbox.control_url}/faults", json={"route": "*", "kind": "flood"})
    assert answer.status_code == 400
    assert "no such fault" in answer.json()["Message"]


def test_a_product_is_changed_behind_the_programs_back(sandbox: Sandbox) -> None:
    number, row = next(iter(sandbox.dump()["own"].items()))
    sandbox.change(number, SalesPriceList=77.5)
    httpx.post(f"{sandbox.control_url}/product", json={"WholesalerArticleNumber": number, "BrandId": 77777})
    changed = sandbox.dump()["own"][number]
    assert {name for name in row if row[name] != changed[name]} == {"SalesPriceList", "Brand"}
    assert (changed["SalesPriceList"], changed["Brand"]["Id"]) == (77.5, 77777)


def test_reset_makes_everything_new(sandbox: Sandbox, api: httpx.Client) -> None:
    before = sandbox.dump()
    sandbox.faults.add("*", "error-500", after=1)
    api.delete("Products", params={"WholesalerArticleNumber": next(iter(before["own"]))})
    sandbox.reset()
    assert (sandbox.dump(), sandbox.log) == (before, [])
    assert api.get("Brands").status_code == 200


def test_a_product_is_removed_behind_the_programs_back(sandbox: Sandbox) -> None:
    one, two = list(sandbox.dump()["own"])[:2]
    assert sandbox.remove(one)
    httpx.delete(f"{sandbox.control_url}/product", params={"WholesalerArticleNumber": two})
    assert not {one, two} & set(sandbox.dump()["own"])


def test_a_product_becomes_central_today(sandbox: Sandbox, api: httpx.Client) -> None:
    became = {key for key, _ in sandbox.truth()["own-became-central"]}
    number = next(
        number
        for number, row in sandbox.dump()["own"].items()
        if number not in became and row["EanCode"] and len(row["EanCode"]) == 13
    )
    count = api.get("CentralProducts/Count").json()["TotalProducts"]
    ean = sandbox.make_central(number)
    assert api.get("CentralProducts/GetByEan", params={"EanCode": ean}).status_code == 200
    assert api.get("CentralProducts/Count").json()["TotalProducts"] == count + 1
    sandbox.delete_central(ean)
    assert ean not in api.get("CentralProducts/GetEan").json()["EanCodes"]


def test_a_change_of_an_unknown_field_says_so(sandbox: Sandbox) -> None:
    number = next(iter(sandbox.dump()["own"]))
    with pytest.raises(KeyError, match="Colour"):
        sandbox.change(number, Colour="red")


def test_the_settings_are_ready(quiet: Sandbox) -> None:
    settings = tomllib.loads(quiet.settings_toml(store="sqlite:///C:\\data\\k.db", snapshots="snap"))
    source = settings["sources"][0]
    assert (source["name"], source["system"], source["base_url"]) == ("webshop", "oresto", quiet.base_url)
    assert settings["store"] == {"url": "sqlite:///C:\\data\\k.db", "snapshots": "snap"}


@pytest.mark.skipif(sys.platform == "win32", reason="files have no mode there")
def test_written_settings_are_for_the_owner_only(quiet: Sandbox, tmp_path: Path) -> None:
    assert quiet.write_settings(tmp_path / "keurmeester.toml").stat().st_mode & 0o077 == 0


def test_answers_are_not_delayed(reader: httpx.Client) -> None:
    """Without TCP_NODELAY each answer waited 40 ms for the client's acknowledgement."""
    started = time.monotonic()
    for _ in range(40):
        reader.get("ContentTypes")
    assert time.monotonic() - started < 40 * 0.03


def test_a_port_that_is_taken_is_named() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(UsageError, match=f"cannot listen on 127.0.0.1:{other.getsockname()[1]}"):
            Sandbox(size=100, port=other.getsockname()[1]).start()


def test_a_sandbox_starts_again_on_its_port() -> None:
    sandbox = Sandbox(size=100)
    sandbox.start()
    url = sandbox.base_url
    sandbox.stop()
    with sandbox:
        assert sandbox.base_url == url
        sandbox.faults.add("GET Brands", "hang")
        with pytest.raises(httpx.ReadTimeout):
            httpx.get(f"{url}/Brands", timeout=0.1)
