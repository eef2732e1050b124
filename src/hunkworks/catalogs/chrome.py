"""Chrome's ``_locales/xx/messages.json``: per name an object of message, description and placeholders.

Also Signal's variant of it, of which the text is an ICU message called ``messageformat``. Reference:
developer.chrome.com/docs/extensions/reference/api/i18n.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import cast

from hunkworks.catalogs.conventions import of_path
from hunkworks.catalogs.jsonedit import Editor, Plain
from hunkworks.catalogs.jsontext import Object, String, scan
from hunkworks.catalogs.ordering import Places, caseless, codepoint
from hunkworks.catalogs.protocol import (
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

_FIELDS = {"message": Syntax.CHROME, "messageformat": Syntax.ICU}


def parse(path: str, data: bytes) -> Catalog:
    """Read a messages.json: one unit per name that has a message.

    ``attributes`` holds the name of the text's field, and the placeholders as JSON, which a new entry repeats.

    Raises:
        InputError: It is not JSON, or its texts are not objects.
    """
    source = Source.decode(data)
    root = scan(source)
    if not isinstance(root, Object):
        raise refusal(source, root.start, "messages.json is an object of messages", found="an array")
    units: list[Unit] = []
    seen: dict[str, int] = {}
    for name, start, node in root.members:
        if not isinstance(node, Object):
            raise refusal(source, start, f"{name!r} is no message", expected='{"message": "…"}')
        field = next((known for known in _FIELDS if isinstance(node.get(known), String)), "")
        if not field:
            continue  # e.g. the settings of a translation service
        text = cast("String", node.get(field))
        attributes = {"field": field}
        if placeholders := node.get("placeholders"):
            attributes["placeholders"] = source.text[placeholders.start : placeholders.end]
        units.append(
            Unit(
                (name,),
                (Value(text.text, Span(text.start + 1, text.end - 1)),),
                Span(start, node.end),
                _FIELDS[field],
                comment=node.string("description"),
                nth=seen.get(name, 0),
                attributes=attributes,
            )
        )
        seen[name] = seen.get(name, 0) + 1
    return Catalog(path, "chrome", source, tuple(units), locale=of_path(path), detail=root)


def window(catalog: Catalog, start: int, end: int) -> Window | None:
    """Return the messages around some characters."""
    from hunkworks.catalogs import windows  # reading, which hooks do, needs none of it

    return windows.in_object(
        catalog.source, cast("Object", catalog.detail), start, end, lambda _member: False
    )


def plan(catalog: Catalog, edits: Sequence[CatalogEdit]) -> list[Replacement]:
    """Say which characters become which; a new entry has a description where the file's entries have one."""
    editor = Editor(catalog.source)
    root = cast("Object", catalog.detail)
    indexes = {member.start: index for index, member in enumerate(root.members)}
    fresh: dict[str, tuple[Plain, Unit | None]] = {}
    for edit in edits:
        match edit:
            case Set(unit, str(text)):
                span = unit.values[0].span or unit.entry
                editor.replace(String(span.start - 1, span.end + 1, unit.text), text)
            case Remove(unit):
                editor.remove((root, indexes[unit.entry.start]))
            case Add((name,), str()):
                if root.position(name) >= 0 or name in fresh:
                    raise InputError(f"{name!r} is there already")
                fresh[name] = (_entry(catalog, edit), edit.after)
            case SetState():
                raise InputError("messages.json has no states")
            case _:
                raise InputError("a message has one name and one text: no plural forms")
    free = [name for name, (_, after) in fresh.items() if after is None]
    for name, (value, after) in fresh.items():
        if after:
            editor.add(root, name, value, indexes[after.entry.start])
    if free:
        places = Places([member.name for member in root.members], (codepoint, caseless))
        for name in places.arranged(free):
            editor.add(root, name, fresh[name][0], places.after(name))
    return editor.replacements()


def _entry(catalog: Catalog, edit: Add) -> Mapping[str, Plain]:
    like = edit.like.attributes if edit.like else {}
    field = next((unit.attributes["field"] for unit in catalog.units), like.get("field", "message"))
    described = sum(1 for unit in catalog.units if unit.comment)
    entry: dict[str, Plain] = {field: cast("str", edit.text)}
    if edit.comment and 2 * described >= len(catalog.units):
        about: dict[str, Plain] = {"description": edit.comment}
        entry = about | entry if _described_first(catalog) else entry | about
    if "placeholders" in like:
        # Chrome wants the placeholders of a message declared in every locale.
        entry["placeholders"] = json.loads(like["placeholders"])
    return entry


def _described_first(catalog: Catalog) -> bool:
    """Whether the file writes the description in front of the message."""
    for member in cast("Object", catalog.detail).members:
        names = [inner.name for inner in member.node.members] if isinstance(member.node, Object) else []
        if "description" in names:
            return names[0] == "description"
    return False
