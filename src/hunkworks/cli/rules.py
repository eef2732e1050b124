"""`hunkworks rules`: which rules there are, what one says, and whether rule files live up to their examples."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hunkworks import paths
from hunkworks.cli.output import json_option, write_json
from hunkworks.errors import UsageError

if TYPE_CHECKING:
    from hunkworks.rules.examples import Failure
    from hunkworks.rules.model import Rule


@click.group()
def rules() -> None:
    """List the built-in rules and test rule files.

    A rule is one file: what it looks for, why, and the examples that prove it. How to add one:
    docs/how-to/add-a-rule.md.

    \b
    Example: hunkworks rules list --language swift
    """


@rules.command("list")
@click.option("--language", metavar="NAME", help="Only the rules that run on this language.")
@json_option
def list_rules(language: str | None, as_json: bool) -> None:
    """List the built-in rules.

    \b
    Example: hunkworks rules list --language kotlin
    """
    from hunkworks.rules.load import load

    wanted = None if language is None else {_language(language)}
    found = load([paths.pack("recipes")], languages=wanted).rules
    if wanted is not None:
        found = tuple(rule for rule in found if not rule.languages or rule.languages & wanted)
    if as_json:
        write_json({"rules": [_document(rule) for rule in found]})
    else:
        _print_table(found)
        click.echo(f"{len(found)} rules; one of them: hunkworks rules show ID", err=True)


@rules.command()
@click.argument("rule_id", metavar="ID")
@json_option
def show(rule_id: str, as_json: bool) -> None:
    """Show what one built-in rule looks for, why, and its examples.

    \b
    Example: hunkworks rules show merge-conflict-marker
    """
    from hunkworks.rules.load import load
    from hunkworks.rules.schema import nearest

    found = {rule.id: rule for rule in load([paths.pack("recipes")]).rules}
    if rule_id not in found:
        raise UsageError(f"there is no rule {rule_id!r}", fix=nearest(rule_id, found, "hunkworks rules list"))
    rule = found[rule_id]
    if as_json:
        write_json({"rule": {**_document(rule), "examples": _examples(rule)}})
        return
    facts = {
        rule.id: rule.title,
        "says": " ".join(filter(None, (rule.message, rule.note))),
        "why": rule.why,
        "scenario": rule.scenario,
        "finding": f"{rule.severity}, class {rule.klass}, confidence {rule.confidence}",
        "looks at": f"{_languages(rule)}; {', '.join(sorted(rule.roles))}",
        "file": str(rule.path),
    }
    width = max(map(len, facts))
    for name, fact in facts.items():
        click.echo(f"{name:<{width}}  {fact}")
    for heading, examples in (("matches", rule.matching), ("does not match", rule.not_matching)):
        for example in examples:
            click.echo(
                f"\n{heading}{f' ({example.path})' if example.path else ''}:\n{_indented(example.text)}"
            )


@rules.command()
@click.argument("files", metavar="[PATHS]...", nargs=-1, type=click.Path(path_type=Path, exists=True))
@json_option
def test(files: tuple[Path, ...], as_json: bool) -> int:
    """Run every example of rule files or folders of them; exit 1 if one does not come out as it says.

    Each example is run in every language of its rule, with LF and with CRLF line ends. Without PATHS the
    built-in rules are tested.

    \b
    Example: hunkworks rules test .hunkworks/recipes
    """
    from hunkworks.rules.examples import prove
    from hunkworks.rules.load import load_file

    found = [load_file(path) for path in _files(files or (paths.pack("recipes"),))]
    if not found:
        raise UsageError("there are no rule files", expected="LANGUAGE/RULE-ID.yml below the paths")
    failures = [failure for rule in found for failure in prove(rule)]
    examples = sum(len(rule.matching) + len(rule.not_matching) for rule in found)
    if as_json:
        write_json({"rules": len(found), "examples": examples, "failures": list(map(_failure, failures))})
    else:
        for failure in failures:
            click.echo(
                f"{failure.rule}: expected {failure.expected}, found {failure.found} ({failure.variant})"
            )
            click.echo(_indented(failure.example))
        click.echo(f"{len(found)} rules, {examples} examples, {len(failures)} failures")
    return 1 if failures else 0


def _files(given: Sequence[Path]) -> Iterator[Path]:
    for path in given:
        if path.is_dir():
            yield from sorted(path.rglob("*.yml"))
        else:
            yield path


def _language(name: str) -> str:
    from hunkworks.rules.languages import LANGUAGES
    from hunkworks.rules.schema import nearest

    by_lower = {language.lower(): language for language in LANGUAGES}
    if name.lower() not in by_lower:
        raise UsageError(f"{name!r} is no language that rules know", fix=nearest(name.lower(), by_lower))
    return by_lower[name.lower()]


def _document(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "title": rule.title,
        "languages": sorted(rule.languages),
        "roles": sorted(rule.roles),
        "class": rule.klass,
        "severity": rule.severity,
        "confidence": rule.confidence,
        "message": rule.message,
        "note": rule.note,
        "why": rule.why,
        "scenario": rule.scenario,
        "file": str(rule.path),
    }


def _examples(rule: Rule) -> dict[str, list[dict[str, str]]]:
    return {
        name: [{"path": example.path, "text": example.text} for example in examples]
        for name, examples in (("match", rule.matching), ("no-match", rule.not_matching))
    }


def _failure(failure: Failure) -> dict[str, str]:
    return {
        "rule": failure.rule,
        "expected": failure.expected,
        "found": failure.found,
        "variant": failure.variant,
        "example": failure.example,
    }


def _languages(rule: Rule) -> str:
    return ", ".join(sorted(rule.languages)) or "any"


def _indented(text: str) -> str:
    """Return an example for people: indented, with what a terminal would obey or hide written as escapes."""
    plain = "".join(c if c.isprintable() or c in "\n\t" else ascii(c)[1:-1] for c in text)
    return "".join(f"    {line}\n" for line in plain.split("\n") if line).rstrip("\n")


def _print_table(found: Sequence[Rule]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("rule", "severity", "class"):
        table.add_column(heading, no_wrap=True)
    for heading in ("language", "looks at", "what"):
        table.add_column(heading)
    for rule in found:
        cells = (
            rule.id,
            rule.severity,
            rule.klass,
            _languages(rule),
            ", ".join(sorted(rule.roles)),
            rule.title,
        )
        table.add_row(*(Text(cell) for cell in cells))
    # A pipe has no width: whoever reads it wants whole lines.
    Console(width=None if sys.stdout.isatty() else 200, highlight=False).print(table)
