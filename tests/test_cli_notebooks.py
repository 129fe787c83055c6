"""`keurmeester notebooks` as a person meets it: copies that stay theirs, and a JupyterLab that ends with the command."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from jupyter_client import BlockingKernelClient

from checks.commands.placing import RECORD, place
from checks.commands.practising import practising
from checks.errors import UsageError
from checks.settings import load_settings

ROOT = Path(__file__).resolve().parent.parent
WAITING_SECONDS = 60

#: What the kernel writes down: the settings it was started on, and that their shop answers.
SEEN = """
import json, os, urllib.request
from checks.settings import load_settings
shop = load_settings().shops[0]
try:
    urllib.request.urlopen(shop.base_url + "/Brands", timeout=10)
except urllib.error.HTTPError as refused:
    answer = refused.code
json.dump({"config": os.environ["KEURMEESTER_CONFIG"], "url": os.environ.get("KEURMEESTER_STORE__URL"),
           "folder": os.getcwd(), "answer": answer, "pid": os.getpid()}, open("seen.part", "w"))
os.replace("seen.part", "seen.json")
"""


def keurmeester(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "checks", "notebooks", *arguments],
        cwd=folder,
        env=_environment(folder, **environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def _environment(folder: Path, **more: str) -> dict[str, str]:
    """Jupyter's own files stay in the test's folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KEURMEESTER_")}
    jupyter = {
        f"JUPYTER_{part}_DIR": str(folder / f"jupyter-{part}") for part in ("CONFIG", "DATA", "RUNTIME")
    }
    own = {"PYTHONPATH": str(ROOT), "IPYTHONDIR": str(folder / "ipython"), "COLUMNS": "200"}
    return {**kept, **jupyter, **own, **more}


def until(what: str, found: Callable[[], Any]) -> Any:
    """The first answer of `found` that is one."""
    end = time.monotonic() + WAITING_SECONDS
    while time.monotonic() < end:
        answer = found()
        if answer:
            return answer
        time.sleep(0.1)
    raise AssertionError(f"not within {WAITING_SECONDS} seconds: {what}")


def test_the_notebooks_of_the_project_are_copied(tmp_path: Path) -> None:
    done = keurmeester(tmp_path, "mine", "--copy-only")
    assert done.returncode == 0, done.stderr
    ours = {file.name: file.read_bytes() for file in (ROOT / "notebooks").glob("*.ipynb")}
    assert ours
    assert {file.name: file.read_bytes() for file in (tmp_path / "mine").glob("*.ipynb")} == ours
    again = keurmeester(tmp_path, "mine", "--copy-only")
    assert again.stderr == "The notebooks in mine are the newest.\n"


def test_the_folder_they_come_from_is_none_of_a_persons(tmp_path: Path) -> None:
    done = keurmeester(tmp_path, str(ROOT / "notebooks"), "--copy-only")
    assert done.returncode == 2
    assert "Name a folder of your own." in done.stderr
    assert not (ROOT / "notebooks" / RECORD).exists()


def test_what_a_person_changed_is_never_overwritten(tmp_path: Path) -> None:
    assert place(tmp_path, {"a.ipynb": b"one", "b.ipynb": b"one"}) == ["a.ipynb: new.", "b.ipynb: new."]
    (tmp_path / "a.ipynb").write_bytes(b"mine")
    assert place(tmp_path, {"a.ipynb": b"one", "b.ipynb": b"one"}) == [
        "a.ipynb: you changed it, so it stays as it is."
    ]
    assert place(tmp_path, {"a.ipynb": b"two", "b.ipynb": b"two"}) == [
        "a.ipynb: you changed it, so it stays; ours is a.new.ipynb.",
        "b.ipynb: renewed; you had not changed it.",
    ]
    files = {file.name: file.read_bytes() for file in tmp_path.glob("*.ipynb")}
    assert files == {"a.ipynb": b"mine", "a.new.ipynb": b"two", "b.ipynb": b"two"}


def test_a_new_version_that_a_person_changed_stays_too(tmp_path: Path) -> None:
    place(tmp_path, {"a.ipynb": b"one"})
    (tmp_path / "a.ipynb").write_bytes(b"mine")
    place(tmp_path, {"a.ipynb": b"two"})
    assert place(tmp_path, {"a.ipynb": b"three"})[0].endswith("ours is a.new.ipynb.")
    (tmp_path / "a.new.ipynb").write_bytes(b"mine as well")
    assert place(tmp_path, {"a.ipynb": b"four"})[0].endswith("ours is a.new-2.ipynb.")
    assert (tmp_path / "a.new.ipynb").read_bytes() == b"mine as well"


def test_a_file_that_was_there_before_us_is_a_persons(tmp_path: Path) -> None:
    (tmp_path / "a.ipynb").write_bytes(b"theirs")
    (tmp_path / RECORD).write_bytes(b"not JSON")
    assert place(tmp_path, {"a.ipynb": b"ours"}) == [
        "a.ipynb: you changed it, so it stays; ours is a.new.ipynb."
    ]


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "taken").write_bytes(b"")
    with pytest.raises(UsageError, match="cannot be written"):
        place(tmp_path / "taken", {"a.ipynb": b""})


def test_without_settings_it_says_how_to_get_some(tmp_path: Path) -> None:
    done = keurmeester(tmp_path)
    assert done.returncode == 2
    assert "There is no keurmeester.toml here" in done.stderr
    assert "--practise" in done.stderr
    assert not (tmp_path / "keurmeester-notebooks").exists()
    named = keurmeester(tmp_path, "--config", "elsewhere.toml")
    assert named.returncode == 2
    assert "elsewhere.toml: no such settings file" in named.stderr


def test_settings_of_a_persons_own_are_not_practised_with(tmp_path: Path) -> None:
    (tmp_path / "keurmeester.toml").write_text("# mine\n")
    done = keurmeester(tmp_path, ".", "--practise")
    assert done.returncode == 2
    assert "keurmeester.toml is yours and stays" in done.stderr
    assert (tmp_path / "keurmeester.toml").read_text() == "# mine\n"
    assert keurmeester(tmp_path, "--practise", "--config", "keurmeester.toml").returncode == 2


def test_each_practice_begins_with_an_empty_shop_and_store_and_keeps_what_a_person_changed(
    tmp_path: Path,
) -> None:
    with practising(tmp_path) as config:
        first = load_settings(config).shops[0].base_url
    assert {"articles.csv", "articles.xlsx", "clients.csv"} <= set(os.listdir(tmp_path))
    (tmp_path / "keurmeester.db").write_bytes(b"of the first")
    (tmp_path / "snapshots").mkdir()
    (tmp_path / "decisions.xlsx").write_bytes(b"mine")
    (tmp_path / "clients.csv").write_bytes(b"mine")
    with practising(tmp_path) as config:
        shop = load_settings(config).shops[0]
        assert shop.base_url != first
        with pytest.raises(urllib.error.HTTPError, match="401"):
            ask(f"{shop.base_url}/Brands")
    assert not {"keurmeester.db", "snapshots"} & set(os.listdir(tmp_path))
    assert {(tmp_path / name).read_bytes() for name in ("clients.csv", "decisions.xlsx")} == {b"mine"}


@contextmanager
def jupyter(folder: Path, **environment: str) -> Iterator[tuple[subprocess.Popen[bytes], str, str]]:
    """The command in the background, with the address of its JupyterLab and the token."""
    said = folder / "said.txt"
    with said.open("wb") as stderr:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "checks",
                "notebooks",
                "nb",
                "--practise",
                "--no-browser",
                "--port",
                "8941",
            ],
            cwd=folder,
            env=_environment(folder, **environment),
            stdout=subprocess.DEVNULL,
            stderr=stderr,
            start_new_session=True,
        )
        try:
            found = until(
                "JupyterLab's address",
                lambda: (
                    re.search(r"(http://127\.0\.0\.1:\d+)/lab\S*\?token=(\w+)", said.read_text())
                    or process.poll()
                ),
            )
            assert isinstance(found, re.Match), said.read_text()
            yield process, found[1], found[2]
        finally:
            process.terminate()
            process.wait(WAITING_SECONDS)


def ask(url: str, token: str | None = None, method: str = "GET") -> Any:
    headers = {} if token is None else {"Authorization": f"token {token}"}
    body = b'{"path": "onboarding.ipynb"}' if method == "POST" else None  # beside it, as JupyterLab does
    request = urllib.request.Request(url, headers=headers, method=method, data=body)
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.loads(answer.read())


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.skipif(os.name == "nt", reason="Ctrl+C cannot be sent there")
def test_with_nothing_else_a_person_can_practise_and_ctrl_c_ends_all(tmp_path: Path) -> None:
    with jupyter(tmp_path, KEURMEESTER_STORE__URL="sqlite:///the-real-one.db") as (process, url, token):
        folder = tmp_path / "nb"
        assert {"articles.csv", "articles.xlsx", "clients.csv", "keurmeester.toml"} <= set(os.listdir(folder))
        config = folder / "keurmeester.toml"
        assert config.stat().st_mode & 0o077 == 0
        assert [shop.name for shop in load_settings(config).shops] == ["webshop"]
        with pytest.raises(urllib.error.HTTPError, match="403"):
            ask(f"{url}/api/kernels")
        kernel = ask(f"{url}/api/kernels", token, "POST")["id"]
        client = BlockingKernelClient(
            connection_file=str(tmp_path / "jupyter-RUNTIME" / f"kernel-{kernel}.json")
        )
        client.load_connection_file()
        client.start_channels()
        try:
            client.execute(SEEN)  # waits in the socket until the kernel listens
            until("the kernel's word", (folder / "seen.json").is_file)
        finally:
            client.stop_channels()
        seen = json.loads((folder / "seen.json").read_text())
        # the shop asked for credentials, so it is there; a setting of the environment is none of a practice's
        assert seen["config"] == str(config)
        assert (seen["folder"], seen["answer"], seen["url"]) == (str(folder), 401, None)
        assert _alive(seen["pid"])
        os.killpg(process.pid, signal.SIGINT)  # a terminal's Ctrl+C: everybody hears it
        assert process.wait(WAITING_SECONDS) == 0
        until("the kernel's end", lambda: not _alive(seen["pid"]))
        with pytest.raises(urllib.error.URLError):
            ask(f"{url}/api", token)
