"""Every class that JSON is decoded into is ready before a second thread can come by."""

from __future__ import annotations

import subprocess
import sys

_LOOK = """
import importlib, pkgutil, msgspec, checks
def all_of(kind):
    return [kind, *(one for sub in kind.__subclasses__() for one in all_of(sub))]
for found in pkgutil.walk_packages(checks.__path__, "checks."):
    if not found.name.startswith(("checks.sandbox", "checks.bootstrap", "checks.store.migrations")) and found.name != "checks.__main__":
        importlib.import_module(found.name)
kinds = [one for one in all_of(msgspec.Struct) if one.__module__.startswith("checks.") and one.__annotations__]
for kind in kinds:
    if kind.__module__.startswith("checks.sandbox"):
        continue
    kind.__annotations__ = dict.fromkeys(kind.__annotations__, "NoSuchThing")
    try:
        msgspec.json.decode(b"{}", type=kind)
    except msgspec.ValidationError:
        pass
    except NameError:
        print("looked at only now:", kind.__module__, kind.__qualname__)
print(len(kinds), "seen")
"""


def test_no_struct_is_looked_at_for_the_first_time_when_it_is_needed() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _LOOK], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    *late, seen = done.stdout.splitlines()
    assert late == []
    assert int(seen.split()[0]) > 20, "this test would see nothing otherwise"
