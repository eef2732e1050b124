"""`hunkworks route` from the outside: real repositories, real diffs, what a person and a program read."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from hunkworks.ledger.record import Outcome, Record, RouteTaken, Versions
from hunkworks.ledger.store import Ledger
from tests.cli.invoke import Hunkworks
from tests.repo import Repo

CACHE = """import threading

lock = threading.Lock()
items = {}


def store(key, value):
    # Two threads must not race here.
    with lock:
        items[key] = value
    return value
"""


@pytest.fixture
def unlocked(repo: Repo) -> Repo:
    """A repository whose working tree takes a lock away."""
    repo.write("cache.py", CACHE)
    repo.commit()
    repo.write("cache.py", CACHE.replace("    with lock:\n    ", ""))
    return repo


def test_a_lock_taken_away_goes_deep_and_the_line_is_named(hunkworks: Hunkworks, unlocked: Repo) -> None:
    done = hunkworks("route")
    assert done.code == 0
    assert done.out.startswith("deep → deep-reviewer on opus, score 0.")
    assert "cache.py:9" in done.out
    assert "with lock:" in done.out


def test_the_json_is_the_documented_contract(hunkworks: Hunkworks, unlocked: Repo) -> None:
    document = hunkworks("route", "--json").json
    assert document["schema"] == 1
    assert (document["tier"], document["model"], document["agent"]) == ("deep", "opus", "deep-reviewer")
    assert document["score"] >= document["threshold"] == 0.5
    assert all(set(reason) == {"rule", "path", "line", "text"} for reason in document["reasons"])


def test_a_clean_tree_is_routed_too(hunkworks: Hunkworks, repo: Repo) -> None:
    repo.write("a.py", "x = 1\n")
    repo.commit()
    done = hunkworks("route", "--json")
    assert done.json["tier"] == "default"
    assert done.json["reasons"][0]["rule"] == "the change is empty"


def test_a_team_route_of_the_base_revision_holds_and_one_of_the_change_does_not(
    hunkworks: Hunkworks, repo: Repo
) -> None:
    rule = '[[route.rules]]\nname = "payments"\npaths = ["pay/"]\n'
    repo.write("hunkworks.toml", rule)
    repo.write("pay/a.py", "x = 1\n")
    repo.commit()
    repo.write("hunkworks.toml", "")
    repo.write("pay/a.py", "x = 2\n")
    done = hunkworks("route")
    assert "deep → deep-reviewer on opus" in done.out
    assert "raised by a team route" in done.out
    assert "team route payments" in done.out


def test_a_secret_on_a_reason_s_line_is_not_shown(hunkworks: Hunkworks, repo: Repo) -> None:
    secret = "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a"
    repo.write("a.py", "x = 1\n")
    repo.commit()
    repo.write(
        "a.py", f'x = 1\nlock = threading.Lock(token="{secret}")  # races with \x1b[31m the other thread\n'
    )
    for arguments in (["route"], ["route", "--json"]):
        done = hunkworks(*arguments)
        assert "lock" in done.out
        assert secret not in done.out
        assert "\x1b[31m" not in done.out


def test_a_diff_on_standard_input_needs_no_repository(
    hunkworks: Hunkworks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    patch = (
        b"diff --git a/a.go b/a.go\n--- a/a.go\n+++ b/a.go\n@@ -1 +1,2 @@\n x := 1\n+mu.Lock() // data race\n"
    )
    assert hunkworks("route", "--stdin", "--json", stdin=patch).json["tier"] == "deep"


def test_a_cut_diff_is_refused(hunkworks: Hunkworks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    patch = b"diff --git a/a.go b/a.go\n--- a/a.go\n+++ b/a.go\n@@ -1,9 +1,9 @@\n x := 1\n"
    done = hunkworks("route", "--stdin", stdin=patch)
    assert done.code == 2
    assert "within a hunk" in done.err


def report(number: int, score: float, *, useful: bool) -> bytes:
    finding = {
        "fingerprint": f"f{number}",
        "stamp": "confirmed" if useful else "unverified",
        "status": "open",
    }
    return msgspec.json.encode(
        {
            "change": {"id": f"c{number}"},
            "route": {"score": score, "tier": "deep" if score >= 0.5 else "default"},
            "engine": "session",
            "findings": [finding],
        }
    )


def reviewed(repo: Repo, reviews: list[tuple[float, bool]]) -> None:
    ledger = Ledger(repo.root / ".git" / "hunkworks" / "ledger")
    now = datetime.now(UTC)
    for number, (score, useful) in enumerate(reviews):
        digest = ledger.put(report(number, score, useful=useful))
        ledger.append(
            Record(
                verb="review report",
                started=now,
                ended=now,
                versions=Versions(pack="0", python="3"),
                route=RouteTaken(tier="deep"),
                outcome=Outcome(exit=0),
                bodies={"report": digest},
            )
        )


def test_calibrate_without_reviews_says_what_is_missing(hunkworks: Hunkworks, repo: Repo) -> None:
    done = hunkworks("route", "calibrate")
    assert done.code == 0
    assert "0 reviews by a model" in done.out
    assert "30 more reviews with a useful finding are needed. The threshold stays 0.5." in done.out


def test_calibrate_suggests_one_line_that_keeps_the_useful_findings(hunkworks: Hunkworks, repo: Repo) -> None:
    reviewed(repo, [(0.7 + number / 1000, True) for number in range(40)] + [(0.6, False)] * 40)
    done = hunkworks("route", "calibrate")
    assert "80 reviews by a model, 40 of them with a useful finding." in done.out
    assert "← suggested" in done.out
    assert done.out.splitlines()[-1] == "route.threshold = 0.702"
    document = hunkworks("route", "calibrate", "--json").json
    assert (document["suggested"], document["missing"], document["reviews"]) == (0.702, 0, 80)


def test_calibrate_counts_reports_it_cannot_read(hunkworks: Hunkworks, repo: Repo) -> None:
    reviewed(repo, [(0.7, True)])
    for body in (repo.root / ".git" / "hunkworks" / "ledger" / "bodies").rglob("*"):
        if body.is_file():
            body.write_bytes(b"{}")
    done = hunkworks("route", "calibrate", "--json").json
    assert (done["reviews"], done["unread"]) == (0, 1)
