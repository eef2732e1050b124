"""The files by which a team adopts the pack. Each step adds its part to what stands there, or takes exactly it back."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from hunkworks import paths
from hunkworks.catalogs.jsonedit import Editor, Plain
from hunkworks.catalogs.jsontext import Object, scan
from hunkworks.catalogs.source import Source
from hunkworks.errors import InputError
from hunkworks.scaffold.ci.workflow import Workflow
from hunkworks.splice import splice

CONFIGURATION = """\
# Hunkworks: https://github.com/{home}/blob/main/docs/reference/configuration.md
# Every key is optional. In a review this file is read from the change's base revision.

[review]
fail_on = "major"

# Swapping a model is one line:
# [tiers.deep]
# model = "opus"

# Your own routes:
# [[route.rules]]
# name = "payments"
# paths = ["src/payments/**"]
"""


NO_GIT_STATUS = "CLAUDE_CODE_DISABLE_GIT_INSTRUCTIONS"


class Step(Protocol):
    """One file of the project and our part of it."""

    @property
    def path(self) -> str: ...

    def add(self, before: bytes | None) -> bytes:
        """Return the file with our part; the same bytes where it has it. ``before`` is None where there is no file."""
        ...

    def take_back(self, before: bytes) -> bytes | None:
        """Return the file without our part, None where nothing but ours was in it."""
        ...


@dataclass(frozen=True, slots=True)
class OwnFile:
    """A file that is ours alone; one that somebody made or changed is left to them."""

    path: str
    content: bytes

    def add(self, before: bytes | None) -> bytes:
        return self.content if before is None else before

    def take_back(self, before: bytes) -> bytes | None:
        return None if before == self.content else before


@dataclass(frozen=True, slots=True)
class PreCommit:
    """Our entry at the end of the list of repositories in ``.pre-commit-config.yaml``."""

    home: str
    version: str
    path: str = ".pre-commit-config.yaml"

    def add(self, before: bytes | None) -> bytes:
        if before is None:
            return f"repos:\n{self._entry('')}".encode()
        text = before.decode("utf-8")
        if self.home in text:
            return before
        last = list(re.finditer(r"(?m)^([ \t]*)- repo:", text))
        if not last or not re.search(r"(?m)^repos:[ \t]*\r?$", text):
            raise InputError(
                f"{self.path} has no list of repositories that can be added to",
                expected="repos: with one entry a line",
                fix=f"add it by hand:\n{self._entry('')}",
            )
        end = self._end_of_list(text, last[-1].start())
        newline = "\r\n" if "\r\n" in text else "\n"
        entry = self._entry(last[-1][1]).replace("\n", newline)
        glue = "" if text[:end].endswith("\n") else newline
        return (text[:end] + glue + entry + text[end:]).encode("utf-8")

    def take_back(self, before: bytes) -> bytes | None:
        text = before.decode("utf-8")
        for indent in {found[1] for found in re.finditer(r"(?m)^([ \t]*)- repo:", text)}:
            for newline in ("\n", "\r\n"):
                pattern = re.escape(self._entry(indent).replace("\n", newline)).replace(
                    re.escape(self.version), r"[^\s]+"
                )
                text = re.sub(pattern, "", text)
        return None if text.strip() == "repos:" else text.encode("utf-8")

    def _entry(self, indent: str) -> str:
        lines = [
            f"- repo: https://github.com/{self.home}",
            f"  rev: v{self.version}",
            "  hooks:",
            "    - id: hunkworks-review",
        ]
        return "".join(f"{indent}{line}\n" for line in lines)

    @staticmethod
    def _end_of_list(text: str, start: int) -> int:
        """The list ends where a line begins in the first column with anything but an item or a comment of it."""
        after = re.compile(r"(?m)^[^\s#-]").search(text, start)
        return after.start() if after else len(text)


# The folders that an installed pack runs from; the client leaves out the others, which hold tests and measurements.
RUN_FROM = (
    ".claude-plugin",
    "agents",
    "bin",
    "docs/how-to",
    "hooks",
    "plugins",
    "recipes",
    "requirements",
    "skills",
    "src",
)


@dataclass(frozen=True, slots=True)
class ClientSettings:
    """The team's marketplace and plugin in the client's project settings.

    Without ``git_status`` the client does not tell every agent the last commits' subjects and the changed files' names.
    """

    home: str
    plugin: str
    marketplace: str
    git_status: bool = True
    path: str = ".claude/settings.json"

    def _members(self) -> Sequence[tuple[str, str, Plain]]:
        source: Plain = {"source": {"source": "github", "repo": self.home, "sparsePaths": list(RUN_FROM)}}
        members: list[tuple[str, str, Plain]] = [
            ("extraKnownMarketplaces", self.marketplace, source),
            ("enabledPlugins", f"{self.plugin}@{self.marketplace}", True),
        ]
        return members if self.git_status else [*members, ("env", NO_GIT_STATUS, "1")]

    def add(self, before: bytes | None) -> bytes:
        if before is None or not before.strip():
            fresh = {group: {name: value} for group, name, value in self._members()}
            return (json.dumps(fresh, indent=2) + "\n").encode("utf-8")
        editor, root = self._open(before)
        for group, name, value in self._members():
            inner = root.get(group)
            if inner is None:
                editor.add(root, group, {name: value}, len(root.members) - 1)
            elif isinstance(inner, Object) and inner.get(name) is None:
                editor.add(inner, name, value, len(inner.members) - 1)
        return self._written(before, editor)

    def take_back(self, before: bytes) -> bytes | None:
        editor, root = self._open(before)
        for group, name, _ in self._members():
            inner = root.get(group)
            if isinstance(inner, Object) and inner.get(name) is not None:
                editor.remove((root, root.position(group)), (inner, inner.position(name)))
        after = self._written(before, editor)
        return None if json.loads(after) == {} else after

    def _open(self, before: bytes) -> tuple[Editor, Object]:
        source = Source.decode(before)
        root = scan(source)
        if not isinstance(root, Object):
            raise InputError(f"{self.path} is not a JSON object", fix="mend it, then run init again")
        return Editor(source), root

    @staticmethod
    def _written(before: bytes, editor: Editor) -> bytes:
        after = splice(before, editor.source.edits(editor.replacements()))
        json.loads(after)
        return after


def steps(
    *,
    pre_commit: bool,
    client: bool,
    alias: bool,
    git_status: bool = True,
    ci: bool = False,
    pack: str = "",
) -> list[Step]:
    """Return the steps that were asked for; the configuration always.

    Args:
        pre_commit: The static review in pre-commit.
        client: The marketplace and the plugin for everybody who opens the project in Claude Code.
        alias: A project skill by which the bare ``/review`` is ours.
        git_status: Leave the client's git status as it is; else keep it from every agent.
        ci: The workflow that reviews pull requests on GitHub.
        pack: ``OWNER/NAME@REF`` from which the workflow takes the pack; by default this version's.

    Raises:
        UsageError: ``pack`` is not that.
    """
    manifest = json.loads(paths.pack(".claude-plugin/plugin.json").read_text(encoding="utf-8"))
    home = manifest["repository"].removeprefix("https://github.com/")
    chosen: list[Step] = [OwnFile("hunkworks.toml", CONFIGURATION.format(home=home).encode("utf-8"))]
    if pre_commit:
        chosen.append(PreCommit(home, manifest["version"]))
    if client:
        chosen.append(ClientSettings(home, manifest["name"], home.rpartition("/")[2], git_status))
    if alias:
        skill = paths.pack("skills/review/SKILL.md").read_bytes()
        chosen.append(OwnFile(".claude/skills/review/SKILL.md", skill))
    if ci:
        chosen.append(Workflow.of_pack(pack or f"{home}@v{manifest['version']}"))
    return chosen
