"""The benchmark of a supplier's catalogue measures what it says, on a small one."""

from __future__ import annotations

from checks.bench.catalogue import bench


def test_a_small_catalogue() -> None:
    found = bench(articles=600, changes=50, few=200)
    whole, night = found["whole"], found["after changes"]
    assert whole["rows"] == whole["expected"] == night["rows"]
    assert night["modes"] == ["changes", "changes"]
    assert night["requests"] == {"catalogue": 5, "catalogue_waiting": 5}
    assert found["10 a page"]["rows"] == found["100 a page"]["rows"]
    assert found["10 a page"]["requests"]["catalogue"] == 5 * found["100 a page"]["requests"]["catalogue"]
