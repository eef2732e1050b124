"""An answer that is damaged in one way is never let through, whatever the text around it."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hunkworks.catalogs.placeholders import Syntax, placeholders
from hunkworks.localize.checks import Answer, Context, Subject, run

WORDS = st.lists(
    st.sampled_from(("Datei", "öffnen", "la", "ファイル", "файл", "5")), min_size=1, max_size=4
).map(" ".join)
PLACEHOLDERS = {
    Syntax.OBJC: ("%@", "%1$@", "%lld", "%d"),
    Syntax.JAVA: ("%s", "%1$s", "%d"),
    Syntax.C: ("%s", "%d", "%2$s"),
    Syntax.PYTHON: ("%s", "%(name)s", "%(count)d"),
    Syntax.BRACE: ("{name}", "{0}"),
    Syntax.I18NEXT: ("{{name}}", "{{ count }}", "$t(key)"),
    Syntax.VUE: ("{name}", "@:key"),
    Syntax.RUBY: ("%{name}", "%<count>d"),
    Syntax.SYMFONY: ("%name%", "{{ limit }}"),
    Syntax.PHP: (":name",),
    Syntax.CHROME: ("$NAME$", "$1"),
    Syntax.ICU: ("{name}", "{n, number}", "{n, plural, one {# a} other {# b}}"),
    Syntax.MESSAGE_FORMAT: ("{0}", "{1,number}"),
}
LOCALES = ("de", "ru", "xx", "", "zh-Hant")
CASES = st.sampled_from([(syntax, spelled) for syntax, all_ in PLACEHOLDERS.items() for spelled in all_])


def blocking(
    subject: Subject, answer: Answer, locale: str = "de", context: Context | None = None
) -> set[str]:
    return {p.check for p in run(subject, answer, locale, context) if p.severity == "blocking"}


@settings(deadline=None)
@given(CASES, WORDS, WORDS)
def test_a_faithful_answer_passes(case: tuple[Syntax, str], before: str, after: str) -> None:
    syntax, spelled = case
    assert blocking(Subject(f"Open {spelled} now", syntax=syntax), f"{before} {spelled} {after}") == set()


@settings(deadline=None)
@given(CASES, WORDS)
def test_a_dropped_placeholder_is_named(case: tuple[Syntax, str], words: str) -> None:
    syntax, spelled = case
    problems = run(Subject(f"Open {spelled} now", syntax=syntax), words, "de")
    assert {p.check for p in problems if p.severity == "blocking"} == {"placeholders"}
    assert all("missing" in p.message for p in problems if p.check == "placeholders")


@settings(deadline=None)
@given(CASES, st.sampled_from(("x", "é", "०", " ")))
def test_a_renamed_or_broken_placeholder_is_named(case: tuple[Syntax, str], letter: str) -> None:
    syntax, spelled = case
    broken = re.sub(r"\w+", letter, spelled, count=1) if re.search(r"\w", spelled) else spelled[0] + letter
    assume(placeholders(broken, syntax) != placeholders(spelled, syntax))
    assert blocking(Subject(f"Open {spelled} now", syntax=syntax), f"Öffne {broken} jetzt")


@settings(deadline=None)
@given(st.sampled_from((Syntax.OBJC, Syntax.JAVA, Syntax.C)), WORDS)
def test_unnumbered_placeholders_keep_their_order(syntax: Syntax, words: str) -> None:
    text = "%@" if syntax is Syntax.OBJC else "%s"
    assert blocking(Subject(f"{text} has %d", syntax=syntax), f"%d {words} {text}") == {"placeholders"}
    assert (
        blocking(Subject(f"{text} has %d", syntax=syntax), f"%2$d {words} {text.replace('%', '%1$')}")
        == set()
    )


@settings(deadline=None)
@given(st.sampled_from(("%s", "%d", "%@")))
def test_an_unnumbered_placeholder_more_is_named(spelled: str) -> None:
    syntax = Syntax.OBJC if "@" in spelled else Syntax.C
    assert blocking(Subject(f"a {spelled}", syntax=syntax), f"{spelled} b {spelled}") == {"placeholders"}


@pytest.mark.parametrize(
    ("source", "answer", "check"),
    [
        ("Log <b>in</b>", "<b>Anmelden", "tags"),
        ("Log <0>in</0>", "<0>Anmelden</1>", "tags"),
        ("Log in", "```\nAnmelden\n```", "translation-only"),
        ("Log in", "Sure! Anmelden", "translation-only"),
        ("Log in", '{"text": "Anmelden"}', "translation-only"),
        ("Log in", 'Anmelden <img src="x" onerror="alert(1)">', "tags"),
        ("Log in", "", "empty"),
        ("Log in", "Anmelden\n", "edges"),
        ("Log in", "Anmel\x00den", "control-characters"),
        ("Log in", "Anmelden\ud800", "control-characters"),
        ("Log in", r"Einloggen\nbitte", "escaping"),
        ("Log in", {"other": "Anmelden"}, "forms"),
    ],
)
def test_damage_is_named(source: str, answer: Answer, check: str) -> None:
    assert check in blocking(Subject(source), answer)


@settings(deadline=None)
@given(
    st.text(max_size=40),
    st.text(max_size=40),
    st.sampled_from(Syntax),
    st.sampled_from(("de", "ru", "xx", "", "zh-Hant")),
)
def test_any_text_is_judged(source: str, answer: str, syntax: Syntax, locale: str) -> None:
    for problem in run(Subject(source, syntax=syntax, markup=True, max_length=20), answer, locale):
        assert "expected" in problem.message
        assert "found" in problem.message
        problem.message.encode()  # messages go to terminals and JSON


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(("zero", "one", "few", "many", "other", "x")), st.text(max_size=20)))
def test_any_forms_are_judged(forms: dict[str, str]) -> None:
    subject = Subject("%d files", {"one": "%d file", "other": "%d files"}, Syntax.JAVA)
    assert ("forms" in blocking(subject, forms, "ru")) == (
        not {"one", "few", "many", "other"} <= set(forms) or "x" in forms
    )


def test_an_answer_of_any_length_is_named_and_not_read_further() -> None:
    (problem,) = run(Subject("Open {{name}}", syntax=Syntax.I18NEXT), "{" * 1_000_000, "de")
    assert (problem.check, problem.severity) == ("translation-only", "blocking")
