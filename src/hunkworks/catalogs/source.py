"""The bytes of a catalog as text, and the way back: offsets in the text to offsets in the bytes."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from hunkworks.errors import InputError
from hunkworks.splice import Edit

# The longer mark first: UTF-32's begins with UTF-16's.
_MARKS = (
    (codecs.BOM_UTF32_LE, ""),
    (codecs.BOM_UTF32_BE, ""),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NEWLINE = re.compile(r"\r\n|\r|\n")


class Span(NamedTuple):
    """Half open range of characters of ``Source.text``."""

    start: int
    end: int


class Replacement(NamedTuple):
    """Replace the characters ``start:end`` of ``Source.text`` by ``new``; ``start == end`` inserts."""

    start: int
    end: int
    new: str


@dataclass(frozen=True, slots=True)
class Source:
    """A file's bytes and the text they spell, without the byte order mark.

    Formats scan ``text``; only what is edited is ever mapped back to bytes.
    """

    data: bytes
    text: str
    encoding: str
    mark: bytes

    @classmethod
    def decode(cls, data: bytes, encoding: str = "utf-8") -> Source:
        """Decode ``data``: by its byte order mark where it has one, else by ``encoding``.

        Raises:
            InputError: The bytes do not spell text in that encoding, or it cannot be turned back.
        """
        mark = b""
        for known, name in _MARKS:
            if data.startswith(known):
                mark, encoding = known, name
                break
        if not encoding:
            raise InputError("UTF-32 is not an encoding of catalogs", expected="UTF-8 or UTF-16")
        try:
            text = data[len(mark) :].decode(encoding)
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, len(mark) + error.start) + 1
            raise InputError(
                f"line {line} is not {encoding.upper()}",
                expected=encoding.upper(),
                found=f"{error.reason} at byte {len(mark) + error.start}",
            ) from None
        except LookupError:
            raise InputError(f"the encoding {encoding!r} is unknown") from None
        if (
            not encoding.startswith(("utf-8", "utf-16-", "latin-1", "ascii"))
            and text.encode(encoding) != data
        ):
            raise InputError(f"{encoding} does not spell the same bytes back")
        return cls(data, text, encoding, mark)

    def line(self, offset: int) -> int:
        """Return the line, from 1, of a character offset."""
        return self.text.count("\n", 0, offset) + 1

    def newline(self) -> str:
        """Return the line ending of the first line, ``\\n`` where the file has only one line."""
        found = _NEWLINE.search(self.text)
        return found.group() if found else "\n"

    def byte_span(self, span: Span) -> tuple[int, int]:
        """Return where a span of characters stands in the bytes."""
        (edit,) = self.edits([Replacement(span.start, span.end, "")])
        return edit.start, edit.end

    def edits(self, replacements: Iterable[Replacement]) -> list[Edit]:
        """Map replacements in the text to edits of the bytes: one pass over the text, in ascending order.

        Raises:
            InputError: A new text cannot be spelled in the file's encoding.
        """
        result: list[Edit] = []
        characters, position = 0, len(self.mark)
        fixed = self._width()
        for start, end, new in sorted(replacements, key=lambda replacement: replacement[:2]):
            if fixed:
                first, last = len(self.mark) + start * fixed, len(self.mark) + end * fixed
            else:
                first = position + len(self.text[characters:start].encode(self.encoding))
                last = first + len(self.text[start:end].encode(self.encoding))
                characters, position = end, last
            result.append(Edit(first, last, self._encode(new)))
        return result

    def _width(self) -> int:
        """Return the bytes per character where all have the same number, else 0."""
        size = len(self.data) - len(self.mark)
        if size == len(self.text):
            return 1
        return 2 if self.encoding.startswith("utf-16") and size == 2 * len(self.text) else 0

    def _encode(self, new: str) -> bytes:
        try:
            return new.encode(self.encoding)
        except UnicodeEncodeError as error:
            raise InputError(
                f"{new[error.start : error.end]!r} cannot be written in {self.encoding}",
                expected=f"characters of {self.encoding}",
                found=f"U+{ord(new[error.start]):04X}",
            ) from None
