"""Flutter's ARB: flat JSON of ICU messages, each with its metadata in a member ``@name`` beside it.

Reference: github.com/google/app-resource-bundle.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from typing import cast

from hunkworks.catalogs.conventions import as_bcp47, of_path
from hunkworks.catalogs.jsonedit import Editor, Plain
from hunkworks.catalogs.jsontext import Object, Opaque, String, scan
from hunkworks.catalogs.ordering import Places, caseless, codepoint
from hunkworks.catalogs.protocol import (
    NO_ATTRIBUTES,
    Add,
    Catalog,
    CatalogEdit,
    Remove,
    Replacement,
    Set,
    SetState,
    Source,
    Span,
    Syntax,
    Unit,
    Value,
    Window,
    refusal,
)
from hunkworks.errors import InputError


def parse(path: str, data: bytes) -> Catalog:
    """Read an ARB file: one unit per message; ``@name``'s description is its comment.

    ``attributes["metadata"]`` is the whole of ``@name`` as JSON, which a new entry repeats where the file has it.

    Raises:
        InputError: It is not JSON, or a message is not a string.
    """
    source = Source.decode(data)
    root = scan(source, opaque="@")
    if not isinstance(root, Object):
        raise refusal(source, root.start, "an ARB file is an object of messages", found="an array")
    metadata = {member.name[1:]: member.node for member in root.members if member.name.startswith("@")}
    units: list[Unit] = []
    seen: dict[str, int] = {}
    for name, start, node in root.members:
        if name.startswith("@"):
            continue
        if not isinstance(node, String):
            raise refusal(source, start, f"{name!r} is no text", expected="an ICU message")
        comment, attributes = "", NO_ATTRIBUTES
        if (about := metadata.get(name)) is not None:
            said = about.value.get("description") if isinstance(about, Opaque) else ""
            comment = said if isinstance(said, str) else ""
            attributes = {"metadata": source.text[about.start : about.end]}
        nth = seen.get(name, 0)
        seen[name] = nth + 1
        value = Value(node.text, Span(node.start + 1, node.end - 1))
        units.append(
            Unit(
                (name,), (value,), Span(start, node.end), Syntax.ICU, comment, nth=nth, attributes=attributes
            )
        )
    locale = as_bcp47(root.string("@@locale")) or of_path(path)
    return Catalog(path, "arb", source, tuple(units), locale=locale, detail=root)


def window(catalog: Catalog, start: int, end: int) -> Window | None:
    """Return the messages around some characters."""
    from hunkworks.catalogs import windows  # reading, which hooks do, needs none of it

    return windows.in_object(
        catalog.source, cast("Object", catalog.detail), start, end, lambda _member: False
    )


def plan(catalog: Catalog, edits: Sequence[CatalogEdit]) -> list[Replacement]:
    """Say which characters become which; metadata goes and comes with its message."""
    return _Plan(catalog).replacements(edits)


class _Plan:
    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.root = cast("Object", catalog.detail)
        self.editor = Editor(catalog.source)
        self.added: dict[str, Add] = {}

    @cached_property
    def indexes(self) -> dict[int, int]:
        """The place of each member in the file, by its offset."""
        return {member.start: index for index, member in enumerate(self.root.members)}

    @cached_property
    def about(self) -> dict[str, int]:
        """The place of what is said about a message, by the message's name."""
        return {
            member.name[1:]: index for index, member in enumerate(self.root.members) if member.name[:1] == "@"
        }

    def replacements(self, edits: Sequence[CatalogEdit]) -> list[Replacement]:
        removed: Counter[str] = Counter()
        for edit in edits:
            match edit:
                case Set(unit, str(text)):
                    span = unit.values[0].span or unit.entry
                    self.editor.replace(String(span.start - 1, span.end + 1, unit.text), text)
                case Remove(unit):
                    self.editor.remove((self.root, self.indexes[unit.entry.start]))
                    removed[unit.key[0]] += 1
                case Add((name,), str()):
                    if self.root.position(name) >= 0 or name in self.added or name.startswith("@"):
                        raise InputError(f"{name!r} is there already, or no name for a message")
                    self.added[name] = edit
                case SetState():
                    raise InputError("ARB has no states")
                case _:
                    raise InputError("an ARB message has one name and one text; its plural forms stand in it")
        if removed:
            self._remove_metadata(removed)
        if self.added:
            self._insert()
        return self.editor.replacements()

    def _remove_metadata(self, removed: Counter[str]) -> None:
        """Remove what is said about messages of which none is left."""
        left = Counter(unit.key[0] for unit in self.catalog.units) - removed
        for name in removed:
            if not left[name] and name in self.about:
                self.editor.remove((self.root, self.about[name]))

    def _insert(self) -> None:
        names = [member.name for member in self.root.members if member.name[:1] != "@"]
        places = Places(names, (codepoint, caseless))
        last = [index for index, member in enumerate(self.root.members) if member.name[:1] != "@"]
        for name in places.arranged(list(self.added)):
            edit = self.added[name]
            if edit.after:
                place = self.indexes[edit.after.entry.start]
            else:
                found = places.after(name)
                place = last[found] if found >= 0 else (last[0] - 1 if last else len(self.root.members) - 1)
            # Behind what is said about the message there.
            beside = self.about.get(self.root.members[place].name) if place >= 0 else None
            place = place + 1 if beside == place + 1 else place
            self.editor.add(self.root, name, cast("str", edit.text), place)
            if metadata := self._metadata(edit):
                self.editor.add(self.root, f"@{name}", metadata, place)

    def _metadata(self, edit: Add) -> Plain:
        """Return what is said about a new message, where the file says it of most others."""
        told = sum(1 for unit in self.catalog.units if unit.attributes)
        if 2 * told <= len(self.catalog.units):
            return None
        like = edit.like.attributes.get("metadata") if edit.like else None
        metadata: dict[str, Plain] = {}
        if like and isinstance(found := json.loads(like), dict):
            metadata = found
        if edit.comment:
            metadata = {**metadata, "description": edit.comment}
        return metadata
