"""Edits of a property list of strings, line by line as the neighbours are written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property, partial
from typing import Any, TypeAlias, cast

from hunkworks.catalogs import lines, xmledit, xmltext
from hunkworks.catalogs.ordering import Places
from hunkworks.catalogs.protocol import (
    CATEGORIES,
    Add,
    Catalog,
    CatalogEdit,
    Remove,
    Replacement,
    Set,
    SetState,
)
from hunkworks.catalogs.stringsdict import BY_NAME, FORMAT, PLURAL, RULE, TYPE, Detail
from hunkworks.catalogs.xmledit import Entry
from hunkworks.catalogs.xmltext import Element
from hunkworks.errors import InputError

_Tree: TypeAlias = dict[str, Any]  # of str and trees


class Plan:
    """The edits of one property list on their way to replacements."""

    def __init__(self, catalog: Catalog, detail: Detail) -> None:
        self.catalog = catalog
        self.source = catalog.source
        self.detail = detail
        self.index = {unit.identity: index for index, unit in enumerate(catalog.units)}
        self.result: list[Replacement] = []

    @cached_property
    def names(self) -> list[str]:
        """The keys, in the order of the file."""
        return [self._key(entry) for entry in self.detail.entries]

    @cached_property
    def last(self) -> dict[str, int]:
        """The last place of each key."""
        return {name: at for at, name in enumerate(self.names)}

    @cached_property
    def shares(self) -> Counter[int]:
        """How many units each key has, by its place."""
        return Counter(self.detail.owners)

    @cached_property
    def step(self) -> str:
        """One level of indentation: that of the first key."""
        outer = lines.indent(self.source.text, self.detail.root.start)
        keys = self.detail.entries[:1]
        first = lines.indent(self.source.text, keys[0].element.start) if keys else ""
        return first.removeprefix(outer) or "\t"

    def replacements(self, edits: Sequence[CatalogEdit]) -> list[Replacement]:
        """Return the replacements for all edits together."""
        additions = [edit for edit in edits if isinstance(edit, Add)]
        removed: set[int] = set()
        for edit in edits:
            if isinstance(edit, SetState):
                raise InputError("a property list of strings has no states")
            if isinstance(edit, Set):
                self._set(edit)
            elif isinstance(edit, Remove):
                self._remove(edit, removed)
        for index in sorted(removed):
            entry = self.detail.entries[index]
            self.result.append(xmledit.removal(self.source, entry, tidy=not additions))
        if additions:
            self._add(additions)
        return self.result

    def _set(self, edit: Set) -> None:
        unit = edit.unit
        index = self.index[unit.identity]
        if unit.plural == isinstance(edit.text, str):
            raise InputError(
                f"{'/'.join(unit.key)!r} cannot change between one text and forms",
                fix="remove it, then add it",
            )
        texts: Mapping[str, str] = {"": edit.text} if isinstance(edit.text, str) else edit.text
        for value, element in zip(unit.values, self.detail.elements[index], strict=True):
            if value.form in texts and texts[value.form] != value.text:
                self._write(element, texts[value.form])
        if unit.plural:
            self._set_forms(self.detail.parents[index], texts)

    def _set_forms(self, parent: Element, forms: Mapping[str, str]) -> None:
        """Add and remove pairs so that exactly these forms are there."""
        siblings = xmledit.pairs(self.source, parent)
        present = [self._key(sibling) for sibling in siblings]
        for sibling, name in zip(siblings, present, strict=True):
            if name in CATEGORIES and name not in forms:
                self.result.append(xmledit.removal(self.source, sibling, tidy=False))
        for form in sorted(forms.keys() - set(present), key=CATEGORIES.index):
            # Rule and value type come first, whatever order they have among themselves.
            rank = CATEGORIES.index(form)
            earlier = [
                at
                for at, name in enumerate(present)
                if name not in CATEGORIES or CATEGORIES.index(name) < rank
            ]
            self._insert(parent, siblings, max(earlier, default=-1), form, forms[form])

    def _write(self, element: Element, text: str) -> None:
        encoded = _encode(text)
        if element.empty_tag:
            start = len(self.source.text[: element.end - 2].rstrip())
            self.result.append(Replacement(start, element.end, f">{encoded}</{element.tag}>"))
        else:
            self.result.append(Replacement(element.inner_start, element.inner_end, encoded))

    def _remove(self, edit: Remove, removed: set[int]) -> None:
        unit = edit.unit
        owner = self.detail.owners[self.index[unit.identity]]
        if edit.whole or self.shares[owner] == 1:
            removed.add(owner)
            return
        if unit.part[-2:-1] and unit.part[-2] in BY_NAME:
            index = self.index[unit.identity]
            for pair in xmledit.pairs(self.source, self.detail.parents[index]):
                if pair.value is self.detail.elements[index][0]:
                    self.result.append(xmledit.removal(self.source, pair, tidy=False))
                    return
        raise InputError(f"{unit.key[0]!r} needs its format and every variable of it", fix="remove it whole")

    def _add(self, additions: Sequence[Add]) -> None:
        tree: _Tree = {}
        anchors: dict[str, int] = {}
        for add in sorted(additions, key=lambda add: isinstance(add.text, str) and bool(add.part)):
            self._grow(tree, add)
            if add.after is not None:
                anchors[add.key[0]] = self.detail.owners[self.index[add.after.identity]]
        places = Places(self.names)
        for key in places.arranged(list(tree)):
            if key in self.last:
                self._graft(cast("Element", self.detail.entries[self.last[key]].value), tree[key])
                continue
            if not self.detail.flat and not {FORMAT, *BY_NAME} & tree[key].keys():
                raise InputError(
                    f"{key!r} has no format",
                    fix="add the unit with an empty part together with its variables",
                )
            after = anchors[key] if key in anchors else places.after(key)
            self._insert(self.detail.root, self.detail.entries, after, key, tree[key])

    def _grow(self, tree: _Tree, add: Add) -> None:
        """Put a new text into the tree of what is to be added."""
        if self.detail.flat:
            if not isinstance(add.text, str) or add.key[0] in self.last:
                raise InputError(f"{add.key[0]!r} is there already, or has plural forms")
            tree[add.key[0]] = add.text
            return
        node = tree.setdefault(add.key[0], {})
        if not isinstance(add.text, str):
            for step in add.part:
                node = node.setdefault(step, {})
            kind = add.like.attributes.get(TYPE, "d") if add.like else "d"
            node.update({RULE: PLURAL, TYPE: kind})
            node.update({form: add.text[form] for form in sorted(add.text, key=CATEGORIES.index)})
            return
        *steps, last = add.part or (FORMAT,)
        for step in steps:
            node = node.setdefault(step, {})
        if last in node:
            node, last = node[last], FORMAT
        inside = {**node}
        node.clear()
        node.update({last: add.text, **inside} if last == FORMAT else {**inside, last: add.text})

    def _graft(self, parent: Element, tree: _Tree) -> None:
        """Add what the tree has and the dictionary has not."""
        siblings = xmledit.pairs(self.source, parent)
        present = {self._key(sibling): sibling for sibling in siblings}
        for name, value in tree.items():
            if name not in present:
                self._insert(parent, siblings, len(siblings) - 1, name, value)
                continue
            old = cast("Element", present[name].value)
            if not isinstance(value, dict) or old.tag != "dict":
                raise InputError(
                    f"line {self.source.line(old.start)} has {name!r} already", fix="set it instead"
                )
            self._graft(old, value)

    def _insert(
        self, parent: Element, siblings: Sequence[Entry], after: int, name: str, value: str | _Tree
    ) -> None:
        render = partial(self._pair, name, value, self._gap(siblings))
        self.result.append(xmledit.insertion(self.source, parent, siblings, after, render, self.step))

    def _pair(self, name: str, value: str | _Tree, gap: str, indent: str) -> str:
        line = self.source.newline() + indent
        between = line if "\n" in gap or "\r" in gap else gap
        key = f"<key>{_encode(name)}</key>"
        if isinstance(value, str):
            return f"{key}{between}<string>{_encode(value)}</string>"
        inner = indent + self.step
        pairs = "".join(
            self.source.newline() + inner + self._pair(child, text, gap, inner)
            for child, text in value.items()
        )
        return f"{key}{between}<dict>{pairs}{line}</dict>"

    def _gap(self, siblings: Sequence[Entry]) -> str:
        """Return what stands between a key and its value, here or at the top; a line break where nothing tells."""
        for pair in (*siblings[:1], *self.detail.entries[:1]):
            if pair.value:
                return self.source.text[pair.element.end : pair.value.start]
        return "\n"

    def _key(self, entry: Entry) -> str:
        return xmltext.decode(self.source.text[entry.element.inner_start : entry.element.inner_end])


def _encode(text: str) -> str:
    return xmltext.encode(text).replace(">", "&gt;")
