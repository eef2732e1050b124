"""A hunk gets more lines around it from the file, with the right numbers, never a line twice."""

from __future__ import annotations

import difflib

from hypothesis import given
from hypothesis import strategies as st

from hunkworks.change.model import Hunk, Line, LineKind
from hunkworks.review.rows import widen

files = st.lists(st.sampled_from([b"a\n", b"b\n", b"c\n", b"\n"]), max_size=25)


def hunks_of(old: list[bytes], new: list[bytes], context: int) -> list[Hunk]:
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    made = []
    for group in matcher.get_grouped_opcodes(context):
        lines = []
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                lines += [Line(LineKind.CONTEXT, old[i], i + 1, j1 + i - i1 + 1) for i in range(i1, i2)]
            else:
                lines += [Line(LineKind.REMOVED, old[i], i + 1, None) for i in range(i1, i2)]
                lines += [Line(LineKind.ADDED, new[j], None, j + 1) for j in range(j1, j2)]
        i1, i2, j1, j2 = group[0][1], group[-1][2], group[0][3], group[-1][4]
        old_start = i1 + 1 if i2 > i1 else i1  # git names the line before where a side is empty
        new_start = j1 + 1 if j2 > j1 else j1
        made.append(Hunk(old_start, i2 - i1, new_start, j2 - j1, b"", tuple(lines)))
    return made


@given(files, files, st.integers(0, 3), st.integers(0, 6))
def test_wider_hunks_say_the_truth_about_both_sides(
    old: list[bytes], new: list[bytes], context: int, extra: int
) -> None:
    hunks = hunks_of(old, new, context)
    wider = list(widen(hunks, new, extra))
    seen: list[int] = []
    for before, after in zip(hunks, wider, strict=True):
        assert [line for line in after.lines if line.kind is not LineKind.CONTEXT] == [
            line for line in before.lines if line.kind is not LineKind.CONTEXT
        ]
        for line in after.lines:
            assert line.new is None or new[line.new - 1] == line.text
            assert line.old is None or old[line.old - 1] == line.text
            seen += [line.new] if line.new is not None else []
        numbers = [line.new for line in after.lines if line.new is not None]
        assert numbers == list(range(numbers[0], numbers[-1] + 1)) if numbers else True
    assert len(seen) == len(set(seen))


def test_six_lines_more_reach_six_lines_further() -> None:
    source = [b"%d\n" % number for number in range(1, 31)]
    hunk = Hunk(15, 0, 15, 1, b"", (Line(LineKind.ADDED, b"15\n", None, 15),))
    (wider,) = widen([hunk], source, 6)
    assert [line.new for line in wider.lines] == list(range(9, 22))
    assert (wider.lines[0].old, wider.lines[-1].old) == (10, 21)
