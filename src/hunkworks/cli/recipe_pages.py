"""One recipe as a page, all of them as a table."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from hunkworks.rules.recipe import Safety

if TYPE_CHECKING:
    from hunkworks.rules.model import Rule
    from hunkworks.rules.recipe import Guard
    from hunkworks.rules.sources import Sourced


def row(one: Sourced) -> dict[str, Any]:
    """Return what a recipe is, as a program reads it."""
    rule, recipe = one.rule, one.rule.recipe
    return {
        "id": rule.id,
        "title": rule.title,
        "safety": recipe.safety,
        "languages": sorted(rule.languages),
        "source": one.source,
        "roles": sorted(rule.roles),
        "class": rule.klass,
        "severity": rule.severity if rule.klass else "",
        "confidence": rule.confidence,
        "message": rule.message,
        "note": rule.note,
        "why": rule.why,
        "scenario": rule.scenario,
        "brief": recipe.brief,
        "parameters": [
            {
                "name": item.name,
                "type": item.type,
                "default": item.default,
                "choices": list(item.choices),
                "ask": item.ask,
                "description": item.description,
            }
            for item in recipe.parameters
        ],
        "verify": list(recipe.verify),
        "tried": recipe.tried,
        "file": str(rule.path),
    }


def examples_of(rule: Rule) -> dict[str, list[dict[str, str]]]:
    """Return the examples of a recipe by what they show."""
    plain = (("match", rule.matching), ("no-match", rule.not_matching))
    found = {
        name: [{"path": example.path, "text": example.text} for example in examples]
        for name, examples in plain
    }
    found["rewrite"] = [
        {"path": case.path, "before": case.before, "after": case.after} for case in rule.recipe.rewrites
    ]
    found["refused"] = [{"path": case.path, "text": case.before} for case in rule.recipe.refused]
    return found


def documentation(one: Sourced) -> Iterator[str]:
    """Yield the lines of a recipe's page."""
    rule = one.rule
    facts = [(key, value) for key, value in _facts(one) if value]
    width = max(len(key) for key, _ in facts)
    for name, fact in facts:
        yield f"{name:<{width}}  {fact}"
    for parameter in rule.recipe.parameters:
        default = "named for each match" if parameter.ask else parameter.default
        choices = f", one of {', '.join(parameter.choices)}" if parameter.choices else ""
        yield f"{'--set':<{width}}  {parameter.name}={default or '…'}: {parameter.description}{choices}"
    for case in rule.recipe.rewrites:
        yield f"\nbecomes{_where(case.path)}:\n{indented(case.before)}\n    ↓\n{indented(case.after)}"
    for heading, examples in (("matches", rule.matching), ("does not match", rule.not_matching)):
        for example in examples:
            yield f"\n{heading}{_where(example.path)}:\n{indented(example.text)}"
    for case in rule.recipe.refused:
        yield f"\nis not rewritten by code{_where(case.path)}:\n{indented(case.before)}"
    if rule.recipe.safety is not Safety.DETECT and rule.path.is_file():
        yield f"\nthe file:\n{indented(rule.path.read_text(encoding='utf-8'))}"


def indented(text: str) -> str:
    """Return an example for people: indented, with what a terminal would obey or hide written as escapes."""
    plain = "".join(c if c.isprintable() or c in "\n\t" else ascii(c)[1:-1] for c in text)
    return "".join(f"    {line}\n" for line in plain.split("\n") if line).rstrip("\n")


def print_table(found: Sequence[Sourced]) -> None:
    """Print recipes as a table."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("recipe", "safety", "language"):
        table.add_column(heading, no_wrap=True)
    for heading in ("title", "source"):
        table.add_column(heading)
    for one in found:
        cells = (one.rule.id, one.rule.recipe.safety, _languages(one.rule), one.rule.title, one.source)
        table.add_row(*(Text(cell) for cell in cells))
    # A pipe has no width: whoever reads it wants whole lines.
    Console(width=None if sys.stdout.isatty() else 200, highlight=False).print(table)


def _facts(one: Sourced) -> Iterator[tuple[str, str]]:
    rule, recipe = one.rule, one.rule.recipe
    yield rule.id, rule.title
    yield "says", " ".join(filter(None, (rule.message, rule.note)))
    yield "why", rule.why
    yield "scenario", rule.scenario
    if rule.klass:
        yield "finding", f"{rule.severity}, class {rule.klass}, confidence {rule.confidence}"
    yield "safety", "" if recipe.safety is Safety.DETECT else _DECIDES[recipe.safety]
    for guard in recipe.guards:
        yield f"{'judged' if guard.judge else 'refused'} where {_condition(guard)}", guard.why
    yield "brief", recipe.brief
    yield "imports", "; ".join([*recipe.imports_add, *(f"without {item}" for item in recipe.imports_drop)])
    yield "verified by", shlex.join(recipe.verify)
    yield "looks at", f"{_languages(rule)}; {', '.join(sorted(rule.roles))}"
    yield "tried", recipe.tried
    yield "from", one.source
    yield "file", str(rule.path)


_DECIDES = {
    Safety.MECHANICAL: "mechanical: code decides",
    Safety.JUDGMENT: "judgment: every match is left to somebody who judges",
}


def _condition(guard: Guard) -> str:
    if guard.rule is not None:
        return "the code does"
    if guard.project_file:
        return f"{guard.project_file} does"
    return "the file does"


def _languages(rule: Rule) -> str:
    return ", ".join(sorted(rule.languages)) or "any"


def _where(path: str) -> str:
    return f" ({path})" if path else ""
