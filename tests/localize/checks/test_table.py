"""Every check's own examples: right ones raise no alarm, wrong ones do."""

from __future__ import annotations

import pytest

from hunkworks.localize.checks import CHECKS, Check, Context, Example, run


def _alarms(check: Check, example: Example) -> list[str]:
    context = Context(severities={check.name: "blocking"})
    problems = run(example.subject, example.answer, example.locale, context)
    return [problem.message for problem in problems if problem.check == check.name]


@pytest.mark.parametrize(
    ("check", "example"),
    [pytest.param(c, e, id=f"{c.name}-{e.answer!r}") for c in CHECKS for e in c.right],
)
def test_what_is_right_passes(check: Check, example: Example) -> None:
    assert _alarms(check, example) == []


@pytest.mark.parametrize(
    ("check", "example"),
    [pytest.param(c, e, id=f"{c.name}-{e.answer!r}") for c in CHECKS for e in c.wrong],
)
def test_what_is_wrong_is_named_with_what_was_expected_and_found(check: Check, example: Example) -> None:
    alarms = _alarms(check, example)
    assert alarms
    assert all("expected" in alarm and "found" in alarm for alarm in alarms)


def test_every_check_has_a_name_of_its_own_and_examples() -> None:
    assert len({check.name for check in CHECKS}) == len(CHECKS)
    assert all(check.wrong for check in CHECKS if check.name != "writable")
