"""What a change did to symbols, as a reviewer would say it."""

from __future__ import annotations

import io

import pytest

from hunkworks.change.patch import Patch
from hunkworks.change.repository import Repository
from hunkworks.change.select import Selector, select
from hunkworks.change.symbol_changes import SymbolReport, symbol_changes
from tests.repo import Repo

LONG = "    first = load(a)\n    second = store(first, key=a)\n    return first + second + total(a, 3)\n"


def report_of(repo: Repo, before: dict[str, str], after: dict[str, str]) -> SymbolReport:
    for path, text in before.items():
        repo.write(path, text)
    repo.write("keep.txt", "so that there is a commit")
    repo.commit()
    for path in before.keys() - after.keys():
        (repo.root / path).unlink()
    for path, text in after.items():
        repo.write(path, text)
    return symbol_changes(select(Repository.discover(repo.root), Selector()))


def told(report: SymbolReport) -> list[str]:
    lines = []
    for each in report.changes:
        before = each.before.qualified if each.before else ""
        arrow = f"{before} -> " if each.what in ("renamed", "moved") else ""
        lines.append(f"{each.what} {arrow}{each.symbol.qualified}")
    return sorted(lines)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "def f():\n    pass\n", ["added f"]),
        ("def f():\n    pass\n", "x = 1\n", ["removed f"]),
        (f"def f(a):\n{LONG}", f"def f(a):\n    start()\n{LONG}", ["changed f"]),
        (f"def f(a):\n{LONG}", f"def f(a, b=1):\n{LONG}", ["re-signed f"]),
        (f"def f(a):\n{LONG}", f"def g(a):\n{LONG}", ["renamed f -> g"]),
        (f"def f(a):\n{LONG}", f"# why\n\ndef f(a):\n    '''Because.'''\n{LONG}", []),
        (f"def f(a):\n{LONG}", f"def f(\n    a,\n):\n{LONG}", []),
        ("def f():\n    return 1\n", "def g():\n    return 2\n", ["added g", "removed f"]),
        (
            f"class A:\n    x = 1\n    def f(a):\n{LONG.replace('    ', '        ')}",
            f"class B:\n    x = 1\n    def f(a):\n{LONG.replace('    ', '        ')}",
            ["moved A.f -> B.f", "renamed A -> B"],
        ),
        (
            "class A:\n    x = 1\n    def f(a): ...\n",
            "class A:\n    x = 2\n    def f(a): ...\n",
            ["changed A"],
        ),
    ],
)
def test_in_one_file(repo: Repo, before: str, after: str, expected: list[str]) -> None:
    assert told(report_of(repo, {"a.py": before}, {"a.py": after})) == expected


def test_a_function_that_went_to_another_file_is_moved(repo: Repo) -> None:
    report = report_of(
        repo,
        {"a.py": f"x = 1\ndef f(a):\n{LONG}", "b.py": "y = 1\n"},
        {"a.py": "x = 1\n", "b.py": f"y = 1\ndef f(a):\n{LONG}"},
    )
    assert told(report) == ["moved f -> f"]
    assert (report.changes[0].old_path, report.changes[0].path) == ("a.py", "b.py")
    assert not report.changes[0].altered


def test_overloads_are_told_apart_by_their_parameters(repo: Repo) -> None:
    before = "class A {\n  void f(int a) { one(); }\n  void f(String a) { two(); }\n}\n"
    after = "class A {\n  void f(long b) { zero(); }\n  void f(int a) { one(); }\n  void f(String a) { three(); }\n}\n"
    report = report_of(repo, {"A.java": before}, {"A.java": after})
    assert [(each.what, each.symbol.parameters) for each in report.changes] == [
        ("added", "(long)"),
        ("changed", "(String)"),
    ]


def test_swift_labels_are_part_of_the_signature(repo: Repo) -> None:
    report = report_of(
        repo,
        {"A.swift": "struct A {\n  func f(_ a: Int) { g(a) }\n}\n"},
        {"A.swift": "struct A {\n  func f(of a: Int) { g(a) }\n}\n"},
    )
    assert [(each.what, each.resigned) for each in report.changes] == [("re-signed", True)]


def test_the_same_symbols_under_windows_line_ends(repo: Repo) -> None:
    text = f"def f(a):\n{LONG}"
    assert told(report_of(repo, {"a.py": text}, {"a.py": text.replace("\n", "\r\n")})) == []


def test_a_renamed_file_holds_the_same_symbols(repo: Repo) -> None:
    text = f"def f(a):\n{LONG}\n\ndef g(a):\n{LONG}"
    assert told(report_of(repo, {"a.py": text}, {"b.py": text})) == []


def test_generated_and_foreign_files_are_left_out_and_unread_ones_are_said(repo: Repo) -> None:
    report = report_of(
        repo, {}, {"a_pb2.py": "def f(): ...\n", "vendor/b.py": "def f(): ...\n", "c.rb": "def f; end\n"}
    )
    assert report.changes == ()
    assert report.unread == (("c.rb", "no reader for this language"),)


def test_a_diff_without_the_files_says_that_it_cannot_tell() -> None:
    patch = b"--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n-x = 1\n+x = 2\n"
    report = symbol_changes(Patch(io.BytesIO(patch)))
    assert report.unread == (("a.py", "the whole file is not at hand"),)


def test_a_copy_declares_something_new_and_its_original_keeps_what_it_has(repo: Repo) -> None:
    text = f"def f(a):\n{LONG}\n\ndef g(a):\n{LONG}"
    report = report_of(repo, {"a.py": text}, {"a.py": f"{text}x = 1\n", "b.py": f"{text}y = 1\n"})
    assert told(report) == ["added f", "added g"]
