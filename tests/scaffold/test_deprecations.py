"""Which symbols and parameters a change deprecates, and what only looks like it."""

from __future__ import annotations

import pytest

from hunkworks.change.repository import Repository
from hunkworks.change.select import Selector, select
from hunkworks.scaffold.deprecations import deprecations
from tests.repo import Repo


def _found(repo: Repo, path: str, before: str, after: str) -> list[tuple[str, str, str]]:
    repo.write(path, before)
    repo.commit()
    repo.write(path, after)
    change = select(Repository.discover(repo.root), Selector())
    return [(each.symbol.qualified, each.parameter, each.instead) for each in deprecations(change)]


def test_a_warning_about_a_parameter_is_not_about_its_function(repo: Repo) -> None:
    before = "def send(url, proxies=None, proxy=None):\n    return url\n"
    warned = (
        "    if proxies is not None:\n"
        "        warnings.warn(\"The 'proxies' of this type is deprecated. Use 'proxy'.\", DeprecationWarning)\n"
    )
    after = before.replace("    return", f"{warned}    return")
    assert _found(repo, "a.py", before, after) == [("send", "proxies", "proxy")]


@pytest.mark.parametrize(
    "warned",
    [
        '    if isinstance(url, int):\n        warnings.warn("A url as int is deprecated.", DeprecationWarning)\n',
        '    warnings.warn("Slow, not deprecated.", UserWarning)\n',
        "    # This is deprecated elsewhere.\n",
    ],
)
def test_a_condition_another_warning_and_a_comment_deprecate_nothing(repo: Repo, warned: str) -> None:
    before = "def send(url):\n    return url\n"
    assert _found(repo, "a.py", before, before.replace("    return", f"{warned}    return")) == []


def test_what_is_new_and_deprecated_at_once_nobody_used(repo: Repo) -> None:
    before = "def send(url):\n    return url\n"
    assert _found(repo, "a.py", before, f"{before}\n\n@deprecated\ndef post(url):\n    return url\n") == []


def test_a_mark_is_its_neighbour_s_nor_a_parameter_s(repo: Repo) -> None:
    before = "fun a() = 1\nfun b() = 2\n\n/** @param x it */\nfun c(x: Int) = x\n"
    after = before.replace("fun a", '@Deprecated("Use bb") fun a').replace(
        "@param x it", "@param x @deprecated it"
    )
    assert _found(repo, "a.kt", before, after) == [("a", "", "bb")]
