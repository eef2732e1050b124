"""Placeholders in a text, in the syntax of the file it stands in."""

from __future__ import annotations

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


def placeholders(text: str, syntax: Syntax) -> list[Placeholder]:
    """Return the placeholders of ``text`` in order; of ICU the arguments, each once per use.

    What only looks like one (``100 %``, ``%%``, an escaped brace) is none.
    """
    raise NotImplementedError(syntax)
