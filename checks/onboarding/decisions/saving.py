"""A file written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from checks.errors import UsageError


def put(target: Path, data: bytes) -> None:
    """Writes beside it first, then replaces it.

    Raises:
        UsageError: it cannot be written.
    """
    part = target.with_name(f"{target.name}.part")
    try:
        part.write_bytes(data)
        os.replace(part, target)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise UsageError(
            f"{target.name} cannot be written: {error.strerror}. It may be open in a spreadsheet: close it there, or give "
            "another name."
        ) from error
