"""A rule's examples are its tests: each is run as an added file, once as written and once with CRLF line ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from hunkworks.change.model import FileChange, Hunk, Line, LineKind, Status
from hunkworks.rules.languages import sample_path
from hunkworks.rules.match import scan
from hunkworks.rules.model import ANY, Example, Rule, RuleSet, Scan


@dataclass(frozen=True, slots=True)
class Failure:
    """One example that a rule does not live up to.

    ``kind`` is the list it stands in (``match``, ``no-match``, ``rewrite``, ``refused``), ``number`` its place there,
    from 1. ``variant`` says in which language and with which line ends.
    """

    rule: Rule
    kind: str
    number: int
    expected: str
    found: str
    variant: str
    example: str


def prove(rule: Rule) -> Iterator[Failure]:
    """Yield every example of ``rule`` that does not come out as it says."""
    # A review skips rules without a class, and every example would come out as "no match".
    rule = replace(rule, klass=rule.klass or "maintainability")
    for kind, expected, examples in (
        ("match", "a match", rule.matching),
        ("no-match", "no match", rule.not_matching),
    ):
        for number, example in enumerate(examples, 1):
            for path in _paths(rule, example):
                for ends, text in (("LF", example.text), ("CRLF", example.text.replace("\n", "\r\n"))):
                    found = _outcome(scan(RuleSet((rule,)), added_file(path, text, rule), text.encode()))
                    if found != expected:
                        said = no_match(rule) if found == "no match" else found
                        yield Failure(rule, kind, number, expected, said, f"{path}, {ends}", example.text)


def no_match(rule: Rule) -> str:
    """Return that ``rule`` found nothing, and what its pattern is read as: often it is not what its author meant."""
    from hunkworks.rules import tree

    pattern = (rule.config or {}).get("rule", {}).get("pattern")
    if not isinstance(pattern, str) or rule.language == ANY:
        return "no match"
    return f"no match: the pattern is read as {tree.reading(pattern, rule.language)}"


def line_of(path: Path, kind: str, number: int) -> int:
    """Return the line, from 1, on which an example begins in the recipe file ``path``; it has loaded before."""
    from ruamel.yaml import YAML

    node = YAML(typ="safe", pure=True).compose(path.read_text(encoding="utf-8"))
    for name in ("metadata", "examples", kind):
        node = next(value for key, value in node.value if key.value == name)
    line: int = node.value[number - 1].start_mark.line
    return line + 1


def added_file(path: str, text: str, rule: Rule) -> FileChange:
    """Return ``text`` as a file that a change adds, in a role that ``rule`` looks at."""
    lines = tuple(
        Line(LineKind.ADDED, line.encode("utf-8", "surrogateescape"), None, number)
        for number, line in enumerate(_lines(text), 1)
    )
    hunk = Hunk(0, 0, 1, len(lines), b"", lines)
    return FileChange(path, path, Status.ADDED, None, 0o100644, min(rule.roles), "an example", (hunk,))


def _paths(rule: Rule, example: Example) -> list[str]:
    return [example.path] if example.path else [sample_path(name) for name in sorted(rule.languages) or [""]]


def _lines(text: str) -> list[str]:
    pieces = text.split("\n")
    return [piece + "\n" for piece in pieces[:-1]] + [pieces[-1]] * bool(pieces[-1])


def _outcome(result: Scan) -> str:
    if result.skipped:
        return f"not looked at: {result.skipped[0].why}"
    if result.suppressed:
        return "a suppressed match"
    return "a match" if result.matches else "no match"
