"""One page as a person reads it, run in-process by AppTest."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

APP = Path(__file__).resolve().parents[2] / "dashboard" / "app.py"


@dataclass
class Screen:
    """One page as a person reads it."""

    app: AppTest

    @property
    def words(self) -> str:
        """Everything it says, whatever the element."""
        plain = ("title", "header", "subheader", "markdown", "caption")
        alerts = ("warning", "error", "success", "info")
        said = [str(element.value) for kind in plain for element in getattr(self.app, kind)]
        said += [f"{alert.proto.title} {alert.value}" for kind in alerts for alert in getattr(self.app, kind)]
        return "\n".join(said).replace("\\", "")

    @property
    def links(self) -> list[str]:
        return [link.value.replace("\\", "") for link in self.app.page_link]

    def rows(self, at: int = 0) -> list[dict[str, Any]]:
        """The rows of a table."""
        return self.app.dataframe[at].value.to_dict("records")

    def tick(self, *rows: int, grid: str = "grid") -> Screen:
        """Selects exactly these rows of a table."""
        moves = f"{grid}:moves"
        if moves in self.app.session_state:  # a table whose selection was moved is another widget
            grid = f"{grid}-{self.app.session_state[moves]}"
        self.app.session_state[grid] = {"selection": {"rows": list(rows), "columns": [], "cells": []}}
        return self.run()

    def click(self, key: str) -> Screen:
        self.app.button(key=key).click()
        return self.run()

    def has(self, key: str) -> bool:
        """Is there a button of this key?"""
        return any(button.key == key for button in self.app.button)

    def until(self, ready: Callable[[Screen], bool], seconds: float = 60) -> Screen:
        """Runs the page again, as its timer does in a browser, until `ready`."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if ready(self.run()):
                return self
        pytest.fail(f"still not there after {seconds} s:\n{self.words}")

    def run(self) -> Screen:
        self.app.run()
        assert not self.app.exception, self.app.exception[0].message
        return self
