"""What a row of a client file becomes: client, user, address; and what it lacks."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from checks.frames import FRAMES
from checks.onboarding.client_requests import ClientList, client_list
from tests.onboarding.articles_made import clients

SEGMENTS = pl.DataFrame(
    {"id": [4], "name": ["Horeca & Hotels"], "names": [[{"language": "fra", "name": "Hôtels"}]]},
    schema=FRAMES["client_segments"].schema,
)
SOUND: dict[str, Any] = {
    "row": 2,
    "client_number": "C1",
    "name": "De Kroon",
    "email": "info@dekroon.example",
    "segment": "horeca  & hotels",
    "street": "Markt",
    "street_number": "1",
    "postal_code": "8000",
    "municipality": "Brugge",
    "user_email": "ann@dekroon.example",
    "user_first_name": "Ann",
    "language": "fra",
}


def made(**values: Any) -> ClientList:
    return client_list(clients({**SOUND, **values}), SEGMENTS)


def test_a_client_comes_with_user_and_address() -> None:
    assert made().given == {
        "C1": {
            "client": {
                "Active": True,
                "ClientNumber": "C1",
                "Email": "info@dekroon.example",
                "HasPromos": True,
                "Location": {
                    "CountryCode": "BE",
                    "Municipality": "Brugge",
                    "PostalCode": "8000",
                    "StreetName": "Markt",
                    "StreetNumber": "1",
                },
                "MayViewPromoLabels": True,
                "Name": "De Kroon",
                "OrdersMayBeDeliveredToClient": True,
                "SegmentId": 4,
            },
            "users": [
                {
                    "Active": True,
                    "ClientNumber": "C1",
                    "Email": "ann@dekroon.example",
                    "Firstname": "Ann",
                    "LanguageCode": "fra",
                }
            ],
            "locations": [
                {
                    "ClientNumber": "C1",
                    "CountryCode": "BE",
                    "Municipality": "Brugge",
                    "PostalCode": "8000",
                    "StreetName": "Markt",
                    "StreetNumber": "1",
                }
            ],
        }
    }


@pytest.mark.parametrize("written", ["4", "HOTELS", "Horeca en hotels"])
def test_a_segment_is_known_by_id_or_name_in_any_language(written: str) -> None:
    got = made(segment=written)
    if written == "Horeca en hotels":  # other words are another name
        assert "no client segment 'Horeca en hotels'" in got.left["C1"]
    else:
        assert got.given["C1"]["client"]["SegmentId"] == 4


def test_without_an_e_mail_of_its_own_the_users_is_taken() -> None:
    assert made(email=None).given["C1"]["client"]["Email"] == "ann@dekroon.example"


def test_what_is_left_out_is_told() -> None:
    got = made(user_email=None, street=None)
    assert got.given["C1"]["users"] == got.given["C1"]["locations"] == []
    assert "nobody can log in" in got.remarks["C1"]
    assert "no address of delivery" in got.table.row(0, named=True)["reason"]


def test_a_client_without_name_or_e_mail_is_left_to_a_person() -> None:
    got = made(name=None, email=None, user_email=None)
    assert got.given == {}
    assert got.left == {"C1": "It has no name. It has no e-mail, which the shop insists on."}
