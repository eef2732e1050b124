"""JSON catalogs: flat, nested, i18next, vue-i18n, next-intl.

Every string is a unit; its key is the path of names to it, its part the indexes inside of an array. Plural forms
are, as found: an object of CLDR categories (slang, i18n-js), sibling names with a category behind an underscore
(i18next v4), or choices between pipes (vue-i18n). ICU messages stay text. Numbers, flags and null are no texts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple, cast

from hunkworks.catalogs.conventions import of_path
from hunkworks.catalogs.jsontext import Array, Member, Node, Object, String, scan
from hunkworks.catalogs.plurals import integer_forms, is_plural
from hunkworks.catalogs.protocol import (
    CATEGORIES,
    Catalog,
    CatalogEdit,
    Replacement,
    Source,
    Span,
    State,
    Syntax,
    Unit,
    Value,
    Window,
    refusal,
)

_ICU = re.compile(r"(?<!\{)\{\s*\w+\s*,\s*(?:plural|selectordinal|select)\s*,")
_I18NEXT = re.compile(r"\{\{-?\s*[\w.]+|\$t\(")
_VUE = re.compile(r"[\"\s(]@(?:\.\w+)?:\(?[\w']|\{'[^'{}]*'\}")
_CHOICES = re.compile(r'"[^"|\n]*\{(?:n|count)\}[^"|\n]* \| |" *: *"[^"\n]* \| [^"\n]*\{(?:n|count)\}')
_SUFFIXED = re.compile(rf"(.+)_({'|'.join(CATEGORIES)})", re.DOTALL)
_TIES = re.compile(rf"_(?:{'|'.join(CATEGORIES)})\"\s*+:")
_PIPE = re.compile(r"\s*\|\s*")

# How the plural forms of a unit are spelled, in ``Unit.attributes["plural"]``.
NESTED: Mapping[str, str] = {"plural": "object"}
SUFFIXED: Mapping[str, str] = {"plural": "suffix"}
ORDINAL: Mapping[str, str] = {"plural": "suffix", "ordinal": "true"}
PIPED: Mapping[str, str] = {"plural": "pipes"}


class Detail(NamedTuple):
    """What ``plan`` wants to know again."""

    root: Object
    syntax: Syntax
    forms: tuple[str, ...]  # that CLDR uses for the locale


def parse(path: str, data: bytes) -> Catalog:
    """Read a JSON catalog: one unit per string, or per set of plural forms.

    Raises:
        InputError: It is not JSON, or not an object.
    """
    source = Source.decode(data)
    root = scan(source)
    if not isinstance(root, Object):
        raise refusal(source, root.start, "a catalog is an object of texts", found="an array")
    locale = of_path(path)
    detail = Detail(root, _dialect(source.text), integer_forms(locale) if locale else ())
    units: list[Unit] = []
    _Reader(detail, units).object(root, ())
    return Catalog(path, "json_catalog", source, _counted(units), locale=locale, detail=detail)


def _dialect(text: str) -> Syntax:
    """Say how placeholders are written, by what only one of the libraries would read."""
    if _ICU.search(text):
        return Syntax.ICU
    if _I18NEXT.search(text):
        return Syntax.I18NEXT
    if _VUE.search(text) or _CHOICES.search(text):
        return Syntax.VUE
    return Syntax.BRACE


class _Reader:
    """Turns a tree into units."""

    def __init__(self, detail: Detail, units: list[Unit]) -> None:
        self.detail = detail
        self.units = units
        self.syntax = detail.syntax
        self.suffixes = detail.syntax in (Syntax.I18NEXT, Syntax.BRACE)

    def object(self, node: Object, path: tuple[str, ...], part: tuple[str, ...] = ()) -> None:
        grouped = self._groups(node) if self.suffixes and not part else {}
        for index, member in enumerate(node.members):
            name, start, value = member
            if index in grouped:
                self._suffixed(node, path, grouped[index])
            elif type(value) is String:
                self._string((*path, name) if not part else path, (*part, name) if part else (), start, value)
            elif type(value) is Object:
                if not part and is_plural_object(value, self.detail.forms):
                    self._nested((*path, name), start, value)
                elif part:
                    self.object(value, path, (*part, name))
                else:
                    self.object(value, (*path, name))
            elif type(value) is Array:
                self._array(value, path if part else (*path, name), (*part, name) if part else ())

    def _array(self, node: Array, path: tuple[str, ...], part: tuple[str, ...]) -> None:
        for index, item in enumerate(node.items):
            place = (*part, str(index))
            if isinstance(item, String):
                self._string(path, place, item.start, item)
            elif isinstance(item, Object):
                self.object(item, path, place)
            elif isinstance(item, Array):
                self._array(item, path, place)

    def _string(self, key: tuple[str, ...], part: tuple[str, ...], start: int, node: String) -> None:
        text_start, end, text = node
        span = Span(text_start + 1, end - 1)
        values: tuple[Value, ...] = (Value(text, span),)
        unit = Unit(key, values, Span(start, end), self.syntax, "", "", State.NONE, part)
        if self.syntax is Syntax.VUE and (forms := piped_forms(text, self.detail.forms)):
            choices = _PIPE.split(text)
            values = tuple(Value(choice, span, form) for choice, form in zip(choices, forms, strict=True))
            unit = unit._replace(values=values, attributes=PIPED)
        if key[0][:2] == "@@":  # slang's notes about a file
            unit = unit._replace(translatable=False)
        self.units.append(unit)

    def _nested(self, key: tuple[str, ...], start: int, node: Object) -> None:
        values = tuple(_value(member, member.name) for member in node.members)
        self.units.append(Unit(key, values, Span(start, node.end), self.detail.syntax, attributes=NESTED))

    def _suffixed(self, node: Object, path: tuple[str, ...], indexes: list[int]) -> None:
        """Add the unit of sibling members where its ``other`` stands: the one that always stays."""
        members = [node.members[index] for index in indexes]
        if not members:
            return
        base = members[0].name.rpartition("_")[0]
        values = tuple(_value(member, member.name.rpartition("_")[2]) for member in members)
        entry = Span(min(member.start for member in members), max(member.node.end for member in members))
        attributes = ORDINAL if base.endswith("_ordinal") else SUFFIXED
        self.units.append(Unit((*path, base), values, entry, self.detail.syntax, attributes=attributes))

    def _groups(self, node: Object) -> dict[int, list[int]]:
        """Return by index of each member that is a plural form: its siblings at ``other``, nothing elsewhere."""
        groups: dict[str, dict[str, int]] = {}
        repeated: set[str] = set()
        for index, (name, _, value) in enumerate(node.members):
            if type(value) is not String or "_" not in name or not (found := _SUFFIXED.fullmatch(name)):
                continue
            base, form = found.groups()
            if form in groups.setdefault(base, {}):
                repeated.add(base)
            groups[base][form] = index
        result: dict[int, list[int]] = {}
        for base, forms in groups.items():
            texts = {form: getattr(node.members[index].node, "text", "") for form, index in forms.items()}
            alone = self.detail.syntax is Syntax.I18NEXT and self.detail.forms == ("other",)
            if base not in repeated and is_plural(texts, alone=alone):
                indexes = sorted(forms.values())
                result.update({index: [] for index in indexes})
                result[forms["other"]] = indexes
        return result


def is_plural_object(node: Object, forms: tuple[str, ...]) -> bool:
    """Whether an object's members are the plural forms of one text."""
    texts = {member.name: member.node.text for member in node.members if isinstance(member.node, String)}
    return len(texts) == len(node.members) and is_plural(texts, alone=forms == ("other",))


def piped_forms(text: str, forms: tuple[str, ...]) -> tuple[str, ...]:
    """Return the categories of the choices in a vue-i18n text; () where it is no choice.

    Two choices are one and other, three zero, one and other (vue-i18n's own rule); more need a rule of the
    project, which follows the locale's categories, with or without zero in front.
    """
    count = len(_PIPE.findall(text)) + 1
    if count <= 3:
        return ((), (), ("one", "other"), ("zero", "one", "other"))[count]
    candidates = [forms, ("zero", *forms), ("zero", *forms[:-1]), forms[:-1]]
    if forms == ("one", "few", "many", "other"):
        candidates.insert(0, ("zero", "one", "few", "many"))  # the Slavic rule of vue-i18n's manual
    return next((found for found in candidates if len(found) == count and found.count("zero") < 2), ())


def _value(member: Member, form: str) -> Value:
    node = member.node
    return Value(node.text if isinstance(node, String) else "", Span(node.start + 1, node.end - 1), form)


def _counted(units: list[Unit]) -> tuple[Unit, ...]:
    """Number the units that have the same key and part."""
    names = [(unit.key, unit.part) for unit in units]
    if len(set(names)) == len(names):
        return tuple(units)
    seen: dict[tuple[tuple[str, ...], tuple[str, ...]], int] = {}
    for place, (unit, name) in enumerate(zip(units, names, strict=True)):
        if (nth := seen.get(name, 0)) > 0:
            units[place] = unit._replace(nth=nth)
        seen[name] = nth + 1
    return tuple(units)


def window(catalog: Catalog, start: int, end: int) -> Window | None:
    """Return the members around some characters; plural forms by suffix may stand anywhere in an object."""
    from hunkworks.catalogs import windows  # reading, which hooks do, needs none of it

    detail = cast("Detail", catalog.detail)

    def deeper(member: Member) -> bool:
        return isinstance(member.node, Object) and not is_plural_object(member.node, detail.forms)

    found = windows.in_object(catalog.source, detail.root, start, end, deeper)
    return found and found._replace(ties=_TIES)


def plan(catalog: Catalog, edits: Sequence[CatalogEdit]) -> list[Replacement]:
    """Say which characters become which, in the layout and order of the neighbours."""
    from hunkworks.catalogs.json_catalog_edit import Plan  # reading, which hooks do, needs none of it

    return Plan(catalog).replacements(edits)


__all__ = ["Detail", "Node", "parse", "plan"]
