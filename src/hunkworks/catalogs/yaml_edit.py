"""Edits of YAML catalogs: each text in the style it stands in, new ones in that of their neighbours."""

from __future__ import annotations

import re
from collections.abc import Mapping as Forms
from collections.abc import Sequence
from typing import TypeAlias, cast

from hunkworks.catalogs import lines
from hunkworks.catalogs.blocks import Blocks, end_with_line
from hunkworks.catalogs.ordering import Places, caseless, codepoint
from hunkworks.catalogs.plurals import in_order, integer_forms, is_plural
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
from hunkworks.catalogs.yaml_catalog import Detail, Root
from hunkworks.catalogs.yamlscalar import (
    DOUBLE,
    FOLDED,
    LITERAL,
    PLAIN,
    SINGLE,
    Scalar,
    block,
)
from hunkworks.catalogs.yamlstyle import Plain, Style
from hunkworks.catalogs.yamltext import Entry, Mapping, Node, chain, child
from hunkworks.catalogs.yamltext import Sequence as YamlSequence
from hunkworks.errors import InputError

Step: TypeAlias = "tuple[Mapping | YamlSequence, int]"
_LINE_END = re.compile(r"[^\r\n]*")


class Plan:
    """Collects the edits of one catalog."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.detail = cast("Detail", catalog.detail)
        self.text = catalog.source.text
        self.newline = catalog.source.newline()
        self.blocks = Blocks(self.text)
        self.style = Style(catalog, self.detail.document)
        self._new: dict[int, tuple[Root | Mapping, dict[str, Plain], dict[str, int]]] = {}
        self._removed: dict[int, tuple[list[Step], Mapping, set[int]]] = {}
        self._shrunk: dict[int, tuple[YamlSequence, set[int]]] = {}
        self._comments: dict[tuple[int, str], str] = {}

    def replacements(self, edits: Sequence[CatalogEdit]) -> list[Replacement]:
        """Return what is to be replaced for ``edits``."""
        items: dict[tuple[str, tuple[str, ...]], list[Add]] = {}
        for edit in edits:
            match edit:
                case Set():
                    self._set(edit)
                case Add(part=()):
                    self._add(edit)
                case Add():
                    items.setdefault((edit.locale, edit.key), []).append(edit)
                case Remove():
                    self._remove(edit.unit, whole=edit.whole)
                case SetState():
                    raise InputError("YAML catalogs have no states")
        for (_, key), adds in items.items():
            self._add_items(key, adds)
        for node, members, after in self._new.values():
            self._insert(node, members, after)
        for sequence, indexes in self._shrunk.values():
            self._shrink(sequence, indexes)
        self._delete()
        return self.blocks.result()

    # set

    def _set(self, edit: Set) -> None:
        unit, text = edit.unit, edit.text
        if not unit.translatable:
            raise InputError(f"{'/'.join(unit.key)} is a symbol of Ruby, not a text")
        if isinstance(text, str) == unit.plural:
            expected = "a text per form" if unit.plural else "one text"
            raise InputError(f"{'/'.join(unit.key)} takes {expected} in this file", expected=expected)
        steps = self._steps(unit)
        if isinstance(text, str):
            self._write(child(steps[-1]), text, steps)
            return
        self._refuse_unreadable(text, unit.locale)
        holder = cast("Mapping", steps[-1][0])
        indexes = {form: holder.position(form) for form in unit.forms}
        for form, index in indexes.items():
            if form in text:
                self._write(holder.entries[index].node, text[form], [*steps[:-1], (holder, index)])
            else:
                self._removed.setdefault(holder.start, (steps[:-1], holder, set()))[2].add(index)
        for form in in_order(text):
            if form not in indexes:
                smaller = [
                    i for known, i in indexes.items() if CATEGORIES.index(known) < CATEGORIES.index(form)
                ]
                place = max(smaller) if smaller else min(indexes.values()) - 1
                _, members, after = self._new.setdefault(holder.start, (holder, {}, {}))
                members[form], after[form] = text[form], place

    def _write(self, node: Node, text: str, steps: Sequence[Step]) -> None:
        """Write a scalar anew, in its style where that can hold the text."""
        if not isinstance(node, Scalar) or node.text == text:
            return
        flow = isinstance(steps[-1][0], YamlSequence) and steps[-1][0].indent < 0
        if node.style in (LITERAL, FOLDED):
            raw = self.text[node.start : node.end]
            first = re.search(r"(?:\r\n|\r|\n)(?:[ ]*(?:\r\n|\r|\n))*([ ]+)", raw)
            indent = first.group(1) if first else " " * (max(steps[-1][0].indent, 0) + 2)
            if new := block(text, node.style, indent, self.newline):
                self.blocks.replace(node.start, node.end, new)
                return
        style = DOUBLE if node.style in (LITERAL, FOLDED) else node.style
        tagged = self.text[: node.start].rstrip(" \t").endswith("!") and style != PLAIN
        self.blocks.replace(
            node.start, node.end, self.style.scalar(text, SINGLE if tagged else style, flow=flow)
        )

    def _refuse_unreadable(self, text: Forms[str, str], locale: str) -> None:
        forms = in_order(text)
        language = locale or self.catalog.locale
        alone = bool(language) and integer_forms(language) == ("other",)
        if not is_plural(text, alone=alone):
            raise InputError(
                "these forms would not read back as a plural",
                expected="other and one more",
                found=", ".join(forms),
            )

    # add

    def _add(self, edit: Add) -> None:
        if isinstance(edit.text, str):
            self._place(edit.key, edit.text, edit)
        else:
            self._refuse_unreadable(edit.text, edit.locale)
            self._place(edit.key, {form: edit.text[form] for form in in_order(edit.text)}, edit)

    def _add_items(self, key: tuple[str, ...], items: Sequence[Add]) -> None:
        """Add the items of one sequence: the sequence itself, or behind the items there are."""
        texts: dict[int, str] = {}
        for edit in items:
            if len(edit.part) > 1 or not edit.part[0].isdecimal() or not isinstance(edit.text, str):
                raise InputError(f"{'/'.join(key)} takes one text per place", expected="a sequence of texts")
            texts[int(edit.part[0])] = edit.text
        node, path = self._nearest(key, items[0].locale)
        index = node.position(path[0]) if isinstance(node, Mapping) and len(path) == 1 else -1
        present = node.entries[index].node if isinstance(node, Mapping) and index >= 0 else None
        first = len(present.items) if isinstance(present, YamlSequence) else 0
        ordered: list[str | None] = [texts.get(place) for place in range(first, first + len(texts))]
        if present is None and 0 not in texts:
            # Rails counts months from 1: the first place of their names is null.
            ordered = [None, *(texts.get(place) for place in range(1, 1 + len(texts)))]
        if len(texts) != len(items) or None in ordered[1:] or (ordered[0] is None and present is not None):
            raise InputError(f"the items of {'/'.join(key)} would not stand where they belong")
        if isinstance(present, YamlSequence):
            self._append(present, [text for text in ordered if text is not None])
        else:
            self._place(key, ordered, items[0])

    def _append(self, node: YamlSequence, texts: Sequence[str]) -> None:
        if node.indent < 0:
            rendered = ", ".join(self.style.scalar(text, PLAIN, flow=True) for text in texts)
            end = node.items[-1].end if node.items else node.start + 1
            self.blocks.insert(end, ", " if node.items else "", rendered)
            return
        dash = self.newline + " " * node.indent + "- "
        style = node.items[-1].style if isinstance(node.items[-1], Scalar) else PLAIN
        self.blocks.insert(
            self._line_end(node.end), "", "".join(dash + self.style.scalar(t, style) for t in texts)
        )

    def _root(self, locale: str) -> Root:
        for root in self.detail.roots:
            if len(self.detail.roots) == 1 or root.locale == locale:
                return root
        raise InputError(f"{self.catalog.path} has no locale {locale!r}")

    def _nearest(self, key: Sequence[str], locale: str) -> tuple[Root | Mapping, list[str]]:
        """Return the innermost mapping on the way to ``key`` and the rest of the way."""
        root = self._root(locale)
        path = list(key)
        node = root.node
        if node is None:
            return root, path
        while len(path) > 1 and (index := node.position(path[0])) >= 0:
            inner = node.entries[index].node
            if not isinstance(inner, Mapping):
                raise InputError(f"{path[0]!r} on the way to {'/'.join(key)} is no mapping here")
            node = inner
            path.pop(0)
        return node, path

    def _place(self, key: tuple[str, ...], value: Plain, edit: Add) -> None:
        """Put an entry where its parents are, creating those that are missing."""
        node, path = self._nearest(key, edit.locale)
        if isinstance(node, Mapping) and len(path) == 1 and (index := node.position(path[0])) >= 0:
            present = node.entries[index].node
            if (
                not isinstance(present, Scalar)
                or present.text not in ("", "~", "null")
                or not isinstance(value, str)
            ):
                raise InputError(f"{'/'.join(key)} is there already")
            lead = "" if present.end > present.start else " "
            self.blocks.replace(present.start, present.end, lead + self.style.scalar(value, DOUBLE))
            return
        start = node.start if isinstance(node, Mapping) else node.entry.colon if node.entry else 0
        _, members, after = self._new.setdefault(start, (node, {}, {}))
        if edit.after and path[0] not in members:
            places = [index for holder, index in self._steps(edit.after) if holder is node]
            if places:
                after[path[0]] = max(places)
        for parent in path[:-1]:
            inner = members.setdefault(parent, {})
            if not isinstance(inner, dict):
                raise InputError(f"{parent!r} is to be a text and a mapping at once")
            members = inner
        if path[-1] in members:
            raise InputError(f"{'/'.join(key)} is to be added twice")
        members[path[-1]] = value
        if edit.comment and not isinstance(node, Root) and members is self._new[start][1]:
            self._comments[start, path[-1]] = edit.comment

    def _insert(self, node: Root | Mapping, members: dict[str, Plain], after: Forms[str, int]) -> None:
        if isinstance(node, Root) or node.indent < 0:
            self._fill(node, members)
            return
        places = Places([entry.name for entry in node.entries], (codepoint, caseless))
        for name in [*after, *places.arranged([name for name in members if name not in after])]:
            index = after[name] if name in after else places.after(name)
            removed = self._removed.get(node.start)
            style = self._style_at(node, max(index, 0))
            quote_keys = self.text[node.entries[max(index, 0)].start] in "\"'"
            rendered = self._comment(node, name) + self.style.entry(
                name, members[name], node.indent, style, quote_key=quote_keys
            )
            first = node.entries[0]
            if index < 0 and not (removed and 0 in removed[2]) and lines.alone_before(self.text, first.start):
                self.blocks.insert(lines.line_start(self.text, first.above), "", rendered + self.newline)
            else:
                self.blocks.insert(self._line_end(node.entries[max(index, 0)].end), self.newline, rendered)

    def _comment(self, node: Mapping, name: str) -> str:
        said = self._comments.get((node.start, name), "")
        return "".join(f"{' ' * node.indent}# {line}".rstrip() + self.newline for line in said.splitlines())

    def _fill(self, node: Root | Mapping, members: dict[str, Plain]) -> None:
        """Write the first entries of a mapping that has none: ``{}``, or a key with nothing behind it."""
        outer = node.entry if isinstance(node, Root) else self._holder(node)
        indent = (
            -self.style.step() if outer is None else outer.start - lines.line_start(self.text, outer.start)
        )
        inner = indent + self.style.step()
        body = self.newline.join(
            self.style.entry(name, value, inner, self.style.usual(), quote_key=False)
            for name, value in members.items()
        )
        if outer is None:
            ended = not self.text or self.text[-1] in "\r\n"
            start, end = (
                (node.start, node.end) if isinstance(node, Mapping) else (len(self.text), len(self.text))
            )
            self.blocks.replace(
                start, end, body if isinstance(node, Mapping) else body + self.newline * ended
            )
        elif isinstance(node, Mapping):
            self.blocks.replace(outer.colon, node.end, self.newline + body)
        else:
            self.blocks.insert(self._line_end(max(outer.colon, outer.end)), self.newline, body)

    def _style_at(self, node: Mapping, index: int) -> str:
        """Return the style of the entry at ``index``, or of the file where that holds no text."""
        neighbour = node.entries[index].node
        if isinstance(neighbour, Scalar) and neighbour.string and neighbour.style in (PLAIN, SINGLE, DOUBLE):
            return neighbour.style
        return self.style.usual()

    # remove

    def _remove(self, unit: Unit, *, whole: bool) -> None:
        steps = self._steps(unit)
        if unit.plural:
            steps = steps[:-1]
        outermost = next(
            (place for place, (node, _) in enumerate(steps) if isinstance(node, YamlSequence)), None
        )
        if whole and outermost is not None:
            steps = steps[:outermost]
        holder, index = steps[-1]
        if isinstance(holder, YamlSequence):
            self._shrunk.setdefault(holder.start, (holder, set()))[1].add(index)
        else:
            self._removed.setdefault(holder.start, (steps[:-1], holder, set()))[2].add(index)

    def _shrink(self, node: YamlSequence, removed: set[int]) -> None:
        kept = len(node.items) - len(removed)
        if not kept or min(removed) < kept:
            raise InputError(
                "only the last items of a sequence can be removed", fix="remove the whole sequence"
            )
        self.blocks.delete(
            self._line_end(node.items[kept - 1].end) if node.indent >= 0 else node.items[kept - 1].end,
            node.items[-1].end,
        )

    def _delete(self) -> None:
        """Remove entries with their lines; a mapping that is left empty goes with its key."""
        for depth in range(max((len(steps) for steps, _, _ in self._removed.values()), default=-1), -1, -1):
            for steps, node, indexes in list(self._removed.values()):
                if len(steps) != depth:
                    continue
                if len(indexes) < len(node.entries) or node.start in self._new:
                    self._delete_lines(node, indexes)
                elif any(node is root.node for root in self.detail.roots) or not isinstance(
                    steps[-1][0], Mapping
                ):
                    self._empty(node)
                else:
                    holder, index = cast("tuple[Mapping, int]", steps[-1])
                    self._removed.setdefault(holder.start, (steps[:-1], holder, set()))[2].add(index)

    def _delete_lines(self, node: Mapping, indexes: set[int]) -> None:
        for index in sorted(indexes):
            entry = node.entries[index]
            if not lines.alone_before(self.text, entry.start):
                following = next(
                    (e for i, e in enumerate(node.entries) if i > index and i not in indexes), None
                )
                if following is None or node.start in self._new:
                    raise InputError(
                        f"{entry.name!r} stands on the line of a dash and cannot be taken from it"
                    )
                self.blocks.delete(entry.start, following.start)
                continue
            start, end = lines.line_start(self.text, entry.above), self._line_end(entry.end)
            if end == len(self.text) and start:
                start -= 2 if self.text[start - 2 : start] == "\r\n" else 1
            else:
                end = end_with_line(self.text, start, end, "#")
            self.blocks.delete(start, end)

    def _empty(self, node: Mapping) -> None:
        root = next((root for root in self.detail.roots if root.node is node), None)
        if root is not None and root.entry is None:
            first = node.entries[0]
            self.blocks.delete(lines.line_start(self.text, first.above), self._line_end(node.end))
            return
        holder = self._holder(node)
        start = holder.colon if holder else node.start
        self.blocks.replace(start, node.end, " {}" if holder else "{}")

    # where units stand

    def _steps(self, unit: Unit) -> list[Step]:
        span = unit.values[0].span
        return chain(self.detail.document, span.start if span else unit.entry.start)

    def _holder(self, node: Mapping) -> Entry | None:
        """Return the entry that holds a mapping; None for the document's own."""
        for holder, index in reversed(chain(self.detail.document, node.start)):
            if isinstance(holder, Mapping) and holder.entries[index].node is node:
                return holder.entries[index]
        return None

    def _line_end(self, offset: int) -> int:
        found = _LINE_END.match(self.text, offset)
        return found.end() if found else offset
