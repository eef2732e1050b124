"""Reviews to report, and the published schemas that reports are held against."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import strategies as st
from jsonschema import Draft4Validator

from hunkworks.change.model import Side
from hunkworks.review.finding import Finding, FindingStatus, Stamp
from hunkworks.review.manifest import Bucket, ChangeRef, FileRef, RedactionRef, Skipped
from hunkworks.review.verdict import Review, decide
from hunkworks.rules.classes import CLASSES, Severity
from tests.review.sections import manifest

HEAD = "0123456789abcdef0123456789abcdef01234567"
_SCHEMAS = Path(__file__).parent / "schemas"


@functools.cache
def _validator(name: str) -> Draft4Validator:
    return Draft4Validator(json.loads((_SCHEMAS / f"{name}.json").read_text(encoding="utf-8")))


def invalid(name: str, document: Any) -> list[str]:
    """Return what a published schema has against a document."""
    return [
        f"{list(error.absolute_path)}: {error.message}" for error in _validator(name).iter_errors(document)
    ]


FINDING = Finding(
    fingerprint="00000000000000aa",
    klass="concurrency",
    severity=Severity.BLOCKER,
    path="src/cache.py",
    side=Side.NEW,
    line=12,
    end_line=13,
    quote="    self.hits += 1\n    self.size += 1",
    message="Two threads count into one number.",
    scenario="Hits are lost under load.",
    confidence=92,
    stamp=Stamp.CONFIRMED,
    evidence="src/pool.py:40 calls it from a thread",
    suggestion="    with self.lock:\n        self.hits += 1\n        self.size += 1",
    asked=88,
)
REMOVED = msgspec.structs.replace(
    FINDING,
    fingerprint="00000000000000bb",
    klass="error-handling",
    severity=Severity.MINOR,
    side=Side.OLD,
    line=30,
    end_line=30,
    quote="    raise",
    message="The error is swallowed now.",
    suggestion=None,
    status=FindingStatus.REOPENED,
)
STATIC = msgspec.structs.replace(
    FINDING,
    fingerprint="00000000000000cc",
    klass="debug-leftover",
    rule="python-debugger",
    severity=Severity.NOTE,
    path="tools/a b%.py",
    line=1,
    end_line=1,
    quote="breakpoint()",
    message="A debugger call is left in.",
    stamp=Stamp.STATIC,
    suggestion="",
    asked=None,
    evidence="",
)
FOLDED = msgspec.structs.replace(
    FINDING, fingerprint="00000000000000dd", line=20, end_line=20, stamp=Stamp.CONTESTED
)


def review(
    *findings: Finding,
    folded: tuple[Finding, ...] = (),
    engine: str = "api",
    unanswered: tuple[str, ...] = (),
) -> Review:
    """Return a review of pull request 7 with these findings."""
    plan = msgspec.structs.replace(
        manifest(),
        change=ChangeRef("c0ffee", "base", HEAD, "pull request 7", "pull request 7"),
        files=(
            FileRef("src/cache.py", "modified", "code", Bucket.PACKET, "code: source code by its name", 2, 0),
            FileRef("package-lock.json", "modified", "lock", Bucket.NAMED, "lock: written by a tool", 400, 2),
        ),
        redactions=(RedactionRef("src/cache.py", 3, "aws-access-token"),),
        skipped=(Skipped("src/odd.py", "does not parse at line 4"),),
    )
    return Review(
        manifest=plan,
        engine=engine,
        findings=findings,
        folded=folded,
        unanswered=unanswered,
        verdict=decide(findings, plan.coverage, unanswered, engine=engine, fail_on=Severity.MAJOR),
        fail_on=Severity.MAJOR,
    )


FULL = review(FINDING, REMOVED, STATIC, folded=(FOLDED,))

_text = st.text(max_size=60) | st.sampled_from(
    ["@ada", "<!-- x -->", "::error::x", "{0} [a](b)", "```", "\udcff/é", "\u202e", "a\r\nb", "]( ##[group]"]
)
_finding = st.builds(
    Finding,
    fingerprint=st.integers(0, 2**64 - 1).map(lambda number: f"{number:016x}"),
    klass=st.sampled_from([*CLASSES, "odd"]),
    severity=st.sampled_from(Severity),
    path=_text.filter(lambda text: text.strip("/. ") != "" and "\0" not in text).map(
        lambda text: "d/" + text
    ),
    side=st.sampled_from(Side),
    line=st.integers(1, 9),
    end_line=st.integers(9, 20),
    quote=_text,
    message=_text,
    scenario=_text,
    confidence=st.integers(0, 100),
    stamp=st.sampled_from(Stamp),
    status=st.sampled_from(FindingStatus),
    rule=st.sampled_from(["", "python-debugger"]),
    evidence=_text,
    suggestion=st.none() | _text,
    asked=st.none() | st.integers(0, 100),
)


@st.composite
def reviews(draw: st.DrawFn) -> Review:
    """Draw a review with findings whose text is anything."""
    folded = tuple(draw(st.lists(_finding, max_size=2)))
    unanswered = tuple(draw(st.lists(st.sampled_from(["p001", "v002"]), max_size=1)))
    engine = draw(st.sampled_from(["api", "none", "session"]))
    return review(*draw(st.lists(_finding, max_size=3)), folded=folded, engine=engine, unanswered=unanswered)
