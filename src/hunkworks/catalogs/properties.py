"""Java's .properties: lines of key, separator and value, with escapes, continuations and comments.

Reference: java.util.Properties.load. UTF-8 (Java 9 and later) where the bytes are, else ISO-8859-1.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple, cast

from hunkworks.catalogs import lines
from hunkworks.catalogs.blocks import Blocks, end_with_line
from hunkworks.catalogs.conventions import of_path
from hunkworks.catalogs.ordering import Places, caseless, codepoint
from hunkworks.catalogs.protocol import (
    Add,
    Catalog,
    CatalogEdit,
    Remove,
    Replacement,
    Set,
    SetState,
    Source,
    Span,
    Syntax,
    Unit,
    Value,
    Window,
    refusal,
)
from hunkworks.errors import InputError

_BREAK = r"(?:\r\n|\r|\n)"
# One match per line that says something: a comment, or key, separator and value with its continuations.
_LINE = re.compile(
    rf"[ \t\f]*+(?:"
    rf"({_BREAK})"
    rf"|([#!][^\r\n]*+)({_BREAK}?)"
    rf"|((?:\\{_BREAK}[ \t\f]*+|\\[^\r\n]|[^\\=: \t\f\r\n])*+)([ \t\f]*+[=:]?[ \t\f]*+)"
    rf"((?:\\{_BREAK}|\\[^\r\n]|[^\\\r\n])*+\\?)({_BREAK}?))"
)
_ESCAPE = re.compile(rf"\\(?:u([0-9a-fA-F]{{4}})|({_BREAK})[ \t\f]*|(u)|(.)|$)", re.DOTALL)
_PLAIN = {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}
_SURROGATES = re.compile(r"[\ud800-\udbff][\udc00-\udfff]")
_CONTINUED = re.compile(rf"\\({_BREAK})([ \t\f]*)")
_UPPER_HEX = re.compile(r"\\u(?=[0-9a-fA-F]*[A-F])[0-9a-fA-F]{4}")
_LOWER_HEX = re.compile(r"\\u(?=[0-9a-fA-F]*[a-f])[0-9a-fA-F]{4}")
_NUMBERED = re.compile(r"\{\d")
_PRINTF = re.compile(r"%(?:\d+\$)?[sd]")


class _Detail(NamedTuple):
    raw: bool  # whether values hold characters beyond ASCII as they are
    key_ends: Sequence[int]  # where the key of each unit ends
    above: Sequence[int]  # where the comments of each unit begin


def parse(path: str, data: bytes) -> Catalog:
    """Read a properties file: one unit per key, duplicates too; comments right above an entry are its comment.

    Raises:
        InputError: An escape ``\\uXXXX`` has no four digits, which Java refuses too.
    """
    source = _decoded(data)
    text = source.text
    syntax = Syntax.MESSAGE_FORMAT
    if not _NUMBERED.search(text) and _PRINTF.search(text):
        syntax = Syntax.JAVA
    units: list[Unit] = []
    key_ends: list[int] = []
    above: list[int] = []
    seen: dict[str, int] = {}
    comments: list[str] = []
    raw = header = False
    position, comment_start, size = 0, 0, len(text)
    while position < size:
        found = _LINE.match(text, position)
        if found is None:
            raise refusal(source, position, "not a line of key and value")
        start, position = position, found.end()
        blank, comment, _, key, _, value, _ = found.groups()
        if comment is not None:
            if not comments:
                comment_start = start
                header = start == 0
            comments.append(comment)
            continue
        if blank is not None or not (key or value or found.group(5).strip()):
            comments = []
            continue
        name = _decode(source, key, found.start(4))
        spoken = _decode(source, value, found.start(6))
        raw = raw or not (value.isascii() and key.isascii())
        # A block that begins the file speaks of the file: a licence.
        own = bool(comments) and not header
        said = "\n".join([line[1:].strip() for line in comments]) if own else ""
        key_start, key_end = found.span(4)
        value_span = Span(*found.span(6))
        nth = seen.get(name, 0)
        seen[name] = nth + 1
        units.append(
            Unit(
                (name,),
                (Value(spoken, value_span),),
                Span(key_start, value_span.end),
                syntax,
                said,
                nth=nth,
            )
        )
        key_ends.append(key_end)
        above.append(comment_start if own else start)
        if comments:
            comments = []
    return Catalog(
        path,
        "properties",
        source,
        tuple(units),
        locale=of_path(path),
        detail=_Detail(raw, key_ends, above),
    )


def _decoded(data: bytes) -> Source:
    try:
        return Source.decode(data)
    except InputError:
        return Source.decode(data, "latin-1")


def _decode(source: Source, raw: str, offset: int) -> str:
    if "\\" not in raw:
        return raw

    def character(found: re.Match[str]) -> str:
        code, continued, unfinished, plain = found.groups()
        if unfinished:
            raise refusal(source, offset + found.start(), "\\u without four hexadecimal digits")
        if code:
            return chr(int(code, 16))
        return "" if continued else _PLAIN.get(plain or "", plain or "")

    text = _ESCAPE.sub(character, raw)
    if "\\u" in raw:
        text = _SURROGATES.sub(
            lambda pair: pair.group().encode("utf-16", "surrogatepass").decode("utf-16"), text
        )
    return text


def window(catalog: Catalog, start: int, end: int) -> Window | None:
    """Return the lines around some characters, behind an empty one: only a comment that begins the file is its own."""
    from hunkworks.catalogs import windows  # reading, which hooks do, needs none of it

    above = cast("_Detail", catalog.detail).above

    def span(index: int) -> Span:
        return Span(above[index], catalog.units[index].entry.end)

    stretch = windows.around(range(len(above)), span, start, end, Span(0, len(catalog.source.text)))
    return Window(*stretch, "\n" if stretch.start else "")


def plan(catalog: Catalog, edits: Sequence[CatalogEdit]) -> list[Replacement]:
    """Say which characters become which, with the separator, escapes and continuations that are there."""
    return _Plan(catalog).replacements(edits)


class _Plan:
    def __init__(self, catalog: Catalog) -> None:
        assert isinstance(catalog.detail, _Detail)  # noqa: S101 - parse made it
        self.catalog = catalog
        self.detail = catalog.detail
        self.text = catalog.source.text
        self.newline = catalog.source.newline()
        self.blocks = Blocks(self.text)

    @cached_property
    def upper(self) -> bool:
        """Whether the file writes hexadecimal digits in capitals, or none."""
        return bool(_UPPER_HEX.search(self.text)) or not _LOWER_HEX.search(self.text)

    @cached_property
    def indexes(self) -> dict[int, int]:
        """The place of each unit in the catalog, by its offset."""
        return {unit.entry.start: index for index, unit in enumerate(self.catalog.units)}

    def replacements(self, edits: Sequence[CatalogEdit]) -> list[Replacement]:
        added: list[Add] = []
        for edit in edits:
            match edit:
                case Set(unit, str(text)):
                    span = unit.values[0].span or unit.entry
                    if text != unit.text:
                        key_end = self.detail.key_ends[self.indexes[unit.entry.start]]
                        separator = self.text[key_end : span.start]
                        new = _behind(separator, self._value(text, self.catalog.raw(unit.values[0])))
                        self.blocks.replace(span.start, span.end, new)
                case Add((_,), str()):
                    added.append(edit)
                case Remove(unit):
                    start = self.detail.above[self.indexes[unit.entry.start]]
                    self.blocks.delete(start, end_with_line(self.text, start, unit.entry.end, "#!"))
                case SetState():
                    raise InputError("properties have no states")
                case _:
                    raise InputError("a property has one key and one text: no plural forms")
        if added:
            self._add(added)
        return self.blocks.result()

    def _add(self, added: Sequence[Add]) -> None:
        units = self.catalog.units
        known = {unit.key for unit in units}
        places = Places([unit.key[0] for unit in units], (codepoint, caseless))
        order = {name: rank for rank, name in enumerate(places.arranged([edit.key[0] for edit in added]))}
        for edit in sorted(added, key=lambda edit: order[edit.key[0]]):
            if edit.key in known:
                raise InputError(f"{edit.key[0]!r} is there already")
            known.add(edit.key)
            index = self.indexes[edit.after.entry.start] if edit.after else places.after(edit.key[0])
            entry = self._entry(edit, index)
            if index >= 0:
                end = units[index].entry.end
                unfinished = "\\" if _unfinished(self.catalog.raw(units[index].values[0])) else ""
                if unfinished:
                    raise InputError("the file ends within a continued line", fix="finish its last line")
                self.blocks.insert(end, self.newline, entry)
            elif units:
                self.blocks.insert(self.detail.above[0], "", entry + self.newline)
            else:
                ended = not self.text or self.text[-1] in "\r\n"
                self.blocks.insert(
                    len(self.text), "" if ended else self.newline, entry + self.newline * ended
                )

    def _entry(self, edit: Add, index: int) -> str:
        """Return the lines of a new entry, separated as its neighbour is."""
        units = self.catalog.units
        separator, indent = "=", ""
        if units:
            neighbour = max(index, 0)
            key_start, spoken = units[neighbour].entry.start, units[neighbour].values[0].span
            start = lines.line_start(self.text, key_start)
            indent = self.text[start:key_start] if not self.text[start:key_start].strip() else ""
            separator = self.text[self.detail.key_ends[neighbour] : spoken.start] if spoken else separator
            separator = separator if separator.strip() or not separator.isspace() else " "
        comment = [f"{indent}# {line}".rstrip() for line in edit.comment.splitlines()]
        comment = [self._characters(line) if not self.detail.raw else line for line in comment]
        value = self._value(edit.text if isinstance(edit.text, str) else "", "")
        return self.newline.join(
            [
                *comment,
                f"{indent}{self._key(edit.key[0])}{separator or '='}{_behind(separator or '=', value)}",
            ]
        )

    def _key(self, name: str) -> str:
        escaped = re.sub(r"[\\ =:\t\n\r\f]|^[#!]", lambda m: _escaped(m.group()), name)
        return self._characters(escaped)

    def _value(self, text: str, old: str) -> str:
        """Return ``text`` escaped, continued over lines where the old one was."""
        escaped = re.sub(r"[\\\n\r\f]|^[ \t]|^\t", lambda m: _escaped(m.group()), text)
        escaped = re.sub(r"\t", r"\\t", escaped) if "\\t" in old or "\t" not in old else escaped
        for sign in "=:#!":
            if f"\\{sign}" in old and not re.search(rf"(?<!\\){sign}", old):
                escaped = escaped.replace(sign, f"\\{sign}")
        escaped = self._characters(escaped)
        continued = _CONTINUED.search(old)
        if not continued or old.endswith("\\") or not escaped:
            return escaped
        joint = continued.group()
        if joint.endswith("\r"):
            return escaped  # a line feed that comes to stand behind it would make one line ending of both
        if re.search(rf"\\n\\{_BREAK}", old):
            # A blank that begins a continued line is lost, unless it is escaped.
            escaped = re.sub(
                r"(?<!\\)((?:\\\\)*\\n)(?=(.))",
                lambda m: m.group() + joint + ("\\" if m.group(2) in " \t" else ""),
                escaped,
            )
            pieces = [escaped]
        else:
            pieces = _wrapped(escaped, max(len(line) for line in re.split(_BREAK, old)))
        lead = joint if continued.start() == 0 else ""
        return lead + joint.join(pieces)

    def _characters(self, text: str) -> str:
        r"""Return ``text`` with ``\uXXXX`` for what the file does not hold as it is."""
        latin = self.catalog.source.encoding == "latin-1"
        if self.detail.raw and not latin and not _SURROGATE.search(text):
            return text
        limit = "\xff" if latin and self.detail.raw else "\x7e"
        return "".join(self._code(c) if c > limit or (c < " " and c != "\t") else c for c in text)

    def _code(self, character: str) -> str:
        units = character.encode("utf-16-be", "surrogatepass").hex()
        codes = (units[:4], units[4:]) if len(units) > 4 else (units,)
        return "".join(f"\\u{code.upper() if self.upper else code}" for code in codes)


_SURROGATE = re.compile(r"[\ud800-\udfff]")


def _behind(separator: str, value: str) -> str:
    """Return a value so that it does not read as part of what separates it from its key."""
    if not separator:
        return f"={value}" if value else ""
    return f"\\{value}" if value[:1] in ("=", ":") and not separator.strip() else value


def _wrapped(text: str, width: int) -> list[str]:
    """Break in front of words, so that no blank begins a line, where it would be lost."""
    pieces = [""]
    for word in re.findall(r"(?:\\.|[^\s\\])*\s*", text):
        if pieces[-1] and len(pieces[-1]) + len(word.rstrip()) > width:
            pieces.append("")
        pieces[-1] += word
    return pieces


def _unfinished(raw: str) -> bool:
    return (len(raw) - len(raw.rstrip("\\"))) % 2 == 1


def _escaped(character: str) -> str:
    return {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\f": "\\f"}.get(character, f"\\{character}")
