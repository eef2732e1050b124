"""What ``hunkworks scaffold`` prints, for people and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from hunkworks.change.inventory import Symbol
from hunkworks.change.model import Change
from hunkworks.change.symbol_changes import SymbolChange, SymbolReport, What
from hunkworks.cli.output import printable
from hunkworks.scaffold.check import Found, Tried
from hunkworks.scaffold.documents import Findings
from hunkworks.scaffold.plan import Function, Plan

_LONGEST = 160


def symbols_document(change: Change, found: SymbolReport) -> dict[str, Any]:
    """Return the symbols of a change as JSON."""
    return {
        "change": {"id": change.id, "base": change.base, "head": change.head},
        "symbols": [_row(each) for each in found.changes],
        "unread": [{"path": path, "why": why} for path, why in found.unread],
    }


def _row(each: SymbolChange) -> dict[str, Any]:
    return {
        "what": each.what,
        "path": each.path,
        "old_path": each.old_path,
        "role": each.role,
        "altered": each.altered,
        "before": _symbol(each.before),
        "after": _symbol(each.after),
    }


def _symbol(symbol: Symbol | None) -> dict[str, Any] | None:
    if symbol is None:
        return None
    names = ("name", "qualified", "kind", "parameters", "signature", "line", "end_line", "private", "certain")
    return {name: getattr(symbol, name) for name in names}


def symbols(found: SymbolReport, words: str) -> str:
    """Return the symbols of a change as a table."""
    lines = [f"{_title(words)}: {_many(len(found.changes), 'symbol')} changed."]
    for each in found.changes:
        symbol = each.symbol
        label = f"{symbol.qualified}{symbol.parameters if each.path.endswith('.swift') else ''}"
        lines.append(f"{each.what:<9} {symbol.kind:<11} {each.path}:{symbol.line} {label}{_from(each)}")
    lines += [f"not read  {path}: {why}" for path, why in found.unread]
    return _shown(lines)


def _from(each: SymbolChange) -> str:
    if each.before is None or each.after is None:
        return ""
    if each.what in (What.RENAMED, What.MOVED):
        place = f" of {each.old_path}" if each.old_path != each.path else ""
        return f", was {each.before.qualified}{place}{', changed' if each.altered else ''}"
    if each.what is What.RESIGNED:
        return f"\n            {each.before.signature}\n            {each.after.signature}"
    return ""


def plan_document(plan: Plan, written: list[str]) -> dict[str, Any]:
    """Return a plan as JSON, without the files' contents."""
    rows = {
        name: msgspec.to_builtins(getattr(plan, name)) for name in ("stubs", "waiting", "named", "refused")
    }
    counts = {name: len(entries) for name, entries in rows.items()}
    return {
        "change": plan.change,
        **rows,
        "unread": [{"path": path, "why": why} for path, why in plan.unread],
        "counts": {"functions": sum(counts.values()), **counts},
        "files": list(plan.files),
        "written": written,
        "diff": plan.diff(),
    }


def plan(plan: Plan, words: str, *, written: bool, check: str) -> str:
    """Return a plan, or what was written of it, for people; ``check`` is the command that proves it."""
    functions = len(plan.stubs) + len(plan.waiting) + len(plan.named) + len(plan.refused)
    if not functions:
        return _shown([f"{_title(words)}: no function added or altered."])
    sums = f"{len(plan.stubs)} to stub, {len(plan.waiting)} waiting, {len(plan.named)} named"
    touched = _many(functions, "function")
    lines = [f"{_title(words)}: {touched} added or altered; {sums}, {len(plan.refused)} refused."]
    for stub in plan.stubs:
        new = " (new file)" if stub.new_file else ""
        place = f"{_place(stub.function)} -> {stub.test}{new}: {stub.name} ({stub.framework})"
        lines.append(f"stub      {place}; {stub.why}")
    lines += [f"waiting   {_place(each.function)} -> {each.test}" for each in plan.waiting]
    lines += [f"named     {_place(each.function)} in {_some(each.tests)}" for each in plan.named]
    lines += [f"refused   {_place(each.function)}: {each.why}" for each in plan.refused]
    lines += [f"not read  {path}: {why}" for path, why in plan.unread]
    if plan.stubs and written:
        lines.append(f"Written: {', '.join(plan.files)}. Fill the stubs, then: {check}")
    return _shown(lines) + ("" if written else plan.diff())


def proof(found: Found) -> str:
    """Return what a check of tests found, for people."""
    counts = ", ".join(f"{count} {status.replace('_', ' ')}" for status, count in found.counts.items())
    lines = [f"{_many(len(found.functions), 'function')} to test: {counts}."]
    for each in found.functions:
        why = f": {each.why}" if each.why else ""
        lines.append(f"{each.status:<9} {_place(each.function)}{why}")
        lines += [
            f"          {tried.status:<8} {tried.test}{f': {tried.why}' if tried.why else ''}"
            for tried in _worst_first(each.tests)
        ]
    lines += [f"left out  {_place(each.function)}: {each.why}" for each in found.left_out]
    lines += [f"ran       {command}" for command in found.commands]
    if reached := next((each for each in found.functions if each.status == "untested"), None):
        anchor = f"test-of: {reached.function.path}#{reached.function.symbol}"
        lines.append(
            f"A test that reaches a function through another one says so in a comment inside of it: {anchor}"
        )
    if found.untried:
        lines.append(f"not run on the old code: {found.untried}")
    return _shown(lines)


def _worst_first(tests: Sequence[Tried]) -> list[Tried]:
    order = ("failed", "not run", "skipped", "named", "passed")
    return sorted(tests, key=lambda tried: order.index(tried.status))


def _some(tests: Sequence[str]) -> str:
    more = f" and {len(tests) - 3} more" if len(tests) > 3 else ""
    return f"{', '.join(tests[:3])}{more}"


def documents(found: Findings, words: str) -> str:
    """Return the documents that a change made untrue, for people."""
    read = f"{found.documents} documents read, {found.past} left out that tell the past"
    sums = f"{_title(words)}: {_many(len(found.failures), 'line')} untrue, {len(found.hints)} to be looked at"
    lines = [f"{sums} ({read})."]
    for title, entries in (("untrue", found.failures), ("look at", found.hints)):
        for each in entries:
            # The signature of a constructor may fill a screen.
            new = each.now if len(each.now) <= _LONGEST else f"{each.now[:_LONGEST]}…"
            now = f", {'use' if each.what == 'deprecated' else 'now'} {new}" if new else ""
            lines.append(
                f"{title:<8} {each.path}:{each.line} {each.symbol} {each.what}{now} ({each.source}; {each.why})"
            )
    if found.ordinary:
        names = ", ".join(f"{name} ({_many(count, 'line')})" for name, count in found.ordinary.items())
        lines.append(f"not looked up, too ordinary: {names}")
    lines += [f"not read {path}: {why}" for path, why in found.unread]
    return _shown(lines)


def _title(words: str) -> str:
    """Return which change it is as the beginning of a sentence."""
    return words[:1].upper() + words[1:]


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _place(function: Function) -> str:
    return f"{function.path}:{function.line} {function.symbol}"


def _shown(lines: list[str]) -> str:
    return printable("".join(f"{line}\n" for line in lines), "\n")
