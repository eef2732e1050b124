"""The workflow that reviews pull requests on GitHub (docs/decisions/0011-ci.md): one more step of init."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from hunkworks.errors import UsageError

_TEMPLATE = Path(__file__).with_name("github.yml")
_PACK = re.compile(r"(?P<home>[A-Za-z0-9._-]+/[A-Za-z0-9._-]+)@(?P<ref>[A-Za-z0-9][A-Za-z0-9._/-]*)")
_PINNED = re.compile(r"(?m)^( +repository: )\S+\n( +ref: )[^\n]+$")
_HOME = re.compile(r"(?m)^# What each job may do.*$")


@dataclass(frozen=True, slots=True)
class Workflow:
    """``.github/workflows/hunkworks.yml``, with the pack's repository and the commit or tag that it is taken from.

    What somebody changed beyond these two is theirs, and stays.
    """

    home: str
    pin: str
    path: str = ".github/workflows/hunkworks.yml"

    @classmethod
    def of_pack(cls, text: str) -> Workflow:
        """Return the workflow that takes the pack from ``OWNER/NAME@REF``.

        Raises:
            UsageError: ``text`` is not that.
        """
        found = _PACK.fullmatch(text)
        if found is None:
            raise UsageError(
                f"{text!r} does not say where the pack is taken from", expected="OWNER/NAME@COMMIT"
            )
        return cls(found["home"], found["ref"])

    def content(self) -> bytes:
        """Return the whole file."""
        text = _TEMPLATE.read_text(encoding="utf-8")
        return text.replace("HOME", self.home).replace("PIN", self.pin).encode("utf-8")

    def add(self, before: bytes | None) -> bytes:
        return self.content() if before is None or self._ours(before) else before

    def take_back(self, before: bytes) -> bytes | None:
        return None if self._ours(before) else before

    def _ours(self, before: bytes) -> bool:
        return _unpinned(before) == _unpinned(self.content())


def _unpinned(content: bytes) -> str:
    text = content.decode("utf-8", "replace").replace("\r\n", "\n")
    return _HOME.sub("", _PINNED.sub(r"\1HOME\n\2PIN", text))
