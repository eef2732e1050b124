"""What stands in a ``<string>`` and what Android shows: aapt2's rules, both ways.

The rules are those of ``ResourceUtils::StringBuilder`` in AOSP's aapt2: unquoted white space collapses and goes at
both ends, ``"`` switches quoting, a backslash escapes. XML is decoded first, so ``&quot;`` quotes like ``"`` does.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from hunkworks.catalogs import xmltext
from hunkworks.errors import InputError

_PLAIN = re.compile(r"[^\\\"&<\s]++(?: [^\\\"&<\s]++)*+")
_XML = re.compile(
    r"<!\[CDATA\[(?P<cdata>.*?)\]\]>"
    r"|(?P<comment><!--.*?-->|<\?.*?\?>)"
    r"|(?P<tag><(?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+>|&(?!(?:lt|gt|amp|quot|apos);|#)[^;]+;)",
    re.DOTALL,
)
_CHARACTERS = re.compile(
    r"[^\\\" \t\r\n\f\v]++(?: [^\\\" \t\r\n\f\v]++)*+|[ \t\r\n\f\v]++|\\u[0-9a-fA-F]{4}|\\.|\\|\"", re.DOTALL
)
_REFERENCE = re.compile(
    r"\s*(?:@(?:null|empty|[+*]?(?:[\w.]+:)?\w+/[\w.]+)|\?(?:[\w.]+:)?(?:\w+/)?[A-Za-z_][\w.]*)\s*"
)
_STYLE = re.compile(r"<(?!/?xliff:)")
_CONTROLS = {"\n": "\\n", "\t": "\\t"}
_UNSAFE = re.compile(r"[\\'\"\n\t\r\f\v]|\A[@?]|\A | \Z|(?<= ) ")
_UNSAFE_QUOTED = re.compile(r"[\\\"\n\t\r\f\v]")
_NO_BREAK_SPACE = "\u00a0"


class Shown(NamedTuple):
    """What a raw value means: the text, whether it is a markup fragment, whether it only refers elsewhere."""

    text: str
    markup: bool = False
    reference: bool = False
    cdata: bool = False


class Style(NamedTuple):
    """How a value is written: in quotes, as CDATA, and what a file writes for a no-break space."""

    quoted: bool = False
    cdata: bool = False
    no_break_space: str = _NO_BREAK_SPACE

    def like(self, raw: str) -> Style:
        """Return the style of the value that is replaced."""
        stripped = raw.strip()
        return self._replace(
            quoted=len(stripped) > 1 and stripped[0] == stripped[-1] == '"',
            cdata=stripped.startswith("<![CDATA[") and stripped.endswith("]]>"),
        )

    @classmethod
    def of(cls, file: str) -> Style:
        """Read from a whole file what a new value in it would look like."""
        spellings = ("&#160;", "&#xA0;", "&#xa0;", "\\u00A0", "\\u00a0")
        return cls(
            no_break_space=next((spelling for spelling in spellings if spelling in file), _NO_BREAK_SPACE)
        )


def decode(raw: str, *, markup: bool = False) -> Shown:
    """Return what Android shows for the inner XML of a string.

    Args:
        raw: The inner XML.
        markup: Read it as a fragment even if no element is in it.
    """
    if _PLAIN.fullmatch(raw):
        return Shown(raw, markup, not markup and raw[0] in "@?" and _REFERENCE.fullmatch(raw) is not None)
    pieces: list[tuple[str, bool]] = []  # text decoded from XML, or a tag as it stands
    cdata = "<![CDATA[" in raw
    position = 0
    for match in _XML.finditer(raw):
        pieces.append((xmltext.decode(raw[position : match.start()]), False))
        position = match.end()
        if match.lastgroup == "cdata":
            pieces.append((match.group("cdata").replace("\r\n", "\n"), False))
        elif match.lastgroup == "tag":
            pieces.append((match.group(), True))
    pieces.append((xmltext.decode(raw[position:]), False))
    markup = markup or any(is_tag for _, is_tag in pieces)
    if not markup:
        whole = "".join(text for text, _ in pieces)
        if _REFERENCE.fullmatch(whole):
            return Shown(whole.strip(), False, True, cdata)
    return Shown(_join_surrogates(_unescape(pieces, markup=markup)), markup, False, cdata)


def _unescape(pieces: list[tuple[str, bool]], *, markup: bool) -> str:
    """Run aapt2's state machine over the texts, tags passing through.

    An inline element begins afresh, and keeps the blanks at its edges and at those of the whole text; the marks
    of XLIFF are seen through.
    """
    result: list[str] = []
    styled = any(is_tag and _STYLE.match(piece) for piece, is_tag in pieces)
    quoted = False
    begun = styled  # whether a blank would not be the first thing shown
    blank = -1  # where the blank stands, if the last thing shown is one that was not quoted
    for piece, is_tag in pieces:
        if is_tag:
            if _STYLE.match(piece):
                quoted, blank = False, -1
            elif piece.startswith("&"):
                begun, blank = True, -1
            result.append(piece)
            continue
        for token in _CHARACTERS.findall(piece):
            if token[0] in " \t\r\n\f\v" and not quoted:
                if blank < 0 and begun:
                    blank = len(result)
                    result.append(" ")
                continue
            begun, blank = True, -1
            if token[0] == '"':
                quoted = not quoted
                continue
            characters = _unescaped(token) if token[0] == "\\" else token
            result.append(xmltext.encode(characters) if markup else characters)
    if blank >= 0 and not styled:
        result[blank] = ""
    return "".join(result)


def _unescaped(token: str) -> str:
    if len(token) == 6:
        return chr(int(f"0x{token[2:]}", 0))
    return {"\\n": "\n", "\\t": "\t"}.get(token, token[1:])


def _join_surrogates(text: str) -> str:
    if text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def encode(text: str, style: Style, *, markup: bool) -> str:
    """Return the inner XML that Android shows as ``text``.

    Raises:
        InputError: The text cannot be shown: control characters that XML has no way to say, a broken fragment.
    """
    if markup:
        attempts = [_encode_fragment(text, style, careful) for careful in range(3)]
    else:
        attempts = [_encode_text(text, style)]
    for attempt in attempts:
        shown = decode(attempt, markup=markup)
        if shown[:3] == (text, markup, False):
            return attempt
    raise InputError("this text cannot be written in strings.xml so that it reads the same", found=repr(text))


def _encode_text(text: str, style: Style) -> str:
    escaped = _escape(text, quoted=style.quoted)
    if style.cdata:
        return "<![CDATA[" + escaped.replace("]]>", "]]]]><![CDATA[>") + "]]>"
    escaped = xmltext.encode(f'"{escaped}"' if style.quoted else escaped)
    return escaped.replace(_NO_BREAK_SPACE, style.no_break_space)


def _encode_fragment(text: str, style: Style, careful: int) -> str:
    """Escape the texts between tags.

    Args:
        text: The fragment.
        style: How the file writes.
        careful: Where blanks at an edge are spelled out: 0 nowhere, 1 at the edges of the whole, 2 at every tag.
    """
    pieces: list[str] = []  # texts at even places, tags between them
    position = 0
    for match in _XML.finditer(text):
        pieces += (text[position : match.start()], match.group())
        position = match.end()
    pieces.append(text[position:])
    for index in range(0, len(pieces), 2):
        escaped = _escape(pieces[index], quoted=False)
        if careful == 0 or (careful == 1 and index):
            escaped = re.sub(r"\A\\u0020", " ", escaped)
        if careful == 0 or (careful == 1 and index < len(pieces) - 1):
            escaped = re.sub(r"\\u0020\Z", " ", escaped)
        pieces[index] = escaped.replace(_NO_BREAK_SPACE, style.no_break_space)
    return "".join(pieces)


def _escape(text: str, *, quoted: bool) -> str:
    return (_UNSAFE_QUOTED if quoted else _UNSAFE).sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    character = match.group()
    if character in _CONTROLS:
        return _CONTROLS[character]
    return f"\\u{ord(character):04x}" if character in " \r\f\v" else "\\" + character
