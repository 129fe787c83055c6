"""What `serve` needs before a team can sign in: Streamlit's own `[auth]`, in `.streamlit/secrets.toml` beside the settings."""

from __future__ import annotations

import os
import stat
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from checks.errors import UsageError
from checks.output import complain
from checks.settings import Settings

_KEYS = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")
_SHORTEST_SECRET = 32
_CALLBACK = "/oauth2callback"


def secrets_file(settings: Settings) -> Path | None:
    """The file with `[auth]`, checked; None in local use.

    Raises:
        UsageError: says what is missing, and shows what to write.
    """
    if not settings.team.sign_in:
        return None
    assert settings.file is not None
    file = settings.file.parent / ".streamlit" / "secrets.toml"
    if wrong := _wrong(file):
        raise UsageError(
            f"{settings.file} says sign_in = true, but nobody could sign in: {file}: {wrong}\n"
            f"It must hold, with what your sign-in provider gave you:\n\n{_example(settings)}"
        )
    if os.name != "nt" and file.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
        complain(
            f"{file} holds secrets and other people on this machine may read it: chmod 600 {file.name}. "
            "Who reads it can sign in as anybody."
        )
    return file


def _wrong(file: Path) -> str | None:
    """What keeps people from signing in, in words; None when all is there. Never tells a value."""
    try:
        auth: Any = tomllib.loads(file.read_text(encoding="utf-8")).get("auth")
    except FileNotFoundError:
        return "there is no such file."
    except (OSError, UnicodeDecodeError) as error:
        return f"it cannot be read ({type(error).__name__})."
    except tomllib.TOMLDecodeError as error:
        return f"it is not valid TOML: {error}."
    if not isinstance(auth, dict):
        return "it has no [auth] table."
    missing = [key for key in _KEYS if not isinstance(auth.get(key), str) or not auth[key]]
    if missing:
        return f"[auth] lacks {', '.join(missing)}."
    if not urlsplit(auth["redirect_uri"]).path.endswith(_CALLBACK):
        return f"redirect_uri must end with {_CALLBACK}."
    if len(auth["cookie_secret"]) < _SHORTEST_SECRET:
        return (
            f"cookie_secret must have {_SHORTEST_SECRET} characters or more: who guesses it can sign in as anybody. "
            'Make one with: python3 -c "import secrets; print(secrets.token_hex(32))"'
        )
    return None


def _example(settings: Settings) -> str:
    return (
        "[auth]\n"
        f'redirect_uri = "{settings.dashboard.url}{_CALLBACK}"  # register it with the provider\n'
        'cookie_secret = "..."  # 64 characters: python3 -c "import secrets; print(secrets.token_hex(32))"\n'
        'client_id = "..."\n'
        'client_secret = "..."\n'
        'server_metadata_url = "https://login.example.be/.well-known/openid-configuration"\n'
    )
