"""Match rules against what a change added: never against old code, and never silently not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from hunkworks.change.model import FileChange
from hunkworks.rules import detectors, tree
from hunkworks.rules.languages import language_of
from hunkworks.rules.lines import NewSide, new_side, text_of
from hunkworks.rules.model import Match, Rule, RuleSet, Scan, Skipped
from hunkworks.rules.suppression import suppressions
from hunkworks.rules.tree import LARGEST_SOURCE

LONGEST_LINE = 20_000


def scan(ruleset: RuleSet, file: FileChange, source: bytes | None) -> Scan:
    """Return what ``ruleset`` finds in the lines that ``file`` added, in the order of the lines.

    Args:
        ruleset: Loaded with at least the language of ``file``.
        file: One file of a change.
        source: The whole new file, as ``Change.content`` returns it; None where it is not at hand. Line rules do
            without it; syntax rules that could not run are named in ``skipped``.
    """
    side = new_side(file)
    if file.binary or not side.shown:
        return Scan()
    language = language_of(file.path)
    rules = [rule for rule in ruleset.rules if rule.klass and applies(rule, file, language)]
    skipped: list[Skipped] = []
    found: list[Match] = []
    found += _by_line([rule for rule in rules if rule.regex], file, side, skipped)
    for rule in rules:
        if rule.detector:
            found += _by_detector(rule, file, side, source, skipped)
    syntax = [rule for rule in rules if rule.config is not None]
    if syntax and side.added and language:
        found += _by_syntax(syntax, file, side, source, language, skipped)
    found.sort(key=lambda match: (match.line, match.rule.id))
    ignored = _ignored_lines(side, source)
    return Scan(
        matches=tuple(match for match in found if match.rule.id not in ignored.get(match.line, ())),
        suppressed=tuple(match for match in found if match.rule.id in ignored.get(match.line, ())),
        skipped=tuple(skipped),
    )


def applies(rule: Rule, file: FileChange, language: str | None) -> bool:
    """Whether ``rule`` is meant for this file: its role, its language, its path."""
    return (
        file.role in rule.roles
        and (not rule.languages or language in rule.languages)
        and (not rule.files or any(glob.fullmatch(file.path) for glob in rule.files))
        and not any(glob.fullmatch(file.path) for glob in rule.ignores)
    )


def _by_line(
    rules: Sequence[Rule], file: FileChange, side: NewSide, skipped: list[Skipped]
) -> Iterator[Match]:
    too_long = [number for number, text in side.added.items() if len(text) > LONGEST_LINE]
    if rules and too_long:
        ids = tuple(rule.id for rule in rules)
        why = f"line {too_long[0]} is longer than {LONGEST_LINE:,} characters"
        skipped.append(Skipped(file.path, why, ids))
    for number, text in side.added.items():
        if len(text) > LONGEST_LINE:
            continue
        for rule in rules:
            if rule.regex and rule.regex.search(text):
                yield Match(rule, number, number, text, rule.message)


def _by_detector(
    rule: Rule, file: FileChange, side: NewSide, whole: bytes | None, skipped: list[Skipped]
) -> Iterator[Match]:
    try:
        hits = list(detectors.DETECTORS[rule.detector](file, side, whole))
    except detectors.CannotLookError as reason:
        skipped.append(Skipped(file.path, str(reason), (rule.id,)))
        return
    for hit in hits:
        message = f"{rule.message} ({hit.detail})" if hit.detail else rule.message
        yield Match(rule, hit.line, hit.end_line, side.shown[hit.line], message)


def _by_syntax(
    rules: Sequence[Rule],
    file: FileChange,
    side: NewSide,
    whole: bytes | None,
    language: str,
    skipped: list[Skipped],
) -> Iterator[Match]:
    ids = tuple(rule.id for rule in rules)
    text, why = _readable(whole)
    if text is None:
        skipped.append(Skipped(file.path, why, ids))
        return
    root = tree.parse(text, language)
    broken = tree.broken(root)
    if broken:
        why = f"does not parse at line {broken[0][0]}: matches in the broken part are not reported"
        skipped.append(Skipped(file.path, why, ids))
    for rule in rules:
        if rule.unless and rule.unless.search(text):
            continue
        for span in tree.spans(root, rule.config or {}):
            if any(span[0] <= last and first <= span[1] for first, last in broken):
                continue
            touched = [number for number in range(span[0], span[1] + 1) if number in side.added]
            if touched:
                end = _end_of_run(touched)
                yield Match(rule, touched[0], end, side.added[touched[0]], rule.message)


def _readable(whole: bytes | None) -> tuple[str | None, str]:
    if whole is None:
        return None, "the whole new file is not at hand"
    if len(whole) > LARGEST_SOURCE:
        return None, f"larger than {LARGEST_SOURCE // 1_000_000} MB"
    try:
        return whole.decode("utf-8"), ""
    except UnicodeDecodeError as error:
        return None, f"is not UTF-8 (byte {error.start})"


def _end_of_run(numbers: Sequence[int]) -> int:
    end = numbers[0]
    for number in numbers[1:]:
        if number != end + 1:
            break
        end = number
    return end


def _ignored_lines(side: NewSide, whole: bytes | None) -> dict[int, set[str]]:
    return suppressions(_all_lines(side, whole))


def _all_lines(side: NewSide, whole: bytes | None) -> Iterable[tuple[int, str]]:
    if whole is None or b"hunkworks-ignore" not in whole:
        return side.shown.items() if whole is None else ()
    return ((number, text_of(line)) for number, line in enumerate(whole.split(b"\n"), 1))
