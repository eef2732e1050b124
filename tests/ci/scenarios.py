"""What pull requests go through, and how each must end: run by tests (some) and by ``python -m evals.ci_act`` (all)."""

from __future__ import annotations

import json
import re
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from evals.scripted_api import Asked, Call, Says, ScriptedAPI
from tests.ci.act import Act, Ran, cancel
from tests.forge.fake import BOT, READ, Pull
from tests.forge.project import Project

SETTINGS = "[engine]\nrequests_per_minute = 0\n"
_SECTION = re.compile(r"^## (\S.*?)(?: \(from .*?\))? \[\w+, \w+\]")
_ADDED = re.compile(r"^[ \d]{6} [ \d]{6} \+ (.*BUG.*)$")
_PACKET = re.compile(r"Review packet (\w+)\.")


def model(asked: Asked) -> Says:
    """A model that reports every added line with BUG in it."""
    found, path = [], ""
    for line in asked.said.splitlines():
        section, added = _SECTION.match(line), _ADDED.match(line)
        path = section[1] if section else path
        if added:
            one = {"class": "logic", "severity": "major", "path": path, "quote": added[1], "confidence": 90}
            found.append({**one, "message": f"{added[1].strip()} is wrong.", "scenario": "It fails."})
    packet = _PACKET.search(asked.said)
    return Says((Call("record", {"packet": packet[1] if packet else "", "findings": found}),))


class Stage:
    """A pull request, the workflow, and a model."""

    def __init__(self, folder: Path, api: ScriptedAPI) -> None:
        self.project = Project(folder / "project", settings=SETTINGS)
        self.github, self.pull = self.project.github, self.project.pull
        self.api = api
        self.act = Act(folder / "act", self.project)

    def run(self, event: dict[str, object] | None = None, **options: object) -> Ran:
        """Run the workflow as for a push to a branch of the same repository, unless told otherwise."""
        key = {
            "secrets": {"ANTHROPIC_API_KEY": "scripted"},
            "variables": {"ANTHROPIC_BASE_URL": self.api.url},
        }
        self.github.written.clear()
        ran = self.act.run(event or self.act.event(), **{**key, **options})  # type: ignore[arg-type]
        assert self.github.breaches == []
        return ran

    def push(self, path: str, text: str) -> None:
        """Push one more file."""
        self.project.repo.write(path, text)
        self.project.push()

    @property
    def comments(self) -> list[tuple[str, int]]:
        """Where comments stand."""
        return sorted((one["path"], one["line"]) for one in self.pull.comments)

    @property
    def verdict(self) -> str:
        """The first sentence of the standing review."""
        return str(self.pull.reviews[-1]["body"].split("\n\n")[1])


@contextmanager
def stage(folder: Path) -> Iterator[Stage]:
    """Set everything up, with two findings in the first push: one for a rule, one for the model."""
    with ScriptedAPI(model) as api:
        made = Stage(folder, api)
        made.push("app.py", "breakpoint()\nvalue = BUG\n")
        yield made
        made.github.close()


def opened(stage: Stage) -> str:
    """A pull request is opened: comments on lines, a review, the memory, a summary, annotations, a red check."""
    ran = stage.run()
    assert stage.comments == [("app.py", 1), ("app.py", 2)], ran.log
    assert "changes: 2 findings" in stage.verdict
    assert {one["user"]["login"] for one in stage.pull.comments} == {BOT}
    assert stage.act.memory()
    assert (ran.step("Verdict"), ran.step("Post"), ran.code) == ("Failure", "Success", 1)
    assert "::error file=app.py,line=1" in ran.log
    assert "## Review of pull request 7" in ran.log
    return f"{len(stage.comments)} comments, {len(stage.api.asked)} model call(s)"


def run_again(stage: Stage) -> str:
    """The same event again, on another machine: no model is asked and nothing is written."""
    opened(stage)
    calls = len(stage.api.asked)
    ran = stage.run()
    assert (stage.github.written, len(stage.api.asked)) == ([], calls), ran.log
    assert "Nothing changed: it stands there already." in ran.log
    return "0 writes, 0 calls"


def synchronized(stage: Stage) -> str:
    """A push: only what is new is read and commented on; what was found stays found."""
    opened(stage)
    calls = len(stage.api.asked)
    stage.push("more.py", "other = BUG\n")
    ran = stage.run(stage.act.event("synchronize"))
    assert stage.comments == [("app.py", 1), ("app.py", 2), ("more.py", 1)], ran.log
    assert "changes: 3 findings" in stage.verdict
    new = "".join(asked.said for asked in stage.api.asked[calls:])
    assert "other = BUG" in new
    assert "+ value = BUG" not in new
    return f"1 new comment, {len(stage.api.asked) - calls} call(s)"


def fixed(stage: Stage) -> str:
    """A push that mends what was found: the comments say so and their threads are resolved."""
    opened(stage)
    stage.push("app.py", "value = 1\n")
    ran = stage.run(stage.act.event("synchronize"))
    said = [one["body"].split("\n")[0] for one in stage.pull.comments]
    assert [words.startswith("**No longer reported**") for words in said] == [True, True], ran.log
    assert set(stage.pull.resolved) == {one["id"] for one in stage.pull.comments}, ran.log
    return "2 comments edited, 2 threads resolved"


def forgotten(stage: Stage) -> str:
    """The memory of a pull request that was closed meanwhile is deleted; that of this one stays."""
    stage.github.pulls[3] = Pull(3, stage.project.base, stage.project.base, state="closed")
    stage.github.git("update-ref", "refs/hunkworks/pr-3", stage.project.base)
    opened(stage)
    listed = stage.github.git("for-each-ref", "--format=%(refname)", "refs/hunkworks").decode().split()
    assert listed == ["refs/hunkworks/pr-7"]
    return "1 of 2 memories deleted"


def dropped(stage: Stage) -> str:
    """Two pushes while one is reviewed: GitHub drops the first one's run, and none of its lines."""
    opened(stage)
    stage.push("more.py", "other = BUG\n")
    stage.push("last.py", "third = BUG\n")
    ran = stage.run(stage.act.event("synchronize"))
    assert [place for place in stage.comments if place[0] != "app.py"] == [("last.py", 1), ("more.py", 1)], (
        ran.log
    )
    return "lines of both pushes are reviewed"


def forked(stage: Stage) -> str:
    """A fork: no secret and a token that may read; the built-in rules look, and nothing is posted."""
    ran = stage.run(stage.act.fork(), token=READ, secrets={}, variables={})
    assert (stage.github.written, stage.api.asked) == ([], []), ran.log
    assert "There is no ANTHROPIC_API_KEY for this run" in ran.log
    assert "static-only: the built-in rules looked, no model did; 1 finding" in ran.log
    assert "::error file=app.py,line=1" in ran.log
    assert (ran.step("Verdict"), ran.step("Post")) == ("Failure", "")
    return "static, 0 writes"


def read_only(stage: Stage) -> str:
    """The job that has the model's key needs no right to write: with a token that may only read it does its work."""
    ran = stage.run(stage.act.fork(), token=READ)
    assert stage.github.written == []
    assert "changes: 2 findings" in ran.log, ran.log
    assert all(asked.startswith("GET ") for asked in stage.github.asked)
    return "reviewed with a token that may only read"


def cancelled(stage: Stage) -> str:
    """Cancelled while the model is asked: nothing is posted or kept, and the next run does it all."""
    reached, over = threading.Event(), threading.Event()
    script = stage.api.script

    def held(asked: Asked) -> Says:
        reached.set()
        over.wait(30)
        return model(asked)

    def stop(process: subprocess.Popen[bytes]) -> None:
        assert reached.wait(60)
        cancel(process)
        process.wait(30)
        over.set()

    stage.api.script = held
    ran = stage.run(during=stop)
    stage.api.script = script
    assert ran.step("Post") == "", ran.log
    assert (stage.github.written, stage.pull.reviews, stage.act.memory()) == ([], [], "")
    opened(stage)
    return "0 writes, then all of it"


def moved_on(stage: Stage) -> str:
    """A push while an older one is reviewed: the older report is not posted, what it read is remembered."""
    event = stage.act.event()
    stage.push("more.py", "other = BUG\n")
    ran = stage.run(event)
    assert "Nothing is posted: pull request 7 has moved on" in ran.log, ran.log
    assert stage.pull.reviews == []
    assert stage.act.memory()
    stage.run(stage.act.event("synchronize"))
    assert stage.comments == [("app.py", 1), ("app.py", 2), ("more.py", 1)]
    return "not posted, remembered, reported by the next run"


TAMPERINGS = {
    "verdict": """sed -i 's/"verdict": "changes"/"verdict": "pass"/' report.json""",
    "finding": """sed -i 's/"severity": "major"/"severity": "note"/' report.json""",
    "head": """sed -i 's/"head": "[0-9a-f]*"/"head": "{}"/' report.json""".format("0" * 40),
    "path": """sed -i 's#"path": "app.py"#"path": "../app.py"#' report.json""",
    "marker": """sed -i 's/"fingerprint": "[0-9a-f]*"/"fingerprint": "--> @everyone"/' report.json""",
    "not JSON": "echo '<html>' > report.json",
    "gone": "rm report.json",
    "huge": "head -c 20000000 /dev/zero > report.json",
    "one byte of prose": "sed -i 's/It fails/It holds/' report.json",
}


def tampered(stage: Stage) -> str:
    """A report that was changed on its way is refused, whatever was changed; nothing of it is posted or kept."""
    opened(stage)
    stage.push("more.py", "other = BUG\n")
    for kind, line in TAMPERINGS.items():
        refuses(stage, line, kind)
    return f"{len(TAMPERINGS)} kinds refused"


def subverted(stage: Stage) -> str:
    """Even from the job itself a report that contradicts itself, or points elsewhere, is refused."""
    opened(stage)
    stage.push("more.py", "other = BUG\n")
    kinds = [kind for kind in TAMPERINGS if kind != "one byte of prose"]
    for kind in kinds:
        refuses(stage, TAMPERINGS[kind], kind, unsealed=True)
    return f"{len(kinds)} kinds refused without the seal"


def refuses(stage: Stage, tamper: str, kind: str, **options: object) -> None:
    """Run with a report that is tampered with, and see that nothing happens."""
    reviews, memory = json.dumps(stage.pull.reviews), stage.act.memory()
    ran = stage.run(stage.act.event("synchronize"), tamper=tamper, **options)
    assert ran.step("Post") == "Failure", f"{kind}: {ran.log}"
    assert (json.dumps(stage.pull.reviews), stage.github.written, stage.act.memory()) == (
        reviews,
        [],
        memory,
    ), kind


SCENARIOS: dict[str, Callable[[Stage], str]] = {
    "opened": opened,
    "re-run": run_again,
    "synchronized": synchronized,
    "fixed": fixed,
    "closed meanwhile": forgotten,
    "two pushes, one run": dropped,
    "fork": forked,
    "read-only token": read_only,
    "cancelled": cancelled,
    "moved on": moved_on,
    "tampered": tampered,
    "subverted": subverted,
}
