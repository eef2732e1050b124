"""What is old goes and nothing else: beside runs under way, in pieces, killed anywhere."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.ledger import sample
from hunkworks.ledger.lock import locked
from hunkworks.ledger.record import Record, encode
from hunkworks.ledger.retention import due, prune, prune_folders
from hunkworks.ledger.store import Ledger

NOW = datetime.now(UTC)
BEFORE = NOW - timedelta(days=90)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ledger")


def aged(path: Path, days: float) -> None:
    then = (NOW - timedelta(days=days)).timestamp()
    os.utime(path, (then, then))


def body_file(ledger: Ledger, digest: str) -> Path:
    return ledger.root / "bodies" / digest[:2] / digest[2:]


def kept(ledger: Ledger, text: bytes, days: float) -> str:
    """Put a body as so many days ago."""
    digest = ledger.put(text)
    aged(body_file(ledger, digest), days)
    return digest


def ran(ledger: Ledger, number: int, days: float, *bodies: str) -> Record:
    """Append a run that ended so many days ago, to the file of that month."""
    ended = NOW - timedelta(days=days)
    named = {str(at): digest for at, digest in enumerate(bodies)}
    plain = sample(1, number)
    record = msgspec.structs.replace(
        plain, id=f"{number:016x}", started=ended, ended=ended, bodies=named, checksum=""
    )
    ledger.root.mkdir(parents=True, exist_ok=True)
    with (ledger.root / f"{ended:%Y-%m}.jsonl").open("ab") as file:
        file.write(encode(record) + b"\n")
    return record


def test_old_runs_go_with_what_only_they_name(ledger: Ledger) -> None:
    own, shared, orphan = (kept(ledger, text, 200) for text in (b"own", b"shared", b"a killed run's"))
    ran(ledger, 1, 200, own, shared)
    young = ran(ledger, 2, 10, shared)
    removed = prune(ledger, BEFORE)
    assert (removed.runs, removed.bodies) == (1, frozenset({own, orphan}))
    assert [record.id for record in ledger.records()] == [young.id]
    assert ledger.get(shared) == b"shared"
    found = ledger.verify()
    assert (found.damage, found.bodies, found.orphans) == ((), 1, 0)
    assert prune(ledger, BEFORE).size == 0


def test_a_dry_run_tells_the_same_and_removes_nothing(ledger: Ledger) -> None:
    ran(ledger, 1, 200, kept(ledger, b"own", 200))
    ran(ledger, 2, 10, kept(ledger, b"other", 200))
    told = prune(ledger, BEFORE, dry_run=True)
    assert len(list(ledger.records())) == ledger.verify().bodies == 2
    assert prune(ledger, BEFORE) == told
    assert told.size > 0


def test_within_one_month_only_the_old_runs_go(ledger: Ledger) -> None:
    """The other lines stay byte for byte."""
    month = BEFORE.replace(day=15)
    days = (NOW - month).days
    ran(ledger, 1, days + 10)
    ran(ledger, 2, days - 10)
    (path,) = ledger.months()
    first, second = path.read_bytes().splitlines(keepends=True)
    assert prune(ledger, month).runs == 1
    assert path.read_bytes() == second
    assert first != second


@pytest.mark.parametrize("again", ["put", "renew"])
def test_what_a_run_under_way_takes_up_again_stays(ledger: Ledger, again: str) -> None:
    """Its record, which will name the body, is written at its end."""
    digest = kept(ledger, b"an answer", 200)
    if again == "put":
        assert ledger.put(b"an answer") == digest
    else:
        assert ledger.renew(digest)
    assert prune(ledger, BEFORE).bodies == frozenset()
    assert ledger.get(digest) == b"an answer"


def test_what_was_removed_is_told_and_put_anew(ledger: Ledger) -> None:
    digest = kept(ledger, b"an answer", 200)
    prune(ledger, BEFORE)
    assert not ledger.renew(digest)
    assert ledger.put(b"an answer") == digest
    assert ledger.get(digest) == b"an answer"


def test_only_a_body_is_renewed(ledger: Ledger) -> None:
    """What a damaged answer on record names may be any text."""
    beside = ledger.root / "bodies" / "no" / "tes"
    beside.parent.mkdir(parents=True)
    beside.write_text("somebody's")
    aged(beside, 200)
    before = beside.stat().st_mtime
    assert not ledger.renew("notes")
    assert beside.stat().st_mtime == before


def test_damaged_lines_go_with_their_month(ledger: Ledger) -> None:
    old, young = ran(ledger, 1, 200), ran(ledger, 2, 1)
    for path in ledger.months():
        path.write_bytes(path.read_bytes() + b'{"torn\n')
    prune(ledger, BEFORE)
    (path,) = ledger.months()
    assert path.read_bytes().endswith(b'{"torn\n')
    assert [record.id for record in ledger.records()] == [young.id] != [old.id]


def test_what_killed_writers_left_goes_too(ledger: Ledger) -> None:
    digest = kept(ledger, b"body", 1)
    unfinished = body_file(ledger, digest).with_name(f"{digest[2:]}.0123abcd")
    unfinished.write_bytes(b"bo")
    assert prune(ledger, BEFORE).size == 0
    aged(unfinished, 200)
    assert prune(ledger, BEFORE).size == 2
    assert not unfinished.exists()


def test_an_empty_ledger_is_pruned_to_nothing(ledger: Ledger) -> None:
    assert prune(ledger, BEFORE).size == 0
    assert not ledger.root.exists()


def test_it_is_due_once_a_day(ledger: Ledger) -> None:
    assert due(ledger)
    assert not due(ledger)
    aged(ledger.root / "pruned", 1.1)
    assert due(ledger)
    assert not due(ledger)


@settings(max_examples=40, deadline=None)
@given(
    runs=st.lists(st.tuples(st.integers(0, 300), st.sets(st.integers(0, 9))), max_size=12),
    ages=st.lists(st.integers(0, 300), min_size=10, max_size=10),
    stop=st.integers(0, 12),
)
def test_killed_anywhere_it_takes_nothing_that_is_named(
    tmp_path_factory: pytest.TempPathFactory, runs: list[tuple[int, set[int]]], ages: list[int], stop: int
) -> None:
    """It is stopped after so many removals and begun again: the end is that of an undisturbed one."""
    ledger = Ledger(tmp_path_factory.mktemp("state") / "ledger")
    digests = [kept(ledger, b"%d" % number, age + 0.5) for number, age in enumerate(ages)]
    for number, (days, named) in enumerate(runs):
        ran(ledger, number, days + 0.5, *(digests[one] for one in sorted(named)))
    removals = iter(range(stop))
    unlink = Path.unlink

    def stops(path: Path, missing_ok: bool = False) -> None:
        if next(removals, None) is None:
            raise KeyboardInterrupt
        unlink(path, missing_ok=missing_ok)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Path, "unlink", stops)
        try:
            prune(ledger, BEFORE)
        except KeyboardInterrupt:
            assert ledger.verify().damage == ()
    prune(ledger, BEFORE)
    assert {record.id for record in ledger.records()} == {
        f"{number:016x}" for number, (days, _) in enumerate(runs) if days + 0.5 < 90
    }
    wanted = {one for days, named in runs if days + 0.5 < 90 for one in named}
    wanted |= {one for one, age in enumerate(ages) if age + 0.5 < 90}
    assert {digest for digest in digests if body_file(ledger, digest).exists()} == {
        digests[one] for one in wanted
    }
    assert ledger.verify().damage == ()


def session(folder: Path, name: str, days: float) -> Path:
    """Make a session in which something was last written so many days ago."""
    made = folder / name
    (made / "review").mkdir(parents=True)
    for path in (made / "review/manifest.json", made / "lock"):
        path.write_bytes(b"{}")
    for path in [made, *made.rglob("*")]:
        aged(path, days)
    return made


def test_sessions_in_which_nothing_was_written_go_whole(tmp_path: Path) -> None:
    old, young, open_ = (session(tmp_path, name, days) for name, days in [("a", 91), ("b", 89), ("c", 91)])
    (tmp_path / "link").symlink_to(young)
    (open_ / "review/answer.json").write_bytes(b"{}")
    assert prune_folders(tmp_path, BEFORE, dry_run=True) == (1, 4)
    assert old.exists()
    assert prune_folders(tmp_path, BEFORE) == (1, 4)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b", "c", "link"]
    assert prune_folders(tmp_path / "nowhere", BEFORE) == (0, 0)


def test_a_session_that_is_held_stays_however_old(tmp_path: Path) -> None:
    made = session(tmp_path, "run-1", 200)
    with locked(made / "lock"):
        assert prune_folders(tmp_path, BEFORE) == (0, 0)
    assert prune_folders(tmp_path, BEFORE) == (1, 4)


def test_a_session_half_removed_is_gone_for_everybody_and_finished_later(tmp_path: Path) -> None:
    session(tmp_path, "a", 91).rename(tmp_path / ".pruned-a")
    session(tmp_path, "a", 1)
    assert prune_folders(tmp_path, BEFORE) == (0, 0)
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


TAKES_UP = """
import sys, msgspec
from pathlib import Path
from evals.ledger import sample
from hunkworks.ledger.store import Ledger
ledger = Ledger(Path(sys.argv[1]))
for number in range(300):
    digest = ledger.put(b"%d" % number)
    ledger.append(msgspec.structs.replace(sample(int(sys.argv[2]), number), bodies={"answer": digest}))
"""


def test_beside_others_nothing_is_lost_that_they_take_up(ledger: Ledger) -> None:
    """Two processes put 300 bodies that are old, and name them in records, while this one prunes without end."""
    for number in range(300):
        kept(ledger, b"%d" % number, 200)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-c", TAKES_UP, str(ledger.root)]
    others = [subprocess.Popen([*command, str(number)], env=environment) for number in range(2)]
    while any(other.poll() is None for other in others):
        prune(ledger, BEFORE)
    assert [other.returncode for other in others] == [0, 0]
    found = ledger.verify()
    assert (found.records, found.bodies, found.damage) == (600, 300, ())
