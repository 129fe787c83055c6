"""How the command line shows tables to people."""

from __future__ import annotations

import pytest

from checks import output


def test_a_reason_that_many_rows_share_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    closed = "Debtors could not be collected: closed until 18:00 UTC."
    rows = [
        ("a", closed),
        ("b", closed),
        ("c", None),
        ("d", None),
        ("e", "gone"),
        ("f", closed),
        ("g", closed),
    ]
    output.table("Checks", ("check", "message"), rows, once="message")
    told = [line.rstrip().split(maxsplit=1) for line in capsys.readouterr().out.splitlines()[2:]]
    assert told == [
        ["a", closed],
        ["b", "(as above)"],
        ["c"],
        ["d"],
        ["e", "gone"],
        ["f", closed],
        ["g", "(as above)"],
    ]


def test_rows_that_happen_to_say_the_same_say_it_each(capsys: pytest.CaptureFixture[str]) -> None:
    output.table("", ("at", "message"), [("1", "no answer"), ("2", "no answer")])
    assert capsys.readouterr().out.count("no answer") == 2
