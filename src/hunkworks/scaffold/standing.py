"""What of the names still stands in the code of a project."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterable

from hunkworks.change.inventory import Symbol, decode, inventory, is_known, language
from hunkworks.change.repository import WORKTREE
from hunkworks.scaffold.calls import Parameter, parameters
from hunkworks.scaffold.files import Files
from hunkworks.scaffold.mentions import words_of
from hunkworks.scaffold.subjects import called

# A name that so many files hold says nothing, and to read them all takes long.
_MOST_FILES = 200


class Standing:
    """Where the code of a project holds some names; documents are no code.

    Args:
        files: The project.
        names: Which.
        without: Pathspecs of documents.
        past: What is a document, too, where its name has no ending.
    """

    def __init__(
        self, files: Files, names: Iterable[str], without: Iterable[str], past: re.Pattern[str]
    ) -> None:
        self._files = files
        self._first: dict[str, str] = {}
        self._paths: defaultdict[str, set[str]] = defaultdict(set)
        self._read: dict[str, tuple[Symbol, ...]] = {}
        plain = sorted(set(names))
        repository, revision = files.repository, files.revision
        commit = "" if revision == WORKTREE else repository.resolve(revision)
        where = [commit] if commit else ["--untracked"]
        options = ["-z", "-n", "-w", "-F", "-o", "-I", "--no-color", "--full-name", "--no-recurse-submodules"]
        for start in range(0, len(plain), 200):
            patterns = [part for name in plain[start : start + 200] for part in ("-e", name)]
            said = repository.git(
                "grep", *options, *patterns, *where, "--", ":(top)", *without, statuses=(0, 1)
            )
            for record in said.split(b"\n"):
                if record.count(b"\0") != 2:
                    continue
                head, line, name = record.split(b"\0")
                path = os.fsdecode(head).removeprefix(f"{commit}:")
                if "." in path.rpartition("/")[2] or not past.search(path):
                    self._add(path, line, name.decode("utf-8", "replace"))

    def _add(self, path: str, line: bytes, name: str) -> None:
        # A place in code says more than one in a configuration.
        if name not in self._first or (is_known(path) and not is_known(self._first[name].rpartition(":")[0])):
            self._first[name] = f"{path}:{line.decode()}"
        self._paths[name].add(path)

    def place(self, name: str) -> str:
        """Return the first place that holds ``name``, whatever it means there; "" where none does."""
        return self._first.get(name, "")

    def named(self, name: str) -> list[tuple[str, Symbol]] | None:
        """Return the symbols that code calls by ``name``, with their paths; None where too many files hold it."""
        paths = sorted(path for path in self._paths[name] if is_known(path))
        if len(paths) > _MOST_FILES:
            return None
        return [
            (path, symbol) for path in paths for symbol in self._symbols(path) if called(symbol)[0] == name
        ]

    def accepting(self, name: str) -> list[tuple[Symbol, tuple[Parameter, ...]]] | None:
        """Return what code may mean when it calls ``name``, with parameters; None where that is not known."""
        found = self.named(name)
        if found is None:
            return None
        listed = (
            (symbol, parameters(symbol.signature, symbol.name, language(path))) for path, symbol in found
        )
        return [(symbol, each) for symbol, each in listed if each is not None]

    def words(self, path: str) -> frozenset[str]:
        """Return the words of a file."""
        return words_of(decode(self._files.content(path) or b""))

    def _symbols(self, path: str) -> tuple[Symbol, ...]:
        if path not in self._read:
            self._read[path] = inventory(path, self._files.content(path) or b"").symbols
        return self._read[path]
