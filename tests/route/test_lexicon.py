"""Terms stand whole in identifiers, per language; comments, strings and imports are told from code."""

from __future__ import annotations

import pytest

from hunkworks.route.lexicon import STRONG, language, words

LANGUAGES = ["swift", "kt", "java", "m", "go", "rs", "cpp", "py", "ts", "rb", "cs"]


def classes(path: str, code: str) -> set[str]:
    return language(path).classes(words(code))


@pytest.mark.parametrize("ending", LANGUAGES)
@pytest.mark.parametrize(
    "code", ["cacheLock.lock()", "let l = NSLock()", "SD_LOCK(x)", "my_mutex", "RWMutex"]
)
def test_a_lock_is_found_in_every_language_and_spelling(ending: str, code: str) -> None:
    assert {"lock", STRONG} <= classes(f"a.{ending}", code)


@pytest.mark.parametrize("ending", LANGUAGES)
@pytest.mark.parametrize(
    "code", ["clock.tick()", "block(x)", "unblocked", "Flock", "deadline", "traceback", "bracelet"]
)
def test_a_word_that_only_contains_a_term_is_none(ending: str, code: str) -> None:
    assert classes(f"a.{ending}", code) == set()


@pytest.mark.parametrize(
    ("path", "code", "expected"),
    [
        ("a.swift", "@MainActor func load()", "thread"),
        ("a.kt", "withContext(Dispatchers.IO) {", "thread"),
        ("a.java", "synchronized (this) {", "lock"),
        ("a.m", "@synchronized(self) {", "lock"),
        ("a.go", "go func() {", "thread"),
        ("a.go", "ch := make(chan int)", "wait"),
        ("a.rs", "flag.load(Ordering::Relaxed)", "atomic"),
        ("a.cpp", "std::lock_guard<std::mutex> g(m);", "lock"),
        ("a.h", "@synchronized(self)", "lock"),
        ("a.h", "std::unique_lock l(m);", "lock"),
        ("a.py", "with self._rlock:", "lock"),
        ("a.ts", "await Promise.all(jobs)", "async"),
        ("a.rb", "@monitor.synchronize do", "lock"),
        ("a.cs", "Interlocked.Increment(ref n);", "atomic"),
        ("a.zig", "mutex.lock()", "lock"),
        ("Makefile", "flock --lock", "lock"),
    ],
)
def test_each_language_has_its_own_terms(path: str, code: str, expected: str) -> None:
    assert expected in classes(path, code)


def test_a_term_of_another_language_does_not_hold() -> None:
    assert "lock" not in classes("a.py", "synchronized")
    assert "wait" not in classes("a.py", "chan")


@pytest.mark.parametrize(
    ("path", "line", "code", "prose"),
    [
        ("a.c", "x = 1; // take the lock", "x = 1;", "// take the lock"),
        ("a.c", "/* one */ y", "y", "/* one */"),
        ("A.java", " * guarded by the lock", "", "* guarded by the lock"),
        ("a.py", 'x = "a # b"  # lock', "x =", '"a # b"'),
        ("a.js", 'fetch("https://a.example")', "fetch(", '"https://a.example"'),
        ("a.rs", "fn f<'a>(x: &'a str) {", "fn f<'a>(x: &'a str) {", ""),
        ("a.c", "*pointer = 1;", "*pointer = 1;", ""),
    ],
)
def test_comments_and_strings_are_told_from_code(path: str, line: str, code: str, prose: str) -> None:
    found_code, found_prose = language(path).split(line)
    assert found_code.strip().startswith(code)
    assert found_prose.strip().startswith(prose)


@pytest.mark.parametrize(
    ("path", "line", "expected"),
    [
        ("a.rs", "use std::sync::Mutex;", True),
        ("a.rs", "user.lock()", False),
        ("a.py", "from threading import Lock", True),
        ("a.py", "fromage()", False),
        ("a.c", "#include <pthread.h>", True),
        ("a.go", "important := 1", False),
    ],
)
def test_imports_are_known(path: str, line: str, expected: bool) -> None:
    assert language(path).is_import(line) is expected
