"""Taking an answer apart: the nameless list, drift, and fields of another type."""

from __future__ import annotations

import msgspec
import pytest

from checks.sources.answers import AnswerHasErrors
from checks.sources.oresto import wire
from checks.sources.rows import Shape, decode_rows

WRAPPER = '"RequestInformation": {"RequestDuration": 1}, "Errors": []'


def rows(text: str) -> tuple[list[wire.Photo], Shape]:
    return decode_rows(wire.payload(text.encode()), wire.Photo)


@pytest.mark.parametrize("name", ["ProductPhotos", "Result", "Data"])
def test_the_list_is_found_whatever_its_name(name: str) -> None:
    found, _ = rows(f'{{"{name}": [{{"PhotoId": 5}}], {WRAPPER}}}')
    assert [photo.photo_id for photo in found] == [5]


def test_a_bare_list_is_read_too() -> None:
    assert [photo.photo_id for photo in rows('[{"PhotoId": 5}]')[0]] == [5]


def test_a_null_list_is_not_an_empty_one() -> None:
    with pytest.raises(msgspec.ValidationError):
        rows(f'{{"Photos": null, {WRAPPER}}}')


def test_a_null_row_costs_that_row_only() -> None:
    found, shape = rows('[null, {"PhotoId": 5}]')
    assert [photo.photo_id for photo in found] == [5]
    assert shape.empty == 1


def test_among_several_properties_the_only_list_is_the_payload() -> None:
    found, _ = rows(f'{{"Total": 1, "Photos": [{{"PhotoId": 5}}], {WRAPPER}}}')
    assert len(found) == 1


def test_two_lists_are_told_and_not_guessed() -> None:
    with pytest.raises(ValueError, match="several properties could be the payload: A, B"):
        wire.payload(f'{{"A": [], "B": [], {WRAPPER}}}'.encode())


def test_errors_in_a_good_answer_are_a_failure() -> None:
    with pytest.raises(AnswerHasErrors, match="Time-out of the database"):
        wire.payload(b'{"Photos": [], "Errors": ["Time-out of the database"]}')


def test_unknown_and_missing_fields_are_drift() -> None:
    _, shape = rows('[{"PhotoId": 5, "Colour": "red"}]')
    names = [info.encode_name for info in msgspec.structs.fields(wire.Photo)]
    drift = {(one.field, one.kind) for one in shape.drift(names, ())}
    assert ("Colour", "new") in drift
    assert ("PhotoUrl", "gone") in drift
    assert ("PhotoId", "gone") not in drift


def test_a_field_of_another_type_costs_that_field_of_that_row_only() -> None:
    found, shape = rows('[{"PhotoId": 5, "PhotoName": "a"}, {"PhotoId": 6, "PhotoName": 7}]')
    assert [(photo.photo_id, photo.photo_name) for photo in found] == [(5, "a"), (6, None)]
    assert "PhotoName" in {
        one.field for one in shape.drift(["PhotoId", "PhotoName"], ()) if one.kind == "retyped"
    }


def test_a_decimal_where_a_whole_number_belongs_is_not_cut() -> None:
    found, shape = rows('[{"PhotoId": 1.7}]')
    assert found[0].photo_id is None
    assert shape.unreadable["PhotoId"] == 1
