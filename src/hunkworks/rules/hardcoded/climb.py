"""From a string up to what takes it: the argument of a call, or the property that it is assigned to."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from hunkworks.rules.hardcoded.model import Hole

if TYPE_CHECKING:
    from ast_grep_py import SgNode

_NAME = re.compile(r"[A-Za-z_]\w*$")
Span = tuple[int, int]
_BODY = re.compile(r"[={]")
_LONGEST_HEAD = 600
# Made-up values. Functions and classes that are named after previews may be features: of links, of photos.
_VALUE = re.compile(r"\b(?:val|var|let)\s+(?:preview|sample|fake|mock|dummy)[A-Z]\w*")
_TYPE = re.compile(r"\b(?:func?|class|object|struct|enum)\s+(?i:sample|fake|mock|dummy)(?=[A-Z_(]|\b)")
SAMPLES: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {"property_declaration": _VALUE, "function_declaration": _TYPE, "class_declaration": _TYPE}
)


@dataclass(frozen=True, slots=True)
class Argument:
    """A string among the arguments of a call.

    ``callee`` is the last name of what is called and ``receiver`` what stands before it; ``label`` is the argument's
    name or nothing, ``index`` its place, ``beside`` the names of all of them. ``joined`` says that an operator makes
    another string of it first.
    """

    callee: str
    receiver: str
    label: str
    index: int
    joined: bool
    beside: frozenset[str]


@dataclass(frozen=True, slots=True)
class Assigned:
    """A string that is assigned to the property ``name`` of ``receiver``."""

    name: str
    receiver: str


@dataclass(frozen=True, slots=True)
class Grammar:
    """What a language calls the steps upwards.

    ``choosing`` are passed by: whatever they choose, it may be this string. ``joining`` make another string of it.
    ``callees`` and ``labels`` are the only ones worth a look: a list may have ten thousand strings.
    """

    choosing: frozenset[str]
    joining: frozenset[str]
    label_of: Callable[[SgNode], str]
    callees: frozenset[str]
    labels: frozenset[str]


def taker(node: SgNode, grammar: Grammar) -> Argument | Assigned | None:
    """Return what takes the string ``node``, or None where it is used otherwise."""
    joined = False
    here = node.parent()
    while here is not None and here.kind() in grammar.choosing | grammar.joining:
        joined = joined or here.kind() in grammar.joining
        here = here.parent()
    if here is None:
        return None
    if here.kind() == "assignment":
        return _assigned(here, node)
    return _argument(here, grammar, joined=joined) if here.kind() == "value_argument" else None


def within(node: SgNode, lines: Container[int] | None) -> bool:
    """Whether ``node`` touches one of ``lines``, which count from 1; None stands for all."""
    if lines is None:
        return True
    span = node.range()
    return any(line + 1 in lines for line in range(span.start.line, span.end.line + 1))


def declared(root: SgNode, text: str, heads: Mapping[str, re.Pattern[str]]) -> list[Span]:
    """Return where the parts stand whose head, up to its body, matches what ``heads`` has for their kind.

    Asked once a file: from every string upwards it would take hours on what somebody nests deeply enough.
    """
    found: list[Span] = []
    for kind, head in heads.items():
        for node in root.find_all(kind=kind):
            span = node.range()
            start, end = span.start.index, span.end.index
            if head.search(_BODY.split(text[start : min(end, start + _LONGEST_HEAD)], maxsplit=1)[0]):
                found.append((start, end))
    return found


def inside(position: int, spans: Sequence[Span]) -> bool:
    """Whether ``position`` lies in one of ``spans``."""
    return any(start <= position < end for start, end in spans)


def pieces(node: SgNode, holes: list[tuple[int, int, str]]) -> tuple[str | Hole, ...]:
    """Return the text of ``node``, without its quotes, cut at ``holes`` (start and end in the file, code)."""
    found: list[str | Hole] = []
    whole, offset = node.text(), node.range().start.index
    quote = len(whole) - len(whole.lstrip('#"'))
    position = quote
    for start, end, code in holes:
        found += [whole[position : start - offset], Hole(code, whole[start - offset : end - offset])]
        position = end - offset
    found.append(whole[position : len(whole) - quote])
    return tuple(piece for piece in found if piece)


def _assigned(assignment: SgNode, node: SgNode) -> Assigned | None:
    target = assignment.child(0)
    if target is None or target.range().end.index > node.range().start.index:
        return None
    receiver, _, name = target.text().rpartition(".")
    return Assigned(name.strip(), receiver.strip("?! \n"))


def _argument(argument: SgNode, grammar: Grammar, *, joined: bool) -> Argument | None:
    siblings = argument.parent()
    suffix = siblings.parent() if siblings else None
    call = suffix.parent() if suffix and suffix.kind() == "call_suffix" else suffix
    function = call.child(0) if call else None
    if siblings is None or call is None or function is None or call.kind() != "call_expression":
        return None
    name = _NAME.search(re.sub(r"<.*>$", "", function.text(), flags=re.DOTALL).strip())
    callee, label = name[0] if name else "", grammar.label_of(argument)
    if callee not in grammar.callees and label not in grammar.labels:
        return None
    arguments = [one for one in siblings.children() if one.kind() == "value_argument"]
    index = sum(one.range().end.index <= argument.range().start.index for one in arguments)
    beside = frozenset(map(grammar.label_of, arguments))
    receiver = function.text()[: name.start()] if name else ""
    return Argument(callee, receiver.rstrip(".?! \n"), label, index, joined, beside)
