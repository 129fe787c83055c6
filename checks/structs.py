"""Classes that JSON is decoded into, made ready while their module is imported.

msgspec (0.22) looks at such a class when it first decodes into it. Two threads that do so at the same moment end the whole
process with a segmentation fault, and collectors and plans decode in many: about one start in some hundreds ended so.
"""

from __future__ import annotations

import sys

import msgspec


def ready(module: str) -> None:
    """Has msgspec look at every Struct that the module of this name defines; to stand at the module's end."""
    for kind in list(vars(sys.modules[module]).values()):
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind.__module__ == module:
            msgspec.json.Decoder(kind)
