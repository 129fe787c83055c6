"""How fast are error rows grouped? Fingerprints beside a plain regex pass over the same rows, in one run.

The floor is the least that anybody would do: numbers and quoted values of the message replaced by one regular expression,
then a count per method, route, status and what is left. It knows no rules, languages or fields and cannot tell
`n'existe pas` from a quote, so its groups are not the problems; it only shows what one pass over the texts costs.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl

from checks.bench.measuring import peak_mb, seconds
from checks.frames import FRAMES
from checks.gtin import expected_check_digit
from checks.output import table
from checks.triage import fingerprinted, things

#: Method, URL, status, field of the model error and message; `{…}` becomes a random value of that kind.
_PROBLEMS = (
    ("POST", "/api/Products", 400, "product.BrandId", "The BrandId field is required."),
    ("POST", "/api/Products", 400, "product.CategoryId", "'Category Id' mag niet leeg zijn."),
    (
        "PUT",
        "/api/Products",
        400,
        "product.VatPercentage",
        "The field VatPercentage must be between 0 and {n}.",
    ),
    ("PUT", "/api/Products", 400, "product.EanCode", "The value '{text}' is not valid for EanCode."),
    ("PUT", "/api/Products", 400, "product.Localizations[{i}].Name", "'Name' ne doit pas être vide."),
    ("POST", "/api/Products", 400, None, "Product with WholesalerArticleNumber {article} already exists."),
    ("PUT", "/api/Products", 400, None, "Brand with id {n} does not exist."),
    ("PUT", "/api/Products", 400, None, "Category with id {n} does not exist."),
    ("POST", "/api/LinkProducts?EanCode={gtin}", 404, None, "No central product has EAN {gtin}."),
    (
        "POST",
        "/api/LinkProducts?EanCode={gtin}",
        400,
        None,
        "Products {article}, {article} are not in the assortment.",
    ),
    ("DELETE", "/api/ProductPhotos/{n}", 404, None, "L'article {article} n'existe pas dans l'assortiment."),
    (
        "GET",
        "/api/Clients/OrderListItems?ClientNumber=K{n}",
        404,
        None,
        "Client with number K{n} does not exist.",
    ),
    ("PUT", "/api/Clients/ProcessClientOrders", 404, None, "Order {n} of client K{n} does not exist."),
    (
        "POST",
        "/api/ClientProducts/Multiple/AddOrUpdate",
        500,
        None,
        "Execution Timeout Expired after {n} ms at {moment}.",
    ),
    ("POST", "/api/Users", 409, None, "A user with e-mail address ***@k{n}.example already exists."),
    ("GET", "/api/Products/{article}", 500, None, "Request {guid} failed unexpectedly."),
)


_SYLLABLES = ("ba", "do", "fi", "gu", "ke", "lo", "mi", "na", "pe", "ra", "so", "ta", "vu", "we", "ze", "crè")


def bench(rows: int = 1_000_000, runs: int = 3, memory: bool = True) -> dict[str, Any]:
    """Times both passes on so many rows, and what memory each needs in a process of its own.

    Returns `rows`, `texts` (different messages), `problems` planted and `groups` found; `agree`: they are the same
    partition; `seconds` of the fingerprints, `floor_seconds` of the plain pass and `things_seconds` (products, EANs,
    clients and orders that the rows name), medians of `runs`; `ratio` of the first to the second; `frame_mb`: the rows in
    memory; `peak_mb` and `floor_peak_mb`: the most that a process held which read the rows and did that once, rows and
    program included; None on Windows and without `memory`.
    """
    planted = make_rows(rows)
    frame, truth = planted.drop("problem"), planted.get_column("problem")
    found = fingerprinted("bench", frame).select("fingerprint").with_columns(truth)
    times: dict[str, list[float]] = {"seconds": [], "floor_seconds": [], "things_seconds": []}
    for _ in range(runs):
        times["floor_seconds"].append(seconds(lambda: plain_pass(frame)))
        times["seconds"].append(seconds(lambda: _grouped(frame)))
        times["things_seconds"].append(seconds(lambda: things(frame)))
    medians = {name: median(taken) for name, taken in times.items()}
    groups, problems = found["fingerprint"].n_unique(), truth.n_unique()
    peaks: dict[str, float | None] = dict.fromkeys(("peak_mb", "floor_peak_mb"))
    if memory:
        with TemporaryDirectory() as folder:
            file = Path(folder) / "rows.arrow"
            frame.write_ipc(file)
            peaks = {"peak_mb": _peak_alone(_grouped, file), "floor_peak_mb": _peak_alone(plain_pass, file)}
    return {
        "rows": rows,
        "texts": frame["message"].n_unique(),
        "problems": problems,
        "groups": groups,
        "agree": groups == problems == found.unique().height,
        **medians,
        "ratio": medians["seconds"] / medians["floor_seconds"],
        "frame_mb": frame.estimated_size("mb"),
        **peaks,
    }


def main(rows: int = 1_000_000, runs: int = 3) -> None:
    """Prints the measurement as a small table."""
    result = bench(rows, runs)
    found = "as planted" if result["agree"] else f"NOT as planted ({result['problems']})"
    told = [
        ("different messages", f"{result['texts']:,}"),
        ("plain regex pass (the floor)", f"{result['floor_seconds']:.3f} s"),
        ("fingerprints", f"{result['seconds']:.3f} s"),
        ("ratio", f"{result['ratio']:.2f}"),
        ("what the rows name", f"{result['things_seconds']:.3f} s"),
        ("groups", f"{result['groups']:,}, {found}"),
        ("rows in memory", f"{result['frame_mb']:,.0f} MB"),
    ]
    if result["peak_mb"] is not None:
        told += [
            ("most memory, plain pass alone", f"{result['floor_peak_mb']:,.0f} MB"),
            ("most memory, fingerprints alone", f"{result['peak_mb']:,.0f} MB"),
        ]
    table(f"{rows:,} rows of an error log, median of {runs}", ("what", "measured"), told, right=("measured",))


def _grouped(rows: pl.DataFrame) -> pl.DataFrame:
    return fingerprinted("bench", rows)


def _peak_alone(work: Callable[[pl.DataFrame], object], file: Path) -> float | None:
    """The most memory of a fresh process that does it once."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_peak_of, work, file).result()


def _peak_of(work: Callable[[pl.DataFrame], object], file: Path) -> float | None:
    work(pl.read_ipc(file))
    return peak_mb()


def plain_pass(rows: pl.DataFrame) -> pl.DataFrame:
    """The floor: one regular expression over each message, and a count."""
    shape = pl.col("message").str.replace_all(r"""'[^']*'|"[^"]*"|\d+""", "#")
    route = pl.col("url").str.replace_all(r"\?.*|\d+", "#")
    return (
        rows.lazy()
        .group_by("method", "status_code", route=route, shape=shape)
        .agg(pl.len(), pl.col("at").max())
        .collect()
    )


def make_rows(count: int) -> pl.DataFrame:
    """FRAMES["error_logs"] and the number of the planted problem as `problem`; most messages are each another text."""
    base = pl.select(n=pl.int_range(count)).with_columns(problem=pl.col("n").hash(1) % len(_PROBLEMS))
    parts = []
    for (place,), part in base.group_by("problem"):
        method, url, status, key, text = _PROBLEMS[int(str(place))]
        message = _filled(text, 2)
        error = pl.struct(field=_filled(key or "", 3), message=message)
        parts.append(
            part.select(
                "n",
                "problem",
                method=pl.lit(method),
                url=_filled(url, 4),
                status_code=pl.lit(status, pl.Int64),
                message=message,
                model_errors=pl.concat_list(error)
                if key
                else pl.lit([], FRAMES["error_logs"].schema["model_errors"]),
            )
        )
    rows = pl.concat(parts).sort("n")
    body = _filled(
        '{{"WholesalerArticleNumber":"{article}","EanCode":"{gtin}","SalesPriceList":{n}.5,"Active":true}}', 5
    )
    made = rows.with_columns(
        row_id=pl.format("r{}", "n"),
        log_id=pl.col("n").cast(pl.String),
        at=pl.datetime(2026, 11, 1, time_unit="us", time_zone="UTC") + pl.duration(seconds=pl.col("n")),
        exception=pl.lit(None, pl.String),
        errors=pl.lit([], pl.List(pl.String)),
        body=body,
        raw=pl.lit(None, pl.String),
    )
    return made.select(*FRAMES["error_logs"].schema.names(), "problem")


_KINDS = re.compile(r"\{([a-z]+)\}")


def _filled(template: str, seed: int) -> pl.Expr:
    """The template with a random value in each place; the same row gets the same ones."""
    parts = _KINDS.split(template)
    values = [
        pl.lit(part) if place % 2 == 0 else _value(part, seed + 10 * place)
        for place, part in enumerate(parts)
    ]
    return pl.concat_str(list(values))


def _value(kind: str, seed: int) -> pl.Expr:
    dice = pl.col("n").hash(seed)
    number = dice % 900_000 + 1_000
    body = dice % 10**11 + 5 * 10**11
    return {
        "n": number.cast(pl.String),
        "i": (dice % 40).cast(pl.String),
        "article": pl.format("VV{}", number),
        "gtin": pl.format("{}{}", body, expected_check_digit(pl.format("{}0", body))),
        "text": pl.format("{}d'{} {}g", _syllables(dice), _syllables(dice // 4096), dice % 900),
        "moment": pl.format("2026-{}-1{}T10:00:07", dice % 3 + 10, dice % 9),
        "guid": pl.format("{}-4f1e-4a5b-9c7d-{}", dice % 9 * 10**7 + 10**7, body),
    }[kind]


def _syllables(dice: pl.Expr) -> pl.Expr:
    """One of 4,096 words."""
    known = pl.lit(pl.Series(_SYLLABLES))
    return pl.concat_str([known.gather(dice // 16**place % 16) for place in range(3)])
