"""The workflow that ``init --ci github`` writes: checked by those who know workflows, and run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.ci.act import WORKFLOW
from tests.ci.scenarios import TAMPERINGS, forked, refuses, stage

BIN = Path(sys.executable).parent
TEXT = WORKFLOW.content().decode()
CHECKERS = {
    "actionlint": [str(BIN / "actionlint"), "-no-color", "-shellcheck=", "-pyflakes="],
    "zizmor": [str(BIN / "zizmor"), "--offline", "--no-config", "--persona=pedantic", "--color=never"],
}


def checked(checker: str, folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    file = folder / ".github/workflows/hunkworks.yml"
    file.parent.mkdir(parents=True)
    file.write_text(text)
    return subprocess.run(
        [*CHECKERS[checker], str(file)], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("checker", CHECKERS)
def test_checkers_have_nothing_to_say(checker: str, tmp_path: Path) -> None:
    done = checked(checker, tmp_path, TEXT)
    assert (done.returncode, done.stdout.replace("No findings to report. Good job!", "").strip()[:9]) in (
        (0, ""),
        (0, "(1 suppre"),  # for zizmor's auditors: github.token handed to a step as a variable
    ), done.stdout


@pytest.mark.parametrize(
    ("checker", "old", "new"),
    [
        ("actionlint", "needs: review", "needs: reviews"),
        ("actionlint", "${{ steps.review.outputs.code }}", "${{ steps.review.output.code }}"),
        ("zizmor", "  pull_request:", "  pull_request_target:"),
        ("zizmor", '"$NUMBER"', "${{ github.event.pull_request.title }}"),
        ("zizmor", "@df4cb1c069e1874edd31b4311f1884172cec0e10 # v6.0.3", "@v6"),
    ],
)
def test_checkers_really_read_it(checker: str, old: str, new: str, tmp_path: Path) -> None:
    assert old in TEXT
    assert checked(checker, tmp_path, TEXT.replace(old, new)).returncode != 0


def test_the_key_and_the_right_to_write_are_never_in_one_job() -> None:
    jobs = YAML(typ="safe").load(TEXT)["jobs"]
    holds_key = {name for name, job in jobs.items() if "secrets." in str(job)}
    writes = {name for name, job in jobs.items() if "write" in job["permissions"].values()}
    checks_out = {
        name for name, job in jobs.items() if "github.event.pull_request.head.sha" in str(job["steps"][0])
    }
    assert (holds_key, writes, checks_out) == ({"review"}, {"post"}, {"review"})


def test_a_fork_is_reviewed_by_rules_and_nothing_is_written(tmp_path: Path) -> None:
    with stage(tmp_path) as made:
        forked(made)


def test_without_a_key_rules_are_posted_and_a_tampered_report_is_not(tmp_path: Path) -> None:
    """What a model found, and all else that happens to pull requests: ``python -m evals.ci_act``."""
    with stage(tmp_path) as made:
        ran = made.run(secrets={}, variables={})
        assert (made.comments, ran.step("Post"), ran.step("Verdict")) == (
            [("app.py", 1)],
            "Success",
            "Failure",
        ), ran.log
        made.push("more.py", "breakpoint()\n")
        refuses(made, TAMPERINGS["finding"], "finding", secrets={}, variables={})
