"""Which texts a commit made necessary to translate, from its two versions alone and without a line of hunkworks.

A file is read by somebody else's parser into leaves: name to text, one for each plural form or item. What the pack
planned is laid over them: every changed leaf must be in a planned unit, every planned unit must hold a changed leaf,
and what is planned without a model must be a text that a translation is known of.
"""

from __future__ import annotations

import json
import plistlib
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from evals.catalog_readers import read_strings

Name = tuple[str, ...]
_NO_TEXTS = ("NSStringFormatSpecTypeKey", "NSStringFormatValueTypeKey")
_UNFINISHED = ("new", "needs_review")


class Planned(NamedTuple):
    """One unit as the pack planned it; ``free`` needs no model."""

    key: Name
    part: Name
    locale: str
    forms: Name
    free: bool


class Verdict(NamedTuple):
    """Units that a model is needed for, and every disagreement in words."""

    needed: int
    wrong: list[str]


def leaves(format_name: str, data: bytes) -> dict[Name, str]:
    """Return the texts of a source file by name."""
    return {name: text for name, text in _READERS[format_name](data) if text.strip()}


def judge(
    format_name: str, old: bytes, new: bytes, planned: Iterable[Planned], *, translated: bool
) -> Verdict:
    """Compare what was planned for one locale with what the two versions say.

    Args:
        format_name: Of both.
        old: The source before.
        new: The source after.
        planned: For the one locale.
        translated: Whether the locale had a translation of every old text: then no known text needs a model.
    """
    before, after = leaves(format_name, old), leaves(format_name, new)
    known = set(before.values()) if translated else set()
    changed = {name for name, text in after.items() if before.get(name) != text}
    wrong: list[str] = []
    covered: set[Name] = set()
    needed = 0
    for unit in planned:
        mine = _covered(format_name, unit, after)
        covered |= mine
        if not mine & changed:
            wrong.append(f"planned, and nothing of it changed: {unit.key} {unit.part}")
            continue
        told = all(after[name] in known for name in mine)
        needed += not told
        if told != unit.free:
            wrong.append(
                f"{'sent, and its text is known' if told else 'not sent, and its text is new'}: {unit.key}"
            )
    wrong += [f"changed, and not planned: {name}" for name in sorted(changed - covered)]
    return Verdict(needed, wrong)


def _covered(format_name: str, unit: Planned, after: Mapping[Name, str]) -> set[Name]:
    key, part = unit.key, unit.part
    if format_name == "po":
        return {(*key, "")} & set(after)
    if format_name == "stringsdict":
        mine = (*key, *part) if part else (*key, "NSStringLocalizedFormatKey")
        return {name for name in after if name[: len(mine)] == mine}
    names = {(*key, *part)}
    names |= {(*key, *part, form) for form in unit.forms}
    names |= {(*key[:-1], f"{key[-1]}_{form}") for form in unit.forms}
    return names & set(after)


def judge_string_catalog(old: bytes, new: bytes, planned: Iterable[Planned]) -> Verdict:
    """Compare what was planned for all locales of a string catalog with what its two versions say."""
    before, after = json.loads(old), json.loads(new)
    source = after["sourceLanguage"]
    locales = {
        locale
        for entry in after["strings"].values()
        for locale in entry.get("localizations", {})
        if locale != source
    }
    wanted = {
        (key, locale)
        for key, entry in after["strings"].items()
        if _is_work(key, entry, before["strings"].get(key), source)
        for locale in locales
        if not _brought(before["strings"].get(key, {}), entry, locale)
    }
    units = list(planned)
    found = {(unit.key[0], unit.locale) for unit in units}
    known = {
        (locale, _source(key, entry, source))
        for document in (before, after)
        for key, entry in document["strings"].items()
        for locale in entry.get("localizations", {})
    }
    wrong = [f"changed, and not planned: {pair}" for pair in sorted(wanted - found)]
    wrong += [f"planned, and not needed: {pair}" for pair in sorted(found - wanted)]
    wrong += [
        f"not sent, and its text is new: {unit.key} {unit.locale}"
        for unit in units
        if unit.free
        and (unit.locale, _source(unit.key[0], after["strings"][unit.key[0]], source)) not in known
    ]
    return Verdict(sum(not unit.free for unit in units), wrong)


def _source(key: str, entry: dict[str, Any], source: str) -> str:
    said = entry.get("localizations", {}).get(source)
    return json.dumps(_values(said), sort_keys=True) if said else json.dumps([key])


def _values(node: Any) -> list[str]:
    if isinstance(node, dict):
        return [
            text for name, child in node.items() for text in ([child] if name == "value" else _values(child))
        ]
    return []


def _is_work(key: str, entry: dict[str, Any], old: dict[str, Any] | None, source: str) -> bool:
    if entry.get("extractionState") == "stale" or entry.get("shouldTranslate") is False:
        return False
    if not any(text.strip() for text in json.loads(_source(key, entry, source))):
        return False
    before = None if old is None or old.get("extractionState") == "stale" else old
    return before is None or _source(key, before, source) != _source(key, entry, source)


def _brought(old: dict[str, Any], entry: dict[str, Any], locale: str) -> bool:
    now = entry.get("localizations", {}).get(locale)
    if now is None or any(state in _UNFINISHED for state in _states(now)):
        return False
    return bool(old.get("localizations", {}).get(locale) != now)


def _states(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for name, child in node.items():
            yield from [child] if name == "state" else _states(child)


# readers


def _android(data: bytes) -> Iterator[tuple[Name, str]]:
    for element in ET.fromstring(data):
        name = element.get("name", "")
        if element.get("translatable") == "false" or element.tag not in ("string", "plurals", "string-array"):
            continue
        product = ("product", element.get("product", "")) if element.get("product") else ()
        if element.tag == "string":
            yield (name, *product), _inner(element)
        for index, item in enumerate(element.iter("item")):
            yield (name, *product, item.get("quantity", str(index))), _inner(item)


def _inner(element: ET.Element) -> str:
    inner = (element.text or "") + "".join(ET.tostring(child, encoding="unicode") for child in element)
    text = " ".join(inner.split())
    return "" if text.startswith("@") else text  # a reference to another resource


def _stringsdict(data: bytes) -> Iterator[tuple[Name, str]]:
    return (pair for pair in _flat(plistlib.loads(data), ()) if pair[0][-1] not in _NO_TEXTS)


def _arb(data: bytes) -> Iterator[tuple[Name, str]]:
    return (((key,), text) for key, text in json.loads(data).items() if not key.startswith("@"))


def _json(data: bytes) -> Iterator[tuple[Name, str]]:
    document = json.loads(data.decode("utf-8-sig"))
    if all(isinstance(entry, dict) and "message" in entry for entry in document.values()):  # Chrome's
        return (((key,), entry["message"]) for key, entry in document.items())
    return _flat(document, ())


def _yaml(data: bytes) -> Iterator[tuple[Name, str]]:
    import yaml

    document = yaml.safe_load(data)
    return ((name[1:], text) for name, text in _flat(document, ()) if not text.startswith(":"))


def _po(data: bytes) -> Iterator[tuple[Name, str]]:
    import polib

    for entry in polib.pofile(data.decode("utf-8")):
        if entry.obsolete:
            continue
        key = (entry.msgctxt, entry.msgid) if entry.msgctxt is not None else (entry.msgid,)
        spoken = entry.msgstr or entry.msgid
        if entry.msgid_plural:
            said = [text for text in entry.msgstr_plural.values() if text]
            spoken = "\0".join(said or [entry.msgid, entry.msgid_plural])
        yield (*key, ""), spoken


def _flat(node: Any, path: Name) -> Iterator[tuple[Name, str]]:
    if isinstance(node, str):
        yield path, node
    elif isinstance(node, dict):
        for name, child in node.items():
            yield from _flat(child, (*path, str(name)))
    elif isinstance(node, list):
        for index, child in enumerate(node):
            yield from _flat(child, (*path, str(index)))


_READERS = {
    "strings": read_strings,
    "stringsdict": _stringsdict,
    "strings.xml": _android,
    "json": _json,
    "arb": _arb,
    "yml": _yaml,
    "po": _po,
}
