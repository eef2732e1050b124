"""A record is one line that proves itself and tells nothing it must not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunkworks.ledger.record import (
    LONGEST_TEXT,
    ChangeName,
    Clock,
    Outcome,
    Record,
    RouteTaken,
    Tokens,
    Versions,
    decode,
    encode,
    id_in,
    presentable,
)

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def record(**fields: object) -> Record:
    given: dict[str, object] = {
        "id": "0123456789abcdef",
        "verb": "review plan",
        "started": NOON,
        "ended": NOON + timedelta(seconds=2),
        "change": ChangeName(id="c" * 40, base="b" * 40, head="worktree"),
        "versions": Versions(pack="1.2.3", python="3.13.0"),
        "route": RouteTaken(tier="deep", model="opus", agent="deep-reviewer"),
        "tokens": Tokens(source="api", input=1200, output=34),
        "cost": 0.0421,
        "outcome": Outcome(exit=1, verdict="changes", counts={"findings": 2}),
        "bodies": {"manifest": "d" * 64},
    }
    return msgspec.convert({**given, **fields}, Record, from_attributes=True)


def test_a_record_reads_back_as_it_was_written() -> None:
    found = decode(encode(record()))
    assert msgspec.structs.replace(found, checksum="") == record()
    assert len(found.checksum) == 64


def test_a_line_holds_what_a_reader_of_the_file_expects() -> None:
    line = encode(record())
    assert line.startswith(b'{"schema":1,"id":"0123456789abcdef","verb":"review plan"')
    assert b"\n" not in line


@given(st.data())
def test_no_changed_byte_goes_unnoticed(data: st.DataObject) -> None:
    line = encode(record())
    position = data.draw(st.integers(0, len(line) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != line[position]))
    with pytest.raises(ValueError, match=r"checksum|torn"):
        decode(line[:position] + bytes([byte]) + line[position + 1 :])


@given(st.integers(0, 400))
def test_no_missing_end_goes_unnoticed(length: int) -> None:
    line = encode(record())
    with pytest.raises(ValueError, match="torn"):
        decode(line[: min(length, len(line) - 1)])


def test_a_damaged_line_still_names_its_run() -> None:
    assert id_in(encode(record())[:60]) == "0123456789abcdef"
    assert id_in(b'{"schema":1,"id":"0123') == ""


def test_a_field_of_a_later_version_does_not_break_an_older_one() -> None:
    line = encode(record()).replace(b'"verb":', b'"later":{"deep":[1]},"verb":', 1)
    covered = line[: -len(b',"checksum":""}') - 64]
    import hashlib

    checksum = hashlib.sha256(covered).hexdigest().encode()
    assert decode(covered + b',"checksum":"' + checksum + b'"}').verb == "review plan"


def test_an_intact_line_of_an_unknown_form_says_so() -> None:
    import hashlib

    covered = b'{"schema":9,"id":"0123456789abcdef"'
    line = covered + b',"checksum":"' + hashlib.sha256(covered).hexdigest().encode() + b'"}'
    with pytest.raises(ValueError, match="not of a known form"):
        decode(line)


def test_no_path_under_home_is_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    kept = encode(presentable(record(session=f"{tmp_path}/work/secret-client")))
    assert str(tmp_path).encode() not in kept
    assert b"~/work/secret-client" in kept


@pytest.mark.parametrize("home", ["/", ""])
def test_a_home_that_is_everything_replaces_nothing(monkeypatch: pytest.MonkeyPatch, home: str) -> None:
    monkeypatch.setenv("HOME", home)
    assert presentable(record(session="a/b")).session == "a/b"


@given(st.text(st.characters(codec=None, categories=["L", "Cc", "Cf", "Cs", "Zl", "Zs"]), max_size=400))
def test_any_name_becomes_one_printable_line_that_can_be_written(name: str) -> None:
    kept = presentable(record(session=name))
    assert kept.session.isprintable()
    assert len(kept.session) <= LONGEST_TEXT
    assert decode(encode(kept)).session == kept.session


def test_a_run_never_ends_before_it_began() -> None:
    clock = Clock()
    clock.started += timedelta(days=1)  # the wall clock is a day ahead of what it will say at the end
    assert clock.now() >= clock.started
