"""ICU MessageFormat, read exactly: arguments with their types, and every branch of those that select.

The grammar is that of ICU's ``MessagePattern`` (unicode-org.github.io/icu/userguide/format_parse/messages), of
FormatJS where it says more (``<b>`` is text here), and of the two relatives that quote differently: Java's own
``MessageFormat`` and Flutter's ARB. Why not a library: docs/decisions/0008-icu.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple, TypeAlias


class Quoting(Enum):
    """What an apostrophe does; the value matches one that quotes, up to its end."""

    ICU = re.compile(r"''|'(?P<text>[{}#<>](?:[^']|'')*+)(?:'|\Z)")  # only before syntax
    JAVA = re.compile(r"''|'(?P<text>(?:[^']|'')*+)(?:'|\Z)")  # always
    NONE = re.compile(r"(?!)(?P<text>)")  # Flutter, unless use-escaping is set


class Argument(NamedTuple):
    """``{name}``, ``{name, type}``, ``{name, type, style}``, or with branches by selector."""

    name: str
    type: str = ""  # "" number date time spellout ordinal duration plural selectordinal select choice
    style: str = ""
    offset: str = ""
    branches: tuple[tuple[str, Message], ...] = ()


class Pound(NamedTuple):
    """The ``#`` of a plural branch: the number itself."""


Node: TypeAlias = str | Argument | Pound
Message: TypeAlias = tuple[Node, ...]


class MessageError(ValueError):
    """The text is no message; the message says what was expected where."""

    def __init__(self, what: str, text: str, offset: int) -> None:
        line = text[max(0, offset - 12) : offset + 12]
        super().__init__(f"{what} at character {offset + 1} (near {line!r})")
        self.offset = offset


PLURALS = ("plural", "selectordinal")
SELECTING = (*PLURALS, "select")
CATEGORIES = ("zero", "one", "two", "few", "many", "other")
_SPACE = re.compile(r"[\s\u200e\u200f\u2028\u2029\u0085]*")
# Pattern_Syntax is what ICU excludes; in ASCII these. Java takes numbers only, which are names, too.
_NAME = re.compile(
    r"[^\s{}\[\]()<>|\\^~`@#$%&*+=:;,.?!/'\"\u200e\u200f\u2028\u2029\u2010-\u2027\u2030-\u205e-]+"
)
# FormatJS, i18next-icu and others take paths, too.
_PATH = re.compile(rf"{_NAME.pattern}(?:[.-]{_NAME.pattern})*")
_EXACT = re.compile(r"=-?\d+(?:\.\d+)?")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_MOST_NESTED = 50


def parse(text: str, quoting: Quoting = Quoting.ICU) -> Message:
    """Return the message that ``text`` spells.

    Raises:
        MessageError: It is none, or nested more than 50 deep.
    """
    parser = _Parser(text, quoting)
    message = parser.message(plural=False, depth=0)
    if parser.position < len(text):
        raise MessageError("a } without its {", text, parser.position)
    return message


def arguments(message: Message) -> Iterator[Argument]:
    """Yield every argument, those in branches included, in order."""
    for node in message:
        if isinstance(node, Argument):
            yield node
            for _, branch in node.branches:
                yield from arguments(branch)


def literals(message: Message, between: str = "\ufffc") -> Iterator[str]:
    """Yield the text of the message and of each branch, with ``between`` in place of arguments."""
    yield "".join(node if isinstance(node, str) else between for node in message)
    for node in message:
        if isinstance(node, Argument):
            for _, branch in node.branches:
                yield from literals(branch, between)


def spell(message: Message, quoting: Quoting = Quoting.ICU, *, plural: bool = False) -> str:
    """Return a text that parses to ``message``.

    Raises:
        ValueError: Its text holds syntax, which that quoting has no way to say.
    """
    return "".join(_spell(node, quoting, plural=plural) for node in message)


def _spell(node: Node, quoting: Quoting, *, plural: bool) -> str:
    if isinstance(node, Pound):
        return "#"
    if isinstance(node, str):
        return _quoted(node, quoting, plural=plural)
    name, kind, style, offset, branches = node
    if not kind:
        return f"{{{name}}}"
    if not branches:
        return f"{{{name}, {kind}, {style}}}" if style else f"{{{name}, {kind}}}"
    inner = " ".join(
        f"{selector} {{{spell(branch, quoting, plural=kind in PLURALS or (plural and kind == 'select'))}}}"
        for selector, branch in branches
    )
    return f"{{{name}, {kind}, {f'offset:{offset} ' if offset else ''}{inner}}}"


def _quoted(text: str, quoting: Quoting, *, plural: bool) -> str:
    if quoting is Quoting.NONE:
        if re.search(r"[{}#]" if plural else r"[{}]", text):
            raise ValueError(f"{text!r} cannot be spelled without quotes")
        return text
    doubled = text.replace("'", "''")
    syntax = r"[{}#]" if plural else r"[{}]"
    # One quotation from the first of these to the last: two beside each other would read as an apostrophe.
    return re.sub(rf"{syntax}(?:.*{syntax})?", lambda match: f"'{match.group()}'", doubled, flags=re.DOTALL)


class _Parser:
    """A cursor over the text; each method leaves it behind what it read."""

    def __init__(self, text: str, quoting: Quoting) -> None:
        self.text = text
        self.quoting = quoting
        self.position = 0
        self.special = re.compile(r"['{}#]")

    def message(self, *, plural: bool, depth: int) -> Message:
        """Read up to the } that ends the message, or to the end of the text."""
        if depth > _MOST_NESTED:
            raise MessageError(f"nested deeper than {_MOST_NESTED}", self.text, self.position)
        nodes: list[Node] = []
        words: list[str] = []

        def flush() -> None:
            if words:
                nodes.append("".join(words))
                words.clear()

        while self.position < len(self.text):
            found = self.special.search(self.text, self.position)
            end = found.start() if found else len(self.text)
            if end > self.position:
                words.append(self.text[self.position : end])
                self.position = end
                continue
            character = self.text[end]
            if character == "}":
                break
            if character == "{":
                flush()
                nodes.append(self.argument(plural=plural, depth=depth))
            elif character == "#" and plural:
                flush()
                nodes.append(Pound())
                self.position += 1
            else:
                words.append(self.quote(plural=plural) if character == "'" else self.take())
        flush()
        return tuple(nodes)

    def take(self) -> str:
        self.position += 1
        return self.text[self.position - 1]

    def quote(self, *, plural: bool) -> str:
        """Read an apostrophe and what it quotes."""
        found = self.quoting.value.match(self.text, self.position)
        if found is None or (
            self.quoting is Quoting.ICU
            and not plural
            and self.text[self.position + 1 : self.position + 2] == "#"
        ):
            return self.take()
        self.position = found.end()
        quoted = found.group("text")
        return "'" if quoted is None else quoted.replace("''", "'")

    def argument(self, *, plural: bool, depth: int) -> Argument:
        start = self.position
        self.position += 1
        name = self.match(_PATH, "the name of an argument")
        if self.accept("}"):
            return Argument(name)
        self.expect(",", start)
        kind = self.match(_NAME, "the type of an argument")
        if kind.lower() in SELECTING and kind.lower() != kind:
            kind = kind.lower()
        if kind in SELECTING:
            self.expect(",", start)
            return self.selection(name, kind, plural=plural, depth=depth)
        if self.accept("}"):
            return Argument(name, kind)
        self.expect(",", start)
        return self.choice(name, depth) if kind == "choice" else Argument(name, kind, self.style(start))

    def style(self, start: int) -> str:
        """Read a style: anything up to its }, with apostrophes quoting and braces in pairs."""
        begin, depth = self.position, 0
        while self.position < len(self.text):
            character = self.text[self.position]
            if character == "'" and self.quoting is not Quoting.NONE:
                closing = self.text.find("'", self.position + 1)
                if closing < 0:
                    break
                self.position = closing
            elif character == "{":
                depth += 1
            elif character == "}":
                if not depth:
                    self.position += 1
                    return self.text[begin : self.position - 1].strip()
                depth -= 1
            self.position += 1
        raise MessageError("a { without its }", self.text, start)

    def selection(self, name: str, kind: str, *, plural: bool, depth: int) -> Argument:
        start = self.position
        offset = ""
        if kind in PLURALS and self.accept("offset:"):
            offset = self.match(_NUMBER, "a number behind offset:")
        branches: list[tuple[str, Message]] = []
        while not self.accept("}"):
            if self.position >= len(self.text):
                raise MessageError("a { without its }", self.text, start)
            selector = self.selector(kind)
            self.expect("{", self.position)
            branches.append((selector, self.message(plural=kind in PLURALS or plural, depth=depth + 1)))
            self.expect("}", self.position)
        selectors = [selector for selector, _ in branches]
        if "other" not in selectors:
            raise MessageError(f"{{{name}, {kind}, …}} has no branch other {{…}}", self.text, start)
        if twice := next((selector for selector in selectors if selectors.count(selector) > 1), ""):
            raise MessageError(f"{{{name}, {kind}, …}} has the branch {twice} twice", self.text, start)
        return Argument(name, kind, "", offset, tuple(branches))

    def selector(self, kind: str) -> str:
        self.skip()
        start = self.position
        if kind in PLURALS:
            if exact := _EXACT.match(self.text, start):
                self.position = exact.end()
                return exact.group()
            found = self.match(_NAME, "a plural category or =NUMBER")
            if found not in CATEGORIES:
                raise MessageError(
                    f"{found!r} is no plural category (expected {', '.join(CATEGORIES)}, =0)",
                    self.text,
                    start,
                )
            return found
        return self.match(_PATH, "the key of a branch")

    def choice(self, name: str, depth: int) -> Argument:
        """Read Java's ``0#none|1#one|1<many``; the branches are messages."""
        begin = self.position
        style = self.style(begin)
        branches: list[tuple[str, Message]] = []
        for part in _split(style):
            limit = re.match(r"\s*([-+]?(?:\d+(?:\.\d*)?|\.\d+|∞))\s*([#<≤])", part)
            if not limit:
                raise MessageError("a choice is NUMBER#text|NUMBER<text", self.text, begin)
            inner = _Parser(part[limit.end() :], self.quoting)
            branch = inner.message(plural=False, depth=depth + 1)
            if inner.position < len(inner.text):
                raise MessageError("a } without its {", self.text, begin)
            branches.append(("".join(limit.groups()), branch))
        return Argument(name, "choice", "", "", tuple(branches))

    def skip(self) -> None:
        if found := _SPACE.match(self.text, self.position):
            self.position = found.end()

    def accept(self, token: str) -> bool:
        self.skip()
        if self.text.startswith(token, self.position):
            self.position += len(token)
            return True
        return False

    def expect(self, token: str, start: int) -> None:
        if not self.accept(token):
            at_end = self.position >= len(self.text)
            what = "a { without its }" if at_end else f"expected {token!r}"
            raise MessageError(what, self.text, start if at_end else self.position)

    def match(self, pattern: re.Pattern[str], what: str) -> str:
        self.skip()
        found = pattern.match(self.text, self.position)
        if not found:
            raise MessageError(f"expected {what}", self.text, self.position)
        self.position = found.end()
        return found.group()


def _split(style: str) -> list[str]:
    """Split the parts of a choice at the | that stand in no argument and no quotes."""
    parts, depth, begin, quoted = [], 0, 0, False
    for index, character in enumerate(style):
        if character == "'":
            quoted = not quoted
        elif not quoted:
            depth += (character == "{") - (character == "}")
            if character == "|" and not depth:
                parts.append(style[begin:index])
                begin = index + 1
    return [*parts, style[begin:]]
