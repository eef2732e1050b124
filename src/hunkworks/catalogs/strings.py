"""Apple's .strings: ``"key" = "value";`` in UTF-8 or UTF-16, or the same as an XML property list.

The rules are those of Core Foundation's old-style property list parser, which reads these files at run time.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from functools import cached_property
from typing import NamedTuple, cast

from hunkworks.catalogs import lines, locales, stringsdict
from hunkworks.catalogs.ordering import Places
from hunkworks.catalogs.protocol import (
    Add,
    Catalog,
    CatalogEdit,
    Remove,
    Replacement,
    Set,
    Source,
    Span,
    Syntax,
    Text,
    Unit,
    Value,
    Window,
    refusal,
)
from hunkworks.errors import InputError

_COMMENT = r"(?:/\*(?:[^*]++|\*(?!/))*+\*/|//[^\r\n]*+)"
# Exports that went through two tools begin with two byte order marks; the second is a blank.
_TRIVIA = rf"(?:[\s\ufeff]++|{_COMMENT})*+"
_WORDS = r"(?:\"(?:[^\"\\]++|\\.)*+\"|'(?:[^'\\]++|\\.)*+'|(?!//|/\*)[A-Za-z0-9_$:./-]++)"
_ENTRY = re.compile(
    rf"(?P<above>{_TRIVIA})(?P<key>{_WORDS}){_TRIVIA}(?:={_TRIVIA}(?P<value>{_WORDS}){_TRIVIA})?+;"
    rf"(?P<behind>[ \t]*+{_COMMENT}(?=[ \t]*+(?:[\r\n]|\Z)))?+",
    re.DOTALL,
)
_COMMENTS = re.compile(_COMMENT, re.DOTALL)
_STEPS = (
    (re.compile(_TRIVIA, re.DOTALL), "the end of the comment"),
    (re.compile(_WORDS, re.DOTALL), "a key"),
    (re.compile(_TRIVIA + "=", re.DOTALL), "= behind the key"),
    (re.compile(_TRIVIA + _WORDS, re.DOTALL), "a value"),
    (re.compile(_TRIVIA + ";", re.DOTALL), "; behind the value"),
)
_WORD = re.compile(r"[A-Za-z0-9_]+")
_ESCAPE = re.compile(r"\\(?:U([0-9a-fA-F]{4})|([0-7]{1,3})|(.))", re.DOTALL)
_LETTERS = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_UNSAFE = re.compile(r"[\"\\\x00-\x1f\x7f\ud800-\udfff]")
_WRITTEN = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


class Entry(NamedTuple):
    """An entry with what is its own around it: comments right above, and one behind it on its line."""

    start: int
    end: int
    key: Span
    value: Span | None  # with its quotes; None in the short form ``"key";``


def parse(path: str, data: bytes) -> Catalog:
    """Read a .strings file; keys that stand twice are two units, as found.

    Raises:
        InputError: It is compiled (binary), or not written as one: a semicolon or quote is missing.
    """
    if data.startswith(b"bplist"):
        raise InputError("a compiled (binary) property list", expected="the text that it was made from")
    source = Source.decode(data, _encoding(data))
    text = source.text
    if text.lstrip().startswith(("<?xml", "<!DOCTYPE", "<plist")):
        return stringsdict.parse_flat(path, data)
    entries: list[Entry] = []
    units: list[Unit] = []
    seen: dict[str, int] = {}
    position = 0
    while found := _ENTRY.match(text, position):
        key_token, value_token, behind = found.group("key", "value", "behind")
        key_span = Span(*found.span("key"))
        key = _decode(key_token)
        above = found.end("above")
        start, comment = _above(text, position, above) if above > position else (key_span.start, "")
        if behind:
            comment = f"{comment}\n{_said(behind.strip())}".lstrip("\n")
        position = found.end()
        if value_token is None:
            value_span, value = None, Value(key, None)
        else:
            value_span = Span(*found.span("value"))
            value = Value(_decode(value_token), _inside(text, value_span))
        entries.append(Entry(start, position, key_span, value_span))
        entry = Span(key_span.start, found.start("behind") if behind else position)
        nth = seen.get(key, 0)
        units.append(Unit((key,), (value,), entry, Syntax.OBJC, comment, nth=nth))
        seen[key] = nth + 1
    _refuse_rest(source, position)
    return Catalog(path, "strings", source, tuple(units), locale=locales.of_lproj(path), detail=entries)


def _encoding(data: bytes) -> str:
    """Return UTF-16 where every other byte at the beginning is zero, for files without a byte order mark."""
    if len(data) >= 4 and len(data) % 2 == 0:
        if data[1] == data[3] == 0 != data[0]:
            return "utf-16-le"
        if data[0] == data[2] == 0 != data[1]:
            return "utf-16-be"
    return "utf-8"


def _above(text: str, start: int, end: int) -> tuple[int, str]:
    """Return where the comments right above an entry begin, and what they say; an empty line ends them."""
    first = end
    said: list[str] = []
    if text[start:end].isspace():
        return first, ""
    for comment in reversed(list(_COMMENTS.finditer(text, start, end))):
        if lines.blank_lines_between(text, comment.end(), first):
            break
        first = comment.start()
        said.insert(0, _said(comment.group()))
    return first, "\n".join(said)


def _said(comment: str) -> str:
    return (comment[2:] if comment.startswith("//") else comment[2:-2]).strip()


def _inside(text: str, token: Span) -> Span:
    return Span(token.start + 1, token.end - 1) if text[token.start] in "\"'" else token


def _decode(token: str) -> str:
    """Return what a quoted or bare token says."""
    inner = token[1:-1] if token[0] in "\"'" else token
    if "\\" not in inner:
        return inner
    text = _ESCAPE.sub(_unescaped, inner)
    if any("\ud800" <= character <= "\udfff" for character in text):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
    return text


def _unescaped(match: re.Match[str]) -> str:
    code, octal, letter = match.groups()
    if code:
        return chr(int(f"0x{code}", 0))
    if octal:
        # Core Foundation reads the byte in NeXTSTEP's encoding, which is ASCII below 128; above, keep it as it is.
        return chr(int(f"0o{octal}", 0)) if int(f"0o{octal}", 0) < 128 else match.group()
    return _LETTERS.get(letter, letter)


def _refuse_rest(source: Source, position: int) -> None:
    """Raise unless only blanks and comments stand behind the last entry; say what is missing where."""
    for index, (step, expected) in enumerate(_STEPS):
        found = step.match(source.text, position)
        if found:
            position = found.end()
        if index == 0 and position == len(source.text):
            return
        if not found or (index == 0 and source.text.startswith("/*", position)):
            rest = source.text[position:].lstrip()
            shown = repr(rest[:20]) if rest else "the end of the file"
            raise refusal(
                source, min(position, len(source.text)), "not a .strings file", expected=expected, found=shown
            )


def window(catalog: Catalog, start: int, end: int) -> Window | None:
    """Return the entries around some characters."""
    from hunkworks.catalogs import windows  # reading, which hooks do, needs none of it

    if not isinstance(catalog.detail, list):
        return stringsdict.window(catalog, start, end)
    entries, whole = cast("list[Entry]", catalog.detail), Span(0, len(catalog.source.text))
    return Window(*windows.around(entries, lambda entry: Span(entry.start, entry.end), start, end, whole))


def plan(catalog: Catalog, edits: Sequence[CatalogEdit]) -> list[Replacement]:
    """Say which characters become which, as the neighbours are written."""
    if not isinstance(catalog.detail, list):
        return stringsdict.plan(catalog, edits)
    return _Plan(catalog).replacements(edits)


class _Plan:
    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.text = catalog.source.text
        self.newline = catalog.source.newline()
        self.entries = cast("list[Entry]", catalog.detail)

    @cached_property
    def index(self) -> dict[Hashable, int]:
        """The place of each unit in the catalog, by its identity."""
        return {unit.identity: index for index, unit in enumerate(self.catalog.units)}

    @cached_property
    def places(self) -> Places:
        """Where new keys belong."""
        return Places([unit.key[0] for unit in self.catalog.units])

    @cached_property
    def ascii_only(self) -> bool:
        """Whether the file spells every other character as an escape."""
        return self.text.isascii() and "\\U" in self.text

    def replacements(self, edits: Sequence[CatalogEdit]) -> list[Replacement]:
        additions = {edit.key[0]: edit for edit in edits if isinstance(edit, Add)}
        if len(additions) < sum(isinstance(edit, Add) for edit in edits):
            raise InputError("one key is to be added twice")
        result: list[Replacement] = []
        for edit in edits:
            if isinstance(edit, Set):
                result += self._set(edit)
            elif isinstance(edit, Remove):
                entry = self.entries[self.index[edit.unit.identity]]
                span = lines.removable(self.text, entry.start, entry.end, tidy=not additions)
                result.append(Replacement(*span, ""))
            elif not isinstance(edit, Add):
                raise InputError("a .strings file has no states")
        order = self.places.arranged(list(additions)) if additions else []
        return result + [self._add(additions[key]) for key in order]

    def _set(self, edit: Set) -> list[Replacement]:
        new = _single(edit.text)
        if new == edit.unit.text:
            return []
        entry = self.entries[self.index[edit.unit.identity]]
        if entry.value is None:
            return [Replacement(entry.key.end, entry.key.end, f" = {self._quote(new, '')}")]
        return [Replacement(*entry.value, self._quote(new, self.text[slice(*entry.value)]))]

    def _add(self, add: Add) -> Replacement:
        key, text = self._quote(add.key[0], ""), self._quote(_single(add.text), "")
        after = self.places.after(add.key[0]) if add.after is None else self.index[add.after.identity]
        note = f"/* {add.comment.replace('*/', '* /')} */{self.newline}" if add.comment else ""
        if not self.entries:
            before = "" if not self.text or self.text.endswith(("\n", "\r")) else self.newline
            return Replacement(len(self.text), len(self.text), f"{before}{note}{key} = {text};{self.newline}")
        neighbour = self.entries[max(after, 0)]
        if self.text[neighbour.key.start] not in "\"'" and _WORD.fullmatch(add.key[0]):
            key = add.key[0]
        equals = self.text[neighbour.key.end : neighbour.value.start] if neighbour.value else " = "
        indent = lines.indent(self.text, neighbour.key.start)
        entry = f"{indent}{note and note + indent}{key}{equals if equals.strip() == '=' else ' = '}{text};"
        gap = self.newline * (2 if self._spaced(max(after, 0)) else 1)
        if after < 0:
            start = neighbour.start
            start = lines.line_start(self.text, start) if lines.alone_before(self.text, start) else start
            return Replacement(start, start, entry + gap)
        below = lines.next_line(self.text, neighbour.end)
        if below:
            return Replacement(below, below, gap[len(self.newline) :] + entry + self.newline)
        return Replacement(neighbour.end, neighbour.end, gap + entry)

    def _spaced(self, index: int) -> bool:
        """Whether an empty line stands between this entry and the next, or the one before."""
        first = index if index + 1 < len(self.entries) else index - 1
        if first < 0:
            return False
        return lines.blank_lines_between(self.text, self.entries[first].end, self.entries[first + 1].start)

    def _quote(self, text: str, old: str) -> str:
        """Return ``text`` in quotes, line breaks as they were in the old value."""
        raw_breaks = "\n" in old and "\\n" not in old
        quoted = _UNSAFE.sub(lambda match: _written(match.group(), raw_breaks=raw_breaks), text)
        if self.ascii_only:
            units = quoted.encode("utf-16-be")
            codes = (int.from_bytes(units[at : at + 2]) for at in range(0, len(units), 2))
            quoted = "".join(chr(code) if code < 128 else f"\\U{code:04x}" for code in codes)
        return f'"{quoted}"'


def _written(character: str, *, raw_breaks: bool) -> str:
    if raw_breaks and character == "\n":
        return character
    return _WRITTEN.get(character) or f"\\U{ord(character):04x}"


def _single(text: Text) -> str:
    if not isinstance(text, str):
        raise InputError(
            "a .strings file has no plural forms", expected="one text", fix="put them into a .stringsdict"
        )
    return text
