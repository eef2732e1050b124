"""Records are appended and bodies kept: by many at once, through kills, damage and full disks."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from evals.ledger import Count, concurrency, kills, sample, truncations
from hunkworks.errors import IntegrityError, UsageError
from hunkworks.ledger.record import Record
from hunkworks.ledger.store import Ledger


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "state" / "ledger")


def month(ledger: Ledger) -> Path:
    [path] = ledger.root.glob("*.jsonl")
    return path


def assert_as_promised(counts: list[Count]) -> None:
    assert counts
    for count in counts:
        assert count.found == count.expected, count


def test_records_come_back_in_order_with_id_and_checksum(ledger: Ledger) -> None:
    written = [ledger.append(sample(1, number)) for number in range(3)]
    assert list(ledger.records()) == written
    assert len({record.id for record in written}) == 3
    assert all(record.checksum for record in written)


def test_a_run_keeps_the_id_it_announced(ledger: Ledger) -> None:
    announced = msgspec.structs.replace(sample(1, 1), id="00000000000000aa")
    assert ledger.append(announced).id == "00000000000000aa"


def test_a_ledger_nobody_wrote_to_is_empty_and_makes_no_folder(ledger: Ledger) -> None:
    assert list(ledger.records()) == []
    found = ledger.verify()
    assert (found.records, found.bodies, found.damage) == (0, 0, ())
    assert not ledger.root.exists()


def test_writers_in_many_processes_lose_and_mix_nothing(tmp_path: Path) -> None:
    assert_as_promised(concurrency(tmp_path, writers=4, appends=25))


def test_killed_writers_cost_no_other_record(tmp_path: Path) -> None:
    assert_as_promised(kills(tmp_path, times=4, seed=3))


def test_a_record_torn_anywhere_is_told_and_stepped_over(tmp_path: Path) -> None:
    assert_as_promised(truncations(tmp_path, step=11))


def test_a_body_is_kept_once_under_its_digest(ledger: Ledger) -> None:
    digest = ledger.put(b"packet")
    assert digest == hashlib.sha256(b"packet").hexdigest() == ledger.put(b"packet")
    assert ledger.get(digest) == b"packet"
    assert ledger.verify().bodies == 1


@pytest.mark.parametrize("body", [b"", b"\x00\xff\r\n", "naïve".encode("latin-1"), b"x" * 5_000_000])
def test_any_bytes_are_a_body(ledger: Ledger, body: bytes) -> None:
    assert ledger.get(ledger.put(body)) == body


def test_a_damaged_body_is_refused_by_name_and_healed_by_the_next_put(ledger: Ledger) -> None:
    digest = ledger.put(b"packet")
    (ledger.root / "bodies" / digest[:2] / digest[2:]).write_bytes(b"pakcet")
    with pytest.raises(IntegrityError, match=digest):
        ledger.get(digest)
    ledger.put(b"packet")
    assert ledger.get(digest) == b"packet"


@pytest.mark.parametrize("digest", ["", "../../../etc/passwd", "F" * 64, "0" * 63])
def test_only_a_digest_names_a_body(ledger: Ledger, digest: str) -> None:
    with pytest.raises(UsageError):
        ledger.get(digest)


def test_a_record_is_found_by_a_prefix_of_its_id(ledger: Ledger) -> None:
    ids = ["aaaa000000000000", "aabb000000000000"]
    for name in ids:
        ledger.append(msgspec.structs.replace(sample(1, 1), id=name))
    assert ledger.find("aab").id == ids[1]
    with pytest.raises(UsageError, match="2 runs begin with 'aa'"):
        ledger.find("aa")
    for nobody in ("", "c", "*"):
        with pytest.raises(UsageError, match="no run"):
            ledger.find(nobody)


def test_verify_names_the_damaged_record_and_leaves_the_others(ledger: Ledger) -> None:
    written = [ledger.append(sample(1, number)) for number in range(3)]
    lines = month(ledger).read_bytes().splitlines(keepends=True)
    lines[1] = lines[1].replace(b"static-only", b"pass-by-far")
    month(ledger).write_bytes(b"".join(lines))
    [damage] = ledger.verify().damage
    assert damage.run == written[1].id
    assert damage.where == f"{month(ledger).name}:2"
    assert "checksum" in damage.what
    assert list(ledger.records()) == [written[0], written[2]]
    with pytest.raises(IntegrityError, match=written[1].id):
        ledger.find(written[1].id)


def test_verify_names_missing_and_damaged_bodies_and_counts_orphans(ledger: Ledger) -> None:
    kept, lost, bad = (ledger.put(text) for text in (b"kept", b"lost", b"bad"))
    ledger.put(b"orphan")
    bodies = {"kept": kept, "lost": lost, "bad": bad}
    run = ledger.append(msgspec.structs.replace(sample(1, 1), bodies=bodies)).id
    (ledger.root / "bodies" / lost[:2] / lost[2:]).unlink()
    (ledger.root / "bodies" / bad[:2] / bad[2:]).write_bytes(b"")
    found = ledger.verify()
    assert found.orphans == 1
    assert {(item.where, item.run) for item in found.damage} == {(f"body {lost}", run), (f"body {bad}", run)}


def test_garbage_in_the_folder_is_not_taken_for_the_ledger(ledger: Ledger) -> None:
    ledger.append(sample(1, 1))
    (ledger.root / "notes.jsonl").write_text("not ours\n")
    assert ledger.verify().damage == ()


def test_a_disk_that_fills_up_within_a_record_leaves_no_part_of_it(ledger: Ledger) -> None:
    """The system takes part of the write only: the ledger is as it was, and the caller hears of it."""
    resource = pytest.importorskip("resource")
    before = ledger.append(sample(1, 1))
    limit = month(ledger).stat().st_size + 100

    def fill() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    code = (
        "import sys; from pathlib import Path; from evals.ledger import sample; "
        "from hunkworks.ledger.store import Ledger; Ledger(Path(sys.argv[1])).append(sample(1, 2))"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    command = [sys.executable, "-c", code, str(ledger.root)]
    done = subprocess.run(command, env=environment, preexec_fn=fill, capture_output=True, check=False)
    assert done.returncode == 1
    assert b"OSError" in done.stderr
    assert list(ledger.lines()) == [before]


def test_a_folder_that_cannot_be_made_is_an_os_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    blocked = Ledger(tmp_path / "file" / "ledger")
    with pytest.raises(OSError, match="file"):
        blocked.append(sample(1, 1))
    with pytest.raises(OSError, match="file"):
        blocked.put(b"body")


def test_a_month_follows_the_next(ledger: Ledger) -> None:
    """Files of two months read as one ledger, in the order of their names."""
    first = ledger.append(sample(1, 1))
    month(ledger).rename(ledger.root / "2001-01.jsonl")
    second = ledger.append(sample(1, 2))
    assert [entry.id for entry in ledger.lines() if isinstance(entry, Record)] == [first.id, second.id]
