"""A shop to practise with: a new wholesaler's, empty, with the files of its own system that are to fill it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from checks.commands.placing import place, tell
from checks.errors import UsageError
from checks.sandbox.four import Four
from checks.settings import FILE_NAME

MARK = "# Written by `keurmeester notebooks --practise`; the next one writes it anew.\n"
SIZE, SEED = 1_000, 2026  # five times as many central products
ARTICLES = 1_000


@contextmanager
def practising(folder: Path) -> Iterator[Path]:
    """Serves an empty shop inside the block; gives the settings file, written in `folder` and readable by its owner only.

    Beside it: `articles.csv`, `articles.xlsx` and `clients.csv`. The shop is new each time, so what the store of an
    earlier practice remembers is taken away.

    Raises UsageError where the folder has settings of somebody's own.
    """
    config = folder / FILE_NAME
    if config.exists() and not config.read_bytes().startswith(MARK.encode()):
        raise UsageError(f"{config} is yours and stays. Practise in another folder: name one.")
    from checks.sandbox.onboarding import example  # brings the writing of workbooks

    with Four(SIZE, SEED, empty=True) as four:
        files = example(four.shop, ARTICLES, SEED)
        given = {"articles.csv": files.csv, "articles.xlsx": files.xlsx, "clients.csv": files.clients_csv}
        for sentence in place(folder, given):
            tell(sentence)
        if config.exists():
            _forget(folder)
        _write(config, MARK + four.settings_toml())
        tell(f"An empty shop listens on {four.shop.base_url}; it forgets everything when this ends.")
        yield config.resolve()


def _forget(folder: Path) -> None:
    """The store of an earlier practice."""
    for file in folder.glob("keurmeester.db*"):
        file.unlink()
    shutil.rmtree(folder / "snapshots", ignore_errors=True)


def _write(config: Path, toml: str) -> None:
    """It holds a password."""
    try:
        config.touch(mode=0o600)
        config.chmod(0o600)
        config.write_text(toml, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{config}: cannot be written: {error.strerror}. Name another folder.") from None
