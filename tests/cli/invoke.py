"""Run the program as a user does, in this process: arguments in, exit code and both streams out."""

from __future__ import annotations

import io
import json
import sys
from typing import Any, NamedTuple

import pytest

from hunkworks.cli.main import run


class Result(NamedTuple):
    """How a run ended, and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed, as JSON."""
        return json.loads(self.out)


class Hunkworks:
    """The program; called with its arguments."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._capfd = capfd

    def __call__(self, *arguments: str, stdin: bytes | str = b"") -> Result:
        """Run ``hunkworks ARGUMENTS`` with ``stdin`` to read."""
        data = stdin.encode() if isinstance(stdin, str) else stdin
        self._monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))
        self._capfd.readouterr()
        try:
            code = run(list(arguments))
        except SystemExit as ended:
            code = int(ended.code or 0)
        out, err = self._capfd.readouterr()
        return Result(code, out, err)
