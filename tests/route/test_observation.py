"""What is seen in a file's hunks: zones, first places, and nothing that depends on the size of the context."""

from __future__ import annotations

import difflib
import io

from hypothesis import given
from hypothesis import strategies as st

from hunkworks.change.diff import parse_patch
from hunkworks.route.observation import Observation, observe

BEFORE = """\
import Foundation
final class Cache {
    private let lock = NSLock()
    private var entries: [String: Data] = [:]
    func one() { }
    func two() { }
    func three() { }
    func four() { }
    func size() -> Int { entries.count }
    func five() { }
}
"""
AFTER = BEFORE.replace("{ entries.count }", "{ lock.withLock { entries.count } }")


def seen(before: str, after: str, *, context: int = 3, path: str = "Cache.swift") -> Observation:
    lines = difflib.unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), f"a/{path}", f"b/{path}", n=context
    )
    files = list(parse_patch(io.BytesIO("".join(lines).encode())))
    return observe(files[0]) if files else Observation()


def test_a_gained_lock_is_seen_on_its_new_line() -> None:
    found = seen(BEFORE, AFTER).features
    assert (found["gained:#lock"].line, found["gained:#lock"].path) == (9, "Cache.swift")
    assert "kept:#lock" not in found
    assert "lost:#lock" not in found
    assert "changed:entries" in found


def test_what_only_moved_is_neither_gained_nor_lost() -> None:
    indented = BEFORE.replace("    private let lock", "        private let lock")
    found = seen(BEFORE, indented).features
    assert "gained:#lock" not in found
    assert "kept:#lock" in found


def test_more_context_changes_nothing() -> None:
    wide = seen(BEFORE, AFTER, context=50).features
    narrow = seen(BEFORE, AFTER, context=3).features
    assert set(wide) == set(narrow)


def test_imports_and_comments_have_zones_of_their_own() -> None:
    after = BEFORE.replace("import Foundation", "import Atomics").replace(
        "    func one", "    // racy\n    func one"
    )
    found = seen(BEFORE, after).features
    assert "import:#atomic" in found
    assert "changed:#atomic" not in found
    assert found["prose:#hazard"].line == 5


def test_a_changed_name_on_a_lock_line_is_guarded() -> None:
    assert "guarded" in seen(BEFORE, AFTER).features
    assert "guarded" not in seen(BEFORE, BEFORE.replace("func five", "func six")).features


TEXTS = st.lists(
    st.sampled_from([*BEFORE.splitlines(), "lock.lock()", "", "// race", "x\u2028y", "\t"]), max_size=12
)


@given(TEXTS, TEXTS)
def test_any_change_is_observed_and_every_place_is_in_it(before: list[str], after: list[str]) -> None:
    old, new = ("".join(f"{line}\n" for line in lines) for lines in (before, after))
    found = seen_bytes(old, new)
    assert found.lines <= len(before) + len(after)
    for place in found.features.values():
        assert 0 <= place.line <= max(len(before), len(after))


def seen_bytes(before: str, after: str) -> Observation:
    old, new = before.split("\n")[:-1], after.split("\n")[:-1]
    lines = list(difflib.unified_diff(old, new, "a/x.swift", "b/x.swift", lineterm=""))
    files = list(parse_patch(io.BytesIO("".join(f"{line}\n" for line in lines).encode())))
    return observe(files[0]) if files else Observation()
