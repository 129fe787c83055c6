"""Sets everything up on a machine that has nothing but Python, then starts the demo, the notebooks or the tests.

```
python3 -m checks.bootstrap demo [options of `keurmeester demo`]
python3 -m checks.bootstrap notebooks [options of `keurmeester notebooks`]
python3 -m checks.bootstrap test [options of pytest]
```

(on Windows: `py -m checks.bootstrap demo`). Makes `.venv` beside the project, installs into it what `pyproject.toml`
names, and goes on there. Uses the standard library alone; everything else is installed by it.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
OLDEST = (3, 11)

#: What can be started, and the extra of the project that it needs.
STARTS = {"demo": "", "notebooks": "notebooks", "test": "test"}


def main() -> int:
    """Returns the exit code of what was started."""
    if sys.version_info < OLDEST:
        return _say(f"Python {OLDEST[0]}.{OLDEST[1]} or newer is needed, this is {sys.version.split()[0]}.")
    if len(sys.argv) < 2 or sys.argv[1] not in STARTS:
        return _say(f"Usage: python3 -m checks.bootstrap {'|'.join(STARTS)} [options]")
    what, options = sys.argv[1], sys.argv[2:]
    python = _install(STARTS[what])
    if python is None:
        return 2
    if what == "test":
        return _test(python, options)
    command = [str(python), "-m", "checks", what, *options]
    if os.name != "nt":
        os.chdir(ROOT)
        os.execv(command[0], command)  # nothing of this program stays between a person's Ctrl+C and it
    return _run(command)


def _test(python: Path, options: list[str]) -> int:
    """Lint, types, tests: all of them, also after one failed."""
    steps = [
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["mypy"],
        ["pytest", *(options or ["-q", "-n", "auto"])],
    ]
    codes = []
    for step in steps:
        print(f"$ {' '.join(step)}", flush=True)
        codes.append(_run([str(python), "-m", *step]))
    return max(codes)


def _install(extra: str) -> Path | None:
    """The environment's Python, with the project installed; None after saying what went wrong."""
    python = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    wanted = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    done = ENVIRONMENT / f"installed-{extra or 'run'}"
    if python.exists() and done.exists() and done.read_text() == wanted:
        return python
    _say(f"Installing into {ENVIRONMENT.name} (once; some minutes at most) ...")
    try:
        venv.create(ENVIRONMENT, with_pip=True, clear=ENVIRONMENT.exists() and not python.exists())
    except (OSError, subprocess.CalledProcessError) as error:
        _say(f"Could not make {ENVIRONMENT}: {error}. On Debian and Ubuntu: apt install python3-venv.")
        return None
    target = f"{ROOT}[{extra}]" if extra else str(ROOT)
    pip = [str(python), "-m", "pip", "--disable-pip-version-check"]
    quick = (
        _run([*pip, "install", "--quiet", "uv>=0.9"]) == 0
        and (
            _run(
                [
                    str(python),
                    "-m",
                    "uv",
                    "pip",
                    "install",
                    "--quiet",
                    "--compile-bytecode",  # else each start compiles what the last one did, where none may write it
                    "--python",
                    str(python),
                    "--editable",
                    target,
                ]
            )
            == 0
        )
    )
    if not quick and _run([*pip, "install", "--quiet", "--editable", target]) != 0:
        _say("The installation failed; the lines above say why. A proxy or an old pip are the usual causes.")
        return None
    done.write_text(wanted)
    return python


def _run(command: list[str]) -> int:
    process = subprocess.Popen(command, cwd=ROOT)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue  # the child hears it too, and ends in its own way


def _say(text: str) -> int:
    print(text, file=sys.stderr, flush=True)
    return 2


if __name__ == "__main__":
    sys.exit(main())
