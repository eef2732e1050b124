"""What a localization file format is: units out, edits in, and nothing else changed.

A format is one module with two functions, or three, and one row in ``registry.FORMATS``::

    def parse(path: str, data: bytes) -> Catalog
    def plan(catalog: Catalog, edits: Sequence[CatalogEdit]) -> list[Replacement]
    def window(catalog: Catalog, start: int, end: int) -> Window | None

``parse`` decodes with ``Source.decode(data, encoding)``, scans ``source.text`` once with compiled regular
expressions, and returns a ``Catalog``. It raises ``refusal(source, offset, reason)`` (an ``InputError``
that names the line) for every file that it cannot read exactly: such a file is never written. It is linear
in the file.

``plan`` turns edits into replacements in ``source.text``. All spans are offsets in that text, which has no
byte order mark and keeps its own line endings; ``Source.edits`` maps them to bytes in any encoding.
Replacements must not overlap; several insertions at one place keep their order. A format refuses what it
cannot express (``InputError``) and never normalises: the newline, indentation, quoting and separators are
those of the neighbour.

``writing.write`` does the rest for every format and proves it (``proof``): no byte outside the planned spans
changed, the result parses, edited units read back as planned, every other unit reads as before and in the same
order.

``window`` spares large files the second reading: it returns the part around some characters that means the same
wherever it stands, from the entry in front to the entry behind, with what makes a document of it. A format
without it is read whole again; so is a part that does not keep what ``proof`` asks of it.

How an entry of a file becomes units:

* ``Unit.key`` is the path to the entry: ``("app_name",)`` in strings.xml, ``("home", "title")`` in nested
  JSON, ``(msgid,)`` or ``(msgctxt, msgid)`` in PO, ``(original, id)`` in XLIFF. Never joined by dots: keys
  may hold dots.
* ``Unit.part`` tells the texts of one entry apart where it has several: ``("0",)`` for an item of a string
  array, ``("device", "iphone")`` or ``("substitutions", "count")`` in a string catalog, the variable in a
  .stringsdict.
* ``Unit.nth`` counts entries with the same key, from 0: duplicates are kept as found, never merged.
* ``Unit.values`` holds one ``Value`` with ``form == ""``, or one per plural form, ``form`` being the CLDR
  category (``zero one two few many other``), also where the format counts otherwise (``msgstr[1]``,
  ``key_few``); a form that is an exact number (ICU ``=0``) stays as it is inside the text. An entry without
  a text (empty msgstr) has a value "".
* ``Value.text`` is what a person reads: escapes and entities decoded, whitespace as the platform would show
  it. Where ``Unit.markup`` is true the text is a markup fragment: inline elements stay in it, and so do
  ``&amp;`` and ``&lt;``.
* ``Value.span`` is what stands in the file for the text, without its delimiters; ``None`` where the file
  does not say it (a string catalog whose key is its source text). ``Unit.entry`` covers the whole entry,
  without attached comments; where the forms of one unit are entries of their own, it reaches from the first
  to the last.
* ``Unit.comment`` is what a developer wrote for the translator: comments above, notes,
  ``@key.description``.
* ``Unit.source`` is the text that is translated, in bilingual formats only (PO, XLIFF, Qt .ts);
  ``source_plural`` likewise.
* ``Unit.locale`` is set where a file holds several locales; else ``Catalog.locale`` says it, if file or
  path do.
* ``Unit.syntax`` names how placeholders are written (``placeholders.Syntax``).

How edits are meant:

* ``Set``: new text, or new forms: exactly these forms remain, missing ones are inserted in CLDR order,
  others go. The same text again touches no text. Where the format has states the unit becomes ``TRANSLATED``
  unless ``state`` says so otherwise; a flag that says "not valid yet" (fuzzy, unfinished) is cleared with
  it. In bilingual formats ``source`` is what the entry translates from now on, where that changed under the same
  key; "" leaves it.
* ``Add``: a new entry, or a new locale or part of one. ``like`` is the unit it translates, usually of
  another catalog: it tells plural from single, array from string, markup from text, attributes worth
  repeating. Placed behind the entry of ``after``; without it, where the platform's own tool or a person
  would: in sorted files in order, else at the end. In .xcstrings and alike ``key`` exists already and the
  locale is new.
* ``Remove``: the unit with the comment above it; ``whole`` removes the entry with all its parts and
  locales.
* ``SetState``: the state alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple, Protocol, TypeAlias

from hunkworks.catalogs.placeholders import Syntax
from hunkworks.catalogs.source import Replacement, Source, Span
from hunkworks.errors import InputError

__all__ = [
    "CATEGORIES",
    "NO_ATTRIBUTES",
    "Add",
    "Catalog",
    "CatalogEdit",
    "Format",
    "Remove",
    "Replacement",
    "Set",
    "SetState",
    "Source",
    "Span",
    "State",
    "Syntax",
    "Unit",
    "Value",
    "Window",
    "refusal",
]

#: CLDR plural categories in CLDR's order, which is the order that every format writes them in.
CATEGORIES = ("zero", "one", "two", "few", "many", "other")
NO_ATTRIBUTES: Mapping[str, str] = MappingProxyType({})


class State(StrEnum):
    """How far a translation is, in words that all formats share; each maps its own to these."""

    NONE = ""  # the format has no states
    NEW = "new"  # not translated yet
    NEEDS_REVIEW = "needs-review"  # translated, but the source changed or nobody looked (fuzzy, unfinished)
    TRANSLATED = "translated"
    OBSOLETE = "obsolete"  # the source is gone (stale, #~, vanished)


class Value(NamedTuple):
    """One text: ``form`` is "" or a CLDR category; ``span`` is None if the file does not spell it."""

    text: str
    span: Span | None
    form: str = ""


class Unit(NamedTuple):
    """One translatable entry in one locale; see the module's docstring for each field.

    A tuple, because catalogs have a hundred thousand of them.
    """

    key: tuple[str, ...]
    values: tuple[Value, ...]
    entry: Span
    syntax: Syntax = Syntax.NONE
    comment: str = ""
    locale: str = ""
    state: State = State.NONE
    part: tuple[str, ...] = ()
    nth: int = 0
    source: str = ""
    source_plural: str = ""
    markup: bool = False
    translatable: bool = True
    attributes: Mapping[str, str] = NO_ATTRIBUTES  # what else the file says of the entry, in its own words

    @property
    def plural(self) -> bool:
        """Whether the unit has plural forms instead of one text."""
        return not self.values or bool(self.values[0].form)

    @property
    def text(self) -> str:
        """The text; of plural forms the form "other", or the last one there is."""
        for value in self.values:
            if value.form in ("", "other"):
                return value.text
        return self.values[-1].text if self.values else ""

    @property
    def forms(self) -> dict[str, str]:
        """Text by CLDR category; empty where the unit is not plural."""
        return {value.form: value.text for value in self.values if value.form}

    @property
    def identity(self) -> tuple[tuple[str, ...], int, tuple[str, ...], str]:
        """What no other unit of the same catalog has: key, nth, part, locale."""
        return self.key, self.nth, self.part, self.locale


class Window(NamedTuple):
    """A part of a catalog that reads by itself: ``before + text[start:end] + behind`` is a document of its format."""

    start: int
    end: int
    before: str = ""
    behind: str = ""
    #: What, where it is found in the part, ties it to entries elsewhere in the file, so that it proves nothing.
    ties: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class Catalog:
    """One localization file, read. ``detail`` is whatever its format wants to find again in ``plan``."""

    path: str
    format: str
    source: Source
    units: tuple[Unit, ...]
    locale: str = ""  # of the texts, as BCP 47, where file or path say it and it is one
    source_locale: str = ""  # of the texts that are translated, where the file says it
    forms: tuple[str, ...] = ()  # the plural forms a unit must have here, where the file itself says (PO)
    detail: object = field(default=None, repr=False, compare=False)

    def raw(self, value: Value) -> str:
        """Return what stands in the file for ``value``, escapes and all."""
        return self.source.text[value.span.start : value.span.end] if value.span else ""

    def line(self, unit: Unit) -> int:
        """Return the line, from 1, on which the unit's entry begins."""
        return self.source.line(unit.entry.start)


Text: TypeAlias = str | Mapping[str, str]


class Set(NamedTuple):
    """Give ``unit`` a new text, or new plural forms (category → text), and with ``source`` another source text."""

    unit: Unit
    text: Text
    state: State = State.TRANSLATED
    source: Text = ""


class Add(NamedTuple):
    """Add a unit. ``comment`` is written where the format has a place for one."""

    key: tuple[str, ...]
    text: Text
    locale: str = ""
    part: tuple[str, ...] = ()
    after: Unit | None = None
    like: Unit | None = None
    comment: str = ""
    state: State = State.TRANSLATED


class Remove(NamedTuple):
    """Remove ``unit``; with ``whole`` its entry, with every part and locale."""

    unit: Unit
    whole: bool = False


class SetState(NamedTuple):
    """Change the state of ``unit`` and not its text."""

    unit: Unit
    state: State


CatalogEdit: TypeAlias = Set | Add | Remove | SetState


class Format(Protocol):
    """What a format's module offers."""

    def parse(self, path: str, data: bytes) -> Catalog:
        """Read a file exactly, or raise InputError."""
        ...

    def plan(self, catalog: Catalog, edits: Sequence[CatalogEdit]) -> list[Replacement]:
        """Say which characters become which for ``edits``, or raise InputError."""
        ...


def refusal(
    source: Source, offset: int, reason: str, *, expected: str = "", found: str = "", fix: str = ""
) -> InputError:
    """Return the error that refuses a file: the line first, then the reason."""
    return InputError(f"line {source.line(offset)}: {reason}", expected=expected, found=found, fix=fix)
