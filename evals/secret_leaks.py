"""Does a planted secret leave in any byte? Fixtures that none of us wrote, in real diffs, paths, commits and branches.

    python -m evals.secret_leaks --fixtures DIR --diffs DIR [--count 200] [--seed 5] [--client]

Each repository is made of a real diff's two sides; secrets stand on added, removed and unchanged lines of it and, where
git takes the text as a name, in file names, the branch's name and commit messages. A scripted reviewer reads every
packet, shows every file from both sides, searches for the beginning and the end of every secret, records findings, and
every form of the report is printed. Then everything that was printed, and everything that was written below
`.git/hunkworks` (packets, answers, memory, ledger), is searched for every secret. `--client` does the same in the
pinned Claude Code client and searches every request that the scripted API received.

DIR of fixtures: see evals/secret_fixtures.py. DIR of diffs: a folder of *.diff.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from evals.secret_fixtures import RULE, Fixture, load, planted, why_none
from hunkworks.change.diff import parse_patch
from hunkworks.change.model import LineKind, Role
from hunkworks.cli.main import run
from tests.repo import Repo

BATCH = 20  # secrets in one repository
PLACES = ("added", "added", "context", "removed", "path", "message")
_PEM = re.compile(r"-----BEGIN[^-]*PRIVATE KEY")


@dataclass(frozen=True, slots=True)
class Planted:
    """One secret where it was planted."""

    fixture: Fixture
    place: str

    @property
    def kind(self) -> str:
        return f"{self.fixture.source} {self.fixture.rule}"

    @property
    def sought(self) -> list[bytes]:
        """What must not be found: every line of the secret that is not a key's first or last one."""
        lines = [line.strip() for line in self.fixture.secret.splitlines()]
        kept = [line for line in lines if len(line) >= 8 and not line.startswith("-----")]
        return [line.encode() for line in kept]


def chosen(folder: Path, count: int, seed: int) -> list[Fixture]:
    """Return fixtures that hold a secret by the rule, one of each kind before a second of any; keys in PEM first."""
    usable = [planted(fixture) for fixture in load(folder) if fixture.flagged and fixture.secret]
    dropped = Counter(why_none(fixture) or "planted from" for fixture in usable)
    print(RULE, "\n\n" + ", ".join(f"{why}: {number}" for why, number in dropped.most_common()))
    usable = [fixture for fixture in usable if not why_none(fixture) and fixture.secret in fixture.text]
    random.Random(seed).shuffle(usable)
    turns: Counter[str] = Counter()
    turn = {}
    for fixture in usable:
        turn[fixture] = turns[fixture.rule]
        turns[fixture.rule] += 1
    usable.sort(key=lambda fixture: (turn[fixture], fixture.source == "kingfisher"))
    keys = [fixture for fixture in usable if _PEM.search(fixture.text) and "\n" in fixture.secret][:6]
    return (keys + [fixture for fixture in usable if fixture not in keys])[:count]


def place(fixtures: list[Fixture]) -> list[Planted]:
    """Give each fixture a place that can hold its text."""
    found = []
    for number, fixture in enumerate(fixtures):
        where = PLACES[number % len(PLACES)]
        name = fixture.text.strip()
        fits = "\n" not in name and len(os.fsencode(name)) <= 200 and "\0" not in name
        if (where == "path" and (not fits or "/" in name)) or (where == "message" and not fits):
            where = "added"
        found.append(Planted(fixture, where))
    return found


def build(root: Path, diff: Path, secrets: list[Planted], chance: random.Random) -> Repo:
    """Make a repository whose base is a diff's old side, and whose branch and work tree hold its new side."""
    repo = Repo(root)
    old: dict[str, list[bytes]] = {}
    new: dict[str, list[bytes]] = {}
    with diff.open("rb") as patch:
        for file in parse_patch(patch):
            if file.role in {Role.CODE, Role.TEST, Role.CONFIG, Role.DOCS} and len(file.path) < 100:
                both = [line for hunk in file.hunks for line in hunk.lines]
                old[file.path] = [line.text for line in both if line.kind is not LineKind.ADDED]
                new[file.path] = [line.text for line in both if line.kind is not LineKind.REMOVED]
    new = new or {"main.py": [b"x = 1\n"]}
    for item in secrets:
        text = [line + b"\n" for line in item.fixture.text.encode().split(b"\n")]
        path = chance.choice(sorted(new))
        if item.place in {"added", "context"}:
            at = chance.randrange(len(new[path]) + 1)
            new[path][at:at] = [*text, b"changed = 1\n"] if item.place == "context" else text
        if item.place in {"removed", "context"}:
            before = old.setdefault(path, [])
            at = chance.randrange(len(before) + 1)
            before[at:at] = text
        if item.place == "path":
            new[f"{item.fixture.text.strip()}"] = [b"y = 2\n"]
    _write(repo, old)
    messages = [item.fixture.text.strip() for item in secrets if item.place == "message"]
    repo.commit("\n\n".join(messages[::2]) or "base")
    for message in messages[1::2]:
        with contextlib.suppress(AssertionError):  # no name for a branch
            repo.git("checkout", "-q", "-b", message.replace(" ", ""))
            break
    _write(repo, new)
    return repo


def _write(repo: Repo, files: dict[str, list[bytes]]) -> None:
    for path, lines in files.items():
        repo.write(path, b"".join(lines))


class Outgoing:
    """Everything that a repository's review printed and wrote."""

    def __init__(self) -> None:
        self.texts: list[tuple[str, bytes]] = []

    def run(self, *arguments: str, stdin: str = "") -> str:
        """Run the program in this process and keep what it says on both streams."""
        out, error = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.TextIOWrapper(io.BytesIO(), "utf-8")
        before = sys.stdin
        sys.stdin = io.TextIOWrapper(io.BytesIO(stdin.encode()), "utf-8")
        try:
            with (
                contextlib.redirect_stdout(out),
                contextlib.redirect_stderr(error),
                contextlib.suppress(SystemExit),
            ):
                run(list(arguments))
        finally:
            sys.stdin = before
        told = []
        for stream in (out, error):
            stream.flush()
            buffer = stream.buffer
            assert isinstance(buffer, io.BytesIO)
            told.append(buffer.getvalue())
        self.texts.append((" ".join(arguments[:3]), b"\n".join(told)))
        return told[0].decode()

    def kept(self, root: Path) -> None:
        """Take what was written for later."""
        state = root / ".git" / "hunkworks"
        self.texts += [
            (str(path.relative_to(root)), path.read_bytes()) for path in state.rglob("*") if path.is_file()
        ]
        self.texts += [
            (str(path.relative_to(root)), os.fsencode(path.relative_to(root))) for path in state.rglob("*")
        ]


def review(repo: Repo, secrets: list[Planted], outgoing: Outgoing) -> None:
    """Review as a reviewer would who wants the secrets."""
    plan = json.loads(outgoing.run("review", "plan", "--json"))
    outgoing.run("review", "plan")
    outgoing.run(
        "review", "plan", "--range", f"main..{repo.git('rev-parse', '--abbrev-ref', 'HEAD').strip()}"
    )
    plan = json.loads(outgoing.run("review", "plan", "--json"))
    for path in repo.git("-c", "core.quotepath=off", "ls-files", "-z", "-co").split("\0")[:-1]:
        for side in ("new", "old"):
            outgoing.run("review", "show", path, "--side", side)
    for item in secrets:
        lines = [line.decode() for line in item.sought]
        for text in dict.fromkeys(part for line in lines for part in (line[:6], line[-6:])):
            outgoing.run("review", "grep", "--", text)
    for packet in plan["packets"]:
        text = outgoing.run("review", "packet", packet["id"])
        rows = [
            line[16:]
            for line in text.splitlines()
            if re.match(r"[\d ]{6} [\d ]{6}", line) and line[16:].strip()
        ]
        finding = {
            "class": "security",
            "severity": "major",
            "path": packet["files"][0],
            "quote": rows[0] if rows else "x",
            "message": text[-1500:],
            "scenario": "A credential is in the history.",
            "evidence": text[:1500],
            "confidence": 90,
        }
        document = {"packet": packet["id"], "findings": [finding]}
        outgoing.run("review", "record", stdin=json.dumps(document))
        outgoing.run("review", "record", stdin=json.dumps(document | {"findings": []}))
    outgoing.run("review", "verify")
    for form in ("text", "markdown", "json"):
        outgoing.run("review", "report", "--format", form)
    outgoing.run("review")
    outgoing.run("route")
    outgoing.run("stats")
    outgoing.run("ledger", "show")
    outgoing.kept(repo.root)


def leaks(secrets: list[Planted], outgoing: Outgoing) -> Iterator[tuple[Planted, str]]:
    """Yield what was found, and the first place where."""
    for item in secrets:
        for where, data in outgoing.texts:
            if any(line in data for line in item.sought):
                yield item, where
                break


def main() -> int:
    """Print what was planted where and what leaked; return 1 if anything did."""
    parser = argparse.ArgumentParser(description="Plant secrets and look for them in everything that leaves.")
    parser.add_argument("--fixtures", type=Path, required=True)
    parser.add_argument("--diffs", type=Path, required=True)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--client", action="store_true", help="in the pinned client, all in one session")
    options = parser.parse_args()
    chance = random.Random(options.seed)
    secrets = place(chosen(options.fixtures, options.count, options.seed))
    diffs = [path for path in sorted(options.diffs.glob("*.diff")) if path.stat().st_size < 100_000]
    places, size = Counter(item.place for item in secrets), 0
    found: list[tuple[Planted, str]] = []
    here = Path.cwd()
    for start in range(0, len(secrets), BATCH):
        batch = secrets[start : start + BATCH]
        with tempfile.TemporaryDirectory() as folder:
            repo = build(Path(folder) / "repo", chance.choice(diffs), batch, chance)
            outgoing = Outgoing()
            os.chdir(repo.root)
            try:
                if options.client:
                    from evals.secret_leaks_client import session

                    parts = dict.fromkeys(line[:6].decode() for item in batch for line in item.sought[:2])
                    outgoing.texts += session(repo, list(parts), Path(folder) / "home")
                    outgoing.kept(repo.root)
                else:
                    review(repo, batch, outgoing)
            finally:
                os.chdir(here)
            found += leaks(batch, outgoing)
            size += sum(len(data) for _, data in outgoing.texts)
    kinds = len({item.kind for item in secrets})
    print(
        f"\nplanted: {len(secrets)} secrets of {kinds} kinds; "
        + ", ".join(f"{n} {p}" for p, n in places.items())
    )
    print(f"searched: {size / 1e6:.1f} MB of output, packets, answers, memory and ledger")
    for item, where in found:
        print(f"  LEAKED {item.kind} ({item.place}) in {where}: {item.fixture.text.strip()[:100]!r}")
    print(f"leaked: {len(found)} of {len(secrets)}")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
