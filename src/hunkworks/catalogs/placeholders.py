"""Placeholders in a text, in the syntax of the file it stands in."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

from hunkworks.catalogs.source import Span


class Syntax(StrEnum):
    """How placeholders are written; a unit says which (``Unit.syntax``)."""

    NONE = ""
    OBJC = "objc"  # %@ %1$@ %lld %#@count@
    JAVA = "java"  # %s %1$s %d %n (Android, java.util.Formatter)
    C = "c"  # %s %1$s %ld
    PYTHON = "python"  # %s %(name)s
    BRACE = "brace"  # {name} {0} {name!r:>10}: python-brace, C#, vue-i18n
    ICU = "icu"  # {name} {n, plural, one {…} other {…}}: ARB, next-intl
    MESSAGE_FORMAT = "java-message"  # {0} {0,number}, '' quotes: .properties
    I18NEXT = "i18next"  # {{name}} {{name, format}} $t(key)
    VUE = "vue"  # {name} {0} @:key
    RUBY = "ruby"  # %{name} %<name>d
    CHROME = "chrome"  # $NAME$ $1
    SYMFONY = "symfony"  # %name% {{ name }}
    PHP = "php"  # :name
    FLUENT = "fluent"  # { $name }
    QT = "qt"  # %1 %L1 %n


class Placeholder(NamedTuple):
    """One placeholder: who it stands for, what kind of value it takes, where it is.

    ``name`` is the argument's name or its position from "1"; unnumbered ones are numbered as they come.
    ``type`` is the conversion, folded where it makes no difference to a translator ("d" for %i, %ld, %lld).
    """

    name: str
    type: str
    span: Span


# Per syntax: what is skipped (an escape) stands first and has no name. "% d" is printf, but in a translation it is
# "100 % der": the space flag is nobody's placeholder.
_NUMBER = r"[-+#0']*(?:\*|\d+)?(?:\.(?:\*|\d+))?"
_PATTERNS: dict[Syntax, re.Pattern[str]] = {
    Syntax.OBJC: re.compile(
        r"%%|%#@(?P<name>\w+)@|%(?P<name2>arg)\b"
        rf"|%(?:(?P<position>\d+)\$)?(?:#@(?P<name3>\w+)@|{_NUMBER}(?:hh?|ll?|[qLztj])?(?P<type>[@dDiuUxXoOfFeEgGcCsSpaA]))"
    ),
    Syntax.JAVA: re.compile(
        r"%%|%n|%(?:(?P<position>\d+)\$|(?P<name><))?[-#+0,(]*\d*(?:\.\d+)?(?P<type>[tT][A-Za-z]|[bBhHsScCdoxXeEfgGaA])"
    ),
    Syntax.C: re.compile(
        rf"%%|%(?:(?P<position>\d+)\$)?{_NUMBER}(?:hh?|ll?|[qLztj])?(?P<type>[diuxXoOfFeEgGcCsSpaA])"
    ),
    Syntax.PYTHON: re.compile(rf"%%|%(?:\((?P<name>[^)]*)\))?{_NUMBER}[hlL]?(?P<type>[diouxXeEfFgGcrsa])"),
    Syntax.BRACE: re.compile(r"\{\{|\}\}|\{(?P<name>[^{}!:]*)(?P<type>(?:![rsa])?(?::[^{}]*)?)\}"),
    Syntax.I18NEXT: re.compile(
        r"\{\{-?\s*+(?P<name>[^{},\s]*+(?:\s++[^{},\s]++)*+)\s*+(?:,\s*+(?P<type>[^{}]*+))?\}\}"
        r"|(?P<name2>\$t\([^()]*+(?:\([^()]*+\))?[^()]*+\))"
    ),
    Syntax.VUE: re.compile(
        r"\{'[^']*'\}|\{\s*(?P<name>[^{}']*?)\s*\}|(?P<name2>@(?:\.\w+)?:(?:\([^)]*\)|[\w.]*\w))"
    ),
    Syntax.RUBY: re.compile(
        r"%%|%\{(?P<name>[^{}]+)\}|%[-+0]*<(?P<name2>\w+)>[-+0]*\d*(?:\.\d+)?(?P<type>[a-zA-Z])"
    ),
    Syntax.CHROME: re.compile(r"\$\$|\$(?P<name>[A-Za-z0-9_@]+)\$|\$(?P<position>[1-9])"),
    Syntax.SYMFONY: re.compile(r"%%|%(?P<name>[A-Za-z_][\w.-]*)%|\{\{\s*(?P<name2>[\w.-]+)\s*\}\}"),
    Syntax.PHP: re.compile(r"(?<![\w:]):(?P<name>[A-Za-z_]\w*)"),
    Syntax.FLUENT: re.compile(r"\{\s*(?:[A-Z][A-Z0-9_-]*\(\s*)?(?P<name>\$[A-Za-z][\w-]*|-[A-Za-z][\w-]*)"),
    Syntax.QT: re.compile(r"%%|%L?(?P<position>\d{1,2})|%L?(?P<name>n)"),
}
_FOLDED = {
    **dict.fromkeys("diuDU", "d"),
    **dict.fromkeys("fFeEgGaA", "f"),
    **dict.fromkeys("xX", "x"),
    **dict.fromkeys("oO", "o"),
    **dict.fromkeys("sS", "s"),
    **dict.fromkeys("cC", "c"),
}
_PRINTF = (Syntax.OBJC, Syntax.JAVA, Syntax.C, Syntax.PYTHON)
_CASELESS = (Syntax.CHROME, Syntax.PHP)
_ICU_ARGUMENT = re.compile(r"\{\s*([^\s,{}]+)\s*(?:,\s*(\w+)\s*)?")
_SELECTING = ("plural", "select", "selectordinal", "choice")
_MOST_NESTED = 50


def placeholders(text: str, syntax: Syntax) -> list[Placeholder]:
    """Return the placeholders of ``text`` in order; of ICU the arguments, once per use, those in branches included.

    What only looks like one (``100 % der``, ``%%``, an escaped brace) is none. A broken message yields what can be
    recognised: whether it is broken is the business of a parser.
    """
    if syntax in (Syntax.ICU, Syntax.MESSAGE_FORMAT):
        return _icu(text, every_quote=syntax is Syntax.MESSAGE_FORMAT)
    pattern = _PATTERNS.get(syntax)
    if pattern is None:
        return []
    result: list[Placeholder] = []
    unnumbered = 0 if syntax is Syntax.BRACE else 1
    for match in pattern.finditer(text):
        groups = match.groupdict()
        if not any(value is not None for value in groups.values()):
            continue
        name = groups.get("name") or groups.get("name2") or groups.get("name3") or groups.get("position")
        if not name:
            name = str(unnumbered)
            unnumbered += 1
        kind = (groups.get("type") or "").strip()
        if syntax in _PRINTF:
            kind = _FOLDED.get(kind, kind)
        result.append(Placeholder(name.lower() if syntax in _CASELESS else name, kind, Span(*match.span())))
    return result


def _icu(text: str, *, every_quote: bool) -> list[Placeholder]:
    """Walk an ICU message: arguments, and the branches of those that select.

    Args:
        text: The message.
        every_quote: Java's MessageFormat, where an apostrophe quotes whatever follows, not only syntax.
    """
    result: list[Placeholder] = []
    closing: list[
        tuple[int, bool]
    ] = []  # per open brace: index into result or -1, and whether selectors follow
    quote = re.compile(r"''|'[^']*(?:'|\Z)" if every_quote else r"''|'(?=[{}#|])[^']*(?:'|\Z)")
    token = re.compile(rf"{quote.pattern}|[{{}}]")
    position = 0
    while found := token.search(text, position):
        position = found.end()
        brace = found.group()
        if brace == "}" and closing:
            index, _ = closing.pop()
            if index >= 0:
                result[index] = result[index]._replace(span=Span(result[index].span.start, position))
        elif brace == "{":
            argument = None if closing and closing[-1][1] else _ICU_ARGUMENT.match(text, found.start())
            if len(closing) >= _MOST_NESTED:
                break
            if argument is None:
                closing.append((-1, False))  # a branch of what selects, which is a message of its own
                continue
            name, kind = argument.groups()
            closing.append((len(result), kind in _SELECTING))
            result.append(Placeholder(name, kind or "", Span(found.start(), argument.end())))
            position = argument.end()
    return result
