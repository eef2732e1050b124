"""Residue follows what else is written: another recipe, or answers to another batch, may move its matches."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import msgspec

from hunkworks.refactor.finding import Found, find
from hunkworks.refactor.residue import Batch, Packet, Store, lines_of
from hunkworks.refactor.source import Source
from hunkworks.rules import tree
from hunkworks.rules.languages import language_of
from hunkworks.rules.model import Rule


def follow(store: Store, rules: Mapping[str, Rule], written: Mapping[str, bytes], *, but: str) -> None:
    """Have every batch of a session but that of the recipe ``but`` take what was written for known."""
    for batch, files in store.every():
        if batch.recipe == but or batch.recipe not in rules:
            continue
        for path, data in written.items():
            batch.worktree[path] = hashlib.sha256(data).hexdigest()
            if path in files:
                _relocate(rules[batch.recipe], batch, path, (files[path], data))
                files[path] = data
        store.keep(batch, files)


def _relocate(rule: Rule, batch: Batch, path: str, contents: tuple[bytes, bytes]) -> None:
    language = language_of(path) or rule.language
    before, after = (Source(path, data, language) for data in contents)
    old, new = (find(tree.parse(source.text, language), rule, batch.values) for source in (before, after))
    made: list[Packet] = []
    for packet in batch.packets:
        if packet.path != path or batch.states[packet.id] != "open":
            made.append(packet)
            continue
        found = _same(packet, (before, old), (after, new))
        if found is None:
            batch.states[packet.id] = "gone"
            made.append(packet)
            continue
        shift = found.line - packet.line
        allowed = packet.allowed[0] + shift, packet.allowed[1] + shift
        made.append(
            msgspec.structs.replace(
                packet,
                line=found.line,
                end_line=found.end_line,
                allowed=allowed,
                text=lines_of(after, allowed),
            )
        )
    batch.packets = tuple(made)


def _same(
    packet: Packet, before: tuple[Source, list[Found]], after: tuple[Source, list[Found]]
) -> Found | None:
    """Return the match of ``packet`` where it stands now: as many read like it as before, and it keeps its turn."""
    alike, now = (
        [one for one in found if source.text[one.start : one.end] == packet.match]
        for source, found in (before, after)
    )
    turn = next((n for n, one in enumerate(alike) if one.line == packet.line), None)
    return now[turn] if turn is not None and len(alike) == len(now) else None
