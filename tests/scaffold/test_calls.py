"""Whether a call still fits when the parameters are other ones, told from text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunkworks.scaffold.calls import call_at, misfit, moved, parameters

SURE, HINT, FITS = "sure", "hint", "fits"


def _judged(before: str, after: str, call: str, language: str) -> str:
    old, new = (parameters(signature, "f", language) for signature in (before, after))
    found = call_at(call, call.index("("), language)
    assert old is not None
    assert new is not None
    assert found is not None
    why, sure = misfit(found, new)
    if not why:
        why, sure = moved(found, old, new)
    return FITS if not why else SURE if sure else HINT


@pytest.mark.parametrize(
    ("before", "after", "call", "verdict"),
    [
        ("def f(a)", "def f(a, b=1)", "f(1)", FITS),
        ("def f(a)", "def f(a, b)", "f(1)", HINT),
        ("def f(a, b=1)", "def f(a)", "f(1)", FITS),
        ("def f(a, b=1)", "def f(a)", "f(1, 2)", SURE),
        ("def f(a, b=1)", "def f(a)", "f(1, b=2)", SURE),
        ("def f(a, b=1)", "def f(a)", "f(*all)", FITS),
        ("def f(a, b=1)", "def f(a)", "f(1, ...)", FITS),
        ("def f(a, b)", "def f(b, a)", "f(1, 2)", HINT),
        ("def f(a)", "def f(b)", "f(1)", FITS),
        ("def f(a)", "def f(b)", "f(a=1)", SURE),
        ("def f(a: int) -> int", "def f(a: str) -> str", "f(1)", FITS),
        ("def f(self, *, b=1)", "def f(self, *, c=2)", "f(b=1)", SURE),
        ("def f(self, *, b=1)", "def f(self, *, c=2, **more)", "f(b=1)", FITS),
        ("def f(a)", "def f(*a)", "f(1, 2)", FITS),
        ("def f(a, b)", "def f(a)", "f('x, y')", FITS),
        ("def f(a, b)", "def f(a)", "f(  # why (not)\\n    1,\\n)", FITS),
        ("def f(a, b)", "def f(a)", "f([1, 2])", FITS),
    ],
)
def test_a_call_of_python(before: str, after: str, call: str, verdict: str) -> None:
    assert _judged(before, after, call.replace("\\n", "\n"), "python") == verdict


@pytest.mark.parametrize(
    ("before", "after", "call", "verdict"),
    [
        ("func f(key interface{}, val interface{})", "func f(key, val interface{})", "f(1, 2)", FITS),
        ("func f(key interface{}) any", "func f(key any)", "f(1)", FITS),
        ("func f(a, b string)", "func f(a string)", "f(x, y)", SURE),
        ("func f(ctx context.Context)", "func f(r *http.Request)", "f(ctx)", SURE),
        ("func f(a int)", "func f(a string)", "f(x)", HINT),
        ("func (s *S) f(k string) error", "func (t *S) f(k string, more ...int) error", "f(x)", FITS),
        ("func f[T any](a T)", "func f[T any](a, b T)", "f[int](1)", HINT),
        ("func f(g func(a, b int), c int)", "func f(g func(a, b int))", "f(x, 1)", SURE),
    ],
)
def test_a_call_of_go(before: str, after: str, call: str, verdict: str) -> None:
    assert _judged(before, after, call, "go") == verdict


@pytest.mark.parametrize(
    ("language", "before", "after", "call", "verdict"),
    [
        ("typescript", "function f(a: number)", "function f(a: number, b?: string)", "f(1)", FITS),
        ("typescript", "function f(a: A<B, C>, b: D)", "function f(a: A<B, C>)", "f<A, B>(x, y)", SURE),
        ("typescript", "function f(a: () => void)", "function f(a: () => void)", "f(() => a > b)", FITS),
        ("typescript", "f(this: X, a: number)", "f(this: X)", "f(1)", SURE),
        ("kotlin", "fun f(a: Int, b: Int = 1)", "fun f(a: Int)", "f(1, b = 2)", SURE),
        ("kotlin", "fun f(a: Int, then: () -> Unit)", "fun f(a: Int, then: () -> Unit)", "f(1)", FITS),
        ("swift", "func f(_ a: Int, of b: Int)", "func f(_ a: Int)", "f(1, of: 2)", SURE),
        ("swift", "func f(_ a: Int)", "func f(_ a: Int, b: Int = 1)", "f(1)", FITS),
        ("java", "void f(int a, String... b)", "void f(int a)", "f(1, x)", SURE),
    ],
)
def test_a_call_of_other_languages(language: str, before: str, after: str, call: str, verdict: str) -> None:
    assert _judged(before, after, call, language) == verdict


def test_what_nothing_closes_is_no_call() -> None:
    assert call_at("f(a, b", 1, "python") is None
    assert call_at("f(it's)", 1, "python") is None


@given(
    st.text(alphabet="f(,)[]{}<>=\"'`#/ a\n\\", max_size=60),
    st.sampled_from(["python", "go", "swift", "typescript"]),
)
def test_any_text_is_read_without_an_error(text: str, language: str) -> None:
    call_at(f"({text}", 0, language)
    parameters(f"f({text}", "f", language)
