"""The same problem said twice is shown once; two problems on one line stay two."""

from __future__ import annotations

import msgspec

from hunkworks.review.finding import Finding, Stamp
from hunkworks.review.fingerprints import name
from hunkworks.review.reconcile import merge, same
from hunkworks.rules.classes import Severity
from tests.review.test_fingerprints import FINDING


def finding(**changes: object) -> Finding:
    (named,) = name([msgspec.structs.replace(FINDING, **changes)])
    return named


def test_two_reviewers_who_name_the_class_differently_say_the_same() -> None:
    first, second = finding(), finding(klass="data-loss", severity=Severity.MAJOR)
    assert same(first, second)
    assert merge([(1, first), (2, second)]) == [second]


def test_one_reviewer_who_names_two_classes_on_one_line_means_two() -> None:
    assert len(merge([(1, finding()), (1, finding(klass="data-loss"))])) == 2


def test_a_rules_finding_stands_for_a_models_that_is_no_graver() -> None:
    static = finding(stamp=Stamp.STATIC, severity=Severity.MAJOR)
    assert merge([(0, static), (1, finding(klass="data-loss", severity=Severity.MAJOR))]) == [static]


def test_a_rules_finding_never_hides_a_graver_one() -> None:
    static = finding(stamp=Stamp.STATIC, severity=Severity.MINOR)
    graver = finding(klass="data-loss", severity=Severity.BLOCKER)
    assert merge([(0, static), (1, graver)]) == [graver, static]


def test_other_lines_and_other_symbols_are_other_problems() -> None:
    elsewhere = finding(line=20, end_line=20, quote="other()")
    assert len(merge([(1, finding()), (2, elsewhere), (3, finding(symbol="def other():"))])) == 3
