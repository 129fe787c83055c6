"""The stand-in of IB as the pages describe it, and what it plants between its suppliers and the shop."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from checks.sandbox import Sandbox
from checks.sandbox.ib import IbSandbox
from checks.sandbox.oresto.codes import as_gtin14
from checks.sandbox.ours import invented, ours
from checks.settings import load_settings

BESIDE = ("photo-available", "sold-but-discontinued", "description-differs", "price-below-cost")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[IbSandbox]:
    with IbSandbox(size=600) as running:
        yield running


@pytest.fixture(scope="module")
def api(sandbox: IbSandbox) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=sandbox.base_url, auth=(sandbox.login, sandbox.password)) as client:
        yield client


def get(
    api: httpx.Client, moderation: str = "both", company: str = "van_dalen_horeca", **params: Any
) -> dict[str, Any]:
    named = {name.replace("_", "-"): str(value) for name, value in params.items()}
    answer = api.get(f"companies/{company}/articles", params=named, headers={"X-Moderation": moderation})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_the_cursor_leads_through_all_of_it(sandbox: IbSandbox, api: httpx.Client) -> None:
    page = get(api, limit=40)
    assert (page["offsetId"], page["previous"], page["limit"]) == (None, None, 40)
    seen = [one["id"] for one in page["items"]]
    while page["next"] is not None:
        page = get(api, limit=40, offset_id=page["nextOffsetId"], allow_count="false")
        assert page["count"] is None
        seen += [one["id"] for one in page["items"]]
    assert page["nextOffsetId"] is None
    assert [f"van_dalen_horeca|{one}" for one in seen] == sandbox.keys("van_dalen_horeca")


@pytest.mark.parametrize(("asked", "given"), [(1_000, 100), (0, 1), (-3, 1), (25, 25)])
def test_the_limit_is_brought_within_its_bounds(api: httpx.Client, asked: int, given: int) -> None:
    assert get(api, limit=asked)["limit"] == given


def test_base_fields_unless_expanded(api: httpx.Client) -> None:
    assert "units" not in get(api)["items"][0]
    assert "units" in get(api, expand="true")["items"][0]


def test_filters(sandbox: IbSandbox, api: httpx.Client) -> None:
    assert {one["availability"] for one in get(api, availability="92E")["items"]} == {"92E"}
    assert all(one["matchCode"] for one in get(api, filter_matchcode="true", limit=100)["items"])
    key = sandbox.keys("van_dalen_horeca")[0]
    ean = sandbox.article(key).units[0].ean
    assert [one["id"] for one in get(api, ean=ean)["items"]] == [key.partition("|")[2]]
    everything = get(api)["count"]
    assert (
        0
        < get(api, modified="2026-01-01" if sandbox.now().year == 2026 else "2020-01-01")["count"]
        <= everything
    )


def test_the_three_sets(sandbox: IbSandbox, api: httpx.Client) -> None:
    waiting = {one["id"] for one in get(api, "unmoderated", limit=100)["items"]}
    planted = {
        key for key, _ in sandbox.truth()["article-unmoderated"] if key.startswith("van_dalen_horeca|")
    }
    assert {f"van_dalen_horeca|{one}" for one in waiting} == planted
    new = get(api)["count"] - get(api, "moderated")["count"]
    assert new == 2


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("companies/nobody/articles", 404),
        ("companies", 404),
        ("companies/van_dalen_horeca/articles?offset-id=x", 400),
        ("companies/van_dalen_horeca/articles?modified=yesterday", 400),
    ],
)
def test_what_makes_no_sense_is_refused(api: httpx.Client, path: str, status: int) -> None:
    answer = api.get(path)
    assert answer.status_code == status
    assert answer.json()["message"]


def test_nothing_without_credentials(sandbox: IbSandbox, api: httpx.Client) -> None:
    image = get(api, expand="true")["items"][0]["images"][0]["download"]
    for address in (f"{sandbox.base_url}/companies/van_dalen_horeca/articles", image):
        assert httpx.get(address).status_code == 401
    assert api.get(image).headers["content-type"].startswith("image/")


def test_two_pictures_are_none(sandbox: IbSandbox, api: httpx.Client) -> None:
    found = {
        what: api.get(f"{sandbox.base_url.removesuffix('/api/bulk/v1')}/media/ib/any/{name}.jpg")
        for name, what in sandbox.strange_pictures.items()
    }
    assert found["web page"].headers["content-type"].startswith("text/html")
    assert len(found["too large"].content) > 20_000_000


def test_the_same_seed_gives_the_same() -> None:
    def everything(seed: int) -> set[Any]:
        one = IbSandbox(seed=seed, size=100, clock=lambda: sandbox_time)
        return set(one.api.assortment.companies["polder_agf"].articles.values())

    sandbox_time = IbSandbox(size=100).now()
    assert everything(3) == everything(3) != everything(4)


def test_its_settings_are_good(sandbox: IbSandbox, tmp_path: Any) -> None:
    file = tmp_path / "keurmeester.toml"
    file.touch(mode=0o600)
    file.write_text(sandbox.source_toml("ib"), encoding="utf-8")
    (source,) = load_settings(file).suppliers
    assert (source.base_url, source.system) == (sandbox.base_url, "ib")


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("size", [100, 300, 600])
def test_something_of_each_is_planted_for_a_shop(seed: int, size: int) -> None:
    known = ours(Sandbox(size=size, seed=seed).api.shop)
    sandbox = IbSandbox(known, size=100, seed=seed)
    truth = sandbox.truth_beside()
    clear = {one.article_number: one for one in known.of_odd_numbers(False) if known.clear_gtin(one)}
    for check in BESIDE:
        assert len(truth.get(check, ())) >= (1 if check == "photo-available" and size == 100 else 3), check
        assert {number for number, _ in truth[check]} <= set(clear)
        assert {field for _, field in truth[check]} == {None}
    wanted = {number for number, one in clear.items() if one.active and not one.linked and not one.has_photo}
    assert {number for number, _ in truth["photo-available"]} == wanted


def test_no_further_article_has_a_code_of_the_shop() -> None:
    known = invented(200, 5)
    sandbox = IbSandbox(known, size=300, seed=5)
    for company in sandbox.companies:
        for key in sandbox.keys(company):
            if "|art_" in key:
                assert not {as_gtin14(ean) for ean in sandbox.article(key).eans} & set(known.gtins)
