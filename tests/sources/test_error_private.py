"""What is secret or personal in the error log never gets further than the reader; what a problem is about stays."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.sources.oresto import private

SECRET_FIELDS = (
    "Password",
    "pwd",
    "ApiKey",
    "api_key",
    "X-Api-Key",
    "clientSecret",
    "RefreshToken",
    "Authorization",
)
PERSONAL_FIELDS = (
    *("Email", "E-mail", "EmailUser", "FirstName", "LastName", "ContactName", "PhoneNumber", "Mobile", "Fax"),
    *(
        "StreetName",
        "HouseNumber",
        "PostalCode",
        "Municipality",
        "VatNumber",
        "IBAN",
        "BirthDate",
        "DateOfBirth",
    ),
)
BUSINESS = {
    "WholesalerArticleNumber": "VV104512",
    "EanCode": "5400000000003",
    "ClientNumber": "C10001",
    "OrderNumbers": [20260001, 20260002],
    "BrandId": 77777,
    "Brand": {"Id": 3, "Name": "Belpomme"},
    "VatPercentage": 6,
    "SalesPriceList": 9.95,
}
VALUE = "Zx9QqSecret"


def masked(body: Any) -> Any:
    return json.loads(private.body(json.dumps(body)))


@pytest.mark.parametrize("name", [*SECRET_FIELDS, *PERSONAL_FIELDS])
class TestAFieldByItsName:
    def test_in_json_at_any_depth(self, name: str) -> None:
        assert masked({"Orders": [{"Id": 4, name: VALUE}]}) == {"Orders": [{"Id": 4, name: "***"}]}

    def test_in_json_that_was_cut_off(self, name: str) -> None:
        text = json.dumps({"Id": 4, name: VALUE, "Remark": "to be continued"})
        for end in range(len(text)):
            assert VALUE not in private.body(text[:end])
            assert '"Zx9' not in private.body(text[:end])

    def test_in_json_that_is_broken(self, name: str) -> None:
        assert VALUE not in private.body(f'{{"Id": 4,, "{name}": "{VALUE}", "Other": [}}')

    def test_in_a_form_and_a_query(self, name: str) -> None:
        form = urlencode({"Id": "4", name: VALUE})
        assert private.body(form) == f"Id=4&{name}=***"
        assert private.url(f"/api/Users?{form}") == f"/api/Users?Id=4&{name}=***"

    def test_in_a_form_of_several_parts(self, name: str) -> None:
        part = f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{VALUE}\r\n--x--'
        assert VALUE not in private.body(part)

    def test_in_xml(self, name: str) -> None:
        assert private.body(f"<User><Id>4</Id><{name}>{VALUE}</{name}></User>").count("***") == 1


def test_what_a_problem_is_about_stays() -> None:
    assert masked(BUSINESS) == BUSINESS


def test_a_name_is_personal_in_what_is_about_somebody() -> None:
    client = {"ClientNumber": "C1", "Name": "Frituur An", "PhoneNumber": "+32 470 12 34 56"}
    assert masked(client) == {"ClientNumber": "C1", "Name": "***", "PhoneNumber": "***"}
    assert masked({"Client": {"Name": "Frituur An"}}) == {"Client": {"Name": "***"}}


def test_the_name_of_a_product_is_not_personal() -> None:
    product = {
        "WholesalerArticleNumber": "A1",
        "WholesalerProductLocalizations": [{"LanguageCode": "nld", "Name": "Kaas", "Description": "jong"}],
    }
    assert masked(product) == product
    assert masked({"Client": {"Name": "An", "Products": [product]}})["Client"]["Products"] == [product]


def test_what_is_empty_stays_empty() -> None:
    """That a required field was empty is what the failure is about."""
    assert masked({"Email": None, "FirstName": "", "Password": False}) == {
        "Email": None,
        "FirstName": "",
        "Password": False,
    }


def test_long_texts_become_their_length() -> None:
    assert masked({"Photo": "A" * 12_345}) == {"Photo": "… (12,345 characters)"}
    assert masked({"Description": "b" * 200}) == {"Description": "b" * 200}


def test_a_body_is_cut_at_4000_characters() -> None:
    assert len(private.body(json.dumps([f"text {number}" for number in range(2_000)]))) == 4_000


def test_json_within_json_is_masked() -> None:
    inner = json.dumps({"Password": VALUE, "EanCode": "5400000000003"})
    assert json.loads(masked({"Payload": inner})["Payload"]) == {
        "Password": "***",
        "EanCode": "5400000000003",
    }


def test_a_list_of_names_and_values_is_masked() -> None:
    assert masked([{"Key": "Password", "Value": VALUE}]) == [{"Key": "Password", "Value": "***"}]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("User an.d'hondt+x@klant.example already exists.", "User ***@klant.example already exists."),
        ("The value 'jan@klant.example' is not valid.", "The value '***@klant.example' is not valid."),
        ("Login failed: password=lente, user 31", "Login failed: password=***, user 31"),
        ("Header Authorization: Basic ZGVtbzpzYW5kYm94", "Header Authorization: Basic ***"),
        (
            "Product with WholesalerArticleNumber VV@104 exists.",
            "Product with WholesalerArticleNumber VV@104 exists.",
        ),
    ],
)
def test_a_sentence_keeps_its_words(text: str, shown: str) -> None:
    assert private.message(text) == shown


def test_an_address_in_a_path_and_a_login_in_an_url() -> None:
    assert private.url("/api/Users/jan%40klant.example") == "/api/Users/***%40klant.example"
    assert private.url("https://demo:pass@host.example/api/Users") == "https://***@host.example/api/Users"


def test_a_page_of_html_keeps_its_words() -> None:
    page = "<html><body>Server error for jan@klant.example, password=lente</body></html>"
    assert private.body(page) == "<html><body>Server error for ***@klant.example, password=***</body></html>"


words = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)


@given(around=words, name=st.sampled_from([*SECRET_FIELDS, *PERSONAL_FIELDS]), cut=st.integers(0, 80))
def test_nothing_around_it_brings_a_secret_back(around: Any, name: str, cut: int) -> None:
    text = json.dumps({"a": around, name: VALUE, "b": around})
    assert VALUE not in private.body(text)
    assert VALUE not in private.body(text[: max(len(text) - cut, 0)])


@given(st.text())
def test_any_text_can_be_masked(text: str) -> None:
    for mask in (private.body, private.url, private.message):
        assert isinstance(mask(text), str)


@pytest.mark.parametrize(
    "text",
    [
        f"FirstName={VALUE}&ClientNumber=C1",
        f"Email=a@klant.example&Name={VALUE}",
        f"Client.Name={VALUE}&Client.Number=C1",
        f"<User><LastName>{VALUE}</LastName><Password>x</Password></User>",
        f"/api/Users?FirstName={VALUE}",
        f"ClientNumber: C1, Password: {VALUE}",
    ],
)
class TestTextUnderANameNobodyKnows:
    def test_in_what_is_kept_raw(self, text: str) -> None:
        assert VALUE not in json.dumps(private.value({"Content": text}))

    def test_as_a_body(self, text: str) -> None:
        assert VALUE not in private.body(text)


@pytest.mark.parametrize(
    "quoted",
    [
        f'Unexpected value in {{"Password":"{VALUE}","Id":1}}.',
        f'Unexpected value in {{"FirstName": "{VALUE}"}}.',
        f"Refused, token: {VALUE}",
        f"Cannot read <ns:LastName>{VALUE}</ns:LastName>",
    ],
)
def test_data_that_a_message_quotes(quoted: str) -> None:
    assert VALUE not in private.message(quoted)


@pytest.mark.parametrize(
    "said", ["Email: is required.", "System.Exception: Brand with id 4711 does not exist."]
)
def test_a_sentence_with_a_colon_stays(said: str) -> None:
    assert private.message(said) == said


def test_the_name_of_a_product_in_a_form_stays() -> None:
    form = "WholesalerArticleNumber=A1&Name=Halfvolle+melk&Email=a@klant.example"
    assert "Halfvolle+melk" in private.body(form)
