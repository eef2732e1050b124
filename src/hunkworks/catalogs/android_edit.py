"""Edits of a resource file, line by line as the neighbours are written."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cached_property, partial

from hunkworks.catalogs import android_text, lines, xmledit, xmltext
from hunkworks.catalogs.android import Detail
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
    Unit,
)
from hunkworks.catalogs.xmledit import Entry
from hunkworks.catalogs.xmltext import Element
from hunkworks.errors import InputError

# Prefixes that Android's own documents use; whoever writes one declares it.
_NAMESPACES = {
    "xliff": "urn:oasis:names:tc:xliff:document:1.2",
    "tools": "http://schemas.android.com/tools",
}


class Plan:
    """The edits of one resource file on their way to replacements."""

    def __init__(self, catalog: Catalog, detail: Detail) -> None:
        self.catalog = catalog
        self.source = catalog.source
        self.detail = detail
        self.root = detail.document.root
        self.step = self._step()
        self.style = android_text.Style.of(self.source.text)
        self.written: list[str] = []
        self.result: list[Replacement] = []

    @cached_property
    def index(self) -> dict[Hashable, int]:
        """Where in the catalog each unit stands, by its identity."""
        return {unit.identity: index for index, unit in enumerate(self.catalog.units)}

    def replacements(self, edits: Sequence[CatalogEdit]) -> list[Replacement]:
        """Return the replacements for all edits together."""
        additions: dict[tuple[str, ...], list[Add]] = {}
        removed: set[int] = set()
        for edit in edits:
            if isinstance(edit, SetState):
                raise InputError("a resource file has no states")
            if isinstance(edit, Set):
                self._set(edit)
            elif isinstance(edit, Remove):
                removed |= self._removed(edit)
            else:
                group = (
                    (*edit.key, *edit.part)
                    if not _array(edit.part)
                    else (*edit.key, *edit.part[:-1], "array")
                )
                additions.setdefault(group, []).append(edit)
        self.result += [
            xmledit.removal(self.source, self.detail.entries[index], tidy=not additions)
            for index in sorted(removed)
        ]
        if additions:
            self._add(list(additions.values()))
        self._declare()
        return self.result

    def _set(self, edit: Set) -> None:
        unit = edit.unit
        index = self.index[unit.identity]
        elements = self.detail.elements[index]
        if unit.plural == isinstance(edit.text, str):
            kind = "plurals" if unit.plural else "a string"
            raise InputError(
                f"{unit.key[0]!r} is {kind} and cannot become anything else", fix="remove it, then add it"
            )
        if isinstance(edit.text, str):
            self._write(unit, elements[0], unit.values[0].text, edit.text)
            return
        old = unit.forms
        for element, form in zip(elements, old, strict=True):
            if form in edit.text:
                self._write(unit, element, old[form], edit.text[form])
        self._set_forms(unit, edit.text)

    def _set_forms(self, unit: Unit, forms: Mapping[str, str]) -> None:
        """Add and remove items so that exactly these forms are there."""
        parent = self.detail.entries[self.detail.owners[self.index[unit.identity]]].element
        siblings = xmledit.entries(self.source, parent)
        present = [sibling.element.attributes.get("quantity", "") for sibling in siblings]
        for sibling, form in zip(siblings, present, strict=True):
            if form and form not in forms:
                self.result.append(xmledit.removal(self.source, sibling, tidy=False))
        for form in sorted(forms.keys() - set(present), key=CATEGORIES.index):
            rank = CATEGORIES.index(form)
            earlier = [at for at, name in enumerate(present) if name and CATEGORIES.index(name) < rank]
            item = _item(form, self._encode(forms[form], unit.markup, self.style))
            self._insert(parent, siblings, max(earlier, default=-1), partial(_as_it_is, item))

    def _write(self, unit: Unit, element: Element, old: str, new: str) -> None:
        if new == old:
            return
        raw = self.source.text[element.inner_start : element.inner_end]
        encoded = self._encode(new, unit.markup, self.style.like(raw))
        if element.empty_tag:
            start = len(self.source.text[: element.end - 2].rstrip())
            self.result.append(Replacement(start, element.end, f">{encoded}</{element.tag}>"))
        else:
            self.result.append(Replacement(element.inner_start, element.inner_end, encoded))

    def _removed(self, edit: Remove) -> set[int]:
        unit = edit.unit
        if edit.whole:
            return {
                owner
                for other, owner in zip(self.catalog.units, self.detail.owners, strict=True)
                if other.key == unit.key and other.nth == unit.nth
            }
        if _array(unit.part):
            raise InputError(
                f"an item of {unit.key[0]!r} cannot go without the others", fix="remove it whole"
            )
        return {self.detail.owners[self.index[unit.identity]]}

    def _add(self, groups: Sequence[Sequence[Add]]) -> None:
        places = Places([entry.element.attributes.get("name", "") for entry in self.detail.entries])
        names = places.arranged([group[0].key[0] for group in groups])
        order = {name: rank for rank, name in enumerate(names)}
        for group in sorted(groups, key=lambda group: order[group[0].key[0]]):
            anchor = group[0].after
            after = (
                places.after(group[0].key[0])
                if anchor is None
                else self.detail.owners[self.index[anchor.identity]]
            )
            self._insert(self.root, self.detail.entries, after, partial(self._render, group))

    def _insert(
        self, parent: Element, siblings: Sequence[Entry], after: int, render: Callable[[str], str]
    ) -> None:
        self.result.append(xmledit.insertion(self.source, parent, siblings, after, render, self.step))

    def _render(self, group: Sequence[Add], indent: str) -> str:
        """Return a new entry; of a string array all items come in one group."""
        first = group[0]
        if len(group) > 1 and not _array(first.part):
            raise InputError(f"{first.key[0]!r} is to be added twice")
        like = first.like
        attributes = {"name": first.key[0]}
        if first.part[:1] == ("product",):
            attributes["product"] = first.part[1]
        if like and "formatted" in like.attributes:
            attributes["formatted"] = like.attributes["formatted"]
        head = "".join(f' {name}="{xmltext.encode_attribute(value)}"' for name, value in attributes.items())
        note = (
            f"<!-- {first.comment.replace('--', '—')} -->{self.source.newline()}{indent}"
            if first.comment
            else ""
        )
        if isinstance(first.text, str) and not _array(first.part):
            return f"{note}<string{head}>{self._encoded(first, first.text)}</string>"
        if isinstance(first.text, str):
            tag = "string-array"
            items = [_item("", self._encoded(add, str(add.text))) for add in sorted(group, key=_position)]
        else:
            tag = "plurals"
            forms = sorted(first.text, key=CATEGORIES.index)
            items = [_item(form, self._encoded(first, first.text[form])) for form in forms]
        line = self.source.newline() + indent
        return f"{note}<{tag}{head}>{''.join(line + self.step + item for item in items)}{line}</{tag}>"

    def _encoded(self, add: Add, text: str) -> str:
        like = add.like
        cdata = like is not None and "CDATA" in like.attributes
        return self._encode(text, like is not None and like.markup, self.style._replace(cdata=cdata))

    def _encode(self, text: str, markup: bool, style: android_text.Style) -> str:
        encoded = android_text.encode(text, style, markup=markup)
        if markup and (error := xmltext.fragment_error(encoded, self._namespaces())):
            raise InputError("the text is no well-formed fragment of XML", found=f"{error} in {text!r}")
        self.written.append(encoded)
        return encoded

    def _namespaces(self) -> str:
        declared = {name: value for name, value in self.root.attributes.items() if name.startswith("xmlns")}
        known = {f"xmlns:{prefix}": uri for prefix, uri in _NAMESPACES.items()}
        return " ".join(
            f'{name}="{xmltext.encode_attribute(uri)}"' for name, uri in {**known, **declared}.items()
        )

    def _declare(self) -> None:
        """Declare the namespace of inline elements where the file did not need it before."""
        for prefix, uri in _NAMESPACES.items():
            used = any(f"<{prefix}:" in raw and f"xmlns:{prefix}" not in raw for raw in self.written)
            if used and f"xmlns:{prefix}" not in self.root.attributes:
                place = self.root.start + 1 + len(self.root.tag)
                self.result.append(Replacement(place, place, f' xmlns:{prefix}="{uri}"'))

    def _step(self) -> str:
        """Return one level of indentation: that of the first entry."""
        first = next(iter(self.detail.entries), None)
        return (lines.indent(self.source.text, first.element.start) if first else "") or "    "


def _array(part: tuple[str, ...]) -> bool:
    return len(part) % 2 == 1


def _as_it_is(item: str, _indent: str) -> str:
    return item


def _position(add: Add) -> int:
    return int(add.part[-1])


def _item(form: str, encoded: str) -> str:
    quantity = f' quantity="{form}"' if form else ""
    return f"<item{quantity}>{encoded}</item>"
