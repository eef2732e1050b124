"""Every error a user can meet, and the exit code it ends with.

HunkworksError            2
├── UsageError            2   the command line or the JSON handed in is wrong
├── RepositoryError       2   no repository, or git refused
├── ConfigError           2   hunkworks.toml or a rule file is wrong
├── InputError            2   a file or patch that cannot be read exactly
├── IntegrityError        1   a proof failed: bytes outside the plan, a damaged record
└── EngineError           3   the engine that was asked for could not decide
"""

from __future__ import annotations


class HunkworksError(Exception):
    """What happened, what was expected and found, and the command that mends it.

    Args:
        what: One sentence without a final full stop.
        expected: What would have been right; shown with ``found``.
        found: What was there instead.
        fix: The command, or the one action, that mends it.
    """

    exit_code = 2

    def __init__(self, what: str, *, expected: str = "", found: str = "", fix: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.expected = expected
        self.found = found
        self.fix = fix

    def __str__(self) -> str:
        parts = [f"{self.what}."]
        if self.expected and self.found:
            parts.append(f"expected {self.expected}, found {self.found}.")
        elif self.expected:
            parts.append(f"expected {self.expected}.")
        elif self.found:
            parts.append(f"found {self.found}.")
        if self.fix:
            parts.append(f"fix: {self.fix}")
        return " ".join(parts)


class UsageError(HunkworksError):
    """The command line, or the JSON handed in, is wrong."""


class RepositoryError(HunkworksError):
    """There is no repository here, or git refused."""


class ConfigError(HunkworksError):
    """``hunkworks.toml`` or a rule file is wrong."""


class InputError(HunkworksError):
    """A file or patch that cannot be read exactly; nothing was written."""


class IntegrityError(HunkworksError):
    """A proof failed: bytes outside the plan changed, or a record is damaged."""

    exit_code = 1


class EngineError(HunkworksError):
    """The engine that was asked for could not decide."""

    exit_code = 3
