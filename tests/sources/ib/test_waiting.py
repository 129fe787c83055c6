"""What waits for approval: the unmoderated set beside the approved forms, over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from checks.sandbox.calls import Answer, Call
from checks.sandbox.ib import IbSandbox
from checks.sandbox.ib.api import IbApi
from checks.sandbox.ib.rows import Company
from tests.sources.ib.ground import Past, collect, good, row, same

FRAME = "catalogue_waiting"


@pytest.fixture
def sandbox() -> Iterator[IbSandbox]:
    with IbSandbox() as running:
        for company in running.companies:
            running.approve(company)
        running.advance(hours=5)
        running.log.clear()
        yield running


def waiting(sandbox: IbSandbox, past: Past | None = None, **settings: Any) -> pl.DataFrame:
    return good(collect(sandbox, past, **settings)[FRAME])


def fields(one: dict[str, Any]) -> dict[str, tuple[str | None, str | None]]:
    return {change["field"]: (change["before"], change["after"]) for change in one["changes"]}


def test_nothing_waits_and_the_approved_set_is_not_asked(sandbox: IbSandbox) -> None:
    assert waiting(sandbox).is_empty()
    assert len(sandbox.log) == 5 + 5


def test_a_change_is_told_field_by_field(sandbox: IbSandbox) -> None:
    company = sandbox.companies[0]
    key = sandbox.keys(company)[0]
    old = sandbox.article(key)
    piece, box = old.units
    dearer = (replace(old.prices[0], price=99.5), *old.prices[1:])
    sandbox.change(
        key,
        name="Nieuw",
        availability="91E",
        prices=dearer,
        pictures=(),
        units=(piece, replace(box, amount=24)),
    )
    one = row(waiting(sandbox), key)
    told = fields(one)
    assert one["kind"] == "changed"
    assert set(told) == {"name", "availability", "prices", "images", "units"}
    assert told["name"] == (old.name, "Nieuw")
    assert told["availability"] == ("Actueel (85E)", "Uitlopend (91E)")
    assert told["images"][1] is None
    assert "99.5 euro per 1 st" in (told["prices"][1] or "")
    assert one["approved_at"] is not None


def test_an_article_without_an_approved_form_is_new(sandbox: IbSandbox) -> None:
    company = sandbox.companies[1]
    sandbox.add(company, "fresh_1")
    (one,) = waiting(sandbox).to_dicts()
    assert (one["article_key"], one["kind"], one["changes"]) == (f"{company}|fresh_1", "new", [])


@pytest.mark.parametrize("habit", [{}, {"no_date": True}], ids=str)
def test_before_the_first_approval_all_is_new_and_that_is_said(habit: dict[str, Any]) -> None:
    with IbSandbox(unapproved=("polder_agf",), **habit) as sandbox:
        found = collect(sandbox)[FRAME]
        mine = good(found).filter(company="polder_agf")
        assert set(mine["article_key"]) == set(sandbox.keys("polder_agf"))
        assert set(mine["kind"]) == {"new"}
        assert "polder_agf: nothing has been approved yet" in (found.message or "")
        others = good(found).filter(pl.col("company") != "polder_agf")
        assert set(others["kind"]) == {"new", "changed"}


def test_a_server_that_leaves_changed_articles_out_of_the_approved_set() -> None:
    """The other reading of `moderated`: there is no approved form to compare with."""
    with IbSandbox(literal_moderation=True) as sandbox:
        found = waiting(sandbox)
        assert {key for key, _ in sandbox.truth()["article-unmoderated"]} == set(found["article_key"])
        assert set(found["kind"]) == {"new"}


class TestNightAfterNight:
    def test_the_approved_form_is_what_was_there_at_the_last_run(self, sandbox: IbSandbox) -> None:
        past = Past(collect(sandbox))
        key = sandbox.keys(sandbox.companies[0])[3]
        name = sandbox.article(key).name
        sandbox.change(key, name="Eerste wijziging")
        sandbox.log.clear()
        night = collect(sandbox, past)
        assert len(sandbox.log) == 5 + 5
        assert fields(row(good(night[FRAME]), key)) == {"name": (name, "Eerste wijziging")}

        sandbox.advance(hours=2)
        sandbox.change(key, text="En een tweede.")
        sandbox.log.clear()
        again = collect(sandbox, Past(night))
        assert len(sandbox.log) == 5 + 5
        told = fields(row(good(again[FRAME]), key))
        assert told["name"] == (name, "Eerste wijziging")
        assert told["description"][1] == "En een tweede."
        assert same(good(again[FRAME]), waiting(sandbox))

    def test_an_approval_empties_it(self, sandbox: IbSandbox) -> None:
        company = sandbox.companies[0]
        sandbox.change(sandbox.keys(company)[3], name="Anders")
        past = Past(collect(sandbox))
        sandbox.approve(company)
        assert waiting(sandbox, past).is_empty()

    def test_changed_approved_and_changed_again(self, sandbox: IbSandbox) -> None:
        company = sandbox.companies[0]
        one, other = sandbox.keys(company)[3:5]
        sandbox.change(one, name="Eerste")
        past = Past(collect(sandbox))
        sandbox.change(other, name="Ander artikel")
        sandbox.approve(company)
        sandbox.advance(hours=1)
        sandbox.change(one, name="Tweede")
        sandbox.change(other, name="Nog anders")
        found = waiting(sandbox, past)
        assert fields(row(found, one))["name"] == ("Eerste", "Tweede")
        assert fields(row(found, other))["name"] == ("Ander artikel", "Nog anders")
        assert same(found, waiting(sandbox))

    def test_what_is_put_back_waits_with_nothing_changed(self, sandbox: IbSandbox) -> None:
        key = sandbox.keys(sandbox.companies[2])[3]
        name = sandbox.article(key).name
        past = Past(collect(sandbox))
        sandbox.change(key, name="Anders")
        past = Past(collect(sandbox, past))
        sandbox.advance(days=1)
        sandbox.change(key, name=name)
        one = row(waiting(sandbox, past), key)
        assert (one["kind"], one["changes"]) == ("changed", [])

    @pytest.mark.parametrize("moderation", ["both", "moderated"])
    def test_what_was_withdrawn_waits_no_more(self, sandbox: IbSandbox, moderation: str) -> None:
        """The catalogue of a run tells, where it has what waits."""
        company = sandbox.companies[0]
        gone, there = sandbox.keys(company)[3:5]
        sandbox.change(there, name="Anders")
        sandbox.change(gone, name="Ook anders")
        past = Past(collect(sandbox, moderation=moderation))
        with sandbox.api.lock:
            del sandbox.api.assortment.companies[company].articles[gone.partition("|")[2]]
        keys = set(waiting(sandbox, past, moderation=moderation)["article_key"])
        assert keys == ({there} if moderation == "both" else {gone, there})

    @pytest.mark.parametrize("names", [(FRAME,), ("catalogue", FRAME)], ids=["none", "incomplete"])
    def test_a_catalogue_that_is_not_whole_withdraws_nothing(
        self, sandbox: IbSandbox, monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...]
    ) -> None:
        key = sandbox.keys(sandbox.companies[0])[-1]
        sandbox.change(key, name="Anders")
        past = Past(collect(sandbox))
        page = IbApi._page

        def loses_one_of_both(api: IbApi, call: Call, company: Company) -> Answer:
            usual = api._habits
            loses = 1 if call.headers["x-moderation"] == "both" else 0
            api._habits = replace(usual, loses=loses)
            try:
                return page(api, call, company)
            finally:
                api._habits = usual

        monkeypatch.setattr(IbApi, "_page", loses_one_of_both)
        found = collect(sandbox, past, names=names)
        assert all(key not in set(good(one)["article_key"]) for one in found.values() if one.frame != FRAME)
        assert set(good(found[FRAME])["article_key"]) == {key}

    def test_without_a_date_an_approval_is_noticed_all_the_same(self) -> None:
        with IbSandbox(no_date=True) as sandbox:
            company = sandbox.companies[0]
            key = sandbox.keys(company)[0]
            past = Past(collect(sandbox))
            sandbox.change(key, name="Goedgekeurd")
            sandbox.approve(company)
            approved = collect(sandbox, past)
            assert company not in set(good(approved[FRAME])["company"])

            sandbox.advance(hours=1)
            sandbox.change(key, name="Daarna")
            found = waiting(sandbox, Past(approved))
            assert set(found["article_key"]) == {key for key, _ in sandbox.truth()["article-unmoderated"]}
            assert fields(row(found, key)) == {"name": ("Goedgekeurd", "Daarna")}
            assert same(found, waiting(sandbox))


@pytest.mark.parametrize("loses", [1, 1_000])
@pytest.mark.parametrize("full", [True, False], ids=["full", "nightly"])
def test_what_ib_counts_and_does_not_give_is_not_approved(sandbox: IbSandbox, loses: int, full: bool) -> None:
    for key in sandbox.keys(sandbox.companies[0])[:5]:
        sandbox.change(key, name="Anders")
    past = Past(collect(sandbox))
    sandbox.api._habits = replace(sandbox.api._habits, loses=loses)
    one = collect(sandbox, None if full else past)[FRAME]
    assert (one.status, one.data) == ("failed", None)
    assert f"IB counts 5 articles that wait for approval and gave {max(0, 5 - loses)}" in (one.message or "")
