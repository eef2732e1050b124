"""A document as its reader sees it: code and prose, sections, what it imports, what its variables are."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from hunkworks.scaffold.calls import Call, call_at
from hunkworks.scaffold.mentions import Piece, stretches, words_of
from hunkworks.scaffold.subjects import Subject

_CHAIN = re.compile(r"(?:[\w$]+(?:\([^()\s]*\))?[?!]?(?:\.|::|#|->|/))+$")
_UNREAD = re.compile(r"[)\]}\"'][?!]?(?:\.|::|->)$")
_PAGE = re.compile(r"\.(?:md|mdx|rst|html?|txt|adoc)#$", re.IGNORECASE)
_OPENING = re.compile(r"\s{0,2}(?:<[^<>()]*>|\[[^\[\]()]*\])?\(")
_BRACE = re.compile(r"\s?\{")
_DECLARED = re.compile(
    r"\b(?:def|func|fun|function|class|interface|struct|type|object)\s+(?:\([^()]*\)\s*)?$"
)
_IMPORTING = re.compile(
    r"^\s*(?:>>> )?(?:from\s+[\w.]+\s+import\b|import\b|export\b|(?:const|let|var)\s*\{[^}]*\}\s*=\s*require)"
)
_FROM = re.compile(r"from\s+(?P<module>[\w.]+)\s+import\b(?P<names>\s*\([^)]*|[^\n]*)")
_FROM_TEXT = re.compile(
    r"\b(?:import|export)\b(?P<names>(?:(?!\b(?:import|export)\b)[^;\"'`()]){1,500}?)\bfrom\s{0,5}[\"'](?P<module>[^\"'\n]+)"
)
_PLAIN = re.compile(
    r"^[ \t]*(?:>>> )?import[ \t]+(?P<module>[\w.]+)(?:\s+as\s+(?P<alias>\w+))?[ \t]*;?$", re.MULTILINE
)
_HEADING = re.compile(r"#{1,6}\s+\S|=+ \S")
_UNDERLINE = re.compile(r"([=~^\"'`*+#-])\1{2,}\s*")


class Company(StrEnum):
    """What stands before a name: its type, a value of it, its module, nothing, any value, somebody else's name."""

    OWNER = "owner"
    MADE = "made"
    MODULE = "module"
    BARE = "bare"
    VALUE = "value"
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One place where a document names a symbol.

    Attributes:
        line: From 1.
        code: Whether it stands in code.
        company: What stands before it.
        role: A documentation generator takes it for a symbol.
        call: The call that it is, None where it is none or nothing closes it.
        is_call: A parenthesis opens behind it.
        imported: It stands in an import.
        declared: Behind ``def``, ``func`` and the like.
        alone: It is all that the code span holds.
        around: The block, the span or the line.
    """

    line: int
    code: bool
    company: Company
    role: bool = False
    call: Call | None = None
    is_call: bool = False
    imported: bool = False
    declared: bool = False
    alone: bool = False
    around: str = ""


class Document:
    """One document.

    Args:
        path: Where it stands.
        text: All of it.
    """

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.words = words_of(text)
        self._text = text
        self._values: dict[str, list[str]] = {}

    @cached_property
    def stretches(self) -> list[Piece]:
        """Its blocks, spans and lines of prose in order."""
        return list(stretches(self._text))

    @cached_property
    def code(self) -> str:
        """All its code, to learn from."""
        return "\n".join(each.text for each in self.stretches if each.code)

    @cached_property
    def imports(self) -> dict[str, str]:
        """The module of each name that its code imports."""
        found: dict[str, str] = {}
        for match in (*_FROM.finditer(self.code), *_FROM_TEXT.finditer(self.code)):
            for name in re.split(r"[,{}()*]|\btype\b", match["names"][:1_000]):
                if words := re.findall(r"[\w$]+", name):
                    found[words[-1]] = match["module"]
        for match in _PLAIN.finditer(self.code):
            found[match["alias"] or match["module"].rpartition(".")[2]] = match["module"]
        return found

    @cached_property
    def _sections(self) -> list[int]:
        lines = self._text.split("\n")
        prose = {each.line for each in self.stretches if not each.code}
        starts = [1]
        for number, line in enumerate(lines, 1):
            if number not in prose:
                continue
            if _HEADING.match(line):
                starts.append(number)
            elif _UNDERLINE.fullmatch(line) and number > 1 and lines[number - 2].strip():
                starts.append(number - 1)
        return starts

    def section(self, line: int) -> frozenset[str]:
        """Return the words of the section that ``line`` stands in."""
        place = bisect_right(self._sections, line)
        end = self._sections[place] - 1 if place < len(self._sections) else None
        return words_of("\n".join(self._text.split("\n")[self._sections[place - 1] - 1 : end]))

    def occurrences(self, subject: Subject) -> Iterator[Occurrence]:
        """Yield the places that may name ``subject``."""
        word = re.compile(rf"(?<![\w$]){re.escape(subject.name)}(?![\w$])")
        for stretch in self.stretches:
            if subject.name in stretch.text:
                for match in word.finditer(stretch.text):
                    yield self._occurrence(subject, stretch, match)

    def _occurrence(self, subject: Subject, stretch: Piece, match: re.Match[str]) -> Occurrence:
        text, start, end = stretch.text, match.start(), match.end()
        opening = _OPENING.match(text, end)
        begins = text.rfind("\n", 0, start) + 1
        chain = _CHAIN.search(text, max(begins, start - 200), start)
        before = text[begins:start]
        imported = stretch.code and _is_import(text, start, stretch.block)
        bare = text.strip().lstrip("~!@").removesuffix("()")
        return Occurrence(
            line=stretch.line + text.count("\n", 0, start),
            code=stretch.code,
            company=(_imported_from(subject, text, start) if imported else None)
            or self._company(subject, chain[0] if chain else "", before),
            role=stretch.role,
            call=call_at(text, opening.end() - 1, subject.language) if opening else None,
            is_call=opening is not None
            or (subject.language in ("kotlin", "swift") and _BRACE.match(text, end) is not None),
            imported=imported,
            declared=not imported and _DECLARED.search(before) is not None,
            alone=stretch.code and not stretch.block and bare == f"{chain[0] if chain else ''}{match[0]}",
            around=text,
        )

    def _company(self, subject: Subject, chain: str, before: str) -> Company:
        if _PAGE.search(before):
            chain = ""
        parts = re.findall(r"[\w$]+", re.sub(r"\([^()]*\)", "", chain))
        if not parts and _UNREAD.search(before):
            return Company.VALUE
        # Swift imports modules, whose names no file tells.
        source = (
            None if subject.language == "swift" else self.imports.get(parts[0] if parts else subject.name)
        )
        ours = source is not None and _is_ours(source, subject)
        if parts and source is not None and not ours:
            return Company.FOREIGN
        if subject.owner and subject.owner in parts:
            before_owner = parts[: parts.index(subject.owner)][-1:]
            # `requests.Session` is not our Session.
            known = not before_owner or before_owner[0] in subject.modules or before_owner[0][0].isupper()
            return Company.OWNER if known or ours else Company.FOREIGN
        if subject.owner and parts and self._is_a(parts[-1], subject):
            return Company.MADE
        if not parts:
            if source is None or subject.owner:
                return Company.BARE
            return Company.MODULE if ours else Company.FOREIGN
        if not subject.owner:
            return (
                Company.MODULE
                if parts[-1] in subject.modules or (ours and len(parts) == 1)
                else Company.FOREIGN
            )
        return Company.VALUE if parts[-1][0].islower() or chain.endswith(")") else Company.FOREIGN

    def _is_a(self, name: str, subject: Subject) -> bool:
        """Tell whether every value that the document gives to ``name`` is made by the owner of ``subject``."""
        source = self.imports.get(subject.owner)
        if source is not None and not _is_ours(source, subject):
            return False
        if name not in self._values:
            word = re.escape(name)
            given = re.findall(rf"(?<![\w.]){word}\s*(?::\s*[\w.]+\s*)?:?=(?!=)\s*([^\n]*)", self.code)
            self._values[name] = given + re.findall(rf"\bwith\s+([^\n]*?)\s+as\s+{word}\b", self.code)
        modules = "|".join(map(re.escape, sorted(subject.modules)))
        made = re.compile(
            rf"(?:await\s+|new\s+|&)?(?:(?:\w+\.)*(?:{modules})\.)?{re.escape(subject.owner)}\s*(?:<[^<>]*>)?[({{]"
        )
        return bool(self._values[name]) and all(made.match(each) for each in self._values[name])


def _is_ours(module: str, subject: Subject) -> bool:
    return module.startswith((".", "/")) or not subject.modules.isdisjoint(re.findall(r"\w+", module))


def _imported_from(subject: Subject, text: str, start: int) -> Company | None:
    """Return whose a name is by the statement that imports it; None where that does not say, or it is a member's."""
    behind = re.match(r"[^;\"'`()]{0,500}?\bfrom\s{0,5}[\"']([^\"'\n]+)", text[start:])
    before = re.match(
        r"(?s).*\bfrom\s+([\w.]+)\s+import\b[^()]*\(?[^()]*$", text[max(start - 500, 0) : start]
    )
    match = before if subject.language == "python" else behind
    if match is None or subject.owner:
        return None
    return Company.MODULE if _is_ours(match[1], subject) else Company.FOREIGN


def _is_import(text: str, start: int, block: int) -> bool:
    """Tell whether a place stands in an import, which may go over several lines."""
    begins = text.rfind("\n", 0, start) + 1
    if _IMPORTING.match(text[begins:start]):
        return True
    head = re.search(
        r"(?:^|\n)[ \t]*(?:from\s+[\w.]+\s+)?import\s*(?:type\s*)?[({][^(){};]*$",
        text[max(start - 2_000, 0) : start],
    )
    return bool(block) and head is not None
