"""Clients, users, representatives and delivery addresses: what is written is what is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from checks.sandbox import Sandbox

Row = dict[str, Any]
Sentences = Callable[[httpx.Response], list[str]]

ADDRESS = {
    "StreetName": "Kaai",
    "ExtraAddressLine": None,
    "StreetNumber": "1",
    "PostalCode": "8400",
    "Province": "West-Vlaanderen",
    "Municipality": "Oostende",
    "CountryCode": "BE",
}
CLIENT = {
    "ClientNumber": "C77",
    "Name": "Frituur De Kaai",
    "Email": "kaai@klant.example",
    "MayViewPromoLabels": False,
    "PhoneNumber": None,
    "SegmentId": 1,
    "Remarks": None,
    "Active": True,
    "HasPromos": True,
    "OrdersMayBeDeliveredToClient": False,
    "Location": ADDRESS,
}
USER = {
    "Email": "an@klant.example",
    "Firstname": "An",
    "Lastname": "Kok",
    "Active": True,
    "LanguageCode": "nld",
    "Telephone": None,
    "Fax": None,
    "MayViewPrices": None,
}
PERSON = {name: value for name, value in USER.items() if name != "MayViewPrices"}
LOCATION = {"ClientNumber": "C77", "Company": "De Kaai", "PhoneNumber": None, "Remark": None, **ADDRESS}


@pytest.fixture
def kaai(api: httpx.Client) -> httpx.Client:
    """The API, with client C77 in it."""
    assert api.post("Clients", json=CLIENT).status_code == 200
    return api


def rows(api: httpx.Client, path: str, **wanted: object) -> list[Row]:
    found: list[Row] = api.get(path).json()[path]
    return [row for row in found if all(row[name] == value for name, value in wanted.items())]


def representative_of(api: httpx.Client, number: str) -> str | None:
    person = rows(api, "Clients", ClientNumber=number)[0]["Representative"]
    return person and str(person["Email"])


def client_of(api: httpx.Client, email: str) -> str | None:
    client = rows(api, "Users", Email=email)[0]["Client"]
    return client and str(client["ClientNumber"])


# clients


def test_a_client_is_read_as_it_was_written(kaai: httpx.Client) -> None:
    (row,) = rows(kaai, "Clients", ClientNumber="C77")
    expected = {**CLIENT, "Segment": {"Id": 1, "Name": row["Segment"]["Name"]}, "Representative": None}
    del expected["SegmentId"]
    assert row == expected


def test_a_change_replaces_all_but_its_representative(kaai: httpx.Client) -> None:
    person = rows(kaai, "Representatives")[0]["Email"]
    link = {"ClientNumber": "C77", "EmailRepresentative": person}
    kaai.post("Clients/LinkClientToRepresentative", json=link)
    changed = {name: value for name, value in CLIENT.items() if name != "SegmentId"}
    assert kaai.put("Clients", json={**changed, "Name": "Brasserie De Kaai"}).status_code == 200
    (row,) = rows(kaai, "Clients", ClientNumber="C77")
    assert (row["Name"], row["Segment"], row["Representative"]["Email"]) == (
        "Brasserie De Kaai",
        None,
        person,
    )


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"SegmentId": 95}, "Segment with id 95 does not exist."),
        ({"Name": ""}, "The Name field is required."),
        ({"Name": "x" * 51}, "maximum length of 50"),
        ({"HasPromos": "often"}, "not valid for HasPromos"),
        ({"Location": {**ADDRESS, "CountryCode": "BEL"}}, "minimum length of 2"),
        ({"Location": None}, "The Location field is required."),
    ],
)
def test_a_wrong_client_is_refused(
    sandbox: Sandbox, api: httpx.Client, sentences: Sentences, wrong: Row, sentence: str
) -> None:
    before = sandbox.dump()
    answer = api.post("Clients", json={**CLIENT, **wrong})
    assert answer.status_code == 400
    assert sentence in " ".join(sentences(answer))
    assert sandbox.dump() == before


def test_a_number_is_given_once(kaai: httpx.Client) -> None:
    assert kaai.post("Clients", json=CLIENT).status_code == 400


def test_a_deleted_client_takes_its_addresses_along_and_nothing_else(
    kaai: httpx.Client, sandbox: Sandbox
) -> None:
    article = next(iter(sandbox.dump()["own"]))
    price = {"WholesalerArticleNumber": article, "ClientNumber": "C77", "IsExlusive": False}
    kaai.post("ClientProducts", json={**price, "SalesPriceList": 1.0})
    kaai.post("ClientLocations", json=LOCATION)
    kaai.post("Users", json={**USER, "ClientNumber": "C77", "Password": "geheim"})
    assert kaai.delete("Clients", params={"ClientNumber": "C77"}).status_code == 200
    assert rows(kaai, "Clients", ClientNumber="C77") == []
    assert rows(kaai, "ClientLocations", ClientNumber="C77") == []
    assert client_of(kaai, "an@klant.example") == "C77"
    assert len(rows(kaai, "ClientProducts", ClientNumber="C77")) == 1


# users


def test_a_user_is_read_without_its_password(kaai: httpx.Client) -> None:
    kaai.post("Users", json={**USER, "ClientNumber": "C77", "Password": "geheim"})
    (row,) = rows(kaai, "Users", Email="an@klant.example")
    assert {name: row[name] for name in USER} == USER
    assert row["Client"]["ClientNumber"] == "C77"
    assert "geheim" not in str(row)


def test_a_user_moves_and_gets_another_address(kaai: httpx.Client) -> None:
    kaai.post("Users", json={**USER, "ClientNumber": "C77", "Password": "geheim"})
    other = rows(kaai, "Clients")[0]["ClientNumber"]
    body = {**USER, "ClientNumber": other, "NewEmail": "an@kaai.example", "Active": False}
    assert kaai.put("Users", json=body).status_code == 200
    assert rows(kaai, "Users", Email="an@klant.example") == []
    assert client_of(kaai, "an@kaai.example") == other
    assert kaai.delete("Users", params={"Email": "an@kaai.example"}).status_code == 200
    assert rows(kaai, "Users", Email="an@kaai.example") == []


@pytest.mark.parametrize(
    "wrong", [{"ClientNumber": "NONE"}, {"Password": None}, {"LanguageCode": "nl"}, {"Email": ""}]
)
def test_a_wrong_user_is_refused(kaai: httpx.Client, wrong: Row) -> None:
    body = {**USER, "ClientNumber": "C77", "Password": "geheim", **wrong}
    assert kaai.post("Users", json=body).status_code == 400


def test_an_address_is_given_once(kaai: httpx.Client) -> None:
    taken = rows(kaai, "Users")[0]["Email"]
    body = {**USER, "ClientNumber": "C77", "Password": "geheim"}
    assert kaai.post("Users", json={**body, "Email": taken}).status_code == 400
    kaai.post("Users", json=body)
    assert kaai.put("Users", json={**body, "NewEmail": taken}).status_code == 400


@pytest.mark.parametrize("from_the_client", [True, False])
def test_users_are_linked_and_unlinked(kaai: httpx.Client, from_the_client: bool) -> None:
    email = rows(kaai, "Users")[0]["Email"]
    if from_the_client:
        body: Row = {"ClientNumber": "C77", "EmailUsers": [{"Email": email}]}
        link, unlink = "Clients/LinkClientToUsers", "Clients/UnlinkClientFromUsers"
    else:
        body = {"ClientNumber": "C77", "EmailUser": email}
        link, unlink = "Users/LinkUserToClient", "Users/UnlinkUserFromClient"
    assert kaai.post(unlink, json=body).status_code == 400
    assert kaai.post(link, json=body).status_code == 200
    assert client_of(kaai, email) == "C77"
    assert kaai.post(unlink, json=body).status_code == 200
    assert client_of(kaai, email) is None


def test_one_unknown_user_refuses_the_whole_link(kaai: httpx.Client) -> None:
    email = rows(kaai, "Users")[0]["Email"]
    body = {"ClientNumber": "C77", "EmailUsers": [{"Email": email}, {"Email": "no@body.example"}]}
    assert kaai.post("Clients/LinkClientToUsers", json=body).status_code == 404
    assert client_of(kaai, email) != "C77"


# representatives


def test_a_representative_comes_with_clients_and_keeps_them_under_another_address(kaai: httpx.Client) -> None:
    body = {**PERSON, "Email": "jo@groothandel.example", "Clients": [{"ClientNumber": "C77"}]}
    assert kaai.post("Representatives", json=body).status_code == 200
    assert representative_of(kaai, "C77") == "jo@groothandel.example"
    kaai.put("Representatives", json={**body, "Clients": [], "NewEmail": "johanna@groothandel.example"})
    assert representative_of(kaai, "C77") == "johanna@groothandel.example"
    kaai.delete("Representatives", params={"Email": "johanna@groothandel.example"})
    assert representative_of(kaai, "C77") is None


def test_a_list_of_clients_replaces_those_of_a_representative(kaai: httpx.Client) -> None:
    other = rows(kaai, "Clients")[0]["ClientNumber"]
    body = {**PERSON, "Email": "jo@groothandel.example", "Clients": [{"ClientNumber": "C77"}]}
    kaai.post("Representatives", json=body)
    kaai.put("Representatives", json={**body, "Clients": [{"ClientNumber": other}]})
    (row,) = rows(kaai, "Representatives", Email="jo@groothandel.example")
    assert row["Clients"] == [{"ClientNumber": other}]


def test_a_representative_is_linked_and_unlinked(kaai: httpx.Client) -> None:
    email = rows(kaai, "Representatives")[0]["Email"]
    body = {"EmailRepresentative": email, "ClientNumbers": [{"ClientNumber": "C77"}]}
    kaai.post("Representatives/LinkRepresentativeToClients", json=body)
    assert representative_of(kaai, "C77") == email
    kaai.post("Representatives/UnlinkRepresentativeFromClients", json=body)
    assert representative_of(kaai, "C77") is None
    one = {"ClientNumber": "C77", "EmailRepresentative": email}
    kaai.post("Clients/LinkClientToRepresentative", json=one)
    assert representative_of(kaai, "C77") == email
    kaai.post("Clients/UnlinkClientFromRepresentative", json=one)
    assert representative_of(kaai, "C77") is None


# delivery addresses


def test_an_address_is_made_changed_and_deleted(kaai: httpx.Client) -> None:
    kaai.post("ClientLocations", json=LOCATION)
    (row,) = rows(kaai, "ClientLocations", ClientNumber="C77")
    assert {name: row[name] for name in LOCATION} == LOCATION
    kaai.put("ClientLocations", json={**LOCATION, "Id": row["Id"], "Municipality": "Gent"})
    assert rows(kaai, "ClientLocations", ClientNumber="C77")[0]["Municipality"] == "Gent"
    path = f"ClientLocations/{row['Id']}"
    assert kaai.delete(path, params={"ClientNumber": "C10001"}).status_code == 404
    assert kaai.delete(path, params={"ClientNumber": "C77"}).status_code == 200
    assert rows(kaai, "ClientLocations", ClientNumber="C77") == []


def test_all_addresses_of_a_client_go_at_once(kaai: httpx.Client) -> None:
    before = len(rows(kaai, "ClientLocations"))
    for _ in range(2):
        kaai.post("ClientLocations", json=LOCATION)
    assert kaai.delete("ClientLocations", params={"ClientNumber": "C77"}).status_code == 200
    assert len(rows(kaai, "ClientLocations")) == before


def test_delivery_dates_are_replaced(kaai: httpx.Client) -> None:
    kaai.post("ClientLocations", json=LOCATION)
    key = {"ClientNumber": "C77", "Id": rows(kaai, "ClientLocations", ClientNumber="C77")[0]["Id"]}
    for days in (["2026-12-04", "2026-12-01T00:00:00", "01/12/2026"], []):
        body = {"ClientLocationId": key["Id"], "DeliveryDates": days}
        assert kaai.put("ClientLocationDeliveryDates", json=body).status_code == 200
        told = kaai.get("ClientLocationDeliveryDates", params=key).json()["DeliveryDates"]
        assert told == (["2026-12-01T00:00:00", "2026-12-04T00:00:00"] if days else [])


@pytest.mark.parametrize("day", ["tomorrow", "2026-12-01T00:00:00+01:00", "2026-02-30"])
def test_a_delivery_date_has_no_zone_and_exists(kaai: httpx.Client, day: str) -> None:
    id_ = rows(kaai, "ClientLocations")[0]["Id"]
    body = {"ClientLocationId": id_, "DeliveryDates": [day]}
    assert kaai.put("ClientLocationDeliveryDates", json=body).status_code == 400


@pytest.mark.parametrize(
    ("method", "path", "params"),
    [
        ("PUT", "Clients", {}),
        ("DELETE", "Clients", {"ClientNumber": "NONE"}),
        ("DELETE", "Users", {"Email": "no@body.example"}),
        ("DELETE", "Representatives", {"Email": "no@body.example"}),
        ("DELETE", "ClientLocations/1", {"ClientNumber": "C10001"}),
    ],
)
def test_what_is_not_there_is_404(api: httpx.Client, method: str, path: str, params: Row) -> None:
    assert (
        api.request(method, path, params=params, json=CLIENT if method == "PUT" else None).status_code == 404
    )
