"""What ``hunkworks recipe`` says: the same buckets for programs and for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from hunkworks.cli.output import printable
from hunkworks.refactor.done import Done
from hunkworks.refactor.outcome import Bucket, Outcome
from hunkworks.refactor.planning import Plan
from hunkworks.refactor.proposing import Job

if TYPE_CHECKING:
    from hunkworks.refactor.residue import Packet

_MOST_LINES = 40
_TOLD = (Bucket.APPLIED, Bucket.RESIDUE, Bucket.REFUSED)


def counts(plan: Plan) -> dict[str, int]:
    """Return how many matches there are, and how many of them ended in which bucket."""
    every = {bucket.value: len(plan.of(bucket)) for bucket in Bucket}
    return {"matches": sum(every.values()), **every}


def run_document(done: Done) -> dict[str, Any]:
    """Return one run as a program reads it; the four buckets add up to ``counts.matches``."""
    plan = done.plan
    return {
        "recipe": plan.job.rule.id,
        "planned": not done.applied,
        "applied": [_place(one) for one in plan.of(Bucket.APPLIED)],
        "residue": [msgspec.to_builtins(packet) for packet in done.packets],
        "refused": [{**_place(one), "why": one.why} for one in plan.of(Bucket.REFUSED)],
        "outside": [_place(one) for one in plan.of(Bucket.OUTSIDE)],
        "counts": counts(plan),
        "files": list(done.written) if done.applied else sorted(plan.contents()),
        "looked_at": plan.looked_at,
        "skipped": [{"path": one.path, "why": one.why} for one in plan.skipped],
        "verified": [list(command) for command in done.verified],
        **({"failed": {"why": done.failed.why, "said": done.failed.said}} if done.failed else {}),
        **({"commit": done.commit} if done.commit else {}),
    }


def run(done: Done, *, whole: bool, terminal: bool = False) -> str:
    """Return one run as a person reads it; for a terminal the diff is coloured, and says nothing it would obey."""
    return "".join(f"{line}\n" for line in _run(done, whole=whole, terminal=terminal))


def diff(plan: Plan) -> str:
    """Return what ``plan`` would write as a unified diff."""
    import difflib

    before = {file.path: file.before for file in plan.files}
    pieces: list[bytes] = []
    for path, after in sorted(plan.contents().items()):
        old = before.get(path, b"")
        names = f"a/{path}".encode("utf-8", "replace"), f"b/{path}".encode("utf-8", "replace")
        lines = difflib.diff_bytes(difflib.unified_diff, _lines(old), _lines(after), *names, lineterm=b"\n")
        pieces += (
            line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n" for line in lines
        )
    return b"".join(pieces).decode("utf-8", "replace")


def standing(plans: Sequence[Plan]) -> list[tuple[str, Outcome]]:
    """Return the matches that recipes would rewrite or leave to a judge, by place."""
    found = [
        (plan.job.rule.id, one) for plan in plans for one in plan.of(Bucket.APPLIED) + plan.of(Bucket.RESIDUE)
    ]
    return sorted(found, key=lambda item: (item[1].path, item[1].line, item[0]))


def check_document(
    jobs: Sequence[Job], found: Sequence[tuple[str, Outcome]], plans: Sequence[Plan]
) -> dict[str, Any]:
    """Return a check as a program reads it."""
    return {
        "recipes": [job.rule.id for job in jobs],
        "matches": [{"recipe": ident, **_place(one), "bucket": one.bucket.value} for ident, one in found],
        "skipped": [{"path": one.path, "why": one.why} for plan in plans for one in plan.skipped],
    }


def check(jobs: Sequence[Job], found: Sequence[tuple[str, Outcome]], plans: Sequence[Plan]) -> str:
    """Return a check as a person reads it."""
    if not jobs:
        return "no recipe to look for: name some under [refactor] check in hunkworks.toml\n"
    titles = {job.rule.id: job.rule.message for job in jobs}
    lines = [f"{printable(one.path)}:{one.line}: {titles[ident]} ({ident})" for ident, one in found]
    lines += sorted(
        {f"not looked at: {printable(one.path)}: {one.why}" for plan in plans for one in plan.skipped}
    )
    if found:
        idents = " ".join(dict.fromkeys(ident for ident, _ in found))
        lines.append(f"{_number(len(found), 'match', 'matches')}; rewrite: hunkworks recipe run {idents}")
    else:
        lines.append(f"{_number(len(jobs), 'recipe')}, no match")
    return "".join(f"{line}\n" for line in lines)


def _run(done: Done, *, whole: bool, terminal: bool) -> Iterator[str]:
    plan = done.plan
    of = counts(plan)
    if not done.applied and (text := diff(plan)):
        lines = text.rstrip("\n").split("\n")
        yield from map(_coloured, lines) if terminal else lines
        yield ""
    verb = "applied" if done.applied else "would be applied"
    outside = "" if whole else f", {of['outside']} outside of the change"
    yield (
        f"{plan.job.rule.id}: {of['applied']} {verb}, {of['residue']} residue, {of['refused']} refused{outside}"
        f" ({_number(of['matches'], 'match', 'matches')}; {_number(plan.looked_at, 'file')} looked at)"
    )
    names = iter(done.packets)
    would = "" if done.applied else "would be "
    for bucket in _TOLD:
        found = plan.of(bucket)
        for one in found[:_MOST_LINES]:
            packet = next(names, None) if bucket is Bucket.RESIDUE else None
            ident = f" {packet.id}" if packet and done.applied else ""
            why = f"  {one.why}" if one.why else ""
            yield f"  {would}{bucket}{ident} {printable(one.path)}:{_span(packet or one)}{why}"
        if len(found) > _MOST_LINES:
            yield f"  … and {len(found) - _MOST_LINES} more {bucket}: --json lists all"
    for skipped in plan.skipped:
        yield f"  not looked at: {printable(skipped.path)}: {skipped.why}"
    yield from _end(done)


def _coloured(line: str) -> str:
    import click

    line = printable(line.rstrip("\r"), "\t")
    if line.startswith(("--- a/", "+++ b/")):
        return click.style(line, bold=True)
    colour = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1])
    return click.style(line, fg=colour) if colour else line


def _end(done: Done) -> Iterator[str]:
    if done.failed:
        yield f"everything is taken back: {done.failed.why}"
        yield from (f"    {line}" for line in done.failed.said.splitlines())
    if not done.applied:
        return
    for command in done.verified if done.written else ():
        yield f"verified: {' '.join(command)}"
    if done.commit:
        yield f"committed: {done.commit[:12]}"
    elif done.written:
        yield f"{_number(len(done.written), 'file')} written; take it back: hunkworks recipe undo"
    if done.packets:
        yield "what is left to judge: hunkworks recipe residue"


def _place(one: Outcome) -> dict[str, Any]:
    return {"path": one.path, "line": one.line, "end_line": one.end_line}


def _span(one: Outcome | Packet) -> str:
    return str(one.line) if one.line == one.end_line else f"{one.line}-{one.end_line}"


def _lines(data: bytes) -> list[bytes]:
    return [line + b"\n" for line in data.split(b"\n")[:-1]] + [data.split(b"\n")[-1]] * (
        not data.endswith(b"\n") and bool(data)
    )


def _number(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"
