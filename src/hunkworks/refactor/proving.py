"""A recipe's examples are its tests: each as written, with CRLF line ends, twice, and with changes of every reach."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from hunkworks.refactor.outcome import Bucket, Rewritten
from hunkworks.refactor.parameters import chosen
from hunkworks.refactor.project import Overlay
from hunkworks.refactor.proposing import Job
from hunkworks.refactor.rewriting import rewrite
from hunkworks.refactor.scope import EVERYTHING, Scope
from hunkworks.refactor.source import Source
from hunkworks.refactor.template import multiline_string
from hunkworks.rules import examples, tree
from hunkworks.rules.examples import Failure
from hunkworks.rules.languages import language_of, sample_path
from hunkworks.rules.model import Rule
from hunkworks.rules.recipe import Recipe, Rewrite, Safety


def prove(rule: Rule) -> Iterator[Failure]:
    """Yield every example of ``rule`` that does not come out as it says, and every twin of one."""
    yield from examples.prove(rule)
    if rule.recipe.safety is Safety.DETECT:
        return
    for number, case in enumerate(rule.recipe.rewrites, 1):
        fails = partial(Failure, rule, "rewrite", number)
        for path in _paths(rule, case):
            failed = list(_rewrites(rule, case, path, "LF", fails))
            yield from failed or _rewrites(rule, case, path, "CRLF", fails)
            yield from () if failed else _deeper(rule, case, path, fails)
    for number, case in enumerate(rule.recipe.refused, 1):
        for path in _paths(rule, case):
            found = _run(rule, case, path, case.before, EVERYTHING)
            buckets = {outcome.bucket for outcome in found.outcomes}
            if not buckets or buckets - {Bucket.REFUSED, Bucket.RESIDUE}:
                expected = "a match that no code rewrites"
                yield Failure(rule, "refused", number, expected, _told(rule, found), path, case.before)


def _rewrites(
    rule: Rule, case: Rewrite, path: str, ends: str, fails: Callable[[str, str, str, str], Failure]
) -> Iterator[Failure]:
    before, after = (_ended(text, ends) for text in (case.before, case.after))
    found = _run(rule, case, path, before, EVERYTHING)
    variant = f"{path}, {ends}"
    if found.after.decode() != after or not found.count(Bucket.APPLIED):
        said = (
            found.after.decode().replace("\r\n", "\n") if found.after != found.before else _told(rule, found)
        )
        yield fails(case.after, said, variant, case.before)
        return
    others = {name: text.encode() for name, text in case.files_after.items()}
    if ends == "LF" and dict(found.others) != others:
        said = ", ".join(f"{name}: {data.decode(errors='replace')}" for name, data in found.others.items())
        yield fails(f"the other files {case.files_after}", said or "none changed", variant, case.before)
    again = _run(rule, case, path, after, EVERYTHING, found.others)
    if again.after.decode() != after:
        yield fails("a second pass that changes nothing", again.after.decode(), variant, case.after)
    untouched = _run(rule, case, path, before, Scope.of(()))
    if untouched.after != found.before or len(untouched.outcomes) != untouched.count(Bucket.OUTSIDE):
        yield fails("nothing, outside of a change", _told(rule, untouched), variant, case.before)
    partly = _partly(rule, case, path, before, found)
    if partly not in (None, Bucket.RESIDUE):
        yield fails("residue, partly in a change", str(partly), variant, case.before)


def _deeper(
    rule: Rule, case: Rewrite, path: str, fails: Callable[[str, str, str, str], Failure]
) -> Iterator[Failure]:
    """Yield what goes wrong where the whole example stands one level deeper: at the top every indentation is right."""
    if rule.recipe.imports_add or rule.recipe.imports_drop:
        return  # their place is the top
    source = Source(path, case.before.encode(), language_of(path) or rule.language)
    before, after = (_indented(text, source) for text in (case.before, case.after))
    if before is None or after is None:
        return
    whole = _run(rule, case, path, case.before, EVERYTHING)
    found = _run(rule, case, path, before, EVERYTHING)
    same = [one.bucket for one in found.outcomes] == [one.bucket for one in whole.outcomes]
    # A rule or a guard may ask for the start of a line.
    if same and found.after.decode() != after:
        yield fails(after, found.after.decode(), f"{path}, indented", before)


def _indented(text: str, source: Source) -> str | None:
    """Return ``text`` one level deeper, or None where that means something else than ``text``."""
    head = "if True:\n" if source.language == "Python" else ""
    lines = (source.unit + line if line.strip() else line for line in text.split("\n"))
    deeper = head + "\n".join(lines)
    one, other = tree.parse(text, source.language), tree.parse(deeper, source.language)
    if tree.faults(one) or tree.faults(other) or multiline_string(one):
        return None
    return deeper


def _partly(rule: Rule, case: Rewrite, path: str, before: str, found: Rewritten) -> Bucket | None:
    """Return what becomes of a match in a change that touches only its first line; None where none is longer."""
    long = next(
        (one for one in found.outcomes if one.bucket is Bucket.APPLIED and one.line < one.end_line), None
    )
    if long is None:
        return None
    partly = _run(rule, case, path, before, Scope.of({long.line}))
    return next(one.bucket for one in partly.outcomes if (one.start, one.end) == (long.start, long.end))


def _run(
    rule: Rule,
    case: Rewrite,
    path: str,
    text: str,
    scope: Scope,
    planned: Mapping[str, bytes] | None = None,
) -> Rewritten:
    files = {name: content.encode() for name, content in case.files.items()}
    project = Overlay(files.get, lambda: tuple(files), planned)
    source = Source(path, text.encode(), language_of(path) or rule.language)
    decided = _deciding(rule, case)
    return rewrite(Job(decided, chosen(decided.recipe, case.values, asked=True)), source, scope, project)


def _deciding(rule: Rule, case: Rewrite) -> Rule:
    """Return the recipe as if code decided, without the guards about files of the project that a case leaves out."""
    recipe: Recipe = dataclasses.replace(
        rule.recipe,
        safety=Safety.MECHANICAL,
        guards=tuple(
            guard
            for guard in rule.recipe.guards
            if not guard.project_file or any(name.split("/")[-1] == guard.project_file for name in case.files)
        ),
    )
    return dataclasses.replace(rule, recipe=recipe)


def _paths(rule: Rule, case: Rewrite) -> list[str]:
    return [case.path] if case.path else [sample_path(name) for name in sorted(rule.languages)]


def _ended(text: str, ends: str) -> str:
    return text if ends == "LF" else text.replace("\n", "\r\n")


def _told(rule: Rule, found: Rewritten) -> str:
    said = [f"{one.bucket}: {one.why}" if one.why else str(one.bucket) for one in found.outcomes]
    return "; ".join(said) or examples.no_match(rule)
