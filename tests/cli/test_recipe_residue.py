"""Residue: packets answered, rejected, waived; what does not hold writes nothing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.recipes import BASE, GUARD, answer, document, text, write
from tests.repo import Repo


class TestAnswers:
    """Only the allowed lines, the match gone or waived with a reason, and the file still parses."""

    @pytest.fixture(autouse=True)
    def _residue(self, project: Repo, capsys: pytest.CaptureFixture[str]) -> None:
        document(capsys, "run", "use-log", code=1)

    @pytest.mark.parametrize(
        ("given", "why"),
        [
            ({"replacement": "print( *x )"}, "the match is still there"),
            ({"replacement": "log(("}, "would no longer parse"),
            ({"waive": " "}, "without a reason"),
            ({}, "exactly one of"),
            ({"replacement": "x", "waive": "y"}, "exactly one of"),
            ({"values": {"a": "b"}}, "a is not asked for"),
        ],
    )
    def test_what_does_not_hold_is_rejected_and_nothing_is_written(
        self,
        project: Repo,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
        given: dict[str, Any],
        why: str,
    ) -> None:
        before = text(project)
        done = answer(monkeypatch, capsys, {"residue": "r001", **given}, code=1)
        assert why in done["rejected"][0]["why"]
        assert (text(project), done["open"]) == (before, 1)

    def test_a_replacement_of_other_length_and_its_import(
        self, project: Repo, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        given = {
            "residue": "r001",
            "replacement": "for one in x:\n    log.print(one)\n",
            "imports": ["import log"],
        }
        assert answer(monkeypatch, capsys, given)["accepted"] == ["r001"]
        assert text(project) == (
            "import log\n\nprint(0)\nlog.print(1)\nfor one in x:\n    log.print(one)\nlog.print(\n    2)\n"
        )

    def test_a_waived_match_stays_and_is_closed(
        self, project: Repo, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        done = answer(monkeypatch, capsys, {"residue": "r001", "waive": "a script"})
        assert (done["waived"], done["open"]) == (["r001"], 0)
        assert "print(*x)" in text(project)
        done = answer(monkeypatch, capsys, {"residue": "r001", "values": {}}, {"residue": "r009"}, code=1)
        assert [one["why"] for one in done["rejected"]] == [
            "it is waived already",
            "there is no such residue",
        ]

    def test_an_edit_in_the_allowed_lines_is_an_answer(
        self, project: Repo, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        project.write("app.py", text(project).replace("print(*x)", "log.all(\n    *x\n)"))
        assert answer(monkeypatch, capsys)["accepted"] == ["r001"]
        assert "log.all(\n    *x\n)" in text(project)

    def test_an_edit_elsewhere_is_named_and_nothing_of_that_file_is_accepted(
        self, project: Repo, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        left = text(project)
        project.write("app.py", left.replace("print(0)", "print('mine')"))
        project.write("other.py", "x = 1\n")
        done = answer(monkeypatch, capsys, {"residue": "r001", "values": {}}, code=1)
        assert done["outside"] == [{"path": "other.py", "lines": "all"}, {"path": "app.py", "lines": "1"}]
        assert "outside of the allowed lines, at line 1" in done["rejected"][0]["why"]
        (project.root / "other.py").unlink()
        project.write("app.py", left)
        assert answer(monkeypatch, capsys, {"residue": "r001", "values": {}})["accepted"] == ["r001"]


def test_matches_that_share_lines_are_answered_together_or_one_by_one(
    project: Repo, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    added = "print(*a); print(*b)\nx = [print(\n    *c), print(\n    *d)]\nprint(*e); print(*f)\n"
    project.write("app.py", BASE + added)
    done = document(capsys, "run", "use-log", code=1)
    assert [one["allowed"] for one in done["residue"]] == [[2, 2], [2, 2], [3, 5], [3, 5], [6, 6], [6, 6]]
    assert done["residue"][2]["shares"] == ["r004"]
    assert done["residue"][3]["proposed"] == "x = [print(\n    *c), log.print(\n    *d)]"
    project.write("app.py", text(project).replace("[print(\n    *c), print(\n    *d)]", "[all(*c), all(*d)]"))
    given: list[dict[str, Any]] = [
        {"residue": "r001", "replacement": "log(*a); print(*b)"},
        {"residue": "r002", "values": {}},
        {"residue": "r005", "replacement": "log(*e, *f)"},
    ]
    judged = answer(monkeypatch, capsys, *given)
    assert sorted(judged["accepted"]) == ["r001", "r002", "r003", "r004", "r005", "r006"]
    assert text(project) == BASE + "log(*a); log.print(*b)\nx = [all(*c), all(*d)]\nlog(*e, *f)\n"


def test_a_batch_stops_when_too_few_first_answers_hold(
    project: Repo, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    project.write("app.py", BASE + "print(*a)\nprint(*b)\nprint(*c)\nprint(*d)\n")
    document(capsys, "run", "use-log", code=1)
    answer(monkeypatch, capsys, {"residue": "r001", "values": {}})
    wrong: list[dict[str, Any]] = [{"residue": f"r00{n}", "replacement": "print(1)"} for n in (2, 3)]
    done = answer(monkeypatch, capsys, *wrong, code=1)
    assert done["stopped"] == "only 1 of 3 first answers hold: look at the recipe before going on"
    refused = answer(monkeypatch, capsys, {"residue": "r004", "values": {}}, code=2)
    assert "no more answers are taken" in refused["error"]


def test_two_recipes_leave_residue_that_follows_each_other(
    project: Repo, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(project, "use-info", GUARD, name="info")
    project.write("app.py", BASE + "print(*a)\ninfo(\n    1,\n)\ninfo(*b)\n")
    done = document(capsys, "run", "use-info", "use-log", code=1)
    assert [[one["id"] for one in each["residue"]] for each in done["runs"]] == [["r001"], ["r002"]]
    given: list[dict[str, Any]] = [
        {"residue": "r002", "replacement": "log(\n    *a\n)"},
        {"residue": "r001", "values": {}},
    ]
    assert answer(monkeypatch, capsys, *given)["open"] == 0
    assert text(project) == "print(0)\nlog(\n    *a\n)\nlog.info(\n    1)\nlog.info(*b)\n"
