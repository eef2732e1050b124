"""How a YAML catalog writes new texts: quotes, indentation, dashes, read from the texts there are."""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice
from typing import TypeAlias

from hunkworks.catalogs.protocol import Catalog
from hunkworks.catalogs.yamlscalar import DOUBLE, PLAIN, SINGLE, can_be_plain, quoted
from hunkworks.catalogs.yamltext import Mapping
from hunkworks.catalogs.yamltext import Sequence as YamlSequence

Plain: TypeAlias = "str | dict[str, Plain] | list[str | None]"
_SAMPLE = 500
_ESCAPED = re.compile(r"\\u[0-9a-fA-F]{4}")


class Style:
    """The style of one file."""

    def __init__(self, catalog: Catalog, document: Mapping | None) -> None:
        self.catalog = catalog
        self.text = catalog.source.text
        self.newline = catalog.source.newline()
        self.document = document
        self.ascii_only = self.text.isascii() and _ESCAPED.search(self.text) is not None

    def scalar(self, text: str, style: str, *, flow: bool = False) -> str:
        """Return a text in a style, or in the file's quotes where that cannot hold it."""
        if style == PLAIN:
            if can_be_plain(text) and not (flow and re.search(r"[,\[\]{}]", text)):
                return text
            style = self._quotes()
        return quoted(text, style, ascii_only=self.ascii_only)

    def _quotes(self) -> str:
        """Return the quotes that the file prefers where a text needs some."""
        found = self._styles()
        return SINGLE if found[SINGLE] > found[DOUBLE] else DOUBLE

    def _styles(self) -> Counter[str]:
        counted: Counter[str] = Counter()
        for unit in islice(self.catalog.units, _SAMPLE):
            span = unit.values[0].span
            before = self.text[span.start - 1 : span.start] if span else ""
            counted[{"'": SINGLE, '"': DOUBLE}.get(before, PLAIN)] += 1
        return counted

    def entry(self, name: str, value: Plain, indent: int, style: str, *, quote_key: bool) -> str:
        """Return the lines of an entry, without the last line ending."""
        key = (
            name if can_be_plain(name) and not quote_key else quoted(name, DOUBLE, ascii_only=self.ascii_only)
        )
        lead = " " * indent + key + ":"
        if isinstance(value, str):
            return f"{lead} {self.scalar(value, style)}"
        if isinstance(value, dict):
            inner = indent + self.step()
            rendered = [self.entry(n, v, inner, style, quote_key=quote_key) for n, v in value.items()]
        else:
            dash = " " * (indent + self.dash_offset(self.document)) + "-"
            rendered = [dash if item is None else f"{dash} {self.scalar(item, style)}" for item in value]
        return self.newline.join([lead, *rendered])

    def usual(self) -> str:
        """Return the style of most texts."""
        found = self._styles().most_common(1)
        return found[0][0] if found else PLAIN

    def step(self) -> int:
        """Return by how much a mapping is deeper than the one around it."""
        nodes: list[Mapping] = [self.document] if self.document else []
        for node in nodes:
            for entry in node.entries:
                if isinstance(entry.node, Mapping):
                    if entry.node.indent > node.indent >= 0:
                        return entry.node.indent - node.indent
                    nodes.append(entry.node)
        return 2

    def dash_offset(self, node: Mapping | None) -> int:
        """Return by how much dashes are deeper than their key: 0 or as a mapping would be."""
        nodes = [node] if node else []
        for holder in nodes:
            for entry in holder.entries:
                if isinstance(entry.node, YamlSequence) and entry.node.indent >= 0:
                    return entry.node.indent - holder.indent
                if isinstance(entry.node, Mapping):
                    nodes.append(entry.node)
        return self.step()
