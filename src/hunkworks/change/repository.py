"""A git repository, read through `git` with nothing of the user's taste in between (docs/decisions/0002-git.md)."""

from __future__ import annotations

import functools
import os
import re
import subprocess
import weakref
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from pathlib import Path, PurePosixPath
from typing import BinaryIO, NamedTuple, cast

from hunkworks.change.git import run, start, stream
from hunkworks.errors import RepositoryError, UsageError

# Words that stand for a version without an object name, as in Change.base and Change.head.
EMPTY, INDEX, WORKTREE, STDIN = "empty", "index", "worktree", "stdin"

# git knows these two objects without storing them; the key is the length of an object name.
EMPTY_TREE = {
    40: "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    64: "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
}
EMPTY_BLOB = {
    40: "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
    64: "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
}
_AT_ONCE = 1_000  # characters of paths that are asked about at once: they fit into any system's pipe
_OBJECT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


class _Object(NamedTuple):
    name: str
    kind: bytes
    content: bytes


class GrepMatch(NamedTuple):
    """One line that holds the text; ``line`` counts from 1."""

    path: str
    line: int
    text: bytes


class Repository:
    """One work tree and the repository behind it.

    Attributes:
        root: The work tree's top folder.
        git_dir: This work tree's own git folder.
        common_dir: The git folder that linked work trees share.
        prefix: The folder the user stands in, relative to ``root`` ("" at the top, else ends with "/").
        shallow: True where history was cut by ``clone --depth``.
    """

    def __init__(
        self,
        root: Path,
        git_dir: Path,
        common_dir: Path,
        *,
        prefix: str = "",
        shallow: bool = False,
        name_length: int = 40,
    ) -> None:
        self.root = root
        self.git_dir = git_dir
        self.common_dir = common_dir
        self.prefix = prefix
        self.shallow = shallow
        self.empty_tree = EMPTY_TREE[name_length]
        self.empty_blob = EMPTY_BLOB[name_length]
        self._blobs: subprocess.Popen[bytes] | None = None

    @classmethod
    def discover(cls, cwd: Path | None = None) -> Repository:
        """Return the repository around ``cwd`` (default: the current folder).

        Raises:
            RepositoryError: There is none, it is bare, or git is not installed.
        """
        try:
            here = (cwd or Path.cwd()).resolve()
        except FileNotFoundError as error:
            raise RepositoryError("the current folder is gone", fix="cd into the repository") from error
        questions = (
            "--is-bare-repository",
            "--is-inside-work-tree",
            "--is-shallow-repository",
            "--show-object-format",
            "--git-dir",
            "--git-common-dir",
        )
        # Without a work tree git answers all but the last two, and fails.
        answer = run(here, ("rev-parse", *questions, "--show-toplevel", "--show-prefix"), statuses=(0, 128))
        lines = os.fsdecode(answer or run(here, ("rev-parse", *questions))).split("\n")
        if lines[0] == "true" or lines[1] != "true":
            raise RepositoryError(
                f"{here} is a bare repository or a git folder, without files to review",
                expected="a work tree",
                fix=f"git -C {here} worktree add ../review, and run it there",
            )
        if len(lines) != 9:
            raise RepositoryError(
                "the path of this repository holds a line break, which git cannot tell apart",
                fix="rename the folder",
            )
        return cls(
            Path(lines[6]),
            (here / lines[4]).resolve(),
            (here / lines[5]).resolve(),
            prefix=lines[7],
            shallow=lines[2] == "true",
            name_length={"sha1": 40, "sha256": 64}[lines[3]],
        )

    @functools.cached_property
    def head(self) -> str | None:
        """The commit that HEAD names, or None before the first commit."""
        found = self._ask([b"HEAD^{commit}"])[0]
        return found.name if found else None

    @functools.cached_property
    def branch(self) -> str:
        """The branch's name, also when it has no commit yet; "detached-<sha7>" where HEAD names a commit."""
        name = os.fsdecode(self.git("symbolic-ref", "--quiet", "HEAD", statuses=(0, 1))).removesuffix("\n")
        return name.removeprefix("refs/heads/") or f"detached-{(self.head or '')[:7]}"

    @functools.cached_property
    def hook_index(self) -> Path | None:
        """The index that a running git hook was told to look at, where it belongs to this work tree.

        ``git commit -a`` and ``git commit PATH`` prepare the next commit in an index of their own and name it in
        GIT_INDEX_FILE (githooks(5)). Under another repository's GIT_DIR the variable is not meant for us.
        """
        name, directory = os.environ.get("GIT_INDEX_FILE"), os.environ.get("GIT_DIR")
        if not name or (directory and Path(directory).resolve() != self.git_dir):
            return None
        index = self.root / name if not (Path.cwd() / name).exists() else Path.cwd() / name
        return index if index.is_file() else None

    def git(
        self,
        *arguments: str,
        stdin: bytes | None = None,
        index: Path | None = None,
        statuses: Collection[int] = (0,),
    ) -> bytes:
        """Run git at the work tree's top and return what it printed; see :func:`hunkworks.change.git.run`."""
        return run(self.root, arguments, stdin=stdin, index=index, statuses=statuses)

    def stream(
        self, *arguments: str, index: Path | None = None, statuses: Collection[int] = (0,)
    ) -> AbstractContextManager[BinaryIO]:
        """Run git and give its output while it comes; see :func:`hunkworks.change.git.stream`."""
        return stream(self.root, arguments, index=index, statuses=statuses)

    def blob(self, name: str) -> bytes | None:
        """Return the content of an object by its full name, or None where it is missing."""
        found = self._ask([name.encode("ascii")])[0] if _OBJECT.fullmatch(name) else None
        return found.content if found else None

    def blob_at(self, revision: str, path: str) -> str:
        """Return the name of the object at a path of a commit, or "" where there is none."""
        if "\n" in path:  # the one character that the question cannot hold
            listed = self.git("ls-tree", "-z", "--full-tree", revision, "--", path)
            return listed.partition(b"\t")[0].rpartition(b" ")[2].decode("ascii")
        found = self._ask([os.fsencode(f"{revision}:{path}")])[0]
        return found.name if found else ""

    def blobs_at(self, revision: str, paths: Sequence[str]) -> dict[str, str]:
        """Return the names of the objects at those of ``paths`` where a commit has one; see :meth:`blob_at`."""
        found: dict[str, str] = {}
        some: list[str] = []
        for path in [*paths, ""]:
            if some and (not path or sum(map(len, some)) + len(path) > _AT_ONCE):
                answers = self._ask([os.fsencode(f"{revision}:{one}") for one in some])
                found.update((one, answer.name) for one, answer in zip(some, answers, strict=True) if answer)
                some = []
            if "\n" not in path:
                some.append(path)
            elif name := self.blob_at(revision, path):
                found[path] = name
        return found

    def _ask(self, questions: Sequence[bytes]) -> list[_Object | None]:
        """One git process answers all questions for as long as the Repository lives; they have to fit into its pipe."""
        if self._blobs is None:
            self._blobs = start(self.root, ("cat-file", "--batch"), stderr=subprocess.DEVNULL)
            weakref.finalize(self, _stop, self._blobs)
        asking, answers = cast("BinaryIO", self._blobs.stdin), cast("BinaryIO", self._blobs.stdout)
        with suppress(BrokenPipeError):
            asking.write(b"".join(question + b"\n" for question in questions))
            asking.flush()
        return [_answer(question, answers) for question in questions]

    def resolve(self, revision: str) -> str:
        """Return the full object name of the commit (or tree) that ``revision`` names.

        Raises:
            RepositoryError: There is no such commit.
        """
        if revision in (self.empty_tree, EMPTY):
            return self.empty_tree
        if "head" in self.__dict__ and revision == self.head:
            return revision
        if revision.startswith("-") or not revision:
            raise UsageError(f"{revision!r} is not a revision", expected="a branch, tag or commit")
        found = self.git(
            "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}", statuses=(0, 1, 128)
        ).strip()
        if not found:
            raise RepositoryError(
                f"there is no commit {revision!r} here",
                expected="a branch, tag or commit",
                fix="git fetch --unshallow"
                if self.shallow
                else "git fetch, or git branch --all to see the names",
            )
        return found.decode("ascii")

    def has(self, commit: str) -> bool:
        """Tell whether a commit is in this clone, without asking a remote for it."""
        arguments = (
            "-c",
            "remote.origin.promisor=false",
            "rev-parse",
            "--verify",
            "--quiet",
            f"{commit}^{{commit}}",
        )
        return bool(self.git(*arguments, statuses=(0, 1, 128)).strip())

    def show(self, revision: str, path: str) -> bytes | None:
        """Return a file as it stands at ``revision``, or None where there is none.

        Args:
            revision: A commit, or the word "index", "worktree" or "empty". Of the work tree only files that git
                tracks or would offer to add are shown: what is ignored (``.env``) is not part of the project.
            path: Relative to the top, with forward slashes.
        """
        if revision in (EMPTY, STDIN) or not _inside(path):
            return None
        if revision == WORKTREE:
            return self._show_worktree(path)
        if revision == INDEX:
            listed = self.git("ls-files", "-z", "--stage", "--", f":(top,literal){path}")
            fields = listed.split(b"\0")[0].partition(b"\t")
            mode_name_stage = fields[0].split()
            exact, name = fields[2] == os.fsencode(path), mode_name_stage[1] if mode_name_stage else b""
            return self.blob(name.decode("ascii")) if exact else None
        commit = self.resolve(revision)
        if "\n" in path:
            return self.blob(self.blob_at(commit, path))
        found = self._ask([os.fsencode(f"{commit}:{path}")])[0]
        return found.content if found and found.kind == b"blob" else None

    def _show_worktree(self, path: str) -> bytes | None:
        known = self.git(
            "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", f":(top,literal){path}"
        )
        file = self.root / path
        if os.fsencode(path) not in known.split(b"\0") or not file.parent.resolve().is_relative_to(
            self.root.resolve()
        ):
            return None
        if file.is_symlink():
            return os.fsencode(file.readlink())
        return file.read_bytes() if file.is_file() else None

    def ls(self, revision: str, pathspecs: Iterable[str] = ()) -> list[str]:
        """Return the paths of all files at ``revision`` (words as in :meth:`show`)."""
        if revision in (EMPTY, STDIN):
            return []
        if revision == WORKTREE:
            verb = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        elif revision == INDEX:
            verb = ["ls-files", "-z", "--cached"]
        else:
            verb = ["ls-tree", "-z", "-r", "--name-only", "--full-tree", self.resolve(revision)]
        listed = self.git(*verb, "--", *pathspecs)
        return sorted({os.fsdecode(path) for path in listed.split(b"\0") if path})

    def grep(self, text: str, revision: str, pathspecs: Iterable[str] = ()) -> Iterator[GrepMatch]:
        """Yield the lines that hold ``text`` literally, in text files at ``revision`` (words as in :meth:`show`)."""
        if "\n" in text or "\0" in text or not text:
            raise UsageError("the text to search for must be one line", found=repr(text))
        if revision in (EMPTY, STDIN):
            return
        where = {WORKTREE: ["--untracked"], INDEX: ["--cached"]}.get(revision)
        commit = self.resolve(revision) if where is None else ""
        options = [
            "-z",
            "-n",
            "-F",
            "-I",
            "--no-color",
            "--no-textconv",
            "--full-name",
            "--no-recurse-submodules",
        ]
        with self.stream(
            "grep",
            *options,
            *(where or []),
            "-e",
            text,
            *([commit] if commit else []),
            "--",
            *pathspecs,
            statuses=(0, 1),
        ) as output:
            for record in output:
                path, line, content = record.split(b"\0", 2)
                yield GrepMatch(
                    os.fsdecode(path.removeprefix(commit.encode() + b":") if commit else path),
                    int(line),
                    content,
                )


def _answer(question: bytes, answers: BinaryIO) -> _Object | None:
    answer = answers.readline()
    if answer in (question + b" missing\n", question + b" ambiguous\n"):
        return None
    name, kind, size = answer.split() if answer else (b"", b"", b"0")
    content = answers.read(int(size) + 1)
    if not answer or len(content) != int(size) + 1:
        raise RepositoryError(f"git ended while reading {os.fsdecode(question)}", fix="git fsck")
    return _Object(name.decode("ascii"), kind, content[:-1])


def _inside(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return bool(parts) and not path.startswith("/") and ".." not in parts and parts[0].lower() != ".git"


def _stop(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout):
        with suppress(BrokenPipeError):
            cast("BinaryIO", pipe).close()
    process.wait()
