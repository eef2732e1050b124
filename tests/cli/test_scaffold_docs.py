"""``hunkworks scaffold docs``: which lines of documents a change made untrue, and which are left in peace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import pytest

from tests.cli.invoke import Hunkworks
from tests.repo import Repo


@dataclass(frozen=True)
class Looked:
    """What was listed: lines of README.md, and all that was printed."""

    untrue: list[int]
    look_at: list[int]
    out: str


class Look(Protocol):
    """Changes code under a document and looks the document up."""

    def __call__(self, path: str, before: str, after: str, text: str, readme: str = ..., /) -> Looked: ...


@pytest.fixture
def look(repo: Repo, hunkworks: Hunkworks) -> Look:
    """Return a function that changes code under a document and looks the document up."""

    def run(path: str, before: str, after: str, text: str, readme: str = "README.md", /) -> Looked:
        repo.write(path, before)
        repo.write(readme, text)
        repo.commit()
        repo.write(path, after)
        found = hunkworks("scaffold", "docs", "--json").json
        lines = [[each["line"] for each in found[kind]] for kind in ("failures", "hints")]
        return Looked(lines[0], lines[1], hunkworks("scaffold", "docs", "--exit-zero").out)

    return run


GONE = "def connect(a):\n    return open_socket(a)\n\n\nclass Pool:\n    size = 1\n"


def test_one_word_that_is_gone_is_found_by_its_company(look: Look) -> None:
    text = "Call `connect()`.\n\n```python\nimport a\nfrom a import connect, Pool\na.connect(1)\n```\n"
    found = look("a.py", GONE, "def other(x, y):\n    return x * y\n", f"{text}\nWe connect a Pool.\n")
    assert found.untrue == [1, 5, 5, 6]
    assert found.look_at == []
    assert "not looked up, too ordinary: Pool (1 line), connect (1 line)" in found.out


def test_roles_and_directives_name_a_symbol(look: Look) -> None:
    text = "Use :func:`connect` and so on.\n\n.. autoclass:: Pool\n"
    found = look("a.py", GONE, "def other(x, y):\n    return x * y\n", text, "docs/use.rst")
    assert found.untrue == [1, 3]


def test_what_is_too_ordinary_is_told(look: Look) -> None:
    after = "def other(x, y):\n    return x.connect(y)\n"
    found = look("a.py", GONE, after, "Then `connect` it.\n\nThey connect.\n")
    assert (found.untrue, found.look_at) == ([], [])
    assert "not looked up, too ordinary: connect (2 lines)\n" in found.out


def test_go_s_package_stands_for_its_functions(look: Look) -> None:
    before = "package chi\n\nfunc Mount(a int) int {\n\treturn a\n}\n"
    found = look("mux.go", before, "package chi\n", "```go\nchi.Mount(1)\nother.Mount(1)\n```\n")
    assert (found.untrue, found.look_at) == ([2], [])


def test_a_constructor_is_called_as_its_type(look: Look) -> None:
    before = (
        "class Client:\n    def __init__(self, *, pool_limits=None):\n        self.limits = pool_limits\n"
    )
    code = "c = app.Client(pool_limits=x)\nd = app.Client()\ne = app.Client(\n    pool_limits=x,\n)\n"
    found = look(
        "app.py",
        before,
        before.replace("pool_limits", "limits"),
        f"Set `pool_limits` of `Client`.\n\n```python\n{code}```\n",
    )
    assert found.untrue == [4, 6]
    assert found.look_at == [1]
    assert "now def __init__(self, *, limits=None) (app.py:2; it takes no pool_limits)" in found.out


def test_somebody_else_s_function_of_one_name_is_left_alone(look: Look) -> None:
    before = "package middleware\n\nfunc WithValue(a, b int) int {\n\treturn a\n}\n"
    after = before.replace("a, b int", "a int")
    text = "```go\nctx := context.WithValue(r, 1)\nmiddleware.WithValue(1, 2)\n```\n"
    found = look("middleware/value.go", before, after, text)
    assert (found.untrue, found.look_at) == ([3], [])


def test_an_import_from_elsewhere_is_somebody_else_s(look: Look) -> None:
    text = "```python\nfrom a import other\nfrom psycopg import connect\nconnect(1)\n```\n"
    found = look("a.py", GONE, "def other(x, y):\n    return x * y\n", text)
    assert (found.untrue, found.look_at) == ([], [])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("func Set(key interface{}, val interface{}) {", "func Set(key, val interface{}) {"),
        ("func Set(key, val interface{}) {", "func Set(key, val any) {"),
        ("func Set(key, val int) int {", "func Set(k, v int) (int, error) {"),
    ],
)
def test_another_spelling_is_no_news(look: Look, before: str, after: str) -> None:
    found = look("set.go", f"package a\n\n{before}\n}}\n", f"package a\n\n{after}\n}}\n", "`a.Set(1, 2)`\n")
    assert (found.untrue, found.look_at) == ([], [])


def test_a_call_that_never_used_a_parameter_still_holds(look: Look) -> None:
    before = "class Client:\n    def get_all(self, url, first_page=1):\n        return url\n"
    text = "```python\nc = Client()\nc.get_all(u)\nc.get_all(u, first_page=2)\nc.get_all(u, 2)\n```\n"
    found = look("app.py", before, before.replace(", first_page=1", ""), text)
    assert (found.untrue, found.look_at) == ([4, 5], [])


def test_a_call_that_another_symbol_takes_is_to_be_looked_at(look: Look) -> None:
    other = "\n\nclass Other:\n    def get_all(self, url, first_page=1):\n        return url\n"
    before = "class Client:\n    def get_all(self, url, first_page=1):\n        return url\n"
    text = "`Client` it is: `x.get_all(u, 2)`\n"
    found = look("app.py", before + other, before.replace(", first_page=1", "") + other, text)
    assert (found.untrue, found.look_at) == ([], [1])


@pytest.mark.parametrize(
    ("path", "before", "mark", "declared"),
    [
        ("a.py", "", '@deprecated("use read_it")\n', "def load_it(a):\n    return a\n"),
        ("a.go", "package a\n\n", "// It reads.\n//\n// Deprecated: Use read_it.\n", "func load_it() {\n}\n"),
        ("a.ts", "", "/**\n * @deprecated use {@link read_it}\n */\n", "export function load_it() {}\n"),
        ("a.kt", "", '@Deprecated("", ReplaceWith("read_it()"))\n', "fun load_it() {}\n"),
        ("a.java", "class A {\n", "/** @deprecated use read_it */\n@Deprecated\n", "void load_it() {}\n}\n"),
        ("a.swift", "", '@available(*, deprecated, renamed: "read_it")\n', "func load_it() {}\n"),
    ],
)
def test_what_becomes_deprecated_is_to_be_looked_at(
    look: Look, path: str, before: str, mark: str, declared: str
) -> None:
    text = "Class `A`: call `load_it()`.\n"
    found = look(path, before + declared, before + mark + declared, text)
    assert (found.untrue, found.look_at) == ([], [1])
    assert "load_it deprecated, use read_it (" in found.out
    assert look(path, before + mark + declared, before + mark + declared + "\n", text).look_at == []


def test_a_function_that_always_warns_is_deprecated(look: Look) -> None:
    before = "def load_it(a):\n    return a\n"
    warning = '    warnings.warn("load_it is old. Use read_it instead.", DeprecationWarning)\n'
    found = look("a.py", before, before.replace("    return", f"{warning}    return"), "Call `load_it()`.\n")
    assert (found.untrue, found.look_at) == ([], [1])
    assert "load_it deprecated, use read_it (" in found.out


def test_a_parameter_that_warns_is_deprecated_and_its_function_is_not(look: Look) -> None:
    before = (
        "class Limits:\n    def __init__(self, soft_limit=None, most=None):\n        self.most = soft_limit\n"
    )
    warned = (
        "        if soft_limit is not None:\n"
        "            warn_deprecated(\"'soft_limit' is deprecated. Use 'most' instead.\")\n"
    )
    text = "`Limits` has:\n\n- `soft_limit`, how many.\n\n```python\na.Limits(soft_limit=1)\na.Limits(most=1)\n```\n"
    found = look("a.py", before, before + warned, text)
    assert (found.untrue, found.look_at) == ([], [3, 6])
    assert "deprecated, use most" in found.out


def test_a_hint_says_where_the_name_still_stands(look: Look) -> None:
    before = "def load_it(a):\n    return open_file(a)\n"
    found = look("a.py", before, "def other(x, y):\n    return x.load_it + y\n", "Call `load_it(1)`.\n")
    assert found.look_at == [1]
    assert "named in code; the name still stands at a.py:2" in found.out


def test_a_line_is_listed_once_with_all_the_symbols_of_its_name(look: Look) -> None:
    before = "".join(
        f"class {name}:\n    def load_it(self, a, b=1):\n        return a\n\n" for name in ("One", "Two")
    )
    found = look("a.py", before, before.replace(", b=1", ""), "`One` and `Two`:\n\n`load_it(1, b=2)`\n")
    assert found.untrue == [3]
    assert "One.load_it, Two.load_it re-signed" in found.out


def test_an_overload_that_is_left_keeps_its_calls_true(look: Look) -> None:
    kept = "    fun load(a: String) = read(a)\n"
    gone = "    fun load(a: Int, b: Int) = sum(a, b) + other(b)\n"
    found = look(
        "a.kt", f"class Cache {{\n{kept}{gone}}}\n", f"class Cache {{\n{kept}}}\n", "`Cache.load(x)`\n"
    )
    assert (found.untrue, found.look_at) == ([], [])


def test_what_an_owner_inherits_is_not_gone_for_sure(look: Look) -> None:
    load = "    def load(self, a):\n        return self.open(a)\n"
    before = f"class Base:\n    x = 1\n\nclass Cache(Base):\n{load}"
    after = f"class Base:\n{load}\nclass Cache(Base):\n    x = 1\n"
    found = look("a.py", before, after, "`Cache.load(x)`\n")
    assert found.untrue == []


def test_an_anchor_without_a_digest_offers_one(repo: Repo, hunkworks: Hunkworks) -> None:
    repo.write("a.py", "def make_it(a):\n    return a\n")
    repo.write("README.md", "<!-- doc-of: a.py#make_it -->\nIt makes.\n")
    repo.commit()
    repo.write("a.py", "def make_it(a):\n    return a + 1\n")
    found = hunkworks("scaffold", "docs", "--json").json["failures"]
    assert (found[0]["what"], found[0]["now"]) == ("changed", "")
    digest = found[0]["why"].rpartition("@")[2].split()[0]
    repo.write("README.md", f"<!-- doc-of: a.py#make_it @{digest} -->\nIt makes.\n")
    assert hunkworks("scaffold", "docs").code == 0


def test_what_a_document_declares_itself_is_its_own(look: Look) -> None:
    before = (
        "class Flask:\n    def handle_it(self, e):\n        return e\n\n\ndef load_it(a):\n    return a\n"
    )
    text = "`Flask`:\n\n```python\ndef handle_it(e):\n    pass\n\ndef load_it(a):\n    pass\n```\n"
    found = look("app.py", before, "class Flask:\n    def handle_it(self, ctx, e):\n        return e\n", text)
    assert found.untrue == []


def test_a_member_of_another_library_s_type_is_left_alone(look: Look) -> None:
    before = "class Session:\n    def request(self, url, proxies=None):\n        return url\n"
    text = "As `requests.Session.request(u, proxies=p)`, but `app.Session.request(u, proxies=p)`.\n\nOr `Session`.\n"
    found = look("app.py", before, before.replace(", proxies=None", ""), text)
    assert len(found.untrue) == 1


def test_a_name_that_only_another_type_lost_is_no_news(look: Look) -> None:
    lost = "class Dns:\n    def new_call(self, a):\n        return self.open(a)\n\n"
    kept = "class Client:\n    def new_call(self, a):\n        return a\n"
    found = look("app.py", lost + kept, kept, "`client.new_call(request)`\n")
    assert (found.untrue, found.look_at) == ([], [])


def test_nothing_takes_long_to_read(look: Look) -> None:
    """What a hostile document holds is read in time that grows with it."""
    hostile = (
        "```\nimport " + " " * 20_000 + "\n" + "load_it(a<" * 500 + "\n" * 20_000 + "```\n" + "x" * 20_000
    )
    found = look("a.py", "def load_it(a, b=1):\n    return a\n", "def load_it(a):\n    return a\n", hostile)
    assert (found.untrue, found.look_at) == ([], [])


def test_a_property_that_leaves_a_type_is_to_be_looked_at(look: Look) -> None:
    before = (
        "export interface Opts {\n  retryLimit?: number;\n  size: string;\n  on: { retryDelay: number };\n}\n"
    )
    text = "## `Opts`\n\n- `retryLimit`\n- `size`\n- `options.retryLimit`\n\n```ts\nrun({ retryLimit: 1, size })\n```\n"
    found = look("a.ts", before, before.replace("retryLimit", "limit"), text)
    assert (found.untrue, found.look_at) == ([], [3, 5, 8])
    assert "Opts changed, now limit (a.ts:1; its property retryLimit is gone)" in found.out
    other = "\nexport const other = { retryLimit: 1 };\n"
    assert look("a.ts", before + other, before.replace("retryLimit", "limit") + other, text).look_at == []


def test_a_value_of_somebody_else_s_type_is_left_alone(look: Look) -> None:
    before = "class Session:\n    def fetch(self, url):\n        return self.open(url)\n"
    text = "Not `Session`:\n\n```python\ns = requests.Session()\ns.fetch(1)\n\nt = app.Session()\nt.fetch(1)\n```\n"
    found = look("app.py", before, "class Session:\n    size = 1\n", text)
    assert found.untrue == [8]


def test_a_package_of_javascript_is_imported_by_its_name(look: Look, repo: Repo) -> None:
    repo.write("packages/core/package.json", '{"name": "@own/joiner"}')
    text = "```ts\nimport { join } from '@own/joiner'\nimport { join as other } from 'path'\n```\n"
    found = look(
        "packages/core/src/url.ts", "export function join(a) { return [a] }\n", "export const a = 1\n", text
    )
    assert found.untrue == [2]


@pytest.mark.parametrize("after", ["b=2, a=1", "a=1, b=2, c=3", "a=1, b=2, *, c=3", "a=1, b=2, **more"])
def test_a_call_by_keywords_holds_wherever_they_stand(look: Look, after: str) -> None:
    before = "def load_it(a=1, b=2):\n    return a\n"
    text = "```python\nload_it(a=1, b=2)\n```\n"
    found = look("app.py", before, before.replace("a=1, b=2", after), text)
    assert (found.untrue, found.look_at) == ([], [])


def test_a_list_of_methods_shows_what_was_declared(look: Look) -> None:
    before = "package a\n\ntype Router interface {\n\tHandle(m Method, h Handler)\n\tUse(h Handler)\n}\n"
    text = "```go\ntype Router interface {\n\tHandle(m Method, h Handler)\n\tUse(h Handler)\n}\n```\n"
    after = before.replace("m Method, ", "").replace("Use(h Handler)", "Use(h Handler, more ...int)")
    found = look("a.go", before, after, text)
    assert (found.untrue, found.look_at) == ([3], [])


def test_a_member_is_not_listed_beside_its_type(look: Look) -> None:
    before = "class MultiCommand:\n    def list_commands(self, ctx):\n        return self.all(ctx)\n"
    found = look("a.py", before, "x = 1\n", "See `MultiCommand.list_commands`.\n\nAnd `x.list_commands()`.\n")
    assert found.untrue == [1, 3]
    assert "README.md:1 MultiCommand removed" in found.out
