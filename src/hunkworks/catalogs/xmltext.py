"""XML as it stands in a file: elements and comments with their spans, and nothing expanded.

Expat judges well-formedness; the scan behind it only finds where things stand. Entities of a document's own are
never expanded (no amplification, no files read): whoever meets ``&name;`` in a text keeps it as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple, TypeAlias
from xml.parsers import expat

from hunkworks.catalogs.protocol import refusal
from hunkworks.catalogs.source import Source
from hunkworks.errors import InputError

_DEEPEST = 200
_DECLARED = re.compile(rb"""<\?xml[^>]*?\sencoding\s*=\s*["']([\w.:-]+)""")
#: What stands behind the name in an opening tag.
HEAD = r"(?:[^>\"'/]++|\"[^\"]*+\"|'[^']*+')*+"
# One match for an element without elements, which most of a catalog's are: head, text and closing tag.
_TOKEN = (
    rf"<(?:(?P<tag>[^\s/>!?]+)(?P<head>{HEAD})(?:>(?P<inner>[^<]*+)</(?P=tag)\s*>|(?P<empty>/?)>)"
    r"|/(?P<close>[^\s>]+)\s*>"
    r"|!--(?P<comment>.*?)-->"
    r"|!\[CDATA\[.*?\]\]>"
    r"|\?.*?\?>"
    r"|!DOCTYPE(?:[^\[>\"']|\"[^\"]*\"|'[^']*'|\[(?:[^\]\"'<]|\"[^\"]*\"|'[^']*'|<!--.*?-->|<)*+\])*+>)"
)
_WHOLE = (
    rf"<(?P<name>(?:[\w.-]+:)?%s)(?=[\s>])(?P<said>{HEAD})>"
    r"(?P<passed>(?:[^<]++|<(?![!?]|/?(?P=name)[\s/>]))*+)</(?P=name)\s*>"
)
_ATTRIBUTE = re.compile(r"([^\s=]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_PLAIN_ATTRIBUTE = re.compile(r"([^\s=]+)\s*=\s*\"([^\"]*)\"")
_KNOWN = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_REFERENCE = re.compile(r"&(#x[0-9a-fA-F]+|#[0-9]+|lt|gt|amp|quot|apos);")
_IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Comment(NamedTuple):
    """A comment with its delimiters; ``text`` stands between them."""

    start: int
    end: int
    text: str


class Element(NamedTuple):
    """An element from ``<`` to ``>``; ``inner`` is what stands between its tags, empty in ``<tag/>``."""

    tag: str
    start: int
    inner_start: int
    inner_end: int
    end: int
    head: str  # of the opening tag, what stands behind the name
    children: Sequence[Node]

    @property
    def empty_tag(self) -> bool:
        """Whether it is written ``<tag/>``."""
        return self.inner_end == self.end

    @property
    def elements(self) -> Iterator[Element]:
        """The children that are elements."""
        return (child for child in self.children if isinstance(child, Element))

    @property
    def attributes(self) -> dict[str, str]:
        """The attributes, decoded, in order."""
        return attributes(self.head)


Node: TypeAlias = "Element | Comment"


class Document(NamedTuple):
    """A well-formed document; ``prolog`` holds the comments in front of ``root``."""

    source: Source
    root: Element
    prolog: list[Comment]


def read(data: bytes, *, whole: str = "") -> Document:
    """Read an XML document.

    Args:
        data: The file.
        whole: A local name. Elements of that name are passed over in one piece where neither comments nor others of
            their kind stand in them: ``inside`` finds their children, for those who want them.

    Raises:
        InputError: It is not well-formed, in an encoding that is not the declared one, or absurdly deep.
    """
    declared = _DECLARED.match(data.removeprefix(b"\xef\xbb\xbf"))
    source = Source.decode(data, declared.group(1).decode("ascii").lower() if declared else "utf-8")
    _judge(source)
    children = scan(source, 0, len(source.text), whole)
    roots = [node for node in children if isinstance(node, Element)]
    if len(roots) != 1:
        raise refusal(source, len(source.text), "this XML cannot be located exactly")
    return Document(source, roots[0], [node for node in children if isinstance(node, Comment)])


def inside(source: Source, element: Element) -> Sequence[Node]:
    """Return the children of an element that may have been passed over whole."""
    return element.children or scan(source, element.inner_start, element.inner_end)


def attributes(head: str) -> dict[str, str]:
    """Return the attributes of an opening tag, decoded, in order; ``head`` is what stands behind its name."""
    if "'" not in head and "&" not in head and "\r" not in head:
        return dict(_PLAIN_ATTRIBUTE.findall(head))
    return {name: decode(double or single) for name, double, single in _ATTRIBUTE.findall(head)}


def decode(raw: str) -> str:
    """Return character data or an attribute's value with the five known entities and character references decoded.

    Line endings read as ``\\n``, as in every XML reader.
    """
    if "\r" in raw:
        raw = raw.replace("\r\n", "\n").replace("\r", "\n")
    return _REFERENCE.sub(_referred, raw) if "&" in raw else raw


def _referred(match: re.Match[str]) -> str:
    name = match.group(1)
    if name.startswith("#"):
        return chr(int(f"0{name[1:]}", 0)) if name[1] == "x" else chr(int(name[1:]))
    return _KNOWN[name]


def encode(text: str) -> str:
    """Return ``text`` as character data.

    Raises:
        InputError: It holds a character that XML 1.0 has no way to write.
    """
    if found := _IMPOSSIBLE.search(text):
        raise InputError("XML cannot hold this character", found=f"U+{ord(found.group()):04X}")
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("]]>", "]]&gt;").replace("\r", "&#13;")


def encode_attribute(text: str) -> str:
    """Return ``text`` as the value of an attribute in double quotes."""
    return encode(text).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")


def fragment_error(fragment: str, namespaces: str = "") -> str:
    """Say why ``fragment`` cannot stand inside of an element, or "".

    Args:
        namespaces: The declarations in force, as attributes.
    """
    try:
        _parser().Parse(f"<_ {namespaces}>{fragment}</_>".encode("utf-8", "surrogatepass"), True)
    except expat.ExpatError as error:
        return expat.ErrorString(error.code)
    return ""


def _parser(*, declares: bool = False) -> expat.XMLParserType:
    parser = expat.ParserCreate("utf-8", namespace_separator=" ")
    if declares:
        # With a default handler that does not expand, expat passes references to a document's own entities by.
        parser.DefaultHandler = _ignore
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    return parser


def _ignore(_data: str) -> None:
    pass


def _judge(source: Source) -> None:
    try:
        _parser(declares="<!ENTITY" in source.text).Parse(source.text.encode("utf-8", "surrogatepass"), True)
    except expat.ExpatError as error:
        raise InputError(
            f"line {error.lineno}: not well-formed XML: {expat.ErrorString(error.code)}"
        ) from None


def scan(source: Source, start: int, end: int, whole: str = "") -> list[Node]:
    """Return the elements and comments that stand in a well-formed stretch; ``whole`` as in ``read``.

    Raises:
        InputError: They are nested absurdly deep, or cannot be located.
    """
    children: list[Node] = []  # of the element that is open; at first those of the stretch
    stack: list[tuple[str, int, int, str, list[Node]]] = []
    tokens = _tokens(whole)
    tag_group, head_group, inner_group = map(tokens.groupindex.__getitem__, ("tag", "head", "inner"))
    for match in tokens.finditer(source.text, start, end):
        kind = match.lastgroup
        first, last = match.span()
        if kind == "inner":
            inner_start, inner_end = match.span(inner_group)
            tag, head = match.group(tag_group, head_group)
            children.append(Element(tag, first, inner_start, inner_end, last, head, ()))
        elif kind == "passed":
            tag, head = match.group("name", "said")
            children.append(Element(tag, first, *match.span("passed"), last, head, ()))
        elif kind == "empty":
            tag, head, empty = match.group("tag", "head", "empty")
            if empty:
                children.append(Element(tag, first, last, last, last, head, ()))
                continue
            if len(stack) >= _DEEPEST:
                raise refusal(source, first, f"nested deeper than {_DEEPEST}")
            stack.append((tag, first, last, head, children))
            children = []
        elif kind == "close":
            tag, opened, inner_start, head, siblings = stack.pop()
            if tag != match.group("close"):
                raise refusal(source, first, "this XML cannot be located exactly")
            siblings.append(Element(tag, opened, inner_start, first, last, head, children))
            children = siblings
        elif kind == "comment":
            children.append(Comment(first, last, match.group("comment")))
    if stack:
        raise refusal(source, end, "this XML cannot be located exactly")
    return children


@cache
def _tokens(whole: str) -> re.Pattern[str]:
    return re.compile(f"{_WHOLE % whole}|{_TOKEN}" if whole else _TOKEN, re.DOTALL)
