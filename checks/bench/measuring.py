"""Time and memory of a piece of work, as benchmarks tell them."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter


def seconds(work: Callable[[], object]) -> float:
    """How long it took, by the clock on the wall."""
    start = perf_counter()
    work()
    return perf_counter() - start


def peak_mb() -> float | None:
    """The most memory this process ever held; None on Windows, which does not tell."""
    if sys.platform == "win32":
        return None
    status = Path("/proc/self/status")
    if status.exists():  # what `resource` tells on Linux counts what a parent process held before the start
        peak = re.search(r"VmHWM:\s*(\d+) kB", status.read_text(encoding="ascii"))
        if peak is not None:
            return int(peak[1]) / 2**10
    import resource  # does not exist on Windows

    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return held / 2**20 if sys.platform == "darwin" else held / 2**10
