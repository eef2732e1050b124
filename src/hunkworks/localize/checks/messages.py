"""ICU messages: they parse, take the source's arguments, keep its keys and have the locale's branches."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from hunkworks.catalogs.placeholders import Syntax
from hunkworks.localize.checks import icu
from hunkworks.localize.checks.icu import Argument, Message, MessageError, Pound, Quoting
from hunkworks.localize.checks.model import Case, named
from hunkworks.localize.checks.numbers import numbers_of, ordinal_forms, required_forms

_NUMBERS = frozenset(("number", "plural", "selectordinal", "choice", "spellout", "ordinal", "duration"))
# An argument of such a name is a number, whether the source makes a plural of it or not.
COUNTS = frozenset(("count", "n", "num", "number", "total", "quantity", "amount"))


@lru_cache(maxsize=256)
def quoting(source: str, syntax: Syntax, format: str) -> Quoting:  # noqa: A002
    """Return how apostrophes are meant, the platform's habit first, where the source does not tell otherwise."""
    if format == "arb":
        return Quoting.NONE if _parsed(source, Quoting.NONE) is not None else Quoting.ICU
    if syntax is Syntax.ICU:
        return Quoting.ICU
    # Texts of .properties files that never pass MessageFormat have single apostrophes before their {0}.
    plain, quoted = _parsed(source, Quoting.NONE), _parsed(source, Quoting.JAVA)
    loses = plain is not None and (
        quoted is None or len(list(icu.arguments(quoted))) < len(list(icu.arguments(plain)))
    )
    return Quoting.NONE if loses else Quoting.JAVA


@lru_cache(maxsize=1024)
def _parsed(text: str, how: Quoting) -> Message | None:
    try:
        return icu.parse(text, how)
    except MessageError:
        return None


def message(case: Case, text: str) -> Message | None:
    """Return the message that a text of this case spells, or None."""
    subject = case.subject
    return _parsed(text, quoting(subject.source, subject.syntax, subject.format))


def _applies(case: Case) -> bool:
    """Whether the texts are messages: the source is one, and in Java one with arguments."""
    if case.subject.syntax not in (Syntax.ICU, Syntax.MESSAGE_FORMAT):
        return False
    source = message(case, case.subject.source)
    if source is None:
        return False
    return case.subject.syntax is Syntax.ICU or any(icu.arguments(source))


def parses(case: Case) -> Iterator[str]:
    """Yield why a text is no message."""
    if not _applies(case):
        return
    how = quoting(case.subject.source, case.subject.syntax, case.subject.format)
    for form, _, text in case.pairs:
        try:
            icu.parse(text, how)
        except MessageError as error:
            yield f"{named(form)}expected an ICU message, found {error}"


def same_arguments(case: Case) -> Iterator[str]:
    """Yield arguments that are missing, unknown or of another type."""
    for form, source_text, text in case.pairs:
        source, found = message(case, source_text), message(case, text)
        if source is None or found is None:
            continue
        if problem := _difference(source, found, case):
            yield named(form) + problem


def _difference(source: Message, found: Message, case: Case) -> str:
    expected, given = _types(source), _types(found)
    listed = f"expected {_listed(expected)}, found {_listed(given)}"
    if missing := [name for name in expected if name not in given]:
        hint = ""
        if "'" in "".join(node for node in found if isinstance(node, str)):
            hint = "; an apostrophe before { quotes it: write it twice"
        return f"{listed}; {{{missing[0]}}} is missing{hint}"
    if strange := [name for name in given if name not in expected]:
        return f"{listed}; {{{strange[0]}}} is not in the source: names of arguments are never translated"
    for name, types in given.items():
        if wrong := sorted(kind for kind in types if not _compatible(kind, name, expected[name])):
            return f"{listed}; {{{name}}} is no {wrong[0]} in the source"
    if lost := sorted(_certain(source) - _certain(found)):
        return f"{listed}; {{{lost[0]}}} is missing in a branch"
    if branch := next(_without_number(source, found, case.locale), ""):
        return branch
    return ""


def _types(parsed: Message) -> dict[str, set[str]]:
    types: dict[str, set[str]] = {}
    for argument in icu.arguments(parsed):
        types.setdefault(argument.name, set()).add(argument.type)
    return types


def _listed(types: dict[str, set[str]]) -> str:
    return (
        ", ".join(
            f"{{{name}{''.join(f', {kind}' for kind in sorted(kinds) if kind)}}}"
            for name, kinds in types.items()
        )
        or "no arguments"
    )


def _compatible(kind: str, name: str, expected: set[str]) -> bool:
    """Whether an argument may be used as ``kind``: as in the source, plainly, or as another way to write a number."""
    if kind in _NUMBERS:
        return bool(expected & _NUMBERS) or name.lower() in COUNTS
    return kind in expected or not kind


def _certain(parsed: Message) -> set[str]:
    """Return the arguments, other than numbers that branches are chosen by, that are shown on every path."""
    names: set[str] = set()
    for node in parsed:
        if not isinstance(node, Argument):
            continue
        if node.branches:
            names |= set.intersection(*(_certain(branch) for _, branch in node.branches))
        else:
            names.add(node.name)
    chosen = {
        node.name for node in parsed if isinstance(node, Argument) and node.branches and node.type != "select"
    }
    return names - chosen


def _without_number(source: Message, found: Message, locale: str) -> Iterator[str]:
    """Yield branches that stand for several numbers and show none, where the source's does."""
    numbered = {
        argument.name
        for argument in icu.arguments(source)
        if argument.type in icu.PLURALS and _shows(dict(argument.branches)["other"], argument.name)
    }
    plain = {node.name for node in found if isinstance(node, Argument) and not node.branches}
    for argument in icu.arguments(found):
        if argument.type not in icu.PLURALS or argument.name not in numbered - plain or argument.offset:
            continue
        exact = {selector[1:] for selector, _ in argument.branches if selector.startswith("=")}
        for selector, branch in argument.branches:
            if selector.startswith("=") or _shows(branch, argument.name):
                continue
            ordinal = argument.type == "selectordinal"
            numbers = [n for n in numbers_of(selector, locale, ordinal=ordinal) if str(n) not in exact]
            if len(numbers) > 1 and numbers != [0, 1]:
                yield (
                    f"expected the number (#) in {selector} {{…}} of {{{argument.name}}}, which stands for "
                    f"{numbers[0]}, {numbers[1]}, … in {locale}; found none"
                )


def _shows(branch: Message, name: str) -> bool:
    for node in branch:
        if isinstance(node, Pound):
            return True
        if isinstance(node, Argument):
            if node.branches:
                if any(_shows(inner, name) for _, inner in node.branches):
                    return True
            elif node.name == name:
                return True
    return False


def same_keys(case: Case) -> Iterator[str]:
    """Yield keys of a select that are not those of the source."""
    if not _applies(case):
        return
    for form, source_text, text in case.pairs:
        source, found = message(case, source_text), message(case, text)
        if source is None or found is None:
            continue
        expected, given = _keys(source), _keys(found)
        for name in expected.keys() & given.keys():
            if expected[name] != given[name]:
                yield (
                    f"{named(form)}expected the keys {', '.join(sorted(expected[name]))} of {{{name}, select, …}}, "
                    f"found {', '.join(sorted(given[name]))}: keys are never translated"
                )


def _keys(parsed: Message) -> dict[str, set[str]]:
    keys: dict[str, set[str]] = {}
    for argument in icu.arguments(parsed):
        if argument.type == "select":
            keys.setdefault(argument.name, set()).update(selector for selector, _ in argument.branches)
    return keys


def missing_branches(case: Case, text: str) -> Iterator[str]:
    """Yield the plural branches that the locale needs and a message has not."""
    if not _applies(case) or (found := message(case, text)) is None:
        return
    for argument in icu.arguments(found):
        if argument.type not in icu.PLURALS:
            continue
        ordinal = argument.type == "selectordinal"
        required = ordinal_forms(case.locale) if ordinal else required_forms(case.locale)
        selectors = [selector for selector, _ in argument.branches]
        if not set(selectors) & set(icu.CATEGORIES) - {"other"} and not _counted(case, argument.name):
            continue
        exact = {selector[1:] for selector in selectors if selector.startswith("=")}
        missing = [
            form
            for form in required
            if form not in selectors
            and not {str(n) for n in numbers_of(form, case.locale, ordinal=ordinal)} <= exact
        ]
        if missing:
            yield (
                f"expected the branches {', '.join(required)} of {{{argument.name}, {argument.type}, …}} in "
                f"{case.locale}, found {', '.join(selectors)}; add {', '.join(missing)}"
            )


def _counted(case: Case, name: str) -> bool:
    """Whether the source tells forms apart by category, not only exact numbers from the rest."""
    source = message(case, case.subject.source)
    return source is not None and any(
        argument.name == name
        and {selector for selector, _ in argument.branches} & {"one", "two", "few", "many"}
        for argument in icu.arguments(source)
    )
