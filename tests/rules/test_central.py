"""own-became-central, own-and-linked and linked-central-deleted: what does the central database have, or no longer?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from checks.rules.central import matched_by

Findings = Callable[..., list[dict[str, Any]]]
Make = Callable[..., Any]

CENTRAL = [{"ean": "5400000000003"}]
OTHER = "8710000000107"


def test_own_ean_in_the_central_list(findings: Findings) -> None:
    (one,) = findings("own-became-central", central_eans=CENTRAL)
    assert one == {
        "check": "own-became-central",
        "severity": "error",
        "source": "shop",
        "entity": "product",
        "key": "A1",
        "field": None,
        "value": "5400000000003",
        "message": "Its own EAN 5400000000003 is in the central EAN list.",
        "fix": "link-central",
    }


@pytest.mark.parametrize(
    ("own", "central"),
    [
        ("012345678905", "0012345678905"),
        ("0012345678905", "012345678905"),
        ("00012345678905", "012345678905"),
        ("96385074", "00000096385074"),
    ],
)
def test_codes_are_compared_as_gtin14(findings: Findings, product: Make, own: str, central: str) -> None:
    (one,) = findings("own-became-central", products=[product(ean=own)], central_eans=[{"ean": central}])
    assert one["value"] == own


def test_a_carton_of_it_is_another_product(findings: Findings, product: Make) -> None:
    carton = "15400000000000"
    assert findings("own-became-central", products=[product(ean=carton)], central_eans=CENTRAL) == []


def test_invalid_codes_match_nothing(findings: Findings, product: Make) -> None:
    wrong = [{"ean": "5400000000004"}, {"ean": None}, {"ean": ""}, {"ean": "0000000000000"}]
    for ean in ("5400000000004", None, "", "0000000000000"):
        assert (
            findings("own-became-central", products=[product(ean=ean)], central_eans=[*wrong, {"ean": OTHER}])
            == []
        )


@pytest.mark.parametrize(
    ("codes", "kind"),
    [
        ({"unit_eans": [OTHER, "05400000000003"]}, "unit"),
        ({"package_eans": [None, "5400000000003"]}, "carton"),
        ({"unit_eans": ["5400000000003"], "package_eans": ["5400000000003"]}, "unit"),
        ({"ean": "5400000000003", "unit_eans": ["5400000000003"]}, "own"),
    ],
)
def test_the_message_tells_which_code_matched(
    findings: Findings, product: Make, codes: dict[str, Any], kind: str
) -> None:
    (one,) = findings(
        "own-became-central", products=[product(**{"ean": OTHER, **codes})], central_eans=CENTRAL
    )
    assert matched_by(one["message"]) == kind
    assert one["value"].endswith("5400000000003")


def test_no_lists_and_empty_lists_match_nothing(findings: Findings, product: Make) -> None:
    for codes in (None, [], [None]):
        own = product(ean=OTHER, unit_eans=codes, package_eans=codes)
        assert findings("own-became-central", products=[own], central_eans=CENTRAL) == []


ARTICLES = [{"supplier_id": 7, "supplier": "Ardo", "article_code": "X-1"}]
SUPPLIED = [{"supplier_id": 7, "article_code": " X-1 "}]


@pytest.mark.parametrize("ean", [None, "", " "])
def test_without_an_ean_the_supplier_code_counts(findings: Findings, product: Make, ean: str | None) -> None:
    own = product(ean=ean, suppliers=SUPPLIED)
    (one,) = findings("own-became-central", products=[own], supplier_articles=ARTICLES)
    assert matched_by(one["message"]) == "supplier"
    assert "supplier 7 (Ardo)" in one["message"]
    assert one["value"] == "X-1"


def test_with_an_ean_the_supplier_code_does_not_count(findings: Findings, product: Make) -> None:
    for ean in (OTHER, "not an EAN"):
        own = product(ean=ean, suppliers=SUPPLIED)
        assert findings("own-became-central", products=[own], supplier_articles=ARTICLES) == []


def test_supplier_and_article_code_belong_together(findings: Findings, product: Make) -> None:
    for suppliers in (
        None,
        [],
        [{"supplier_id": 8, "article_code": "X-1"}],
        [{"supplier_id": 7, "article_code": "X-2"}],
        [{"supplier_id": 7, "article_code": None}],
    ):
        own = product(ean=None, suppliers=suppliers)
        assert findings("own-became-central", products=[own], supplier_articles=ARTICLES) == []


def test_one_finding_however_many_codes_match(findings: Findings, product: Make) -> None:
    own = product(unit_eans=["5400000000003"], package_eans=["5400000000003", "5400000000003"])
    assert len(findings("own-became-central", products=[own], central_eans=CENTRAL * 2)) == 1


def test_own_and_linked(findings: Findings) -> None:
    (one,) = findings("own-and-linked", linked_products=[{"article_number": "L9", "ean": "05400000000003"}])
    assert (one["key"], one["value"], one["fix"]) == ("A1", "5400000000003", "delete-own")
    assert one["message"] == "EAN 5400000000003 is also linked, as article L9."


def test_linked_more_than_once_is_one_finding(findings: Findings) -> None:
    linked = [{"article_number": number, "ean": "5400000000003"} for number in ("L9", "L8")]
    (one,) = findings("own-and-linked", linked_products=linked)
    assert one["message"].endswith("as article L8 and 1 more.")


def test_nothing_linked_or_another_or_no_code(findings: Findings) -> None:
    for linked in ([], [{"article_number": "L9", "ean": OTHER}], [{"article_number": "L9", "ean": None}]):
        assert findings("own-and-linked", linked_products=linked) == []


def test_an_unknown_message_has_no_kind() -> None:
    assert matched_by("EAN 5400000000003 is invalid.") is None


DELETED = "linked-central-deleted"
GONE = "5400000000010"


@pytest.fixture
def deleted(findings: Findings, product: Make) -> Findings:
    """What linked-central-deleted finds in one linked product: `deleted({"ean": GONE}, gone=[{"ean": GONE}])`."""

    def ask(linked: dict[str, Any], gone: list[dict[str, Any]], **rows: Any) -> list[dict[str, Any]]:
        numbered = [{"product_id": place} | row for place, row in enumerate(gone)]
        one = product(**{"article_number": "L9", **linked})
        return findings(DELETED, linked_products=[one], deleted_central_products=numbered, **rows)

    return ask


def test_its_central_product_was_deleted(deleted: Findings) -> None:
    (one,) = deleted({"ean": GONE}, [{"ean": GONE}])
    assert (one["entity"], one["key"], one["value"]) == ("product", "L9", GONE)
    assert (one["severity"], one["fix"]) == ("error", "unlink")
    assert one["message"] == f"The central product with EAN {GONE} was deleted."


@pytest.mark.parametrize(
    ("linked", "gone"),
    [
        ("012345678905", "0012345678905"),
        ("0012345678905", "00012345678905"),
        ("96385074", "00000096385074"),
    ],
)
def test_deleted_codes_are_compared_as_gtin14(deleted: Findings, linked: str, gone: str) -> None:
    (one,) = deleted({"ean": linked}, [{"ean": gone}])
    assert one["value"] == linked
    live = [{"ean": linked.zfill(14)}]
    assert deleted({"ean": linked}, [{"ean": gone}], central_eans=live) == []


def test_a_code_that_lives_on_is_not_deleted(deleted: Findings) -> None:
    assert deleted({"ean": GONE}, [{"ean": GONE}], central_eans=[{"ean": GONE}]) == []


def test_nothing_deleted_or_another_or_no_code(deleted: Findings) -> None:
    assert deleted({"ean": GONE}, []) == []
    assert deleted({"ean": GONE}, [{"ean": "5400000000003"}, {"ean": None}, {"ean": "x"}]) == []
    for ean in (None, "", "x", "5400000000004"):
        assert deleted({"ean": ean, "suppliers": None}, [{"ean": ean, "suppliers": None}]) == []


@pytest.mark.parametrize("ean", [None, " "])
def test_without_an_ean_the_supplier_code_was_deleted(deleted: Findings, ean: str | None) -> None:
    (one,) = deleted({"ean": ean, "suppliers": SUPPLIED}, [{"suppliers": SUPPLIED, "ean": GONE}])
    assert (one["key"], one["value"]) == ("L9", "X-1")
    assert one["message"] == "Article code X-1 of supplier 7 was deleted."


def test_a_supplier_code_that_lives_on_is_not_deleted(deleted: Findings) -> None:
    gone = [{"suppliers": SUPPLIED}]
    assert deleted({"ean": None, "suppliers": SUPPLIED}, gone, supplier_articles=ARTICLES) == []


def test_one_live_code_beside_a_deleted_one_is_enough(deleted: Findings) -> None:
    both = [*SUPPLIED, {"supplier_id": 8, "article_code": "Y"}]
    live = [{"supplier_id": 8, "article_code": "Y "}]
    gone = [{"suppliers": SUPPLIED}]
    assert deleted({"ean": None, "suppliers": both}, gone, supplier_articles=live) == []
    assert len(deleted({"ean": None, "suppliers": both}, gone)) == 1


def test_with_an_ean_the_deleted_supplier_code_does_not_count(deleted: Findings) -> None:
    assert deleted({"ean": GONE, "suppliers": SUPPLIED}, [{"suppliers": SUPPLIED}]) == []


def test_supplier_and_deleted_code_belong_together(deleted: Findings) -> None:
    for suppliers in (
        [{"supplier_id": 8, "article_code": "X-1"}],
        [{"supplier_id": 7, "article_code": None}],
        [{"supplier_id": None, "article_code": None}],
        [],
        None,
    ):
        both = [*(suppliers or []), {"supplier_id": 7, "article_code": "X-1"}]
        assert deleted({"ean": None, "suppliers": suppliers}, [{"suppliers": both[-1:]}]) == []
    nothing = [{"supplier_id": None, "article_code": None}]
    assert deleted({"ean": None, "suppliers": nothing}, [{"suppliers": nothing}]) == []


def test_a_product_deleted_twice_is_one_finding(deleted: Findings) -> None:
    assert len(deleted({"ean": GONE}, [{"ean": GONE}, {"ean": f"0{GONE}"}])) == 1
    assert len(deleted({"ean": None, "suppliers": SUPPLIED * 2}, [{"suppliers": SUPPLIED * 2}])) == 1
