"""What ``hunkworks translate`` prints: tables for people, documents for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import msgspec

from hunkworks.cli.output import printable
from hunkworks.localize.apply import Applied
from hunkworks.localize.check import Flaw
from hunkworks.localize.families import Found
from hunkworks.localize.plan import Plan

_MOST_SHOWN = 20


def families_document(found: Found) -> dict[str, Any]:
    """Return what was discovered, for programs."""
    return {
        "families": [
            {
                "name": family.name,
                "format": family.format,
                "source": family.source,
                "source_locale": family.source_locale,
                "targets": dict(family.targets),
                "why": family.why,
            }
            for family in found.families
        ],
        "left_out": [{"path": item.path, "why": item.why} for item in found.left_out],
    }


def families(found: Found) -> str:
    """Return what was discovered, for people."""
    lines = []
    for family in found.families:
        locales = "in the file" if family.shared else ", ".join(family.targets) or "none"
        lines.append(f"{family.source or family.name}\n    {family.format}; {family.why}; locales: {locales}")
    lines += _listed("in no family", [f"{item.path}: {item.why}" for item in found.left_out])
    return printable("\n".join(lines or ["No catalogs were found."]), "\n") + "\n"


def plan_document(made: Plan) -> dict[str, Any]:
    """Return the plan, for programs: what identifies, explains and limits each unit, and the counts."""
    document = msgspec.to_builtins(made)
    document["units"] = [
        {name: value for name, value in unit.items() if name != "standing"} for unit in document["units"]
    ]
    return document  # type: ignore[no-any-return]


def plan(made: Plan) -> str:
    """Return the plan, for people and agents: counts and batches, no text of a catalog."""
    counts = made.counts
    happened = {
        "added": counts.added,
        "edited": counts.edited,
        "renamed": counts.renamed,
        "removed": counts.removed,
        "comment only": counts.comment,
    }
    told = ", ".join(f"{number} {word}" for word, number in happened.items() if number)
    lines = [f"Source strings in {made.words}: {told or 'none changed'}."]
    if counts.units:
        lines.append(
            f"{_number(counts.units, 'translation')} in {_number(counts.locales, 'locale')}: "
            f"{counts.to_translate} to translate, {counts.from_memory} from memory, {counts.moved} moved to a new key. "
            f"There already: {counts.present}."
        )
    else:
        lines.append(f"Nothing to translate. There already: {counts.present}.")
    if made.batches:
        price = "" if counts.usd is None else f", {counts.usd:.4f} USD through the API"
        lines.append(f"About {counts.tokens_in:,} tokens to read and {counts.tokens_out:,} to write{price}.")
    lines += [
        f"Batch {batch.id}: {_number(len(batch.units), 'unit')}, {', '.join(batch.locales)}"
        for batch in made.batches
    ]
    if made.new_files:
        lines.append(f"New files: {', '.join(made.new_files)}.")
    if made.removed:
        lines.append(
            f"{_number(len(made.removed), 'translation')} without a source; `apply --prune` removes them."
        )
    found = [f"{item.path}:{item.line}: {item.place}" for item in made.candidates]
    lines += _listed("hard-coded strings added, which no catalog holds", found)
    refused = [f"{'/'.join((item.catalog, *item.key))}: {item.why}" for item in made.refused]
    lines += _listed("not translated", refused)
    return printable("\n".join(lines), "\n") + "\n"


def applied(made: Plan, done: Applied, *, aligned: bool = False) -> str:
    """Return what was written by locale, and what was rejected and why; ``aligned`` is for people's eyes."""
    units = {unit.id: unit for unit in made.units}
    given_up = set(done.given_up)
    rows: dict[str, Counter[str]] = {}
    for column, idents in (
        ("written", done.written),
        ("rejected", {item.id for item in done.rejected}),
        ("warnings", [item.id for item in done.warnings]),
        ("open", units.keys() - set(done.written) - {item.id for item in done.rejected} if done.open else ()),
    ):
        for ident in idents:
            if ident in units:
                unit = units[ident]
                rows.setdefault(unit.locale, Counter())[column] += 1
                if column == "written" and unit.origin:
                    rows[unit.locale][unit.origin] += 1
    names = ("written", "memory", "moved", "rejected", "warnings", "open")
    head = ("locale", "written", "from memory", *names[2:])
    body = [(locale, *(str(row[name]) for name in names)) for locale, row in sorted(rows.items())]
    lines = _table(head, body, aligned=aligned)
    if not rows:
        lines = [] if done.files else ["Nothing to write."]
    lines.append(f"Files changed: {', '.join(done.files) or 'none'}.")
    if unknown := [path for path in done.files if path in made.new_files and ".lproj/" in path]:
        lines.append(f"New, and not in the Xcode project until you add it there: {', '.join(unknown)}.")
    if done.pruned:
        lines.append(f"Pruned: {_number(done.pruned, 'translation')}.")
    for title, some in (("Rejected", done.rejected), ("Warning", done.warnings)):
        for item in some[:_MOST_SHOWN]:
            ended = (
                f" (given up after {made.attempts} answers)"
                if title == "Rejected" and item.id in given_up
                else ""
            )
            where = f" {'/'.join(units[item.id].key)} ({units[item.id].locale})" if item.id in units else ""
            lines.append(f"{title}: {item.id}{where}{ended}: {item.check}: {item.message}")
        if len(some) > _MOST_SHOWN:
            lines.append(f"{title}: {len(some) - _MOST_SHOWN} more; --json lists all.")
    return printable("\n".join(lines), "\n") + "\n"


def _table(head: Sequence[str], body: Sequence[Sequence[str]], *, aligned: bool) -> list[str]:
    """Return a Markdown table; aligned, its columns have one width."""
    widths = [max(map(len, column)) if aligned else 0 for column in zip(head, *body, strict=True)]
    lines = [
        f"| {' | '.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))} |"
        for row in (head, *body)
    ]
    rule = "|".join("-" * max(width + 2, 3) for width in widths)
    return [lines[0], f"|{rule}|", *lines[1:]]


def flaws(found: Sequence[Flaw], checked: int) -> str:
    """Return what is wrong with catalogs, blocking first."""
    ordered = sorted(found, key=lambda flaw: (flaw.severity != "blocking", flaw.path, flaw.line))
    lines = [
        f"{flaw.path}:{flaw.line}: {flaw.severity}: {'/'.join(flaw.key)} {flaw.check}: {flaw.message}"
        for flaw in ordered
    ]
    blocking = sum(flaw.severity == "blocking" for flaw in found)
    lines.append(
        f"{_number(checked, 'translation')} checked: {blocking} blocking, {_number(len(found) - blocking, 'warning')}."
    )
    return printable("\n".join(lines), "\n") + "\n"


def _listed(title: str, items: Sequence[str]) -> list[str]:
    if not items:
        return []
    more = [f"    and {len(items) - _MOST_SHOWN} more; --json lists all"] if len(items) > _MOST_SHOWN else []
    return [f"{len(items)} {title}:", *(f"    {item}" for item in items[:_MOST_SHOWN]), *more]


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
