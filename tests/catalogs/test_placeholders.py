"""Placeholders of every syntax, and what only looks like one."""

from __future__ import annotations

import pytest

from hunkworks.catalogs.placeholders import Syntax, placeholders


@pytest.mark.parametrize(
    ("syntax", "text", "found"),
    [
        (Syntax.OBJC, "100 % der %@ und %2$@", [("1", "@"), ("2", "@")]),
        (Syntax.OBJC, "%lld %#@n@ %% %arg %5.1f", [("1", "d"), ("n", ""), ("arg", ""), ("2", "f")]),
        (Syntax.JAVA, "%s %2$d %n %,d 50 %", [("1", "s"), ("2", "d"), ("2", "d")]),
        (Syntax.C, "%-5ld %1$s %%s", [("1", "d"), ("1", "s")]),
        (Syntax.PYTHON, "%(name)s %d", [("name", "s"), ("1", "d")]),
        (Syntax.BRACE, "{} {0!r:>3} {name} {{no}}", [("0", ""), ("0", "!r:>3"), ("name", "")]),
        (Syntax.ICU, "it's {x} '{y}' {d, date, short}", [("x", ""), ("d", "date")]),
        (
            Syntax.ICU,
            "{n, plural, =0 {none of {x}} one {# {y}} other {'{'{z, number, #.#}}} {w}",
            [("n", "plural"), ("x", ""), ("y", ""), ("z", "number"), ("w", "")],
        ),
        (Syntax.ICU, "{a, select, b {x} other {", [("a", "select")]),
        (Syntax.MESSAGE_FORMAT, "it's {x} it''s {0}", []),
        (Syntax.MESSAGE_FORMAT, "it''s {0} {1,number}", [("0", ""), ("1", "number")]),
        (Syntax.I18NEXT, "{{a}} {{- b, number }} $t(k.x)", [("a", ""), ("b", "number"), ("$t(k.x)", "")]),
        (
            Syntax.VUE,
            "{'@'} {a} {0} @:k.l. @.upper:(m)",
            [("a", ""), ("0", ""), ("@:k.l", ""), ("@.upper:(m)", "")],
        ),
        (Syntax.RUBY, "%{a} %<b>.2f 5%", [("a", ""), ("b", "f")]),
        (Syntax.CHROME, "$NAME$ $1 $$5", [("name", ""), ("1", "")]),
        (Syntax.SYMFONY, "%a% {{ b }} 50%", [("a", ""), ("b", "")]),
        (Syntax.PHP, ":Name at 10:30 a::b", [("name", "")]),
        (Syntax.FLUENT, "{ $x } { NUMBER($y) } { -t }", [("$x", ""), ("$y", ""), ("-t", "")]),
        (Syntax.QT, "%1 %L2 %n 5%", [("1", ""), ("2", ""), ("n", "")]),
        (Syntax.NONE, "%s {x}", []),
    ],
)
def test_found(syntax: Syntax, text: str, found: list[tuple[str, str]]) -> None:
    assert [(placeholder.name, placeholder.type) for placeholder in placeholders(text, syntax)] == found


def test_the_span_of_an_argument_reaches_to_its_closing_brace() -> None:
    text = "a {n, plural, other {{x}}} b"
    assert [text[slice(*placeholder.span)] for placeholder in placeholders(text, Syntax.ICU)] == [
        "{n, plural, other {{x}}}",
        "{x}",
    ]


def test_hostile_nesting_ends() -> None:
    assert placeholders("{a,select,b" * 5_000, Syntax.ICU)
