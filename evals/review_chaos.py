"""Whatever the network does, `review run` ends in a correct report or an honest `incomplete`, within its budget.

    python -m evals.review_chaos [--runs 300] [--seed 1]

Each run reviews a change of its own through a scripted API that fails at random, seeded, in every way that
``evals.scripted_api`` knows: size of the change, share of faults, patience, concurrency and budget differ. The same
command then runs again on a mended network, and once more from nothing. Checked of every run:

    pass and changes are said only where every packet and ballot was answered; anything else is incomplete, exit 3
    a complete report is the one of the undisturbed run, whatever it took; an incomplete one holds every finding of the
    packets that were answered, and none that the undisturbed run does not hold; no finding stands there twice
    what was billed stays within the ceiling of the run; resumed, it ends as the undisturbed run does
    the record replays to the same report, and its SARIF, rdjson and GitHub forms are valid by the published schemas
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evals.diff_repository import git
from evals.engine_chaos import FAULTS, RARE
from evals.review_replay import quietly
from evals.scripted_api import Asked, Call, Fault, Says, ScriptedAPI
from evals.scripted_reviewer import review
from hunkworks.engine.prices import Prices, Tokens
from tests.forge.contract import refused
from tests.review.report.held import invalid

OWN_FAULTS = (
    Says((Call("record", written='{"packet": "p001", "findings": [{'),)),
    Says((Call("record", {"packet": "p999", "findings": []}),)),
    Says((Call("record", {"packet": "p001", "findings": [{"class": "logic"}]}),)),
    Says((Call("show", {"path": "../../etc/passwd"}),)),
    Says((Call("vote", {"ballot": "v001", "votes": []}),)),
)
FORMS = ("text", "markdown", "summary", "annotations", "sarif", "rdjson", "github")
SAME = ("findings", "folded", "verdict", "unanswered", "static", "coverage", "packets")


@dataclass
class Storm:
    """Answers rightly or not, by the seed, the question, and how often it was asked."""

    seed: int
    share: float = 0.0
    asked: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, asked: Asked) -> Says | Fault:
        """Return what this request meets."""
        with self.lock:
            # Not the nonce: an eval that differs each time it runs shows nothing twice.
            question = f"{asked.said[:40]} {asked.turn} {asked.model}"
            self.asked[question] += 1
            rng = random.Random(f"{self.seed} {question} {self.asked[question]}")
            if rng.random() >= self.share:
                return review(asked)
            fault = rng.choice((*FAULTS, *OWN_FAULTS))
            if isinstance(fault, Fault) and fault.kind in RARE and rng.random() < 0.8:
                fault = Fault("reset")
            self.faults[fault.kind if isinstance(fault, Fault) else "strange answer"] += 1
        return fault


@dataclass
class Tally:
    """What all runs came to."""

    runs: int = 0
    requests: int = 0
    ends: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    findings: int = 0
    forms: int = 0
    closest: float = 0.0
    breaches: list[str] = field(default_factory=list)


def main() -> int:
    """Print what the runs came to; 1 if one of them broke a promise."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    tally = storms(options.runs, options.seed, tell=sys.stderr.isatty())
    print(f"{tally.runs} runs, {tally.requests:,} requests, {tally.findings:,} findings\n")
    for title, counts in (("faults", tally.faults), ("how runs ended", tally.ends)):
        print(title)
        for name, count in counts.most_common():
            print(f"  {count:>6,}  {name}")
    print(f"\nreports in another form, valid by schema or drawn: {tally.forms:,}")
    print(f"most that a run was billed of its ceiling: {tally.closest:.0%}")
    print(f"breaches: {len(tally.breaches)}, expected 0")
    for breach in tally.breaches[:20]:
        print(f"  {breach}")
    return 1 if tally.breaches or not tally.faults else 0


def storms(runs: int, seed: int, *, tell: bool = False) -> Tally:
    """Run, resume and begin anew ``runs`` times."""
    tally = Tally()
    for number in range(runs):
        with tempfile.TemporaryDirectory() as folder:
            _run(seed * 100_003 + number, Path(folder), tally)
        if tell:
            print(f"\r{number + 1}/{runs}", end="", file=sys.stderr)
    return tally


def _run(seed: int, folder: Path, tally: Tally) -> None:
    rng = random.Random(seed)
    ceiling = rng.choice([0.0, 0.02, 0.06, 0.2, 100.0])
    project = folder / "project"
    _project(project, rng)
    storm = Storm(seed, rng.choice([0.1, 0.3, 0.6, 0.95]))
    tally.runs += 1

    def breach(what: str) -> None:
        tally.breaches.append(f"seed {seed}: {what}")

    with _standing_in(project, folder / "state"), ScriptedAPI(storm) as api:
        os.environ["ANTHROPIC_BASE_URL"] = api.url
        code, disturbed = _review(folder / "a.json", "--max-usd", str(ceiling))
        billed = _billed(api)
        _forms(folder, disturbed, tally, breach)
        storm.share = 0.0
        os.environ["HUNKWORKS_STATE_DIR"] = str(folder / "mended")  # where no host asked for a rest
        resumed = disturbed
        for _ in range(3):  # a busy machine may itself take longer than the timeout
            _, resumed = _review(folder / "b.json", "--max-usd", "100")
            if resumed["verdict"] != "incomplete":
                break
        shutil.rmtree(project / ".git" / "hunkworks")
        _, whole = _review(folder / "c.json", "--max-usd", "100")
        tally.requests += len(api.books.asked)
    tally.faults += storm.faults
    tally.ends[f"{disturbed['verdict']}, ceiling {ceiling} USD"] += 1
    tally.findings += len(disturbed["findings"]) + len(disturbed["folded"])
    if ceiling:
        tally.closest = max(tally.closest, billed / ceiling)
    if billed > ceiling:
        breach(f"billed {billed:.4f} of {ceiling} USD")
    for said in _wrong(code, disturbed, whole):
        breach(said)
    if not _equal(resumed, whole):
        breach("resumed on a mended network it ends otherwise than undisturbed")


def _wrong(code: int, disturbed: dict[str, Any], whole: dict[str, Any]) -> Iterator[str]:
    """Yield what the report of the disturbed run should not say."""
    verdict = disturbed["verdict"]
    if (verdict == "incomplete") != bool(disturbed["unanswered"]):
        yield f"verdict {verdict} with {len(disturbed['unanswered'])} unanswered"
    if (code == 3) != (verdict == "incomplete" and not _failing(disturbed)):
        yield f"exit {code} with verdict {verdict}"
    if verdict != "incomplete" and not _equal(disturbed, whole):
        yield "a complete report differs from the undisturbed one"
    if verdict == "incomplete" and not disturbed["judging"]["unanswered"]:
        yield "incomplete without a reason"
    names = [finding["fingerprint"] for finding in _all(disturbed)]
    if len(names) != len(set(names)):
        yield "a finding stands there twice"
    places = {_place(finding) for finding in _all(disturbed)}
    expected = {_place(finding) for finding in _all(whole)}
    if not places <= expected:
        yield f"findings of nobody: {sorted(places - expected)[:3]}"
    answered = [packet for packet in disturbed["packets"] if packet["id"] not in disturbed["unanswered"]]
    left = {file for packet in disturbed["packets"] if packet not in answered for file in packet["files"]}
    lost = {place for place in expected - places if place[0] not in left}
    if lost:
        yield f"findings lost: {sorted(lost)[:3]}"


def _forms(folder: Path, report: dict[str, Any], tally: Tally, breach: Any) -> None:
    """Replay the run in every form; each is valid, and the JSON is the report again."""
    for form in ("json", *FORMS):
        file = folder / f"form.{form}"
        code = quietly("review", "run", "--engine", "replay", "--format", form, "--output", str(file))
        if code not in (0, 1, 3):
            breach(f"no replay as {form}: exit {code}")
            continue
        tally.forms += 1
        written = file.read_bytes()
        if form == "json" and json.loads(written) != report:
            breach("the record replays to another report")
        elif form in ("sarif", "rdjson"):
            wrong = invalid("sarif-2.1.0" if form == "sarif" else form, json.loads(written))
            if wrong:
                breach(f"{form}: {wrong[0]}")
        elif form == "github":
            wrong = refused("POST", "/repos/o/r/pulls/7/reviews", {}, written)
            if wrong:
                breach(f"github: {wrong[0]}")


def _review(file: Path, *options: str) -> tuple[int, dict[str, Any]]:
    code = quietly("review", "run", "--format", "json", "--output", str(file), *options)
    document: dict[str, Any] = json.loads(file.read_bytes())
    return code, document


def _project(root: Path, rng: random.Random) -> None:
    """Make a repository whose working tree rewrites up to four files."""
    root.mkdir()
    patience = rng.choice([0, 0, 1])
    lines = ["[engine]", "requests_per_minute = 0", f"concurrency = {rng.randint(1, 4)}", "timeout = 3"]
    lines += [f"patience = {patience}", "answer_tokens = 1500", "[review]", "packet_bytes = 4000", ""]
    (root / "hunkworks.toml").write_text("\n".join(lines))
    names = ("orders", "prices", "stock", "users")[: rng.randint(1, 4)]
    functions = rng.randint(4, 20)
    for after in (False, True):
        for name in names:
            body = "return {n} * factor + 1" if after else "return {n}"
            text = f"def {name}_{{n}}({'factor' if after else ''}):\n    {body}\n\n\n"
            (root / f"{name}.py").write_text("".join(text.format(n=n) for n in range(functions)))
        if not after:
            for arguments in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "before"]):
                git(root, *arguments)


@contextmanager
def _standing_in(project: Path, state: Path) -> Iterator[None]:
    home, before = Path.cwd(), dict(os.environ)
    os.environ.update({"ANTHROPIC_API_KEY": "scripted", "HUNKWORKS_STATE_DIR": str(state)})
    os.chdir(project)
    try:
        yield
    finally:
        os.chdir(home)
        os.environ.clear()
        os.environ.update(before)


def _billed(api: ScriptedAPI) -> float:
    """Return what the API's own books come to by the price table."""
    prices = Prices(())
    counted = (
        (asked.model, Tokens(bill["input_tokens"], bill["output_tokens"]))
        for asked, bill in api.books.answered
    )
    return float(sum(prices.usd(model, tokens) for model, tokens in counted))


def _equal(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return all(one[name] == other[name] for name in SAME)


def _all(report: dict[str, Any]) -> list[dict[str, Any]]:
    return [*report["findings"], *report["folded"]]


def _failing(report: dict[str, Any]) -> bool:
    return any(finding["severity"] in ("blocker", "major") for finding in report["findings"])


def _place(finding: dict[str, Any]) -> tuple[str, int, str]:
    return finding["path"], finding["line"], finding["class"]


if __name__ == "__main__":
    sys.exit(main())
