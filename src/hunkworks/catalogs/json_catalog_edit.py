"""Edits of JSON catalogs, in each file's own way to spell plurals and arrays."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import TypeAlias, cast

from hunkworks.catalogs.json_catalog import NESTED, PIPED, SUFFIXED, Detail, piped_forms
from hunkworks.catalogs.jsonedit import Editor, Plain
from hunkworks.catalogs.jsontext import Array, Literal, Member, Node, Object
from hunkworks.catalogs.ordering import Places, caseless, codepoint
from hunkworks.catalogs.plurals import in_order, is_plural
from hunkworks.catalogs.protocol import (
    CATEGORIES,
    Add,
    Catalog,
    CatalogEdit,
    Remove,
    Replacement,
    Set,
    SetState,
    Syntax,
    Text,
    Unit,
)
from hunkworks.errors import InputError

Step: TypeAlias = "tuple[Object | Array, int]"
_PIPES = re.compile(r"\s*\|\s*")


class Plan:
    """Collects the edits of one catalog."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.detail = cast("Detail", catalog.detail)
        self.editor = Editor(catalog.source)
        self._new: dict[int, tuple[Object, dict[str, Plain], dict[str, int]]] = {}
        self._shrunk: dict[int, tuple[list[Step], Array, set[int]]] = {}
        self._arrays: list[Replacement] = []

    def replacements(self, edits: Sequence[CatalogEdit]) -> list[Replacement]:
        """Return what is to be replaced for ``edits``."""
        items: dict[tuple[str, ...], list[Add]] = {}
        for edit in edits:
            match edit:
                case Set():
                    self._set(edit.unit, edit.text)
                case Add(part=()):
                    self._add(edit)
                case Add():
                    items.setdefault(edit.key, []).append(edit)
                case Remove():
                    self._remove(edit.unit, whole=edit.whole)
                case SetState():
                    raise InputError("JSON catalogs have no states")
        for key, adds in items.items():
            self._add_items(key, adds)
        for steps, array, removed in self._shrunk.values():
            self._shrink(steps, array, removed)
        for node, members, after in self._new.values():
            self._insert(node, members, after)
        return [*self.editor.replacements(), *self._arrays]

    # set

    def _set(self, unit: Unit, text: Text) -> None:
        if isinstance(text, str) == unit.plural:
            expected = "a text per form" if unit.plural else "one text"
            raise InputError(f"{'/'.join(unit.key)} takes {expected} in this file", expected=expected)
        if isinstance(text, str):
            self._write(unit, text)
        elif unit.attributes["plural"] != PIPED["plural"]:
            self._set_forms(unit, text)
        elif dict(text) != unit.forms:
            found = _PIPES.search(self.catalog.raw(unit.values[0]))
            self._write(unit, self._piped(text, found.group() if found else " | "))

    def _write(self, unit: Unit, text: str) -> None:
        holder, index = self._steps(unit)[-1]
        node = holder.members[index].node if isinstance(holder, Object) else holder.items[index]
        self.editor.replace(node, text)

    def _set_forms(self, unit: Unit, text: Mapping[str, str]) -> None:
        self._refuse_unreadable(text)
        holder = self._steps(unit)[-1][0]
        assert isinstance(holder, Object)  # noqa: S101 - forms are members
        prefix = "" if unit.attributes["plural"] == NESTED["plural"] else f"{unit.key[-1]}_"
        indexes = {form: holder.position(prefix + form) for form in unit.forms}
        for form, index in indexes.items():
            if form in text:
                self.editor.replace(holder.members[index].node, text[form])
            else:
                self.editor.remove((holder, index))
        for form in in_order(text):
            if form not in indexes:
                smaller = [index for known, index in indexes.items() if _rank(known) < _rank(form)]
                place = max(smaller) if smaller else min(indexes.values()) - 1
                self.editor.add(holder, prefix + form, text[form], place)

    def _piped(self, text: Mapping[str, str], separator: str) -> str:
        forms = in_order(text)
        joined = separator.join(text[form] for form in forms)
        if piped_forms(joined, self.detail.forms) != tuple(forms):
            raise InputError(
                f"vue-i18n cannot say the forms {', '.join(forms)} with choices",
                expected="one and other, or zero, one and other, or those of the locale; no | in a text",
            )
        return joined

    def _refuse_unreadable(self, text: Mapping[str, str]) -> None:
        forms = in_order(text)
        if not is_plural(text, alone=self.detail.forms == ("other",)):
            raise InputError(
                "these forms would not read back as a plural",
                expected="other and one more",
                found=", ".join(forms),
            )

    # add

    def _add(self, edit: Add) -> None:
        if not edit.key:
            raise InputError("a unit without a key cannot be added")
        *parents, name = edit.key
        if isinstance(edit.text, str):
            self._place(parents, name, edit.text, edit.after)
            return
        style, forms = self._plural_style(edit), in_order(edit.text)
        if style == PIPED["plural"]:
            self._place(parents, name, self._piped(edit.text, " | "), edit.after)
            return
        self._refuse_unreadable(edit.text)
        if style == NESTED["plural"]:
            self._place(parents, name, {form: edit.text[form] for form in forms}, edit.after)
        else:
            for form in forms:
                self._place(parents, f"{name}_{form}", edit.text[form], edit.after)

    def _add_items(self, key: tuple[str, ...], items: Sequence[Add]) -> None:
        """Add the items of one array: the array itself, or behind the items there are."""
        texts: dict[str, str] = {}
        for edit in items:
            if len(edit.part) > 1 or not isinstance(edit.text, str) or edit.part[0] in texts:
                raise InputError(f"{'/'.join(key)} takes one text per place", expected="an array of texts")
            texts[edit.part[0]] = edit.text
        node, path = self._nearest(key)
        child = node.get(path[0]) if len(path) == 1 else None
        first = len(child.items) if isinstance(child, Array) else 0
        wanted = [str(index) for index in range(first, first + len(texts))]
        if sorted(texts) != sorted(wanted):
            raise InputError(
                f"the items of {'/'.join(key)} would not stand where they belong",
                expected=", ".join(wanted),
                found=", ".join(texts),
            )
        ordered = [texts[index] for index in wanted]
        if not isinstance(child, Array):
            self._place(key[:-1], key[-1], ordered, items[0].after)
        elif not child.items:
            self.editor.replace(child, ordered)
        else:
            self._arrays.append(self._behind(child, ordered))

    def _behind(self, array: Array, texts: Sequence[str]) -> Replacement:
        """Append items with what stands between the last two, or in front of the only one."""
        text, items = self.catalog.source.text, array.items
        gap = text[items[-2].end : items[-1].start] if len(items) > 1 else ""
        gap = gap or "," + (text[array.start + 1 : items[0].start] or " ")
        end = items[-1].end
        return Replacement(end, end, "".join(gap + self.editor.style.quote(item) for item in texts))

    def _plural_style(self, edit: Add) -> str:
        """Return how the file spells plurals: as it does elsewhere, else as the unit that is translated."""
        own = next((unit for unit in self.catalog.units if unit.plural), None)
        for unit in (own, edit.like):
            if unit and "plural" in unit.attributes:
                return unit.attributes["plural"]
        syntax = self.detail.syntax
        return (PIPED if syntax is Syntax.VUE else SUFFIXED if syntax is Syntax.I18NEXT else NESTED)["plural"]

    def _nearest(self, key: Sequence[str]) -> tuple[Object, list[str]]:
        """Return the innermost object on the way to ``key`` and the rest of the way."""
        node, path = self.detail.root, list(key)
        while len(path) > 1 and (child := node.get(path[0])) is not None:
            if not isinstance(child, Object):
                raise InputError(f"{path[0]!r} on the way to {'/'.join(key)} is no object here")
            node = child
            path.pop(0)
        return node, path

    def _place(self, parents: Sequence[str], name: str, value: Plain, behind: Unit | None) -> None:
        """Put a member where its parents are, creating those that are missing; null makes room for a text."""
        node, path = self._nearest([*parents, name])
        if len(path) == 1 and (child := node.get(name)) is not None:
            if not isinstance(child, Literal) or child.spelled != "null":
                raise InputError(f"{'/'.join([*parents, name])} is there already")
            self.editor.replace(child, value)
            return
        _, members, places = self._new.setdefault(node.start, (node, {}, {}))
        if behind and path[0] not in members:
            own = [i for v in behind.values if v.span for n, i in self._chain(v.span.start) if n is node]
            if own:
                places[path[0]] = max(own)
        for parent in path[:-1]:
            inner = members.setdefault(parent, {})
            if not isinstance(inner, dict):
                raise InputError(f"{parent!r} is to be a text and an object at once")
            members = inner
        if path[-1] in members:
            raise InputError(f"{'/'.join([*parents, name])} is to be added twice")
        members[path[-1]] = value

    def _insert(self, node: Object, members: Mapping[str, Plain], after: Mapping[str, int]) -> None:
        for name, index in after.items():
            self.editor.add(node, name, members[name], index)
        free = [name for name in members if name not in after]
        if free:
            places = Places([member.name for member in node.members], (codepoint, caseless))
            for name in places.arranged(free):
                self.editor.add(node, name, members[name], places.after(name))

    # remove

    def _remove(self, unit: Unit, *, whole: bool) -> None:
        if unit.part:
            self._remove_item(unit, whole=whole)
        elif unit.attributes.get("plural") == SUFFIXED["plural"]:
            for value in unit.values:
                self.editor.remove(*_members(self._chain(value.span.start if value.span else 0)))
        elif unit.attributes.get("plural") == NESTED["plural"]:
            self.editor.remove(*_members(self._steps(unit)[:-1]))
        else:
            self.editor.remove(*_members(self._steps(unit)))

    def _remove_item(self, unit: Unit, *, whole: bool) -> None:
        steps = self._steps(unit)
        outermost = next(place for place, (node, _) in enumerate(steps) if isinstance(node, Array))
        if whole:
            self.editor.remove(*_members(steps[:outermost]))
            return
        array, index = steps[-1]
        if not isinstance(array, Array):
            self.editor.remove(steps[-1])  # type: ignore[arg-type] # a member of an object
            return
        self._shrunk.setdefault(array.start, (steps[:-1], array, set()))[2].add(index)

    def _shrink(self, steps: Sequence[Step], array: Array, removed: set[int]) -> None:
        """Remove items from the end: elsewhere the others would change their places."""
        kept = len(array.items) - len(removed)
        if min(removed) < kept:
            raise InputError("only the last items of an array can be removed", fix="remove the whole array")
        if kept:
            self._arrays.append(Replacement(array.items[kept - 1].end, array.items[-1].end, ""))
        elif len(members := _members(steps)) == len(steps):
            self.editor.remove(*members)
        else:
            self.editor.replace(array, [])

    # where units stand

    def _chain(self, offset: int) -> list[Step]:
        """Return the containers around ``offset`` with the index of the child in each, from the outside in."""
        steps: list[Step] = []
        node: Node = self.detail.root
        while isinstance(node, Object | Array):
            if isinstance(node, Object):
                index = bisect_right(node.members, offset, key=_start) - 1
                inner = node.members[index].node
            else:
                index = bisect_right(node.items, offset, key=_start) - 1
                inner = node.items[index]
            steps.append((node, index))
            node = inner
        return steps

    def _steps(self, unit: Unit) -> list[Step]:
        span = unit.values[0].span
        return self._chain(span.start if span else unit.entry.start)


def _members(steps: Sequence[Step]) -> list[tuple[Object, int]]:
    """Return the innermost steps that are members of objects: what goes where it is left empty."""
    result: list[tuple[Object, int]] = []
    for node, index in reversed(steps):
        if not isinstance(node, Object):
            break
        result.insert(0, (node, index))
    return result


def _rank(form: str) -> int:
    return CATEGORIES.index(form)


def _start(place: Member | Node) -> int:
    return place.start
