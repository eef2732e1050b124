"""Edits of PO files: wrapped as the file is, flags and previous texts kept in step with the state."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice
from typing import NamedTuple, cast

from hunkworks.catalogs.blocks import Blocks
from hunkworks.catalogs.lines import line_start
from hunkworks.catalogs.ordering import Places, caseless, codepoint
from hunkworks.catalogs.po import LIVE, Detail
from hunkworks.catalogs.protocol import (
    Add,
    Catalog,
    CatalogEdit,
    Remove,
    Replacement,
    Set,
    SetState,
    State,
    Text,
    Unit,
)
from hunkworks.errors import InputError

_WIDEST = 80  # what is longer and could be broken shows that a file is not wrapped
_USUAL = 79
_FEWEST_TO_SORT = 5
_SHORT = 40  # fits a line of any file
_SAMPLE = 300  # lines show how a file is wrapped
_STRING_LINE = re.compile(
    r"^[^\S\r\n]*(?:#~[ \t]*)?(?:msg[\w\[\]]+[ \t]+)?\"((?:[^\"\\\r\n]|\\.)*)\"[ \t]*\r?$", re.MULTILINE
)
_SPECIAL = re.compile(r'[\\"\x00-\x1f\x7f]')
_SPECIALS = {
    "\\": "\\\\",
    '"': '\\"',
    "\n": "\\n",
    "\t": "\\t",
    "\r": "\\r",
    "\a": "\\a",
    "\b": "\\b",
    "\v": "\\v",
}
_WORDS = re.compile(r"(?:\\.|[^\s\\])*(?:\s|\\[tnr])*")
_FLAG_LINE = re.compile(r"^([ \t]*#,)([^\r\n]*)", re.MULTILINE)
_FUZZY = re.compile(r"[ \t]*\bfuzzy\b[ \t]*(?:,[ \t]*)?")
_PREVIOUS_LINES = re.compile(r"^[ \t]*#~?\|[^\r\n]*(?:\r\n|\r|\n)", re.MULTILINE)
_NOTE = re.compile(r"^[ \t]*#[.:,=|]", re.MULTILINE)
_PLURAL = re.compile(rf"msgid_plural\s*+({LIVE})")
_SPACED = re.compile(r"[^\r\n]*?(?:\r\n|\r|\n|\Z)")


class Style(NamedTuple):
    """How a file breaks its strings."""

    width: int  # columns of a line with its quotes; 0 where only line feeds break
    breaks: bool  # whether a line feed in a text ends a line of the file

    @classmethod
    def of(cls, text: str) -> Style:
        """Read the style from the file's strings."""
        broken = long = split = whole = 0
        widest = longest = 0
        lines = list(islice(_STRING_LINE.finditer(text), _SAMPLE))
        for place, line in enumerate(lines):
            content = line.group(1)
            columns = _columns(line.group().rstrip("\r"))
            inner = content.removesuffix("\\n")
            whole += "\\n" in inner.replace("\\\\", "")
            split += content.endswith("\\n")
            follows = place + 1 < len(lines) and lines[place + 1].start() - line.end() <= 2
            continued = follows and lines[place + 1].group().lstrip("#~ \t")[:1] == '"'
            if continued and content and not content.endswith("\\n"):
                broken += 1
                widest = max(widest, columns)
            if columns > _WIDEST and " " in content.strip():
                long += 1
            elif columns <= _WIDEST:
                longest = max(longest, columns)
        unbroken = 0 if long else _USUAL
        width = max(widest, min(longest, _WIDEST)) if broken >= max(long, 1) else unbroken
        return cls(width, split >= whole)


class Plan:
    """Collects the edits of one catalog."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.text = catalog.source.text
        self.newline = catalog.source.newline()
        self.blocks = Blocks(self.text)
        self._removed: set[object] = set()

    @cached_property
    def style(self) -> Style:
        """How the file breaks its strings; a short text need not know."""
        return Style.of(self.text[cast("Detail", self.catalog.detail).header_end :])

    def replacements(self, edits: Sequence[CatalogEdit]) -> list[Replacement]:
        """Return what is to be replaced for ``edits``."""
        added: list[Add] = []
        for edit in edits:
            match edit:
                case Set():
                    self._set(edit.unit, edit.text)
                    self._set_source(edit)
                    self._set_state(edit.unit, edit.state if edit.text else State.NEW)
                case SetState():
                    if edit.unit.state is State.NEW and edit.state is not State.NEW:
                        raise InputError(f"{edit.unit.source!r} has no translation to be {edit.state.value}")
                    if edit.state is State.NEW and edit.unit.state is not State.NEW:
                        raise InputError("PO has no flag for new: a translation is there or not")
                    self._set_state(edit.unit, edit.state)
                case Add():
                    added.append(edit)
                case Remove():
                    self._remove(edit.unit)
                    self._removed.add(edit.unit.identity)
        self._add(added)
        return self.blocks.result()

    def _set(self, unit: Unit, text: Text) -> None:
        if isinstance(text, str) == unit.plural:
            expected = "a text per plural form" if unit.plural else "one text"
            raise InputError(f"{unit.source!r} takes {expected}", expected=expected)
        texts = [text] if isinstance(text, str) else self._in_forms(unit.source, text)
        if len(texts) > len(unit.values):
            last = unit.values[-1].span
            place = last.end + 1 if last else unit.entry.end
            prefix = "#~ " if unit.state is State.OBSOLETE else ""
            for index in range(len(unit.values), len(texts)):
                self.blocks.insert(place, self.newline, self._field(f"msgstr[{index}]", texts[index], prefix))
        for value, new in zip(unit.values, texts, strict=False):
            if value.span and value.text != new:
                start, end = value.span.start - 1, value.span.end + 1
                first = line_start(self.text, start)
                old = self.text[start:end]
                lead = self.text[first:start]
                self.blocks.replace(start, end, self._strings(new, lead, _prefix(lead), old))

    def _set_source(self, edit: Set) -> None:
        """Write another plural source text; the other one is the key."""
        source = edit.source
        if not source:
            return
        field = _PLURAL.search(self.text, edit.unit.entry.start, edit.unit.entry.end)
        if isinstance(source, str) or source.get("one") != edit.unit.source or field is None:
            raise InputError(
                f"the msgid {edit.unit.source!r} is its key", fix="remove the entry, then add it"
            )
        lead = self.text[line_start(self.text, field.start(1)) : field.start(1)]
        new = self._strings(source["other"], lead, _prefix(lead), field.group(1))
        self.blocks.replace(*field.span(1), new)

    def _in_forms(self, name: str, text: Mapping[str, str]) -> list[str]:
        """Return the texts in the order of ``msgstr[n]``."""
        forms = self.catalog.forms or ("one", "other")
        if set(text) != set(forms):
            raise InputError(
                f"{name!r} takes the plural forms that this file's Plural-Forms counts",
                expected=", ".join(forms),
                found=", ".join(text),
            )
        return [text[form] for form in forms]

    # states

    def _set_state(self, unit: Unit, state: State) -> None:
        if unit.state is State.OBSOLETE or state is State.OBSOLETE:
            if state is State.OBSOLETE and unit.state is not State.OBSOLETE:
                raise InputError("entries become obsolete by msgmerge", fix="msgmerge, or remove the entry")
            return
        start = self._comments_start(unit)
        above = self.text[start : unit.entry.start]
        flags = [line for line in _FLAG_LINE.finditer(above) if re.search(r"\bfuzzy\b", line.group(2))]
        if state is State.NEEDS_REVIEW:
            if not flags:
                self._flag(start, above, unit)
            return
        for line in flags:
            left = _FUZZY.sub("", line.group(2)).rstrip(" \t,")
            first, end = start + line.start(), start + line.end()
            if left:
                rest = re.sub(r"^,[ \t]*", "", left.strip(" \t"))
                self.blocks.replace(first, end, f"{line.group(1)} {rest}")
            else:
                after = _SPACED.match(self.text, end)
                self.blocks.delete(first, after.end() if after else end)
        if flags:
            for line in _PREVIOUS_LINES.finditer(above):
                self.blocks.delete(start + line.start(), start + line.end())

    def _flag(self, start: int, above: str, unit: Unit) -> None:
        """Add the flag in front of others, or on a line of its own above the previous text or the entry."""
        if line := _FLAG_LINE.search(above):
            place = start + line.end(1)
            self.blocks.replace(place, place, " fuzzy," if line.group(2).strip() else " fuzzy")
            return
        previous = _PREVIOUS_LINES.search(above)
        place = start + previous.start() if previous else line_start(self.text, unit.entry.start)
        self.blocks.replace(place, place, f"#, fuzzy{self.newline}")

    def _comments_start(self, unit: Unit) -> int:
        """Return where the comments above an entry begin, those in front of an empty line too."""
        start = place = line_start(self.text, unit.entry.start)
        while place > 0:
            previous = line_start(self.text, place - (2 if self.text[place - 2 : place] == "\r\n" else 1))
            line = self.text[previous:place].strip()
            if line and (not line.startswith("#") or re.match(r"#~[ \t]*(?:msg|\")", line)):
                break
            place = previous
            if line:
                start = place
        return start

    # entries

    def _remove(self, unit: Unit) -> None:
        """Remove the entry, what is said above it and the empty line behind it, or in front of it at the end."""
        start = self._comments_start(unit)
        above = self.text[start : unit.entry.start]
        blank = max((m.end() for m in re.finditer(r"(?:\r\n|\r|\n)[ \t]*(?:\r\n|\r|\n)", above)), default=0)
        note = _NOTE.search(above)
        start += min(blank, note.start()) if note else blank
        after = re.compile(r"[ \t]*(?:(?:\r\n|\r|\n)[ \t]*)*").match(self.text, unit.entry.end)
        end = after.end() if after else unit.entry.end
        if end < len(self.text):
            self.blocks.delete(start, line_start(self.text, end))
        else:
            self.blocks.delete(len(self.text[:start].rstrip()), unit.entry.end)

    def _add(self, added: Sequence[Add]) -> None:
        live = [unit for unit in self.catalog.units if unit.state is not State.OBSOLETE]
        if not added:
            return
        places = (
            Places([unit.source for unit in live], (codepoint, caseless))
            if len(live) >= _FEWEST_TO_SORT
            else None
        )
        known = {unit.key for unit in live if unit.identity not in self._removed}
        for edit in added:
            if edit.key in known or not 1 <= len(edit.key) <= 2 or not edit.key[-1]:
                raise InputError(f"{edit.key!r} is there already, or is no (msgctxt and) msgid")
            known.add(edit.key)
            index = places.after(edit.key[-1]) if places and not edit.after else len(live) - 1
            behind = edit.after or (live[index] if index >= 0 and live else None)
            entry = self._entry(edit)
            if behind:
                self.blocks.insert(behind.entry.end, self.newline * 2, entry)
            elif live:
                start = self._comments_start(live[0])
                self.blocks.insert(start, "", entry + self.newline * 2)
            elif header := cast("Detail", self.catalog.detail).header_end:
                self.blocks.insert(header, self.newline * 2, entry)
            else:
                self.blocks.insert(len(self.text), "", entry + self.newline)

    def _entry(self, edit: Add) -> str:
        lines = [f"#. {line}" if line else "#." for line in edit.comment.splitlines()]
        flags = edit.like.attributes.get("flags", "") if edit.like else ""
        if edit.state is State.NEEDS_REVIEW:
            flags = f"fuzzy, {flags}" if flags else "fuzzy"
        if flags:
            lines.append(f"#, {flags}")
        *context, msgid = edit.key
        lines += [self._field("msgctxt", name) for name in context]
        lines.append(self._field("msgid", msgid))
        if isinstance(edit.text, str):
            lines.append(self._field("msgstr", edit.text))
        else:
            plural = edit.like.source_plural if edit.like else ""
            lines.append(self._field("msgid_plural", plural or msgid))
            for index, text in enumerate(self._in_forms(msgid, edit.text)):
                lines.append(self._field(f"msgstr[{index}]", text))
        return self.newline.join(lines)

    # strings

    def _field(self, keyword: str, text: str, prefix: str = "") -> str:
        lead = f"{prefix}{keyword} "
        return lead + self._strings(text, lead, prefix, "")

    def _strings(self, text: str, lead: str, prefix: str, old: str) -> str:
        """Return ``text`` quoted, broken as the file breaks its strings.

        Args:
            text: The whole text.
            lead: What stands in front of it on its line.
            prefix: What every line of it begins with: ``#~`` in an obsolete entry.
            old: What stood there; a text with line feeds in one string stays in one.
        """
        escaped = _SPECIAL.sub(lambda m: _SPECIALS.get(m.group(), f"\\{ord(m.group()):03o}"), text)
        if "\n" not in text and _columns(escaped) < _SHORT:
            return f'"{escaped}"'
        one_line = bool(old) and "\n" not in old and "\\n" in old[1:-1].removesuffix("\\n")
        inner = "\\n" in _without_backslashes(escaped.removesuffix("\\n"))
        paragraphs = _paragraphs(escaped) if inner and self.style.breaks and not one_line else [escaped]
        width = self.style.width
        if len(paragraphs) == 1 and (
            not width or _columns(f'{lead}"{escaped}"') <= width or " " not in text.strip()
        ):
            return f'"{escaped}"'
        pieces = [""]
        for paragraph in paragraphs:
            pieces += _wrapped(paragraph, width - 2 - len(prefix)) if width else [paragraph]
        return f"{self.newline}{prefix}".join(f'"{piece}"' for piece in pieces)


def _prefix(lead: str) -> str:
    return lead[: len(lead) - len(lead.lstrip("#~ \t"))]


def _without_backslashes(escaped: str) -> str:
    return escaped.replace("\\\\", "")


def _paragraphs(escaped: str) -> list[str]:
    """Split behind every escaped line feed."""
    return [piece for piece in re.findall(r"(?:\\n|[^\\]|\\[^n])*?(?:\\n|\Z)", escaped) if piece]


def _wrapped(paragraph: str, width: int) -> Iterator[str]:
    """Break behind spaces, so that no piece is wider where that can be."""
    line = ""
    columns = 0
    for word in _WORDS.findall(paragraph):
        size = _columns(word.rstrip(" "))
        if line and columns + size > width:
            yield line
            line, columns = "", 0
        line += word
        columns += _columns(word)
    if line:
        yield line


def _columns(text: str) -> int:
    """Return how many columns a terminal needs."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(unicodedata.combining(character) > 0 for character in text)
