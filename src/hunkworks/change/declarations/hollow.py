"""A file with its function bodies emptied, for a grammar that stumbles over what stands in one of them.

Declarations are read from what stands around bodies; grammars err in expressions (Swift's ``as? String ?? ""``), and
one such error may swallow the rest of the file. Every character that is kept stays at its place.
"""

from __future__ import annotations

import re

_TYPE = re.compile(
    r"\b(?:class|struct|enum|actor|protocol|extension|interface|object|namespace|module|record)\b"
)
_CODE = re.compile(r"\b(?:func|fun|init|deinit|subscript|constructor|function|get|set|willSet|didSet)\b")
_OBJECT = re.compile(r"(?:\b(?:const|let|var)\s+[\w$]+[^=]*=|\bexport\s+default)\s*$")
_QUOTES = ('"""', "'''", '"', "'", "`")
_INTERPOLATION = {"swift": ("\\(", "(", ")"), "kotlin": ("${", "{", "}"), "typescript": ("${", "{", "}")}

_DEEPEST = 50


def hollow(text: str, language: str) -> str:
    """Return ``text`` with the inside of every body replaced by spaces; line ends stay.

    Args:
        text: The source.
        language: ``swift``, ``kotlin``, ``java``, ``typescript`` or ``tsx``.
    """
    try:
        return _Hollow(text, "typescript" if language == "tsx" else language).result()
    except _GiveUpError:
        return text


class _GiveUpError(Exception):
    """The text is nested, or has strings left open, as no program is."""


class _Hollow:
    def __init__(self, text: str, language: str) -> None:
        self.text = text
        self.language = language
        self.position = 0
        self.depth = 0
        self.budget = 8 * len(text) + 10_000

    def result(self) -> str:
        kept: list[str] = []
        start = header = 0
        while self.position < len(self.text):
            at = self.position
            if self._pass_over():
                continue
            char = self.text[at]
            self.position += 1
            if char == "{" and not self._opens_declarations(header, at):
                self._to_closing("{", "}")
                end = self.position - 1
                kept += (self.text[start : at + 1], re.sub(r"[^\n]", " ", self.text[at + 1 : end]))
                start = end
            if char in "{};":
                header = self.position
        kept.append(self.text[start:])
        return "".join(kept)

    def _opens_declarations(self, header: int, at: int) -> bool:
        before = re.sub(r"//[^\n]*|/\*.*?\*/", "", self.text[header:at], flags=re.DOTALL)
        if self.language == "typescript" and _OBJECT.search(before):
            return True
        kinds = [match.start() for match in _TYPE.finditer(before)]
        codes = [match.start() for match in _CODE.finditer(before)]
        return bool(kinds) and (not codes or kinds[-1] > codes[-1])

    def _to_closing(self, opening: str, closing: str) -> None:
        """Go behind the character that closes what was opened, or to the end of the file."""
        depth = 1
        self.depth += 1
        if self.depth > _DEEPEST:
            raise _GiveUpError
        while depth and self.position < len(self.text):
            if self._pass_over():
                continue
            char = self.text[self.position]
            self.position += 1
            depth += (char == opening) - (char == closing)
        self.depth -= 1

    def _pass_over(self) -> bool:
        """Go behind a comment or a string that begins here; False where none does."""
        text, at = self.text, self.position
        self.budget -= 1
        if self.budget < 0:
            raise _GiveUpError
        if text.startswith("//", at):
            end = text.find("\n", at)
            self.position = len(text) if end < 0 else end
        elif text.startswith("/*", at):
            end = text.find("*/", at + 2)
            self.position = len(text) if end < 0 else end + 2
        elif quote := next((each for each in _QUOTES if text.startswith(each, at)), ""):
            self._string(quote)
        else:
            return False
        return True

    def _string(self, quote: str) -> None:
        begin = self.position + len(quote)
        opens, opening, closing = _INTERPOLATION.get(self.language, ("\0", "", ""))
        # An apostrophe in a text between tags, or one that is never closed, is no string.
        single_line = len(quote) == 1 and quote != "`"
        self.position = begin
        while self.position < len(self.text):
            at = self.position
            self.budget -= 1
            if self.text.startswith(quote, at):
                self.position += len(quote)
                return
            if quote != "'" and self.text.startswith(opens, at):
                self.position += len(opens)
                self._to_closing(opening, closing)
            elif self.text[at] == "\\":
                self.position += 2
            elif single_line and self.text[at] == "\n":
                break
            else:
                self.position += 1
        self.position = begin
