"""How fast are the checks? The check pass beside hand-written Polars that asks the same, in one run.

Times in turn `run_checks` (findings with their sentences) and `raw_pass` (only keys and guilty values), so
that both meet the same machine in the same mood.
"""

from __future__ import annotations

from statistics import median
from typing import Any

import polars as pl

from checks.bench.assortment import NOW, make_frames
from checks.bench.measuring import peak_mb, seconds
from checks.bench.raw import raw_counts, raw_pass
from checks.output import table
from checks.rules import run_checks
from checks.settings import CheckSettings


def bench(
    products: int = 1_000_000, central: int = 1_000_000, runs: int = 3, fault_rate: float = 0.08
) -> dict[str, Any]:
    """Times both passes on so many own products and central EANs, of which `fault_rate` have a fault planted.

    One round first that does not count. Returns the sizes; `faulty_rows`, `findings` and `by_check`; `agree`:
    both passes found the same numbers; `raw_seconds` and `checks_seconds`, medians of `runs`, and their
    `ratio`; `frames_mb`: the frames in memory; `peak_mb`: the most this process ever held, None on Windows.
    """
    frames, settings = make_frames(products, central, fault_rate), CheckSettings()
    raw = raw_pass(frames, settings, NOW)
    by_hand = list(raw_counts(raw))  # checks that nobody wrote by hand would be timed against nothing
    judged = run_checks(frames, settings, NOW, only=by_hand)
    raw_times, check_times = [], []
    for _ in range(runs):
        raw_times.append(seconds(lambda: raw_pass(frames, settings, NOW)))
        check_times.append(seconds(lambda: run_checks(frames, settings, NOW, only=by_hand)))
    by_check = {result.check: result.findings for result in judged.results}
    of_own = (pl.col("entity") == "product") & (pl.col("check") != "linked-central-deleted")
    own = judged.found.filter(of_own).get_column("key")
    return {
        "products": products,
        "central": central,
        "runs": runs,
        "faulty_rows": own.n_unique(),
        "findings": judged.found.height,
        "by_check": by_check,
        "agree": by_check == raw_counts(raw),
        "raw_seconds": median(raw_times),
        "checks_seconds": median(check_times),
        "ratio": median(check_times) / median(raw_times),
        "frames_mb": sum(
            part.data.estimated_size("mb") for part in frames.collected.values() if part.data is not None
        ),
        "peak_mb": peak_mb(),
    }


def main(products: int = 1_000_000, central: int = 1_000_000, runs: int = 3) -> None:
    """Prints the measurement as a small table."""
    result = bench(products, central, runs)
    agree = "the same" if result["agree"] else "NOT the same"
    rows = [
        ("raw Polars", f"{result['raw_seconds']:.3f} s"),
        ("checks, with findings", f"{result['checks_seconds']:.3f} s"),
        ("ratio", f"{result['ratio']:.2f}"),
        ("findings", f"{result['findings']:,}"),
        ("faulty products", f"{result['faulty_rows']:,}"),
        ("both found", agree),
        ("frames in memory", f"{result['frames_mb']:,.0f} MB"),
    ]
    if result["peak_mb"] is not None:
        rows.append(("most memory held", f"{result['peak_mb']:,.0f} MB"))
    title = f"{products:,} own products, {central:,} central EANs, median of {runs}"
    table(title, ("what", "measured"), rows, right=("measured",))
