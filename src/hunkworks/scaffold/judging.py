"""Which lines of a document a subject makes untrue for sure, and which are to be looked at."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from hunkworks.scaffold.calls import Call, Parameter, misfit, moved
from hunkworks.scaffold.mentions import words_of
from hunkworks.scaffold.reading import Company, Document, Occurrence
from hunkworks.scaffold.standing import Standing
from hunkworks.scaffold.subjects import Subject, called

# A name that tells: several words. In code a long one, too.
_TELLING = re.compile(r"[a-z0-9][A-Z]|[A-Z]{2}[a-z]|[a-zA-Z0-9]_[a-zA-Z0-9]")
_LONG = 10
_KNOWN = (Company.OWNER, Company.MADE, Company.MODULE)
# A parameter as it is declared, with a type: no call is written so.
_WRITTEN = re.compile(r"[\w$\])?]\s*:\s*\S|^[a-z]\w*\s+[\w*\[.]+")


@dataclass(frozen=True, slots=True)
class Verdict:
    """One line about one subject; ``certain`` says that it is untrue, ``why`` what speaks for it."""

    line: int
    certain: bool
    why: str


def tells(name: str, *, code: bool) -> bool:
    """Tell whether a name means something by itself."""
    return _TELLING.search(name) is not None or (code and len(name) >= _LONG)


class Judge:
    """Judges one subject after another; ``ordinary`` counts the lines that say too little, by name.

    Args:
        standing: What the code still holds.
    """

    def __init__(self, standing: Standing) -> None:
        self._standing = standing
        self.ordinary: dict[str, set[tuple[str, int]]] = {}

    def judge(self, subject: Subject, document: Document) -> Iterator[Verdict]:
        """Yield the lines of ``document`` that ``subject`` concerns."""
        for place in document.occurrences(subject):
            if subject.lost:
                verdict = self._lost(subject, document, place)
            elif subject.what == "deprecated" and not subject.gone:
                verdict = self._deprecated(subject, document, place)
            else:
                verdict = self._called(subject, document, place)
            if verdict is not None:
                yield verdict
        if subject.gone:
            yield from self._parameters(subject, document)

    def _lost(self, subject: Subject, document: Document, place: Occurrence) -> Verdict | None:
        owned = place.company in (Company.OWNER, Company.MADE)
        telling = tells(subject.name, code=place.code)
        # What only has another place is no news to who calls it on a value.
        if subject.kept and place.company is not Company.OWNER:
            return None
        stands = self._standing.place(subject.name)
        if stands and subject.owner and not owned and subject.owner not in document.words:
            return None  # what stands is meant
        still = f"; the name still stands at {stands}" if stands else ""
        hint = Verdict(place.line, False, f"named in {'code' if place.code else 'prose'}{still}")
        if self._stands_as(subject):
            # An overload, or a declaration that was merged: gone only for who imports this file. Go has neither.
            imported = owned and place.code and _imports(place.around, subject)
            return hint if imported or (subject.language == "go" and telling and not subject.owner) else None
        if not place.code:
            meant = telling or owned
        elif place.company is Company.FOREIGN:
            # Somebody else's, or an alias of ours.
            meant = telling and not stands
        elif owned:
            sure = not (subject.kept or self._is_inherited(subject))
            return Verdict(place.line, True, "named in code") if sure else hint
        elif telling or place.company is Company.MODULE or (place.role and not stands):
            # A long word may be somebody else's, and what a document declares is its own.
            named = not telling or tells(subject.name, code=False) or place.company is Company.MODULE
            sure = named and not stands and not place.declared
            return Verdict(place.line, True, "named in code") if sure else hint
        elif place.is_call or place.imported:
            # Where another symbol has the name, that is meant.
            free = not stands or self._standing.named(subject.name) == []
            meant = free and (subject.owner in document.words if subject.owner else not stands)
        else:
            meant = (place.alone and (subject.is_type or not stands)) or (subject.is_type and not stands)
        if meant:
            return hint
        if place.company is not Company.FOREIGN:
            self.ordinary.setdefault(subject.name, set()).add((document.path, place.line))
        return None

    def _stands_as(self, subject: Subject) -> bool:
        """Tell whether the project has a symbol of the same qualified name."""
        return any(
            each.qualified == subject.qualified for _, each in self._standing.named(subject.name) or ()
        )

    def _is_inherited(self, subject: Subject) -> bool:
        """Tell whether the owner may get the name from a type that its file names."""
        named = self._standing.named(subject.name)
        if named is None:
            return True
        owners = {called(each)[1] for _, each in named} - {"", subject.owner}
        return not owners.isdisjoint(self._standing.words(subject.source.rpartition(":")[0]))

    def _deprecated(self, subject: Subject, document: Document, place: Occurrence) -> Verdict | None:
        telling = tells(subject.name, code=place.code)
        known = place.company in _KNOWN or (place.role and telling)
        meant = not subject.owner or subject.owner in document.words
        if (
            place.code
            and place.company is not Company.FOREIGN
            and (known or telling or (place.is_call and meant))
        ):
            return Verdict(place.line, False, "named in code")
        return None

    def _called(self, subject: Subject, document: Document, place: Occurrence) -> Verdict | None:
        call = place.call
        if not place.code or call is None or place.company is Company.FOREIGN:
            return None
        meant = not subject.owner or subject.owner in document.words
        if subject.before is None or subject.after is None:
            used = [name for name in call.named if name in subject.gone]
            return (
                Verdict(place.line, False, f"its parameter {used[0]} is deprecated")
                if used and meant
                else None
            )
        telling = tells(subject.name, code=True)
        shown = self._shown(subject, place, call)
        if shown is not None:
            return shown if meant else None
        if place.declared or misfit(call, subject.before)[0]:
            return None
        why, sure = misfit(call, subject.after)
        if not why:
            why, sure = moved(call, subject.before, subject.after)
        if not why:
            return None
        known = place.company in _KNOWN or (telling and meant)
        if not known and not (sure and meant):
            return None
        return Verdict(place.line, known and sure and not self._is_taken(subject, place, call), why)

    def _shown(self, subject: Subject, place: Occurrence, call: Call) -> Verdict | None:
        """Judge a call that is none: a declaration with the old parameters, types included where it is not one of code.

        It is sure where it has types, or stands in a block that names the type it belongs to.
        """
        before, after = subject.before or (), subject.after or ()
        texts = [each for each in call.texts if each not in ("self", "cls")]
        typed = all(_WRITTEN.search(each) for each in texts)
        kept = _bare(before, subject) == _bare(after, subject)[: len(before)]
        if (
            not texts
            or not (typed or place.declared)
            or (kept and all(each.optional for each in after[len(before) :]))
        ):
            return None
        if subject.language == "go":
            same = ", ".join(texts) in _spellings(before)
        else:
            names = [_name(each) for each in texts]
            same = texts == [each.text for each in before] or (
                place.declared and names == [_name(each.text) for each in before]
            )
        if subject.owner and not typed and subject.language == "python" and len(texts) == len(call.texts):
            return None  # a function of the reader's own
        sure = typed or (subject.owner in words_of(place.around) and tells(subject.name, code=True))
        return Verdict(place.line, sure, "it shows the old parameters") if same else None

    def _is_taken(self, subject: Subject, place: Occurrence, call: Call) -> bool:
        """Tell whether another symbol that the call may mean takes it."""
        others = self._standing.accepting(subject.name)
        if others is None:
            return True
        exact = place.company in _KNOWN
        for symbol, listed in others:
            same = symbol.qualified == subject.qualified
            if (same or not exact) and listed != subject.after and not misfit(call, listed)[0]:
                return True
        return False

    def _parameters(self, subject: Subject, document: Document) -> Iterator[Verdict]:
        """Yield where a document speaks of what is gone: a parameter or property alone in code, or given a value."""
        said = "deprecated" if subject.what == "deprecated" else "gone"
        kind = "property" if subject.is_type else "parameter"
        for name in sorted(subject.gone & document.words):
            # Another type may have it, or inherit it.
            if subject.is_type and self._standing.place(name):
                continue
            telling = tells(name, code=True)
            alone = re.compile(rf"(?:[\w$]+\??\.)*{re.escape(name)}\s*(?:[=:?].*)?")
            given = ":" if subject.is_type else "=(?!=)"
            passed = re.compile(rf"(?:[({{,]\s{{0,200}}|^[ \t]+){re.escape(name)}\s*{given}", re.MULTILINE)
            for stretch in document.stretches:
                if not stretch.code or name not in stretch.text:
                    continue
                if not stretch.block and alone.fullmatch(stretch.text.strip()):
                    near = document.section(stretch.line)
                    if telling or subject.name in near or subject.owner in near:
                        yield Verdict(stretch.line, False, f"its {kind} {name} is {said}")
                elif telling:
                    for match in passed.finditer(stretch.text):
                        if _callee(stretch.text, match.start() + 1) == subject.name:
                            continue  # that call has been judged
                        line = stretch.line + stretch.text.count("\n", 0, match.end())
                        yield Verdict(line, False, f"its {kind} {name} is {said}")


def _callee(text: str, place: int) -> str:
    """Return the name in front of the parenthesis that is open at ``place``, "" where none is near."""
    depth = 0
    for at in range(place - 1, max(place - 2_000, 0), -1):
        depth += (text[at] == "(") - (text[at] == ")")
        if depth > 0:
            match = re.search(r"([\w$]+)\s*$", text[max(at - 100, 0) : at])
            return match[1] if match else ""
    return ""


def _imports(code: str, subject: Subject) -> bool:
    """Tell whether code imports from the very file that a symbol went from."""
    stem = PurePosixPath(subject.source.rpartition(":")[0]).stem
    modules = re.findall(r"\bfrom\s+[\"']?([^\s\"']+)", code)
    return any(stem in re.split(r"[./]", module) for module in modules)


def _name(text: str) -> str:
    return re.split(r"[:=?]", text)[0].strip()


def _bare(listed: Sequence[Parameter], subject: Subject) -> list[str]:
    """Return what tells two lists of parameters apart to a reader: names, in Go and Java types."""
    return [each.type if subject.language in ("go", "java") else _name(each.text) for each in listed]


def _spellings(listed: Sequence[Parameter]) -> tuple[str, str]:
    """Return Go's parameters as a document may write them: each with its type, in the old words or the new."""
    each = ", ".join(f"{parameter.text} {parameter.type}" for parameter in listed)
    return each, re.sub(r"\bany\b", "interface{}", each)
