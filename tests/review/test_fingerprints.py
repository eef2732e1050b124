"""The same problem in the same code keeps its name; another problem gets another."""

from __future__ import annotations

import msgspec

from hunkworks.change.model import Side
from hunkworks.review.finding import Finding, Stamp
from hunkworks.review.fingerprints import fingerprint, settle
from hunkworks.rules.classes import Severity

FINDING = Finding(
    fingerprint="",
    klass="logic",
    severity=Severity.MINOR,
    path="a.py",
    side=Side.NEW,
    line=7,
    end_line=7,
    quote="    total += price",
    message="adds twice",
    scenario="two calls",
    confidence=60,
    stamp=Stamp.UNVERIFIED,
    symbol="def add(price):",
)


def named(**changes: object) -> str:
    return settle([msgspec.structs.replace(FINDING, **changes)])[0].fingerprint


def test_prose_lines_and_indentation_do_not_name_a_finding() -> None:
    assert named() == named(line=99, end_line=99)
    assert named() == named(message="counts double", scenario="", confidence=10, severity=Severity.BLOCKER)
    assert named() == named(quote="\ttotal  +=  price")


def test_class_path_symbol_and_code_do() -> None:
    others = [
        named(klass="concurrency"),
        named(path="b.py"),
        named(symbol="def sub():"),
        named(quote="total -= price"),
    ]
    assert len({named(), *others}) == 5


def test_equal_code_on_other_lines_is_told_apart_in_order() -> None:
    first, second = settle([msgspec.structs.replace(FINDING, line=20), FINDING])
    assert (first.line, second.line) == (7, 20)
    assert first.fingerprint == named()
    assert second.fingerprint == fingerprint("logic", "a.py", FINDING.symbol, FINDING.quote, 1)


def test_two_reviewers_who_found_the_same_leave_one_finding_the_graver() -> None:
    graver = msgspec.structs.replace(FINDING, severity=Severity.MAJOR, message="said by another")
    assert settle([FINDING, graver]) == settle([graver, FINDING]) == settle([graver])


def test_the_gravest_comes_first() -> None:
    blocker = msgspec.structs.replace(FINDING, severity=Severity.BLOCKER, path="z.py")
    assert [finding.path for finding in settle([FINDING, blocker])] == ["z.py", "a.py"]


def test_a_renamed_file_keeps_its_findings_names() -> None:
    assert named(path="b.py", origin="a.py") == named()
