"""YAML catalogs: Rails' and Symfony's.

Rails: the root is the locale, plural forms are an object of CLDR categories, ``%{x}`` are its placeholders.
Symfony: no root; ``+intl-icu`` in the file's name says that texts are ICU messages. Numbers, flags and null are no
texts; Ruby's symbols (``:day``) are, and are not translated.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from hunkworks.catalogs.conventions import as_bcp47, of_path
from hunkworks.catalogs.plurals import integer_forms, is_plural
from hunkworks.catalogs.protocol import (
    Catalog,
    CatalogEdit,
    Replacement,
    Source,
    Span,
    Syntax,
    Unit,
    Value,
    refusal,
)
from hunkworks.catalogs.yamlscalar import PLAIN, SYMBOL, Scalar
from hunkworks.catalogs.yamltext import Entry, Mapping, Node, scan
from hunkworks.catalogs.yamltext import Sequence as YamlSequence

_ICU = re.compile(r"\{\s*\w+\s*,\s*(?:plural|selectordinal|select)\s*,")
_COMMENT_LINE = re.compile(r"^[ \t]*#+[ \t]?([^\r\n]*)", re.MULTILINE)
_PLURAL = {"plural": "object"}
_HTML = {"html": "true"}


class Root(NamedTuple):
    """One tree of texts: the whole file, or what stands below a locale."""

    locale: str
    node: Mapping | None
    entry: Entry | None  # the locale's, where there is one


class Detail(NamedTuple):
    """What ``plan`` wants to know again."""

    roots: tuple[Root, ...]
    document: Mapping | None


def parse(path: str, data: bytes) -> Catalog:
    """Read a YAML catalog: one unit per text, or per set of plural forms; the locale's key is no part of its key.

    Raises:
        InputError: It is not YAML, or uses what ``yamltext`` refuses.
    """
    source = Source.decode(data)
    document = scan(source)
    if isinstance(document, YamlSequence) or (isinstance(document, Scalar) and document.string):
        raise refusal(source, document.start, "a catalog is a mapping of keys to texts")
    mapping = document if isinstance(document, Mapping) else None
    roots = _roots(mapping, path)
    syntax = Syntax.RUBY if roots and roots[0].entry else _symfony(path, source.text)
    several = len(roots) > 1
    units: list[Unit] = []
    for root in roots:
        reader = _Reader(source, syntax, root.locale if several else "", root.locale)
        if root.node:
            reader.mapping(root.node, ())
        units += reader.counted()
    locale = roots[0].locale if len(roots) == 1 else ""
    return Catalog(path, "yaml_catalog", source, tuple(units), locale=locale, detail=Detail(roots, mapping))


def _roots(document: Mapping | None, path: str) -> tuple[Root, ...]:
    """Return the locales that the file's first level names; the file itself where that names none.

    A name is a locale where it is the file's own (``de.yml``, ``devise.de.yml``), or where the path names none.
    """
    named = of_path(path)
    if document is None:
        return (Root(named, None, None),)
    name = path.replace("\\", "/").rpartition("/")[2]
    roots: list[Root] = []
    for entry in document.entries:
        empty = isinstance(entry.node, Scalar) and not entry.node.string
        node = entry.node if isinstance(entry.node, Mapping) else None
        tag = as_bcp47(entry.name)
        own = name.lower().startswith((f"{entry.name.lower()}.yml", f"{entry.name.lower()}.yaml"))
        locale = own or (tag and (roots or named in ("", tag)))
        if not locale or (node is None and not empty):
            return (Root(named, document, None),)
        roots.append(Root(tag or entry.name, node, entry))
    return tuple(roots)


def _symfony(path: str, text: str) -> Syntax:
    return Syntax.ICU if "+intl-icu" in path or _ICU.search(text) else Syntax.SYMFONY


class _Reader:
    """Turns one tree into units."""

    def __init__(self, source: Source, syntax: Syntax, locale: str, language: str) -> None:
        self.source = source
        self.syntax = syntax
        self.locale = locale
        self.alone = integer_forms(language) == ("other",) if language else False
        self.units: list[Unit] = []

    def mapping(self, node: Mapping, path: tuple[str, ...]) -> None:
        for entry in node.entries:
            value = entry.node
            key = (*path, entry.name)
            if isinstance(value, Scalar):
                if value.string:
                    self._text(key, (), entry.start, value, self._comment(entry))
            elif isinstance(value, Mapping):
                if is_plural_mapping(value, alone=self.alone):
                    self._forms(key, entry, value)
                else:
                    self.mapping(value, key)
            else:
                self._sequence(value, key, (), self._comment(entry))

    def _sequence(
        self, node: YamlSequence, key: tuple[str, ...], part: tuple[str, ...], comment: str
    ) -> None:
        for index, item in enumerate(node.items):
            self._item(item, key, (*part, str(index)), item.start, comment)

    def _item(
        self, item: Node, key: tuple[str, ...], part: tuple[str, ...], start: int, comment: str
    ) -> None:
        if isinstance(item, Scalar):
            if item.string:
                self._text(key, part, start, item, comment)
        elif isinstance(item, Mapping):
            for entry in item.entries:
                self._item(entry.node, key, (*part, entry.name), entry.start, self._comment(entry))
        else:
            self._sequence(item, key, part, comment)

    def _text(
        self, key: tuple[str, ...], part: tuple[str, ...], start: int, node: Scalar, comment: str
    ) -> None:
        unit = Unit(
            key,
            (Value(node.text, Span(*node.inside)),),
            Span(start, node.end),
            self.syntax,
            comment=comment,
            locale=self.locale,
            part=part,
        )
        if node.style == PLAIN and node.text[:1] == ":" and SYMBOL.match(node.text):
            unit = unit._replace(translatable=False)
        if key[-1].endswith("_html") or key[-1] == "html":
            unit = unit._replace(attributes=_HTML)  # Rails marks such texts as safe HTML
        self.units.append(unit)

    def _forms(self, key: tuple[str, ...], entry: Entry, node: Mapping) -> None:
        values = tuple(
            Value(form.node.text, Span(*form.node.inside), form.name)
            for form in node.entries
            if isinstance(form.node, Scalar)
        )
        comment = self._comment(entry)
        attributes = _PLURAL | _HTML if key[-1].endswith("_html") else _PLURAL
        span = Span(entry.start, entry.end)
        self.units.append(
            Unit(key, values, span, self.syntax, comment=comment, locale=self.locale, attributes=attributes)
        )

    def _comment(self, entry: Entry) -> str:
        if entry.above >= entry.start:
            return ""
        above = self.source.text[entry.above : entry.start]
        return "\n".join(_COMMENT_LINE.findall(above)) if "#" in above else ""

    def counted(self) -> Iterator[Unit]:
        """Yield the units, those with the same key and part numbered."""
        seen: Counter[tuple[tuple[str, ...], tuple[str, ...]]] = Counter()
        for unit in self.units:
            nth = seen[unit.key, unit.part]
            seen[unit.key, unit.part] += 1
            yield unit._replace(nth=nth) if nth else unit


def is_plural_mapping(node: Mapping, *, alone: bool) -> bool:
    """Whether a mapping's entries are the plural forms of one text."""
    texts = {e.name: e.node.text for e in node.entries if isinstance(e.node, Scalar) and e.node.string}
    return len(texts) == len(node.entries) and is_plural(texts, alone=alone)


def plan(catalog: Catalog, edits: Sequence[CatalogEdit]) -> list[Replacement]:
    """Say which characters become which, in the indentation, quotes and order of the neighbours."""
    from hunkworks.catalogs.yaml_edit import Plan  # reading, which hooks do, needs none of it

    return Plan(catalog).replacements(edits)
