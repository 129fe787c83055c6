"""Every fault on the wire: a failed frame with the reason, or a retry that succeeds; never an empty frame."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import stamina

from checks.errors import SourceError
from checks.sandbox.ib import IbSandbox
from checks.sandbox.wire_faults import KINDS
from checks.sources.ib.system import SYSTEM
from tests.sources.ib.ground import FRAMES, Past, collect, good, same, source

HANGS = ("hang", "hang-after")


@pytest.fixture(scope="module")
def server() -> Iterator[IbSandbox]:
    with IbSandbox(companies=2, size=40) as running:
        yield running


@pytest.fixture
def sandbox(server: IbSandbox) -> IbSandbox:
    server.reset()
    return server


@pytest.fixture
def _asked_once() -> Iterator[None]:
    """A request that fails is not asked again."""
    stamina.set_testing(True)
    yield
    stamina.set_testing(False)


@pytest.mark.usefixtures("_asked_once")
@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_that_stays_fails_both_frames_with_the_reason(sandbox: IbSandbox, kind: str) -> None:
    sandbox.faults.add("GET companies/*/articles", kind)
    for one in collect(sandbox, timeout_seconds=0.3).values():
        assert (one.status, one.data) == ("failed", None)
        assert "articles" in (one.message or "")


@pytest.mark.usefixtures("_asked_once")
@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_in_one_company_leaves_no_frame_with_half_of_it(sandbox: IbSandbox, kind: str) -> None:
    sandbox.faults.add("GET companies/polder_agf/articles", kind, after=2)
    for one in collect(sandbox, timeout_seconds=0.3, page_size=5).values():
        assert (one.status, one.data) == ("failed", None)


@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_that_passes_changes_nothing(sandbox: IbSandbox, kind: str) -> None:
    whole = collect(sandbox)
    sandbox.faults.add("GET companies/*/articles", kind, times=1)
    again = collect(sandbox, timeout_seconds=0.5 if kind in HANGS else 5)
    for name in FRAMES:
        assert same(good(again[name]), good(whole[name]))


@pytest.mark.usefixtures("_asked_once")
@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_in_the_night_never_empties_what_was_known(sandbox: IbSandbox, kind: str) -> None:
    past = Past(collect(sandbox))
    sandbox.faults.add("GET companies/*/articles", kind)
    for one in collect(sandbox, past, timeout_seconds=0.3).values():
        assert (one.status, one.data) == ("failed", None)


@pytest.mark.usefixtures("_asked_once")
@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_that_fails_is_no_picture(sandbox: IbSandbox, kind: str) -> None:
    images = good(collect(sandbox)["catalogue"])["images"].explode(empty_as_null=False, keep_nulls=False)
    sandbox.faults.add("GET media/ib/*", kind)

    def is_picture(data: bytes) -> None:
        if not data.startswith((b"\x89PNG", b"\xff\xd8")):
            raise ValueError("not a picture")

    with (
        SYSTEM.connect(source(sandbox, timeout_seconds=0.3), None) as client,
        pytest.raises(SourceError),
    ):
        client.http.fetch(images[0]["url"], "an image", is_picture)
