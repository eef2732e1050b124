"""A pull request on the fake GitHub, and reviews of it made by hand."""

from __future__ import annotations

from pathlib import Path

import msgspec

from hunkworks.change.model import Side
from hunkworks.review.finding import Finding, Stamp
from hunkworks.review.fingerprints import name
from hunkworks.review.manifest import ChangeRef
from hunkworks.review.verdict import Review, decide
from hunkworks.rules.classes import Severity
from tests.forge.fake import FakeGitHub, Pull
from tests.repo import Repo
from tests.review.sections import manifest

NUMBER = 7
BEFORE = "".join(f"line {number}\n" for number in range(1, 41))
AFTER = BEFORE.replace("line 10\n", "line ten\nline ten and a half\n").replace("line 30\n", "")


class Project:
    """A work tree, the bare repository behind it, and the fake that serves it; pull request 7 changes ``a.py``."""

    def __init__(self, folder: Path, settings: str = "") -> None:
        self.repo = Repo(folder / "work")
        if settings:
            self.repo.write("hunkworks.toml", settings)
        self.repo.write("a.py", BEFORE)
        self.base = self.repo.commit("before")
        self.repo.git("checkout", "-q", "-b", "topic")
        self.repo.write("a.py", AFTER)
        self.bare = folder / "octo" / "hello.git"
        self.repo.git("clone", "-q", "--bare", ".", str(self.bare))
        self.github = FakeGitHub(self.bare)
        self.pull = self.github.pulls[NUMBER] = Pull(NUMBER, self.base, "")
        self.push()

    def push(self) -> str:
        """Commit the work tree and make it the pull request's head."""
        self.pull.head = self.repo.commit("a push")
        self.repo.git(
            "push", "-q", "--force", str(self.bare), f"HEAD:refs/pull/{NUMBER}/head", "HEAD:refs/heads/topic"
        )
        return self.pull.head

    def review(self, *findings: Finding, engine: str = "api", unanswered: tuple[str, ...] = ()) -> Review:
        """Return a review of the head with these findings."""
        change = ChangeRef("c0ffee", self.base, self.pull.head, "pull request 7", "pull request 7")
        plan = msgspec.structs.replace(manifest(), change=change)
        fail_on = Severity.MAJOR
        return Review(
            manifest=plan,
            engine=engine,
            findings=tuple(name(findings)),
            folded=(),
            unanswered=unanswered,
            verdict=decide(findings, plan.coverage, unanswered, engine=engine, fail_on=fail_on),
            fail_on=fail_on,
        )


def finding(line: int = 10, quote: str = "line ten", end_line: int = 0, **own: object) -> Finding:
    """Return a finding on the new side of ``a.py``."""
    made = Finding(
        fingerprint="",
        klass="logic",
        severity=Severity.MAJOR,
        path="a.py",
        side=Side.NEW,
        line=line,
        end_line=end_line or line,
        quote=quote,
        message=f"Line {line} is wrong.",
        scenario="Ten is not a number.",
        confidence=90,
        stamp=Stamp.CONFIRMED,
    )
    return msgspec.structs.replace(made, **own)
