"""Edits of a string catalog, in Xcode's layout and order as the file shows them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias, cast

from hunkworks.catalogs.jsonedit import Editor, Plain
from hunkworks.catalogs.jsontext import Array, Node, Object, String
from hunkworks.catalogs.ordering import Places, caseless, codepoint, natural
from hunkworks.catalogs.protocol import (
    Add,
    Catalog,
    CatalogEdit,
    Remove,
    Replacement,
    Set,
    SetState,
    State,
    Text,
    Unit,
)
from hunkworks.catalogs.xcstrings import NOTES, STATES, spelled
from hunkworks.errors import InputError

_WORDS = {state: word for word, state in STATES.items()}
# Xcode's collation is only nearly ours, and people add entries by hand.
_MOSTLY_SORTED = 0.8
_Tree: TypeAlias = dict[str, Any]  # of str, int, list, and trees: JSON that is to be added


class Plan:
    """The edits of one catalog on their way to replacements."""

    def __init__(self, catalog: Catalog, strings: Object) -> None:
        self.catalog = catalog
        self.strings = strings
        self.editor = Editor(catalog.source)
        self.entries: dict[tuple[str, int], int] = {}
        seen: Counter[str] = Counter()
        for index, member in enumerate(strings.members):
            self.entries[member.name, seen[member.name]] = index
            seen[member.name] += 1
        self.known = seen.keys()

    def replacements(self, edits: Sequence[CatalogEdit]) -> list[Replacement]:
        """Return the replacements for all edits together."""
        self._refuse_orphans(edits)
        tree: _Tree = {}
        anchors: dict[str, int] = {}
        for edit in edits:
            if isinstance(edit, Add):
                self._grow(tree, edit)
                if edit.after is not None:
                    anchors[edit.key[0]] = self.entries[edit.after.key[0], edit.after.nth]
            elif isinstance(edit, Remove):
                self._remove(edit)
            elif edit.unit.values[0].span is None:
                self._imply(tree, edit)
            else:
                self._change(edit)
        self._graft(self.strings, tree, anchors)
        return self.editor.replacements()

    def _refuse_orphans(self, edits: Sequence[CatalogEdit]) -> None:
        """Refuse a translation of a key that has no source text, here or among the edits."""
        source_locale = self.catalog.source_locale
        additions = [edit for edit in edits if isinstance(edit, Add)]
        begun = {edit.key for edit in additions if edit.locale == source_locale}
        sourced = {unit.key for unit in self.catalog.units if unit.locale == source_locale and not unit.part}
        for edit in additions:
            if len(edit.key) != 1 or not edit.locale:
                raise InputError(
                    "a string catalog needs a key of one name, and a locale", found=repr(edit.key)
                )
            if edit.key[0] not in self.known and edit.key not in begun:
                raise InputError(
                    f"{edit.key[0]!r} has no text in {source_locale}", fix="add that one with it"
                )
            if edit.key in sourced and edit.locale == source_locale and not edit.part:
                raise InputError(f"{edit.key[0]!r} has a source text", fix="set that one")

    def _grow(self, tree: _Tree, add: Add) -> None:
        """Put a new text into the tree of what is to be added."""
        key = add.key[0]
        entry = _branch(tree, key)
        attributes = add.like.attributes if add.like else {}
        if add.comment:
            entry["comment"] = add.comment
        if key not in self.known:
            entry["extractionState"] = attributes.get("extractionState", "manual")
            if add.text == key and not add.part and add.locale == self.catalog.source_locale:
                return
        node = _branch(entry, "localizations", add.locale, *_steps(add.part))
        if add.part[-2:-1] == ("substitutions",):
            node.update({name: _number(attributes[name]) for name in NOTES if name in attributes})
        if add.part[-2:-1] == ("stringSet",):
            node["state"] = _word(add.state)
            node.setdefault("values", []).append(add.text)
        else:
            node.update(_content(add.text, _word(add.state)))

    def _imply(self, tree: _Tree, edit: Set | SetState) -> None:
        """Write down a source text that only the key said."""
        if isinstance(edit, SetState):
            raise InputError(f"the source text of {edit.unit.key[0]!r} is its key and has no state")
        if edit.text != edit.unit.text:
            node = _branch(tree, edit.unit.key[0], "localizations", edit.unit.locale)
            node.update(_content(edit.text, _word(edit.state)))

    def _graft(self, node: Object, tree: _Tree, anchors: Mapping[str, int]) -> None:
        """Add what the tree has and the object has not."""
        if not tree:
            return
        orders = (natural, caseless, codepoint) if node is self.strings else (codepoint,)
        places = Places([member.name for member in node.members], orders, _MOSTLY_SORTED)
        for name in places.arranged(list(tree)):
            new, old = tree[name], node.get(name)
            if old is None:
                self.editor.add(
                    node, name, _sorted(new), anchors[name] if name in anchors else places.after(name)
                )
            elif isinstance(new, dict) and isinstance(old, Object):
                self._graft(old, new, {})
            elif str(new) != spelled(self.catalog.source, node, name):
                line = self.catalog.source.line(old.start)
                raise InputError(f"line {line} has another {name!r} already", expected=repr(new))

    def _chain(self, unit: Unit, *below: str) -> list[tuple[Object, int]]:
        """Return the way from the list of entries down to a unit: objects, and the index to go on at."""
        chain = [(self.strings, self.entries[unit.key[0], unit.nth])]
        for name in ("localizations", unit.locale, *_steps(unit.part), *below):
            node = cast("Object", _value(chain))
            chain.append((node, node.position(name)))
        return chain

    def _remove(self, edit: Remove) -> None:
        unit = edit.unit
        if edit.whole:
            self.editor.remove((self.strings, self.entries[unit.key[0], unit.nth]))
        elif unit.locale == self.catalog.source_locale:
            raise InputError(
                f"the source text of {unit.key[0]!r} goes only with its entry", fix="remove it whole"
            )
        elif unit.part[-2:-1] == ("stringSet",):
            raise InputError(
                f"one phrase of {unit.key[0]!r} cannot go without the others", fix="remove it whole"
            )
        elif unit.part[-2:-1] == ("substitutions",):
            self.editor.remove(*self._chain(unit)[1:])  # its argument and specifier go with the text
        else:
            self.editor.remove(*self._chain(unit, *_leaf(unit))[1:])

    def _change(self, edit: Set | SetState) -> None:
        unit, word = edit.unit, _word(edit.state)
        if isinstance(edit, SetState) and unit.state is State.OBSOLETE:
            raise InputError(f"{unit.key[0]!r} is stale: Xcode found it nowhere in the code")
        text: Text = edit.text if isinstance(edit, Set) else unit.forms or unit.text
        node, index = self._chain(unit, *_leaf(unit))[-1]
        leaf = cast("Object", node.members[index].node)
        if unit.part[-2:-1] == ("stringSet",):
            phrases = cast("Array", leaf.get("values"))
            self.editor.replace(phrases.items[int(unit.part[-1])], text)
            self._set_state(leaf, word)
        elif unit.plural == isinstance(text, str):  # from one text to forms, or back
            ((name, content),) = _content(text, word).items()
            container, old = self._chain(unit, *_leaf(unit)[:1])[-1]
            self.editor.remove((container, old))
            self.editor.add(container, name, content, old)
        elif isinstance(text, str):
            self._set_unit(leaf, text, word)
        else:
            self._set_forms(leaf, text, word)

    def _set_forms(self, plural: Object, forms: Mapping[str, str], word: str) -> None:
        names = [member.name for member in plural.members]
        places = Places(names, (codepoint,))
        for index, (name, _, variant) in enumerate(plural.members):
            if name in forms:
                self._set_unit(cast("Object", cast("Object", variant).get("stringUnit")), forms[name], word)
            else:
                self.editor.remove((plural, index))
        for name in sorted(forms.keys() - set(names)):
            self.editor.add(
                plural, name, {"stringUnit": {"state": word, "value": forms[name]}}, places.after(name)
            )

    def _set_unit(self, leaf: Object, text: str, word: str) -> None:
        self.editor.replace(cast("String", leaf.get("value")), text)
        self._set_state(leaf, word)

    def _set_state(self, leaf: Object, word: str) -> None:
        state = leaf.get("state")
        if state:
            self.editor.replace(state, word)
        else:
            self.editor.add(leaf, "state", word, -1)


def _steps(part: tuple[str, ...]) -> list[str]:
    """Return the names of the members that lead from a localization to a part of it."""
    steps: list[str] = []
    for kind, name in zip(part[::2], part[1::2], strict=True):
        steps += (
            [kind]
            if kind == "stringSet"
            else [kind, name]
            if kind == "substitutions"
            else ["variations", kind, name]
        )
    return steps


def _leaf(unit: Unit) -> tuple[str, ...]:
    if unit.values[0].span is None or unit.part[-2:-1] == ("stringSet",):
        return ()
    return ("variations", "plural") if unit.plural else ("stringUnit",)


def _value(chain: Sequence[tuple[Object, int]]) -> Node:
    node, index = chain[-1]
    return node.members[index].node


def _branch(tree: _Tree, *names: str) -> _Tree:
    for name in names:
        tree = tree.setdefault(name, {})
    return tree


def _content(text: Text, word: str) -> _Tree:
    if isinstance(text, str):
        return {"stringUnit": {"state": word, "value": text}}
    forms = {name: {"stringUnit": {"state": word, "value": text[name]}} for name in sorted(text)}
    return {"variations": {"plural": forms}}


def _number(spelled: str) -> int | str:
    return int(spelled) if spelled.isdecimal() else spelled


def _sorted(value: Any) -> Plain:
    """Return JSON with the members of every object in Xcode's order."""
    if isinstance(value, dict):
        return {name: _sorted(value[name]) for name in sorted(value)}
    return cast("Plain", value)


def _word(state: State) -> str:
    if state not in _WORDS:
        raise InputError(f"a string catalog has no state {state.value!r}", expected=", ".join(sorted(_WORDS)))
    return _WORDS[state]
