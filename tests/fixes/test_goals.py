"""Goals look at what was read and say what is missing: no I/O."""

from __future__ import annotations

from typing import Any

from checks.fixes.compare import differences, own_differences
from checks.fixes.goals import ClientPricesThere, Linked, LinkedGone, OwnGone, PhotosThere

BODY = {
    "EanCode": "1",
    "WholesalerArticleNumber": "A1",
    "Active": True,
    "OnOrder": False,
    "SalesPriceList": 2.5,
}
SHOWN = {"WholesalerArticleNumber": "A1", "Active": True, "OnOrder": False, "SalesPriceList": 2.50}


def linked(live: dict[str, Any] | None, own: dict[str, Any] | None = None) -> Any:
    return Linked(BODY, "Link it").look({"linked": live, "own": own})


def test_a_link_as_it_was_sent_is_there() -> None:
    assert linked(SHOWN).met


def test_a_missing_link_is_sent() -> None:
    assert [call.title for call in linked(None).todo] == ["Link it"]


def test_another_price_is_a_conflict() -> None:
    assert "list price: 2.5 -> 3.0" in linked({**SHOWN, "SalesPriceList": 3.0}).conflict


def test_a_field_the_shop_does_not_show_is_remarked() -> None:
    verdict = linked({name: SHOWN[name] for name in SHOWN if name != "OnOrder"})
    assert verdict.met
    assert verdict.remark == "The shop does not show: on order."


def test_an_own_product_that_is_linked_too_is_never_deleted() -> None:
    assert "at once" in str(OwnGone("A1").look({"own": SHOWN, "linked": SHOWN}).conflict)


def test_only_the_link_of_this_plan_is_taken_back() -> None:
    goal = LinkedGone(BODY, "Products")
    assert [call.request.method for call in goal.look({"own": None, "linked": SHOWN}).todo] == ["DELETE"]
    assert "in another way" in str(
        goal.look({"own": None, "linked": {**SHOWN, "SalesPriceList": 3.0}}).conflict
    )


def photos(*rows: dict[str, Any]) -> list[str]:
    wanted = ({"PhotoName": "a.jpg", "Photo": "sha256:1"}, {"PhotoName": "b.jpg", "Photo": "sha256:2"})
    return [call.request.method for call in PhotosThere("A1", wanted).look({"pictures": rows}).todo]


def row(name: str, sha256: str | None, number: int = 1) -> dict[str, Any]:
    return {"PhotoId": number, "PhotoName": name, "LanguageCode": None, "sha256": sha256}


def test_photos_that_are_missing_are_added() -> None:
    assert photos(row("a.jpg", "1")) == ["POST"]


def test_a_photo_that_is_there_twice_is_deleted_once() -> None:
    assert photos(row("a.jpg", "1"), row("a.jpg", "1", 2), row("b.jpg", "2", 3)) == ["DELETE"]


def test_photos_whose_bytes_cannot_be_read_are_told_by_their_name() -> None:
    assert photos(row("a.jpg", None), row("b.jpg", None)) == []


def test_a_photo_of_the_same_name_with_other_bytes_is_reported_and_not_added_again() -> None:
    wanted = ({"PhotoName": "a.jpg", "Photo": "sha256:1"},)
    verdict = PhotosThere("A1", wanted).look({"pictures": [row("a.jpg", "9")]})
    assert verdict.met
    assert verdict.differs == "There with another picture than was saved: photo a.jpg."


def test_a_photo_that_somebody_added_stays() -> None:
    assert photos(row("a.jpg", "1"), row("b.jpg", "2"), row("c.jpg", "3")) == []


def test_only_client_prices_that_differ_are_sent() -> None:
    prices = tuple(
        {"WholesalerArticleNumber": "A1", "ClientNumber": c, "SalesPriceList": 2, "IsExlusive": False}
        for c in "ab"
    )
    (call,) = ClientPricesThere(prices).look({"client_prices": [{**prices[0], "EanCode": "1"}]}).todo
    assert call.request.body == {"ClientProducts": [prices[1]]}


def test_order_zone_and_notation_are_no_difference() -> None:
    was = {
        "PromoValidFrom": "2026-01-05T00:00:00+01:00",
        "OrderQuantity": 1,
        "Localizations": _texts("nld", "fra"),
    }
    now = {
        "PromoValidFromUtc": "2026-01-04T23:00:00Z",
        "OrderQuantity": 1.0,
        "Localizations": _texts("fra", "nld"),
    }
    assert own_differences(was, now) == []


def _texts(*languages: str) -> list[dict[str, str]]:
    return [{"LanguageCode": language, "Name": f"Kaas {language}"} for language in languages]


def test_a_difference_names_field_old_and_new_value() -> None:
    (found,) = differences(
        {"Localizations": _texts("nld")}, {"Localizations": [{"LanguageCode": "nld", "Name": "Boter"}]}
    )
    assert str(found) == "text (nld) name: Kaas nld -> Boter"


def test_an_unknown_field_that_moved_is_a_difference() -> None:
    (found,) = own_differences({"Allergens": "milk"}, {"Allergens": "nuts"})
    assert str(found) == "Allergens: milk -> nuts"
