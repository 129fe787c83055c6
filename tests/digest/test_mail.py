"""What arrives in a mailbox: both parts of the mail, and where its links lead."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from checks.digest import digest, send
from checks.settings import Settings
from checks.store import Store
from tests.digest.conftest import DAY1, DAY2, URL, Found, Links, Mailbox, part

EVIL = 'Kaas <script>alert("x")</script> & Zoon €5 é'


def test_the_mail_arrives_with_counts_and_links(
    settings: Settings, store: Store, run: Callable[..., str], mailbox: Mailbox
) -> None:
    run(DAY1, ("invalid-ean", "error", "OLD"), ("missing-photo", "warning", "GONE"))
    run(
        DAY2,
        ("invalid-ean", "error", "OLD"),
        ("invalid-ean", "error", "A #1"),
        ("invalid-ean", "error", "A2"),
        ("missing-photo", "warning", "A2"),
        names={"A2": EVIL},
    )
    told = digest(settings, store)
    assert send(told, settings, [mailbox.address]).complete
    (mail,) = mailbox.mails
    assert mail["subject"] == told.subject == "webshop: 96/100, 2 new errors"
    assert mail["to"] == "an@shop.example"
    text, html = part(mail, "plain"), part(mail, "html")
    for words in (text, html):
        assert (
            "1 above the last time" in words or "below the last time" in words or "as the last time" in words
        )
        assert "2 errors, 1 warning" in words
        assert "Invalid EAN" in words
        assert "2 new" in words
        assert "Missing photo: 1, found right by the health check" in words
    assert "<script>" in text, "in plain text a name is a name"
    assert "€5 é" in text
    assert "€5 é" in html
    assert "script" not in Links(html).elements
    ids = {row["key"]: row["id"] for row in store.findings(check="invalid-ean").iter_rows(named=True)}
    assert {
        f"{URL}/findings?check=invalid-ean",
        f"{URL}/findings?finding={ids['A2']}",
        f"{URL}/product?source=webshop&article=A%20%231",
        f"{URL}/",
    } <= set(Links(html).found)


def test_every_link_is_in_both_parts_of_the_mail(
    settings: Settings, store: Store, run: Callable[..., str], mailbox: Mailbox
) -> None:
    errors: list[Found] = [("invalid-ean", "error", f"A{number}") for number in range(5)]
    run(DAY1, *errors[:4])
    store.snooze(store.findings()["id"], DAY1 + timedelta(hours=12), "An", now=DAY1 + timedelta(hours=2))
    run(DAY1 + timedelta(days=5), *errors, orders=[{"order_number": 7, "delivery_date": DAY1.date()}])
    told = digest(settings, store)
    assert send(told, settings, [mailbox.address]).complete
    text, html = part(mailbox.mails[0], "plain"), part(mailbox.mails[0], "html")
    links = set(Links(html).found)
    assert {f"{URL}/orders", f"{URL}/findings?check=invalid-ean"} <= links
    assert any("finding=" in link for link in links)
    assert [link for link in sorted(links) if link not in text.split()] == []


def test_the_links_lead_somewhere_also_after_the_next_run(
    settings: Settings, store: Store, run: Callable[..., str]
) -> None:
    run(DAY1, ("invalid-ean", "error", "A1"))
    told = digest(settings, store)
    run(DAY2, ("invalid-ean", "error", "A1"))
    assert store.findings()["status"].to_list() == ["ongoing"]
    assert "status=" not in told.html + told.text, "what is new today is not new tomorrow"
    assert f"All that are open: {URL}/findings?check=invalid-ean\n" in told.text
