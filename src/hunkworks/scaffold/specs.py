"""Tests that are calls with a title and a body: Ginkgo's and Kotest's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from hunkworks.errors import InputError

if TYPE_CHECKING:
    from ast_grep_py import SgNode

_STRING = r'"(?P<title>(?:[^"\\\n]|\\.)*)"'
# What stands before the body of a test, and of what holds tests.
_LEAF = {
    "go": re.compile(rf"(?:\w+\.)?[FPX]?(?:It|Specify)\(\s*{_STRING}"),
    "kotlin": re.compile(
        rf"(?P<call>[xf]?(?:test|it|should|expect|`?then`?|Then|scenario)\(\s*)?{_STRING}"
        r"(?(call)|\s*(?:\.config\(.*)?$)",
        re.DOTALL,
    ),
}
_CONTAINER = {
    "go": re.compile(rf"(?:\w+\.)?[FPX]?(?P<call>Describe|Context|When)\(\s*{_STRING}"),
    "kotlin": re.compile(
        rf"(?P<call>[xf]?(?:context|describe|[gG]iven|`?when`?|When|and|feature)\(\s*)?{_STRING}"
        r"(?(call)|\s*(?:-|should|`?when`?|When)\s*$)"
    ),
}
_SETUP = re.compile(r"(?:\w+\.)?(?:Just)?(?:BeforeEach|beforeEach|beforeTest)\b")
_KINDS = {
    "go": ("call_expression",),
    "kotlin": ("call_expression", "infix_expression", "additive_expression"),
}
_BODY = {"go": "func_literal", "kotlin": "lambda_literal"}
_GINKGO = re.compile(
    r'^[ \t]*(?:import[ \t]+)?(?P<line>(?:(?P<alias>[\w.]+)[ \t]+)?"github\.com/onsi/ginkgo(?:/v\d+)?")',
    re.MULTILINE,
)

# Which calls each style of Kotest allows at the top of a spec: its *SpecRootScope interfaces.
_LEAVES = ("StringSpec", "FreeSpec", "FunSpec", "DescribeSpec", "ShouldSpec", "ExpectSpec")
_NESTED: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "WordSpec": ("{title} should", "{works}"),
        "FeatureSpec": ("feature({title})", "scenario({works})"),
        "BehaviorSpec": ("given({title})", "then({works})"),
    }
)
_CALLS = {"FunSpec": "test({title})", "DescribeSpec": "it({title})", "ShouldSpec": "should({title})",
          "ExpectSpec": "expect({title})"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spec:
    """A class of Kotest's: its style, where its last test ends, and the indentation of its tests."""

    style: str
    place: int
    indent: str


@dataclass(frozen=True, slots=True)
class Titled:
    """A test: its containers' titles and its own, its line, and the code of its body and of what runs before."""

    name: str
    line: int
    code: str


def tests(language: str, text: str) -> Iterator[Titled]:
    """Yield the tests of a file in order."""
    from ast_grep_py import SgRoot

    found: list[tuple[SgNode, str, tuple[str, ...], tuple[int, ...]]] = []
    setups: dict[int, list[str]] = {}
    waiting: list[tuple[SgNode, tuple[str, ...], tuple[int, ...]]] = [
        (SgRoot(text, language).root(), (), (-1,))
    ]
    while waiting:
        node, titles, around = waiting.pop()
        if node.kind() in _KINDS[language]:
            head = _head(language, node)
            if leaf := _LEAF[language].match(head):
                found.append((node, leaf["title"], titles, around))
                continue
            if _SETUP.match(head):
                setups.setdefault(around[-1], []).append(node.text())
                continue
            if container := _CONTAINER[language].match(head):
                said = "when " * (language == "go" and container["call"] == "When") + container["title"]
                titles, around = (*titles, said), (*around, node.range().start.index)
        waiting += [(child, titles, around) for child in reversed(node.children())]
    for node, title, titles, around in found:
        before = [code for each in around for code in setups.get(each, ())]
        yield Titled(
            " ".join([*titles, title]), node.range().start.line + 1, "\n".join([*before, node.text()])
        )


def last_spec(path: str, text: str) -> Spec:
    """Return the last class of a file of Kotest's that tests can be added to.

    Raises:
        InputError: There is none, or its end stands on the line of a test.
    """
    from ast_grep_py import SgRoot

    found = [*SgRoot(text, "kotlin").root().find_all(kind="class_declaration")]
    for node in reversed(found):
        style, body = _spec(node)
        if not body:
            continue
        if style not in (*_LEAVES, *_NESTED):
            raise InputError(f"{path} is written with Kotest's {style}, for which there are no stubs")
        closing = body.children()[-1].range().start
        start = closing.index - closing.column
        base = re.match(r"[ \t]*", text[start:])
        before = text[start : closing.index].strip()
        if before or base is None or body.range().start.line == closing.line:
            raise InputError(
                f"the last test of {path} ends on the line of its class",
                fix="put the brace on a line of its own",
            )
        statements = next((each for each in body.children() if each.kind() == "statements"), None)
        first = statements.range().start if statements else None
        indent = text[first.index - first.column : first.index] if first else f"{base[0]}    "
        return Spec(style, start, indent if not indent.strip() else f"{base[0]}    ")
    raise InputError(f"{path} has no class of one of Kotest's styles", fix="write its first test by hand")


def is_spec(text: str) -> bool:
    """Whether a file of Kotest's holds a class of a style that stubs are written for, and not helpers alone."""
    return re.search(rf":\s*(?:{'|'.join((*_LEAVES, *_NESTED))})\s*\(", text) is not None


def kotest(style: str, name: str, message: str, indent: str) -> str:
    """Return the stub of one test in a style; both strings are quoted."""
    fail = f"throw AssertionError({message})\n"
    if style not in _NESTED:
        opening = _CALLS.get(style, "{title}").format(title=name)
        return f"{opening} {{\n{indent}{fail}}}\n"
    title, _, works = name[1:-1].partition(" ")
    outer, inner = (part.format(title=f'"{title}"', works=f'"{works}"') for part in _NESTED[style])
    return f"{outer} {{\n{indent}{inner} {{\n{indent}{indent}{fail}{indent}}}\n}}\n"


def is_nested(style: str) -> bool:
    """Whether a style's tests stand inside of others only."""
    return style in _NESTED


def ginkgo(name: str, message: str, prefix: str) -> str:
    """Return the stub of one test; both strings are quoted, ``prefix`` is the package's name and a dot, or nothing."""
    title, _, works = name[1:-1].partition(" ")
    fail = f"\t\t{prefix}Fail({message})\n"
    return f'var _ = {prefix}Describe("{title}", func() {{\n\t{prefix}It("{works}", func() {{\n{fail}\t}})\n}})\n'


def ginkgo_import(text: str) -> tuple[str, str]:
    """Return how a file imports Ginkgo, and what its names begin with there."""
    found = _GINKGO.search(text)
    if found is None:
        return '. "github.com/onsi/ginkgo/v2"', ""
    alias = found["alias"] or "ginkgo"
    return found["line"], "" if alias == "." else f"{alias}."


def _head(language: str, node: SgNode) -> str:
    """Return what stands before the body of a call, "" where it has none."""
    body = node.find(kind=_BODY[language])
    return node.text()[: body.range().start.index - node.range().start.index] if body else ""


def _spec(node: SgNode) -> tuple[str, SgNode | None]:
    """Return the style of a class and the braces that its tests stand in, None where it is no spec."""
    parent = node.find(kind="constructor_invocation", inside={"kind": "delegation_specifier"})
    named = parent.child(0) if parent is not None else None
    if parent is None or named is None or not re.fullmatch(r"[A-Z]\w*Spec", named.text()):
        return "", None
    body = parent.find(kind="lambda_literal") or node.find(kind="anonymous_initializer")
    return named.text(), body
