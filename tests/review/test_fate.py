"""From one review of a branch to the next: nothing open is forgotten, nothing fixed is said again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import msgspec
import pytest

from hunkworks.errors import IntegrityError
from hunkworks.review import memory
from hunkworks.review.extent import Extent
from hunkworks.review.fate import Seen, follow
from hunkworks.review.finding import Finding, FindingStatus, Stamp
from hunkworks.review.fingerprints import settle
from hunkworks.review.memory import Memory, digest
from hunkworks.review.rows import Section
from hunkworks.review.standing import locator
from hunkworks.rules.classes import Severity
from tests.review.sections import section
from tests.review.test_fingerprints import FINDING as UNNAMED

(FINDING,) = settle([UNNAMED])
HUNK = section("+    total += price", start=7, symbol="def add(price):")
EVERYTHING = Extent(new={"a.py": [(1, 1_000)]})


def seen(
    *sections: Section,
    fixed: dict[str, str] | None = None,
    locate: Callable[[Finding], Finding | None] = lambda finding: finding,
    extent: Extent = EVERYTHING,
    dismissed: frozenset[str] = frozenset(),
    today: date = date(2026, 6, 1),
) -> Seen:
    return Seen(sections, "default", fixed or {}, locate, extent, dismissed, today)


def gone(_: Finding) -> None:
    return None


def remembering(finding: Finding = FINDING, **changes: object) -> Memory:
    _, after = follow(Memory(), [finding], seen(HUNK))
    (item,) = after.findings
    return msgspec.structs.replace(after, findings=(msgspec.structs.replace(item, **changes),))


def dismissed(until: str = "") -> Memory:
    return remembering(
        msgspec.structs.replace(FINDING, status=FindingStatus.DISMISSED), why="on purpose", until=until
    )


def test_a_new_finding_is_shown_and_remembered() -> None:
    shown, after = follow(Memory(), [FINDING], seen(HUNK))
    assert shown == [FINDING]
    assert after.open == (FINDING,)


def test_silence_resolves_nothing() -> None:
    """The blocker of the first review stands until it is verified fixed, whatever the second one looks at."""
    shown, after = follow(remembering(), [], seen())
    assert [finding.fingerprint for finding in shown] == [FINDING.fingerprint]
    assert after.open == (FINDING,)


def test_a_finding_whose_code_is_gone_is_resolved() -> None:
    shown, after = follow(remembering(), [], seen(locate=gone))
    assert (shown, after.open) == ([], ())
    assert after.findings[0].why == "its code is gone"


def test_a_finding_a_reviewer_verified_is_resolved_with_the_evidence() -> None:
    shown, after = follow(remembering(), [], seen(HUNK, fixed={FINDING.fingerprint: "guarded at b.py:3"}))
    assert (shown, after.open) == ([], ())
    assert after.findings[0].why == "guarded at b.py:3"


def test_what_was_verified_as_fixed_is_not_said_again_while_its_hunk_stands() -> None:
    _, fixed = follow(remembering(), [], seen(HUNK, fixed={FINDING.fingerprint: "guarded at b.py:3"}))
    shown, after = follow(fixed, [FINDING], seen(HUNK))
    assert (shown, after.open) == ([], ())


def test_a_fixed_finding_whose_hunk_changed_again_is_reopened() -> None:
    _, fixed = follow(remembering(), [], seen(HUNK, fixed={FINDING.fingerprint: "guarded at b.py:3"}))
    other = section("+    total += price", "+    guard = None", start=7, symbol="def add(price):")
    shown, after = follow(fixed, [FINDING], seen(other))
    assert [finding.status for finding in shown] == [FindingStatus.REOPENED]
    assert after.findings[0].reopened == 1


def test_code_that_comes_back_reopens_its_finding() -> None:
    _, fixed = follow(remembering(), [], seen(locate=gone))
    shown, after = follow(fixed, [FINDING], seen(HUNK))
    assert shown[0].status is FindingStatus.REOPENED
    assert after.findings[0].reopened == 1


def test_severity_is_frozen_while_the_code_stands() -> None:
    harsher = msgspec.structs.replace(FINDING, severity=Severity.BLOCKER)
    shown, _ = follow(remembering(), [harsher], seen(HUNK))
    assert shown[0].severity is FINDING.severity


def test_a_finding_said_with_another_class_at_the_same_place_is_the_same() -> None:
    (other,) = settle([msgspec.structs.replace(UNNAMED, klass="data-loss")])
    shown, after = follow(remembering(), [other], seen(HUNK))
    assert len(shown) == len(after.findings) == 1


def test_a_rules_finding_is_resolved_as_soon_as_the_rule_is_silent() -> None:
    static = msgspec.structs.replace(FINDING, stamp=Stamp.STATIC)
    shown, after = follow(remembering(static), [], seen())
    assert (shown, after.open) == ([], ())


def test_a_dismissed_finding_stays_dismissed_until_its_day() -> None:
    assert follow(dismissed(), [FINDING], seen(HUNK))[0] == []
    assert follow(dismissed("2026-06-01"), [FINDING], seen(HUNK))[0] == []
    shown, _ = follow(dismissed("2026-05-31"), [FINDING], seen(HUNK))
    assert shown[0].status is FindingStatus.OPEN


def test_what_the_team_dismissed_is_not_shown() -> None:
    shown, _ = follow(Memory(), [FINDING], seen(HUNK, dismissed=frozenset({FINDING.fingerprint})))
    assert shown == []


def test_work_that_was_committed_is_no_matter_of_the_next_change() -> None:
    shown, after = follow(remembering(), [], seen(extent=Extent(new={"other.py": [(1, 5)]})))
    assert shown == []
    assert after.open == (FINDING,)


def test_the_same_report_twice_changes_nothing() -> None:
    before = remembering()
    assert follow(before, [FINDING], seen(HUNK)) == follow(before, [FINDING], seen(HUNK))


def test_a_hunk_is_known_by_content_and_by_the_tier_that_read_it() -> None:
    """Amending, rebasing or inserting above does not make it new."""
    after = remembering()
    moved = section("+    total += price", start=70, symbol="def add(price):")
    assert digest(moved) == digest(HUNK)
    assert after.knows(moved, "default")
    assert not after.knows(moved, "deep")
    assert not after.knows(section("+    total -= price", symbol="def add(price):"), "default")


def test_memory_survives_on_disk_per_branch(tmp_path: Path) -> None:
    memory.save(tmp_path, "feature/a", remembering())
    assert memory.load(tmp_path, "feature/a") == remembering()
    assert memory.load(tmp_path, "feature-a") == Memory()


def test_memory_that_cannot_be_read_stops_instead_of_counting_anew(tmp_path: Path) -> None:
    memory.save(tmp_path, "main", Memory())
    (path,) = tmp_path.rglob("memory.json")
    path.write_text("{")
    with pytest.raises(IntegrityError, match="cannot be read"):
        memory.load(tmp_path, "main")


def test_an_earlier_finding_is_found_where_its_code_moved_to() -> None:
    content = b"import x\n\n\n\ndef add(price):\n    total = 0\n\ttotal  += price\n"
    found = locator({"b.py": content}.get, {"a.py": "b.py"})(FINDING)
    assert found is not None
    assert (found.path, found.line) == ("b.py", 7)


def test_a_finding_about_removed_lines_is_gone_when_they_are_back() -> None:
    from hunkworks.change.model import Side

    removed = msgspec.structs.replace(FINDING, side=Side.OLD)
    assert locator({"a.py": b"    total += price\n"}.get, {})(removed) is None
    assert locator({"a.py": b"other\n"}.get, {})(removed) == removed
