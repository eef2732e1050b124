"""`hunkworks review run` from the outside: a real repository, a scripted API, reports that cost once."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from evals.scripted_api import Asked, Fault, Says, ScriptedAPI
from evals.scripted_reviewer import review
from tests.cli.invoke import Hunkworks
from tests.repo import Repo

SETTINGS = "[engine]\nrequests_per_minute = 0\npatience = 0\nconcurrency = {}\n"
SECRET = "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a"


class Scripted(ScriptedAPI):
    """A model that reviews by rule; ``broken`` fails instead of answering."""

    def __init__(self) -> None:
        super().__init__(lambda asked: self.broken(asked) or review(asked))

    def broken(self, asked: Asked) -> Says | Fault | None:
        return None


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Scripted]:
    monkeypatch.setenv("HUNKWORKS_STATE_DIR", str(tmp_path / "state"))
    with Scripted() as made:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", made.url)
        monkeypatch.setenv("ANTHROPIC_API_KEY", "a-key")
        yield made


@pytest.fixture
def change(repo: Repo) -> Repo:
    """Three files rewritten, large enough for several packets and a vote."""
    return changed(repo, concurrency=4)


def changed(repo: Repo, concurrency: int) -> Repo:
    repo.write("hunkworks.toml", SETTINGS.format(concurrency) + "[review]\npacket_bytes = 4000\n")
    for name in ("orders", "prices", "stock"):
        repo.write(f"{name}.py", "".join(f"def {name}_{n}():\n    return {n}\n\n\n" for n in range(20)))
    repo.commit()
    for name in ("orders", "prices", "stock"):
        text = "".join(f"def {name}_{n}(factor):\n    return {n} * factor + 1\n\n\n" for n in range(20))
        repo.write(f"{name}.py", text)
    return repo


def test_a_change_is_reviewed_voted_on_and_reported(
    change: Repo, api: Scripted, hunkworks: Hunkworks
) -> None:
    result = hunkworks("review", "run", "--json")
    assert result.code == 1
    report = result.json
    assert (report["engine"], report["verdict"], report["unanswered"]) == ("api", "changes", [])
    assert report["judging"]["calls"] == len(api.asked)
    assert report["judging"]["usd"] > 0
    assert {finding["stamp"] for finding in report["findings"]} == {"confirmed"}
    assert f"{len(report['packets'])}/" in result.err, "each task is told on stderr"


def test_a_finished_run_is_not_paid_twice(change: Repo, api: Scripted, hunkworks: Hunkworks) -> None:
    first = hunkworks("review", "run", "--json")
    paid = len(api.asked)
    assert hunkworks("review", "run", "--json").out == first.out
    assert hunkworks("review", "run", "--engine", "replay", "--json").out == first.out
    assert len(api.asked) == paid
    again, run = hunkworks("ledger", "list", "--json").json["runs"][:2]
    assert again["cost"] == 0
    assert round(run["cost"], 6) == first.json["judging"]["usd"]
    hunkworks("review", "run", "--fresh")
    assert len(api.asked) == 2 * paid


def test_a_run_that_broke_off_goes_on_and_ends_as_the_unbroken_one(
    change: Repo, api: Scripted, hunkworks: Hunkworks, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = hunkworks("review", "run", "--json").out
    shutil.rmtree(change.root / ".git" / "hunkworks")
    begun = len(api.asked)
    monkeypatch.setattr(
        api, "broken", lambda asked: Fault("status", 401) if asked.number >= begun + 4 else None
    )
    broken = hunkworks("review", "run", "--json")
    assert (broken.code, broken.json["verdict"]) == (3, "incomplete")
    assert "401" in json.dumps(broken.json["judging"]["unanswered"])
    monkeypatch.undo()
    monkeypatch.setenv("ANTHROPIC_BASE_URL", api.url)
    monkeypatch.setenv("ANTHROPIC_API_KEY", "a-key")
    monkeypatch.chdir(change.root)
    assert hunkworks("review", "run", "--json").out == whole
    answered = [asked.digest for asked, _ in api.books.answered[begun:]]
    assert len(answered) == len(set(answered)), "nothing that was answered is asked again"


def test_the_order_in_which_answers_come_changes_nothing(
    repo: Repo, api: Scripted, hunkworks: Hunkworks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One at a time, then four at a time with the first held back until three others are answered."""
    changed(repo, concurrency=1)
    one = hunkworks("review", "run", "--json").json
    shutil.rmtree(repo.root / ".git" / "hunkworks")
    changed(repo, concurrency=4)
    held = threading.Event()
    begun = len(api.asked)

    def late(asked: Asked) -> None:
        if asked.number == begun + 1:
            held.wait(20)
        elif asked.number == begun + 4:
            held.set()

    monkeypatch.setattr(api, "broken", late)
    four = hunkworks("review", "run", "--json").json
    assert held.is_set()
    for name in ("findings", "folded", "verdict", "judging", "unanswered"):
        assert one[name] == four[name]


def test_without_money_nothing_is_asked_and_nothing_passes(
    change: Repo, api: Scripted, hunkworks: Hunkworks
) -> None:
    result = hunkworks("review", "run", "--max-usd", "0", "--json")
    assert (result.code, result.json["verdict"]) == (3, "incomplete")
    assert "budget" in result.json["judging"]["unanswered"][0]["what"]
    assert api.asked == []


def test_a_lower_tier_is_told_in_the_report(repo: Repo, api: Scripted, hunkworks: Hunkworks) -> None:
    changed(repo, concurrency=1)
    result = hunkworks("review", "run", "--max-usd", "0.02", "--format", "markdown")
    assert "fast judges: what is left of max\\_usd might not pay for a higher tier (p001" in result.out
    assert {asked.model for asked in api.asked} == {"claude-haiku-5-5"}


def test_an_estimate_asks_nobody(change: Repo, api: Scripted, hunkworks: Hunkworks) -> None:
    low, high = (
        hunkworks("review", "run", "--estimate", "--json").json["estimate"][name]["usd"]
        for name in ("low", "high")
    )
    assert 0 < low < high
    assert api.asked == []
    paid = hunkworks("review", "run", "--json").json["judging"]["usd"]
    assert paid <= high


def test_no_secret_leaves(repo: Repo, api: Scripted, hunkworks: Hunkworks) -> None:
    changed(repo, concurrency=2)
    repo.write("orders.py", f"token = '{SECRET}'\nanother = value_of_it\n")
    hunkworks("review", "run")
    assert api.asked
    assert SECRET not in json.dumps([asked.body for asked in api.asked])


def test_a_finding_in_a_file_of_an_odd_name_is_carried_until_it_is_fixed(
    repo: Repo, api: Scripted, hunkworks: Hunkworks
) -> None:
    """Names are shown with hidden characters as escapes; what stands there is found all the same."""
    repo.write("hunkworks.toml", SETTINGS.format(1))
    repo.commit()
    repo.write("we\u200bird.py", "".join(f"price_of_{n} = price_of(item_{n})\n" for n in range(20)))
    first = hunkworks("review", "run", "--json").json["findings"]
    assert {finding["path"] for finding in first} == {r"we\x200bird.py"}
    repo.write("other.py", "pass\n")
    second = hunkworks("review", "run", "--json").json
    assert [file for packet in second["packets"] for file in packet["files"]] == ["other.py"]
    assert [one["fingerprint"] for one in second["findings"]] == [one["fingerprint"] for one in first]


def test_without_an_engine_it_is_the_bare_review(change: Repo, hunkworks: Hunkworks) -> None:
    bare, none = (
        hunkworks("review", "--json").json,
        hunkworks("review", "run", "--engine", "none", "--json").json,
    )
    assert none == bare
    assert none["verdict"] == "static-only"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--engine", "replay"], "nothing of this change is on record"),
        (["--stdin"], "a run is kept in a repository"),
    ],
)
def test_what_cannot_run_says_why(
    change: Repo, api: Scripted, hunkworks: Hunkworks, arguments: list[str], says: str
) -> None:
    result = hunkworks("review", "run", *arguments)
    assert result.code == 2
    assert says in result.err


# ── replay ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def recorded(change: Repo, api: Scripted, hunkworks: Hunkworks, tmp_path: Path) -> tuple[str, bytes, Path]:
    """A run's id, its report as JSON, and its export; the repository is gone."""
    report = hunkworks("review", "run", "--json").out.encode()
    run = hunkworks("ledger", "list", "--json").json["runs"][0]["id"]
    file = tmp_path / "run.json"
    assert hunkworks("ledger", "export", run, "--output", str(file)).code == 0
    shutil.copytree(change.root / ".git" / "hunkworks" / "ledger", tmp_path / "ledger")
    return run, report, file


@pytest.fixture
def elsewhere(
    recorded: tuple[str, bytes, Path], change: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.rmtree(change.root)
    for name in ("ANTHROPIC_BASE_URL", "ANTHROPIC_API_KEY"):
        monkeypatch.delenv(name)


@pytest.mark.usefixtures("elsewhere")
def test_a_report_comes_back_without_network_key_and_repository(
    recorded: tuple[str, bytes, Path], api: Scripted, hunkworks: Hunkworks, tmp_path: Path
) -> None:
    run, report, file = recorded
    paid = len(api.asked)
    for named in ([str(file)], [run[:6], "--ledger", str(tmp_path / "ledger")]):
        result = hunkworks("ledger", "replay", *named, "--json")
        assert (result.code, result.out.encode()) == (0, report)
        assert "the same report again" in result.err
    assert len(api.asked) == paid
    assert "Judged by" in hunkworks("ledger", "replay", str(file), "--format", "markdown").out


@pytest.mark.usefixtures("elsewhere")
def test_a_changed_body_is_named(
    recorded: tuple[str, bytes, Path], hunkworks: Hunkworks, tmp_path: Path
) -> None:
    run, _, file = recorded
    document = json.loads(file.read_text())
    names = {digest: name for name, digest in json.loads(document["record"])["bodies"].items()}
    for digest, body in document["bodies"].items():
        file.write_text(json.dumps({**document, "bodies": {**document["bodies"], digest: body + " "}}))
        result = hunkworks("ledger", "replay", str(file))
        assert result.code == 1
        assert digest in result.err
        path = tmp_path / "ledger" / "bodies" / digest[:2] / digest[2:]
        kept = path.read_bytes()
        path.write_bytes(kept[:-1])
        result = hunkworks("ledger", "replay", run, "--ledger", str(tmp_path / "ledger"))
        path.write_bytes(kept)
        assert result.code == 1
        assert f"the body {names[digest]} " in result.err


@pytest.mark.usefixtures("elsewhere")
@pytest.mark.parametrize(
    "damage", [b"", b"{}", b"[1]", b'{"schema": 2, "record": "", "bodies": {}}', b"\xff"]
)
def test_what_is_no_export_is_refused(
    recorded: tuple[str, bytes, Path], hunkworks: Hunkworks, damage: bytes
) -> None:
    file = recorded[2]
    file.write_bytes(damage)
    result = hunkworks("ledger", "replay", str(file))
    assert result.code == 2
    assert "no exported run" in result.err


def test_a_run_that_judged_nothing_says_so(change: Repo, hunkworks: Hunkworks) -> None:
    hunkworks("review")
    run = hunkworks("ledger", "list", "--json").json["runs"][0]["id"]
    result = hunkworks("ledger", "replay", run)
    assert result.code == 2
    assert "left nothing to replay it from" in result.err
