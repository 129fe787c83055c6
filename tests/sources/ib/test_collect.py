"""IB's catalogue over real HTTP: all pages of all companies, whatever the server's habits."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from checks.errors import SourceError
from checks.frames import FRAMES as SPECS
from checks.sandbox.ib import IbSandbox
from checks.sources.ib.system import SYSTEM
from tests.sources.ib.ground import collect, good, row, same, source


def keys(sandbox: IbSandbox) -> set[str]:
    return {key for company in sandbox.companies for key in sandbox.keys(company)}


def test_every_article_of_every_company_comes_home() -> None:
    with IbSandbox() as sandbox:
        one = collect(sandbox)["catalogue"]
        data = good(one)
        assert set(data["article_key"]) == keys(sandbox)
        assert (one.expected, one.rows) == (data.height, data.height)
        assert data.schema == SPECS["catalogue"].schema
        assert (one.drift, one.unusable, one.message, one.mode) == ((), {}, None, "full")


def test_what_is_collected_is_what_the_supplier_has() -> None:
    with IbSandbox() as sandbox:
        data = good(collect(sandbox)["catalogue"])
        for key in keys(sandbox):
            theirs, ours = sandbox.article(key), row(data, key)
            assert (ours["article_code"], ours["match_code"]) == (theirs.code, theirs.match_code)
            assert (ours["name"], ours["brand"]) == (theirs.name, theirs.brand)
            assert [unit["ean"] for unit in ours["units"]] == [unit.ean for unit in theirs.units]
            assert len(ours["images"]) == len(theirs.pictures)
            assert [price["amount"] for price in ours["prices"]] == [price.price for price in theirs.prices]


@pytest.mark.parametrize(
    "habit", [{"page_cap": 9}, {"no_cursor": True}, {"authentication": "bearer"}], ids=str
)
def test_habits_make_no_difference(habit: dict[str, Any]) -> None:
    with IbSandbox() as usual, IbSandbox(**habit) as other:
        more = {"authentication": habit.get("authentication", "basic")}
        one = collect(other, page_size=17, **more)["catalogue"]
        columns = ["article_key", "name", "ean", "gross_price"]
        assert same(good(one).select(columns), good(collect(usual)["catalogue"]).select(columns))
        assert ("gave no cursor" in (one.message or "")) == ("no_cursor" in habit)


@pytest.mark.parametrize(
    ("habit", "told"),
    [
        ({"same_cursor": True}, "go round"),
        ({"base_only": True}, "base fields only"),
    ],
)
def test_pages_that_cannot_be_trusted_fail_the_frame(habit: dict[str, Any], told: str) -> None:
    with IbSandbox(**habit) as sandbox:
        found = collect(sandbox, page_size=10)
        assert found["catalogue"].status == "failed"
        assert told in (found["catalogue"].message or "")


def test_articles_that_ib_counts_and_does_not_give_are_missed() -> None:
    with IbSandbox(loses=2) as sandbox:
        one = collect(sandbox)["catalogue"]
        assert one.expected == one.rows + 2 * len(sandbox.companies)


def test_an_unknown_company_is_named() -> None:
    with IbSandbox() as sandbox:
        found = collect(sandbox, companies=[*sandbox.companies, "nobody"])
        for one in found.values():
            assert one.status == "failed"
            assert "companies/nobody/articles" in (one.message or "")
            assert "Does IB know a company nobody?" in (one.message or "")


def test_companies_at_once_with_one_connection_too() -> None:
    with IbSandbox() as sandbox:
        assert len(good(collect(sandbox, max_connections=1)["catalogue"])) == len(keys(sandbox))


def test_the_set_that_was_asked_is_the_one_that_comes() -> None:
    with IbSandbox(unapproved=("zuivel_noord",)) as sandbox:
        approved = collect(sandbox, moderation="moderated")["catalogue"]
        assert not good(approved)["article_key"].str.starts_with("zuivel_noord|").any()
        assert "zuivel_noord has no approved articles" in (approved.message or "")
        waiting = collect(sandbox, moderation="unmoderated")["catalogue"]
        assert set(good(waiting)["article_key"]) == {key for key, _ in sandbox.truth()["article-unmoderated"]}


def test_snapshots_of_other_sets_are_never_built_upon() -> None:
    with IbSandbox() as sandbox:
        assert SYSTEM.marks(source(sandbox)) != SYSTEM.marks(source(sandbox, moderation="moderated"))


def test_a_picture_is_fetched_with_the_same_credentials() -> None:
    def anything(data: bytes) -> None:
        return None

    with IbSandbox() as sandbox:
        images = good(collect(sandbox)["catalogue"])["images"].explode(empty_as_null=False, keep_nulls=False)
        with SYSTEM.connect(source(sandbox), None) as client:
            data = client.http.fetch(images[0]["url"], "an image", anything)
            assert len(data) == images[0]["bytes"]
            assert data.startswith((b"\x89PNG", b"\xff\xd8"))
            with pytest.raises(SourceError, match="another host"):
                client.http.fetch("http://elsewhere.example/1.jpg", "an image", anything)


@pytest.mark.parametrize("authentication", ["basic", "bearer"])
def test_no_secret_is_ever_told(caplog: pytest.LogCaptureFixture, authentication: str) -> None:
    caplog.set_level(logging.DEBUG)
    with IbSandbox(authentication=authentication) as sandbox:
        sandbox.password = "geheim-woord-17"
        found = collect(sandbox, authentication=authentication)
    told = [one.message or "" for one in found.values()]
    assert all("refused" in one for one in told)
    assert "geheim-woord-17" not in caplog.text + " ".join(told)
    assert "Z2VoZWlt" not in caplog.text  # how it looks in base64


def test_the_doctor_asks_each_company() -> None:
    with (
        IbSandbox(unapproved=("zuivel_noord",), no_downloads=True) as sandbox,
        SYSTEM.connect(source(sandbox, companies=["zuivel_noord", "nobody"]), None) as client,
    ):
        SYSTEM.reach(client)
        found = {probe.question: probe for probe in SYSTEM.probes(client)}
    assert found["may read zuivel_noord"].verdict == "ok"
    assert "Nothing has been approved yet" in found["approval of zuivel_noord"].detail
    assert found["may read nobody"].verdict == "wrong"
    assert "entitle" in found["may download images"].detail
    assert "images.download" in found["fields of catalogue"].detail
