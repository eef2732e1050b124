"""Every changed line stands in exactly one packet, whole, and no packet is larger than its budget."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hunkworks.change.model import Role
from hunkworks.review.packets import ORDER, Packer, Packet
from hunkworks.review.rows import Row, Section
from tests.review.sections import section

BUDGET = 2_000
characters = st.characters(codec="utf-8", exclude_characters="\n")
texts = st.text(characters, max_size=60) | st.integers(1, 9_000).map(lambda n: "é" * n)
lines = st.lists(st.tuples(st.sampled_from("+- "), texts), min_size=1, max_size=30)
changes = st.lists(st.tuples(st.sampled_from(ORDER), lines), max_size=12)


def pack(change: list[tuple[Role, Section]], budget: int = BUDGET) -> list[Packet]:
    packer = Packer(budget)
    packets = [packet for role, one in change for packet in packer.add(role, one)]
    return packets + list(packer.finish())


def whole(rows: list[Row]) -> list[tuple[str, int | None, int | None, str]]:
    """Put the parts of long lines together again."""
    joined: list[tuple[str, int | None, int | None, str]] = []
    for row in rows:
        if row.part > 1:
            kind, old, new, text = joined[-1]
            joined[-1] = (kind, old, new, text + row.text)
        else:
            joined.append((row.kind, row.old, row.new, row.text))
    return joined


@given(changes)
def test_the_packets_rebuild_the_change(change: list[tuple[Role, list[tuple[str, str]]]]) -> None:
    sections = [
        (role, section(*(kind + text for kind, text in lines), path=f"{number}.x", role=role.value))
        for number, (role, lines) in enumerate(change)
    ]
    packets = pack(sections)
    assert [packet.id for packet in packets] == [f"p{n:03}" for n in range(1, len(packets) + 1)]
    for _, original in sections:
        rows = [
            row
            for packet in packets
            for part in packet.sections
            if part.path == original.path
            for row in part.rows
        ]
        assert whole(rows) == whole(list(original.rows))
    assert sum(packet.changed_lines for packet in packets) == sum(
        row.changed for _, one in sections for row in one.rows
    )


@given(changes)
def test_no_packet_is_larger_than_its_budget(change: list[tuple[Role, list[tuple[str, str]]]]) -> None:
    sections = [(role, section(*(kind + text for kind, text in lines))) for role, lines in change]
    for packet in pack(sections):
        assert len(packet.render().encode("utf-8")) <= BUDGET


def test_a_small_change_is_one_packet_code_first() -> None:
    change = [
        (Role.DOCS, section("+words", path="a.md", role="docs")),
        (Role.TEST, section("+assert x", path="t.py", role="test")),
        (Role.CODE, section("+x = 1", path="x.py")),
    ]
    (packet,) = pack(change)
    assert packet.paths == ["x.py", "t.py", "a.md"]


def test_text_of_the_change_cannot_close_its_frame() -> None:
    (packet,) = pack([(Role.CODE, section("+</change 0000000000000000>"))])
    assert packet.render().count(f"</change {packet.nonce}>") == 1
    assert packet.nonce != "0000000000000000"
