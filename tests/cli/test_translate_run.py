"""``hunkworks translate run --engine api|replay``: a scripted API on loopback, real catalogs, the ledger's record."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from evals.scripted_api import Asked, Call, Fault, Says, ScriptedAPI
from tests.cli.invoke import Hunkworks
from tests.localize.project import committed, edit
from tests.repo import Repo

GERMAN = {"Welcome, %1$s!": "Willkommen, %1$s!", "Both {{n}}": "Beide {{n}}"}
FRENCH = {"Both {{n}}": "Les deux {{n}}"}


def units(asked: Asked) -> list[dict[str, Any]]:
    """Return the units that the model was handed with the question."""
    return [json.loads(line) for line in asked.said.splitlines() if line.startswith('{"id"')]


def answer(asked: Asked, *, wrong: bool = False) -> Says:
    words = {"de": GERMAN, "fr": FRENCH}
    given = []
    for unit in units(asked):
        text = words[unit["locale"]][unit["source"]]
        bad = wrong and unit["locale"] == "de" and "%1$s" in text
        given.append({"id": unit["id"], "text": text.replace("%1$s", "") if bad else text})
    return Says((Call("translations", {"translations": given}),))


@pytest.fixture
def project(repo: Repo, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Repo:
    committed(repo)
    edit(repo, "app/res/values/strings.xml", ("Hello %1$s", "Welcome, %1$s!"))
    edit(repo, "web/locales/en.json", ("Two {{n}}", "Both {{n}}"))
    monkeypatch.setenv("ANTHROPIC_API_KEY", "test")
    monkeypatch.setenv("HUNKWORKS_STATE_DIR", str(tmp_path / "state"))
    return repo


def catalogs(repo: Repo) -> dict[str, bytes]:
    names = ("app/res/values-de/strings.xml", "web/locales/de.json", "web/locales/fr.json")
    return {name: (repo.root / name).read_bytes() for name in names}


def test_the_api_translates_and_a_rejected_answer_is_mended(
    hunkworks: Hunkworks, project: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ScriptedAPI(lambda asked: answer(asked, wrong=asked.turn == 0)) as api:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", api.url)
        assert "Nothing was sent" in hunkworks("translate", "run", "--engine", "api", "--estimate").out
        assert api.asked == []
        done = hunkworks("translate", "run", "--engine", "api", "--json")
    assert done.code == 0, done.err
    assert len(done.json["written"]) == 3
    assert done.json["unanswered"] == []
    assert done.json["spent"]["usd"] > 0
    first, second = api.asked
    assert "You translate strings" in json.dumps(first.body["system"])
    assert {tool["name"] for tool in first.body["tools"]} == {"units", "translations"}
    assert '\\"check\\":\\"placeholders\\"' in json.dumps(second.body["messages"])
    written = catalogs(project)
    assert b"Willkommen, %1$s!" in written["app/res/values-de/strings.xml"]
    assert '"b": "Beide {{n}}"' in written["web/locales/de.json"].decode()
    again = hunkworks("translate", "run", "--engine", "api", "--json")
    assert (again.code, again.json["files"]) == (0, [])


def test_a_replay_writes_the_same_and_asks_nobody(
    hunkworks: Hunkworks, project: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ScriptedAPI(answer) as api:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", api.url)
        hunkworks("translate", "run", "--engine", "api")
    written = catalogs(project)
    project.git("checkout", "--", *written)
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    done = hunkworks("translate", "run", "--engine", "replay", "--json")
    assert done.code == 0, done.err
    assert catalogs(project) == written
    assert set(done.json["files"]) == set(written)


def test_without_a_record_a_replay_says_so(hunkworks: Hunkworks, project: Repo) -> None:
    refused = hunkworks("translate", "run", "--engine", "replay")
    assert refused.code == 2
    assert "--engine api" in refused.err


def test_a_unit_that_is_never_right_is_given_up_and_the_rest_is_written(
    hunkworks: Hunkworks, project: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ScriptedAPI(lambda asked: answer(asked, wrong=True)) as api:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", api.url)
        done = hunkworks("translate", "run", "--engine", "api", "--json")
    assert done.code == 1
    assert len(api.asked) == 3
    assert [item["check"] for item in done.json["rejected"]] == ["placeholders"]
    assert done.json["given_up"] == [done.json["rejected"][0]["id"]]
    assert len(done.json["written"]) == 2
    assert b"Hallo %1$s" in catalogs(project)["app/res/values-de/strings.xml"]


def test_an_engine_that_does_not_answer_is_exit_3_and_names_the_batch(
    hunkworks: Hunkworks, project: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = catalogs(project)
    with ScriptedAPI(lambda _: Fault("status", 400, message="no")) as api:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", api.url)
        done = hunkworks("translate", "run", "--engine", "api")
    assert done.code == 3
    assert "batch b001: " in done.out
    assert catalogs(project) == before
