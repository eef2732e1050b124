"""`hunkworks recipe judge`: residue answered through the API, checked like a session's answers, written at the end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from evals.scripted_api import Asked, Call, Says, ScriptedAPI
from hunkworks.cli.main import run
from tests.repo import Repo

RECIPE = """\
id: use-log
language: Python
severity: hint
message: m
rule: {pattern: print($A)}
fix: log.info($A)
metadata:
  title: t
  why: w
  safety: judgment
  brief: Choose the level.
  examples:
    rewrite: [{before: print(1), after: log.info(1)}, {before: print(2), after: log.info(2)}]
    no-match: [x(1), y(1)]
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """A change with two matches that wait for a judge."""
    repo = Repo(tmp_path / "repo")
    repo.write(".hunkworks/recipes/python/use-log.yml", RECIPE)
    repo.commit()
    repo.write("app.py", "print('failed')\nprint('started')\n")
    monkeypatch.chdir(repo.root)
    monkeypatch.setenv("HUNKWORKS_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("ANTHROPIC_API_KEY", "nobody")
    monkeypatch.delenv("CLAUDE_CODE_SESSION_ID", raising=False)
    assert run(["recipe", "run", "use-log"]) == 1
    return repo


def judge(
    api: ScriptedAPI, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], code: int = 0
) -> dict[str, Any]:
    monkeypatch.setenv("ANTHROPIC_BASE_URL", api.url)
    capsys.readouterr()
    assert run(["recipe", "judge", "--json"]) == code, capsys.readouterr().err
    parsed: dict[str, Any] = json.loads(capsys.readouterr().out)
    return parsed


def packet_of(asked: Asked) -> str:
    return "r001" if "packet r001" in json.dumps(asked.body) else "r002"


def answer(asked: Asked) -> Says:
    """The first packet is first answered with its match, then right; the second takes the proposal."""
    packet = packet_of(asked)
    if packet == "r002":
        return Says((Call("answers", {"answers": [{"residue": "r002", "values": {}}]}),))
    told = "the match is still there" in json.dumps(asked.body)
    text = "log.error('failed')" if told else "print('failed!')"
    return Says((Call("answers", {"answers": [{"residue": "r001", "replacement": text}]}),))


def test_answers_are_checked_mended_and_written_at_the_end(
    project: Repo, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with ScriptedAPI(answer) as api:
        done = judge(api, monkeypatch, capsys)
    assert (done["accepted"], done["open"], done["left"]) == (["r001", "r002"], 0, {})
    assert (project.root / "app.py").read_text() == "log.error('failed')\nlog.info('started')\n"
    assert run(["recipe", "undo"]) == 0
    assert (project.root / "app.py").read_text() == "print('failed')\nprint('started')\n"


def test_a_packet_that_shows_a_secret_is_not_sent(
    project: Repo, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    key = "ghp" + "_9fQ2kLm4XbT7vRw1ZcY8nHs3JdPa6GeU0iOx"
    project.write("app.py", f"token = '{key}'\nprint(token)\n")
    assert run(["recipe", "run", "use-log"]) == 1
    with ScriptedAPI(answer) as api:
        done = judge(api, monkeypatch, capsys, code=3)
        assert not api.books.asked
    assert done["left"] == {"r001": "it shows a secret, which is not sent"}
    assert done["open"] == 1


def test_what_nobody_answers_is_left_open_and_told(
    project: Repo, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with ScriptedAPI(lambda _asked: Says(("I would rather not.",))) as api:
        done = judge(api, monkeypatch, capsys, code=3)
    assert sorted(done["left"]) == ["r001", "r002"]
    assert (project.root / "app.py").read_text() == "print('failed')\nprint('started')\n"


def test_the_ledger_counts_what_all_recipes_cost(
    project: Repo, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two recipes are judged one after the other in one run; asked again, nothing is paid."""
    told = RECIPE.replace("use-log", "use-tell").replace("print(", "tell(")
    project.write(".hunkworks/recipes/python/use-tell.yml", told)
    project.write("more.py", "tell('one more')\n")
    assert [run(["recipe", "run", recipe]) for recipe in ("use-log", "use-tell")] == [1, 1]
    with ScriptedAPI(lambda _asked: Says(("I would rather not.",))) as api:
        judge(api, monkeypatch, capsys, code=3)
        billed = [usage for _, usage in api.books.answered]
        judge(api, monkeypatch, capsys, code=3)
        assert len(api.books.answered) == len(billed)
    capsys.readouterr()
    assert run(["ledger", "list", "--json"]) == 0
    again, first = json.loads(capsys.readouterr().out)["runs"][:2]
    assert first["tokens"]["output"] == sum(usage["output_tokens"] for usage in billed) > 0
    assert first["cost"] > 0
    assert (again["tokens"]["output"], again["cost"]) == (0, 0)
