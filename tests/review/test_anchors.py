"""A finding stands where its quote stands in the change, or it is refused."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hunkworks.change.model import Side
from hunkworks.review.anchors import Anchor, Refusal, resolve
from tests.review.sections import packet, section

CHANGE = packet(
    section(
        " def store(key, value):",
        "-    with lock:",
        "-        items[key] = value",
        "+    items[key] = value",
        "     return value",
        start=10,
        symbol="def store(key, value):",
    ),
    section("+    items[key] = value", "     return None", start=50, symbol="def put(key, value):"),
)


def anchor(quote: str, **hints: object) -> Anchor:
    found = resolve([CHANGE], "a.py", quote, **hints)  # type: ignore[arg-type]
    assert isinstance(found, Anchor), found
    return found


def refusal(quote: str, path: str = "a.py") -> str:
    found = resolve([CHANGE], path, quote)
    assert isinstance(found, Refusal), found
    return found.why


def test_a_verbatim_line_is_found_with_its_symbol() -> None:
    found = anchor("    items[key] = value")
    assert (found.line, found.end_line, found.side) == (11, 11, Side.NEW)
    assert found.symbol == "def store(key, value):"


def test_white_space_and_a_copied_gutter_do_not_matter() -> None:
    assert anchor("items[key]  =  value").line == 11
    assert anchor("            11 +     items[key] = value").line == 11
    assert anchor("    11        -     with lock:").side is Side.OLD


def test_the_claimed_line_chooses_among_equal_quotes() -> None:
    assert anchor("items[key] = value", line=49).line == 50
    assert anchor("items[key] = value", line=12).line == 11


def test_removed_lines_anchor_on_the_old_side() -> None:
    found = anchor("with lock:")
    assert (found.side, found.line) == (Side.OLD, 11)


def test_several_lines_anchor_as_one_span() -> None:
    found = anchor("items[key] = value\n    return value")
    assert (found.line, found.end_line) == (11, 12)
    assert found.quote == "    items[key] = value\n    return value"


def test_lines_that_do_not_follow_each_other_are_no_quote() -> None:
    assert "not found" in refusal("def store(key, value):\n    return value")


def test_unchanged_lines_are_refused_with_what_to_do() -> None:
    assert "unchanged lines only" in refusal("    return None")


def test_invented_code_is_refused() -> None:
    assert "not found in a.py" in refusal("items.append(value)")


def test_a_file_outside_the_packet_is_refused_with_the_files_in_it() -> None:
    assert refusal("x", path="b.py") == "b.py is not in this packet. expected one of: a.py"


def test_an_empty_quote_is_refused() -> None:
    assert "empty" in refusal("  \n ")


def test_two_characters_of_a_line_are_no_quote() -> None:
    assert "not found" in refusal("= v")


def test_a_yaml_list_item_is_not_taken_for_a_gutter() -> None:
    change = packet(section("+  - name: build", path="a.yml"))
    found = resolve([change], "a.yml", "  - name: build")
    assert isinstance(found, Anchor)
    assert found.line == 1


texts = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=30)


@given(st.lists(st.tuples(st.sampled_from("+- "), texts), min_size=1, max_size=12), texts)
def test_whatever_is_anchored_is_there_and_was_changed(lines: list[tuple[str, str]], quote: str) -> None:
    """For any change and any quote: an anchor's text holds the quote, and one of its rows was changed."""
    change = packet(section(*(kind + text for kind, text in lines)))
    for wanted in [quote, *(text for _, text in lines)]:
        found = resolve([change], "a.py", wanted)
        if isinstance(found, Anchor):
            rows = [
                row
                for row in change.sections[0].rows
                if (number := row.number(found.side)) is not None and found.line <= number <= found.end_line
            ]
            assert any(row.changed for row in rows)
            assert found.quote == "\n".join(row.text for row in rows)


@given(st.lists(st.tuples(st.sampled_from("+- "), texts), min_size=1, max_size=12), st.data())
def test_every_changed_line_can_be_anchored(lines: list[tuple[str, str]], data: st.DataObject) -> None:
    change = packet(section(*(kind + text for kind, text in lines)))
    changed = [row for row in change.sections[0].rows if row.changed and row.text.strip()]
    if changed:
        row = data.draw(st.sampled_from(changed))
        side = Side.NEW if row.new is not None else Side.OLD
        found = resolve([change], "a.py", row.text, line=row.number(side), side=side)
        assert isinstance(found, Anchor)
        assert found.line == row.number(side)
