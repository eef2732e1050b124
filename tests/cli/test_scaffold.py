"""`hunkworks scaffold` as a user meets it: symbols, stubs, the proof that they were written, and untrue documents."""

from __future__ import annotations

import sys

import pytest

from tests.cli.invoke import Hunkworks
from tests.repo import Repo

CACHE = "class Cache:\n    def size(self):\n        return 1\n"
LOAD = "\n    def load(self, key):\n        return [key]\n\n\ndef purge_all(cache):\n    return cache.load(None)\n"
TEST = "from cache import Cache\n\n\ndef test_size():\n    assert Cache().size() == 1\n"
WRITTEN = """

def test_cache_load():
    assert Cache().load(1) == [1]


def test_purge_all():
    assert purge_all(Cache()) == [None]
"""


@pytest.fixture
def project(repo: Repo) -> Repo:
    """A module with a test, and a change that adds a method and a function to it."""
    repo.write("cache.py", CACHE)
    repo.write("test_cache.py", TEST)
    repo.write("pyproject.toml", "[project]\nname = 'cache'\n")
    repo.commit()
    repo.write("cache.py", CACHE + LOAD)
    return repo


def test_symbols_of_the_working_tree(project: Repo, hunkworks: Hunkworks) -> None:
    shown = hunkworks("scaffold", "symbols")
    assert shown.code == 0
    assert "added     method      cache.py:5 Cache.load" in shown.out
    told = hunkworks("scaffold", "symbols", "--json").json
    assert [(each["what"], each["after"]["qualified"]) for each in told["symbols"]] == [
        ("added", "Cache.load"),
        ("added", "purge_all"),
    ]
    assert project.git("status", "--short") == " M cache.py\n"


def test_symbols_need_no_repository_for_a_diff_but_say_what_they_could_not_read(hunkworks: Hunkworks) -> None:
    patch = "--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n-x = 1\n+x = 2\n"
    told = hunkworks("scaffold", "symbols", "--stdin", "--json", stdin=patch).json
    assert told["unread"] == [{"path": "a.py", "why": "the whole file is not at hand"}]


def test_a_plan_is_a_diff_and_writes_nothing(project: Repo, hunkworks: Hunkworks) -> None:
    shown = hunkworks("scaffold", "tests", "--plan")
    assert shown.code == 0
    assert "The working tree against HEAD: 2 functions added or altered; 2 to stub" in shown.out
    assert "+def test_cache_load():\n" in shown.out
    assert project.git("status", "--short") == " M cache.py\n"


def test_stubs_are_written_once(project: Repo, hunkworks: Hunkworks) -> None:
    first = hunkworks("scaffold", "tests", "--json").json
    assert first["counts"] == {"functions": 2, "stubs": 2, "waiting": 0, "named": 0, "refused": 0}
    assert first["written"] == ["test_cache.py"]
    after = (project.root / "test_cache.py").read_text()
    assert after.startswith(TEST)
    second = hunkworks("scaffold", "tests", "--json").json
    assert second["counts"] == {"functions": 2, "stubs": 0, "waiting": 2, "named": 0, "refused": 0}
    assert (project.root / "test_cache.py").read_text() == after


def test_a_path_that_no_string_can_hold_as_it_is_gets_one_stub(project: Repo, hunkworks: Hunkworks) -> None:
    project.write('it\'s $a \\ "b".py', "def load_all():\n    return 1\n")
    assert hunkworks("scaffold", "tests", "--json").json["counts"]["stubs"] == 3
    assert hunkworks("scaffold", "tests", "--json").json["counts"]["waiting"] == 3


def test_the_gate_opens_when_every_stub_is_written_and_passes(
    project: Repo, hunkworks: Hunkworks, monkeypatch: pytest.MonkeyPatch
) -> None:
    hunkworks("scaffold", "tests")
    waiting = hunkworks("scaffold", "tests", "--check", "--json")
    assert (waiting.code, waiting.json["counts"]["unwritten"]) == (1, 2)

    written = TEST.replace("import Cache", "import Cache, purge_all") + WRITTEN
    project.write("test_cache.py", written)
    named = hunkworks("scaffold", "tests", "--check", "--json")
    assert (named.code, named.json["counts"]) == (0, {"named": 2, "left_out": 0})

    monkeypatch.setenv("VIRTUAL_ENV", sys.prefix)  # the Python that has pytest
    project.write("test_cache.py", written.replace("== [None]", "== []"))
    ran = hunkworks("scaffold", "tests", "--check", "--run", "--json")
    assert ran.json["counts"] == {"failed": 1, "passed": 1, "left_out": 0}, ran.out
    assert ran.code == 1


def test_the_gate_holds_when_they_pass(
    repo: Repo, hunkworks: Hunkworks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIRTUAL_ENV", sys.prefix)
    repo.write(
        "test_a.py", "import unittest\n\nclass ATest(unittest.TestCase):\n    def test_one(self): pass\n"
    )
    repo.commit()
    repo.write("a.py", "def load_all():\n    return 1\n")
    hunkworks("scaffold", "tests")
    stub = 'self.fail("unwritten test of a.py#load_all")'
    text = (repo.root / "test_a.py").read_text()
    repo.write("test_a.py", text.replace(stub, "self.assertEqual(__import__('a').load_all(), 1)"))
    ran = hunkworks("scaffold", "tests", "--check", "--run")
    assert ran.code == 0, ran.out
    assert "passed    a.py:1 load_all\n          passed   test_a.py::ATest::test_load_all\n" in ran.out
    assert "-m unittest -v -k ATest.test_load_all test_a.py\n" in ran.out


def test_a_name_in_a_string_or_a_comment_is_no_call(project: Repo, hunkworks: Hunkworks) -> None:
    told = 'from cache import purge_all, Cache\n\ndef test_it():\n    # Cache.load\n    assert "purge_all" and "load"\n'
    project.write("test_cache.py", told)
    found = hunkworks("scaffold", "tests", "--check")
    assert found.code == 1
    assert "untested  cache.py:5 Cache.load" in found.out
    assert "test_cache.py holds its name, but no test there calls it" in found.out


def test_what_no_test_can_call_is_refused_with_the_reason(repo: Repo, hunkworks: Hunkworks) -> None:
    repo.write("src/a.ts", "export const x = 1\n")
    repo.write("src/a.test.ts", "import { test } from 'vitest'\ntest('x', () => {})\n")
    repo.commit()
    repo.write(
        "src/a.ts",
        "function inner() { return 1 }\nexport class A {\n  constructor() { f() }\n  private p() { g() }\n"
        "  get v() { return 2 }\n  run(): void { h() }\n}\n",
    )
    refused = hunkworks("scaffold", "tests", "--plan", "--json").json["refused"]
    assert [(each["function"]["symbol"], each["why"]) for each in refused] == [
        ("inner", "not exported: a test cannot import it"),
        ("A.constructor", "a constructor: tested with its type"),
        ("A.p", "private: a test cannot call it"),
        ("A.v", "a property: tested by what reads it"),
    ]


def test_a_project_without_tests_shows_no_place_for_one(repo: Repo, hunkworks: Hunkworks) -> None:
    repo.write("a.py", "def load_all():\n    return 1\n")
    refused = hunkworks("scaffold", "tests", "--json").json["refused"]
    assert [each["why"] for each in refused] == ["no test of this language here shows where one would stand"]


def test_a_framework_without_stubs_is_named(repo: Repo, hunkworks: Hunkworks) -> None:
    repo.write("a.test.js", "import test from 'ava'\ntest('x', t => t.pass())\n")
    repo.write("a.js", "export function loadAll() { return 1 }\n")
    refused = hunkworks("scaffold", "tests", "--json").json["refused"]
    assert "for which there are no stubs" in refused[0]["why"]


def test_a_change_that_is_not_checked_out_is_planned_and_not_written(
    project: Repo, hunkworks: Hunkworks
) -> None:
    middle = project.commit()
    project.git("rm", "-q", "cache.py")
    project.commit()
    assert hunkworks("scaffold", "tests", "--range", f"{middle}^..{middle}", "--plan").code == 0
    refused = hunkworks("scaffold", "tests", "--range", f"{middle}^..{middle}")
    assert refused.code == 2
    assert "not checked out" in refused.err


def test_options_that_contradict_each_other(project: Repo, hunkworks: Hunkworks) -> None:
    assert project.root.is_dir()
    assert hunkworks("scaffold", "tests", "--run").code == 2
    assert hunkworks("scaffold", "tests", "--check", "--plan").code == 2
    assert hunkworks("scaffold", "tests", "--stdin", stdin="").code == 2


def test_a_document_that_names_what_is_gone_fails(repo: Repo, hunkworks: Hunkworks) -> None:
    body = "    first = start(a)\n    second = finish(first, key=a)\n    return first + second\n"
    repo.write("app.py", f"def load_cache(a):\n{body}\n\ndef get(a):\n    return a\n")
    repo.write(
        "docs/use.md",
        "# Use\n\nCall `load_cache(x)`, then get it.\n\n```python\nget(1)\nload_cache(2)\n```\n",
    )
    repo.write("CHANGELOG.md", "Added `load_cache`.\n")
    repo.write("README.md", "load_cache is prose here.\n")
    repo.commit()
    repo.write("app.py", f"def read_cache(a):\n{body}")
    found = hunkworks("scaffold", "docs", "--json")
    assert found.code == 1
    assert [(each["path"], each["line"], each["now"]) for each in found.json["failures"]] == [
        ("docs/use.md", 3, "read_cache"),
        ("docs/use.md", 7, "read_cache"),
    ]
    assert [(each["path"], each["line"]) for each in found.json["hints"]] == [
        ("README.md", 1),
        ("docs/use.md", 6),
    ]
    assert found.json["past"] == 1
    assert hunkworks("scaffold", "docs", "--exit-zero").code == 0
    assert "untrue   docs/use.md:3 load_cache renamed, now read_cache" in hunkworks("scaffold", "docs").out


def test_a_document_whose_call_still_works_does_not_fail(repo: Repo, hunkworks: Hunkworks) -> None:
    repo.write("app.py", "def load_cache(a):\n    return a\n")
    repo.write("README.md", "Call `load_cache(x)`.\n")
    repo.commit()
    for fits in ("a, key=None", "b", "a: str = ''"):
        repo.write("app.py", f"def load_cache({fits}):\n    return 1\n")
        assert "0 lines untrue, 0 to be looked at" in hunkworks("scaffold", "docs").out
    repo.write("app.py", "def load_cache():\n    return 1\n")
    assert hunkworks("scaffold", "docs").code == 1


def test_an_anchor_is_stale_until_its_text_or_its_digest_is_renewed(repo: Repo, hunkworks: Hunkworks) -> None:
    anchor = "<!-- doc-of: app.py#Cache.load -->"
    repo.write("app.py", "class Cache:\n    def load(self):\n        return 1\n")
    example = "```\n<!-- doc-of: app.py#Cache.gone @00000000 -->\n```\n"
    other = "<!-- doc-of: app.py#Cache.other -->\nElse.\n"
    repo.write("docs/a.md", f"# A\n\n{anchor}\nIt returns one.\n\n{other}{example}")
    repo.commit()
    repo.write("app.py", "class Cache:\n    def load(self):\n        return 2\n")
    stale = hunkworks("scaffold", "docs", "--json").json["failures"]
    assert [(each["path"], each["line"], each["symbol"]) for each in stale] == [
        ("docs/a.md", 3, "Cache.load")
    ]

    repo.write("docs/a.md", (repo.root / "docs/a.md").read_text().replace("one", "two"))
    assert hunkworks("scaffold", "docs").code == 0

    repo.write("docs/a.md", f"{anchor.replace(' -->', ' @00000000 -->')}\nIt returns two.\n")
    found = hunkworks("scaffold", "docs", "--json")
    digest = found.json["failures"][0]["why"].rpartition("@")[2].split()[0]
    repo.write("docs/a.md", f"{anchor.replace(' -->', f' @{digest} -->')}\nIt returns two.\n")
    assert hunkworks("scaffold", "docs").code == 0

    repo.write("app.py", "class Cache:\n    pass\n")
    assert "the symbol of this anchor is gone" in hunkworks("scaffold", "docs").out


GINKGO = """\
package store_test

import (
	. "github.com/onsi/ginkgo/v2"
)

var _ = Describe("Store", func() {})
"""
GINKGO_SUITE = """\
package store_test

import (
	"testing"

	. "github.com/onsi/ginkgo/v2"
)

func TestStore(t *testing.T) { RunSpecs(t, "Store") }
"""


def test_a_package_without_a_suite_of_ginkgo_s_gets_no_test_that_nothing_runs(
    repo: Repo, hunkworks: Hunkworks
) -> None:
    repo.write("store/store_test.go", GINKGO)
    repo.write("store/store.go", "package store\n")
    repo.commit()
    repo.write("store/store.go", "package store\n\nfunc Total() int { return sum(1) }\n")
    refused = hunkworks("scaffold", "tests", "--json").json["refused"]
    assert "store has no RunSpecs" in refused[0]["why"]
    repo.write("store/suite_test.go", GINKGO_SUITE)
    planned = hunkworks("scaffold", "tests", "--json").json
    assert [(each["name"], each["framework"]) for each in planned["stubs"]] == [("Total works", "Ginkgo")]


def test_a_new_spec_of_kotest_s_takes_the_style_of_the_nearest_one(repo: Repo, hunkworks: Hunkworks) -> None:
    folder = "src/test/kotlin"
    repo.write(
        f"{folder}/a/Helper.kt", "package a\n\nimport io.kotest.core.spec.Spec\n\nval all = listOf<Spec>()\n"
    )
    spec = 'import io.kotest.core.spec.style.WordSpec\n\nclass SizeTest : WordSpec({\n  "a" should { "b" { } }\n})\n'
    repo.write(f"{folder}/a/SizeTest.kt", f"package a\n\n{spec}")
    repo.commit()
    repo.write("src/main/kotlin/a/Total.kt", "package a\n\nfun total(): Int = sum(1)\n")
    assert hunkworks("scaffold", "tests", "--json").json["written"] == [f"{folder}/a/TotalTest.kt"]
    assert 'class TotalTest : WordSpec({\n  "total" should {\n    "works" {\n' in (
        repo.root / folder / "a/TotalTest.kt"
    ).read_text(encoding="utf-8")


def test_one_failing_test_among_passing_ones_fails_the_function(
    project: Repo, hunkworks: Hunkworks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each test that names the function is listed, the failing one with the first line of why."""
    monkeypatch.setenv("VIRTUAL_ENV", sys.prefix)
    more = "\n\ndef test_purge_all_of_two():\n    assert purge_all(Cache()) == [2]\n"
    more += "\n\ndef test_else():\n    raise OSError\n"
    project.write("test_cache.py", TEST.replace("import Cache", "import Cache, purge_all") + WRITTEN + more)
    ran = hunkworks("scaffold", "tests", "--check", "--run")
    assert ran.code == 1
    assert "failed    cache.py:9 purge_all: a test that names it fails\n" in ran.out
    assert "          failed   test_cache.py::test_purge_all_of_two: assert [None] == [2]\n" in ran.out
    assert "          passed   test_cache.py::test_purge_all\n" in ran.out
    assert "test_cache.py::test_purge_all_of_two\n" in ran.out.rpartition("ran ")[2]
    assert "test_else" not in ran.out


def test_the_plan_and_the_check_say_the_same_word(project: Repo, hunkworks: Hunkworks) -> None:
    used = "\n\ndef test_all():\n    assert purge_all(Cache())\n\n\ndef test_load():\n    Cache().load(1)\n"
    project.write("test_cache.py", TEST.replace("import Cache", "import Cache, purge_all") + used)
    planned = hunkworks("scaffold", "tests", "--plan").out
    checked = hunkworks("scaffold", "tests", "--check").out
    assert "named     cache.py:9 purge_all in test_cache.py::test_all\n" in planned
    assert "named     cache.py:9 purge_all\n          named    test_cache.py::test_all\n" in checked
    why = "test_cache.py::test_load names it, but it asserts nothing that can fail\n"
    assert f"test_cache_load (pytest); {why}" in planned
    assert f"untested  cache.py:5 Cache.load: {why}" in checked
    anchor = "test-of: cache.py#Cache.load"
    assert checked.endswith(f"inside of it: {anchor}\n")
    project.write("test_cache.py", TEST.replace(":\n", f":\n    # {anchor}\n"))
    assert "named     cache.py:5 Cache.load\n" in hunkworks("scaffold", "tests", "--check").out


def test_the_command_that_proves_keeps_the_option_that_chose_the_change(
    project: Repo, hunkworks: Hunkworks
) -> None:
    project.git("add", ".")
    assert (
        "then: hunkworks scaffold tests --check --staged\n" in hunkworks("scaffold", "tests", "--staged").out
    )
    project.git("checkout", "-q", "test_cache.py")
    assert "then: hunkworks scaffold tests --check --base HEAD\n" in (
        hunkworks("scaffold", "tests", "--base", "HEAD").out
    )


def test_what_the_plan_refuses_the_check_leaves_out_with_the_reason(repo: Repo, hunkworks: Hunkworks) -> None:
    repo.write("a.test.js", "import test from 'ava'\ntest('x', t => t.pass())\n")
    repo.write("a.js", "export function loadAll() { return 1 }\n")
    checked = hunkworks("scaffold", "tests", "--check")
    assert checked.code == 0
    assert (
        "left out  a.js:1 loadAll: a.test.js is written with ava, for which there are no stubs\n"
        in checked.out
    )


def test_a_stub_goes_where_the_runner_and_the_project_find_it(repo: Repo, hunkworks: Hunkworks) -> None:
    """An asynchronous twin has a test of the same name; an underscore before a file is no part of a test's name."""
    test = "def test_one():\n    assert 1\n"
    repo.write("lib/store.py", "")
    repo.write("lib/aio/store.py", "")
    repo.write("lib/_compat.py", "")
    repo.write("tests/test_store.py", f"from lib.store import a\n\n\n{test}")
    repo.write("tests/test_aio/test_store.py", f"from lib.aio.store import a\n\n\n{test}")
    repo.write("tests/test_compat.py", f"import lib\n\n\n{test}")
    repo.commit()
    for path in ("lib/store.py", "lib/aio/store.py", "lib/_compat.py", "lib/_new.py"):
        repo.write(path, f"def load_{path[4:-3].replace('/', '_')}():\n    return 1\n")
    planned = hunkworks("scaffold", "tests", "--plan", "--json").json
    assert {each["function"]["path"]: each["test"] for each in planned["stubs"]} == {
        "lib/_compat.py": "tests/test_compat.py",
        "lib/_new.py": "tests/test_new.py",
        "lib/aio/store.py": "tests/test_aio/test_store.py",
        "lib/store.py": "tests/test_store.py",
    }


def test_a_test_that_passes_on_the_old_code_too_is_marked(
    repo: Repo, hunkworks: Hunkworks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That is no failure: a change may keep what the function does."""
    monkeypatch.setenv("VIRTUAL_ENV", sys.prefix)
    repo.write(
        "src/cache.py", "def purge_all(cache):\n    return []\n\n\ndef load_all(cache):\n    return 1\n"
    )
    repo.write("pyproject.toml", "[tool.pytest.ini_options]\npythonpath = ['src']\n")
    repo.write("tests/test_cache.py", "")
    repo.commit()
    new = "def purge_all(cache):\n    return cache[:0]\n\n\ndef load_all(cache):\n    return 2\n"
    repo.write("src/cache.py", new)
    tests = (
        "from cache import load_all, purge_all\n\n\ndef test_purge_all():\n    assert purge_all([1]) == []\n\n\n"
        "def test_load_all():\n    assert load_all([]) == 2\n\n\n"
        "def test_load_all_is_true():\n    assert load_all([])\n"
    )
    repo.write("tests/test_cache.py", tests)
    ran = hunkworks("scaffold", "tests", "--check", "--run")
    assert ran.code == 0, ran.out
    assert "passed    src/cache.py:1 purge_all: no test that names it fails on the old code\n" in ran.out
    assert "passed    src/cache.py:5 load_all\n" in ran.out
    assert "          passed   tests/test_cache.py::test_load_all\n" in ran.out
    assert "test_load_all_is_true: passes on the old code, too\n" in ran.out
    assert (repo.root / "src/cache.py").read_text() == new
    assert (
        repo.git("status", "--short", "--untracked-files=no") == " M src/cache.py\n M tests/test_cache.py\n"
    )


def test_a_file_of_tests_that_cannot_be_loaded_says_why_and_hides_no_other(
    project: Repo, hunkworks: Hunkworks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIRTUAL_ENV", sys.prefix)
    project.write(
        "test_cache.py", f"import no_such_module\n{TEST}\n\ndef test_load():\n    assert Cache().load(1)\n"
    )
    used = "from cache import Cache, purge_all\n\n\ndef test_all():\n    assert purge_all(Cache())\n"
    project.write("test_other.py", used)
    ran = hunkworks("scaffold", "tests", "--check", "--run")
    assert ran.code == 1
    why = "ModuleNotFoundError: No module named 'no_such_module'"
    assert f"          not run  test_cache.py::test_load: {why}\n" in ran.out
    assert "passed    cache.py:9 purge_all\n" in ran.out
