"""`hunkworks stats` counts what became of findings from the code's later history."""

from __future__ import annotations

from tests.cli.invoke import Hunkworks
from tests.cli.reviewed import CACHE, FINDING, answer
from tests.repo import Repo


def test_before_any_review_it_says_so(repo: Repo, hunkworks: Hunkworks) -> None:
    assert "No finding was shown yet." in hunkworks("stats").out


def test_each_finding_is_counted_once_by_what_became_of_it(repo: Repo, hunkworks: Hunkworks) -> None:
    repo.write("cache.py", CACHE)
    repo.commit()
    repo.write(
        "cache.py", CACHE.replace("with lock:", "if key not in items:").replace("return value", "return 1")
    )
    hunkworks("review", "plan")
    wrong = {**FINDING, "class": "logic", "quote": "    return 1"}
    hunkworks("review", "record", stdin=answer("p001", FINDING, wrong))
    hunkworks("review", "report")
    hunkworks("review", "report")
    counted = hunkworks("stats", "--json").json
    assert counted["reviews"] == 2
    assert counted["total"] == {"said": 2, "addressed": 0, "dismissed": 0, "standing": 2}

    logic = next(f for f in hunkworks("review", "report", "--json").json["findings"] if f["class"] == "logic")
    hunkworks("review", "dismiss", logic["fingerprint"], "--why", "meant")
    repo.write("cache.py", CACHE.replace("return value", "return 1"))
    counted = hunkworks("stats", "--json").json
    assert counted["classes"]["concurrency"]["addressed"] == 1
    assert counted["classes"]["logic"]["dismissed"] == 1
    assert "concurrency" in hunkworks("stats").out


def test_since_leaves_out_what_ran_before(repo: Repo, hunkworks: Hunkworks) -> None:
    hunkworks("review")
    assert hunkworks("stats", "--since", "2999-01-01", "--json").json["reviews"] == 0


def test_code_that_moved_to_another_file_is_not_counted_as_addressed(
    repo: Repo, hunkworks: Hunkworks
) -> None:
    repo.write("cache.py", CACHE)
    repo.commit()
    repo.write("cache.py", CACHE.replace("with lock:", "if key not in items:"))
    hunkworks("review", "plan")
    hunkworks("review", "record", stdin=answer("p001", FINDING))
    hunkworks("review", "report")
    (repo.root / "cache.py").rename(repo.root / "table.py")
    repo.git("add", "-A")
    assert hunkworks("stats", "--json").json["total"]["standing"] == 1


def test_it_reads_as_a_table_with_what_its_words_mean(repo: Repo, hunkworks: Hunkworks) -> None:
    repo.write("a.py", "import pdb\n\npdb.set_trace()\n")
    hunkworks("review")
    told = hunkworks("stats").out
    assert "1 reviews (0 deep, 0 incomplete); no human was called" in told
    assert "cost: not known" in told
    assert "ignored: it stands there" in told
