"""The ICU parser: exact on what ICU accepts, a reason for what it does not, and never anything else."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hunkworks.localize.checks.icu import (
    Argument,
    Message,
    MessageError,
    Pound,
    Quoting,
    arguments,
    parse,
    spell,
)

NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9]{0,6}|\d{1,2}", fullmatch=True)
KEYS = st.from_regex(r"[a-z]{1,6}", fullmatch=True).filter(lambda key: key != "other")
LITERALS = st.text(st.sampled_from("abc é'{}#|<>,\n "), min_size=1, max_size=8)


def _merged(nodes: list[Any]) -> Message:
    """Neighbouring texts are one text, as a parser reads them."""
    result: list[Any] = []
    for node in nodes:
        if isinstance(node, str) and result and isinstance(result[-1], str):
            result[-1] += node
        else:
            result.append(node)
    return tuple(result)


def _messages(*, plural: bool, depth: int = 1) -> st.SearchStrategy[Message]:
    nodes: list[st.SearchStrategy[Any]] = [
        LITERALS,
        NAMES.map(Argument),
        st.tuples(NAMES, st.sampled_from(("number", "date")), st.sampled_from(("", "short", "::0.00"))).map(
            lambda parts: Argument(*parts)
        ),
    ]
    if plural:
        nodes.append(st.just(Pound()))
    if depth:
        kinds = ("plural", "selectordinal", "select")
        nodes += [_choices(kind, plural=plural, depth=depth) for kind in kinds]
    return st.lists(st.one_of(nodes), max_size=4).map(_merged)


def _choices(kind: str, *, plural: bool, depth: int) -> st.SearchStrategy[Argument]:
    inner = _messages(plural=plural or kind != "select", depth=depth - 1)
    keys = KEYS if kind == "select" else st.sampled_from(("one", "few", "many", "=0", "=12"))
    offsets = st.sampled_from(("", "1")) if kind != "select" else st.just("")
    branches = st.dictionaries(keys, inner, max_size=3)
    return st.builds(
        lambda name, offset, some, other: Argument(name, kind, "", offset, (*some.items(), ("other", other))),
        NAMES,
        offsets,
        branches,
        inner,
    )


@settings(deadline=None)
@given(_messages(plural=False))
def test_what_is_spelled_reads_back(message: Message) -> None:
    assert parse(spell(message)) == message


@settings(deadline=None)
@given(_messages(plural=False))
def test_what_is_spelled_for_java_reads_back(message: Message) -> None:
    assert parse(spell(message, Quoting.JAVA), Quoting.JAVA) == message


@settings(deadline=None)
@given(st.text(st.sampled_from("{}'#,<|=0 \nnaoneplural,select other{}")), st.sampled_from(Quoting))
def test_any_text_is_a_message_or_says_where_it_is_none(text: str, quoting: Quoting) -> None:
    try:
        parse(text, quoting)
    except MessageError as error:
        said = error
    else:
        return
    assert 0 <= said.offset <= len(text)
    assert "at character" in str(said)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{n", "a { without its }"),
        ("n}", "a } without its {"),
        ("{}", "the name of an argument"),
        ("{a b}", "expected ','"),
        ("{n, plural}", "expected ','"),
        ("{n, plural, one {x}}", "no branch other"),
        ("{n, select, a {x} a {y} other {z}}", "branch a twice"),
        ("{n, plural, eins {x} other {y}}", "no plural category"),
        ("{n, plural, one {x} other {y}", "a { without its }"),
        ("{n, plural, one {x other {y}}", "a { without its }"),
        ("{n, plural, offset: one {x} other {y}}", "a number behind offset:"),
        ("{n, number, {}", "a { without its }"),
        ("{a," * 3, "the type"),
    ],
)
def test_what_is_wrong_is_said(text: str, reason: str) -> None:
    with pytest.raises(MessageError, match=reason.replace("{", r"\{").replace("}", r"\}")):
        parse(text)


def test_hostile_nesting_is_refused_not_fatal() -> None:
    with pytest.raises(MessageError, match="nested deeper"):
        parse("{a, select, other {" * 5000)


@pytest.mark.parametrize(
    ("text", "quoting", "names"),
    [
        ("it's {x}", Quoting.ICU, ["x"]),
        ("l'{x}", Quoting.ICU, []),
        ("l''{x}", Quoting.ICU, ["x"]),
        ("it's {0}", Quoting.JAVA, []),
        ("it''s {0}", Quoting.JAVA, ["0"]),
        ("l'{x}'", Quoting.NONE, ["x"]),
        ("'#' {x}", Quoting.ICU, ["x"]),
        ("{d, date, ''yy '}' ''} {x}", Quoting.ICU, ["d", "x"]),
        ("{0,choice,0#none|1#one {1}|1<{0} of {1}}", Quoting.JAVA, ["0", "1", "0", "1"]),
        ("{user.name} <b>{n, plural, other {#}}</b>", Quoting.ICU, ["user.name", "n"]),
    ],
)
def test_apostrophes_quote_as_the_platform_says(text: str, quoting: Quoting, names: list[str]) -> None:
    assert [argument.name for argument in arguments(parse(text, quoting))] == names
