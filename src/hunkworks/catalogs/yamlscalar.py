"""YAML's five styles of scalars: what they say, and how a text is written in each."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from hunkworks.catalogs.protocol import refusal
from hunkworks.catalogs.source import Source

PLAIN, SINGLE, DOUBLE, LITERAL, FOLDED = "plain", "single", "double", "literal", "folded"
_BREAK = r"(?:\r\n|\r|\n)"
_FOLD = re.compile(rf"[ \t]*{_BREAK}((?:[ \t]*{_BREAK})*)[ \t]*")
_SINGLE = re.compile(r"'((?:[^']|'')*+)'")
_DOUBLE = re.compile(r'"((?:[^"\\]|\\.)*+)"', re.DOTALL)
_ESCAPE = re.compile(
    rf"\\{_BREAK}((?:[ \t]*{_BREAK})*)[ \t]*|\\x([0-9a-fA-F]{{2}})|\\u([0-9a-fA-F]{{4}})|\\U([0-9a-fA-F]{{8}})|\\(.)"
    rf"|[ \t]*{_BREAK}((?:[ \t]*{_BREAK})*)[ \t]*",
    re.DOTALL,
)
_ESCAPES = dict(zip('0abt\tnvfre "/\\N_LP', '\0\a\b\t\t\n\v\f\r\x1b "/\\\x85\xa0\u2028\u2029', strict=True))
_NAMES = {character: name for name, character in _ESCAPES.items() if name not in "\t /"}
_LINE = re.compile(r"(?:[^ \t\r\n:#]|:(?=[^ \t\r\n])|(?<=[^ \t\r\n])\#|[ \t]+(?=[^ \t\r\n#]))*+")
_FLOW_LINE = re.compile(
    r"(?:[^ \t\r\n:#,\[\]{}]|:(?=[^ \t\r\n,\[\]{}])|(?<=[^ \t\r\n])\#|[ \t]+(?=[^ \t\r\n#,\[\]{}]))*+"
)
_NEXT = re.compile(rf"[ \t]*{_BREAK}((?:[ \t]*{_BREAK})*)([ ]*)(?=[^ \t\r\n#])")
_HEADER = re.compile(rf"([|>])(?:([+-])([1-9])?|([1-9])([+-])?)?((?:[ \t]+#[^\r\n]*|[ \t]*)?)({_BREAK}|\Z)")
_FIRST_LINE = re.compile(rf"(?:[ ]*{_BREAK})*([ ]*)(?=[^ \r\n])")
_BREAKS = re.compile(_BREAK)
_LINES = re.compile(rf"[^\r\n]*(?:{_BREAK}|\Z)")
_MAY_START = re.compile(r"[^ \t\r\n\-?:,\[\]{}#&*!|>'\"%@`]|[-?:](?=[^ \t\r\n])")
# YAML 1.1's types of plain scalars, as PyYAML and Psych resolve them.
_WORDS = {
    spelled
    for word in ("yes", "no", "true", "false", "on", "off", "null")
    for spelled in (word, word.capitalize(), word.upper())
} | {"~", "", "=", "<<"}
_NUMBER = re.compile(
    r"[-+]?(?:0b[01_]+|0x[0-9a-fA-F_]+|0o?[0-7_]*|[1-9][0-9_]*(?::[0-5]?[0-9])*(?:\.[0-9_]*)?"
    r"|(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9_]+|[0-9][0-9_]*)(?:[eE][-+]?[0-9]+)?"
    r"|[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?|\.(?:inf|Inf|INF))|\.(?:nan|NaN|NAN)"
    r"|\d{4}-\d\d?-\d\d?(?:(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?)?"
)
#: What Ruby reads as a symbol instead of a text.
SYMBOL = re.compile(r":[A-Za-z_\"']")
_GROUPED = re.compile(r"[-+]?[0-9][0-9_,]*")  # Psych's integers
_PLAIN_START = re.compile(r"[^ \t\r\n\-?:,\[\]{}#&*!|>'\"%@`=~]|[-?:](?=[^ \t\r\n,\[\]{}])")
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|\ufeff")
_BREAKING = re.compile("[\n\r\x85\u2028\u2029]")


class Scalar(NamedTuple):
    """A scalar with its quotes, or from its ``|``; ``string`` is false for numbers, flags, dates and null."""

    start: int
    end: int
    text: str
    style: str
    string: bool

    @property
    def inside(self) -> tuple[int, int]:
        """Where the text stands, without quotes."""
        if self.style in (SINGLE, DOUBLE):
            return self.start + 1, self.end - 1
        return self.start, self.end


def is_string(plain: str) -> bool:
    """Whether a plain scalar is a text to YAML 1.1."""
    if plain[:1].isalpha() or plain[:1] in "~=<":
        return plain not in _WORDS
    return bool(plain) and not _NUMBER.fullmatch(plain)


def read(source: Source, start: int, parent: int, *, flow: bool = False, string: bool = False) -> Scalar:
    """Read the scalar at ``start``.

    Args:
        source: The file.
        start: Where it begins.
        parent: The indentation of what it belongs to.
        flow: Whether it stands within brackets.
        string: Whether a tag makes it a text.

    Raises:
        InputError: It does not end, or is no scalar.
    """
    text = source.text
    sign = text[start]
    if sign == "'":
        if found := _SINGLE.match(text, start):
            return Scalar(start, found.end(), _folded(found.group(1).replace("''", "'")), SINGLE, True)
        raise refusal(source, start, "a quote that does not end")
    if sign == '"':
        if found := _DOUBLE.match(text, start):
            return Scalar(start, found.end(), double(source, found.group(1), start + 1), DOUBLE, True)
        raise refusal(source, start, "a quote that does not end")
    if sign in "|>" and not flow:
        return _block(source, start, parent)
    return _plain(source, start, parent, flow=flow, string=string)


def double(source: Source, raw: str, offset: int) -> str:
    """Return what stands between double quotes.

    Raises:
        InputError: An escape is none that YAML knows.
    """
    if "\\" not in raw:
        return _folded(raw)

    def character(found: re.Match[str]) -> str:
        joined, short, middle, long, named, folded = found.groups()
        if joined is not None:
            return "\n" * len(_BREAKS.findall(joined))
        if folded is not None:
            return "\n" * len(_BREAKS.findall(folded)) or " "
        code = short or middle or long
        number = int(code, 16) if code else 0
        if (named and named not in _ESCAPES) or 0xD800 <= number <= 0xDFFF or number > 0x10FFFF:
            raise refusal(source, offset + found.start(), f"the escape {found.group()} is not known in YAML")
        return chr(number) if code else _ESCAPES[named]

    return _ESCAPE.sub(character, raw)


def _folded(raw: str) -> str:
    """Return text of which line breaks are folded: one is a space, more are one less."""
    if "\n" not in raw and "\r" not in raw:
        return raw
    return _FOLD.sub(lambda found: "\n" * len(_BREAKS.findall(found.group(1))) or " ", raw)


def _plain(source: Source, start: int, parent: int, *, flow: bool, string: bool) -> Scalar:
    text = source.text
    line = _FLOW_LINE if flow else _LINE
    found = line.match(text, start)
    end = found.end() if found else start
    if end == start or not _MAY_START.match(text, start):
        raise refusal(source, start, "no value can begin so", found=text[start : start + 20].split("\n")[0])
    several = False
    while not flow and (following := _NEXT.match(text, end)) and len(following.group(2)) > parent:
        more = line.match(text, following.end())
        if following.group(2) == "" and re.match(
            r"(?:---|\.\.\.)(?:[ \t\r\n]|\Z)", text[following.end() :][:4]
        ):
            break
        end, several = more.end() if more else following.end(), True
    if text[end : end + 1] == ":":
        raise refusal(source, end, "a colon within an unquoted text", fix="quote it")
    if text[end : end + 1] not in ("", " ", "\t", "\r", "\n") and not flow:
        raise refusal(source, end, "not a plain text", found=text[end : end + 20].split("\n")[0])
    raw = text[start:end]
    return Scalar(start, end, _folded(raw) if several else raw, PLAIN, string or several or is_string(raw))


def _block(source: Source, start: int, parent: int) -> Scalar:
    """Read a literal or folded block: its text, without the indentation, as its header chomps it."""
    text = source.text
    header = _HEADER.match(text, start)
    if header is None:
        raise refusal(source, start, "not the header of a block of text", found=text[start : start + 20])
    chomp = header.group(2) or header.group(5) or ""
    number = header.group(3) or header.group(4)
    position = header.end()
    first = _FIRST_LINE.match(text, position)
    least = max(parent + 1, 1)
    width = max(parent, 0) + int(number) if number else len(first.group(1)) if first else 0
    style = LITERAL if header.group(1) == "|" else FOLDED
    if width < least and chomp == "+":
        raise refusal(source, start, "a block that keeps empty lines and holds nothing else")
    if width < least:
        return Scalar(start, header.end(6), "", style, True)
    if (
        first
        and not number
        and any(len(blank) > width for blank in _BREAKS.split(text[position : first.start(1)]))
    ):
        raise refusal(source, position, "an empty line that is deeper than the text below it")
    found = _lines(width).match(text, position)
    raw = text[position : found.end()] if found else ""
    lines = _LINES.findall(raw)[:-1] if raw[-1:] in ("\n", "\r") else _LINES.findall(raw)
    bodies = [line.rstrip("\r\n")[width:] for line in lines]
    content = len(bodies)
    while content and not bodies[content - 1]:
        content -= 1
    kept = bodies[:content]
    breaks = sum(line[-1:] in ("\n", "\r") for line in lines[content - 1 :]) if content else len(lines)
    body = "\n".join(kept) if style == LITERAL else _fold_block(kept)
    if chomp == "+":
        body += "\n" * breaks
        end = position + len(raw) - (len(_last_break(raw)))
    else:
        body += "\n" if chomp == "" and content and breaks else ""
        end = (
            position + sum(map(len, lines[:content])) - len(_last_break(lines[content - 1]))
            if content
            else position
        )
    return Scalar(start, end if content or chomp == "+" else header.end(6), body, style, True)


def _last_break(line: str) -> str:
    return "\r\n" if line.endswith("\r\n") else line[-1:] if line[-1:] in ("\n", "\r") else ""


@cache
def _lines(width: int) -> re.Pattern[str]:
    return re.compile(rf"(?:[ ]{{{width}}}[^\r\n]*+(?:{_BREAK}|\Z)|[ ]{{0,{width - 1}}}{_BREAK})*+")


def _fold_block(lines: list[str]) -> str:
    """Join lines by spaces; empty lines are line breaks, and so is what is around deeper lines."""
    result = ""
    pending = 0
    previous = ""
    for place, line in enumerate(lines):
        if not line:
            pending += 1
            continue
        if place:
            deeper = line[0] in " \t" or previous[:1] in (" ", "\t")
            if deeper or not previous:
                result += "\n" * (pending + (1 if previous else 0))
            else:
                result += "\n" * pending or " "
        result, previous, pending = result + line, line, 0
    return result


def can_be_plain(text: str) -> bool:
    """Whether ``text`` means itself without quotes, as a value and as a key."""
    found = _LINE.match(text)
    return (
        bool(_PLAIN_START.match(text))
        and found is not None
        and found.end() == len(text)
        and not _BREAKING.search(text)
        and "\t" not in text
        and not _UNPRINTABLE.search(text)
        and text[-1] != ":"
        and is_string(text)
        and text.lower() not in ("y", "n")
        and not SYMBOL.match(text)
        and not _GROUPED.fullmatch(text)
    )


def quoted(text: str, style: str, *, ascii_only: bool = False) -> str:
    """Return ``text`` in quotes: single ones where asked for and possible, else double."""
    if style == SINGLE and not _BREAKING.search(text) and not _UNPRINTABLE.search(text):
        return "'" + text.replace("'", "''") + "'"
    result = []
    for character in text:
        if character in _NAMES and character not in "\xa0 ":
            result.append("\\" + _NAMES[character])
        elif _UNPRINTABLE.match(character) or (ascii_only and character > "\x7e"):
            code = ord(character)
            result.append(
                f"\\x{code:02X}" if code < 256 else f"\\u{code:04X}" if code < 65536 else f"\\U{code:08X}"
            )
        else:
            result.append(character)
    return '"' + "".join(result) + '"'


def block(text: str, style: str, indent: str, newline: str) -> str:
    """Return ``text`` as a block from its header on, lines indented; "" where a block cannot hold it."""
    body = text.rstrip("\n")
    lines = body.split("\n")
    if (
        not body
        or lines[0][:1] in ("", " ", "\t")
        or _UNPRINTABLE.search(body)
        or re.search("[\r\x85\u2028\u2029]", body)
    ):
        return ""
    if style == FOLDED and any(line[:1] in (" ", "\t") for line in lines):
        return ""
    trailing = len(text) - len(body)
    header = (
        ("|" if style == LITERAL else ">") + ("-", "")[trailing]
        if trailing < 2
        else ("|+" if style == LITERAL else ">+")
    )
    if style == FOLDED:
        body = re.sub(r"\n+", lambda found: found.group() + "\n", body)
        lines = body.split("\n")
    lines += [""] * max(trailing - 1, 0)
    return newline.join([header, *(indent + line if line else "" for line in lines)])
