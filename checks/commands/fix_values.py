"""What a fix needs from a person, from files: a table with a value for every key, and pictures."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from checks.errors import UsageError
from checks.fixes.kinds.upload_photo import as_option
from checks.fixes.photo_files import Prepared, Refused, prepare
from checks.fixes.photo_names import match
from checks.output import complain
from checks.store import Store


def values_of(file: Path) -> dict[str, dict[str, str]]:
    """Options by key, from a CSV with a column `key`; empty cells are no choice. Comma or semicolon.

    Raises UsageError, naming file and line, for a file that cannot be read as such.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"--values {file}: cannot be read: {error}. Save it as CSV in UTF-8.") from None
    first = text.partition("\n")[0]
    rows = csv.DictReader(text.splitlines(), delimiter=";" if ";" in first else ",")
    if rows.fieldnames is None or "key" not in rows.fieldnames:
        raise UsageError(f"--values {file}: its first line must name the columns: key, and the options.")
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        key = row.pop("key", None)
        if not key or None in row:
            raise UsageError(f"--values {file}, line {rows.line_num}: no key, or more cells than columns.")
        found[key] = {name: value.strip() for name, value in row.items() if value and value.strip()}
    return found


def photos_for(store: Store, check: str, given: list[Path], source: str | None) -> dict[str, dict[str, str]]:
    """The option `photo` by key: pictures matched by their names to products with an open finding. Others are told."""
    files = list(_files(given))
    open_ones = store.findings(check=check, source=source)
    products = [
        frame.join(open_ones, left_on="article_number", right_on="key", how="semi").select(
            "article_number", "ean"
        )
        for name in open_ones["source"].unique()
        if (frame := store.frame(name, "products")) is not None
    ]
    if not products:
        raise UsageError(
            "--photo: no health check has collected products to match the pictures with. Run one."
        )
    taken: dict[str, list[tuple[Prepared, str | None]]] = {}
    for file, found in zip(files, match([file.name for file in files], pl.concat(products)), strict=True):
        if found.key is None:
            complain(f"{file.name}: {found.doubt}")
            continue
        picture = prepare(file.name, file.read_bytes())
        if isinstance(picture, Refused):
            complain(f"{file.name}: {picture.reason}")
            continue
        for note in picture.notes:
            complain(f"{file.name}: {note}")
        taken.setdefault(found.key, []).append((picture, found.language))
    if not taken:
        raise UsageError("--photo: none of the pictures can be used; the lines above say why.")
    return {key: as_option(store, pictures) for key, pictures in taken.items()}


def _files(given: list[Path]) -> Iterator[Path]:
    for path in given:
        if path.is_dir():
            yield from sorted(
                file for file in path.iterdir() if file.is_file() and not file.name.startswith(".")
            )
        else:
            yield path
