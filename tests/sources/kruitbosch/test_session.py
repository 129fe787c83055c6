"""The session: signed in once, again when it ended, and what cannot be asked."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from checks.errors import CredentialsRefused
from checks.frames import Collected
from checks.sandbox.kruitbosch.server import KruitboschSandbox
from checks.settings_sources import KruitboschSource
from checks.sources.answers import AnswerHasErrors, LoginRefused
from checks.sources.kruitbosch.client import KruitboschClient, ProductsQuery
from checks.sources.kruitbosch.sign_in import CredentialsSession
from checks.sources.kruitbosch.system import SYSTEM
from checks.sources.kruitbosch.wire import Product
from checks.sources.rows import decode_rows

Make = Callable[..., KruitboschSandbox]
SourceOf = Callable[..., KruitboschSource]
Collect = Callable[..., dict[str, Collected]]


def logins(supplier: KruitboschSandbox) -> int:
    return sum(path == "auth/credentials" for _, path, _, _ in supplier.log)


def codes(client: KruitboschClient, query: ProductsQuery) -> list[str | None]:
    rows, _ = client.products(query, lambda raw: decode_rows(raw, Product))
    return [row.product_code for row in rows]


@pytest.mark.parametrize("bearer", [False, True], ids=["cookies", "bearer token"])
def test_one_run_signs_in_once(make_supplier: Make, collected: Collect, bearer: bool) -> None:
    supplier = make_supplier(bearer=bearer)
    assert {one.status for one in collected(supplier).values()} == {"ok"}
    assert logins(supplier) == 1


@pytest.mark.parametrize("bearer", [False, True], ids=["cookies", "bearer token"])
def test_a_session_that_ended_is_opened_again(make_supplier: Make, source_of: SourceOf, bearer: bool) -> None:
    supplier = make_supplier(bearer=bearer)
    with KruitboschClient(source_of(supplier)) as client:
        before = codes(client, ProductsQuery())
        supplier.expire()
        assert codes(client, ProductsQuery()) == before
    assert logins(supplier) == 2


def test_a_wrong_password_fails_every_frame(make_supplier: Make, collected: Collect) -> None:
    frames = collected(make_supplier(), password="wrong-password")
    assert {one.status for one in frames.values()} == {"failed"}
    assert all("credentials were refused" in (one.message or "") for one in frames.values())
    assert all("wrong-password" not in (one.message or "") for one in frames.values())


@pytest.mark.parametrize(("code", "refused"), [("Unauthorized", True), ("Exception", False)])
def test_an_error_told_with_http_200_may_say_that_the_login_is_refused(code: str, refused: bool) -> None:
    status = {"ErrorCode": code, "Message": "Invalid UserName or Password"}
    with pytest.raises(AnswerHasErrors, match="Invalid UserName or Password") as one:
        CredentialsSession("demo", "open-sesame").opened({"ResponseStatus": status}, {"ss-id": "x"})
    assert isinstance(one.value, LoginRefused) is refused


def test_a_login_without_any_role_fails(make_supplier: Make, collected: Collect) -> None:
    one = collected(make_supplier(roles=()))["catalogue"]
    assert one.status == "failed"
    assert "HTTP 403" in (one.message or "")


def test_reach_needs_the_credentials(make_supplier: Make, source_of: SourceOf) -> None:
    supplier = make_supplier()
    with KruitboschClient(source_of(supplier)) as client:
        SYSTEM.reach(client)
    with (
        KruitboschClient(source_of(supplier, password="wrong-password")) as client,
        pytest.raises(CredentialsRefused),
    ):
        SYSTEM.reach(client)


@pytest.mark.parametrize(
    ("roles", "verdicts"), [(("Klant",), ["ok", "ok"]), (("Kassasysteem",), ["wrong", "ok"])]
)
def test_what_the_doctor_asks(
    make_supplier: Make, source_of: SourceOf, roles: tuple[str, ...], verdicts: list[str]
) -> None:
    with KruitboschClient(source_of(make_supplier(roles=roles))) as client:
        probes = list(SYSTEM.probes(client))
    assert [probe.verdict for probe in probes] == verdicts, probes


@pytest.mark.parametrize(
    ("query", "path"),
    [
        (ProductsQuery(), "Products"),
        (ProductsQuery(ids=("KB-100003",)), "Products/KB-100003"),
        (ProductsQuery(ids=("a/b c",)), "Products/a%2Fb%20c"),
        (ProductsQuery(category="10", categories=("101",)), "Products/10/101"),
    ],
)
def test_each_route(query: ProductsQuery, path: str) -> None:
    assert (query.path, query.needs_body) == (path, False)


def test_every_parameter_by_its_name() -> None:
    query = ProductsQuery(
        is_bike=False,
        exclude_blocked=True,
        include_attributes=True,
        include_additional_images=True,
        include_original_images=True,
        include_intrastat_codes=True,
        consumer_products=2,
        include_in_active=True,
        product_options=True,
        remove_image_whitespace=True,
    )
    assert query.params == {
        "IsBike": "false",
        "ExcludeBlocked": "true",
        "IncludeAttributes": "true",
        "IncludeAdditionalImages": "true",
        "IncludeOriginalImages": "true",
        "IncludeIntrastatCodes": "true",
        "ConsumerProducts": "2",
        "IncludeInActive": "true",
        "ProductOptions": "true",
        "RemoveImageWhitespace": "true",
    }


def test_several_codes_go_in_a_body(make_supplier: Make, source_of: SourceOf) -> None:
    supplier = make_supplier()
    first, second, *_ = [one.code for one in supplier.api.catalogue.articles.values() if not one.inactive]
    with KruitboschClient(source_of(supplier)) as client:
        assert codes(client, ProductsQuery(ids=(first,))) == [first]
        assert codes(client, ProductsQuery(ids=(first, second))) == [first, second]
    assert supplier.log[-1][:2] == ("POST", "json/reply/Products")


def test_by_category(make_supplier: Make, source_of: SourceOf) -> None:
    supplier = make_supplier()
    wanted = {
        one.code
        for one in supplier.api.catalogue.articles.values()
        if {"10", "101"} & set(one.group) and not one.inactive
    }
    with KruitboschClient(source_of(supplier)) as client:
        assert set(codes(client, ProductsQuery(category="10", categories=("101",)))) == wanted


def test_blocked_ones_can_be_left_out(make_supplier: Make, source_of: SourceOf) -> None:
    supplier = make_supplier()
    blocked = {one.code for one in supplier.api.catalogue.articles.values() if one.blocked}
    assert blocked
    with KruitboschClient(source_of(supplier)) as client:
        everything = set(codes(client, ProductsQuery(include_in_active=True)))
        assert (
            everything - set(codes(client, ProductsQuery(include_in_active=True, exclude_blocked=True)))
            == blocked
        )
