"""Gettext's PO and POT: bilingual, with states, plural forms counted by the header's own formula.

Reference: gnu.org/software/gettext/manual/html_node/PO-Files.html. polib and msgfmt judge it in the tests; it is
read here because nothing else tells where things stand.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple, cast

from hunkworks.catalogs.conventions import as_bcp47, of_path
from hunkworks.catalogs.plurals import gettext_forms
from hunkworks.catalogs.protocol import (
    Catalog,
    CatalogEdit,
    Replacement,
    Source,
    Span,
    State,
    Syntax,
    Unit,
    Value,
    Window,
    refusal,
)
from hunkworks.errors import InputError

_PIECE = r'"(?:[^"\\\r\n]++|\\[^\r\n])*+"'
LIVE, _OLD = rf"{_PIECE}(?:\s*+{_PIECE})*+", rf"{_PIECE}(?:\s*+\#~[ \t]*+{_PIECE})*+"


def _fields(mark: str, strings: str) -> str:
    return (
        rf"{mark}(?:msgctxt\s*+({strings})\s*+{mark})?+msgid\s*+({strings})\s*+{mark}"
        rf"(?:msgstr\s*+({strings})|msgid_plural\s*+({strings})((?:\s*+{mark}msgstr\[\d+\]\s*+{strings})++))"
    )


# One match per entry: what is said above it, then its fields; obsolete ones behind "#~".
_COMMENTS = r"((?:\#(?!~[ \t]*+(?:msg|\"))[^\r\n]*+\s*+)*+)"
_LIVE_FIELDS, _OLD_FIELDS = _fields("", LIVE), _fields(r"\#~[ \t]*+", _OLD)
_ENTRY = re.compile(rf"\s*+{_COMMENTS}(?:{_LIVE_FIELDS}|{_OLD_FIELDS})")
_REST = re.compile(rf"\s*+{_COMMENTS}")
_FORM = re.compile(rf"msgstr\[(\d+)\]\s*+({_PIECE}(?:\s*+(?:\#~[ \t]*+)?{_PIECE})*+)")
_STRING = re.compile(_PIECE)
_ESCAPE = re.compile(r"\\(?:([abfnrtv\\\"?'])|([0-7]{1,3})|x([0-9A-Fa-f]{1,2})|(.))", re.DOTALL)
_ESCAPES = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_FLAGS = re.compile(r"^[ \t]*#[,=]([^\r\n]*)", re.MULTILINE)
_EXTRACTED = re.compile(r"^[ \t]*#\.[ \t]?([^\r\n]*)", re.MULTILINE)
_PREVIOUS = re.compile(rf"^[ \t]*#~?\|[ \t]*msgid[ \t]*({_PIECE}(?:\s*+#~?\|[ \t]*{_PIECE})*+)", re.MULTILINE)
_CHARSET = re.compile(rb"^msgid[ \t]+\"\"[ \t]*\r?\nmsgstr[ \t]*(?:\"[^\r\n]*\"\s*)+", re.MULTILINE)
_HEADER_FIELD = re.compile(r"^([\w-]+):[ \t]*(.*)$", re.MULTILINE)
_NOTHING_SAID: tuple[Syntax, str, bool, Mapping[str, str]] = (Syntax.NONE, "", False, MappingProxyType({}))
SYNTAXES = {
    "c-format": Syntax.C,
    "c++-format": Syntax.BRACE,
    "csharp-format": Syntax.BRACE,
    "java-format": Syntax.MESSAGE_FORMAT,
    "java-printf-format": Syntax.JAVA,
    "javascript-format": Syntax.C,
    "kde-format": Syntax.QT,
    "objc-format": Syntax.OBJC,
    "perl-brace-format": Syntax.BRACE,
    "perl-format": Syntax.C,
    "php-format": Syntax.C,
    "python-brace-format": Syntax.BRACE,
    "python-format": Syntax.PYTHON,
    "qt-format": Syntax.QT,
    "qt-plural-format": Syntax.QT,
    "ruby-format": Syntax.RUBY,
    "sh-format": Syntax.NONE,
}


class Detail(NamedTuple):
    """What ``plan`` wants to know again."""

    header_end: int  # where the header entry ends; 0 without one
    formula: str  # the header's Plural-Forms


def parse(path: str, data: bytes) -> Catalog:
    """Read a PO or POT file: one unit per entry, obsolete ones too; the header is none.

    Raises:
        InputError: It is not PO, not in the charset its header names, or its plural forms are none of its formula.
    """
    source = Source.decode(data, _charset(data))
    text = source.text
    units: list[Unit] = []
    seen: dict[tuple[str, ...], int] = {}
    header: dict[str, str] = {}
    header_end = position = 0
    forms: tuple[str, ...] = ()
    locale = of_path(path)
    match = _ENTRY.match
    while found := match(text, position):
        position = found.end()
        groups = found.groups()
        # The first group is what stands above; then five of a live entry, or five of an obsolete one.
        old = groups[2] is None
        at = 6 if old else 1
        msgctxt, msgid, msgstr, plural, several = groups[at : at + 5]
        if msgid == '""' and msgctxt is None and not old:
            if not header_end:
                header_end = position
                header = dict(_HEADER_FIELD.findall(unquoted(source, msgstr or '""', found.start(4))))
                locale = as_bcp47(header.get("Language", "").strip()) or locale
            continue
        key = unquoted(source, msgid, found.start(at + 2))
        values: tuple[Value, ...]
        if plural is None:
            start, end = found.span(at + 3)
            values = (Value(unquoted(source, msgstr, start), Span(start + 1, end - 1)),)
            translated = msgstr != '""' and values[0].text != ""
        else:
            if not forms:
                formula = header.get("Plural-Forms", "")
                forms = _forms(source, found.start(), formula, locale, several.count("msgstr["))
            values = _plural_values(source, several, found.start(at + 5), forms)
            translated = any(value.text for value in values)
        path_to = (key,) if msgctxt is None else (unquoted(source, msgctxt, found.start(at + 1)), key)
        first = found.end(1)
        syntax, comment, fuzzy, attributes = _said(groups[0]) if groups[0] else _NOTHING_SAID
        state = State.TRANSLATED if translated else State.NEW
        if old:
            first, state = text.index("#~", first), State.OBSOLETE
        elif fuzzy and translated:
            state = State.NEEDS_REVIEW
        nth = seen.get(path_to, 0)
        seen[path_to] = nth + 1
        source_plural = "" if plural is None else unquoted(source, plural, found.start(at + 4))
        units.append(
            Unit(
                path_to,
                values,
                Span(first, position),
                syntax,
                comment,
                "",
                state,
                (),
                nth,
                key,
                source_plural,
                attributes=attributes,
            )
        )
    rest = _REST.match(text, position)
    if rest and rest.end() < len(text):
        raise refusal(
            source, rest.end(), "not PO", expected="msgid and msgstr", found=text[rest.end() :][:40]
        )
    detail = Detail(header_end, header.get("Plural-Forms", ""))
    if detail.formula and not forms:
        with contextlib.suppress(InputError):  # a formula that no entry needs
            forms = gettext_forms(detail.formula, locale)
    return Catalog(path, "po", source, tuple(units), locale=locale, detail=detail, forms=forms)


def _charset(data: bytes) -> str:
    header = _CHARSET.search(data)
    found = re.search(rb"charset=([\w.:-]+)", header.group()) if header else None
    name = found.group(1).decode("ascii").lower() if found else "utf-8"
    return "utf-8" if name in ("charset", "utf8") else name


def _forms(source: Source, offset: int, formula: str, locale: str, count: int) -> tuple[str, ...]:
    try:
        return gettext_forms(formula, locale, count)
    except InputError as error:
        raise refusal(source, offset, error.what, expected=error.expected, found=error.found) from None


def _plural_values(source: Source, group: str, offset: int, forms: Sequence[str]) -> tuple[Value, ...]:
    values = []
    for wanted, found in enumerate(_FORM.finditer(group)):
        index, start = int(found.group(1)), offset + found.start(2)
        if index != wanted or index >= len(forms):
            raise refusal(
                source,
                offset + found.start(),
                f"msgstr[{index}] is no plural form of this file",
                expected=f"msgstr[0] to msgstr[{len(forms) - 1}], in order, as Plural-Forms says",
            )
        span = Span(start + 1, offset + found.end(2) - 1)
        values.append(Value(unquoted(source, found.group(2), start), span, forms[index]))
    return tuple(values)


def _said(comments: str) -> tuple[Syntax, str, bool, Mapping[str, str]]:
    """Return what stands above an entry: syntax, the developer's comment, whether it is fuzzy, the rest."""
    syntax, comment, fuzzy = Syntax.NONE, "", False
    attributes: dict[str, str] = {}
    if "#." in comments:
        comment = "\n".join(_EXTRACTED.findall(comments))
    if "#," in comments or "#=" in comments:
        flags = [flag.strip() for line in _FLAGS.findall(comments) for flag in line.split(",")]
        for flag in flags:
            if flag in SYNTAXES:
                syntax = SYNTAXES[flag]
        fuzzy = "fuzzy" in flags
        attributes["flags"] = ", ".join([flag for flag in flags if flag and flag != "fuzzy"])
    if "|" in comments and (previous := _PREVIOUS.search(comments)):
        raw = "".join(piece[1:-1] for piece in _STRING.findall(previous.group(1)))
        attributes["previous"] = _ESCAPE.sub(_lenient, raw)
    return syntax, comment, fuzzy, attributes


def unquoted(source: Source, strings: str, offset: int) -> str:
    """Return the text of one or more quoted strings, read as C reads them.

    Raises:
        InputError: An escape is none that gettext knows, or spells a byte instead of a character.
    """
    text = strings[1:-1]
    if '"' in text:
        text = "".join(piece[1:-1] for piece in _STRING.findall(strings))
    if "\\" not in text:
        return text
    try:
        return _ESCAPE.sub(_unescaped, text)
    except ValueError as error:
        raise refusal(source, offset, f"the escape {error} is not known in PO") from None


def _lenient(found: re.Match[str]) -> str:
    """Read an escape in a comment, where gettext refuses none."""
    try:
        return _unescaped(found)
    except ValueError:
        return found.group()


def _unescaped(found: re.Match[str]) -> str:
    plain, octal, hexadecimal, other = found.groups()
    if plain:
        return _ESCAPES.get(plain, plain)
    code = int(octal, 8) if octal else int(hexadecimal, 16) if hexadecimal else 0
    if other or code > 0x7F:
        raise ValueError(found.group())
    return chr(code)


def window(catalog: Catalog, start: int, end: int) -> Window | None:
    """Return the entries around some characters behind the header, which says charset and plural forms."""
    from hunkworks.catalogs import windows  # reading, which hooks do, needs none of it

    header_end = cast("Detail", catalog.detail).header_end
    text, units = catalog.source.text, catalog.units
    if start < header_end:
        return None

    def span(index: int) -> Span:
        """Return where an entry stands, with what stands above it."""
        return Span(max(units[index - 1].entry.end if index else 0, header_end), units[index].entry.end)

    stretch = windows.around(range(len(units)), span, start, end, Span(header_end, len(text)))
    return Window(*stretch, text[:header_end])


def plan(catalog: Catalog, edits: Sequence[CatalogEdit]) -> list[Replacement]:
    """Say which characters become which, wrapped as the file is; the header is never touched."""
    from hunkworks.catalogs.po_edit import Plan  # reading, which hooks do, needs none of it

    return Plan(catalog).replacements(edits)
