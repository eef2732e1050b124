"""Characters: none that nobody sees, white space where the source has it, nothing escaped twice."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hunkworks.localize.checks.model import Case, named, shown

_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd\ufff9-\ufffb\ufeff\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
_FLAG = re.compile("\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f")  # 🏴 of England, Scotland, Wales
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_OVERRIDES = "\u202d\u202e"
_ESCAPES = re.compile(
    r"\\(?:u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|x[0-9a-fA-F]{2}|[ntr'\"@?])"
    r"|&(?:amp|lt|gt|quot|apos|nbsp|#\d+|#x[0-9a-fA-F]+);"
)
# Scripts that write no blank behind their punctuation.
_WIDE = "。、，．：；！？（）「」『』【】…"
_NO_BLANKS = ("zh", "ja", "th", "lo", "km", "my", "yue")


def control(case: Case) -> Iterator[str]:
    """Yield control characters, U+FFFD, unpaired surrogates and invisible tags that the source has not."""
    allowed = set("".join(case.sources))
    for form, _, text in case.pairs:
        for match in _CONTROL.finditer(_FLAG.sub("", text)):
            if match.group() not in allowed:
                yield (
                    f"{named(form)}expected text that can be seen, found U+{ord(match.group()):04X}; leave it out"
                )
                break


def bidirectional(case: Case) -> Iterator[str]:
    """Yield embeddings and overrides of direction that the source has not, or that are not closed."""
    allowed = set("".join(case.sources))
    for form, _, text in case.pairs:
        for character in _BIDI.findall(text):
            isolated = _balanced(text) and character not in _OVERRIDES
            if character not in allowed and not isolated:
                yield f"{named(form)}expected no change of direction, found U+{ord(character):04X}"
                break


def _balanced(text: str) -> bool:
    depth = [0, 0]
    for character in _BIDI.findall(text):
        kind = int(character >= "\u2066")
        depth[kind] += -1 if character in "\u202c\u2069" else 1
        if depth[kind] < 0:
            return False
    return depth == [0, 0]


def edges(case: Case) -> Iterator[str]:
    """Yield white space at the start or end that is not as in the source."""
    for form, source, text in case.pairs:
        if not source.strip():
            continue
        ends = (
            ("start", _leading(source), _leading(text), text.lstrip()[:1]),
            ("end", _leading(source[::-1]), _leading(text[::-1]), text.rstrip()[-1:]),
        )
        for name, wanted, found, beside in ends:
            lines = wanted.count("\n") == found.count("\n")
            blank = bool(wanted) == bool(found) or (
                not found and "\n" not in wanted and (beside in _WIDE or case.language in _NO_BLANKS)
            )
            if not (lines and blank):
                yield f"{named(form)}expected {_spelled(wanted)} at the {name}, found {_spelled(found)}"


def _leading(text: str) -> str:
    return text[: len(text) - len(text.lstrip())]


def _spelled(blank: str) -> str:
    return repr(blank) if blank else "no white space"


def line_breaks(case: Case) -> Iterator[str]:
    """Yield another number of line breaks inside than the source has."""
    for form, source, text in case.pairs:
        expected, found = source.strip().count("\n"), text.strip().count("\n")
        if expected != found and source.strip():
            yield f"{named(form)}expected {expected} line breaks inside, found {found}"


def escaping(case: Case) -> Iterator[str]:
    """Yield escapes the source has not: texts are written plainly here, the file's writer escapes them."""
    allowed = {match for source in case.sources for match in _ESCAPES.findall(source)}
    if any("\\" in escape for escape in allowed):
        return  # a source that spells escapes itself: what they are there, they are in the translation
    for form, _, text in case.pairs:
        for escape in _ESCAPES.findall(text):
            entity = escape.startswith("&")
            if entity and (case.subject.markup or any(found.startswith("&") for found in allowed)):
                continue
            yield (
                f"{named(form)}expected plain characters, found {escape} in {shown(text)}; write the character "
                "itself: what the file needs escaped is escaped when it is written"
            )
            break
