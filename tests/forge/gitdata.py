"""Git data as GitHub's API gives and takes it, in a real bare repository."""

from __future__ import annotations

import base64
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.forge.contract import instance
from tests.repo import ENVIRONMENT

Answer = tuple[int, Any]


class NoError(Exception):
    """The fake refuses: a status and GitHub's words."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message


class GitData:
    """Refs, blobs, trees and commits of one repository."""

    def __init__(self, bare: Path) -> None:
        self.bare = bare

    def git(self, *arguments: str, stdin: bytes = b"") -> bytes:
        """Run git in the bare repository."""
        environment = {**ENVIRONMENT, "PATH": "/usr/bin:/bin:/usr/local/bin"}
        done = subprocess.run(
            ["git", *arguments], cwd=self.bare, input=stdin, capture_output=True, env=environment, check=False
        )
        if done.returncode:
            raise NoError(422, done.stderr.decode())
        return done.stdout

    def get_ref(self, _login: str, _sent: Any, ref: str) -> Answer:
        found = self.git("for-each-ref", "--format=%(objectname)", f"refs/{ref}").decode().strip()
        if not found:
            raise NoError(404, "Not Found")
        return 200, self._ref(ref, found)

    @staticmethod
    def _ref(ref: str, sha: str) -> dict[str, Any]:
        made = instance("git-ref", ref=f"refs/{ref}")
        return made | {"object": made["object"] | {"sha": sha, "type": "commit"}}

    def post_ref(self, _login: str, sent: Any) -> Answer:
        self.git("update-ref", sent["ref"], sent["sha"], "0" * 40)
        return 201, self._ref(sent["ref"].removeprefix("refs/"), sent["sha"])

    def patch_ref(self, _login: str, sent: Any, ref: str) -> Answer:
        before = self.git("rev-parse", f"refs/{ref}").decode().strip()
        if not sent.get("force"):
            self.git("merge-base", "--is-ancestor", before, sent["sha"])
        self.git("update-ref", f"refs/{ref}", sent["sha"], before)
        return 200, self._ref(ref, sent["sha"])

    def delete_ref(self, _login: str, _sent: Any, ref: str) -> Answer:
        self.git("rev-parse", f"refs/{ref}")
        self.git("update-ref", "-d", f"refs/{ref}")
        return 204, None

    def get_refs(self, _login: str, _sent: Any, start: str) -> Answer:
        found = self.git("for-each-ref", "--format=%(refname:lstrip=1) %(objectname)").decode().splitlines()
        return 200, [self._ref(*one.split()) for one in found if one.startswith(start)]

    def post_blob(self, _login: str, sent: Any) -> Answer:
        data = base64.b64decode(sent["content"]) if sent["encoding"] == "base64" else sent["content"].encode()
        return 201, instance(
            "short-blob", sha=self.git("hash-object", "-w", "--stdin", stdin=data).decode().strip()
        )

    def get_blob(self, _login: str, _sent: Any, sha: str) -> Answer:
        content = base64.encodebytes(self.git("cat-file", "blob", sha)).decode()
        return 200, instance("blob", sha=sha, content=content, encoding="base64")

    def post_tree(self, _login: str, sent: Any) -> Answer:
        rows = "".join(f"{one['mode']} {one['type']} {one['sha']}\t{one['path']}\n" for one in sent["tree"])
        return 201, self._tree(self.git("mktree", stdin=rows.encode()).decode().strip())

    def get_tree(self, _login: str, _sent: Any, sha: str) -> Answer:
        return 200, self._tree(sha)

    def _tree(self, sha: str) -> dict[str, Any]:
        rows = [row.split(None, 3) for row in self.git("ls-tree", sha).decode().splitlines()]
        items = [{"mode": mode, "type": kind, "sha": name, "path": path} for mode, kind, name, path in rows]
        return instance("git-tree", sha=sha, tree=items, truncated=False)

    def post_commit(self, _login: str, sent: Any) -> Answer:
        parents = [part for parent in sent["parents"] for part in ("-p", parent)]
        made = self.git("commit-tree", sent["tree"], *parents, "-m", sent["message"]).decode().strip()
        return 201, self._commit(made)

    def get_commit(self, _login: str, _sent: Any, sha: str) -> Answer:
        return 200, self._commit(sha)

    def _commit(self, sha: str) -> dict[str, Any]:
        tree = self.git("rev-parse", f"{sha}^{{tree}}").decode().strip()
        made = instance("git-commit", sha=sha)
        return made | {"tree": made["tree"] | {"sha": tree}}


ROUTES: list[tuple[str, Callable[..., Answer]]] = [
    (r"GET git/ref/(.+)", GitData.get_ref),
    (r"POST git/refs", GitData.post_ref),
    (r"PATCH git/refs/(.+)", GitData.patch_ref),
    (r"POST git/blobs", GitData.post_blob),
    (r"GET git/blobs/([0-9a-f]+)", GitData.get_blob),
    (r"POST git/trees", GitData.post_tree),
    (r"GET git/trees/([0-9a-f]+)", GitData.get_tree),
    (r"POST git/commits", GitData.post_commit),
    (r"GET git/commits/([0-9a-f]+)", GitData.get_commit),
    (r"GET git/matching-refs/(.+)", GitData.get_refs),
    (r"DELETE git/refs/(.+)", GitData.delete_ref),
]
